// SPDX-License-Identifier: Apache-2.0
// How cells look: row line, selection, focus cell; chips, marks and bars inside.
#pragma once

#include "ui/theme/theme.h"

#include <QStyledItemDelegate>

namespace ui {

/// Ground of every cell, and plain text.
class CellDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    CellDelegate(const Theme &theme, QObject *parent) : QStyledItemDelegate(parent), m_theme(theme) { }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

protected:
    virtual void paintInside(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const;
    /// Text that the ellipsis ends, in the colour of the role.
    void paintText(QPainter &painter, const QRect &area, const QString &text, Qt::Alignment alignment,
                   const QColor &colour) const;
    const Theme &m_theme;
};

/// Muted text for columns that accompany.
class MutedDelegate final : public CellDelegate {
    Q_OBJECT
public:
    using CellDelegate::CellDelegate;

protected:
    void paintInside(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

/// A mark from a role.
class MarkDelegate final : public CellDelegate {
    Q_OBJECT
public:
    MarkDelegate(const Theme &theme, int role, QObject *parent) : CellDelegate(theme, parent), m_role(role) { }

protected:
    void paintInside(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    int m_role;
};

/// A class as a chip; edited by an editable list of the class names.
class ChipDelegate final : public CellDelegate {
    Q_OBJECT
public:
    struct Roles {
        int colour, provenance;                    ///< provenance -1: always a person's
        int suggested = -1, suggestedColour = -1;  ///< another class that is suggested; -1: never
    };
    ChipDelegate(const Theme &theme, Roles roles, QObject *parent) : CellDelegate(theme, parent), m_roles(roles) { }
    void setChoices(const QStringList &names) { m_choices = names; }

    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    void setEditorData(QWidget *editor, const QModelIndex &index) const override;
    void setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const override;

protected:
    void paintInside(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    Roles m_roles;
    QStringList m_choices;
};

/// Paints a chip with its left end at `area`'s; returns its width.
int paintChip(QPainter &painter, const Theme &theme, const QRect &area, const QString &name, qint64 colour,
              bool dashed);

/// A share 0..1 (role) as bar with number; colour index from another role, or accent without one.
class BarDelegate final : public CellDelegate {
    Q_OBJECT
public:
    BarDelegate(const Theme &theme, int valueRole, int colourRole, QObject *parent)
        : CellDelegate(theme, parent), m_valueRole(valueRole), m_colourRole(colourRole)
    {
    }

protected:
    void paintInside(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    int m_valueRole, m_colourRole;
};

}  // namespace ui
