// SPDX-License-Identifier: Apache-2.0
#include "app/cli/hints.h"

#include <string_view>

namespace cli {

namespace {

struct Hint {
    std::string_view said;   ///< a part of the core's message; tests/words finds it there
    std::string_view typed;  ///< SUBJECT stands for the subject
};

constexpr Hint Hints[] = {
    {"There is no service here.", "`stillroom-cli init` creates one."},
    {"The service's data file is damaged", "`stillroom-cli salvage` makes a new service from what can be read."},
    {"This folder has no job_description.json", "`stillroom-cli init` takes --task and --class for each class instead, "
                                                "and `stillroom-cli import` the files."},
    {"There is no such folder. Check the path.", "It stands after --from."},
    {"choose its folder as base weights", "It is given with `stillroom-cli train --base FOLDER`."},
    {"base weights are chosen when a training starts", "They are given with --base."},
    {"Choose which of yours that is before you ask it.", "It is given with --teacher and --model."},
    {"These base weights are not on this machine yet.", "`stillroom-cli models fetch SUBJECT` downloads them."},
    {"There are no base weights of this name", "`stillroom-cli models` lists what there is."},
    {"These are no weights that Stillroom knows", "`stillroom-cli models` lists what there is."},
    {"Nothing is trained yet in this service.", "`stillroom-cli train` does that."},
    {"from its last checkpoint", "It is given with --base RUN/EPOCH."},
    {"from its checkpoint", "It is given with --base RUN/EPOCH."},
    {"from one of its checkpoints", "It is given with --base RUN/EPOCH."},
    {"let it learn from them all the same", "That is --teacher-labels use."},
    {"Let training read longer texts in windows", "That is --long-texts windows."},
    {"Let training read ", "That is --max-length."},
    {"train fewer passes, or let it keep fewer checkpoints", "They are given with --epochs and --keep; `stillroom-cli "
                                                             "runs` says what runs take."},
    {"Import labelled rows as exam rows.", "`stillroom-cli import` does that with --split test."},
    {"say which class it stands for", "`stillroom-cli import` takes --map VALUE=CLASS for each."},
    {"The service has no prompt of this name.", "`stillroom-cli prompt` lists them."},
    {"No column is known as the text.", "It is given with --text."},
    {"There is no column ", "Columns are given with --text and --label."},
    {"Or train anyway", "That is --anyway; `stillroom-cli check` names what is missing."},
    {"the training, too.", "`stillroom-cli check` names them all."},
};

}  // namespace

std::string hintFor(const std::string &message, const std::string &subject)
{
    constexpr std::string_view Place = "SUBJECT";
    for (const Hint &hint : Hints) {
        if (message.find(hint.said) == std::string::npos)
            continue;
        std::string typed(hint.typed);
        if (const size_t at = typed.find(Place); at != std::string::npos)
            typed.replace(at, Place.size(), subject);
        return typed;
    }
    return {};
}

std::string withHint(const std::string &message, const std::string &subject)
{
    const std::string hint = hintFor(message, subject);
    return hint.empty() ? message : message + " " + hint;
}

}  // namespace cli
