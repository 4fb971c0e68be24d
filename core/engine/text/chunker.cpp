// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/chunker.h"

#include "core/base/trimmed.h"
#include "core/engine/text/utf8.h"

#include <algorithm>
#include <memory>
#include <unicode/ubrk.h>
#include <unicode/utext.h>

using base::trimmed;

namespace engine {

namespace {

/// Sentences with the spaces behind them; together they are the text.
std::vector<std::string_view> sentencesOf(std::string_view text)
{
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UText, decltype(&utext_close)> bytes(
        utext_openUTF8(nullptr, text.data(), static_cast<int64_t>(text.size()), &status), &utext_close);
    const std::unique_ptr<UBreakIterator, decltype(&ubrk_close)> breaks(
        ubrk_open(UBRK_SENTENCE, "", nullptr, 0, &status), &ubrk_close);
    if (U_SUCCESS(status))
        ubrk_setUText(breaks.get(), bytes.get(), &status);
    if (U_FAILURE(status))
        return {text};
    std::vector<std::string_view> sentences;
    for (int32_t from = ubrk_first(breaks.get()), to = ubrk_next(breaks.get()); to != UBRK_DONE;
         from = to, to = ubrk_next(breaks.get()))
        sentences.push_back(text.substr(static_cast<size_t>(from), static_cast<size_t>(to - from)));
    return sentences;
}

/// Byte position of a code point.
size_t byteOf(std::string_view text, int32_t codePoint)
{
    size_t position = 0;
    for (int32_t i = 0; i < codePoint && position < text.size(); ++i)
        static_cast<void>(decodeUtf8(text, position));
    return position;
}

class Packer {
public:
    Packer(const Tokenizer &tokenizer, int maxTokens)
        : m_tokenizer(tokenizer), m_most(static_cast<size_t>(std::max(1, maxTokens)))
    {
    }

    void add(const std::string &paragraph, size_t index)
    {
        const size_t tokens = count(paragraph);
        if (tokens <= m_most) {
            append(paragraph, tokens, index, "\n");
            return;
        }
        finish();
        for (const std::string_view sentence : sentencesOf(paragraph)) {
            const size_t size = count(sentence);
            if (size <= m_most)
                append(sentence, size, index, "");
            else
                addLong(sentence, index);
        }
        finish();
    }

    std::vector<Chunk> take()
    {
        finish();
        return std::move(m_chunks);
    }

private:
    [[nodiscard]] size_t count(std::string_view text) const { return m_tokenizer.encode(text, false).ids.size(); }

    void append(std::string_view text, size_t tokens, size_t index, const char *between)
    {
        if (m_tokens + tokens > m_most)
            finish();
        if (m_current.text.empty())
            m_current.first = index;
        else
            m_current.text += between;
        m_current.text += text;
        m_tokens += tokens;
    }

    /// A sentence that is too long, in parts that end before a space if there is one.
    void addLong(std::string_view sentence, size_t index)
    {
        finish();
        while (!sentence.empty()) {
            const auto offsets = m_tokenizer.encode(sentence, false).offsets;
            size_t end = sentence.size();
            if (offsets.size() > m_most) {
                end = byteOf(sentence, offsets[m_most].begin);
                if (const auto space = sentence.rfind(' ', end); space != std::string_view::npos && space > 0)
                    end = space;
                end = std::max<size_t>(end, byteOf(sentence, 1));  // something, so that it ends
            }
            append(sentence.substr(0, end), m_most, index, "");
            finish();
            sentence = trimmed(sentence.substr(end));
        }
    }

    void finish()
    {
        m_current.text = trimmed(m_current.text);
        if (!m_current.text.empty())
            m_chunks.push_back(std::move(m_current));
        m_current = {};
        m_tokens = 0;
    }

    const Tokenizer &m_tokenizer;
    size_t m_most;
    Chunk m_current;
    size_t m_tokens = 0;
    std::vector<Chunk> m_chunks;
};

}  // namespace

std::vector<Chunk> chunksOf(const std::vector<std::string> &paragraphs, const Tokenizer &tokenizer, int maxTokens)
{
    Packer packer(tokenizer, maxTokens);
    for (size_t i = 0; i < paragraphs.size(); ++i)
        packer.add(paragraphs[i], i);
    return packer.take();
}

std::string truncated(const std::string &text, const Tokenizer &tokenizer, int maxTokens, Truncation truncation)
{
    const auto offsets = tokenizer.encode(text, false).offsets;
    const auto most = static_cast<size_t>(std::max(1, maxTokens));
    if (offsets.size() <= most)
        return text;
    const size_t head = truncation == Truncation::Head ? most : std::max<size_t>(1, most / 4);
    const std::string first(trimmed(std::string_view(text).substr(0, byteOf(text, offsets[head - 1].end))));
    if (head == most)
        return first;
    return first + " ... " +
           std::string(
               trimmed(std::string_view(text).substr(byteOf(text, offsets[offsets.size() - (most - head)].begin))));
}

}  // namespace engine
