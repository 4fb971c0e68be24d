// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/rows_task.h"

#include "core/base/atomic_file.h"
#include "core/formats/csv.h"
#include "core/formats/label_text.h"
#include "core/formats/spreadsheet_safe.h"
#include "core/formats/workbook_writer.h"
#include "core/tasks/label_names.h"

#include <map>

using base::failure;
using base::Result;
using nlohmann::ordered_json;

namespace core {

namespace {

class RowFormatter {
public:
    RowFormatter(const RowsOptions &options, const std::vector<Label> &labels, bool takesSeveral)
        : m_options(options), m_labels(labels), m_takesSeveral(takesSeveral)
    {
        for (const Label &label : labels)
            m_names.push_back(label.name);
    }

    [[nodiscard]] std::vector<std::string> cells(const Example &row) const
    {
        return {std::to_string(row.id), row.text,   m_labels.text(row), core::name(row.split),
                row.provenance,         row.source, row.comment,        row.place};
    }

    [[nodiscard]] std::string header() const
    {
        switch (m_options.format) {
        case RowFormat::Csv: return (m_options.lossless ? "" : SpreadsheetMark) + csvRow(ownColumns());
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
        if (m_options.format == RowFormat::Csv) {
            auto all = cells(row);
            if (!m_options.lossless) {
                for (auto &cell : all)
                    cell = toSpreadsheetSafe(cell);
            }
            return csvRow(all);
        }
        return object(row).dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
    }

private:
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
        return own;
    }

    const RowsOptions &m_options;
    LabelNames m_labels;
    std::vector<std::string> m_names;
    bool m_takesSeveral;
};

Result<RowFormatter> formatterOf(const Service &service, const RowsOptions &options)
{
    auto labels = service.examples().labels();
    if (!labels)
        return failure(labels);
    auto several = service.isMultiLabel();
    if (!several)
        return failure(several);
    return RowFormatter(options, *labels, *several);
}

Result<void> writeWorkbook(const Service &service, const RowsOptions &options, const std::filesystem::path &file,
                           int64_t &rows, const base::WorkContext &context)
{
    auto formatter = formatterOf(service, options);
    if (!formatter)
        return failure(formatter);
    WorkbookWriter writer(file, ownColumns());
    Result<void> written;
    auto read = service.examples().forEach({.split = options.split}, [&](const Example &row) {
        if (written && context.stopRequested())
            written = base::cancelled();
        if (written)
            written = writer.add(formatter->cells(row), "row " + std::to_string(row.id));
        ++rows;
    });
    if (!read)
        return read;
    return written ? writer.finish() : written;
}

}  // namespace

Result<int64_t> writeRows(const Service &service, const RowsOptions &options,
                          const std::function<Result<void>(std::string_view)> &write, const base::WorkContext &context)
{
    auto formatter = formatterOf(service, options);
    if (!formatter)
        return failure(formatter);
    auto written = write(formatter->header());
    int64_t rows = 0;
    auto read = service.examples().forEach({.split = options.split}, [&](const Example &row) {
        if (written && context.stopRequested())
            written = base::cancelled();
        if (!written)
            return;
        written = write(formatter->line(row));
        ++rows;
    });
    if (!read)
        return failure(read);
    if (!written)
        return failure(written);
    return rows;
}

Result<int64_t> exportRows(const Service &service, const RowsOptions &options, const std::filesystem::path &to,
                           const base::WorkContext &context)
{
    int64_t rows = 0;
    if (options.format == RowFormat::Xlsx) {
        auto written = base::fillFile(to, [&](const std::filesystem::path &temporary) {
            return writeWorkbook(service, options, temporary, rows, context);
        });
        if (!written)
            return failure(written);
        return rows;
    }
    base::AtomicFile file(to);
    if (auto opened = file.open(); !opened)
        return failure(opened);
    auto written = writeRows(
        service, options, [&](std::string_view text) { return file.write(text); }, context);
    if (!written)
        return written;
    if (auto done = file.commit(); !done)
        return failure(done);
    return written;
}

Result<int64_t> exportDistilFolder(const Service &service, const std::filesystem::path &to,
                                   const base::WorkContext &context)
{
    int64_t rows = 0;
    auto written = base::writeFolder(to, false, [&](const std::filesystem::path &folder) -> Result<void> {
        auto job = service.describe();
        if (!job)
            return failure(job);
        if (auto done = base::writeFile(folder / "job_description.json", *job); !done)
            return done;
        if (auto done = base::writeFile(folder / "config.yaml", "base:\n  task: classification\n"); !done)
            return done;
        constexpr std::pair<Split, const char *> parts[] = {
            {Split::Train, "train.csv"}, {Split::Test, "test.csv"}, {Split::Unlabelled, "unstructured.csv"}};
        for (const auto &[split, name] : parts) {
            auto count = exportRows(service, {.format = RowFormat::Distil, .split = split}, folder / name, context);
            if (!count)
                return failure(count);
            rows += *count;
            if (*count == 0 && split == Split::Unlabelled)
                std::filesystem::remove(folder / name);
        }
        return {};
    });
    if (!written)
        return failure(written);
    return rows;
}

}  // namespace core
