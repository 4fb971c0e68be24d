// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/export_format.h"

#include "core/base/atomic_file.h"
#include "core/catalogue/weights_catalogue.h"
#include "core/classify/classifier_session.h"
#include "core/engine/eval/ask_rule_file.h"
#include "core/engine/json/strict_json.h"
#include "core/engine/text/tokenizer_files.h"
#include "core/engine/text/tokenizer_loader.h"

namespace fs = std::filesystem;
using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

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

/// A folder that transformers' AutoModelForSequenceClassification and AutoTokenizer load.
Result<void> writeHf(const ExportSource &source, const fs::path &folder)
{
    TRY(copyFiles(source.checkpoint, folder));
    TRY(completeAdapter(source.checkpoint, source.base, folder));
    return writeTokenizer(source.checkpoint, source.info, source.texts, folder);
}

/// By what it says of itself: nothing of the service is known.
Result<PackageAnswers> answerHf(const fs::path &folder, const std::vector<std::string> &texts,
                                const base::WorkContext &context)
{
    auto session = TRY(ClassifierSession::open(folder));
    const auto logits = TRY(session.logits(texts, context));
    return PackageAnswers{engine::probabilitiesOf(logits, session.rule().task), session.labels(), session.rule()};
}

constexpr ExportFormat Formats[] = {{"hf", "a folder for Hugging Face transformers", writeHf, answerHf}};

}  // namespace

std::span<const ExportFormat> exportFormats()
{
    return Formats;
}

}  // namespace core
