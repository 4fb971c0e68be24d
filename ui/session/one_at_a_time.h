// SPDX-License-Identifier: Apache-2.0
// For background work of which only the newest result counts.
#pragma once

#include <utility>

namespace ui {

/// Asked for while it runs, the work runs once more when it ends.
class OneAtATime {
public:
    /// False: it runs already, and will run again.
    [[nodiscard]] bool begin()
    {
        m_again = m_running;
        return !std::exchange(m_running, true);
    }
    /// True: it was asked for meanwhile.
    [[nodiscard]] bool end()
    {
        m_running = false;
        return std::exchange(m_again, false);
    }

private:
    bool m_running = false;
    bool m_again = false;
};

}  // namespace ui
