// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/training_page.h"

#include "core/catalogue/weights_catalogue.h"
#include "ui/delegates/cell_delegate.h"
#include "ui/widgets/build.h"
#include "ui/widgets/live_chart.h"
#include "ui/widgets/mark_icon.h"
#include "ui/widgets/plain_table.h"
#include "ui/words.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QHeaderView>
#include <QListWidget>
#include <QRadioButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QStackedWidget>
#include <QThread>
#include <algorithm>

namespace ui {

namespace {

constexpr int RunListWidth = 260;
constexpr int FormWidth = 720;
enum Right { Form, Live };
/// Fewer train rows than this: the passes are compared by five-fold cross-validation, which trains six times.
constexpr int64_t HoldOutFrom = 200;

Mark markOf(const core::RunInfo &run)
{
    if (run.state == "running")
        return Mark::Progress;
    return run.state == "succeeded" ? Mark::Done : Mark::Attention;
}

QString heldOutText(const core::StoredReport &report)
{
    return report.report.rows > 0 ? shareText(report.report.correct, report.report.rows)
                                  : percentText(report.report.accuracy);
}

}  // namespace

TrainingPage::TrainingPage(const Theme &theme, Session &session, Dialogs &dialogs, QWidget *parent)
    : Page(parent), m_theme(theme), m_session(session), m_dialogs(dialogs)
{
    auto *row = makeLayout<QHBoxLayout>({}, 0);
    setLayout(row);
    row->addWidget(buildRuns());
    m_right = new QStackedWidget;
    m_right->addWidget(buildForm());
    m_right->addWidget(buildLive());
    row->addWidget(m_right, 1);
    connect(&session, &Session::runsChanged, this, &TrainingPage::refresh);
    connect(&session, &Session::findingsChanged, this, &TrainingPage::estimate);
    connect(&session, &Session::dataChanged, this, &TrainingPage::estimate);
    connect(&session, &Session::quickChanged, this, &TrainingPage::estimate);
    if (const RunView *running = session.runningOrNull())
        m_shown = running->info.id;
    else if (!session.runs().empty())
        m_shown = session.runs().back().info.id;
    refresh();
    estimate();
}

QWidget *TrainingPage::buildRuns()
{
    auto *pane = makePane("raised", "right");
    pane->setFixedWidth(RunListWidth);
    auto *column = makeLayout<QVBoxLayout>({0, 0, 1, 0}, 0);
    pane->setLayout(column);
    auto *head = makePane("raised", "bottom");
    head->setFixedHeight(48);
    auto *row = makeLayout<QHBoxLayout>({16, 0, 12, 0});
    head->setLayout(row);
    auto *add = makeButton(tr("New training"), "newTraining", "small");
    add->setIcon(m_theme.icon("add"));
    row->addWidget(makeLabel(tr("Runs"), "strong"));
    row->addStretch();
    row->addWidget(add);
    m_runs = new QListWidget;
    m_runs->setObjectName(QStringLiteral("runList"));
    m_runs->setAccessibleName(tr("Runs"));
    m_runs->setProperty("tone", "raised");
    m_runs->setIconSize({14, 14});
    column->addWidget(head);
    column->addWidget(m_runs, 1);
    connect(add, &QPushButton::clicked, this, &TrainingPage::showForm);
    connect(m_runs, &QListWidget::currentItemChanged, this, [this](const QListWidgetItem *item) {
        if (!item)
            return;
        m_shown = item->data(Qt::UserRole).toString().toStdString();
        showRun();
    });
    return pane;
}

QWidget *TrainingPage::buildForm()
{
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
    column->addWidget(m_base);
    column->addSpacing(12);
    column->addWidget(makeLabel(tr("How"), "strong"));
    m_finetune = new QRadioButton(tr("Fine-tune: all weights learn. Best answers, takes minutes."));
    m_finetune->setObjectName(QStringLiteral("recipeFinetune"));
    m_finetune->setChecked(true);
    m_quick = new QRadioButton(tr("Quick: only the last layer learns. Good answers in seconds."));
    m_quick->setObjectName(QStringLiteral("recipeQuick"));
    column->addWidget(m_finetune);
    column->addWidget(m_quick);
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
    connect(m_quick, &QRadioButton::toggled, this, &TrainingPage::estimate);
    connect(m_showBlocked, &QPushButton::clicked, this, [this] { Q_EMIT goTo(Step::Data); });
    connect(m_start, &QPushButton::clicked, this, &TrainingPage::start);
    return scroll;
}

QWidget *TrainingPage::buildAdvanced()
{
    auto *box = new QFrame;
    box->setProperty("frame", "note");
    auto *fields = new QFormLayout(box);
    fields->setContentsMargins(16, 12, 16, 12);
    fields->setVerticalSpacing(8);
    const engine::TrainingConfig defaults;
    const auto whole = [&](const QString &name, const char *objectName, int low, int high, int value) {
        auto *spin = new QSpinBox;
        spin->setObjectName(QLatin1String(objectName));
        spin->setAccessibleName(name);
        spin->setRange(low, high);
        spin->setValue(value);
        spin->setMaximumWidth(160);
        fields->addRow(name, spin);
        connect(spin, &QSpinBox::valueChanged, this, &TrainingPage::estimate);
        return spin;
    };
    m_epochs = whole(tr("Passes (epochs)"), "epochs", 1, 100, defaults.epochs);
    m_batch = whole(tr("Rows at once (batch)"), "batchSize", 1, 512, defaults.batchSize);
    m_length = whole(tr("Tokens read of a text"), "maxLength", 8, 512, defaults.maxLength);
    m_seed = whole(tr("Seed"), "seed", 0, 1'000'000'000, static_cast<int>(defaults.seed));
    m_rate = new QDoubleSpinBox;
    m_rate->setObjectName(QStringLiteral("learningRate"));
    m_rate->setDecimals(7);
    m_rate->setRange(1e-7, 1);
    m_rate->setSingleStep(1e-5);
    m_rate->setValue(defaults.learningRate);
    m_rate->setMaximumWidth(160);
    m_rate->setAccessibleName(tr("Learning rate"));
    fields->addRow(m_rate->accessibleName(), m_rate);
    return box;
}

QWidget *TrainingPage::buildLive()
{
    auto *scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    auto *pane = makePane("surface");
    scroll->setWidget(pane);
    auto *column = makeLayout<QVBoxLayout>({}, 0);
    pane->setLayout(column);
    auto *top = makeLayout<QHBoxLayout>({24, 16, 24, 8}, 8);
    auto *words = makeLayout<QVBoxLayout>({}, 4);
    m_sentence = makeLabel({}, "verdict", true);
    m_sentence->setObjectName(QStringLiteral("liveSentence"));
    m_under = makeLabel({}, "muted", true);
    words->addWidget(m_sentence);
    words->addWidget(m_under);
    top->addLayout(words, 1);
    m_stop = makeButton(tr("Stop and keep"), "stopTraining");
    m_stop->setIcon(m_theme.icon("stop"));
    m_resume = makeButton(tr("Resume"), "resumeTraining");
    m_resume->setIcon(m_theme.icon("play"));
    m_discard = makeButton(tr("Discard..."), "discardTraining");
    for (QPushButton *button : {m_stop, m_resume, m_discard})
        top->addWidget(button, 0, Qt::AlignTop);
    column->addLayout(top);
    const auto heading = [&](const QString &title, const QString &note) {
        auto *line = makeLayout<QHBoxLayout>({24, 8, 24, 0}, 8);
        line->addWidget(makeLabel(title, "strong"));
        line->addWidget(makeLabel(note, "muted"));
        line->addStretch();
        column->addLayout(line);
    };
    m_score = new LiveChart(m_theme, "scoreChart", tr("Right answers on held-out rows over the passes"));
    m_loss = new LiveChart(m_theme, "lossChart", tr("Loss over the passes"));
    const auto chart = [&](LiveChart *view, int height) {
        view->setFixedHeight(height);
        auto *margin = makeLayout<QHBoxLayout>({20, 0, 24, 0});
        margin->addWidget(view);
        column->addLayout(margin);
    };
    heading(tr("Right on held-out rows"), tr("over the passes"));
    chart(m_score, 200);
    heading(tr("Loss"), tr("lower is better"));
    chart(m_loss, 130);
    m_passes = new QTableView;
    setUpTable(*m_passes, "passTable", tr("Passes"));
    m_passes->setModel(&m_passRows);
    m_passes->setItemDelegate(new CellDelegate(m_theme, m_passes));
    m_passes->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_passes->setMinimumHeight(TableRowHeight * 4);
    column->addWidget(m_passes, 1);
    auto *foot = makePane("surface", "top");
    auto *footRow = makeLayout<QHBoxLayout>({24, 4, 24, 5}, 16);
    foot->setLayout(footRow);
    m_facts = makeLabel({}, "caption");
    footRow->addWidget(m_facts);
    footRow->addStretch();
    column->addWidget(foot);
    connect(m_stop, &QPushButton::clicked, this, [this] {
        if (m_session.trainingJobOrNull())
            m_session.trainingJobOrNull()->cancel();
    });
    connect(m_resume, &QPushButton::clicked, this, &TrainingPage::resume);
    connect(m_discard, &QPushButton::clicked, this, &TrainingPage::discard);
    return scroll;
}

Primary TrainingPage::primary() const
{
    const bool any =
        m_session.best().has_value() || std::any_of(m_session.runs().begin(), m_session.runs().end(),
                                                    [](const RunView &run) { return !run.checkpoints.empty(); });
    if (m_session.runningOrNull() && any)
        return {tr("See results so far")};
    if (any)
        return {tr("See results")};
    return {tr("Start"), blockedBy().isEmpty() && !m_session.runningOrNull(), blockedBy()};
}

void TrainingPage::primaryClicked()
{
    if (primary().text == tr("Start"))
        start();
    else
        Q_EMIT goTo(Step::Results);
}

void TrainingPage::activated()
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
            const QString name =
                QStringLiteral("%1/%2").arg(QString::fromStdString(run.info.id)).arg(checkpoint.info.epoch);
            m_base->addItem(tr("Go on from %1").arg(name), name);
        }
    }
    m_base->setCurrentIndex(std::max(0, m_base->findData(chosen)));
    estimate();
}

