// SPDX-License-Identifier: Apache-2.0
// The forms that answers of language models come in, before anybody asks which class is meant.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// Without marks of a template (<|im_end|>), a code fence, invisible characters, and what is around \\boxed{} and
/// <answer></answer>.
[[nodiscard]] std::string answerText(const std::string &reply);

[[nodiscard]] std::string trimmed(const std::string &text, const char *what);
/// Without quotes, brackets, stars and punctuation of any script at its ends.
[[nodiscard]] std::string trimmedName(const std::string &text);

/// Outermost objects that are whole, in their order: JSON, with commas too many, with single or typographic quotes, or
/// as Python writes it.
[[nodiscard]] std::vector<nlohmann::json> objectsIn(const std::string &text);

struct Statement {
    std::string value;
    bool isCut = false;  ///< the text ends in the middle of it
};
/// What stands behind "label:", "answer =" and the like, as JSON that is broken or as words.
[[nodiscard]] std::vector<Statement> statementsIn(const std::string &text);

/// Behind "1.", "2)" or "- ".
[[nodiscard]] std::string withoutNumber(const std::string &text);
/// Behind the first colon of one short line; empty where there is none.
[[nodiscard]] std::string behindColon(const std::string &text);
/// Parts between commas, semicolons, line breaks and "and".
[[nodiscard]] std::vector<std::string> splitNames(const std::string &text);

/// Says no, or names more than one thing: "not", "or", "maybe", a question mark. `folded`: see foldedName().
[[nodiscard]] bool isDoubtful(const std::string &folded);
/// The word stands there, and no letter is next to it.
[[nodiscard]] bool isWordAt(const std::string &text, size_t at, std::string_view word);
/// What stands there is given as the answer: first or last on a line of its own, or behind "is", "as", "label" and the
/// like and before an end. `folded`: see foldedName(), with '#' for the names.
[[nodiscard]] bool isAnswerPlace(const std::string &folded, size_t begin, size_t end);

}  // namespace core
