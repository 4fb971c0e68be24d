// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/define_page.h"

#include "ui/delegates/class_delegates.h"
#include "ui/dialogs/split_dialog.h"
#include "ui/session/class_edits.h"
#include "ui/widgets/build.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/mark_icon.h"
#include "ui/widgets/plain_table.h"
#include "ui/words.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHeaderView>
#include <QMenu>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QStackedWidget>
#include <algorithm>
#include <tuple>

namespace ui {

namespace {

constexpr int SaveAfterMs = 800;
constexpr int ClassRowHeight = 36;
constexpr int ColourChoices = 12;

}  // namespace

DefinePage::DefinePage(const Theme &theme, Session &session, Dialogs &dialogs, QWidget *parent)
    : Page(parent), m_theme(theme), m_session(session), m_dialogs(dialogs), m_model(session)
{
    auto *row = makeLayout<QHBoxLayout>({}, 0);
    setLayout(row);
    row->addWidget(buildClasses(), 6);
    row->addWidget(buildDetails(), 4);
    for (QTimer *timer : {&m_saveTask, &m_saveDescription, &m_saveExamples}) {
        timer->setSingleShot(true);
        timer->setInterval(SaveAfterMs);
    }
    connect(&m_saveTask, &QTimer::timeout, this, &DefinePage::saveTask);
    connect(&m_saveDescription, &QTimer::timeout, this, &DefinePage::saveDescription);
    connect(&m_saveExamples, &QTimer::timeout, this, &DefinePage::saveExamples);
    connect(&session, &Session::dataChanged, this, &DefinePage::refresh);
    connect(&session, &Session::rowsCounted, this, &DefinePage::refresh);
    refresh();
    if (m_model.rowCount() > 0)
        m_table->setCurrentIndex(m_model.index(0, 0));
    showClass();
}

DefinePage::~DefinePage()
{
    if (m_saveTask.isActive())
        saveTask();
    if (m_saveDescription.isActive())
        saveDescription();
    if (m_saveExamples.isActive())
        saveExamples();
}

QWidget *DefinePage::buildClasses()
{
    auto *pane = makePane("surface");
    auto *column = makeLayout<QVBoxLayout>({24, 20, 24, 16}, 8);
    pane->setLayout(column);
    auto *taskLabel = makeLabel(tr("What is decided"), "strong");
    m_task = new QPlainTextEdit;
    m_task->setObjectName(QStringLiteral("taskDescription"));
    m_task->setAccessibleName(tr("What is decided"));
    m_task->setPlaceholderText(tr("For example: what a customer mail is about, and which desk it goes to."));
    m_task->setTabChangesFocus(true);
    m_task->setFixedHeight(76);
    m_task->setReadOnly(m_session.isReadOnly());
    taskLabel->setBuddy(m_task);
    column->addWidget(taskLabel);
    column->addWidget(m_task);
    auto *typeRow = makeLayout<QHBoxLayout>({}, 8);
    m_taskType = new QComboBox;
    m_taskType->setObjectName(QStringLiteral("taskType"));
    m_taskType->setAccessibleName(tr("How many classes a text has"));
    m_taskType->addItems({tr("exactly one class"), tr("any number of classes, or none")});
    m_taskType->setEnabled(!m_session.isReadOnly());
    typeRow->addWidget(makeLabel(tr("A text has"), "muted"));
    typeRow->addWidget(m_taskType);
    typeRow->addStretch();
    column->addLayout(typeRow);
    connect(m_taskType, &QComboBox::activated, this, &DefinePage::changeTaskType);
    column->addSpacing(12);
    m_bar = new QWidget;
    auto *bar = makeLayout<QHBoxLayout>();
    m_bar->setLayout(bar);
    m_count = makeLabel({}, "strong");
    bar->addWidget(m_count);
    bar->addStretch();
    const auto add = [&](const QString &text, const char *name, const char *icon, const QString &hint, auto slot) {
        auto *button = makeButton(text, name, "small");
        button->setIcon(m_theme.icon(icon));
        button->setToolTip(hint);
        if (text.isEmpty())
            button->setAccessibleName(hint);
        bar->addWidget(button);
        connect(button, &QPushButton::clicked, this, slot);
        return button;
    };
    add(tr("Add class"), "addClass", "add", tr("Name another answer"), &DefinePage::addClass);
    m_needClass.push_back(add({}, "classUp", "up", tr("Move the class up"), [this] { moveClass(-1); }));
    m_needClass.push_back(add({}, "classDown", "down", tr("Move the class down"), [this] { moveClass(1); }));
    m_needClass.push_back(
        add({}, "mergeClasses", "merge", tr("Merge the chosen classes into one"), &DefinePage::mergeClasses));
    m_needClass.push_back(add({}, "splitClass", "split", tr("Split a class in two"), &DefinePage::splitClass));
    m_needClass.push_back(add({}, "deleteClass", "trash", tr("Delete the class"), &DefinePage::deleteClass));
    column->addWidget(m_bar);
    m_table = new QTableView;
    setUpTable(*m_table, "classTable", tr("Classes"));
    m_table->setProperty("framed", "true");
    m_table->setModel(&m_model);
    m_table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    m_table->verticalHeader()->setDefaultSectionSize(ClassRowHeight);
    m_table->setItemDelegate(new MutedDelegate(m_theme, m_table));
    m_table->setItemDelegateForColumn(LabelListModel::Name, new ClassNameDelegate(m_theme, m_table));
    auto *bars = new CountBarDelegate(m_theme, m_table);
    m_table->setColumnWidth(LabelListModel::Name, 160);
    for (const int counts : {LabelListModel::Train, LabelListModel::Exam}) {
        m_table->setItemDelegateForColumn(counts, bars);
        m_table->setColumnWidth(counts, 96);
    }
    m_table->horizontalHeader()->setSectionResizeMode(LabelListModel::Description, QHeaderView::Stretch);
    auto *empty = new EmptyState(m_theme, "define");
    empty->setWords(tr("Name the answers you want"),
                    tr("For example refund, delivery, complaint. Two are enough to start. Or bring rows that have "
                       "labels: the labels become the answers."));
    connect(empty->addButton(tr("Add class"), "addFirstClass"), &QPushButton::clicked, this, &DefinePage::addClass);
    m_empty = empty;
    column->addWidget(m_table, 1);
    column->addWidget(m_empty, 1);
    m_hint = makeLabel(tr("Double-click a count to see its rows."), "caption");
    column->addWidget(m_hint);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &DefinePage::showClass);
    connect(m_task, &QPlainTextEdit::textChanged, &m_saveTask, qOverload<>(&QTimer::start));
    connect(m_table, &QTableView::doubleClicked, this, [this](const QModelIndex &index) {
        const core::Label *label = m_model.labelOrNull(index.row());
        if (label && index.column() >= LabelListModel::Train)
            Q_EMIT showRows(label->id,
                            index.column() == LabelListModel::Train ? core::Split::Train : core::Split::Test);
    });
    return pane;
}

