// SPDX-License-Identifier: Apache-2.0
// One question, asked once and not kept: to find out what a service can do.
#pragma once

#include "core/base/progress.h"
#include "core/teacher/calls/http_client.h"

namespace core {

/// Blocks in an event loop of its own, see askAll. Cancelled within 100 ms after a stop.
[[nodiscard]] base::Result<ChatOutcome> askOnce(const ChatEndpoint &endpoint, const ChatQuestion &question,
                                                const HttpTimeouts &timeouts, const base::WorkContext &context);

/// A GET in the same way; status and failure are the answer's.
[[nodiscard]] base::Result<HttpAnswer> getOnce(const std::string &url, const HttpHeaders &headers,
                                               const HttpTimeouts &timeouts, const base::WorkContext &context);

/// Lets so much time pass. Cancelled as soon as a stop comes.
[[nodiscard]] base::Result<void> pause(std::chrono::milliseconds time, const base::WorkContext &context);

}  // namespace core
