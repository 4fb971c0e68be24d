// SPDX-License-Identifier: Apache-2.0
#include "app/cli/classifier_folder.h"
#include "app/cli/commands.h"
#include "app/cli/thread_option.h"
#include "core/classify/explanation.h"
#include "core/engine/matrix.h"

#include <algorithm>
#include <cstdio>
#include <memory>

namespace cli {

namespace {

constexpr size_t MostWordsSaid = 8;

struct Options {
    std::string place, text, checkpoint = "best", label;
};

std::string signedText(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%+.2f", value);
    return text;
}

/// The one that was named, or the most probable.
base::Result<int> classToExplain(const Options &o, const core::ClassifierSession &classifier,
                                 const engine::Matrix &probabilities)
{
    const auto &labels = classifier.labels();
    if (o.label.empty()) {
        const auto row = probabilities.row(0);
        return static_cast<int>(std::max_element(row.begin(), row.end()) - row.begin());
    }
    const auto found = std::find(labels.begin(), labels.end(), o.label);
    if (found == labels.end())
        return base::failure(base::ErrorCode::NotFound, "The classifier has no such class.", o.label);
    return static_cast<int>(found - labels.begin());
}

base::Result<int> run(const Options &o, Console &console)
{
    auto folder = TRY(classifierFolder(o.place, o.checkpoint));
    auto classifier = TRY(core::ClassifierSession::open(folder));
    auto logits = TRY(classifier.logits({o.text}, console.context()));
    const auto probabilities = engine::probabilitiesOf(logits, classifier.task());
    auto label = TRY(classToExplain(o, classifier, probabilities));
    auto explanation = TRY(core::explain(classifier, o.text, label, console.context()));
    const std::string &name = classifier.labels()[static_cast<size_t>(label)];
    const float probability = probabilities.row(0)[static_cast<size_t>(label)];
    console.say(name + " " + percent(static_cast<double>(probability)) + ": log-odds " +
                signedText(explanation.logOdds) + "; without any words " + signedText(explanation.neutralLogOdds) +
                ".");
    const auto words = core::decidingWords(explanation, MostWordsSaid);
    for (const auto &[side, title] : {std::pair{&words.supporting, "for it:    "}, {&words.opposing, "against it:"}}) {
        if (side->empty())
            continue;
        std::string line = std::string("  ") + title;
        for (const core::TextPart *part : *side)
            line += " " + part->text + " " + signedText(part->logOdds) + ",";
        line.pop_back();
        console.say(line);
    }
    auto parts = nlohmann::ordered_json::array();
    for (const core::TextPart &part : explanation.parts)
        parts.push_back({{"text", part.text}, {"log_odds", part.logOdds}, {"read", part.isRead}});
    console.result({{"label", name},
                    {"probability", probability},
                    {"log_odds", explanation.logOdds},
                    {"neutral_log_odds", explanation.neutralLogOdds},
                    {"parts", parts}});
    return ExitDone;
}

}  // namespace

void addExplain(const Command &app, Action &action)
{
    const Command command = app.addCommand("explain", "Show which words led to an answer");
    auto o = std::make_shared<Options>();
    command.option("place", o->place, "A service, or a folder with a Hugging Face classifier").required();
    command.option("text", o->text, "The text").required();
    command.option("--label", o->label, "Class to explain (default: the most probable)");
    command.option("--checkpoint", o->checkpoint, "RUN/EPOCH of a service (default: the best)");
    addThreadOption(command);
    command.whenGiven([=, &action] { action = [o](Console &console) { return run(*o, console); }; });
}

}  // namespace cli
