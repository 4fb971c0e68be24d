// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/teacher_page.h"

#include "ui/dialogs/prompt_dialog.h"
#include "ui/teacher/exam_pane.h"
#include "ui/teacher/label_pane.h"
#include "ui/teacher/review_pane.h"
#include "ui/teacher/suggestion_pane.h"
#include "ui/teacher/teacher_form.h"
#include "ui/widgets/build.h"
#include "ui/widgets/choice_card.h"
#include "ui/words.h"

#include <QButtonGroup>
#include <QStackedWidget>
#include <QTabBar>

namespace ui {

namespace {

constexpr int FormWidth = 288;

}  // namespace

TeacherPage::TeacherPage(const Theme &theme, Session &session, Dialogs &dialogs, QWidget *parent)
    : Page(parent), m_theme(theme), m_session(session), m_dialogs(dialogs), m_desk(session)
{
    auto *column = makeLayout<QVBoxLayout>({}, 0);
    setLayout(column);
    column->addWidget(buildCards());
    column->addWidget(buildBody(), 1);
    connect(&session, &Session::dataChanged, this, &TeacherPage::refresh);
    connect(&session, &Session::rowsCounted, this, &TeacherPage::refresh);
    connect(&session, &Session::quickChanged, this, &TeacherPage::refresh);
    connect(&m_desk, &TeacherDesk::changed, this, &TeacherPage::refresh);
    connect(&m_desk, &TeacherDesk::progressed, this, &TeacherPage::headChanged);
    connect(&m_desk, &TeacherDesk::finished, this, &TeacherPage::ended);
    const auto report = [this](const base::Error &error) { Q_EMIT message(errorMessage(error)); };
    connect(&m_desk, &TeacherDesk::failed, this, report);
    connect(m_suggestions, &SuggestionPane::failed, this, report);
    connect(m_suggestions, &SuggestionPane::changed, this, &TeacherPage::headChanged);
    connect(m_review, &ReviewPane::failed, this, report);
    connect(m_review, &ReviewPane::changed, this, &TeacherPage::refresh);
    connect(m_exam, &ExamPane::openResults, this, [this] { Q_EMIT goTo(Step::Results); });
    connect(m_form, &TeacherForm::changed, this, &TeacherPage::headChanged);
    connect(m_form, &TeacherForm::editPrompts, this, &TeacherPage::editPrompts);
    setKind(TeacherKind::BuiltIn);
}

QWidget *TeacherPage::buildCards()
{
    auto *top = makePane("surface");
    auto *cards = makeLayout<QHBoxLayout>({24, 16, 24, 12}, 12);
    top->setLayout(cards);
    auto *group = new QButtonGroup(this);
    m_cards[0] = new ChoiceCard(m_theme, "device", tr("Built in"), tr("Offline, learns from your rows"));
    m_cards[1] = new ChoiceCard(m_theme, "file", tr("Local"), tr("A model file on this machine"));
    m_cards[2] = new ChoiceCard(m_theme, "key", tr("Service"), tr("Your endpoint and key"));
    static constexpr const char *Names[] = {"teacherBuiltIn", "teacherLocal", "teacherService"};
    for (int i = 0; i < 3; ++i) {
        m_cards[i]->setObjectName(QLatin1String(Names[i]));
        group->addButton(m_cards[i], i);
        cards->addWidget(m_cards[i], 1);
    }
    m_cards[0]->setChecked(true);
    connect(group, &QButtonGroup::idClicked, this, [this](int id) { setKind(static_cast<TeacherKind>(id)); });
    return top;
}

QWidget *TeacherPage::buildBody()
{
    auto *pane = makePane("surface");
    auto *column = makeLayout<QVBoxLayout>({}, 0);
    pane->setLayout(column);
    auto *bar = makePane("surface", "bottom");
    auto *row = makeLayout<QHBoxLayout>({24, 0, 24, 0});
    bar->setLayout(row);
    m_tabs = new QTabBar;
    m_tabs->setObjectName(QStringLiteral("teacherTabs"));
    m_tabs->setAccessibleName(tr("What the teacher does"));
    m_tabs->setExpanding(false);
    for (const QString &name : {tr("Exam"), tr("Label"), tr("Review")})
        m_tabs->addTab(name);
    row->addWidget(m_tabs);
    row->addStretch();
    column->addWidget(bar);
    m_body = new QStackedWidget;
    m_suggestions = new SuggestionPane(m_theme, m_session);
    m_review = new ReviewPane(m_theme, m_session);
    m_chat = new QWidget;
    auto *chat = makeLayout<QHBoxLayout>({}, 0);
    m_chat->setLayout(chat);
    auto *form = makePane("raised", "right");
    auto *formColumn = makeLayout<QVBoxLayout>({}, 0);
    form->setLayout(formColumn);
    form->setFixedWidth(FormWidth);
    m_form = new TeacherForm(m_theme, m_session, m_desk, m_dialogs);
    formColumn->addWidget(m_form);
    chat->addWidget(form);
    m_panes = new QStackedWidget;
    m_exam = new ExamPane(m_theme, m_session, m_desk);
    m_label = new LabelPane(m_theme, m_session, m_desk);
    m_panes->addWidget(m_exam);
    m_panes->addWidget(m_label);
    chat->addWidget(m_panes, 1);
    for (QWidget *widget : {static_cast<QWidget *>(m_suggestions), m_chat, static_cast<QWidget *>(m_review)})
        m_body->addWidget(widget);
    column->addWidget(m_body, 1);
    connect(m_tabs, &QTabBar::currentChanged, this, &TeacherPage::refresh);
    return pane;
}

void TeacherPage::setKind(TeacherKind kind)
{
    m_kind = kind;
    m_cards[static_cast<size_t>(kind)]->setChecked(true);
    // The built-in teacher shows its exam above its suggestions.
    m_tabs->setTabVisible(ExamTab, kind != TeacherKind::BuiltIn);
    if (kind == TeacherKind::BuiltIn && m_tabs->currentIndex() == ExamTab)
        m_tabs->setCurrentIndex(LabelTab);
    if (kind != TeacherKind::BuiltIn) {
        m_form->setKind(kind);
        m_exam->setKind(kind);
        m_label->setKind(kind);
    }
    refresh();
}

void TeacherPage::refresh()
{
    const bool hasQuick = m_session.quick() != nullptr;
    m_cards[0]->setState(hasQuick ? Mark::Done : Mark::Empty, hasQuick ? tr("ready") : tr("needs labels"));
    const core::TeacherSettings &settings = m_desk.settings();
    m_cards[1]->setState(settings.weights.empty() ? Mark::Empty : Mark::Done,
                         settings.weights.empty() ? tr("no file chosen") : tr("ready"));
    const bool isSet = !settings.address.empty() && !settings.model.empty();
    m_cards[2]->setState(isSet ? Mark::Done : Mark::Empty, isSet ? tr("ready") : tr("no address yet"));
    const int tab = m_tabs->currentIndex();
    m_body->setCurrentWidget(tab == ReviewTab                 ? static_cast<QWidget *>(m_review)
                             : m_kind == TeacherKind::BuiltIn ? m_suggestions
                                                              : m_chat);
    m_panes->setCurrentWidget(tab == LabelTab ? static_cast<QWidget *>(m_label) : m_exam);
    m_form->setFor(tab == LabelTab ? TeacherForm::For::Label : TeacherForm::For::Exam);
    const auto waiting = m_review->waiting();
    m_tabs->setTabText(ReviewTab, waiting && *waiting > 0 ? tr("Review %1").arg(countText(*waiting)) : tr("Review"));
    if (tab == ReviewTab && isVisible())
        m_review->activate();
    Q_EMIT headChanged();
}

void TeacherPage::activated()
{
    refresh();
}

QString TeacherPage::work() const
{
    if (!m_desk.isBusy())
        return {};
    const TeacherDesk::State &state = m_desk.state();
    if (state.isOpening)
        return tr("Starting");
    const QString done = countText(state.asking.counts.all()), all = countText(state.total);
    switch (state.work) {
    case TeacherDesk::Work::Exam: return tr("Exam: %1 of %2").arg(done, all);
    case TeacherDesk::Work::Label: return tr("Labels: %1 of %2").arg(done, all);
    default: return tr("Trying ten rows");
    }
}

Primary TeacherPage::suggestPrimary() const
{
    const auto rows = m_session.counts().unlabelled;
    if (!m_session.quick())
        return {tr("Suggest labels"), false, tr("Label three rows of two classes first: it learns from them.")};
    if (rows == 0)
        return {tr("Suggest labels"), false, tr("There are no unlabelled rows.")};
    return {tr("Suggest %1").arg(rowsText(std::min(rows, SuggestionPane::MostRows))), !m_suggestions->isWorking(),
            tr("It is reading.")};
}

Primary TeacherPage::examPrimary() const
{
    const auto rows = m_form->terms().rowsOf(m_session.counts().test);
    if (rows == 0)
        return {tr("Examine it"), false, tr("There are no exam rows. Keep a part of Train for the exam, below.")};
    return {tr("Examine it on %1").arg(rowsText(rows)), true, {}};
}

Primary TeacherPage::labelPrimary() const
{
    const auto rows = m_session.counts().unlabelled;
    if (rows == 0)
        return {tr("Label"), false, tr("There are no unlabelled rows.")};
    const TeacherTerms terms = m_form->terms();
    const auto estimate = m_desk.estimate(m_kind, terms);
    if (!estimate)
        return {tr("Try ten rows"), true, {}};
    QString text = tr("Label %1").arg(rowsText(estimate->rows));
    if (estimate->cost > 0)
        text += tr(", about %1").arg(decimals(estimate->cost, estimate->cost < 0.1 ? 4 : 2));
    else if (estimate->seconds > 0)
        text += tr(", about %1").arg(durationText(estimate->seconds));
    return {text, true, {}};
}

Primary TeacherPage::primary() const
{
    const int tab = m_tabs->currentIndex();
    if (tab == ReviewTab)
        return {tr("Train"), true, {}};
    if (m_kind == TeacherKind::BuiltIn)
        return suggestPrimary();
    Primary primary = tab == LabelTab ? labelPrimary() : examPrimary();
    if (m_session.isReadOnly())
        return {primary.text, false, tr("The service can only be looked at.")};
    if (m_desk.isBusy())
        return {primary.text, false, tr("A teacher is at work. Stop it at the foot of the window.")};
    if (const QString missing = m_form->missing(); !missing.isEmpty())
        return {primary.text, false, missing};
    return primary;
}

void TeacherPage::primaryClicked()
{
    const int tab = m_tabs->currentIndex();
    if (tab == ReviewTab)
        return Q_EMIT goTo(Step::Training);
    if (m_kind == TeacherKind::BuiltIn)
        return m_suggestions->suggest();
    const TeacherTerms terms = m_form->terms();
    if (tab == ExamTab)
        m_desk.examine(m_kind, terms, m_exam->versions());
    else if (m_desk.sampleOrNull(m_kind))
        m_desk.label(m_kind, terms);
    else
        m_desk.sample(m_kind, terms);
    Q_EMIT headChanged();
}

void TeacherPage::ended(TeacherDesk::Work work)
{
    const core::Labelling *done = m_desk.labellingOrNull();
    if (work == TeacherDesk::Work::Label && done && done->labelled > 0) {
        Message news;
        news.state = Message::State::Success;
        news.cause = tr("%1 labelled.").arg(rowsText(done->labelled));
        news.follows = tr("Ctrl+Z takes that back.");
        news.actionText = tr("Review");
        news.action = [this] { m_tabs->setCurrentIndex(ReviewTab); };
        Q_EMIT message(news);
    }
    refresh();
}

void TeacherPage::editPrompts()
{
    // A row that there is to label, else any.
    std::string text;
    for (const core::Split split : {core::Split::Unlabelled, core::Split::Train, core::Split::Test}) {
        const auto ids = m_session.service().examples().order({.split = split});
        if (!ids || ids->empty())
            continue;
        const std::vector<int64_t> first{ids->front()};
        const auto rows = m_session.service().examples().read(first);
        if (rows && !rows->empty())
            text = rows->front().text;
        break;
    }
    PromptDialog dialog(m_session.service(), m_desk.prompts(), text, this);
    if (m_dialogs.run(dialog))
        m_desk.setPrompts(dialog.versions());
}

QJsonObject TeacherPage::state() const
{
    return {{QStringLiteral("kind"), static_cast<int>(m_kind)}, {QStringLiteral("tab"), m_tabs->currentIndex()}};
}

void TeacherPage::restore(const QJsonObject &state)
{
    const int kind = state.value(QStringLiteral("kind")).toInt();
    const int tab = state.value(QStringLiteral("tab")).toInt(LabelTab);
    if (tab >= ExamTab && tab <= ReviewTab)
        m_tabs->setCurrentIndex(tab);
    setKind(kind >= 0 && kind <= 2 ? static_cast<TeacherKind>(kind) : TeacherKind::BuiltIn);
}

}  // namespace ui
