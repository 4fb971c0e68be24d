// SPDX-License-Identifier: Apache-2.0
// An export's receipt, for people and as JSON.
#pragma once

#include "app/cli/console.h"
#include "core/tasks/export_task.h"

namespace cli {

inline void sayExport(Console &console, const core::ExportSummary &s)
{
    char difference[32];
    std::snprintf(difference, sizeof difference, "%.1e", s.maxProbabilityDifference);
    console.say("Exported to " + s.path.string() + " (" + std::to_string(s.bytes / 1'000'000) +
                " MB). Loaded again and checked on " + std::to_string(s.rows) + " " + s.checkedOn +
                " rows: same label on " + percent(s.agreement) + ", largest probability difference " + difference +
                (s.accuracy ? ", accuracy " + percent(*s.accuracy) : std::string()) + ".");
}

[[nodiscard]] inline nlohmann::ordered_json exportJson(const core::ExportSummary &s)
{
    return {{"path", s.path.string()},
            {"bytes", s.bytes},
            {"verification",
             {{"rows", s.rows},
              {"split", s.checkedOn},
              {"agreement", s.agreement},
              {"max_probability_difference", s.maxProbabilityDifference},
              {"accuracy", s.accuracy ? nlohmann::ordered_json(*s.accuracy) : nlohmann::ordered_json()}}}};
}

}  // namespace cli
