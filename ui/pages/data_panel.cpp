// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/data_panel.h"

#include "core/store/extra_fields.h"
#include "ui/session/row_edits.h"
#include "ui/widgets/build.h"
#include "ui/widgets/finding_card.h"
#include "ui/words.h"

#include <QPlainTextEdit>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTabBar>
#include <algorithm>

namespace ui {

namespace {

constexpr int PanelWidth = 320;
constexpr int ExtraHeight = 120;
constexpr int SaveAfterMs = 800;
/// From here on suggestions are accepted all at once.
constexpr double SureEnough = 0.95;

void emptyLayout(QLayout *layout)
{
    while (QLayoutItem *item = layout->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
}

}  // namespace

DataPanel::DataPanel(const Theme &theme, Session &session, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_session(session)
{
    setProperty("tone", "raised");
    setProperty("edge", "left");
    setAttribute(Qt::WA_StyledBackground);
    setFixedWidth(PanelWidth);
    auto *column = makeLayout<QVBoxLayout>({1, 0, 0, 0}, 0);
    setLayout(column);
    auto *tabs = makePane("raised", "bottom");
    tabs->setFixedHeight(41);
    auto *tabRow = makeLayout<QHBoxLayout>({16, 0, 8, 0});
    tabs->setLayout(tabRow);
    m_tabs = new QTabBar;
    m_tabs->setObjectName(QStringLiteral("panelTabs"));
    m_tabs->setAccessibleName(tr("Side panel"));
    m_tabs->setExpanding(false);
    m_tabs->addTab(tr("Row"));
    m_tabs->addTab(tr("Check"));
    m_tabs->addTab(tr("History"));
    m_tabs->addTab(tr("Suggestions"));
    tabRow->addWidget(m_tabs, 0, Qt::AlignBottom);
    tabRow->addStretch();
    column->addWidget(tabs);
    m_pages = new QStackedWidget;
    column->addWidget(m_pages, 1);
    m_pages->addWidget(buildRow());
    for (QVBoxLayout **list : {&m_checkList, &m_historyList, &m_suggestionList}) {
        auto *content = makePane("raised");
        *list = makeLayout<QVBoxLayout>({}, 0);
        content->setLayout(*list);
        m_pages->addWidget(makeScroll(content));
    }
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) {
        m_pages->setCurrentIndex(tab);
        fillHistory();
    });
    m_tabs->setCurrentIndex(CheckTab);
    connect(&session, &Session::findingsChanged, this, &DataPanel::fillCheck);
    connect(&session, &Session::deepCheckChanged, this, &DataPanel::fillCheck);
    connect(&session, &Session::dataChanged, this, &DataPanel::fillHistory);
    connect(&session, &Session::suggestionsChanged, this, &DataPanel::fillSuggestions);
    connect(&session, &Session::quickChanged, this, &DataPanel::fillSuggestions);
    fillCheck();
    fillHistory();
    fillSuggestions();
    showRow({}, 0);
}

DataPanel::~DataPanel()
{
    if (m_saveComment.isActive())
        saveComment();
}

QWidget *DataPanel::buildRow()
{
    auto *pane = makePane("raised");
    auto *column = makeLayout<QVBoxLayout>({16, 16, 16, 16}, 8);
    pane->setLayout(column);
    m_rowTitle = makeLabel({}, "strong");
    m_rowText = new QPlainTextEdit;
    m_rowText->setObjectName(QStringLiteral("rowText"));
    m_rowText->setAccessibleName(tr("Text of the row"));
    m_rowText->setReadOnly(true);
    m_rowFacts = makeLabel({}, "caption", true);
    column->addWidget(m_rowTitle);
    column->addWidget(m_rowText, 1);
    column->addWidget(m_rowFacts);
    m_rowExtra = new QPlainTextEdit;
    m_rowExtra->setObjectName(QStringLiteral("rowExtra"));
    m_rowExtra->setAccessibleName(tr("Other columns of its file"));
    m_rowExtra->setReadOnly(true);
    m_rowExtra->setTabChangesFocus(true);
    m_rowExtra->setMaximumHeight(ExtraHeight);
    column->addWidget(m_rowExtra);
    m_comment = new QPlainTextEdit;
    m_comment->setObjectName(QStringLiteral("rowComment"));
    m_comment->setAccessibleName(tr("Comment"));
    m_comment->setPlaceholderText(tr("A comment for people"));
    m_comment->setTabChangesFocus(true);
    m_comment->setFixedHeight(64);
    m_comment->setReadOnly(m_session.isReadOnly());
    column->addWidget(m_comment);
    m_saveComment.setSingleShot(true);
    m_saveComment.setInterval(SaveAfterMs);
    connect(&m_saveComment, &QTimer::timeout, this, &DataPanel::saveComment);
    connect(m_comment, &QPlainTextEdit::textChanged, &m_saveComment, qOverload<>(&QTimer::start));
    return pane;
}

int DataPanel::current() const
{
    return m_tabs->currentIndex();
}

void DataPanel::show(Tab tab)
{
    m_tabs->setCurrentIndex(tab);
}

void DataPanel::showRow(const core::Example &example, int number)
{
    if (m_saveComment.isActive() && example.id != m_row)
        saveComment();
    m_row = example.id;
    m_comment->setVisible(number != 0);
    QStringList extra;
    const core::ExtraFields fields = core::extraFields(example.extra);
    for (const auto &[name, value] : fields)
        extra << tr("%1: %2").arg(QString::fromStdString(name), QString::fromStdString(core::cellText(value)));
    m_rowExtra->setPlainText(extra.join(u'\n'));
    m_rowExtra->setVisible(!extra.isEmpty());
    if (!m_saveComment.isActive()) {  // what is being typed stays
        const QSignalBlocker block(m_comment);
        m_commentBefore = QString::fromStdString(example.comment);
        m_comment->setPlainText(m_commentBefore);
    }
    if (number == 0) {
        m_rowTitle->setText(tr("No row chosen"));
        m_rowText->clear();
        m_rowFacts->setText(tr("Choose a row to see its whole text."));
        return;
    }
    m_rowTitle->setText(tr("Row %1").arg(number));
    m_rowText->setPlainText(QString::fromStdString(example.text));
    const core::LabelSet labels = core::labelsOf(example);
    QStringList facts;
    facts << (labels.isAnswered ? tr("Label: %1").arg(m_session.labelWords(labels)) : tr("No label"));
    facts << (example.source.empty() ? tr("Typed here")
              : example.sourceRow > 0
                  ? tr("From %1, row %2").arg(QString::fromStdString(example.source)).arg(example.sourceRow)
                  : tr("From: %1").arg(QString::fromStdString(example.source)));
    if (!example.place.empty())
        facts << tr("Place: %1").arg(QString::fromStdString(example.place));
    facts << tr("Label by: %1").arg(QString::fromStdString(example.provenance));
    m_rowFacts->setText(facts.join(u'\n'));
}

void DataPanel::saveComment()
{
    m_saveComment.stop();
    const QString text = m_comment->toPlainText();
    if (m_row != 0 && text != m_commentBefore) {
        m_commentBefore = text;
        m_session.apply(fillDraft(std::span(&m_row, 1), core::FieldChange::Field::Comment, text));
    }
}

void DataPanel::fillCheck()
{
    emptyLayout(m_checkList);
    for (const core::Finding &finding : m_session.findings()) {
        auto *card = new FindingCard(m_theme, finding);
        m_checkList->addWidget(card);
        connect(card, &FindingCard::showRowsClicked, this,
                [this, rows = finding.rows, asGiven = finding.inOrder] { Q_EMIT showRows(rows, asGiven); });
        connect(card, &FindingCard::fixClicked, this, [this, finding] { Q_EMIT fix(finding); });
        connect(card, &FindingCard::ignoreClicked, this, [this, finding] { m_session.ignore(finding); });
    }
    if (m_session.findings().empty()) {
        auto *words = makeLabel(
            m_session.counts().total() == 0 ? tr("Nothing to check yet.") : tr("Everything is in order."), "muted");
        words->setContentsMargins(16, 16, 16, 16);
        m_checkList->addWidget(words);
    }
    if (m_session.counts().total() > 0)
        addDeepCheck();
    m_checkList->addStretch();
    m_tabs->setTabText(CheckTab,
                       m_session.findings().empty() ? tr("Check") : tr("Check  %1").arg(m_session.findings().size()));
}

void DataPanel::addDeepCheck()
{
    const DeepChecker &deep = m_session.deepCheck();
    auto *pane = makePane("raised");
    auto *column = makeLayout<QVBoxLayout>({16, 12, 16, 16}, 8);
    pane->setLayout(column);
    column->addWidget(makeLabel(
        deep.isRunning() ? tr("Looking for rows that are nearly the same and for wrong labels. You can go on working.")
        : deep.hasRun()
            ? tr("Looked for rows that are nearly the same and for wrong labels. Rows that you changed "
                 "since are taken to be right.")
            : tr("A deeper look finds rows that say the same in other words and labels that are probably wrong."),
        "caption", true));
    auto *look = makeButton(deep.hasRun() ? tr("Look again") : tr("Look deeper"), "lookDeeper", "small");
    look->setEnabled(!deep.isRunning());
    column->addWidget(look, 0, Qt::AlignLeft);
    connect(look, &QPushButton::clicked, &m_session, &Session::lookDeeper);
    m_checkList->addWidget(pane);
}

void DataPanel::fillSuggestions()
{
    emptyLayout(m_suggestionList);
    const auto quick = m_session.quick();
    const core::Suggestions &suggestions = m_session.suggestions();
    const auto add = [&](const QString &text, const char *role) {
        auto *label = makeLabel(text, role, true);
        label->setContentsMargins(16, 0, 16, 0);
        m_suggestionList->addWidget(label);
    };
    const auto addButton = [&](const QString &text, const char *name, auto action) {
        auto *button = makeButton(text, name, "small");
        auto *row = makeLayout<QHBoxLayout>({16, 0, 16, 0});
        row->addWidget(button);
        row->addStretch();
        auto *pane = makePane("raised");
        pane->setLayout(row);
        m_suggestionList->addWidget(pane);
        connect(button, &QPushButton::clicked, this, action);
    };
    m_suggestionList->setSpacing(12);
    m_suggestionList->setContentsMargins(0, 16, 0, 16);
    if (!quick) {
        add(tr("As soon as two classes have three rows each, the first classifier suggests labels for the rest."),
            "muted");
    } else {
        add(tr("The quick classifier is right on %1 rows left out.").arg(shareText(quick->heldOutCorrect, quick->rows)),
            "strong");
        if (suggestions.byRow.empty()) {
            add(tr("There are no unlabelled rows to suggest labels for."), "muted");
        } else {
            const auto sure = std::count_if(suggestions.byRow.begin(), suggestions.byRow.end(),
                                            [](const auto &entry) { return entry.second.confidence >= SureEnough; });
            add(tr("%1 have a suggested label. Ctrl+Return takes it, a number key gives another one.")
                    .arg(rowsText(static_cast<qint64>(suggestions.byRow.size()))),
                "caption");
            addButton(tr("Show the most useful first"), "mostUseful",
                      [this] { Q_EMIT showRows(m_session.suggestions().mostUseful, true); });
            if (sure > 0 && !m_session.isReadOnly())
                addButton(tr("Accept the %1 surest").arg(countText(sure)), "acceptSurest",
                          [this] { Q_EMIT acceptAllAbove(SureEnough); });
        }
        if (const auto &curve = m_session.quick()->curve; !curve.points.empty()) {
            QStringList shares;
            for (const auto &point : curve.points)
                shares << tr("%1 rows: %2").arg(countText(point.rows), percentText(point.right));
            add(curve.isRising()
                    ? tr("More rows would help: twice as many perhaps by %1 points (%2 to %3).")
                          .arg(pointsText(curve.gain), pointsText(curve.interval.low), pointsText(curve.interval.high))
                    : tr("More rows of the same kind bring little."),
                "strong");
            add(tr("Right on rows left out, learned from %1.").arg(shares.join(QStringLiteral(", "))), "caption");
        }
    }
    m_suggestionList->addStretch();
}

void DataPanel::fillHistory()
{
    if (m_tabs->currentIndex() != HistoryTab)
        return;  // two hundred labels at every edit would be felt
    emptyLayout(m_historyList);
    for (const core::EditInfo &edit : m_session.history()) {
        auto *pane = makePane("raised", "bottom");
        auto *column = makeLayout<QVBoxLayout>({16, 8, 16, 9}, 2);
        pane->setLayout(column);
        column->addWidget(makeLabel(QString::fromStdString(edit.title), edit.undone ? "muted" : nullptr, true));
        auto *foot = makeLayout<QHBoxLayout>();
        foot->addWidget(makeLabel(edit.undone ? tr("%1, undone").arg(dayText(edit.createdAt)) : dayText(edit.createdAt),
                                  "caption"));
        foot->addStretch();
        if (!edit.undone && !m_session.isReadOnly()) {
            auto *back = makeButton(tr("Take back"), "takeBack", "link");
            back->setToolTip(tr("Undo this one step and keep the later ones, where they changed other things"));
            foot->addWidget(back);
            connect(back, &QPushButton::clicked, this, [this, id = edit.id] { m_session.takeBack(id); });
        }
        column->addLayout(foot);
        m_historyList->addWidget(pane);
    }
    if (m_session.history().empty()) {
        auto *words = makeLabel(tr("Nothing changed yet."), "muted");
        words->setContentsMargins(16, 16, 16, 16);
        m_historyList->addWidget(words);
    }
    m_historyList->addStretch();
}

}  // namespace ui
