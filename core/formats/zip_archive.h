// SPDX-License-Identifier: Apache-2.0
// A zip file of a stranger, read in memory: nothing is extracted, and no part may be larger than it should.
#pragma once

#include "core/base/error.h"

#include <memory>
#include <string>
#include <string_view>

struct zip;

namespace core {

class ZipArchive {
public:
    /// Refuses what no office program writes: more than 1,000 entries, entries that share bytes, encrypted ones, more
    /// than 256 MB in all, or above 1 MB more than a hundred times what is stored. `subject` names the file in errors.
    [[nodiscard]] static base::Result<ZipArchive> open(std::string bytes, const std::string &subject);

    [[nodiscard]] bool has(const std::string &entry) const;
    /// The unpacked bytes of an entry; checked against its checksum.
    [[nodiscard]] base::Result<std::string> read(const std::string &entry) const;

private:
    struct Close {
        void operator()(zip *archive) const;
    };

    std::unique_ptr<std::string> m_bytes;  ///< libzip points into it
    std::unique_ptr<zip, Close> m_archive;
    std::string m_subject;
};

}  // namespace core
