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
            auto service = core::Service::openAgain(folder);
            if (!service)
                return base::failure(service);
            auto reader = core::FeatureReader::open(1);
            if (!reader)
                return base::failure(reader);
            return core::reviewTeachers(*service, std::move(*reader), MostShown, context);
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
