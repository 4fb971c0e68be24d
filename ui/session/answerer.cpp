// SPDX-License-Identifier: Apache-2.0
#include "ui/session/answerer.h"

#include "core/base/progress.h"
#include "core/engine/eval/ask_rule_file.h"
#include "ui/session/start_work.h"
#include "ui/words.h"

using base::Result;

namespace ui {

Answerer::Answerer(Session &session, QObject *parent) : QObject(parent), m_session(session) { }

void Answerer::ask(const QString &text)
{
    m_text = text.toStdString();
    m_waiting = true;
    if (!m_job)
        start();
}

void Answerer::start()
{
    struct Made {
        Answer answer;
        std::shared_ptr<core::ClassifierSession> loaded;
        std::string name;
    };
    m_waiting = false;
    const auto inUse = m_session.inUse();
    if (inUse)
        m_session.questionComes();
    const RunView *run = inUse ? m_session.runOrNull(inUse->run) : nullptr;
    // A discarded run's name may come again: the time tells them apart.
    const std::string wanted = run ? inUse->text() + " " + run->info.createdAt : std::string();
    const auto folder =
        inUse ? m_session.service().checkpointFolder(inUse->run, inUse->epoch) : std::filesystem::path();
    const auto known = wanted == m_loadedName ? m_loaded : nullptr;
    const QString by = run ? tr("%1, pass %2").arg(QString::fromStdString(run->info.id)).arg(inUse->epoch)
                           : tr("the first classifier");
    m_job = startWork<Made>(
        m_session.runner(), {}, core::Lane::Interactive, this,
        [text = m_text, wanted, folder, known, quick = m_session.quick(),
         by](const base::WorkContext &context) -> Result<Made> {
            if (wanted.empty()) {
                if (!quick)
                    return base::failure(base::ErrorCode::NotFound,
                                         "There is no classifier yet. Label three rows of two classes.");
                auto values = TRY(quick->probabilities({text}, context));
                return Made{{quick->labels, values.values, by}, nullptr, {}};
            }
            auto opened = TRY(core::ClassifierSession::openUnless(known, folder, 1));
            const auto &classifier = opened;
            auto logits = TRY(classifier->logits({text}, context));
            // It may have been set since the classifier was loaded.
            auto rule = TRY(engine::readAskRule(folder, classifier->labels()));
            const auto probabilities = engine::probabilitiesOf(logits, classifier->task());
            const auto row = probabilities.row(0);
            const bool asks = rule && rule->asks({{},
                                                  engine::answerOf(row, classifier->rule()),
                                                  engine::confidenceOf(row, classifier->rule())});
            return Made{{classifier->labels(), probabilities.values, by, asks}, classifier, wanted};
        },
        [this](Result<Made> made) {
            m_job = nullptr;
            if (made) {
                m_loaded = made->loaded;
                m_loadedName = made->name;
                Q_EMIT answered(made->answer);
            } else {
                Q_EMIT failed(made.error());
            }
            if (m_waiting)
                start();
        });
}

}  // namespace ui
