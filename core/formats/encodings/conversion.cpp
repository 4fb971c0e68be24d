// SPDX-License-Identifier: Apache-2.0
#include "core/formats/encodings/conversion.h"

#include "core/engine/text/utf8.h"

#include <array>
#include <memory>
#include <unicode/normalizer2.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/unistr.h>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr std::string_view Replacement = "\xEF\xBF\xBD";
constexpr std::string_view Mixed = "UTF-8 and ";

using Converter = std::unique_ptr<UConverter, decltype(&ucnv_close)>;

Converter openConverter(const std::string &encoding)
{
    UErrorCode status = U_ZERO_ERROR;
    Converter converter(ucnv_open(encoding.c_str(), &status), &ucnv_close);
    if (U_FAILURE(status))
        return {nullptr, &ucnv_close};
    markBrokenCharacters(converter.get());
    return converter;
}

/// Appends what ICU makes of the bytes.
bool append(std::string &text, std::string_view bytes, UConverter *from, UConverter *to)
{
    UErrorCode status = U_ZERO_ERROR;
    std::array<char16_t, 4096> pivot;
    char16_t *pivotSource = pivot.data();
    char16_t *pivotTarget = pivot.data();
    const char *source = bytes.data();
    std::array<char, 16384> part;
    bool reset = true;
    do {
        status = U_ZERO_ERROR;
        char *target = part.data();
        ucnv_convertEx(to, from, &target, part.data() + part.size(), &source, bytes.data() + bytes.size(), pivot.data(),
                       &pivotSource, &pivotTarget, pivot.data() + pivot.size(), reset, true, &status);
        text.append(part.data(), target);
        reset = false;
    } while (status == U_BUFFER_OVERFLOW_ERROR);
    if (status == U_TRUNCATED_CHAR_FOUND) {
        text += Replacement;
        return true;
    }
    return U_SUCCESS(status);
}

void compose(std::string &text)
{
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2 *nfc = icu::Normalizer2::getNFCInstance(status);
    if (U_FAILURE(status))
        return;
    const icu::UnicodeString composed = nfc->normalize(icu::UnicodeString::fromUTF8(text), status);
    if (U_FAILURE(status))
        return;
    text.clear();
    composed.toUTF8String(text);
}

size_t unitOf(const char *name)
{
    const std::string_view encoding = name ? name : "";
    return encoding.starts_with("UTF-16") ? 2 : encoding.starts_with("UTF-32") ? 4 : 1;
}

void writeReplacement(const void *, UConverterToUnicodeArgs *args, const char *, int32_t,
                      UConverterCallbackReason reason, UErrorCode *status)
{
    if (reason > UCNV_IRREGULAR)
        return;
    *status = U_ZERO_ERROR;
    const char16_t replacement = 0xFFFD;
    ucnv_cbToUWriteUChars(args, &replacement, 1, 0, status);
}

}  // namespace

void markBrokenCharacters(UConverter *converter)
{
    UErrorCode status = U_ZERO_ERROR;
    ucnv_setToUCallBack(converter, &writeReplacement, nullptr, nullptr, nullptr, &status);
}

std::string mixedEncoding(const std::string &other)
{
    return std::string(Mixed) + other;
}

std::string_view lineAt(std::string_view bytes, size_t position)
{
    const size_t end = bytes.find_first_of("\r\n", position);
    return bytes.substr(position, end == std::string_view::npos ? end : end + 1 - position);
}

Result<ConvertedText> convertText(std::string_view bytes, const std::string &encoding, const std::string &subject)
{
    const bool mixed = encoding.starts_with(Mixed);
    const std::string named = mixed ? encoding.substr(Mixed.size()) : encoding;
    const Converter from = openConverter(named);
    const Converter to = openConverter("UTF-8");
    if (!from || !to)
        return failure(ErrorCode::InvalidInput,
                       "The encoding \"" + named + "\" is not known. Name one as browsers do, e.g. windows-1252.",
                       subject);
    UErrorCode status = U_ZERO_ERROR;
    const char *icuName = ucnv_getName(from.get(), &status);
    if (const size_t unit = unitOf(icuName); bytes.size() % unit == 1) {
        const char last = bytes.back();
        if (last == '\n' || last == '\r' || last == '\0')
            bytes.remove_suffix(1);
    }
    ConvertedText result;
    bool sound = true;
    if (mixed) {
        int64_t whole = 0;
        for (size_t i = 0; i < bytes.size();) {
            const std::string_view line = lineAt(bytes, i);
            i += line.size();
            // A line with whole characters of UTF-8 is one that was broken.
            if (const ConvertedText mended = mendedUtf8(line, whole); mended.replaced == 0 || whole > 0)
                result.text += mended.text;
            else
                sound = append(result.text, line, from.get(), to.get()) && sound;
        }
    } else {
        result.text.reserve(bytes.size());
        sound = append(result.text, bytes, from.get(), to.get());
        if (icuName && ucnv_compareNames(named.c_str(), "windows-1258") == 0)
            compose(result.text);
    }
    if (!sound)
        return failure(ErrorCode::InvalidInput, "The text could not be read as " + encoding + ".", subject);
    for (size_t i = 0; (i = result.text.find(Replacement, i)) != std::string::npos; i += Replacement.size())
        ++result.replaced;
    return result;
}

ConvertedText mendedUtf8(std::string_view bytes, int64_t &sound)
{
    ConvertedText result;
    sound = 0;
    for (size_t i = 0; i < bytes.size();) {
        const size_t start = i;
        const char32_t c = engine::decodeUtf8(bytes, i);
        const std::string_view read = bytes.substr(start, i - start);
        const bool broken = c == 0xFFFD && read != Replacement;
        result.text += broken ? Replacement : read;
        result.replaced += broken ? 1 : 0;
        sound += c >= 0x80 && !broken ? 1 : 0;
    }
    return result;
}

}  // namespace core
