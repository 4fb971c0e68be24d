// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/predict_task.h"

#include "core/engine/eval/metrics.h"
#include "core/engine/json/strict_json.h"
#include "core/formats/row_file.h"
#include "core/formats/row_shapes.h"
#include "core/tasks/answer_file.h"

#include <algorithm>

using base::Result;

namespace core {

namespace {

PredictInput shapeInput(const Record &record, const RowRoles &roles)
{
    auto shaped = shapeRow(record, roles);
    return shaped ? PredictInput{record.row, std::move(shaped->text), {}}
                  : PredictInput{record.row, {}, shaped.error()};
}

}  // namespace

Result<int64_t> predict(const ClassifierSession &session, const PredictSource &source, const PredictSink &sink,
                        const PredictOptions &options, const base::WorkContext &context)
{
    int64_t done = 0;
    for (bool more = true; more;) {
        std::vector<PredictInput> inputs;
        std::vector<std::string> texts;
        while (inputs.size() < options.chunkRows) {
            auto input = source();
            if (!input) {
                more = false;
                break;
            }
            if (input->problem.empty())
                texts.push_back(input->text);
            inputs.push_back(std::move(*input));
        }
        auto logits = session.logits(texts, {context.stop});
        if (!logits)
            return base::failure(logits);
        const auto task = session.task();
        const auto probabilities = engine::probabilitiesOf(*logits, task);
        const auto &values = options.logits ? *logits : probabilities;
        size_t next = 0;
        for (const PredictInput &input : inputs) {
            nlohmann::ordered_json line{{"row", input.row}};
            if (!input.problem.empty()) {
                line["error"] = input.problem;
            } else {
                auto names = nlohmann::ordered_json::array();
                const auto answer = engine::answerOf(probabilities.row(next), session.rule());
                for (const int c : answer)
                    names.push_back(session.labels()[static_cast<size_t>(c)]);
                if (task == engine::TaskType::MultiLabel)
                    line["labels"] = std::move(names);
                else
                    line["label"] = std::move(names.front());
                if (session.askRule())
                    line["ask"] = session.askRule()->asks(
                        {{}, answer, engine::confidenceOf(probabilities.row(next), session.rule())});
                auto &scores = line[options.logits ? "logits" : "probs"] = nlohmann::ordered_json::object();
                for (size_t j = 0; j < values.columns; ++j)
                    scores[session.labels()[j]] = values.row(next)[j];
                ++next;
            }
            if (auto written = sink(line.dump()); !written)
                return base::failure(written);
        }
        done += static_cast<int64_t>(inputs.size());
        context.report({done, 0, "Classifying"});
    }
    return done;
}

Result<FileAnswers> predictFile(const std::filesystem::path &classifier, const std::filesystem::path &source,
                                const std::filesystem::path &target, const PredictOptions &options, int threads,
                                const base::WorkContext &context)
{
    auto inputs = readPredictFile(source);
    if (!inputs)
        return base::failure(inputs);
    auto session = ClassifierSession::open(classifier, threads);
    if (!session)
        return base::failure(session);
    std::string how = options.logits ? "logits" : "probs";
    if (const auto &rule = session->askRule()) {
        how += " ask " + std::to_string(rule->threshold);
        for (const float limit : rule->perClass)
            how += " " + std::to_string(limit);
    }
    AnswerFile output(target, classifier, source, how);
    auto before = output.open();
    if (!before)
        return base::failure(before);
    size_t next = std::min(static_cast<size_t>(*before), inputs->size());
    base::WorkContext inner{context.stop};
    inner.report = [&](const base::Progress &p) {
        context.report({*before + p.done, static_cast<int64_t>(inputs->size()), p.phase});
    };
    auto done = predict(
        *session,
        [&]() -> std::optional<PredictInput> {
            return next < inputs->size() ? std::optional(std::move((*inputs)[next++])) : std::nullopt;
        },
        [&](const std::string &line) { return output.write(line); }, options, inner);
    if (!done)
        return base::failure(done);
    if (auto finished = output.finish(); !finished)
        return base::failure(finished);
    return FileAnswers{*before + *done, *before};
}

Result<std::vector<PredictInput>> readPredictFile(const std::filesystem::path &path)
{
    auto file = readRowFile(path);
    if (!file)
        return base::failure(file);
    std::vector<PredictInput> inputs;
    const auto roles = rolesOf(*file, {.wantsLabel = false});
    if (!roles)
        return base::failure(base::ErrorCode::InvalidInput, roles.error(), path.string());
    for (const Record &record : file->records)
        inputs.push_back(shapeInput(record, *roles));
    for (const Rejection &rejection : file->rejections)
        inputs.push_back({rejection.row, {}, rejection.reason});
    std::stable_sort(inputs.begin(), inputs.end(), [](const auto &a, const auto &b) { return a.row < b.row; });
    return inputs;
}

PredictInput parsePredictLine(const std::string &line, int64_t row)
{
    auto value = engine::parseOrderedJson(line);
    if (!value)
        return {row, {}, value.error().message};
    if (value->is_string())
        return {row, value->get<std::string>(), {}};
    if (!value->is_object())
        return {row, {}, "it is neither a text nor an object with a text"};
    RecordFile one;
    one.records.push_back({row, std::move(*value)});
    const auto roles = rolesOf(one, {.wantsLabel = false});
    return roles ? shapeInput(one.records.front(), *roles) : PredictInput{row, {}, roles.error()};
}

}  // namespace core
