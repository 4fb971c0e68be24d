// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "app/cli/findings.h"
#include "app/cli/thread_option.h"
#include "core/quality/audit.h"
#include "core/tasks/deep_check.h"

#include <memory>

namespace cli {

namespace {

struct Options {
    std::string service;
    bool deep = false;
    core::DeepCheckOptions look{.near = false, .meaning = false, .labels = false};
};

base::Result<int> run(const Options &o, Console &console)
{
    auto service = TRY(core::Service::open(o.service));
    const auto tokenizer = core::defaultTokenizerOrNull();
    auto findings = TRY(core::audit(service, {.tokenizer = tokenizer.get()}));
    core::DeepCheckOptions look = o.look;
    look.near = look.near || o.deep;
    look.meaning = look.meaning || o.deep;
    look.labels = look.labels || o.deep;
    if (look.near || look.meaning || look.labels) {
        auto deep = TRY(core::checkDeeply(service, nullptr, look, console.context()));
        findings.insert(findings.end(), deep.findings.begin(), deep.findings.end());
    }
    sayFindings(console, findings);
    if (findings.empty())
        console.say("Nothing to fix.");
    const auto names = TRY(core::LabelNames::read(service));
    console.result({{"findings", findingsJson(findings, names)}});
    return blocks(findings) ? ExitBlocked : ExitDone;
}

}  // namespace

void addCheck(const Command &app, Action &action)
{
    const Command command = app.addCommand("check", "Find problems in the rows; exit code 3 if they block training");
    auto o = std::make_shared<Options>();
    command.option("service", o->service, "Folder of the service").required();
    command.flag("--near", o->look.near, "Also find near duplicates; takes seconds for 100,000 rows");
    command.flag("--meaning", o->look.meaning, "Also find paraphrases; up to 20,000 rows");
    command.flag("--labels", o->look.labels, "Also find likely label errors and confused classes; 340 rows per second");
    command.flag("--deep", o->deep, "All three");
    command.option("--similarity", o->look.similarity, "Similarity from which rows are near duplicates (default: 0.8)")
        .from(0.5, 1);
    addThreadOption(command);
    command.whenGiven([=, &action] { action = [o](Console &console) { return run(*o, console); }; });
}

}  // namespace cli
