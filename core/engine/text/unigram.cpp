// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/unigram.h"

#include "core/engine/text/hash_slots.h"
#include "core/engine/text/utf8.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace engine {

namespace {

/// So much less likely than the unlikeliest piece is a character that is not known.
constexpr double UnknownPenalty = 10;
/// More than any word has; what a text without spaces needed is given back.
constexpr size_t KeptBytes = 1 << 18;

uint64_t keyOf(uint32_t node, char byte)
{
    return uint64_t{node} << 8 | static_cast<unsigned char>(byte);
}

}  // namespace

/// Buffers that a thread reuses for all words.
struct Unigram::Scratch {
    struct Step {
        double score = 0;
        int32_t begin = -1;  ///< byte at which the piece that ends here begins; -1: nothing ends here yet
        int32_t piece = 0;
    };
    std::string bytes;
    std::vector<int32_t> charAt;                    ///< the character that begins at a byte; -1 within one
    std::vector<Step> best;                         ///< by the byte at which it ends
    std::vector<std::pair<int32_t, int32_t>> path;  ///< begin and end of each piece, backwards
};

Unigram::Unigram(const UnigramConfig &config) : m_unknownId(config.unknownId)
{
    size_t bytes = 0;
    double lowest = std::numeric_limits<double>::infinity();
    for (const auto &[piece, score] : config.pieces) {
        bytes += piece.size();
        m_scores.push_back(score);
        lowest = std::min(lowest, score);
    }
    m_unknownScore = lowest - UnknownPenalty;
    m_edges.resize(std::bit_ceil(std::max<size_t>(16, bytes * 2)));
    for (size_t id = 0; id < config.pieces.size(); ++id)
        insert(config.pieces[id].first, static_cast<int32_t>(id));
    // Neighbours in words share beginnings; a table that fits what came of that stays in the caches.
    std::vector<Edge> all(std::bit_ceil(size_t{m_nodes} * 2));
    all.swap(m_edges);
    for (const Edge &edge : all) {
        if (edge.node == 0)
            continue;
        size_t i = slotOf(edge.key, m_edges.size());
        while (m_edges[i].node != 0)
            i = (i + 1) & (m_edges.size() - 1);
        m_edges[i] = edge;
    }
    if (!config.fallsBackToBytes)
        return;
    std::vector<int32_t> ids;
    for (unsigned b = 0; b < 256; ++b) {
        const std::string name = byteName(b);
        const auto found = std::find_if(config.pieces.begin(), config.pieces.end(),
                                        [&](const auto &entry) { return entry.first == name; });
        if (found == config.pieces.end())
            return;  // not all are there: nothing becomes bytes
        ids.push_back(static_cast<int32_t>(found - config.pieces.begin()));
    }
    m_byteIds = std::move(ids);
}

const Unigram::Edge *Unigram::edgeOrNull(uint32_t node, char byte) const
{
    const uint64_t key = keyOf(node, byte);
    for (size_t i = slotOf(key, m_edges.size()); m_edges[i].node != 0; i = (i + 1) & (m_edges.size() - 1)) {
        if (m_edges[i].key == key)
            return &m_edges[i];
    }
    return nullptr;
}

Unigram::Edge &Unigram::edgeOrNew(uint32_t node, char byte)
{
    const uint64_t key = keyOf(node, byte);
    size_t i = slotOf(key, m_edges.size());
    while (m_edges[i].node != 0 && m_edges[i].key != key)
        i = (i + 1) & (m_edges.size() - 1);
    if (m_edges[i].node == 0)
        m_edges[i] = {key, m_nodes++, -1};
    return m_edges[i];
}

void Unigram::insert(std::string_view piece, int32_t id)
{
    uint32_t node = 0;
    Edge *edge = nullptr;
    for (const char byte : piece) {
        edge = &edgeOrNew(node, byte);
        node = edge->node;
    }
    if (edge)
        edge->piece = id;  // of two alike the later one counts, as in the reference
}

void Unigram::addUnknown(std::string_view bytes, Offset origin, Encoding &out) const
{
    const auto add = [&](int32_t id) {
        out.ids.push_back(id);
        out.offsets.push_back(origin);
    };
    if (!m_byteIds)
        return add(m_unknownId);
    for (const char byte : bytes)
        add((*m_byteIds)[static_cast<unsigned char>(byte)]);
}

void Unigram::encodeWord(std::span<const NormalizedChar> word, Encoding &out) const
{
    thread_local Scratch scratch;
    std::string &bytes = scratch.bytes;
    auto &charAt = scratch.charAt;
    auto &best = scratch.best;
    auto &path = scratch.path;
    bytes.clear();
    charAt.clear();
    for (size_t i = 0; i < word.size(); ++i) {
        appendUtf8(bytes, word[i].c);
        charAt.push_back(static_cast<int32_t>(i));
        charAt.resize(bytes.size(), -1);
    }
    charAt.push_back(static_cast<int32_t>(word.size()));
    const auto size = static_cast<int32_t>(bytes.size());
    best.assign(bytes.size() + 1, {});
    const auto offer = [&](int32_t begin, int32_t end, double score, int32_t piece) {
        auto &step = best[static_cast<size_t>(end)];
        if (step.begin < 0 || score > step.score)
            step = {score, begin, piece};
    };
    for (int32_t begin = 0; begin < size;) {
        int32_t next = begin + 1;
        while (charAt[static_cast<size_t>(next)] < 0)
            ++next;
        const double before = best[static_cast<size_t>(begin)].score;
        bool isKnown = false;
        uint32_t node = 0;
        for (int32_t end = begin; end < size;) {
            const Edge *edge = edgeOrNull(node, bytes[static_cast<size_t>(end)]);
            if (!edge)
                break;
            node = edge->node;
            ++end;
            if (edge->piece < 0)
                continue;
            offer(begin, end, before + m_scores[static_cast<size_t>(edge->piece)], edge->piece);
            isKnown = isKnown || end == next;
        }
        if (!isKnown)
            offer(begin, next, before + m_unknownScore, m_unknownId);
        begin = next;
    }
    path.clear();
    for (int32_t end = size; end > 0; end = best[static_cast<size_t>(end)].begin)
        path.emplace_back(best[static_cast<size_t>(end)].begin, end);
    for (size_t i = path.size(); i-- > 0;) {
        auto [begin, end] = path[i];
        const int32_t piece = best[static_cast<size_t>(end)].piece;
        // What is not known, and stands together, is one token.
        while (piece == m_unknownId && i > 0 && best[static_cast<size_t>(path[i - 1].second)].piece == m_unknownId)
            end = path[--i].second;
        const Offset origin{word[static_cast<size_t>(charAt[static_cast<size_t>(begin)])].origin.begin,
                            word[static_cast<size_t>(charAt[static_cast<size_t>(end)]) - 1].origin.end};
        if (piece == m_unknownId) {
            addUnknown(std::string_view(bytes).substr(static_cast<size_t>(begin), static_cast<size_t>(end - begin)),
                       origin, out);
            continue;
        }
        out.ids.push_back(piece);
        out.offsets.push_back(origin);
    }
    if (bytes.capacity() > KeptBytes)
        scratch = {};
}

}  // namespace engine
