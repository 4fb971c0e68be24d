// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/predict_task.h"

#include "core/base/counted.h"
#include "core/base/random.h"
#include "core/base/result_guard.h"
#include "core/engine/eval/metrics.h"
#include "core/engine/json/strict_json.h"
#include "core/formats/blank_text.h"
#include "core/formats/row_shapes.h"
#include "core/imports/import_task.h"
#include "core/tasks/answers_table.h"

#include <algorithm>
#include <deque>

using base::ErrorCode;
using base::Result;

namespace core {

namespace {

/// A classifier would answer an empty text, too, and surely: that says nothing.
PredictInput inputOf(int64_t row, std::string text)
{
    return isBlankText(text) ? PredictInput{row, {}, "it has no text"} : PredictInput{row, std::move(text), {}};
}

PredictInput shapeInput(const Record &record, const RowRoles &roles)
{
    auto shaped = shapeRow(record, roles);
    return shaped ? inputOf(record.row, std::move(shaped->text)) : PredictInput{record.row, {}, shaped.error()};
}

PredictRow parseLine(const std::string &line, int64_t row, const std::vector<std::string> &textColumns)
{
    auto value = engine::parseOrderedJson(line);
    if (!value)
        return {{row, {}, value.error().message}, nullptr};
    if (value->is_string())
        return {inputOf(row, value->get<std::string>()), {{"text", *value}}};
    if (!value->is_object())
        return {{row, {}, "it is neither a text nor an object with a text"}, nullptr};
    RecordFile one;
    one.records.push_back({row, std::move(*value)});
    Record &record = one.records.front();
    const auto roles = rolesOf(one, {.textColumns = textColumns, .wantsLabel = false});
    PredictInput input = roles ? shapeInput(record, *roles) : PredictInput{row, {}, roles.error()};
    return {std::move(input), std::move(record.fields)};
}

/// All that changes the answers, beside classifier and file.
std::string wordsOf(const PredictOptions &options, const ClassifierSession &session)
{
    std::string words = options.logits ? "logits" : "probs";
    if (const auto &rule = session.askRule()) {
        words += " ask " + std::to_string(rule->threshold);
        for (const float limit : rule->perClass)
            words += " " + std::to_string(limit);
    }
    const ReadOptions &read = options.reading.read;
    const ReadOptions usual;
    const auto add = [&](const char *name, bool isUsual, const std::string &value) {
        if (!isUsual)
            words += std::string(1, '\0') + name + "=" + value;
    };
    for (const std::string &column : options.reading.textColumns)
        add("text", false, column);
    add("encoding", read.encoding.empty(), read.encoding);
    add("sheet", read.sheet.empty(), read.sheet);
    add("sheets", !read.allSheets, "all");
    add("separator", read.table.separator.empty(), read.table.separator);
    add("quote", !read.table.quote, std::string(1, read.table.quote.value_or('\0')));
    add("header", read.table.header == usual.table.header, std::to_string(static_cast<int>(read.table.header)));
    add("unit", read.unit == usual.unit, std::to_string(static_cast<int>(read.unit)));
    add("tokens", read.tokens == usual.tokens, std::to_string(read.tokens));
    add("cut", read.truncation == usual.truncation, std::to_string(static_cast<int>(read.truncation)));
    return words;
}

/// How a document is cut depends on what else this machine has.
std::string wordsOf(const std::vector<PredictRow> &rows)
{
    uint64_t hash = base::contentHash(nullptr, 0);
    for (const PredictRow &row : rows) {
        const std::string text = row.input.text + '\0' + row.input.problem + '\0';
        hash = base::contentHash(text.data(), text.size(), hash);
    }
    return std::string(1, '\0') + "texts=" + std::to_string(hash);
}

/// The target from the answers that are there.
Result<void> finish(AnswerFile &output, const std::filesystem::path &target, AskedRows &asked,
                    const ClassifierSession &session, const PredictOptions &options)
{
    if (answersFormOf(target) == AnswersForm::JsonLines)
        return output.finish();
    asked.columns = columnsOf(asked.columns, asked.fields);
    const AnswerTerms terms{session.labels(), session.rule(), session.askRule().has_value()};
    return output.finish([&](const NextAnswer &next) {
        return base::guard(target.string(),
                           [&] { return writeAnswersTable(target, asked, terms, options.lossless, next); });
    });
}

/// Of a line of standard input at its place.
uint64_t keyOf(int64_t row, const std::string &line)
{
    const std::string number = std::to_string(row) + ":";
    return base::contentHash(line.data(), line.size(), base::contentHash(number.data(), number.size()));
}

/// Lines that come from standard input, with what an earlier call answered of them left out.
class LineReader {
public:
    LineReader(const LineSource &nextLine, const PredictOptions &options, AnswerFile &output, int64_t before,
               bool keepsFields)
        : m_nextLine(nextLine), m_options(options), m_output(output), m_before(before), m_keepsFields(keepsFields)
    {
    }

