// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "core/base/counted.h"
#include "core/rows/label_names.h"
#include "core/tasks/disagreements.h"

#include <memory>

namespace cli {

namespace {

struct Options {
    std::string service;
    size_t rows = 50;
};

base::Result<int> run(const Options &o, Console &console)
{
    auto service = TRY(core::Service::open(o.service));
    auto reader = TRY(core::FeatureReader::open(0));
    auto queue = TRY(core::reviewTeachers(service, std::move(reader), o.rows, console.context()));
    auto labels = TRY(service.examples().labels());
    const core::LabelNames names(labels);
    const auto textOf = [&](const core::LabelSet &set) {
        core::Example row;
        core::setLabels(row, set);
        return names.text(row);
    };
    auto list = nlohmann::ordered_json::array();
    for (const core::Disagreement &row : queue.rows) {
        std::string line = std::to_string(row.row) + ": " + row.teacherName + " says " + textOf(row.teacher);
        if (row.disagrees)
            line += ", the classifier of people's rows " + textOf(row.quick);
        if (row.ordersTheReader)
            line += " (the text reads like an order to its reader)";
        console.say(line + ": " + row.text);
        nlohmann::ordered_json one{{"row", row.row},
                                   {"text", row.text},
                                   {"teacher", row.teacherName},
                                   {"label", textOf(row.teacher)},
                                   {"reads_like_instructions", row.ordersTheReader}};
        one["confidence"] = row.confidence ? nlohmann::ordered_json(*row.confidence) : nlohmann::ordered_json();
        if (queue.couldAsk) {
            one["other_label"] = textOf(row.quick);
            one["other_confidence"] = row.quickConfidence;
        }
        list.push_back(std::move(one));
    }
    if (queue.looked == 0)
        console.say("No teacher has labelled rows yet.");
    else
        console.say(std::to_string(list.size()) + " of " +
                    base::counted(queue.looked, "row that a teacher labelled", "rows that teachers labelled") +
                    " should be looked at.");
    if (queue.looked > 0 && !queue.couldAsk)
        console.say("No classifier can disagree yet: people have to label three rows of two classes.");
    console.result({{"looked", queue.looked}, {"rows", list}});
    return ExitDone;
}

}  // namespace

void addReview(const Command &app, Action &action)
{
    const Command command = app.addCommand("review", "List teacher labels that a person should look at");
    auto o = std::make_shared<Options>();
    command.option("service", o->service, "Folder of the service").required();
    command.option("--limit,--rows", o->rows, "Rows at most (default: 50)");
    command.whenGiven([=, &action] { action = [o](Console &console) { return run(*o, console); }; });
}

}  // namespace cli