QString TrainingPage::blockedBy() const
{
    for (const core::Finding &finding : m_session.findings()) {
        if (finding.severity == core::Finding::Severity::Block)
            return QString::fromStdString(finding.message);
    }
    if (m_session.isReadOnly())
        return tr("This service is open for reading only.");
    return {};
}

void TrainingPage::estimate()
{
    const QString blocked = blockedBy();
    m_blocked->setText(blocked);
    m_blocked->setVisible(!blocked.isEmpty());
    m_showBlocked->setVisible(!blocked.isEmpty());
    m_start->setEnabled(blocked.isEmpty());
    const int64_t rows = m_session.counts().train;
    const bool quick = m_quick->isChecked();
    const auto recipe = quick ? engine::Recipe::Seconds : engine::Recipe::Finetune;
    const double passes = quick ? 1 : m_epochs->value() * (rows < HoldOutFrom ? 6.0 : 1.0);
    double seconds = 0;
    for (const RunView &run : m_session.runs()) {
        if (run.info.state == "succeeded" && run.info.config.recipe == recipe && run.info.rowsPerSecond > 0)
            seconds = static_cast<double>(rows) * passes / run.info.rowsPerSecond;
    }
    if (seconds <= 0 && m_session.quick() && m_session.quick()->tokensPerSecond > 0) {
        // Learning costs about three times reading; typical texts have 60 tokens.
        const double rate = m_session.quick()->tokensPerSecond * std::max(1, QThread::idealThreadCount());
        seconds = static_cast<double>(rows) * passes * 60 * (quick ? 1 : 3) / rate;
    }
    qint64 bytes = 0;
    for (const core::BaseWeights &weights : core::listWeights()) {
        if (QString::fromStdString(weights.name) == m_base->currentData().toString())
            bytes = weights.bytes;
    }
    std::error_code code;
    const auto space = std::filesystem::space(m_session.folder(), code);
    const qint64 disk = bytes * ((quick ? 1 : m_epochs->value()) + (quick ? 0 : 3));
    QStringList words;
    if (seconds > 0)
        words << tr("About %1 for your %2.").arg(durationText(seconds), rowsText(rows));
    if (disk > 0)
        words << tr("Needs about %1 of memory and %2 of disk.")
                     .arg(sizeText(quick ? bytes * 3 : bytes * 6 + 400'000'000), sizeText(disk));
    if (!code && disk > 0 && static_cast<qint64>(space.available) < disk)
        words << tr("Only %1 are free there: make room, or use fewer passes.")
                     .arg(sizeText(static_cast<qint64>(space.available)));
    m_estimate->setText(words.join(u' '));
    Q_EMIT headChanged();
}

