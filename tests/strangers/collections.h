// SPDX-License-Identifier: Apache-2.0
// What the readers of collections have in common.
#pragma once

#include <cstdio>
#include <filesystem>
#include <string>

namespace strangers {

inline int g_wrong = 0;

inline void expect(bool holds, const std::string &what, const std::string &otherwise)
{
    if (holds)
        return;
    ++g_wrong;
    std::printf("  WRONG %s: %s\n", what.c_str(), otherwise.c_str());
}

/// Legacy encodings: manifest.tsv names each file's encoding and the hash of its text.
void encodings(const std::filesystem::path &folder);
/// Word documents and PDFs beside the text that another reader found in them.
void wordDocuments(const std::filesystem::path &folder);
void pdfDocuments(const std::filesystem::path &folder);

}  // namespace strangers
