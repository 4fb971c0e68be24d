// SPDX-License-Identifier: Apache-2.0
// Base weights: which there are, what they cost, and how they come onto this machine.
#pragma once

#include "core/catalogue/weights_download.h"
#include "core/classify/weights_trial.h"
#include "ui/session/session.h"
#include "ui/theme/theme.h"
#include "ui/widgets/dialogs.h"

#include <QDialog>
#include <QPointer>

class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QStandardItemModel;
class QTableView;

namespace ui {

/// A download goes on when the dialog is closed; the foot of the window shows it.
class WeightsDialog final : public QDialog {
    Q_OBJECT
public:
    /// Seconds that the training in question would take with weights of a name; 0: unknown.
    using Estimate = std::function<double(const std::string &name)>;

    WeightsDialog(const Theme &theme, Session &session, Dialogs &dialogs, Estimate estimate, QWidget *parent);

Q_SIGNALS:
    /// Weights came, under this name, or went (empty).
    void changed(const QString &fetched);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void fill();
    void select();
    void fetch();
    void tryOut();
    void remove();
    void begin(core::Job *job);
    void showProgress();
    void finished(const base::Result<core::DownloadOutcome> &outcome, const QString &name);
    void ended();
    void say(const QString &text, bool isProblem);
    void sayError(const base::Error &error);
    [[nodiscard]] const core::BaseWeights *selectedOrNull() const;
    [[nodiscard]] bool isBusy() const { return m_job && !m_job->isFinished(); }

    Session &m_session;
    Dialogs &m_dialogs;
    Estimate m_estimate;
    std::vector<core::BaseWeights> m_weights;  ///< a row each
    std::vector<core::WeightsTrial> m_trials;
    QPointer<core::Job> m_job;
    QTableView *m_table;
    QStandardItemModel *m_model;
    QLabel *m_detail;
    QLineEdit *m_other;
    QLineEdit *m_token;
    QLabel *m_news;
    QProgressBar *m_bar;
    QPushButton *m_fetch;
    QPushButton *m_try;
    QPushButton *m_remove;
};

}  // namespace ui
