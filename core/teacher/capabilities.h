// SPDX-License-Identifier: Apache-2.0
// What a chat service can do, found out by asking it once.
#pragma once

#include "core/base/progress.h"
#include "core/teacher/calls/http_poster.h"

namespace core {

struct Capabilities {
    AnswerForm form = AnswerForm::Text;
    bool givesProbabilities = false;  ///< of the tokens that it could have said instead
    bool operator==(const Capabilities &) const = default;
};

/// Asks a question of a few tokens, at most six times: with a schema, as JSON, as text, each with and without
/// probabilities, until it is understood and answered with one of the choices. What concerns the address, the key or
/// the model is an error; so is a service that is not reached. Blocks in an event loop, see askAll.
[[nodiscard]] base::Result<Capabilities> probe(ChatEndpoint endpoint, const HttpTimeouts &timeouts,
                                               const base::WorkContext &context);

[[nodiscard]] const char *name(AnswerForm form);
/// schema, json or text.
[[nodiscard]] std::optional<AnswerForm> answerFormNamed(std::string_view name);

}  // namespace core
