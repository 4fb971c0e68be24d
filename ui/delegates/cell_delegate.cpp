// SPDX-License-Identifier: Apache-2.0
#include "ui/delegates/cell_delegate.h"

#include "ui/delegates/labels_edit.h"
#include "ui/words.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QCompleter>
#include <QLineEdit>
#include <QPainter>

namespace ui {

namespace {

constexpr int Padding = 8;
constexpr int FirstPadding = 24;
constexpr int ChipHeight = 20;
constexpr int ChipGap = 4;
/// A narrower chip would say nothing.
constexpr int LeastChipWidth = 56;
/// Of "+2".
constexpr int MoreWidth = 22;
constexpr int BarWidth = 70;

}  // namespace

void CellDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Tokens &t = m_theme.tokens();
    painter->save();
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const bool hovered = option.state.testFlag(QStyle::State_MouseOver);
    const bool active = option.state.testFlag(QStyle::State_Active);
    if (selected || hovered)
        painter->fillRect(option.rect, selected && active ? t.selection : t.hover);
    painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), t.grid);
    paintInside(*painter, option, index);
    if (option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setPen(QPen(t.focus, 2));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(option.rect.adjusted(1, 1, -1, -1));
    }
    painter->restore();
}

QWidget *CellDelegate::createEditor(QWidget *parent, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QWidget *editor = QStyledItemDelegate::createEditor(parent, option, index);
    if (editor) {
        editor->setObjectName(QStringLiteral("cellEditor"));
        editor->setAccessibleName(index.model()->headerData(index.column(), Qt::Horizontal).toString());
    }
    return editor;
}

void CellDelegate::paintText(QPainter &painter, const QRect &area, const QString &text, Qt::Alignment alignment,
                             const QColor &colour) const
{
    painter.setPen(colour);
    int flags = static_cast<int>(alignment | Qt::TextSingleLine);
    if (text.isRightToLeft()) {  // it begins at the right, and what is left out is at its end
        if (alignment.testFlag(Qt::AlignLeft))
            flags = (flags & ~int{Qt::AlignLeft}) | Qt::AlignRight;
        flags |= Qt::TextForceRightToLeft;
    }
    painter.drawText(area, flags, painter.fontMetrics().elidedText(text, Qt::ElideRight, area.width()));
}

void CellDelegate::paintInside(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto alignment = index.data(Qt::TextAlignmentRole);
    QFont font = option.font;
    const auto wanted = index.data(Qt::FontRole);
    painter.setFont(wanted.isValid() ? wanted.value<QFont>() : font);
    paintText(painter, option.rect.adjusted(index.column() == 0 ? FirstPadding : Padding, 0, -Padding, 0),
              index.data().toString(),
              alignment.isValid() ? alignment.value<Qt::Alignment>() : Qt::AlignVCenter | Qt::AlignLeft,
              m_theme.tokens().text);
}

void MutedDelegate::paintInside(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto alignment = index.data(Qt::TextAlignmentRole);
    painter.setFont(option.font);
    paintText(painter, option.rect.adjusted(Padding, 0, -Padding, 0), index.data().toString(),
              alignment.isValid() ? alignment.value<Qt::Alignment>() : Qt::AlignVCenter | Qt::AlignLeft,
              m_theme.tokens().muted);
}

void MarkDelegate::paintInside(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto mark = static_cast<Mark>(index.data(m_role).toInt());
    const QPoint centre = option.rect.center();
    m_theme.paintMark(painter, QRectF(centre.x() - 6, centre.y() - 6, 14, 14), mark);
}

int paintChip(QPainter &painter, const Theme &theme, const QRect &area, const Chip &what, bool dashed)
{
    const Tokens &t = theme.tokens();
    QFont font = painter.font();
    font.setPixelSize(12);
    painter.setFont(font);
    const int around = what.colour == NoColour ? 16 : 28;
    const QString shown = painter.fontMetrics().elidedText(what.name, Qt::ElideRight, area.width() - around);
    const int width = painter.fontMetrics().horizontalAdvance(shown) + around;
    const QRectF chip(area.left() + 0.5, area.center().y() - ChipHeight / 2.0 + 0.5, width, ChipHeight);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(dashed ? t.control : t.border, 1, dashed ? Qt::DashLine : Qt::SolidLine));
    painter.setBrush(t.surface);
    painter.drawRoundedRect(chip, 10, 10);
    if (what.colour != NoColour)
        theme.paintClassSquare(painter, QRectF(chip.left() + 8, chip.center().y() - 4, 8, 8), what.colour);
    painter.setPen(what.colour == NoColour ? t.muted : t.text);
    painter.drawText(chip.adjusted(around - 7.0, 0, 0, -1), Qt::AlignVCenter | Qt::AlignLeft, shown);
    painter.setRenderHint(QPainter::Antialiasing, false);
    return width;
}

