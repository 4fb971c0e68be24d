// SPDX-License-Identifier: Apache-2.0
#include "ui/session/deep_checker.h"

#include "ui/session/start_work.h"

using base::Result;

namespace ui {

DeepChecker::DeepChecker(std::filesystem::path folder, core::JobRunner &runner, QObject *parent)
    : QObject(parent), m_folder(std::move(folder)), m_runner(runner)
{
}

void DeepChecker::start(int64_t newestEdit)
{
    if (m_job)
        return;
    using Check = std::shared_ptr<const core::DeepCheck>;
    m_job = startWork<Check>(
        m_runner, tr("Looking deeper"), core::Lane::Shared, this,
        [folder = m_folder](const base::WorkContext &context) -> Result<Check> {
            auto service = TRY(core::Service::openAgain(folder));
            auto check = TRY(core::checkDeeply(service, nullptr, {}, context));
            return std::make_shared<const core::DeepCheck>(std::move(check));
        },
        [this, newestEdit](Result<Check> check) {
            m_job = nullptr;
            if (check) {
                m_check = std::move(*check);
                m_newestEdit = newestEdit;
            }
            Q_EMIT changed();
            if (!check && check.error().code != base::ErrorCode::Cancelled)
                Q_EMIT failed(check.error());
        });
    Q_EMIT changed();
}

}  // namespace ui
