// SPDX-License-Identifier: Apache-2.0
// Who helps with unlabelled texts: today the built-in teacher, which suggests labels from your own rows.
#pragma once

#include "ui/pages/page.h"
#include "ui/session/session.h"
#include "ui/theme/theme.h"

#include <QStandardItemModel>

class QLabel;
class QPushButton;
class QTableView;

namespace ui {

class ChoiceCard;

class TeacherPage final : public Page {
    Q_OBJECT
public:
    TeacherPage(const Theme &theme, Session &session, QWidget *parent = nullptr);

    [[nodiscard]] QString title() const override { return tr("Teacher"); }
    [[nodiscard]] QString sentence() const override
    {
        return tr("Suggests answers for what you have not labelled yet.");
    }
    [[nodiscard]] Primary primary() const override;
    void primaryClicked() override;

private:
    enum Role { ColourRole = Qt::UserRole, ShareRole, ProvenanceRole, ChipsRole };
    struct Suggestion {
        int64_t example;
        std::string text;
        core::LabelSet labels;
        double sure;
    };

    void refresh();
    void suggest();
    void accept();
    void show(std::vector<Suggestion> suggestions);
    void explain(int card);
    void examine();
    void showExam();

    const Theme &m_theme;
    Session &m_session;
    ChoiceCard *m_builtIn;
    QLabel *m_words;
    QWidget *m_work;
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
