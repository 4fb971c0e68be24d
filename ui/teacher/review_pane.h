// SPDX-License-Identifier: Apache-2.0
// Rows that a teacher labelled and a person should look at: one key decides each.
#pragma once

#include "ui/session/review_reader.h"
#include "ui/theme/theme.h"

#include <QStandardItemModel>
#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QTableView;

namespace ui {

class ReviewPane final : public QWidget {
    Q_OBJECT
public:
    ReviewPane(const Theme &theme, Session &session, QWidget *parent = nullptr);

    /// Searches, where something may have changed since.
    void activate();
    /// How many wait; nothing before they have been searched.
    [[nodiscard]] std::optional<qint64> waiting() const;

Q_SIGNALS:
    void changed();
    void failed(const base::Error &error);

protected:
    /// Keys 1, 2, 3 and 0 decide the chosen row.
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void show(const core::ReviewQueue &queue);
    void choose();
    /// Nothing: the row is taken off the list and stays as it is.
    void decide(const std::optional<core::LabelSet> &labels);
    [[nodiscard]] const core::Disagreement *currentOrNull() const;

    const Theme &m_theme;
    Session &m_session;
    ReviewReader m_reader;
    core::ReviewQueue m_queue;
    bool m_isKnown = false, m_isOld = true;
    bool m_decides = false;  ///< an edit of ours is no reason to search again
    QLabel *m_words, *m_text, *m_why;
    QPushButton *m_teacher, *m_other, *m_leave;
    QComboBox *m_class;
    QWidget *m_decision;
    QTableView *m_table;
    QStandardItemModel m_rows;
};

}  // namespace ui
