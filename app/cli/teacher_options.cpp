// SPDX-License-Identifier: Apache-2.0
#include "app/cli/teacher_options.h"

#include "core/base/counted.h"
#include "core/tasks/exam_task.h"

#include <cstdio>
#include <cstdlib>

namespace cli {

namespace {

std::string money(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.4f", value);
    return text;
}

std::string environment(const char *name)
{
    const char *value = std::getenv(name);
    return value ? value : "";
}

/// From the environment alone: what stands in a command line is seen by every program.
base::Result<std::string> readKey(const TeacherOptions &o)
{
    if (!o.keyVariable.empty()) {
        std::string key = environment(o.keyVariable.c_str());
        if (key.empty())
            return base::failure(base::ErrorCode::NotFound, "There is no key in this variable of the environment.",
                                 o.keyVariable);
        return key;
    }
    for (const char *name : {"STILLROOM_TEACHER_KEY", o.isAnthropic ? "ANTHROPIC_API_KEY" : "OPENAI_API_KEY"}) {
        if (std::string key = environment(name); !key.empty())
            return key;
    }
    return std::string();
}

base::Result<core::ChatEndpoint> serviceEndpoint(const TeacherOptions &o)
{
    if (o.model.empty())
        return base::failure(base::ErrorCode::InvalidInput,
                             "Name the model that the service is to answer with: --model NAME.", o.teacher);
    if (core::isPlainHttpElsewhere(o.teacher) && !o.allowsPlainHttp)
        return base::failure(base::ErrorCode::InvalidInput,
                             "Texts and key would cross the network unencrypted. Use https, or say "
                             "--allow-plain-http if that is meant.",
                             o.teacher);
    auto key = readKey(o);
    if (!key)
        return base::failure(key);
    core::ChatEndpoint endpoint;
    endpoint.address = o.teacher;
    endpoint.model = o.model;
    endpoint.key = std::move(*key);
    endpoint.dialect = o.isAnthropic ? core::ChatDialect::AnthropicMessages : core::ChatDialect::ChatCompletions;
    endpoint.form = o.form == "schema" ? core::AnswerForm::Schema
                    : o.form == "json" ? core::AnswerForm::Json
                                       : core::AnswerForm::Text;
    return endpoint;
}

}  // namespace

bool TeacherOptions::isBuiltIn() const
{
    return teacher == core::BuiltInTeacher || teacher == core::UntrainedTeacher;
}

void addTeacherOptions(CLI::App &command, TeacherOptions &o)
{
    command.add_option("--model", o.model, "Of a service: what it calls the model");
    command.add_flag("--anthropic", o.isAnthropic, "The service speaks Anthropic's messages, not chat completions");
    command.add_option("--key-env", o.keyVariable,
                       "Variable of the environment with the key; else STILLROOM_TEACHER_KEY, OPENAI_API_KEY or "
                       "ANTHROPIC_API_KEY");
    command.add_flag("--allow-plain-http", o.allowsPlainHttp, "To another machine without encryption");
    command.add_option("--form", o.form, "How a service is held to the classes: schema, json or text")
        ->check(CLI::IsMember({"schema", "json", "text"}));
    command.add_option("--shots", o.shots,
                       "Train rows of each class that a language model is shown, 24 in all at most");
    command.add_option("--concurrency", o.concurrency, "Questions at once, at most")->check(CLI::Range(1, 256));
    command.add_option("--input-price", o.inputPrice, "Of a million tokens")->check(CLI::NonNegativeNumber);
    command.add_option("--output-price", o.outputPrice, "Of a million tokens")->check(CLI::NonNegativeNumber);
    command.add_option("--most-cost", o.mostCost, "Stop before it costs more")->check(CLI::NonNegativeNumber);
}

base::Result<OpenedTeacher> openTeacher(const TeacherOptions &o, Console &console)
{
    static int argc = 0;
    OpenedTeacher opened;
    opened.application = std::make_unique<QCoreApplication>(argc, nullptr);
    opened.calls.limits.concurrency = o.concurrency;
    opened.calls.prices = {o.inputPrice, o.outputPrice};
    if (o.mostCost >= 0)
        opened.calls.mostCost = o.mostCost;
    if (!o.teacher.ends_with(".gguf")) {
        auto endpoint = serviceEndpoint(o);
        if (!endpoint)
            return base::failure(endpoint);
        opened.endpoint = std::move(*endpoint);
        return opened;
    }
    bool isSaid = false;
    auto started = core::LocalServer::start({.weights = o.teacher}, console.context(), [&] {
        if (!std::exchange(isSaid, true))
            console.say("Loading the model.");
    });
    if (!started)
        return base::failure(started);
    opened.server = std::move(*started);
    opened.endpoint = opened.server->endpoint();
    opened.calls.limits.concurrency = core::LocalServerOptions().parallel;
    opened.calls.timeouts.firstByte = std::chrono::minutes(5);
    return opened;
}

std::function<void(const core::CallState &)> sayPauses(Console &console)
{
    return [&console](const core::CallState &state) {
        if (state.pause)
            console.say("Paused: " + state.trouble + " On in " + std::to_string(state.pause->count() / 1000) + " s.");
    };
}

void sayCalls(const core::CallSummary &calls, Console &console)
{
    console.say(base::counted(calls.bought, "answer", "answers") + " bought, " + std::to_string(calls.known) +
                " known before; " + std::to_string(calls.inputTokens) + " tokens in, " +
                std::to_string(calls.outputTokens) + " out, cost " + money(calls.cost) + ".");
}

std::string unansweredText(const core::VerdictCounts &counts)
{
    return std::to_string(counts.unsure) + " unsure, " + std::to_string(counts.unreadable) + " unreadable, " +
           std::to_string(counts.notAClass) + " no class of the list";
}

void addUnanswered(nlohmann::ordered_json &json, const core::VerdictCounts &counts)
{
    json.update({{"unsure", counts.unsure}, {"unreadable", counts.unreadable}, {"not_a_class", counts.notAClass}});
}

void addCalls(nlohmann::ordered_json &json, const core::CallSummary &calls)
{
    json.update({{"bought", calls.bought},
                 {"known", calls.known},
                 {"refused", calls.refused},
                 {"retries", calls.retries},
                 {"input_tokens", calls.inputTokens},
                 {"output_tokens", calls.outputTokens},
                 {"cost", calls.cost}});
}

}  // namespace cli
