// SPDX-License-Identifier: Apache-2.0
// The instructions that a service gives to language models: the default, or own versions of it.
#pragma once

#include "core/service/service.h"

namespace core {

struct PromptVersion {
    std::string name;
    std::string text;
    bool operator==(const PromptVersion &) const = default;
};

/// At most three, so that they can be examined side by side. Kept in the service as one setting, with undo.
class PromptVersions {
public:
    static constexpr size_t Most = 3;

    PromptVersions();  ///< the default alone
    /// Of a service that has none of its own: the default.
    [[nodiscard]] static base::Result<PromptVersions> of(const Service &service);

    [[nodiscard]] const std::vector<PromptVersion> &versions() const { return m_versions; }
    [[nodiscard]] size_t chosen() const { return m_chosen; }
    [[nodiscard]] const PromptVersion &inUse() const { return m_versions[m_chosen]; }
    /// The one of this name; null where there is none.
    [[nodiscard]] const PromptVersion *find(const std::string &name) const;

    /// `version` below versions().size(), or the next one. InvalidInput where the text would not do
    /// (problemOfPrompt), or the name is empty or another's.
    [[nodiscard]] base::Result<void> set(size_t version, PromptVersion value);
    void choose(size_t version) { m_chosen = version; }
    void remove(size_t version);  ///< the last one becomes the default again

    /// The change that keeps them.
    [[nodiscard]] SettingChange change() const;

private:
    std::vector<PromptVersion> m_versions;
    size_t m_chosen = 0;
};

/// The text of a version; empty, which stands for the one in use, of no name. NotFound where there is none.
[[nodiscard]] base::Result<std::string> promptNamed(const Service &service, const std::string &name);

}  // namespace core
