// SPDX-License-Identifier: Apache-2.0
// Reads a document from standard input and writes its text, without the rights of the person who opened it.
//   stillroom-reader pdf|docx < FILE
// Answers {"blocks":[[text, page], ...]} or {"error":sentence, "unsupported":whether the kind of file is the reason}.
#include "core/base/result_guard.h"
#include "core/confined/rights.h"
#include "core/formats/documents/docx.h"
#include "core/formats/documents/pdf.h"

#include <array>
#include <iostream>
#include <nlohmann/json.hpp>
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

Result<core::Document> readDocument(const std::string &kind)
{
    auto bytes = readInput();
    if (!bytes)
        return failure(bytes);
    if (kind == "pdf")
        return core::readPdf(*bytes, "file");
    if (kind == "docx")
        return core::readDocx(std::move(*bytes), "file");
    return failure(ErrorCode::InvalidInput, "usage: stillroom-reader pdf|docx < FILE", "kind");
}

}  // namespace

int main(int argc, char **argv)
{
    core::giveUpRights();
    const auto document = base::guard("file", [&] { return readDocument(argc == 2 ? argv[1] : ""); });
    nlohmann::json answer;
    if (document) {
        answer["blocks"] = nlohmann::json::array();
        for (const auto &block : *document)
            answer["blocks"].push_back({block.text, block.page});
    } else {
        answer = {{"error", document.error().message},
                  {"unsupported", document.error().code == ErrorCode::Unsupported}};
    }
    std::cout << answer.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << std::flush;
    return 0;
}
