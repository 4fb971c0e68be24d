// SPDX-License-Identifier: Apache-2.0
// Addresses of chat services as people paste them: what is meant, and in which order to try it.
#pragma once

#include "core/teacher/chat.h"

namespace core {

/// Questions that finding a service may cost, at most.
constexpr size_t MostPlaces = 3;

struct ServiceAddress {
    /// 1 to MostPlaces bases of the service's addresses, the likeliest first: "https://api.openai.com/v1". Without a
    /// slash at the end; with a query only where it names the version of the API.
    std::vector<std::string> places{};
    KeyHeader keyHeader = KeyHeader::Bearer;  ///< where the key goes first
    bool isMessages = false;                  ///< the address is one of Anthropic's messages
    bool isWhole = false;      ///< the address itself says where the service is: the first place is as it was entered
    bool lacksPort = false;    ///< this machine or a private name, without a port
    std::string deployment{};  ///< of an Azure address: what stands for the model
};

/// Reads an address with or without scheme, version, path of a call (/chat/completions, /models, Ollama's /api/chat and
/// others), query, quotes and what stands around it in a command or an assignment. Without a scheme it is https, but
/// http on this machine and for private names. InvalidInput where there is no address in the text.
[[nodiscard]] base::Result<ServiceAddress> readServiceAddress(const std::string &pasted);

/// Scheme, host, port and path, without name, password and query: for people.
[[nodiscard]] std::string shownAddress(const std::string &address);

/// Whether a request to this address would go over the network unencrypted: http to another machine than this one.
[[nodiscard]] bool isPlainHttpElsewhere(const std::string &address);

/// Whether a host's name or number is of this machine: localhost, 127.0.0.1, ::1 and the like.
[[nodiscard]] bool isThisMachine(std::string_view host);

}  // namespace core
