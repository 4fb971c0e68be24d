// SPDX-License-Identifier: Apache-2.0
#include "core/quality/audit.h"

#include "core/base/counted.h"
#include "core/base/random.h"
#include "core/formats/blank_text.h"
#include "core/formats/class_name.h"
#include "core/quality/class_spelling.h"
#include "core/quality/text_audit.h"
#include "core/quality/text_fold.h"
#include "core/service/row_families.h"
#include "core/store/label_set.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

using base::counted;
using base::Result;
using Severity = core::Finding::Severity;

namespace core {

namespace {

constexpr int64_t FewRows = 20;
constexpr int64_t FewestPerClass = 2;
constexpr int64_t SmallClass = 6;
/// A class this many times as large as another one is answered too often.
constexpr int64_t Imbalance = 10;

uint64_t contentOf(const std::string &text)
{
    return base::contentHash(text.data(), text.size());
}

class Auditor {
public:
    Auditor(std::vector<Label> labels, RowFamilies families, IgnoredFindings ignored, const AuditOptions &options)
        : m_labels(std::move(labels)), m_groupsOf(std::move(families)), m_spelling(m_labels),
          m_texts(options, m_labels), m_findings(std::move(ignored))
    {
    }

    void see(const Example &row)
    {
        const auto split = static_cast<size_t>(row.split);
        ++m_rows[split];
        m_texts.see(row);
        const bool blank = isBlankText(row.text);
        if (blank)
            m_empty[split].push_back(row.id);
        if (row.split == Split::Unlabelled)
            return;
        m_ids[split].push_back(row.id);
        if (row.parent)
            m_families[*row.parent][split].push_back(row.id);
        if (const int64_t group = m_groupsOf.group(row))
            m_groups[group][split].push_back(row.id);
        const LabelSet labels = labelsOf(row);
        for (const int64_t label : labels.ids)
            m_perClass[split][label].push_back(row.id);
        if (!labels.isAnswered)
            m_noLabel[split].push_back(row.id);
        if (blank)
            return;
        const std::string plain = folded(row.text);
        m_said[split].push_back({contentOf(plain), contentOf(row.text), row.id, labelKey(row)});
        for (const int64_t label : row.split == Split::Train ? labels.ids : std::vector<int64_t>())
            m_texts.seeMarks(plain, label);
    }

    std::vector<Finding> findings()
    {
        for (auto &said : m_said)
            std::sort(said.begin(), said.end(), [](const Said &a, const Said &b) {
                return std::tie(a.folded, a.row) < std::tie(b.folded, b.row);
            });
        checkClasses();
        for (const Split split : {Split::Train, Split::Test, Split::Unlabelled})
            checkSplit(split);
        checkBalance();
        m_spelling.report([&](int64_t label) { return rowsOf(label); }, m_findings);
        checkShared();
        checkFamilies();
        checkGroups();
        for (const Split split : {Split::Train, Split::Test})
            checkRepeated(split);
        m_texts.report(m_findings);
        return m_findings.take();
    }

private:
    /// Rows of train and of test.
    using Together = std::map<int64_t, std::array<std::vector<int64_t>, 2>>;
    struct Said {
        uint64_t folded;  ///< hashes of the text, without capitals and spaces and as it is
        uint64_t exact;
        int64_t row;
        std::optional<int64_t> label;
    };

    /// Those of train and test that have a label, ascending.
    [[nodiscard]] std::vector<int64_t> rowsOf(int64_t label) const
    {
        std::vector<int64_t> rows;
        for (const auto &perClass : m_perClass) {
            if (const auto found = perClass.find(label); found != perClass.end())
                rows.insert(rows.end(), found->second.begin(), found->second.end());
        }
        std::ranges::sort(rows);
        return rows;
    }

    void add(Finding finding) { m_findings.add(std::move(finding)); }

