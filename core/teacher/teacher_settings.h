// SPDX-License-Identifier: Apache-2.0
// Which teachers the user has, what they cost and what they can do: a file of the user's, for all services. Never a
// key.
#pragma once

#include "core/teacher/calls/call_engine.h"
#include "core/teacher/capabilities.h"

#include <filesystem>
#include <functional>
#include <map>

namespace core {

class TeacherSettings {
public:
    /// teachers.yaml in the configuration folder.
    [[nodiscard]] static std::filesystem::path file();
    /// A missing file is an empty one; values of the wrong type are left out. A file that is no YAML is reported and
    /// never written over.
    [[nodiscard]] static base::Result<TeacherSettings>
    load(const std::filesystem::path &file = TeacherSettings::file());
    /// Writes the whole file, whatever it says: for a file of one's own. See update().
    [[nodiscard]] base::Result<void> save(const std::filesystem::path &file) const;
    /// Changes what the file says by then, so that what other programs have written meanwhile stays; returns it.
    [[nodiscard]] static base::Result<TeacherSettings>
    update(const std::function<void(TeacherSettings &)> &change,
           const std::filesystem::path &file = TeacherSettings::file());
    /// Puts into `now` what differs between `before` and these.
    void putChanges(const TeacherSettings &before, TeacherSettings &now) const;
    /// Takes over what others know of models and services: prices and what they can do.
    void takeKnown(const TeacherSettings &from);

    std::string address, model;  ///< of the service used last
    ChatDialect dialect = ChatDialect::ChatCompletions;
    bool allowsPlainHttp = false;  ///< to this address
    std::string weights;           ///< the GGUF file used last
    std::string authorities;       ///< a file with certificates of authorities that services may have theirs from

    /// Of a million tokens, by model, in the user's currency.
    std::map<std::string, TokenPrices> prices;
    [[nodiscard]] TokenPrices priceOf(const std::string &model) const;

    [[nodiscard]] std::optional<Capabilities> capabilitiesOf(const ChatEndpoint &endpoint) const;
    /// Of the first of these places that is known; puts it and the header of the key into the endpoint.
    [[nodiscard]] std::optional<Capabilities> knownAt(const std::vector<std::string> &places,
                                                      ChatEndpoint &endpoint) const;
    /// With the header of the key, where that is not the usual one.
    void remember(const ChatEndpoint &endpoint, const Capabilities &capabilities);

private:
    std::map<std::string, Capabilities> m_capabilities;
    std::map<std::string, KeyHeader> m_keyHeaders;  ///< by address
};

}  // namespace core
