// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/model_card.h"

#include "core/base/lowered.h"
#include "core/catalogue/weights_catalogue.h"
#include "core/results/run_classes.h"
#include "core/store/run_store.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

std::string percent(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.1f %%", 100 * value);
    return text;
}

/// A text as one cell of a Markdown table: nothing of it is markup.
std::string cell(const std::string &text)
{
    const auto isWord = [&](size_t i) {
        return i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) != 0 || (text[i] & '\x80') != 0);
    };
    const bool hasLink = text.find("](") != std::string::npos;
    std::string result;
    for (size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool isMarkup =
            c == '|' || c == '<' || c == '*' || c == '`' || c == '~' || (c == '[' && hasLink) ||
            (c == '_' && (!isWord(i - 1) || !isWord(i + 1))) || (c == '&' && text.find(';', i) != std::string::npos) ||
            (c == '\\' && i + 1 < text.size() && std::ispunct(static_cast<unsigned char>(text[i + 1])));
        if (isMarkup)
            result += '\\';
        result += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
    }
    return result;
}

std::string whenToAsk(const std::optional<engine::AskRule> &rule, engine::TaskType task)
{
    if (!rule)
        return "low probabilities mean that a person should look.";
    const std::string limit = std::to_string(rule->threshold).substr(0, 4);
    const std::string what =
        task == engine::TaskType::MultiLabel ? "the least sure yes or no" : "the largest probability";
    return "a person should look where " + what + " is below " +
           (rule->perClass.empty() ? limit : std::string("the limit of its class")) + ", as `ask.json` says.";
}

