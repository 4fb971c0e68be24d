// SPDX-License-Identifier: Apache-2.0
#include "core/formats/encoding.h"

#include "core/engine/text/utf8.h"
#include "core/formats/encoding_guess.h"
#include "core/formats/encodings/byte_sample.h"
#include "core/formats/encodings/conversion.h"

#include <algorithm>
#include <optional>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr size_t Offered = 3;
/// By how much the likeliest must lead to need no question: as logarithms of odds. Where its letters are none of a
/// language that we know, by more. Measured, see tests/strangers.
constexpr double ClearLead = 6;
constexpr double UnknownLanguageLead = 25;
/// Logarithms of how likely a letter is, see EncodingGuess::perLetter.
constexpr double KnownLanguage = -3.65;
constexpr double Plausible = -6;
constexpr size_t DifferencesShown = 3;
constexpr size_t SnippetSide = 40;
constexpr size_t MostExamined = 1 << 20;
constexpr std::string_view Replacement = "\xEF\xBF\xBD";

struct Mark {
    std::string_view bytes;
    const char *encoding;
};
using namespace std::string_view_literals;
constexpr Mark Marks[] = {{"\xEF\xBB\xBF"sv, "UTF-8"},
                          {"\xFF\xFE\0\0"sv, "UTF-32LE"},
                          {"\0\0\xFE\xFF"sv, "UTF-32BE"},
                          {"\xFF\xFE"sv, "UTF-16LE"},
                          {"\xFE\xFF"sv, "UTF-16BE"}};

Result<DecodedText> convert(std::string_view bytes, const std::string &encoding, const std::string &subject)
{
    auto converted = TRY(convertText(bytes, encoding, subject));
    DecodedText result;
    result.text = std::move(converted.text);
    result.encoding = encoding;
    result.replaced = converted.replaced;
    return result;
}

/// UTF-8 whose broken bytes are few beside its characters: better read with marks than as something else.
std::optional<DecodedText> mendUtf8(std::string_view bytes)
{
    DecodedText result;
    result.encoding = "UTF-8";
    int64_t sound = 0;
    for (size_t i = 0; i < bytes.size();) {
        const size_t start = i;
        const char32_t c = engine::decodeUtf8(bytes, i);
        const std::string_view read = bytes.substr(start, i - start);
        const bool broken = c == 0xFFFD && read != Replacement;
        result.text += broken ? Replacement : read;
        result.replaced += broken ? 1 : 0;
        sound += c >= 0x80 && !broken ? 1 : 0;
    }
    if (sound < 3 || sound < 4 * result.replaced)
        return std::nullopt;
    result.certain = false;
    result.offered = {"UTF-8"};
    return result;
}

/// Escape sequences that switch to Japanese, Korean or Chinese characters, in text of seven bits.
const char *iso2022(std::string_view bytes)
{
    if (std::any_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<signed char>(c) < 0; }))
        return nullptr;
    if (bytes.find("\x1B$)C") != std::string_view::npos)
        return "ISO-2022-KR";
    if (bytes.find("\x1B$)A") != std::string_view::npos)
        return "ISO-2022-CN";
    return bytes.find("\x1B$B") != std::string_view::npos || bytes.find("\x1B$@") != std::string_view::npos
               ? "ISO-2022-JP"
               : nullptr;
}

/// Text into which a few zero bytes came, or behind which they stand as padding: the readers of rows deal with them.
/// UTF-16 has them in every other place, and files that are no text have other control characters, too.
bool isTextWithFewZeros(std::string_view bytes)
{
    const size_t end = bytes.find_last_not_of('\0') + 1;
    const auto body = bytes.substr(0, end);
    const auto zeros = std::count(body.begin(), body.end(), '\0');
    if (zeros == 0)
        return end > 0 || bytes.empty();
    const auto others = std::count_if(body.begin(), body.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte > 0 && byte < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\v' && c != '\f';
    });
    return zeros * 20 < static_cast<std::ptrdiff_t>(body.size()) && others <= zeros;
}

