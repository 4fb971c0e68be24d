// SPDX-License-Identifier: Apache-2.0
#include "core/formats/encodings/conversion.h"

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
    do {
        status = U_ZERO_ERROR;
        char *target = part.data();
        ucnv_convertEx(to, from, &target, part.data() + part.size(), &source, bytes.data() + bytes.size(), pivot.data(),
                       &pivotSource, &pivotTarget, pivot.data() + pivot.size(), false, true, &status);
        text.append(part.data(), target);
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

Result<ConvertedText> convertText(std::string_view bytes, const std::string &encoding, const std::string &subject)
{
    const Converter from = openConverter(encoding);
    const Converter to = openConverter("UTF-8");
    if (!from || !to)
        return failure(ErrorCode::InvalidInput,
                       "The encoding \"" + encoding + "\" is not known. Name one as browsers do, e.g. windows-1252.",
                       subject);
    UErrorCode status = U_ZERO_ERROR;
    if (const size_t unit = unitOf(ucnv_getName(from.get(), &status)); bytes.size() % unit == 1) {
        const char last = bytes.back();
        if (last == '\n' || last == '\r' || last == '\0')
            bytes.remove_suffix(1);
    }
    ConvertedText result;
    result.text.reserve(bytes.size());
    if (!append(result.text, bytes, from.get(), to.get()))
        return failure(ErrorCode::InvalidInput, "The text could not be read as " + encoding + ".", subject);
    if (ucnv_compareNames(encoding.c_str(), "windows-1258") == 0)
        compose(result.text);
    for (size_t i = 0; (i = result.text.find(Replacement, i)) != std::string::npos; i += Replacement.size())
        ++result.replaced;
    return result;
}

}  // namespace core