    void checkClasses()
    {
        const auto declared =
            std::count_if(m_labels.begin(), m_labels.end(), [](const Label &l) { return l.declared && !l.isReject; });
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
        m_findings.add({"empty_text", Severity::Block, splitName, m_empty[s], {}, "Write a text or remove the row."},
                       [=](size_t n) {
                           return counted(n, "row of ", "rows of ") + splitName + (n == 1 ? " has" : " have") +
                                  " no text.";
                       });
        if (split == Split::Unlabelled)
            return;
        m_findings.add(
            {"no_label", Severity::Block, splitName, m_noLabel[s], {}, "Label it, or move it to the unlabelled rows."},
            [=](size_t n) {
                return counted(n, "row of ", "rows of ") + splitName + (n == 1 ? " has" : " have") + " no label.";
            });
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
                     "There are no exam rows: only rows of Train, left out in turn, can say how good a classifier is "
                     "on new "
                     "ones.",
                     m_rows[static_cast<size_t>(Split::Train)] > 0 ? KeepForExam
                                                                   : "Import labelled rows as exam rows."});
            return;
        }
        for (const Label &label : m_labels)
            checkClass(split, label);
        if (m_rows[s] < FewRows)
            add({"few_rows",
                 Severity::Warn,
                 splitName,
                 {},
                 std::string(m_rows[s] == 1 ? "There is only " : "There are only ") +
                     counted(m_rows[s], "row", "rows") + " in " + splitName + "; results will say little.",
                 "Bring at least 20."});
    }

    void checkClass(Split split, const Label &label)
    {
        const auto &perClass = m_perClass[static_cast<size_t>(split)];
        const auto found = perClass.find(label.id);
        const auto rows = found == perClass.end() ? std::vector<int64_t>() : found->second;
        const std::string splitName = name(split);
        if (!label.declared) {
            const Label *twin = m_spelling.declaredTwinOrNull(label);
            m_findings.add({"label_without_class",
                            Severity::Block,
                            splitName,
                            rows,
                            {},
                            twin ? "It is spelled like the class \"" + visibleClassName(twin->name) +
                                       "\": merge them, or add a class of this name."
                                 : "Add a class of this name or correct the label."},
                           [splitName, labelName = label.name](size_t n) {
                               return counted(n, "row of ", "rows of ") + splitName + " carry the label \"" +
                                      labelName + "\", which is no class.";
                           });
            return;
        }
        if (label.isReject)
            checkReject(split, label, rows);
        else if (rows.empty())
            add({"class_without_rows",
                 Severity::Block,
                 splitName,
                 {},
                 "The class \"" + label.name + "\" has no rows in " + splitName + ".",
                 "Bring rows of this class or remove the class."});
        else if (split == Split::Train && static_cast<int64_t>(rows.size()) < FewestPerClass)
            add({"too_few_rows", Severity::Block, splitName, rows,
                 "The class \"" + label.name + "\" has only one row in train.", "Bring at least two."});
        else if (split == Split::Train && static_cast<int64_t>(rows.size()) < SmallClass)
            add({"small_class",
                 Severity::Info,
                 splitName,
                 {},
                 "The class \"" + label.name + "\" has only " + std::to_string(rows.size()) + " rows in train.",
                 "A few more would help.",
                 label.name});
    }

    void checkReject(Split split, const Label &label, const std::vector<int64_t> &rows)
    {
        if (split == Split::Train)
            m_findings.add({"reject_rows",
                            Severity::Warn,
                            "train",
                            rows,
                            {},
                            "Move them to test, or take the mark off the class: then it is learned like the others."},
                           [labelName = label.name](size_t n) {
                               return counted(n, "row of ", "rows of ") + "train " + (n == 1 ? "has" : "have") +
                                      " the class \"" + labelName +
                                      "\", which stands for what fits no other class: no row is learned for it.";
                           });
        else if (rows.empty())
            add({"reject_untested",
                 Severity::Info,
                 "test",
                 {},
                 "No row of test has the class \"" + label.name +
                     "\", so nothing tells how much of what fits no class is noticed.",
                 "Bring test rows that fit none of the classes.",
                 label.name});
    }

    /// The largest class against the smallest.
    void checkBalance()
    {
        const Label *least = nullptr, *most = nullptr;
        const auto rowsOf = [&](const Label &label) {
            const auto found = m_perClass[0].find(label.id);
            return found == m_perClass[0].end() ? int64_t{0} : static_cast<int64_t>(found->second.size());
        };
        for (const Label &label : m_labels) {
            if (!label.declared || label.isReject || rowsOf(label) == 0)
                continue;
            least = !least || rowsOf(label) < rowsOf(*least) ? &label : least;
            most = !most || rowsOf(label) > rowsOf(*most) ? &label : most;
        }
        if (least && rowsOf(*most) >= Imbalance * rowsOf(*least) && rowsOf(*most) >= FewRows)
            add({"imbalance",
                 Severity::Warn,
                 "train",
                 {},
                 "The class \"" + most->name + "\" has " + std::to_string(rowsOf(*most)) + " rows in train, \"" +
                     least->name + "\" only " + std::to_string(rowsOf(*least)) + ".",
                 "Bring rows of the small classes: what is rare is seldom answered.",
                 least->name});
    }

    /// Rows of test that train has, too, to the letter or but for capitals and spaces.
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
        const auto &train = m_said[0];
        for (const Said &said : m_said[1]) {
            auto twin = std::lower_bound(train.begin(), train.end(), said.folded,
                                         [](const Said &a, uint64_t folded) { return a.folded < folded; });
            if (twin == train.end() || twin->folded != said.folded)
                continue;
            bool same = false;
            const auto begin = twin;
            for (; twin != train.end() && twin->folded == said.folded; ++twin)
                same = same || twin->exact == said.exact;
            (same ? equal : near).rows.push_back(said.row);
            for (auto i = begin; !same && i != twin; ++i)
                near.fixRows.push_back(i->row);
        }
        m_findings.add(std::move(equal),
                       [](size_t n) { return counted(n, "row of test is", "rows of test are") + " in train, too."; });
        m_findings.add(std::move(near), [](size_t n) {
            return counted(n, "row of test is", "rows of test are") + " in train, too, but for capitals and spaces.";
        });
    }

    /// Where rows that belong together teach and examine: those of test, and as what the fix is about those of train.
    static void addRowsOfBoth(const Together &families, Finding &finding)
    {
        for (const auto &[first, members] : families) {
            if (members[0].empty() || members[1].empty())
                continue;
            finding.rows.insert(finding.rows.end(), members[1].begin(), members[1].end());
            finding.fixRows.insert(finding.fixRows.end(), members[0].begin(), members[0].end());
        }
        std::ranges::sort(finding.rows);
        std::ranges::sort(finding.fixRows);
    }

    /// Rows of one customer, thread or whatever the service's column names, some of which teach and some examine.
    void checkGroups()
    {
        Finding finding{
            "groups_in_both",
            Severity::Warn,
            "test",
            {},
            {},
            "Move those of train to the exam, or make the exam anew: who knows one text of a group may know "
            "the others."};
        addRowsOfBoth(m_groups, finding);
        m_findings.add(std::move(finding), [column = m_groupsOf.column()](size_t n) {
            return counted(n, "row of test has", "rows of test have") + " the same \"" + column +
                   "\" as rows of train.";
        });
    }

    /// Rows made from one row, some of which teach and some of which examine.
    void checkFamilies()
    {
        Finding finding{"made_from_the_exam",
                        Severity::Warn,
                        "test",
                        {},
                        {},
                        "Remove those of train: who knows a variation of the question knows the answer."};
        for (auto &[first, members] : m_families) {
            for (size_t split : {0, 1}) {  // rows come by their numbers
                if (std::binary_search(m_ids[split].begin(), m_ids[split].end(), first))
                    members[split].push_back(first);
            }
        }
        addRowsOfBoth(m_families, finding);
        m_findings.add(std::move(finding), [](size_t n) {
            return counted(n, "row of test has", "rows of test have") + " been made from the same row as one of train.";
        });
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
        const auto &said = m_said[static_cast<size_t>(split)];
        for (auto begin = said.begin(); begin != said.end();) {
            const auto end = std::find_if(begin, said.end(), [&](const Said &s) { return s.folded != begin->folded; });
            std::set<int64_t> labels;
            std::set<uint64_t> seen;  // the first of each stays
            std::for_each(begin, end, [&](const Said &s) {
                if (s.label)
                    labels.insert(*s.label);
            });
            std::for_each(begin, end, [&](const Said &s) {
                if (labels.size() > 1 && s.label)
                    contradicting.rows.push_back(s.row);
                else if (labels.size() == 1 && s.label && !seen.insert(s.exact).second)
                    repeated.rows.push_back(s.row);
            });
            begin = end;
        }
        m_findings.add(std::move(contradicting), [=](size_t n) {
            return counted(n, "row", "rows") + " of " + splitName + " say the same as others with another label.";
        });
        m_findings.add(std::move(repeated), [=](size_t n) {
            return counted(n, "row of ", "rows of ") + splitName + (n == 1 ? " repeats" : " repeat") +
                   " another one to the letter.";
        });
    }

    std::vector<Label> m_labels;
    RowFamilies m_groupsOf;
    ClassSpelling m_spelling;
    TextAuditor m_texts;
    std::vector<Said> m_said[2];  ///< train and test, by folded text
    int64_t m_rows[3] = {};
    std::vector<int64_t> m_empty[3], m_noLabel[3];
    std::map<int64_t, std::vector<int64_t>> m_perClass[3];
    std::vector<int64_t> m_ids[2];  ///< train and test, ascending
    Together m_families;            ///< by the first row: those made from it
    Together m_groups;
    FindingList m_findings;
};

}  // namespace

