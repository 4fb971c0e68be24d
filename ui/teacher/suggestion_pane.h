// SPDX-License-Identifier: Apache-2.0
// The built-in teacher: its exam, and what it suggests for unlabelled rows before any is taken over.
#pragma once

#include "ui/session/session.h"
#include "ui/theme/theme.h"

#include <QStandardItemModel>
#include <QWidget>

class QLabel;
class QPushButton;
class QTableView;

namespace ui {

class SuggestionPane final : public QWidget {
    Q_OBJECT
public:
    static constexpr int64_t MostRows = 500;  ///< that are read at a time

    SuggestionPane(const Theme &theme, Session &session, QWidget *parent = nullptr);

    void suggest();
    [[nodiscard]] bool isWorking() const { return m_working; }

Q_SIGNALS:
    void changed();
    void failed(const base::Error &error);

private:
    enum Role { ColourRole = Qt::UserRole, ShareRole, ProvenanceRole, ChipsRole };
    struct Suggestion {
        int64_t example;
        std::string text;
        core::LabelSet labels;
        double sure;
    };

    void refresh();
    void accept();
    void show(std::vector<Suggestion> suggestions);
    void examine();
    void showExam();

    const Theme &m_theme;
    Session &m_session;
    QLabel *m_state;
    QPushButton *m_accept;
    QLabel *m_exam;
    QPushButton *m_examine;
    QTableView *m_table;
    QStandardItemModel m_rows;
    std::vector<Suggestion> m_suggestions;
    bool m_working = false;
    bool m_examining = false;
};

}  // namespace ui
