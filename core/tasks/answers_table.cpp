// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/answers_table.h"

#include "core/base/atomic_file.h"
#include "core/base/lowered.h"
#include "core/formats/csv.h"
#include "core/formats/label_text.h"
#include "core/formats/spreadsheet_safe.h"
#include "core/formats/workbook_writer.h"
#include "core/store/extra_fields.h"
#include "core/tasks/free_name.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <unordered_map>

namespace fs = std::filesystem;
using base::ErrorCode;
using base::failure;
using base::Result;
using nlohmann::json;
using nlohmann::ordered_json;

namespace core {

namespace {

constexpr size_t ChunkBytes = 1 << 20;

using Cells = std::vector<std::string>;
using WriteRow = std::function<Result<void>(const Cells &, const std::string &what)>;

/// Whatever the language of the desktop is.
std::string decimal(double value)
{
    char text[64];
    const auto [end, error] = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, 6);
    return error == std::errc() ? std::string(text, end) : std::string();
}

/// A line of a table of texts. Spaces at the ends of a cell are kept by quotes, too: some readers trim cells.
std::string lineOf(const Cells &cells, char separator, bool lossless)
{
    std::string line;
    for (size_t i = 0; i < cells.size(); ++i) {
        const std::string cell = lossless ? cells[i] : toSpreadsheetSafe(cells[i]);
        if (i > 0)
            line += separator;
        const bool isPlain = cell.find_first_of(std::string("\"\r\n") + separator) == std::string::npos &&
                             !cell.starts_with(' ') && !cell.ends_with(' ');
        if (isPlain) {
            line += cell;
            continue;
        }
        line += quotedCell(cell);
    }
    return line + "\n";
}

/// The cells of rows, by the names of the columns.
class Columns {
public:
    explicit Columns(const std::vector<std::string> &names) : m_number(names.size())
    {
        for (size_t i = 0; i < names.size(); ++i)
            m_places.emplace(names[i], i);
    }

    [[nodiscard]] Cells cells(const ordered_json &fields) const
    {
        Cells cells(m_number);
        if (!fields.is_object())
            return cells;
        for (const auto &[name, value] : fields.items()) {
            if (const auto place = m_places.find(name); place != m_places.end())
                cells[place->second] = cellText(value);
        }
        return cells;
    }

private:
    size_t m_number;
    std::unordered_map<std::string, size_t> m_places;
};

/// What one answer says, cell by cell.
class AnswerCells {
public:
    explicit AnswerCells(const AnswerTerms &terms) : m_terms(terms) { }

    [[nodiscard]] Cells names() const
    {
        Cells names{"label", "probability", "margin"};
        if (m_terms.asks)
            names.emplace_back("ask");
        names.emplace_back("error");
        return names;
    }

    /// `wasRead`: the row is there, so nobody has to look for it by its number.
    [[nodiscard]] Cells cells(const json &answer, bool wasRead) const
    {
        Cells cells(names().size());
        if (answer.contains("error")) {
            const auto reason = answer.at("error").get<std::string>();
            cells.back() = wasRead ? reason : "row " + std::to_string(answer.at("row").get<int64_t>()) + ": " + reason;
            return cells;
        }
        std::vector<double> probabilities;
        for (const std::string &label : m_terms.labels)
            probabilities.push_back(answer.at("probs").at(label).get<double>());
        if (m_terms.rule.task == engine::TaskType::MultiLabel)
            addSeveral(answer.at("labels").get<std::vector<std::string>>(), probabilities, cells);
        else
            addOne(answer.at("label").get<std::string>(), std::move(probabilities), cells);
        if (m_terms.asks)
            cells[3] = answer.at("ask").get<bool>() ? "yes" : "no";
        return cells;
    }

private:
    static void addOne(const std::string &label, std::vector<double> probabilities, Cells &cells)
    {
        std::sort(probabilities.rbegin(), probabilities.rend());
        cells[0] = label;
        cells[1] = decimal(probabilities[0]);
        cells[2] = decimal(probabilities[0] - (probabilities.size() > 1 ? probabilities[1] : 0));
    }

