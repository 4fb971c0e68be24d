// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/word_weights.h"

#include "ui/words.h"

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

constexpr size_t MostWords = 3;
/// Of the strongest word's weight: what is less is not marked.
constexpr double Marked = 0.12;
/// A text without any word that counts is not to shine as if it had one.
constexpr double FullStrength = 0.5;
constexpr double Deepest = 0.55;  ///< of the class's colour behind the strongest word
constexpr qsizetype MostCharacters = 1500;

QColor mixed(const QColor &from, const QColor &to, double share)
{
    const auto between = [&](int a, int b) { return static_cast<int>(std::lround(a + (b - a) * share)); };
    return {between(from.red(), to.red()), between(from.green(), to.green()), between(from.blue(), to.blue())};
}

QString words(const std::vector<const core::TextPart *> &parts)
{
    QStringList list;
    for (const core::TextPart *part : parts) {
        if (std::abs(part->logOdds) >= 0.05)
            list << QStringLiteral("%1 %2%3").arg(QString::fromStdString(part->text),
                                                  part->logOdds > 0 ? QStringLiteral("+") : QStringLiteral("\u2212"),
                                                  decimals(std::abs(part->logOdds), 1));
    }
    return list.join(QStringLiteral(", "));
}

}  // namespace

WordWeights::WordWeights(const Theme &theme, QWidget *parent) : QLabel(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("wordWeights"));
    setWordWrap(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse);
    connect(&theme, &Theme::changed, this, [this] {
        if (m_isExplained)
            draw();
    });
}

void WordWeights::showText(const QString &text)
{
    m_isExplained = false;
    setTextFormat(Qt::PlainText);
    setText(text.left(MostCharacters));
    setAccessibleDescription({});
}

void WordWeights::showExplanation(const core::Explanation &explanation, qint64 colour)
{
    m_explanation = explanation;
    m_colour = colour;
    m_isExplained = true;
    draw();
    setAccessibleDescription(decidingText(explanation));
}

void WordWeights::draw()
{
    const Tokens &tokens = m_theme.tokens();
    double strongest = FullStrength;
    for (const core::TextPart &part : m_explanation.parts)
        strongest = std::max(strongest, std::abs(part.logOdds));
    QString html;
    qsizetype shown = 0;
    for (const core::TextPart &part : m_explanation.parts) {
        const QString text = QString::fromStdString(part.text);
        shown += text.size();
        if (shown > MostCharacters)
            break;
        const QString escaped = text.toHtmlEscaped().replace(u'\n', QStringLiteral("<br>"));
        const double share = part.logOdds / strongest;
        if (!part.isRead)
            html += QStringLiteral("<span style=\"color:%1\">%2</span>").arg(tokens.disabled.name(), escaped);
        else if (share >= Marked)
            html += QStringLiteral("<span style=\"background-color:%1\">%2</span>")
                        .arg(mixed(tokens.raised, Theme::classColour(m_colour), share * Deepest).name(), escaped);
        else if (share <= -Marked)
            html += QStringLiteral("<span style=\"text-decoration:underline\">%1</span>").arg(escaped);
        else
            html += escaped;
    }
    setTextFormat(Qt::RichText);
    setText(html);
}

QString decidingText(const core::Explanation &explanation)
{
    const auto deciding = core::decidingWords(explanation, MostWords);
    const QString supporting = words(deciding.supporting), opposing = words(deciding.opposing);
    if (opposing.isEmpty())
        return supporting;
    const QString against = WordWeights::tr("against it: %1").arg(opposing);
    return supporting.isEmpty() ? against : WordWeights::tr("%1; %2").arg(supporting, against);
}

}  // namespace ui
