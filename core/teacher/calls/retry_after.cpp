// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/calls/retry_after.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <ctime>

using std::chrono::milliseconds;
using std::chrono::system_clock;

namespace core {

namespace {

constexpr milliseconds Longest = std::chrono::hours(24);

bool isSame(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](unsigned char x, unsigned char y) {
               return std::tolower(x) == std::tolower(y);
           });
}

std::optional<milliseconds> sensible(double value)
{
    if (!(value > 0))
        return std::nullopt;
    return std::min(milliseconds(static_cast<int64_t>(std::ceil(std::min(value, 1e9)))), Longest);
}

/// All of the text, as a plain decimal number.
std::optional<double> number(std::string_view text)
{
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    return error == std::errc() && end == text.data() + text.size() && !text.empty() && std::isfinite(value)
               ? std::optional(value)
               : std::nullopt;
}

/// IMF-fixdate, RFC 850 or asctime, all in GMT.
std::optional<system_clock::time_point> httpDate(const std::string &text)
{
    for (const char *form : {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y"}) {
        std::tm parts{};
        const char *end = ::strptime(text.c_str(), form, &parts);
        if (end && *end == '\0')
            return system_clock::from_time_t(::timegm(&parts));
    }
    return std::nullopt;
}

/// "2026-03-01T10:00:00Z", with a fraction or an offset.
std::optional<system_clock::time_point> internetDate(const std::string &text)
{
    std::tm parts{};
    const char *end = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
    if (!end)
        return std::nullopt;
    if (*end == '.') {
        do
            ++end;
        while (std::isdigit(static_cast<unsigned char>(*end)));
    }
    int hours = 0, minutes = 0;
    if (*end == '+' || *end == '-') {
        const int sign = *end == '-' ? -1 : 1;
        if (std::sscanf(end + 1, "%2d:%2d", &hours, &minutes) != 2)
            return std::nullopt;
        hours *= sign;
        minutes *= sign;
    } else if (*end != 'Z' && *end != 'z') {
        return std::nullopt;
    }
    return system_clock::from_time_t(::timegm(&parts)) - std::chrono::hours(hours) - std::chrono::minutes(minutes);
}

/// "6m0s", "1.5s", "20ms", "1h2m3s".
std::optional<milliseconds> duration(std::string_view text)
{
    double sum = 0;
    while (!text.empty()) {
        double value = 0;
        const auto [end, error] =
            std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
        if (error != std::errc())
            return std::nullopt;
        text.remove_prefix(static_cast<size_t>(end - text.data()));
        constexpr std::array<std::pair<std::string_view, double>, 4> Units{
            {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}}};
        const auto unit =
            std::find_if(Units.begin(), Units.end(), [&](const auto &u) { return text.starts_with(u.first); });
        if (unit == Units.end())
            return std::nullopt;
        sum += value * unit->second;
        text.remove_prefix(unit->first.size());
    }
    return sensible(sum);
}

std::optional<milliseconds> until(std::optional<system_clock::time_point> then, system_clock::time_point now)
{
    if (!then)
        return std::nullopt;
    return sensible(static_cast<double>(std::chrono::duration_cast<milliseconds>(*then - now).count()));
}

}  // namespace

std::string headerOf(const HttpHeaders &headers, std::string_view name)
{
    const auto found =
        std::find_if(headers.begin(), headers.end(), [&](const auto &h) { return isSame(h.first, name); });
    if (found == headers.end())
        return {};
    const auto begin = found->second.find_first_not_of(" \t");
    return begin == std::string::npos
               ? std::string()
               : found->second.substr(begin, found->second.find_last_not_of(" \t\r") - begin + 1);
}

std::optional<milliseconds> retryAfter(const HttpHeaders &headers, system_clock::time_point now)
{
    if (const auto exact = number(headerOf(headers, "retry-after-ms")))
        return sensible(*exact);
    const std::string value = headerOf(headers, "retry-after");
    if (const auto seconds = number(value))
        return sensible(*seconds * 1000);
    return until(httpDate(value), httpDate(headerOf(headers, "date")).value_or(now));
}

std::optional<milliseconds> quotaReset(const HttpHeaders &headers, system_clock::time_point now)
{
    std::optional<milliseconds> longest;
    const auto take = [&](std::optional<milliseconds> wait) {
        if (wait && (!longest || *wait > *longest))
            longest = wait;
    };
    for (const char *kind : {"requests", "tokens"}) {
        const std::string name(kind);
        if (number(headerOf(headers, "x-ratelimit-remaining-" + name)) == 0.0)
            take(duration(headerOf(headers, "x-ratelimit-reset-" + name)));
    }
    for (const char *kind : {"requests", "tokens", "input-tokens", "output-tokens"}) {
        const std::string prefix = std::string("anthropic-ratelimit-") + kind;
        if (number(headerOf(headers, prefix + "-remaining")) == 0.0)
            take(until(internetDate(headerOf(headers, prefix + "-reset")), now));
    }
    return longest;
}

}  // namespace core
