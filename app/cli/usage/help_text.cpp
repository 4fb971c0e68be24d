// SPDX-License-Identifier: Apache-2.0
#include "app/cli/usage/help_text.h"

#include "core/base/names.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <sys/ioctl.h>
#include <unistd.h>

namespace cli {

namespace {

constexpr size_t Fewest = 60, Usual = 80, Most = 100;
/// Names that are longer have their words in the next line.
constexpr size_t NameColumn = 26;

/// "  --recipe NAME           words", wrapped.
std::string entry(const std::string &name, const std::string &words, size_t width)
{
    std::string text = "  " + name;
    if (text.size() + 2 > NameColumn)
        text += "\n" + std::string(NameColumn, ' ');
    else
        text.resize(NameColumn, ' ');
    return text + wrapped(words, width - NameColumn, NameColumn) + "\n";
}

std::string shownName(const OptionFacts &option)
{
    const std::string &name = option.names.front();
    const bool hasValue = !option.isPositional && !option.value.empty();
    return name + (hasValue ? " " + option.value : "") + (option.isRepeated && option.isPositional ? "..." : "");
}

std::string wordsOf(const OptionFacts &option)
{
    std::string words = option.help;
    if (!option.choices.empty())
        words += (words.empty() ? "One of: " : ". One of: ") + base::listed(option.choices, option.choices.size());
    else if (!option.range.empty())
        words += " [" + option.range + "]";
    return words;
}

std::string usageLine(const CommandFacts &command, const std::string &path)
{
    std::string line = "Usage: " + path;
    for (const OptionFacts &option : command.options) {
        if (!option.isPositional)
            continue;
        const std::string name = shownName(option);
        line += option.isRequired ? " " + name : " [" + name + "]";
    }
    if (!command.commands.empty())
        line += command.needsCommand ? " COMMAND" : " [COMMAND]";
    return line + " [options]";
}

class HelpFormatter final : public CLI::FormatterBase {
public:
    std::string make_help(const CLI::App *app, std::string path, CLI::AppFormatMode) const override
    {
        return helpText(factsOf(*app), path, outputWidth());
    }
};

}  // namespace

std::string wrapped(const std::string &words, size_t width, size_t indent)
{
    std::istringstream in(words);
    std::string text;
    size_t column = 0;
    for (std::string word; in >> word;) {
        if (column > 0 && column + 1 + word.size() > width) {
            text += "\n" + std::string(indent, ' ');
            column = 0;
        }
        text += (column > 0 ? " " : "") + word;
        column += (column > 0 ? 1 : 0) + word.size();
    }
    return text;
}

std::string helpText(const CommandFacts &command, const std::string &path, size_t width)
{
    std::string text = wrapped(command.help, width, 0) + (command.help.ends_with('.') ? "\n\n" : ".\n\n");
    text += usageLine(command, path) + "\n";
    std::string group;
    for (const CommandFacts &inner : command.commands) {
        if (inner.group != group) {
            group = inner.group;
            text += "\n" + (group == "Subcommands" ? "Commands" : group) + "\n";
        }
        std::string name = "  " + inner.name;
        name.resize(std::max(name.size() + 2, size_t{14}), ' ');
        text += name + wrapped(inner.help, width - name.size(), name.size()) + "\n";
    }
    bool hasOptions = false;
    for (const bool positional : {true, false}) {
        for (const OptionFacts &option : command.options) {
            if (option.isPositional != positional)
                continue;
            if (!positional && !hasOptions)
                text += "\nOptions\n";
            else if (positional && &option == &command.options.front())
                text += "\n";
            hasOptions = hasOptions || !positional;
            text += entry(shownName(option), wordsOf(option), width);
        }
    }
    if (command.commands.empty() || path.find(' ') != std::string::npos)
        return text;
    return text + entry("--version", "Print the version", width) + "\n" +
           wrapped("Every command has --help and --json. Messages for people go to standard error.", width, 0) +
           "\nBegin with: " + path + " demo\n";
}

size_t outputWidth()
{
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return std::clamp<size_t>(size.ws_col, Fewest, Most);
    const char *columns = std::getenv("COLUMNS");
    const int wanted = columns ? std::atoi(columns) : 0;
    return wanted > 0 ? std::clamp<size_t>(static_cast<size_t>(wanted), Fewest, Most) : Usual;
}

std::shared_ptr<CLI::FormatterBase> helpFormatter()
{
    return std::make_shared<HelpFormatter>();
}

}  // namespace cli
