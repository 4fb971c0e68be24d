// SPDX-License-Identifier: Apache-2.0
#include "app/cli/choice_option.h"
#include "app/cli/commands.h"
#include "app/cli/split_option.h"
#include "app/cli/thread_option.h"
#include "core/base/atomic_file.h"
#include "core/base/cores.h"
#include "core/base/counted.h"
#include "core/classify/row_map.h"
#include "core/formats/csv.h"

#include <memory>

namespace cli {

namespace {

struct Options {
    std::string service, to;
    core::Split split = core::Split::Train;
    core::MapMethod method = core::MapMethod::Neighbours;
};

base::Result<core::RowMap> draw(const Options &o, const core::Service &service, const base::WorkContext &context)
{
    auto reader = TRY(core::FeatureReader::open(base::usableCores()));
    return core::drawRowMap(service, *reader, o.split, o.method, context);
}

base::Result<int> run(const Options &o, Console &console)
{
    auto service = TRY(core::Service::open(o.service));
    auto map = TRY(draw(o, service, console.context()));
    std::string table = core::csvRow({"id", "x", "y"});
    for (size_t i = 0; i < map.ids.size(); ++i)
        table += core::csvRow(
            {std::to_string(map.ids[i]), std::to_string(map.places[i][0]), std::to_string(map.places[i][1])});
    TRY(base::writeFile(o.to, table));
    console.say("Wrote the places of " + base::counted(map.ids.size(), "row", "rows") + " of " +
                std::to_string(map.rows) + " to " + o.to + ".");
    console.result({{"path", o.to}, {"rows", map.ids.size()}, {"of", map.rows}});
    return ExitDone;
}

}  // namespace

void addMap(const Command &app, Action &action)
{
    static const std::map<std::string, core::MapMethod> methods{{"neighbours", core::MapMethod::Neighbours},
                                                                {"components", core::MapMethod::Components}};
    const Command command = app.addCommand("map", "Write a map of the rows: similar texts lie close together");
    auto o = std::make_shared<Options>();
    command.option("service", o->service, "Folder of the service").required();
    addSplitOption(command, o->split);
    addChoiceOption(command, "--method", o->method, methods,
                    "neighbours (t-SNE, at most 5,000 rows) or components (PCA, at most 20,000)");
    command.option("--to", o->to, "CSV file to write: id,x,y").required();
    addThreadOption(command);
    command.whenGiven([=, &action] { action = [o](Console &console) { return run(*o, console); }; });
}

}  // namespace cli
