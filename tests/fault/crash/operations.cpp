// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/crash/operations.h"

#include "core/base/atomic_file.h"
#include "core/formats/csv.h"
#include "core/imports/import_task.h"
#include "core/results/checkpoint_name.h"
#include "core/store/backups.h"
#include "core/store/edit_log.h"
#include "core/store/run_store.h"
#include "core/store/setting_key.h"
#include "core/tasks/export_task.h"
#include "core/tasks/predict_task.h"
#include "core/tasks/train_task.h"

#include <algorithm>
#include <span>

namespace fs = std::filesystem;
using base::Random;
using base::Result;
using core::EditDraft;
using core::EditLog;
using core::FieldChange;
using Field = core::FieldChange::Field;

namespace crash {

namespace {

/// Opens the service and hands it over.
template <class F>
Result<void> withService(const World &world, F &&use)
{
    auto service = core::Service::open(world.service());
    return service ? use(*service) : base::failure(service);
}

template <class T>
Result<void> plain(const Result<T> &result)
{
    return result ? Result<void>() : base::Failure(result.error());
}

std::vector<int64_t> someRows(const core::Service &service, Random &random, size_t most)
{
    std::vector<int64_t> ids;
    for (const core::Split split : {core::Split::Train, core::Split::Test, core::Split::Unlabelled}) {
        const auto part = service.examples().order({.split = split});
        if (part)
            ids.insert(ids.end(), part->begin(), part->end());
    }
    random.shuffle(ids);
    ids.resize(std::min(ids.size(), 1 + random.below(most)));
    return ids;
}

std::string word(Random &random)
{
    return "word" + std::to_string(random.next() % 100'000);
}

int64_t someLabel(const core::Service &service, Random &random)
{
    const auto labels = service.examples().labels();
    return labels && !labels->empty() ? (*labels)[random.below(labels->size())].id : 1;
}

Result<void> editCells(const World &world, Random &random)
{
    return withService(world, [&](const core::Service &service) {
        EditDraft draft{.title = "Edit " + word(random)};
        for (const int64_t row : someRows(service, random, 20)) {
            switch (random.below(4)) {
            case 0: draft.changes.push_back({row, Field::Text, word(random) + " new text", {}}); break;
            case 1: draft.changes.push_back({row, Field::Label, {}, someLabel(service, random)}); break;
            case 2: draft.changes.push_back({row, Field::Split, {}, static_cast<int64_t>(random.below(3))}); break;
            default: draft.changes.push_back({row, Field::Provenance, "human", {}}); break;
            }
        }
        return plain(EditLog(service.database()).apply(draft));
    });
}

Result<void> addAndRemove(const World &world, Random &random)
{
    return withService(world, [&](const core::Service &service) {
        EditDraft draft{.title = "Rows " + word(random)};
        for (const int64_t row : someRows(service, random, 10))
            draft.changes.push_back({row, Field::Removed, {}, 1});
        for (size_t i = 0; i < random.below(30); ++i)
            draft.newRows.push_back({.text = word(random), .label = someLabel(service, random), .provenance = "human"});
        return plain(EditLog(service.database()).apply(draft));
    });
}

Result<void> editMany(const World &world, Random &random)
{
    return withService(world, [&](const core::Service &service) {
        EditDraft draft{.title = "Many " + word(random)};
        for (const int64_t row : someRows(service, random, 5000))
            draft.changes.push_back({row, Field::Label, {}, someLabel(service, random)});
        for (size_t i = 0; i < random.below(5000); ++i)
            draft.newRows.push_back({.text = word(random)});
        return plain(EditLog(service.database()).applyInSlices(draft, {}));
    });
}

Result<void> editClasses(const World &world, Random &random)
{
    return withService(world, [&](const core::Service &service) -> Result<void> {
        EditDraft draft{.title = "Classes " + word(random)};
        const int64_t label = someLabel(service, random);
        using LabelField = core::LabelChange::Field;
        switch (random.below(4)) {
        case 0: draft.newLabels.push_back({.name = word(random)}); break;
        case 1: draft.labels.push_back({label, LabelField::Name, word(random), 0}); break;
        case 2: draft.labels.push_back({label, LabelField::Description, word(random), 0}); break;
        default: draft.settings.push_back({core::keys::TaskDescription, word(random)}); break;
        }
        if (auto applied = EditLog(service.database()).apply(draft); !applied)
            return base::failure(applied);
        static_cast<void>(service.writeMirror());  // as the window does: a copy, whatever becomes of it
        return {};
    });
}

Result<void> undoSome(const World &world, Random &)
{
    return withService(world, [&](const core::Service &service) { return plain(EditLog(service.database()).undo()); });
}

Result<void> redoSome(const World &world, Random &)
{
    return withService(world, [&](const core::Service &service) { return plain(EditLog(service.database()).redo()); });
}

Result<void> importFrom(const World &world, Random &random, const base::WorkContext &context)
{
    std::string csv = "text,label\n";
    const size_t rows = 1 + random.below(random.below(3) == 0 ? 9000 : 200);
    for (size_t i = 0; i < rows; ++i)
        csv += core::csvRow({word(random) + " imported", random.below(2) ? "refund" : "delivery"});
    const fs::path file = world.folder / "rows.csv";
    if (auto written = base::writeFile(file, csv); !written)
        return written;
    return withService(
        world, [&](const core::Service &service) { return plain(core::importFiles(service, {file}, {}, context)); });
}

Result<void> importRows(const World &world, Random &random)
{
    return importFrom(world, random, {});
}

/// What an import does that knows rows again: classes, changes, rows that come and rows that go, as one edit.
Result<void> updateRows(const World &world, Random &random)
{
    return withService(world, [&](const core::Service &service) -> Result<void> {
        const EditLog log(service.database());
        auto edit = log.open("Update " + word(random));
        if (!edit)
            return base::failure(edit);
        const bool givesUp = random.below(4) == 0;
        auto written = [&]() -> Result<void> {
            const std::vector<std::string> names{"refund", word(random), word(random)};
            auto labels = log.labelsFor(*edit, names, true);
            if (!labels)
                return base::failure(labels);
            std::vector<FieldChange> changes;
            for (const int64_t row : someRows(service, random, random.below(3) == 0 ? 3000 : 40)) {
                changes.push_back({row, Field::Label, {}, (*labels)[random.below(3)]});
                changes.push_back({row, Field::Extra, "{\"ticket\":\"" + word(random) + "\"}", {}});
            }
            if (auto changed = log.change(*edit, changes); !changed)
                return changed;
            std::vector<core::Example> rows;
            for (size_t i = 0; i < random.below(60); ++i)
                rows.push_back({.text = word(random), .label = labels->back(), .source = "rows.csv", .origin = 7});
            if (auto added = log.add(*edit, rows); !added)
                return added;
            const auto gone = someRows(service, random, 20);
            if (auto removed = log.remove(*edit, gone); !removed)
                return removed;
            return givesUp ? Result<void>(base::cancelled()) : log.close(*edit);
        }();
        if (!written)
            static_cast<void>(log.abandon(*edit));  // as imports do: if this fails, too, the next open does it
        return written;
    });
}

/// Stopped by hand in its midst.
Result<void> stopImport(const World &world, Random &random)
{
    std::stop_source stop;
    base::WorkContext context{stop.get_token()};
    context.report = [&](const base::Progress &progress) {
        if (progress.done > progress.total / 2)
            stop.request_stop();
    };
    return importFrom(world, random, context);
}

Result<void> backUp(const World &world, Random &)
{
    return withService(world,
                       [&](const core::Service &service) { return plain(core::backUpDaily(service.database())); });
}

Result<void> forget(const World &world, Random &)
{
    return withService(world,
                       [&](const core::Service &service) { return EditLog(service.database()).forgetDropped(); });
}

Result<void> createService(const World &world, Random &random)
{
    const core::JobDescription job{"Made", {{"a", ""}, {"b", ""}}, {}, {}};
    const fs::path folder = world.out() / word(random);
    if (random.below(2))  // as a file dialog leaves it
        fs::create_directories(folder);
    return plain(core::Service::create(folder, "Made", job, [](core::Service &service) {
        return plain(
            EditLog(service.database()).apply({.title = "Rows", .newRows = {{.text = "one"}, {.text = "two"}}}));
    }));
}

Result<void> upgradeService(const World &world, Random &random)
{
    // It counts once it is open; done again, what a kill left of it must open, too.
    const fs::path old = world.folder / "old";
    if (!fs::exists(old)) {
        fs::create_directories(world.folder / "coming");
        fs::copy_file(world.folder / "old.sqlite", world.folder / "coming" / core::Service::DatabaseName,
                      fs::copy_options::overwrite_existing);
        fs::rename(world.folder / "coming", old);
    }
    if (auto opened = core::Service::open(old); !opened)
        return base::failure(opened);
    fs::rename(old, world.out() / word(random));
    return {};
}

Result<void> trainOnce(const World &world, Random &random)
{
    core::TrainOptions options;
    constexpr const char *Recipes[] = {"seconds", "finetune", "self-training", "lora"};
    options.recipe = Recipes[random.below(std::size(Recipes))];
    options.base = fs::path(GOLDEN_FOLDER) / "tiny_base";
    options.threads = 1;
    options.settings.epochs = 2 + static_cast<int>(random.below(3));
    options.settings.batchSize = 16;
    options.settings.seed = static_cast<int64_t>(random.below(1000));
    options.settings.topLayers = static_cast<int>(random.below(2));
    options.settings.loraRank = 4;
    options.settings.checkpointsGradients = random.below(2) == 1;
    return withService(world, [&](const core::Service &service) { return plain(core::train(service, options, {})); });
}

Result<void> exportBest(const World &world, Random &random)
{
    const fs::path target = world.out() / word(random);
    return withService(
        world, [&](const core::Service &service) { return plain(core::exportPackage(service, "best", target, {})); });
}

Result<void> answerFile(const World &world, Random &random)
{
    std::string csv = "text\n";
    for (size_t i = 0; i < 200; ++i)
        csv += core::csvRow({word(random)});
    const fs::path file = world.folder / "asked.csv";
    if (auto written = base::writeFile(file, csv); !written)
        return written;
    const fs::path target = world.out() / (word(random) + ".jsonl");
    return withService(world, [&](const core::Service &service) -> Result<void> {
        auto name = core::resolveCheckpoint(service, "best");
        if (!name)
            return base::failure(name);
        return plain(core::predictFile(service.checkpointFolder(name->run, name->epoch), file, target,
                                       {.chunkRows = 64}, 1, {}));
    });
}

constexpr Operation OnRows[] = {{"edit cells", 30, editCells}, {"add and remove rows", 10, addAndRemove},
                                {"edit many", 8, editMany},    {"edit classes", 8, editClasses},
                                {"undo", 15, undoSome},        {"redo", 8, redoSome},
                                {"import", 12, importRows},    {"stop an import", 4, stopImport},
                                {"update", 8, updateRows},     {"forget", 3, forget},
                                {"back up", 2, backUp},        {"create a service", 3, createService},
                                {"upgrade", 3, upgradeService}};
constexpr Operation OnRuns[] = {
    {"train", 6, trainOnce}, {"edit cells", 1, editCells}, {"export", 3, exportBest}, {"answer a file", 3, answerFile}};

}  // namespace

const Operation &drawOperation(bool training, Random &random)
{
    const std::span<const Operation> all = training ? std::span<const Operation>(OnRuns) : OnRows;
    int sum = 0;
    for (const Operation &operation : all)
        sum += operation.weight;
    int drawn = static_cast<int>(random.below(static_cast<size_t>(sum)));
    size_t i = 0;
    while ((drawn -= all[i].weight) >= 0)
        ++i;
    return all[i];
}

Result<void> resumeRun(const World &world, const std::string &run)
{
    core::TrainOptions options;
    options.resume = run;
    return withService(world, [&](const core::Service &service) { return plain(core::train(service, options, {})); });
}

}  // namespace crash
