// SPDX-License-Identifier: Apache-2.0
// What the process that reads documents says to the one that started it: a line of JSON for each part, so that neither
// side holds more than it needs.
#pragma once

#include "core/formats/documents/document.h"
#include "core/formats/workbook.h"

#include <functional>

namespace core {

/// What came of a file. Which members are filled depends on its kind.
struct ReaderAnswer {
    DocumentContent document;                                ///< PDF, Word, HTML
    std::vector<std::pair<SheetName, SheetContent>> sheets;  ///< old workbooks
    RecordFile records;                                      ///< mails, Parquet
};

/// Writes an answer, whole or in parts.
class AnswerWriter {
public:
    /// `sink` takes some lines at once.
    explicit AnswerWriter(std::function<void(std::string_view)> sink) : m_sink(std::move(sink)) { }

    void document(const DocumentContent &document);
    void sheet(const SheetName &name, const SheetContent &content);
    /// Columns, classes and notes of records; the records themselves follow.
    void recordFile(const RecordFile &file);
    void record(const Record &record);
    void rejection(const Rejection &rejection);
    /// Instead of all else.
    void error(const base::Error &error);
    /// Nothing is missing: an answer without this is not believed.
    void end();

private:
    void line(const nlohmann::ordered_json &json);

    std::function<void(std::string_view)> m_sink;
    std::string m_waiting;
};

/// What an AnswerWriter wrote. The writer may be in the hands of a stranger's file: everything is checked.
[[nodiscard]] base::Result<ReaderAnswer> parseAnswer(std::string_view text, const std::string &subject);

}  // namespace core
