// SPDX-License-Identifier: Apache-2.0
#include "core/quality/audit.h"

#include "core/base/counted.h"
#include "core/base/random.h"
#include "core/base/trimmed.h"
#include "core/quality/text_fold.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

using base::counted;
using base::Result;
using base::trimmed;
using Severity = core::Finding::Severity;

namespace core {

namespace {

constexpr int64_t FewRows = 20;
constexpr int64_t FewestPerClass = 2;

uint64_t contentOf(const std::string &text)
{
    return base::contentHash(text.data(), text.size());
}

class Auditor {
public:
    explicit Auditor(std::vector<Label> labels) : m_labels(std::move(labels)) { }

    void see(const Example &row)
    {
        const auto split = static_cast<size_t>(row.split);
        ++m_rows[split];
        const bool blank = trimmed(row.text).empty();
        if (blank)
            m_empty[split].push_back(row.id);
        if (row.split == Split::Unlabelled)
            return;
        if (row.label)
            m_perClass[split][*row.label].push_back(row.id);
        else
            m_noLabel[split].push_back(row.id);
        std::string plain = folded(row.text);
        if (row.label && !blank)
            m_said[split].push_back({contentOf(plain), contentOf(row.text), row.id, *row.label});
        if (row.split == Split::Train)
            m_trainTexts.emplace(std::move(plain), std::pair(row.id, row.text));
        else
            m_test.push_back(row);
    }

    std::vector<Finding> findings()
    {
        checkClasses();
        for (const Split split : {Split::Train, Split::Test, Split::Unlabelled})
            checkSplit(split);
        checkShared();
        for (const Split split : {Split::Train, Split::Test})
            checkRepeated(split);
        std::stable_sort(m_findings.begin(), m_findings.end(),
                         [](const auto &a, const auto &b) { return a.severity < b.severity; });
        return std::move(m_findings);
    }

private:
    void add(Finding finding) { m_findings.push_back(std::move(finding)); }

    void checkClasses()
    {
        const auto declared =
            std::count_if(m_labels.begin(), m_labels.end(), [](const Label &l) { return l.declared; });
        if (declared == 0)
            add({"no_classes",
                 Severity::Block,
                 "",
                 {},
                 "No class is named yet.",
                 "Name at least two classes, or import rows that have labels."});
        else if (declared == 1)
            add({"one_class",
                 Severity::Block,
                 "",
                 {},
                 "There is only one class, so there is nothing to decide.",
                 "Name a second class."});
    }

    void checkSplit(Split split)
    {
        const auto s = static_cast<size_t>(split);
        const std::string splitName = name(split);
        if (!m_empty[s].empty())
            add({"empty_text", Severity::Block, splitName, m_empty[s],
                 counted(m_empty[s].size(), "row of ", "rows of ") + splitName +
                     (m_empty[s].size() == 1 ? " has" : " have") + " no text.",
                 "Write a text or remove the row."});
        if (split == Split::Unlabelled)
            return;
        if (!m_noLabel[s].empty())
            add({"no_label", Severity::Block, splitName, m_noLabel[s],
                 counted(m_noLabel[s].size(), "row of ", "rows of ") + splitName +
                     (m_noLabel[s].size() == 1 ? " has" : " have") + " no label.",
                 "Label it, or move it to the unlabelled rows."});
        if (m_rows[s] == 0) {
            if (split == Split::Train)
                add({"no_rows",
                     Severity::Block,
                     splitName,
                     {},
                     "There are no rows to train on.",
                     "Import or type labelled rows."});
            else
                add({"no_rows",
                     Severity::Warn,
                     splitName,
                     {},
                     "There are no test rows, so nothing can say how good a classifier is on rows it has not seen.",
                     "Import labelled rows with --split test."});
            return;
        }
        for (const Label &label : m_labels)
            checkClass(split, label);
        if (m_rows[s] < FewRows)
            add({"few_rows",
                 Severity::Warn,
                 splitName,
                 {},
                 "There are only " + counted(m_rows[s], "row", "rows") + " in " + splitName +
                     "; results will say little.",
                 "Bring at least 20."});
    }

    void checkClass(Split split, const Label &label)
    {
        const auto &perClass = m_perClass[static_cast<size_t>(split)];
        const auto found = perClass.find(label.id);
        const auto rows = found == perClass.end() ? std::vector<int64_t>() : found->second;
        const std::string splitName = name(split);
        if (!label.declared) {
            if (!rows.empty())
                add({"label_without_class", Severity::Block, splitName, rows,
                     counted(rows.size(), "row of ", "rows of ") + splitName + " carry the label \"" + label.name +
                         "\", which is no class.",
                     "Add a class of this name or correct the label."});
            return;
        }
        if (rows.empty())
            add({"class_without_rows",
                 Severity::Block,
                 splitName,
                 {},
                 "The class \"" + label.name + "\" has no rows in " + splitName + ".",
                 "Bring rows of this class or remove the class."});
        else if (split == Split::Train && static_cast<int64_t>(rows.size()) < FewestPerClass)
            add({"too_few_rows", Severity::Block, splitName, rows,
                 "The class \"" + label.name + "\" has only one row in train.", "Bring at least two."});
    }

