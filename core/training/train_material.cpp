// SPDX-License-Identifier: Apache-2.0
#include "core/training/train_material.h"

#include "core/engine/data/class_balance.h"
#include "core/rows/text_input.h"
#include "core/training/recipe_choice.h"
#include "core/training/train_notes.h"
#include "core/training/train_plan.h"
#include "core/training/training_budget.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>

using base::failure;
using base::Result;
using engine::Recipe;

namespace core {

namespace {

/// More held-out rows than this would cost training rows without making the choice safer.
constexpr size_t MostHeldOut = 1000;
/// Of the wanted share, what must be held out to be worth more than cross-validation.
constexpr double LeastOfShare = 0.75;

void splitTrain(TrainMaterial &material, const engine::TrainingConfig &config)
{
    const auto &train = material.train;
    const size_t rows = train.ids.size();
    if (config.recipe != Recipe::Seconds && static_cast<int64_t>(rows) >= FewestForHoldOut) {
        const double fraction =
            std::min(config.validationFraction, static_cast<double>(MostHeldOut) / static_cast<double>(rows));
        material.holdOut =
            engine::stratifiedHoldOut(train.labels, train.groups, fraction, config.seed, train.combinations);
        // Cross-validation asks all rows where groups, or classes of one row, leave too few to hold out.
        if (static_cast<double>(material.holdOut.validation.size()) <
            LeastOfShare * fraction * static_cast<double>(rows))
            material.holdOut = {};
    }
    if (material.holdOut.validation.empty()) {
        material.holdOut.train.resize(rows);
        std::iota(material.holdOut.train.begin(), material.holdOut.train.end(), size_t{0});
    }
    const auto &hold = material.holdOut;
    auto &request = material.request;
    request.train = material.lesson(hold.train);
    request.validation = pick(material.trainTokens, hold.validation);
    // Heads report out-of-fold scores of all their train rows.
    material.validationLabels = hold.validation.empty() ? train.labels : pick(train.labels, hold.validation);
}

Result<void> addDescriptions(const Service &service, const TextInput &input, engine::TrainRequest &request)
{
    auto labels = TRY(service.examples().labels());
    for (const Label &label : labels) {
        const auto place = std::find(request.labels.begin(), request.labels.end(), label.name);
        if (place == request.labels.end())
            continue;
        for (const std::string &text : describingTexts(label)) {
            request.extra.texts.push_back(input.read(text));
            request.extra.labels.push_back(static_cast<int>(place - request.labels.begin()));
        }
    }
    return {};
}

/// Rows of the exam that have none of the classes, but others.
Result<LabelledRows> readUnknown(const Service &service, const std::vector<std::string> &labels,
                                 const LabelledRows &known)
{
    auto others = TRY(classNames(service));
    std::erase_if(others.learned,
                  [&](const std::string &name) { return std::ranges::find(labels, name) != labels.end(); });
    if (others.learned.empty())
        return LabelledRows();
    auto rows = readLabelled(service, Split::Test, others.learned);
    if (!rows)
        return rows;
    // Where a text may have several classes, the same row may have known ones, too.
    const std::set<int64_t> isKnown(known.ids.begin(), known.ids.end());
    std::vector<size_t> places;
    for (size_t i = 0; i < rows->ids.size(); ++i) {
        if (!isKnown.contains(rows->ids[i]))
            places.push_back(i);
    }
    return picked(std::move(*rows), places);
}

}  // namespace

engine::LabelledTexts TrainMaterial::lesson(const std::vector<size_t> &rows) const
{
    engine::LabelledTexts texts{pick(trainTokens, rows), pick(train.labels, rows), pick(train.groups, rows),
                                train.combinations};
    if (!trainWeights.empty())
        texts.weights = pick(trainWeights, rows);
    if (taught.weights.empty())
        return texts;
    texts.taught = taughtTokens.size();
    texts.weights.resize(texts.texts.size(), 1);
    texts.texts.insert(texts.texts.end(), taughtTokens.begin(), taughtTokens.end());
    texts.labels.insert(texts.labels.end(), taught.rows.labels.begin(), taught.rows.labels.end());
    texts.groups.insert(texts.groups.end(), taught.rows.groups.begin(), taught.rows.groups.end());
    texts.weights.insert(texts.weights.end(), taught.weights.begin(), taught.weights.end());
    return texts;
}

std::vector<RunRow> TrainMaterial::rows() const
{
    std::vector<RunRow> rows;
    for (const size_t i : holdOut.train)
        rows.push_back({train.ids[i], "train", train.hashes[i]});
    for (size_t i = 0; i < taught.rows.ids.size(); ++i)
        rows.push_back({taught.rows.ids[i], "train", taught.rows.hashes[i]});
    for (const size_t i : holdOut.validation)
        rows.push_back({train.ids[i], "validation", train.hashes[i]});
    for (size_t i = 0; i < test.ids.size(); ++i)
        rows.push_back({test.ids[i], "test", test.hashes[i]});
    for (size_t i = 0; i < unknown.ids.size(); ++i)
        rows.push_back({unknown.ids[i], "test", unknown.hashes[i]});
    for (size_t i = 0; i < unlabelled.ids.size(); ++i)
        rows.push_back({unlabelled.ids[i], "unlabelled", rowHash(unlabelled.texts[i], {})});
    return rows;
}

engine::TextSizes TrainMaterial::sizes() const
{
    engine::TextSizes sizes;
    for (const auto *texts : {&request.train.texts, &request.unlabelled}) {
        if (request.windows.isOn())
            sizes.add(engine::WindowedTexts(*texts, request.windows).windows);
        else
            sizes.add(*texts);
    }
    return sizes;
}

Result<TrainMaterial> prepareMaterial(const Service &service, RunInfo &info, std::vector<std::string> &notes,
                                      const base::WorkContext &context)
{
    auto folder = TRY(baseFolder(service, info));
    const auto &base = folder;
    auto &config = info.config;
    auto weights = TRY(engine::readWeightsInfo(base));
    auto input = TRY(TextInput::open(base, weights));
    if (!input.prefix.empty())
        notes.push_back("These weights read every text with \"" + input.prefix + "\" before it.");
    if (config.maxLength > weights.encoder.maxPositions) {
        notes.push_back("These weights read at most " + std::to_string(weights.encoder.maxPositions) +
                        " tokens; longer texts are cut there.");
        config.maxLength = weights.encoder.maxPositions;
    }
    input.maxLength = config.maxLength;
    input.windows = {};
    if (config.longTexts == engine::LongTexts::Windows) {
        auto windows = TRY(input.ownWindows());
        input.windows = windows;
    }
    if (config.topLayers > weights.encoder.layers) {
        notes.push_back("These weights have " + std::to_string(weights.encoder.layers) + " layers, which all learn.");
        config.topLayers = weights.encoder.layers;
    }
    auto learned = info.labels;
    if (!config.rejectClass.empty())
        std::erase(learned, config.rejectClass);
    auto train = readLabelled(service, Split::Train, learned, LabelledBy::People);
    auto test = readLabelled(service, Split::Test, info.labels);
    if (!train)
        return failure(train);
    if (!test)
        return failure(test);
    auto unknown = TRY(readUnknown(service, info.labels, *test));
    TrainMaterial material;
    material.unknown = std::move(unknown);
    material.encoder = weights.encoder;
    material.train = std::move(*train);
    material.test = std::move(*test);
    auto known = material.train.groups;
    known.insert(known.end(), material.test.groups.begin(), material.test.groups.end());
    auto taught = TRY(readTaught(service, learned, known, material.train.combinations));
    const bool leavesTaught = config.teacherLabels == engine::TeacherLabels::Leave && !material.train.ids.empty();
    if (material.train.ids.empty()) {
        taught.rows.combinations = std::move(material.train.combinations);
        material.train = std::move(taught.rows);
        material.trainWeights = std::move(taught.weights);
    } else if (!leavesTaught) {
        material.taught = std::move(taught);
    }
    material.trainTokens = input.read(material.train.texts);
    material.taughtTokens = input.read(material.taught.rows.texts);
    auto &request = material.request;
    request.base = base;
    request.labels = std::move(learned);
    request.config = config;
    request.windows = input.windows;
    if (std::string note = noteOnWindows(material.trainTokens, material.train.texts, input);
        !note.empty() && std::ranges::find(notes, note) == notes.end())
        notes.push_back(std::move(note));
    request.test = input.read(material.test.texts);
    TRY(addDescriptions(service, input, request));
    auto groups = TRY(groupsToHoldOut(material.train, context));
    auto column = TRY(service.groupColumn());
    if (std::string note = noteOnAlikeRows(groups, material.train.groups, column); !note.empty())
        notes.push_back(std::move(note));
    material.train.groups = std::move(groups);
    splitTrain(material, config);
    if (!config.rebalance.empty() && config.balance != engine::Balance::None) {
        TRY(engine::parseAmounts(config.rebalance, request.labels, request.train.labels));
    }
    if (!engine::readsUnlabelled(config.recipe) || config.task == engine::TaskType::MultiLabel)
        return material;
    // Those that are in the exam, too, stay out.
    const RowCounts all{.unlabelled = std::numeric_limits<int64_t>::max(),
                        .classes = static_cast<int64_t>(request.labels.size())};
    const auto most = static_cast<size_t>(unlabelledRead(config.recipe, all));
    auto unlabelled = TRY(readSpread(service, Split::Unlabelled, most, material.test.groups));
    for (size_t i = 0; leavesTaught && i < taught.rows.ids.size() && unlabelled.ids.size() < most; ++i) {
        unlabelled.ids.push_back(taught.rows.ids[i]);
        unlabelled.texts.push_back(taught.rows.texts[i]);
    }
    material.unlabelled = std::move(unlabelled);
    request.unlabelled = input.read(material.unlabelled.texts);
    if (config.recipe != engine::Recipe::SelfTraining)
        return material;
    const auto read = unlabelledWithin(request.unlabelled);
    if (std::string note = noteOnLongUnlabelled(read.size(), request.unlabelled.size());
        !note.empty() && std::ranges::find(notes, note) == notes.end())
        notes.push_back(std::move(note));
    request.unlabelled = pick(request.unlabelled, read);
    material.unlabelled.ids = pick(material.unlabelled.ids, read);
    material.unlabelled.texts = pick(material.unlabelled.texts, read);
    return material;
}

}  // namespace core
