// SPDX-License-Identifier: Apache-2.0
// A view whose figures take a while: they are computed once it is looked at.
#pragma once

#include "ui/results/result_pane.h"

#include <utility>

namespace ui {

class ComputedPane : public ResultPane {
    Q_OBJECT
public:
    using ResultPane::ResultPane;

    void showResults(const SharedResults &results) final
    {
        m_results = results;
        computeIfSeen();
    }

protected:
    /// Starts the work, and calls `finished` with the same results when it has ended, whatever came of it.
    virtual void compute(const SharedResults &results) = 0;
    /// Shows what was computed, of `results()`.
    virtual void fill() = 0;

    void finished(const SharedResults &results)
    {
        m_isComputing = false;
        m_computed = std::exchange(m_isOld, false) ? nullptr : results;
        if (m_computed && m_results == results)
            fill();
        else
            computeIfSeen();  // another checkpoint was chosen meanwhile, or what is computed has changed
    }
    /// What was computed, or is being, holds no longer.
    void computeAgain()
    {
        m_isOld = m_isComputing;
        m_computed = nullptr;
        computeIfSeen();
    }
    [[nodiscard]] const SharedResults &results() const { return m_results; }
    [[nodiscard]] bool isComputed() const { return m_computed && m_computed == m_results; }

    void showEvent(QShowEvent *event) override
    {
        ResultPane::showEvent(event);
        computeIfSeen();
    }

private:
    void computeIfSeen()
    {
        if (!m_results || isComputed() || m_isComputing || !isVisible())
            return;
        m_isComputing = true;
        compute(m_results);
    }

    SharedResults m_results, m_computed;
    bool m_isComputing = false;
    bool m_isOld = false;
};

}  // namespace ui
