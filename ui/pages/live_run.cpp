// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/live_run.h"

#include "ui/pages/run_tabs.h"
#include "ui/widgets/build.h"
#include "ui/widgets/live_chart.h"
#include "ui/words.h"

#include <QComboBox>
#include <QMenu>
#include <QScrollArea>
#include <algorithm>
#include <array>

namespace ui {

namespace {

struct Figure {
    const char *name;
    double core::StepPoint::*field;
};

constexpr std::array<Figure, 5> Figures{
    {{QT_TRANSLATE_NOOP("ui::LiveRun", "Loss"), &core::StepPoint::loss},
     {QT_TRANSLATE_NOOP("ui::LiveRun", "Learning rate (in 0.00001)"), &core::StepPoint::learningRate},
     {QT_TRANSLATE_NOOP("ui::LiveRun", "Gradient norm"), &core::StepPoint::gradientNorm},
     {QT_TRANSLATE_NOOP("ui::LiveRun", "Rows a second"), &core::StepPoint::rowsPerSecond},
     {QT_TRANSLATE_NOOP("ui::LiveRun", "Memory (MB)"), &core::StepPoint::memoryBytes}}};

}  // namespace

LiveRun::LiveRun(const Theme &theme, Session &session, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_session(session)
{
    auto *all = makeLayout<QVBoxLayout>({}, 0);
    setLayout(all);
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
    m_discard = makeButton(tr("Remove..."), "discardTraining");
    for (QPushButton *button : {m_stop, m_resume, m_discard})
        top->addWidget(button, 0, Qt::AlignTop);
    column->addLayout(top);
    m_score = new LiveChart(m_theme, "scoreChart", tr("Right answers on held-out rows over the passes"));
    m_steps = new LiveChart(m_theme, "stepChart", tr("What the steps recorded, over the passes"));
    m_figure = new QComboBox;
    m_figure->setObjectName(QStringLiteral("stepFigure"));
    m_figure->setAccessibleName(tr("What the second chart shows"));
    for (const auto &[name, field] : Figures)
        m_figure->addItem(tr(name));
    m_beside = makeButton(tr("Other runs beside..."), "runsBeside", "small");
    m_besideMenu = new QMenu(m_beside);
    connect(m_beside, &QPushButton::clicked, this,
            [this] { m_besideMenu->popup(m_beside->mapToGlobal(m_beside->rect().bottomLeft())); });
    auto *figures = makeButton(tr("Save figures..."), "saveFigures", "small");
    const auto chart = [&](const std::vector<QWidget *> &head, LiveChart *view, int height) {
        auto *line = makeLayout<QHBoxLayout>({24, 8, 24, 0}, 8);
        for (QWidget *part : head)
            line->addWidget(part);
        line->insertStretch(2);
        column->addLayout(line);
        view->setFixedHeight(height);
        auto *margin = makeLayout<QHBoxLayout>({20, 0, 24, 0});
        margin->addWidget(view);
        column->addLayout(margin);
        connect(view, &LiveChart::saveAsked, this, &LiveRun::saveChartAsked);
    };
    chart({makeLabel(tr("Right on held-out rows"), "strong"), makeLabel(tr("over the passes"), "muted"), m_beside},
          m_score, 200);
    chart({m_figure, makeLabel(tr("over the passes; drag to zoom, double click for all"), "muted"), figures}, m_steps,
          150);
    m_tabs = new RunTabs(m_theme, m_session);
    column->addWidget(m_tabs, 1);
    connect(m_figure, &QComboBox::currentIndexChanged, this, &LiveRun::fillSteps);
    connect(figures, &QPushButton::clicked, this, [this] {
        Q_EMIT saveFiguresAsked(QString::fromStdString(m_run) + QStringLiteral(".csv"), core::historyCsv(m_history));
    });
    auto *foot = makePane("surface", "top");
    auto *footRow = makeLayout<QHBoxLayout>({24, 4, 24, 5}, 16);
    foot->setLayout(footRow);
    m_facts = makeLabel({}, "caption");
    footRow->addWidget(m_facts);
    footRow->addStretch();
    column->addWidget(foot);
    connect(m_stop, &QPushButton::clicked, this, &LiveRun::stop);
    connect(m_resume, &QPushButton::clicked, this, &LiveRun::resume);
    connect(m_discard, &QPushButton::clicked, this, &LiveRun::discard);
    all->addWidget(scroll);
}

QString LiveRun::sentenceOf(const RunView &run)
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
                const bool improving = engine::decisiveScore(passes.back().heldOut->report) >
                                       engine::decisiveScore(passes[passes.size() - 2].heldOut->report);
                sentence += improving ? tr(", still improving") : tr(", no better than before");
            }
        }
        return sentence;
    }
    if (run.info.state == "succeeded")
        return best().isEmpty()
                   ? tr("Done.")
                   : tr("Done. Our pick is pass %1: %2 on held-out rows.").arg(run.info.bestEpoch).arg(best());
    if (run.info.state == "stopped")
        return tr("Stopped after pass %1 of %2. What was finished is kept.")
            .arg(passes.size())
            .arg(run.info.config.epochs);
    if (run.info.state == "interrupted")
        return tr("Interrupted after pass %1 of %2. Resume goes on as if nothing had happened.")
            .arg(passes.size())
            .arg(run.info.config.epochs);
    if (run.checkpointsThere() > 0)
        return tr("This run failed after pass %1 of %2. What was finished is kept.")
            .arg(run.checkpointsThere())
            .arg(run.info.config.epochs);
    return tr("This run ended early.");
}

