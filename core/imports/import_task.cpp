// SPDX-License-Identifier: Apache-2.0
#include "core/imports/import_task.h"

#include "core/base/names.h"
#include "core/imports/import_plan.h"
#include "core/imports/known_files.h"
#include "core/imports/own_rows.h"
#include "core/rows/label_names.h"
#include "core/rows/make_exam.h"
#include "core/rows/tokenized_rows.h"
#include "core/service/row_families.h"
#include "core/settings/log.h"
#include "core/store/edit_log.h"
#include "core/store/run_store.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <unordered_set>

using base::Result;

namespace core {

namespace {

constexpr size_t SliceRows = 5000;
/// Names in a sentence.
constexpr size_t ShownColumns = 8;

/// Collects the rows of one edit and writes them in slices.
class Importer {
public:
    Importer(const Service &service, const ImportPlaces &places, const ImportOptions &options, int64_t edit)
        : m_service(service), m_places(places), m_options(options), m_log(service.database()), m_edit(edit)
    {
        m_summary.passedOver = places.passedOver;
        for (const std::string &note : places.notes)
            m_summary.notes.push_back({{}, note});
        m_how.validationIsExam = std::none_of(places.files.begin(), places.files.end(),
                                              [](const ImportFile &file) { return file.split == NamedSplit::Test; });
    }

    Result<void> prepare()
    {
        auto labels = TRY(m_service.examples().labels());
        auto several = TRY(m_service.isMultiLabel());
        auto counts = TRY(m_service.examples().countsByLabel());
        m_how.hints = importHints(labels, several, m_options);
        m_takesSeveral = several;
        m_how.mayTakeSeveral = several || (counts.empty() && (m_how.hints.classes.empty() || m_options.typeIsOpen));
        m_names.emplace(labels);
        for (const Label &label : labels)
            m_labels[label.name] = label;
        m_declare = m_options.declareClasses || m_how.hints.classes.empty();
        for (const ImportFile &file : m_places.files)
            m_sources.push_back(identityOf(file));
        return {};
    }

    Result<void> addFile(size_t index, const base::WorkContext &context)
    {
        const ImportFile &from = m_places.files[index];
        PlanOptions how = m_how;
        how.hints.takesSeveral = m_takesSeveral;
        how.origin = m_sources[index].origin;
        how.content = m_sources[index].content;
        auto file = readImportFile(from, m_options.read, context);
        auto plan = file ? planFile(*file, from, m_options, how, context) : Result<FilePlan>(base::failure(file));
        if (!plan)
            return leaveOut(from, plan.error());
        for (std::string &note : plan->notes)
            m_summary.notes.push_back({from.name, std::move(note)});
        for (Rejection &rejection : plan->rejections)
            m_summary.rejected.push_back({from.name, rejection.row, std::move(rejection.reason)});
        if (plan->hasSeveral && !m_takesSeveral) {
            m_takesSeveral = m_summary.becameMultiLabel = true;
            if (auto set = m_options.isRehearsal ? Result<void>() : m_log.set(m_edit, Service::taskTypeChange(true));
                !set)
                return set;
        }
        if (!m_options.groupColumn.empty())
            m_columns.merge(otherColumns(plan->rows));
        TRY(removeOldRows(from, how, plan->hasSplits));
        for (const PlannedRow &planned : plan->rows) {
            TRY(readSeen(planned.row.split));
        }
        TRY(makeLabels(*plan));
        TRY(updateOwnRows(*plan));
        for (PlannedRow &planned : plan->rows)
            addRow(planned);
        return m_options.examShare > 0 ? Result<void>() : flush(false);
    }

    /// What waited for all files: rows of which some go to the exam.
    Result<void> finish(const base::WorkContext &context)
    {
        TRY(keepGroupColumn());
        TRY(m_options.examShare > 0 ? chooseExam(context) : Result<void>());
        for (const Example &row : m_pending)
            ++m_summary.bySplit[row.split];
        return flush(true);
    }

