// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/exam_task.h"

#include "core/results/report_json.h"
#include "core/store/run_store.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

using base::failure;
using base::Result;

namespace core {

namespace {

/// Rows a step: between steps it can be stopped.
constexpr size_t StepRows = 256;

}  // namespace

Result<Exam> examine(const Service &service, EmbeddingTeacher::Learns learns, std::shared_ptr<FeatureReader> reader,
                     const base::WorkContext &context)
{
    const auto start = std::chrono::steady_clock::now();
    auto teacher = EmbeddingTeacher::open(service, std::move(reader), learns, context);
    if (!teacher)
        return failure(teacher);
    auto rows = readLabelled(service, Split::Test, teacher->labels());
    if (!rows)
        return failure(rows);
    if (rows->ids.empty())
        return failure(base::ErrorCode::InvalidInput,
                       "There are no test rows with a label, so nobody can be examined. Import some.", "test");
    RunStore::Predictions answers{rows->ids, engine::Matrix(rows->ids.size(), teacher->labels().size())};
    for (size_t first = 0; first < rows->texts.size(); first += StepRows) {
        if (context.stopRequested())
            return base::cancelled();
        const auto begin = rows->texts.begin() + static_cast<ptrdiff_t>(first);
        const auto count = std::min(StepRows, rows->texts.size() - first);
        auto part = teacher->probabilities({begin, begin + static_cast<ptrdiff_t>(count)}, context);
        if (!part)
            return failure(part);
        std::copy(part->values.begin(), part->values.end(), answers.probabilities.row(first).begin());
        context.report({static_cast<int64_t>(first + count), static_cast<int64_t>(rows->ids.size()), "Examining"});
    }
    Exam exam;
    exam.labels = teacher->labels();
    exam.learnedRows = teacher->rows();
    exam.report = engine::classificationReport(answers.probabilities, rows->labels, rows->combinations,
                                               teacher->rule().thresholds);
    exam.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    RunInfo info;
    info.id = learns == EmbeddingTeacher::Learns::Descriptions ? UntrainedTeacher : BuiltInTeacher;
    info.examined = info.id;
    info.base = DefaultWeights;
    info.labels = exam.labels;
    info.config.task = teacher->rule().task;
    info.seconds = exam.seconds;
    info.rowsPerSecond = static_cast<double>(rows->ids.size()) / std::max(exam.seconds, 1e-6);
    info.facts = nlohmann::json{{"train_rows", exam.learnedRows}}.dump();
    std::vector<RunRow> snapshot;
    for (size_t i = 0; i < rows->ids.size(); ++i)
        snapshot.push_back({rows->ids[i], "test", rows->hashes[i]});
    auto name =
        RunStore(service.database()).addExam(info, reportJson(exam.report, exam.labels).dump(), answers, snapshot);
    if (!name)
        return failure(name);
    exam.name = std::move(*name);
    return exam;
}

}  // namespace core
