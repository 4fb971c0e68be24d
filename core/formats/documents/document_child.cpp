// SPDX-License-Identifier: Apache-2.0
#include "core/formats/documents/document_child.h"

#include "core/base/descriptor.h"
#include "core/base/result_guard.h"
#include "core/confined/confined_child.h"
#include "core/engine/json/strict_json.h"

#include <cerrno>
#include <fcntl.h>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr ConfinedProgram Reader{
    "stillroom-reader",
    "STILLROOM_READER",
    "The part that reads documents",
    "Reading this file took too long, so it was given up. Save it anew, or in parts.",
    "This file is damaged, or needs too much memory: its reader gave up. Save it anew.",
};

Result<Document> parseAnswer(const std::string &answer, const std::string &subject)
{
    const auto json = engine::parseStrictJson(answer);
    if (!json || !json->is_object())
        return failure(ErrorCode::InvalidInput, "This file could not be read: what came of it makes no sense.",
                       subject);
    if (json->contains("error"))
        return failure(json->at("unsupported").get<bool>() ? ErrorCode::Unsupported : ErrorCode::InvalidInput,
                       json->at("error").get<std::string>(), subject);
    Document document;
    for (const auto &block : json->at("blocks"))
        document.push_back({block.at(0).get<std::string>(), block.at(1).get<int>()});
    return document;
}

}  // namespace

Result<Document> readInChild(const std::filesystem::path &file, const std::string &kind,
                             const base::WorkContext &context)
{
    const std::string subject = file.string();
    const base::Descriptor input(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (input.get() < 0)
        return failure(errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io,
                       errno == ENOENT ? "There is no such file." : "This file may not be read. Check its permissions.",
                       subject);
    auto answer = runConfined(Reader, kind, input.get(), subject, context);
    if (!answer)
        return failure(answer);
    return base::guard(subject, [&] { return parseAnswer(*answer, subject); });
}

}  // namespace core
