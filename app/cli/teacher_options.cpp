// SPDX-License-Identifier: Apache-2.0
#include "app/cli/teacher_options.h"

#include "app/plain_numbers.h"
#include "core/base/counted.h"
#include "core/tasks/exam_task.h"
#include "core/tasks/teacher_worth.h"
#include "core/teacher/service_address.h"

#include <cstdlib>

namespace cli {

namespace {

/// " (600 cached)", or nothing.
std::string part(int64_t tokens, const char *what)
{
    return tokens > 0 ? " (" + std::to_string(tokens) + " " + what + ")" : std::string();
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

base::Result<core::ChatChoice> choiceOf(const TeacherOptions &o)
{
    core::ChatChoice choice = o.choice;
    if (o.teacher.ends_with(".gguf")) {
        choice.weights = o.teacher;
        return choice;
    }
    const auto address = core::readServiceAddress(o.teacher);
    if (!address)
        return base::Failure(address.error());
    if (o.choice.model.empty() && address->deployment.empty())
        return base::failure(base::ErrorCode::InvalidInput,
                             "Name the model that the service is to answer with: --model NAME.", o.teacher);
    if (core::isPlainHttpElsewhere(o.teacher) && !o.choice.allowsPlainHttp)
        return base::failure(base::ErrorCode::InvalidInput,
                             "Texts and key would cross the network unencrypted. Use https, or say "
                             "--allow-plain-http if that is meant.",
                             o.teacher);
    auto key = TRY(readKey(o));
    choice.address = o.teacher;
    if (choice.model.empty())
        choice.model = address->deployment;
    choice.key = std::move(key);
    choice.dialect = o.isAnthropic ? core::ChatDialect::AnthropicMessages : core::ChatDialect::ChatCompletions;
    choice.form = core::answerFormNamed(o.form);
    if (o.inputPrice || o.outputPrice)
        choice.prices = core::TokenPrices{o.inputPrice.value_or(0), o.outputPrice.value_or(0), o.cachedPrice};
    return choice;
}

/// "builtin" and "local:FILE.gguf" are understood, too.
std::string plainName(const std::string &teacher)
{
    if (teacher == "builtin")
        return core::BuiltInTeacher;
    constexpr std::string_view Local = "local:";
    return teacher.find(Local) == 0 ? teacher.substr(Local.size()) : teacher;
}

}  // namespace

bool TeacherOptions::isBuiltIn() const
{
    return teacher == core::BuiltInTeacher || teacher == core::UntrainedTeacher;
}

std::string TeacherOptions::name() const
{
    if (teacher.ends_with(".gguf"))
        return std::filesystem::path(teacher).stem().string();
    const auto address = core::readServiceAddress(teacher);
    return choice.model.empty() && address ? address->deployment : choice.model;
}

void addTeacherOptions(const Command &command, TeacherOptions &o, const std::string &kinds)
{
    const Option teacher = command
                               .option("--teacher", o.teacher,
                                       kinds + ", a .gguf file (run by llama.cpp on this machine), or the address of a "
                                               "chat service, such as https://api.openai.com/v1")
                               .rewritten(plainName);
    command.option("--teacher-url", o.teacher, "Address of a chat service, the same as --teacher ADDRESS")
        .excludes(teacher);
    command.option("--teacher-model,--model", o.choice.model, "Model to ask, as the service calls it");
    command.flag("--anthropic", o.isAnthropic, "The service uses Anthropic's messages API instead of chat completions");
    command.option(
        "--teacher-key-env,--key-env", o.keyVariable,
        "Environment variable with the API key (default: STILLROOM_TEACHER_KEY, OPENAI_API_KEY or ANTHROPIC_API_KEY)");
    command.flag("--allow-plain-http", o.choice.allowsPlainHttp, "Allow an unencrypted connection to another machine");
    command.option("--authorities", o.choice.authorities,
                   "File with your company's certificate authority, PEM or DER (default: that of teachers.yaml and "
                   "SSL_CERT_FILE). The system's authorities always count");
    command
        .option("--form", o.form,
                "How the answer is restricted to the classes. automatic: found out once and remembered")
        .oneOf({"automatic", "schema", "json", "text"});
    command.option("--shots", o.job.ways.shotsPerClass,
                   "Train rows per class shown as examples, 24 in all at most (default: as in the config.yaml of "
                   "the service, or 2)");
    command.flag("--nearest", o.job.ways.nearest,
                 "Show the 24 train rows most similar to each text instead of the same rows for all");
    command.option("--classes-shown", o.job.ways.classesShown,
                   "Show only the N likeliest classes per text, chosen by the built-in teacher (default: all; 25 "
                   "if there are more than 40)");
    command
        .option("--rows-per-question", o.job.ways.rowsPerQuestion,
                "Rows per request: more is cheaper. Used for labels only if exams show that it costs no correct answer")
        .between(1, 50);
    command.option("--concurrency", o.choice.concurrency, "Requests at the same time, at most").between(1, 256);
    command
        .option("--input-price", o.inputPrice,
                "Price per million input tokens (default: the model's price, see the command prices)")
        .from(0);
    command.option("--output-price", o.outputPrice, "Price per million output tokens").from(0);
    command.option("--cached-price", o.cachedPrice, "Price per million input tokens read from the service's cache")
        .from(0);
    command.option("--max-cost,--most-cost", o.choice.mostCost, "Stop before it costs more than this").from(0);
}

base::Result<OpenedTeacher> openTeacher(const TeacherOptions &o, Console &console)
{
    static int argc = 0;
    auto choice = TRY(choiceOf(o));
    auto application = std::make_unique<app::WithPlainNumbers<QCoreApplication>>(argc, nullptr);
    bool isSaid = false;
    auto source = TRY(core::ChatSource::open(choice, console.context(), [&] {
        if (!std::exchange(isSaid, true))
            console.say(choice.isLocal() ? "Loading the model." : "Finding out what the service can do.");
    }));
    if (const std::string shown = core::shownAddress(source.endpoint().address);
        !choice.isLocal() && shown != o.teacher)
        console.say("The service is at " + shown + ".");
    for (const std::string &note : source.notes())
        console.say("Learned about the service: " + note);
    return OpenedTeacher{std::move(application), std::move(source)};
}

nlohmann::ordered_json OpenedTeacher::facts() const
{
    return {{"address", source.isLocal() ? nlohmann::ordered_json()
                                         : nlohmann::ordered_json(core::shownAddress(source.endpoint().address))},
            {"learned", source.notes()}};
}

nlohmann::ordered_json sayWarning(const core::Service &service, const std::string &teacher, Console &console)
{
    const auto warning = core::warningAbout(service, teacher);
    if (!warning || warning->empty())  // what cannot be read stops nobody
        return {};
    console.say(*warning);
    return *warning;
}

core::AskingListener sayPauses(Console &console)
{
    struct Said {
        std::string trouble, note;
        std::chrono::steady_clock::time_point until{};
    };
    // The state comes every second: a wait is said when it begins or becomes longer.
    return [&console, said = std::make_shared<Said>()](const core::AskingState &state) {
        if (!state.note.empty() && said->note != state.note)
            console.say(state.note);
        said->note = state.note;
        const auto left = state.calls.pause ? state.calls.pause : state.calls.waiting;
        if (!left || *left < std::chrono::seconds(1))
            return;
        const auto until = std::chrono::steady_clock::now() + *left;
        if (said->trouble == state.calls.trouble && until < said->until + std::chrono::seconds(2))
            return;
        *said = {state.calls.trouble, state.note, until};
        console.say((state.calls.pause ? "Paused: " : "Waiting: ") + state.calls.trouble + " On in " +
                    std::to_string(left->count() / 1000) + " s.");
    };
}

void sayCalls(const core::CallSummary &calls, Console &console)
{
    console.say(base::counted(calls.bought, "answer", "answers") + " bought, " + std::to_string(calls.known) +
                " known before; " + std::to_string(calls.usage.input) + " tokens in" +
                part(calls.usage.cached, "cached") + ", " + std::to_string(calls.usage.output) + " out" +
                part(calls.usage.reasoning, "of thinking") +
                (calls.cost > 0 ? ", cost " + core::moneyText(calls.cost) : std::string()) + ".");
    if (calls.usage.isEstimate)
        console.say("Tokens and cost are an estimate: the service does not say how many it counts.");
    if (calls.shortened > 0)
        console.say(base::counted(calls.shortened, "question holds", "questions hold") +
                    " only the beginning of a text: the model does not read more at once.");
    if (calls.waits > 0)
        console.say("The service asked " + base::counted(calls.waits, "time", "times") +
                    " for fewer questions; waited " + std::to_string(static_cast<int64_t>(calls.waitedSeconds + 0.5)) +
                    " s for it.");
}

void sayUnanswered(const core::VerdictCounts &counts, Console &console)
{
    if (counts.refused > 0)
        console.say(base::counted(counts.refused, "row was", "rows were") +
                    " refused by the service. Label them yourself, or let another model do it.");
    if (counts.unfinished > 0)
        console.say("The model did not finish thinking about " + base::counted(counts.unfinished, "row", "rows") +
                    ". Label them yourself, or choose a model that thinks less.");
}

std::string unansweredText(const core::VerdictCounts &counts)
{
    return std::to_string(counts.unsure) + " unsure, " + std::to_string(counts.unreadable) + " unreadable, " +
           std::to_string(counts.notAClass) + " no class of the list" +
           (counts.refused > 0 ? ", " + std::to_string(counts.refused) + " refused by the service" : "") +
           (counts.unfinished > 0 ? ", " + std::to_string(counts.unfinished) + " with unfinished thinking" : "");
}

void addUnanswered(nlohmann::ordered_json &json, const core::VerdictCounts &counts)
{
    json.update({{"unsure", counts.unsure},
                 {"unreadable", counts.unreadable},
                 {"not_a_class", counts.notAClass},
                 {"refused_by_service", counts.refused},
                 {"unfinished_thinking", counts.unfinished}});
}

void addCalls(nlohmann::ordered_json &json, const core::CallSummary &calls)
{
    json.update(
        {{"bought", calls.bought},
         {"known", calls.known},
         {"refused", calls.refused},
         {"retries", calls.retries},
         {"waits", calls.waits},
         {"waited_seconds", calls.waitedSeconds},
         {"shortened", calls.shortened},
         {"input_tokens", calls.usage.input},
         {"cached_tokens", calls.usage.cached},
         {"output_tokens", calls.usage.output},
         {"reasoning_tokens", calls.usage.reasoning},
         {"estimated", calls.usage.isEstimate},
         {"cost", calls.cost},
         {"paused", calls.whyPaused.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(calls.whyPaused)},
         {"notes", calls.notes}});
}

}  // namespace cli
