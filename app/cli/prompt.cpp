// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "core/base/atomic_file.h"
#include "core/store/edit_log.h"
#include "core/teacher/label_prompt.h"
#include "core/teacher/prompt_versions.h"

#include <memory>

namespace cli {

namespace {

struct Options {
    std::string service, file, set, use, remove;
    int64_t preview = 0;
};

/// The place of the version of this name, or behind the last.
size_t placeOf(const core::PromptVersions &versions, const std::string &name)
{
    const core::PromptVersion *found = versions.find(name);
    return found ? static_cast<size_t>(found - versions.versions().data()) : versions.versions().size();
}

/// What a language model would read of a row.
base::Result<int> preview(const core::Service &service, const core::PromptVersions &versions, int64_t row,
                          Console &console)
{
    const std::vector<int64_t> ids{row};
    auto rows = TRY(service.examples().read(ids));
    if (rows.empty())
        return base::failure(base::ErrorCode::NotFound, "There is no row of this number.", std::to_string(row));
    auto prompt = TRY(core::LabelPrompt::of(service, versions.inUse().text));
    const auto question = prompt.question(0, rows.front().text, {});
    console.say(question.chat.system + "\n\n" + question.chat.turns.back().text);
    console.result({{"system", question.chat.system}, {"question", question.chat.turns.back().text}});
    return ExitDone;
}

base::Result<bool> change(core::PromptVersions &versions, const Options &o)
{
    if (!o.set.empty()) {
        auto text = TRY(base::readFile(o.file));
        TRY(versions.set(placeOf(versions, o.set), {o.set, std::move(text)}));
    }
    for (const std::string &name : {o.use, o.remove}) {
        if (!name.empty() && !versions.find(name))
            return base::failure(base::ErrorCode::NotFound, "The service has no prompt of this name.", name);
    }
    if (!o.use.empty())
        versions.choose(placeOf(versions, o.use));
    if (!o.remove.empty())
        versions.remove(placeOf(versions, o.remove));
    return !o.set.empty() || !o.use.empty() || !o.remove.empty();
}

base::Result<int> run(const Options &o, Console &console)
{
    auto service = TRY(core::Service::open(o.service));
    auto versions = TRY(core::PromptVersions::of(service));
    auto changed = TRY(change(versions, o));
    if (changed) {
        core::EditDraft draft;
        draft.title = "Change the prompt";
        draft.settings.push_back(versions.change());
        TRY(core::EditLog(service.database()).apply(draft));
    }
    if (o.preview != 0)
        return preview(service, versions, o.preview, console);
    auto list = nlohmann::ordered_json::array();
    for (size_t i = 0; i < versions.versions().size(); ++i) {
        const core::PromptVersion &version = versions.versions()[i];
        const bool isInUse = i == versions.chosen();
        console.say(version.name + (isInUse ? " (in use)" : "") + ":\n" + version.text);
        list.push_back({{"name", version.name}, {"text", version.text}, {"in_use", isInUse}});
    }
    console.result({{"prompts", list}});
    return ExitDone;
}

}  // namespace

void addPrompt(const Command &app, Action &action)
{
    const Command command = app.addCommand("prompt", "Show and edit the instructions for language models");
    auto o = std::make_shared<Options>();
    command.option("service", o->service, "Folder of the service").required();
    const Option set = command.option("--set", o->set, "Keep the text of --file as a version with this name");
    const Option file =
        command.option("--file", o->file, "Text with {{task}}, {{classes}} and {{form}}; {{classes}} must be in it");
    set.needs(file);
    file.needs(set);
    command.option("--use", o->use, "Use this version from now on");
    command.option("--remove", o->remove, "Remove this version");
    command.option("--preview", o->preview, "Show the request for the row of this number");
    command.whenGiven([=, &action] { action = [o](Console &console) { return run(*o, console); }; });
}

}  // namespace cli
