// SPDX-License-Identifier: Apache-2.0
#include "ui/frame/page_head.h"

#include "ui/widgets/build.h"

namespace ui {

PageHead::PageHead(QWidget *parent) : QWidget(parent)
{
    setProperty("tone", "surface");
    setProperty("edge", "bottom");
    setAttribute(Qt::WA_StyledBackground);
    setFixedHeight(49);
    auto *row = makeLayout<QHBoxLayout>({24, 0, 16, 1}, 8);
    setLayout(row);
    m_title = makeLabel({}, "title");
    m_sentence = makeLabel({}, "muted");
    m_sentence->setMinimumWidth(0);
    m_sentence->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_tryIt = makeButton(tr("Try it"), "tryIt");
    m_tryIt->setToolTip(tr("Type a text and see the answer (Ctrl+T)"));
    m_primary = makeButton({}, "primary", "primary");
    m_primary->setAccessibleName(tr("Next step"));  // until a page says what that is
    row->addWidget(m_title);
    row->addSpacing(8);
    row->addWidget(m_sentence, 1);
    row->addWidget(m_tryIt);
    row->addWidget(m_primary);
    connect(m_tryIt, &QPushButton::clicked, this, &PageHead::tryItClicked);
    connect(m_primary, &QPushButton::clicked, this, &PageHead::primaryClicked);
}

void PageHead::show(const QString &title, const QString &sentence, const Primary &primary)
{
    m_title->setText(title);
    m_fullSentence = sentence;
    m_primary->setVisible(!primary.text.isEmpty());
    if (!primary.text.isEmpty()) {
        m_primary->setText(primary.text);
        m_primary->setAccessibleName(primary.text);
        m_primary->setEnabled(primary.enabled);
        m_primary->setToolTip(primary.enabled ? QString() : primary.missing);
    }
    elide();
}

void PageHead::setTryItEnabled(bool enabled, const QString &missing)
{
    m_tryIt->setEnabled(enabled);
    m_tryIt->setToolTip(enabled ? tr("Type a text and see the answer (Ctrl+T)") : missing);
}

void PageHead::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    elide();
}

void PageHead::elide()
{
    const int room = width() - m_title->sizeHint().width() - m_tryIt->sizeHint().width() -
                     (m_primary->isVisible() ? m_primary->sizeHint().width() : 0) - 80;
    m_sentence->setText(m_sentence->fontMetrics().elidedText(m_fullSentence, Qt::ElideRight, std::max(room, 0)));
    m_sentence->setToolTip(m_fullSentence);
}

}  // namespace ui
