// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/training_form.h"

#include "core/catalogue/weights_catalogue.h"
#include "core/quality/audit.h"
#include "ui/dialogs/weights_dialog.h"
#include "ui/pages/training_fields.h"
#include "ui/session/cost_reader.h"
#include "ui/widgets/build.h"
#include "ui/words.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFrame>
#include <QRadioButton>
#include <QScrollArea>
#include <QSignalBlocker>
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
    m_fields = new TrainingFields;
    m_fields->hide();
    column->addWidget(m_fields);
    m_estimate = makeLabel({}, "muted", true);
    m_estimate->setObjectName(QStringLiteral("estimate"));
    m_blocked = makeLabel({}, "danger", true);
    m_blocked->setObjectName(QStringLiteral("blocked"));
    m_showBlocked = makeButton(tr("Show what is missing"), "showBlocked", "small");
    m_anyway = new QCheckBox(tr("Train anyway: classes without train rows are not learned"));
    m_anyway->setObjectName(QStringLiteral("anyway"));
    m_start = makeButton(tr("Start"), "startTraining", "primary");
    column->addSpacing(8);
    column->addWidget(m_estimate);
    column->addWidget(m_blocked);
    column->addWidget(m_showBlocked, 0, Qt::AlignLeft);
    column->addWidget(m_anyway);
    column->addSpacing(4);
    column->addWidget(m_start, 0, Qt::AlignLeft);
    column->addStretch();
    connect(more, &QPushButton::toggled, this, [this, more](bool open) {
        m_fields->setVisible(open);
        more->setIcon(m_theme.icon(open ? "open" : "expand"));
    });
    connect(m_base, &QComboBox::activated, this, [this] {
        if (m_base->currentData().toString().isEmpty())
            return chooseFolder();
        m_baseChosen = true;
        estimate();
    });
    m_weights = new WeightsDialog(
        theme, session, dialogs, [this](const std::string &name) { return secondsWith(name); }, this);
    connect(getWeights, &QPushButton::clicked, this, [this] { m_dialogs.run(*m_weights); });
    connect(m_weights, &WeightsDialog::changed, this, [this](const QString &fetched) {
        fillStartingModels();
        if (!fetched.isEmpty())
            chooseBase(fetched);
        estimate();
    });
    connect(m_recipe, &QButtonGroup::buttonToggled, this, &TrainingForm::estimate);
    connect(m_fields, &TrainingFields::changed, this, &TrainingForm::estimate);
    connect(m_anyway, &QCheckBox::toggled, this, &TrainingForm::estimate);
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
    connect(&session, &Session::dataChanged, this, &TrainingForm::showOwnSettings);
    connect(&session, &Session::rowsCounted, this, &TrainingForm::estimate);
    fillStartingModels();
}

void TrainingForm::showOwnSettings()
{
    // Where it cannot be read, the training says so.
    if (const auto own = core::TrainingSettings::of(m_session.service()))
        m_fields->showSettings(*own);
    estimate();
}

void TrainingForm::fillStartingModels()
{
    const QSignalBlocker block(m_base);
    const QString usual = QString::fromStdString(m_session.startingModel());
    const QVariant chosen = m_baseChosen ? m_base->currentData() : QVariant(usual);
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
    // The user's settings may name a folder.
    if (!usual.isEmpty() && m_base->findData(usual) < 0 && QDir(usual).exists())
        m_base->addItem(tr("Folder %1").arg(QDir(usual).dirName()), usual);
    m_base->addItem(tr("A folder with weights..."), QString());
    m_base->setCurrentIndex(std::max(0, m_base->findData(chosen)));
    showOwnSettings();
}

void TrainingForm::chooseBase(const QString &name)
{
    const int place = m_base->findData(name);
    if (place < 0)
        return;
    m_base->setCurrentIndex(place);
    m_baseChosen = true;
    estimate();
}

void TrainingForm::chooseFolder()
{
    const QString folder = m_dialogs.chooseFolder(this, tr("A Hugging Face folder: config, tokenizer, safetensors"));
    if (!folder.isEmpty() && !m_folders.contains(folder))
        m_folders << folder;
    if (folder.isEmpty()) {
        m_baseChosen = false;
        return fillStartingModels();
    }
    m_baseChosen = true;
    fillStartingModels();
    m_base->setCurrentIndex(m_base->findData(folder));
    estimate();
}

bool TrainingForm::canTrainAnyway() const
{
    return !m_session.isEmpty() && !m_session.isReadOnly() && core::canTrainAnyway(m_session.findings());
}

bool TrainingForm::canStart() const
{
    return blockedBy().isEmpty() || (canTrainAnyway() && m_anyway->isChecked());
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
    m_anyway->setVisible(canTrainAnyway());
    m_start->setEnabled(canStart());
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
                     .arg(recipeText(engine::named<engine::Recipe>(m_cost->recipe).value_or(engine::Recipe::Finetune)));
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
    options.settings = m_fields->asked();
    options.anyway = canTrainAnyway() && m_anyway->isChecked();
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
