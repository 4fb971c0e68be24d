// SPDX-License-Identifier: Apache-2.0
// The settings of a training, as fields: they show what the service says, and only what the user changes is asked for.
#pragma once

#include "core/service/training_settings.h"

#include <QFrame>
#include <functional>
#include <memory>
#include <vector>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QFormLayout;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace ui {

class TrainingFields final : public QFrame {
    Q_OBJECT
public:
    explicit TrainingFields(QWidget *parent = nullptr);

    /// Shows the service's own settings over the defaults in every field that the user has not changed.
    void showSettings(const core::TrainingSettings &own);
    /// What the user changed, and nothing else.
    [[nodiscard]] core::TrainingSettings asked() const;

Q_SIGNALS:
    void changed();

private:
    struct Field {
        /// Shows what a training takes by itself; `own` says what of that the service has set.
        std::function<void(const engine::TrainingConfig &config, const core::TrainingSettings &own)> fill;
        std::function<void(core::TrainingSettings &)> read;
        bool isTouched = false;
    };

    /// Signals of its widget call touch() with it.
    Field *add(decltype(Field::fill) fill, decltype(Field::read) read);
    void touch(Field *field);
    void fill();
    void addPasses();
    void addClasses();
    void addChoiceOfPass();
    void addAdapters();
    QSpinBox *spin(const QString &name, const char *objectName, int low, int high);
    QDoubleSpinBox *number(const QString &name, const char *objectName, double high, int decimals, double step);
    QComboBox *choice(const QString &name, const char *objectName,
                      std::initializer_list<std::pair<QString, const char *>> items,
                      std::optional<std::string> core::TrainingSettings::*setting,
                      const std::function<const char *(const engine::TrainingConfig &)> &current);
    QLineEdit *line(const QString &name, const char *objectName);
    void whole(QSpinBox *box, std::optional<int> core::TrainingSettings::*setting,
               const std::function<int(const engine::TrainingConfig &)> &current);

    QFormLayout *m_rows;
    QPushButton *m_reset;
    std::vector<std::unique_ptr<Field>> m_fields;
    core::TrainingSettings m_own;
    bool m_isFilling = false;
};

}  // namespace ui
