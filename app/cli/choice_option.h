// SPDX-License-Identifier: Apache-2.0
// --option WORD, where only some words are known.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <string>

namespace cli {

/// Another word is an error that names those that are known. `choices` is kept by its address.
template <class T>
CLI::Option *addChoiceOption(CLI::App &command, const std::string &name, T &value,
                             const std::map<std::string, T> &choices, const std::string &help)
{
    std::string known;
    for (const auto &[choice, unused] : choices)
        known += (known.empty() ? "" : ", ") + choice;
    const auto read = [name, known, &value, &choices](const std::string &word) {
        const auto found = choices.find(word);
        if (found == choices.end())
            throw CLI::ValidationError(name, "must be one of " + known + ", not " + word);
        value = found->second;
    };
    return command.add_option_function<std::string>(name, read, help)->type_name("TEXT:{" + known + "}");
}

}  // namespace cli
