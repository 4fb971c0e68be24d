// SPDX-License-Identifier: Apache-2.0
#include "ui/teacher/review_pane.h"

#include "ui/delegates/cell_delegate.h"
#include "ui/widgets/build.h"
#include "ui/widgets/plain_table.h"
#include "ui/words.h"

#include <QComboBox>
#include <QHeaderView>
#include <QKeyEvent>

namespace ui {

namespace {

enum Column { Text, Teacher, Quick };
enum Role { ChipsRole = Qt::UserRole, ProvenanceRole };
constexpr qsizetype ShownText = 400;

}  // namespace

ReviewPane::ReviewPane(const Theme &theme, Session &session, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_session(session), m_reader(session)
{
    auto *column = makeLayout<QVBoxLayout>({}, 10);
    setLayout(column);
    auto *head = makeLayout<QVBoxLayout>({24, 16, 24, 0}, 10);
    m_words = makeLabel({}, "strong", true);
    m_words->setObjectName(QStringLiteral("reviewWords"));
    head->addWidget(m_words);
    m_decision = new QWidget;
    auto *decision = makeLayout<QVBoxLayout>({}, 10);
    m_decision->setLayout(decision);
    m_text = makeLabel({}, nullptr, true);
    m_text->setObjectName(QStringLiteral("reviewText"));
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    decision->addWidget(m_text);
    m_why = makeLabel({}, "muted", true);
    m_why->setObjectName(QStringLiteral("reviewWhy"));
    decision->addWidget(m_why);
    auto *bar = makeLayout<QHBoxLayout>();
    m_teacher = makeButton(tr("The teacher is right"), "reviewTeacher");
    m_other = makeButton(tr("The classifier is right"), "reviewQuick");
    m_class = new QComboBox;
    m_class->setObjectName(QStringLiteral("reviewClass"));
    m_class->setAccessibleName(tr("Another class"));
    m_leave = makeButton(tr("Leave it (0)"), "reviewLeave");
    for (QWidget *widget : {static_cast<QWidget *>(m_teacher), static_cast<QWidget *>(m_other),
                            static_cast<QWidget *>(m_class), static_cast<QWidget *>(m_leave)})
        bar->addWidget(widget);
    bar->addStretch();
    decision->addLayout(bar);
    head->addWidget(m_decision);
    column->addLayout(head);
    m_table = makeReadTable(theme, m_rows, "reviewTable", tr("Rows to look at"));
    for (const int part : {Teacher, Quick})
        m_table->setItemDelegateForColumn(part, new ChipDelegate(theme, {ChipsRole, ProvenanceRole}, m_table));
    m_table->installEventFilter(this);
    column->addWidget(m_table, 1);
    column->addStretch();
    connect(&m_reader, &ReviewReader::read, this, &ReviewPane::show);
    connect(&m_reader, &ReviewReader::failed, this, &ReviewPane::failed);
    connect(&session, &Session::dataChanged, this, [this] { m_isOld = m_isOld || !m_decides; });
    connect(m_teacher, &QPushButton::clicked, this, [this] {
        if (const auto *row = currentOrNull())
            decide(row->teacher);
    });
    connect(m_other, &QPushButton::clicked, this, [this] {
        if (const auto *row = currentOrNull())
            decide(row->quick);
    });
    connect(m_leave, &QPushButton::clicked, this, [this] { decide(std::nullopt); });
    connect(m_class, &QComboBox::activated, this, [this](int index) {
        if (index > 0)
            decide(core::labelSet({m_class->itemData(index).toLongLong()}));
    });
    m_decision->hide();
    m_table->hide();
}

std::optional<qint64> ReviewPane::waiting() const
{
    return m_isKnown && !m_isOld ? std::optional(static_cast<qint64>(m_queue.rows.size())) : std::nullopt;
}

void ReviewPane::activate()
{
    if (!m_isOld)
        return;
    m_isOld = false;
    m_words->setText(tr("Comparing what teachers said with a classifier of your own rows."));
    m_reader.start();
}

void ReviewPane::show(const core::ReviewQueue &queue)
{
    m_queue = queue;
    m_isKnown = true;
    m_rows.clear();
    m_rows.setHorizontalHeaderLabels({tr("Text"), tr("Teacher"), tr("Classifier of your rows")});
    for (const core::Disagreement &row : m_queue.rows) {
        QString text = QString::fromStdString(row.text).left(ShownText).simplified();
        QList<QStandardItem *> items{new QStandardItem(text), new QStandardItem(m_session.labelWords(row.teacher)),
                                     new QStandardItem(m_session.labelWords(row.quick))};
        items[Teacher]->setData(QVariant::fromValue(m_session.chipsOf(row.teacher)), ChipsRole);
        items[Quick]->setData(QVariant::fromValue(m_queue.couldAsk ? m_session.chipsOf(row.quick) : Chips()),
                              ChipsRole);
        for (QStandardItem *item : items)
            item->setData(QStringLiteral("suggested"), ProvenanceRole);
        m_rows.appendRow(items);
    }
    m_table->horizontalHeader()->setSectionResizeMode(Text, QHeaderView::Stretch);
    m_table->setColumnWidth(Teacher, 190);
    m_table->setColumnWidth(Quick, 190);
    // A new model has a new selection.
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ReviewPane::choose,
            Qt::UniqueConnection);
    m_class->clear();
    m_class->addItem(tr("Another class (3)"));
    for (const core::Label &label : m_session.labels()) {
        if (label.declared)
            m_class->addItem(className(label.name), QVariant::fromValue(qint64{label.id}));
    }
    m_table->selectRow(0);
    choose();
    Q_EMIT changed();
}

const core::Disagreement *ReviewPane::currentOrNull() const
{
    const int row = m_table->currentIndex().row();
    return row >= 0 && static_cast<size_t>(row) < m_queue.rows.size() ? &m_queue.rows[static_cast<size_t>(row)]
                                                                      : nullptr;
}

void ReviewPane::choose()
{
    const qint64 left = static_cast<qint64>(m_queue.rows.size());
    QString words =
        m_queue.looked == 0 ? tr("No teacher has labelled rows yet.")
        : left == 0
            ? tr("Nothing to decide: of %1 that teachers labelled, none stands out.").arg(rowsText(m_queue.looked))
            : tr("%1 of %2 that teachers labelled are worth a look.").arg(countText(left), rowsText(m_queue.looked));
    if (m_queue.looked > 0 && !m_queue.couldAsk)
        words += tr(" Label three rows of two classes yourself, and a classifier of yours can disagree.");
    m_words->setText(words);
    const core::Disagreement *row = currentOrNull();
    m_decision->setVisible(row != nullptr);
    m_table->setVisible(row != nullptr);
    if (!row)
        return;
    m_text->setText(QString::fromStdString(row->text).left(1000));
    QStringList why;
    if (row->ordersTheReader)
        why << tr("The text reads like an order to whoever sorts it.");
    if (row->confidence && *row->confidence < 1)  // else it does not say
        why << tr("%1 was %2 sure.").arg(QString::fromStdString(row->teacherName), decimals(*row->confidence));
    if (m_queue.couldAsk && row->disagrees)
        why << tr("A classifier of your own rows says otherwise, %1 sure.").arg(decimals(row->quickConfidence));
    m_why->setText(why.join(QLatin1Char(' ')));
    m_teacher->setText(menuText(tr("%1 (1)").arg(m_session.labelWords(row->teacher))));
    m_teacher->setAccessibleName(tr("The teacher is right: %1").arg(m_session.labelWords(row->teacher)));
    m_other->setVisible(m_queue.couldAsk && row->disagrees);
    m_other->setText(menuText(tr("%1 (2)").arg(m_session.labelWords(row->quick))));
    m_other->setAccessibleName(tr("The classifier is right: %1").arg(m_session.labelWords(row->quick)));
    m_class->setVisible(!m_session.isMultiLabel());
    m_class->setCurrentIndex(0);
}

void ReviewPane::decide(const std::optional<core::LabelSet> &labels)
{
    const core::Disagreement *row = currentOrNull();
    if (!row)
        return;
    const int place = m_table->currentIndex().row();
    if (labels) {
        core::EditDraft draft;
        draft.title = tr("Label a row after a look at its teacher's").toStdString();
        core::addPersonsLabels(draft, row->row, *labels);
        m_decides = true;
        const bool isDone = m_session.apply(draft).has_value();
        m_decides = false;
        if (!isDone)
            return;
    }
    m_queue.rows.erase(m_queue.rows.begin() + place);
    m_rows.removeRow(place);
    if (!m_queue.rows.empty())
        m_table->selectRow(std::min<int>(place, static_cast<int>(m_queue.rows.size()) - 1));
    choose();
    Q_EMIT changed();
}

bool ReviewPane::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != m_table || event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    switch (static_cast<QKeyEvent *>(event)->key()) {
    case Qt::Key_1: m_teacher->click(); return true;
    case Qt::Key_2:
        if (m_other->isVisible())
            m_other->click();
        return true;
    case Qt::Key_3:
        if (m_class->isVisible())
            m_class->showPopup();
        return true;
    case Qt::Key_0: m_leave->click(); return true;
    default: return false;
    }
}

}  // namespace ui
