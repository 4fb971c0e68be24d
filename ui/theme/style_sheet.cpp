// SPDX-License-Identifier: Apache-2.0
#include "ui/theme/theme.h"

#include <QRegularExpression>

namespace ui {

namespace {

/// @name stands for a colour of the scheme. What the palette can say is not repeated here.
const char *const Template = R"(
* { font-size: 13px; }
QToolTip { background: @raised; color: @text; border: 1px solid @border; padding: 4px 6px; }
QWidget[tone="surface"] { background: @surface; }
QWidget[tone="raised"] { background: @raised; }
QWidget[tone="window"] { background: @window; }
QWidget[edge="bottom"] { border-bottom: 1px solid @border; }
QWidget[edge="top"] { border-top: 1px solid @border; }
QWidget[edge="left"] { border-left: 1px solid @border; }
QWidget[edge="right"] { border-right: 1px solid @border; }
QLabel { border: none; background: transparent; }
QLabel[role="muted"] { color: @muted; }
QLabel[role="caption"] { color: @muted; font-size: 12px; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="title"] { font-size: 16px; font-weight: 600; }
QLabel[role="figure"] { font-size: 18px; font-weight: 600; }
QLabel[role="verdict"] { font-size: 20px; font-weight: 600; }
QLabel[role="greeting"] { font-size: 24px; font-weight: 600; }
QLabel[role="danger"] { color: @danger; }
QLabel[role="success"] { color: @success; }

QPushButton { background: @surface; color: @text; border: 1px solid @button; border-radius: 6px;
  padding: 0 12px; min-height: 30px; font-weight: 500; }
QPushButton:hover { background: @hover; }
QPushButton:pressed { background: @border; }
QPushButton:disabled { color: @disabled; border-color: @border; }
QPushButton:focus { border: 2px solid @focus; padding: 0 11px; min-height: 28px; outline: none; }
QPushButton:checked { background: @selection; border-color: @accent; }
QPushButton[kind="primary"] { background: @accent; color: @accentText; border: 1px solid @accent; font-weight: 600; }
QPushButton[kind="primary"]:hover { background: @accentHover; }
QPushButton[kind="primary"]:pressed { background: @accentPressed; }
QPushButton[kind="primary"]:disabled { background: @track; color: @disabled; border-color: @track; }
QPushButton[kind="primary"]:focus { border: 2px solid @text; }
QPushButton[kind="small"] { min-height: 22px; border-radius: 5px; padding: 0 8px; font-size: 12px; }
QPushButton[kind="small"]:focus { padding: 0 7px; min-height: 20px; }
QPushButton[kind="flat"] { background: transparent; border: 1px solid transparent; padding: 0 6px; min-height: 22px; }
QPushButton[kind="flat"]:hover { background: @hover; }
QPushButton[kind="flat"]:focus { border: 2px solid @focus; padding: 0 5px; min-height: 20px; }
QPushButton[kind="link"] { background: transparent; border: 1px solid transparent; color: @accent; padding: 0 2px;
  min-height: 22px; text-align: left; }
QPushButton[kind="link"]:focus { border: 2px solid @focus; padding: 0 1px; min-height: 20px; }
QPushButton::menu-indicator { width: 0; }

QLineEdit, QPlainTextEdit, QTextEdit { background: @surface; color: @text;
  border: 1px solid @control; border-radius: 6px; padding: 0 9px; min-height: 30px;
  selection-background-color: @selection; selection-color: @text; }
QPlainTextEdit, QTextEdit { padding: 4px 6px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus {
  border: 2px solid @focus; padding: 0 8px; min-height: 28px; }
QPlainTextEdit:focus, QTextEdit:focus { padding: 3px 5px; }
QLineEdit:disabled, QPlainTextEdit:disabled {
  border-color: @border; color: @disabled; }
QLineEdit[kind="bar"] { min-height: 26px; }
QLineEdit[kind="bar"]:focus { min-height: 24px; }
QComboBox QLineEdit, QAbstractSpinBox QLineEdit, QComboBox QLineEdit:focus, QAbstractSpinBox QLineEdit:focus {
  border: none; background: transparent; padding: 0; min-height: 0; }
QAbstractItemView > QWidget#qt_scrollarea_viewport > QLineEdit {
  border-radius: 0; padding: 0 2px; min-height: 20px; border: 2px solid @focus; }
QComboBox QAbstractItemView { background: @surface; border: 1px solid @border; outline: none; padding: 4px; }
QComboBox QAbstractItemView::item { min-height: 26px; padding: 0 6px; }

QTabBar { qproperty-drawBase: 0; background: transparent; }
QTabBar::tab { background: transparent; border: none; border-bottom: 2px solid transparent; padding: 0 0 0 0;
  margin: 0 20px 0 0; min-height: 37px; color: @text; }
QTabBar::tab:selected { border-bottom: 2px solid @accent; }
QTabBar::tab:hover { color: @accent; }
QTabBar::tab:focus { color: @focus; }
QTabBar::tab:disabled { color: @disabled; }

QTableView, QListView, QTreeView { background: @surface; border: none; outline: none; gridline-color: @grid;
  selection-background-color: @selection; selection-color: @text; }
QTableView[framed="true"], QListView[framed="true"] { border: 1px solid @border; border-radius: 8px; }
QListView[tone="raised"] { background: @raised; }
QListView[tone="raised"]::item { padding: 0 8px; border: none; background: transparent; }
QListView[tone="raised"]::item:selected { background: @selection; color: @text; }
QHeaderView { background: @raised; border: none; }
QHeaderView::section { background: @raised; color: @muted; font-size: 12px; font-weight: 500; border: none;
  border-bottom: 1px solid @border; padding: 0 8px; min-height: 27px; }
QHeaderView::section:horizontal:first { padding-left: 24px; }
QTableView#confusionTable QHeaderView::section:horizontal:first { padding-left: 8px; }
QTableCornerButton::section { background: @raised; border: none; border-bottom: 1px solid @border; }

QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: @button; border-radius: 3px; margin: 2px; min-height: 24px; min-width: 24px; }
QScrollBar::handle:hover { background: @control; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QScrollArea { border: none; background: transparent; }
QScrollArea > QWidget > QWidget[tone="clear"] { background: transparent; }

QProgressBar { background: @track; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }

QMenu { background: @surface; border: 1px solid @border; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 5px; }
QMenu::item:selected { background: @selection; }
QMenu::item:disabled { color: @disabled; }
QMenu::separator { height: 1px; background: @border; margin: 4px 8px; }

QFrame[frame="card"] { background: @surface; border: 1px solid @border; border-radius: 8px; }
QFrame[frame="note"] { background: @raised; border: 1px solid @border; border-radius: 8px; }
QFrame[frame="drop"] { background: @surface; border: 1px dashed @control; border-radius: 8px; }
QFrame[frame="receipt"] { background: @successTint; border: 1px solid @success; border-radius: 8px; }
QFrame[frame="failed"] { background: @dangerTint; border: 1px solid @danger; border-radius: 8px; }
QFrame[frame="bar"][state="news"] { background: @raised; border-bottom: 1px solid @border; }
QFrame[frame="bar"][state="success"] { background: @successTint; border-bottom: 1px solid @border; }
QFrame[frame="bar"][state="warning"] { background: @warningTint; border-bottom: 1px solid @border; }
QFrame[frame="bar"][state="danger"] { background: @dangerTint; border-bottom: 1px solid @border; }
QDialog { background: @surface; }
QSplitter::handle { background: @border; }
QCheckBox, QRadioButton { spacing: 8px; background: transparent; }
QCheckBox:focus, QRadioButton:focus { color: @focus; }
)";

}  // namespace

QString styleSheet(const Tokens &t)
{
    const std::pair<const char *, const QColor &> names[] = {
        {"window", t.window},
        {"surface", t.surface},
        {"raised", t.raised},
        {"hover", t.hover},
        {"border", t.border},
        {"grid", t.grid},
        {"control", t.control},
        {"button", t.button},
        {"text", t.text},
        {"muted", t.muted},
        {"disabled", t.disabled},
        {"accent", t.accent},
        {"accentHover", t.accentHover},
        {"accentPressed", t.accentPressed},
        {"accentText", t.accentText},
        {"selection", t.selection},
        {"focus", t.focus},
        {"success", t.success},
        {"successTint", t.successTint},
        {"warning", t.warning},
        {"warningTint", t.warningTint},
        {"danger", t.danger},
        {"dangerTint", t.dangerTint},
        {"track", t.track},
    };
    QString sheet = QString::fromLatin1(Template);
    for (const auto &[name, colour] : names)
        sheet.replace(QRegularExpression(QStringLiteral("@%1\\b").arg(QLatin1String(name))), colour.name());
    return sheet;
}

}  // namespace ui
