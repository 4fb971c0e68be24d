// SPDX-License-Identifier: Apache-2.0
// Separated values as programs and people write them come back as they were, and what is odd is said.
#include "core/formats/csv.h"
#include "core/formats/row_file.h"
#include "core/formats/spreadsheet_safe.h"
#include "core/formats/table.h"
#include "tests/support/support.h"

#include <random>

using namespace support;

namespace {

using Rows = std::vector<std::vector<std::string>>;

/// Which cells a program puts quotes around.
enum class Quoting { Needed, Texts, All };

struct Writer {
    std::string name;
    std::string separator;
    std::string lineEnd;
    Quoting quoting = Quoting::Needed;
    std::string needing = "\"\r\n";  ///< besides the separator
};

bool isNumber(const std::string &cell)
{
    return !cell.empty() && cell.find_first_not_of("0123456789") == std::string::npos;
}

std::string written(const Rows &rows, const Writer &writer)
{
    std::string text;
    for (const auto &row : rows) {
        for (size_t i = 0; i < row.size(); ++i) {
            const std::string &cell = row[i];
            text += i > 0 ? writer.separator : "";
            const bool needed = cell.find(writer.separator) != std::string::npos ||
                                cell.find_first_of(writer.needing) != std::string::npos ||
                                (cell.empty() && row.size() == 1);
            if (!needed && writer.quoting != Quoting::All && !(writer.quoting == Quoting::Texts && !isNumber(cell))) {
                text += cell;
                continue;
            }
            text += '"';
            for (const char c : cell)
                text.append(c == '"' ? 2 : 1, c);
            text += '"';
        }
        text += writer.lineEnd;
    }
    return text;
}

std::string writtenByUs(const Rows &rows)
{
    std::string text;
    for (const auto &row : rows)
        text += core::csvRow(row);
    return text;
}

/// Python's csv with its three ways to quote, pandas, and LibreOffice's export with and without "Quote all text cells".
std::vector<Writer> writers()
{
    std::vector<Writer> all;
    for (const char *separator : {",", ";", "\t"}) {
        for (const char *lineEnd : {"\n", "\r\n"}) {
            all.push_back({"python minimal", separator, lineEnd, Quoting::Needed});
            all.push_back({"python all", separator, lineEnd, Quoting::All});
            all.push_back({"python nonnumeric", separator, lineEnd, Quoting::Texts});
            all.push_back({"libreoffice needed", separator, lineEnd, Quoting::Needed, "\"\n"});
        }
    }
    all.push_back({"pandas", ",", "\n", Quoting::Needed});
    all.push_back({"pandas tabs", "\t", "\n", Quoting::Needed});
    return all;
}

core::RecordFile readTable(std::string_view text, const core::TableOptions &options = {})
{
    return core::parseCsv(text, core::detectDialect(text, options), options.header);
}

Rows cellsOf(const core::RecordFile &file)
{
    Rows rows;
    for (const auto &record : file.records) {
        rows.emplace_back();
        for (const auto &[name, cell] : record.fields.items())
            rows.back().push_back(cell.get<std::string>());
    }
    return rows;
}

std::string joined(const std::vector<std::string> &texts, const char *between = "|")
{
    std::string all;
    for (const auto &text : texts)
        all += (&text == &texts.front() ? "" : between) + text;
    return all;
}

/// Cells with | between them, rows with / between them.
[[maybe_unused]] std::string shown(const core::RecordFile &file)
{
    std::vector<std::string> rows;
    for (const auto &row : cellsOf(file))
        rows.push_back(joined(row));
    return joined(rows, "/");
}

std::string reasons(const core::RecordFile &file)
{
    std::string all;
    for (const auto &rejection : file.rejections)
        all += std::to_string(rejection.row) + ": " + rejection.reason + "\n";
    return all;
}

/// A text of pieces that are hard on readers of separated values.
std::string randomText(std::mt19937 &random, size_t pieces)
{
    static const std::vector<std::string> hard{
        "\"", ",", ";", "\t", "\n", "\r\n", " ", "'", "|", "\"\"", "\n\n", ", ", "a", "\\", "=", "\xC3\xA9", "\xE2\x80\xA8",
        "\xE6\x9D\xB1", "\xF0\x9F\x98\x80", "0"};
    static const std::vector<std::string> soft{"please", "my order", " is late", ", and", " I want", " it back.", "\n",
                                               "\nDear team, ", "said \"no\"", " 5\" pipe", "; thanks", "12", "."};
    static const std::vector<std::string> tiny{"\"", ",", ";", "\t", "\n", "a", "\r"};
    const auto which = random() % 3;
    const auto &from = which == 0 ? hard : which == 1 ? soft : tiny;
    std::string text;
    for (size_t i = 0; i < pieces; ++i)
        text += from[random() % from.size()];
    return text;
}

Rows randomTable(std::mt19937 &random, size_t largest)
{
    static const std::vector<std::string> names{"text", "label", "source", "comment", "id"};
    const size_t columns = 2 + random() % 4;
    Rows rows{{names.begin(), names.begin() + static_cast<std::ptrdiff_t>(columns)}};
    for (size_t i = 1 + random() % 30; i > 0; --i) {
        auto &row = rows.emplace_back();
        // A row without any letter or mark is blank and no row.
        row.push_back("t" + randomText(random, random() % (random() % 8 == 0 ? largest : 12)));
        row.push_back(random() % 3 ? std::vector<std::string>{"refund", "delivery", "a, b"}[random() % 3]
                                   : randomText(random, random() % 4));
        while (row.size() < columns)
            row.push_back(random() % 2 ? "" : randomText(random, random() % 6));
    }
    return rows;
}

[[maybe_unused]] std::string mail(std::mt19937 &random, size_t lines)
{
    static const std::vector<std::string> parts{"Dear team,",       "my order, the blue one, is late", "I want my money",
                                                "", "she said \"soon\"", "please, please answer; thanks", "Regards, Bob"};
    std::string text = "Hello,";
    for (size_t i = 1; i < lines; ++i)
        text += "\n" + parts[random() % parts.size()];
    return text + "\nend";
}

}  // namespace

class CsvTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;

    static void compare(const core::RecordFile &file, const Rows &rows, const std::string &what)
    {
        QVERIFY2(file.rejections.empty(), (what + "\n" + reasons(file)).c_str());
        QCOMPARE(file.columns, rows[0]);
        const Rows read = cellsOf(file);
        for (size_t i = 0; i < std::min(read.size(), rows.size() - 1); ++i)
            QVERIFY2(read[i] == rows[i + 1],
                     (what + ", row " + std::to_string(i) + "\n<" + joined(read[i]).substr(0, 2000) + ">\n<" +
                      joined(rows[i + 1]).substr(0, 2000) + ">")
                         .c_str());
        QVERIFY2(read.size() + 1 == rows.size(),
                 (what + ": " + std::to_string(read.size()) + " of " + std::to_string(rows.size() - 1)).c_str());
    }

private Q_SLOTS:
    void anyTableComesBackEqual()
    {
        std::mt19937 random(static_cast<unsigned>(qEnvironmentVariableIntValue("SEED")));
        const auto all = writers();
        for (int i = 0; i < 20000; ++i) {
            const Rows rows = randomTable(random, 60);
            compare(readTable(writtenByUs(rows)), rows, std::to_string(i) + " ours");
            const Writer &writer = all[random() % all.size()];
            const std::string text = written(rows, writer);
            compare(readTable(text), rows, std::to_string(i) + " " + writer.name + " " + writer.separator);
            if (QTest::currentTestFailed()) {
                write("/tmp/csv_failed.csv", text);
                return;
            }
        }
    }
};

QTEST_GUILESS_MAIN(CsvTest)
#include "tst_csv.moc"
