// SPDX-License-Identifier: Apache-2.0
// --option WORD, where only some words are known.
#pragma once

#include "app/cli/command.h"

#include <map>
#include <string>
#include <vector>

namespace cli {

/// The words of `choices`.
template <class T>
[[nodiscard]] std::vector<std::string> wordsOf(const std::map<std::string, T> &choices)
{
    std::vector<std::string> words;
    for (const auto &[word, unused] : choices)
        words.push_back(word);
    return words;
}

/// Another word is an error that names those that are known. `choices` is kept by its address.
template <class T>
Option addChoiceOption(const Command &command, const std::string &name, T &value,
                       const std::map<std::string, T> &choices, const std::string &help)
{
    std::string known;
    for (const std::string &choice : wordsOf(choices))
        known += (known.empty() ? "" : ", ") + choice;
    const auto read = [name, known, &value, &choices](const std::string &word) {
        const auto found = choices.find(word);
        if (found == choices.end())
            refuseUsage(name, "must be one of " + known + ", not " + word);
        value = found->second;
    };
    return command.readOption(name, read, help, "TEXT:{" + known + "}");
}

}  // namespace cli
