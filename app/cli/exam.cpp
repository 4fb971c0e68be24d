// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "core/base/counted.h"
#include "core/results/report_json.h"
#include "core/tasks/exam_task.h"
#include "core/teacher/local_server.h"

#include <QCoreApplication>
#include <cstdio>
#include <cstdlib>
#include <memory>

namespace cli {

namespace {

struct Options {
    std::string service, teacher = core::BuiltInTeacher, model, name, keyVariable;
    bool isAnthropic = false, allowsPlainHttp = false;
    std::string form = "schema";
    size_t shots = 2, rows = 0;
    int concurrency = 16;
    double inputPrice = 0, outputPrice = 0, mostCost = -1;
};

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
base::Result<std::string> readKey(const Options &o)
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

base::Result<core::ChatEndpoint> serviceEndpoint(const Options &o)
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

base::Result<core::Exam> examineBuiltIn(const core::Service &service, const Options &o, Console &console)
{
    auto reader = core::FeatureReader::open(0);
    if (!reader)
        return base::failure(reader);
    using Learns = core::EmbeddingTeacher::Learns;
    return core::examine(service, o.teacher == core::UntrainedTeacher ? Learns::Descriptions : Learns::Rows,
                         std::move(*reader), console.context());
}

/// A name that a run may have.
std::string examName(const std::string &wanted)
{
    std::string name;
    for (const char c : wanted.substr(0, 60))
        name += std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.' ? c : '-';
    return !name.empty() && std::isalnum(static_cast<unsigned char>(name.front())) ? name : "teacher" + name;
}

base::Result<core::Exam> examineChat(const core::Service &service, const Options &o, Console &console)
{
    int argc = 0;
    const QCoreApplication application(argc, nullptr);
    core::ChatExamOptions options;
    options.shotsPerClass = o.shots;
    options.mostRows = o.rows;
    options.calls.limits.concurrency = o.concurrency;
    options.calls.prices = {o.inputPrice, o.outputPrice};
    if (o.mostCost >= 0)
        options.calls.mostCost = o.mostCost;
    std::unique_ptr<core::LocalServer> server;
    core::ChatEndpoint endpoint;
    if (o.teacher.ends_with(".gguf")) {
        bool isSaid = false;
        auto started = core::LocalServer::start({.weights = o.teacher}, console.context(), [&] {
            if (!std::exchange(isSaid, true))
                console.say("Loading the model.");
        });
        if (!started)
            return base::failure(started);
        server = std::move(*started);
        endpoint = server->endpoint();
        options.kind = core::LocalTeacher;
        options.calls.limits.concurrency = 2;
        options.calls.timeouts.firstByte = std::chrono::minutes(5);
    } else {
        auto made = serviceEndpoint(o);
        if (!made)
            return base::failure(made);
        endpoint = std::move(*made);
    }
    options.name = o.name.empty() ? examName(endpoint.model) : o.name;
    options.calls.teacher = options.name;
    return core::examine(service, endpoint, options, console.context(), [&](const core::CallState &state) {
        if (state.pause)
            console.say("Paused: " + state.trouble + " On in " + std::to_string(state.pause->count() / 1000) + " s.");
    });
}

nlohmann::ordered_json callsJson(const core::Exam &exam)
{
    return {{"shots", exam.learnedRows},
            {"labelled", exam.counts.labelled},
            {"unsure", exam.counts.unsure},
            {"unreadable", exam.counts.unreadable},
            {"not_a_class", exam.counts.notAClass},
            {"bought", exam.calls.bought},
            {"known", exam.calls.known},
            {"retries", exam.calls.retries},
            {"input_tokens", exam.calls.inputTokens},
            {"output_tokens", exam.calls.outputTokens},
            {"cost", exam.calls.cost}};
}

int run(const Options &o, Console &console)
{
    auto service = core::Service::open(o.service);
    if (!service)
        return console.fail(service.error());
    const bool isChat = o.teacher != core::BuiltInTeacher && o.teacher != core::UntrainedTeacher;
    auto exam = isChat ? examineChat(*service, o, console) : examineBuiltIn(*service, o, console);
    if (!exam)
        return console.fail(exam.error());
    const auto &report = exam->report;
    console.say(exam->name + (isChat ? " was shown " : " knows ") +
                base::counted(exam->learnedRows, "train row", "train rows") + " and is right on " +
                std::to_string(report.correct) + " of " + std::to_string(report.rows) + " exam rows, " +
                percent(report.accuracy) + " (between " + percent(report.interval.low) + " and " +
                percent(report.interval.high) + "), macro F1 " + percent(report.macroF1) + ".");
    if (isChat && exam->counts.unanswered() > 0)
        console.say(std::to_string(exam->counts.unsure) + " unsure, " + std::to_string(exam->counts.unreadable) +
                    " unreadable, " + std::to_string(exam->counts.notAClass) +
                    " no class of the list: counted as wrong.");
    for (size_t i = 0; i < exam->labels.size(); ++i) {
        const auto &metrics = report.perClass[i];
        console.say("  " + exam->labels[i] + ": precision " + percent(metrics.precision) + ", recall " +
                    percent(metrics.recall) + ", F1 " + percent(metrics.f1) + ", " + std::to_string(metrics.support) +
                    " rows");
    }
    if (isChat)
        console.say(base::counted(exam->calls.bought, "answer", "answers") + " bought, " +
                    std::to_string(exam->calls.known) + " known before; " + std::to_string(exam->calls.inputTokens) +
                    " tokens in, " + std::to_string(exam->calls.outputTokens) + " out, cost " +
                    money(exam->calls.cost) + ".");
    nlohmann::ordered_json json{{"exam", exam->name}, {"train_rows", exam->learnedRows}, {"seconds", exam->seconds}};
    json.update(core::reportJson(report, exam->labels));
    if (isChat)
        json["teacher"] = callsJson(*exam);
    console.result(json);
    return ExitDone;
}

}  // namespace

void addExam(CLI::App &app, Action &action)
{
    auto *command = app.add_subcommand("exam", "Let a teacher answer the test rows, and keep what it is worth");
    auto o = std::make_shared<Options>();
    command->add_option("service", o->service, "Folder of the service")->required();
    command->add_option("--teacher", o->teacher,
                        "built-in: embeddings, class descriptions and your train rows; untrained: the descriptions "
                        "alone; a .gguf file, for llama.cpp's server on this machine; or the address of a chat "
                        "service, such as https://api.openai.com/v1 or http://127.0.0.1:11434/v1");
    command->add_option("--model", o->model, "Of a service: what it calls the model");
    command->add_flag("--anthropic", o->isAnthropic, "The service speaks Anthropic's messages, not chat completions");
    command->add_option("--key-env", o->keyVariable,
                        "Variable of the environment with the key; else STILLROOM_TEACHER_KEY, OPENAI_API_KEY or "
                        "ANTHROPIC_API_KEY");
    command->add_flag("--allow-plain-http", o->allowsPlainHttp, "To another machine without encryption");
    command->add_option("--form", o->form, "How a service is held to the classes: schema, json or text")
        ->check(CLI::IsMember({"schema", "json", "text"}));
    command->add_option("--shots", o->shots,
                        "Train rows of each class that a language model is shown, 24 in all at most");
    command->add_option("--rows", o->rows, "Exam rows to ask about, from all over; all by default");
    command->add_option("--concurrency", o->concurrency, "Questions at once, at most")->check(CLI::Range(1, 256));
    command->add_option("--input-price", o->inputPrice, "Of a million tokens")->check(CLI::NonNegativeNumber);
    command->add_option("--output-price", o->outputPrice, "Of a million tokens")->check(CLI::NonNegativeNumber);
    command->add_option("--most-cost", o->mostCost, "Stop before it costs more")->check(CLI::NonNegativeNumber);
    command->add_option("--name", o->name, "Of the exam; the model's by default");
    command->callback([=, &action] { action = [o](Console &console) { return run(*o, console); }; });
}

}  // namespace cli