void LiveRun::show(const RunView &run)
{
    m_sentence->setText(sentenceOf(run));
    m_under->setText(tr("%1, started %2.").arg(recipeText(run.info.config.recipe), dayText(run.info.createdAt)));
    const bool running = run.info.state == "running";
    m_stop->setVisible(running && m_session.trainingJobOrNull());
    m_resume->setVisible(run.info.state == "stopped" || run.info.state == "interrupted" || run.info.state == "failed");
    m_resume->setEnabled(!m_session.runningOrNull());
    m_discard->setVisible(!running || m_session.trainingJobOrNull());
    const core::RunStore store(m_session.service().database());
    m_history = core::readHistory(store, run.info).value_or(core::RunHistory());
    if (m_run != run.info.id)
        m_besideRuns.clear();
    m_run = run.info.id;
    if (running)
        m_under->setText(m_under->text() + timeLeft(run));
    fillBeside(run);
    fillScore(run);
    fillSteps();
    m_tabs->show(run, m_history);
    QStringList facts{QString::fromStdString(run.info.base), tr("seed %1").arg(run.info.config.seed)};
    if (!run.info.device.empty())
        facts << QString::fromStdString(run.info.device);
    if (run.info.rowsPerSecond > 0)
        facts << tr("%1 rows/s").arg(decimals(run.info.rowsPerSecond, 1));
    if (run.bytes > 0)
        facts << tr("%1 on disk").arg(sizeText(run.bytes));
    if (run.info.seconds > 0)
        facts << tr("took %1").arg(durationText(run.info.seconds));
    m_facts->setText(facts.join(QStringLiteral("     ")));
}

QString LiveRun::timeLeft(const RunView &run) const
{
    const core::RunStore store(m_session.service().database());
    auto counts = store.rowCounts(run.info.id);
    if (!counts)
        return {};
    const bool learnsMore = run.info.config.recipe == engine::Recipe::SelfTraining;
    const auto learned = static_cast<double>((*counts)["train"] + (learnsMore ? (*counts)["unlabelled"] : 0));
    const auto scored = static_cast<double>((*counts)["validation"] + (*counts)["test"]);
    const auto left = core::secondsLeft(m_history, run.info, learned > 0 ? scored / learned : 0);
    return left ? tr(" About %1 left.").arg(durationText(*left)) : QString();
}

void LiveRun::fillBeside(const RunView &run)
{
    if (m_besideMenu->isVisible())
        return;  // it is being chosen from
    m_besideMenu->clear();
    for (const RunView &other : m_session.runs()) {
        if (other.info.id == run.info.id)
            continue;
        const QString name = QString::fromStdString(other.info.id);
        auto *action = m_besideMenu->addAction(name);
        action->setCheckable(true);
        action->setChecked(m_besideRuns.contains(name));
        connect(action, &QAction::toggled, this, [this, name](bool on) {
            m_besideRuns.removeAll(name);
            if (on)
                m_besideRuns << name;
            if (const RunView *shown = m_session.runOrNull(m_run)) {
                fillScore(*shown);
                fillSteps();
            }
        });
    }
    m_beside->setVisible(!m_besideMenu->isEmpty());
}