Result<std::vector<Finding>> audit(const Service &service, const AuditOptions &options)
{
    auto labels = TRY(service.examples().labels());
    auto ignored = TRY(IgnoredFindings::of(service));
    auto families = TRY(RowFamilies::of(service));
    Auditor auditor(std::move(labels), std::move(families), std::move(ignored), options);
    TRY(service.examples().forEach({}, [&](const Example &row) { auditor.see(row); }));
    return auditor.findings();
}

Result<void> refuseBlocked(const std::vector<Finding> &findings, bool anyway)
{
    const auto stops = [&](const Finding &f) {
        return f.severity == Severity::Block && !(anyway && isOfAClassWithFewRows(f));
    };
    const auto first = std::find_if(findings.begin(), findings.end(), stops);
    if (first == findings.end())
        return {};
    std::string message = first->message + " " + first->fix;
    const auto blocking = std::count_if(findings.begin(), findings.end(), stops);
    if (blocking > 1)
        message += " " + counted(blocking - 1, "more finding stops the training, too.",
                                 "more findings stop the training, too.");
    if (!anyway && std::all_of(findings.begin(), findings.end(), [&](const Finding &f) {
            return f.severity != Severity::Block || isOfAClassWithFewRows(f);
        }))
        message +=
            " Or train anyway: no score speaks of classes without exam rows, and those without train rows are not "
            "learned.";
    return base::failure(base::ErrorCode::Blocked, message, first->code);
}

bool isOfAClassWithFewRows(const Finding &finding)
{
    return finding.code == "class_without_rows" || finding.code == "too_few_rows";
}

bool canTrainAnyway(const std::vector<Finding> &findings)
{
    return refuseBlocked(findings, true) && !refuseBlocked(findings);
}

}  // namespace core
