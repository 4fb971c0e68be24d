// SPDX-License-Identifier: Apache-2.0
// The window's composition root: settings, log, background work, theme, window.
#pragma once

namespace app {

/// Runs the window until it is closed; a folder as argument is opened.
[[nodiscard]] int run(int argc, char **argv);

}  // namespace app
