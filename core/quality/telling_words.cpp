// SPDX-License-Identifier: Apache-2.0
#include "core/quality/telling_words.h"

#include "core/quality/text_language.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>
#include <unicode/brkiter.h>
#include <unicode/unistr.h>

namespace core {

namespace {

/// The weight of what both sides have in common, in texts.
constexpr double PriorTexts = 10;
constexpr double Significant = 1.96;

using Counts = std::map<std::string, std::pair<double, double>>;  ///< word: texts of the first side, of the second

std::set<std::string> wordsOf(const std::string &text, icu::BreakIterator &breaks)
{
    const icu::UnicodeString all = icu::UnicodeString::fromUTF8(text).toLower();
    breaks.setText(all);
    std::set<std::string> words;
    int32_t begin = breaks.first();
    for (int32_t end = breaks.next(); end != icu::BreakIterator::DONE; begin = end, end = breaks.next()) {
        if (breaks.getRuleStatus() < UBRK_WORD_LETTER || all.countChar32(begin, end - begin) < 2)
            continue;
        std::string word;
        all.tempSubStringBetween(begin, end).toUTF8String(word);
        if (!isFunctionWord(word))
            words.insert(std::move(word));
    }
    return words;
}

}  // namespace

TellingWords tellingWords(std::span<const std::string> first, std::span<const std::string> second, size_t most)
{
    TellingWords result;
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::BreakIterator> breaks(
        icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status));
    if (U_FAILURE(status) || first.empty() || second.empty())
        return result;
    Counts counts;
    for (const std::string &text : first) {
        for (const std::string &word : wordsOf(text, *breaks))
            ++counts[word].first;
    }
    for (const std::string &text : second) {
        for (const std::string &word : wordsOf(text, *breaks))
            ++counts[word].second;
    }
    const auto texts = static_cast<double>(first.size()), others = static_cast<double>(second.size());
    std::vector<std::pair<double, std::string>> scored;
    for (const auto &[word, in] : counts) {
        const double prior = PriorTexts * (in.first + in.second) / (texts + others);
        const double here = in.first + prior, there = in.second + prior;
        const double odds =
            std::log(here / (texts + PriorTexts - here)) - std::log(there / (others + PriorTexts - there));
        const double z = odds / std::sqrt(1 / here + 1 / there);
        if (std::abs(z) >= Significant)
            scored.emplace_back(z, word);
    }
    std::sort(scored.begin(), scored.end(), [](const auto &a, const auto &b) {
        return std::abs(a.first) != std::abs(b.first) ? std::abs(a.first) > std::abs(b.first) : a.second < b.second;
    });
    for (auto &[z, word] : scored) {
        auto &side = z > 0 ? result.ofFirst : result.ofSecond;
        if (side.size() < most)
            side.push_back(std::move(word));
    }
    return result;
}

}  // namespace core
