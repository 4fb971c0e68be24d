// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/import_task.h"

#include "core/formats/label_text.h"
#include "core/formats/row_shapes.h"
#include "core/settings/log.h"
#include "core/store/edit_log.h"
#include "core/store/run_store.h"
#include "core/tasks/label_names.h"
#include "core/tasks/tokenized_rows.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <unordered_set>

using base::Result;

namespace core {

namespace {

constexpr size_t SliceRows = 5000;

std::string textOf(const Record &record, const char *field)
{
    const auto found = record.fields.find(field);
    return found != record.fields.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// Collects rows of one edit and writes them in slices.
class Importer {
public:
    Importer(const Service &service, const ImportOptions &options, int64_t edit,
             const std::vector<std::filesystem::path> &files)
        : m_service(service), m_options(options), m_log(service.database()), m_edit(edit), m_files(files.size())
    {
        for (const auto &file : files)
            m_fileNames.insert(file.filename().string());
    }

    Result<void> prepare()
    {
        auto labels = m_service.examples().labels();
        if (!labels)
            return base::failure(labels);
        auto several = m_service.isMultiLabel();
        if (!several)
            return base::failure(several);
        auto counts = m_service.examples().countsByLabel();
        if (!counts)
            return base::failure(counts);
        m_hints.takesSeveral = *several;
        m_mayTakeSeveral = *several || counts->empty();
        const LabelNames names(*labels);
        for (const Label &label : *labels) {
            m_labelIds[label.name] = label.id;
            m_names[label.id] = label.name;
            if (label.declared)
                m_hints.classes.push_back(label.name);
        }
        m_declare = m_options.declareClasses || m_hints.classes.empty();
        m_hints.textColumn = m_options.textColumn;
        m_hints.labelColumn = m_options.labelColumn;
        m_hints.wantsLabel = m_options.split != Split::Unlabelled;
        if (!m_options.skipDuplicates)
            return {};
        return m_service.examples().forEach({.split = m_options.split}, [&](const Example &row) {
            if (m_options.replaceSource && m_fileNames.contains(row.source))
                return;
            m_seen.insert(rowHash(row.text, names.text(row)));
        });
    }

    Result<void> addFile(const std::filesystem::path &path, const base::WorkContext &context)
    {
        const std::string fileName = path.filename().string();
        auto file = readImportFile(path, m_options.read, context);
        const bool ofItself =
            !file && file.error().code != base::ErrorCode::Cancelled && file.error().code != base::ErrorCode::NotFound;
        if (ofItself && m_files > 1) {
            m_summary.rejected.push_back({fileName, 0, file.error().message});
            if (!m_firstError)
                m_firstError = file.error();
            return {};
        }
        if (!file)
            return base::failure(file);
        for (const Rejection &rejection : file->rejections)
            m_summary.rejected.push_back({fileName, rejection.row, rejection.reason});
        if (auto removed = removeOldRows(fileName); !removed)
            return removed;
        const bool hasPlaces = isDocument(path);
        int64_t done = 0;
        for (const Record &record : file->records) {
            if (context.stopRequested())
                return base::cancelled();
            if (auto added = addRecord(record, fileName, hasPlaces); !added)
                return added;
            context.report({++done, static_cast<int64_t>(file->records.size()), "Importing"});
        }
        std::stable_sort(m_summary.rejected.begin(), m_summary.rejected.end(),
                         [&](const auto &a, const auto &b) { return a.file == b.file && a.row < b.row; });
        return flush();
    }

    [[nodiscard]] const ImportSummary &summary() const { return m_summary; }
    /// An error when several files were given and none could be read.
    [[nodiscard]] Result<void> verdict() const
    {
        const bool none = m_summary.imported == 0 && m_summary.duplicates == 0 && m_summary.rejected.size() == m_files;
        return m_firstError && none ? Result<void>(tl::unexpected(*m_firstError)) : Result<void>();
    }
    [[nodiscard]] bool hasNewClasses() const { return m_newClasses; }

private:
    Result<void> removeOldRows(const std::string &fileName)
    {
        if (!m_options.replaceSource || !m_replacedFiles.insert(fileName).second)
            return {};
        auto rows = m_service.examples().order({.split = m_options.split, .source = fileName});
        if (!rows)
            return base::failure(rows);
        m_summary.replaced += static_cast<int64_t>(rows->size());
        return m_log.remove(m_edit, *rows);
    }

    Result<void> addRecord(const Record &record, const std::string &fileName, bool hasPlace)
    {
        auto shaped = shapeRow(record, m_hints);
        if (!shaped) {
            m_summary.rejected.push_back({fileName, record.row, shaped.error()});
            return {};
        }
        const std::string refusal = whyNotOneLabel(*shaped);
        const bool isSeveral = !refusal.empty();
        if (isSeveral && !m_mayTakeSeveral) {
            m_summary.rejected.push_back({fileName, record.row, refusal});
            return {};
        }
        if (isSeveral && !m_hints.takesSeveral) {
            if (auto set = m_log.set(m_edit, Service::taskTypeChange(true)); !set)
                return set;
            m_hints.takesSeveral = m_summary.becameMultiLabel = true;
        }
        auto ids = idsOf(shaped->labels);
        if (!ids)
            return base::failure(ids);
        const LabelSet set = labelSet(std::move(*ids), shaped->isAnswered);
        std::vector<std::string> names;
        for (const int64_t id : set.ids)
            names.push_back(m_names.at(id));
        const std::string label = isSeveral            ? joinLabels(names)
                                  : shaped->isAnswered ? shaped->labels.front()
                                                       : std::string();
        if (m_options.skipDuplicates && !m_seen.insert(rowHash(shaped->text, label)).second) {
            ++m_summary.duplicates;
            return {};
        }
        Example example;
        example.text = std::move(shaped->text);
        example.split = m_options.split;
        example.source = fileName;
        example.sourceRow = record.row;
        const bool isOwn = record.fields.contains("provenance") && record.fields.contains("source");
        if (hasPlace || isOwn)
            example.place = textOf(record, "place");
        if (isOwn)  // what an export of ours knows beside text and label
            example.comment = textOf(record, "comment");
        setLabels(example, set);
        m_pending.push_back(std::move(example));
        ++m_summary.imported;
        return m_pending.size() >= SliceRows ? flush() : Result<void>();
    }

    /// New names become labels of this edit.
    Result<std::vector<int64_t>> idsOf(const std::vector<std::string> &labels)
    {
        std::vector<int64_t> ids;
        for (const std::string &label : labels) {
            auto known = m_labelIds.find(label);
            if (known == m_labelIds.end()) {
                auto id = m_log.labelFor(m_edit, label, m_declare);
                if (!id)
                    return base::failure(id);
                known = m_labelIds.emplace(label, *id).first;
                m_names[*id] = label;
                m_newClasses = m_newClasses || m_declare;
            }
            ids.push_back(known->second);
        }
        return ids;
    }

    Result<void> flush()
    {
        auto added = m_log.add(m_edit, m_pending);
        m_pending.clear();
        return added;
    }

    const Service &m_service;
    const ImportOptions &m_options;
    EditLog m_log;
    int64_t m_edit;
    size_t m_files;
    std::set<std::string> m_fileNames, m_replacedFiles;
    std::optional<base::Error> m_firstError;
    ShapeHints m_hints;
    bool m_declare = false;
    bool m_mayTakeSeveral = false;
    bool m_newClasses = false;
    std::map<std::string, int64_t> m_labelIds;
    std::map<int64_t, std::string> m_names;
    std::unordered_set<int64_t> m_seen;
    std::vector<Example> m_pending;
    ImportSummary m_summary;
};

}  // namespace

Result<RecordFile> readImportFile(const std::filesystem::path &file, ReadOptions options,
                                  const base::WorkContext &context)
{
    std::shared_ptr<const engine::Tokenizer> tokenizer;
    if (!options.tokenizer && isDocument(file)) {
        tokenizer = defaultTokenizerOrNull();  // without base weights at hand documents come by paragraphs
        options.tokenizer = tokenizer.get();
    }
    return readRowFile(file, options, context);
}

Result<std::vector<std::filesystem::path>> rowFilesIn(const std::vector<std::filesystem::path> &places)
{
    namespace fs = std::filesystem;
    std::vector<fs::path> files;
    for (const fs::path &place : places) {
        std::error_code code;
        if (!fs::is_directory(place, code)) {
            files.push_back(place);
            continue;
        }
        std::vector<fs::path> found;
        for (fs::recursive_directory_iterator i(place, fs::directory_options::skip_permission_denied, code), end;
             !code && i != end; i.increment(code)) {
            if (i->is_regular_file(code) && isRowFile(i->path()))
                found.push_back(i->path());
        }
        if (found.empty())
            return base::failure(base::ErrorCode::NotFound,
                                 "There are no files of rows or texts in this folder (.csv, .jsonl, .xlsx, .txt, .md, "
                                 ".pdf, .docx).",
                                 place.string());
        std::sort(found.begin(), found.end());
        files.insert(files.end(), found.begin(), found.end());
    }
    return files;
}

Result<ImportSummary> importFiles(const Service &service, const std::vector<std::filesystem::path> &files,
                                  const ImportOptions &options, const base::WorkContext &context)
{
    const EditLog log(service.database());
    const std::string what =
        files.size() == 1 ? files.front().filename().string() : std::to_string(files.size()) + " files";
    auto edit = log.open("Import " + what + " into " + name(options.split));
    if (!edit)
        return base::failure(edit);
    Importer importer(service, options, *edit, files);
    auto done = importer.prepare();
    for (size_t i = 0; done && i < files.size(); ++i)
        done = importer.addFile(files[i], context);
    if (done)
        done = importer.verdict();
    if (done)
        done = log.close(*edit);
    if (done && importer.hasNewClasses())
        static_cast<void>(service.writeMirror());  // a copy: the rows are in, whatever becomes of it
    if (done)
        static_cast<void>(log.forgetDropped());  // what is not forgotten now is the next time
    if (!done) {
        static_cast<void>(log.abandon(*edit));  // if this fails, too, the next edit or the next open does it
        return base::failure(done);
    }
    logEvent("import", {{"imported", importer.summary().imported},
                        {"duplicates", importer.summary().duplicates},
                        {"rejected", static_cast<int64_t>(importer.summary().rejected.size())}});
    return importer.summary();
}

}  // namespace core