QWidget *DefinePage::buildDetails()
{
    m_details = new QStackedWidget;
    m_details->setMinimumWidth(280);
    auto *none = makePane("raised", "left");
    auto *noneColumn = makeLayout<QVBoxLayout>({24, 24, 24, 24});
    none->setLayout(noneColumn);
    noneColumn->addWidget(makeLabel(tr("Choose a class to describe it."), "muted", true));
    noneColumn->addStretch();
    auto *pane = makePane("surface", "left");
    auto *column = makeLayout<QVBoxLayout>({24, 16, 24, 16}, 8);
    pane->setLayout(column);
    auto *head = makeLayout<QHBoxLayout>();
    m_square = new QLabel;
    m_name = makeLabel({}, "title", true);
    auto *rename = makeButton(tr("Rename"), "renameClass", "small");
    auto *colour = makeButton(tr("Colour"), "colourClass", "small");
    head->addWidget(m_square);
    head->addWidget(m_name, 1);
    head->addWidget(rename);
    head->addWidget(colour);
    auto *descriptionLabel = makeLabel(tr("Description"), "caption");
    m_description = new QPlainTextEdit;
    m_description->setObjectName(QStringLiteral("classDescription"));
    m_description->setAccessibleName(tr("Description of the class"));
    m_description->setPlaceholderText(tr("What belongs here, and what looks similar but does not?"));
    m_description->setTabChangesFocus(true);
    m_description->setFixedHeight(96);
    m_description->setReadOnly(m_session.isReadOnly());
    descriptionLabel->setBuddy(m_description);
    m_reject = new QCheckBox(tr("Stands for what fits no other class"));
    m_reject->setObjectName(QStringLiteral("rejectClass"));
    m_reject->setToolTip(tr("No row is learned for it: it answers where no other class is likely enough. Rows of the "
                            "exam may have it."));
    m_counts = makeLabel({}, "muted", true);
    auto *show = makeButton(tr("Show rows"), "showClassRows", "link");
    column->addLayout(head);
    column->addSpacing(4);
    column->addWidget(descriptionLabel);
    column->addWidget(m_description);
    column->addWidget(makeLabel(tr("Used by the first classifier and the teacher."), "caption", true));
    column->addWidget(buildExamples());
    column->addWidget(m_reject);
    column->addWidget(m_counts);
    column->addWidget(show, 0, Qt::AlignLeft);
    column->addStretch();
    m_details->addWidget(none);
    m_details->addWidget(makeScroll(pane));
    connect(m_reject, &QCheckBox::clicked, this, &DefinePage::changeReject);
    connect(rename, &QPushButton::clicked, this, &DefinePage::renameClass);
    connect(colour, &QPushButton::clicked, this, &DefinePage::recolourClass);
    connect(show, &QPushButton::clicked, this, [this] {
        if (const core::Label *label = currentOrNull())
            Q_EMIT showRows(label->id, core::Split::Train);
    });
    connect(m_description, &QPlainTextEdit::textChanged, &m_saveDescription, qOverload<>(&QTimer::start));
    return m_details;
}

