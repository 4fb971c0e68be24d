// SPDX-License-Identifier: Apache-2.0
#include "core/quality/finding.h"

#include "core/service/service.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

namespace core {

namespace {

std::string wholeKey(const Finding &finding)
{
    return finding.code + "/" + finding.split + "/" + finding.subject;
}

/// Rows ascending, unless they come in an order of their own with what is suggested; without those that are ignored.
void arrange(Finding &finding, const std::function<bool(int64_t)> &isIgnored)
{
    std::vector<size_t> order(finding.rows.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::erase_if(order, [&](size_t i) { return isIgnored(finding.rows[i]); });
    if (finding.suggested.empty())
        std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return finding.rows[a] < finding.rows[b]; });
    const auto picked = [&](const std::vector<int64_t> &from) {
        std::vector<int64_t> to;
        for (const size_t i : order)
            to.push_back(from[i]);
        return to;
    };
    if (!finding.suggested.empty())
        finding.suggested = picked(finding.suggested);
    finding.rows = picked(finding.rows);
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
    auto json = service.setting(SettingKey);
    if (!json)
        return base::failure(json);
    return parse(*json);
}

void IgnoredFindings::add(const Finding &finding)
{
    if (finding.rows.empty())
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
    if (finding.severity == Finding::Severity::Block || !m_ignored.contains(finding))
        m_findings.push_back(std::move(finding));
}

void FindingList::add(Finding finding, const std::function<std::string(size_t)> &message)
{
    const bool blocks = finding.severity == Finding::Severity::Block;
    arrange(finding, [&](int64_t row) { return !blocks && m_ignored.contains(finding.code, row); });
    if (finding.rows.empty())
        return;
    finding.message = message(finding.rows.size());
    m_findings.push_back(std::move(finding));
}

std::vector<Finding> FindingList::take()
{
    std::stable_sort(m_findings.begin(), m_findings.end(),
                     [](const auto &a, const auto &b) { return a.severity < b.severity; });
    return std::move(m_findings);
}

}  // namespace core
