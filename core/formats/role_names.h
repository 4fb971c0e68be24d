// SPDX-License-Identifier: Apache-2.0
// Names of columns as well-known data sets, annotation tools and spreadsheets write them, in several languages.
#pragma once

#include <string>
#include <string_view>

namespace core {

/// A name without case, spaces, marks, and the " (2)" of a second column of the name: "Review_Text" and "review text"
/// are the same.
[[nodiscard]] std::string foldedColumnName(std::string_view name);

/// How likely a column of this name holds the text: 0 not, 1 perhaps ("description"), up to 5 for "text" itself.
[[nodiscard]] int textRank(std::string_view name);

/// The same for the label: 5 for "label" itself, 4 for "class" and its kin, 1 for names that often mean something else
/// ("type", "status").
[[nodiscard]] int labelRank(std::string_view name);

/// "label_text" and the like: the label in words, beside a column that has it as a number.
[[nodiscard]] bool isLabelInWords(std::string_view name);

/// Heads of texts, as "subject" and "title": joined with the text that stands beside them.
[[nodiscard]] bool isHeadOfText(std::string_view name);

/// "split", "set", "partition" and the like.
[[nodiscard]] bool isSplitColumn(std::string_view name);

/// Numbers of rows, dates, people and links: neither text nor label, whatever they hold.
[[nodiscard]] bool isBesideTheRow(std::string_view name);

}  // namespace core
