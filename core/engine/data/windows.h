// SPDX-License-Identifier: Apache-2.0
// Long texts as windows of tokens that overlap, each read on its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace engine {

/// How a text that is longer than `length` tokens is read: as windows of `length` tokens, each with the text's first
/// `front` and last `back` tokens (special ones, and a prefix that stands before each text), and next to each other
/// with `overlap` tokens in common. These are the windows of transformers' tokenizers, with `overlap` as their stride.
/// The answer to the text is the mean of the windows' logits: a head is linear, so that is also its answer to the mean
/// of their pooled vectors, a temperature divides both alike, and a class that rejects keeps its logit.
struct WindowRule {
    int length = 0;  ///< tokens a window at most; 0: texts are not divided
    int overlap = 0;
    int most = 0;  ///< windows a text; what stands behind the last one is not read
    int front = 0;
    int back = 0;

    bool operator==(const WindowRule &) const = default;

    /// Texts are divided.
    [[nodiscard]] bool isOn() const { return length > 0; }
    /// The fields fit together: every window has room for text of its own, and overlaps by less.
    [[nodiscard]] bool isSound() const;
    /// Tokens of the longest text that is read to its end.
    [[nodiscard]] size_t longestText() const;
};

/// Overlap by an eighth, 32 windows at most. Not sound where `front` and `back` leave less than 8 tokens of `length`.
[[nodiscard]] WindowRule usualWindows(int length, int front, int back);

/// Of a text of so many tokens, `front` and `back` included, where each window's own tokens begin. A text that fits has
/// one window: itself. At most rule.most.
[[nodiscard]] std::vector<size_t> windowStarts(size_t tokens, const WindowRule &rule);

/// The windows of a text; itself where it is not longer, or where texts are not divided.
[[nodiscard]] std::vector<std::vector<int32_t>> windowsOf(const std::vector<int32_t> &text, const WindowRule &rule);

/// The windows of some texts, one text's after the other's.
struct WindowedTexts {
    std::vector<std::vector<int32_t>> windows;
    std::vector<size_t> first;   ///< of each text its first window, and behind the last text how many there are
    std::vector<size_t> textOf;  ///< of each window

    WindowedTexts() = default;
    WindowedTexts(const std::vector<std::vector<int32_t>> &texts, const WindowRule &rule);

    [[nodiscard]] size_t count(size_t text) const { return first[text + 1] - first[text]; }
};

}  // namespace engine
