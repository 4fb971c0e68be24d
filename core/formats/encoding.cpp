// SPDX-License-Identifier: Apache-2.0
#include "core/formats/encoding.h"

#include "core/engine/text/utf8.h"

#include <memory>
#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>
#include <vector>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr size_t DetectBytes = 1 << 18;

Result<DecodedText> convert(std::string_view bytes, const char *encoding, const std::string &subject)
{
    UErrorCode status = U_ZERO_ERROR;
    DecodedText result{{}, encoding};
    result.text.resize(bytes.size() * 3 + 16);
    const int32_t length = ucnv_convert("UTF-8", encoding, result.text.data(), static_cast<int32_t>(result.text.size()),
                                        bytes.data(), static_cast<int32_t>(bytes.size()), &status);
    if (U_FAILURE(status))
        return failure(ErrorCode::InvalidInput,
                       std::string("The text could not be read as ") + encoding + ". Save the file as UTF-8.", subject);
    result.text.resize(static_cast<size_t>(length));
    return result;
}

std::string detect(std::string_view bytes)
{
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UCharsetDetector, decltype(&ucsdet_close)> detector(ucsdet_open(&status), &ucsdet_close);
    const std::string_view head = bytes.substr(0, DetectBytes);
    ucsdet_setText(detector.get(), head.data(), static_cast<int32_t>(head.size()), &status);
    const UCharsetMatch *match = ucsdet_detect(detector.get(), &status);
    const char *name = match ? ucsdet_getName(match, &status) : nullptr;
    // Files that say ISO-8859-1 are windows-1252 in practice, which has characters where the other has controls.
    return !name || std::string_view(name) == "ISO-8859-1" ? "windows-1252" : name;
}

}  // namespace

Result<DecodedText> decodeText(std::string bytes, const std::string &subject)
{
    const std::string_view view = bytes;
    if (view.starts_with("\xEF\xBB\xBF"))
        bytes.erase(0, 3);
    else if (view.starts_with("\xFF\xFE"))
        return convert(view.substr(2), "UTF-16LE", subject);
    else if (view.starts_with("\xFE\xFF"))
        return convert(view.substr(2), "UTF-16BE", subject);
    if (engine::isUtf8(bytes))
        return DecodedText{std::move(bytes), "UTF-8"};
    if (bytes.find('\0') != std::string::npos)
        return failure(ErrorCode::InvalidInput, "This is no text file. Save the rows as CSV or JSON lines in UTF-8.",
                       subject);
    return convert(bytes, detect(bytes).c_str(), subject);
}

}  // namespace core
