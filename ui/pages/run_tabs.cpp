// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/run_tabs.h"

#include "ui/delegates/spark_delegate.h"
#include "ui/widgets/build.h"
#include "ui/widgets/plain_table.h"
#include "ui/words.h"

#include <QHeaderView>
#include <QStackedWidget>
#include <QTabBar>
#include <algorithm>

namespace ui {

namespace {

constexpr int SparkRole = Qt::UserRole + 1;
constexpr int SparkWidth = 160;
enum Part { PassesPart, ClassesPart, NotesPart, BatchPart };

QStandardItem *cell(const QString &text, bool number)
{
    auto *item = new QStandardItem(text);
    item->setTextAlignment(Qt::AlignVCenter | (number ? Qt::AlignRight : Qt::AlignLeft));
    return item;
}

}  // namespace

RunTabs::RunTabs(const Theme &theme, Session &session, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_batchReader(session)
{
    auto *column = makeLayout<QVBoxLayout>({}, 0);
    setLayout(column);
    auto *bar = makePane("surface", "bottom");
    auto *row = makeLayout<QHBoxLayout>({24, 0, 24, 0});
    bar->setLayout(row);
    m_tabs = new QTabBar;
    m_tabs->setObjectName(QStringLiteral("runTabs"));
    m_tabs->setAccessibleName(tr("Parts of the run"));
    m_tabs->setExpanding(false);
    for (const QString &name : {tr("Passes"), tr("Classes"), tr("Notes"), tr("First batch")})
        m_tabs->addTab(name);
    row->addWidget(m_tabs);
    row->addStretch();
    column->addWidget(bar);
    m_parts = new QStackedWidget;
    column->addWidget(m_parts, 1);
    m_passes = makeReadTable(theme, m_passRows, "passTable", tr("Passes"));
    m_passes->setMinimumHeight(TableRowHeight * 4);
    m_parts->addWidget(m_passes);
    m_classes = makeReadTable(theme, m_classRows, "classPassTable", tr("Classes over the passes"));
    m_classes->setItemDelegateForColumn(1, new SparkDelegate(theme, SparkRole, m_classes));
    m_parts->addWidget(m_classes);
    auto *notes = makePane("surface");
    auto *notesColumn = makeLayout<QVBoxLayout>({24, 12, 24, 12});
    notes->setLayout(notesColumn);
    m_notes = makeLabel({}, nullptr, true);
    m_notes->setObjectName(QStringLiteral("runNotes"));
    notesColumn->addWidget(m_notes);
    notesColumn->addStretch();
    m_parts->addWidget(notes);
    auto *batch = makePane("surface");
    auto *batchColumn = makeLayout<QVBoxLayout>({}, 0);
    batch->setLayout(batchColumn);
    m_batchNote = makeLabel({}, "muted", true);
    m_batchNote->setObjectName(QStringLiteral("firstBatchNote"));
    m_batchNote->setContentsMargins(24, 8, 24, 8);
    m_batch = makeReadTable(theme, m_batchRows, "firstBatch", tr("First batch"));
    batchColumn->addWidget(m_batchNote);
    batchColumn->addWidget(m_batch, 1);
    m_parts->addWidget(batch);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) {
        m_parts->setCurrentIndex(tab);
        readBatch();
    });
    connect(&m_batchReader, &BatchReader::read, this, &RunTabs::fillBatch);
    connect(&m_batchReader, &BatchReader::failed, this,
            [this](const base::Error &error) { m_batchNote->setText(QString::fromStdString(error.message)); });
}

void RunTabs::show(const RunView &run, const core::RunHistory &history)
{
    m_run = run.info;
    fillPasses(run);
    fillClasses(run);
    fillNotes(run, history);
    readBatch();
}

