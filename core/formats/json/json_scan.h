// SPDX-License-Identifier: Apache-2.0
// Where the values of a JSON text begin and end, found by brackets and quotes alone: nothing is built, so a document of
// any size costs no memory, and what is broken costs only itself.
#pragma once

#include <string>
#include <string_view>

namespace core {

/// The first place from `at` on that holds neither blanks, zero bytes nor a comment; the length of the text when there
/// is none.
[[nodiscard]] size_t skipBlanks(std::string_view text, size_t at);

/// The place behind the value that begins at `at`; npos when the text ends inside it. Whether it is JSON is not looked
/// at: a text in quotes, what stands between balanced brackets, or all up to the next comma, bracket or blank.
[[nodiscard]] size_t endOfValue(std::string_view text, size_t at);

/// A string in quotes as text; what is no string in quotes comes back as it is.
[[nodiscard]] std::string unquoted(std::string_view quoted);

/// Goes through the elements of a list or the members of an object.
class JsonParts {
public:
    /// `open` is the place of its bracket or brace.
    explicit JsonParts(std::string_view text, size_t open = 0);

    /// Moves on; false at the end, which `isClosed` and `isBroken` tell apart.
    bool next();
    /// Of an object: the name, as written.
    [[nodiscard]] std::string_view key() const { return m_key; }
    /// The value, as written; up to the end of the text when that comes first.
    [[nodiscard]] std::string_view value() const { return m_value; }
    /// Whether the value ended before the text did.
    [[nodiscard]] bool isWhole() const { return m_whole; }
    /// Whether the closing bracket was found.
    [[nodiscard]] bool isClosed() const { return m_closed; }
    /// Whether something else than a member or the closing bracket stands there.
    [[nodiscard]] bool isBroken() const { return m_broken; }
    /// The place behind what was read last.
    [[nodiscard]] size_t position() const { return m_position; }
    /// Goes on from another place.
    void moveTo(size_t position)
    {
        m_position = position;
        m_broken = false;
    }

private:
    bool stop();

    std::string_view m_text;
    bool m_object;
    size_t m_position;
    std::string_view m_key, m_value;
    bool m_whole = true, m_closed = false, m_broken = false;
};

/// The first element or member value of a list or object; empty when there is none.
[[nodiscard]] std::string_view firstPart(std::string_view container);

}  // namespace core
