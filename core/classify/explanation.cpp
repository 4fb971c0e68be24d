// SPDX-License-Identifier: Apache-2.0
#include "core/classify/explanation.h"

#include "core/engine/text/utf8.h"
#include "core/formats/blank_text.h"

#include <algorithm>
#include <unicode/brkiter.h>
#include <unicode/unistr.h>

using base::failure;
using base::Result;

namespace core {

namespace {

/// A text cut at its word boundaries.
struct Parts {
    std::vector<TextPart> parts;
    std::vector<size_t> partOf;  ///< of each code point
};

/// Bytes that are no UTF-8 stay as they are: they count as U+FFFD here and for the tokenizer.
Parts partsOf(const std::string &text)
{
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::BreakIterator> breaks(
        icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status));
    std::vector<size_t> starts;  // bytes, of each code point, and behind the last
    icu::UnicodeString all;
    for (size_t i = 0; i < text.size();) {
        starts.push_back(i);
        all.append(static_cast<UChar32>(engine::decodeUtf8(text, i)));
    }
    starts.push_back(text.size());
    Parts result;
    const auto add = [&](int32_t count) {
        const size_t begin = result.partOf.size(), end = begin + static_cast<size_t>(count);
        result.partOf.resize(end, result.parts.size());
        result.parts.push_back({text.substr(starts[begin], starts[end] - starts[begin])});
    };
    if (U_FAILURE(status)) {
        add(all.countChar32());
        return result;
    }
    breaks->setText(all);
    int32_t begin = breaks->first();
    for (int32_t end = breaks->next(); end != icu::BreakIterator::DONE; begin = end, end = breaks->next())
        add(all.countChar32(begin, end - begin));
    return result;
}

}  // namespace

Result<Explanation> explain(const ClassifierSession &classifier, const std::string &text, int label,
                            const base::WorkContext &context)
{
    if (isBlankText(text))
        return failure(base::ErrorCode::InvalidInput, "The text is empty: there is nothing to explain.", "text");
    const TextInput &input = classifier.input();
    if (label < 0 || static_cast<size_t>(label) >= classifier.labels().size())
        return failure(base::ErrorCode::InvalidInput, "The classifier has no such class.", std::to_string(label));
    const std::string whole = input.prefix + text;
    const auto encoding = input.tokenizer->encode(whole, true);
    const auto read = input.read(text);
    // Special tokens have no place in the text. Of a text that was cut the last read one is special, if any are.
    const bool isCut = encoding.ids.size() > read.size();
    const auto isSpecial = [&](size_t token) {
        const auto &offset = encoding.offsets[token];
        return offset.begin == offset.end || (isCut && token + 1 == read.size() && read[token] != encoding.ids[token]);
    };
    auto neutral = read;
    for (size_t i = 0; i < read.size(); ++i)
        neutral[i] = isSpecial(i) ? read[i] : input.tokenizer->padId();
    Explanation result;
    result.label = label;
    auto [parts, partOf] = partsOf(whole);
    const auto prefixEnd = static_cast<size_t>(engine::countCodePoints(input.prefix));
    if (read.empty())
        return result;
    auto attribution = TRY(classifier.predictor().attribute(read, neutral, label, context));
    result.logOdds = attribution.logOdds;
    result.neutralLogOdds = attribution.neutralLogOdds;
    size_t lastRead = 0;
    for (size_t i = 0; i < read.size(); ++i) {
        if (isSpecial(i))
            continue;
        // The last character: a token may begin with the space before its word.
        const size_t part = partOf[static_cast<size_t>(encoding.offsets[i].end) - 1];
        parts[part].logOdds += static_cast<double>(attribution.tokens[i]);
        lastRead = std::max(lastRead, part);
    }
    for (size_t part = lastRead + 1; isCut && part < parts.size(); ++part)
        parts[part].isRead = false;
    const size_t first = prefixEnd < partOf.size() ? partOf[prefixEnd] : parts.size();
    result.parts.assign(parts.begin() + static_cast<ptrdiff_t>(first), parts.end());
    return result;
}

DecidingWords decidingWords(const Explanation &explanation, size_t most)
{
    DecidingWords words;
    for (const TextPart &part : explanation.parts) {
        if (part.logOdds > 0)
            words.supporting.push_back(&part);
        else if (part.logOdds < 0)
            words.opposing.push_back(&part);
    }
    for (auto *side : {&words.supporting, &words.opposing}) {
        std::stable_sort(side->begin(), side->end(), [](const TextPart *a, const TextPart *b) {
            return std::abs(a->logOdds) > std::abs(b->logOdds);
        });
        side->resize(std::min(side->size(), most));
    }
    return words;
}

}  // namespace core
