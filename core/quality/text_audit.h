// SPDX-License-Identifier: Apache-2.0
// What single texts are like: too long, in another language, with personal data, or giving their label away.
#pragma once

#include "core/quality/audit.h"

#include <map>
#include <unordered_map>

namespace core {

/// Sees each row once, in any order; then says what it found. Needs some 50 bytes a row.
class TextAuditor {
public:
    TextAuditor(const AuditOptions &options, const std::vector<Label> &labels);

    void see(const Example &row);
    /// Of a row of train with a label, too: what in it gives the label away. `text`: folded.
    void seeMarks(const std::string &text, int64_t label);
    void report(FindingList &findings) const;

private:
    /// Rows by a mark's value (a first or last word), then by label.
    using Mark = std::unordered_map<uint64_t, std::map<int64_t, int64_t>>;

    void reportStray(FindingList &findings) const;
    void reportMarks(FindingList &findings) const;

    AuditOptions m_options;
    std::map<int64_t, std::string> m_names;  ///< of labels, folded
    std::map<std::string, std::vector<std::pair<int64_t, Split>>> m_scripts, m_languages;
    std::map<Split, std::vector<int64_t>> m_long, m_personal;
    Mark m_first, m_last;
    std::map<int64_t, int64_t> m_trained;  ///< rows of train by class
    int64_t m_trainRows = 0;
    int64_t m_named = 0;  ///< of them contain their label's name
};

}  // namespace core
