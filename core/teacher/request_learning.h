// SPDX-License-Identifier: Apache-2.0
// From a refusal to a request that the service takes: parameter by parameter, by what it names itself.
#pragma once

#include "core/teacher/chat.h"
#include "core/teacher/service_error.h"

#include <optional>

namespace core {

/// Changes the one thing about requests that the refusal names, and says what was changed as a sentence. Nothing where
/// it names nothing that can be changed: then the refusal is about something else. A list of problems changes all that
/// it names.
[[nodiscard]] std::optional<std::string> learnFrom(const ServiceError &refusal, ChatEndpoint &endpoint);

/// Has the model think less: effort and template are set to the least, to be refused or taken. False where that is so
/// already.
bool thinkLess(ChatEndpoint &endpoint, bool isVisible);

/// For a service that says nothing of what it refuses: the next of the usual causes. Nothing after the last one.
[[nodiscard]] std::optional<std::string> guessCause(ChatEndpoint &endpoint);

}  // namespace core
