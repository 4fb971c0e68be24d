// SPDX-License-Identifier: Apache-2.0
#include "ui/teacher/suggestion_pane.h"

#include "core/training/teacher_labels.h"
#include "ui/delegates/cell_delegate.h"
#include "ui/session/start_work.h"
#include "ui/teacher/exam_pane.h"
#include "ui/widgets/build.h"
#include "ui/widgets/exam_offer.h"
#include "ui/widgets/plain_table.h"
#include "ui/words.h"

#include <QHeaderView>
#include <QTableView>
#include <algorithm>

using base::Result;

namespace ui {

namespace {

/// Below this a suggestion is shown but not taken over.
constexpr double SureEnough = 0.8;
enum Column { Text, Label, Sure };

}  // namespace

SuggestionPane::SuggestionPane(const Theme &theme, Session &session, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_session(session)
{
    auto *work = makeLayout<QVBoxLayout>({0, 16, 0, 0}, 12);
    setLayout(work);
    auto *words = makeLabel(tr("Reads your labelled rows and suggests a label for each unlabelled one, without a "
                               "network. You look at the suggestions before any is taken over; undo takes them back."),
                            "muted", true);
    words->setObjectName(QStringLiteral("teacherWords"));
    words->setContentsMargins(24, 0, 24, 0);
    words->setMaximumWidth(768);
    work->addWidget(words);
    auto *examBar = makeLayout<QHBoxLayout>({24, 0, 24, 0});
    m_exam = makeLabel({}, nullptr, true);
    m_exam->setObjectName(QStringLiteral("teacherExam"));
    m_examine = makeButton(tr("Examine it"), "examineTeacher", "small");
    m_examine->setToolTip(tr("It answers the exam rows without seeing their labels"));
    examBar->addWidget(m_exam, 1);
    examBar->addWidget(m_examine, 0, Qt::AlignTop);
    work->addLayout(examBar);
    auto *offer = makeLayout<QVBoxLayout>({24, 0, 24, 0}, 0);
    offer->addWidget(new ExamOffer(session));
    work->addLayout(offer);
    auto *bar = makeLayout<QHBoxLayout>({24, 0, 24, 0});
    m_state = makeLabel({}, "strong", true);
    m_state->setObjectName(QStringLiteral("teacherState"));
    m_accept = makeButton({}, "acceptSuggestions");
    bar->addWidget(m_state, 1);
    bar->addWidget(m_accept);
    work->addLayout(bar);
    m_table = new QTableView;
    setUpTable(*m_table, "suggestionTable", tr("Suggested labels"));
    m_table->setModel(&m_rows);
    m_table->setItemDelegate(new CellDelegate(theme, m_table));
    m_table->setItemDelegateForColumn(Label, new ChipDelegate(theme, {ChipsRole, ProvenanceRole}, m_table));
    m_table->setItemDelegateForColumn(Sure, new BarDelegate(theme, ShareRole, ColourRole, m_table));
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    work->addWidget(m_table, 1);
    work->addStretch();
    connect(m_accept, &QPushButton::clicked, this, &SuggestionPane::accept);
    connect(m_examine, &QPushButton::clicked, this, &SuggestionPane::examine);
    connect(&session, &Session::dataChanged, this, &SuggestionPane::refresh);
    connect(&session, &Session::rowsCounted, this, &SuggestionPane::refresh);
    connect(&session, &Session::quickChanged, this, &SuggestionPane::refresh);
    connect(&session, &Session::runsChanged, this, &SuggestionPane::showExam);
    show({});
    refresh();
}

void SuggestionPane::refresh()
{
    if (m_suggestions.empty() && !m_working)
        m_state->setText(m_session.counts().unlabelled == 0
                             ? tr("No teacher needed if your rows have labels. It helps with unlabelled texts.")
                             : tr("%1 have no label.").arg(rowsText(m_session.counts().unlabelled)));
    showExam();
    Q_EMIT changed();
}

void SuggestionPane::examine()
{
    m_examining = true;
    auto *job = m_session.examine(core::EmbeddingTeacher::Learns::Rows);
    connect(job, &core::Job::finished, this, [this, job] {
        m_examining = false;
        if (job->error() && job->error()->code != base::ErrorCode::Cancelled)
            Q_EMIT failed(*job->error());
        showExam();
    });
    showExam();
}

void SuggestionPane::showExam()
{
    const bool hasExam = m_session.counts().test > 0;
    m_examine->setEnabled(hasExam && !m_examining);
    m_examine->setVisible(!m_session.isEmpty());
    m_exam->setVisible(!m_session.isEmpty());
    const auto &exams = m_session.exams();
    const auto own = std::find_if(exams.begin(), exams.end(), [](const RunView &view) {
        return view.info.examined == core::BuiltInTeacher && !view.checkpoints.empty();
    });
    if (m_examining)
        return m_exam->setText(tr("It answers the exam rows."));
    if (own == exams.end() || !own->checkpoints.front().exam)
        return m_exam->setText(hasExam ? tr("Not examined yet: nobody knows how good its labels are.")
                                       : tr("There are no exam rows that it could be examined on."));
    const core::StoredReport &stored = *own->checkpoints.front().exam;
    m_exam->setText(tr("Right on %1 exam rows (%2), examined %3. ")
                        .arg(shareText(stored.report.correct, stored.report.rows), betweenText(stored.report),
                             dayText(own->info.createdAt)) +
                    verdictText(stored));
}

void SuggestionPane::suggest()
{
    const auto quick = m_session.quick();
    if (!quick)
        return Q_EMIT failed({base::ErrorCode::Busy,
                              "The first classifier is not ready yet. It needs two classes with three rows each.",
                              {}});
    m_working = true;
    m_state->setText(tr("Reading the rows."));
    Q_EMIT changed();
    startWork<std::vector<Suggestion>>(
        m_session.runner(), tr("Suggesting labels"), core::Lane::Interactive, this,
        [folder = m_session.folder(), quick](const base::WorkContext &context) -> Result<std::vector<Suggestion>> {
            auto service = TRY(core::Service::openAgain(folder));
            auto ids = TRY(service.examples().order({.split = core::Split::Unlabelled}));
            ids.resize(std::min(ids.size(), static_cast<size_t>(MostRows)));
            auto rows = TRY(service.examples().read(ids));
            std::vector<std::string> texts;
            for (const auto &row : rows)
                texts.push_back(row.text);
            auto probabilities = TRY(quick->probabilities(texts, context));
            std::vector<Suggestion> made;
            for (size_t i = 0; i < texts.size(); ++i) {
                const auto suggested = core::suggestionOf(*quick, probabilities.row(i));
                made.push_back({rows[i].id, texts[i], suggested.labels, suggested.confidence});
            }
            std::stable_sort(made.begin(), made.end(), [](const auto &a, const auto &b) { return a.sure > b.sure; });
            return made;
        },
        [this](Result<std::vector<Suggestion>> made) {
            m_working = false;
            if (made)
                show(std::move(*made));
            else if (made.error().code != base::ErrorCode::Cancelled)
                Q_EMIT failed(made.error());
            refresh();
        });
}

void SuggestionPane::show(std::vector<Suggestion> suggestions)
{
    m_suggestions = std::move(suggestions);
    m_rows.clear();
    m_rows.setHorizontalHeaderLabels({tr("Text"), tr("Suggested"), tr("How sure")});
    for (const Suggestion &s : m_suggestions) {
        const auto labels = m_session.labelsOf(s.labels);
        if (labels.size() != s.labels.ids.size())
            continue;  // a class is gone since
        const QString words = m_session.labelWords(s.labels);
        const Chips chips = m_session.chipsOf(s.labels);
        QList<QStandardItem *> items{new QStandardItem(QString::fromStdString(s.text).left(400).simplified()),
                                     new QStandardItem(words), new QStandardItem(decimals(s.sure))};
        for (QStandardItem *item : items) {
            if (!labels.empty())
                item->setData(QVariant::fromValue(qint64{labels.front().colour}), ColourRole);
            item->setData(QVariant::fromValue(chips), ChipsRole);
            item->setData(s.sure, ShareRole);
            item->setData(QStringLiteral("suggested"), ProvenanceRole);
        }
        m_rows.appendRow(items);
    }
    m_table->horizontalHeader()->setSectionResizeMode(Text, QHeaderView::Stretch);
    m_table->setColumnWidth(Label, 170);
    m_table->setColumnWidth(Sure, 140);
    m_table->setVisible(!m_suggestions.empty());
    const auto sure =
        std::count_if(m_suggestions.begin(), m_suggestions.end(), [](const auto &s) { return s.sure >= SureEnough; });
    m_accept->setVisible(!m_suggestions.empty());
    m_accept->setEnabled(sure > 0);
    m_accept->setText(tr("Move %1 to Train").arg(rowsText(sure)));
    m_accept->setAccessibleName(m_accept->text());
    if (!m_suggestions.empty())
        m_state->setText(tr("%1 read. %2 of them at 0.80 or above.")
                             .arg(rowsText(static_cast<qint64>(m_suggestions.size())))
                             .arg(sure));
}

void SuggestionPane::accept()
{
    using Field = core::FieldChange::Field;
    core::EditDraft draft;
    qint64 rows = 0;
    for (const Suggestion &s : m_suggestions) {
        if (s.sure < SureEnough)
            continue;
        ++rows;
        core::addLabelChanges(draft, s.example, s.labels);
        draft.changes.push_back({s.example, Field::Split, {}, static_cast<int64_t>(core::Split::Train)});
        draft.changes.push_back(
            {s.example, Field::Provenance, std::string(core::TeacherProvenance) + core::BuiltInTeacherName, {}});
        draft.changes.push_back({s.example, Field::Confidence, {}, {}, s.sure});
    }
    draft.title = tr("Label %1 as suggested").arg(rowsText(rows)).toStdString();
    // It knew all of them: none can say later whether its labels help.
    const auto known = m_session.service().examples().order({.split = core::Split::Train});
    if (!known)
        return Q_EMIT failed(known.error());
    if (const auto kept = core::TeacherMemory::add(m_session.service(), core::BuiltInTeacherName, *known); !kept)
        return Q_EMIT failed(kept.error());
    if (m_session.apply(draft))
        show({});
    refresh();
}

}  // namespace ui
