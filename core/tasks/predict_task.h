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

/// `{"row","label","probs"|"logits"}` or `{"row","error"}`, without a line end.
using PredictSink = std::function<base::Result<void>(const std::string &line)>;

struct PredictOptions {
    bool logits = false;      ///< raw logits instead of probabilities
    size_t chunkRows = 1024;  ///< rows classified together
};

/// Returns the number of rows answered.
[[nodiscard]] base::Result<int64_t> predict(const ClassifierSession &session, const PredictSource &source,
                                            const PredictSink &sink, const PredictOptions &options,
                                            const base::WorkContext &context);

/// Inputs of a row file; labels in it are ignored.
[[nodiscard]] base::Result<std::vector<PredictInput>> readPredictFile(const std::filesystem::path &path);

/// A line of standard input: a JSON string, or an object of a known row shape.
[[nodiscard]] PredictInput parsePredictLine(const std::string &line, int64_t row);

}  // namespace core
