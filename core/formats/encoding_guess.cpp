// SPDX-License-Identifier: Apache-2.0
#include "core/formats/encoding_guess.h"

#include "core/formats/encodings/byte_sample.h"
#include "core/formats/encodings/reading_score.h"

#include <algorithm>
#include <numeric>

namespace core {

namespace {

constexpr size_t SeenBytes = 1 << 16;
constexpr size_t FirstPieces = 150;
/// By so much the logarithms of odds differ where the first words leave no doubt.
constexpr double FarOff = 60;

const std::vector<EncodingCandidate> &candidates()
{
    static const std::vector<const char *> western{"en", "fr", "de", "es", "pt", "it", "nl", "sv",
                                                   "da", "nb", "fi", "is", "ca", "gl", "sq", "af",
                                                   "eu", "ga", "et", "gd", "fo", "lb", "br", "und"};
    static const std::vector<const char *> central{"pl", "cs", "sk", "hu", "hr", "sl", "ro", "sq", "hsb"};
    static const std::vector<const char *> turkish{"tr"};
    static const std::vector<const char *> baltic{"lt", "lv", "et"};
    static const std::vector<const char *> cyrillic{"ru", "uk", "bg", "sr", "mk", "be"};
    static const std::vector<EncodingCandidate> list{
        {"windows-1252", 0, western},     {"windows-1250", -0.7, central},
        {"windows-1251", -0.5, cyrillic}, {"ISO-8859-15", -2, western},
        {"ISO-8859-2", -1.5, central},    {"windows-1254", -0.7, turkish},
        {"windows-1257", -1, baltic},     {"windows-1253", -1, {"el"}},
        {"windows-1255", -1, {"he"}},     {"windows-1256", -1, {"ar", "fa", "ur", "und"}},
        {"windows-1258", -2, {"vi"}},     {"windows-874", -1, {"th"}},
        {"windows-31j", -1, {"ja"}},      {"EUC-JP", -2, {"ja"}},
        {"GB18030", -1, {"zh", "zt"}},    {"Big5", -1, {"zt"}},
        {"windows-949", -1, {"ko"}},      {"EUC-TW", -8, {"zt"}},
        {"KOI8-R", -2, {"ru", "bg"}},     {"KOI8-U", -3, {"uk", "ru", "be"}},
        {"ISO-8859-5", -3, cyrillic},     {"IBM866", -3, {"ru", "be", "bg", "uk"}},
        {"x-mac-cyrillic", -4, cyrillic}, {"IBM855", -5, cyrillic},
        {"ISO-8859-7", -2, {"el"}},       {"ISO-8859-9", -3, turkish},
        {"ISO-8859-8", -2, {"he"}},       {"ISO-8859-6", -2, {"ar"}},
        {"ISO-8859-13", -3, baltic},      {"ISO-8859-4", -5, baltic},
        {"macintosh", -3, western},       {"IBM850", -3.5, western},
        {"IBM437", -5, western},          {"IBM852", -4, central},
        {"x-mac-ce", -5, central},        {"IBM857", -5, turkish},
        {"x-mac-turkish", -6, turkish},   {"IBM737", -6, {"el"}},
        {"IBM775", -6, baltic},           {"IBM862", -6, {"he"}},
    };
    return list;
}

double ownOdds(const EncodingReading &reading)
{
    return std::accumulate(reading.pieces.begin(), reading.pieces.end(), reading.odds,
                           [](double sum, const ReadPiece &piece) { return sum + piece.odds; });
}

std::vector<double> oddsOf(const std::vector<EncodingReading> &readings)
{
    std::vector<double> odds;
    odds.reserve(readings.size());
    for (const EncodingReading &reading : readings)
        odds.push_back(ownOdds(reading));
    return odds;
}

bool sameText(const EncodingReading &a, const EncodingReading &b)
{
    return std::equal(a.pieces.begin(), a.pieces.end(), b.pieces.begin(), b.pieces.end(),
                      [](const ReadPiece &x, const ReadPiece &y) { return x.text == y.text; });
}

}  // namespace

std::vector<EncodingGuess> guessEncodings(std::string_view bytes)
{
    SampleReader reader(sampleOf(bytes, SeenBytes));
    std::vector<EncodingCandidate> considered = candidates();
    std::vector<EncodingReading> readings;
    for (const EncodingCandidate &candidate : considered)
        readings.push_back(reader.read(candidate, FirstPieces));
    std::vector<double> odds = oddsOf(readings);
    if (reader.pieces() > FirstPieces) {
        // What is far off by the first words needs no second look.
        const double far = *std::max_element(odds.begin(), odds.end()) - FarOff;
        std::vector<EncodingCandidate> near;
        for (size_t i = 0; i < considered.size(); ++i) {
            if (odds[i] >= far)
                near.push_back(considered[i]);
        }
        considered = std::move(near);
        readings.clear();
        for (const EncodingCandidate &candidate : considered)
            readings.push_back(reader.read(candidate, reader.pieces()));
        odds = oddsOf(readings);
    }
    std::vector<size_t> order(considered.size());
    std::iota(order.begin(), order.end(), 0);
    // Of those that give the same text, the one of its languages goes first: it names the encoding.
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return ownOdds(readings[a]) > ownOdds(readings[b]); });
    std::vector<size_t> kept;
    for (const size_t i : order) {
        if (std::none_of(kept.begin(), kept.end(), [&](size_t k) { return sameText(readings[k], readings[i]); }))
            kept.push_back(i);
    }
    std::vector<EncodingGuess> guesses;
    for (const size_t i : kept)
        guesses.push_back({considered[i].encoding, odds[i], readings[i].perLetter, readings[i].plainPerLetter});
    std::stable_sort(guesses.begin(), guesses.end(), [](const auto &a, const auto &b) { return a.odds > b.odds; });
    return guesses;
}

}  // namespace core