void LiveRun::fillScore(const RunView &run)
{
    int passes = std::max(run.info.config.epochs, 1);
    const bool isMultiLabel = run.info.config.task == engine::TaskType::MultiLabel;
    LiveChart::Line right{
        isMultiLabel ? tr("all decisions (micro F1)") : tr("right"), {}, LiveChart::Line::Look::First, true};
    LiveChart::Line average{tr("average (macro F1)"), {}, LiveChart::Line::Look::Second};
    for (const CheckpointView &checkpoint : run.checkpoints) {
        if (!checkpoint.heldOut)
            continue;
        const auto x = static_cast<double>(checkpoint.info.epoch);
        right.points.emplace_back(x, engine::decisiveScore(checkpoint.heldOut->report) * 100);
        if (checkpoint.heldOut->report.rows > 0)
            average.points.emplace_back(x, checkpoint.heldOut->report.macroF1 * 100);
    }
    std::vector<LiveChart::Line> lines{right, average};
    for (const QString &name : m_besideRuns) {
        const RunView *other = m_session.runOrNull(name.toStdString());
        if (!other)
            continue;
        LiveChart::Line line{name, {}, LiveChart::Line::Look::Comparison, true};
        for (const CheckpointView &checkpoint : other->checkpoints) {
            if (checkpoint.heldOut)
                line.points.emplace_back(checkpoint.info.epoch,
                                         engine::decisiveScore(checkpoint.heldOut->report) * 100);
        }
        passes = std::max(passes, other->info.config.epochs);
        lines.push_back(std::move(line));
    }
    m_score->setScale(passes, true);
    m_score->setLines(std::move(lines));
}

void LiveRun::fillSteps()
{
    const RunView *run = m_session.runOrNull(m_run);
    if (!run)
        return;
    const auto &[name, field] = Figures[static_cast<size_t>(std::max(0, m_figure->currentIndex()))];
    const bool isLoss = field == &core::StepPoint::loss;
    const double unit = field == &core::StepPoint::memoryBytes    ? 1e6
                        : field == &core::StepPoint::learningRate ? 1e-5
                                                                  : 1;
    const auto lineOf = [&](const core::RunHistory &history, const QString &title, LiveChart::Line::Look look,
                            double core::StepPoint::*value) {
        LiveChart::Line line{title, {}, look};
        for (const core::StepPoint &point : history.points) {
            if (isLoss || point.*value > 0)
                line.points.emplace_back(point.pass, point.*value / unit);
        }
        return line;
    };
    using Look = LiveChart::Line::Look;
    std::vector<LiveChart::Line> lines;
    int passes = std::max(run->info.config.epochs, 1);
    if (isLoss) {
        LiveChart::Line heldOut{tr("held out"), {}, Look::First, true};
        for (const CheckpointView &checkpoint : run->checkpoints) {
            if (checkpoint.heldOut)
                heldOut.points.emplace_back(checkpoint.info.epoch, checkpoint.heldOut->report.logLoss);
        }
        lines.push_back(std::move(heldOut));
        lines.push_back(lineOf(m_history, {}, Look::Raw, field));
        lines.push_back(lineOf(m_history, tr("learned, smoothed"), Look::Second, &core::StepPoint::smoothLoss));
    } else {
        lines.push_back(lineOf(m_history, {}, Look::First, field));
        lines.back().name = tr(name);
    }
    const core::RunStore store(m_session.service().database());
    for (const QString &other : m_besideRuns) {
        const RunView *beside = m_session.runOrNull(other.toStdString());
        if (!beside)
            continue;
        const auto history = core::readHistory(store, beside->info).value_or(core::RunHistory());
        lines.push_back(lineOf(history, other, Look::Comparison, isLoss ? &core::StepPoint::smoothLoss : field));
        passes = std::max(passes, beside->info.config.epochs);
    }
    m_steps->setScale(passes, false);
    m_steps->setLines(std::move(lines));
}

}  // namespace ui
