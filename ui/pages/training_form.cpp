// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/training_form.h"

#include "core/catalogue/weights_catalogue.h"
#include "ui/dialogs/weights_dialog.h"
#include "ui/session/cost_reader.h"
#include "ui/widgets/build.h"
#include "ui/words.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QFrame>
#include <QLineEdit>
#include <QRadioButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QStyle>
#include <algorithm>

namespace ui {

namespace {

constexpr int FormWidth = 720;
/// So long nothing more is changed before it is reckoned.
constexpr int PauseMs = 400;
constexpr int64_t MostRows = 100'000;

}  // namespace

TrainingForm::TrainingForm(const Theme &theme, Session &session, Dialogs &dialogs, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_session(session), m_dialogs(dialogs)
{
    auto *all = makeLayout<QVBoxLayout>({}, 0);
    setLayout(all);
    auto *scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    auto *pane = makePane("surface");
    scroll->setWidget(pane);
    auto *outer = makeLayout<QHBoxLayout>({24, 20, 24, 20});
    pane->setLayout(outer);
    auto *form = new QWidget;
    form->setMaximumWidth(FormWidth);
    outer->addWidget(form, 1);
    outer->addStretch();
    auto *column = makeLayout<QVBoxLayout>({}, 8);
    form->setLayout(column);
    column->addWidget(makeLabel(tr("New training"), "verdict"));
    column->addSpacing(8);
    auto *baseLabel = makeLabel(tr("Starting model (base weights)"), "strong");
    m_base = new QComboBox;
    m_base->setObjectName(QStringLiteral("baseWeights"));
    m_base->setAccessibleName(baseLabel->text());
    baseLabel->setBuddy(m_base);
    column->addWidget(baseLabel);
    auto *weights = makeLayout<QHBoxLayout>();
    weights->addWidget(m_base, 1);
    auto *getWeights = makeButton(tr("Get others..."), "getWeights", "small");
    weights->addWidget(getWeights);
    column->addLayout(weights);
    column->addSpacing(12);
    column->addWidget(makeLabel(tr("How"), "strong"));
    m_recipe = new QButtonGroup(this);
    const auto offer = [&](const char *name, const char *objectName, const QString &text) {
        auto *button = new QRadioButton(text);
        button->setObjectName(QLatin1String(objectName));
        button->setProperty("recipe", QLatin1String(name));
        m_recipe->addButton(button);
        column->addWidget(button);
        return button;
    };
    offer("automatic", "recipeAutomatic", tr("Automatic: what suits the rows you have."))->setChecked(true);
    offer(engine::name(engine::Recipe::Finetune), "recipeFinetune",
          tr("Fine-tune: all weights learn from the labelled texts. Takes minutes."));
    offer(engine::name(engine::Recipe::SelfTraining), "recipeSelfTraining",
          tr("Fine-tune, with unlabelled texts: for few labelled texts and many others."));
    offer(engine::name(engine::Recipe::Lora), "recipeLora", tr("Adapters (LoRA): for large models on little memory."));
    offer(engine::name(engine::Recipe::Seconds), "recipeQuick",
          tr("Quick: only the last layer learns. Good answers in seconds."));
    column->addSpacing(8);
    auto *more = makeButton(tr("Advanced"), "advanced", "flat");
    more->setIcon(m_theme.icon("expand"));
    more->setCheckable(true);
    column->addWidget(more, 0, Qt::AlignLeft);
    m_advanced = buildAdvanced();
    m_advanced->hide();
    column->addWidget(m_advanced);
    m_estimate = makeLabel({}, "muted", true);
    m_estimate->setObjectName(QStringLiteral("estimate"));
    m_blocked = makeLabel({}, "danger", true);
    m_blocked->setObjectName(QStringLiteral("blocked"));
    m_showBlocked = makeButton(tr("Show what is missing"), "showBlocked", "small");
    m_start = makeButton(tr("Start"), "startTraining", "primary");
    column->addSpacing(8);
    column->addWidget(m_estimate);
    column->addWidget(m_blocked);
    column->addWidget(m_showBlocked, 0, Qt::AlignLeft);
    column->addSpacing(4);
    column->addWidget(m_start, 0, Qt::AlignLeft);
    column->addStretch();
    connect(more, &QPushButton::toggled, this, [this, more](bool open) {
        m_advanced->setVisible(open);
        more->setIcon(m_theme.icon(open ? "open" : "expand"));
    });
    connect(m_base, &QComboBox::activated, this, [this] {
        if (m_base->currentData().toString().isEmpty())
            chooseFolder();
        else
            estimate();
    });
    m_weights = new WeightsDialog(
        theme, session, dialogs, [this](const std::string &name) { return secondsWith(name); }, this);
    connect(getWeights, &QPushButton::clicked, this, [this] { m_dialogs.run(*m_weights); });
    connect(m_weights, &WeightsDialog::changed, this, [this](const QString &fetched) {
        fillStartingModels();
        if (const int place = m_base->findData(fetched); place >= 0 && !fetched.isEmpty())
            m_base->setCurrentIndex(place);
        estimate();
    });
    connect(m_recipe, &QButtonGroup::buttonToggled, this, &TrainingForm::estimate);
    connect(m_showBlocked, &QPushButton::clicked, this, &TrainingForm::showBlocked);
    connect(m_start, &QPushButton::clicked, this, &TrainingForm::submit);
    all->addWidget(scroll);
    m_costs = new CostReader(session, this);
    m_later.setSingleShot(true);
    m_later.setInterval(PauseMs);
    connect(&m_later, &QTimer::timeout, this, [this] { m_costs->ask(options()); });
    connect(m_costs, &CostReader::read, this, [this](const core::TrainingCost &cost) {
        m_cost = cost;
        showCost();
    });
    connect(m_costs, &CostReader::failed, this,
            [this](const base::Error &error) { m_estimate->setText(QString::fromStdString(error.message)); });
    connect(&session, &Session::findingsChanged, this, &TrainingForm::estimate);
    connect(&session, &Session::dataChanged, this, &TrainingForm::estimate);
    connect(&session, &Session::rowsCounted, this, &TrainingForm::estimate);
    fillStartingModels();
}

QWidget *TrainingForm::buildAdvanced()
{
    auto *box = new QFrame;
    box->setProperty("frame", "note");
    auto *fields = new QFormLayout(box);
    fields->setContentsMargins(16, 12, 16, 12);
    fields->setVerticalSpacing(8);
    fields->setHorizontalSpacing(16);
    const engine::TrainingConfig defaults;
    const auto whole = [&](const QString &name, const char *objectName, int low, int high, int value) {
        auto *spin = new QSpinBox;
        spin->setObjectName(QLatin1String(objectName));
        spin->setAccessibleName(name);
        spin->setRange(low, high);
        spin->setValue(value);
        spin->setMaximumWidth(160);
        fields->addRow(name, spin);
        connect(spin, &QSpinBox::valueChanged, this, &TrainingForm::estimate);
        return spin;
    };
    m_epochs = whole(tr("Passes (epochs)"), "epochs", 0, 100, 0);
    m_epochs->setSpecialValueText(tr("by the recipe"));
    m_batch = whole(tr("Rows at once (batch)"), "batchSize", 1, 512, defaults.batchSize);
    m_length = whole(tr("Tokens read of a text"), "maxLength", 8, 512, defaults.maxLength);
    m_seed = whole(tr("Seed"), "seed", 0, 1'000'000'000, static_cast<int>(defaults.seed));
    m_rate = new QDoubleSpinBox;
    m_rate->setObjectName(QStringLiteral("learningRate"));
    m_rate->setDecimals(7);
    m_rate->setRange(0, 1);
    m_rate->setSingleStep(1e-5);
    m_rate->setSpecialValueText(tr("by the recipe"));
    m_rate->setMaximumWidth(160);
    m_rate->setAccessibleName(tr("Learning rate"));
    fields->addRow(m_rate->accessibleName(), m_rate);
    m_balance = new QComboBox;
    m_balance->setObjectName(QStringLiteral("balance"));
    m_balance->setAccessibleName(tr("Classes with few rows"));
    m_balance->addItem(tr("count as they are"), QStringLiteral("none"));
    m_balance->addItem(tr("count more a row"), QStringLiteral("weights"));
    m_balance->addItem(tr("come more often"), QStringLiteral("sampling"));
    m_balance->setMaximumWidth(200);
    fields->addRow(m_balance->accessibleName(), m_balance);
    m_rebalance = new QLineEdit;
    m_rebalance->setObjectName(QStringLiteral("rebalance"));
    m_rebalance->setAccessibleName(tr("How much of a class"));
    m_rebalance->setPlaceholderText(tr("refund=0.3, delivery=0.2"));
    m_rebalance->setToolTip(
        tr("As shares of all rows, or as rows: refund=100, delivery=400. Empty: as there are, or as "
           "much of each where classes are balanced."));
    m_rebalance->setMaximumWidth(220);
    fields->addRow(m_rebalance->accessibleName(), m_rebalance);
    m_teacherLabels = new QComboBox;
    m_teacherLabels->setObjectName(QStringLiteral("teacherLabels"));
    m_teacherLabels->setAccessibleName(tr("Labels that a teacher gave"));
    m_teacherLabels->addItem(tr("where they help"), QStringLiteral("automatic"));
    m_teacherLabels->addItem(tr("learn from them"), QStringLiteral("use"));
    m_teacherLabels->addItem(tr("leave them out"), QStringLiteral("leave"));
    m_teacherLabels->setToolTip(
        tr("They count by the teacher's exam and by how sure it was. Rows that people labelled, left out in turn, say "
           "whether they help."));
    m_teacherLabels->setMaximumWidth(200);
    fields->addRow(m_teacherLabels->accessibleName(), m_teacherLabels);
    m_smoothing = new QDoubleSpinBox;
    m_smoothing->setObjectName(QStringLiteral("labelSmoothing"));
    m_smoothing->setAccessibleName(tr("Doubt in every label (smoothing)"));
    m_smoothing->setRange(0, 0.5);
    m_smoothing->setSingleStep(0.05);
    m_smoothing->setMaximumWidth(160);
    fields->addRow(m_smoothing->accessibleName(), m_smoothing);
    m_metric = new QComboBox;
    m_metric->setObjectName(QStringLiteral("metric"));
    m_metric->setAccessibleName(tr("What decides which pass is best"));
    m_metric->addItem(tr("how many are right"), QStringLiteral("automatic"));
    m_metric->addItem(tr("classes alike (macro F1)"), QStringLiteral("macro_f1"));
    m_metric->addItem(tr("how sure it is (log-loss)"), QStringLiteral("log_loss"));
    m_metric->setMaximumWidth(220);
    fields->addRow(m_metric->accessibleName(), m_metric);
    m_patience = whole(tr("End after passes that bring nothing"), "patience", 0, 100, 0);
    m_patience->setSpecialValueText(tr("never"));
    m_topLayers = whole(tr("Layers that learn, from the top"), "topLayers", 0, 100, 0);
    m_topLayers->setSpecialValueText(tr("all"));
    m_topLayers->setToolTip(tr("With few, each pass is several times faster: what is below is read only once."));
    m_loraRank = whole(tr("Size of the adapters (rank)"), "loraRank", 1, 256, defaults.lora.rank);
    m_loraTargets = new QLineEdit(QString::fromStdString(defaults.lora.targets));
    m_loraTargets->setObjectName(QStringLiteral("loraTargets"));
    m_loraTargets->setAccessibleName(tr("Layers with adapters"));
    m_loraTargets->setToolTip(tr("all-linear, or the ends of their names: query, value"));
    m_loraTargets->setMaximumWidth(200);
    fields->addRow(m_loraTargets->accessibleName(), m_loraTargets);
    m_checkpointing = new QCheckBox(tr("Less memory, for a third more time (gradient checkpointing)"));
    m_checkpointing->setObjectName(QStringLiteral("gradientCheckpointing"));
    fields->addRow(m_checkpointing);
    return box;
}

void TrainingForm::fillStartingModels()
{
    const QSignalBlocker block(m_base);
    const QVariant chosen = m_base->currentData();
    m_base->clear();
    for (const core::BaseWeights &weights : core::listWeights()) {
        if (!weights.folder.empty())
            m_base->addItem(tr("%1 (%2)").arg(QString::fromStdString(weights.name), sizeText(weights.bytes)),
                            QString::fromStdString(weights.name));
    }
    for (const RunView &run : m_session.runs()) {
        for (const CheckpointView &checkpoint : run.checkpoints) {
            if (!checkpoint.isThere)
                continue;
            const QString name =
                QStringLiteral("%1/%2").arg(QString::fromStdString(run.info.id)).arg(checkpoint.info.epoch);
            m_base->addItem(tr("Go on from %1").arg(name), name);
        }
    }
    for (const QString &folder : m_folders)
        m_base->addItem(tr("Folder %1").arg(QDir(folder).dirName()), folder);
    m_base->addItem(tr("A folder with weights..."), QString());
    m_base->setCurrentIndex(std::max(0, m_base->findData(chosen)));
    estimate();
}

void TrainingForm::chooseFolder()
{
    const QString folder = m_dialogs.chooseFolder(this, tr("A Hugging Face folder: config, tokenizer, safetensors"));
    if (!folder.isEmpty() && !m_folders.contains(folder))
        m_folders << folder;
    fillStartingModels();
    m_base->setCurrentIndex(folder.isEmpty() ? 0 : m_base->findData(folder));
    estimate();
}

QString TrainingForm::blockedBy() const
{
    if (m_session.isEmpty())
        return tr("There are no rows to learn from yet.");
    for (const core::Finding &finding : m_session.findings()) {
        if (finding.severity == core::Finding::Severity::Block)
            return QString::fromStdString(finding.message);
    }
    if (m_session.isReadOnly())
        return tr("This service is open for reading only.");
    return {};
}

QString TrainingForm::chosenRecipe() const
{
    return m_recipe->checkedButton()->property("recipe").toString();
}

double TrainingForm::secondsWith(const std::string &base) const
{
    return m_cost ? m_cost->seconds * core::costOf(base) / core::costOf(options().base) : 0;
}

void TrainingForm::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    measure();
}

void TrainingForm::estimate()
{
    const QString blocked = blockedBy();
    m_blocked->setText(blocked);
    m_blocked->setVisible(!blocked.isEmpty());
    // Nothing is wrong with a service that was not begun; the head of the page leads to its data.
    const char *role = m_session.isEmpty() ? "muted" : "danger";
    if (m_blocked->property("role").toString() != QLatin1String(role)) {
        m_blocked->setProperty("role", role);
        m_blocked->style()->unpolish(m_blocked);
        m_blocked->style()->polish(m_blocked);
    }
    m_showBlocked->setVisible(!blocked.isEmpty() && !m_session.isEmpty());
    m_start->setEnabled(blocked.isEmpty());
    m_cost.reset();
    m_estimate->clear();
    m_later.stop();
    measure();
    Q_EMIT changed();
}

void TrainingForm::measure()
{
    // Beside a training nothing can be measured.
    if (m_cost || !isVisible() || !m_start->isEnabled() || m_session.runningOrNull())
        return;
    if (const int64_t rows = m_session.counts().train; rows > MostRows) {
        m_estimate->setText(tr("%1 are too many to estimate the time beforehand.").arg(rowsText(rows)));
        return;
    }
    m_estimate->setText(tr("Measuring how fast this machine is..."));
    m_later.start();
}

void TrainingForm::showCost()
{
    std::error_code code;
    const auto space = std::filesystem::space(m_session.folder(), code);
    const auto disk = static_cast<qint64>(m_cost->diskBytes);
    QStringList words;
    if (chosenRecipe() == QLatin1String("automatic"))
        words << tr("Automatic takes \"%1\" here.")
                     .arg(recipeText(engine::recipeNamed(m_cost->recipe).value_or(engine::Recipe::Finetune)));
    words << tr("About %1 for your %2.").arg(durationText(m_cost->seconds), rowsText(m_session.counts().train));
    if (m_cost->unlabelled > 0)
        words << tr("It learns from %1 as well, where that does no harm.")
                     .arg(plural(m_cost->unlabelled, tr("unlabelled text"), tr("unlabelled texts")));
    words << (m_cost->memoryBytes > 0
                  ? tr("Needs about %1 of memory and %2 of disk.").arg(sizeText(m_cost->memoryBytes), sizeText(disk))
                  : tr("Needs about %1 of disk.").arg(sizeText(disk)));
    if (!code && static_cast<qint64>(space.available) < disk)
        words << tr("Only %1 are free there: make room, or use fewer passes.")
                     .arg(sizeText(static_cast<qint64>(space.available)));
    m_estimate->setText(words.join(u' '));
}

core::TrainOptions TrainingForm::options() const
{
    core::TrainOptions options;
    options.recipe = chosenRecipe().toStdString();
    options.base = m_base->currentData().toString().toStdString();
    if (m_epochs->value() > 0)
        options.settings.epochs = m_epochs->value();
    options.settings.batchSize = m_batch->value();
    options.settings.maxLength = m_length->value();
    options.settings.seed = m_seed->value();
    if (m_rate->value() > 0)
        options.settings.learningRate = m_rate->value();
    options.settings.balance = m_balance->currentData().toString().toStdString();
    options.settings.teacherLabels = m_teacherLabels->currentData().toString().toStdString();
    options.settings.rebalance = m_rebalance->text().toStdString();
    options.settings.labelSmoothing = m_smoothing->value();
    options.settings.patience = m_patience->value();
    options.settings.metric = m_metric->currentData().toString().toStdString();
    options.settings.topLayers = m_topLayers->value();
    options.settings.loraRank = m_loraRank->value();
    options.settings.loraTargets = m_loraTargets->text().toStdString();
    options.settings.checkpointsGradients = m_checkpointing->isChecked();
    return options;
}

void TrainingForm::submit()
{
    Q_EMIT start(options());
}

void TrainingForm::focusStart()
{
    m_start->setFocus();
}

}  // namespace ui
