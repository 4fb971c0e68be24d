// SPDX-License-Identifier: Apache-2.0
#include "ui/results/next_pane.h"

#include "ui/widgets/build.h"
#include "ui/words.h"

namespace ui {

namespace {

constexpr int CardWidth = 720;

QString buttonText(core::Advice::Kind kind)
{
    using Kind = core::Advice::Kind;
    switch (kind) {
    case Kind::TeachNew: return NextPane::tr("Train from its weights");
    case Kind::LookAtRows: return NextPane::tr("Show them in Data");
    case Kind::NeverAnswered:
    case Kind::MoreRows: return NextPane::tr("Go to Data");
    case Kind::TellApart: return NextPane::tr("Go to Define");
    case Kind::AskBelow: return NextPane::tr("Set the limit");
    case Kind::GoOn: return NextPane::tr("Go to Training");
    case Kind::MakeExam: return NextPane::tr("Keep them for the exam");
    case Kind::Use: return NextPane::tr("Go on to Use");
    }
    return {};
}

QString gainText(const core::Advice &advice)
{
    if (advice.kind == core::Advice::Kind::Use || advice.kind == core::Advice::Kind::MakeExam)
        return {};
    if (advice.kind == core::Advice::Kind::AskBelow)
        return NextPane::tr("+%1 points on what it answers").arg(pointsText(advice.gain));
    return NextPane::tr("about +%1 points").arg(pointsText(advice.gain));
}

}  // namespace

NextPane::NextPane(const Theme &theme, Session &session, QWidget *parent)
    : ResultPane(parent), m_theme(theme), m_session(session)
{
    auto *outer = makeLayout<QVBoxLayout>({}, 0);
    setLayout(outer);
    auto *pane = makePane("surface");
    m_cards = makeLayout<QVBoxLayout>({24, 12, 24, 12}, 0);
    pane->setLayout(m_cards);
    m_cards->addStretch();
    outer->addWidget(makeScroll(pane));
}

void NextPane::showResults(const SharedResults &results)
{
    delete m_list;
    m_list = new QWidget;
    auto *column = makeLayout<QVBoxLayout>({}, 8);
    m_list->setLayout(column);
    m_list->setMaximumWidth(CardWidth);
    auto cards = core::adviceOn(m_session.service(), *results);
    if (!cards)
        Q_EMIT failed(cards.error());
    else if (cards->empty())
        column->addWidget(
            makeLabel(results->shown.checkpoint.isExam()
                          ? tr("What next is said of checkpoints. Train one, and compare it with this teacher.")
                          : tr("This checkpoint has kept no answers to rows that were held out of its training, "
                               "which advice is drawn from. Train again to get some."),
                      "muted", true));
    else
        for (const core::Advice &advice : *cards)
            column->addWidget(makeCard(advice));
    m_cards->insertWidget(0, m_list);
}

QWidget *NextPane::makeCard(const core::Advice &advice)
{
    auto *card = makePane("raised");
    card->setObjectName(QStringLiteral("advice_%1").arg(QLatin1String(core::name(advice.kind))));
    auto *row = makeLayout<QHBoxLayout>({16, 12, 16, 12}, 16);
    card->setLayout(row);
    auto *words = makeLayout<QVBoxLayout>({}, 4);
    QString title = QString::fromStdString(advice.title);
    for (const std::string &label : advice.labels)
        title.replace(QString::fromStdString(label), className(label));
    words->addWidget(makeLabel(title, "strong", true));
    words->addWidget(makeLabel(QString::fromStdString(advice.evidence), "muted", true));
    row->addLayout(words, 1);
    auto *gain = makeLabel(gainText(advice), "strong");
    row->addWidget(gain, 0, Qt::AlignTop);
    auto *button = makeButton(buttonText(advice.kind), "followAdvice", "small");
    row->addWidget(button, 0, Qt::AlignTop);
    connect(button, &QPushButton::clicked, this, [this, advice] { Q_EMIT chosen(advice); });
    return card;
}

}  // namespace ui
