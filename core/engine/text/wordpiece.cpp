// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/wordpiece.h"

#include "core/base/random.h"
#include "core/engine/text/utf8.h"

#include <algorithm>
#include <bit>

namespace engine {

namespace {

/// What a long text needed is given back.
constexpr size_t KeptChars = 1 << 18;
constexpr uint64_t HashStart = 0xCBF29CE484222325ULL;

uint64_t extendHash(uint64_t hash, char byte)
{
    return (hash ^ static_cast<unsigned char>(byte)) * 0x100000001B3ULL;
}

}  // namespace

/// Buffers that a thread reuses for all words.
struct WordPieceTokenizer::Scratch {
    std::vector<NormalizedChar> chars;
    std::string bytes;
    std::vector<uint32_t> ends;    ///< byte end of each code point of the word
    std::vector<uint64_t> hashes;  ///< hash from the current start to each end
};

void WordPieceTokenizer::PieceTable::reserve(size_t count)
{
    m_slots.assign(std::bit_ceil(std::max<size_t>(16, count * 2)), Slot{});
}

void WordPieceTokenizer::PieceTable::insert(std::string_view piece, int32_t id)
{
    const uint64_t hash = base::contentHash(piece.data(), piece.size(), HashStart);
    const size_t mask = m_slots.size() - 1;
    size_t i = (hash ^ (hash >> 29)) & mask;
    while (m_slots[i].id >= 0)
        i = (i + 1) & mask;
    m_slots[i] = {hash, static_cast<uint32_t>(m_bytes.size()), static_cast<uint32_t>(piece.size()), id};
    m_bytes += piece;
    m_longest = std::max(m_longest, piece.size());
}

int32_t WordPieceTokenizer::PieceTable::find(std::string_view piece, uint64_t hash) const
{
    const size_t mask = m_slots.size() - 1;
    for (size_t i = (hash ^ (hash >> 29)) & mask; m_slots[i].id >= 0; i = (i + 1) & mask) {
        const Slot &slot = m_slots[i];
        if (slot.hash == hash && slot.length == piece.size() &&
            std::string_view(m_bytes).substr(slot.start, slot.length) == piece)
            return slot.id;
    }
    return -1;
}

WordPieceTokenizer::WordPieceTokenizer(WordPieceConfig config, TokenFrame frame)
    : FramedTokenizer(std::move(frame)), m_config(std::move(config)),
      m_normalizedTokens(m_config.normalizedTokens, [this](std::string_view text) {
          std::vector<NormalizedChar> chars;
          normalizeBert(m_config.normalizer, text, 0, chars);
          return chars;
      })
{
    for (const AddedToken &token : m_config.normalizedTokens)
        countId(token.id);
    const std::string &prefix = m_config.continuingPrefix;
    m_initial.reserve(m_config.vocabulary.size());
    m_continued.reserve(m_config.vocabulary.size());
    for (const auto &[piece, id] : m_config.vocabulary) {
        m_initial.insert(piece, id);
        if (piece.starts_with(prefix))
            m_continued.insert(std::string_view(piece).substr(prefix.size()), id);
        countId(id);
    }
    m_config.vocabulary.clear();
    m_config.vocabulary.shrink_to_fit();
}

void WordPieceTokenizer::encodePiece(std::string_view text, int32_t firstCodePoint, Encoding &out) const
{
    thread_local Scratch scratch;
    scratch.chars.clear();
    normalizeBert(m_config.normalizer, text, firstCodePoint, scratch.chars);
    if (m_normalizedTokens.isEmpty()) {
        encodeWords(scratch.chars, scratch, out);
    } else {
        m_normalizedTokens.split(
            scratch.chars, [&](std::span<const NormalizedChar> piece) { encodeWords(piece, scratch, out); },
            [&](int32_t id, Offset offset) {
                out.ids.push_back(id);
                out.offsets.push_back(offset);
            });
    }
    if (scratch.chars.capacity() > KeptChars)
        scratch = {};
}

void WordPieceTokenizer::encodeWords(std::span<const NormalizedChar> text, Scratch &scratch, Encoding &out) const
{
    const NormalizedChar *chars = text.data();
    const size_t count = text.size();
    for (size_t i = 0; i < count;) {
        if (isWhitespace(chars[i].c)) {
            ++i;
            continue;
        }
        size_t end = i + 1;
        if (!isBertPunctuation(chars[i].c)) {
            while (end < count && !isWhitespace(chars[end].c) && !isBertPunctuation(chars[end].c))
                ++end;
        }
        encodeWord(chars + i, chars + end, scratch, out);
        i = end;
    }
}

void WordPieceTokenizer::encodeWord(const NormalizedChar *begin, const NormalizedChar *end, Scratch &scratch,
                                    Encoding &out) const
{
    const auto length = static_cast<size_t>(end - begin);
    const auto unknown = [&] {
        out.ids.push_back(m_config.unknownId);
        out.offsets.push_back({begin->origin.begin, (end - 1)->origin.end});
    };
    if (length > static_cast<size_t>(m_config.maxCharsPerWord)) {
        unknown();
        return;
    }
    scratch.bytes.clear();
    scratch.ends.clear();
    for (const NormalizedChar *c = begin; c != end; ++c) {
        appendUtf8(scratch.bytes, c->c);
        scratch.ends.push_back(static_cast<uint32_t>(scratch.bytes.size()));
    }
    const std::string_view word = scratch.bytes;
    const size_t firstToken = out.ids.size();
    for (size_t from = 0; from < length;) {
        const PieceTable &table = from == 0 ? m_initial : m_continued;
        const size_t startByte = from == 0 ? 0 : scratch.ends[from - 1];
        scratch.hashes.clear();
        uint64_t hash = HashStart;
        size_t reach = from;
        for (; reach < length && scratch.ends[reach] - startByte <= table.longest(); ++reach) {
            for (size_t b = reach == from ? startByte : scratch.ends[reach - 1]; b < scratch.ends[reach]; ++b)
                hash = extendHash(hash, word[b]);
            scratch.hashes.push_back(hash);
        }
        int32_t id = -1;
        for (; reach > from; --reach) {
            id = table.find(word.substr(startByte, scratch.ends[reach - 1] - startByte),
                            scratch.hashes[reach - 1 - from]);
            if (id >= 0)
                break;
        }
        if (id < 0) {
            out.ids.resize(firstToken);
            out.offsets.resize(firstToken);
            unknown();
            return;
        }
        out.ids.push_back(id);
        out.offsets.push_back({begin[from].origin.begin, begin[reach - 1].origin.end});
        from = reach;
    }
}

}  // namespace engine
