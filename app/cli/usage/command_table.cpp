// SPDX-License-Identifier: Apache-2.0
#include "app/cli/usage/command_table.h"

#include <algorithm>
#include <cctype>

namespace cli {

namespace {

std::vector<std::string> listed(const std::string &text)
{
    std::vector<std::string> parts(1);
    for (const char c : text) {
        if (c == ',')
            parts.emplace_back();
        else if (c != ' ')
            parts.back() += c;
    }
    return parts;
}

/// CLI11 puts what a value may be behind its type: "TEXT:{a,b}", "INT:INT in [1 - 256]", "FLOAT:(0 to 1)".
void readType(const std::string &type, OptionFacts &facts)
{
    const size_t colon = type.find(':');
    const std::string kind = type.substr(0, colon), limits = colon == std::string::npos ? "" : type.substr(colon + 1);
    facts.value = kind == "TEXT" || kind.empty() ? "TEXT" : kind == "FLOAT" ? "NUMBER" : "N";
    if (kind == "BOOLEAN") {
        facts.choices = {"true", "false"};
        facts.value = "NAME";
    }
    const size_t open = limits.find('{'), close = limits.find('}');
    if (open != std::string::npos && close != std::string::npos) {
        facts.choices = listed(limits.substr(open + 1, close - open - 1));
        facts.value = "NAME";
    } else if (const size_t from = limits.find(" in ["); from != std::string::npos) {
        facts.range = limits.substr(from + 5, limits.find(']') - from - 5);
        if (const size_t dash = facts.range.find(" - "); dash != std::string::npos)
            facts.range.replace(dash, 3, " to ");
    } else if (limits.size() > 2 && limits.front() == '(' && limits.back() == ')') {
        facts.range = limits.substr(1, limits.size() - 2);
    }
}

OptionFacts factsOf(const CLI::Option &option)
{
    OptionFacts facts;
    facts.help = option.get_description();
    facts.isPositional = option.get_positional();
    facts.isRequired = option.get_required();
    facts.isRepeated = option.get_items_expected_max() > 1;
    if (facts.isPositional) {
        facts.names.push_back(upperCased(option.get_name(true)));
    } else {
        for (const std::string &name : option.get_lnames())
            facts.names.push_back("--" + name);
        for (const std::string &name : option.get_snames())
            facts.names.push_back("-" + name);
    }
    if (option.get_items_expected_max() > 0)
        readType(option.get_type_name(), facts);
    return facts;
}

}  // namespace

CommandFacts factsOf(const CLI::App &app)
{
    CommandFacts facts{
        app.get_name(), app.get_description(), app.get_group(), {}, {}, app.get_require_subcommand_min() > 0};
    for (const CLI::Option *option : app.get_options()) {
        if (option != app.get_help_ptr() && option != app.get_version_ptr() && !option->get_group().empty())
            facts.options.push_back(factsOf(*option));
    }
    for (const CLI::App *command : app.get_subcommands([](const CLI::App *) { return true; }))
        facts.commands.push_back(factsOf(*command));
    return facts;
}

std::vector<std::string> namesOf(const std::vector<CommandFacts> &commands)
{
    std::vector<std::string> names;
    for (const CommandFacts &command : commands)
        names.push_back(command.name);
    return names;
}

std::string upperCased(std::string text)
{
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

const CommandFacts *find(const CommandFacts &of, const std::string &name)
{
    const auto found = std::ranges::find(of.commands, name, &CommandFacts::name);
    return found == of.commands.end() ? nullptr : &*found;
}

}  // namespace cli
