// SPDX-License-Identifier: Apache-2.0
// Runs at the left; a new training or the live view of a run at the right.
#pragma once

#include "ui/pages/page.h"
#include "ui/session/session.h"
#include "ui/theme/theme.h"
#include "ui/widgets/dialogs.h"

class QListWidget;
class QStackedWidget;

namespace ui {

class LiveRun;
class TrainingForm;

class TrainingPage final : public Page {
    Q_OBJECT
public:
    TrainingPage(const Theme &theme, Session &session, Dialogs &dialogs, QWidget *parent = nullptr);

    [[nodiscard]] QString title() const override { return tr("Training"); }
    [[nodiscard]] QString sentence() const override { return tr("Your classifier learns here, on this machine."); }
    [[nodiscard]] Primary primary() const override;
    void primaryClicked() override;
    void activated() override;
    /// The form of a new training, with the weights of this checkpoint chosen.
    void beginFrom(const QString &checkpoint);

private:
    [[nodiscard]] QWidget *buildRuns();
    void refresh();
    void showRun();
    void showForm();
    void sayUnwritten(const QString &path);
    void start(const core::TrainOptions &options);
    void resume();
    void discard();
    [[nodiscard]] const RunView *shownOrNull() const;

    const Theme &m_theme;
    Session &m_session;
    Dialogs &m_dialogs;
    std::string m_shown;
    bool m_followNewest = false;
    QListWidget *m_runs;
    QStackedWidget *m_right;
    TrainingForm *m_form;
    LiveRun *m_live;
};

}  // namespace ui
