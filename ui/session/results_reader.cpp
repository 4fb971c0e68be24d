// SPDX-License-Identifier: Apache-2.0
#include "ui/session/results_reader.h"

#include "ui/session/start_work.h"

using base::Result;

namespace ui {

namespace {

/// Answers of 100,000 rows and 150 classes are 60 MB.
constexpr size_t MostKept = 3;

}  // namespace

void ResultsReader::ask(const core::CheckpointName &checkpoint)
{
    m_asked = checkpoint;
    if (const auto known = m_read.find(checkpoint.text()); known != m_read.end())
        Q_EMIT read(known->second);
    else if (m_reading.begin())
        start();
}

void ResultsReader::start()
{
    startWork<core::CheckpointResults>(
        m_session.runner(), {}, core::Lane::Shared, this,
        [folder = m_session.folder(),
         checkpoint = m_asked](const base::WorkContext &) -> Result<core::CheckpointResults> {
            auto service = TRY(core::Service::openAgain(folder));
            return core::readResults(service, checkpoint);
        },
        [this, checkpoint = m_asked](Result<core::CheckpointResults> made) {
            const bool again = m_reading.end();
            if (made) {
                if (m_read.size() >= MostKept)
                    m_read.clear();
                m_read[checkpoint.text()] = std::make_shared<const core::CheckpointResults>(std::move(*made));
            } else if (!again) {
                Q_EMIT failed(made.error());
            }
            if (again)
                ask(m_asked);
            else if (made)
                Q_EMIT read(m_read[checkpoint.text()]);
        });
}

void AgainstReader::ask(const core::CheckpointName &against, std::vector<core::CheckpointName> checkpoints)
{
    m_against = against;
    m_checkpoints = std::move(checkpoints);
    if (m_reading.begin())
        start();
}

void AgainstReader::start()
{
    startWork<Compared>(
        m_session.runner(), {}, core::Lane::Shared, this,
        [folder = m_session.folder(), against = m_against,
         checkpoints = m_checkpoints](const base::WorkContext &context) -> Result<Compared> {
            auto service = TRY(core::Service::openAgain(folder));
            auto first = TRY(core::readShownAnswers(service, against));
            Compared compared;
            for (const core::CheckpointName &checkpoint : checkpoints) {
                if (context.stopRequested())
                    return base::cancelled();
                // One that cannot be read says so when it is opened.
                auto other = core::readShownAnswers(service, checkpoint);
                if (!other)
                    continue;
                compared[checkpoint.text()] = {core::compareAnswers(first, *other), core::intervalsOf(*other).macroF1};
            }
            return compared;
        },
        [this](Result<Compared> made) {
            if (m_reading.end()) {
                ask(m_against, std::move(m_checkpoints));
            } else if (made) {
                Q_EMIT read(*made);
            }
        });
}

}  // namespace ui
