// SPDX-License-Identifier: Apache-2.0
// One row of separated values after the other, also where quotes are faulty: a lone quote swallows no rows.
#pragma once

#include "core/formats/csv_profile.h"

#include <optional>

namespace core {

/// What is seen in a file when its quotes are taken at their word.
struct QuoteEvidence {
    size_t rows = 0;
    size_t faults = 0;        ///< rows whose quotes are faulty
    size_t bare = 0;          ///< cells without quotes around them that hold one
    size_t needed = 0;        ///< quoted cells that hold a separator or a doubled quote
    size_t quotedRows = 0;    ///< rows with a quoted cell
    size_t severalLines = 0;  ///< rows with a line end in a quoted cell
    RowProfile singleLines;   ///< of rows without faults on a line of their own
    RowProfile sound;         ///< of all rows without faults

    /// Whether the writer of the file puts quotes around cells as RFC 4180 has it.
    [[nodiscard]] bool showsQuoting() const { return needed > 0 || quotedRows * 2 >= rows; }
    /// Share of the rows below the header that have as many cells as most.
    [[nodiscard]] double agreement() const;
};

/// Reads the text once, from `from` on. A row with a fault counts as one line. Takes linear time.
[[nodiscard]] QuoteEvidence quoteEvidence(const CellReader &reader, size_t from);

/// What lines look like when quotes are read as characters.
[[nodiscard]] RowProfile lineProfile(const CellReader &reader, size_t from);

enum class Swallowing { No, Perhaps, Yes };

/// Tells, by the evidence of a whole file, what its faulty quotes are.
class QuoteJudge {
public:
    /// Knows nothing: for files without quotes.
    QuoteJudge() = default;
    QuoteJudge(const CellReader &reader, size_t from, QuoteEvidence evidence);

    [[nodiscard]] const RowProfile &profile() const { return m_profile; }
    [[nodiscard]] bool showsQuoting() const { return m_showsQuoting; }
    /// Whether the lines of a row of several lines are rows themselves.
    [[nodiscard]] Swallowing swallowing(const CellReader &reader, const RowSpan &row, QuoteRule rule,
                                        bool isHeader) const;
    /// Whether what follows an unclosed quote are not rows but the rest of one.
    [[nodiscard]] bool isCutOff(const CellReader &reader, size_t from) const;
    /// Whether the lines whose quotes are faulty are whole rows when the quotes are taken for characters, and the rows
    /// of several lines are rows of one.
    [[nodiscard]] bool areCharacters(const CellReader &reader, size_t from) const;

private:
    RowProfile m_profile;
    bool m_showsQuoting = false;
    bool m_isFaultless = false;
};

/// A row, and what had to be done to read it.
struct FoundRow {
    RowSpan span;
    std::optional<std::vector<std::string>> mended;  ///< its cells where they stand nowhere as they are meant
    bool looksLikeSeveral = false;                   ///< lines of its cells might be rows themselves
    bool quotesAreCharacters = false;                ///< the quotes of this row were faulty and are part of its cells
    std::string problem;                             ///< not empty: it cannot be read
};

/// Goes through a file. A row whose quotes are faulty is read in the first way that gives a whole row: with inner
/// quotes that are not doubled, then with quotes as characters. A quoted cell is not believed when the lines in it are
/// rows themselves by the evidence of the whole file. Failed attempts are bounded, so the time is linear in the text.
class RowFinder {
public:
    RowFinder(std::string_view text, const CsvDialect &dialect, size_t from);

    /// The next row, or nothing at the end.
    std::optional<FoundRow> next();

    [[nodiscard]] const CellReader &reader() const { return m_reader; }

private:
    void readFaulty(FoundRow &row);
    /// Whether a line without its quotes can be the row.
    [[nodiscard]] bool mayBeRow(const RowSpan &line) const;

    CellReader m_reader;
    QuoteJudge m_judge;
    size_t m_position;
    bool m_isFirst = true;
    bool m_afterFault = false;  ///< what follows may still belong to a row that was rejected
    size_t m_patience = 0;      ///< bytes that failed attempts may still cost
};

}  // namespace core
