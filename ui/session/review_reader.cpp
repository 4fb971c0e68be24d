// SPDX-License-Identifier: Apache-2.0
#include "ui/session/review_reader.h"

#include "ui/session/start_work.h"

using base::Result;

namespace ui {

namespace {

constexpr size_t MostShown = 200;

}  // namespace

void ReviewReader::start()
{
    if (!m_job.begin())
        return;
    m_isReading = true;
    startWork<core::ReviewQueue>(
        m_session.runner(), {}, core::Lane::Interactive, this,
        [folder = m_session.folder()](const base::WorkContext &context) -> Result<core::ReviewQueue> {
            auto service = TRY(core::Service::openAgain(folder));
            auto reader = TRY(core::FeatureReader::open(1));
            return core::reviewTeachers(service, std::move(reader), MostShown, context);
        },
        [this](const Result<core::ReviewQueue> &queue) {
            m_isReading = false;
            if (m_job.end())
                start();
            else if (queue)
                Q_EMIT read(*queue);
            else if (queue.error().code != base::ErrorCode::Cancelled)
                Q_EMIT failed(queue.error());
        });
}

}  // namespace ui
