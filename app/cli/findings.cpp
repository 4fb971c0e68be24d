// SPDX-License-Identifier: Apache-2.0
#include "app/cli/findings.h"

#include "app/cli/hints.h"

#include <algorithm>

namespace cli {

namespace {

constexpr size_t ShownRejections = 20;

}  // namespace

nlohmann::ordered_json findingsJson(const std::vector<core::Finding> &findings, const core::LabelNames &names)
{
    auto list = nlohmann::ordered_json::array();
    for (const auto &f : findings) {
        list.push_back({{"code", f.code},
                        {"severity", core::name(f.severity)},
                        {"split", f.split},
                        {"rows", f.rows},
                        {"message", f.message},
                        {"fix", f.fix}});
        if (const std::string hint = hintFor(f.message + " " + f.fix); !hint.empty())
            list.back()["hint"] = hint;
        for (const core::LabelSet &labels : f.suggested)
            list.back()["suggested"].push_back(names.of(labels));
        for (const int64_t id : f.classes) {
            for (const std::string &name : names.of(core::labelSet({id})))
                list.back()["classes"].push_back(name);
        }
    }
    return list;
}

nlohmann::ordered_json rejectedJson(const std::vector<core::RejectedRow> &rejected)
{
    auto list = nlohmann::ordered_json::array();
    for (const auto &r : rejected)
        list.push_back({{"file", r.file}, {"row", r.row}, {"reason", r.reason}});
    return list;
}

void sayFindings(Console &console, const std::vector<core::Finding> &findings)
{
    for (const auto &f : findings) {
        const char *mark = f.severity == core::Finding::Severity::Block  ? "blocks: "
                           : f.severity == core::Finding::Severity::Warn ? "note:   "
                                                                         : "info:   ";
        console.say(mark + withHint(f.message + (f.fix.empty() ? "" : " " + f.fix)));
    }
}

void sayRejected(Console &console, const std::vector<core::RejectedRow> &rejected)
{
    for (size_t i = 0; i < std::min(rejected.size(), ShownRejections); ++i)
        console.say(rejected[i].row == 0 ? "left out: " + rejected[i].file + ": " + rejected[i].reason
                                         : "left out: row " + std::to_string(rejected[i].row) + " of " +
                                               rejected[i].file + ": " + rejected[i].reason + ".");
    if (rejected.size() > ShownRejections)
        console.say("left out: " + std::to_string(rejected.size() - ShownRejections) +
                    " more rows; --json lists them all.");
}

bool blocks(const std::vector<core::Finding> &findings)
{
    return std::any_of(findings.begin(), findings.end(),
                       [](const auto &f) { return f.severity == core::Finding::Severity::Block; });
}

}  // namespace cli
