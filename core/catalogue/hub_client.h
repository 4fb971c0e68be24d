// SPDX-License-Identifier: Apache-2.0
// Requests to a hub of weights: patient where waiting helps, plain where it does not.
#pragma once

#include "core/base/progress.h"

#include <chrono>
#include <string>
#include <string_view>

namespace core {

/// Which hub, as whom, and how long to wait for it.
struct HubAccess {
    std::string address = "https://huggingface.co";
    std::string token;  ///< for gated weights; only ever sent to this address, and only over https or to this machine
    int tries = 5;      ///< in a row that bring nothing
    std::chrono::milliseconds stall{30'000};     ///< without a byte, then the connection counts as lost
    std::chrono::milliseconds firstWait{1'000};  ///< between tries, doubled each time
    std::chrono::milliseconds longestWait{10'000};

    /// The environment as other programs read it: HF_ENDPOINT, HF_TOKEN, or the token that
    /// `huggingface-cli login` keeps in $HF_HOME/token.
    [[nodiscard]] static HubAccess fromEnvironment();
};

/// Takes the bytes of one file, in order.
class HubSink {
public:
    virtual ~HubSink() = default;
    [[nodiscard]] virtual int64_t size() const = 0;  ///< bytes that are here
    [[nodiscard]] virtual base::Result<void> append(std::string_view bytes) = 0;
    [[nodiscard]] virtual base::Result<void> restart() = 0;  ///< what is here belongs to another state of the file
};

/// Blocks in an event loop of its own: needs a QCoreApplication, and must not run on the thread of a window.
/// A request of any kind ends within 0.2 s after a stop.
class HubClient {
public:
    explicit HubClient(HubAccess access) : m_access(std::move(access)) { }

    [[nodiscard]] const HubAccess &access() const { return m_access; }

    /// Gets `path` (which begins with '/') from where `sink` stands. Goes on after cuts, restarts when the hub has
    /// another state of the file or ignores where to go on, waits as Retry-After says. `bytes`: the size that the
    /// whole must have; -1: unknown, and at most `limit`.
    [[nodiscard]] base::Result<void> get(const std::string &path, HubSink &sink, int64_t bytes, int64_t limit,
                                         const std::stop_token &stop) const;
    /// A small text.
    [[nodiscard]] base::Result<std::string> text(const std::string &path, const std::stop_token &stop) const;

private:
    HubAccess m_access;
};

/// A hub on the network may not send us to machines behind its user's firewall, nor out of the encryption; a hub that
/// is inside itself may. Asks the name service about names.
[[nodiscard]] base::Result<void> checkRedirect(const std::string &from, const std::string &to, const std::string &hub);

}  // namespace core
