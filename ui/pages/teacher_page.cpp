// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/teacher_page.h"

#include "ui/delegates/cell_delegate.h"
#include "ui/session/start_work.h"
#include "ui/widgets/build.h"
#include "ui/widgets/choice_card.h"
#include "ui/widgets/plain_table.h"
#include "ui/words.h"

#include <QButtonGroup>
#include <QHeaderView>
#include <QTableView>
#include <algorithm>

using base::Result;

namespace ui {

namespace {

constexpr size_t MostSuggestions = 500;
/// Below this a suggestion is shown but not taken over.
constexpr double SureEnough = 0.8;
/// Classes named in a sentence.
constexpr qsizetype MostNamed = 6;
enum Card { BuiltIn, Local, Endpoint };
enum Column { Text, Label, Sure };

}  // namespace

TeacherPage::TeacherPage(const Theme &theme, Session &session, QWidget *parent)
    : Page(parent), m_theme(theme), m_session(session)
{
    auto *column = makeLayout<QVBoxLayout>({}, 0);
    setLayout(column);
    auto *top = makePane("surface", "bottom");
    auto *cards = makeLayout<QHBoxLayout>({24, 16, 24, 17}, 12);
    top->setLayout(cards);
    auto *group = new QButtonGroup(this);
    m_builtIn = new ChoiceCard(theme, "device", tr("Built in"), tr("Offline, learns from your rows"));
    auto *local = new ChoiceCard(theme, "file", tr("Local"), tr("A model file on this machine"));
    auto *endpoint = new ChoiceCard(theme, "key", tr("Service"), tr("Your endpoint and key"));
    local->setState(Mark::Empty, tr("command line"));
    endpoint->setState(Mark::Empty, tr("command line"));
    const std::pair<ChoiceCard *, const char *> all[] = {
        {m_builtIn, "teacherBuiltIn"}, {local, "teacherLocal"}, {endpoint, "teacherService"}};
    for (const auto &[card, name] : all) {
        card->setObjectName(QLatin1String(name));
        group->addButton(card, static_cast<int>(group->buttons().size()));
        cards->addWidget(card, 1);
    }
    m_builtIn->setChecked(true);
    column->addWidget(top);
    auto *body = makePane("surface");
    auto *bodyColumn = makeLayout<QVBoxLayout>({0, 16, 0, 0}, 12);
    body->setLayout(bodyColumn);
    column->addWidget(body, 1);
    m_words = makeLabel({}, "muted", true);
    m_words->setObjectName(QStringLiteral("teacherWords"));
    m_words->setContentsMargins(24, 0, 24, 0);
    m_words->setMaximumWidth(768);
    bodyColumn->addWidget(m_words);
    m_work = new QWidget;
    auto *work = makeLayout<QVBoxLayout>({}, 12);
    m_work->setLayout(work);
    auto *examBar = makeLayout<QHBoxLayout>({24, 0, 24, 0});
    m_exam = makeLabel({}, nullptr, true);
    m_exam->setObjectName(QStringLiteral("teacherExam"));
    m_examine = makeButton(tr("Examine it"), "examineTeacher", "small");
    m_examine->setToolTip(tr("It answers the exam rows without seeing their labels"));
    examBar->addWidget(m_exam, 1);
    examBar->addWidget(m_examine, 0, Qt::AlignTop);
    work->addLayout(examBar);
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
    bodyColumn->addWidget(m_work, 1);
    bodyColumn->addStretch();
    connect(group, &QButtonGroup::idClicked, this, &TeacherPage::explain);
    connect(m_accept, &QPushButton::clicked, this, &TeacherPage::accept);
    connect(&session, &Session::dataChanged, this, &TeacherPage::refresh);
    connect(&session, &Session::rowsCounted, this, &TeacherPage::refresh);
    connect(&session, &Session::quickChanged, this, &TeacherPage::refresh);
    connect(&session, &Session::runsChanged, this, &TeacherPage::showExam);
    connect(m_examine, &QPushButton::clicked, this, &TeacherPage::examine);
    explain(BuiltIn);
    show({});
}

void TeacherPage::explain(int card)
{
    m_work->setVisible(card == BuiltIn);
    m_words->setText(
        card == BuiltIn
            ? tr("Reads your labelled rows and suggests a label for each unlabelled one, without a network. You look "
                 "at the suggestions before any is taken over; undo takes them back.")
        : card == Local
            ? tr("A language model on this machine: a GGUF file that llama.cpp's server runs. In this version it is "
                 "used from the command line: stillroom-cli exam and label, with --teacher FILE.gguf. Its exams are "
                 "shown under Results.")
            : tr("A language model behind an address, such as OpenAI, Anthropic or Ollama. Texts leave this machine, "
                 "and each request may cost money. In this version it is used from the command line: stillroom-cli "
                 "exam and label, with --teacher ADDRESS --model NAME. Its exams are shown under Results."));
    refresh();
}

Primary TeacherPage::primary() const
{
    const auto rows = m_session.counts().unlabelled;
    if (!m_session.quick())
        return {tr("Suggest labels"), false, tr("Label three rows of two classes first: it learns from them.")};
    if (rows == 0)
        return {tr("Suggest labels"), false, tr("There are no unlabelled rows.")};
    return {tr("Suggest %1").arg(rowsText(std::min<int64_t>(rows, MostSuggestions))), !m_working, tr("It is reading.")};
}

void TeacherPage::primaryClicked()
{
    suggest();
}

void TeacherPage::refresh()
{
    m_builtIn->setState(m_session.quick() ? Mark::Done : Mark::Empty,
                        m_session.quick() ? tr("ready") : tr("needs labelled rows"));
    if (m_suggestions.empty() && !m_working)
        m_state->setText(m_session.counts().unlabelled == 0
                             ? tr("No teacher needed if your rows have labels. It helps with unlabelled texts.")
                             : tr("%1 have no label.").arg(rowsText(m_session.counts().unlabelled)));
    showExam();
    Q_EMIT headChanged();
}

void TeacherPage::examine()
{
    m_examining = true;
    auto *job = m_session.examine(core::EmbeddingTeacher::Learns::Rows);
    connect(job, &core::Job::finished, this, [this, job] {
        m_examining = false;
        if (job->error() && job->error()->code != base::ErrorCode::Cancelled)
            Q_EMIT message(errorMessage(*job->error()));
        showExam();
    });
    showExam();
}

void TeacherPage::showExam()
{
    const bool hasExam = m_session.counts().test > 0;
    m_examine->setEnabled(hasExam && !m_examining);
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
    const auto weak = core::weakClasses(stored.report, stored.labels);
    const auto classes = static_cast<qint64>(stored.labels.size());
    QStringList names;
    for (const std::string &label : weak)
        names << className(label);
    const QString good =
        tr("Good for %1 of %2").arg(classes - names.size()).arg(plural(classes, tr("class"), tr("classes")));
    m_exam->setText(tr("Right on %1 exam rows (%2), examined %3. ")
                        .arg(shareText(stored.report.correct, stored.report.rows), betweenText(stored.report),
                             dayText(own->info.createdAt)) +
                    (names.isEmpty() ? good + QStringLiteral(".")
                                     : tr("%1; keep a person on %2.")
                                           .arg(good, names.mid(0, MostNamed).join(QStringLiteral(", ")) +
                                                          (names.size() > MostNamed ? tr(" and others") : QString()))));
}

void TeacherPage::suggest()
{
    const auto quick = m_session.quick();
    if (!quick)
        return;
    m_working = true;
    m_state->setText(tr("Reading the rows."));
    Q_EMIT headChanged();
    startWork<std::vector<Suggestion>>(
        m_session.runner(), tr("Suggesting labels"), core::Lane::Interactive, this,
        [folder = m_session.folder(), quick](const base::WorkContext &context) -> Result<std::vector<Suggestion>> {
            auto service = core::Service::openAgain(folder);
            if (!service)
                return base::failure(service);
            auto ids = service->examples().order({.split = core::Split::Unlabelled});
            if (!ids)
                return base::failure(ids);
            ids->resize(std::min(ids->size(), MostSuggestions));
            auto rows = service->examples().read(*ids);
            if (!rows)
                return base::failure(rows);
            std::vector<std::string> texts;
            for (const auto &row : *rows)
                texts.push_back(row.text);
            auto probabilities = quick->probabilities(texts, context);
            if (!probabilities)
                return base::failure(probabilities);
            std::vector<Suggestion> made;
            for (size_t i = 0; i < texts.size(); ++i) {
                const auto suggested = core::suggestionOf(*quick, probabilities->row(i));
                made.push_back({(*rows)[i].id, texts[i], suggested.labels, suggested.confidence});
            }
            std::stable_sort(made.begin(), made.end(), [](const auto &a, const auto &b) { return a.sure > b.sure; });
            return made;
        },
        [this](Result<std::vector<Suggestion>> made) {
            m_working = false;
            if (made)
                show(std::move(*made));
            else if (made.error().code != base::ErrorCode::Cancelled)
                Q_EMIT message(errorMessage(made.error()));
            refresh();
        });
}

void TeacherPage::show(std::vector<Suggestion> suggestions)
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

void TeacherPage::accept()
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
        draft.changes.push_back({s.example, Field::Provenance, "teacher built in", {}});
    }
    draft.title = tr("Label %1 as suggested").arg(rowsText(rows)).toStdString();
    if (m_session.apply(draft))
        show({});
    refresh();
}

}  // namespace ui
