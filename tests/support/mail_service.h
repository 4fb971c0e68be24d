// SPDX-License-Identifier: Apache-2.0
// A service that sorts mails into refund and delivery, and a scripted teacher as its endpoint.
#pragma once

#include "core/tasks/init_task.h"
#include "core/teacher/chat.h"
#include "tests/support/fault_teacher.h"
#include "tests/support/support.h"

namespace support {

/// `rows` of each class in train and test; of the unlabelled ones every second is about a parcel.
inline core::Service makeMailService(const TempFolder &folder, int rows, int unlabelled)
{
    static int number = 0;
    const std::string name = std::to_string(number++);
    const auto in = folder / std::string("in").append(name);
    const auto service = folder / std::string("s").append(name);
    writeDistilFolder(in, rows);
    std::string rest = "context\n";
    for (int i = 0; i < unlabelled; ++i)
        rest += std::string(i % 2 ? "where is the parcel of mine no " : "my money back please for no ")
                    .append(std::to_string(i)) +
                "\n";
    write(in / "unstructured.csv", rest);
    if (const auto made = core::initFromFolder(service, in, "s", {}); !made)
        qFatal("%s", made.error().message.c_str());
    return std::move(*core::Service::open(service));
}

inline core::ChatEndpoint endpointOf(const FaultTeacher &teacher)
{
    return {teacher.address().toStdString(), "teacher-1", "sk-1"};
}

}  // namespace support
