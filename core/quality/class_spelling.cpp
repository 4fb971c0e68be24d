// SPDX-License-Identifier: Apache-2.0
#include "core/quality/class_spelling.h"

#include "core/base/counted.h"
#include "core/formats/class_name.h"

#include <algorithm>
#include <set>
#include <tuple>

using base::counted;
using Severity = core::Finding::Severity;

namespace core {

namespace {

constexpr size_t MostNamed = 8;

/// As pandas, spreadsheets, R, SQL and people write that there is nothing; folded.
constexpr std::string_view MissingValues[] = {"nan",  "none",   "null",  "nil", "na",        "n/a",     "#n/a",  "#na",
                                              "<na>", "(null)", "<nan>", "\\n", "undefined", "(blank)", "blank", "nat",
                                              "-",    "--",     "?",     "??",  "???",       ".",       "#null!"};

std::string quoted(const Label &label)
{
    return '"' + visibleClassName(label.name) + '"';
}

/// "a, b and c".
std::string listed(const std::vector<std::string> &names)
{
    const size_t shown = names.size() > MostNamed ? MostNamed - 1 : names.size();
    std::string text;
    for (size_t i = 0; i < shown; ++i)
        text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
    return shown == names.size() ? text : text + " and " + std::to_string(names.size() - shown) + " more";
}

bool looksMissing(const std::string &name)
{
    return std::ranges::find(MissingValues, foldedClassName(name)) != std::end(MissingValues);
}

}  // namespace

ClassSpelling::ClassSpelling(const std::vector<Label> &labels) : m_labels(labels)
{
    for (const Label &label : labels)
        m_byName[foldedClassName(label.name)].push_back(&label);
}

const Label *ClassSpelling::declaredTwinOrNull(const Label &label) const
{
    const auto twins = m_byName.find(foldedClassName(label.name));
    if (label.declared || twins == m_byName.end())
        return nullptr;
    const auto found = std::ranges::find_if(twins->second, [](const Label *twin) { return twin->declared; });
    return found == twins->second.end() ? nullptr : *found;
}

void ClassSpelling::report(const RowsOf &rowsOf, FindingList &findings) const
{
    std::vector<Used> firsts;
    for (const auto &[folded, labels] : m_byName) {
        Group group;
        for (const Label *label : labels) {
            Used used{label, rowsOf(label->id)};
            if (label->declared || !used.rows.empty())
                group.push_back(std::move(used));
        }
        const auto order = [](const Used &used) {
            return std::tuple(!used.label->isReject, !used.label->declared,
                              cleanedClassName(used.label->name) != used.label->name,
                              -static_cast<int64_t>(used.rows.size()));
        };
        std::ranges::stable_sort(group, {}, order);
        if (group.size() > 1)
            reportTwins(group, folded, findings);
        if (!group.empty())
            firsts.push_back(std::move(group.front()));
    }
    reportAlike(firsts, findings);
    for (const Label &label : m_labels) {
        std::vector<int64_t> rows = rowsOf(label.id);
        if (!label.declared && rows.empty())
            continue;
        if (cleanedClassName(label.name) != label.name)
            findings.add({.code = "class_name_unseen",
                          .severity = Severity::Info,
                          .message = "The name " + quoted(label) +
                                     " has characters that nobody sees, written out here in brackets.",
                          .fix = "Give it a name without them: labels of files are read without them, too.",
                          .subject = label.name,
                          .classes = {label.id}});
        const bool isDescribed =
            label.declared && (label.isReject || !label.description.empty() || !label.belongs.empty());
        if (rows.empty() || isDescribed || !looksMissing(label.name))
            continue;
        const std::string count = counted(rows.size(), "row has", "rows have");
        findings.add({.code = "label_like_missing",
                      .severity = Severity::Info,
                      .rows = std::move(rows),
                      .message = count + " the label " + quoted(label) +
                                 ", which is what programs write where there is no value.",
                      .fix = "If these rows have no label, take it off them; if it is a class, describe it.",
                      .subject = label.name,
                      .classes = {label.id}});
    }
}

void ClassSpelling::reportTwins(const Group &group, const std::string &folded, FindingList &findings)
{
    Finding finding{.code = "class_spelling", .severity = Severity::Warn, .subject = folded};
    std::vector<std::string> names;
    for (const Used &used : group) {
        names.push_back(quoted(*used.label) + " (" + counted(used.rows.size(), "row", "rows") + ")");
        finding.classes.push_back(used.label->id);
        if (&used != &group.front())
            finding.rows.insert(finding.rows.end(), used.rows.begin(), used.rows.end());
    }
    std::ranges::sort(finding.rows);
    finding.rows.erase(std::ranges::unique(finding.rows).begin(), finding.rows.end());
    finding.kept = group.front().label->name;
    finding.message =
        std::to_string(group.size()) + " names differ only in how they are written: " + listed(names) + ".";
    finding.fix = "Merge them into " + quoted(*group.front().label) +
                  ". The window does that in one step; or correct the labels in the file and import it again.";
    findings.add(std::move(finding));
}

/// Names that may well be two classes.
void ClassSpelling::reportAlike(const std::vector<Used> &firsts, FindingList &findings)
{
    std::map<std::string, std::vector<const Used *>> byAccentless, byNumber;
    for (const Used &used : firsts) {
        for (std::string &form : accentlessClassNames(used.label->name))
            byAccentless[std::move(form)].push_back(&used);
        byNumber[zerolessClassName(used.label->name)].push_back(&used);
    }
    std::set<std::vector<const Used *>> said;
    const auto report = [&](const auto &groups, const char *code, const std::string &by, const char *fix) {
        for (const auto &[form, group] : groups) {
            if (group.size() < 2 || !said.insert(group).second)
                continue;
            Finding finding{.code = code, .severity = Severity::Info, .fix = fix, .subject = form};
            std::vector<std::string> names;
            for (const Used *used : group) {
                names.push_back(quoted(*used->label));
                finding.classes.push_back(used->label->id);
            }
            finding.message = "The names " + listed(names) + " differ by " + by + " only.";
            findings.add(std::move(finding));
        }
    };
    report(byAccentless, "class_accents", "accents", "If they mean the same, merge them.");
    report(byNumber, "class_zeros", "leading zeros",
           "If a spreadsheet has dropped the zeros, merge them into the names that have them.");
}

}  // namespace core
