// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/training_fields.h"

#include "ui/widgets/build.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QRegularExpressionValidator>
#include <QScopedValueRollback>
#include <QSpinBox>
#include <algorithm>

namespace ui {

using core::TrainingSettings;
using engine::TrainingConfig;

TrainingFields::TrainingFields(QWidget *parent) : QFrame(parent)
{
    setProperty("frame", "note");
    m_rows = new QFormLayout(this);
    m_rows->setContentsMargins(16, 12, 16, 12);
    m_rows->setVerticalSpacing(8);
    m_rows->setHorizontalSpacing(16);
    for (const auto group : {engine::ParameterGroup::Passes, engine::ParameterGroup::Classes,
                             engine::ParameterGroup::Choice, engine::ParameterGroup::Adapters}) {
        core::eachParameter([&](const engine::ParameterFacts &facts, auto setting, auto member) {
            if (facts.group == group)
                addParameter(facts, setting, member);
        });
    }
    m_reset = makeButton(tr("Back to the service's settings"), "resetTraining", "small");
    m_rows->addRow(m_reset);
    connect(m_reset, &QPushButton::clicked, this, [this] {
        for (const auto &field : m_fields)
            field->isTouched = false;
        fill();
        Q_EMIT changed();
    });
    fill();
}

void TrainingFields::showSettings(const TrainingSettings &own)
{
    m_own = own;
    fill();
}

TrainingSettings TrainingFields::asked() const
{
    TrainingSettings settings;
    for (const auto &field : m_fields) {
        if (field->isTouched)
            field->read(settings);
    }
    return settings;
}

TrainingFields::Field *TrainingFields::add(decltype(Field::fill) fill, decltype(Field::read) read)
{
    return m_fields.emplace_back(std::make_unique<Field>(Field{std::move(fill), std::move(read)})).get();
}

void TrainingFields::touch(Field *field)
{
    if (m_isFilling)
        return;
    field->isTouched = true;
    m_reset->setEnabled(true);
    Q_EMIT changed();
}

void TrainingFields::fill()
{
    const QScopedValueRollback filling(m_isFilling, true);
    TrainingConfig config;
    // What the service says wrongly is reported where the training is planned.
    static_cast<void>(m_own.applyTo(config));
    for (const auto &field : m_fields) {
        if (!field->isTouched)
            field->fill(config, m_own);
    }
    m_reset->setEnabled(
        std::any_of(m_fields.begin(), m_fields.end(), [](const auto &field) { return field->isTouched; }));
}

template <class Widget>
Widget *TrainingFields::row(const engine::ParameterFacts &facts, Widget *what)
{
    what->setObjectName(QLatin1String(facts.member));
    what->setAccessibleName(tr(facts.title));
    what->setToolTip(tr(facts.sentence));
    if constexpr (std::is_same_v<Widget, QCheckBox>) {
        what->setText(tr(facts.title));
        m_rows->addRow(what);
    } else {
        what->setMaximumWidth(std::is_same_v<Widget, QComboBox> ? 260 : 220);
        m_rows->addRow(tr(facts.title), what);
    }
    return what;
}

namespace {

/// Where a setting can be left open, 0 stands for that. What the service says cannot be unsaid here.
template <class Box, class Value>
void showNumber(Box *box, const engine::ParameterFacts &facts, Value lowest, const std::optional<Value> &own,
                Value current)
{
    if (!facts.canBeUnset()) {
        box->setValue(current);
        return;
    }
    box->setMinimum(own ? lowest : 0);
    box->setSpecialValueText(own ? QString() : TrainingFields::tr(facts.zero));
    box->setValue(own.value_or(0));
}

}  // namespace

template <class Asked, class Value>
void TrainingFields::addParameter(const engine::ParameterFacts &facts, std::optional<Asked> TrainingSettings::*setting,
                                  Value TrainingConfig::*member)
{
    const auto touches = [this](auto *widget, auto signal, decltype(Field::fill) fill, decltype(Field::read) read) {
        auto *field = add(std::move(fill), std::move(read));
        connect(widget, signal, this, [this, field] { touch(field); });
    };
    if constexpr (std::is_enum_v<Value>) {
        auto *box = row(facts, new QComboBox);
        for (const engine::Choice &choice : engine::choicesOf(Value{}))
            box->addItem(tr(choice.title), QLatin1String(choice.word));
        touches(
            box, &QComboBox::currentIndexChanged,
            [=](const TrainingConfig &config, const TrainingSettings &) {
                box->setCurrentIndex(static_cast<int>(config.*member));
            },
            [=](TrainingSettings &settings) { settings.*setting = box->currentData().toString().toStdString(); });
    } else if constexpr (std::is_same_v<Value, bool>) {
        auto *box = row(facts, new QCheckBox);
        touches(
            box, &QCheckBox::toggled,
            [=](const TrainingConfig &config, const TrainingSettings &) { box->setChecked(config.*member); },
            [=](TrainingSettings &settings) { settings.*setting = box->isChecked(); });
    } else if constexpr (std::is_same_v<Value, std::string>) {
        auto *line = row(facts, new QLineEdit);
        touches(
            line, &QLineEdit::textChanged,
            [=](const TrainingConfig &config, const TrainingSettings &) {
                line->setText(QString::fromStdString(config.*member));
            },
            [=](TrainingSettings &settings) { settings.*setting = line->text().toStdString(); });
    } else if constexpr (std::is_same_v<Value, uint64_t>) {
        auto *line = row(facts, new QLineEdit);
        line->setValidator(new QRegularExpressionValidator(QRegularExpression(QStringLiteral("-?[0-9]{1,18}")), line));
        touches(
            line, &QLineEdit::textChanged,
            [=](const TrainingConfig &config, const TrainingSettings &own) {
                line->setText(QString::number((own.*setting).value_or(static_cast<int64_t>(config.*member))));
            },
            [=](TrainingSettings &settings) {
                bool isNumber = false;
                const qlonglong value = line->text().toLongLong(&isNumber);
                if (isNumber)
                    settings.*setting = value;
            });
    } else {
        using NumberBox = std::conditional_t<std::is_same_v<Value, int>, QSpinBox, QDoubleSpinBox>;
        auto *box = row(facts, new NumberBox);
        auto lowest = static_cast<Value>(facts.range.low);
        if constexpr (std::is_same_v<Value, double>) {
            // Learning rates are small, shares are not.
            const bool isSmall = facts.canBeUnset();
            box->setDecimals(isSmall ? 7 : 3);
            box->setSingleStep(isSmall ? 1e-5 : 0.05);
            lowest += facts.range.hasLow ? 0 : 1e-7;
        }
        box->setRange(facts.canBeUnset() ? Value{0} : lowest,
                      static_cast<Value>(facts.range.hasHigh ? facts.range.high : facts.range.high - 0.001));
        box->setSpecialValueText(tr(facts.zero));
        touches(
            box, &NumberBox::valueChanged,
            [=](const TrainingConfig &config, const TrainingSettings &own) {
                showNumber(box, facts, lowest, own.*setting, config.*member);
            },
            [=](TrainingSettings &settings) {
                if (!facts.canBeUnset() || box->value() > 0)
                    settings.*setting = box->value();
            });
    }
}

}  // namespace ui
