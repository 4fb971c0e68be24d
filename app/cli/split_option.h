// SPDX-License-Identifier: Apache-2.0
// --split train|test|unlabelled
#pragma once

#include "app/cli/command.h"
#include "core/store/example.h"

namespace cli {

inline Option addSplitOption(const Command &command, core::Split &split)
{
    const auto read = [&split](const std::string &word) {
        for (const auto known : {core::Split::Train, core::Split::Test, core::Split::Unlabelled}) {
            if (word != core::name(known))
                continue;
            split = known;
            return;
        }
        refuseUsage("--split", "must be train, test or unlabelled, not " + word);
    };
    return command.readOption("--split", read, "Which part of the rows", "TEXT:{train,test,unlabelled}");
}

}  // namespace cli