    void addSeveral(const std::vector<std::string> &labels, const std::vector<double> &probabilities,
                    Cells &cells) const
    {
        double least = 1, margin = 1, largest = 0;
        for (size_t i = 0; i < probabilities.size(); ++i) {
            const double distance = probabilities[i] - static_cast<double>(m_terms.rule.thresholdOf(i));
            margin = std::min(margin, std::abs(distance));
            largest = std::max(largest, probabilities[i]);
            if (std::find(labels.begin(), labels.end(), m_terms.labels[i]) != labels.end())
                least = std::min(least, probabilities[i]);
        }
        cells[0] = joinLabels(labels);
        cells[1] = decimal(labels.empty() ? 1 - largest : least);
        cells[2] = decimal(margin);
    }

    const AnswerTerms &m_terms;
};

Result<void> writeAll(const AskedRows &rows, const AnswerTerms &terms, const NextAnswer &next, const WriteRow &write)
{
    const Columns columns(rows.columns);
    const AnswerCells answers(terms);
    Cells header = rows.columns;
    std::unordered_set<std::string> taken(header.begin(), header.end());
    for (const std::string &name : answers.names())
        header.push_back(freeName(name, taken));
    TRY(write(header, "the header"));
    for (size_t i = 0; i < rows.fields.size(); ++i) {
        auto line = TRY(next());
        const json answer = line ? json::parse(*line, nullptr, false) : json();
        if (!answer.is_object())
            return failure(ErrorCode::Corrupt, "The answers of an earlier call cannot be read. Classify the file anew.",
                           "row " + std::to_string(rows.numbers[i]));
        Cells cells = columns.cells(rows.fields[i]);
        const Cells ours = answers.cells(answer, rows.fields[i].is_object());
        cells.insert(cells.end(), ours.begin(), ours.end());
        TRY(write(cells, "row " + std::to_string(rows.numbers[i])));
    }
    return {};
}

Result<void> writeText(const fs::path &target, char separator, bool lossless,
                       const std::function<Result<void>(const WriteRow &)> &writeRows)
{
    base::AtomicFile file(target);
    TRY(file.open());
    std::string chunk = lossless ? "" : SpreadsheetMark;
    auto written = writeRows([&](const Cells &cells, const std::string &) -> Result<void> {
        chunk += lineOf(cells, separator, lossless);
        if (chunk.size() < ChunkBytes)
            return {};
        auto done = file.write(chunk);
        chunk.clear();
        return done;
    });
    if (written)
        written = file.write(chunk);
    return written ? file.commit() : written;
}

}  // namespace

AnswersForm answersFormOf(const fs::path &target)
{
    const std::string ending = base::lowered(target.extension().string());
    return ending == ".csv"    ? AnswersForm::Csv
           : ending == ".tsv"  ? AnswersForm::Tsv
           : ending == ".xlsx" ? AnswersForm::Workbook
                               : AnswersForm::JsonLines;
}

std::vector<std::string> columnsOf(const std::vector<std::string> &names, const std::vector<ordered_json> &rows)
{
    std::vector<std::string> columns;
    std::unordered_set<std::string> known;
    const auto add = [&](const std::string &name) {
        if (known.insert(name).second)
            columns.push_back(name);
    };
    std::for_each(names.begin(), names.end(), add);
    for (const ordered_json &row : rows) {
        if (!row.is_object())
            continue;
        for (const auto &[name, value] : row.items())
            add(name);
    }
    return columns;
}

Result<void> checkFitsWorkbook(const AskedRows &rows)
{
    const Columns columns(rows.columns);
    Cells header = rows.columns;
    header.resize(header.size() + 5);  // ours
    auto fits = WorkbookWriter::check(header, "the header", 0);
    for (size_t i = 0; fits && i < rows.fields.size(); ++i)
        fits = WorkbookWriter::check(columns.cells(rows.fields[i]), "row " + std::to_string(rows.numbers[i]), i + 1);
    return fits;
}

Result<void> writeAnswersTable(const fs::path &target, const AskedRows &rows, const AnswerTerms &terms, bool lossless,
                               const NextAnswer &next)
{
    const auto writeRows = [&](const WriteRow &write) { return writeAll(rows, terms, next, write); };
    const AnswersForm form = answersFormOf(target);
    if (form != AnswersForm::Workbook)
        return writeText(target, form == AnswersForm::Tsv ? '\t' : ',', lossless, writeRows);
    return base::fillFile(target, [&](const fs::path &temporary) -> Result<void> {
        WorkbookWriter writer(temporary);
        writer.setNumbers({rows.columns.size() + 1, rows.columns.size() + 2});  // probability and margin
        auto written = writeRows([&](const Cells &cells, const std::string &what) { return writer.add(cells, what); });
        return written ? writer.finish() : written;
    });
}

}  // namespace core