void TrainingPage::showForm()
{
    m_runs->setCurrentItem(nullptr);
    m_shown.clear();
    m_right->setCurrentIndex(Form);
    m_start->setFocus();
}

void TrainingPage::start()
{
    core::TrainOptions options;
    options.recipe = m_quick->isChecked() ? "seconds" : "finetune";
    options.base = m_base->currentData().toString().toStdString();
    options.settings.epochs = m_epochs->value();
    options.settings.batchSize = m_batch->value();
    options.settings.maxLength = m_length->value();
    options.settings.seed = m_seed->value();
    options.settings.learningRate = m_rate->value();
    m_followNewest = true;
    m_session.train(options);
}

void TrainingPage::resume()
{
    core::TrainOptions options;
    options.resume = m_shown;
    m_session.train(options);
}

void TrainingPage::discard()
{
    const RunView *run = shownOrNull();
    if (!run)
        return;
    const std::string id = run->info.id;
    const int choice = m_dialogs.choose(this, tr("Discard %1?").arg(QString::fromStdString(id)),
                                        tr("Its passes and their checkpoints are deleted. This cannot be undone."),
                                        {tr("Discard it")});
    if (choice == 0)
        m_session.discard(id);
}

const RunView *TrainingPage::shownOrNull() const
{
    return m_session.runOrNull(m_shown);
}

