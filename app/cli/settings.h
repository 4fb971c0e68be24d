// SPDX-License-Identifier: Apache-2.0
// The user's settings for a command.
#pragma once

#include "app/cli/console.h"
#include "core/settings/app_settings.h"
#include "core/settings/paths.h"

namespace cli {

/// Settings that cannot be read are no reason not to work: that is said, and the defaults hold.
[[nodiscard]] inline core::AppSettings loadSettings(Console &console)
{
    auto settings = core::AppSettings::load(core::configFolder() / "settings.yaml");
    if (settings)
        return std::move(*settings);
    console.say("note:   " + settings.error().message + " The default settings are used. (" + settings.error().subject +
                ")");
    return {};
}

}  // namespace cli
