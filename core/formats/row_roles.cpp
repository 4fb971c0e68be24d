// SPDX-License-Identifier: Apache-2.0
#include "core/base/names.h"
#include "core/formats/column_facts.h"
#include "core/formats/label_survey.h"
#include "core/formats/role_names.h"
#include "core/formats/row_shapes.h"
#include "core/formats/spreadsheet_safe.h"

#include <algorithm>
#include <tuple>

using base::isWithin;

namespace core {

namespace {

constexpr size_t MostNamed = 12;
/// Columns of yes and no that are taken for classes; one more where a column is called like a label.
constexpr size_t FewOneHot = 2;
/// A column of shorter texts is no guess where there are others.
constexpr double ShortestGuess = 8;

std::string inQuotes(const std::string &name)
{
    return "\"" + name.substr(0, 60) + "\"";
}

std::string listed(std::vector<std::string> names)
{
    std::transform(names.begin(), names.end(), names.begin(), inQuotes);
    return base::listed(names, MostNamed);
}

/// The column of this name without what readers append to a second one: "label (3)" is one of "label".
std::string baseOf(const std::string &name)
{
    const size_t open = name.rfind(" (");
    const bool isCount = open != std::string::npos && name.ends_with(')') && open + 3 < name.size() &&
                         name.find_first_not_of("0123456789", open + 2) == name.size() - 1;
    return isCount ? name.substr(0, open) : name;
}

/// Finds the roles of one file.
class RoleFinder {
public:
    RoleFinder(const RecordFile &file, const ShapeHints &hints) : m_file(file), m_hints(hints), m_facts(factsOf(file))
    {
        for (const ColumnFacts &facts : m_facts)
            m_roles.candidates.push_back(facts.name);
    }

    tl::expected<RowRoles, std::string> find()
    {
        m_roles.wantsLabel = m_hints.wantsLabel;
        m_roles.isOwn = isOwnExport();
        m_roles.hasPlaces = m_file.hasPlaces;
        findSplit();
        if (m_hints.textColumns.empty() && m_hints.labelColumns.empty() && factsNamed("messages")) {
            m_roles.isChat = true;
        } else {
            if (auto found = chooseLabelAsSaid(); !found)
                return tl::unexpected(found.error());
            if (auto found = findText(); !found)
                return tl::unexpected(found.error());
            if (m_hints.labelColumns.empty())
                findLabel();
            describe();
        }
        surveyLabels(m_file, m_hints, m_roles);
        return std::move(m_roles);
    }

private:
    using Found = tl::expected<void, std::string>;

    [[nodiscard]] const ColumnFacts *factsNamed(const std::string &name) const
    {
        const auto found =
            std::find_if(m_facts.begin(), m_facts.end(), [&](const ColumnFacts &facts) { return facts.name == name; });
        return found == m_facts.end() ? nullptr : &*found;
    }

    [[nodiscard]] bool isOwnExport() const
    {
        return areOwnColumns(m_file.columns) ||
               (factsNamed("text") && factsNamed("provenance") && factsNamed("source"));
    }

    /// The column that people mean by a name: exactly that, else the one that differs by case, spaces and marks.
    [[nodiscard]] tl::expected<std::string, std::string> columnSaid(const std::string &name) const
    {
        if (factsNamed(name))
            return name;
        const std::string folded = foldedColumnName(name);
        for (const ColumnFacts &facts : m_facts) {
            if (!folded.empty() && foldedColumnName(facts.name) == folded)
                return facts.name;
        }
        return tl::unexpected("There is no column " + inQuotes(name) +
                              ". The columns are: " + listed(m_roles.candidates) + ".");
    }

    /// The column, and behind it those that a file calls the same.
    [[nodiscard]] RowRoles::Twins twinsOf(const std::string &name)
    {
        RowRoles::Twins twins{name};
        if (baseOf(name) != name && factsNamed(baseOf(name)))
            return twins;  // chosen as it is
        for (const ColumnFacts &facts : m_facts) {
            if (facts.name != name && baseOf(facts.name) == name)
                twins.push_back(facts.name);
        }
        if (twins.size() > 1)
            m_roles.notes.push_back(std::to_string(twins.size()) + " columns are called " + inQuotes(name) +
                                    ": the first one that is filled counts in each row.");
        return twins;
    }

