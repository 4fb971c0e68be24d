// SPDX-License-Identifier: Apache-2.0
// What a service's config.yaml says of its teacher.
#pragma once

#include "core/service/service.h"

namespace core {

struct TeacherWishes {
    static constexpr int MostShots = 100;

    std::optional<int> shots{};  ///< evaluation.num_few_shot_examples: train rows of each class that a teacher is shown
    std::string teacher{};       ///< base.teacher_model_name: a hosted model's name, which is nobody's address here

    /// None of a service that was not made from such a file; what is out of range is left out.
    [[nodiscard]] static base::Result<TeacherWishes> of(const Service &service);
    [[nodiscard]] base::Result<void> keep(const Service &service) const;
};

}  // namespace core
