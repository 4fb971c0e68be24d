// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/answer_bars.h"

#include "ui/session/session.h"
#include "ui/words.h"

#include <QPainter>
#include <algorithm>

namespace ui {

namespace {

constexpr int RowHeight = 40;
constexpr size_t MostBars = 8;

}  // namespace

AnswerBars::AnswerBars(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("answerBars"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void AnswerBars::setBars(std::vector<Bar> bars)
{
    std::stable_sort(bars.begin(), bars.end(),
                     [](const Bar &a, const Bar &b) { return a.probability > b.probability; });
    if (bars.size() > MostBars)
        bars.resize(MostBars);
    m_bars = std::move(bars);
    QStringList words;
    for (const Bar &bar : m_bars)
        words << tr("%1 %2").arg(bar.name, decimals(bar.probability));
    setAccessibleName(words.join(QStringLiteral(", ")));
    updateGeometry();
    update();
}

void AnswerBars::setAnswer(const Session &session, const std::vector<std::string> &labels,
                           const std::vector<float> &probabilities)
{
    std::vector<Bar> bars;
    for (size_t i = 0; i < labels.size(); ++i)
        bars.push_back({className(labels[i]), session.colourOf(labels[i], static_cast<int64_t>(i)),
                        static_cast<double>(probabilities[i])});
    setBars(std::move(bars));
}

QSize AnswerBars::sizeHint() const
{
    return {240, static_cast<int>(m_bars.size()) * RowHeight};
}

void AnswerBars::paintEvent(QPaintEvent *)
{
    const Tokens &t = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    for (size_t i = 0; i < m_bars.size(); ++i) {
        const Bar &bar = m_bars[i];
        const int top = static_cast<int>(i) * RowHeight;
        m_theme.paintClassSquare(painter, QRectF(0, top + 7, 8, 8), bar.colour);
        QFont font = painter.font();
        font.setWeight(i == 0 ? QFont::DemiBold : QFont::Normal);
        painter.setFont(font);
        painter.setPen(t.text);
        const QRect line(16, top, width() - 16, 22);
        painter.drawText(line.adjusted(0, 0, -48, 0), Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(bar.name, Qt::ElideRight, line.width() - 48));
        painter.drawText(line, Qt::AlignVCenter | Qt::AlignRight, decimals(bar.probability));
        const QRectF track(0, top + 24, width(), 6);
        painter.setPen(Qt::NoPen);
        painter.setBrush(t.track);
        painter.drawRoundedRect(track, 2, 2);
        painter.setBrush(Theme::classColour(bar.colour));
        painter.drawRoundedRect(QRectF(track.left(), track.top(), track.width() * bar.probability, 6), 2, 2);
    }
}

}  // namespace ui