    void findSplit()
    {
        for (const ColumnFacts &facts : m_facts) {
            if (!isSplitColumn(facts.name) || facts.filled == 0 || isSaid(facts.name))
                continue;
            bool areSplits = true;
            for (const Record &record : m_file.records) {
                const auto value = record.fields.find(facts.name);
                if (value == record.fields.end() || value->is_null() || *value == "")
                    continue;
                areSplits = areSplits && value->is_string() && splitOfValue(value->get_ref<const std::string &>());
            }
            if (!areSplits)
                continue;
            m_roles.split = facts.name;
            if (!m_roles.isOwn)
                m_roles.notes.push_back("The column " + inQuotes(facts.name) +
                                        " says which rows are for training and which for the exam.");
            return;
        }
    }

    [[nodiscard]] bool isSaid(const std::string &name) const
    {
        return isWithin(m_hints.textColumns, name) || isWithin(m_hints.labelColumns, name);
    }

    Found chooseLabelAsSaid()
    {
        for (const std::string &name : m_hints.labelColumns) {
            auto column = columnSaid(name);
            if (!column)
                return tl::unexpected(column.error());
            m_roles.label.push_back(*column);
        }
        if (m_roles.label.size() == 1) {
            m_roles.label = twinsOf(m_roles.label.front());
            m_roles.layout = RowRoles::Layout::Value;
        } else if (m_roles.label.size() > 1) {
            const bool areBinary = std::all_of(m_roles.label.begin(), m_roles.label.end(),
                                               [&](const auto &name) { return factsNamed(name)->isBinary; });
            m_roles.layout = areBinary ? RowRoles::Layout::OneHot : RowRoles::Layout::Columns;
        }
        return {};
    }

    Found findText()
    {
        for (const std::string &name : m_hints.textColumns) {
            auto column = columnSaid(name);
            if (!column)
                return tl::unexpected(column.error());
            m_roles.text.push_back(twinsOf(*column));
        }
        if (!m_roles.text.empty())
            return {};
        std::vector<std::pair<int, std::string>> ranked;
        for (const ColumnFacts &facts : m_facts) {
            const int rank = facts.isNested || isTaken(facts.name) ? 0 : textRank(facts.name);
            if (rank > 0 && baseOf(facts.name) == facts.name)
                ranked.emplace_back(rank, facts.name);
        }
        // A column without a filled cell comes last; a name that often means something else must hold texts.
        std::stable_sort(ranked.begin(), ranked.end(),
                         [&](const auto &a, const auto &b) { return worth(a) > worth(b); });
        std::erase_if(ranked, [&](const auto &one) {
            const ColumnFacts &facts = *factsNamed(one.second);
            return one.first == 1 && !facts.isText() && (labelRank(one.second) > 0 || isBesideTheRow(one.second));
        });
        // A head alone is half a text where a body stands beside it.
        if (!ranked.empty() && ranked.front().first < 5 && isHeadOfText(ranked.front().second)) {
            const auto body = std::find_if(ranked.begin(), ranked.end(), [&](const auto &one) {
                return !isHeadOfText(one.second) && factsNamed(one.second)->isText();
            });
            if (body != ranked.end())
                std::rotate(ranked.begin(), body, body + 1);
        }
        if (!ranked.empty()) {
            takeText(ranked.front().second, ranked.front().first);
            for (size_t i = 1; i < ranked.size(); ++i)
                m_roles.otherTexts.push_back(ranked[i].second);
            return {};
        }
        return guessText();
    }

    [[nodiscard]] int worth(const std::pair<int, std::string> &one) const
    {
        const ColumnFacts &facts = *factsNamed(one.second);
        return one.first * 4 + (facts.filled > 0 ? 32 : 0) + (one.first < 5 && facts.isText() ? 2 : 0);
    }

    void takeText(const std::string &name, int rank)
    {
        // Two texts that are one case: premise and hypothesis, question1 and question2, a subject and its body.
        const auto with = [&](const std::string &first, const std::string &second) {
            m_roles.text = {twinsOf(first), twinsOf(second)};
            m_roles.notes.push_back("The columns " + inQuotes(first) + " and " + inQuotes(second) +
                                    " are read together as the text, each with its name.");
        };
        const std::string folded = foldedColumnName(name);
        for (const ColumnFacts &facts : m_facts) {
            const std::string other = foldedColumnName(facts.name);
            const bool isPair = (folded == "premise" && other == "hypothesis") ||
                                (folded.ends_with('1') && other == folded.substr(0, folded.size() - 1) + "2");
            const bool isHead = rank < 5 && facts.name != name && isHeadOfText(facts.name) && facts.filled > 0 &&
                                !isTaken(facts.name) && !facts.isNumeric && !facts.isNested;
            if (isPair)
                return with(name, facts.name);
            if (isHead && folded != "premise")
                return with(facts.name, name);
        }
        m_roles.text = {twinsOf(name)};
        for (const ColumnFacts &facts : m_facts) {
            if (facts.name != name && isHeadOfText(facts.name) && facts.isText() && !isTaken(facts.name))
                m_roles.notes.push_back("The column " + inQuotes(facts.name) +
                                        " may belong to the text; it is not read as such.");
        }
    }

