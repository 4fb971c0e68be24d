// SPDX-License-Identifier: Apache-2.0
#include "ui/session/checker.h"

#include "core/quality/near_audit.h"
#include "core/service/service.h"
#include "core/store/edit_log.h"
#include "ui/session/start_work.h"

#include <QElapsedTimer>
#include <algorithm>

using base::Result;

namespace ui {

namespace {

constexpr int64_t LongestDelayMs = 30'000;
/// A check may take this part of the time.
constexpr int64_t Share = 4;
/// Up to here rows that are nearly the same are looked for after each edit: about a second.
constexpr int64_t MostNearRows = 50'000;

void sortBySeverity(std::vector<core::Finding> &findings)
{
    std::stable_sort(findings.begin(), findings.end(),
                     [](const auto &a, const auto &b) { return a.severity < b.severity; });
}

/// Nothing for a service of too many rows: there "Look deeper" does it.
Result<std::optional<std::vector<core::Finding>>> nearFindings(const core::Service &service,
                                                               const base::WorkContext &context)
{
    const auto counts = service.examples().counts();
    if (!counts || counts->train + counts->test > MostNearRows)
        return std::nullopt;
    auto found = TRY(core::auditNearDuplicates(service, {}, context));
    return found;
}

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

std::optional<core::LabelSet> Checker::betterLabelsOf(int64_t row) const
{
    const auto found = m_report.betterLabels.find(row);
    return found == m_report.betterLabels.end() ? std::nullopt : std::optional(found->second);
}

void Checker::setDeep(std::shared_ptr<const core::DeepCheck> check, int64_t newestEdit)
{
    m_deep = std::move(check);
    m_deepEdit = newestEdit;
    m_soon.setInterval(0);
    ask();
}

Result<void> Checker::addDeep(const core::Service &service, const core::DeepCheck &deep, int64_t newestEdit,
                              bool isNearKnown, std::vector<core::Finding> &findings)
{
    auto ignored = TRY(core::IgnoredFindings::of(service));
    auto touched = TRY(core::EditLog(service.database()).touchedSince(newestEdit));
    auto labels = TRY(service.examples().labels());
    // A class that was described anew since, or is gone, is taken to be mended, too.
    const auto isAsItWas = [&](int64_t id) {
        const auto sameId = [id](const core::Label &label) { return label.id == id; };
        const auto now = std::find_if(labels.begin(), labels.end(), sameId);
        const auto then = std::find_if(deep.answers->classes.begin(), deep.answers->classes.end(), sameId);
        return now != labels.end() && then != deep.answers->classes.end() && now->description == then->description;
    };
    core::FindingList list(std::move(ignored));
    for (core::Finding finding : deep.findings) {
        if (isNearKnown && finding.code.starts_with("near_"))
            continue;  // looked for anew
        if (!std::all_of(finding.classes.begin(), finding.classes.end(), isAsItWas))
            continue;
        core::keepRows(finding, [&](int64_t row) { return !std::binary_search(touched.begin(), touched.end(), row); });
        list.add(std::move(finding));
    }
    for (core::Finding &finding : list.take())
        findings.push_back(std::move(finding));
    sortBySeverity(findings);
    return {};
}

void Checker::check()
{
    if (!m_work.begin())
        return;
    QElapsedTimer timer;
    timer.start();
    startWork<Report>(
        m_runner, {}, core::Lane::Shared, this,
        [folder = m_folder, deep = m_deep, newestEdit = m_deepEdit,
         tokenizer = m_report.tokenizer](const base::WorkContext &context) -> Result<Report> {
            auto service = TRY(core::Service::openAgain(folder));
            Report report;
            auto counts = TRY(service.examples().counts());
            report.tokenizer = tokenizer;
            if (counts.total() == 0)
                return report;
            if (!report.tokenizer)
                report.tokenizer = core::defaultTokenizerOrNull();
            auto findings = TRY(core::audit(service, {.tokenizer = report.tokenizer.get()}));
            report.findings = std::move(findings);
            auto near = TRY(nearFindings(service, context));
            const bool isNearKnown = near.has_value();
            if (isNearKnown)
                std::move(near->begin(), near->end(), std::back_inserter(report.findings));
            sortBySeverity(report.findings);
            if (deep) {
                TRY(addDeep(service, *deep, newestEdit, isNearKnown, report.findings));
            }
            for (const core::Finding &finding : report.findings) {
                if (!finding.classes.empty())
                    continue;  // its rows are examples; nothing is wrong with them
                for (size_t i = 0; i < finding.rows.size(); ++i) {
                    report.problems.emplace_back(finding.rows[i], finding.severity);
                    if (!finding.suggested.empty())
                        report.betterLabels.emplace(finding.rows[i], finding.suggested[i]);
                }
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