QWidget *DefinePage::buildExamples()
{
    auto *pane = makePane("surface");
    auto *column = makeLayout<QVBoxLayout>({0, 8, 0, 8}, 4);
    pane->setLayout(column);
    const std::tuple<QString, const char *, QString> fields[] = {
        {tr("Belongs here"), "classBelongs", tr("Texts that clearly are of this class, one a line. They are learned.")},
        {tr("Looks similar, but does not"), "classResembles",
         tr("Texts that are mistaken for it, one a line. People and the teacher read them.")}};
    for (size_t i = 0; i < 2; ++i) {
        const auto &[text, name, hint] = fields[i];
        auto *caption = makeLabel(text, "caption");
        auto *edit = new QPlainTextEdit;
        edit->setObjectName(QLatin1String(name));
        edit->setAccessibleName(text);
        edit->setPlaceholderText(hint);
        edit->setTabChangesFocus(true);
        edit->setFixedHeight(72);
        edit->setReadOnly(m_session.isReadOnly());
        caption->setBuddy(edit);
        column->addWidget(caption);
        column->addWidget(edit);
        column->addSpacing(6);
        m_examples[i] = edit;
        connect(edit, &QPlainTextEdit::textChanged, &m_saveExamples, qOverload<>(&QTimer::start));
    }
    return pane;
}

Primary DefinePage::primary() const
{
    return {m_session.counts().total() > 0 ? tr("Look at the data") : tr("Bring data")};
}

void DefinePage::primaryClicked()
{
    saveTask();
    saveDescription();
    saveExamples();
    Q_EMIT goTo(Step::Data);
}

const core::Label *DefinePage::currentOrNull() const
{
    return m_model.labelOrNull(m_table->currentIndex().row());
}

void DefinePage::refresh()
{
    if (!m_saveTask.isActive() && m_task->toPlainText() != m_session.taskDescription()) {
        const QSignalBlocker block(m_task);
        m_task->setPlainText(m_session.taskDescription());
    }
    m_taskType->setCurrentIndex(m_session.isMultiLabel() ? 1 : 0);
    m_count->setText(tr("Classes  %1").arg(m_model.rowCount()));
    const bool hasClasses = m_model.rowCount() > 0;
    for (QWidget *widget : std::initializer_list<QWidget *>{m_bar, m_table, m_hint, m_details})
        widget->setVisible(hasClasses);
    m_empty->setVisible(!hasClasses);
    showClass();
    Q_EMIT headChanged();
}

