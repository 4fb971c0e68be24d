// SPDX-License-Identifier: Apache-2.0
#include "app/cli/reading_options.h"

#include "app/cli/choice_option.h"

namespace cli {

namespace {

/// As it is, or by its name where a shell makes it hard to write.
std::string separatorFrom(const std::string &word)
{
    static const std::map<std::string, std::string> names{{"tab", "\t"},      {"\\t", "\t"}, {"comma", ","},
                                                          {"semicolon", ";"}, {"pipe", "|"}, {"space", " "}};
    const auto found = names.find(word);
    const std::string separator = found == names.end() ? word : found->second;
    if (separator.empty() || separator.find_first_of("\r\n\"") != std::string::npos)
        refuseUsage("--separator", "must be one or more characters, or one of comma, pipe, semicolon, "
                                   "space, tab; no quotation mark and no line end");
    return separator;
}

char quoteFrom(const std::string &word)
{
    static const std::map<std::string, char> names{
        {"none", '\0'}, {"double", '"'}, {"single", '\''}, {"\"", '"'}, {"'", '\''}};
    const auto found = names.find(word);
    if (found == names.end())
        refuseUsage("--quote", "must be one of double, single, none, not " + word);
    return found->second;
}

}  // namespace

void addReadingOptions(const Command &command, core::ReadOptions &options)
{
    command.option("--encoding", options.encoding, "Encoding of text files, such as windows-1252 (default: detected)");
    command.option("--sheet", options.sheet, "Sheet of a workbook (default: the first with rows)");
    command.flag("--all-sheets", options.allSheets, "Read all visible sheets of a workbook");
    command.readOption(
        "--separator", [&options](const std::string &word) { options.table.separator = separatorFrom(word); },
        "What separates the cells of a table: tab, comma, semicolon, pipe, space or the character itself (default: "
        "detected)");
    command.readOption(
        "--quote", [&options](const std::string &word) { options.table.quote = quoteFrom(word); },
        "Quotation marks of a table: double, single or none (default: detected)");
    static const std::map<std::string, core::HeaderRow> headers{
        {"auto", core::HeaderRow::Automatic}, {"yes", core::HeaderRow::Present}, {"no", core::HeaderRow::Absent}};
    addChoiceOption(command, "--header", options.table.header, headers,
                    "Whether the first row of a table has the column names");
    static const std::map<std::string, core::TextUnit> units{{"auto", core::TextUnit::Automatic},
                                                             {"whole", core::TextUnit::Whole},
                                                             {"lines", core::TextUnit::Lines},
                                                             {"paragraphs", core::TextUnit::Paragraphs},
                                                             {"chunks", core::TextUnit::Chunks}};
    addChoiceOption(command, "--unit", options.unit, units, "What becomes a row when a document is read");
    command.option("--tokens", options.tokens, "Tokens per chunk, or most tokens of a whole document (default: 254)")
        .between(8, 100'000);
    static const std::map<std::string, engine::Truncation> cuts{{"head", engine::Truncation::Head},
                                                                {"head-tail", engine::Truncation::HeadTail}};
    addChoiceOption(command, "--cut,--truncate", options.truncation, cuts, "Which part of a too long document to keep");
}

}  // namespace cli
