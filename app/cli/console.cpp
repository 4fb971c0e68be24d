// SPDX-License-Identifier: Apache-2.0
#include "app/cli/console.h"

#include "app/cli/hints.h"
#include "core/base/user_folders.h"

#include <cmath>
#include <csignal>
#include <cstdio>
#include <thread>
#include <unistd.h>

namespace cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int BarWidth = 24;
int s_wakePipe[2] = {-1, -1};

std::stop_source &interrupt()
{
    static std::stop_source source;
    return source;
}

void onSignal(int signal)
{
    // Only what is safe in a handler: a byte wakes the thread that asks for the stop.
    const char byte = 1;
    if (::write(s_wakePipe[1], &byte, 1) != 1)
        ::_exit(ExitStopped);
    std::signal(signal, SIG_DFL);
}

/// Terminal escapes inside file names and labels must not reach the terminal.
std::string printable(const std::string &text)
{
    std::string result;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 && c != '\n' && c != '\t') {
            char escape[8];
            std::snprintf(escape, sizeof escape, "\\x%02x", byte);
            result += escape;
        } else {
            result += c;
        }
    }
    return result;
}

std::string duration(double seconds)
{
    const int64_t whole = std::llround(seconds);
    if (whole < 90)
        return std::to_string(whole) + " s";
    return std::to_string((whole + 30) / 60) + " min";
}

}  // namespace

void installInterruptHandler()
{
    if (::pipe(s_wakePipe) != 0)
        return;
    std::thread([] {
        char byte = 0;
        if (::read(s_wakePipe[0], &byte, 1) == 1)
            interrupt().request_stop();
    }).detach();
    std::signal(SIGINT, onSignal);
    std::signal(SIGTERM, onSignal);
    std::signal(SIGPIPE, SIG_IGN);
}

std::string percent(double share)
{
    char text[16];
    std::snprintf(text, sizeof text, "%.1f %%", 100 * share);
    return text;
}

Console::Console(bool json) : m_json(json), m_terminal(::isatty(STDERR_FILENO) != 0) { }

const core::AppSettings &Console::settings()
{
    if (m_settings)
        return *m_settings;
    auto read = core::AppSettings::load(base::configFolder() / "settings.yaml");
    if (!read)
        say("note:   " + read.error().message + " The default settings are used. (" + read.error().subject + ")");
    return m_settings.emplace(read ? std::move(*read) : core::AppSettings());
}

base::WorkContext Console::context()
{
    return {interrupt().get_token(), [this](const base::Progress &progress) { draw(progress); }};
}

void Console::say(const std::string &line)
{
    clearBar();
    std::fprintf(stderr, "%s\n", printable(line).c_str());
}

void Console::result(const nlohmann::ordered_json &object) const
{
    if (m_json)
        row(object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

void Console::row(const std::string &line) const
{
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fputc('\n', stdout);
}

int Console::fail(const base::Error &error, nlohmann::ordered_json beside)
{
    std::string line = "stillroom-cli: " + withHint(error.message, error.subject);
    if (!error.subject.empty())
        line += "\n  (" + error.subject + ")";
    say(line);
    nlohmann::ordered_json object{
        {"code", base::name(error.code)}, {"message", error.message}, {"subject", error.subject}};
    if (const std::string hint = hintFor(error.message, error.subject); !hint.empty())
        object["hint"] = hint;
    beside["error"] = std::move(object);
    result(beside);
    switch (error.code) {
    case base::ErrorCode::Cancelled: return ExitStopped;
    case base::ErrorCode::Blocked: return ExitBlocked;
    default: return ExitFailed;
    }
}

void Console::draw(const base::Progress &progress)
{
    const auto now = Clock::now();
    if (progress.phase != m_phase || progress.done < m_phaseDone) {
        clearBar();
        m_phase = progress.phase;
        m_phaseStart = m_lastDrawn = now;
        m_phaseDone = m_startDone = progress.done;
        return;
    }
    m_phaseDone = progress.done;
    const double elapsed = std::chrono::duration<double>(now - m_phaseStart).count();
    const bool end = progress.total > 0 && progress.done >= progress.total;
    const auto pause = m_terminal ? std::chrono::milliseconds(100) : std::chrono::seconds(5);
    // Nothing under 300 ms shows progress.
    if (now - m_lastDrawn < pause || elapsed < 0.3 || (end && !m_terminal))
        return;
    m_lastDrawn = now;
    const double rate = static_cast<double>(progress.done - m_startDone) / elapsed;
    char line[160];
    if (progress.total > 0) {
        const double share = static_cast<double>(progress.done) / static_cast<double>(progress.total);
        const std::string bar(static_cast<size_t>(share * BarWidth), '#');
        const std::string left =
            rate > 0 ? "about " + duration(static_cast<double>(progress.total - progress.done) / rate) + " left" : "";
        if (m_terminal)
            std::snprintf(line, sizeof line, "%-18s [%-*s] %3.0f %%  %.1f/s  %s", progress.phase.c_str(), BarWidth,
                          bar.c_str(), 100 * share, rate, left.c_str());
        else
            std::snprintf(line, sizeof line, "%s: %.0f %%, %.1f/s, %s", progress.phase.c_str(), 100 * share, rate,
                          left.c_str());
    } else {
        std::snprintf(line, sizeof line, "%s: %lld, %.0f/s", progress.phase.c_str(),
                      static_cast<long long>(progress.done), rate);
    }
    if (m_terminal) {
        std::fprintf(stderr, "\r\x1b[K%s", line);
        std::fflush(stderr);
        m_barShown = true;
    } else {
        std::fprintf(stderr, "%s\n", line);
    }
}

void Console::clearBar()
{
    if (m_barShown)
        std::fputs("\r\x1b[K", stderr);
    m_barShown = false;
}

}  // namespace cli