/// A text as a value of YAML: JSON's form is one.
std::string quoted(const std::string &text)
{
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string decimal(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.4f", value);
    return text;
}

/// What hubs read: what it was made from and how good it is.
std::string frontMatter(const std::string &name, const std::optional<BaseWeights> &base, const Evaluation *scored)
{
    std::string text = "---\nlibrary_name: transformers\npipeline_tag: text-classification\ntags:\n- stillroom\n";
    if (base) {
        text += "base_model: " + base->source->hubId + "\n";
        if (!base->licence.empty())
            text += "license: " + base::lowered(base->licence) + "\n";
        text += std::string("language: ") + (base->languages == "English" ? "en" : "multilingual") + "\n";
    }
    text += "metrics:\n- accuracy\n- f1\n";
    if (scored && scored->kind == ScoreKind::Exam) {
        text += "model-index:\n- name: " + quoted(name) +
                "\n  results:\n  - task:\n      type: text-classification\n    dataset:\n      name: exam rows of its "
                "maker\n      type: private\n    metrics:\n    - type: accuracy\n      value: " +
                decimal(scored->report.accuracy) +
                "\n    - type: f1\n      name: macro F1\n      value: " + decimal(scored->report.macroF1) + "\n";
    }
    return text + "---\n";
}

/// Its classes, what they mean, and where several may be answered, from which probability on.
Result<std::string> classTable(const Service &service, const RunInfo &run, const std::vector<float> &thresholds)
{
    auto labels = TRY(service.examples().labels());
    auto classes = TRY(runClasses(service.examples(), run));
    const bool hasThresholds = thresholds.size() >= run.labels.size();
    std::string text =
        hasThresholds ? "| class | meaning | answered from |\n|---|---|---|\n" : "| class | meaning |\n|---|---|\n";
    for (size_t i = 0; i < run.labels.size(); ++i) {
        const auto now = std::find_if(labels.begin(), labels.end(), [&](const Label &label) {
            const auto place = classes.places.find(label.id);
            return place != classes.places.end() && place->second == static_cast<int>(i);
        });
        text += "| " + cell(run.labels[i]) + " | " + (now == labels.end() ? "" : cell(now->description)) + " |" +
                (hasThresholds ? " " + percent(static_cast<double>(thresholds[i])) + " |" : std::string()) + "\n";
    }
    return text;
}

std::string scores(const Evaluation *scored)
{
    if (!scored)
        return "There was no exam, so nothing is known about rows it has not seen.\n";
    const auto &r = scored->report;
    const bool several = r.task == engine::TaskType::MultiLabel;
    const bool isExam = scored->kind == ScoreKind::Exam;
    std::string text = (isExam ? std::string() : remarkOn(scored->kind) + " There was no exam.\n\n") + "On " +
                       countedRows(scored->kind, r.rows) + (isExam ? ", which chose nothing in training: " : ": ") +
                       (several ? "all labels right " : "accuracy ") + percent(r.accuracy) + " (95 % interval " +
                       percent(r.interval.low) + " to " + percent(r.interval.high) + "), " +
                       (several ? "micro F1 " + percent(r.microF1) + ", " : std::string()) + "macro F1 " +
                       percent(r.macroF1) + ", expected calibration error " + percent(r.ece) +
                       ".\n\n| class | precision | recall | F1 | rows |\n|---|---|---|---|---|\n";
    for (size_t i = 0; i < scored->labels.size(); ++i) {
        const auto &m = r.perClass[i];
        const bool isKnown = i < scored->learned.size();
        text += "| " + (isKnown ? cell(scored->learned[i]) : cell(scored->labels[i]) + " (it does not know)") + " | " +
                percent(m.precision) + " | " + percent(m.recall) + " | " + percent(m.f1) + " | " +
                std::to_string(m.support) + " |\n";
    }
    return text;
}

std::string limits(const CardFacts &facts)
{
    const auto &weights = facts.weights;
    std::string text = "It answers with one of its classes whatever it is given";
    if (weights.rule.task == engine::TaskType::MultiLabel)
        text = std::string("It answers with each class whose probability is at least ") +
               (weights.rule.thresholds.empty() ? "one half" : "that in the table above") + ", which may be none";
    text += "; " + whenToAsk(facts.rule, weights.rule.task);
    const bool overflows = weights.pooling == engine::Pooling::Mean && weights.lastNormExponent == 0 &&
                           weights.encoder.architecture->encoder == engine::EncoderKind::PostNorm;
    if (overflows)  // a checkpoint of before
        text += " Not for fp16: its layers hold numbers that overflow there.";
    return text + "\n";
}

/// How long texts are read.
std::string readingOf(const engine::TrainingConfig &config, const engine::WindowRule &windows)
{
    if (!windows.isOn())
        return "Texts are cut at " + std::to_string(config.maxLength) + " tokens.";
    return "Texts of more than " + std::to_string(windows.length) +
           " tokens are read in windows of so many, which "
           "overlap by " +
           std::to_string(windows.overlap) + ", at most " + std::to_string(windows.most) +
           " a text. Each has the special tokens" + (windows.front > 1 ? " and the prefix" : "") +
           ". The answer is the mean of their logits.";
}

/// transformers' pipelines read one window only. What stands in capitals are numbers, but for ANSWER and TEXT.
constexpr std::string_view UseOfWindows = R"md(```python
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained(".")
model = AutoModelForSequenceClassification.from_pretrained(".").eval()


def windows(text):
    ids = tokenizer(text, truncation=False)["input_ids"]
    end = len(ids) - BACK
    own = ids[FRONT:end]
    starts = range(0, max(1, len(own) - OVERLAP), STEP)
    return [ids[:FRONT] + own[start:start + OWN] + ids[end:] for start in starts][:MOST]


def classify(text):
    batch = tokenizer.pad({"input_ids": windows(text)}, return_tensors="pt")
    with torch.no_grad():
        values = model(**batch).logits.mean(0).ANSWER
    return [{"label": model.config.id2label[i], "score": value} for i, value in enumerate(values.tolist())]


scores = classify(TEXT)
)md";

std::string useOfWindows(const CardFacts &facts)
{
    const engine::WindowRule &rule = facts.weights.windows;
    const int own = rule.length - rule.front - rule.back;
    const bool several = facts.weights.rule.task == engine::TaskType::MultiLabel;
    std::string use(UseOfWindows);
    for (const auto &[word, value] :
         {std::pair("BACK", std::to_string(rule.back)), std::pair("FRONT", std::to_string(rule.front)),
          std::pair("OVERLAP", std::to_string(rule.overlap)), std::pair("STEP", std::to_string(own - rule.overlap)),
          std::pair("OWN", std::to_string(own)), std::pair("MOST", std::to_string(rule.most)),
          std::pair("ANSWER", std::string(several ? "sigmoid()" : "softmax(-1)")),
          std::pair("TEXT", quoted(facts.weights.textPrefix + "a text"))}) {
        const std::string_view placeholder = word;
        for (size_t at = use.find(placeholder); at != std::string::npos; at = use.find(placeholder, at + value.size()))
            use.replace(at, placeholder.size(), value);
    }
    return use;
}