void DefinePage::showClass()
{
    const core::Label *label = currentOrNull();
    if (m_saveDescription.isActive() && (!label || label->id != m_shown))
        saveDescription();
    if (m_saveExamples.isActive() && (!label || label->id != m_shown))
        saveExamples();
    label = currentOrNull();
    for (QPushButton *button : m_needClass)
        button->setEnabled(label != nullptr && !m_session.isReadOnly());
    m_details->setCurrentIndex(label ? 1 : 0);
    m_shown = label ? label->id : 0;
    if (!label)
        return;
    m_square->setPixmap(classIcon(m_theme, label->colour).pixmap(QSize(14, 14), devicePixelRatioF()));
    m_name->setText(className(label->name));
    if (!m_saveDescription.isActive() && m_description->toPlainText() != QString::fromStdString(label->description)) {
        const QSignalBlocker block(m_description);
        m_description->setPlainText(QString::fromStdString(label->description));
    }
    for (const auto which : {ExamplesOf::Belongs, ExamplesOf::Resembles}) {
        QPlainTextEdit *edit = m_examples[static_cast<size_t>(which)];
        if (const QString text = examplesText(*label, which);
            !m_saveExamples.isActive() && edit->toPlainText() != text) {
            const QSignalBlocker block(edit);
            edit->setPlainText(text);
        }
    }
    m_reject->setChecked(label->isReject);
    m_reject->setEnabled(!m_session.isReadOnly() && !m_session.isMultiLabel());
    const auto counts = m_session.countsOf(label->id);
    m_counts->setText(tr("%1 train, %2 exam").arg(counts.train).arg(counts.test));
}

void DefinePage::saveTask()
{
    m_saveTask.stop();
    const QString text = m_task->toPlainText();
    if (text != m_session.taskDescription())
        m_session.apply(taskDraft(text));
}

void DefinePage::changeTaskType(int choice)
{
    if ((choice == 1) == m_session.isMultiLabel())
        return;
    const auto draft = taskTypeDraft(m_session, choice == 1);
    if (draft)
        m_session.apply(*draft);
    else
        Q_EMIT message(errorMessage(draft.error()));
    m_taskType->setCurrentIndex(m_session.isMultiLabel() ? 1 : 0);
}

void DefinePage::changeReject(bool isReject)
{
    if (const core::Label *label = m_session.labelOrNull(m_shown))
        m_session.apply(rejectDraft(*label, isReject));
}

void DefinePage::saveDescription()
{
    m_saveDescription.stop();
    const core::Label *label = m_session.labelOrNull(m_shown);
    const QString text = m_description->toPlainText();
    if (label && text != QString::fromStdString(label->description))
        m_session.apply(describeDraft(*label, text));
}

void DefinePage::saveExamples()
{
    m_saveExamples.stop();
    const int64_t id = m_shown;
    for (const auto which : {ExamplesOf::Belongs, ExamplesOf::Resembles}) {
        const core::Label *label = m_session.labelOrNull(id);
        if (!label)
            return;
        const auto draft = examplesDraft(*label, which, m_examples[static_cast<size_t>(which)]->toPlainText());
        if (draft.labels.front().text != examplesDraft(*label, which, examplesText(*label, which)).labels.front().text)
            m_session.apply(draft);
    }
}

void DefinePage::mergeClasses()
{
    std::vector<core::Label> chosen;
    for (const QModelIndex &index : m_table->selectionModel()->selectedRows()) {
        if (const core::Label *label = m_model.labelOrNull(index.row()))
            chosen.push_back(*label);
    }
    const core::Label *current = currentOrNull();
    if (!current)
        return;
    std::vector<core::Label> candidates = chosen;
    const bool several = chosen.size() > 1;
    if (!several) {  // into which of the others?
        candidates.clear();
        std::copy_if(m_session.labels().begin(), m_session.labels().end(), std::back_inserter(candidates),
                     [&](const core::Label &l) { return l.declared && l.id != current->id; });
    }
    if (candidates.empty())
        return;
    QStringList names;
    for (const core::Label &label : candidates)
        names << (several ? tr("Keep the name %1") : tr("Into %1")).arg(className(label.name));
    const int choice = m_dialogs.choose(
        this, several ? tr("Merge %1 classes").arg(chosen.size()) : tr("Merge %1").arg(className(current->name)),
        tr("All their rows get one label. Undo takes it apart again."), names);
    if (choice < 0)
        return;
    const core::Label into = candidates[static_cast<size_t>(choice)];
    std::vector<core::Label> others = several ? chosen : std::vector<core::Label>{*current};
    std::erase_if(others, [&](const core::Label &l) { return l.id == into.id; });
    auto draft = mergeDraft(m_session, into, others);
    if (!draft)
        return Q_EMIT message(errorMessage(draft.error()));
    m_session.apply(*draft);
    m_table->setCurrentIndex(m_model.index(m_model.rowOf(into.id), 0));
}

