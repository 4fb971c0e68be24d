// SPDX-License-Identifier: Apache-2.0
// A zip file of a stranger, read in memory: nothing is extracted, and no part may be larger than it should.
#pragma once

#include "core/base/error.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct zip;

namespace core {

/// What a zip file may be, and what to do with one that is not read.
struct ZipLimits {
    int64_t entries = 1000;
    const char *advice = "Save it anew with an office program.";
};

class ZipArchive {
public:
    /// Refuses more than `limits.entries` entries, entries that share bytes, encrypted ones, more than 256 MB in all,
    /// or above 1 MB more than a hundred times what is stored. `subject` names the file in errors.
    [[nodiscard]] static base::Result<ZipArchive> open(std::string bytes, const std::string &subject,
                                                       const ZipLimits &limits = {});

    /// Names of parts are the same without regard to case, to a slash before them and to the kind of slash.
    [[nodiscard]] bool has(const std::string &entry) const;
    /// The unpacked bytes of an entry; checked against its checksum.
    [[nodiscard]] base::Result<std::string> read(const std::string &entry) const;
    /// The names of all entries that are no folders, in the order of the file.
    [[nodiscard]] const std::vector<std::string> &entries() const { return m_entries; }

private:
    struct Close {
        void operator()(zip *archive) const;
    };
    /// -1: there is no such entry.
    [[nodiscard]] int64_t find(const std::string &entry) const;

    std::unique_ptr<std::string> m_bytes;  ///< libzip points into it
    std::unique_ptr<zip, Close> m_archive;
    std::vector<std::string> m_entries;
    std::map<std::string, int64_t> m_places;         ///< by name
    std::map<std::string, int64_t> m_placesOfParts;  ///< by name without case and with one kind of slash
    std::string m_subject, m_advice;
};

}  // namespace core
