// SPDX-License-Identifier: Apache-2.0
#include "ui/session/cost_reader.h"

#include "ui/session/start_work.h"

using base::Result;

namespace ui {

namespace {

/// What decides how fast tokens are learned from. Which rows there are hardly does.
std::string kindOf(const core::TrainOptions &options, const core::TrainingSettings &own)
{
    core::TrainingSettings speed = options.settings.over(own);
    speed.epochs.reset();
    speed.patience.reset();
    speed.seed.reset();
    return options.base + ' ' + options.recipe + ' ' + std::to_string(options.threads) + ' ' + speed.toJson();
}

}  // namespace

void CostReader::ask(const core::TrainOptions &options)
{
    m_asked = options;
    m_asked.threads = m_session.trainingThreads();
    if (m_reading.begin())
        start();
}

void CostReader::start()
{
    const auto own = core::TrainingSettings::of(m_session.service());
    const std::string kind = kindOf(m_asked, own ? *own : core::TrainingSettings());
    std::optional<core::TrainingSpeed> known;
    if (const auto found = m_speeds.find(kind); found != m_speeds.end())
        known = found->second;
    startWork<core::TrainingCost>(
        m_session.runner(), {}, core::Lane::Shared, this,
        [folder = m_session.folder(), options = m_asked,
         known](const base::WorkContext &context) -> Result<core::TrainingCost> {
            auto service = TRY(core::Service::openAgain(folder));
            return core::estimateTraining(service, options, context, known ? &*known : nullptr);
        },
        [this, kind](Result<core::TrainingCost> made) {
            if (made)
                m_speeds[kind] = made->speed;
            if (m_reading.end())
                ask(m_asked);
            else if (made)
                Q_EMIT read(*made);
            else
                Q_EMIT failed(made.error());
        });
}

}  // namespace ui
