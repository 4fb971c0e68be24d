// SPDX-License-Identifier: Apache-2.0
// Find and replace in the texts of rows.
#pragma once

#include "core/base/progress.h"
#include "core/service/service.h"
#include "core/store/edit_draft.h"

namespace core {

struct FindReplace {
    std::string find;
    std::string replace;   ///< of a regular expression, \1 is its first group
    bool isRegex = false;  ///< Perl's syntax
    bool matchCase = false;
};

struct Replacements {
    int64_t places = 0;
    std::vector<FieldChange> changes;  ///< texts, one a row
};

/// What replacing would change in these rows. InvalidInput for a regular expression that is none. Cancelled between
/// rows.
[[nodiscard]] base::Result<Replacements> findReplacements(const Service &service, const std::vector<int64_t> &rows,
                                                          const FindReplace &what, const base::WorkContext &context);

}  // namespace core
