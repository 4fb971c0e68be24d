// SPDX-License-Identifier: Apache-2.0
#include "core/formats/role_names.h"

#include <algorithm>
#include <initializer_list>
#include <set>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>
#include <vector>

namespace core {

namespace {

/// Names, compared as foldedColumnName gives them.
class Names {
public:
    Names(std::initializer_list<const char *> names)
    {
        for (const char *name : names)
            m_folded.insert(foldedColumnName(name));
    }
    [[nodiscard]] bool contains(const std::string &folded) const { return m_folded.contains(folded); }

private:
    std::set<std::string> m_folded;
};

const Names SurelyText = {"text",  "texts", "inputtext", "texte",    "texto", "testo",
                          "tekst", "текст", "文本",      "テキスト", "本文",  "텍스트"};
const Names UsuallyText = {
    "sentence", "sentences", "utterance", "message", "messagetext", "msg", "tweet", "tweettext", "comment",
    "commenttext", "commentbody", "review", "reviewtext", "reviewstext", "reviewbody", "reviewcontent", "post",
    "posttext", "query", "utterances", "document", "documenttext", "doc", "content", "contents", "body", "bodytext",
    "narrative", "complaint", "consumercomplaintnarrative", "complaintnarrative", "statement", "phrase", "sms",
    "smstext", "email", "emailtext", "emailbody", "mail", "mailtext", "mailbody", "rawtext", "cleantext", "cleanedtext",
    "originaltext", "fulltext", "sourcetext", "sentimenttext", "tickettext", "ticketdescription", "ticketbody",
    "transcript", "transcription", "paragraph", "passage", "snippet", "headline", "headlines", "article", "articletext",
    "newstext", "feedback", "feedbacktext", "customerfeedback", "customermessage", "userinput", "usermessage",
    "userquery", "question", "questiontext", "prompt", "input", "resumestr", "resume", "lyrics", "abstract",
    "requesttext", "issuetext", "verbatim", "freetext", "opentext", "textcontent", "utt", "instruction", "newsheadline",
    "data", "context",
    // German
    "nachricht", "nachrichtentext", "mitteilung", "anfrage", "anfragetext", "anliegen", "kommentar", "rezension",
    "satz", "inhalt", "frage", "beschwerde", "freitext", "eingabe", "mailtext", "ausserung", "auserung", "textinhalt",
    // French
    "avis", "commentaire", "contenu", "courriel", "enonce", "corps", "requete", "phrases", "reclamation", "verbatims",
    // Spanish, Portuguese, Italian, Dutch
    "mensaje", "comentario", "frase", "oracion", "resena", "contenido", "consulta", "pregunta", "mensagem", "conteudo",
    "pergunta", "messaggio", "recensione", "commento", "contenuto", "bericht", "zin", "opmerking",
    // Russian, Chinese, Japanese, Korean
    "сообщение", "отзыв", "комментарий", "内容", "评论", "句子", "文章", "文", "レビュー", "문장", "내용"};
const Names PerhapsText = {"description", "desc",    "summary",     "request",   "issue",       "conversation",
                           "dialogue",    "dialog",  "sentence1",   "premise",   "hypothesis",  "question1",
                           "source",      "value",   "note",        "notes",     "remark",      "beschreibung",
                           "bemerkung",   "notiz",   "descripcion", "descricao", "descrizione", "titel",
                           "title",       "titre",   "titulo",      "subject",   "betreff",     "objet",
                           "asunto",      "name",    "observation", "string",    "excerpt",     "bio",
                           "item",        "caption", "story",       "news",      "产品",        "标题"};
const Names TextWords = {"description", "abstract",   "headline",    "text",    "texte",     "texto",
                         "testo",       "sentence",   "utterance",   "message", "tweet",     "comment",
                         "review",      "narrative",  "content",     "body",    "nachricht", "kommentar",
                         "mensaje",     "comentario", "commentaire", "query",   "feedback",  "transcript"};

const Names SurelyLabel = {"label",    "labels",    "etikett",   "etiquette", "etiquettes",
                           "etiqueta", "etiquetas", "etichetta", "rotulo",    "klasse",
                           "метка",    "标签",      "ラベル",    "라벨",      "레이블"};
const Names MostlyLabel = {"class",   "classes",   "category",  "categories", "target",    "targets",
                           "intent",  "intents",   "sentiment", "emotion",    "emotions",  "kategorie",
                           "klassen", "categorie", "categoria", "classe",     "clase",     "категория",
                           "класс",   "类别",      "分类",      "カテゴリ",   "カテゴリー"};
const Names UsuallyLabel = {
    "class", "classes", "classlabel", "classname", "classindex", "category", "categories", "categoryname",
    "categorylabel", "target", "targets", "targetname", "targetlabel", "intent", "intents", "intentname", "intentlabel",
    "sentiment", "sentiments", "sentimentlabel", "airlinesentiment", "emotion", "emotions", "emotionlabel", "topic",
    "topics", "tag", "tags", "labeltext", "labelname", "textlabel", "labelid", "labelcoarse", "labelfine",
    "coarselabel", "finelabel", "gold", "goldlabel", "golden", "groundtruth", "truth", "truelabel", "polarity",
    "stance", "genre", "expectedoutput", "expected", "completion", "answer", "output", "annotation", "annotations",
    "isspam", "spam", "ishate", "hatespeech", "issarcastic", "sarcasm", "toxic", "toxicity", "isduplicate", "istoxic",
    "issuetype", "tickettype", "complainttype", "requesttype", "questiontype", "mailtype", "emailtype", "department",
    "queue", "skill", "verdict", "decision", "prediction", "y", "ytrue", "productcategory", "newscategory",
    "subcategory", "oos",
    // German
    "klassen", "kategorie", "kategorien", "thema", "absicht", "stimmung", "rubrik", "abteilung", "zuordnung",
    "einordnung", "klassifizierung", "klassifikation", "gefuhl", "emotionen", "schlagwort", "ziel", "zielklasse",
    // French
    "classe", "categorie", "intention", "theme", "rubrique", "cible", "sujet", "motif",
    // Spanish, Portuguese, Italian, Dutch
    "clase", "categoria", "sentimiento", "intencion", "tema", "emocion", "sentimento", "intencao", "emocao",
    "argomento", "intento", "onderwerp", "kategori",
    // Russian, Chinese, Japanese, Korean
    "класс", "категория", "тема", "тональность", "类别", "分类", "情感", "类型", "カテゴリ", "カテゴリー", "분류",
    "카테고리"};
const Names PerhapsLabel = {
    "scenario",    "type",           "typ",      "tipo",     "kind",      "art",           "status",    "state",
    "rating",      "ratings",        "stars",    "star",     "score",     "reviewsrating", "overall",   "liked",
    "recommended", "recommendedind", "language", "lang",     "sprache",   "langue",        "idioma",    "product",
    "produkt",     "produit",        "producto", "priority", "prioritat", "group",         "gruppe",    "result",
    "domain",      "section",        "area",     "bereich",  "team",      "code",          "bewertung", "note",
    "grade",       "author",         "reason",   "grund",    "insult",    "subject",       "value"};
const Names LabelWords = {"label",     "labels", "class",    "category", "intent",    "sentiment",
                          "emotion",   "topic",  "target",   "klasse",   "kategorie", "categorie",
                          "categoria", "clase",  "etiqueta", "etiquette"};

const Names InWords = {"labeltext",  "labelname",  "textlabel", "categoryname", "classname",
                       "intentname", "targetname", "labelstr",  "labelstring"};
const Names Heads = {"subject",      "title",       "headline",    "betreff",      "titel",     "uberschrift",
                     "objet",        "titre",       "asunto",      "titulo",       "oggetto",   "titolo",
                     "onderwerp",    "assunto",     "reviewtitle", "reviewstitle", "summary",   "ticketsubject",
                     "emailsubject", "mailsubject", "premise",     "sentence1",    "question1", "heading",
                     "тема",         "标题",        "件名"};
const Names Splits = {"split",   "set",       "subset", "partition", "datasplit",  "fold", "datasettype", "usage",
                      "dataset", "traintest", "stage",  "menge",     "aufteilung", "part", "datatype"};
const Names Beside = {"id",
                      "ids",
                      "idx",
                      "index",
                      "rowid",
                      "unnamed0",
                      "uid",
                      "uuid",
                      "guid",
                      "number",
                      "nr",
                      "no",
                      "num",
                      "rownumber",
                      "ticketid",
                      "tweetid",
                      "reviewid",
                      "commentid",
                      "userid",
                      "productid",
                      "clothingid",
                      "complaintid",
                      "phraseid",
                      "sentenceid",
                      "textid",
                      "postid",
                      "messageid",
                      "threadid",
                      "annotationid",
                      "date",
                      "datum",
                      "fecha",
                      "time",
                      "timestamp",
                      "createdat",
                      "updatedat",
                      "created",
                      "updated",
                      "datereceived",
                      "leadtime",
                      "annotator",
                      "user",
                      "username",
                      "author",
                      "reviewername",
                      "reviewerid",
                      "profilename",
                      "email",
                      "emailaddress",
                      "phone",
                      "name",
                      "url",
                      "link",
                      "articlelink",
                      "path",
                      "filename",
                      "file",
                      "confidence",
                      "score",
                      "provenance",
                      "source",
                      "place",
                      "flag",
                      "count",
                      "age",
                      "helpfulnessnumerator",
                      "helpfulnessdenominator",
                      "asin"};

/// Its words, folded: "customerReview_text" gives customer, review, text.
std::vector<std::string> wordsOf(std::string_view name)
{
    std::vector<std::string> words(1);
    const auto text = icu::UnicodeString::fromUTF8({name.data(), static_cast<int32_t>(name.size())});
    UChar32 before = 0;
    for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
        const UChar32 c = text.char32At(i);
        if (!u_isalnum(c) || (u_isupper(c) && u_islower(before)))
            words.emplace_back();
        if (u_isalnum(c))
            icu::UnicodeString(c).toUTF8String(words.back());
        before = c;
    }
    for (std::string &word : words)
        word = foldedColumnName(word);
    std::erase(words, std::string());
    return words;
}

int rankOf(std::string_view name, const Names &surely, const Names *mostly, const Names &usually, const Names &words,
           const Names &perhaps)
{
    const std::string folded = foldedColumnName(name);
    if (surely.contains(folded))
        return 5;
    if (mostly && mostly->contains(folded))
        return 4;
    if (usually.contains(folded))
        return 3;
    const auto parts = wordsOf(name);
    const bool hasWord =
        std::any_of(parts.begin(), parts.end(), [&](const auto &part) { return words.contains(part); });
    // "sentiment_confidence" and "text_id" are about it, not it.
    if (hasWord && !parts.empty() && !Beside.contains(parts.back()))
        return 2;
    return perhaps.contains(folded) ? 1 : 0;
}

}  // namespace

