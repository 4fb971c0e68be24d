// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/find_service.h"

using base::Result;

namespace core {

namespace {

/// The header to try next with a key that was refused in this one; none: the key itself is wrong.
std::optional<KeyHeader> nextHeader(KeyHeader used, const ProbeNotes &notes, bool isFirst)
{
    if (!notes.isKeyRefused)
        return std::nullopt;
    if (notes.wantedHeader && *notes.wantedHeader != used)
        return notes.wantedHeader;
    // A gateway before Azure may want the key as all others do.
    return isFirst && used == KeyHeader::ApiKey ? std::optional(KeyHeader::Bearer) : std::nullopt;
}

std::string listOf(const std::vector<std::string> &tried)
{
    std::string list;
    for (const std::string &each : tried)
        list += (list.empty() ? "" : ", ") + each;
    return list;
}

base::Failure withTried(base::Error error, const std::vector<std::string> &tried, const ServiceAddress &address)
{
    if (error.code == base::ErrorCode::Cancelled)
        return base::Failure(std::move(error));
    error.message += " Tried: " + listOf(tried) + ".";
    if (address.lacksPort && error.code == base::ErrorCode::Io)
        error.message += " The address has no port. Usual ones are 11434 (Ollama), 1234 (LM Studio), 8080 (llama.cpp) "
                         "and 8000 (vLLM).";
    return base::Failure(std::move(error));
}

}  // namespace

Result<FoundService> findService(const ServiceAddress &address, const ChatEndpoint &endpoint,
                                 const HttpTimeouts &timeouts, const base::WorkContext &context)
{
    std::vector<std::string> tried;
    std::optional<base::Error> first;
    size_t questions = 0;
    TokenUsage spent;
    for (const std::string &place : address.places) {
        ChatEndpoint asked = endpoint;
        asked.address = place;
        asked.keyHeader = address.keyHeader;
        for (bool isFirst = true; questions < MostPlaces; isFirst = false) {
            ++questions;
            tried.push_back(shownAddress(asked.url()) + (isFirst ? "" : " with the key in another header"));
            ProbeNotes notes;
            auto known = probe(asked, timeouts, context, &notes);
            spent.add(notes.spent);
            if (known)
                return FoundService{place, asked.keyHeader, *known, spent, notes.learned};
            const auto header = nextHeader(asked.keyHeader, notes, isFirst);
            if (header && !asked.key.empty() && isFirst) {
                asked.keyHeader = *header;
                continue;
            }
            if (!notes.isWrongPlace)
                return withTried(std::move(known.error()), tried, address);
            if (!first)
                first = std::move(known.error());
            break;
        }
    }
    if (tried.size() > 1)
        first->message = "No chat service answers at this address. " + first->message;
    return withTried(std::move(*first), tried, address);
}

}  // namespace core
