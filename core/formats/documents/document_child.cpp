// SPDX-License-Identifier: Apache-2.0
#include "core/formats/documents/document_child.h"

#include "core/base/descriptor.h"
#include "core/confined/confined_child.h"

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

}  // namespace

Result<ReaderAnswer> readInChild(const FileSource &source, const std::string &kind, const base::WorkContext &context)
{
    const std::string subject = source.subject();
    const auto descriptor = source.open();
    if (!descriptor)
        return tl::unexpected(descriptor.error());
    const base::Descriptor input(*descriptor);
    auto answer = TRY(runConfined(Reader, kind, input.get(), subject, context));
    return parseAnswer(answer, subject);
}

}  // namespace core
