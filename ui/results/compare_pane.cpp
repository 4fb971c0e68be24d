// SPDX-License-Identifier: Apache-2.0
#include "ui/results/compare_pane.h"

#include "ui/results/verdict.h"
#include "ui/widgets/build.h"
#include "ui/widgets/plain_table.h"
#include "ui/words.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QHeaderView>
#include <QSignalBlocker>
#include <QTableView>
#include <algorithm>

namespace ui {

namespace {

constexpr int SidesWidth = 420;
constexpr int WideEnough = 900;
constexpr int IdRole = Qt::UserRole;
/// A table of more shows nothing more.
constexpr size_t MostRows = 1000;
enum Which { Fixed, Broke };

QStandardItem *rightAligned(const QString &text)
{
    auto *item = new QStandardItem(text);
    item->setTextAlignment(Qt::AlignVCenter | Qt::AlignRight);
    return item;
}

QString answerWords(const core::Answers &answers, const std::vector<int> &labels)
{
    QStringList names;
    for (const int label : labels)
        names << className(answers.labels[static_cast<size_t>(label)]);
    return names.isEmpty() ? ComparePane::tr("none of them") : names.join(QStringLiteral(", "));
}

}  // namespace

ComparePane::ComparePane(const Theme &theme, Session &session, QWidget *parent)
    : ComputedPane(parent), m_theme(theme), m_session(session), m_reader(session)
{
    auto *column = makeLayout<QVBoxLayout>({}, 0);
    setLayout(column);
    auto *bar = makeLayout<QHBoxLayout>({24, 8, 24, 8}, 8);
    bar->addWidget(makeLabel(tr("Compared with")));
    m_choice = new QComboBox;
    m_choice->setObjectName(QStringLiteral("compareWith"));
    m_choice->setAccessibleName(tr("Checkpoint to compare with"));
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    bar->addWidget(m_choice);
    m_verdict = makeLabel({}, "strong", true);
    m_verdict->setObjectName(QStringLiteral("compareVerdict"));
    bar->addWidget(m_verdict, 1);
    column->addLayout(bar);
    auto *row = makeLayout<QHBoxLayout>({}, 0);
    row->addWidget(buildRows(), 1);
    row->addWidget(buildSides());
    column->addLayout(row, 1);
    connect(m_choice, &QComboBox::currentIndexChanged, this, &ComparePane::askForOther);
    connect(&m_reader, &ResultsReader::read, this, &ComparePane::otherRead);
    connect(&m_reader, &ResultsReader::failed, this, &ComparePane::failed);
}

QWidget *ComparePane::buildRows()
{
    auto *pane = makePane("surface");
    auto *column = makeLayout<QVBoxLayout>({}, 0);
    pane->setLayout(column);
    auto *bar = makeLayout<QHBoxLayout>({24, 0, 24, 8}, 8);
    m_which = new QButtonGroup(this);
    for (const Which which : {Fixed, Broke}) {
        auto *button = makeButton(tr("Rows"), which == Fixed ? "comparedFixed" : "comparedBroke", "small");
        button->setCheckable(true);
        m_which->addButton(button, which);
        bar->addWidget(button);
    }
    m_which->button(Fixed)->setChecked(true);
    bar->addStretch();
    column->addLayout(bar);
    m_rows = makeReadTable(m_theme, m_rowModel, "comparedRows", tr("Rows that both answer differently"));
    column->addWidget(m_rows, 1);
    connect(m_which, &QButtonGroup::idClicked, this, &ComparePane::fillRows);
    connect(m_rows, &QTableView::doubleClicked, this, [this](const QModelIndex &cell) {
        Q_EMIT showExample(m_rowModel.index(cell.row(), 0).data(IdRole).toLongLong());
    });
    return pane;
}

QWidget *ComparePane::buildSides()
{
    m_sides = makePane("raised", "left");
    m_sides->setFixedWidth(SidesWidth);
    auto *column = makeLayout<QVBoxLayout>({1, 0, 0, 0}, 0);
    m_sides->setLayout(column);
    m_classes = makeReadTable(m_theme, m_classModel, "comparedClasses", tr("Change of each class"));
    m_settings = makeReadTable(m_theme, m_settingModel, "comparedSettings", tr("Settings that differ"));
    column->addWidget(m_classes, 3);
    column->addWidget(m_settings, 2);
    return m_sides;
}

void ComparePane::resizeEvent(QResizeEvent *event)
{
    ComputedPane::resizeEvent(event);
    m_sides->setVisible(width() >= WideEnough);
}

void ComparePane::askForOther()
{
    if (auto other = core::resolveAnswers(m_session.service(), m_choice->currentData().toString().toStdString()))
        m_reader.ask(*other);
}

void ComparePane::fill()
{
    m_reader.forget();
    fillChoices();
    if (m_choice->count() > 0)
        return askForOther();
    m_other.reset();
    m_compared = {};
    m_verdict->setText(tr("This is the only checkpoint. Train again to have another one."));
    fillRows();
    fillClasses();
    fillSettings();
}

void ComparePane::fillChoices()
{
    const QString own = QString::fromStdString(results()->shown.checkpoint.text());
    const QString before = m_choice->currentData().toString();
    const QSignalBlocker quiet(m_choice);
    m_choice->clear();
    const auto offer = [&](const RunView &run) {
        for (const CheckpointView &checkpoint : run.checkpoints) {
            const core::CheckpointName name{run.info.id, checkpoint.info.epoch};
            if (QString::fromStdString(name.text()) != own)
                m_choice->addItem(checkpointText(name, run.info), QString::fromStdString(name.text()));
        }
    };
    std::for_each(m_session.runs().rbegin(), m_session.runs().rend(), offer);
    std::for_each(m_session.exams().rbegin(), m_session.exams().rend(), offer);
    // Our pick is what people ask about first; when it is shown itself, the newest other one.
    int chosen = m_choice->findData(before);
    if (chosen < 0 && m_session.best())
        chosen = m_choice->findData(QString::fromStdString(m_session.best()->text()));
    m_choice->setCurrentIndex(std::max(chosen, 0));
    m_choice->setEnabled(m_choice->count() > 0);
}

void ComparePane::otherRead(const SharedResults &other)
{
    m_other = other;
    m_compared = core::compareAnswers(other->shown, results()->shown);
    const auto fixed = static_cast<qint64>(m_compared.fixed.size());
    const auto broke = static_cast<qint64>(m_compared.broke.size());
    if (m_compared.rows == 0) {
        m_verdict->setText(tr("They have not answered the same rows."));
    } else {
        const auto weaker =
            m_compared.kindBefore == core::ScoreKind::Exam ? m_compared.kindAfter : m_compared.kindBefore;
        const QString counts =
            tr("The shown one is right on %1 of %2 common %6, the other on %3: fixed %4, broke %5.")
                .arg(countText(m_compared.rightAfter), countText(m_compared.rows), countText(m_compared.rightBefore),
                     countText(fixed), countText(broke), rowsOf(weaker));
        const QString chance = chanceText(m_compared.pValue);
        m_verdict->setText(counts + (m_compared.isRealDifference()
                                         ? tr(" A real difference (McNemar's test, %1).").arg(chance)
                                         : tr(" No real difference: chance gives this often (%1).").arg(chance)));
    }
    m_which->button(fixed > 0 || broke == 0 ? Fixed : Broke)->setChecked(true);
    fillRows();
    fillClasses();
    fillSettings();
}

void ComparePane::fillRows()
{
    const auto fixed = static_cast<qint64>(m_compared.fixed.size());
    const auto broke = static_cast<qint64>(m_compared.broke.size());
    const QString names[] = {tr("Only the shown one is right %1").arg(countText(fixed)),
                             tr("Only the other one is right %1").arg(countText(broke))};
    for (const Which which : {Fixed, Broke}) {
        m_which->button(which)->setText(names[which]);
        m_which->button(which)->setAccessibleName(names[which]);
    }
    m_rowModel.clear();
    m_rowModel.setHorizontalHeaderLabels({tr("Text"), tr("Expected"), tr("Shown one"), tr("Other one")});
    m_rows->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    for (int column = 1; column < 4; ++column)
        m_rows->setColumnWidth(column, 140);
    if (!m_other)
        return;
    auto ids = m_which->checkedId() == Fixed ? m_compared.fixed : m_compared.broke;
    ids.resize(std::min(ids.size(), MostRows));
    auto read = m_session.service().examples().read(ids);
    if (!read)
        return Q_EMIT failed(read.error());
    const auto verdictOf = [](const core::Answers &answers, int64_t id) -> const engine::Verdict & {
        const auto place = std::lower_bound(answers.examples.begin(), answers.examples.end(), id);
        return answers.verdicts[static_cast<size_t>(place - answers.examples.begin())];
    };
    for (const core::Example &example : *read) {
        const auto &mine = verdictOf(results()->shown, example.id);
        const auto &other = verdictOf(m_other->shown, example.id);
        auto *text = new QStandardItem(QString::fromStdString(example.text).left(400).simplified());
        text->setData(static_cast<qlonglong>(example.id), IdRole);
        text->setToolTip(tipText(QString::fromStdString(example.text).left(2000)));
        m_rowModel.appendRow({text, new QStandardItem(answerWords(results()->shown, mine.expected)),
                              new QStandardItem(answerWords(results()->shown, mine.answer)),
                              new QStandardItem(answerWords(m_other->shown, other.answer))});
    }
}

void ComparePane::fillClasses()
{
    m_classModel.clear();
    m_classModel.setHorizontalHeaderLabels({tr("Class"), tr("F1 before"), tr("F1 now"), tr("Fixed"), tr("Broke")});
    for (const auto &change : m_compared.perClass) {
        m_classModel.appendRow({new QStandardItem(className(change.label)), rightAligned(decimals(change.f1Before)),
                                rightAligned(decimals(change.f1After)), rightAligned(countText(change.fixed)),
                                rightAligned(countText(change.broke))});
    }
    m_classes->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    for (int column = 1; column < 5; ++column)
        m_classes->setColumnWidth(column, column < 3 ? 76 : 56);
}

void ComparePane::fillSettings()
{
    m_settingModel.clear();
    m_settingModel.setHorizontalHeaderLabels({tr("Setting"), tr("Other one"), tr("Shown one")});
    m_settings->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    if (!m_other)
        return;
    const RunView *mine = m_session.runOrNull(results()->shown.checkpoint.run);
    const RunView *other = m_session.runOrNull(m_other->shown.checkpoint.run);
    if (!mine || !other)
        return;
    for (const auto &difference : core::configDifferences(other->info, mine->info))
        m_settingModel.appendRow({new QStandardItem(QString::fromStdString(difference.name)),
                                  new QStandardItem(QString::fromStdString(difference.before)),
                                  new QStandardItem(QString::fromStdString(difference.after))});
    if (m_settingModel.rowCount() == 0)
        m_settingModel.appendRow({new QStandardItem(tr("none")), new QStandardItem, new QStandardItem});
}

}  // namespace ui
