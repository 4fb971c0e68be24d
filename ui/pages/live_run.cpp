// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/live_run.h"

#include "ui/delegates/cell_delegate.h"
#include "ui/widgets/build.h"
#include "ui/widgets/live_chart.h"
#include "ui/widgets/plain_table.h"
#include "ui/words.h"

#include <QHeaderView>
#include <QScrollArea>
#include <algorithm>

namespace ui {

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
    fillCharts(run);
    fillPasses(run);
    QStringList facts{QString::fromStdString(run.info.base), tr("seed %1").arg(run.info.config.seed)};
    if (!run.info.device.empty())
        facts << QString::fromStdString(run.info.device);
    if (run.info.rowsPerSecond > 0)
        facts << tr("%1 rows/s").arg(decimals(run.info.rowsPerSecond, 1));
    if (run.info.seconds > 0)
        facts << tr("took %1").arg(durationText(run.info.seconds));
    m_facts->setText(facts.join(QStringLiteral("     ")));
}

void LiveRun::fillCharts(const RunView &run)
{
    const core::RunStore store(m_session.service().database());
    const int passes = std::max(run.info.config.epochs, 1);
    const bool isMultiLabel = run.info.config.task == engine::TaskType::MultiLabel;
    LiveChart::Line right{
        isMultiLabel ? tr("all decisions (micro F1)") : tr("right"), {}, LiveChart::Line::Look::First, true};
    LiveChart::Line average{tr("average (macro F1)"), {}, LiveChart::Line::Look::Second};
    LiveChart::Line heldOutLoss{tr("held out"), {}, LiveChart::Line::Look::First, true};
    LiveChart::Line learned{tr("learned"), {}, LiveChart::Line::Look::Raw};
    for (const CheckpointView &checkpoint : run.checkpoints) {
        if (!checkpoint.heldOut)
            continue;
        const auto x = static_cast<double>(checkpoint.info.epoch);
        right.points.emplace_back(x, engine::decisiveScore(checkpoint.heldOut->report) * 100);
        if (checkpoint.heldOut->report.rows > 0)
            average.points.emplace_back(x, checkpoint.heldOut->report.macroF1 * 100);
        heldOutLoss.points.emplace_back(x, checkpoint.heldOut->report.logLoss);
    }
    const auto totals = store.metric(run.info.id, "total_steps");
    const int head = run.info.config.recipe == engine::Recipe::SelfTraining ? 1 : 0;  // an epoch without steps
    const double total = totals && !totals->empty() ? totals->back().second : 0;
    if (const auto losses = store.metric(run.info.id, "loss"); losses && total > 0) {
        for (const auto &[step, loss] : *losses)
            learned.points.emplace_back(head + static_cast<double>(step) / total * (passes - head), loss);
    }
    m_score->setScale(passes, true);
    m_score->setLines({right, average});
    m_loss->setScale(passes, false);
    m_loss->setLines({heldOutLoss, learned});
}

void LiveRun::fillPasses(const RunView &run)
{
    m_passRows.clear();
    m_passRows.setHorizontalHeaderLabels({tr("Pass (epoch)"),
                                          tr("Held-out right"),
                                          tr("Average (macro F1)"),
                                          tr("Held-out loss"),
                                          tr("Learned loss"),
                                          tr("Exam"),
                                          {}});
    for (int i = 1; i < m_passRows.columnCount() - 1; ++i)
        m_passRows.horizontalHeaderItem(i)->setTextAlignment(Qt::AlignVCenter | Qt::AlignRight);
    const auto cell = [](const QString &text, bool number) {
        auto *item = new QStandardItem(text);
        item->setTextAlignment(Qt::AlignVCenter | (number ? Qt::AlignRight : Qt::AlignLeft));
        return item;
    };
    const auto nameOf = [&](int epoch) {
        return epoch == 1 && run.info.config.recipe == engine::Recipe::SelfTraining ? tr("Quick head")
                                                                                    : tr("Pass %1").arg(epoch);
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
            {cell(nameOf(checkpoint.info.epoch), false),
             cell(checkpoint.heldOut ? heldOutText(*checkpoint.heldOut) : QString(), true),
             cell(counted ? decimals(heldOut->macroF1) : QString(), true),
             cell(heldOut ? decimals(heldOut->logLoss) : QString(), true),
             cell(checkpoint.info.trainLoss > 0 ? decimals(checkpoint.info.trainLoss) : QString(), true),
             cell(exam ? shareText(checkpoint.exam->report.correct, checkpoint.exam->report.rows) : QString(), true),
             cell(note, false)});
        before = counted ? heldOut : nullptr;
    }
    if (run.info.state == "running") {
        for (int pass = static_cast<int>(run.checkpoints.size()) + 1; pass <= run.info.config.epochs; ++pass)
            m_passRows.appendRow({cell(nameOf(pass), false), cell(tr("waiting"), true)});
    }
    for (int i = 0; i < m_passRows.columnCount(); ++i)
        m_passes->setColumnWidth(i, i == 0 ? 110 : i == 2 ? 140 : 98);
    m_passes->horizontalHeader()->setStretchLastSection(true);
}

}  // namespace ui
