// SPDX-License-Identifier: Apache-2.0
// Random operations on a service and on an oracle in memory: edits, pastes, imports, imports that change rows, classes,
// undo, redo, sorting, filtering, opening again, and processes that die in the midst of an edit. Ends at the first
// difference.
//
//   model_rounds [--operations N] [--seed N]
#include "core/base/random.h"
#include "core/formats/csv.h"
#include "core/imports/import_task.h"
#include "core/service/service.h"
#include "core/store/edit_log.h"
#include "core/store/extra_fields.h"
#include "tests/model/oracle.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace fs = std::filesystem;
using base::Random;
using core::EditDraft;
using core::EditLog;
using core::FieldChange;
using Field = core::FieldChange::Field;

namespace {

constexpr size_t MostRows = 250;
/// The oracle looks at all of them after every operation, also at those that are gone.
constexpr size_t MostRowsEver = 4000;

template <class T>
T value(base::Result<T> result)
{
    if (!result)
        throw std::runtime_error(result.error().message + " (" + result.error().subject + ")");
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

class Rounds {
public:
    Rounds(fs::path folder, uint64_t seed) : m_folder(std::move(folder)), m_random(seed) { beginAnew(); }

    void play(uint64_t operations)
    {
        for (uint64_t i = 0; i < operations; ++i) {
            m_what = "?";
            if (m_oracle.now.rows.size() > MostRowsEver)
                beginAnew();
            one();
            compare(i % 16 == 0 || i + 1 == operations);
            if ((i + 1) % 10'000 == 0)
                std::fprintf(stderr, "%llu operations\n", static_cast<unsigned long long>(i + 1));
        }
    }
    [[nodiscard]] const std::string &what() const { return m_what; }

private:
    /// A service of its own, with two classes.
    void beginAnew()
    {
        m_service.reset();
        fs::remove_all(m_folder / "s");
        m_service.emplace(value(core::Service::create(m_folder / "s", "s", {"task", {{"a", ""}, {"b", ""}}, {}, {}})));
        m_oracle = {};
        m_oracle.begin({{}, {{1, {"a"}}, {2, {"b"}}}});
    }

    [[nodiscard]] EditLog log() const { return EditLog(m_service->database()); }

    std::string text()
    {
        static const char *const Words[] = {"Parcel", "money", "ÄÖ", "100%", "a_b", "\\",
                                            "'",      "\"",    "\n", "",     "😀",   "x"};
        std::string words;
        for (size_t n = m_random.below(4) + 1; n > 0; --n)
            words.append(Words[m_random.below(std::size(Words))]).append(std::to_string(m_random.below(30)));
        return words;
    }

    std::vector<int64_t> someRows()
    {
        std::vector<int64_t> shown = m_oracle.order({});
        m_random.shuffle(shown);
        shown.resize(std::min<size_t>(shown.size(), 1 + m_random.below(12)));
        return shown;
    }

    int64_t someLabel()
    {
        std::vector<int64_t> shown;
        for (const auto &[id, one] : m_oracle.now.classes) {
            if (one.shown)
                shown.push_back(id);
        }
        return shown.empty() ? 0 : shown[m_random.below(shown.size())];
    }

    void apply(const EditDraft &draft)
    {
        const bool inSlices = m_random.below(4) == 0;
        value(inSlices ? log().applyInSlices(draft, {}) : log().apply(draft));
        std::vector<int64_t> labels;
        for (const core::Label &label : draft.newLabels)
            labels.push_back(labelNamed(label.name));
        m_oracle.apply(draft, firstOfTheLast(draft.newRows.size()), labels);
    }

    /// The id of the first of so many rows that have come last.
    [[nodiscard]] int64_t firstOfTheLast(size_t rows) const
    {
        auto last = m_service->database().prepare("SELECT coalesce(max(id), 0) FROM example");
        last.step();
        return last.integer(0) + 1 - static_cast<int64_t>(rows);
    }

    int64_t labelNamed(const std::string &name) const
    {
        auto found = m_service->database().prepare("SELECT id FROM label WHERE name = ? AND removed = 0");
        return found.bind(name).step() ? found.integer(0) : 0;
    }

    std::string extra()
    {
        return m_random.below(3) == 0 ? "" : core::extraText({{"ticket", text()}, {"n", m_random.below(9)}});
    }

    void edit()
    {
        EditDraft draft{.title = "Edit"};
        addChanges(draft, someRows());
        apply(draft);
    }

    void addChanges(EditDraft &draft, const std::vector<int64_t> &rows)
    {
        for (const int64_t row : rows) {
            switch (m_random.below(7)) {
            case 0: draft.changes.push_back({row, Field::Text, text(), {}}); break;
            case 1: draft.changes.push_back({row, Field::Comment, m_random.below(2) ? text() : "", {}}); break;
            case 2: draft.changes.push_back({row, Field::Split, {}, static_cast<int64_t>(m_random.below(3))}); break;
            case 3: draft.changes.push_back({row, Field::Removed, {}, 1}); break;
            case 4: draft.changes.push_back({row, Field::Extra, extra(), {}}); break;
            case 5: {
                std::vector<int64_t> labels;
                for (size_t n = m_random.below(4); n > 0; --n) {
                    if (const int64_t label = someLabel())
                        labels.push_back(label);
                }
                core::addLabelChanges(draft, row, core::labelSet(std::move(labels), m_random.below(2) == 0));
                break;
            }
            default: {
                const int64_t label = someLabel();
                draft.changes.push_back({row, Field::Label, {}, label ? std::optional(label) : std::nullopt});
                draft.changes.push_back({row, Field::Provenance, "human", {}});
                if (m_random.below(3) == 0)
                    draft.changes.push_back(
                        {row, Field::Confidence, {}, {}, static_cast<double>(m_random.below(1000)) / 1000});
            }
            }
        }
    }

    /// An import that changes rows, brings classes, adds and removes rows, all as one edit; some are given up.
    void update()
    {
        const int64_t edit = value(log().open("Update"));
        std::vector<std::string> names;
        for (size_t n = m_oracle.now.classes.size() < 30 ? m_random.below(3) : 0; n > 0; --n)
            names.push_back(freshName());
        if (!names.empty())
            names.push_back(names.front());  // asked for twice, it is one
        const auto labels = value(log().labelsFor(edit, names, true));
        EditDraft draft;
        addChanges(draft, someRows());
        for (const int64_t label : labels) {
            for (const int64_t row : someRows())
                core::addLabelChanges(draft, row, core::labelSet({label}));
        }
        for (size_t n = m_random.below(5); n > 0; --n)
            draft.newRows.push_back({.text = text(), .source = "rows.csv", .extra = extra(), .origin = 5});
        const auto half = std::span(draft.changes).first(draft.changes.size() / 2);
        value(log().change(edit, half));
        value(log().add(edit, draft.newRows));
        value(log().change(edit, std::span(draft.changes).subspan(half.size())));
        const std::vector<int64_t> gone = someRows();
        value(log().remove(edit, gone));
        if (m_random.below(3) == 0) {
            value(log().abandon(edit));
            return;
        }
        value(log().close(edit));
        for (const int64_t row : gone)
            draft.changes.push_back({row, Field::Removed, {}, 1});
        for (size_t i = 0; i < labels.size(); ++i)
            m_oracle.now.classes[labels[i]] = {names[i], true};
        m_oracle.apply(draft, firstOfTheLast(draft.newRows.size()), {});
    }

    void paste()
    {
        EditDraft draft{.title = "Paste"};
        const bool isNewClass = m_oracle.now.classes.size() < 30 && m_random.below(4) == 0;
        if (isNewClass)
            draft.newLabels.push_back({.name = freshName()});
        for (size_t n = m_random.below(8); n > 0; --n) {
            core::Example row{.text = text(), .split = static_cast<core::Split>(m_random.below(3)), .source = "pasted"};
            std::vector<int64_t> labels;
            if (isNewClass)
                labels.push_back(core::newLabel(0));
            for (size_t more = m_random.below(3); more > 0; --more) {
                if (const int64_t label = someLabel())
                    labels.push_back(label);
            }
            core::setLabels(row, core::labelSet(std::move(labels), m_random.below(2) == 0));
            draft.newRows.push_back(std::move(row));
        }
        if (m_oracle.order({}).size() > MostRows) {
            for (const int64_t row : m_oracle.order({})) {
                if (m_random.below(2))
                    draft.changes.push_back({row, Field::Removed, {}, 1});
            }
        }
        apply(draft);
    }

    /// A name that no class has now; it may be one that a class has had.
    std::string freshName()
    {
        for (;;) {
            std::string name = "class" + std::to_string(m_random.below(60));
            if (labelNamed(name) == 0)
                return name;
        }
    }

    void editClasses()
    {
        const int64_t label = someLabel();
        EditDraft draft{.title = "Classes"};
        if (label == 0 || (m_oracle.now.classes.size() < 30 && m_random.below(3) == 0)) {
            draft.newLabels.push_back({.name = freshName()});
        } else if (m_random.below(2) && m_oracle.now.classes.size() < 35) {
            draft.labels.push_back({label, core::LabelChange::Field::Name, freshName(), 0});
        } else {
            draft.labels.push_back({label, core::LabelChange::Field::Removed, {}, 1});
            for (const auto &[id, row] : m_oracle.now.rows) {
                if (!row.labels.contains(label) || !row.shown)
                    continue;
                auto rest = row.labels.ids;
                std::erase(rest, label);
                core::addLabelChanges(draft, id, core::labelSet(std::move(rest), false));
            }
        }
        apply(draft);
    }

    void import()
    {
        std::string csv = "text,label\n";
        std::vector<std::pair<std::string, std::string>> rows;
        for (size_t n = 1 + m_random.below(6); n > 0; --n) {
            rows.emplace_back("imported " + text(), "class" + std::to_string(m_random.below(12)));
            csv += core::csvRow({rows.back().first, rows.back().second});
        }
        std::ofstream(m_folder / "rows.csv", std::ios::binary) << csv;
        value(core::importFiles(*m_service, {m_folder / "rows.csv"}, {.skipDuplicates = false, .declareClasses = true},
                                {}));
        int64_t id = firstOfTheLast(rows.size());
        for (const auto &[words, label] : rows) {
            const int64_t labelId = labelNamed(label);
            m_oracle.now.classes[labelId] = {label, true};
            m_oracle.now.rows[id++] = {words, {}, "imported", "rows.csv", core::labelSet({labelId}), core::Split::Train,
                                       true};
        }
        m_oracle.step();
    }

    /// Another process begins an edit and dies; opened again, nothing of it is left.
    void dieAndReopen()
    {
        const std::vector<int64_t> shown = m_oracle.order({});
        m_service.reset();
        const uint64_t seed = m_random.next();
        const pid_t child = ::fork();
        if (child == 0) {
            Random random(seed);
            auto service = core::Service::open(m_folder / "s");
            if (!service)
                ::_exit(1);
            const EditLog log(service->database());
            const auto begun = log.open("Import");
            if (begun) {
                static_cast<void>(log.labelFor(*begun, "class" + std::to_string(random.below(12)), true));
                const core::Example row{.text = "never"};
                static_cast<void>(log.add(*begun, std::span(&row, 1)));
                std::vector<FieldChange> changes;
                for (const int64_t id : shown) {
                    if (random.below(3) == 0)
                        changes.push_back({id, random.below(2) ? Field::Extra : Field::Text, "never", {}});
                }
                static_cast<void>(log.change(*begun, changes));
            }
            ::_exit(0);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        m_service.emplace(value(core::Service::open(m_folder / "s")));
    }

    void one()
    {
        const size_t drawn = m_random.below(1000);
        if (drawn < 400) {
            m_what = "edit";
            edit();
        } else if (drawn < 500) {
            m_what = "paste";
            paste();
        } else if (drawn < 560) {
            m_what = "classes";
            editClasses();
        } else if (drawn < 580) {
            m_what = "import";
            import();
        } else if (drawn < 620) {
            m_what = "update";
            update();
        } else if (drawn < 760) {
            m_what = "undo";
            if (value(log().undo()).has_value() != m_oracle.undo())
                throw std::runtime_error("undo: there is something to undo, or there is not");
        } else if (drawn < 860) {
            m_what = "redo";
            if (value(log().redo()).has_value() != m_oracle.redo())
                throw std::runtime_error("redo: there is something to redo, or there is not");
        } else if (drawn < 985) {
            m_what = "query";
            query();
        } else if (drawn < 990) {
            m_what = "forget";
            value(log().forgetDropped());
        } else {
            m_what = "die";
            dieAndReopen();
        }
    }

    void query()
    {
        core::ExampleQuery query;
        if (m_random.below(2))
            query.split = static_cast<core::Split>(m_random.below(3));
        if (const int64_t label = someLabel(); label && m_random.below(3) == 0)
            query.label = label;
        query.onlyUnlabelled = m_random.below(5) == 0;
        query.onlyCommented = m_random.below(5) == 0;
        query.onlySeveral = m_random.below(5) == 0;
        static const char *const Searches[] = {"parcel", "100%", "_", "\\", "'", "äö", "MONEY1", "😀"};
        if (m_random.below(2))
            query.search = Searches[m_random.below(std::size(Searches))];
        using Column = core::ExampleQuery::Column;
        static constexpr Column Columns[] = {Column::Text, Column::Comment, Column::Source, Column::Id};
        for (size_t n = m_random.below(4); n > 0; --n) {
            query.sort.push_back({Columns[m_random.below(std::size(Columns))], m_random.below(2) == 1});
            if (query.sort.back().column == Column::Id)
                break;
        }
        if (value(m_service->examples().order(query)) != m_oracle.order(query))
            throw std::runtime_error("a query shows other rows, or in another order");
    }

    void compare(bool all)
    {
        auto counts = value(m_service->examples().counts());
        if (counts.total() != static_cast<int64_t>(m_oracle.order({}).size()))
            throw std::runtime_error("other numbers of rows");
        if (!all)
            return;
        std::map<int64_t, model::Row> rows;
        value(m_service->examples().forEach({}, [&](const core::Example &row) {
            rows[row.id] = {row.text,  row.comment, row.provenance, row.source, core::labelsOf(row),
                            row.split, true,        row.confidence, row.extra};
        }));
        for (const auto &[id, row] : m_oracle.now.rows) {
            if (row.shown && (!rows.contains(id) || !(rows.at(id) == row)))
                throw std::runtime_error("row " + std::to_string(id) + " differs");
        }
        std::map<int64_t, std::string> classes, expected;
        for (const core::Label &label : value(m_service->examples().labels()))
            classes[label.id] = label.name;
        for (const auto &[id, one] : m_oracle.now.classes) {
            if (one.shown)
                expected[id] = one.name;
        }
        if (classes != expected)
            throw std::runtime_error("the classes differ");
    }

    fs::path m_folder;
    Random m_random;
    std::optional<core::Service> m_service;
    model::Oracle m_oracle;
    std::string m_what;
};

}  // namespace

int main(int argc, char **argv)
{
    std::map<std::string, uint64_t> options{{"--operations", 3000}, {"--seed", 1}};
    for (int i = 1; i + 1 < argc; i += 2)
        options[argv[i]] = std::stoull(argv[i + 1]);
    std::string folder = (fs::temp_directory_path() / "stillroom-model-XXXXXX").string();
    if (!::mkdtemp(folder.data()))
        return 2;
    int code = 0;
    std::optional<Rounds> rounds;
    try {
        rounds.emplace(folder, options["--seed"]);
        rounds->play(options["--operations"]);
        std::printf("%llu operations, no difference\n", static_cast<unsigned long long>(options["--operations"]));
    } catch (const std::exception &e) {
        std::printf("at %s: %s\n", rounds ? rounds->what().c_str() : "the beginning", e.what());
        code = 1;
    }
    rounds.reset();
    fs::remove_all(folder);
    return code;
}