    /// An error when several files were given and none could be read.
    [[nodiscard]] Result<void> verdict() const
    {
        return m_firstError && m_summary.isEmpty() && m_read == 0 ? Result<void>(tl::unexpected(*m_firstError))
                                                                  : Result<void>();
    }
    [[nodiscard]] ImportSummary &summary() { return m_summary; }
    [[nodiscard]] bool hasNewClasses() const { return m_newClasses; }

private:
    /// Whether a row came from one of the files whose rows go: as ExampleQuery::origin and its kin choose them.
    [[nodiscard]] bool isReplaced(const Example &row) const
    {
        return m_options.replaceSource &&
               std::any_of(m_sources.begin(), m_sources.end(), [&](const FileIdentity &source) {
                   if (row.origin == 0 && row.content == 0)
                       return row.source == source.name;
                   return row.origin == source.origin || (row.content != 0 && row.content == source.content);
               });
    }

    /// Rows of a split that are there already, once for each split that rows go to. Those of files that are replaced
    /// do not count, whichever file of them comes first.
    Result<void> readSeen(Split split)
    {
        if (!m_options.skipDuplicates || !m_seenSplits.insert(split).second)
            return {};
        return m_service.examples().forEach({.split = split}, [&](const Example &row) {
            if (!isReplaced(row))
                m_seen.insert(seenKey(split, row.text, m_names->text(row)));
        });
    }

    [[nodiscard]] static int64_t seenKey(Split split, const std::string &text, const std::string &label)
    {
        return rowHash(text, label) * 3 + static_cast<int64_t>(split);
    }

    /// A file that cannot be read costs the import where it is the only one.
    Result<void> leaveOut(const ImportFile &from, const base::Error &error)
    {
        const bool ofItself = error.code != base::ErrorCode::Cancelled && error.code != base::ErrorCode::NotFound;
        if (!ofItself || m_places.files.size() == 1)
            return tl::unexpected(error);
        m_summary.rejected.push_back({from.name, 0, error.message});
        if (!m_firstError)
            m_firstError = error;
        return {};
    }

    Result<void> removeOldRows(const ImportFile &from, const PlanOptions &how, bool hasSplits)
    {
        ++m_read;
        if (!m_options.replaceSource)
            return {};
        ExampleQuery query = rowsOfFile({from.name, how.origin, how.content});
        if (!hasSplits && m_options.examShare == 0)
            query.split = m_options.split;
        auto rows = TRY(m_service.examples().order(query));
        std::erase_if(rows, [&](int64_t row) { return !m_removed.insert(row).second; });
        m_summary.replaced += static_cast<int64_t>(rows.size());
        return m_options.isRehearsal ? Result<void>() : m_log.remove(m_edit, rows);
    }

    /// That a column says which rows belong together; an error where no file has it.
    Result<void> keepGroupColumn()
    {
        if (m_options.groupColumn.empty() || m_read == 0)
            return {};
        if (!m_columns.contains(m_options.groupColumn))
            return base::failure(
                base::ErrorCode::InvalidInput,
                "No column \"" + m_options.groupColumn + "\" stands beside text and label. " +
                    (m_columns.empty()
                         ? std::string("There are no other columns.")
                         : "There are: " + base::listed({m_columns.begin(), m_columns.end()}, ShownColumns) + "."),
                m_options.groupColumn);
        return m_options.isRehearsal ? Result<void>()
                                     : m_log.set(m_edit, Service::groupColumnChange(m_options.groupColumn));
    }

    /// New names become labels of this edit, all at once.
    Result<void> makeLabels(const FilePlan &plan)
    {
        std::vector<std::string> names;
        for (const PlannedRow &planned : plan.rows) {
            for (const std::string &name : planned.labels) {
                const auto known = m_labels.find(name);
                if (known != m_labels.end() && (known->second.declared || !m_declare))
                    continue;
                Label &label = m_labels[name];
                label.name = name;
                label.declared = m_declare;
                names.push_back(name);
            }
        }
        if (names.empty())
            return {};
        m_newClasses = m_newClasses || m_declare;
        if (m_options.isRehearsal) {
            for (const std::string &name : names) {
                if (m_labels[name].id == 0)
                    m_labels[name].id = --m_rehearsedLabel;
            }
        } else {
            auto ids = TRY(m_log.labelsFor(m_edit, names, m_declare));
            for (size_t i = 0; i < names.size(); ++i)
                m_labels[names[i]].id = ids[i];
        }
        std::vector<Label> known;
        for (const auto &[name, label] : m_labels)
            known.push_back(label);
        m_names.emplace(known);
        return {};
    }

