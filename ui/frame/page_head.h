// SPDX-License-Identifier: Apache-2.0
// Title, one sentence, Try it and the one filled button.
#pragma once

#include "ui/pages/page.h"
#include "ui/theme/theme.h"

class QLabel;
class QPushButton;

namespace ui {

class PageHead final : public QWidget {
    Q_OBJECT
public:
    explicit PageHead(QWidget *parent = nullptr);

    void show(const QString &title, const QString &sentence, const Primary &primary);
    void setTryItEnabled(bool enabled, const QString &missing);

Q_SIGNALS:
    void tryItClicked();
    void primaryClicked();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void elide();

    QString m_fullSentence;
    QLabel *m_title;
    QLabel *m_sentence;
    QPushButton *m_tryIt;
    QPushButton *m_primary;
};

}  // namespace ui
