// SPDX-License-Identifier: Apache-2.0
// Cancel and the filled button at the foot of a dialog, in the same order on every platform.
#pragma once

#include "ui/widgets/build.h"

#include <QDialog>

namespace ui {

/// Returns the filled button, which accepts the dialog and is its default.
inline QPushButton *addDialogButtons(QDialog &dialog, QBoxLayout &column, const QString &accept, const char *acceptName)
{
    auto *buttons = makeLayout<QHBoxLayout>({0, 8, 0, 0});
    auto *cancel = makeButton(QObject::tr("Cancel"), "cancel");
    auto *filled = makeButton(accept, acceptName, "primary");
    filled->setDefault(true);
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(filled);
    column.addLayout(buttons);
    QObject::connect(cancel, &QPushButton::clicked, &dialog, &QDialog::reject);
    QObject::connect(filled, &QPushButton::clicked, &dialog, &QDialog::accept);
    return filled;
}

}  // namespace ui
