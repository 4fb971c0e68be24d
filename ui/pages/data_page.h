// SPDX-License-Identifier: Apache-2.0
// Texts to learn from, texts to be examined on, and the rest.
#pragma once

#include "ui/models/example_table_model.h"
#include "ui/pages/page.h"
#include "ui/widgets/dialogs.h"

class QLabel;
class QPushButton;
class QStackedWidget;
class QTabBar;

namespace ui {

class ChipDelegate;
class DataPanel;
class EmptyRows;
class ExampleTableView;
class FilterBar;
class RowActions;
class RowMapPane;

class DataPage final : public Page {
    Q_OBJECT
public:
    DataPage(const Theme &theme, Session &session, Dialogs &dialogs, QWidget *parent = nullptr);

    [[nodiscard]] QString title() const override { return tr("Data"); }
    [[nodiscard]] QString sentence() const override
    {
        return tr("Texts to learn from, texts to be examined on, and the rest.");
    }
    [[nodiscard]] Primary primary() const override;
    void primaryClicked() override;
    void activated() override;
    [[nodiscard]] QJsonObject state() const override;
    void restore(const QJsonObject &state) override;

    void import(const QStringList &files);
    void showRows(const std::vector<int64_t> &rows, bool asGiven = false);
    void showLabel(int64_t label, core::Split split);
    void focusSearch();
    void findAndReplace();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    [[nodiscard]] QWidget *buildTop();
    [[nodiscard]] QWidget *buildTable();
    [[nodiscard]] core::Split split() const;
    void refresh();
    void updateStatus();
    void showRow(int row);
    void showPanel(int tab);
    void showParts();
    [[nodiscard]] bool isWide() const;
    void fix(const core::Finding &finding);
    void mergeClasses(const core::Finding &finding);
    /// Those that a finding is about, as far as they are still there.
    [[nodiscard]] std::vector<core::Label> classesOf(const core::Finding &finding) const;
    void applyOrSay(const base::Result<core::EditDraft> &draft);
    void chooseColumns(const QPoint &position);
    [[nodiscard]] std::vector<core::ExampleQuery::SortKey> sortKeysFrom(const QJsonArray &list) const;
    void say(const QString &cause, const QString &follows = {});

    const Theme &m_theme;
    Session &m_session;
    Dialogs &m_dialogs;
    ExampleTableModel m_model;
    QTabBar *m_splits;
    FilterBar *m_filter;
    ExampleTableView *m_table;
    RowActions *m_actions;
    ChipDelegate *m_chips;
    bool m_hasWideLabels = false;
    QStackedWidget *m_middle;
    EmptyRows *m_empty;
    QLabel *m_status;
    QLabel *m_keys;
    RowMapPane *m_map;
    DataPanel *m_panel;
    QPushButton *m_import;
    QPushButton *m_export;
    QPushButton *m_mapButton;
    QPushButton *m_panelButton;
};

}  // namespace ui
