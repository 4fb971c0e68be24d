// SPDX-License-Identifier: Apache-2.0
#include "ui/session/checker.h"

#include "core/service/service.h"
#include "ui/session/start_work.h"

#include <QElapsedTimer>
#include <algorithm>

using base::Result;

namespace ui {

namespace {

constexpr int64_t LongestDelayMs = 30'000;
/// A check may take this part of the time.
constexpr int64_t Share = 4;

}  // namespace

Checker::Checker(std::filesystem::path folder, core::JobRunner &runner, QObject *parent)
    : QObject(parent), m_folder(std::move(folder)), m_runner(runner)
{
    m_soon.setSingleShot(true);
    connect(&m_soon, &QTimer::timeout, this, &Checker::check);
}

void Checker::ask()
{
    m_soon.start();
}

std::optional<Checker::Severity> Checker::problemOf(int64_t row) const
{
    const auto &problems = m_report.problems;
    const auto found = std::lower_bound(problems.begin(), problems.end(), row,
                                        [](const auto &problem, int64_t id) { return problem.first < id; });
    return found == problems.end() || found->first != row ? std::nullopt : std::optional(found->second);
}

void Checker::check()
{
    if (!m_work.begin())
        return;
    QElapsedTimer timer;
    timer.start();
    startWork<Report>(
        m_runner, {}, core::Lane::Shared, this,
        [folder = m_folder](const base::WorkContext &) -> Result<Report> {
            auto service = core::Service::openAgain(folder);
            if (!service)
                return base::failure(service);
            auto findings = core::audit(*service);
            if (!findings)
                return base::failure(findings);
            Report report{std::move(*findings), {}};
            for (const core::Finding &finding : report.findings) {
                for (const int64_t row : finding.rows)
                    report.problems.emplace_back(row, finding.severity);
            }
            auto &problems = report.problems;
            std::sort(problems.begin(), problems.end());  // of a row, the worst comes first
            problems.erase(std::unique(problems.begin(), problems.end(),
                                       [](const auto &a, const auto &b) { return a.first == b.first; }),
                           problems.end());
            return report;
        },
        [this, timer](Result<Report> report) {
            m_soon.setInterval(static_cast<int>(std::min(Share * int64_t{timer.elapsed()}, LongestDelayMs)));
            const bool again = m_work.end();
            if (report) {
                m_report = std::move(*report);
                Q_EMIT changed();
            } else if (report.error().code != base::ErrorCode::Cancelled) {
                Q_EMIT failed(report.error());
            }
            if (again)
                ask();
        });
}

}  // namespace ui
