// SPDX-License-Identifier: Apache-2.0
#include "core/formats/split_name.h"

#include "core/formats/role_names.h"

#include <algorithm>
#include <map>
#include <string>

namespace core {

std::optional<NamedSplit> splitOfWord(std::string_view word)
{
    static const std::map<std::string, NamedSplit> words{{"train", NamedSplit::Train},
                                                         {"training", NamedSplit::Train},
                                                         {"trainset", NamedSplit::Train},
                                                         {"learn", NamedSplit::Train},
                                                         {"test", NamedSplit::Test},
                                                         {"testing", NamedSplit::Test},
                                                         {"testset", NamedSplit::Test},
                                                         {"exam", NamedSplit::Test},
                                                         {"eval", NamedSplit::Test},
                                                         {"evaluation", NamedSplit::Test},
                                                         {"holdout", NamedSplit::Test},
                                                         {"validation", NamedSplit::Validation},
                                                         {"valid", NamedSplit::Validation},
                                                         {"val", NamedSplit::Validation},
                                                         {"dev", NamedSplit::Validation},
                                                         {"development", NamedSplit::Validation},
                                                         {"unlabelled", NamedSplit::Unlabelled},
                                                         {"unlabeled", NamedSplit::Unlabelled},
                                                         {"unsup", NamedSplit::Unlabelled},
                                                         {"unsupervised", NamedSplit::Unlabelled},
                                                         {"unstructured", NamedSplit::Unlabelled}};
    const auto found = words.find(foldedColumnName(word));
    return found == words.end() ? std::nullopt : std::optional(found->second);
}

std::optional<NamedSplit> splitOfValue(std::string_view value)
{
    std::optional<NamedSplit> found;
    for (size_t i = 0; i <= value.size();) {
        const size_t end = std::min(value.find_first_of("-_ ()[]", i), value.size());
        if (const auto split = splitOfWord(value.substr(i, end - i)))
            found = split;
        i = end + 1;
    }
    return found;
}

std::optional<NamedSplit> splitOfFileName(std::string_view name)
{
    return splitOfValue(name.substr(0, name.find('.')));
}

}  // namespace core
