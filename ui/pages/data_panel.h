// SPDX-License-Identifier: Apache-2.0
// Beside the table of rows: the chosen row, what the check found, the history, and what is suggested.
#pragma once

#include "ui/session/session.h"
#include "ui/theme/theme.h"

#include <QTimer>
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
    enum Tab { RowTab, CheckTab, HistoryTab, SuggestionsTab };

    DataPanel(const Theme &theme, Session &session, QWidget *parent = nullptr);
    /// A comment that was typed a moment ago is saved first.
    ~DataPanel() override;
    void show(Tab tab);
    [[nodiscard]] int current() const;
    /// `number` as the table counts; 0: no row is chosen.
    void showRow(const core::Example &example, int number);

Q_SIGNALS:
    void showRows(const std::vector<int64_t> &rows, bool asGiven);
    void fix(const core::Finding &finding);
    void acceptAllAbove(double confidence);

private:
    [[nodiscard]] QWidget *buildRow();
    void fillCheck();
    void fillHistory();
    void fillSuggestions();
    void saveComment();
    void addDeepCheck();

    const Theme &m_theme;
    Session &m_session;
    QTabBar *m_tabs;
    QStackedWidget *m_pages;
    QLabel *m_rowTitle;
    QPlainTextEdit *m_rowText;
    QLabel *m_rowFacts;
    QPlainTextEdit *m_rowExtra;  ///< the other columns of its file
    QVBoxLayout *m_checkList;
    QVBoxLayout *m_historyList;
    QVBoxLayout *m_suggestionList;
    QPlainTextEdit *m_comment;
    QTimer m_saveComment;
    int64_t m_row = 0;
    QString m_commentBefore;
};

}  // namespace ui
