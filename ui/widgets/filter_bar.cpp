// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/filter_bar.h"

#include "core/store/saved_filters.h"
#include "ui/widgets/build.h"
#include "ui/words.h"

#include <QCheckBox>
#include <QComboBox>
#include <QJsonDocument>
#include <QLineEdit>
#include <QMenu>
#include <QSignalBlocker>

namespace ui {

namespace {

constexpr qint64 AllClasses = core::FilterAllClasses;
constexpr qint64 NoLabel = core::FilterNoLabel;
constexpr int SearchPauseMs = 150;

}  // namespace

FilterBar::FilterBar(const Theme &theme, Session &session, Dialogs &dialogs, QWidget *parent)
    : QWidget(parent), m_session(session), m_dialogs(dialogs)
{
    auto *row = makeLayout<QHBoxLayout>({24, 8, 16, 8}, 8);
    setLayout(row);
    m_search = new QLineEdit;
    m_search->setObjectName(QStringLiteral("rowSearch"));
    m_search->setAccessibleName(tr("Search in the rows"));
    m_search->setProperty("kind", "bar");
    m_search->setClearButtonEnabled(true);
    m_search->addAction(theme.icon("search", &Tokens::muted), QLineEdit::LeadingPosition);
    m_label = new QComboBox;
    m_label->setObjectName(QStringLiteral("labelFilter"));
    m_label->setAccessibleName(tr("Show one class"));
    m_label->setProperty("kind", "bar");
    m_source = new QComboBox;
    m_source->setObjectName(QStringLiteral("sourceFilter"));
    m_source->setAccessibleName(tr("Show one source"));
    m_source->setProperty("kind", "bar");
    for (QComboBox *box : {m_label, m_source}) {
        box->setMinimumWidth(110);
        box->setMaximumWidth(170);
    }
    m_problems = new QCheckBox(tr("Only problems"));
    m_problems->setObjectName(QStringLiteral("onlyProblems"));
    row->addWidget(m_search, 1);
    row->addWidget(m_label);
    row->addWidget(m_source);
    row->addWidget(m_problems);
    m_saved = makeButton({}, "savedFilters", "small");
    m_saved->setIcon(theme.icon("filter"));
    m_saved->setToolTip(tr("Saved filters"));
    m_saved->setAccessibleName(tr("Saved filters"));
    row->addWidget(m_saved);
    connect(m_saved, &QPushButton::clicked, this, &FilterBar::showSaved);
    m_typing.setSingleShot(true);
    m_typing.setInterval(SearchPauseMs);
    connect(m_search, &QLineEdit::textChanged, &m_typing, qOverload<>(&QTimer::start));
    connect(&m_typing, &QTimer::timeout, this, &FilterBar::changed);
    connect(m_label, &QComboBox::currentIndexChanged, this, &FilterBar::changed);
    connect(m_source, &QComboBox::currentIndexChanged, this, &FilterBar::changed);
    connect(m_problems, &QCheckBox::toggled, this, [this] {
        m_only.reset();
        m_asGiven = false;
        m_problems->setText(tr("Only problems"));
        Q_EMIT changed();
    });
    connect(&session, &Session::dataChanged, this, &FilterBar::fill);
    connect(&session, &Session::rowsCounted, this, &FilterBar::fill);
    connect(&session, &Session::findingsChanged, this, [this] {
        if (m_problems->isChecked() && !m_only)
            Q_EMIT changed();
    });
    fill();
}

void FilterBar::fill()
{
    const QSignalBlocker blockLabel(m_label);
    const QSignalBlocker blockSource(m_source);
    const QVariant label = m_label->currentData();
    const QVariant source = m_source->currentData();
    m_label->clear();
    m_label->addItem(tr("All classes"), AllClasses);
    for (const core::Label &each : m_session.labels())
        m_label->addItem(className(each.name), qint64{each.id});
    m_label->addItem(tr("No label"), NoLabel);
    m_source->clear();
    m_source->addItem(tr("All sources"));
    for (const std::string &each : m_session.sources(m_split)) {
        const QString name = QString::fromStdString(each);
        m_source->addItem(name.isEmpty() ? tr("typed here") : name, name);
    }
    m_label->setCurrentIndex(std::max(0, m_label->findData(label)));
    m_source->setCurrentIndex(source.isValid() ? std::max(0, m_source->findData(source)) : 0);
    auto counts = m_session.counts();
    m_search->setPlaceholderText(tr("Search in %1").arg(rowsText(counts[m_split])));
    m_label->setVisible(m_split != core::Split::Unlabelled);
}

void FilterBar::setSplit(core::Split split)
{
    m_split = split;
    fill();
    Q_EMIT changed();
}

core::ExampleQuery FilterBar::query() const
{
    core::ExampleQuery query;
    query.split = m_split;
    query.search = m_search->text().toStdString();
    const qint64 label = m_label->currentData().toLongLong();
    if (m_split != core::Split::Unlabelled && label == NoLabel)
        query.onlyUnlabelled = true;
    else if (m_split != core::Split::Unlabelled && label > 0)
        query.label = label;
    if (m_source->currentData().isValid())
        query.source = m_source->currentData().toString().toStdString();
    if (m_only) {
        query.ids = m_only;
        query.asGiven = m_asGiven;
    } else if (m_problems->isChecked()) {
        query.ids.emplace();
        for (const core::Finding &finding : m_session.findings()) {
            if (finding.classes.empty())  // else nothing is wrong with its rows
                query.ids->insert(query.ids->end(), finding.rows.begin(), finding.rows.end());
        }
    }
    return query;
}

void FilterBar::showLabel(int64_t label)
{
    clear();
    m_label->setCurrentIndex(std::max(0, m_label->findData(qint64{label})));
}

void FilterBar::showRows(std::vector<int64_t> rows, bool asGiven)
{
    clear();
    m_asGiven = asGiven;
    m_problems->setText(asGiven ? tr("Most useful first") : tr("Only these rows"));
    {
        const QSignalBlocker block(m_problems);
        m_problems->setChecked(true);
    }
    m_only = std::move(rows);
    Q_EMIT changed();
}

void FilterBar::clear()
{
    const QSignalBlocker blockers[] = {QSignalBlocker(m_search), QSignalBlocker(m_label), QSignalBlocker(m_source),
                                       QSignalBlocker(m_problems)};
    m_search->clear();
    m_label->setCurrentIndex(0);
    m_source->setCurrentIndex(0);
    m_problems->setChecked(false);
    m_problems->setText(tr("Only problems"));
    m_only.reset();
    m_asGiven = false;
}

void FilterBar::showSaved()
{
    const auto json = m_session.service().setting(core::keys::SavedFilters);
    const QJsonObject saved = QJsonDocument::fromJson(QByteArray::fromStdString(json.value_or(std::string()))).object();
    QMenu menu(this);
    menu.setObjectName(QStringLiteral("savedFiltersMenu"));
    for (const QString &name : saved.keys())
        connect(menu.addAction(name), &QAction::triggered, this, [this, filter = saved[name].toObject()] {
            restore(filter);
            Q_EMIT changed();
        });
    if (!saved.isEmpty())
        menu.addSeparator();
    connect(menu.addAction(tr("Save this filter...")), &QAction::triggered, this, [this] {
        const QString name = m_dialogs.askText(this, tr("Save filter"), tr("What is it called?"), m_search->text());
        if (!name.isEmpty())
            save(name);
    });
    if (!saved.isEmpty()) {
        auto *forget = menu.addMenu(tr("Forget"));
        for (const QString &name : saved.keys())
            connect(forget->addAction(name), &QAction::triggered, this, [this, saved, name] {
                QJsonObject less = saved;
                less.remove(name);
                m_session.keep(core::keys::SavedFilters,
                               QJsonDocument(less).toJson(QJsonDocument::Compact).toStdString());
            });
    }
    menu.exec(m_saved->mapToGlobal(QPoint(0, m_saved->height())));
}

void FilterBar::save(const QString &name)
{
    const auto json = m_session.service().setting(core::keys::SavedFilters);
    QJsonObject saved = QJsonDocument::fromJson(QByteArray::fromStdString(json.value_or(std::string()))).object();
    saved[name] = state();
    m_session.keep(core::keys::SavedFilters, QJsonDocument(saved).toJson(QJsonDocument::Compact).toStdString());
}

void FilterBar::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

QJsonObject FilterBar::state() const
{
    QJsonObject state{{QStringLiteral("search"), m_search->text()},
                      {QStringLiteral("label"), m_label->currentData().toLongLong()},
                      {QStringLiteral("problems"), m_problems->isChecked() && !m_only}};
    if (m_source->currentData().isValid())
        state[QStringLiteral("source")] = m_source->currentData().toString();
    return state;
}

void FilterBar::restore(const QJsonObject &state)
{
    clear();
    const QSignalBlocker blockers[] = {QSignalBlocker(m_search), QSignalBlocker(m_label), QSignalBlocker(m_source),
                                       QSignalBlocker(m_problems)};
    m_search->setText(state[QStringLiteral("search")].toString());
    const qint64 label = state[QStringLiteral("label")].toInteger(AllClasses);
    m_label->setCurrentIndex(std::max(0, m_label->findData(label)));
    if (const QJsonValue source = state[QStringLiteral("source")]; source.isString()) {
        if (m_source->findData(source.toString()) < 0)  // not known yet of a large service
            m_source->addItem(source.toString(), source.toString());
        m_source->setCurrentIndex(m_source->findData(source.toString()));
    }
    m_problems->setChecked(state[QStringLiteral("problems")].toBool());
}

}  // namespace ui
