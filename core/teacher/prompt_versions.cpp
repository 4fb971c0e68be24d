// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/prompt_versions.h"

#include "core/teacher/label_prompt.h"

#include <algorithm>
#include <nlohmann/json.hpp>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr const char *DefaultName = "default";

}  // namespace

PromptVersions::PromptVersions() : m_versions{{DefaultName, defaultLabelPrompt()}} { }

Result<PromptVersions> PromptVersions::of(const Service &service)
{
    auto text = TRY(service.setting(keys::LabelPrompts));
    PromptVersions own;
    own.m_versions.clear();
    // A stranger's service may hold anything: what would not do is left out.
    const auto root = nlohmann::json::parse(text, nullptr, false);
    if (root.is_object() && root.contains("versions") && root["versions"].is_array()) {
        for (const auto &entry : root["versions"]) {
            if (own.m_versions.size() < Most && entry.is_object() && entry.contains("name") &&
                entry["name"].is_string() && entry.contains("text") && entry["text"].is_string())
                static_cast<void>(own.set(own.m_versions.size(), {entry["name"], entry["text"]}));
        }
        const auto &chosen = root.contains("chosen") ? root["chosen"] : nlohmann::json();
        if (chosen.is_number_unsigned() && chosen.get<size_t>() < own.m_versions.size())
            own.m_chosen = chosen.get<size_t>();
    }
    return own.m_versions.empty() ? PromptVersions() : own;
}

const PromptVersion *PromptVersions::find(const std::string &name) const
{
    const auto found =
        std::find_if(m_versions.begin(), m_versions.end(), [&](const auto &version) { return version.name == name; });
    return found == m_versions.end() ? nullptr : &*found;
}

Result<void> PromptVersions::set(size_t version, PromptVersion value)
{
    if (const std::string problem = problemOfPrompt(value.text); !problem.empty())
        return failure(ErrorCode::InvalidInput, problem, value.name);
    if (value.name.empty())
        return failure(ErrorCode::InvalidInput, "Give the version of the prompt a name.", "prompt");
    const PromptVersion *other = find(value.name);
    if (other && (version >= m_versions.size() || other != &m_versions[version]))
        return failure(ErrorCode::InvalidInput, "Another version of the prompt has this name.", value.name);
    if (version < m_versions.size())
        m_versions[version] = std::move(value);
    else if (m_versions.size() < Most)
        m_versions.push_back(std::move(value));
    else
        return failure(ErrorCode::InvalidInput, "There are three versions already. Remove one first.", value.name);
    return {};
}

void PromptVersions::remove(size_t version)
{
    m_versions.erase(m_versions.begin() + static_cast<ptrdiff_t>(version));
    if (m_versions.empty())
        *this = PromptVersions();
    if (m_chosen >= version && m_chosen > 0)
        --m_chosen;
}

SettingChange PromptVersions::change() const
{
    const bool isDefault = m_versions.size() == 1 && m_versions.front().text == defaultLabelPrompt();
    if (isDefault)
        return {keys::LabelPrompts, ""};
    auto versions = nlohmann::json::array();
    for (const PromptVersion &version : m_versions)
        versions.push_back({{"name", version.name}, {"text", version.text}});
    return {keys::LabelPrompts, nlohmann::json{{"versions", versions}, {"chosen", m_chosen}}.dump(
                                    -1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

Result<std::string> promptNamed(const Service &service, const std::string &name)
{
    if (name.empty())
        return std::string();
    const auto versions = TRY(PromptVersions::of(service));
    const PromptVersion *version = versions.find(name);
    if (!version)
        return failure(base::ErrorCode::NotFound, "The service has no prompt of this name.", name);
    return version->text;
}

}  // namespace core