void DefinePage::splitClass()
{
    const core::Label *label = currentOrNull();
    if (!label)
        return;
    SplitDialog dialog(m_session, *label, this);
    if (!m_dialogs.run(dialog))
        return;
    if (const auto draft = dialog.draft())
        m_session.apply(*draft);
    else
        Q_EMIT message(errorMessage(draft.error()));
}

void DefinePage::addClass()
{
    const QString name = m_dialogs.askText(this, tr("Add class"), tr("What is the answer called?"), {});
    if (name.isEmpty() || !m_session.apply(addClassDraft(name)))
        return;
    m_table->setCurrentIndex(m_model.index(m_model.rowCount() - 1, 0));
    m_description->setFocus();
}

void DefinePage::renameClass()
{
    const core::Label *label = currentOrNull();
    if (!label)
        return;
    const core::Label before = *label;
    const QString name = m_dialogs.askText(this, tr("Rename"), tr("New name. Its rows keep it everywhere."),
                                           QString::fromStdString(before.name));
    if (!name.isEmpty() && name.toStdString() != before.name)
        m_session.apply(renameDraft(before, name));
}

void DefinePage::recolourClass()
{
    const core::Label *label = currentOrNull();
    if (!label)
        return;
    const core::Label before = *label;
    QMenu menu(this);
    for (int i = 0; i < ColourChoices; ++i) {
        const auto square =
            paintedIcon([i](QPainter &painter, const QRectF &area) { painter.fillRect(area, Theme::classColour(i)); });
        connect(menu.addAction(square, tr("Colour %1").arg(i + 1)), &QAction::triggered, this,
                [this, before, i] { m_session.apply(recolourDraft(before, i)); });
    }
    menu.exec(QCursor::pos());
}

void DefinePage::moveClass(int by)
{
    const core::Label *label = currentOrNull();
    if (!label)
        return;
    const int64_t id = label->id;
    const auto draft = reorderDraft(m_session.labels(), id, by);
    if (!draft.labels.empty() && m_session.apply(draft))
        m_table->setCurrentIndex(m_model.index(m_model.rowOf(id), 0));
}

void DefinePage::deleteClass()
{
    const core::Label *current = currentOrNull();
    if (!current)
        return;
    const core::Label label = *current;
    const auto counts = m_session.countsOf(label.id);
    auto rows = RowsOfDeleted::Unlabelled;
    int64_t other = 0;
    if (counts.total() > 0) {
        QStringList choices{tr("Make them unlabelled"), tr("Delete them, too")};
        std::vector<int64_t> others;
        for (const core::Label &each : m_session.labels()) {
            if (each.id == label.id || !each.declared)
                continue;
            others.push_back(each.id);
            choices << tr("Give them to %1").arg(className(each.name));
        }
        const int choice = m_dialogs.choose(
            this, tr("Delete class %1").arg(className(label.name)),
            tr("%1 carry it. What should become of them? Undo brings everything back.").arg(rowsText(counts.total())),
            choices);
        if (choice < 0)
            return;
        rows = choice == 0   ? RowsOfDeleted::Unlabelled
               : choice == 1 ? RowsOfDeleted::Delete
                             : RowsOfDeleted::OtherClass;
        if (choice >= 2)
            other = others[static_cast<size_t>(choice) - 2];
    }
    auto draft = deleteClassDraft(m_session, label, rows, other);
    if (draft)
        m_session.apply(*draft);
    else
        Q_EMIT message(errorMessage(draft.error()));
}

}  // namespace ui
