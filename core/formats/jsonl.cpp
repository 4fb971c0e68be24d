// SPDX-License-Identifier: Apache-2.0
#include "core/formats/jsonl.h"

#include "core/base/trimmed.h"
#include "core/engine/json/strict_json.h"
#include "core/formats/annotation/annotations.h"
#include "core/formats/json/array_rows.h"
#include "core/formats/json/document_layouts.h"
#include "core/formats/json/json_scan.h"
#include "core/formats/json/mended_json.h"
#include "core/formats/json/nested_fields.h"

#include <algorithm>
#include <optional>

using base::trimmed;

namespace core {

namespace {

constexpr size_t None = std::string_view::npos;
/// A longer object among JSON lines is taken for a broken line.
constexpr int64_t MostLines = 200;

std::string_view nextLine(std::string_view text, size_t &position)
{
    const size_t end = std::min(text.find('\n', position), text.size());
    const std::string_view line = text.substr(position, end - position);
    position = std::min(end + 1, text.size());
    return line;
}

/// Behind blanks and the marks that may end a list or a line.
size_t behindMarks(std::string_view text, size_t at)
{
    at = skipBlanks(text, at);
    while (at < text.size() && (text[at] == ',' || text[at] == ';'))
        at = skipBlanks(text, at + 1);
    return at;
}

class LineReader {
public:
    LineReader(std::string_view text, RowSink &sink) : m_text(text), m_sink(sink), m_budget(4 * text.size()) { }

    void run()
    {
        for (size_t i = 0; i < m_text.size();) {
            const size_t start = i;
            const std::string_view line = nextLine(m_text, i);
            const int64_t row = ++m_number;
            const size_t first = skipBlanks(line, 0);
            if (first == line.size())
                continue;
            if (readValues(line, first, row))
                continue;
            if (const size_t end = endOfSpread(start + first); end != None) {
                static_cast<void>(m_sink.addText(row, m_text.substr(start + first, end - start - first)));
                while (i < end) {
                    static_cast<void>(nextLine(m_text, i));
                    ++m_number;
                }
                continue;
            }
            static_cast<void>(m_sink.addText(row, trimmed(line)));
        }
    }

private:
    /// The values of a line, mostly one. False where not all of the line is values that can be read.
    bool readValues(std::string_view line, size_t at, int64_t row)
    {
        std::vector<nlohmann::ordered_json> values;
        while (at < line.size()) {
            const size_t end = endOfValue(line, at);
            if (end == None || end == at)
                return false;
            auto value = m_sink.parse(row, line.substr(at, end - at));
            if (!value)
                return false;
            values.push_back(std::move(*value));
            at = behindMarks(line, end);
        }
        for (auto &value : values)
            m_sink.add(row, std::move(value));
        return true;
    }

    /// The place behind an object that begins at `start` and is written over several lines; None where none does. It
    /// ends at the end of a line, at which a comma may stand.
    size_t endOfSpread(size_t start)
    {
        if (m_text[start] != '{' && m_text[start] != '[')
            return None;
        size_t limit = start;
        for (int64_t lines = 0; lines < MostLines && limit < m_text.size() && m_budget > 0; ++lines) {
            const size_t before = limit;
            static_cast<void>(nextLine(m_text, limit));
            m_budget -= std::min(limit - before, m_budget);
        }
        const std::string_view part = m_text.substr(0, limit);
        const size_t end = endOfValue(part, start);
        if (end == None)
            return None;
        size_t lineEnd = end;
        const std::string_view rest = trimmed(nextLine(m_text, lineEnd));
        if (!rest.empty() && rest != ",")
            return None;
        RecordFile scratch;
        return RowSink(scratch).parse(0, m_text.substr(start, end - start)) ? end : None;
    }

