// SPDX-License-Identifier: Apache-2.0
#include "ui/teacher/label_pane.h"

#include "core/teacher/orders.h"
#include "ui/delegates/cell_delegate.h"
#include "ui/teacher/pause_text.h"
#include "ui/widgets/build.h"
#include "ui/widgets/count_bar.h"
#include "ui/widgets/plain_table.h"
#include "ui/words.h"

#include <QHeaderView>

using State = core::ParsedAnswer::State;

namespace ui {

namespace {

enum Column { Text, Answer, Sure, Raw };
enum Role { ChipsRole = Qt::UserRole, ProvenanceRole };
constexpr qsizetype ShownText = 400;
constexpr int RawWidth = 260;

QString wordsOf(State state)
{
    switch (state) {
    case State::Unsure: return QObject::tr("Unsure");
    case State::Unreadable: return QObject::tr("Unreadable");
    case State::NotAClass: return QObject::tr("Not one of your classes");
    case State::Refused: return QObject::tr("Refused by the service");
    case State::Unfinished: return QObject::tr("Thinking not finished");
    case State::Labelled: break;
    }
    return {};
}

QString usageText(const core::TokenUsage &usage)
{
    QString text =
        QObject::tr("%1 tokens read, %2 of them from the cache; %3 written, %4 of them thinking.")
            .arg(countText(usage.input), countText(usage.cached), countText(usage.output), countText(usage.reasoning));
    if (usage.isEstimate)
        text += QObject::tr(" An estimate: the service does not say how many it counts.");
    return text;
}

std::vector<CountBar::Part> partsOf(const core::VerdictCounts &counts)
{
    std::vector<CountBar::Part> parts{{QObject::tr("labelled"), counts.labelled, &Tokens::success},
                                      {QObject::tr("unsure"), counts.unsure, &Tokens::warning},
                                      {QObject::tr("unreadable"), counts.unreadable, &Tokens::danger},
                                      {QObject::tr("not a class"), counts.notAClass, &Tokens::control}};
    // Most teachers do neither.
    if (counts.refused > 0)
        parts.push_back({QObject::tr("refused by the service"), counts.refused, &Tokens::text});
    if (counts.unfinished > 0)
        parts.push_back({QObject::tr("thinking not finished"), counts.unfinished, &Tokens::accent});
    return parts;
}

}  // namespace

LabelPane::LabelPane(const Theme &theme, Session &session, TeacherDesk &desk, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_session(session), m_desk(desk)
{
    auto *column = makeLayout<QVBoxLayout>({}, 10);
    setLayout(column);
    auto *head = makeLayout<QVBoxLayout>({24, 16, 24, 0}, 10);
    auto *line = makeLayout<QHBoxLayout>();
    m_state = makeLabel({}, "figure");
    m_state->setObjectName(QStringLiteral("labelState"));
    m_time = makeLabel({}, "muted");
    m_cost = makeLabel({}, "muted");
    m_cost->setObjectName(QStringLiteral("labelCost"));
    line->addWidget(m_state);
    line->addWidget(m_time);
    line->addStretch();
    line->addWidget(m_cost);
    head->addLayout(line);
    m_bar = new CountBar(theme);
    m_bar->setObjectName(QStringLiteral("labelCounts"));
    head->addWidget(m_bar);
    m_trouble = makeLabel({}, "muted", true);
    m_trouble->setObjectName(QStringLiteral("labelTrouble"));
    head->addWidget(m_trouble);
    column->addLayout(head);
    auto *bar = makeLayout<QHBoxLayout>({24, 4, 24, 0});
    m_tableWords = makeLabel({}, "strong");
    m_raw = makeButton(tr("Raw answers"), "rawAnswers", "small");
    m_raw->setCheckable(true);
    m_raw->setToolTip(tr("What the teacher said, word for word"));
    bar->addWidget(m_tableWords);
    bar->addStretch();
    bar->addWidget(m_raw);
    column->addLayout(bar);
    m_table = makeReadTable(theme, m_rows, "labelTable", tr("Answers of the teacher"));
    m_table->setItemDelegateForColumn(Answer, new ChipDelegate(theme, {ChipsRole, ProvenanceRole}, m_table));
    column->addWidget(m_table, 1);
    column->addStretch();
    auto *foot = makeLabel(
        tr("Your own labels are never overwritten. Stop keeps what is labelled; undo takes it back."), "caption", true);
    foot->setContentsMargins(24, 0, 24, 8);
    column->addWidget(foot);
    connect(m_raw, &QPushButton::toggled, this, [this](bool on) { m_table->setColumnHidden(Raw, !on); });
    connect(&desk, &TeacherDesk::changed, this, &LabelPane::refresh);
    connect(&desk, &TeacherDesk::progressed, this, &LabelPane::refresh);
    connect(&desk, &TeacherDesk::finished, this, &LabelPane::refresh);
    connect(&session, &Session::dataChanged, this, &LabelPane::refresh);
    refresh();
}

void LabelPane::setKind(TeacherKind kind)
{
    m_kind = kind;
    refresh();
}

void LabelPane::showRows(const std::vector<core::AskingState::Answered> &rows, const std::vector<std::string> &labels)
{
    m_rows.clear();
    m_rows.setHorizontalHeaderLabels({tr("Text"), tr("Answer"), tr("How sure"), tr("Raw answer")});
    for (const auto &[text, verdict] : rows) {
        Chips chips;
        QStringList names;
        if (verdict.state == State::Labelled) {
            for (const int label : verdict.labels) {
                const std::string &name = labels[static_cast<size_t>(label)];
                chips << Chip{className(name), m_session.colourOf(name, label)};
                names << className(name);
            }
            if (verdict.labels.empty())
                chips << Chip{tr("none of them"), NoColour};
        } else {
            chips << Chip{wordsOf(verdict.state), NoColour};
            names << wordsOf(verdict.state);
        }
        const bool isOrder = core::readsLikeInstructions(text, labels);
        QString shown = QString::fromStdString(text).left(ShownText).simplified();
        if (isOrder)
            shown.prepend(tr("[reads like an order] "));
        QList<QStandardItem *> items{
            new QStandardItem(shown), new QStandardItem(names.join(QStringLiteral(", "))),
            new QStandardItem(verdict.state != State::Labelled ? QString()
                              : verdict.confidence < 1         ? decimals(verdict.confidence)
                                                               : tr("not said")),
            new QStandardItem(QString::fromStdString(verdict.reply).left(ShownText).simplified())};
        if (isOrder)
            items[Text]->setToolTip(
                tr("This text reads like an order to whoever sorts it. It gets a label only where it "
                   "would get the same without the order."));
        items[Sure]->setTextAlignment(Qt::AlignVCenter | Qt::AlignRight);
        for (QStandardItem *item : items) {
            item->setData(QVariant::fromValue(chips), ChipsRole);
            item->setData(QStringLiteral("suggested"), ProvenanceRole);
        }
        m_rows.appendRow(items);
    }
    m_table->horizontalHeader()->setSectionResizeMode(Text, QHeaderView::Stretch);
    m_table->setColumnWidth(Answer, 200);
    m_table->setColumnWidth(Sure, 90);
    m_table->setColumnWidth(Raw, RawWidth);
    m_table->setColumnHidden(Raw, !m_raw->isChecked());
    m_table->setVisible(!rows.empty());
    m_raw->setVisible(!rows.empty());
}

void LabelPane::showNewest(const std::deque<core::AskingState::Answered> &newest)
{
    std::vector<std::string> labels;
    for (const core::Label &label : m_session.labels()) {
        if (label.declared)
            labels.push_back(label.name);
    }
    showRows({newest.begin(), newest.end()}, labels);
}

void LabelPane::showState()
{
    const auto &state = m_desk.state();
    const auto &calls = state.asking.calls;
    const int64_t done = state.asking.counts.all();
    if (state.isOpening)
        m_state->setText(m_kind == TeacherKind::Local ? tr("Loading the model.")
                                                      : tr("Finding out what the service can do."));
    else
        m_state->setText(tr("%1 of %2 read").arg(countText(done), rowsText(state.total)));
    const bool isKnown = done > 0 && state.seconds > 2 && state.total > done;
    m_time->setText(isKnown ? tr("about %1 left")
                                  .arg(durationText(state.seconds * static_cast<double>(state.total - done) /
                                                    static_cast<double>(done)))
                            : QString());
    m_cost->setText(calls.cost > 0 ? (calls.isEstimate ? tr("cost about %1 so far") : tr("cost %1 so far"))
                                         .arg(decimals(calls.cost, calls.cost < 0.1 ? 4 : 2))
                                   : QString());
    m_bar->setParts(partsOf(state.asking.counts), state.total);
    m_trouble->setText((learnedText(state.learned) + QLatin1Char(' ') + troubleText(calls) + QLatin1Char(' ') +
                        QString::fromStdString(state.asking.note))
                           .trimmed());
}

void LabelPane::refresh()
{
    const auto &state = m_desk.state();
    const bool isMine = state.kind == m_kind;
    const bool isRunning =
        isMine && (state.work == TeacherDesk::Work::Label || state.work == TeacherDesk::Work::Sample);
    const core::Labelling *labelling = isMine ? m_desk.labellingOrNull() : nullptr;
    m_bar->setVisible(isRunning || labelling);
    m_trouble->setVisible(false);
    m_time->clear();
    m_cost->clear();
    if (isRunning) {
        showState();
        m_trouble->setVisible(!m_trouble->text().isEmpty());
        m_tableWords->setText(tr("The last ten"));
        return showNewest(state.asking.newest);
    }
    const core::LabelSample *sample = m_desk.sampleOrNull(m_kind);
    if (!labelling && m_session.counts().unlabelled > 0) {
        m_trouble->setText(m_desk.warning(m_kind));
        m_trouble->setVisible(!m_trouble->text().isEmpty());
    }
    if (labelling) {
        m_state->setText(tr("%1 of %2 labelled").arg(countText(labelling->labelled), rowsText(labelling->asked)));
        m_bar->setParts(partsOf(labelling->counts), labelling->asked);
        QStringList more;
        if (!labelling->calls.whyPaused.empty())
            more << QString::fromStdString(labelling->calls.whyPaused);
        if (labelling->counts.refused > 0)
            more << tr("%1 by the service: label them yourself, or choose another model.")
                        .arg(plural(labelling->counts.refused, tr("row was refused"), tr("rows were refused")));
        if (labelling->counts.unfinished > 0)
            more << tr("The model did not finish thinking about %1: label them yourself, or choose a model that thinks "
                       "less.")
                        .arg(rowsText(labelling->counts.unfinished));
        for (const std::string &note : labelling->calls.notes)
            more << QString::fromStdString(note);
        if (!state.learned.empty())
            more << learnedText(state.learned);
        if (labelling->belowLeast > 0)
            more << tr("%1 were below the confidence asked for.").arg(rowsText(labelling->belowLeast));
        if (labelling->orders > 0)
            more << tr("%1 like an order to the teacher and would get another label without it: look at them yourself.")
                        .arg(plural(labelling->orders, tr("row reads"), tr("rows read")));
        if (labelling->taken > 0)
            more << tr("%1 were changed by somebody meanwhile: that stays.").arg(rowsText(labelling->taken));
        if (labelling->calls.shortened > 0)
            more << tr("%1 held only the beginning of a text: the model does not read more at once.")
                        .arg(plural(labelling->calls.shortened, tr("question"), tr("questions")));
        if (labelling->calls.end == core::CallSummary::End::CostReached)
            more << tr("It stopped before it cost more than it may.");
        if (labelling->calls.end == core::CallSummary::End::Stopped)
            more << tr("Stopped. Labelling again goes on with the others; what was answered is not bought twice.");
        m_trouble->setText(more.join(QLatin1Char(' ')));
        m_trouble->setVisible(!more.isEmpty());
        const double cost = labelling->calls.cost;
        const core::TokenUsage &usage = labelling->calls.usage;
        m_cost->setText(
            cost > 0 ? (usage.isEstimate ? tr("cost about %1") : tr("cost %1")).arg(decimals(cost, cost < 0.1 ? 4 : 2))
                     : QString());
        m_cost->setToolTip(usageText(usage));
    } else if (sample) {
        m_state->setText(tr("Ten rows to look at"));
        m_trouble->setText(isMine ? learnedText(state.learned) : QString());
        m_trouble->setVisible(!m_trouble->text().isEmpty());
    } else {
        m_state->setText(m_session.counts().unlabelled == 0
                             ? tr("No teacher needed if your rows have labels. It helps with unlabelled texts.")
                             : tr("%1 have no label.").arg(rowsText(m_session.counts().unlabelled)));
    }
    if (sample) {
        std::vector<core::AskingState::Answered> rows;
        for (const auto &row : sample->rows)
            rows.push_back({row.text, row.verdict});
        m_tableWords->setText(tr("What it says of ten rows, from all over"));
        return showRows(rows, sample->labels);
    }
    m_tableWords->setText(labelling ? tr("The last ten") : QString());
    showNewest(labelling ? state.asking.newest : std::deque<core::AskingState::Answered>());
}

}  // namespace ui
