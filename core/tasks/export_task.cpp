// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/export_task.h"

#include "core/base/atomic_file.h"
#include "core/base/failpoint.h"
#include "core/engine/eval/ask_rule_file.h"
#include "core/engine/text/tokenizer_loader.h"
#include "core/results/report_json.h"
#include "core/results/run_classes.h"
#include "core/store/run_store.h"
#include "core/tasks/classifier_session.h"
#include "core/tasks/evaluate_task.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>

namespace fs = std::filesystem;
using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr double MaxDifference = 1e-4;
constexpr const char *PackageFiles[] = {
    "config.json",           "model.safetensors",           "tokenizer.json",
    "tokenizer_config.json", "special_tokens_map.json",     "vocab.txt",
    engine::AskRuleFile,     "adapter/adapter_config.json", "adapter/adapter_model.safetensors"};

/// Texts that tell tokenizers apart: case, accents, CJK, control characters, unknown signs, numbers.
constexpr const char *VectorTexts[] = {"Where is my parcel?",    "CAFÉ naïve Ångström", "東京 2024",
                                       "tab\there\nand  spaces", "don't stop—never!",   "[CLS] is text here",
                                       "price: 1,299.50 €",      "👍🏽 ok",         ""};

Result<void> copyFiles(const fs::path &from, const fs::path &to)
{
    for (const char *name : PackageFiles) {
        std::error_code code;
        if (!fs::exists(from / name, code))
            continue;
        fs::create_directories((to / name).parent_path(), code);
        if (!fs::copy_file(from / name, to / name, code))
            return base::Failure(base::systemError(code ? code.value() : EIO, to / name));
    }
    return {};
}

Result<void> writeTestVectors(const fs::path &folder)
{
    auto tokenizer = engine::loadTokenizer(folder);
    if (!tokenizer)
        return failure(tokenizer);
    nlohmann::ordered_json vectors = nlohmann::ordered_json::array();
    for (const char *text : VectorTexts)
        vectors.push_back({{"text", text}, {"ids", (*tokenizer)->encode(text, true).ids}});
    return base::writeFile(folder / "tokenizer_test_vectors.json", vectors.dump(2) + "\n");
}

nlohmann::ordered_json orNull(const std::optional<double> &value)
{
    return value ? nlohmann::ordered_json(*value) : nullptr;
}

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

