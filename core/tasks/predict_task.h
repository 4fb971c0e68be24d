// SPDX-License-Identifier: Apache-2.0
// Classifies rows of any number, in order, a part at a time.
#pragma once

#include "core/classify/classifier_session.h"
#include "core/formats/row_file.h"

#include <functional>
#include <optional>

namespace core {

/// One text to classify, or why there is none.
struct PredictInput {
    int64_t row = 0;
    std::string text;
    std::string problem;  ///< not empty: the row cannot be read, or has no text
};

/// Gives the next input, or nothing at the end.
using PredictSource = std::function<std::optional<PredictInput>()>;

/// `{"row","label","probs"|"logits"}` or `{"row","error"}`, without a line end; with "ask" where the classifier has a
/// limit below which a person is asked.
using PredictSink = std::function<base::Result<void>(const std::string &line)>;

/// How the rows of a file are to be read. Empty members: found out, as an import does.
struct PredictReading {
    ReadOptions read{};
    std::vector<std::string> textColumns;
};

struct PredictOptions {
    bool logits = false;      ///< raw logits instead of probabilities; JSON lines only
    size_t chunkRows = 1024;  ///< rows classified together
    PredictReading reading{};
    bool lossless = false;  ///< tables of texts: cells as they are, even those that a spreadsheet would run as formulas
};

/// Returns the number of rows answered.
[[nodiscard]] base::Result<int64_t> predict(const ClassifierSession &session, const PredictSource &source,
                                            const PredictSink &sink, const PredictOptions &options,
                                            const base::WorkContext &context);

struct FileAnswers {
    int64_t rows = 0;                ///< answered in all
    int64_t before = 0;              ///< of them, by earlier calls
    int64_t failed = 0;              ///< of them, that could not be read: their answer is why
    std::string firstProblem;        ///< of these
    std::vector<std::string> notes;  ///< what people should know, a sentence each

    void count(const PredictInput &input);
};

/// Classifies a row file. A target that ends in .csv, .tsv or .xlsx becomes the table of the file with the answers in
/// further columns, see answers_table.h; any other one a file of JSON lines. What was answered when it is stopped or
/// killed stays beside the target, and the next call for the same file, reading and classifier goes on with it. A file
/// without rows is an error. `threads` 0: all cores.
[[nodiscard]] base::Result<FileAnswers> predictFile(const std::filesystem::path &classifier,
                                                    const std::filesystem::path &source,
                                                    const std::filesystem::path &target, const PredictOptions &options,
                                                    int threads, const base::WorkContext &context);

/// The same for lines as parsePredictLine() reads them, blank ones left out; `nextLine` gives them without their ends,
/// and nothing at the end. A call goes on with what an interrupted one answered as far as the same lines come again;
/// where they differ it is said in the notes. A table needs memory for all of them.
using LineSource = std::function<std::optional<std::string>()>;
[[nodiscard]] base::Result<FileAnswers> predictLines(const std::filesystem::path &classifier,
                                                     const LineSource &nextLine, const std::filesystem::path &target,
                                                     const PredictOptions &options, int threads,
                                                     const base::WorkContext &context);

/// A row of a file with all it holds.
struct PredictRow {
    PredictInput input;
    nlohmann::ordered_json fields;  ///< an object; null where the row could not be read
};

struct PredictRows {
    std::vector<PredictRow> rows;      ///< in the order of the file
    std::vector<std::string> columns;  ///< of a table
    std::vector<std::string> notes;    ///< what the reader decided that people should know
};

/// Rows of a file; labels in it are ignored. Without rows: an error.
[[nodiscard]] base::Result<PredictRows>
readPredictFile(const std::filesystem::path &path, const PredictReading &reading, const base::WorkContext &context);

/// A line of standard input: a JSON string, or an object of a known row shape.
[[nodiscard]] PredictInput parsePredictLine(const std::string &line, int64_t row,
                                            const std::vector<std::string> &textColumns = {});

}  // namespace core
