// SPDX-License-Identifier: Apache-2.0
#include "core/engine/nets_loader.h"
#include "core/engine/text/tokenizer_loader.h"
#include "tests/bench/benches.h"
#include "tests/bench/rows.h"

#include <chrono>
#include <cstdio>
#include <thread>

namespace bench {

int classifyBench(const Arguments &arguments)
{
    const std::string &folder = arguments.positional[0];
    const auto rows = readRows(arguments.positional[1]);
    const auto threads = static_cast<int>(arguments.number("threads", std::thread::hardware_concurrency()));
    const auto length = static_cast<int>(arguments.number("length", 256));
    const auto tokenizer = engine::loadTokenizer(folder);
    auto nets = engine::openNets();
    if (!tokenizer || !nets)
        throw std::runtime_error(tokenizer ? nets.error().message : tokenizer.error().message);
    const auto predictor = (*nets)->loadPredictor(folder, threads);
    if (!predictor)
        throw std::runtime_error(predictor.error().message);
    const auto answer = [&](size_t count) {
        std::vector<engine::TokenIds> texts;
        for (size_t i = 0; i < count; ++i)
            texts.push_back((*tokenizer)->encodeForInput(rows[i].text, length));
        const auto logits = (*predictor)->logits(texts, {});
        if (!logits)
            throw std::runtime_error(logits.error().message);
    };
    answer(std::min<size_t>(rows.size(), 64));  // as the peers, which are warm, too
    const auto start = std::chrono::steady_clock::now();
    answer(rows.size());
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    std::printf("%s\n", nlohmann::ordered_json{{"bench", "classify"},
                                               {"rows_per_second", static_cast<double>(rows.size()) / seconds}}
                            .dump()
                            .c_str());
    return 0;
}

}  // namespace bench