void TrainingPage::refresh()
{
    if (m_followNewest && !m_session.runs().empty() && m_session.runs().back().info.state == "running") {
        m_shown = m_session.runs().back().info.id;
        m_followNewest = false;
    }
    {
        const QSignalBlocker block(m_runs);
        m_runs->clear();
        for (auto run = m_session.runs().rbegin(); run != m_session.runs().rend(); ++run) {
            QString line = recipeText(run->info.config.recipe);
            if (run->info.state == "running")
                line = tr("Pass %1 of %2").arg(run->checkpoints.size() + 1).arg(run->info.config.epochs);
            else if (!run->checkpoints.empty() && run->checkpoints.back().exam &&
                     run->checkpoints.back().exam->report.rows > 0)
                line += tr(", %1 in the exam")
                            .arg(shareText(run->checkpoints.back().exam->report.correct,
                                           run->checkpoints.back().exam->report.rows));
            auto *item = new QListWidgetItem(markIcon(m_theme, markOf(run->info)),
                                             QString::fromStdString(run->info.id) + u'\n' + line);
            item->setData(Qt::UserRole, QString::fromStdString(run->info.id));
            item->setSizeHint({RunListWidth, 52});
            m_runs->addItem(item);
            if (run->info.id == m_shown)
                m_runs->setCurrentItem(item);
        }
    }
    showRun();
    Q_EMIT headChanged();
}

QString TrainingPage::liveSentence(const RunView &run) const
{
    const auto &passes = run.checkpoints;
    const auto best = [&] {
        const auto found = std::find_if(passes.begin(), passes.end(),
                                        [&](const auto &c) { return c.info.epoch == run.info.bestEpoch; });
        return found != passes.end() && found->heldOut ? heldOutText(*found->heldOut) : QString();
    };
    if (run.info.state == "running") {
        if (passes.empty())
            return tr("Reading the rows, pass 1 of %1").arg(run.info.config.epochs);
        QString sentence = tr("Pass %1 of %2 done").arg(passes.size()).arg(run.info.config.epochs);
        if (passes.back().heldOut) {
            sentence += tr(", %1 on held-out rows").arg(heldOutText(*passes.back().heldOut));
            if (passes.size() > 1 && passes[passes.size() - 2].heldOut) {
                const bool improving =
                    passes.back().heldOut->report.accuracy > passes[passes.size() - 2].heldOut->report.accuracy;
                sentence += improving ? tr(", still improving") : tr(", no better than before");
            }
        }
        return sentence;
    }
    if (run.info.state == "succeeded")
        return best().isEmpty()
                   ? tr("Done.")
                   : tr("Done. Pass %1 is the best: %2 on held-out rows.").arg(run.info.bestEpoch).arg(best());
    if (run.info.state == "stopped")
        return tr("Stopped after pass %1 of %2. What was finished is kept.")
            .arg(passes.size())
            .arg(run.info.config.epochs);
    if (run.info.state == "interrupted")
        return tr("Interrupted after pass %1 of %2. Resume goes on as if nothing had happened.")
            .arg(passes.size())
            .arg(run.info.config.epochs);
    return tr("This run ended early.");
}

void TrainingPage::showRun()
{
    const RunView *run = shownOrNull();
    m_right->setCurrentIndex(run ? Live : Form);
    if (!run)
        return;
    m_sentence->setText(liveSentence(*run));
    m_under->setText(tr("%1, started %2.").arg(recipeText(run->info.config.recipe), dayText(run->info.createdAt)));
    const bool running = run->info.state == "running";
    m_stop->setVisible(running && m_session.trainingJobOrNull());
    m_resume->setVisible(run->info.state == "stopped" || run->info.state == "interrupted" ||
                         run->info.state == "failed");
    m_resume->setEnabled(!m_session.runningOrNull());
    m_discard->setVisible(!running || m_session.trainingJobOrNull());
    fillCharts(*run);
    fillPasses(*run);
    QStringList facts{QString::fromStdString(run->info.base), tr("seed %1").arg(run->info.config.seed)};
    if (!run->info.device.empty())
        facts << QString::fromStdString(run->info.device);
    if (run->info.rowsPerSecond > 0)
        facts << tr("%1 rows/s").arg(decimals(run->info.rowsPerSecond, 1));
    if (run->info.seconds > 0)
        facts << tr("took %1").arg(durationText(run->info.seconds));
    m_facts->setText(facts.join(QStringLiteral("     ")));
}

