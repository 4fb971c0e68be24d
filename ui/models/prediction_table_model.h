// SPDX-License-Identifier: Apache-2.0
// A checkpoint's answers to the exam rows beside what was expected.
#pragma once

#include "ui/models/chip.h"
#include "ui/session/session.h"

#include <QAbstractTableModel>

namespace ui {

struct Prediction {
    int64_t example = 0;
    std::string text;
    std::vector<int> expected;  ///< indices into the run's labels
    bool isKnown = false;       ///< false: the row has no label any more, or one that the run does not know
    std::vector<int> answer;
    float probability = 0;  ///< multi-label: of the least sure yes or no
    std::vector<float> all;

    [[nodiscard]] bool isRight() const { return isKnown && expected == answer; }
};

/// Stored answers of a checkpoint; rows that are gone are left out.
[[nodiscard]] base::Result<std::vector<Prediction>> readPredictions(const core::Service &service, const RunView &run,
                                                                    int epoch);

class PredictionTableModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Text, Expected, Answer, Sure, ColumnCount };
    enum Role { ColourRole = Qt::UserRole, ShareRole, ChipsRole };
    enum class Filter { Wrong, ConfidentlyWrong, LeastSure, Right, All };

    explicit PredictionTableModel(const Session &session, QObject *parent = nullptr);

    void setPredictions(std::vector<Prediction> predictions, std::vector<std::string> labels);
    void setFilter(Filter filter);
    /// Only rows of one cell of the confusion matrix.
    void setCell(int expected, int answer);
    /// Only rows that have a class or are answered with it, the wrong ones first.
    void setClass(int label);
    [[nodiscard]] qint64 count(Filter filter) const;
    [[nodiscard]] const Prediction &predictionAt(int row) const { return m_all[m_shown[static_cast<size_t>(row)]]; }
    [[nodiscard]] const std::vector<std::string> &labels() const { return m_labels; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] std::vector<size_t> choose(Filter filter) const;
    [[nodiscard]] Chips chipsOf(const std::vector<int> &labels) const;
    void show(std::vector<size_t> rows);

    const Session &m_session;
    std::vector<Prediction> m_all;
    std::vector<std::string> m_labels;
    std::vector<size_t> m_shown;
};

}  // namespace ui
