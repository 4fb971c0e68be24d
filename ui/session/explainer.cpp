// SPDX-License-Identifier: Apache-2.0
#include "ui/session/explainer.h"

#include "ui/session/start_work.h"

using base::Result;

namespace ui {

void Explainer::ask(const core::CheckpointName &checkpoint, const std::string &text, int label)
{
    m_asked = {checkpoint, text, label};
    if (m_explaining.begin())
        start();
}

void Explainer::start()
{
    struct Made {
        core::Explanation explanation;
        std::shared_ptr<core::ClassifierSession> loaded;
        std::string name;
    };
    m_session.questionComes();
    const RunView *run = m_session.runOrNull(m_asked.checkpoint.run);
    // A discarded run's name may come again: the time tells them apart.
    const std::string wanted = m_asked.checkpoint.text() + " " + (run ? run->info.createdAt : std::string());
    startWork<Made>(
        m_session.runner(), {}, core::Lane::Interactive, this,
        [question = m_asked, wanted, known = wanted == m_loadedName ? m_loaded : nullptr,
         folder = m_session.service().checkpointFolder(m_asked.checkpoint.run, m_asked.checkpoint.epoch)](
            const base::WorkContext &context) -> Result<Made> {
            auto classifier = TRY(core::ClassifierSession::openUnless(known, folder, 1));
            auto explanation = TRY(core::explain(*classifier, question.text, question.label, context));
            return Made{std::move(explanation), std::move(classifier), wanted};
        },
        [this](Result<Made> made) {
            if (made) {
                m_loaded = made->loaded;
                m_loadedName = made->name;
            }
            if (m_explaining.end())
                ask(m_asked.checkpoint, m_asked.text, m_asked.label);
            else if (made)
                Q_EMIT explained(made->explanation);
            else
                Q_EMIT failed(made.error());
        });
}

}  // namespace ui
