// SPDX-License-Identifier: Apache-2.0
// Figures and names in the words of the window.
#pragma once

#include "core/engine/config/training_config.h"
#include "core/engine/eval/metrics.h"
#include "core/quality/audit.h"
#include "core/results/checkpoint_name.h"
#include "core/results/report_json.h"
#include "core/store/example.h"
#include "ui/theme/theme.h"

#include <QString>
#include <filesystem>
#include <vector>

class QMimeData;

namespace ui {

/// Grouped by the user's locale.
[[nodiscard]] QString countText(qint64 count);
/// "1 class" or "6 classes": the count with the form that fits it.
[[nodiscard]] QString plural(qint64 count, const QString &one, const QString &many);
/// "480 rows", "1 row".
[[nodiscard]] QString rowsText(qint64 rows);
/// "52 of 60" below 100 rows, "91 %" from there on.
[[nodiscard]] QString shareText(qint64 right, qint64 rows);
[[nodiscard]] QString percentText(double share);
/// Points in a hundred, "2" or "0.5" below one.
[[nodiscard]] QString pointsText(double share);
/// The share of right answers on rows left out of training; percent where the rows were not counted. Multi-label: the
/// micro F1, by which a checkpoint is chosen.
[[nodiscard]] QString heldOutText(const core::StoredReport &stored);
/// "between 46 and 56" in the unit of shareText.
[[nodiscard]] QString betweenText(const engine::ClassificationReport &report);
/// "46 to 56", for a narrow column.
[[nodiscard]] QString rangeText(const engine::ClassificationReport &report);
[[nodiscard]] QString decimals(double value, int places = 2);
/// "p = 0.012", "p < 0.001": how likely chance alone gives that.
[[nodiscard]] QString chanceText(double pValue);
/// "41 s", "2 min", "1 h 20 min".
[[nodiscard]] QString durationText(double seconds);
[[nodiscard]] QString sizeText(qint64 bytes);
/// "Train", "Exam (test)", "Unlabelled".
[[nodiscard]] QString splitText(core::Split split);
/// "today, 14:05", "yesterday", "3 November" of a UTC ISO 8601 time.
[[nodiscard]] QString dayText(const std::string &utc);
/// A class name as people read it: "damaged item" for damaged_item, in one line.
[[nodiscard]] QString className(const std::string &name);
/// The same where & underlines a letter and a tab begins a shortcut: in menus and on buttons.
[[nodiscard]] QString menuText(QString text);
/// A tip that shows the text as it is, whatever it looks like: Qt takes a tip that looks like markup for markup.
[[nodiscard]] QString tipText(const QString &text);
/// "finetune, pass 2", or of an exam who took it: "Untrained base weights".
[[nodiscard]] QString checkpointText(const core::CheckpointName &name, const core::RunInfo &run);
/// "Quick", "Fine-tune".
[[nodiscard]] QString recipeText(engine::Recipe recipe);

[[nodiscard]] QString toQString(const std::filesystem::path &path);
[[nodiscard]] std::filesystem::path toPath(const QString &path);

/// Files and folders of this machine that are being dropped.
[[nodiscard]] std::vector<std::filesystem::path> droppedPaths(const QMimeData &data);
/// How serious a finding is.
[[nodiscard]] Mark markOf(core::Finding::Severity severity);

}  // namespace ui
