// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "app/cli/thread_option.h"
#include "app/plain_numbers.h"
#include "core/base/counted.h"
#include "core/catalogue/weights_download.h"
#include "core/classify/weights_trial.h"

#include <QCoreApplication>
#include <memory>

namespace cli {

namespace {

struct Options {
    std::string weights, revision, name, hub, service;
};

std::string megabytes(int64_t bytes)
{
    return std::to_string((bytes + 999'999) / 1'000'000) + " MB";
}

base::Result<int> list(const Options &, Console &console)
{
    auto models = nlohmann::ordered_json::array();
    for (const auto &weights : core::listWeights()) {
        std::string line = weights.name + " (" + megabytes(weights.bytes);
        for (const std::string &part : {weights.languages, weights.licence})
            line += part.empty() ? "" : ", " + part;
        line += "): " + weights.summary + ". ";
        if (weights.isHere())
            line += "In " + weights.folder.string();
        else
            line += weights.fetched > 0 ? megabytes(weights.fetched) + " of it fetched" : "Not here";
        console.say(line);
        nlohmann::ordered_json entry{{"name", weights.name},
                                     {"licence", weights.licence},
                                     {"languages", weights.languages},
                                     {"summary", weights.summary},
                                     {"hub_id", weights.source ? weights.source->hubId : ""},
                                     {"bytes", weights.bytes},
                                     {"fetched_bytes", weights.fetched},
                                     {"here", weights.isHere()},
                                     {"path", weights.folder.string()}};
        if (weights.cost() > 0)
            entry["times_default"] = weights.cost();
        models.push_back(std::move(entry));
    }
    console.result({{"models", models}});
    return ExitDone;
}

base::Result<int> fetch(const Options &o, Console &console)
{
    auto request = TRY(core::downloadOf(o.weights));
    if (!o.revision.empty()) {
        request.source.revision = o.revision;
        request.source.sha256.clear();  // of another state
    }
    if (!o.name.empty())
        request.name = o.name;
    if (!o.hub.empty())
        request.hub.address = o.hub;
    int count = 1;
    char name[] = "stillroom-cli";
    char *arguments[] = {name, nullptr};
    const app::WithPlainNumbers<QCoreApplication> application(count, arguments);  // the network's event loop needs one
    auto outcome = TRY(core::fetchWeights(request, console.context()));
    console.say((outcome.fetchedBytes > 0 ? "Fetched " + megabytes(outcome.fetchedBytes) + " of "
                                          : std::string("Nothing to fetch: these are here, ")) +
                megabytes(outcome.bytes) + ", checked" +
                (outcome.licence.empty() ? "" : ", licence " + outcome.licence) + ". In " + outcome.folder.string());
    console.result({{"name", request.name},
                    {"path", outcome.folder.string()},
                    {"hub_id", request.source.hubId},
                    {"commit", outcome.commit},
                    {"licence", outcome.licence},
                    {"bytes", outcome.bytes},
                    {"fetched_bytes", outcome.fetchedBytes}});
    return ExitDone;
}

base::Result<int> tryOut(const Options &o, Console &console)
{
    auto service = TRY(core::Service::open(o.service));
    auto trials = TRY(core::tryWeights(service, console.context()));
    auto list = nlohmann::ordered_json::array();
    for (const auto &trial : trials) {
        console.say(trial.name + ": " + std::to_string(trial.heldOutCorrect) + " of " +
                    base::counted(trial.rows, "row", "rows") + " right when left out, " +
                    std::to_string(static_cast<int64_t>(trial.rowsPerSecond)) + " rows read a second");
        list.push_back({{"name", trial.name},
                        {"rows", trial.rows},
                        {"held_out_correct", trial.heldOutCorrect},
                        {"rows_per_second", trial.rowsPerSecond},
                        {"seconds", trial.seconds}});
    }
    console.result({{"trials", list}});
    return ExitDone;
}

base::Result<int> remove(const Options &o, Console &console)
{
    TRY(core::removeWeights(o.weights));
    console.say("Removed " + o.weights + ". What was trained from it stays usable.");
    console.result({{"name", o.weights}, {"removed", true}});
    return ExitDone;
}

}  // namespace

void addModels(const Command &app, Action &action)
{
    const Command command = app.addCommand("models", "List, fetch, compare and remove base weights");
    command.takesOneCommand();
    auto o = std::make_shared<Options>();
    command.addCommand("list", "List the known and the installed weights (default)");
    const Command fetching =
        command.addCommand("fetch", "Download weights and verify them; continues an interrupted download");
    fetching.option("weights", o->weights, "A name from the list, or a Hugging Face repository as OWNER/NAME")
        .required();
    fetching.option("--revision", o->revision, "Branch, tag or commit (default: main)");
    fetching.option("--name", o->name, "Name on this machine");
    fetching.option("--hub", o->hub,
                    "Address of the hub (default: HF_ENDPOINT, or https://huggingface.co). A token for gated "
                    "weights comes from HF_TOKEN or from `huggingface-cli login`");
    const Command removing = command.addCommand("remove", "Delete weights from this machine");
    removing.option("weights", o->weights, "Name on this machine").required();
    const Command trying = command.addCommand(
        "try", "Compare the installed weights on your train rows, by cross-validation of a quick classifier");
    trying.option("service", o->service, "Folder of the service").required();
    addThreadOption(trying);
    command.whenGiven([&action, fetching, removing, trying, o] {
        const auto chosen = fetching.isGiven() ? fetch : removing.isGiven() ? remove : trying.isGiven() ? tryOut : list;
        action = [o, chosen](Console &console) { return chosen(*o, console); };
    });
}

}  // namespace cli
