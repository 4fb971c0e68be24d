// SPDX-License-Identifier: Apache-2.0
// The settings of a training, as fields: they show what the service says, and only what the user changes is asked for.
#pragma once

#include "core/service/training_settings.h"

#include <QFrame>
#include <functional>
#include <memory>
#include <vector>

class QFormLayout;
class QPushButton;

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
    /// A field for a line of the table of parameters, by the type of its value. It is called by its member's name.
    template <class Asked, class Value>
    void addParameter(const engine::ParameterFacts &facts, std::optional<Asked> core::TrainingSettings::*setting,
                      Value engine::TrainingConfig::*member);
    /// `what` with the name and hint of `facts`, in a row of its own.
    template <class Widget>
    Widget *row(const engine::ParameterFacts &facts, Widget *what);

    QFormLayout *m_rows;
    QPushButton *m_reset;
    std::vector<std::unique_ptr<Field>> m_fields;
    core::TrainingSettings m_own;
    bool m_isFilling = false;
};

}  // namespace ui
