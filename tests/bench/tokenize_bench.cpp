// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/tokenizer_loader.h"
#include "tests/bench/benches.h"
#include "tests/bench/rows.h"

#include <chrono>
#include <cstdio>

namespace bench {

int tokenizeBench(const Arguments &arguments)
{
    const auto tokenizer = engine::loadTokenizer(arguments.positional[0]);
    if (!tokenizer)
        throw std::runtime_error(tokenizer.error().message);
    const auto rows = readRows(arguments.positional[1]);
    size_t bytes = 0;
    for (const Row &row : rows)
        bytes += row.text.size();
    double best = 1e300;
    size_t tokens = 0;
    for (int round = 0; round < 5; ++round) {
        const auto start = std::chrono::steady_clock::now();
        tokens = 0;
        for (const Row &row : rows)
            tokens += (*tokenizer)->encode(row.text, true).ids.size();
        best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    std::printf("%s\n", nlohmann::ordered_json{{"bench", "tokenize"},
                                               {"megabytes_per_second", static_cast<double>(bytes) / 1e6 / best},
                                               {"tokens", tokens}}
                            .dump()
                            .c_str());
    return 0;
}

}  // namespace bench
