// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "core/teacher/teacher_settings.h"

#include <cstdio>
#include <memory>

namespace cli {

namespace {

struct Options {
    std::string model, remove;
    std::optional<double> input, output, cached;
};

base::Result<int> run(const Options &o, Console &console)
{
    auto settings = core::TeacherSettings::load();
    if (!settings)
        return base::failure(settings);
    if (!o.remove.empty() && !settings->prices.contains(o.remove))
        return base::failure(base::ErrorCode::NotFound, "No price of this model is known.", o.remove);
    if (!o.model.empty() || !o.remove.empty()) {
        settings = core::TeacherSettings::update([&](core::TeacherSettings &now) {
            if (!o.model.empty())
                now.prices[o.model] = {o.input.value_or(0), o.output.value_or(0), o.cached};
            now.prices.erase(o.remove);
        });
        if (!settings)
            return base::failure(settings);
    }
    auto list = nlohmann::ordered_json::array();
    for (const auto &[model, price] : settings->prices) {
        char text[96];
        std::snprintf(text, sizeof text, ": %g in, %g out", price.input, price.output);
        std::string line = model + text;
        if (price.cached) {
            std::snprintf(text, sizeof text, ", %g in from the cache", *price.cached);
            line += text;
        }
        console.say(line);
        list.push_back({{"model", model},
                        {"input", price.input},
                        {"output", price.output},
                        {"cached", price.cached ? nlohmann::ordered_json(*price.cached) : nlohmann::ordered_json()}});
    }
    if (settings->prices.empty())
        console.say("No prices are known. Add one: prices MODEL --input 0.15 --output 0.6");
    console.result({{"prices", list}});
    return ExitDone;
}

}  // namespace

void addPrices(const Command &app, Action &action)
{
    const Command command = app.addCommand("prices", "Set what a model costs per million tokens");
    auto o = std::make_shared<Options>();
    const Option model = command.option("model", o->model, "Model, as the service calls it");
    const Option input = command.option("--input", o->input, "Price per million input tokens").from(0);
    const Option output = command.option("--output", o->output, "Price per million output tokens").from(0);
    command.option("--cached", o->cached, "Price per million cached input tokens (default: as other input)")
        .from(0)
        .needs(model);
    model.needs(input).needs(output);
    input.needs(model);
    output.needs(model);
    command.option("--remove", o->remove, "Remove the price of this model");
    command.whenGiven([=, &action] { action = [o](Console &console) { return run(*o, console); }; });
}

}  // namespace cli
