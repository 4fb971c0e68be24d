// SPDX-License-Identifier: Apache-2.0
// --split train|test|unlabelled
#pragma once

#include "core/store/example.h"

#include <CLI/CLI.hpp>

namespace cli {

inline CLI::Option *addSplitOption(CLI::App &command, core::Split &split)
{
    const auto read = [&split](const std::string &word) {
        for (const auto known : {core::Split::Train, core::Split::Test, core::Split::Unlabelled}) {
            if (word != core::name(known))
                continue;
            split = known;
            return;
        }
        throw CLI::ValidationError("--split", "must be train, test or unlabelled, not " + word);
    };
    return command.add_option_function<std::string>("--split", read, "Which part of the rows")
        ->type_name("TEXT:{train,test,unlabelled}");
}

}  // namespace cli
