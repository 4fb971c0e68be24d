// SPDX-License-Identifier: Apache-2.0
// Numbers as files and programs write them, whatever the desktop's language is.
#pragma once

#include <clocale>

namespace app {

/// A QCoreApplication, or what is one. Qt takes over the locale of the desktop as it is made, and with it, in half of
/// the world, a decimal comma in every number that the C library writes or reads. Every program makes its own by this.
template <class Application>
class WithPlainNumbers final : public Application {
public:
    WithPlainNumbers(int &argc, char **argv) : Application(argc, argv) { std::setlocale(LC_NUMERIC, "C"); }
};

}  // namespace app
