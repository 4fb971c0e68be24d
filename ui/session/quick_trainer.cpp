// SPDX-License-Identifier: Apache-2.0
#include "ui/session/quick_trainer.h"

#include "ui/session/start_work.h"

using base::Result;

namespace ui {

QuickTrainer::QuickTrainer(std::filesystem::path folder, core::JobRunner &runner, QObject *parent)
    : QObject(parent), m_folder(std::move(folder)), m_runner(runner)
{
}

void QuickTrainer::forget()
{
    if (std::exchange(m_classifier, nullptr))
        Q_EMIT changed();
}

void QuickTrainer::giveWay()
{
    if (!m_job)
        return;
    m_job->cancel();
    train();  // as it still runs: once more when it ends
}

void QuickTrainer::train()
{
    if (!m_work.begin())
        return;
    using Made = std::pair<core::QuickClassifier, std::shared_ptr<core::FeatureReader>>;
    m_job = startWork<Made>(
        m_runner, {}, core::Lane::Interactive, this,
        [folder = m_folder, reader = m_reader](const base::WorkContext &context) -> Result<Made> {
            auto service = TRY(core::Service::openAgain(folder));
            auto opened =
                TRY(reader ? Result<std::shared_ptr<core::FeatureReader>>(reader) : core::FeatureReader::open());
            auto quick = TRY(core::trainQuickly(service, opened, context));
            return Made{std::move(quick), opened};
        },
        [this](Result<Made> made) {
            const bool again = m_work.end();
            m_job = nullptr;
            if (made) {
                m_reader = made->second;
                m_classifier = std::make_shared<const core::QuickClassifier>(std::move(made->first));
                Q_EMIT changed();
            } else if (made.error().code == base::ErrorCode::Blocked) {
                forget();
            } else if (made.error().code != base::ErrorCode::Cancelled) {
                Q_EMIT failed(made.error());
            }
            if (again)
                train();
        });
}

}  // namespace ui
