// SPDX-License-Identifier: Apache-2.0
#include "core/service/job_description.h"

#include "core/engine/json/strict_json.h"
#include "core/formats/class_name.h"

#include <algorithm>
#include <yaml-cpp/yaml.h>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

Result<void> addClass(JobDescription &job, const std::string &name, std::string description, const std::string &subject)
{
    if (cleanedClassName(name).empty())
        return failure(ErrorCode::InvalidInput, "One of the classes has no name. Give it one.", subject);
    const bool twice =
        std::any_of(job.classes.begin(), job.classes.end(), [&](const auto &c) { return c.name == name; });
    if (twice)
        return failure(ErrorCode::InvalidInput, "The class \"" + name + "\" is named twice. Keep one of them.",
                       subject);
    job.classes.push_back({name, std::move(description)});
    return {};
}

}  // namespace

void cleanClassNames(JobDescription &job)
{
    for (ClassDescription &each : job.classes) {
        const std::string cleaned = cleanedClassName(each.name);
        const bool isTaken = std::ranges::any_of(job.classes, [&](const auto &c) { return c.name == cleaned; });
        if (cleaned.empty() || isTaken)
            continue;
        job.notes.push_back("The class \"" + visibleClassName(each.name) + "\" is called \"" + cleaned +
                            "\" here, without what nobody sees.");
        if (job.rejectClass == each.name)
            job.rejectClass = cleaned;
        each.name = cleaned;
    }
}

Result<void> checkReject(const JobDescription &job, const std::string &subject)
{
    if (job.rejectClass.empty())
        return {};
    const bool isNamed =
        std::any_of(job.classes.begin(), job.classes.end(), [&](const auto &c) { return c.name == job.rejectClass; });
    if (!isNamed)
        return failure(ErrorCode::InvalidInput,
                       "The class for what fits no other one, \"" + job.rejectClass +
                           "\", is none of the classes. Name it among them, too.",
                       subject);
    if (job.isMultiLabel)
        return failure(ErrorCode::InvalidInput,
                       "Where a text may have any number of classes, one that fits none has none of them: no class is "
                       "needed for that.",
                       subject);
    return {};
}

Result<JobDescription> parseJobDescription(std::string_view json, const std::string &subject)
{
    if (json.starts_with("\xEF\xBB\xBF"))
        json.remove_prefix(3);
    auto root = engine::parseOrderedJson(json);
    if (!root)
        return failure(ErrorCode::InvalidInput,
                       "The job description cannot be read: " + root.error().message + ". Correct the file.", subject);
    if (!root->is_object())
        return failure(ErrorCode::InvalidInput,
                       "The job description is no JSON object with task_description and classes_description.", subject);
    JobDescription job;
    nlohmann::ordered_json others = nlohmann::ordered_json::object();
    for (const auto &[key, value] : root->items()) {
        if (key == "task_description") {
            if (!value.is_string())
                return failure(ErrorCode::InvalidInput, "task_description is no text.", subject);
            job.taskDescription = value.get<std::string>();
        } else if (key == "classes_description") {
            if (!value.is_object())
                return failure(ErrorCode::InvalidInput,
                               "classes_description is no map from class names to descriptions.", subject);
            for (const auto &[name, description] : value.items()) {
                if (!description.is_string())
                    return failure(ErrorCode::InvalidInput, "The description of the class \"" + name + "\" is no text.",
                                   subject);
                TRY(addClass(job, name, description.get<std::string>(), subject));
            }
        } else if (key == "multi_label") {
            if (!value.is_boolean())
                return failure(ErrorCode::InvalidInput, "multi_label is neither true nor false.", subject);
            job.isMultiLabel = value.get<bool>();
        } else if (key == "reject_class") {
            if (!value.is_string())
                return failure(ErrorCode::InvalidInput, "reject_class is no text.", subject);
            job.rejectClass = value.get<std::string>();
        } else {
            others[key] = value;
            const bool generation = key == "synthetic_data_generation_instructions" || key == "input_description";
            job.notes.push_back(
                key == "llm_as_a_judge_instructions" ? "The field llm_as_a_judge_instructions has no use in "
                                                       "classification, where answers are right or wrong. It is kept."
                : generation ? "The field " + key + " is kept for generating rows; training does not use it."
                             : "The field " + key + " is not known. It is kept.");
        }
    }
    if (!root->contains("task_description"))
        return failure(ErrorCode::InvalidInput,
                       "The job description has no task_description: say in a sentence what should be decided.",
                       subject);
    if (job.classes.empty())
        return failure(ErrorCode::InvalidInput,
                       "The job description has no classes_description: name at least two classes.", subject);
    TRY(checkReject(job, subject));
    cleanClassNames(job);
    if (!others.empty())
        job.otherFields = others.dump();
    return job;
}

Result<JobDescription> parseAugmentoolkitConfig(const std::string &yaml, const std::string &subject)
{
    try {
        const YAML::Node section = YAML::Load(yaml)["classification"];
        if (!section || !section["classes"] || !section["classes"].IsSequence())
            return failure(ErrorCode::InvalidInput, "This file has no classification section with a list of classes.",
                           subject);
        JobDescription job;
        job.taskDescription = section["desc"] ? section["desc"].as<std::string>() : "";
        for (const auto &name : section["classes"]) {
            TRY(addClass(job, name.as<std::string>(), {}, subject));
        }
        cleanClassNames(job);
        job.notes.push_back("Only the classes and their description were taken over. Where the texts and teachers are "
                            "is set in Stillroom itself.");
        return job;
    } catch (const YAML::Exception &e) {
        return failure(ErrorCode::InvalidInput,
                       "The config is not readable YAML from line " + std::to_string(e.mark.line + 1) + " on.",
                       subject);
    }
}

}  // namespace core
