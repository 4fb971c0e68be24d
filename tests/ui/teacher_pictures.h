// SPDX-License-Identifier: Apache-2.0
// The Teacher page in each of its states, with a scripted service that answers by what stands in a text.
#pragma once

#include "tests/ui/gui.h"

namespace support {

/// The sample must be open. `take` takes a picture by name, of the window or of a widget.
[[nodiscard]] bool teacherPictures(WindowUnderTest &gui,
                                   const std::function<void(const QString &name, QWidget *widget)> &take);

}  // namespace support
