// SPDX-License-Identifier: Apache-2.0
#include "core/formats/xml_reader.h"

#include <expat.h>
#include <memory>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr int MostLevels = 256;

std::string_view withoutPrefix(std::string_view name)
{
    return name.substr(name.find(':') + 1);
}

struct State {
    XML_Parser parser;
    const XmlHandler &handler;
    int level = 0;
    std::string refusal;

    void refuse(const char *reason)
    {
        refusal = reason;
        XML_StopParser(parser, XML_FALSE);
    }
};

State &stateOf(void *data)
{
    return *static_cast<State *>(data);
}

void onStart(void *data, const XML_Char *name, const XML_Char **attributes)
{
    State &state = stateOf(data);
    if (++state.level > MostLevels)
        return state.refuse("it is nested too deeply");
    const auto attribute = [attributes](std::string_view wanted) {
        for (const XML_Char **a = attributes; *a; a += 2) {
            if (withoutPrefix(*a) == wanted)
                return std::string(a[1]);
        }
        return std::string();
    };
    if (state.handler.start)
        state.handler.start(withoutPrefix(name), attribute);
}

void onEnd(void *data, const XML_Char *name)
{
    State &state = stateOf(data);
    --state.level;
    if (state.handler.end)
        state.handler.end(withoutPrefix(name));
}

void onText(void *data, const XML_Char *text, int size)
{
    if (stateOf(data).handler.text)
        stateOf(data).handler.text(std::string_view(text, static_cast<size_t>(size)));
}

void onDocumentType(void *data, const XML_Char *, const XML_Char *, const XML_Char *, int)
{
    stateOf(data).refuse("it declares entities of its own");
}

}  // namespace

Result<void> readXml(std::string_view xml, const XmlHandler &handler, const std::string &subject)
{
    const std::unique_ptr<std::remove_pointer_t<XML_Parser>, decltype(&XML_ParserFree)> parser(
        XML_ParserCreate(nullptr), &XML_ParserFree);
    State state{parser.get(), handler, 0, {}};
    XML_SetUserData(parser.get(), &state);
    XML_SetElementHandler(parser.get(), onStart, onEnd);
    XML_SetCharacterDataHandler(parser.get(), onText);
    XML_SetStartDoctypeDeclHandler(parser.get(), onDocumentType);
    if (XML_Parse(parser.get(), xml.data(), static_cast<int>(xml.size()), 1) == XML_STATUS_OK)
        return {};
    const std::string reason = state.refusal.empty() ? "its XML is broken" : state.refusal;
    return failure(ErrorCode::InvalidInput,
                   "This file is not read: " + reason + ". Save it anew with an office program.", subject);
}

}  // namespace core
