// SPDX-License-Identifier: Apache-2.0
// One function a command: it adds the command to the parser; the action runs after parsing and sets the exit code.
#pragma once

#include "app/cli/console.h"

#include <CLI/CLI.hpp>
#include <functional>

namespace cli {

/// Set by the command that was called.
using Action = std::function<int(Console &)>;

void addInit(CLI::App &app, Action &action);
void addImport(CLI::App &app, Action &action);
void addCheck(CLI::App &app, Action &action);
void addRows(CLI::App &app, Action &action);
void addTrain(CLI::App &app, Action &action);
void addRuns(CLI::App &app, Action &action);
void addEvaluate(CLI::App &app, Action &action);
void addExam(CLI::App &app, Action &action);
void addLabel(CLI::App &app, Action &action);
void addPrompt(CLI::App &app, Action &action);
void addReview(CLI::App &app, Action &action);
void addPrices(CLI::App &app, Action &action);
void addExplain(CLI::App &app, Action &action);
void addResults(CLI::App &app, Action &action);
void addLimit(CLI::App &app, Action &action);
void addMetric(CLI::App &app, Action &action);
void addCompare(CLI::App &app, Action &action);
void addReport(CLI::App &app, Action &action);
void addExport(CLI::App &app, Action &action);
void addPredict(CLI::App &app, Action &action);
void addTokenize(CLI::App &app, Action &action);
void addModels(CLI::App &app, Action &action);
void addDoctor(CLI::App &app, Action &action);
void addDemo(CLI::App &app, Action &action);
void addMap(CLI::App &app, Action &action);
void addSalvage(CLI::App &app, Action &action);
void addCompletion(CLI::App &app, Action &action);
void addManual(CLI::App &app, Action &action);

}  // namespace cli
