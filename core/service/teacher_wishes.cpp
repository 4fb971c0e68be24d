// SPDX-License-Identifier: Apache-2.0
#include "core/service/teacher_wishes.h"

#include <nlohmann/json.hpp>

namespace core {

namespace {

}  // namespace

base::Result<TeacherWishes> TeacherWishes::of(const Service &service)
{
    auto text = TRY(service.setting(keys::TeacherWishes));
    TeacherWishes wishes;
    const auto root = nlohmann::json::parse(text, nullptr, false);
    if (!root.is_object())
        return wishes;
    if (root.contains("teacher_model_name") && root["teacher_model_name"].is_string())
        wishes.teacher = root["teacher_model_name"];
    if (root.contains("num_few_shot_examples") && root["num_few_shot_examples"].is_number_integer()) {
        const auto shots = root["num_few_shot_examples"].get<int64_t>();
        if (shots >= 0 && shots <= TeacherWishes::MostShots)
            wishes.shots = static_cast<int>(shots);
    }
    return wishes;
}

base::Result<void> TeacherWishes::keep(const Service &service) const
{
    nlohmann::json root = nlohmann::json::object();
    if (shots)
        root["num_few_shot_examples"] = *shots;
    if (!teacher.empty())
        root["teacher_model_name"] = teacher;
    return service.setSetting(keys::TeacherWishes, root.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace core
