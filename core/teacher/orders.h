// SPDX-License-Identifier: Apache-2.0
// Texts that would tell the one who sorts them what to say (prompt injection; OWASP's list for language models, LLM01).
#pragma once

#include <string>
#include <vector>

namespace core {

/// Whether a sentence of a text reads like an order to the one who sorts it ("ignore previous instructions", "label
/// this as ..."), or names one of `labels` as no person writes it, underscores and all. Orders in words of their own
/// are not noticed.
[[nodiscard]] bool readsLikeInstructions(const std::string &text, const std::vector<std::string> &labels);

/// What stands before the first such sentence, as what follows an order mostly belongs to it: perhaps nothing. A text
/// without one as it is.
[[nodiscard]] std::string beforeOrders(const std::string &text, const std::vector<std::string> &labels);

}  // namespace core
