// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/data_panel.h"

#include "ui/widgets/build.h"
#include "ui/widgets/finding_card.h"
#include "ui/words.h"

#include <QPlainTextEdit>
#include <QStackedWidget>
#include <QTabBar>

namespace ui {

namespace {

constexpr int PanelWidth = 320;

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
    tabRow->addWidget(m_tabs, 0, Qt::AlignBottom);
    tabRow->addStretch();
    column->addWidget(tabs);
    m_pages = new QStackedWidget;
    column->addWidget(m_pages, 1);
    m_pages->addWidget(buildRow());
    for (QVBoxLayout **list : {&m_checkList, &m_historyList}) {
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
    connect(&session, &Session::dataChanged, this, &DataPanel::fillHistory);
    fillCheck();
    fillHistory();
    showRow({}, 0);
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
    if (number == 0) {
        m_rowTitle->setText(tr("No row chosen"));
        m_rowText->clear();
        m_rowFacts->setText(tr("Choose a row to see its whole text."));
        return;
    }
    m_rowTitle->setText(tr("Row %1").arg(number));
    m_rowText->setPlainText(QString::fromStdString(example.text));
    const core::Label *label = example.label ? m_session.labelOrNull(*example.label) : nullptr;
    QStringList facts;
    facts << (label ? tr("Label: %1").arg(className(label->name)) : tr("No label"));
    facts << (example.source.empty() ? tr("Typed here")
              : example.sourceRow > 0
                  ? tr("From %1, row %2").arg(QString::fromStdString(example.source)).arg(example.sourceRow)
                  : tr("From: %1").arg(QString::fromStdString(example.source)));
    facts << tr("Label by: %1").arg(QString::fromStdString(example.provenance));
    m_rowFacts->setText(facts.join(u'\n'));
}

void DataPanel::fillCheck()
{
    emptyLayout(m_checkList);
    for (const core::Finding &finding : m_session.findings()) {
        auto *card = new FindingCard(m_theme, finding);
        m_checkList->addWidget(card);
        connect(card, &FindingCard::showRowsClicked, this, [this, rows = finding.rows] { Q_EMIT showRows(rows); });
        connect(card, &FindingCard::fixClicked, this, [this, finding] { Q_EMIT fix(finding); });
    }
    if (m_session.findings().empty()) {
        auto *words = makeLabel(
            m_session.counts().total() == 0 ? tr("Nothing to check yet.") : tr("Everything is in order."), "muted");
        words->setContentsMargins(16, 16, 16, 16);
        m_checkList->addWidget(words);
    }
    m_checkList->addStretch();
    m_tabs->setTabText(CheckTab,
                       m_session.findings().empty() ? tr("Check") : tr("Check  %1").arg(m_session.findings().size()));
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
        column->addWidget(makeLabel(
            edit.undone ? tr("%1, undone").arg(dayText(edit.createdAt)) : dayText(edit.createdAt), "caption"));
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
