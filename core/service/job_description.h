// SPDX-License-Identifier: Apache-2.0
// What a service decides: the task in words and its classes.
#pragma once

#include "core/base/error.h"

#include <string>
#include <string_view>
#include <vector>

namespace core {

struct ClassDescription {
    std::string name;
    std::string description;
    bool operator==(const ClassDescription &) const = default;
};

struct JobDescription {
    std::string taskDescription;
    std::vector<ClassDescription> classes;  ///< in the order of the file
    bool isMultiLabel = false;              ///< `multi_label`: a row may have any number of the classes
    std::string rejectClass;                ///< `reject_class`: that of the classes that stands for what fits no other
    std::string otherFields;                ///< JSON object: fields that are kept but not used; empty: none
    std::vector<std::string> notes;         ///< one sentence for each field that is not used
};

/// Reads a job_description.json (`task_description`, `classes_description`). `subject` names it in errors.
[[nodiscard]] base::Result<JobDescription> parseJobDescription(std::string_view json, const std::string &subject);

/// Takes spaces and invisible marks off the names of classes as imports take them off labels (cleanedClassName()),
/// where that makes no two classes one, and says so in the notes.
void cleanClassNames(JobDescription &job);

/// Whether the class for what fits no other one can be that; an error that says why not.
[[nodiscard]] base::Result<void> checkReject(const JobDescription &job, const std::string &subject);

/// Reads the `classification` section of an Augmentoolkit config (`classes`, `desc`).
[[nodiscard]] base::Result<JobDescription> parseAugmentoolkitConfig(const std::string &yaml,
                                                                    const std::string &subject);

}  // namespace core