    /// By what the cells look like, where no name says it.
    Found guessText()
    {
        const ColumnFacts *longest = nullptr;
        for (const ColumnFacts &facts : m_facts) {
            const bool mayBe = facts.filled > 0 && !facts.isNumeric && !facts.isNested && !isTaken(facts.name);
            if (mayBe && (!longest || facts.length > longest->length))
                longest = &facts;
        }
        const auto isRival = [&](const ColumnFacts &facts) {
            return longest && &facts != longest && facts.isText() && facts.length * 2 > longest->length;
        };
        const bool isClear = longest && (longest->isText() || m_facts.size() <= 2) &&
                             (m_facts.size() == 1 || longest->length >= ShortestGuess) &&
                             std::none_of(m_facts.begin(), m_facts.end(), isRival);
        if (!isClear)
            return tl::unexpected(
                "No column is known as the text. Choose it; the columns are: " + listed(m_roles.candidates) + ".");
        m_roles.text = {{longest->name}};
        m_roles.notes.push_back("No column has a known name for the text: " + inQuotes(longest->name) +
                                " is read, as it holds the longest texts.");
        return {};
    }

    [[nodiscard]] bool isTaken(const std::string &name) const
    {
        return name == m_roles.split || isWithin(m_roles.label, name) || isOwnOther(name) ||
               std::any_of(m_roles.text.begin(), m_roles.text.end(),
                           [&](const auto &twins) { return isWithin(twins, name); });
    }

    [[nodiscard]] bool isOwnOther(const std::string &name) const
    {
        return m_roles.isOwn && name != "text" && name != "label" && isWithin(ownColumns(), name);
    }

    void findLabel()
    {
        if (m_roles.isOwn && factsNamed("label")) {
            m_roles.label = {"label"};
            m_roles.layout = RowRoles::Layout::Value;
            return;
        }
        std::vector<std::pair<int, const ColumnFacts *>> ranked;
        for (const ColumnFacts &facts : m_facts) {
            int rank = isTaken(facts.name) || baseOf(facts.name) != facts.name ? 0 : labelRank(facts.name);
            if (rank == 1 && !facts.isCategory())
                rank = 0;
            if (rank > 0)
                ranked.emplace_back(rank, &facts);
        }
        std::stable_sort(ranked.begin(), ranked.end(), [](const auto &a, const auto &b) {
            return std::tuple(a.second->filled > 0, a.first, a.second->isCategory()) >
                   std::tuple(b.second->filled > 0, b.first, b.second->isCategory());
        });
        if (findNumbered() || ((ranked.empty() || ranked.front().first < 4) && findOneHot(!ranked.empty())))
            return;
        if (ranked.empty())
            return guessLabel();
        // A number and its name side by side: the name.
        const auto words = std::find_if(ranked.begin(), ranked.end(), [](const auto &one) {
            return isLabelInWords(one.second->name) && one.second->filled > 0 && !one.second->isNumeric;
        });
        const ColumnFacts *chosen =
            words != ranked.end() && ranked.front().second->isWhole ? words->second : ranked.front().second;
        m_roles.label = twinsOf(chosen->name);
        m_roles.layout = RowRoles::Layout::Value;
        for (const auto &[rank, facts] : ranked) {
            if (facts != chosen && rank > 1)
                m_roles.otherLabels.push_back(facts->name);
        }
    }

    /// label 1, label 2 and so on.
    bool findNumbered()
    {
        std::vector<std::string> columns;
        for (const ColumnFacts &facts : m_facts) {
            std::string folded = foldedColumnName(baseOf(facts.name));
            const size_t digits = folded.find_last_not_of("0123456789") + 1;
            if (digits == folded.size() || isTaken(facts.name))
                continue;
            if (labelRank(folded.substr(0, digits)) >= 3 && !facts.isNested)
                columns.push_back(facts.name);
        }
        if (columns.size() < 2)
            return false;
        m_roles.label = columns;
        m_roles.layout = RowRoles::Layout::Columns;
        return true;
    }

