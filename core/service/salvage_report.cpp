// SPDX-License-Identifier: Apache-2.0
// What a salvage says to people.
#include "core/base/counted.h"
#include "core/service/salvage.h"

using base::counted;

namespace core {

std::vector<std::string> SalvageReport::lines() const
{
    std::vector<std::string> lines{counted(rows, "row", "rows") + ", " + counted(classes, "class", "classes") +
                                   " and " + counted(runs, "training run", "training runs") + " were salvaged."};
    if (damagedPages > 0)
        lines.push_back(counted(damagedPages, "page", "pages") + " of " + std::to_string(pages) +
                        " of the data file could not be read whole.");
    const int64_t lost = lostRows[0] + lostRows[1] + lostRows[2];
    lines.push_back(lost == 0 ? "No row is known to be lost."
                              : counted(lost, "row is", "rows are") + " known to be lost: " +
                                    std::to_string(lostRows[0]) + " train, " + std::to_string(lostRows[1]) + " test, " +
                                    std::to_string(lostRows[2]) + " unlabelled.");
    if (unusedNumbers > 0)
        lines.push_back(counted(unusedNumbers, "more row number is", "more row numbers are") +
                        " not in use: of rows that are lost, too, or were forgotten long ago.");
    if (rowsFromBackups > 0)
        lines.push_back(counted(rowsFromBackups, "row was", "rows were") + " taken from a backup, as it stood then.");
    if (mendedTexts > 0)
        lines.push_back(counted(mendedTexts, "text", "texts") +
                        " held bytes that are no text; \xEF\xBF\xBD stands in their place.");
    if (namelessClasses > 0)
        lines.push_back(counted(namelessClasses, "class has", "classes have") +
                        " lost the name and is called \"lost name ...\" now. Rename it.");
    if (descriptionLost)
        lines.push_back("Parts of the job description are lost. See Define.");
    if (answersLost)
        lines.push_back("What teachers answered could not be copied: they will be asked anew.");
    if (logLeftOut)
        lines.push_back("service.sqlite-wal does not fit service.sqlite and was left out.");
    for (const std::string &checkpoint : lostCheckpoints)
        lines.push_back("Checkpoint " + checkpoint + " is not whole and was left out.");
    for (const std::string &run : unreadableRuns)
        lines.push_back("Training run " + run + " cannot be read by this version. It was taken along as it is.");
    lines.push_back("The history of edits was not carried over: undo begins anew.");
    return lines;
}

}  // namespace core
