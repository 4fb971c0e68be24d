// SPDX-License-Identifier: Apache-2.0
// When two texts count as nearly the same.
#pragma once

#include <string>

namespace core {

/// The text without ASCII capitals, with single spaces inside and none at the ends: rows that differ in nothing else
/// are nearly equal. They stay on one side of a split, and the audit names those that train and test share.
[[nodiscard]] std::string folded(const std::string &text);

/// A class name as people write it in a sentence: "damaged item" for damaged_item.
[[nodiscard]] std::string spokenName(std::string name);

}  // namespace core