/// The card names data by counts only: texts, paths and user names stay where they are. `prefix` stands before every
/// text.
Result<std::string> modelCard(const Service &service, const Evaluation *scored, const CheckpointName &checkpoint,
                              const std::string &prefix, const std::optional<engine::AskRule> &rule)
{
    auto name = service.setting("name");
    auto task = service.setting("task_description");
    auto run = RunStore(service.database()).run(checkpoint.run);
    auto labels = service.examples().labels();
    auto rows = RunStore(service.database()).rows(checkpoint.run);
    if (!name || !task || !run || !labels || !rows)
        return failure(ErrorCode::Internal, "The facts for the model card could not be read.",
                       service.folder().string());
    const auto trained =
        std::count_if(rows->begin(), rows->end(), [](const RunRow &row) { return row.part == "train"; });
    const bool named = run->base.find('/') == std::string::npos;  // a path says where things are on this machine
    std::string card = "---\nlibrary_name: transformers\npipeline_tag: text-classification\n---\n\n# " + *name +
                       "\n\n" + *task + "\n\n## Classes\n\n| class | meaning |\n|---|---|\n";
    auto classes = runClasses(service.examples(), *run);
    if (!classes)
        return failure(classes);
    for (size_t i = 0; i < run->labels.size(); ++i) {
        const auto now = std::find_if(labels->begin(), labels->end(), [&](const Label &label) {
            const auto place = classes->places.find(label.id);
            return place != classes->places.end() && place->second == static_cast<int>(i);
        });
        card += "| " + cell(run->labels[i]) + " | " + (now == labels->end() ? "" : cell(now->description)) + " |\n";
    }
    card += "\n## How it was made\n\nTrained with Stillroom " STILLROOM_VERSION " by the recipe *" +
            std::string(engine::name(run->config.recipe)) + "* from " +
            (named ? run->base : "weights of its maker's own") + ", epoch " + std::to_string(checkpoint.epoch) +
            ", on " + std::to_string(trained) + " rows. Texts are cut at " + std::to_string(run->config.maxLength) +
            " tokens.\n\n## How good it is\n\n";
    if (scored) {
        const auto &r = scored->report;
        const bool several = r.task == engine::TaskType::MultiLabel;
        const bool isExam = scored->kind == ScoreKind::Exam;
        card += (isExam ? std::string() : remarkOn(scored->kind) + " There was no exam.\n\n") + "On " +
                countedRows(scored->kind, r.rows) + (isExam ? ", which chose nothing in training: " : ": ") +
                (several ? "all labels right " : "accuracy ") + percent(r.accuracy) + " (95 % interval " +
                percent(r.interval.low) + " to " + percent(r.interval.high) + "), " +
                (several ? "micro F1 " + percent(r.microF1) + ", " : std::string()) + "macro F1 " + percent(r.macroF1) +
                ", expected calibration error " + percent(r.ece) +
                ".\n\n| class | precision | recall | F1 | rows |\n|---|---|---|---|---|\n";
        for (size_t i = 0; i < scored->labels.size(); ++i) {
            const auto &m = r.perClass[i];
            const bool isKnown = i < scored->learned.size();
            card += "| " + (isKnown ? cell(scored->learned[i]) : cell(scored->labels[i]) + " (it does not know)") +
                    " | " + percent(m.precision) + " | " + percent(m.recall) + " | " + percent(m.f1) + " | " +
                    std::to_string(m.support) + " |\n";
        }
    } else {
        card += "There was no exam, so nothing is known about rows it has not seen.\n";
    }
    const std::string answers = run->config.task == engine::TaskType::MultiLabel
                                    ? "It answers with each class whose probability is at least one half, which may "
                                      "be none"
                                    : "It answers with one of its classes whatever it is given";
    card += "\n## Limits\n\n" + answers + "; " + whenToAsk(rule, run->config.task) +
            " Not for fp16: the head is mapped onto that of "
            "transformers with numbers that overflow there.\n\n## Use\n\n" +
            (prefix.empty() ? std::string() : "Every text is read with `" + prefix + "` before it.\n\n") +
            "```python\nfrom transformers import pipeline\n"
            "classify = pipeline(\"text-classification\", model=\".\", top_k=None)\nprint(classify(" +
            nlohmann::json(prefix + "a text").dump() + ", truncation=True))\n```\n";
    if (run->config.recipe == engine::Recipe::Lora)
        card +=
            "\nThe weights hold what was learned. `adapter/` has it apart, for PEFT on transformers' AutoModel of the "
            "base weights.\n";
    return card;
}

/// Loads the package as a stranger would and compares it, row by row, with what the service computes.
Result<ExportSummary> verify(const fs::path &package, const Evaluation &own, const base::WorkContext &context)
{
    const auto &texts = own.texts;
    auto session = ClassifierSession::open(package);
    if (!session)
        return failure(session);
    auto logits = session->logits(texts, context);
    if (!logits)
        return failure(logits);
    const auto &rule = session->rule();
    const auto probabilities = engine::probabilitiesOf(*logits, rule.task);
    ExportSummary summary;
    summary.rows = static_cast<int64_t>(texts.size());
    int64_t same = 0;
    for (size_t i = 0; i < texts.size(); ++i) {
        same += engine::answerOf(probabilities.row(i), rule) == engine::answerOf(own.probabilities.row(i), own.rule)
                    ? 1
                    : 0;
        for (size_t j = 0; j < probabilities.columns; ++j)
            summary.maxProbabilityDifference = std::max<double>(
                summary.maxProbabilityDifference, std::abs(probabilities.row(i)[j] - own.probabilities.row(i)[j]));
    }
    summary.agreement = static_cast<double>(same) / static_cast<double>(summary.rows);
    engine::AnswerRule known = own.rule;
    if (!known.thresholds.empty())
        known.thresholds.resize(own.learned.size());
    summary.accuracy = engine::classificationReport(widened(probabilities, own.labels.size()), own.truth,
                                                    own.combinations, own.rule.thresholds)
                           .accuracy;
    // Two probabilities that are equal but for rounding may change places; then the rows say the same.
    if (session->labels() != own.learned || rule != known || summary.maxProbabilityDifference > MaxDifference ||
        std::isnan(summary.maxProbabilityDifference) || same != summary.rows)
        return failure(ErrorCode::Internal,
                       "The exported package does not answer like the checkpoint (" +
                           std::to_string(summary.rows - same) + " of " + std::to_string(summary.rows) +
                           " rows differ, largest probability difference " +
                           std::to_string(summary.maxProbabilityDifference) + "), so it was not written.",
                       package.filename().string());
    return summary;
}

}  // namespace

