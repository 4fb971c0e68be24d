// SPDX-License-Identifier: Apache-2.0
#include "core/formats/encoding_guess.h"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <uchardet/uchardet.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/ulocdata.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/uset.h>

namespace core {

namespace {

constexpr size_t SeenBytes = 1 << 16;
/// So many letters weigh as much as the prior of an encoding: a handful of them proves little.
constexpr double FewLetters = 10;
/// And so many halve what a prior is worth.
constexpr double ManyLetters = 30;
constexpr std::u32string_view Typographic = U"\u2013\u2014\u2018\u2019\u201A\u201C\u201D\u201E\u2026\u20AC\u00AB\u00BB";
constexpr double Agreement = 0.05;  ///< for what uchardet says, too
/// Letters of wrongly read Cyrillic and Greek are shuffled, so their vowels are too few or too many.
constexpr std::u16string_view Vowels = u"\u0430\u0435\u0438\u043E\u0443\u044A\u044B\u044D\u044E\u044F\u0451\u0454"
                                       u"\u0456\u0457\u03B1\u03B5\u03B7\u03B9\u03BF\u03C5\u03C9\u03AC\u03AD"
                                       u"\u03AE\u03AF\u03CC\u03CD\u03CE";

/// An encoding, the languages that people wrote in it, and how much likelier than others it is before anything is read.
struct Candidate {
    const char *encoding;
    double prior;
    std::vector<const char *> languages;
};

const std::vector<Candidate> &candidates()
{
    static const std::vector<Candidate> list{
        {"windows-1252", 0.20, {"en", "fr", "de", "es", "pt", "it", "nl", "sv", "da",  "nb", "fi",
                                "is", "ca", "gl", "sq", "fo", "ga", "eu", "et", "fur", "lb", "af"}},
        {"windows-1250", 0.10, {"pl", "cs", "hu", "sk", "hr", "sl", "ro", "hsb"}},
        {"ISO-8859-2", 0.08, {"pl", "cs", "hu", "sk", "hr", "sl", "ro", "hsb"}},
        {"windows-1251", 0.10, {"ru", "uk", "bg", "be", "sr", "mk", "kk"}},
        {"KOI8-R", 0.08, {"ru"}},
        {"KOI8-U", 0.06, {"uk"}},
        {"ISO-8859-5", 0.06, {"ru", "bg", "sr", "mk"}},
        {"IBM866", 0.03, {"ru", "be"}},
        {"IBM855", 0.00, {"ru", "bg", "sr", "mk"}},
        {"x-mac-cyrillic", 0.02, {"ru", "bg", "uk", "sr", "mk"}},
        {"windows-1253", 0.08, {"el"}},
        {"ISO-8859-7", 0.07, {"el"}},
        {"windows-1254", 0.10, {"tr", "az"}},
        {"windows-1255", 0.10, {"he"}},
        {"ISO-8859-8", 0.08, {"he"}},
        {"windows-1256", 0.10, {"ar", "fa", "ur"}},
        {"ISO-8859-6", 0.08, {"ar"}},
        {"windows-1257", 0.08, {"lt", "lv", "et"}},
        {"windows-1258", 0.00, {"vi"}},
        {"windows-874", 0.05, {"th"}},
        {"ISO-8859-15", 0.10, {"fr", "de", "es", "pt", "it", "nl", "sv", "da", "fi", "et"}},
        {"macintosh", -0.05, {"fr", "de", "es", "pt", "it", "nl", "sv", "da"}},
        {"IBM850", -0.10, {"fr", "de", "es", "pt", "it", "nl", "sv", "da"}},
        {"IBM852", -0.12, {"pl", "cs", "hu", "sk", "hr", "sl", "ro", "hsb"}},
    };
    return list;
}

/// Encodings with characters of several bytes, which uchardet knows by these names, and ICU's converter for each.
const std::map<std::string, std::string> &eastAsian()
{
    static const std::map<std::string, std::string> names{
        {"SHIFT_JIS", "windows-31j"}, {"EUC-JP", "EUC-JP"},   {"BIG5", "Big5"},      {"EUC-KR", "windows-949"},
        {"UHC", "windows-949"},       {"GB18030", "GB18030"}, {"GB2312", "GB18030"}, {"EUC-TW", "EUC-TW"}};
    return names;
}

struct CloseSet {
    void operator()(USet *set) const { uset_close(set); }
};
using LetterSet = std::unique_ptr<USet, CloseSet>;

/// The letters of a language with their capitals; null where ICU was built without its data.
LetterSet lettersOf(const char *language)
{
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<ULocaleData, decltype(&ulocdata_close)> data(ulocdata_open(language, &status),
                                                                       &ulocdata_close);
    LetterSet set(uset_openEmpty());
    if (U_SUCCESS(status))
        ulocdata_getExemplarSet(data.get(), set.get(), USET_ADD_CASE_MAPPINGS, ULOCDATA_ES_STANDARD, &status);
    return set;
}

/// The text, or nothing when some bytes are none in this encoding.
bool decodes(std::string_view bytes, const std::string &encoding, icu::UnicodeString &text)
{
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(ucnv_open(encoding.c_str(), &status),
                                                                       &ucnv_close);
    if (U_FAILURE(status))
        return false;
    ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
    const auto room = static_cast<int32_t>(bytes.size() * 2 + 16);
    char16_t *target = text.getBuffer(room);
    char16_t *end = target;
    const char *source = bytes.data();
    // Not flushed: what was seen may end within a character.
    ucnv_toUnicode(converter.get(), &end, target + room, &source, bytes.data() + bytes.size(), nullptr, false, &status);
    text.releaseBuffer(static_cast<int32_t>(end - target));
    return U_SUCCESS(status);
}

struct Evidence {
    double letters = 0;      ///< beyond ASCII
    double odd = 0;          ///< characters that stand where no writer puts them
    double punctuation = 0;  ///< quotes, dashes and the like, which every language has
    double capitals = 0;
    double vowels = 0;  ///< of Cyrillic and Greek letters, as `alphabetic`
    double alphabetic = 0;
    std::map<UChar32, int> counts;
};

/// The alphabets that legacy encodings hold; 0 for other letters and for what is none.
int alphabetOf(UChar32 c)
{
    UErrorCode status = U_ZERO_ERROR;
    const auto script = uscript_getScript(c, &status);
    switch (script) {
    case USCRIPT_LATIN:
    case USCRIPT_CYRILLIC:
    case USCRIPT_GREEK:
    case USCRIPT_HEBREW:
    case USCRIPT_ARABIC:
    case USCRIPT_THAI: return script;
    default: return 0;
    }
}

bool isOdd(UChar32 before, UChar32 c, UChar32 after)
{
    const auto type = static_cast<UCharCategory>(u_charType(c));
    if (type == U_CONTROL_CHAR || type == U_UNASSIGNED || type == U_PRIVATE_USE_CHAR)
        return true;
    const bool inWord = alphabetOf(before) != 0 && alphabetOf(after) != 0;
    if (!u_isUAlphabetic(c))
        return inWord && type != U_DASH_PUNCTUATION && type != U_FINAL_PUNCTUATION && type != U_FORMAT_CHAR &&
               type != U_NON_SPACING_MARK;
    if (u_isUUppercase(c) && u_isULowercase(before))
        return true;
    // Within a word the letters of one alphabet do not meet those of another.
    const auto alphabet = alphabetOf(c);
    const auto differs = [&](UChar32 other) {
        return alphabet != 0 && alphabetOf(other) != 0 && alphabetOf(other) != alphabet;
    };
    return differs(before) || differs(after);
}

Evidence evidenceOf(const icu::UnicodeString &text)
{
    Evidence evidence;
    UChar32 before = 0;
    for (int32_t i = 0; i < text.length();) {
        const UChar32 c = text.char32At(i);
        i += U16_LENGTH(c);
        if (c >= 0x80) {
            const bool odd = isOdd(before, c, i < text.length() ? text.char32At(i) : 0);
            evidence.odd += odd ? 1 : 0;
            if (Typographic.find(static_cast<char32_t>(c)) != Typographic.npos)
                ++evidence.punctuation;
            if (u_isUAlphabetic(c)) {
                ++evidence.letters;
                ++evidence.counts[c];
                evidence.capitals += u_isUUppercase(c) ? 1 : 0;
                if (const int alphabet = alphabetOf(c); alphabet == USCRIPT_CYRILLIC || alphabet == USCRIPT_GREEK) {
                    ++evidence.alphabetic;
                    evidence.vowels += Vowels.find(static_cast<char16_t>(u_tolower(c))) != Vowels.npos ? 1 : 0;
                }
            }
        }
        before = c;
    }
    return evidence;
}

/// The share of the letters beyond ASCII that the best fitting language has.
double coverage(const Evidence &evidence, const Candidate &candidate)
{
    static std::map<std::string, LetterSet> sets = [] {
        std::map<std::string, LetterSet> made;
        for (const Candidate &c : candidates()) {
            for (const char *language : c.languages)
                made.emplace(language, lettersOf(language));
        }
        return made;
    }();
    const double all = evidence.letters + evidence.punctuation;
    double best = 0;
    for (const char *language : candidate.languages) {
        double covered = evidence.punctuation;
        for (const auto &[letter, count] : evidence.counts)
            covered += uset_contains(sets.at(language).get(), letter) ? count : 0;
        best = std::max(best, (covered + 0.5 * FewLetters) / (all + FewLetters));
    }
    return best;
}

/// What no right reading shows: odd places, capitals everywhere, words without vowels.
double strangeness(const Evidence &e)
{
    const double all = std::max(1.0, e.letters);
    double strange = 4 * e.odd / (all + FewLetters);
    if (e.letters >= FewLetters && e.capitals / all > 0.6)
        strange += 0.2;
    if (e.alphabetic >= FewLetters && (e.vowels / e.alphabetic < 0.33 || e.vowels / e.alphabetic > 0.6))
        strange += 0.2;
    return strange;
}

std::string byStatistics(std::string_view bytes)
{
    const std::unique_ptr<std::remove_pointer_t<uchardet_t>, decltype(&uchardet_delete)> detector(uchardet_new(),
                                                                                                  &uchardet_delete);
    uchardet_handle_data(detector.get(), bytes.data(), bytes.size());
    uchardet_data_end(detector.get());
    return uchardet_get_charset(detector.get());
}

}  // namespace

std::vector<EncodingGuess> guessEncodings(std::string_view bytes)
{
    const std::string_view seen = bytes.substr(0, SeenBytes);
    std::vector<EncodingGuess> guesses;
    std::vector<icu::UnicodeString> texts;
    std::string statistics = byStatistics(seen);
    if (const auto found = eastAsian().find(statistics); found != eastAsian().end())
        statistics = found->second;
    const auto take = [&](const std::string &encoding, double prior,
                          const std::function<double(const Evidence &)> &fit) {
        icu::UnicodeString text;
        if (!decodes(seen, encoding, text) || std::find(texts.begin(), texts.end(), text) != texts.end())
            return;
        const Evidence evidence = evidenceOf(text);
        const bool agreed = ucnv_compareNames(statistics.c_str(), encoding.c_str()) == 0;
        texts.push_back(text);
        guesses.push_back({encoding, fit(evidence) + prior * ManyLetters / (evidence.letters + ManyLetters) +
                                         (agreed ? Agreement : 0) - strangeness(evidence)});
    };
    for (const Candidate &candidate : candidates())
        take(candidate.encoding, candidate.prior, [&](const Evidence &e) { return coverage(e, candidate); });
    // That bytes are whole characters of several bytes each is hardly ever chance; which ones, statistics say.
    for (const auto &entry : eastAsian()) {
        const bool agreed = statistics == entry.second;
        take(entry.second, 0, [agreed](const Evidence &e) {
            return ((agreed ? 1.2 : 0.7) * e.letters + 0.5 * FewLetters) / (e.letters + FewLetters);
        });
    }
    std::stable_sort(guesses.begin(), guesses.end(),
                     [](const auto &a, const auto &b) { return a.likelihood > b.likelihood; });
    return guesses;
}

}  // namespace core
