// SPDX-License-Identifier: Apache-2.0
#include "core/formats/json/column_words.h"

#include <algorithm>
#include <string>
#include <unordered_set>

namespace core {

namespace {

using Words = std::unordered_set<std::string>;

/// Without case, blanks and marks; longer names are none of these words.
std::string plain(std::string_view name)
{
    std::string word;
    if (name.size() > 60)
        return word;
    for (const char c : name) {
        if (c == ' ' || c == '_' || c == '-' || c == '.')
            continue;
        word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return word;
}

}  // namespace

bool isTextWord(std::string_view name)
{
    static const Words words{
        "text",     "texts",       "sentence", "sentences",  "utterance",  "utterances",  "content",      "contents",
        "message",  "messagetext", "question", "questions",  "query",      "queries",     "prompt",       "input",
        "inputs",   "inputtext",   "title",    "body",       "review",     "reviewtext",  "reviews",      "comment",
        "comments", "commenttext", "tweet",    "tweets",     "tweettext",  "post",        "posts",        "description",
        "document", "documents",   "doc",      "docs",       "subject",    "headline",    "headlines",    "article",
        "abstract", "feedback",    "request",  "ticket",     "tickettext", "textcontent", "phrase",       "snippet",
        "context",  "email",       "mail",     "transcript", "narrative",  "paragraph",   "passage",      "rawtext",
        "fulltext", "cleantext",   "satz",     "nachricht",  "frage",      "inhalt",      "beschreibung", "betreff",
        "texte",    "contenu",     "avis",     "texto",      "frase",      "mensaje",     "contenido",    "pregunta",
        "consulta", "testo",       "mensagem", "conteudo"};
    return words.contains(plain(name));
}

bool isLabelWord(std::string_view name)
{
    static const Words words{"label",
                             "labels",
                             "labeltext",
                             "labelname",
                             "class",
                             "classes",
                             "classname",
                             "category",
                             "categories",
                             "cat",
                             "cats",
                             "intent",
                             "intents",
                             "target",
                             "targets",
                             "sentiment",
                             "topic",
                             "topics",
                             "tag",
                             "tags",
                             "answer",
                             "answers",
                             "completion",
                             "output",
                             "outputs",
                             "expectedoutput",
                             "expected",
                             "gold",
                             "goldlabel",
                             "stars",
                             "rating",
                             "kategorie",
                             "klasse",
                             "etikett",
                             "absicht",
                             "thema",
                             "\xC3\xA9tiquette",
                             "etiquette",
                             "cat\xC3\xA9gorie",
                             "categorie",
                             "classe",
                             "etiqueta",
                             "categor\xC3\xAD"
                             "a",
                             "categoria",
                             "clase",
                             "intenci\xC3\xB3n",
                             "intencion"};
    return words.contains(plain(name));
}

bool isSplitWord(std::string_view name)
{
    static const Words words{"train", "training", "test",       "testing", "validation", "valid",      "val",
                             "dev",   "eval",     "evaluation", "holdout", "unlabeled",  "unlabelled", "unsupervised"};
    if (name.size() > 60)
        return false;
    for (size_t begin = 0; begin <= name.size();) {
        const size_t end = std::min(name.find_first_of("_-. ", begin), name.size());
        if (words.contains(plain(name.substr(begin, end - begin))))
            return true;
        begin = end + 1;
    }
    return false;
}

bool isRowNumber(std::string_view name)
{
    return !name.empty() && name.size() <= 18 && name.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace core
