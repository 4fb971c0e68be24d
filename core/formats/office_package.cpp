// SPDX-License-Identifier: Apache-2.0
#include "core/formats/office_package.h"

#include "core/formats/xml_reader.h"

#include <algorithm>

using base::failure;
using base::Result;

namespace core {

namespace {

std::string folderOf(const std::string &part)
{
    const size_t slash = part.rfind('/');
    return slash == std::string::npos ? std::string() : part.substr(0, slash + 1);
}

/// "%20" is a space.
std::string withoutPercents(std::string_view text)
{
    const auto digit = [](char c) {
        return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
    };
    std::string result;
    for (size_t i = 0; i < text.size(); ++i) {
        const bool coded = text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0;
        result += coded ? static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2])) : text[i];
        i += coded ? 2 : 0;
    }
    return result;
}

/// A target as the name of an entry: relative to the folder of its part, or with a slash before it to the package.
std::string resolved(const std::string &part, std::string target)
{
    std::replace(target.begin(), target.end(), '\\', '/');
    const std::string path = target.starts_with('/') ? target : folderOf(part) + target;
    std::vector<std::string> steps;
    for (size_t i = 0; i < path.size();) {
        const size_t end = std::min(path.find('/', i), path.size());
        const std::string step = path.substr(i, end - i);
        if (step == ".." && !steps.empty())
            steps.pop_back();
        else if (!step.empty() && step != "." && step != "..")
            steps.push_back(step);
        i = end + 1;
    }
    std::string name;
    for (const std::string &step : steps)
        name += (name.empty() ? "" : "/") + step;
    return name;
}

}  // namespace

Result<std::vector<Relation>> relationsOf(const ZipArchive &archive, const std::string &part,
                                          const std::string &subject)
{
    const std::string folder = folderOf(part);
    const std::string entry = folder + "_rels/" + part.substr(folder.size()) + ".rels";
    std::vector<Relation> relations;
    if (!archive.has(entry))
        return relations;
    auto xml = TRY(archive.read(entry));
    TRY(readXml(xml,
                {.start =
                     [&](std::string_view name, const auto &attribute) {
                         if (name != "Relationship" || attribute("TargetMode") == "External")
                             return;
                         const std::string type = attribute("Type");
                         std::string target = resolved(part, attribute("Target"));
                         if (!archive.has(target))
                             target = withoutPercents(target);
                         relations.push_back({attribute("Id"), type.substr(type.rfind('/') + 1), target});
                     }},
                subject));
    return relations;
}

std::optional<std::string> targetOf(const std::vector<Relation> &relations, std::string_view type)
{
    const auto found = std::find_if(relations.begin(), relations.end(),
                                    [&](const Relation &relation) { return relation.type == type; });
    return found == relations.end() ? std::nullopt : std::optional(found->target);
}

}  // namespace core
