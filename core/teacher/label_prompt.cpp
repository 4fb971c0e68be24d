// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/label_prompt.h"

#include "core/rows/tokenized_rows.h"
#include "core/teacher/answer_parser.h"
#include "core/teacher/prompts.h"

#include <QRandomGenerator>
#include <algorithm>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>

using base::failure;
using base::Result;

namespace core {

namespace {

constexpr const char *PlacesOfPrompt[] = {"task", "classes", "form"};
/// Before it everything is the same for every row, so that services and llama.cpp keep what they have read of it.
constexpr const char *ExampleMark = "#example";
constexpr size_t MostDescription = 400;
constexpr double SampleTemperature = 0.7;
/// JSON around names, and a name of each.
constexpr int TokensAround = 24;
constexpr int TokensAName = 24;
/// UTF-8 bytes a token, at least, of nearly all that people write: English has about four.
constexpr int64_t BytesAToken = 3;
/// Tokens of a turn beside its text.
constexpr int64_t TokensATurn = 8;
/// Of a text, however little room there is.
constexpr int64_t LeastText = 400;

/// The prompt with its places filled; what fills one is not looked at again.
std::string filled(const std::string &prompt, const std::map<std::string, std::string> &by)
{
    std::string text;
    for (size_t at = 0; at < prompt.size();) {
        const size_t end = prompt.compare(at, 2, "{{") == 0 ? prompt.find("}}", at) : std::string::npos;
        const auto place = end == std::string::npos ? by.end() : by.find(prompt.substr(at + 2, end - at - 2));
        if (place == by.end()) {
            text += prompt[at++];
            continue;
        }
        text += place->second;
        at = end + 2;
    }
    return text;
}

/// A name as it stands in the list, a line each: as JSON where it has line breaks or the like.
std::string lineOf(const std::string &name)
{
    const bool isLine = std::ranges::none_of(name, [](char c) { return static_cast<unsigned char>(c) < ' '; });
    return isLine ? name : nlohmann::json(name).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// At most so many bytes, and no half character.
std::string beginOf(const std::string &text, size_t most)
{
    size_t end = std::min(text.size(), most);
    while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;
    return text.substr(0, end);
}

/// Bytes that a question may still have, by what the model reads at once.
class Room {
public:
    Room() = default;  ///< none
    Room(const ChatEndpoint &endpoint, const ChatQuestion &question)
        : m_left(endpoint.contextLength > 0
                     ? (endpoint.contextLength - mostTokensOf(endpoint, question)) * BytesAToken -
                           static_cast<int64_t>(question.system.size())
                     : std::numeric_limits<int64_t>::max())
    {
    }

    [[nodiscard]] int64_t left() const { return m_left; }
    /// False: it does not fit.
    bool take(size_t bytes, int turns)
    {
        const int64_t needs = static_cast<int64_t>(bytes) + turns * TokensATurn * BytesAToken;
        if (needs > m_left)
            return false;
        m_left -= needs;
        return true;
    }

private:
    int64_t m_left = 0;
};

std::string makeMark()
{
    constexpr char Digits[] = "0123456789abcdef";
    std::string mark = "#";
    for (int i = 0; i < 16; ++i)
        mark += Digits[QRandomGenerator::system()->bounded(16)];
    return mark;
}

std::string between(const std::string &mark, const std::string &text)
{
    return "Sort the text between the lines with the mark " + mark + ".\n" + mark + "\n" + text + "\n" + mark;
}

}  // namespace

const std::string &defaultLabelPrompt()
{
    static const std::string prompt = core::LabelPromptText;
    return prompt;
}

std::string problemOfPrompt(const std::string &prompt)
{
    if (prompt.find("{{classes}}") == std::string::npos)
        return "The prompt does not say where the classes go: {{classes}} is missing.";
    for (size_t begin = prompt.find("{{"); begin != std::string::npos; begin = prompt.find("{{", begin + 2)) {
        const size_t end = prompt.find("}}", begin);
        const std::string place = prompt.substr(begin + 2, end == std::string::npos ? 20 : end - begin - 2);
        const bool isKnown =
            std::find(std::begin(PlacesOfPrompt), std::end(PlacesOfPrompt), place) != std::end(PlacesOfPrompt);
        if (!isKnown || end == std::string::npos)
            return "The prompt has a place {{" + place + "}} that means nothing. There are task, classes and form.";
    }
    return {};
}

Result<LabelPrompt> LabelPrompt::of(const Service &service, const std::string &prompt)
{
    LabelPrompt made;
    made.m_prompt = prompt.empty() ? defaultLabelPrompt() : prompt;
    if (const std::string problem = problemOfPrompt(made.m_prompt); !problem.empty())
        return failure(base::ErrorCode::InvalidInput, problem, "prompt");
    auto task = service.setting(keys::TaskDescription);
    auto several = service.isMultiLabel();
    auto labels = service.examples().labels();
    if (!task)
        return failure(task);
    if (!several)
        return failure(several);
    if (!labels)
        return failure(labels);
    made.m_task = std::move(*task);
    made.m_several = *several;
    for (const Label &label : *labels) {
        if (!label.declared)
            continue;
        made.m_labels.push_back(label.name);
        made.m_descriptions.push_back(beginOf(label.description, MostDescription));
    }
    if (made.m_labels.size() < 2)
        return failure(base::ErrorCode::Blocked,
                       "There are fewer than two classes. Describe what there is to tell apart.", "classes");
    return made;
}

std::string LabelPrompt::answerText(const std::vector<int> &labels, AnswerForm form, bool isGroup) const
{
    if (form == AnswerForm::Text && !m_several && !isGroup)
        return m_labels[static_cast<size_t>(labels.front())];
    auto names = nlohmann::json::array();
    for (const int label : labels)
        names.push_back(m_labels[static_cast<size_t>(label)]);
    const nlohmann::json answer =
        m_several || isGroup ? nlohmann::json{{"labels", names}} : nlohmann::json{{"label", names.front()}};
    return answer.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string LabelPrompt::system(AnswerForm form, const std::vector<size_t> &shown, bool isGroup) const
{
    std::string classes;
    for (const size_t i : shown)
        classes += (classes.empty() ? "- " : "\n- ") + lineOf(m_labels[i]) +
                   (m_descriptions[i].empty() ? std::string() : ": " + m_descriptions[i]);
    const std::string what =
        m_several
            ? R"(Answer with {"labels": [...]}: the names of all classes that fit, exactly as they are above, or an empty list.)"
        : isGroup
            ? R"(Answer with {"labels": ["...", ...]}: for each text, in their order, the name of the one class that fits best, exactly as it is above.)"
        : form == AnswerForm::Text
            ? "Answer with the name of the one class that fits best, exactly as it is above, and nothing else."
            : R"(Answer with {"label": "..."}: the name of the one class that fits best, exactly as it is above.)";
    const std::string unsure =
        form == AnswerForm::Schema ? "" : std::string(" If you cannot tell, say ") + UnsureWord + ".";
    return filled(m_prompt, {{"form", what + unsure}, {"classes", classes}, {"task", m_task}});
}

Question LabelPrompt::question(int64_t id, const std::string &text, const ChatEndpoint &endpoint, int sample,
                               const RowContext *shown) const
{
    const auto all = [](size_t count) {
        std::vector<size_t> places(count);
        std::iota(places.begin(), places.end(), size_t{0});
        return places;
    };
    const auto classes = shown && !shown->classes.empty() ? shown->classes : all(m_labels.size());
    const auto examples = shown ? shown->examples : all(m_examples.size());
    Question made;
    made.id = id;
    made.chat.system = system(endpoint.form, classes);
    for (const size_t i : classes)
        made.chat.choices.push_back(m_labels[i]);
    made.chat.several = m_several;
    made.chat.temperature = sample > 0 ? SampleTemperature : 0;
    made.chat.mostTokens =
        TokensAround + TokensAName * (m_several ? static_cast<int>(std::min<size_t>(m_labels.size(), 10)) : 1);
    Room room(endpoint, made.chat);
    const std::string mark = makeMark();
    std::string asked = text;
    if (!room.take(between(mark, text).size(), 1)) {
        const auto most = room.left() - static_cast<int64_t>(between(mark, {}).size()) - TokensATurn * BytesAToken;
        asked = beginOf(text, static_cast<size_t>(std::max(LeastText, most)));
        room = {};
        made.isShortened = asked.size() < text.size();
    }
    // All that the answer depends on, but for the mark.
    std::vector<std::string> parts{"label",
                                   std::to_string(static_cast<int>(endpoint.dialect)),
                                   endpoint.identity.empty() ? endpoint.address : endpoint.identity,
                                   endpoint.model,
                                   std::to_string(static_cast<int>(endpoint.form)),
                                   endpoint.wantsAlternatives ? "alternatives" : "",
                                   std::to_string(sample),
                                   m_several ? "several" : "one",
                                   made.chat.system,
                                   asked};
    for (const size_t i : examples) {
        const LabelledText &example = m_examples[i];
        const bool isShown = std::ranges::all_of(example.labels, [&](int label) {
            return std::ranges::find(classes, static_cast<size_t>(label)) != classes.end();
        });
        if (example.text == text || !isShown)
            continue;
        std::string question = between(ExampleMark, example.text), answer = answerText(example.labels, endpoint.form);
        if (!room.take(question.size() + answer.size(), 2))
            continue;
        parts.push_back(example.text);
        parts.push_back(answer);
        made.chat.turns.push_back({false, std::move(question)});
        made.chat.turns.push_back({true, std::move(answer)});
    }
    made.chat.turns.push_back({false, between(mark, asked)});
    made.key = answerKey(parts);
    return made;
}

Question LabelPrompt::groupQuestion(int64_t id, std::span<const std::string> texts, const ChatEndpoint &endpoint) const
{
    std::vector<size_t> classes(m_labels.size());
    std::iota(classes.begin(), classes.end(), size_t{0});
    Question made;
    made.id = id;
    made.chat.system = system(endpoint.form, classes, true);
    made.chat.choices = m_labels;
    made.chat.texts = texts.size();
    made.chat.mostTokens = TokensAround + TokensAName * static_cast<int>(texts.size());
    std::vector<std::string> parts{"group",
                                   endpoint.identity.empty() ? endpoint.address : endpoint.identity,
                                   std::to_string(static_cast<int>(endpoint.dialect)),
                                   endpoint.model,
                                   std::to_string(static_cast<int>(endpoint.form)),
                                   made.chat.system};
    const std::string mark = makeMark();
    std::string asked = "Sort the " + std::to_string(texts.size()) +
                        " texts. Each stands between two lines with the mark " + mark + ".";
    for (const std::string &text : texts)
        asked += "\n" + mark + "\n" + text + "\n" + mark;
    Room room(endpoint, made.chat);
    if (!room.take(asked.size(), 1))
        room = {};  // what it refuses is asked about one by one
    for (const LabelledText &example : m_examples) {
        std::string answer = answerText(example.labels, endpoint.form, true);
        std::string question = between(ExampleMark, example.text);
        const bool isAsked = std::ranges::find(texts, example.text) != texts.end();
        if (isAsked || !room.take(question.size() + answer.size(), 2))
            continue;
        parts.push_back(example.text);
        parts.push_back(answer);
        made.chat.turns.push_back({false, std::move(question)});
        made.chat.turns.push_back({true, std::move(answer)});
    }
    parts.insert(parts.end(), texts.begin(), texts.end());
    made.chat.turns.push_back({false, std::move(asked)});
    made.key = answerKey(parts);
    return made;
}

Result<std::vector<LabelledText>> fewShot(const Service &service, const std::vector<std::string> &labels,
                                          size_t perClass, size_t most)
{
    std::vector<LabelledText> examples;
    if (perClass == 0 || most == 0)
        return examples;
    auto rows = TRY(readLabelled(service, Split::Train, labels, LabelledBy::People));
    const auto truth = engine::classesOf(rows.labels, rows.combinations);
    std::vector<std::vector<size_t>> ofClass(labels.size());
    for (size_t i = 0; i < rows.texts.size(); ++i) {
        if (!truth[i].empty())
            ofClass[static_cast<size_t>(truth[i].front())].push_back(i);
    }
    // One of each class, then another of each: what is cut off at `most` is nobody's only one.
    for (size_t n = 0; n < perClass; ++n) {
        for (const auto &places : ofClass) {
            if (n < std::min(perClass, places.size()) && examples.size() < most) {
                const size_t row = places[n * places.size() / std::min(perClass, places.size())];
                examples.push_back({rows.texts[row], truth[row], rows.ids[row]});
            }
        }
    }
    return examples;
}

}  // namespace core
