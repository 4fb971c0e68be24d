// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/rows_task.h"

#include "core/base/atomic_file.h"
#include "core/formats/csv.h"
#include "core/formats/label_text.h"
#include "core/formats/spreadsheet_safe.h"
#include "core/formats/workbook_writer.h"
#include "core/rows/label_names.h"
#include "core/store/extra_fields.h"
#include "core/tasks/free_name.h"

#include <unordered_map>

using base::failure;
using base::Result;
using nlohmann::ordered_json;

namespace core {

namespace {

/// Whether rows go out with all that is known of them, and so with the other columns of their files.
bool carriesExtra(const RowsOptions &options)
{
    return options.format == RowFormat::Csv || options.format == RowFormat::Xlsx ||
           (options.format == RowFormat::Jsonl && options.shape == RowShape::Own);
}

class RowFormatter {
public:
    /// `extra`: names of the other columns of all rows to come.
    RowFormatter(const RowsOptions &options, const std::vector<Label> &labels, bool takesSeveral,
                 const std::vector<std::string> &extra)
        : m_options(options), m_labels(labels), m_takesSeveral(takesSeveral), m_columns(ownColumns())
    {
        for (const Label &label : labels)
            m_names.push_back(label.name);
        std::unordered_set<std::string> taken(m_columns.begin(), m_columns.end());
        for (const std::string &name : extra) {
            m_places[name] = m_columns.size();
            m_columns.push_back(freeName(name, taken));
        }
    }

    /// Ours, then those of the rows' files.
    [[nodiscard]] const std::vector<std::string> &columns() const { return m_columns; }

    [[nodiscard]] std::vector<std::string> cells(const Example &row) const
    {
        std::vector<std::string> cells{std::to_string(row.id), row.text,   m_labels.text(row), core::name(row.split),
                                       row.provenance,         row.source, row.comment,        row.place};
        cells.resize(m_columns.size());
        const ExtraFields fields = extraFields(row.extra);
        for (const auto &[name, value] : fields)
            cells[m_places.at(name)] = cellText(value);
        return cells;
    }

    [[nodiscard]] std::string header() const
    {
        switch (m_options.format) {
        case RowFormat::Csv: return (m_options.lossless ? "" : SpreadsheetMark) + csvRow(forSpreadsheets(m_columns));
        case RowFormat::Distil:
            return csvRow(m_options.split == Split::Unlabelled ? std::vector<std::string>{"context"}
                                                               : std::vector<std::string>{"question", "answer"});
        default: return {};
        }
    }

    [[nodiscard]] std::string line(const Example &row) const
    {
        if (m_options.format == RowFormat::Distil)
            return csvRow(m_options.split == Split::Unlabelled
                              ? std::vector<std::string>{row.text}
                              : std::vector<std::string>{row.text, m_labels.text(row)});
        if (m_options.format == RowFormat::Csv)
            return csvRow(forSpreadsheets(cells(row)));
        return object(row).dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
    }

private:
    /// Unless they are wanted as they are.
    [[nodiscard]] std::vector<std::string> forSpreadsheets(std::vector<std::string> cells) const
    {
        for (auto &cell : cells) {
            if (!m_options.lossless)
                cell = toSpreadsheetSafe(cell);
        }
        return cells;
    }

    /// A name, or where a row may have several a list of them; null: nobody has labelled it.
    [[nodiscard]] ordered_json labelOf(const Example &row) const
    {
        if (!row.label && !row.isNone)
            return nullptr;
        return m_takesSeveral ? ordered_json(m_labels.of(labelsOf(row))) : ordered_json(m_labels.text(row));
    }

    /// {"refund": 1, "delivery": 0}
    [[nodiscard]] ordered_json mapOf(const Example &row) const
    {
        ordered_json map = ordered_json::object();
        for (const std::string &name : m_names)
            map[name] = 0;
        for (const std::string &name : m_labels.of(labelsOf(row)))
            map[name] = 1;
        return map;
    }

    [[nodiscard]] ordered_json object(const Example &row) const
    {
        const ordered_json label = labelOf(row);
        switch (m_options.shape) {
        case RowShape::TextLabel: return {{"text", row.text}, {"label", label}};
        case RowShape::PromptCompletion:
            return {{"prompt", row.text}, {"completion", m_takesSeveral && !label.is_null() ? mapOf(row) : label}};
        case RowShape::QuestionAnswer: return {{"question", row.text}, {"answer", label}};
        case RowShape::Messages: {
            ordered_json messages = {{{"role", "user"}, {"content", row.text}}};
            if (!label.is_null())  // a message is a text
                messages.push_back({{"role", "assistant"}, {"content", m_labels.text(row)}});
            return {{"messages", messages}};
        }
        default: break;
        }
        ordered_json own{{"id", row.id},
                         {"text", row.text},
                         {"label", label},
                         {"split", core::name(row.split)},
                         {"provenance", row.provenance},
                         {"source", row.source}};
        if (!row.comment.empty())
            own["comment"] = row.comment;
        if (!row.place.empty())
            own["place"] = row.place;
        ExtraFields fields = extraFields(row.extra);
        // No name is there twice, so none need be looked for.
        for (auto &[name, value] : fields)
            own.get_ref<ordered_json::object_t &>().emplace_back(m_columns[m_places.at(name)], std::move(value));
        return own;
    }