    [[nodiscard]] LabelSet labelsOf(const PlannedRow &planned) const
    {
        std::vector<int64_t> ids;
        for (const std::string &name : planned.labels)
            ids.push_back(m_labels.at(name).id);
        return labelSet(std::move(ids), planned.isAnswered);
    }

    /// Rows of an export of ours change those that are there.
    Result<void> updateOwnRows(FilePlan &plan)
    {
        if (!plan.isOwn || !m_options.updatesOwnRows)
            return {};
        std::vector<LabelSet> labels;
        for (const PlannedRow &planned : plan.rows)
            labels.push_back(labelsOf(planned));
        auto changes = TRY(changesOfOwnRows(m_service, *m_names, plan.rows, labels));
        m_summary.updated += changes.updated;
        m_summary.duplicates += changes.equal;
        for (RowUpdate &update : changes.updates)
            m_summary.updates.push_back(std::move(update));
        size_t i = 0;
        std::erase_if(plan.rows, [&](const PlannedRow &) { return changes.areOurs[i++]; });
        return m_options.isRehearsal || changes.draft.changes.empty() ? Result<void>()
                                                                      : m_log.change(m_edit, changes.draft.changes);
    }

    void addRow(PlannedRow &planned)
    {
        core::setLabels(planned.row, labelsOf(planned));
        const Example &row = planned.row;
        if (m_options.skipDuplicates && !m_seen.insert(seenKey(row.split, row.text, m_names->text(row))).second) {
            ++m_summary.duplicates;
            return;
        }
        ++m_summary.imported;
        if (!planned.isAnswered && row.split != Split::Unlabelled)
            ++m_summary.unlabelled;
        for (const std::string &name : planned.labels) {
            if (!m_labels.at(name).declared)
                ++m_summary.otherLabels[name];
        }
        m_pending.push_back(std::move(planned.row));
    }

    /// Rows that say nearly the same as one that is learned from already stay with it.
    Result<void> chooseExam(const base::WorkContext &context)
    {
        auto families = TRY(m_options.groupColumn.empty() ? RowFamilies::of(m_service)
                                                          : RowFamilies::by(m_options.groupColumn, m_service));
        ExamPool pool;
        auto read = m_service.examples().forEach({.split = Split::Train}, [&](const Example &row) {
            if (const LabelSet set = core::labelsOf(row); set.isAnswered && !m_removed.contains(row.id))
                pool.add(row.text, set, ExamCandidate::May::Stay, families.family(row));
        });
        if (!read)
            return read;
        std::vector<Example *> rows;
        for (Example &row : m_pending) {
            const LabelSet set = core::labelsOf(row);
            if (row.split != Split::Train || !set.isAnswered)
                continue;
            pool.add(row.text, set, ExamCandidate::May::Move, families.family(row));
            rows.push_back(&row);
        }
        auto chosen = TRY(pool.choose(m_options.examShare, context));
        const size_t before = chosen.size() - rows.size();
        for (size_t i = 0; i < rows.size(); ++i) {
            if (chosen.at(before + i)) {
                rows[i]->split = Split::Test;
                ++m_summary.toExam;
            }
        }
        if (m_summary.toExam == 0)
            m_summary.notes.push_back({{},
                                       "No row was kept for the exam: the labelled rows are too few, or all of them "
                                       "say nearly the same."});
        return {};
    }

    Result<void> flush(bool isLast)
    {
        for (size_t first = 0; !m_options.isRehearsal && first < m_pending.size(); first += SliceRows) {
            const size_t count = std::min(SliceRows, m_pending.size() - first);
            TRY(m_log.add(m_edit, std::span(m_pending).subspan(first, count)));
        }
        for (const Example &row : m_pending)
            m_summary.bySplit[row.split] += isLast ? 0 : 1;
        m_pending.clear();
        return {};
    }

