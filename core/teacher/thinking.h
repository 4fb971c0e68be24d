// SPDX-License-Identifier: Apache-2.0
// What a reasoning model thinks aloud before it answers is no part of its answer.
#pragma once

#include <string>

namespace core {

struct SpokenPart {
    std::string text{};       ///< without what it thought
    bool hasThought = false;  ///< some of it was left out
    bool isOpen = false;      ///< the thinking has no end, so that `text` holds no answer
    size_t begin = 0;         ///< byte of the reply behind the last end of a thought
};

/// Knows the tags of today's models: <think> and its like, [THINK], the channels of gpt-oss and more. A thought whose
/// beginning stands in the prompt has an end only: all before it is left out. A thought without an end goes on to the
/// end of the reply.
[[nodiscard]] SpokenPart withoutThinking(const std::string &reply);

}  // namespace core
