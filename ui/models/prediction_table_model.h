// SPDX-License-Identifier: Apache-2.0
// A checkpoint's answers to rows that it had not learned from beside what was expected.
#pragma once

#include "ui/session/chip.h"
#include "ui/session/results_reader.h"

#include <QAbstractTableModel>
#include <unordered_map>

namespace ui {

/// Reads texts as they are shown.
class PredictionTableModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Text, Expected, Answer, Sure, Margin, Source, ColumnCount };
    enum Role { ColourRole = Qt::UserRole, ShareRole, ChipsRole };
    enum class Filter { Wrong, ConfidentlyWrong, LeastSure, Right, All };

    explicit PredictionTableModel(const Session &session, QObject *parent = nullptr);

    void setResults(SharedResults results);
    /// The filter's own order: wrong ones the surest first, right ones the surest first, least sure ones as they are.
    void setFilter(Filter filter);
    /// Only rows of one cell of the confusion matrix.
    void setCell(int expected, int answer);
    /// Only rows that have a class or are answered with it, the wrong ones first.
    void setClass(int label);
    /// Only these, ascending; the wrong ones first.
    void setExamples(const std::vector<int64_t> &examples);
    [[nodiscard]] qint64 count(Filter filter) const;
    [[nodiscard]] qint64 exampleAt(int row) const { return answers().examples[place(row)]; }
    [[nodiscard]] const engine::Verdict &verdictAt(int row) const { return answers().verdicts[place(row)]; }
    [[nodiscard]] const core::CheckpointName &checkpoint() const { return answers().checkpoint; }
    [[nodiscard]] QString textAt(int row) const;
    [[nodiscard]] std::vector<float> probabilitiesAt(int row) const;
    [[nodiscard]] const std::vector<std::string> &labels() const { return answers().labels; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

private:
    [[nodiscard]] const core::Answers &answers() const { return m_results->shown; }
    [[nodiscard]] size_t place(int row) const { return m_shown[static_cast<size_t>(row)]; }
    /// Between the two likeliest classes; multi-label: of the least sure yes or no from its threshold.
    [[nodiscard]] float marginOf(size_t place) const;
    [[nodiscard]] const core::Example &exampleOf(int row) const;
    [[nodiscard]] std::vector<size_t> choose(Filter filter) const;
    [[nodiscard]] Chips chipsOf(const std::vector<int> &labels) const;
    void show(std::vector<size_t> rows);

    const Session &m_session;
    SharedResults m_results = std::make_shared<const core::CheckpointResults>();
    std::vector<size_t> m_shown;
    mutable std::unordered_map<int64_t, core::Example> m_read;  ///< those near the shown ones
};

}  // namespace ui