    /// The next one that has no answer yet. Its key is the next of takeKey().
    std::optional<PredictInput> next()
    {
        while (auto line = m_nextLine()) {
            if (++m_row == 1 && line->starts_with("\xEF\xBB\xBF"))
                line->erase(0, 3);
            if (line->find_first_not_of(" \t\r") == std::string::npos)
                continue;
            PredictRow row = parseLine(*line, m_row, m_options.reading.textColumns);
            answers.count(row.input);
            if (m_keepsFields) {
                asked.fields.push_back(std::move(row.fields));
                asked.numbers.push_back(m_row);
            }
            const uint64_t key = keyOf(m_row, *line);
            if (isAnswered(key))
                continue;
            if (!error)
                return std::nullopt;
            m_keys.push_back(key);
            return std::move(row.input);
        }
        if (answers.before < m_before && !m_hasEnded)  // fewer lines than before
            stopSkipping(m_output.dropUnconfirmed());
        return std::nullopt;
    }

    uint64_t takeKey()
    {
        const uint64_t key = m_keys.front();
        m_keys.pop_front();
        return key;
    }

    FileAnswers answers;       ///< of all lines until now
    AskedRows asked;           ///< these, if they are kept
    base::Result<void> error;  ///< of the part of the earlier call

private:
    bool isAnswered(uint64_t key)
    {
        if (m_hasEnded || answers.before == m_before)
            return false;
        const auto is = m_output.isAnswered(key);
        if (is && *is) {
            ++answers.before;
            return true;
        }
        stopSkipping(is ? Result<void>() : Result<void>(base::Failure(is.error())));
        return false;
    }

    void stopSkipping(Result<void> dropped)
    {
        m_hasEnded = true;
        error = std::move(dropped);
        answers.notes.push_back(
            answers.before == 0 ? "These are other texts than those of the interrupted call, so all are answered anew."
                                : "The first " + base::counted(answers.before, "text is", "texts are") +
                                      " those of the interrupted call, the others are not: they are answered anew.");
    }