Result<ExportSummary> exportHf(const Service &service, const std::string &checkpoint, const fs::path &target,
                               const base::WorkContext &context)
{
    auto name = resolveCheckpoint(service, checkpoint);
    if (!name)
        return failure(name);
    auto counts = service.examples().counts();
    if (!counts)
        return failure(counts);
    const Split split = counts->test > 0 ? Split::Test : Split::Train;
    auto scored = evaluate(service, name->text(), Split::Test, context);
    if (!scored && scored.error().code != ErrorCode::InvalidInput)
        return failure(scored);
    const bool coversExam = scored && scored->kind == ScoreKind::Exam && scored->fromTrain == 0;
    auto own = coversExam ? scored : answerNow(service, name->text(), split, context);
    if (!own)
        return failure(own);
    ExportSummary summary;
    auto written = base::writeFolder(target, false, [&](const fs::path &folder) -> Result<void> {
        if (auto copied = copyFiles(service.checkpointFolder(name->run, name->epoch), folder); !copied)
            return copied;
        if (const int code = base::failpointError("export.copied"))
            return base::Failure(base::systemError(code, target));
        if (auto vectors = writeTestVectors(folder); !vectors)
            return vectors;
        auto verified = verify(folder, *own, context);
        if (!verified)
            return failure(verified);
        summary = *verified;
        if (!coversExam)
            summary.accuracy.reset();
        if (const int code = base::failpointError("export.verified"))
            return base::Failure(base::systemError(code, target));
        summary.checkedOn = core::name(split);
        nlohmann::ordered_json receipt{{"rows", summary.rows},
                                       {"split", summary.checkedOn},
                                       {"agreement", summary.agreement},
                                       {"max_probability_difference", summary.maxProbabilityDifference},
                                       {"accuracy", orNull(summary.accuracy)},
                                       {"report", nullptr}};
        if (scored) {
            receipt["report"] = {{"kind", core::name(scored->kind)}};
            receipt["report"].update(reportJson(scored->report, scored->labels));
        }
        if (auto done = base::writeFile(folder / "verification.json", receipt.dump(2) + "\n"); !done)
            return done;
        auto job = service.describe();
        if (!job)
            return failure(job);
        if (auto done = base::writeFile(folder / "job_description.json", *job); !done)
            return done;
        auto info = engine::readWeightsInfo(folder);
        if (!info)
            return failure(info);
        auto rule = engine::readAskRule(folder, own->labels);
        if (!rule)
            return failure(rule);
        auto card = modelCard(service, scored ? &*scored : nullptr, *name, info->textPrefix, *rule);
        if (!card)
            return failure(card);
        return base::writeFile(folder / "README.md", *card);
    });
    if (!written)
        return failure(written);
    summary.path = target;
    for (const auto &entry : fs::recursive_directory_iterator(target))
        summary.bytes += entry.is_regular_file() ? static_cast<int64_t>(entry.file_size()) : 0;
    return summary;
}

}  // namespace core
