// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/byte_pair.h"

#include "core/engine/text/hash_slots.h"
#include "core/engine/text/utf8.h"

#include <algorithm>
#include <array>
#include <bit>
#include <queue>

using base::failure;

namespace engine {

namespace {

/// More than any word has; what a text without spaces needed is given back.
constexpr size_t KeptSymbols = 1 << 16;

uint64_t pairOf(int32_t left, int32_t right)
{
    return static_cast<uint64_t>(static_cast<uint32_t>(left)) << 32 | static_cast<uint32_t>(right);
}

/// The byte that GPT-2 writes as a character; nothing for other characters. Printable bytes are themselves, the rest
/// follow from U+0100 on.
std::optional<char> byteOf(char32_t c)
{
    static const std::array<int16_t, 0x144> bytes = [] {
        std::array<int16_t, 0x144> table{};
        table.fill(-1);
        size_t next = 0x100;
        for (int b = 0; b < 256; ++b) {
            const bool isPrintable = (b >= 0x21 && b <= 0x7E) || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
            table[isPrintable ? static_cast<size_t>(b) : next++] = static_cast<int16_t>(b);
        }
        return table;
    }();
    if (c >= bytes.size() || bytes[c] < 0)
        return std::nullopt;
    return static_cast<char>(bytes[c]);
}

/// Nothing where a character of it stands for no byte: such a piece is never made.
std::optional<std::string> bytesOf(const std::string &piece)
{
    std::string bytes;
    for (size_t i = 0; i < piece.size();) {
        const auto byte = byteOf(decodeUtf8(piece, i));
        if (!byte)
            return std::nullopt;
        bytes += *byte;
    }
    return bytes;
}

struct Candidate {
    int32_t rank, place;
    uint64_t pair;
    bool operator>(const Candidate &other) const
    {
        return rank != other.rank ? rank > other.rank : place > other.place;
    }
};

}  // namespace

/// Buffers that a thread reuses for all words.
struct BytePair::Scratch {
    std::vector<Symbol> symbols;
    std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> candidates;
    std::string bytes;

