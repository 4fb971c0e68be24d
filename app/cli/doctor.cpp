// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "app/cli/hints.h"
#include "core/base/atomic_file.h"
#include "core/base/cores.h"
#include "core/base/user_folders.h"
#include "core/catalogue/weights_catalogue.h"
#include "core/engine/nets_loader.h"
#include "core/settings/app_settings.h"

#include <QtGlobal>
#include <sqlite3.h>

namespace cli {

namespace {

struct Check {
    const char *name;
    bool ok;
    std::string detail;
};

Check checkNets()
{
    auto nets = engine::openNets();
    if (!nets)
        return {"libtorch", false, nets.error().message};
    return {"libtorch", true, (*nets)->device().libtorch};
}

Check checkDevice()
{
    auto nets = engine::openNets();
    return {"device", nets.has_value(),
            nets ? (*nets)->device().name
                 : std::to_string(base::usableCores()) + " CPU threads; training needs libtorch"};
}

Check checkWeights()
{
    auto found = core::findWeights(core::DefaultWeights);
    return {"base weights", found.has_value(),
            found ? found->string() : withHint(found.error().message, found.error().subject)};
}

/// Whether a file can be written in a folder that is made for it.
Check checkFolder(const char *name, const std::filesystem::path &folder)
{
    std::error_code code;
    std::filesystem::create_directories(folder, code);
    const auto probe = folder / ".doctor";
    auto written = base::writeFile(probe, "");
    std::filesystem::remove(probe, code);
    return {name, written.has_value(), folder.string() + (written ? "" : ": " + written.error().message)};
}

Check checkSettings()
{
    auto settings = core::AppSettings::load(base::configFolder() / "settings.yaml");
    return {"settings", settings.has_value(), settings ? "readable" : settings.error().message};
}

base::Result<int> run(Console &console)
{
    const Check checks[] = {{"stillroom", true, STILLROOM_VERSION},
                            {"qt", true, qVersion()},
                            {"sqlite", true, sqlite3_libversion()},
                            checkNets(),
                            checkDevice(),
                            checkWeights(),
                            checkFolder("cache", base::cacheFolder()),
                            checkFolder("log", base::stateFolder()),
                            checkSettings()};
    auto list = nlohmann::ordered_json::array();
    bool allOk = true;
    for (const Check &check : checks) {
        allOk = allOk && check.ok;
        console.say(std::string(check.ok ? "ok       " : "missing  ") + check.name + ": " + check.detail);
        list.push_back({{"name", check.name}, {"ok", check.ok}, {"detail", check.detail}});
    }
    console.result({{"checks", list}});
    return allOk ? ExitDone : ExitFailed;
}

}  // namespace

void addDoctor(const Command &app, Action &action)
{
    const Command command = app.addCommand("doctor", "Check what works on this machine");
    command.whenGiven([&action] { action = [](Console &console) { return run(console); }; });
}

}  // namespace cli
