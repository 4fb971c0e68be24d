// SPDX-License-Identifier: Apache-2.0
// A new training: weights and recipe, the rest under Advanced, and what it will cost.
#pragma once

#include "core/training/training_cost.h"
#include "ui/session/session.h"
#include "ui/theme/theme.h"
#include "ui/widgets/dialogs.h"

#include <QTimer>
#include <QWidget>
#include <optional>

class QButtonGroup;
class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;

namespace ui {

class CostReader;
class TrainingFields;
class WeightsDialog;

class TrainingForm final : public QWidget {
    Q_OBJECT
public:
    TrainingForm(const Theme &theme, Session &session, Dialogs &dialogs, QWidget *parent = nullptr);

    /// Base weights and own checkpoints that are here now.
    void fillStartingModels();
    /// One that fillStartingModels() has found; otherwise nothing changes.
    void chooseBase(const QString &name);
    [[nodiscard]] QString blockedBy() const;  ///< empty: training can begin as it is
    [[nodiscard]] bool canStart() const;      ///< so, or by the choice to train anyway
    void submit();
    void focusStart();

Q_SIGNALS:
    void start(const core::TrainOptions &options);
    void showBlocked();
    void changed();

private:
    /// Only what somebody chose here: the rest is the service's and the recipe's.
    [[nodiscard]] core::TrainOptions options() const;
    [[nodiscard]] bool canTrainAnyway() const;
    /// What the service says by now.
    void showOwnSettings();
    /// What keeps a training from beginning; and what one would take is not known any more.
    void estimate();
    /// What one takes, if the form is looked at.
    void measure();
    void showEvent(QShowEvent *event) override;
    void showCost();
    void chooseFolder();
    [[nodiscard]] QString chosenRecipe() const;  ///< a name of engine::Recipe, or "automatic"
    /// What is chosen, with these base weights; 0: unknown.
    [[nodiscard]] double secondsWith(const std::string &base) const;

    const Theme &m_theme;
    Session &m_session;
    Dialogs &m_dialogs;
    QStringList m_folders;  ///< with weights, chosen by the user
    QComboBox *m_base;
    WeightsDialog *m_weights;
    QButtonGroup *m_recipe;  ///< of buttons with the name of a recipe
    TrainingFields *m_fields;
    bool m_baseChosen = false;  ///< by somebody: else the user's usual one is shown
    QLabel *m_estimate;
    QLabel *m_blocked;
    QPushButton *m_showBlocked;
    QCheckBox *m_anyway;
    QPushButton *m_start;
    CostReader *m_costs;
    QTimer m_later;                            ///< while settings change
    std::optional<core::TrainingCost> m_cost;  ///< of what is chosen; none: not known yet
};

}  // namespace ui
