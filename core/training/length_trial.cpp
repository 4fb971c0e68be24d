// SPDX-License-Identifier: Apache-2.0
#include "core/training/length_trial.h"

#include "core/engine/eval/metrics.h"
#include "core/rows/text_input.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <utility>

using base::failure;
using base::Result;
using engine::Matrix;
using engine::TokenIds;

namespace core {

namespace {

/// Of fewer rows a difference says little, and more make it no clearer.
constexpr size_t FewestRows = 40, MostRows = 300;
/// Read in the trial, both ways together: some twenty seconds of a slow processor with small weights.
constexpr int64_t MostTokens = 60'000;
constexpr std::chrono::seconds Longest{60};
constexpr size_t RowsAtOnce = 16;
/// Fewer long texts change hardly any score.
constexpr double NotableShare = 0.1;
constexpr double Significant = 0.05;
/// So many rows that only one way answers rightly can be beyond chance.
constexpr int64_t FewestFlips = 6;
/// So much longer at most: reading takes as many times longer, and more.
constexpr int MostTimes = 4;
/// Of a text in the trial. There are more where training reads windows.
constexpr int MostWindows = 4;

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
        auto some = TRY(embedder.features({first, first + static_cast<ptrdiff_t>(count)}, {context.stop}));
        std::ranges::copy(some.values, all.row(from).begin());
        context.report({static_cast<int64_t>(from + count), static_cast<int64_t>(texts.size()), "Trying longer texts"});
    }
    return std::optional(std::move(all));
}

/// Of each row, whether a head that has not seen it answers rightly.
Result<std::vector<char>> verdicts(engine::Nets &nets, engine::HeadFitData &data, Matrix features,
                                   const base::WorkContext &context)
{
    data.features = std::move(features);
    auto fit = TRY(nets.fitHead(data, {context.stop}));
    const engine::AnswerRule rule{engine::taskOf(data.combinations)};
    const auto truth = engine::classesOf(data.labels, data.combinations);
    const auto answers = engine::probabilitiesOf(fit.heldOutLogits, rule.task);
    std::vector<char> right(truth.size());
    for (size_t i = 0; i < std::min(truth.size(), answers.rows); ++i)
        right[i] = engine::answerOf(answers.row(i), rule) == truth[i] ? 1 : 0;
    return right;
}

std::string percent(int64_t some, int64_t all)
{
    return std::to_string(std::lround(100 * static_cast<double>(some) / static_cast<double>(all))) + " %";
}

/// One way to read long texts.
struct Way {
    int length = 0;
    engine::WindowRule windows{};  ///< off: cut at `length`

    [[nodiscard]] int64_t tokensOf(size_t text) const
    {
        const size_t most = windows.isOn() ? windows.longestText() : static_cast<size_t>(length);
        return static_cast<int64_t>(std::min(text, most));
    }
};

class Trier {
public:
    Trier(engine::Nets &nets, const TrainMaterial &material, const base::WorkContext &context)
        : m_nets(nets), m_material(material), m_context(context), m_asAsked{material.request.config.maxLength}
    {
    }

    Result<std::optional<LengthTrial>> run()
    {
        const std::optional<LengthTrial> none;
        // A text that is cut has as many tokens as are read, and one that just fits.
        const auto &read = m_material.trainTokens;
        if (m_material.request.windows.isOn() || read.size() < FewestRows ||
            !isNotable(longerThan(read, m_asAsked.length - 1), read.size()))
            return none;
        TRY(prepare());
        if (m_rows.texts.size() < FewestRows || m_ways.empty() || !isNotable(m_long.size(), m_rows.texts.size()))
            return none;
        auto embedder = TRY(m_nets.loadEmbedder(m_material.request.base, m_material.request.config.threads));
        const auto end = std::chrono::steady_clock::now() + Longest;
        std::vector<size_t> all(m_rows.texts.size());
        std::iota(all.begin(), all.end(), size_t{0});
        auto asAsked = TRY(features(end, *embedder, all, m_asAsked));
        if (!asAsked)
            return none;
        auto before = TRY(verdicts(m_nets, m_data, *asAsked, m_context));
        const auto wrong = std::ranges::count_if(m_long, [&](size_t row) { return before.at(row) == 0; });
        if (wrong < FewestFlips)
            return none;
        std::optional<LengthTrial> best;
        for (const Way &way : m_ways) {
            auto longer = TRY(features(end, *embedder, m_long, way));
            if (!longer)
                return best;
            Matrix tried = *asAsked;  // texts that are not cut have the same features either way
            for (size_t i = 0; i < m_long.size(); ++i)
                std::ranges::copy(longer->row(i), tried.row(m_long[i]).begin());
            auto after = TRY(verdicts(m_nets, m_data, std::move(tried), m_context));
            LengthTrial trial = compared(before, after);
            trial.longer = way.length;
            trial.windows = way.windows.isOn() ? way.windows.most : 0;
            if (trial.helps() && (!best || trial.withLonger > best->withLonger))
                best = trial;
        }
        return best;
    }

private:
    /// Chooses rows and ways.
    Result<void> prepare();

