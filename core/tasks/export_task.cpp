// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/export_task.h"

#include "core/base/atomic_file.h"
#include "core/base/failpoint.h"
#include "core/catalogue/weights_catalogue.h"
#include "core/classify/classifier_session.h"
#include "core/engine/eval/ask_rule_file.h"
#include "core/engine/json/strict_json.h"
#include "core/engine/text/tokenizer_files.h"
#include "core/engine/text/tokenizer_loader.h"
#include "core/results/report_json.h"
#include "core/results/run_classes.h"
#include "core/store/run_store.h"
#include "core/tasks/evaluate_task.h"
#include "core/tasks/model_card.h"

#include <algorithm>
#include <cmath>

namespace fs = std::filesystem;
using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr double MaxDifference = 1e-4;
constexpr const char *PackageFiles[] = {"config.json", "model.safetensors", engine::AskRuleFile,
                                        "adapter/adapter_config.json", "adapter/adapter_model.safetensors"};

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

/// Says of which base weights an adapter is, and puts the head beside it. Nothing to do where there is no adapter.
Result<void> completeAdapter(const fs::path &checkpoint, const std::string &base, const fs::path &folder)
{
    std::error_code code;
    const fs::path file = folder / "adapter/adapter_config.json";
    if (!fs::exists(file, code))
        return {};
    auto bytes = TRY(base::readFile(file));
    auto settings = engine::parseOrderedJson(bytes);
    if (!settings || !settings->is_object())
        return failure(ErrorCode::Corrupt, "The adapter's settings are no JSON object.", file.filename().string());
    if (const auto weights = catalogueWeights(base))
        (*settings)["base_model_name_or_path"] = weights->source->hubId;
    TRY(base::writeFile(file, settings->dump(2)));
    if (!fs::copy_file(checkpoint / "stillroom_head.safetensors", folder / "adapter/head.safetensors", code))
        return base::Failure(base::systemError(code ? code.value() : EIO, folder / "adapter/head.safetensors"));
    return {};
}

/// The tokenizer's files of the package, and test vectors. Written again rather than copied: checkpoints of before
/// have settings that transformers reads otherwise. As transformers reads them, every text has the ids that it has in
/// the checkpoint; else an error.
Result<void> writeTokenizer(const fs::path &checkpoint, const engine::WeightsInfo &info,
                            const std::vector<std::string> &texts, const fs::path &folder)
{
    const engine::TokenizerUse use{info.maxLength, info.encoder.paddingId, info.encoder.typeVocabularySize > 1};
    TRY(engine::writeTokenizerFiles(checkpoint, use, folder));
    auto own = engine::loadTokenizer(checkpoint);
    auto written = engine::loadAsTransformers(folder);
    if (!own)
        return failure(own);
    if (!written)
        return failure(written);
    std::vector<std::string> tried(std::begin(VectorTexts), std::end(VectorTexts));
    tried.insert(tried.end(), texts.begin(), texts.end());
    nlohmann::ordered_json vectors = nlohmann::ordered_json::array();
    int64_t differing = 0;
    for (size_t i = 0; i < tried.size(); ++i) {
        const auto ids = (*own)->encode(info.textPrefix + tried[i], true).ids;
        differing += ids != (*written)->encode(info.textPrefix + tried[i], true).ids ? 1 : 0;
        if (i < std::size(VectorTexts))
            vectors.push_back({{"text", tried[i]}, {"ids", (*own)->encode(tried[i], true).ids}});
    }
    if (differing > 0)
        return failure(ErrorCode::Internal,
                       "The tokenizer of the exported package reads " + std::to_string(differing) + " of " +
                           std::to_string(tried.size()) +
                           " texts otherwise than the checkpoint, so it was not written.",
                       folder.filename().string());
    return base::writeFile(folder / "tokenizer_test_vectors.json", vectors.dump(2) + "\n");
}

nlohmann::ordered_json orNull(const std::optional<double> &value)
{
    return value ? nlohmann::ordered_json(*value) : nullptr;
}

/// Loads the package as a stranger would and compares it, row by row, with what the service computes.
Result<ExportSummary> verify(const fs::path &package, const Evaluation &own, const base::WorkContext &context)
{
    const auto &texts = own.texts;
    auto session = TRY(ClassifierSession::open(package));
    auto logits = TRY(session.logits(texts, context));
    const auto &rule = session.rule();
    const auto probabilities = engine::probabilitiesOf(logits, rule.task);
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
    if (session.labels() != own.learned || rule != known || summary.maxProbabilityDifference > MaxDifference ||
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
    auto name = TRY(resolveCheckpoint(service, checkpoint));
    auto counts = TRY(service.examples().counts());
    auto run = TRY(RunStore(service.database()).run(name.run));
    const Split split = counts.test > 0 ? Split::Test : Split::Train;
    auto scored = evaluate(service, name.text(), Split::Test, context);
    if (!scored && scored.error().code != ErrorCode::InvalidInput)
        return failure(scored);
    const bool coversExam = scored && scored->kind == ScoreKind::Exam && scored->fromTrain == 0;
    auto own = TRY(coversExam ? scored : answerNow(service, name.text(), split, context));
    ExportSummary summary;
    auto written = base::writeFolder(target, false, [&](const fs::path &folder) -> Result<void> {
        const fs::path checkpointFolder = service.checkpointFolder(name.run, name.epoch);
        TRY(copyFiles(checkpointFolder, folder));
        if (const int code = base::failpointError("export.copied"))
            return base::Failure(base::systemError(code, target));
        auto info = TRY(engine::readWeightsInfo(checkpointFolder));
        TRY(completeAdapter(checkpointFolder, run.base, folder));
        TRY(writeTokenizer(checkpointFolder, info, own.texts, folder));
        auto verified = TRY(verify(folder, own, context));
        summary = verified;
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
        TRY(base::writeFile(folder / "verification.json", receipt.dump(2) + "\n"));
        auto job = TRY(service.describe());
        TRY(base::writeFile(folder / "job_description.json", job));
        auto rule = TRY(engine::readAskRule(folder, own.labels));
        auto card = TRY(modelCard(service, {name, info, rule, scored ? &*scored : nullptr}));
        return base::writeFile(folder / "README.md", card);
    });
    if (!written)
        return failure(written);
    summary.path = target;
    for (const auto &entry : fs::recursive_directory_iterator(target))
        summary.bytes += entry.is_regular_file() ? static_cast<int64_t>(entry.file_size()) : 0;
    return summary;
}

}  // namespace core
