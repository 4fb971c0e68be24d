// SPDX-License-Identifier: Apache-2.0
#include "core/engine/data/windows.h"

#include <algorithm>

namespace engine {

namespace {

constexpr int OverlapShare = 8;
constexpr int MostWindows = 32;
/// Fewer own tokens would make windows of hardly anything.
constexpr int FewestOwn = 8;

/// Of a window, without what all have.
size_t ownTokens(const WindowRule &rule)
{
    return static_cast<size_t>(rule.length - rule.front - rule.back);
}

}  // namespace

bool WindowRule::isSound() const
{
    return front >= 0 && back >= 0 && overlap >= 0 && most >= 1 && front <= length && back <= length &&
           length - front - back > overlap;
}

size_t WindowRule::longestText() const
{
    const size_t own = ownTokens(*this);
    return static_cast<size_t>(front + back) + own +
           (static_cast<size_t>(most) - 1) * (own - static_cast<size_t>(overlap));
}

WindowRule usualWindows(int length, int front, int back)
{
    const int own = length - front - back;
    return own < FewestOwn ? WindowRule{length, length, 0, front, back}
                           : WindowRule{length, own / OverlapShare, MostWindows, front, back};
}

std::vector<size_t> windowStarts(size_t tokens, const WindowRule &rule)
{
    const auto front = static_cast<size_t>(rule.front);
    std::vector<size_t> starts{front};
    if (!rule.isOn() || tokens <= static_cast<size_t>(rule.length))
        return starts;
    const size_t own = ownTokens(rule), end = tokens - static_cast<size_t>(rule.back);
    while (starts.back() + own < end && starts.size() < static_cast<size_t>(rule.most))
        starts.push_back(starts.back() + own - static_cast<size_t>(rule.overlap));
    return starts;
}

std::vector<std::vector<int32_t>> windowsOf(const std::vector<int32_t> &text, const WindowRule &rule)
{
    if (!rule.isOn() || text.size() <= static_cast<size_t>(rule.length))
        return {text};
    const auto at = [&](size_t place) { return text.begin() + static_cast<std::ptrdiff_t>(place); };
    const size_t end = text.size() - static_cast<size_t>(rule.back);
    std::vector<std::vector<int32_t>> windows;
    for (const size_t start : windowStarts(text.size(), rule)) {
        auto &window = windows.emplace_back(text.begin(), at(static_cast<size_t>(rule.front)));
        window.insert(window.end(), at(start), at(std::min(start + ownTokens(rule), end)));
        window.insert(window.end(), at(end), text.end());
    }
    return windows;
}

WindowedTexts::WindowedTexts(const std::vector<std::vector<int32_t>> &texts, const WindowRule &rule) : first{0}
{
    for (size_t i = 0; i < texts.size(); ++i) {
        for (auto &window : windowsOf(texts[i], rule)) {
            windows.push_back(std::move(window));
            textOf.push_back(i);
        }
        first.push_back(windows.size());
    }
}

}  // namespace engine
