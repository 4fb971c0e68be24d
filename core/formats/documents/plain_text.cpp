// SPDX-License-Identifier: Apache-2.0
#include "core/formats/documents/plain_text.h"

#include "core/base/trimmed.h"

#include <algorithm>

using base::trimmed;

namespace core {

namespace {

/// Calls `visit` with each line, whatever ends it.
template <class F>
void forLines(std::string_view text, F &&visit)
{
    for (size_t i = 0; i < text.size();) {
        const size_t end = std::min(text.find_first_of("\r\n\f", i), text.size());
        visit(text.substr(i, end - i));
        if (end < text.size() && text[end] == '\f')
            visit(std::string_view());
        i = end + (text.substr(end, 2) == "\r\n" ? 2 : 1);
    }
}

}  // namespace

Document paragraphsOf(std::string_view text)
{
    Document document;
    std::string paragraph;
    const auto finish = [&] {
        if (!paragraph.empty())
            document.push_back({std::move(paragraph), 0});
        paragraph.clear();
    };
    forLines(text, [&](std::string_view line) {
        const auto content = trimmed(line);
        if (content.empty())
            return finish();
        paragraph += (paragraph.empty() ? "" : "\n") + std::string(content);
    });
    finish();
    return document;
}

Document linesOf(std::string_view text)
{
    Document document;
    forLines(text, [&](std::string_view line) {
        if (const auto content = trimmed(line); !content.empty())
            document.push_back({std::string(content), 0});
    });
    return document;
}

}  // namespace core