    const LineSource &m_nextLine;
    const PredictOptions &m_options;
    AnswerFile &m_output;
    int64_t m_before;
    bool m_keepsFields;
    bool m_hasEnded = false;  ///< the lines are others from here on
    int64_t m_row = 0;
    std::deque<uint64_t> m_keys;
};

}  // namespace

void FileAnswers::count(const PredictInput &input)
{
    ++rows;
    if (input.problem.empty())
        return;
    if (failed++ == 0)
        firstProblem = input.problem;
}

Result<int64_t> predict(const ClassifierSession &session, const PredictSource &source, const PredictSink &sink,
                        const PredictOptions &options, const base::WorkContext &context)
{
    int64_t done = 0;
    for (bool more = true; more;) {
        std::vector<PredictInput> inputs;
        std::vector<std::string> texts;
        while (inputs.size() < options.chunkRows) {
            auto input = source();
            if (!input) {
                more = false;
                break;
            }
            if (input->problem.empty())
                texts.push_back(input->text);
            inputs.push_back(std::move(*input));
        }
        auto logits = TRY(session.logits(texts, {context.stop}));
        const auto task = session.task();
        const auto probabilities = engine::probabilitiesOf(logits, task);
        const auto &values = options.logits ? logits : probabilities;
        size_t next = 0;
        for (const PredictInput &input : inputs) {
            nlohmann::ordered_json line{{"row", input.row}};
            if (!input.problem.empty()) {
                line["error"] = input.problem;
            } else {
                auto names = nlohmann::ordered_json::array();
                const auto answer = engine::answerOf(probabilities.row(next), session.rule());
                for (const int c : answer)
                    names.push_back(session.labels()[static_cast<size_t>(c)]);
                if (task == engine::TaskType::MultiLabel)
                    line["labels"] = std::move(names);
                else
                    line["label"] = std::move(names.front());
                if (session.askRule())
                    line["ask"] = session.askRule()->asks(
                        {{}, answer, engine::confidenceOf(probabilities.row(next), session.rule())});
                auto &scores = line[options.logits ? "logits" : "probs"] = nlohmann::ordered_json::object();
                for (size_t j = 0; j < values.columns; ++j)
                    scores[session.labels()[j]] = values.row(next)[j];
                ++next;
            }
            TRY(sink(line.dump()));
        }
        done += static_cast<int64_t>(inputs.size());
        context.report({done, 0, "Classifying"});
    }
    return done;
}

Result<FileAnswers> predictFile(const std::filesystem::path &classifier, const std::filesystem::path &source,
                                const std::filesystem::path &target, const PredictOptions &options, int threads,
                                const base::WorkContext &context)
{
    auto file = TRY(readPredictFile(source, options.reading, context));
    const AnswersForm form = answersFormOf(target);
    FileAnswers answers;
    answers.notes = std::move(file.notes);
    AskedRows asked{std::move(file.columns), {}, {}};
    for (PredictRow &row : file.rows) {
        answers.count(row.input);
        if (form == AnswersForm::JsonLines) {
            row.fields = nullptr;
            continue;
        }
        asked.fields.push_back(std::move(row.fields));
        asked.numbers.push_back(row.input.row);
    }
    asked.columns = columnsOf(asked.columns, asked.fields);
    if (form == AnswersForm::Workbook) {
        TRY(checkFitsWorkbook(asked));
    }
    auto session = TRY(ClassifierSession::open(classifier, threads));
    AnswerFile output(target, classifier, source,
                      wordsOf(options, session) + (isDocument(source) ? wordsOf(file.rows) : std::string()));
    auto before = TRY(output.open());
    size_t next = std::min(static_cast<size_t>(before), file.rows.size());
    answers.before = static_cast<int64_t>(next);
    base::WorkContext inner{context.stop};
    inner.report = [&](const base::Progress &p) { context.report({answers.before + p.done, answers.rows, p.phase}); };
    TRY(predict(
        session,
        [&]() -> std::optional<PredictInput> {
            return next < file.rows.size() ? std::optional(std::move(file.rows[next++].input)) : std::nullopt;
        },
        [&](const std::string &line) { return output.write(line); }, options, inner));
    TRY(finish(output, target, asked, session, options));
    return answers;
}

Result<FileAnswers> predictLines(const std::filesystem::path &classifier, const LineSource &nextLine,
                                 const std::filesystem::path &target, const PredictOptions &options, int threads,
                                 const base::WorkContext &context)
{
    auto session = TRY(ClassifierSession::open(classifier, threads));
    AnswerFile output(target, classifier, "-", wordsOf(options, session));
    auto before = TRY(output.open());
    LineReader reader(nextLine, options, output, before, answersFormOf(target) != AnswersForm::JsonLines);
    base::WorkContext inner{context.stop};
    inner.report = [&](const base::Progress &p) { context.report({reader.answers.before + p.done, 0, p.phase}); };
    TRY(predict(
        session, [&] { return reader.next(); },
        [&](const std::string &line) { return output.write(line, reader.takeKey()); }, options, inner));
    if (!reader.error)
        return base::failure(reader.error);
    if (reader.answers.rows == 0) {
        output.discard();
        return base::failure(ErrorCode::InvalidInput, "There is no text to classify: nothing came in.", "-");
    }
    TRY(finish(output, target, reader.asked, session, options));
    return reader.answers;
}

Result<PredictRows> readPredictFile(const std::filesystem::path &path, const PredictReading &reading,
                                    const base::WorkContext &context)
{
    auto file = TRY(readImportFile({path, path.filename().string()}, reading.read, context));
    const auto roles = file.records.empty() ? tl::expected<RowRoles, std::string>(RowRoles())
                                            : rolesOf(file, {.textColumns = reading.textColumns, .wantsLabel = false});
    if (!roles)
        return base::failure(ErrorCode::InvalidInput, roles.error(), path.string());
    file.notes.insert(file.notes.end(), roles->notes.begin(), roles->notes.end());
    PredictRows rows{{}, std::move(file.columns), std::move(file.notes)};
    for (Record &record : file.records) {
        PredictInput input = shapeInput(record, *roles);
        rows.rows.push_back({std::move(input), std::move(record.fields)});
    }
    for (Rejection &rejection : file.rejections)
        rows.rows.push_back({{rejection.row, {}, std::move(rejection.reason)}, nullptr});
    if (rows.rows.empty())
        return base::failure(ErrorCode::InvalidInput, "There is no row in this file to classify.", path.string());
    std::stable_sort(rows.rows.begin(), rows.rows.end(),
                     [](const auto &a, const auto &b) { return a.input.row < b.input.row; });
    return rows;
}

PredictInput parsePredictLine(const std::string &line, int64_t row, const std::vector<std::string> &textColumns)
{
    return parseLine(line, row, textColumns).input;
}

}  // namespace core