void TrainingPage::fillCharts(const RunView &run)
{
    const core::RunStore store(m_session.service().database());
    const int passes = std::max(run.info.config.epochs, 1);
    LiveChart::Line right{tr("right"), {}, LiveChart::Line::Look::First, true};
    LiveChart::Line average{tr("average (macro F1)"), {}, LiveChart::Line::Look::Second};
    LiveChart::Line heldOutLoss{tr("held out"), {}, LiveChart::Line::Look::First, true};
    LiveChart::Line learned{tr("learned"), {}, LiveChart::Line::Look::Raw};
    for (const CheckpointView &checkpoint : run.checkpoints) {
        if (!checkpoint.heldOut)
            continue;
        const auto x = static_cast<double>(checkpoint.info.epoch);
        right.points.emplace_back(x, checkpoint.heldOut->report.accuracy * 100);
        if (checkpoint.heldOut->report.rows > 0)
            average.points.emplace_back(x, checkpoint.heldOut->report.macroF1 * 100);
        heldOutLoss.points.emplace_back(x, checkpoint.heldOut->report.logLoss);
    }
    const auto totals = store.metric(run.info.id, "total_steps");
    const double total = totals && !totals->empty() ? totals->back().second : 0;
    if (const auto losses = store.metric(run.info.id, "loss"); losses && total > 0) {
        for (const auto &[step, loss] : *losses)
            learned.points.emplace_back(static_cast<double>(step) / total * passes, loss);
    }
    m_score->setScale(passes, true);
    m_score->setLines({right, average});
    m_loss->setScale(passes, false);
    m_loss->setLines({heldOutLoss, learned});
}

void TrainingPage::fillPasses(const RunView &run)
{
    m_passRows.clear();
    m_passRows.setHorizontalHeaderLabels({tr("Pass (epoch)"),
                                          tr("Held-out right"),
                                          tr("Average (macro F1)"),
                                          tr("Held-out loss"),
                                          tr("Learned loss"),
                                          tr("Exam"),
                                          {}});
    const auto cell = [](const QString &text, bool number) {
        auto *item = new QStandardItem(text);
        item->setTextAlignment(Qt::AlignVCenter | (number ? Qt::AlignRight : Qt::AlignLeft));
        return item;
    };
    const engine::ClassificationReport *before = nullptr;
    for (const CheckpointView &checkpoint : run.checkpoints) {
        const auto *heldOut = checkpoint.heldOut ? &checkpoint.heldOut->report : nullptr;
        const bool counted = heldOut && heldOut->rows > 0;
        QString note;
        if (checkpoint.info.epoch == run.info.bestEpoch)
            note = tr("our pick");
        else if (counted && before)
            note = heldOut->correct > before->correct
                       ? tr("%1 more than before").arg(heldOut->correct - before->correct)
                   : heldOut->correct < before->correct
                       ? tr("%1 fewer than before").arg(before->correct - heldOut->correct)
                       : tr("as before");
        const bool exam = checkpoint.exam && checkpoint.exam->report.rows > 0;
        m_passRows.appendRow(
            {cell(tr("Pass %1").arg(checkpoint.info.epoch), false),
             cell(checkpoint.heldOut ? heldOutText(*checkpoint.heldOut) : QString(), true),
             cell(counted ? decimals(heldOut->macroF1) : QString(), true),
             cell(heldOut ? decimals(heldOut->logLoss) : QString(), true),
             cell(run.info.config.recipe == engine::Recipe::Finetune ? decimals(checkpoint.info.trainLoss) : QString(),
                  true),
             cell(exam ? shareText(checkpoint.exam->report.correct, checkpoint.exam->report.rows) : QString(), true),
             cell(note, false)});
        before = counted ? heldOut : nullptr;
    }
    if (run.info.state == "running") {
        for (int pass = static_cast<int>(run.checkpoints.size()) + 1; pass <= run.info.config.epochs; ++pass)
            m_passRows.appendRow({cell(tr("Pass %1").arg(pass), false), cell(tr("waiting"), true)});
    }
    for (int i = 0; i < m_passRows.columnCount(); ++i)
        m_passes->setColumnWidth(i, i == 0 ? 120 : 130);
    m_passes->horizontalHeader()->setStretchLastSection(true);
}

}  // namespace ui
