// SPDX-License-Identifier: Apache-2.0
// What another checkpoint does otherwise.
#pragma once

#include "ui/results/computed_pane.h"
#include "ui/theme/theme.h"

#include <QStandardItemModel>
#include <optional>

class QButtonGroup;
class QComboBox;
class QLabel;
class QTableView;

namespace ui {

class ComparePane final : public ComputedPane {
    Q_OBJECT
public:
    ComparePane(const Theme &theme, Session &session, QWidget *parent = nullptr);

Q_SIGNALS:
    void showExample(qint64 id);
    void failed(const base::Error &error);

protected:
    /// The other checkpoint is read once the pane is looked at, and again when another one is chosen.
    void compute(const SharedResults &results) override { finished(results); }
    void fill() override;
    void resizeEvent(QResizeEvent *event) override;

private:
    [[nodiscard]] QWidget *buildRows();
    [[nodiscard]] QWidget *buildSides();
    void fillChoices();
    void askForOther();
    void otherRead(const SharedResults &other);
    void fillRows();
    void fillClasses();
    void fillSettings();

    const Theme &m_theme;
    Session &m_session;
    ResultsReader m_reader;
    SharedResults m_other;
    core::ComparedRows m_compared;  ///< from the other one to the shown one
    QComboBox *m_choice;
    QLabel *m_verdict;
    QButtonGroup *m_which;
    QStandardItemModel m_rowModel, m_classModel, m_settingModel;
    QTableView *m_rows;
    QWidget *m_sides;  ///< classes and settings, where there is room
    QTableView *m_classes;
    QTableView *m_settings;
};

}  // namespace ui
