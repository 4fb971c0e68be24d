// SPDX-License-Identifier: Apache-2.0
// Reads a file from standard input and writes what is in it, without the rights of the person who opened it.
//   stillroom-reader pdf|docx|html|mail|mailbox < FILE
// "html" may be followed by the encoding of the page: html:windows-1252. The answer is as reader_answer.h has it.
#include "core/base/result_guard.h"
#include "core/base/write_bytes.h"
#include "core/confined/rights.h"
#include "core/formats/documents/docx.h"
#include "core/formats/documents/html.h"
#include "core/formats/documents/mail.h"
#include "core/formats/documents/pdf.h"
#include "core/formats/documents/reader_answer.h"

#include <array>
#include <cstdlib>
#include <unistd.h>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace {

constexpr size_t MostBytes = 256 << 20;

Result<std::string> readInput()
{
    std::string bytes;
    std::array<char, 65536> part;
    for (ssize_t size = 0; (size = ::read(STDIN_FILENO, part.data(), part.size())) > 0;) {
        bytes.append(part.data(), static_cast<size_t>(size));
        if (bytes.size() > MostBytes)
            return failure(ErrorCode::InvalidInput, "This file is larger than 256 MB. Save it in parts.", "file");
    }
    return bytes;
}

Result<void> write(Result<core::DocumentContent> content, core::AnswerWriter &answer)
{
    if (!content)
        return failure(content);
    answer.document(*content);
    return {};
}

Result<void> write(Result<core::RecordFile> records, core::AnswerWriter &answer)
{
    if (!records)
        return failure(records);
    answer.recordFile(*records);
    return {};
}

Result<void> readFile(const std::string &kind, const std::string &encoding, core::AnswerWriter &answer)
{
    auto bytes = TRY(readInput());
    if (kind == "pdf") {
        auto document = TRY(core::readPdf(bytes, "file"));
        answer.document({std::move(document), {}});
        return {};
    }
    if (kind == "docx")
        return write(core::readDocx(std::move(bytes), "file"), answer);
    if (kind == "html")
        return write(core::readHtml(std::move(bytes), "file", encoding), answer);
    if (kind == "mail")
        return write(core::readMail(bytes, "file"), answer);
    if (kind == "mailbox")
        return write(core::readMailbox(bytes, "file"), answer);
    return failure(ErrorCode::InvalidInput, "usage: stillroom-reader pdf|docx|html|mail|mailbox < FILE", "kind");
}

}  // namespace

int main(int argc, char **argv)
{
    const std::string argument = argc == 2 ? argv[1] : "";
    const std::string kind = argument.substr(0, argument.find(':'));
    const std::string encoding = kind.size() < argument.size() ? argument.substr(kind.size() + 1) : "";
    core::giveUpRights();
    core::AnswerWriter answer([](std::string_view lines) {
        int64_t written = 0;
        if (!base::writeBytes(STDOUT_FILENO, lines, "answer", written))
            std::_Exit(1);  // nobody listens any more
    });
    const auto done = base::guard("file", [&] { return readFile(kind, encoding, answer); });
    if (done)
        answer.end();
    else
        answer.error(done.error());
    return 0;
}
