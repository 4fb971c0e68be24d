// SPDX-License-Identifier: Apache-2.0
// Tables of hard texts, and how several programs write them as separated values.
#pragma once

#include "core/formats/csv.h"

#include <random>
#include <string>
#include <vector>

namespace support {

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

inline bool isNumber(const std::string &cell)
{
    return !cell.empty() && cell.find_first_not_of("0123456789") == std::string::npos;
}

inline std::string written(const Rows &rows, const Writer &writer)
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

inline std::string writtenByUs(const Rows &rows)
{
    std::string text;
    for (const auto &row : rows)
        text += core::csvRow(row);
    return text;
}

/// Python's csv with its three ways to quote, pandas, and LibreOffice's export with and without "Quote all text cells".
inline std::vector<Writer> writers()
{
    std::vector<Writer> all;
    for (const char *separator : {",", ";", "\t"}) {
        for (const char *lineEnd : {"\n", "\r\n"}) {
            all.push_back({"python minimal", separator, lineEnd, Quoting::Needed});
            all.push_back({"python all", separator, lineEnd, Quoting::All});
            all.push_back({"python nonnumeric", separator, lineEnd, Quoting::Texts});
            all.push_back({"libreoffice needed", separator, lineEnd, Quoting::Needed});
        }
    }
    all.push_back({"pandas", ",", "\n", Quoting::Needed});
    all.push_back({"pandas tabs", "\t", "\n", Quoting::Needed});
    return all;
}

/// A text of pieces that are hard on readers of separated values.
inline std::string randomText(std::mt19937 &random, size_t pieces)
{
    static const std::vector<std::string> hard{"\"",
                                               ",",
                                               ";",
                                               "\t",
                                               "\n",
                                               "\r\n",
                                               " ",
                                               "'",
                                               "|",
                                               "\"\"",
                                               "\n\n",
                                               ", ",
                                               "a",
                                               "\\",
                                               "=",
                                               "\xC3\xA9",
                                               "\xE2\x80\xA8",
                                               "\xE6\x9D\xB1",
                                               "\xF0\x9F\x98\x80",
                                               "0"};
    static const std::vector<std::string> soft{
        "please",        "my order",    " is late",  ", and",    " I want", " it back.", "\n",
        "\nDear team, ", "said \"no\"", " 5\" pipe", "; thanks", "12",      "."};
    const auto &from = random() % 2 ? hard : soft;
    std::string text;
    for (size_t i = 0; i < pieces; ++i)
        text += from[random() % from.size()];
    return text;
}

inline Rows randomTable(std::mt19937 &random, size_t largest)
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

inline std::string mail(std::mt19937 &random, size_t lines)
{
    static const std::vector<std::string> parts{
        "Dear team,",        "my order, the blue one, is late", "I want my money", "",
        "she said \"soon\"", "please, please answer; thanks",   "Regards, Bob"};
    std::string text = "Hello,";
    for (size_t i = 1; i < lines; ++i)
        text += "\n" + parts[random() % parts.size()];
    return text + "\nend";
}

}  // namespace support