    void checkShared()
    {
        Finding equal{"shared_rows",
                      Severity::Block,
                      "test",
                      {},
                      {},
                      "Remove them from test or from train: a row that was learned by heart proves nothing."};
        Finding near{"nearly_shared_rows",
                     Severity::Warn,
                     "test",
                     {},
                     {},
                     "Remove them from train if the exam should be strict."};
        for (const Example &row : m_test) {
            if (trimmed(row.text).empty())
                continue;
            const auto [begin, end] = m_trainTexts.equal_range(folded(row.text));
            if (begin == end)
                continue;
            const bool same =
                std::any_of(begin, end, [&](const auto &entry) { return entry.second.second == row.text; });
            (same ? equal : near).rows.push_back(row.id);
        }
        if (!equal.rows.empty()) {
            equal.message = counted(equal.rows.size(), "row of test is", "rows of test are") + " in train, too.";
            add(std::move(equal));
        }
        if (!near.rows.empty()) {
            near.message = counted(near.rows.size(), "row of test is", "rows of test are") +
                           " in train, too, but for capitals and spaces.";
            add(std::move(near));
        }
    }

    /// Rows of a split that say the same, to the letter or but for capitals and spaces.
    void checkRepeated(Split split)
    {
        const std::string splitName = name(split);
        Finding contradicting{"contradicting_labels",
                              Severity::Warn,
                              splitName,
                              {},
                              {},
                              "Decide for one label each: a classifier cannot learn both."};
        Finding repeated{"duplicate_rows",
                         Severity::Warn,
                         splitName,
                         {},
                         {},
                         split == Split::Train ? "Remove them: a text that is there twice counts twice."
                                               : "Remove them: they count twice in every score."};
        auto &said = m_said[static_cast<size_t>(split)];
        std::sort(said.begin(), said.end(),
                  [](const Said &a, const Said &b) { return std::tie(a.folded, a.row) < std::tie(b.folded, b.row); });
        for (auto begin = said.begin(); begin != said.end();) {
            const auto end = std::find_if(begin, said.end(), [&](const Said &s) { return s.folded != begin->folded; });
            if (std::any_of(begin, end, [&](const Said &s) { return s.label != begin->label; })) {
                std::for_each(begin, end, [&](const Said &s) { contradicting.rows.push_back(s.row); });
            } else if (end - begin > 1) {
                std::set<uint64_t> seen;  // the first of each stays
                std::for_each(begin, end, [&](const Said &s) {
                    if (!seen.insert(s.exact).second)
                        repeated.rows.push_back(s.row);
                });
            }
            begin = end;
        }
        for (Finding *finding : {&contradicting, &repeated})
            std::sort(finding->rows.begin(), finding->rows.end());
        if (!contradicting.rows.empty()) {
            contradicting.message = counted(contradicting.rows.size(), "row", "rows") + " of " + splitName +
                                    " say the same as others with another label.";
            add(std::move(contradicting));
        }
        if (!repeated.rows.empty()) {
            repeated.message = counted(repeated.rows.size(), "row of ", "rows of ") + splitName +
                               (repeated.rows.size() == 1 ? " repeats" : " repeat") + " another one to the letter.";
            add(std::move(repeated));
        }
    }

    struct Said {
        uint64_t folded;  ///< hashes of the text, without capitals and spaces and as it is
        uint64_t exact;
        int64_t row;
        int64_t label;
    };

    std::vector<Label> m_labels;
    std::vector<Said> m_said[2];  ///< the labelled rows of train and test
    int64_t m_rows[3] = {};
    std::vector<int64_t> m_empty[3], m_noLabel[3];
    std::map<int64_t, std::vector<int64_t>> m_perClass[3];
    std::unordered_multimap<std::string, std::pair<int64_t, std::string>> m_trainTexts;
    std::vector<Example> m_test;
    std::vector<Finding> m_findings;
};

}  // namespace

const char *name(Severity severity)
{
    return severity == Severity::Block ? "block" : severity == Severity::Warn ? "warn" : "info";
}

Result<std::vector<Finding>> audit(const Service &service)
{
    auto labels = service.examples().labels();
    if (!labels)
        return base::failure(labels);
    Auditor auditor(std::move(*labels));
    if (auto read = service.examples().forEach({}, [&](const Example &row) { auditor.see(row); }); !read)
        return base::failure(read);
    return auditor.findings();
}

Result<void> refuseBlocked(const std::vector<Finding> &findings)
{
    const auto blocking =
        std::count_if(findings.begin(), findings.end(), [](const Finding &f) { return f.severity == Severity::Block; });
    if (blocking == 0)
        return {};
    std::string message = findings.front().message + " " + findings.front().fix;
    if (blocking > 1)
        message +=
            " There are " + std::to_string(blocking - 1) + " more findings like this: see `stillroom-cli check`.";
    return base::failure(base::ErrorCode::Blocked, message, findings.front().code);
}

}  // namespace core
