// SPDX-License-Identifier: Apache-2.0
// Which teachers there are.
#pragma once

namespace core {

/// Kinds of RunInfo::examined.
constexpr const char *UntrainedTeacher = "untrained";
constexpr const char *BuiltInTeacher = "built-in";
/// As provenances of labels name it.
constexpr const char *BuiltInTeacherName = "built in";
constexpr const char *LocalTeacher = "local";
constexpr const char *ServiceTeacher = "service";
/// A language model without probabilities claims no more.
constexpr double MostSureOfWords = 0.95;

}  // namespace core
