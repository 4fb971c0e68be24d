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
    addPasses();
    addClasses();
    addChoiceOfPass();
    addAdapters();
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

QSpinBox *TrainingFields::spin(const QString &name, const char *objectName, int low, int high)
{
    auto *box = new QSpinBox;
    box->setObjectName(QLatin1String(objectName));
    box->setAccessibleName(name);
    box->setRange(low, high);
    box->setMaximumWidth(160);
    m_rows->addRow(name, box);
    return box;
}

QDoubleSpinBox *TrainingFields::number(const QString &name, const char *objectName, double high, int decimals,
                                       double step)
{
    auto *box = new QDoubleSpinBox;
    box->setObjectName(QLatin1String(objectName));
    box->setAccessibleName(name);
    box->setDecimals(decimals);
    box->setRange(0, high);
    box->setSingleStep(step);
    box->setMaximumWidth(160);
    m_rows->addRow(name, box);
    return box;
}

QLineEdit *TrainingFields::line(const QString &name, const char *objectName)
{
    auto *edit = new QLineEdit;
    edit->setObjectName(QLatin1String(objectName));
    edit->setAccessibleName(name);
    edit->setMaximumWidth(220);
    m_rows->addRow(name, edit);
    return edit;
}

QComboBox *TrainingFields::choice(const QString &name, const char *objectName,
                                  std::initializer_list<std::pair<QString, const char *>> items,
                                  std::optional<std::string> TrainingSettings::*setting,
                                  const std::function<const char *(const TrainingConfig &)> &current)
{
    auto *box = new QComboBox;
    box->setObjectName(QLatin1String(objectName));
    box->setAccessibleName(name);
    for (const auto &[text, value] : items)
        box->addItem(text, QLatin1String(value));
    box->setMaximumWidth(220);
    m_rows->addRow(name, box);
    auto *field = add(
        [box, current](const TrainingConfig &config, const TrainingSettings &) {
            box->setCurrentIndex(std::max(0, box->findData(QLatin1String(current(config)))));
        },
        [box, setting](TrainingSettings &settings) {
            settings.*setting = box->currentData().toString().toStdString();
        });
    connect(box, &QComboBox::currentIndexChanged, this, [this, field] { touch(field); });
    return box;
}

void TrainingFields::whole(QSpinBox *box, std::optional<int> TrainingSettings::*setting,
                           const std::function<int(const TrainingConfig &)> &current)
{
    auto *field =
        add([box, current](const TrainingConfig &config, const TrainingSettings &) { box->setValue(current(config)); },
            [box, setting](TrainingSettings &settings) { settings.*setting = box->value(); });
    connect(box, &QSpinBox::valueChanged, this, [this, field] { touch(field); });
}

void TrainingFields::addPasses()
{
    // Where the service does not say, the recipe does: 0 stands for that. What the service says cannot be unsaid here.
    auto *epochs = spin(tr("Passes (epochs)"), "epochs", 0, 1000);
    epochs->setSpecialValueText(tr("by the recipe"));
    auto *field = add(
        [epochs](const TrainingConfig &, const TrainingSettings &own) {
            epochs->setMinimum(own.epochs ? 1 : 0);
            epochs->setSpecialValueText(own.epochs ? QString() : tr("by the recipe"));
            epochs->setValue(own.epochs.value_or(0));
        },
        [epochs](TrainingSettings &settings) {
            if (epochs->value() > 0)
                settings.epochs = epochs->value();
        });
    connect(epochs, &QSpinBox::valueChanged, this, [this, field] { touch(field); });
    whole(spin(tr("Rows at once (batch)"), "batchSize", 1, 4096), &TrainingSettings::batchSize,
          [](const TrainingConfig &config) { return config.batchSize; });
    whole(spin(tr("Tokens read of a text"), "maxLength", 8, 8192), &TrainingSettings::maxLength,
          [](const TrainingConfig &config) { return config.maxLength; });
    auto *longTexts = choice(
        tr("Longer texts"), "longTexts", {{tr("are cut at their end"), "cut"}, {tr("are read in windows"), "windows"}},
        &TrainingSettings::longTexts, [](const TrainingConfig &config) { return engine::name(config.longTexts); });
    longTexts->setToolTip(
        tr("Windows overlap by an eighth, and their answers are averaged. Training and answering take as many times "
           "longer as a text has windows. Other programs have to do the same: the page of an exported classifier shows "
           "how."));
    auto *seed = line(tr("Seed"), "seed");
    seed->setMaximumWidth(160);
    seed->setValidator(new QRegularExpressionValidator(QRegularExpression(QStringLiteral("-?[0-9]{1,18}")), seed));
    field = add(
        [seed](const TrainingConfig &config, const TrainingSettings &own) {
            seed->setText(QString::number(own.seed.value_or(static_cast<int64_t>(config.seed))));
        },
        [seed](TrainingSettings &settings) {
            bool isNumber = false;
            const qlonglong value = seed->text().toLongLong(&isNumber);
            if (isNumber)
                settings.seed = value;
        });
    connect(seed, &QLineEdit::textChanged, this, [this, field] { touch(field); });
    auto *rate = number(tr("Learning rate"), "learningRate", 1, 7, 1e-5);
    rate->setSpecialValueText(tr("by the recipe"));
    field = add(
        [rate](const TrainingConfig &, const TrainingSettings &own) {
            rate->setMinimum(own.learningRate ? 1e-7 : 0);
            rate->setSpecialValueText(own.learningRate ? QString() : tr("by the recipe"));
            rate->setValue(own.learningRate.value_or(0));
        },
        [rate](TrainingSettings &settings) {
            if (rate->value() > 0)
                settings.learningRate = rate->value();
        });
    connect(rate, &QDoubleSpinBox::valueChanged, this, [this, field] { touch(field); });
}

