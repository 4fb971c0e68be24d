// SPDX-License-Identifier: Apache-2.0
// Beside the table of rows: the chosen row, what the check found, and the history.
#pragma once

#include "ui/session/session.h"
#include "ui/theme/theme.h"

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QStackedWidget;
class QTabBar;
class QVBoxLayout;

namespace ui {

class DataPanel final : public QWidget {
    Q_OBJECT
public:
    enum Tab { RowTab, CheckTab, HistoryTab };

    DataPanel(const Theme &theme, Session &session, QWidget *parent = nullptr);
    void show(Tab tab);
    [[nodiscard]] int current() const;
    /// `number` as the table counts; 0: no row is chosen.
    void showRow(const core::Example &example, int number);

Q_SIGNALS:
    void showRows(const std::vector<int64_t> &rows);
    void fix(const core::Finding &finding);

private:
    [[nodiscard]] QWidget *buildRow();
    void fillCheck();
    void fillHistory();

    const Theme &m_theme;
    Session &m_session;
    QTabBar *m_tabs;
    QStackedWidget *m_pages;
    QLabel *m_rowTitle;
    QPlainTextEdit *m_rowText;
    QLabel *m_rowFacts;
    QVBoxLayout *m_checkList;
    QVBoxLayout *m_historyList;
};

}  // namespace ui
