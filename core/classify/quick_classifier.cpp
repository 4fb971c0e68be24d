// SPDX-License-Identifier: Apache-2.0
#include "core/classify/quick_classifier.h"

#include "core/base/random.h"
#include "core/engine/dot.h"
#include "core/engine/eval/calibration.h"
#include "core/engine/eval/metrics.h"
#include "core/engine/nets_loader.h"
#include "core/rows/tokenized_rows.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>

using base::failure;
using base::Result;

namespace core {

namespace {

/// Fewer texts than this tell little of how fast they are read.
constexpr size_t FewestForSpeed = 8;
constexpr size_t MostRows = 2000;
constexpr int MaxTokens = 256;
/// Features kept: 384 floats each, so about 30 MB.
constexpr size_t MostKnown = 20'000;

double secondsSince(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

Result<std::shared_ptr<FeatureReader>> FeatureReader::open(int threads, const std::string &weights)
{
    auto folder = TRY(findWeights(weights));
    auto nets = TRY(engine::openNets());
    auto embedder = TRY(nets->loadEmbedder(folder, threads));
    auto input = TRY(TextInput::open(folder, embedder->info()));
    auto reader = std::make_shared<FeatureReader>();
    reader->m_embedder = std::move(embedder);
    reader->m_input = std::move(input);
    reader->m_input.maxLength = std::min(reader->m_input.maxLength, MaxTokens);
    reader->m_input.windows = {};  // the beginning is enough for suggestions
    return reader;
}

Result<engine::Matrix> FeatureReader::read(const std::vector<std::string> &texts, const base::WorkContext &context)
{
    const auto start = std::chrono::steady_clock::now();
    std::vector<uint64_t> keys;
    std::vector<engine::TokenIds> fresh;
    std::vector<uint64_t> freshKeys;
    std::set<uint64_t> seen;  // a text that comes twice is read once
    if (m_known.size() > MostKnown)
        m_known.clear();
    for (const std::string &text : texts) {
        keys.push_back(base::contentHash(text.data(), text.size()));
        if (m_known.contains(keys.back()) || !seen.insert(keys.back()).second)
            continue;
        freshKeys.push_back(keys.back());
        fresh.push_back(m_input.read(text));
    }
    if (!fresh.empty()) {
        auto features = TRY(m_embedder->features(fresh, context));
        for (size_t i = 0; i < fresh.size(); ++i) {
            const auto row = features.row(i);
            m_known[freshKeys[i]] = {row.begin(), row.end()};
        }
        if (fresh.size() >= FewestForSpeed)
            m_rowsPerSecond = static_cast<double>(fresh.size()) / std::max(secondsSince(start), 1e-6);
    }
    engine::Matrix result(texts.size(), static_cast<size_t>(m_embedder->info().encoder.hiddenSize));
    for (size_t i = 0; i < texts.size(); ++i)
        std::copy_n(m_known.at(keys[i]).begin(), result.columns, result.row(i).begin());
    return result;
}

Result<engine::Matrix> QuickClassifier::probabilities(const std::vector<std::string> &texts,
                                                      const base::WorkContext &context) const
{
    auto features = TRY(reader->read(texts, context));
    return engine::probabilitiesOf(linearLogits(head, features), rule.task);
}

int64_t countRight(const engine::Matrix &probabilities, const engine::AnswerRule &rule, const std::vector<int> &labels,
                   const engine::Combinations &combinations)
{
    const auto truth = engine::classesOf(labels, combinations);
    int64_t right = 0;
    for (size_t i = 0; i < probabilities.rows; ++i)
        right += engine::answerOf(probabilities.row(i), rule) == truth[i] ? 1 : 0;
    return right;
}

engine::Matrix linearLogits(const engine::LinearHead &head, const engine::Matrix &features)
{
    engine::Matrix logits(features.rows, head.bias.size());
    for (size_t i = 0; i < logits.rows; ++i) {
        for (size_t j = 0; j < logits.columns; ++j) {
            logits.row(i)[j] = head.bias[j] + engine::dot(features.row(i), head.weight.row(j));
        }
    }
    return logits;
}

bool canTrainQuickly(const std::map<int64_t, SplitCounts> &rowsByLabel)
{
    return std::count_if(rowsByLabel.begin(), rowsByLabel.end(), [](const auto &entry) {
               return entry.second.train >= QuickClassifier::FewestRowsPerClass;
           }) >= 2;
}

Result<std::vector<Label>> classesToLearn(const Service &service)
{
    auto counts = service.examples().countsByLabel();
    auto labels = service.examples().labels();
    if (!counts)
        return failure(counts);
    if (!labels)
        return failure(labels);
    std::erase_if(*labels, [&](const Label &label) {
        return label.isReject || (*counts)[label.id].train < QuickClassifier::FewestRowsPerClass;
    });
    if (labels->size() < 2)
        return failure(base::ErrorCode::Blocked, "Two classes with three rows each are needed first.", "rows");
    return std::move(*labels);
}

Result<engine::HeadFitData> headData(FeatureReader &reader, const std::vector<Label> &classes, const LabelledRows &rows,
                                     const base::WorkContext &context)
{
    engine::HeadFitData data;
    auto features = TRY(reader.read(rows.texts, context));
    data.features = std::move(features);
    data.labels = rows.labels;
    auto groups = TRY(groupsToHoldOut(rows, context));
    data.groups = std::move(groups);
    data.combinations = rows.combinations;
    data.classes = static_cast<int>(classes.size());
    std::vector<std::string> texts;
    for (size_t i = 0; i < classes.size(); ++i) {
        for (std::string &text : describingTexts(classes[i])) {
            texts.push_back(std::move(text));
            data.extraLabels.push_back(static_cast<int>(i));
        }
    }
    data.extraFeatures = TRY(reader.read(texts, context));
    return data;
}

namespace {

/// The class for what fits no other, where the service has one; see Label::isReject.
Result<std::optional<Label>> rejectingClass(const Service &service)
{
    auto labels = TRY(service.examples().labels());
    const auto found = std::ranges::find_if(labels, &Label::isReject);
    return found == labels.end() ? std::optional<Label>() : std::optional<Label>(*found);
}

/// Adds a class that sees nothing of the text.
void addConstantClass(engine::LinearHead &head, float logit)
{
    head.weight.values.resize(head.weight.values.size() + head.weight.columns);
    ++head.weight.rows;
    head.bias.push_back(logit);
}

}  // namespace

Result<QuickClassifier> trainQuickly(const Service &service, std::shared_ptr<FeatureReader> reader,
                                     const base::WorkContext &context, LabelledBy by)
{
    const auto start = std::chrono::steady_clock::now();
    QuickClassifier quick;
    auto classes = TRY(classesToLearn(service));
    quick.classes = std::move(classes);
    quick.labels = namesOf(quick.classes);
    auto rows = TRY(readLabelled(service, Split::Train, quick.labels, by));
    if (rows.ids.size() < 2 * QuickClassifier::FewestRowsPerClass)
        return failure(base::ErrorCode::Blocked, "Two classes with three rows each by people are needed first.",
                       "rows");
    rows = evenlySpread(std::move(rows), MostRows);
    auto data = TRY(headData(*reader, quick.classes, rows, context));
    auto nets = TRY(engine::openNets());
    data.wantsCurve = true;
    auto fit = TRY(nets->fitHead(data, context));
    quick.rule.task = engine::taskOf(data.combinations);
    quick.head = std::move(fit.head);
    auto reject = TRY(rejectingClass(service));
    const bool canReject = reject && quick.rule.task == engine::TaskType::SingleLabel;
    auto calibration =
        engine::calibrate(fit.heldOutLogits, data.labels, data.combinations,
                          canReject ? std::optional(engine::TrainingConfig().rejectShare) : std::nullopt);
    if (calibration.rejectLogit) {
        addConstantClass(quick.head, *calibration.rejectLogit);
        quick.labels.push_back(reject->name);
        quick.classes.push_back(std::move(*reject));
    }
    quick.heldOutCorrect = countRight(engine::probabilitiesWith(calibration, fit.heldOutLogits, quick.rule.task),
                                      quick.rule, data.labels, data.combinations);
    quick.curve = std::move(fit.curve);
    quick.rule.thresholds = std::move(calibration.thresholds);
    // So that "95 % sure" means it.
    for (float &value : quick.head.weight.values)
        value /= static_cast<float>(calibration.temperature);
    for (float &value : quick.head.bias)
        value /= static_cast<float>(calibration.temperature);
    quick.rows = static_cast<int64_t>(data.labels.size());
    quick.rowsPerSecond = reader->rowsPerSecond();
    quick.reader = std::move(reader);
    quick.seconds = secondsSince(start);
    return quick;
}

}  // namespace core
