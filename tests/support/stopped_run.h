// SPDX-License-Identifier: Apache-2.0
// A small service, and trainings of it that end early.
#pragma once

#include "core/store/edit_log.h"
#include "core/tasks/train_task.h"
#include "tests/support/tiny_training.h"

#include <filesystem>

namespace support {

inline core::Service makeService(const TempFolder &folder)
{
    auto service =
        core::Service::create(folder / "s", "s", {"task", {{"refund", "money"}, {"delivery", "parcel"}}, {}, {}});
    if (!service)
        qFatal("%s", service.error().message.c_str());
    std::vector<core::Example> rows;
    for (int i = 0; i < 40; ++i)
        rows.push_back(
            {.text = (i % 2 ? "where is parcel number " : "pay me back for number ") + std::to_string(i * 7919),
             .label = i % 2 ? 2 : 1,
             .split = i < 30 ? core::Split::Train : core::Split::Test});
    if (const auto added = core::EditLog(service->database()).apply({.title = "Add", .newRows = rows}); !added)
        qFatal("%s", added.error().message.c_str());
    return std::move(*service);
}

/// Stops after so many passes.
inline base::Error stoppedAfter(const core::Service &service, const core::TrainOptions &options, int passes)
{
    std::stop_source stop;
    const auto done = core::train(service, options, {stop.get_token()}, [&](const core::CheckpointInfo &checkpoint) {
        if (checkpoint.epoch == passes)
            stop.request_stop();
    });
    return done ? base::Error{} : done.error();
}

inline base::Error whyNot(const core::Service &service, const core::TrainOptions &options)
{
    const auto done = core::train(service, options, {});
    return done ? base::Error{} : done.error();
}

}  // namespace support
