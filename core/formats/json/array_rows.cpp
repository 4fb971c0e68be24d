// SPDX-License-Identifier: Apache-2.0
#include "core/formats/json/array_rows.h"

#include "core/formats/json/json_scan.h"

#include <algorithm>

using nlohmann::ordered_json;

namespace core {

namespace {

constexpr size_t None = std::string_view::npos;

/// Looks for the elements behind a broken one. All searches in a list together look at a few times its bytes at most.
class Recovery {
public:
    explicit Recovery(std::string_view text) : m_text(text), m_budget(4 * text.size() + (1 << 20)) { }

    /// The place of the next element that is an object like the one before, in [from, to); None when there is none.
    size_t nextElement(size_t from, size_t to, std::string_view firstName, const RowSink &sink)
    {
        if (firstName.empty())
            return None;
        for (size_t i = from; i < to && m_budget > 0; ++i) {
            const size_t brace = std::min(m_text.find('{', i), to);
            spend(brace - i + 1);
            i = brace;
            if (i < to && begins(i, firstName) && isElement(i, sink))
                return i;
        }
        return None;
    }

private:
    void spend(size_t bytes) { m_budget -= std::min(bytes, m_budget); }

    /// Whether the brace follows another element and its first name is the same.
    bool begins(size_t brace, std::string_view firstName) const
    {
        size_t before = brace;
        while (before > 0 && std::string_view(" \t\r\n,").find(m_text[before - 1]) != None)
            --before;
        if (before == 0 || before == brace)
            return false;
        const size_t name = skipBlanks(m_text, brace + 1);
        return m_text.substr(name, firstName.size()) == firstName;
    }

    bool isElement(size_t brace, const RowSink &sink)
    {
        const size_t end = endOfValue(m_text, brace);
        spend(std::min(end, m_text.size()) - brace);
        if (end == None)
            return false;
        const std::string_view value = m_text.substr(brace, end - brace);
        RecordFile scratch;
        const auto fields = RowSink(scratch).parse(0, value);
        if (!fields || !fields->is_object())
            return false;
        const ordered_json *before = sink.lastFields();
        if (!before)
            return true;
        const auto shared = std::count_if(before->items().begin(), before->items().end(),
                                          [&](const auto &member) { return fields->contains(member.key()); });
        return 2 * static_cast<size_t>(shared) >= before->size();
    }

    std::string_view m_text;
    size_t m_budget;
};

/// The first name of an object, as written.
std::string_view firstNameOf(std::string_view object)
{
    if (object.empty() || object[0] != '{')
        return {};
    const size_t name = skipBlanks(object, 1);
    const size_t end =
        name < object.size() && (object[name] == '"' || object[name] == '\'') ? endOfValue(object, name) : None;
    return end == None ? std::string_view() : object.substr(name, end - name);
}

}  // namespace

size_t readArrayRows(std::string_view text, size_t open, RowSink &sink)
{
    JsonParts parts(text, open);
    Recovery recovery(text);
    std::string_view firstName;
    bool cut = false;
    for (;;) {
        if (!parts.next()) {
            if (!parts.isBroken())
                break;
            const size_t next = recovery.nextElement(parts.position(), text.size(), firstName, sink);
            sink.reject(std::max<int64_t>(sink.nextNumber() - 1, 1), "what follows it is no JSON");
            if (next == None)
                return text.size();
            parts.moveTo(next);
            continue;
        }
        const int64_t number = sink.nextNumber();
        const std::string_view value = parts.value();
        const size_t begin = static_cast<size_t>(value.data() - text.data());
        if (firstName.empty())
            firstName = firstNameOf(value);
        if (parts.isWhole()) {
            auto row = sink.parse(number, value);
            if (row) {
                sink.add(number, std::move(*row));
                continue;
            }
            sink.reject(number, row.error().message);
        }
        const size_t next = recovery.nextElement(begin + 1, parts.position(), firstName, sink);
        if (next != None) {
            if (!parts.isWhole())
                sink.reject(number, "its quotes or brackets do not close");
            parts.moveTo(next);
        } else if (!parts.isWhole()) {
            cut = true;
            sink.reject(number, "the file ends in the middle of it");
        }
    }
    if (!parts.isClosed() || cut) {
        sink.setCut();
        return text.size();
    }
    return parts.position();
}

}  // namespace core
