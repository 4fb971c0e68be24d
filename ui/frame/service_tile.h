// SPDX-License-Identifier: Apache-2.0
// One service on the start page.
#pragma once

#include "ui/frame/start_page.h"

#include <QAbstractButton>

namespace ui {

class ServiceTile final : public QAbstractButton {
    Q_OBJECT
public:
    ServiceTile(const Theme &theme, ServiceSummary summary, QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    ServiceSummary m_summary;
};

}  // namespace ui
