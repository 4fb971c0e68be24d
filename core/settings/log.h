// SPDX-License-Identifier: Apache-2.0
// The log: what happened when, without texts, keys or paths of the user.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace core {

/// Values are numbers or words of ours: there is no overload for arbitrary text on purpose.
struct LogField {
    const char *key;
    std::string value;

    LogField(const char *name, int64_t number) : key(name), value(std::to_string(number)) { }
    LogField(const char *name, double number) : key(name), value(std::to_string(number)) { }
    LogField(const char *name, const char *literal) : key(name), value(literal) { }
};

/// Opens the rotating log file in base::stateFolder(); without it logEvent does nothing.
void openLog();

/// One line "event key=value ...". Cheap when the log is closed.
void logEvent(const char *event, std::initializer_list<LogField> fields = {});

}  // namespace core
