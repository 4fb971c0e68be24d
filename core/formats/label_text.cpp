// SPDX-License-Identifier: Apache-2.0
#include "core/formats/label_text.h"

#include "core/base/trimmed.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace core {

namespace {

bool contains(const std::vector<std::string> &names, const std::string &name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> partsOf(std::string_view text, const char *separators)
{
    std::vector<std::string> parts;
    while (true) {
        const size_t end = std::min(text.find_first_of(separators), text.size());
        std::string part(base::trimmed(text.substr(0, end)));
        if (!part.empty() && !contains(parts, part))
            parts.push_back(std::move(part));
        if (end == text.size())
            return parts;
        text.remove_prefix(end + 1);
    }
}

/// A list of names, or nothing.
std::vector<std::string> listOf(std::string_view text)
{
    const auto list = nlohmann::json::parse(text, nullptr, false);
    std::vector<std::string> names;
    for (const auto &name : list.is_array() ? list : nlohmann::json::array()) {
        if (name.is_string() && !contains(names, name.get<std::string>()))
            names.push_back(name.get<std::string>());
    }
    return names;
}

}  // namespace

std::string joinLabels(const std::vector<std::string> &labels)
{
    const bool isPlain = !labels.empty() && std::all_of(labels.begin(), labels.end(), [](const std::string &label) {
        return label.find_first_of(";|[{") == std::string::npos;
    });
    if (!isPlain)
        return nlohmann::json(labels).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    std::string text;
    for (const std::string &label : labels)
        text += (text.empty() ? "" : "; ") + label;
    return text;
}

std::vector<std::string> splitLabels(std::string_view text, const std::vector<std::string> &classes)
{
    text = base::trimmed(text);
    if (contains(classes, std::string(text)))
        return {std::string(text)};
    if (text.starts_with('[') && text.ends_with(']'))
        return listOf(text);
    auto parts = partsOf(text, ",");
    const auto isClass = [&](const std::string &part) {
        return contains(classes, part) || part.find_first_not_of("0123456789") == std::string::npos;
    };
    if (std::all_of(parts.begin(), parts.end(), isClass))
        return parts;
    return partsOf(text, ";|");
}

}  // namespace core
