// SPDX-License-Identifier: Apache-2.0
// What a language model is to do.
#pragma once

#include "core/teacher/chat_asker.h"
#include "core/teacher/teacher_kinds.h"

namespace core {

/// How it is asked, about how many rows and for how much: said once for exams, samples, labels, and what else asks it.
struct TeacherJob {
    std::string name{};  ///< of an exam: a run's name
    const char *kind = ServiceTeacher;
    size_t mostRows = 0;  ///< from all over; 0: all
    int votes = 1;  ///< answers a row; several are drawn at temperature, and the share of the winner is the confidence
    ChatWays ways{};
    CallOptions calls{};  ///< the budget among them
};

}  // namespace core
