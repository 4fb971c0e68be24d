// SPDX-License-Identifier: Apache-2.0
#include "core/formats/documents/markdown.h"

#include <md4c.h>

namespace core {

namespace {

struct State {
    Document document;
    std::string text;
    int cells = 0;
    bool html = false;

    void finish()
    {
        while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
            text.pop_back();
        if (text.find_first_not_of(" \t\r\n") != std::string::npos)
            document.push_back({text, 0});
        text.clear();
    }
};

State &stateOf(void *data)
{
    return *static_cast<State *>(data);
}

int enterBlock(MD_BLOCKTYPE type, void *, void *data)
{
    State &state = stateOf(data);
    if (type == MD_BLOCK_TR)
        state.cells = 0;
    else if (type == MD_BLOCK_TD || type == MD_BLOCK_TH)
        state.text += state.cells++ > 0 ? "\t" : "";
    else
        state.finish();
    state.html = type == MD_BLOCK_HTML;
    return 0;
}

int leaveBlock(MD_BLOCKTYPE type, void *, void *data)
{
    State &state = stateOf(data);
    if (type != MD_BLOCK_TD && type != MD_BLOCK_TH)
        state.finish();
    state.html = false;
    return 0;
}

int nothing(MD_SPANTYPE, void *, void *)
{
    return 0;
}

int onText(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *data)
{
    State &state = stateOf(data);
    switch (type) {
    case MD_TEXT_HTML: break;
    case MD_TEXT_BR:
    case MD_TEXT_SOFTBR: state.text += '\n'; break;
    case MD_TEXT_NULLCHAR: state.text += "\xEF\xBF\xBD"; break;
    default:
        if (!state.html)
            state.text.append(text, size);
    }
    return 0;
}

}  // namespace

Document readMarkdown(std::string_view text)
{
    State state;
    const MD_PARSER parser{
        0, MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH, enterBlock, leaveBlock, nothing, nothing, onText, nullptr, nullptr};
    md_parse(text.data(), static_cast<MD_SIZE>(text.size()), &parser, &state);
    state.finish();
    return std::move(state.document);
}

}  // namespace core
