// SPDX-License-Identifier: Apache-2.0
// Tables on the clipboard, as spreadsheets copy and paste them.
#pragma once

#include <QList>
#include <QStringList>

class QMimeData;

namespace ui {

using CellTable = QList<QStringList>;

/// The cells of a clipboard: of its HTML table, where it has one (Excel, LibreOffice and Google Sheets keep quotes and
/// line breaks there), else of its text: tabs and line ends divide, a cell with either is in quotes. Nothing that the
/// HTML refers to is loaded. Rows without any text are left out.
[[nodiscard]] CellTable cellsOf(const QMimeData &clipboard);
[[nodiscard]] CellTable cellsOf(const QString &text);

/// The same cells as text and as an HTML table, for whoever takes either.
[[nodiscard]] QMimeData *toClipboard(const CellTable &table);

/// What the columns of a pasted block mean.
struct PasteColumns {
    int text = 0;
    int label = -1;  ///< -1: none
    int comment = -1;
    bool hasHeader = false;  ///< the first row names the columns
    /// Whether a person should see it before it is pasted: more columns than text and label, or names above them.
    bool isUnusual = false;
};

[[nodiscard]] PasteColumns guessColumns(const CellTable &table);

}  // namespace ui
