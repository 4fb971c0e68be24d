// SPDX-License-Identifier: Apache-2.0
#include "core/formats/column_names.h"

#include "core/base/trimmed.h"

#include <algorithm>
#include <sstream>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unordered_set>
#include <vector>

using base::trimmed;

namespace core {

namespace {

/// No name of a column is longer.
constexpr size_t LongestName = 200;

constexpr const char *UsualNames =
    // English
    "text texts rawtext fulltext cleantext inputtext sentence sentences review reviews comment comments tweet tweets "
    "message messages msg sms mail email mailtext emailtext body subject title headline heading description content "
    "contents document documents doc utterance utterances query queries question questions answer answers prompt "
    "completion input inputs output outputs expectedoutput context passage paragraph post posts feedback remark "
    "remarks "
    "note notes abstract summary transcript transcription response reply statement phrase snippet article news "
    "narrative premise hypothesis label labels category categories class classes classification classname classindex "
    "target targets intent intents topic topics tag tags sentiment sentiments emotion emotions polarity rating ratings "
    "score scores stars genre type annotation annotations gold goldlabel truth groundtruth y isspam language lang id "
    "ids uid uuid guid idx index key no nr num number date datetime time timestamp created createdat author user "
    "userid "
    "username name url link source split place provenance confidence annotator worker status priority department "
    "country file filename path choices misleadinglabel x "
    // German
    "texte satz satze saetze bewertung bewertungen rezension rezensionen kommentar kommentare nachricht nachrichten "
    "betreff inhalt beschreibung frage fragen antwort antworten titel anfrage anfragen bemerkung bemerkungen anmerkung "
    "anmerkungen ruckmeldung rueckmeldung beitrag beitrage beitraege kategorie kategorien klasse klassen etikett ziel "
    "zielklasse absicht thema themen stimmung schlagwort schlagworte schlagworter datum zeitstempel nummer sprache "
    "quelle autor abteilung prioritat prioritaet "
    // French
    "textes avis commentaire commentaires sujet objet contenu reponse reponses titre critique critiques corps courriel "
    "phrases categorie etiquette etiquettes libelle libelles cible intention theme themes langue auteur numero "
    "identifiant remarque remarques horodateur "
    // Spanish and Portuguese
    "texto textos frase frases oracion oraciones resena resenas comentario comentarios mensaje mensajes mensagem "
    "mensagens asunto assunto contenido conteudo descripcion descricao pregunta preguntas pergunta perguntas respuesta "
    "respuestas resposta respostas titulo opinion opiniones correo cuerpo categoria categorias clase clases etiqueta "
    "etiquetas rotulo rotulos objetivo intencion intencao tema temas sentimiento sentimento idioma fecha avaliacao "
    // Italian, Dutch, Polish
    "testo testi recensione recensioni commento commenti messaggio oggetto contenuto domanda risposta titolo classe "
    "etichetta etichette intento tekst zin zinnen beoordeling opmerking bericht onderwerp inhoud vraag antwoord titel "
    "zdanie kategoria klasa etykieta opinia komentarz "
    // Russian, Chinese, Japanese
    "текст тексты метка метки класс категория отзыв комментарий сообщение вопрос ответ тема тональность "
    "文本 内容 标签 类别 评论 分类 标题 テキスト ラベル カテゴリ カテゴリー 本文";

std::string withoutMarks(std::string_view name)
{
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2 *nfkd = icu::Normalizer2::getNFKDInstance(status);
    if (U_FAILURE(status))
        return std::string(name);
    const icu::UnicodeString plain = nfkd->normalize(
        icu::UnicodeString::fromUTF8({name.data(), static_cast<int32_t>(name.size())}).foldCase(), status);
    icu::UnicodeString kept;
    for (int32_t i = 0; i < plain.length(); i = plain.moveIndex32(i, 1)) {
        const UChar32 c = plain.char32At(i);
        if (u_isalnum(c))
            kept.append(c);
    }
    std::string result;
    return kept.toUTF8String(result);
}

bool isUsual(std::string folded)
{
    static const std::unordered_set<std::string> names = [] {
        std::unordered_set<std::string> all;
        std::istringstream in(UsualNames);
        for (std::string name; in >> name;)
            all.insert(withoutMarks(name));
        return all;
    }();
    while (folded.size() > 1 && folded.back() >= '0' && folded.back() <= '9')
        folded.pop_back();
    return names.contains(folded);
}

/// "review_text", "reviewText" and "review text" as words.
std::vector<std::string> wordsOf(std::string_view name)
{
    std::vector<std::string> words(1);
    char last = 0;
    for (const char c : name) {
        const bool capital = c >= 'A' && c <= 'Z' && last >= 'a' && last <= 'z';
        if (std::string_view(" _-./:#").find(c) != std::string_view::npos || capital)
            words.emplace_back();
        if (std::string_view(" _-./:#").find(c) == std::string_view::npos)
            words.back() += c;
        last = c;
    }
    std::erase(words, std::string());
    return words;
}

}  // namespace

std::string foldedCell(std::string_view name)
{
    return withoutMarks(name.substr(0, LongestName));
}

NameKind nameKind(std::string_view cell)
{
    cell = trimmed(cell);
    if (cell.empty() || cell.size() > LongestName || cell.find_first_of("\r\n") != std::string_view::npos)
        return NameKind::Unknown;
    if (isUsual(foldedCell(cell)))
        return NameKind::Usual;
    const auto words = wordsOf(cell);
    if (words.size() < 2 || words.size() > 4 ||
        !(isUsual(foldedCell(words.front())) || isUsual(foldedCell(words.back()))))
        return NameKind::Unknown;
    if (cell.find(' ') == std::string_view::npos)
        return NameKind::Usual;
    return words.size() == 2 ? NameKind::Compound : NameKind::Unknown;
}

}  // namespace core
