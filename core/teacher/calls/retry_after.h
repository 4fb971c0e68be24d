// SPDX-License-Identifier: Apache-2.0
// How long a service asks to be left alone, in every form that services say it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace core {

/// Names in any case; the first of equal names counts.
using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

/// Empty where there is none of this name.
[[nodiscard]] std::string headerOf(const HttpHeaders &headers, std::string_view name);

/// Of an answer that refuses (429, 503 and the like): retry-after-ms (OpenAI, Azure); Retry-After as seconds, with
/// decimals or without, or as a date in any of its three forms (RFC 9110, 5.6.7 and 10.2.3). A date counts from the
/// answer's own Date, so that clocks may differ, else from `now`. Nothing for what is missing, negative, past or no
/// time; at most a day.
[[nodiscard]] std::optional<std::chrono::milliseconds> retryAfter(const HttpHeaders &headers,
                                                                  std::chrono::system_clock::time_point now);

/// Of any answer: how long until the quota that is used up is there again. OpenAI's x-ratelimit-remaining-* of 0 with
/// x-ratelimit-reset-* ("1s", "6m0s", "20ms"), Anthropic's anthropic-ratelimit-*-remaining with *-reset (RFC 3339).
[[nodiscard]] std::optional<std::chrono::milliseconds> quotaReset(const HttpHeaders &headers,
                                                                  std::chrono::system_clock::time_point now);

}  // namespace core
