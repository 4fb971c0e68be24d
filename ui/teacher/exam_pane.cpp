// SPDX-License-Identifier: Apache-2.0
#include "ui/teacher/exam_pane.h"

#include "core/engine/eval/agreement.h"
#include "core/tasks/teacher_worth.h"
#include "ui/teacher/pause_text.h"
#include "ui/widgets/build.h"
#include "ui/widgets/exam_offer.h"
#include "ui/widgets/plain_table.h"
#include "ui/words.h"

#include <QCheckBox>
#include <QHeaderView>
#include <nlohmann/json.hpp>

namespace ui {

namespace {

enum Column { Name, Right, Between, MacroF1, Kappa, Cost, When };
/// Classes named in a sentence.
constexpr qsizetype MostNamed = 6;

QStandardItem *cell(const QString &text, bool isNumber)
{
    auto *item = new QStandardItem(text);
    item->setTextAlignment(Qt::AlignVCenter | (isNumber ? Qt::AlignRight : Qt::AlignLeft));
    return item;
}

/// Of the facts of an exam; empty where it was free.
QString costOf(const core::RunInfo &info)
{
    const auto facts = nlohmann::json::parse(info.facts, nullptr, false);
    const double cost =
        facts.is_object() && facts.contains("cost") && facts["cost"].is_number() ? facts["cost"].get<double>() : 0;
    if (cost <= 0)
        return {};
    const QString text = decimals(cost, cost < 0.1 ? 4 : 2);
    return facts.value("estimated", nlohmann::json()) == true ? QObject::tr("about %1").arg(text) : text;
}

}  // namespace

QString verdictText(const core::StoredReport &stored)
{
    const core::ClassVerdicts verdicts = core::classVerdicts(stored);
    const auto list = [](const std::vector<std::string> &labels) {
        QStringList names;
        for (const std::string &label : labels)
            names << className(label);
        return names.mid(0, MostNamed).join(QStringLiteral(", ")) +
               (names.size() > MostNamed ? QObject::tr(" and others") : QString());
    };
    QString text = QObject::tr("Good for %1 of %2")
                       .arg(verdicts.good.size())
                       .arg(plural(static_cast<qint64>(verdicts.all()), QObject::tr("class"), QObject::tr("classes")));
    if (!verdicts.unproven.empty())
        text += QObject::tr("; too few exam rows to be sure of %1").arg(list(verdicts.unproven));
    if (!verdicts.weak.empty())
        text += QObject::tr("; keep a person on %1").arg(list(verdicts.weak));
    return text + QLatin1Char('.');
}

ExamPane::ExamPane(const Theme &theme, Session &session, TeacherDesk &desk, QWidget *parent)
    : QWidget(parent), m_session(session), m_desk(desk)
{
    auto *column = makeLayout<QVBoxLayout>({}, 12);
    setLayout(column);
    auto *head = makeLayout<QVBoxLayout>({24, 16, 24, 0}, 6);
    m_verdict = makeLabel({}, "figure", true);
    m_verdict->setObjectName(QStringLiteral("examVerdict"));
    m_words = makeLabel({}, "muted", true);
    m_words->setObjectName(QStringLiteral("examWords"));
    head->addWidget(m_verdict);
    head->addWidget(m_words);
    auto *bar = makeLayout<QHBoxLayout>();
    m_all = new QCheckBox(tr("Examine all versions of the prompt side by side"));
    m_all->setObjectName(QStringLiteral("examineAllPrompts"));
    bar->addWidget(m_all);
    bar->addStretch();
    auto *open = makeButton(tr("Rows and confusions"), "openExamResults", "small");
    open->setToolTip(tr("Under Results, an exam is looked at as a checkpoint is"));
    bar->addWidget(open);
    head->addLayout(bar);
    head->addWidget(new ExamOffer(session));
    column->addLayout(head);
    m_table = makeReadTable(theme, m_rows, "examTable", tr("Exams"));
    column->addWidget(m_table, 1);
    column->addStretch();
    connect(open, &QPushButton::clicked, this, &ExamPane::openResults);
    connect(&session, &Session::runsChanged, this, &ExamPane::refresh);
    connect(&session, &Session::dataChanged, this, &ExamPane::refresh);
    connect(&desk, &TeacherDesk::changed, this, &ExamPane::refresh);
    connect(&desk, &TeacherDesk::progressed, this, &ExamPane::refresh);
    connect(&desk, &TeacherDesk::finished, this, &ExamPane::refresh);
    refresh();
}

void ExamPane::setKind(TeacherKind kind)
{
    m_kind = kind;
    refresh();
}

std::vector<std::string> ExamPane::versions() const
{
    std::vector<std::string> names;
    if (m_all->isChecked() && m_all->isVisibleTo(this)) {
        const core::PromptVersions prompts = m_desk.prompts();
        for (const core::PromptVersion &version : prompts.versions())
            names.push_back(version.name);
    }
    return names;
}

void ExamPane::addRow(const QString &name, const core::RunInfo &info, const core::StoredReport &stored)
{
    const auto &report = stored.report;
    const auto kappa = engine::cohenKappa(report.confusion);
    m_rows.appendRow({cell(name, false), cell(shareText(report.correct, report.rows), true),
                      cell(rangeText(report), true), cell(percentText(report.macroF1), true),
                      cell(kappa ? decimals(*kappa) : QString(), true), cell(costOf(info), true),
                      cell(dayText(info.createdAt), false)});
}

void ExamPane::refresh()
{
    m_all->setVisible(m_desk.prompts().versions().size() > 1);
    const auto &state = m_desk.state();
    const bool isRunning = state.work == TeacherDesk::Work::Exam && state.kind == m_kind;
    const char *examined = m_kind == TeacherKind::Local ? core::LocalTeacher : core::ServiceTeacher;
    m_rows.clear();
    m_rows.setHorizontalHeaderLabels(
        {tr("Exam"), tr("Right"), tr("Between"), tr("Macro F1"), tr("Kappa"), tr("Cost"), tr("Examined")});
    m_rows.horizontalHeaderItem(MacroF1)->setToolTip(tr("Average over classes (macro F1)"));
    m_rows.horizontalHeaderItem(Kappa)->setToolTip(
        tr("Agreement beyond what chance would give (Cohen's kappa): 0 to 1"));
    const RunView *newest = nullptr;
    std::vector<const RunView *> others;
    for (const RunView &view : m_session.exams()) {
        if (view.checkpoints.empty() || !view.checkpoints.front().exam)
            continue;
        if (view.info.examined != examined) {
            others.push_back(&view);
            continue;
        }
        newest = &view;
        addRow(QString::fromStdString(view.info.id), view.info, *view.checkpoints.front().exam);
    }
    // What it is measured against: untrained weights, other teachers, the best checkpoint.
    for (const RunView *view : others)
        addRow(checkpointText({view->info.id, 0}, view->info), view->info, *view->checkpoints.front().exam);
    const auto best = m_session.best();
    const RunView *run = best ? m_session.runOrNull(best->run) : nullptr;
    if (const CheckpointView *checkpoint = run ? m_session.checkpointOrNull(*best) : nullptr;
        checkpoint && checkpoint->exam)
        addRow(checkpointText(*best, run->info), run->info, *checkpoint->exam);
    m_table->horizontalHeader()->setSectionResizeMode(Name, QHeaderView::Stretch);
    for (const auto &[column, width] : {std::pair(Right, 90), std::pair(Between, 90), std::pair(MacroF1, 90),
                                        std::pair(Kappa, 70), std::pair(Cost, 80), std::pair(When, 120)})
        m_table->setColumnWidth(column, width);
    m_table->setVisible(m_rows.rowCount() > 0);
    if (isRunning) {
        m_verdict->setText(
            state.isOpening
                ? (m_kind == TeacherKind::Local ? tr("Loading the model.") : tr("Finding out what the service can do."))
                : tr("%1 of %2 exam rows answered").arg(countText(state.asking.counts.all()), countText(state.total)));
    } else if (newest) {
        m_verdict->setText(verdictText(*newest->checkpoints.front().exam));
    } else {
        m_verdict->setText(m_session.counts().test > 0 ? tr("Not examined yet: nobody knows how good its labels are.")
                                                       : tr("There are no exam rows that it could be examined on."));
    }
    const QString trouble = isRunning ? troubleText(state.asking.calls) : QString();
    if (!trouble.isEmpty())
        m_words->setText(trouble);
    else
        m_words->setText((tr("It answers the exam rows without seeing their labels. What it is right on says what its "
                             "labels are worth, and how much they count in training.") +
                          QLatin1Char(' ') + (state.kind == m_kind ? learnedText(state.learned) : QString()))
                             .trimmed());
}

}  // namespace ui