void RunTabs::fillPasses(const RunView &run)
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
    const auto nameOf = [&](int epoch) {
        return epoch == 1 && run.info.config.recipe == engine::Recipe::SelfTraining ? tr("Quick head")
                                                                                    : tr("Pass %1").arg(epoch);
    };
    const engine::ClassificationReport *before = nullptr;
    for (const CheckpointView &checkpoint : run.checkpoints) {
        const auto *heldOut = checkpoint.heldOut ? &checkpoint.heldOut->report : nullptr;
        const bool counted = heldOut && heldOut->rows > 0;
        QString note;
        if (!checkpoint.isThere)
            note = tr("weights gone");
        else if (checkpoint.info.epoch == run.info.bestEpoch)
            note = run.info.state == "succeeded" ? tr("our pick") : tr("best so far");
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

void RunTabs::fillClasses(const RunView &run)
{
    m_classRows.clear();
    // Of cross-validation older versions have kept no figures by class; then the exam's are shown.
    const bool hasHeldOut = std::any_of(run.checkpoints.begin(), run.checkpoints.end(), [](const auto &checkpoint) {
        return checkpoint.heldOut && !checkpoint.heldOut->report.perClass.empty();
    });
    m_classRows.setHorizontalHeaderLabels(
        {tr("Class"),
         !hasHeldOut ? tr("F1 on exam rows over the passes")
         : run.checkpoints.front().heldOut && run.checkpoints.front().heldOut->crossValidated
             ? tr("F1, cross-validated, over the passes")
             : tr("F1 on held-out rows over the passes"),
         tr("Now"), tr("Since the first"), tr("Rows")});
    struct ClassLine {
        double now = 0;
        QList<QStandardItem *> items;
    };
    std::vector<ClassLine> lines;
    for (size_t c = 0; c < run.info.labels.size(); ++c) {
        QVariantList values;
        int64_t rows = 0;
        for (const CheckpointView &checkpoint : run.checkpoints) {
            const auto &report = hasHeldOut ? checkpoint.heldOut : checkpoint.exam;
            if (!report || c >= report->report.perClass.size())
                continue;
            values << report->report.perClass[c].f1;
            rows = report->report.perClass[c].support;
        }
        if (values.isEmpty())
            continue;
        auto *line = new QStandardItem;
        line->setData(values, SparkRole);
        const double now = values.last().toDouble(), first = values.first().toDouble();
        auto *change = cell((now >= first ? QStringLiteral("+") : QString()) + decimals(now - first), true);
        lines.push_back({now,
                         {cell(QString::fromStdString(run.info.labels[c]), false), line, cell(decimals(now), true),
                          change, cell(countText(rows), true)}});
    }
    // The weakest first: they are what one looks for.
    std::stable_sort(lines.begin(), lines.end(), [](const auto &a, const auto &b) { return a.now < b.now; });
    for (const ClassLine &line : lines)
        m_classRows.appendRow(line.items);
    m_classes->setColumnWidth(0, 260);
    m_classes->setColumnWidth(1, SparkWidth + 80);
}

void RunTabs::fillNotes(const RunView &run, const core::RunHistory &history)
{
    std::vector<core::PassScore> passes;
    for (const CheckpointView &checkpoint : run.checkpoints) {
        if (checkpoint.heldOut)
            passes.push_back({checkpoint.info.epoch, engine::decisiveScore(checkpoint.heldOut->report),
                              checkpoint.heldOut->report.logLoss, checkpoint.info.trainLoss});
    }
    QStringList notes;
    for (const std::string &note : core::notesOn(history, run.info, passes))
        notes << QString::fromStdString(note);
    m_notes->setText(notes.isEmpty() ? tr("Nothing stands out.") : notes.join(QStringLiteral("\n\n")));
    m_tabs->setTabText(NotesPart, notes.isEmpty() ? tr("Notes") : tr("Notes (%1)").arg(notes.size()));
}

void RunTabs::readBatch()
{
    if (m_tabs->currentIndex() != BatchPart || m_batchOf == m_run.id)
        return;
    m_batchOf = m_run.id;
    m_batchRows.clear();
    m_batchNote->setText(tr("Reading the rows..."));
    m_batchReader.ask(m_run);
}

void RunTabs::fillBatch(const std::vector<core::SeenRow> &rows)
{
    m_batchRows.clear();
    m_batchRows.setHorizontalHeaderLabels({tr("Class"), tr("Tokens"), tr("Not read"), tr("What it reads")});
    qint64 cut = 0;
    for (const core::SeenRow &row : rows) {
        QStringList pieces;
        for (const std::string &piece : row.pieces)
            pieces << QString::fromStdString(piece);
        cut += row.cut > 0 ? 1 : 0;
        m_batchRows.appendRow(
            {cell(row.label.empty() ? tr("(what the head says)") : QString::fromStdString(row.label), false),
             cell(countText(row.tokens), true), cell(row.cut > 0 ? countText(row.cut) : QString(), true),
             cell(pieces.join(QStringLiteral(" \u00B7 ")), false)});
    }
    m_batchNote->setText(
        rows.empty()
            ? tr("The quick recipe learns from all rows at once.")
            : tr("The first %1 of the first pass, as the classifier sees them, a token between two dots: as the rows "
                 "are now.")
                      .arg(rowsText(static_cast<qint64>(rows.size()))) +
                  (cut > 0 ? tr(" %1 too long and cut.").arg(rowsText(cut)) : QString()));
    m_batch->setColumnWidth(0, 200);
    m_batch->horizontalHeader()->setStretchLastSection(true);
}

}  // namespace ui