    /// Of some rows, read in one way; none where the time is up.
    Result<std::optional<Matrix>> features(std::chrono::steady_clock::time_point end, const engine::Embedder &embedder,
                                           const std::vector<size_t> &rows, const Way &way)
    {
        m_input.maxLength = way.length;
        m_input.windows = way.windows;
        std::vector<TokenIds> texts;
        for (const size_t row : rows)
            texts.push_back(m_input.read(m_rows.texts[row]));
        const engine::WindowedTexts divided(texts, way.windows);
        auto read = featuresUntil(end, embedder, divided.windows, m_context);
        if (!read || !*read)
            return read;
        Matrix means(rows.size(), (*read)->columns);
        for (size_t window = 0; window < divided.windows.size(); ++window) {
            const size_t text = divided.textOf[window];
            for (size_t j = 0; j < means.columns; ++j)
                means.row(text)[j] += (*read)->row(window)[j] / static_cast<float>(divided.count(text));
        }
        return std::optional(std::move(means));
    }

    [[nodiscard]] LengthTrial compared(const std::vector<char> &before, const std::vector<char> &after) const
    {
        LengthTrial trial;
        trial.shorter = m_asAsked.length;
        trial.rows = static_cast<int64_t>(before.size());
        trial.longRows = static_cast<int64_t>(m_long.size());
        int64_t fixed = 0, broken = 0;
        for (size_t i = 0; i < before.size(); ++i) {
            trial.withShorter += before[i];
            trial.withLonger += after[i];
            fixed += after[i] > before[i] ? 1 : 0;
            broken += after[i] < before[i] ? 1 : 0;
        }
        // Of several ways one may seem better by chance (Bonferroni).
        trial.pValue = std::min(1.0, engine::mcnemarPValue(fixed, broken) * static_cast<double>(m_ways.size()));
        return trial;
    }

    engine::Nets &m_nets;
    const TrainMaterial &m_material;
    const base::WorkContext &m_context;
    Way m_asAsked;
    TextInput m_input;
    std::vector<Way> m_ways;
    LabelledRows m_rows;
    std::vector<size_t> m_long;  ///< rows that are longer than what is read of them
    engine::HeadFitData m_data;
};

Result<void> Trier::prepare()
{
    const auto &request = m_material.request;
    auto weights = TRY(engine::readWeightsInfo(request.base));
    m_input = TRY(TextInput::open(request.base, weights));
    const int shorter = m_asAsked.length;
    m_input.maxLength = shorter;
    Way windows{shorter};
    if (auto rule = m_input.ownWindows()) {
        windows.windows = *rule;
        windows.windows.most = MostWindows;
    }
    const int most = std::min(m_material.encoder.maxPositions, MostTimes * shorter);
    m_input.windows = {};
    m_input.maxLength = std::max(most, static_cast<int>(windows.windows.isOn() ? windows.windows.longestText() : 0));
    m_rows = evenlySpread(m_material.train, MostRows);
    auto texts = m_input.read(m_rows.texts);
    if (most > shorter)
        m_ways.push_back({lengthToTry(texts, shorter, most)});
    const int reached = m_ways.empty() ? shorter : m_ways.front().length;
    if (windows.windows.isOn() && isNotable(longerThan(texts, reached), texts.size()))
        m_ways.push_back(windows);
    int64_t tokens = 0;
    for (const TokenIds &text : texts) {
        tokens += m_asAsked.tokensOf(text.size());
        for (const Way &way : m_ways)
            tokens += std::cmp_greater(text.size(), shorter) ? way.tokensOf(text.size()) : 0;
    }
    if (tokens > MostTokens) {
        m_rows = evenlySpread(std::move(m_rows),
                              texts.size() * static_cast<size_t>(MostTokens) / static_cast<size_t>(tokens));
        texts = m_input.read(m_rows.texts);
    }
    for (size_t i = 0; i < texts.size(); ++i) {
        if (std::cmp_greater(texts[i].size(), shorter))
            m_long.push_back(i);
    }
    m_data.labels = m_rows.labels;
    m_data.groups = m_rows.groups;
    m_data.combinations = m_rows.combinations;
    m_data.classes = static_cast<int>(request.labels.size());
    m_data.seed = request.config.seed;
    return {};
}

}  // namespace

bool LengthTrial::helps() const
{
    return withLonger > withShorter && pValue < Significant;
}

Result<std::optional<LengthTrial>> tryLength(engine::Nets &nets, const TrainMaterial &material,
                                             const base::WorkContext &context)
{
    return Trier(nets, material, context).run();
}

std::string noteOnLength(const std::optional<LengthTrial> &trial)
{
    if (!trial || !trial->helps())
        return {};
    const std::string longer = std::to_string(trial->longer), shorter = std::to_string(trial->shorter);
    const std::string way = trial->windows > 0 ? "windows of " + longer + " tokens (the first " +
                                                     std::to_string(trial->windows) + " of a text)"
                                               : longer + " tokens";
    return percent(trial->longRows, trial->rows) + " of the texts are longer than the " + shorter +
           " tokens that are read of each. On a trial with " + std::to_string(trial->rows) + " held-out rows, " + way +
           " were right on " + percent(trial->withLonger, trial->rows) + ", " + shorter + " tokens on " +
           percent(trial->withShorter, trial->rows) + ". " +
           (trial->windows > 0 ? "Let training read longer texts in windows."
                               : "Let training read " + longer + " tokens of a text.");
}

}  // namespace core
