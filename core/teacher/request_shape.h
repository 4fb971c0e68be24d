// SPDX-License-Identifier: Apache-2.0
// What a request to a service holds beside the question. Each departure from what is usual is learned from a refusal of
// the service itself.
#pragma once

#include <string>

namespace core {

struct RequestShape {
    std::string tokensField = "max_tokens";  ///< that limits the answer; empty: nothing does
    bool takesTemperature = true;
    double leastTemperature = 0;    ///< where 0 itself is refused
    std::string effort{};           ///< reasoning_effort; empty: not sent
    bool turnsThinkingOff = false;  ///< chat_template_kwargs tells the template of a local model not to think
    bool takesSystem = true;        ///< else the instructions stand in the first message
    int thinkingTokens = 0;         ///< room for thinking, in addition to that of the answer
    bool operator==(const RequestShape &) const = default;
};

/// Room for the thinking of a model that was seen to think, and at most where that was too little.
constexpr int ThinkingRoom = 2048;
constexpr int MostThinkingRoom = 8192;

}  // namespace core
