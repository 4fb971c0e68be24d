// SPDX-License-Identifier: Apache-2.0
#include "core/formats/documents/pdf.h"

#include "core/formats/documents/plain_text.h"

#include <memory>
#include <poppler-document.h>
#include <poppler-global.h>
#include <poppler-page.h>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

/// Poppler puts marks of direction (U+202A to U+202E) around words; they are no part of the text.
std::string withoutDirections(std::string_view text)
{
    std::string result;
    for (size_t i = 0; i < text.size(); ++i) {
        const auto third = i + 2 < text.size() ? static_cast<unsigned char>(text[i + 2]) : 0;
        if (text.substr(i, 2) == "\xE2\x80" && third >= 0xAA && third <= 0xAE)
            i += 2;
        else
            result += text[i];
    }
    return result;
}

}  // namespace

Result<Document> readPdf(const std::string &bytes, const std::string &subject)
{
    poppler::set_debug_error_function([](const std::string &, void *) {}, nullptr);
    const std::unique_ptr<poppler::document> pdf(
        poppler::document::load_from_raw_data(bytes.data(), static_cast<int>(bytes.size())));
    if (!pdf)
        return failure(ErrorCode::InvalidInput, "This is no PDF that can be read: it may be damaged or cut off.",
                       subject);
    if (pdf->is_locked())
        return failure(ErrorCode::Unsupported, "This PDF is protected by a password. Save it without one.", subject);
    Document document;
    for (int i = 0; i < pdf->pages(); ++i) {
        const std::unique_ptr<poppler::page> page(pdf->create_page(i));
        if (!page)
            continue;
        const auto utf8 = page->text({}, poppler::page::non_raw_non_physical_layout).to_utf8();
        for (DocumentBlock &block : paragraphsOf(withoutDirections({utf8.data(), utf8.size()}))) {
            block.page = i + 1;
            document.push_back(std::move(block));
        }
    }
    if (document.empty())
        return failure(ErrorCode::InvalidInput,
                       "This PDF has no text, only pictures of it. Run a text recognition over it first.", subject);
    return document;
}

}  // namespace core
