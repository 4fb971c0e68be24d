// SPDX-License-Identifier: Apache-2.0
// A row of a service and where it came from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core {

enum class Split { Train = 0, Test = 1, Unlabelled = 2 };

[[nodiscard]] constexpr const char *name(Split split)
{
    return split == Split::Train ? "train" : split == Split::Test ? "test" : "unlabelled";
}

struct Label {
    int64_t id = 0;
    std::string name;
    std::string description;
    bool declared = true;                  ///< false: rows use it, but it is no class of the job description
    int64_t colour = 0;                    ///< index into the window's class colours, kept when renamed or moved
    std::vector<std::string> belongs{};    ///< texts that clearly are of this class
    std::vector<std::string> resembles{};  ///< texts that look similar and are not
    bool isReject = false;                 ///< stands for what fits no other class: no row is learned for it
};

/// Begins the provenance of a label that a teacher gave; the teacher's name follows.
constexpr const char *TeacherProvenance = "teacher ";

/// The teacher's name in a provenance; empty where it names none.
[[nodiscard]] inline std::string teacherIn(const std::string &provenance)
{
    const std::string_view begin = TeacherProvenance;
    return provenance.starts_with(begin) ? provenance.substr(begin.size()) : std::string();
}

struct Example {
    int64_t id = 0;
    std::string text;              ///< UTF-8
    std::optional<int64_t> label;  ///< id of a Label; of several, one of them
    Split split = Split::Train;
    std::string provenance = "imported";  ///< human, imported, teacher ..., generated ...
    std::string source;                   ///< file name, without folders
    int64_t sourceRow = 0;                ///< row number in the source as its reader counts; 0: none
    std::optional<double> confidence;
    std::string comment{};            ///< people's own
    std::string place{};              ///< within a document, e.g. "page 3, paragraph 2"
    std::vector<int64_t> also{};      ///< its other labels, where a row may have several; see label_set.h
    std::optional<int64_t> parent{};  ///< the first of the rows that this one was made from; that may be gone
    bool isNone = false;              ///< it was looked at and has none of the classes
    std::string extra{};              ///< JSON object: the columns of its file that are not ours, in order; or empty
    int64_t origin = 0;               ///< of its file's place, see source_file.h; 0: not known
    int64_t content = 0;              ///< of its file's bytes

    /// Equal for a row and those that were made from it.
    [[nodiscard]] int64_t family() const { return parent.value_or(id); }
    [[nodiscard]] bool isTaught() const { return provenance.starts_with(TeacherProvenance); }
};

}  // namespace core
