// SPDX-License-Identifier: Apache-2.0
#include "ui/session/row_mapper.h"

#include "ui/session/start_work.h"

using base::Result;

namespace ui {

RowMapper::RowMapper(std::filesystem::path folder, core::JobRunner &runner, QObject *parent)
    : QObject(parent), m_folder(std::move(folder)), m_runner(runner)
{
}

std::shared_ptr<const core::RowMap> RowMapper::map(core::Split split, core::MapMethod method) const
{
    const auto found = m_maps.find({split, method});
    return found == m_maps.end() ? nullptr : found->second;
}

void RowMapper::draw(core::Split split, core::MapMethod method)
{
    if (m_job)
        m_job->cancel();
    using Drawn = std::pair<core::RowMap, std::shared_ptr<core::FeatureReader>>;
    // A reader in use by a job that is being stopped is left to it.
    const auto reader = m_job ? nullptr : m_reader;
    auto *job = startWork<Drawn>(
        m_runner, tr("Drawing the map"), core::Lane::Shared, this,
        [folder = m_folder, reader, split, method](const base::WorkContext &context) -> Result<Drawn> {
            auto service = TRY(core::Service::openAgain(folder));
            auto opened =
                TRY(reader ? Result<std::shared_ptr<core::FeatureReader>>(reader) : core::FeatureReader::open());
            auto map = TRY(core::drawRowMap(service, *opened, split, method, context));
            return Drawn{std::move(map), opened};
        },
        [this, split, method, generation = ++m_generation](Result<Drawn> drawn) {
            if (generation != m_generation)
                return;  // another one was asked for
            m_job = nullptr;
            if (drawn) {
                m_reader = drawn->second;
                m_maps[{split, method}] = std::make_shared<const core::RowMap>(std::move(drawn->first));
            }
            Q_EMIT changed();
            if (!drawn && drawn.error().code != base::ErrorCode::Cancelled)
                Q_EMIT failed(drawn.error());
        });
    m_job = job;
    Q_EMIT changed();
}

}  // namespace ui
