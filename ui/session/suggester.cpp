// SPDX-License-Identifier: Apache-2.0
#include "ui/session/suggester.h"

#include "ui/session/start_work.h"

using base::Result;

namespace ui {

namespace {

/// Reading them for the first time takes some ten seconds of one core.
constexpr size_t MostRows = 2000;

}  // namespace

Suggester::Suggester(std::filesystem::path folder, core::JobRunner &runner, QObject *parent)
    : QObject(parent), m_folder(std::move(folder)), m_runner(runner)
{
}

void Suggester::ask(std::shared_ptr<const core::QuickClassifier> quick)
{
    m_quick = std::move(quick);
    if (m_quick)
        return suggest();
    m_suggestions = std::make_shared<const core::Suggestions>();
    Q_EMIT changed();
}

void Suggester::giveWay()
{
    if (!m_job)
        return;
    m_job->cancel();
    suggest();  // as it still runs: once more when it ends
}

const core::Suggestion *Suggester::suggestionOrNull(int64_t row) const
{
    const auto found = m_suggestions->byRow.find(row);
    return found == m_suggestions->byRow.end() ? nullptr : &found->second;
}

void Suggester::suggest()
{
    if (!m_quick || !m_work.begin())
        return;
    using Made = std::shared_ptr<const core::Suggestions>;
    m_job = startWork<Made>(
        m_runner, {}, core::Lane::Interactive, this,
        [folder = m_folder, quick = m_quick](const base::WorkContext &context) -> Result<Made> {
            auto service = TRY(core::Service::openAgain(folder));
            auto made = TRY(core::suggestLabels(service, *quick, MostRows, context));
            return std::make_shared<const core::Suggestions>(std::move(made));
        },
        [this](const Result<Made> &made) {
            const bool again = m_work.end();
            m_job = nullptr;
            if (made) {
                if (m_quick)
                    m_suggestions = *made;
                Q_EMIT changed();
            } else if (made.error().code != base::ErrorCode::Cancelled) {
                Q_EMIT failed(made.error());
            }
            if (again)
                suggest();
        });
}

}  // namespace ui
