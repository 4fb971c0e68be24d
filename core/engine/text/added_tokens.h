// SPDX-License-Identifier: Apache-2.0
// Tokens that are cut out of a text before anything else is done to it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

/// One entry of `added_tokens` in a tokenizer.json.
struct AddedToken {
    int32_t id = 0;
    std::string content;
    bool singleWord = false;  ///< only between word borders
    bool lstrip = false;      ///< swallows white space at its left
    bool rstrip = false;      ///< swallows white space at its right
};

/// Finds added tokens, leftmost first and longest among those that start there.
class AddedTokenMatcher {
public:
    explicit AddedTokenMatcher(std::vector<AddedToken> tokens);

    /// Calls `piece(text)` and `token(id, text)` in order for the parts of `text`.
    void split(std::string_view text, const std::function<void(std::string_view)> &piece,
               const std::function<void(int32_t, std::string_view)> &token) const;

private:
    [[nodiscard]] const AddedToken *matchAt(std::string_view text, size_t position) const;

    std::vector<AddedToken> m_tokens;  ///< longest first
    bool m_firstBytes[256] = {};       ///< bytes some token starts with
};

}  // namespace engine