    /// Columns of yes and no, each named as a class.
    bool findOneHot(bool hasLabelByName)
    {
        std::vector<std::string> columns;
        for (const ColumnFacts &facts : m_facts) {
            const bool isClass = isWithin(m_hints.classes, facts.name);
            if (facts.isBinary && facts.filled > 0 && !isTaken(facts.name) &&
                (isClass || !isBesideTheRow(facts.name)) && (isClass || m_hints.classes.empty()))
                columns.push_back(facts.name);
        }
        const bool isSet =
            std::any_of(columns.begin(), columns.end(), [&](const auto &name) { return factsNamed(name)->isSet; });
        if (!isSet || columns.size() < (hasLabelByName ? FewOneHot + 1 : FewOneHot))
            return false;
        m_roles.label = columns;
        m_roles.layout = RowRoles::Layout::OneHot;
        return true;
    }

    /// Whether every filled cell is the name of a declared class.
    [[nodiscard]] bool holdsClasses(const ColumnFacts &facts) const
    {
        if (m_hints.classes.size() < 2 || facts.filled == 0 || facts.distinct > m_hints.classes.size() ||
            isTaken(facts.name) || facts.isNested)
            return false;
        return std::all_of(m_file.records.begin(), m_file.records.end(), [&](const Record &record) {
            const auto cell = record.fields.find(facts.name);
            return cell == record.fields.end() || cell->is_null() || *cell == "" ||
                   (cell->is_string() && isWithin(m_hints.classes, cell->get_ref<const std::string &>()));
        });
    }

    void guessLabel()
    {
        const auto holds = [&](const ColumnFacts &facts) { return holdsClasses(facts); };
        if (std::count_if(m_facts.begin(), m_facts.end(), holds) == 1) {
            m_roles.label = {std::find_if(m_facts.begin(), m_facts.end(), holds)->name};
            m_roles.layout = RowRoles::Layout::Value;
            m_roles.notes.push_back("No column has a known name for the label: " + inQuotes(m_roles.label.front()) +
                                    " is read, as its values are the classes.");
            return;
        }
        const ColumnFacts *found = nullptr;
        size_t others = 0;
        for (const ColumnFacts &facts : m_facts) {
            if (isTaken(facts.name) || facts.filled == 0 || facts.isNested)
                continue;
            ++others;
            const bool isShort = m_facts.size() == 2 && facts.length <= 30 && !facts.isNumeric;
            if (isBesideTheRow(facts.name) || (!facts.isCategory() && !isShort))
                continue;
            if (found) {  // two may be it
                found = nullptr;
                break;
            }
            found = &facts;
        }
        if (!found)
            return;
        m_roles.label = {found->name};
        m_roles.layout = RowRoles::Layout::Value;
        m_roles.notes.push_back("No column has a known name for the label: " + inQuotes(found->name) +
                                " is read, as its values come again and again.");
    }

    /// Which columns were taken, where that is not plain.
    void describe()
    {
        if (!m_hints.wantsLabel || m_roles.isOwn || m_roles.hasPlaces)
            return;
        using Layout = RowRoles::Layout;
        const std::string text = m_roles.text.front().front();
        if (m_roles.layout == Layout::OneHot) {
            m_roles.notes.push_back("The columns " + listed(m_roles.label) +
                                    " are read as classes: 1 is set, 0 is not.");
        } else if (m_roles.layout == Layout::Columns) {
            m_roles.notes.push_back("The labels are read from the columns " + listed(m_roles.label) + ".");
        } else if (m_roles.layout == Layout::None) {
            std::vector<std::string> others = m_roles.candidates;
            std::erase_if(others, [&](const auto &name) { return isTaken(name); });
            if (!others.empty())
                m_roles.notes.push_back(
                    "No column is known as the label, so the rows come without one. Other columns: " + listed(others) +
                    ".");
        } else if (m_roles.text.size() > 1) {
            m_roles.notes.push_back("The label is read from " + inQuotes(m_roles.label.front()) + ".");
        } else if (foldedColumnName(text) != "text" || foldedColumnName(m_roles.label.front()) != "label") {
            m_roles.notes.push_back("The text is read from " + inQuotes(text) + ", the label from " +
                                    inQuotes(m_roles.label.front()) + ".");
        }
    }

    const RecordFile &m_file;
    const ShapeHints &m_hints;
    std::vector<ColumnFacts> m_facts;
    RowRoles m_roles;
};

}  // namespace

tl::expected<RowRoles, std::string> rolesOf(const RecordFile &file, const ShapeHints &hints)
{
    return RoleFinder(file, hints).find();
}

}  // namespace core
