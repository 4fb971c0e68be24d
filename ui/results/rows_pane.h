// SPDX-License-Identifier: Apache-2.0
// The exam rows, or those left out of the training, with what was answered.
#pragma once

#include "ui/models/prediction_table_model.h"
#include "ui/results/result_pane.h"
#include "ui/session/explainer.h"
#include "ui/theme/theme.h"
#include "ui/widgets/answer_bars.h"
#include "ui/widgets/word_weights.h"

#include <QTimer>

class QButtonGroup;
class QComboBox;
class QLabel;
class QTableView;

namespace ui {

class RowsPane final : public ResultPane {
    Q_OBJECT
public:
    RowsPane(const Theme &theme, Session &session, QWidget *parent = nullptr);

    void showResults(const SharedResults &results) override;
    void showCell(int expected, int answer);
    void showClass(int label);
    /// `examples` ascending.
    void showOnly(const std::vector<int64_t> &examples);

Q_SIGNALS:
    void showExample(qint64 id);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    [[nodiscard]] QWidget *buildPanel();
    void showFilter(PredictionTableModel::Filter filter);
    void showRow(int row);
    void explain();
    void showExplanation(const core::Explanation &explanation);
    void uncheckFilters();

    const Theme &m_theme;
    Session &m_session;
    PredictionTableModel m_model;
    QButtonGroup *m_filters;
    QTableView *m_rows;
    QLabel *m_leftOut;
    QWidget *m_panel;
    WordWeights *m_text;
    QComboBox *m_why;  ///< whose words are marked
    QLabel *m_whyWords;
    AnswerBars *m_bars;
    Explainer m_explainer;
    QTimer m_soon;  ///< rows that are passed over are not explained
};

}  // namespace ui