    std::string_view m_text;
    RowSink &m_sink;
    size_t m_budget;  ///< bytes that searches for the end of an object may still look at
    int64_t m_number = 0;
};

int64_t lineOf(std::string_view text, size_t at)
{
    return 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
}

/// Lists of rows, one behind the other. False, with nothing read: it is something else.
bool readLists(std::string_view text, size_t at, RowSink &sink)
{
    const size_t end = endOfValue(text, at);
    const bool alone = end == None || behindMarks(text, end) == text.size();
    if (!alone && !firstPart(text.substr(at)).starts_with('{'))
        return false;  // lines that are lists
    while (at < text.size()) {
        if (text[at] != '[') {
            sink.reject(sink.nextNumber(), "what follows the list of rows is no list");
            break;
        }
        at = behindMarks(text, readArrayRows(text, at, sink));
    }
    return true;
}

/// One object, which may go on to the end of the text without closing. False: it is a first one of several, or broken.
bool readObject(std::string_view text, size_t at, RowSink &sink)
{
    const size_t end = endOfValue(text, at);
    if (end != None && behindMarks(text, end) != text.size())
        return false;
    const std::string_view object = text.substr(at, end == None ? None : end - at);
    if (readDocument(object, sink))
        return true;
    if (end == None)
        return false;
    const int64_t line = lineOf(text, at);
    auto row = sink.parse(line, object);
    if (!row && object.find('\n') != None)
        return false;  // the lines say more about where it is broken
    if (row)
        sink.add(line, std::move(*row));
    else
        sink.reject(line, row.error().message);
    return true;
}

/// Whether the value is an object or a list that holds something, and nothing else than JSON.
bool isFilledJson(std::string_view value)
{
    auto json = engine::parseOrderedJson(value);
    if (!json)
        json = engine::parseOrderedJson(mendJson(value).text);
    return json && (json->is_object() || json->is_array()) && !json->empty();
}

}  // namespace

RecordFile parseJsonRows(std::string_view text)
{
    RecordFile file;
    RowSink sink(file);
    const size_t start = skipBlanks(text, 0);
    const char first = start < text.size() ? text[start] : '\0';
    const bool read = (first == '[' && readLists(text, start, sink)) || (first == '{' && readObject(text, start, sink));
    if (!read)
        LineReader(text, sink).run();
    sink.finish();
    spreadPatterns(file);
    return file;
}

RecordFile readJsonRows(std::string_view text)
{
    RecordFile file = parseJsonRows(text);
    readAnnotations(file);
    flattenFields(file);
    return file;
}

bool looksLikeJson(std::string_view text)
{
    constexpr size_t LongestRow = 16 << 20;
    constexpr int Lines = 10;
    const size_t start = skipBlanks(text, 0);
    if (start == text.size() || (text[start] != '{' && text[start] != '['))
        return false;
    const std::string_view head = text.substr(start, LongestRow);
    JsonParts parts(head);
    if (head[0] == '[' && parts.next() && parts.isWhole()) {
        const std::string_view element = parts.value();
        const size_t next = skipBlanks(head, parts.position());
        const bool goesOn = next < head.size() && (head[next] == ',' || head[next] == ']');
        if (goesOn && (isFilledJson(element) || (element.starts_with('"') && element.size() > 2)))
            return true;
    }
    if (head[0] == '{' && parts.next() && !parts.key().empty()) {
        const size_t end = endOfValue(head, 0);
        const bool cut =
            head.size() < text.size() - start || parts.value().starts_with('[') || parts.value().starts_with('{');
        if (end == None ? cut : isFilledJson(head.substr(0, end)))
            return true;
    }
    // The first line may be broken.
    int lines = 0, sound = 0;
    for (size_t i = 0; i < head.size() && lines < Lines;) {
        const std::string_view line = trimmed(nextLine(head, i));
        if (line.empty())
            continue;
        ++lines;
        const bool closed = line.starts_with('{') || line.starts_with('[');
        sound += closed && isFilledJson(line.ends_with(',') ? line.substr(0, line.size() - 1) : line) ? 1 : 0;
    }
    return lines > 1 && 2 * sound >= lines;
}

}  // namespace core
