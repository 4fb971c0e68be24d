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
    const auto read = [name, &value, &choices](const std::string &word) {
        if (const auto found = choices.find(word); found != choices.end()) {
            value = found->second;
            return;
        }
        std::string known;
        for (const auto &[choice, unused] : choices)
            known += (known.empty() ? "" : ", ") + choice;
        throw CLI::ValidationError(name, "must be one of " + known + ", not " + word);
    };
    return command.add_option_function<std::string>(name, read, help);
}

}  // namespace cli