std::string use(const CardFacts &facts)
{
    const std::string &prefix = facts.weights.textPrefix;
    const auto &thresholds = facts.weights.rule.thresholds;
    std::string text = prefix.empty() ? std::string() : "Every text is read with `" + prefix + "` before it.\n\n";
    const bool hasWindows = facts.weights.windows.isOn();
    if (hasWindows)
        text += useOfWindows(facts);
    else
        text += "```python\nfrom transformers import pipeline\n"
                "classify = pipeline(\"text-classification\", model=\".\", top_k=None)\nscores = classify(" +
                quoted(prefix + "a text") + ", truncation=True)\n";
    if (!thresholds.empty()) {
        nlohmann::ordered_json least = nlohmann::ordered_json::object();
        for (size_t i = 0; i < thresholds.size() && i < facts.weights.labels.size(); ++i)
            least[facts.weights.labels[i]] = std::round(static_cast<double>(thresholds[i]) * 1e6) / 1e6;
        text += "least = " + least.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) +
                "\nprint([s[\"label\"] for s in " + (hasWindows ? "scores" : "scores[0]") +
                " if s[\"score\"] >= least[s[\"label\"]]])\n```\n";
    } else {
        text += "print(scores)\n```\n";
    }
    if (hasWindows)
        text +=
            "\nPipelines of transformers, and servers such as vLLM and Text Embeddings Inference, read one window of a "
            "text at most. They answer longer texts otherwise, from their beginning alone. Where such a server is "
            "needed, ask it for the logits of each window, and average them.\n";
    return text;
}

/// Of a run that began with a checkpoint, the weights that the first one began with.
std::string firstBase(const RunStore &store, RunInfo run)
{
    for (int steps = 0; steps < 100; ++steps) {
        const size_t slash = run.base.find('/');
        auto earlier = slash == std::string::npos ? Result<RunInfo>(failure(ErrorCode::NotFound, {}))
                                                  : store.run(run.base.substr(0, slash));
        if (!earlier)
            return run.base;
        run = std::move(*earlier);
    }
    return run.base;
}

}  // namespace

Result<std::string> modelCard(const Service &service, const CardFacts &facts)
{
    auto name = service.setting(keys::Name);
    auto task = service.setting(keys::TaskDescription);
    const RunStore store(service.database());
    auto run = store.run(facts.checkpoint.run);
    auto rows = store.rows(facts.checkpoint.run);
    if (!name || !task || !run || !rows)
        return failure(ErrorCode::Internal, "The facts for the model card could not be read.",
                       service.folder().string());
    auto classes = TRY(classTable(service, *run, facts.weights.rule.thresholds));
    const auto trained =
        std::count_if(rows->begin(), rows->end(), [](const RunRow &row) { return row.part == "train"; });
    const bool named = run->base.find('/') == std::string::npos;  // a path says where things are on this machine
    std::string card = frontMatter(*name, catalogueWeights(firstBase(store, *run)), facts.scored) + "\n# " + *name +
                       "\n\n" + *task + "\n\n## Classes\n\n" + classes +
                       "\n## How it was made\n\nTrained with Stillroom " + STILLROOM_VERSION + " by the recipe *" +
                       engine::name(run->config.recipe) + "* from " +
                       (named ? run->base : "weights of its maker's own") + ", epoch " +
                       std::to_string(facts.checkpoint.epoch) + ", on " + std::to_string(trained) + " rows. " +
                       readingOf(run->config, facts.weights.windows) + "\n\n## How good it is\n\n" +
                       scores(facts.scored) + "\n## Limits\n\n" + limits(facts) + "\n## Use\n\n" + use(facts);
    if (run->config.recipe == engine::Recipe::Lora)
        card += std::string("\nThe weights hold what was learned. `adapter/` has it apart, for PEFT on transformers' "
                            "AutoModel of the ") +
                (named ? "base weights" : "weights that it began with, which are not in this package") +
                "; its `head.safetensors` is the last layer behind them.\n";
    return card;
}

}  // namespace core
