// SPDX-License-Identifier: Apache-2.0
// What a run has to say beside its charts: its passes, its classes over them, notes, and the first rows it learned
// from.
#pragma once

#include "core/results/run_history.h"
#include "ui/session/batch_reader.h"
#include "ui/theme/theme.h"

#include <QStandardItemModel>
#include <QWidget>

class QLabel;
class QStackedWidget;
class QTabBar;
class QTableView;

namespace ui {

class RunTabs final : public QWidget {
    Q_OBJECT
public:
    RunTabs(const Theme &theme, Session &session, QWidget *parent = nullptr);
    void show(const RunView &run, const core::RunHistory &history);

private:
    void fillPasses(const RunView &run);
    void fillClasses(const RunView &run);
    void fillNotes(const RunView &run, const core::RunHistory &history);
    void readBatch();
    void fillBatch(const std::vector<core::SeenRow> &rows);

    const Theme &m_theme;
    BatchReader m_batchReader;
    core::RunInfo m_run;
    std::string m_batchOf;  ///< the run whose first batch is shown
    QTabBar *m_tabs;
    QStackedWidget *m_parts;
    QStandardItemModel m_passRows, m_classRows, m_batchRows;
    QTableView *m_passes, *m_classes, *m_batch;
    QLabel *m_notes;
    QLabel *m_batchNote;
};

}  // namespace ui