int ChipDelegate::paintChips(QPainter &painter, const QRect &area, const Chips &chips, bool dashed) const
{
    int used = 0;
    for (qsizetype i = 0; i < chips.size(); ++i) {
        const bool isLast = i + 1 == chips.size();
        const int room = area.width() - used - (isLast ? 0 : MoreWidth);
        if (i > 0 && room < LeastChipWidth) {
            const QRect rest(area.left() + used, area.top(), MoreWidth, area.height());
            paintText(painter, rest, QStringLiteral("+%1").arg(chips.size() - i), Qt::AlignVCenter | Qt::AlignLeft,
                      m_theme.tokens().muted);
            return used + MoreWidth;
        }
        used +=
            paintChip(painter, m_theme, QRect(area.left() + used, area.top(), room, area.height()), chips[i], dashed) +
            ChipGap;
    }
    return used;
}

void ChipDelegate::paintInside(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto chips = index.data(m_roles.chips).value<Chips>();
    QRect area = option.rect.adjusted(Padding, 0, -Padding, 0);
    Chips suggested = m_roles.suggested < 0 ? Chips() : index.data(m_roles.suggested).value<Chips>();
    for (Chip &chip : suggested)
        chip.name += u'?';
    painter.setFont(option.font);
    if (!chips.isEmpty()) {
        const QString from = m_roles.provenance < 0 ? QString() : index.data(m_roles.provenance).toString();
        const bool byTeacher = from.startsWith(u"teacher") || from.startsWith(u"suggest");
        const QRect half =
            suggested.isEmpty() ? area : QRect(area.left(), area.top(), area.width() / 2 - 2, area.height());
        area.setLeft(area.left() + paintChips(painter, half, chips, byTeacher));
    }
    paintChips(painter, area, suggested, true);
}

QWidget *ChipDelegate::createEditor(QWidget *parent, const QStyleOptionViewItem &, const QModelIndex &) const
{
    if (m_takesSeveral)
        return new LabelsEdit(m_choices, parent);
    auto *editor = new QComboBox(parent);
    editor->setObjectName(QStringLiteral("labelEditor"));
    editor->setAccessibleName(tr("Label"));
    editor->setEditable(true);  // a name that is not there yet becomes a class
    editor->setInsertPolicy(QComboBox::NoInsert);
    editor->addItem(QString());
    editor->addItems(m_choices);
    editor->completer()->setFilterMode(Qt::MatchContains);
    editor->completer()->setCompletionMode(QCompleter::PopupCompletion);
    connect(editor, &QComboBox::activated, this, [this, editor] {
        auto *self = const_cast<ChipDelegate *>(this);
        Q_EMIT self->commitData(editor);
        Q_EMIT self->closeEditor(editor);
    });
    return editor;
}

void CellDelegate::setEditorData(QWidget *editor, const QModelIndex &index) const
{
    static constexpr const char *IsFilled = "isFilled";
    if (editor->property(IsFilled).toBool())
        return;
    editor->setProperty(IsFilled, true);
    fillEditor(editor, index);
}

void CellDelegate::fillEditor(QWidget *editor, const QModelIndex &index) const
{
    QStyledItemDelegate::setEditorData(editor, index);
}

void ChipDelegate::fillEditor(QWidget *editor, const QModelIndex &index) const
{
    if (auto *line = qobject_cast<LabelsEdit *>(editor))
        return line->setLabels(index.data(Qt::EditRole).toString());
    auto *combo = qobject_cast<QComboBox *>(editor);
    combo->setCurrentText(index.data(Qt::EditRole).toString());
    combo->lineEdit()->selectAll();
}

void ChipDelegate::setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const
{
    const auto *line = qobject_cast<LabelsEdit *>(editor);
    const QString text = line ? line->text() : qobject_cast<QComboBox *>(editor)->currentText();
    model->setData(index, text.trimmed(), Qt::EditRole);
}

void BarDelegate::paintInside(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QVariant value = index.data(m_valueRole);
    if (!value.isValid())
        return;
    const Tokens &t = m_theme.tokens();
    painter.setFont(option.font);
    const QRect area = option.rect.adjusted(Padding, 0, -Padding, 0);
    const QRectF track(area.left(), area.center().y() - 3, std::min(BarWidth, area.width() - 44), 7);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.track);
    painter.drawRoundedRect(track, 2, 2);
    const QVariant colour = m_colourRole < 0 ? QVariant() : index.data(m_colourRole);
    painter.setBrush(colour.isValid() ? Theme::classColour(colour.toLongLong()) : t.accent);
    painter.drawRoundedRect(QRectF(track.left(), track.top(), track.width() * value.toDouble(), track.height()), 2, 2);
    painter.setRenderHint(QPainter::Antialiasing, false);
    paintText(painter, area, decimals(value.toDouble()), Qt::AlignVCenter | Qt::AlignRight, t.text);
}

}  // namespace ui
