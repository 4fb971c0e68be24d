// SPDX-License-Identifier: Apache-2.0
// One function a command: it adds the command to the parser; the action runs after parsing and sets the exit code.
#pragma once

#include "app/cli/command.h"
#include "app/cli/console.h"

#include <functional>

namespace cli {

/// Set by the command that was called.
using Action = std::function<base::Result<int>(Console &)>;

void addInit(const Command &app, Action &action);
void addImport(const Command &app, Action &action);
void addCheck(const Command &app, Action &action);
void addRows(const Command &app, Action &action);
void addTrain(const Command &app, Action &action);
void addRuns(const Command &app, Action &action);
void addEvaluate(const Command &app, Action &action);
void addExam(const Command &app, Action &action);
void addLabel(const Command &app, Action &action);
void addPrompt(const Command &app, Action &action);
void addReview(const Command &app, Action &action);
void addPrices(const Command &app, Action &action);
void addExplain(const Command &app, Action &action);
void addResults(const Command &app, Action &action);
void addLimit(const Command &app, Action &action);
void addMetric(const Command &app, Action &action);
void addCompare(const Command &app, Action &action);
void addReport(const Command &app, Action &action);
void addExport(const Command &app, Action &action);
void addPredict(const Command &app, Action &action);
void addTokenize(const Command &app, Action &action);
void addModels(const Command &app, Action &action);
void addDoctor(const Command &app, Action &action);
void addDemo(const Command &app, Action &action);
void addMap(const Command &app, Action &action);
void addSalvage(const Command &app, Action &action);
void addCompletion(const Command &app, Action &action);
void addManual(const Command &app, Action &action);

}  // namespace cli