/// UTF-16 or UTF-32 without a mark: the one that gives letters, spaces and punctuation, and next to nothing else.
Result<DecodedText> withZeros(std::string_view bytes, const std::string &subject)
{
    for (const char *encoding : {"UTF-32LE", "UTF-32BE", "UTF-16LE", "UTF-16BE"}) {
        auto read = convert(bytes, encoding, subject);
        if (!read || read->replaced > 0)
            continue;
        int64_t plain = 0, all = 0;
        for (size_t i = 0; i < read->text.size() && all < 4096; ++all) {
            const auto c = static_cast<UChar32>(engine::decodeUtf8(read->text, i));
            const bool space = c == ' ' || c == '\n' || c == '\r' || c == '\t';
            plain += c > 0 && (space || u_isgraph(c)) ? 1 : 0;
        }
        if (all > 4 && plain >= all - all / 100) {
            read->certain = true;
            return read;
        }
    }
    return failure(ErrorCode::InvalidInput, "This is no text file. Save the rows as CSV or JSON lines in UTF-8.",
                   subject);
}

/// The likeliest encoding, and how sure it is.
Result<DecodedText> guessed(std::string_view bytes, const std::string &subject)
{
    const auto guesses = guessEncodings(bytes);
    if (guesses.empty())
        return failure(ErrorCode::InvalidInput,
                       "The encoding of this file is not known. Save it as UTF-8, or name its encoding.", subject);
    auto read = convert(bytes, guesses.front().encoding, subject);
    if (!read)
        return read;
    for (size_t i = 0; i < std::min(Offered, guesses.size()); ++i)
        read->offered.push_back(guesses[i].encoding);
    const double needed = guesses[0].perLetter >= KnownLanguage ? ClearLead : UnknownLanguageLead;
    read->certain = read->replaced == 0 && guesses[0].perLetter >= Plausible &&
                    (guesses.size() == 1 || guesses[0].odds - guesses[1].odds >= needed);
    if (!read->certain && read->offered.size() > 1)
        read->differences = encodingDifferences(bytes, read->offered[0], read->offered[1], DifferencesShown);
    return read;
}

/// Up to SnippetSide characters on each side of a place.
std::string around(const std::u32string &text, size_t place)
{
    std::string part;
    for (size_t i = place - std::min(place, SnippetSide); i < std::min(text.size(), place + SnippetSide + 1); ++i)
        engine::appendUtf8(part, text[i]);
    return part;
}

std::u32string codePoints(std::string_view text)
{
    std::u32string points;
    for (size_t i = 0; i < text.size();)
        points += engine::decodeUtf8(text, i);
    return points;
}

}  // namespace

Result<DecodedText> decodeText(std::string bytes, const std::string &subject, const std::string &encoding)
{
    std::string_view view = bytes;
    bool marked = false;
    for (const Mark &mark : Marks) {
        if (!view.starts_with(mark.bytes) ||
            (!encoding.empty() && ucnv_compareNames(encoding.c_str(), mark.encoding) != 0))
            continue;
        // Tools that add one to a file that has one leave two.
        while (view.starts_with(mark.bytes))
            view.remove_prefix(mark.bytes.size());
        marked = true;
        if (mark.encoding != "UTF-8"sv)
            return convert(view, mark.encoding, subject);
        break;
    }
    if (!encoding.empty())
        return convert(view, encoding, subject);
    if (engine::isUtf8(view)) {
        if (const char *escaped = iso2022(view))
            return convert(view, escaped, subject);
        if (isTextWithFewZeros(view))
            return DecodedText{std::string(view), "UTF-8", true, {}, marked, 0};
    }
    if (view.find('\0') != std::string_view::npos)
        return withZeros(view, subject);
    if (auto mended = mendUtf8(view))
        return std::move(*mended);
    return guessed(view, subject);
}

std::vector<EncodingDifference> encodingDifferences(std::string_view bytes, const std::string &chosen,
                                                    const std::string &other, size_t most)
{
    std::vector<EncodingDifference> differences;
    size_t examined = 0;
    for (size_t i = 0; i < bytes.size() && differences.size() < most && examined < MostExamined;) {
        const size_t end = std::min(bytes.find_first_of("\r\n", i), bytes.size());
        const std::string_view line = bytes.substr(i, std::min(end - i, MostExamined));
        i = end + 1;
        if (!hasHighByte(line))
            continue;
        examined += line.size();
        const auto as = convertText(line, chosen, {}), otherwise = convertText(line, other, {});
        if (!as || !otherwise)
            break;
        const std::u32string a = codePoints(as->text), b = codePoints(otherwise->text);
        const auto first = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
        if (first.first == a.end() && first.second == b.end())
            continue;
        const auto place = static_cast<size_t>(first.first - a.begin());
        differences.push_back({around(a, place), around(b, place)});
    }
    return differences;
}

}  // namespace core
