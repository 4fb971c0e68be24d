// SPDX-License-Identifier: Apache-2.0
// Which language model is asked, and on what terms: the settings at the left of the Teacher page.
#pragma once

#include "ui/session/teacher_desk.h"
#include "ui/theme/theme.h"
#include "ui/widgets/dialogs.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace ui {

class TeacherForm final : public QWidget {
    Q_OBJECT
public:
    TeacherForm(const Theme &theme, Session &session, TeacherDesk &desk, Dialogs &dialogs, QWidget *parent = nullptr);

    void setKind(TeacherKind kind);
    /// Which of the settings concern this.
    enum class For { Exam, Label };
    void setFor(For what);
    [[nodiscard]] TeacherTerms terms() const;
    /// Why nobody can be asked yet; empty: somebody can.
    [[nodiscard]] QString missing() const;

Q_SIGNALS:
    void changed();
    void editPrompts();

private:
    QWidget *buildService();
    QWidget *buildLocal();
    QWidget *buildTerms();
    void refresh();
    void keepService();
    void keepPrices();
    void chooseFile();

    const Theme &m_theme;
    Session &m_session;
    TeacherDesk &m_desk;
    Dialogs &m_dialogs;
    TeacherKind m_kind = TeacherKind::Service;
    QWidget *m_service, *m_local, *m_advanced;
    QLineEdit *m_address, *m_model, *m_key, *m_authorities;
    QComboBox *m_dialect, *m_prompt;
    QCheckBox *m_keepKey, *m_plain, *m_nearest, *m_toTrain;
    QLabel *m_keyWords, *m_plainWords, *m_file;
    QDoubleSpinBox *m_inputPrice, *m_outputPrice, *m_cachedPrice, *m_mostCost, *m_least;
    QSpinBox *m_rows, *m_shots, *m_votes, *m_classesShown, *m_group;
    QWidget *m_votesField, *m_leastField;
    bool m_isFilling = false;
};

}  // namespace ui
