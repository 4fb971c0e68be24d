// SPDX-License-Identifier: Apache-2.0
#include "ui/theme/theme.h"

namespace ui {

const Tokens &lightTokens()
{
    static const Tokens tokens = [] {
        Tokens t;
        t.window = 0xF4F3F0;
        t.surface = 0xFFFFFF;
        t.raised = 0xFAF9F7;
        t.hover = 0xEFEDE9;
        t.border = 0xDEDBD5;
        t.grid = 0xECEAE6;
        t.control = 0x918C84;
        t.button = 0xC6C2BA;
        t.text = 0x1E2123;
        t.muted = 0x625F5A;
        t.disabled = 0x98948D;
        t.accent = 0x0B6B74;
        t.accentHover = 0x095B63;
        t.accentPressed = 0x074B52;
        t.accentText = 0xFFFFFF;
        t.selection = 0xDCECED;
        t.focus = 0x0E8490;
        t.success = 0x1E7436;
        t.successTint = 0xE7F3EA;
        t.warning = 0x8A5700;
        t.warningTint = 0xFAF0DC;
        t.danger = 0xB3261E;
        t.dangerTint = 0xFAE9E6;
        t.track = 0xE6E3DE;
        const QRgb right[] = {0xFFFFFF, 0xE3F0F1, 0xB9DBDD, 0x7FBBC0, 0x469AA2, 0x0B6B74};
        const QRgb wrong[] = {0xFFFFFF, 0xFBEBE1, 0xF3CDB6, 0xE39A75, 0xD07548, 0x9C3D17};
        for (int i = 0; i < 6; ++i) {
            t.heatRight[i] = right[i];
            t.heatWrong[i] = wrong[i];
        }
        t.heatStrongText = 0xFFFFFF;
        return t;
    }();
    return tokens;
}

const Tokens &darkTokens()
{
    static const Tokens tokens = [] {
        Tokens t;
        t.dark = true;
        t.window = 0x16181A;
        t.surface = 0x1D2022;
        t.raised = 0x24282A;
        t.hover = 0x2A2F32;
        t.border = 0x33393C;
        t.grid = 0x2A2F31;
        t.control = 0x747C81;
        t.button = 0x484F53;
        t.text = 0xE8E8E5;
        t.muted = 0xA4A9AB;
        t.disabled = 0x6B7174;
        t.accent = 0x5ABCC6;
        t.accentHover = 0x6FCAD3;
        t.accentPressed = 0x46A6B0;
        t.accentText = 0x06262A;
        t.selection = 0x1E4348;
        t.focus = 0x5ABCC6;
        t.success = 0x6CC68B;
        t.successTint = 0x1C3326;
        t.warning = 0xE3B251;
        t.warningTint = 0x3A301A;
        t.danger = 0xF28A80;
        t.dangerTint = 0x402422;
        t.track = 0x363C3F;
        const QRgb right[] = {0x1D2022, 0x1B3438, 0x1C4C52, 0x22686F, 0x38939B, 0x7FD3DB};
        const QRgb wrong[] = {0x1D2022, 0x3A261E, 0x5A3423, 0x86482A, 0xBC6B41, 0xF0A880};
        for (int i = 0; i < 6; ++i) {
            t.heatRight[i] = right[i];
            t.heatWrong[i] = wrong[i];
        }
        t.heatStrongText = 0x0E1112;
        return t;
    }();
    return tokens;
}

}  // namespace ui
