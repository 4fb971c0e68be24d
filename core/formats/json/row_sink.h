// SPDX-License-Identifier: Apache-2.0
// Takes the values of a JSON text one by one and makes records of them.
#pragma once

#include "core/base/error.h"
#include "core/formats/record.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace core {

/// Fields that a row has by where it stands: its split, its label.
using PlaceFields = std::vector<std::pair<std::string, std::string>>;

/// Objects become records, texts the field "text"; lists wait until all are there and become the rows of a table, see
/// recordsOfLists. Each value that gives no record becomes a rejection.
class RowSink {
public:
    /// Numbers go on behind `last`.
    explicit RowSink(RecordFile &file, int64_t last = 0) : m_file(file), m_last(last) { }

    /// The value as its text says, mended where that has one meaning; what was mended becomes a note.
    [[nodiscard]] base::Result<nlohmann::ordered_json> parse(int64_t number, std::string_view text);

    /// Adds the value of a row. False: it was rejected.
    bool addText(int64_t number, std::string_view text);
    /// The same for a value that `parse` gave.
    bool add(int64_t number, nlohmann::ordered_json value);
    void reject(int64_t number, std::string reason);
    void note(std::string sentence);
    /// The text ended too early; said once, at the end.
    void setCut() { m_cut = true; }

    /// The number of the row after the last one.
    [[nodiscard]] int64_t nextNumber() const { return m_last + 1; }

    /// The rows that follow stand there.
    void setPlace(PlaceFields place) { m_place = std::move(place); }
    [[nodiscard]] const PlaceFields &place() const { return m_place; }

    /// The object that a broken row was expected to look like.
    [[nodiscard]] const nlohmann::ordered_json *lastFields() const;

    [[nodiscard]] RecordFile &file() { return m_file; }

    /// Makes rows of the lists, puts all in order and says what was decided. Once, at the end.
    void finish();

private:
    struct List {
        int64_t number;
        nlohmann::ordered_json values;
        PlaceFields place;
    };
    struct Count {
        int64_t rows = 0;
        int64_t first = 0;
        void add(int64_t number);
    };

    void addRecord(int64_t number, nlohmann::ordered_json fields, const PlaceFields &place);
    void noteCount(const Count &count, const std::string &one, const std::string &several);
    void tableOfLists();

    RecordFile &m_file;
    std::vector<List> m_lists;
    PlaceFields m_place;
    int64_t m_last;
    bool m_cut = false;
    Count m_missing, m_zeros, m_spelling;
};

/// Adds a field at the end, without a look at those before: the caller knows that the name is new.
void appendField(nlohmann::ordered_json &fields, std::string name, nlohmann::ordered_json value);

}  // namespace core
