// SPDX-License-Identifier: Apache-2.0
// Every colour, icon and style of the window. No colour literal stands anywhere else.
#pragma once

#include <QColor>
#include <QIcon>
#include <QObject>

class QApplication;
class QPainter;

namespace ui {

/// What a colour is for. Values per scheme are in tokens.cpp.
struct Tokens {
    QColor window, surface, raised, hover, border, grid, control, button;
    QColor text, muted, disabled, accent, accentHover, accentPressed, accentText;
    QColor selection, focus, success, successTint, warning, warningTint, danger, dangerTint, track;
    QColor heatRight[6];
    QColor heatWrong[6];
    QColor heatStrongText;  ///< on the two strongest steps of the dark scheme
    bool dark = false;
};

[[nodiscard]] const Tokens &lightTokens();
[[nodiscard]] const Tokens &darkTokens();

/// The state of a step, run, card or finding: shape and colour.
enum class Mark { None, Empty, Progress, Done, Attention, Blocking, Info };

/// Words for screen readers and tooltips.
[[nodiscard]] QString markText(Mark mark);

class Theme final : public QObject {
    Q_OBJECT
public:
    enum class Scheme { System, Light, Dark };
    Q_ENUM(Scheme)

    explicit Theme(QApplication &application);

    /// Sets style, palette and style sheet of the whole application. System follows the desktop while it runs.
    void setScheme(Scheme scheme);
    [[nodiscard]] Scheme scheme() const { return m_scheme; }
    /// Lines and disabled words as strong as muted text; set from the desktop's wish in every scheme.
    void setHighContrast(bool on);

    [[nodiscard]] const Tokens &tokens() const { return m_tokens; }
    /// Colour of a class; from the 13th on the colours come again and `hollow` is set.
    [[nodiscard]] static QColor classColour(qint64 index);
    [[nodiscard]] static bool classIsHollow(qint64 index);

    /// resources/icons/<name>.svg in the text colour, or in `colour`; follows a change of scheme.
    [[nodiscard]] QIcon icon(const char *name) const;
    [[nodiscard]] QIcon icon(const char *name, QColor Tokens::*colour) const;

    /// 14 px marks; `rect` gives place and size.
    void paintMark(QPainter &painter, const QRectF &rect, Mark mark) const;
    void paintClassSquare(QPainter &painter, const QRectF &rect, qint64 colour) const;

Q_SIGNALS:
    void changed();

private Q_SLOTS:
    void desktopChanged(const QString &group);

private:
    void apply();

    QApplication &m_application;
    Scheme m_scheme = Scheme::System;
    bool m_desktopPaletteIsDark;  ///< before ours was set
    bool m_highContrast;
    Tokens m_tokens;
};

/// The application style sheet of a scheme.
[[nodiscard]] QString styleSheet(const Tokens &tokens);

}  // namespace ui
