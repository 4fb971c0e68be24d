// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/exam_task.h"

#include "core/results/report_json.h"
#include "core/store/run_store.h"
#include "core/teacher/prompt_versions.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>

using base::failure;
using base::Result;

namespace core {

namespace {

/// Rows a step: between steps it can be stopped.
constexpr size_t StepRows = 256;

double secondsSince(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

base::Failure noRows()
{
    return failure(base::ErrorCode::InvalidInput,
                   "There are no exam rows with a label, so nobody can be examined. Keep a part of Train for the exam, "
                   "or import labelled rows as exam rows.",
                   "test");
}

/// Scores the answers to `rows` and keeps them.
Result<Exam> keep(const Service &service, RunInfo info, Exam exam, const LabelledRows &rows,
                  const engine::AnswerRule &rule, const RunStore::Predictions &answers)
{
    exam.report = engine::classificationReport(answers.probabilities, rows.labels, rows.combinations, rule.thresholds);
    info.labels = exam.labels;
    info.config.task = rule.task;
    info.seconds = exam.seconds;
    info.rowsPerSecond = static_cast<double>(rows.ids.size()) / std::max(exam.seconds, 1e-6);
    std::vector<RunRow> snapshot;
    for (size_t i = 0; i < rows.ids.size(); ++i)
        snapshot.push_back({rows.ids[i], "test", rows.hashes[i]});
    auto name =
        RunStore(service.database()).addExam(info, reportJson(exam.report, exam.labels).dump(), answers, snapshot);
    if (!name)
        return failure(name);
    exam.name = std::move(*name);
    return exam;
}

}  // namespace

Result<Exam> examine(const Service &service, EmbeddingTeacher::Learns learns, std::shared_ptr<FeatureReader> reader,
                     const base::WorkContext &context)
{
    const auto start = std::chrono::steady_clock::now();
    auto teacher = TRY(EmbeddingTeacher::open(service, std::move(reader), learns, context));
    auto rows = TRY(readLabelled(service, Split::Test, teacher.labels()));
    if (rows.ids.empty())
        return noRows();
    RunStore::Predictions answers{rows.ids, engine::Matrix(rows.ids.size(), teacher.labels().size())};
    for (size_t first = 0; first < rows.texts.size(); first += StepRows) {
        if (context.stopRequested())
            return base::cancelled();
        const auto begin = rows.texts.begin() + static_cast<ptrdiff_t>(first);
        const auto count = std::min(StepRows, rows.texts.size() - first);
        auto part = TRY(teacher.probabilities({begin, begin + static_cast<ptrdiff_t>(count)}, context));
        std::copy(part.values.begin(), part.values.end(), answers.probabilities.row(first).begin());
        context.report({static_cast<int64_t>(first + count), static_cast<int64_t>(rows.ids.size()), "Examining"});
    }
    Exam exam;
    exam.labels = teacher.labels();
    exam.learnedRows = teacher.rows();
    exam.seconds = secondsSince(start);
    RunInfo info;
    info.id = learns == EmbeddingTeacher::Learns::Descriptions ? UntrainedTeacher : BuiltInTeacher;
    info.examined = info.id;
    info.base = DefaultWeights;
    info.facts = nlohmann::json{{"train_rows", exam.learnedRows}}.dump();
    return keep(service, std::move(info), std::move(exam), rows, teacher.rule(), answers);
}

Result<Exam> examine(const Service &service, const ChatEndpoint &endpoint, const TeacherJob &job,
                     const base::WorkContext &context, const AskingListener &state)
{
    const auto start = std::chrono::steady_clock::now();
    if (!isRunName(job.name))
        return failure(base::ErrorCode::InvalidInput,
                       "An exam is called with letters, digits, dots, dashes and underscores, 64 at most.", job.name);
    auto asker = TRY(ChatAsker::open(service, endpoint, job.ways, context));
    const LabelPrompt &prompt = asker.prompt();
    auto rows = TRY(readLabelled(service, Split::Test, prompt.labels()));
    if (rows.ids.empty())
        return noRows();
    if (job.mostRows > 0)
        rows = evenlySpread(std::move(rows), job.mostRows);
    Exam exam;
    exam.learnedRows = static_cast<int64_t>(prompt.examples().size());
    auto asked = TRY(asker.ask(rows.texts, job.calls, context, state));
    exam.counts = asked.counts;
    exam.calls = asked.calls;
    if (!asked.note.empty())
        exam.calls.notes.push_back(asked.note);
    if (asked.calls.end == CallSummary::End::Stopped)
        return base::cancelled();
    if (asked.calls.end == CallSummary::End::CostReached)
        return failure(
            base::ErrorCode::Blocked,
            "The exam stopped before it cost more than it may. Its answers are kept: with a higher limit only "
            "the others are bought.",
            job.name);
    if (asked.calls.end == CallSummary::End::Paused)
        return failure(base::ErrorCode::Blocked, asked.calls.whyPaused, job.name);
    exam.labels = prompt.labels();
    const bool hasGaps = asked.counts.unanswered() > 0 && !prompt.isSeveral();
    if (hasGaps)
        exam.labels.emplace_back(NoAnswer);
    RunStore::Predictions answers{rows.ids, engine::Matrix(rows.ids.size(), exam.labels.size())};
    for (size_t i = 0; i < rows.ids.size(); ++i) {
        const TeacherVerdict &verdict = asked.verdicts[i];
        const auto row = answers.probabilities.row(i);
        if (prompt.isSeveral()) {
            for (const int label : verdict.labels)
                row[static_cast<size_t>(label)] = 1;
        } else if (verdict.state == ParsedAnswer::State::Labelled) {
            // What is not the answer's is spread over the others; the answer stays the most probable one.
            const auto others = static_cast<double>(exam.labels.size() - 1);
            const double confidence = std::clamp(verdict.confidence, 1 / (others + 1) + 1e-3, MostSureOfWords);
            std::fill(row.begin(), row.end(), static_cast<float>((1 - confidence) / others));
            row[static_cast<size_t>(verdict.labels.front())] = static_cast<float>(confidence);
        } else {
            row.back() = 1;
        }
    }
    exam.seconds = secondsSince(start);
    RunInfo info;
    info.id = job.name;
    info.examined = job.kind;
    info.base = endpoint.model;
    info.facts = nlohmann::json{{"shots", exam.learnedRows},
                                {"rows_per_question", job.ways.rowsPerQuestion},
                                {"labelled", exam.counts.labelled},
                                {"unsure", exam.counts.unsure},
                                {"unreadable", exam.counts.unreadable},
                                {"not_a_class", exam.counts.notAClass},
                                {"refused_by_service", exam.counts.refused},
                                {"unfinished_thinking", exam.counts.unfinished},
                                {"cost", exam.calls.cost},
                                {"input_tokens", exam.calls.usage.input},
                                {"output_tokens", exam.calls.usage.output},
                                {"cached_tokens", exam.calls.usage.cached},
                                {"reasoning_tokens", exam.calls.usage.reasoning},
                                {"estimated", exam.calls.usage.isEstimate}}
                     .dump();
    const engine::AnswerRule rule{prompt.isSeveral() ? engine::TaskType::MultiLabel : engine::TaskType::SingleLabel};
    return keep(service, std::move(info), std::move(exam), rows, rule, answers);
}

Result<void> examineVersions(const Service &service, const ChatSource &source, const TeacherJob &job,
                             const std::vector<std::string> &versions, const base::WorkContext &context,
                             const AskingListener &state, const std::function<void(const Exam &)> &done)
{
    std::vector<std::string> texts;
    for (const std::string &version : versions) {
        auto text = TRY(promptNamed(service, version));
        texts.push_back(std::move(text));
    }
    const auto &endpoint = source.endpoint();
    double cost = 0;
    for (size_t i = 0; i < std::max<size_t>(texts.size(), 1); ++i) {
        TeacherJob one = job;
        const std::string version = texts.size() > 1 ? versions[i] : "";
        one.name = job.name.empty() ? examName(endpoint.model, version, job.ways.rowsPerQuestion)
                                    : examName(job.name, version);
        if (!texts.empty())
            one.ways.prompt = texts[i];
        one.calls = job.calls.after(cost);
        const auto exam = TRY(examine(service, endpoint, one, context, state));
        cost += exam.calls.cost;
        done(exam);
    }
    return {};
}

Result<void> mayAskInGroups(const Service &service, const std::string &model, size_t rows)
{
    if (rows <= 1)
        return {};
    const RunStore store(service.database());
    auto exams = TRY(store.exams());
    std::map<size_t, engine::ClassificationReport> newest;  // by rows a question
    for (const RunInfo &exam : exams) {
        const auto facts = nlohmann::json::parse(exam.facts, nullptr, false);
        if (exam.base != model || !facts.is_object() || !facts.contains("shots"))
            continue;
        auto checkpoints = TRY(store.checkpoints(exam.id));
        const auto report = checkpoints.empty() ? std::nullopt : parseReport(checkpoints.front().test);
        if (report)
            newest[facts.value("rows_per_question", size_t{1})] = report->report;
    }
    const std::string many = std::to_string(rows) + " rows a question";
    if (!newest.contains(1) || !newest.contains(rows) || newest[1].rows != newest[rows].rows)
        return failure(
            base::ErrorCode::Blocked,
            "Nobody knows what " + many +
                " cost this teacher in right answers. Examine it twice on the same rows: so, and one by one.",
            model);
    if (newest[rows].correct < newest[1].correct)
        return failure(base::ErrorCode::Blocked,
                       "With " + many + " this teacher is right on " + std::to_string(newest[rows].correct) +
                           " exam rows, one by one on " + std::to_string(newest[1].correct) + ". Ask one by one.",
                       model);
    return {};
}

}  // namespace core
