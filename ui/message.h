// SPDX-License-Identifier: Apache-2.0
// A sentence for the user with at most one action.
#pragma once

#include "core/base/error.h"

#include <QString>
#include <functional>

namespace ui {

struct Message {
    enum class State { News, Success, Warning, Danger } state = State::News;
    QString cause;    ///< in bold: what happened
    QString follows;  ///< what it means, or what to do
    QString actionText;
    std::function<void()> action;
    QString details;     ///< may be copied; never texts or keys
    bool stays = false;  ///< news do not take its place; they wait until it is closed
};

/// The sentence of an error: what happened to what, and what to do now.
[[nodiscard]] Message errorMessage(const base::Error &error);

}  // namespace ui
