// SPDX-License-Identifier: Apache-2.0
#include "app/cli/usage/nearest_name.h"

#include <algorithm>

namespace cli {

size_t editDistance(const std::string &a, const std::string &b)
{
    std::vector<std::vector<size_t>> cost(a.size() + 1, std::vector<size_t>(b.size() + 1));
    for (size_t i = 0; i <= a.size(); ++i) {
        for (size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                cost[i][j] = i + j;
                continue;
            }
            const bool isSame = a[i - 1] == b[j - 1];
            cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + (isSame ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    }
    return cost[a.size()][b.size()];
}

std::string nearestName(const std::string &word, const std::vector<std::string> &names)
{
    const size_t most = std::max<size_t>(1, std::min<size_t>(3, word.size() / 3));
    std::string best;
    size_t least = most + 1;
    for (const std::string &name : names) {
        // The beginning of a name says enough, however long the rest is.
        const bool isBeginning = word.size() > 3 && name.starts_with(word);
        const size_t distance = isBeginning ? 1 : editDistance(word, name);
        if (distance < least) {
            least = distance;
            best = name;
        }
    }
    return best;
}

}  // namespace cli
