// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/length_trial.h"

#include "core/engine/eval/metrics.h"
#include "core/tasks/text_input.h"

#include <algorithm>
#include <chrono>
#include <cmath>

using base::failure;
using base::Result;
using engine::Matrix;
using engine::TokenIds;

namespace core {

namespace {

/// Of fewer rows a difference says little, and more make it no clearer.
constexpr size_t FewestRows = 40, MostRows = 300;
/// Read in the trial, both ways together: some seconds with small weights.
constexpr int64_t MostTokens = 100'000;
constexpr std::chrono::seconds Longest{30};
constexpr size_t RowsAtOnce = 16;
/// Fewer long texts change hardly any score.
constexpr double NotableShare = 0.1;
constexpr double Significant = 0.05;
/// So many rows that only one way answers rightly can be beyond chance.
constexpr int64_t FewestFlips = 6;
/// So much longer at most: reading takes as many times longer, and more.
constexpr int MostTimes = 4;

bool isNotable(size_t some, size_t all)
{
    return some > 0 && static_cast<double>(some) >= NotableShare * static_cast<double>(all);
}

size_t longerThan(const std::vector<TokenIds> &texts, int length)
{
    return static_cast<size_t>(
        std::ranges::count_if(texts, [&](const auto &text) { return std::cmp_greater(text.size(), length); }));
}

/// The next power of two times `length` that leaves hardly any text cut, or as much as can be read.
int lengthToTry(const std::vector<TokenIds> &texts, int length, int most)
{
    most = std::min(most, MostTimes * length);
    int longer = std::min(2 * length, most);
    while (longer < most && isNotable(longerThan(texts, longer), texts.size()))
        longer = std::min(2 * longer, most);
    return longer;
}

/// The features of texts; none where the time is up.
Result<std::optional<Matrix>> featuresUntil(std::chrono::steady_clock::time_point end, const engine::Embedder &embedder,
                                            const std::vector<TokenIds> &texts, const base::WorkContext &context)
{
    Matrix all(texts.size(), static_cast<size_t>(embedder.info().encoder.hiddenSize));
    for (size_t from = 0; from < texts.size(); from += RowsAtOnce) {
        if (std::chrono::steady_clock::now() > end)
            return std::optional<Matrix>();
        const size_t count = std::min(RowsAtOnce, texts.size() - from);
        const auto first = texts.begin() + static_cast<ptrdiff_t>(from);
        auto some = embedder.features({first, first + static_cast<ptrdiff_t>(count)}, {context.stop});
        if (!some)
            return failure(some);
        std::ranges::copy(some->values, all.row(from).begin());
        context.report({static_cast<int64_t>(from + count), static_cast<int64_t>(texts.size()), "Trying longer texts"});
    }
    return std::optional(std::move(all));
}

/// Of each row, whether a head that has not seen it answers rightly.
Result<std::vector<char>> verdicts(engine::Nets &nets, engine::HeadFitData &data, Matrix features,
                                   const base::WorkContext &context)
{
    data.features = std::move(features);
    auto fit = nets.fitHead(data, {context.stop});
    if (!fit)
        return failure(fit);
    const engine::AnswerRule rule{engine::taskOf(data.combinations)};
    const auto truth = engine::classesOf(data.labels, data.combinations);
    const auto answers = engine::probabilitiesOf(fit->heldOutLogits, rule.task);
    std::vector<char> right(truth.size());
    for (size_t i = 0; i < std::min(truth.size(), answers.rows); ++i)
        right[i] = engine::answerOf(answers.row(i), rule) == truth[i] ? 1 : 0;
    return right;
}

std::string percent(int64_t some, int64_t all)
{
    return std::to_string(std::lround(100 * static_cast<double>(some) / static_cast<double>(all))) + " %";
}

}  // namespace

bool LengthTrial::helps() const
{
    return withLonger > withShorter && pValue < Significant;
}

Result<std::optional<LengthTrial>> tryLength(engine::Nets &nets, const TrainMaterial &material,
                                             const base::WorkContext &context)
{
    const std::optional<LengthTrial> none;
    const auto &request = material.request;
    LengthTrial trial;
    trial.shorter = request.config.maxLength;
    // A text that is cut has as many tokens as are read, and one that just fits.
    if (material.train.ids.size() < FewestRows || material.encoder.maxPositions <= trial.shorter ||
        !isNotable(longerThan(material.trainTokens, trial.shorter - 1), material.trainTokens.size()))
        return none;
    auto weights = engine::readWeightsInfo(request.base);
    if (!weights)
        return failure(weights);
    auto input = TextInput::open(request.base, *weights);
    if (!input)
        return failure(input);
    input->maxLength = std::min(material.encoder.maxPositions, MostTimes * trial.shorter);
    LabelledRows rows = evenlySpread(material.train, MostRows);
    auto texts = input->read(rows.texts);
    trial.longer = lengthToTry(texts, trial.shorter, input->maxLength);
    const auto tokensOf = [&](const TokenIds &text) {
        const auto size = static_cast<int64_t>(text.size());
        const int64_t asAsked = std::min<int64_t>(size, trial.shorter);
        return asAsked + (size > trial.shorter ? std::min<int64_t>(size, trial.longer) : 0);
    };
    int64_t tokens = 0;
    for (const TokenIds &text : texts)
        tokens += tokensOf(text);
    if (tokens > MostTokens) {
        rows =
            evenlySpread(std::move(rows), texts.size() * static_cast<size_t>(MostTokens) / static_cast<size_t>(tokens));
        texts = input->read(rows.texts);
    }
    const size_t longRows = longerThan(texts, trial.shorter);
    if (texts.size() < FewestRows || !isNotable(longRows, texts.size()))
        return none;
    trial.rows = static_cast<int64_t>(texts.size());
    trial.longRows = static_cast<int64_t>(longRows);
    engine::HeadFitData data;
    data.labels = std::move(rows.labels);
    data.groups = std::move(rows.groups);
    data.combinations = std::move(rows.combinations);
    data.classes = static_cast<int>(request.labels.size());
    data.seed = request.config.seed;
    auto embedder = nets.loadEmbedder(request.base, request.config.threads);
    if (!embedder)
        return failure(embedder);
    const auto end = std::chrono::steady_clock::now() + Longest;
    input->maxLength = trial.shorter;
    auto shorter = featuresUntil(end, **embedder, input->read(rows.texts), context);
    if (!shorter)
        return failure(shorter);
    if (!*shorter)
        return none;
    auto asAsked = verdicts(nets, data, **shorter, context);
    if (!asAsked)
        return failure(asAsked);
    // Texts that are not cut have the same features both ways.
    std::vector<size_t> places;
    std::vector<TokenIds> longTexts;
    int64_t wrong = 0;
    input->maxLength = trial.longer;
    for (size_t i = 0; i < texts.size(); ++i) {
        if (std::cmp_less_equal(texts[i].size(), trial.shorter))
            continue;
        places.push_back(i);
        longTexts.push_back(input->read(rows.texts[i]));
        wrong += asAsked->at(i) == 0 ? 1 : 0;
    }
    if (wrong < FewestFlips)
        return none;
    auto longer = featuresUntil(end, **embedder, longTexts, context);
    if (!longer)
        return failure(longer);
    if (!*longer)
        return none;
    for (size_t i = 0; i < places.size(); ++i)
        std::ranges::copy((*longer)->row(i), (*shorter)->row(places[i]).begin());
    auto tried = verdicts(nets, data, std::move(**shorter), context);
    if (!tried)
        return failure(tried);
    int64_t fixed = 0, broken = 0;
    for (size_t i = 0; i < tried->size(); ++i) {
        trial.withShorter += asAsked->at(i);
        trial.withLonger += tried->at(i);
        fixed += tried->at(i) > asAsked->at(i) ? 1 : 0;
        broken += tried->at(i) < asAsked->at(i) ? 1 : 0;
    }
    trial.pValue = engine::mcnemarPValue(fixed, broken);
    return std::optional(trial);
}

std::string noteOnLength(const std::optional<LengthTrial> &trial)
{
    if (!trial || !trial->helps())
        return {};
    const std::string longer = std::to_string(trial->longer), shorter = std::to_string(trial->shorter);
    return percent(trial->longRows, trial->rows) + " of the texts are longer than the " + shorter +
           " tokens that are read of each. On a trial with " + std::to_string(trial->rows) + " held-out rows, " +
           longer + " tokens were right on " + percent(trial->withLonger, trial->rows) + ", " + shorter + " on " +
           percent(trial->withShorter, trial->rows) + ". Let training read " + longer + " tokens of a text.";
}

}  // namespace core
