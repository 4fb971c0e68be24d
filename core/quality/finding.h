// SPDX-License-Identifier: Apache-2.0
// One thing that is wrong with the rows, and what people chose not to hear of again.
#pragma once

#include "core/base/error.h"
#include "core/store/label_set.h"

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace core {

class Service;

struct Finding {
    enum class Severity { Block, Warn, Info };
    std::string code;  ///< stable word, e.g. "empty_text"
    Severity severity = Severity::Warn;
    std::string split;          ///< train, test, unlabelled, or empty
    std::vector<int64_t> rows;  ///< ids, ascending unless inOrder
    std::string message;        ///< what, with counts
    std::string fix;            ///< what to do now
    std::string subject{};      ///< without rows: what else it is about, e.g. a class
    /// Rows that the fix changes or removes, where they are not `rows`.
    std::vector<int64_t> fixRows{};
    std::vector<LabelSet> suggested{};  ///< of each row the labels that fit better; empty: none
    bool inOrder = false;               ///< the rows come in an order that says something, e.g. the most doubtful first
    std::vector<int64_t> classes{};     ///< what it is about, where it is about classes; then it is ignored as a whole
    std::string kept{};  ///< where the fix merges classes: the name of the first of `classes`, which stays
    /// What, given how many rows: `message` is made with it whenever rows are left out. Empty of one without rows.
    std::function<std::string(size_t)> says{};
};

[[nodiscard]] const char *name(Finding::Severity severity);

/// Leaves out the finding's other rows, with what is suggested for them.
void keepRows(Finding &finding, const std::function<bool(int64_t)> &keep);

/// What people said is fine as it is: rows by finding code, and findings without rows. Kept in the service, undone like
/// everything else. What blocks cannot be ignored.
class IgnoredFindings {
public:
    /// From the service's setting; what is not understood is left out.
    [[nodiscard]] static IgnoredFindings parse(const std::string &json);
    [[nodiscard]] static base::Result<IgnoredFindings> of(const Service &service);

    void add(const Finding &finding);
    /// Of the finding's rows only these.
    void add(const std::string &code, const std::vector<int64_t> &rows);
    [[nodiscard]] bool contains(const std::string &code, int64_t row) const;
    [[nodiscard]] bool contains(const Finding &finding) const;
    [[nodiscard]] std::string toJson() const;

private:
    std::map<std::string, std::set<int64_t>> m_rows;
    std::set<std::string> m_whole;
};

/// Collects findings: ignored rows are left out before anything is counted.
class FindingList {
public:
    explicit FindingList(IgnoredFindings ignored) : m_ignored(std::move(ignored)) { }

    /// One that says() something of rows comes in only if rows are left.
    void add(Finding finding);
    void add(Finding finding, std::function<std::string(size_t)> says)
    {
        finding.says = std::move(says);
        add(std::move(finding));
    }
    /// All, blocking ones first.
    [[nodiscard]] std::vector<Finding> take();

private:
    IgnoredFindings m_ignored;
    std::vector<Finding> m_findings;
};

}  // namespace core
