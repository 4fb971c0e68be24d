// SPDX-License-Identifier: Apache-2.0
// Who helps with unlabelled texts: the built-in teacher, or a language model, local or behind an address.
#pragma once

#include "ui/pages/page.h"
#include "ui/session/teacher_desk.h"
#include "ui/theme/theme.h"
#include "ui/widgets/dialogs.h"

class QStackedWidget;
class QTabBar;

namespace ui {

class ChoiceCard;
class ExamPane;
class LabelPane;
class ReviewPane;
class SuggestionPane;
class TeacherForm;

class TeacherPage final : public Page {
    Q_OBJECT
public:
    TeacherPage(const Theme &theme, Session &session, Dialogs &dialogs, QWidget *parent = nullptr);

    [[nodiscard]] QString title() const override { return tr("Teacher"); }
    [[nodiscard]] QString sentence() const override
    {
        return tr("Suggests answers for what you have not labelled yet.");
    }
    [[nodiscard]] Primary primary() const override;
    void primaryClicked() override;
    void activated() override;
    /// What a language model is doing and how far it is, for the rail; empty: nothing.
    [[nodiscard]] QString work() const;
    [[nodiscard]] QJsonObject state() const override;
    void restore(const QJsonObject &state) override;

private:
    enum Tab { ExamTab, LabelTab, ReviewTab };
    QWidget *buildCards();
    QWidget *buildBody();
    void setKind(TeacherKind kind);
    void refresh();
    void ended(TeacherDesk::Work work);
    void editPrompts();
    [[nodiscard]] Primary suggestPrimary() const;
    [[nodiscard]] Primary examPrimary() const;
    [[nodiscard]] Primary labelPrimary() const;

    const Theme &m_theme;
    Session &m_session;
    Dialogs &m_dialogs;
    TeacherDesk m_desk;
    TeacherKind m_kind = TeacherKind::BuiltIn;
    ChoiceCard *m_cards[3];
    QTabBar *m_tabs;
    QStackedWidget *m_body;
    SuggestionPane *m_suggestions;
    QWidget *m_chat;
    TeacherForm *m_form;
    QStackedWidget *m_panes;
    ExamPane *m_exam;
    LabelPane *m_label;
    ReviewPane *m_review;
};

}  // namespace ui
