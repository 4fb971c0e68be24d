// SPDX-License-Identifier: Apache-2.0
#include "core/quality/text_language.h"

#include <algorithm>
#include <array>
#include <map>
#include <sstream>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>
#include <unordered_map>
#include <vector>

namespace core {

namespace {

constexpr int MostCharacters = 2000;
constexpr int FewestWords = 3;

/// Words that hold sentences together. Those of several languages count for each of them.
constexpr std::array<std::pair<const char *, const char *>, 9> FunctionWords{{
    {"English", "the and is are was were i you he she it we they my your his her our their a an of to in on for with "
                "at from by not do does did have has had this that what when where why how can could would should will "
                "be been but or if there please me am no any so as"},
    {"German",
     "der die das und ist sind war ich du er sie es wir ihr mein meine meinen dein ein eine einen einem einer "
     "nicht mit auf für von zu im in dem den des haben habe hat wie was wo wann warum kann können wird werden "
     "bitte aber oder wenn noch nach bei auch mir mich kein keine zum zur"},
    {"French", "le la les un une des et est sont je tu il elle nous vous ils mon ma mes votre vos ne pas de du en dans "
               "pour avec sur que qui quoi quand où comment pourquoi peut peux ai avez a au aux ce cette mais ou si "
               "j'ai c'est être fait plus"},
    {"Spanish", "el la los las un una y es son yo tú él ella nosotros mi mis su sus no de del en para con por que qué "
                "quién cuándo dónde cómo puedo puede ha he está están al pero o si me se lo este esta muy más tengo"},
    {"Italian", "il lo la gli le un una e è sono io tu lui lei noi mio mia miei non di del della dei in per con su che "
                "chi quando dove come perché posso può ho ha al alla ma o se mi si questo questa più"},
    {"Portuguese", "o a os as um uma e é são eu tu ele ela nós meu minha meus não de do da dos das em no na para com "
                   "por que quem quando onde como posso pode tem está ao à mas ou se me este esta muito mais você"},
    {"Dutch", "de het een en is zijn was ik jij je hij zij ze wij we mijn uw niet met op voor van te in dat die wat "
              "waar wanneer hoe waarom kan kunnen heb heeft wordt worden maar of als nog naar bij ook mij geen er"},
    {"Swedish",
     "och är jag du han hon vi ni de min mitt mina din inte med på för av till i att det den som vad var när "
     "hur varför kan har hade ett en men eller om från så mig"},
    {"Polish", "i jest są ja ty on ona my wy mój moja moje nie z ze na dla od do w we że to ten ta co gdzie kiedy jak "
               "dlaczego mogę może mam ma ale lub czy się po przez mi"},
}};

/// Which languages know a word: a bit each.
const std::unordered_map<std::string, unsigned> &lexicon()
{
    static const auto words = [] {
        std::unordered_map<std::string, unsigned> all;
        for (size_t language = 0; language < FunctionWords.size(); ++language) {
            std::istringstream stream(FunctionWords[language].second);
            for (std::string word; stream >> word;)
                all[word] |= 1U << language;
        }
        return all;
    }();
    return words;
}

/// Calls `visit` with each code point; stops after MostCharacters.
template <class Visit>
void forEachCharacter(std::string_view text, const Visit &visit)
{
    const auto size = static_cast<int32_t>(std::min<size_t>(text.size(), size_t{4} * MostCharacters));
    const auto *bytes = reinterpret_cast<const uint8_t *>(text.data());
    int32_t i = 0;
    for (int count = 0; i < size && count < MostCharacters; ++count) {
        const int32_t begin = i;
        UChar32 c = 0;
        U8_NEXT(bytes, i, size, c);
        visit(c, text.substr(static_cast<size_t>(begin), static_cast<size_t>(i - begin)));
    }
}

}  // namespace

std::string scriptOf(std::string_view text)
{
    std::map<UScriptCode, int> counts;
    forEachCharacter(text, [&](UChar32 c, std::string_view) {
        if (c < 0 || !u_isalpha(c))
            return;
        UErrorCode error = U_ZERO_ERROR;
        const UScriptCode script = uscript_getScript(c, &error);
        if (script != USCRIPT_COMMON && script != USCRIPT_INHERITED)
            ++counts[script];
    });
    if (counts.empty())
        return {};
    const int kana = counts[USCRIPT_HIRAGANA] + counts[USCRIPT_KATAKANA];
    const int hangul = counts[USCRIPT_HANGUL];
    const int han = counts[USCRIPT_HAN];
    for (const UScriptCode part : {USCRIPT_HIRAGANA, USCRIPT_KATAKANA, USCRIPT_HANGUL, USCRIPT_HAN})
        counts.erase(part);
    const auto most = std::max_element(counts.begin(), counts.end(),
                                       [](const auto &a, const auto &b) { return a.second < b.second; });
    if (most == counts.end() || kana + hangul + han > most->second)
        return hangul > kana ? "Korean" : kana > 0 ? "Japanese" : "Chinese";
    return uscript_getName(most->first);
}

std::string languageOf(std::string_view text)
{
    std::array<int, FunctionWords.size()> hits{};
    std::string word;
    const auto end = [&] {
        if (const auto found = lexicon().find(word); found != lexicon().end()) {
            for (size_t language = 0; language < hits.size(); ++language)
                hits[language] += (found->second >> language & 1U) != 0 ? 1 : 0;
        }
        word.clear();
    };
    forEachCharacter(text, [&](UChar32 c, std::string_view bytes) {
        if (c < 0x80 && c >= 'A' && c <= 'Z')
            word += static_cast<char>(c + 32);
        else if (c == '\'' || (c >= 0 && u_isalpha(c)))
            word += bytes;
        else
            end();
    });
    end();
    const auto best = std::max_element(hits.begin(), hits.end());
    int second = 0;
    for (auto other = hits.begin(); other != hits.end(); ++other)
        second = other == best ? second : std::max(second, *other);
    // Related languages share many of these words, so the best one must be far ahead.
    return *best >= FewestWords && *best >= 2 * second ? FunctionWords[static_cast<size_t>(best - hits.begin())].first
                                                       : "";
}

bool isFunctionWord(const std::string &word)
{
    return lexicon().contains(word);
}

}  // namespace core
