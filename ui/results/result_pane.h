// SPDX-License-Identifier: Apache-2.0
// One view of a checkpoint's results.
#pragma once

#include "ui/session/results_reader.h"

#include <QWidget>

namespace ui {

class ResultPane : public QWidget {
    Q_OBJECT
public:
    using QWidget::QWidget;
    virtual void showResults(const SharedResults &results) = 0;
};

}  // namespace ui