    void add(int32_t id, Offset origin)
    {
        const auto place = static_cast<int32_t>(symbols.size());
        if (place > 0)
            symbols.back().next = place;
        symbols.push_back({id, origin, place - 1});
    }
};

base::Result<std::shared_ptr<const BytePair>> BytePair::build(const BytePairConfig &config)
{
    std::shared_ptr<BytePair> model(new BytePair);
    model->m_prefix = config.continuingPrefix;
    model->m_suffix = config.wordSuffix;
    model->m_unknownId = config.unknownId;
    model->m_ofBytes = config.ofBytes;
    model->m_fusesUnknown = config.fusesUnknown;
    model->m_fallsBackToBytes = config.fallsBackToBytes;
    model->m_ignoresMerges = config.ignoresMerges;
    const auto readable = [&](const std::string &piece) {
        return config.ofBytes ? bytesOf(piece) : std::optional(piece);
    };
    model->m_ids.reserve(config.vocabulary.size());
    for (const auto &[piece, id] : config.vocabulary) {
        model->m_largestId = std::max(model->m_largestId, id);
        if (const auto key = readable(piece))
            model->m_ids.emplace(*key, id);
    }
    for (int b = 0; b < 256; ++b) {
        const auto id =
            model->idOf(config.ofBytes ? std::string(1, static_cast<char>(b)) : byteName(static_cast<unsigned>(b)));
        model->m_byteIds[b] = id.value_or(-1);
        model->m_fallsBackToBytes = model->m_fallsBackToBytes && (config.ofBytes || id);
    }
    model->m_merges.resize(std::bit_ceil(std::max<size_t>(16, config.merges.size() * 2)));
    int32_t rank = 0;
    for (const auto &[left, right] : config.merges) {
        const auto a = readable(left), b = readable(right);
        const auto leftId = a ? model->idOf(*a) : std::nullopt, rightId = b ? model->idOf(*b) : std::nullopt;
        const auto made =
            leftId && rightId
                ? model->idOf(
                      *a + (b->starts_with(config.continuingPrefix) ? b->substr(config.continuingPrefix.size()) : *b))
                : std::nullopt;
        if (!made)
            return failure(base::ErrorCode::Corrupt, "A merge of this tokenizer names or makes a piece that its "
                                                     "vocabulary lacks: the file is incomplete.");
        model->addMerge(pairOf(*leftId, *rightId), rank++, *made);
    }
    return std::shared_ptr<const BytePair>(std::move(model));
}

void BytePair::addMerge(uint64_t pair, int32_t rank, int32_t id)
{
    size_t i = slotOf(pair, m_merges.size());
    while (m_merges[i].rank >= 0 && m_merges[i].pair != pair)
        i = (i + 1) & (m_merges.size() - 1);
    m_merges[i] = {pair, rank, id};  // of two alike the later one counts, as in the reference
}

const BytePair::Merge *BytePair::mergeOf(int32_t left, int32_t right) const
{
    const uint64_t pair = pairOf(left, right);
    for (size_t i = slotOf(pair, m_merges.size()); m_merges[i].rank >= 0; i = (i + 1) & (m_merges.size() - 1)) {
        if (m_merges[i].pair == pair)
            return &m_merges[i];
    }
    return nullptr;
}

std::optional<int32_t> BytePair::idOf(const std::string &piece) const
{
    const auto found = m_ids.find(piece);
    return found == m_ids.end() ? std::nullopt : std::optional(found->second);
}

void BytePair::addByteSymbols(std::span<const NormalizedChar> word, Scratch &scratch) const
{
    for (const NormalizedChar &c : word) {
        scratch.bytes.clear();
        appendUtf8(scratch.bytes, c.c);
        const bool isLastChar = &c == &word.back();
        for (size_t i = 0; i < scratch.bytes.size(); ++i) {
            const char byte = scratch.bytes[i];
            int32_t id = m_byteIds[static_cast<unsigned char>(byte)];
            if (!m_suffix.empty() && isLastChar && i + 1 == scratch.bytes.size())
                id = idOf(byte + m_suffix).value_or(-1);
            if (id < 0 && m_unknownId)
                id = *m_unknownId;
            if (id >= 0)
                scratch.add(id, c.origin);
        }
    }
}

void BytePair::addCharSymbols(std::span<const NormalizedChar> word, Scratch &scratch) const
{
    bool lastIsUnknown = false;
    for (const NormalizedChar &c : word) {
        std::string piece = &c == &word.front() ? std::string() : m_prefix;
        scratch.bytes.clear();
        appendUtf8(scratch.bytes, c.c);
        piece += scratch.bytes;
        if (&c == &word.back())
            piece += m_suffix;
        const auto id = idOf(piece);
        if (id) {
            scratch.add(*id, c.origin);
        } else if (m_fallsBackToBytes) {
            for (const char byte : scratch.bytes)
                scratch.add(m_byteIds[static_cast<unsigned char>(byte)], c.origin);
        } else if (m_unknownId && m_fusesUnknown && lastIsUnknown) {
            scratch.symbols.back().origin.end = c.origin.end;
        } else if (m_unknownId) {
            scratch.add(*m_unknownId, c.origin);
        }
        lastIsUnknown = !id && !m_fallsBackToBytes;
    }
}

/// The pair that was learned first, and of equals the first in the word, is joined; its neighbours are looked at anew.
void BytePair::join(Scratch &scratch) const
{
    auto &symbols = scratch.symbols;
    const auto offer = [&](int32_t left) {
        if (left < 0)
            return;
        const Symbol &symbol = symbols[static_cast<size_t>(left)];
        if (symbol.next < 0)
            return;
        const int32_t right = symbols[static_cast<size_t>(symbol.next)].id;
        if (const Merge *merge = mergeOf(symbol.id, right))
            scratch.candidates.push({merge->rank, left, merge->pair});
    };
    for (int32_t i = 0; i + 1 < static_cast<int32_t>(symbols.size()); ++i)
        offer(i);
    while (!scratch.candidates.empty()) {
        const Candidate best = scratch.candidates.top();
        scratch.candidates.pop();
        Symbol &left = symbols[static_cast<size_t>(best.place)];
        if (left.isGone || left.next < 0)
            continue;
        Symbol &right = symbols[static_cast<size_t>(left.next)];
        if (pairOf(left.id, right.id) != best.pair)
            continue;  // one of the two is another one by now
        left.id = mergeOf(left.id, right.id)->id;
        left.origin.end = right.origin.end;
        left.next = right.next;
        right.isGone = true;
        if (left.next >= 0)
            symbols[static_cast<size_t>(left.next)].previous = best.place;
        offer(left.previous);
        offer(best.place);
    }
}

void BytePair::encodeWord(std::span<const NormalizedChar> word, Encoding &out) const
{
    if (word.empty())
        return;
    thread_local Scratch scratch;
    scratch.symbols.clear();
    if (m_ignoresMerges) {
        std::string whole;
        for (const NormalizedChar &c : word)
            appendUtf8(whole, c.c);
        if (const auto id = idOf(whole)) {
            out.ids.push_back(*id);
            out.offsets.push_back({word.front().origin.begin, word.back().origin.end});
            return;
        }
    }
    if (m_ofBytes)
        addByteSymbols(word, scratch);
    else
        addCharSymbols(word, scratch);
    join(scratch);
    for (const Symbol &symbol : scratch.symbols) {
        if (symbol.isGone)
            continue;
        out.ids.push_back(symbol.id);
        out.offsets.push_back(symbol.origin);
    }
    if (scratch.symbols.capacity() > KeptSymbols)
        scratch = {};
}

}  // namespace engine
