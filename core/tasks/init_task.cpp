// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/init_task.h"

#include "core/base/atomic_file.h"
#include "core/engine/config/architecture_config.h"
#include "core/service/training_settings.h"

namespace fs = std::filesystem;
using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr const char *DescriptionName = "job_description.json";

/// What a folder of another system holds, read before anything is created.
struct Source {
    JobDescription job;
    TrainingSettings training;
    TeacherWishes teacher;
    std::vector<std::pair<Split, fs::path>> files;
    std::vector<std::string> notes;
};

Result<void> findRowFiles(const fs::path &folder, Source &source)
{
    constexpr std::pair<Split, const char *> Parts[] = {
        {Split::Train, "train"}, {Split::Test, "test"}, {Split::Unlabelled, "unstructured"}};
    for (const auto &[split, stem] : Parts) {
        std::vector<fs::path> found;
        for (const char *ending : {".csv", ".jsonl", ".json"}) {
            std::error_code code;
            if (fs::exists(folder / (std::string(stem) + ending), code))
                found.push_back(folder / (std::string(stem) + ending));
        }
        if (found.size() > 1)
            return failure(ErrorCode::InvalidInput,
                           "There are two files of " + std::string(stem) + " rows: " + found[0].filename().string() +
                               " and " + found[1].filename().string() + ". Keep one.",
                           folder.string());
        if (!found.empty())
            source.files.emplace_back(split, found.front());
        else if (split != Split::Unlabelled)
            source.notes.push_back("The folder has no " + std::string(stem) + ".csv or " + stem + ".jsonl.");
    }
    return {};
}

Result<Source> readAugmentoolkit(const fs::path &file)
{
    auto bytes = TRY(base::readFile(file, 16 << 20));
    auto job = TRY(parseAugmentoolkitConfig(bytes, file.string()));
    Source source;
    source.job = std::move(job);
    return source;
}

/// An exported classifier, of ours or not: what it decides. Its weights stay where they are.
Result<Source> readPackage(const fs::path &folder)
{
    auto weights = TRY(engine::readWeightsInfo(folder));
    if (!weights.headTrouble.empty())
        return failure(ErrorCode::InvalidInput, weights.headTrouble, (folder / "config.json").string());
    if (!weights.hasHead)
        return failure(ErrorCode::NotFound,
                       "These are base weights without a classifier head: they have no classes to take over.",
                       folder.string());
    if (weights.labels.size() < 2)
        return failure(ErrorCode::Unsupported,
                       "This classifier has one class only, and a service needs two. It can be used as it is, or its "
                       "folder chosen as base weights when you train.",
                       folder.string());
    Source source;
    std::error_code code;
    if (fs::exists(folder / DescriptionName, code)) {
        auto bytes = TRY(base::readFile(folder / DescriptionName, 16 << 20));
        auto job = TRY(parseJobDescription(bytes, (folder / DescriptionName).string()));
        source.job = std::move(job);
    } else {
        for (const std::string &label : weights.labels)
            source.job.classes.push_back({label, {}});
    }
    source.notes.emplace_back(
        "This is a classifier: its classes were taken over. To go on from its weights, bring rows "
        "and choose its folder as base weights when you train.");
    return source;
}

bool isPackage(const fs::path &place)
{
    std::error_code code;
    return fs::exists(place / "config.json", code) && fs::exists(place / "model.safetensors", code);
}

Result<Source> readSource(const fs::path &place)
{
    std::error_code code;
    if (!fs::exists(place, code))
        return failure(ErrorCode::NotFound, "There is no such folder. Check the path.", place.string());
    if (!fs::is_directory(place, code))
        return readAugmentoolkit(place);
    if (isPackage(place))
        return readPackage(place);
    const fs::path description = place / DescriptionName;
    if (!fs::exists(description, code)) {
        if (fs::exists(place / "config.yaml", code)) {
            if (auto other = readAugmentoolkit(place / "config.yaml"))
                return other;
        }
        return failure(ErrorCode::NotFound,
                       "This folder has no job_description.json, which says what to decide and names the classes. "
                       "Write one, or create a service by hand and import the files of this folder into it.",
                       place.string());
    }
    auto bytes = TRY(base::readFile(description, 16 << 20));
    auto job = TRY(parseJobDescription(bytes, description.string()));
    Source source;
    source.job = std::move(job);
    for (const char *name : {"config.yaml", "config.yml", "config.json"}) {
        if (!fs::exists(place / name, code))
            continue;
        auto text = TRY(base::readFile(place / name, 16 << 20));
        auto config = TRY(parseConfigFile(text, (place / name).string()));
        source.training = config.training;
        source.teacher = config.teacher;
        source.notes = std::move(config.notes);
        break;
    }
    TRY(findRowFiles(place, source));
    return source;
}

Finding note(const std::string &message)
{
    return {"note", Finding::Severity::Info, "", {}, message, ""};
}

}  // namespace

Result<InitSummary> initFromFolder(const fs::path &folder, const fs::path &from, const std::string &name,
                                   const base::WorkContext &context)
{
    auto source = TRY(readSource(from));
    InitSummary summary;
    auto service = TRY(Service::create(folder, name, source.job, [&](Service &created) -> Result<void> {
        TRY(created.setSetting(keys::Training, source.training.toJson()));
        TRY(source.teacher.keep(created));
        for (const auto &[split, file] : source.files) {
            // A folder is taken as it is: its own copies of rows are for `check` to report.
            auto imported = TRY(importFiles(
                created, {file}, {.split = split, .skipDuplicates = false, .typeIsOpen = !source.job.isMultiLabel},
                context));
            summary.rejected.insert(summary.rejected.end(), imported.rejected.begin(), imported.rejected.end());
        }
        return {};
    }));
    auto findings = TRY(audit(service));
    summary.findings = std::move(findings);
    for (const auto &text : source.job.notes)
        summary.findings.push_back(note(text));
    for (const auto &text : source.notes)
        summary.findings.push_back(note(text));
    return summary;
}

bool describesService(const fs::path &source)
{
    std::error_code code;
    if (!fs::is_directory(source, code)) {
        const std::string ending = source.extension().string();
        return (ending == ".yaml" || ending == ".yml") && fs::exists(source, code);
    }
    return fs::exists(source / DescriptionName, code) || isPackage(source) ||
           (fs::exists(source / "config.yaml", code) && readAugmentoolkit(source / "config.yaml"));
}

Result<ImportSummary> initFromFiles(const fs::path &folder, const std::string &name, std::vector<FileToImport> files,
                                    const base::WorkContext &context)
{
    for (FileToImport &file : files)
        file.options.declareClasses = true;  // of the second file on, too
    ImportSummary summary;
    TRY(Service::create(folder, name, {}, [&](Service &created) -> Result<void> {
        auto imported = TRY(importEach(created, files, context));
        summary = std::move(imported);
        if (summary.imported > 0)
            return {};
        if (summary.rejected.empty())
            return failure(ErrorCode::InvalidInput, "There are no rows in these files. Choose others.", name);
        std::string reason = summary.rejected.front().reason;
        while (reason.ends_with('.'))
            reason.pop_back();
        return failure(ErrorCode::InvalidInput,
                       "None of the rows could be imported: " + reason + ". Choose other files or columns.",
                       summary.rejected.front().file);
    }));
    return summary;
}

Result<InitSummary> initByHand(const fs::path &folder, const std::string &name, const JobDescription &job)
{
    auto service = TRY(Service::create(folder, name, job));
    auto findings = TRY(audit(service));
    return InitSummary{std::move(findings), {}};
}

}  // namespace core
