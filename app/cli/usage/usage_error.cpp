// SPDX-License-Identifier: Apache-2.0
#include "app/cli/usage/usage_error.h"

#include "app/cli/usage/nearest_name.h"

#include <algorithm>

namespace cli {

namespace {

std::vector<std::string> optionNames(const CommandFacts &command)
{
    std::vector<std::string> names{"--help", "--json"};
    for (const OptionFacts &option : command.options) {
        if (!option.isPositional)
            names.insert(names.end(), option.names.begin(), option.names.end());
    }
    return names;
}

std::string meant(const std::string &word, const std::vector<std::string> &names)
{
    const std::string nearest = nearestName(word, names);
    return nearest.empty() ? "." : ". Did you mean " + nearest + "?";
}

}  // namespace

std::string usageError(const CommandFacts &program, const std::vector<std::string> &words, const std::string &message)
{
    const CommandFacts *command = &program;
    std::string path = program.name, said = message;
    for (const std::string &word : words) {
        if (word == "--")
            break;
        if (word.starts_with("--")) {
            const std::string name = word.substr(0, word.find('='));
            const auto names = optionNames(*command);
            if (std::ranges::find(names, name) == names.end()) {
                said = "There is no option " + name + meant(name, names);
                break;
            }
        } else if (const CommandFacts *inner = find(*command, word)) {
            command = inner;
            path += " " + inner->name;
        } else if (command == &program) {
            said = "There is no command " + word + meant(word, namesOf(program.commands));
            break;
        }
    }
    if (!said.ends_with('.') && !said.ends_with('?'))
        said += ".";
    return said + " See `" + path + " --help`.";
}

}  // namespace cli
