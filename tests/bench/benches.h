// SPDX-License-Identifier: Apache-2.0
// The measurements of stillroom-bench; each prints JSON lines to standard output and returns the exit code.
#pragma once

#include <map>
#include <string>
#include <vector>

class QApplication;

namespace bench {

struct Arguments {
    std::vector<std::string> positional;
    std::map<std::string, std::string> options;  ///< --name value

    [[nodiscard]] double number(const std::string &name, double otherwise) const
    {
        const auto found = options.find(name);
        return found == options.end() ? otherwise : std::stod(found->second);
    }
    [[nodiscard]] std::string text(const std::string &name, const std::string &otherwise) const
    {
        const auto found = options.find(name);
        return found == options.end() ? otherwise : found->second;
    }
};

/// train WEIGHTS TRAIN.jsonl TEST.jsonl [--recipe --epochs --lr --head-lr --batch --dropout --top-layers --seed
/// --threads --precision --gradient-checkpointing 1 --lora-r --lora-alpha --lora-dropout --lora-targets
/// --unlabelled FILE --checkpoints FOLDER]
int trainBench(const Arguments &arguments);

/// classify CLASSIFIER TEXTS.jsonl [--threads --length]: rows a second, tokenizing included
int classifyBench(const Arguments &arguments);

/// tokenize TOKENIZER.json TEXTS.jsonl: megabytes a second of one thread, best of five
int tokenizeBench(const Arguments &arguments);

/// safetensors FILE...: whether each is read, or why not; for comparing with other readers
int safetensorsVerdicts(const Arguments &arguments);

#ifdef STILLROOM_CORE_BENCHES
/// calls ADDRESS [--questions 2000] [--concurrency 16]: questions to a chat service a second, answers kept durably, and
/// the share of a processor core that this takes
int callsBench(const Arguments &arguments);

/// labels ROWS.jsonl [--flip 0.05] [--seed N] [--out FILE]: gives a share of the rows a wrong label, and says how well
/// they are found; FILE gets the probabilities for peers
int labelBench(const Arguments &arguments);

/// quality --data FOLDER [--draws 10] [--seed 1] [--goals 1] [--set NAME]: accuracy of heads on many small draws of
/// public sets, alone, with the names of the classes, and with self-training on unlabelled rows; with --recipe NAME
/// that of whole trainings, epoch by epoch
int qualityBench(const Arguments &arguments);

/// calibration --data FOLDER [--draws 8] [--seed 1] [--set NAME] [--recipe seconds]: of each of many small draws of
/// public sets the temperature, the exam's log-loss with and without it, and the share of another set's texts that are
/// answered with a confidence of .99 and above
int calibrationBench(const Arguments &arguments);
#endif

#ifdef STILLROOM_WINDOW

/// table [--rows N]: first paint, jumps and scrolling of the table of rows
int tableBench(const Arguments &arguments, QApplication &application);

/// window [--rows N]: time until it is visible, and its heartbeat while rows are imported and a run trains
int windowBench(const Arguments &arguments, QApplication &application);

/// results [--rows N] [--classes N]: first paint, reading, pauses, and each view of a checkpoint's results
int resultsBench(const Arguments &arguments, QApplication &application);
#endif

}  // namespace bench
