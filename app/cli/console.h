// SPDX-License-Identifier: Apache-2.0
// How commands talk: people read standard error, programs read standard output.
#pragma once

#include "core/base/progress.h"
#include "core/settings/app_settings.h"

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace cli {

constexpr int ExitDone = 0;
constexpr int ExitFailed = 1;
constexpr int ExitUsage = 2;
constexpr int ExitBlocked = 3;
constexpr int ExitStopped = 130;

class Console {
public:
    explicit Console(bool json);

    [[nodiscard]] bool json() const { return m_json; }

    /// The user's settings, read once. Settings that cannot be read are no reason not to work: that is said, and the
    /// defaults hold.
    [[nodiscard]] const core::AppSettings &settings();

    /// The stop token is set by Ctrl+C; progress is drawn on a terminal, or said in plain lines at most every 5 s.
    [[nodiscard]] base::WorkContext context();

    /// A line for people, on standard error; control characters of user texts are made visible.
    void say(const std::string &line);
    /// The one JSON object of a command; nothing without --json.
    void result(const nlohmann::ordered_json &object) const;
    /// A line of a stream, on standard output.
    void row(const std::string &line) const;
    /// Says what happened and gives the exit code for it.
    /// `beside`: what else the object on standard output says.
    int fail(const base::Error &error, nlohmann::ordered_json beside = nlohmann::ordered_json::object());

private:
    void draw(const base::Progress &progress);
    void clearBar();

    std::optional<core::AppSettings> m_settings;
    bool m_json;
    bool m_terminal;
    bool m_barShown = false;
    std::string m_phase;
    int64_t m_startDone = 0;  ///< units done when the phase was (re-)entered
    int64_t m_phaseDone = 0;
    std::chrono::steady_clock::time_point m_phaseStart;
    std::chrono::steady_clock::time_point m_lastDrawn;
};

/// Makes Ctrl+C ask for a stop; a second one ends the program at once.
void installInterruptHandler();

[[nodiscard]] std::string percent(double share);

}  // namespace cli
