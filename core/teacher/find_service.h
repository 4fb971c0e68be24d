// SPDX-License-Identifier: Apache-2.0
// Where a chat service answers, and what it can do there, found out by asking it.
#pragma once

#include "core/teacher/capabilities.h"
#include "core/teacher/service_address.h"

namespace core {

struct FoundService {
    std::string address;  ///< the place that answered
    KeyHeader keyHeader = KeyHeader::Bearer;
    Capabilities known;
    TokenUsage spent;                  ///< on all questions
    std::vector<std::string> learned;  ///< how it wants to be asked, a sentence each
};

/// Asks at the places of the address, one after another, MostPlaces times in all at most, until a chat service answers;
/// where it refuses the key, also with the key in another header. Then it is found out what the service can do, see
/// probe(). The error says what was tried. Blocks in an event loop, see askAll.
[[nodiscard]] base::Result<FoundService> findService(const ServiceAddress &address, const ChatEndpoint &endpoint,
                                                     const HttpTimeouts &timeouts, const base::WorkContext &context);

}  // namespace core