    const Service &m_service;
    const ImportPlaces &m_places;
    const ImportOptions &m_options;
    EditLog m_log;
    int64_t m_edit;
    std::optional<base::Error> m_firstError;
    PlanOptions m_how;
    std::optional<LabelNames> m_names;
    std::map<std::string, Label> m_labels;
    bool m_takesSeveral = false;
    bool m_declare = false;
    bool m_newClasses = false;
    size_t m_read = 0;  ///< files
    int64_t m_rehearsedLabel = 0;
    std::vector<FileIdentity> m_sources;  ///< of each file
    std::set<int64_t> m_removed;
    std::set<Split> m_seenSplits;
    std::set<std::string> m_columns;  ///< beside text and label
    std::unordered_set<int64_t> m_seen;
    std::vector<Example> m_pending;
    ImportSummary m_summary;
};

Result<void> run(Importer &importer, const ImportPlaces &places, const base::WorkContext &context)
{
    TRY(importer.prepare());
    for (size_t i = 0; i < places.files.size(); ++i) {
        TRY(importer.addFile(i, context));
    }
    TRY(importer.finish(context));
    return importer.verdict();
}

}  // namespace

Result<RecordFile> readImportFile(const ImportFile &file, ReadOptions options, const base::WorkContext &context)
{
    std::shared_ptr<const engine::Tokenizer> tokenizer;
    if (!options.tokenizer && isDocument(file.path)) {
        tokenizer = defaultTokenizerOrNull();  // without base weights at hand documents come by paragraphs
        options.tokenizer = tokenizer.get();
    }
    if (!file.label.empty() && options.unit == TextUnit::Automatic)
        options.unit = TextUnit::Whole;  // one text a file, as its folder is its label
    options.entry = file.entry;
    return readRowFile(file.path, options, context);
}

std::vector<std::string> declaredNames(const std::vector<Label> &labels)
{
    std::vector<std::string> names;
    for (const Label &label : labels) {
        if (label.declared)
            names.push_back(label.name);
    }
    return names;
}

ShapeHints importHints(const std::vector<Label> &labels, bool takesSeveral, const ImportOptions &options)
{
    ShapeHints hints{.textColumns = options.textColumns, .labelColumns = options.labelColumns};
    hints.classes = declaredNames(labels);
    hints.wantsLabel = options.split != Split::Unlabelled;
    hints.takesSeveral = takesSeveral;
    hints.numbers = options.numbers;
    hints.meaning = options.meaning;
    return hints;
}

Result<ImportSummary> importPlaces(const Service &service, const ImportPlaces &places, const ImportOptions &options,
                                   const base::WorkContext &context)
{
    if (options.isRehearsal) {
        Importer importer(service, places, options, 0);
        auto done = run(importer, places, context);
        return done ? Result<ImportSummary>(std::move(importer.summary())) : base::failure(done);
    }
    const EditLog log(service.database());
    const std::string what =
        places.files.size() == 1 ? places.files.front().name : std::to_string(places.files.size()) + " files";
    auto edit = TRY(log.open("Import " + what + " into " + name(options.split)));
    Importer importer(service, places, options, edit);
    auto done = run(importer, places, context);
    const ImportSummary &summary = importer.summary();
    if (done && summary.isEmpty() && summary.replaced == 0) {
        // Nothing came of it: no step for undo.
        static_cast<void>(log.abandon(edit));
        return std::move(importer.summary());
    }
    if (done)
        done = log.close(edit);
    if (done && importer.hasNewClasses())
        static_cast<void>(service.writeMirror());  // a copy: the rows are in, whatever becomes of it
    if (done)
        static_cast<void>(log.forgetDropped());  // what is not forgotten now is the next time
    if (!done) {
        static_cast<void>(log.abandon(edit));  // if this fails, too, the next edit or the next open does it
        return base::failure(done);
    }
    logEvent("import", {{"imported", summary.imported},
                        {"updated", summary.updated},
                        {"duplicates", summary.duplicates},
                        {"rejected", static_cast<int64_t>(summary.rejected.size())}});
    return std::move(importer.summary());
}

Result<ImportSummary> importFiles(const Service &service, const std::vector<std::filesystem::path> &places,
                                  const ImportOptions &options, const base::WorkContext &context)
{
    auto labels = TRY(service.examples().labels());
    auto found = TRY(findImportPlaces(places, declaredNames(labels)));
    return importPlaces(service, found, options, context);
}

}  // namespace core