void TrainingFields::addClasses()
{
    choice(
        tr("Classes with few rows"), "balance",
        {{tr("count as they are"), "none"}, {tr("count more a row"), "weights"}, {tr("come more often"), "sampling"}},
        &TrainingSettings::balance, [](const TrainingConfig &config) { return engine::name(config.balance); });
    auto *rebalance = line(tr("How much of a class"), "rebalance");
    rebalance->setPlaceholderText(tr("refund=0.3, delivery=0.2"));
    rebalance->setToolTip(tr("As shares of all rows, or as rows: refund=100, delivery=400. Empty: as there are, or as "
                             "much of each where classes are balanced."));
    auto *field =
        add([rebalance](const TrainingConfig &config,
                        const TrainingSettings &) { rebalance->setText(QString::fromStdString(config.rebalance)); },
            [rebalance](TrainingSettings &settings) { settings.rebalance = rebalance->text().toStdString(); });
    connect(rebalance, &QLineEdit::textChanged, this, [this, field] { touch(field); });
    auto *taught =
        choice(tr("Labels that a teacher gave"), "teacherLabels",
               {{tr("where they help"), "automatic"}, {tr("learn from them"), "use"}, {tr("leave them out"), "leave"}},
               &TrainingSettings::teacherLabels,
               [](const TrainingConfig &config) { return engine::name(config.teacherLabels); });
    taught->setToolTip(
        tr("They count by the teacher's exam and by how sure it was. Rows that people labelled, left out in turn, say "
           "whether they help."));
    auto *smoothing = number(tr("Doubt in every label (smoothing)"), "labelSmoothing", 0.999, 3, 0.05);
    field = add([smoothing](const TrainingConfig &config,
                            const TrainingSettings &) { smoothing->setValue(config.labelSmoothing); },
                [smoothing](TrainingSettings &settings) { settings.labelSmoothing = smoothing->value(); });
    connect(smoothing, &QDoubleSpinBox::valueChanged, this, [this, field] { touch(field); });
}

void TrainingFields::addChoiceOfPass()
{
    choice(tr("What decides which pass is best"), "metric",
           {{tr("how many are right"), "automatic"},
            {tr("classes alike (macro F1)"), "macro_f1"},
            {tr("how sure it is (log-loss)"), "log_loss"}},
           &TrainingSettings::metric, [](const TrainingConfig &config) { return engine::name(config.metric); });
    auto *patience = spin(tr("End after passes that bring nothing"), "patience", 0, 1000);
    patience->setSpecialValueText(tr("never"));
    whole(patience, &TrainingSettings::patience, [](const TrainingConfig &config) { return config.patience; });
    auto *layers = spin(tr("Layers that learn, from the top"), "topLayers", 0, 1000);
    layers->setSpecialValueText(tr("all"));
    layers->setToolTip(tr("With few, each pass is several times faster: what is below is read only once."));
    whole(layers, &TrainingSettings::topLayers, [](const TrainingConfig &config) { return config.topLayers; });
}

void TrainingFields::addAdapters()
{
    whole(spin(tr("Size of the adapters (rank)"), "loraRank", 1, 1024), &TrainingSettings::loraRank,
          [](const TrainingConfig &config) { return config.lora.rank; });
    auto *targets = line(tr("Layers with adapters"), "loraTargets");
    targets->setToolTip(tr("all-linear, or the ends of their names: query, value"));
    auto *field =
        add([targets](const TrainingConfig &config,
                      const TrainingSettings &) { targets->setText(QString::fromStdString(config.lora.targets)); },
            [targets](TrainingSettings &settings) { settings.loraTargets = targets->text().toStdString(); });
    connect(targets, &QLineEdit::textChanged, this, [this, field] { touch(field); });
    auto *less = new QCheckBox(tr("Less memory, for a third more time (gradient checkpointing)"));
    less->setObjectName(QStringLiteral("gradientCheckpointing"));
    m_rows->addRow(less);
    field = add([less](const TrainingConfig &config,
                       const TrainingSettings &) { less->setChecked(config.checkpointsGradients); },
                [less](TrainingSettings &settings) { settings.checkpointsGradients = less->isChecked(); });
    connect(less, &QCheckBox::toggled, this, [this, field] { touch(field); });
}

}  // namespace ui
