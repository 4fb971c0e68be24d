// SPDX-License-Identifier: Apache-2.0
#include "ui/session/batch_reader.h"

#include "ui/session/start_work.h"

using base::Result;

namespace ui {

void BatchReader::ask(const core::RunInfo &run)
{
    m_asked = run;
    if (m_reading.begin())
        start();
}

void BatchReader::start()
{
    startWork<std::vector<core::SeenRow>>(
        m_session.runner(), {}, core::Lane::Shared, this,
        [folder = m_session.folder(), run = m_asked](const base::WorkContext &) -> Result<std::vector<core::SeenRow>> {
            auto service = TRY(core::Service::openAgain(folder));
            return core::firstBatch(service, run);
        },
        [this](Result<std::vector<core::SeenRow>> made) {
            if (m_reading.end())
                ask(m_asked);
            else if (made)
                Q_EMIT read(*made);
            else
                Q_EMIT failed(made.error());
        });
}

}  // namespace ui
