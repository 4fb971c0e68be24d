// SPDX-License-Identifier: Apache-2.0
// What a service keeps beside rows, classes and runs: one text for each key.
#pragma once

#include <string>

namespace core {

/// A key as it is in the file, so it never changes.
struct SettingKey {
    const char *text;
    operator std::string() const { return text; }
};

/// All that there are.
namespace keys {

inline constexpr SettingKey Name{"name"};                         ///< of the service
inline constexpr SettingKey TaskDescription{"task_description"};  ///< for people and teachers
inline constexpr SettingKey TaskType{"task_type"};                ///< see Service::isMultiLabel
inline constexpr SettingKey OtherFields{"other_fields"};          ///< of job_description.json, kept for others
inline constexpr SettingKey RejectClass{"reject_class"};          ///< a class's id, see Label::isReject
inline constexpr SettingKey GroupColumn{"group_column"};          ///< see RowFamilies
inline constexpr SettingKey Training{"training"};                 ///< JSON, see TrainingSettings
inline constexpr SettingKey TeacherWishes{"teacher_config"};      ///< JSON, see TeacherWishes
inline constexpr SettingKey LabelPrompts{"label_prompts"};        ///< JSON, see PromptVersions
inline constexpr SettingKey TeacherMemory{"teacher_memory"};      ///< JSON, see TeacherMemory
inline constexpr SettingKey IgnoredFindings{"ignored_findings"};  ///< JSON, see IgnoredFindings
inline constexpr SettingKey Metrics{"metrics"};                   ///< JSON, see CustomMetric
inline constexpr SettingKey Costs{"costs"};                       ///< JSON, see CostTable
/// {name: {"search": text, "label": id, "source": text, "problems": bool}}
inline constexpr SettingKey SavedFilters{"saved_filters"};
inline constexpr SettingKey CheckpointInUse{"checkpoint_in_use"};  ///< RUN/EPOCH; empty: the best
inline constexpr SettingKey WindowState{"window_state"};           ///< JSON: what the window showed last

}  // namespace keys

}  // namespace core
