// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "core/catalogue/weights_catalogue.h"

namespace cli {

namespace {

int run(Console &console)
{
    auto list = nlohmann::ordered_json::array();
    for (const auto &weights : core::listWeights()) {
        const bool here = !weights.folder.empty();
        console.say(weights.name + " (" + std::to_string(weights.bytes / 1'000'000) + " MB" +
                    (weights.licence.empty() ? "" : ", " + weights.licence) + "): " + weights.summary + ". " +
                    (here ? "In " + weights.folder.string() : "Not here; packaging/setup fetches it"));
        list.push_back({{"name", weights.name},
                        {"licence", weights.licence},
                        {"summary", weights.summary},
                        {"bytes", weights.bytes},
                        {"here", here},
                        {"path", weights.folder.string()}});
    }
    console.result({{"models", list}});
    return ExitDone;
}

}  // namespace

void addModels(CLI::App &app, Action &action)
{
    auto *command = app.add_subcommand("models", "Base weights: size, licence, where they are");
    command->add_subcommand("list", "The same");
    command->callback([&action] { action = [](Console &console) { return run(console); }; });
}

}  // namespace cli