    const RowsOptions &m_options;
    LabelNames m_labels;
    std::vector<std::string> m_names;
    bool m_takesSeveral;
    std::vector<std::string> m_columns;
    std::unordered_map<std::string, size_t> m_places;  ///< in m_columns, by name in the rows
};

Result<RowFormatter> formatterOf(const Service &service, const RowsOptions &options)
{
    auto labels = TRY(service.examples().labels());
    auto several = TRY(service.isMultiLabel());
    std::vector<std::string> extra;
    if (carriesExtra(options)) {
        extra = TRY(service.examples().extraColumns(options.split));
    }
    return RowFormatter(options, labels, several, extra);
}

/// Hands every row to `write`, with a formatter that knows all their columns, until it fails. How many there were.
Result<int64_t> forEachRow(const Service &service, const RowsOptions &options, const base::WorkContext &context,
                           const std::function<Result<void>(const RowFormatter &)> &begin,
                           const std::function<Result<void>(const RowFormatter &, const Example &)> &write)
{
    return guardStore([&]() -> Result<int64_t> {
        const Snapshot snapshot(service.database());  // no row comes with a column that was not there at first
        auto formatter = TRY(formatterOf(service, options));
        auto written = begin(formatter);
        int64_t rows = 0;
        TRY(service.examples().forEach({.split = options.split}, [&](const Example &row) {
            if (written && context.stopRequested())
                written = base::cancelled();
            if (!written)
                return;
            written = write(formatter, row);
            ++rows;
        }));
        if (!written)
            return failure(written);
        return rows;
    });
}

Result<void> writeWorkbook(const Service &service, const RowsOptions &options, const std::filesystem::path &file,
                           int64_t &rows, const base::WorkContext &context)
{
    WorkbookWriter writer(file);
    auto written = TRY(forEachRow(
        service, options, context,
        [&](const RowFormatter &formatter) { return writer.add(formatter.columns(), "the header"); },
        [&](const RowFormatter &formatter, const Example &row) {
            return writer.add(formatter.cells(row), "row " + std::to_string(row.id));
        }));
    rows = written;
    return writer.finish();
}

}  // namespace

Result<int64_t> writeRows(const Service &service, const RowsOptions &options,
                          const std::function<Result<void>(std::string_view)> &write, const base::WorkContext &context)
{
    return forEachRow(
        service, options, context, [&](const RowFormatter &formatter) { return write(formatter.header()); },
        [&](const RowFormatter &formatter, const Example &row) { return write(formatter.line(row)); });
}

Result<int64_t> exportRows(const Service &service, const RowsOptions &options, const std::filesystem::path &to,
                           const base::WorkContext &context)
{
    int64_t rows = 0;
    if (options.format == RowFormat::Xlsx) {
        TRY(base::fillFile(to, [&](const std::filesystem::path &temporary) {
            return writeWorkbook(service, options, temporary, rows, context);
        }));
        return rows;
    }
    base::AtomicFile file(to);
    TRY(file.open());
    auto written = writeRows(
        service, options, [&](std::string_view text) { return file.write(text); }, context);
    if (!written)
        return written;
    TRY(file.commit());
    return written;
}

Result<int64_t> exportDistilFolder(const Service &service, const std::filesystem::path &to,
                                   const base::WorkContext &context)
{
    int64_t rows = 0;
    TRY(base::writeFolder(to, false, [&](const std::filesystem::path &folder) -> Result<void> {
        auto job = TRY(service.describe());
        TRY(base::writeFile(folder / "job_description.json", job));
        TRY(base::writeFile(folder / "config.yaml", "base:\n  task: classification\n"));
        constexpr std::pair<Split, const char *> parts[] = {
            {Split::Train, "train.csv"}, {Split::Test, "test.csv"}, {Split::Unlabelled, "unstructured.csv"}};
        for (const auto &[split, name] : parts) {
            auto count =
                TRY(exportRows(service, {.format = RowFormat::Distil, .split = split}, folder / name, context));
            rows += count;
            if (count == 0 && split == Split::Unlabelled)
                std::filesystem::remove(folder / name);
        }
        return {};
    }));
    return rows;
}

}  // namespace core
