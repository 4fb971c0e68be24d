// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/chat_asker.h"

#include "core/service/teacher_wishes.h"
#include "core/tasks/prompt_versions.h"

using base::failure;
using base::Result;

namespace core {

namespace {

/// A longer list of classes costs more, and small models lose sight of it.
constexpr size_t LongList = 40;
constexpr size_t ShortList = 25;
/// Train rows from which the nearest are taken.
constexpr int UsualShots = 2;
constexpr size_t PoolPerClass = 100;
constexpr size_t MostPool = 2000;

}  // namespace

Result<ChatAsker> ChatAsker::open(const Service &service, const ChatEndpoint &endpoint, const ChatWays &ways,
                                  const base::WorkContext &context)
{
    std::string text = ways.prompt;
    if (text.empty()) {
        auto own = PromptVersions::of(service);
        if (!own)
            return failure(own);
        text = own->inUse().text;
    }
    auto prompt = LabelPrompt::of(service, text);
    if (!prompt)
        return failure(prompt);
    auto store = AnswerStore::open(service.folder());
    if (!store)
        return failure(store);
    auto wishes = TeacherWishes::of(service);
    if (!wishes)
        return failure(wishes);
    const size_t perClass = ways.shotsPerClass.value_or(static_cast<size_t>(wishes->shots.value_or(UsualShots)));
    auto shots = ways.nearest && ways.mostShots > 0 ? fewShot(service, prompt->labels(), PoolPerClass, MostPool)
                                                    : fewShot(service, prompt->labels(), perClass, ways.mostShots);
    if (!shots)
        return failure(shots);
    prompt->setExamples(std::move(*shots));
    ContextWishes shown;
    shown.nearestExamples = ways.nearest ? ways.mostShots : 0;
    const size_t classes = prompt->labels().size();
    shown.classes = ways.classesShown > 0 ? ways.classesShown : classes > LongList ? ShortList : 0;
    if (shown.classes >= classes)
        shown.classes = 0;
    const bool asksGroups = ways.rowsPerQuestion > 1;
    if (asksGroups && (prompt->isSeveral() || shown.isAny()))
        return failure(base::ErrorCode::InvalidInput,
                       "Several rows a question are asked about only where a text has one class, and where every "
                       "question shows the same examples and classes.",
                       "rows per question");
    ChatAsker asker(endpoint, std::move(*prompt), std::move(*store));
    asker.m_rowsPerQuestion = ways.rowsPerQuestion;
    if (!shown.isAny())
        return asker;
    auto reader = FeatureReader::open(1);
    if (!reader)
        return failure(reader);
    auto picker = ContextPicker::open(service, asker.m_prompt, shown, std::move(*reader), context);
    if (!picker)
        return failure(picker);
    asker.m_picker = std::move(*picker);
    return asker;
}

Result<AskedTexts> ChatAsker::ask(const std::vector<std::string> &texts, const CallOptions &options,
                                  const base::WorkContext &context, const AskingListener &state, int sample) const
{
    // Votes are drawn of each text alone.
    if (m_rowsPerQuestion > 1 && sample == 0)
        return askInGroups(texts, m_rowsPerQuestion, m_prompt, *m_endpoint, options, m_store, context, state);
    std::vector<RowContext> contexts;
    if (m_picker) {
        auto picked = m_picker->of(texts, context);
        if (!picked)
            return failure(picked);
        contexts = std::move(*picked);
    }
    return askAbout(texts, m_prompt, *m_endpoint, options, m_store, context, state, sample, contexts);
}

}  // namespace core
