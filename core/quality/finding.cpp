// SPDX-License-Identifier: Apache-2.0
#include "core/quality/finding.h"

#include "core/service/service.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace core {

namespace {

std::string wholeKey(const Finding &finding)
{
    return finding.code + "/" + finding.split + "/" + finding.subject;
}

}  // namespace

const char *name(Finding::Severity severity)
{
    switch (severity) {
    case Finding::Severity::Block: return "block";
    case Finding::Severity::Warn: return "warn";
    case Finding::Severity::Info: return "info";
    }
    return "";
}

void keepRows(Finding &finding, const std::function<bool(int64_t)> &keep)
{
    size_t kept = 0;
    for (size_t i = 0; i < finding.rows.size(); ++i) {
        if (!keep(finding.rows[i]))
            continue;
        finding.rows[kept] = finding.rows[i];
        if (!finding.suggested.empty())
            finding.suggested[kept] = finding.suggested[i];
        ++kept;
    }
    finding.rows.resize(kept);
    if (!finding.suggested.empty())
        finding.suggested.resize(kept);
    std::erase_if(finding.fixRows, [&](int64_t row) { return !keep(row); });
}

IgnoredFindings IgnoredFindings::parse(const std::string &json)
{
    IgnoredFindings ignored;
    const auto object = nlohmann::json::parse(json, nullptr, false);
    if (!object.is_object())
        return ignored;
    for (const auto &[key, rows] : object.items()) {
        if (rows.is_null())
            ignored.m_whole.insert(key);
        for (const auto &row : rows.is_array() ? rows : nlohmann::json::array()) {
            if (row.is_number_integer())
                ignored.m_rows[key].insert(row.get<int64_t>());
        }
    }
    return ignored;
}

base::Result<IgnoredFindings> IgnoredFindings::of(const Service &service)
{
    auto json = TRY(service.setting(keys::IgnoredFindings));
    return parse(json);
}

void IgnoredFindings::add(const Finding &finding)
{
    if (finding.rows.empty() || !finding.classes.empty())
        m_whole.insert(wholeKey(finding));
    else
        add(finding.code, finding.rows);
}

void IgnoredFindings::add(const std::string &code, const std::vector<int64_t> &rows)
{
    m_rows[code].insert(rows.begin(), rows.end());
}

bool IgnoredFindings::contains(const std::string &code, int64_t row) const
{
    const auto found = m_rows.find(code);
    return found != m_rows.end() && found->second.contains(row);
}

bool IgnoredFindings::contains(const Finding &finding) const
{
    return m_whole.contains(wholeKey(finding));
}

std::string IgnoredFindings::toJson() const
{
    auto object = nlohmann::json::object();
    for (const auto &[code, rows] : m_rows)
        object[code] = rows;
    for (const std::string &key : m_whole)
        object[key] = nullptr;
    return object.dump();
}

void FindingList::add(Finding finding)
{
    const bool blocks = finding.severity == Finding::Severity::Block;
    if (!finding.says) {
        if (blocks || !m_ignored.contains(finding))
            m_findings.push_back(std::move(finding));
        return;
    }
    if (!blocks)
        keepRows(finding, [&](int64_t row) { return !m_ignored.contains(finding.code, row); });
    if (!finding.inOrder)
        std::sort(finding.rows.begin(), finding.rows.end());
    if (finding.rows.empty())
        return;
    finding.message = finding.says(finding.rows.size());
    m_findings.push_back(std::move(finding));
}

std::vector<Finding> FindingList::take()
{
    std::stable_sort(m_findings.begin(), m_findings.end(),
                     [](const auto &a, const auto &b) { return a.severity < b.severity; });
    return std::move(m_findings);
}

}  // namespace core
