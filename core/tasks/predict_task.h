// SPDX-License-Identifier: Apache-2.0
// Classifies rows of any number, in order, a part at a time.
#pragma once

#include "core/formats/record.h"
#include "core/tasks/classifier_session.h"

#include <functional>
#include <optional>

namespace core {

/// One text to classify, or why there is none.
struct PredictInput {
    int64_t row = 0;
    std::string text;
    std::string problem;  ///< not empty: the row cannot be read
};

/// Gives the next input, or nothing at the end.
using PredictSource = std::function<std::optional<PredictInput>()>;

/// `{"row","label","probs"|"logits"}` or `{"row","error"}`, without a line end; with "ask" where the classifier has a
/// limit below which a person is asked.
using PredictSink = std::function<base::Result<void>(const std::string &line)>;

struct PredictOptions {
    bool logits = false;      ///< raw logits instead of probabilities
    size_t chunkRows = 1024;  ///< rows classified together
};

/// Returns the number of rows answered.
[[nodiscard]] base::Result<int64_t> predict(const ClassifierSession &session, const PredictSource &source,
                                            const PredictSink &sink, const PredictOptions &options,
                                            const base::WorkContext &context);

struct FileAnswers {
    int64_t rows = 0;    ///< answered in all
    int64_t before = 0;  ///< of them, by earlier calls
};

/// Classifies a row file into a file of such lines. What was answered when it is stopped or killed stays beside the
/// target, and the next call for the same file and classifier goes on with it. `threads` 0: all cores.
[[nodiscard]] base::Result<FileAnswers> predictFile(const std::filesystem::path &classifier,
                                                    const std::filesystem::path &source,
                                                    const std::filesystem::path &target, const PredictOptions &options,
                                                    int threads, const base::WorkContext &context);

/// Inputs of a row file; labels in it are ignored.
[[nodiscard]] base::Result<std::vector<PredictInput>> readPredictFile(const std::filesystem::path &path);

/// A line of standard input: a JSON string, or an object of a known row shape.
[[nodiscard]] PredictInput parsePredictLine(const std::string &line, int64_t row);

}  // namespace core
