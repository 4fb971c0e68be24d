// SPDX-License-Identifier: Apache-2.0
// What is decided, and between which answers.
#pragma once

#include "ui/models/label_list_model.h"
#include "ui/pages/page.h"
#include "ui/theme/theme.h"
#include "ui/widgets/dialogs.h"

#include <QTimer>

class QCheckBox;
class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace ui {

class DefinePage final : public Page {
    Q_OBJECT
public:
    DefinePage(const Theme &theme, Session &session, Dialogs &dialogs, QWidget *parent = nullptr);
    /// What was typed a moment ago is saved first.
    ~DefinePage() override;

    [[nodiscard]] QString title() const override { return tr("Define"); }
    [[nodiscard]] QString sentence() const override { return tr("What is decided, and between which answers."); }
    [[nodiscard]] Primary primary() const override;
    void primaryClicked() override;

Q_SIGNALS:
    void showRows(qint64 label, core::Split split);

private:
    [[nodiscard]] QWidget *buildClasses();
    [[nodiscard]] QWidget *buildDetails();
    void refresh();
    void showClass();
    void saveTask();
    void changeTaskType(int choice);
    void changeReject(bool isReject);
    void saveDescription();
    void saveExamples();
    void addClass();
    void renameClass();
    void recolourClass();
    void moveClass(int by);
    void deleteClass();
    void mergeClasses();
    void splitClass();
    [[nodiscard]] QWidget *buildExamples();
    [[nodiscard]] const core::Label *currentOrNull() const;

    const Theme &m_theme;
    Session &m_session;
    Dialogs &m_dialogs;
    LabelListModel m_model;
    QTimer m_saveTask, m_saveDescription, m_saveExamples;
    QPlainTextEdit *m_task;
    QComboBox *m_taskType;
    QLabel *m_count;
    QTableView *m_table;
    QWidget *m_empty;
    QWidget *m_bar;
    QLabel *m_hint;
    QStackedWidget *m_details;
    QLabel *m_name;
    QLabel *m_square;
    QPlainTextEdit *m_description;
    QPlainTextEdit *m_examples[2];  ///< by ExamplesOf
    int64_t m_shown = 0;
    QCheckBox *m_reject;
    QLabel *m_counts;
    std::vector<QPushButton *> m_needClass;
};

}  // namespace ui
