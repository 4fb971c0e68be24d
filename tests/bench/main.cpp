// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/benches.h"

#ifdef STILLROOM_WINDOW
#include <QApplication>
#endif
#include <cstdio>
#include <exception>

int main(int argc, char **argv)
{
    bench::Arguments arguments;
    for (int i = 2; i < argc; ++i) {
        const std::string word = argv[i];
        if (word.starts_with("--") && i + 1 < argc)
            arguments.options[word.substr(2)] = argv[++i];
        else
            arguments.positional.push_back(word);
    }
    const std::string command = argc > 1 ? argv[1] : "";
    try {
        if (command == "train" && arguments.positional.size() == 3)
            return bench::trainBench(arguments);
        if (command == "classify" && arguments.positional.size() == 2)
            return bench::classifyBench(arguments);
        if (command == "tokenize" && arguments.positional.size() == 2)
            return bench::tokenizeBench(arguments);
        if (command == "safetensors")
            return bench::safetensorsVerdicts(arguments);
#ifdef STILLROOM_CORE_BENCHES
        if (command == "calls" && arguments.positional.size() == 1)
            return bench::callsBench(arguments);
        if (command == "labels" && arguments.positional.size() == 1)
            return bench::labelBench(arguments);
        if (command == "quality" && arguments.options.contains("data"))
            return bench::qualityBench(arguments);
        if (command == "calibration" && arguments.options.contains("data"))
            return bench::calibrationBench(arguments);
#endif
#ifdef STILLROOM_WINDOW
        if (command == "table" || command == "window" || command == "results") {
            QApplication application(argc, argv);
            return command == "table"    ? bench::tableBench(arguments, application)
                   : command == "window" ? bench::windowBench(arguments, application)
                                         : bench::resultsBench(arguments, application);
        }
#endif
    } catch (const std::exception &e) {
        std::fprintf(stderr, "stillroom-bench: %s\n", e.what());
        return 1;
    }
    std::fputs(
        "usage: stillroom-bench train WEIGHTS TRAIN.jsonl TEST.jsonl [--epochs N] [--lr X] [--head-lr X] [--batch N]\n"
        "                             [--dropout X] [--top-layers N] [--seed N] [--threads N] [--recipe NAME]\n"
        "                             [--precision NAME] [--gradient-checkpointing 1] [--lora-r N] [--lora-alpha X]\n"
        "                             [--lora-dropout X] [--lora-targets NAMES] [--unlabelled FILE]\n"
        "                             [--checkpoints FOLDER]\n"
        "       stillroom-bench classify CLASSIFIER TEXTS.jsonl [--threads N] [--length N]\n"
        "       stillroom-bench tokenize TOKENIZER.json TEXTS.jsonl\n"
        "       stillroom-bench safetensors FILE...\n"
        "       stillroom-bench calls ADDRESS [--questions N] [--concurrency N]\n"
        "       stillroom-bench labels ROWS.jsonl [--flip SHARE] [--several 1] [--seed N] [--out FILE]\n"
        "       stillroom-bench quality --data FOLDER [--draws N] [--seed N] [--goals 1] [--set NAME] [--forecast 1]\n"
        "                             [--recipe NAME [--epochs N] [--lr X] [--head-lr X] [--threads N]]\n"
        "       stillroom-bench calibration --data FOLDER [--draws N] [--seed N] [--set NAME] [--recipe NAME]\n"
        "       stillroom-bench table [--rows N] | window [--rows N] | results [--rows N --classes N]\n"
        "                       (builds with the window only)\n"
        "Rows are JSON lines {\"text\":…,\"label\":…}.\n",
        stderr);
    return 2;
}
