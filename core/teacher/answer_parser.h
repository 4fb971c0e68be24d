// SPDX-License-Identifier: Apache-2.0
// From what a teacher says to a class of the list, or to the plain statement that it is none.
#pragma once

#include <string>
#include <vector>

namespace core {

struct ParsedAnswer {
    enum class State {
        Labelled,
        Unsure,      ///< it says that it does not know
        Unreadable,  ///< prose, nothing, broken JSON
        NotAClass,   ///< something short that is not in the list
        Refused,     ///< the service does not take the text
        Unfinished   ///< it was still thinking when its room was used up
    } state = State::Unreadable;
    std::vector<int> labels{};  ///< of Labelled: indices, ascending; without `several` exactly one
};

/// What a teacher may say in place of a class.
constexpr const char *UnsureWord = "unsure";

/// Reads {"label": name} or {"labels": [names]}, also in a code fence or between other words, or a name alone, with
/// quotes, a full stop or "Label:" around it. A name counts when it is equal, or when it is the only one that is equal
/// but for case, underscores, hyphens, spaces and the like (foldedClassName()); nothing is guessed. `several`: any
/// number of them, none included.
[[nodiscard]] ParsedAnswer parseAnswer(const std::string &reply, const std::vector<std::string> &labels, bool several);

/// Reads {"labels": [names]} of so many texts, in their order, one class each. All are Unreadable where there are more
/// or fewer names.
[[nodiscard]] std::vector<ParsedAnswer> parseAnswers(const std::string &reply, const std::vector<std::string> &labels,
                                                     size_t count);

/// As names are compared.
[[nodiscard]] std::string foldedName(std::string_view name);

}  // namespace core
