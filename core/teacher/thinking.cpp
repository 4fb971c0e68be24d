// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/thinking.h"

#include "core/base/lowered.h"

#include <string_view>

namespace core {

namespace {

struct Tags {
    std::string_view begin, end;
};

/// In lower case.
constexpr Tags Known[] = {{"<think>", "</think>"},
                          {"<thinking>", "</thinking>"},
                          {"<thought>", "</thought>"},
                          {"<thoughts>", "</thoughts>"},
                          {"<reasoning>", "</reasoning>"},
                          {"<reason>", "</reason>"},
                          {"<reflection>", "</reflection>"},
                          {"<scratchpad>", "</scratchpad>"},
                          {"<analysis>", "</analysis>"},
                          {"<seed:think>", "</seed:think>"},
                          {"<mm:think>", "</mm:think>"},
                          {"[think]", "[/think]"},
                          {"[thinking]", "[/thinking]"},
                          {"[reasoning]", "[/reasoning]"},
                          {"\u25c1think\u25b7", "\u25c1/think\u25b7"},
                          {"<|think|>", "<|/think|>"},
                          {"<|begin_of_thought|>", "<|end_of_thought|>"},
                          {"<|start_thinking|>", "<|end_thinking|>"},
                          {"<start_working_out>", "<end_working_out>"},
                          {"<unused94>", "<unused95>"},
                          {"<|channel|>analysis", "<|channel|>final<|message|>"},
                          {"<|channel>thought", "<channel|>"}};

/// The first of a kind of tag from `from` on.
struct Found {
    size_t at = std::string::npos;
    const Tags *tags = nullptr;
};

Found firstOf(const std::string &text, size_t from, std::string_view Tags::*kind)
{
    Found found;
    for (const Tags &tags : Known) {
        const size_t at = text.find(tags.*kind, from);
        if (at != std::string::npos && (!found.tags || at < found.at))
            found = {at, &tags};
    }
    return found;
}

}  // namespace

SpokenPart withoutThinking(const std::string &reply)
{
    const std::string lower = base::lowered(reply);
    SpokenPart spoken;
    size_t at = 0;
    for (;;) {
        const Found begin = firstOf(lower, at, &Tags::begin), end = firstOf(lower, at, &Tags::end);
        if (end.tags && end.at < begin.at) {
            // What stands before it was thought, too.
            spoken.text.clear();
            at = end.at + end.tags->end.size();
            spoken.hasThought = true;
            spoken.begin = at;
            continue;
        }
        spoken.text += reply.substr(at, begin.at == std::string::npos ? begin.at : begin.at - at);
        if (!begin.tags)
            return spoken;
        spoken.hasThought = true;
        const size_t close = lower.find(begin.tags->end, begin.at + begin.tags->begin.size());
        if (close == std::string::npos) {
            spoken.isOpen = true;
            return spoken;
        }
        at = close + begin.tags->end.size();
        spoken.begin = at;
    }
}

}  // namespace core
