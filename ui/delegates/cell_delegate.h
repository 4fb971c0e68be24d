// SPDX-License-Identifier: Apache-2.0
// How cells look: row line, selection, focus cell; chips, marks and bars inside.
#pragma once

#include "ui/session/chip.h"
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
    /// Once for each editor: what is being typed stays, whatever else happens to the rows.
    void setEditorData(QWidget *editor, const QModelIndex &index) const final;

protected:
    virtual void fillEditor(QWidget *editor, const QModelIndex &index) const;
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

/// Classes as chips; edited by an editable list of the class names, or several of them as a line of names.
class ChipDelegate final : public CellDelegate {
    Q_OBJECT
public:
    struct Roles {
        int chips, provenance;  ///< provenance -1: always a person's
        int suggested = -1;     ///< other classes that are suggested; -1: never
    };
    ChipDelegate(const Theme &theme, Roles roles, QObject *parent) : CellDelegate(theme, parent), m_roles(roles) { }
    void setChoices(const QStringList &names, bool several)
    {
        m_choices = names;
        m_takesSeveral = several;
    }

    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    void setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const override;

protected:
    void fillEditor(QWidget *editor, const QModelIndex &index) const override;
    void paintInside(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    /// As many as there is room for, then how many more; returns their width.
    int paintChips(QPainter &painter, const QRect &area, const Chips &chips, bool dashed) const;

    Roles m_roles;
    QStringList m_choices;
    bool m_takesSeveral = false;
};

/// Paints a chip with its left end at `area`'s; returns its width.
int paintChip(QPainter &painter, const Theme &theme, const QRect &area, const Chip &chip, bool dashed);

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