std::string foldedColumnName(std::string_view name)
{
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2 *decompose = icu::Normalizer2::getNFKDInstance(status);
    auto text = icu::UnicodeString::fromUTF8({name.data(), static_cast<int32_t>(name.size())});
    if (text.endsWith(u" (2)") || text.endsWith(u" (3)"))
        text.truncate(text.length() - 4);
    text = U_SUCCESS(status) ? decompose->normalize(text, status) : text;
    text.foldCase();
    icu::UnicodeString folded;
    for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
        if (u_isalnum(text.char32At(i)))
            folded.append(text.char32At(i));
    }
    std::string result;
    return folded.toUTF8String(result);
}

int textRank(std::string_view name)
{
    return rankOf(name, SurelyText, nullptr, UsuallyText, TextWords, PerhapsText);
}

int labelRank(std::string_view name)
{
    return rankOf(name, SurelyLabel, &MostlyLabel, UsuallyLabel, LabelWords, PerhapsLabel);
}

bool isLabelInWords(std::string_view name)
{
    return InWords.contains(foldedColumnName(name));
}

bool isHeadOfText(std::string_view name)
{
    return Heads.contains(foldedColumnName(name));
}

bool isSplitColumn(std::string_view name)
{
    return Splits.contains(foldedColumnName(name));
}

bool isBesideTheRow(std::string_view name)
{
    const std::string folded = foldedColumnName(name);
    if (folded.empty() || Beside.contains(folded))
        return true;
    const auto words = wordsOf(name);
    static const Names last = {"id", "ids", "idx", "date", "url", "link", "confidence"};
    return words.size() > 1 && last.contains(words.back());
}

}  // namespace core
