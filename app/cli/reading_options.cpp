// SPDX-License-Identifier: Apache-2.0
#include "app/cli/reading_options.h"

#include "app/cli/choice_option.h"

namespace cli {

void addReadingOptions(CLI::App &command, core::ReadOptions &read)
{
    command.add_option("--encoding", read.encoding, "Of text files, e.g. windows-1252; detected by default");
    command.add_option("--sheet", read.sheet, "Of a workbook; the first one with rows by default");
    command.add_flag("--all-sheets", read.allSheets, "All visible sheets of a workbook");
    command.add_option_function<std::string>(
        "--separator",
        [&read](const std::string &text) { read.table.separator = text == "\\t" || text == "tab" ? "\t" : text; },
        "Between the cells of a table, e.g. ; or tab; detected by default");
    command.add_option_function<std::string>(
        "--quote",
        [&read](const std::string &text) {
            if (text != "none" && text.size() != 1)
                throw CLI::ValidationError("--quote", "must be one character, or none, not " + text);
            read.table.quote = text == "none" ? '\0' : text.front();
        },
        "Around the cells of a table: a character, or none; detected by default");
    static const std::map<std::string, core::HeaderRow> headers{
        {"auto", core::HeaderRow::Automatic}, {"yes", core::HeaderRow::Present}, {"no", core::HeaderRow::Absent}};
    addChoiceOption(command, "--header", read.table.header, headers,
                    "Whether the first row of a table names its columns: yes, no; detected by default");
    static const std::map<std::string, core::TextUnit> units{{"auto", core::TextUnit::Automatic},
                                                             {"whole", core::TextUnit::Whole},
                                                             {"lines", core::TextUnit::Lines},
                                                             {"paragraphs", core::TextUnit::Paragraphs},
                                                             {"chunks", core::TextUnit::Chunks}};
    addChoiceOption(command, "--unit", read.unit, units,
                    "What becomes a row of a document: whole, lines, paragraphs, chunks");
}

}  // namespace cli
