// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/service_dialogs.h"

#include "core/base/user_folders.h"
#include "ui/session/service_place.h"
#include "ui/widgets/build.h"
#include "ui/words.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QDir>
#include <QFormLayout>
#include <QIcon>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QSpinBox>
#include <QThread>

namespace ui {

NewServiceDialog::NewServiceDialog(Dialogs &dialogs, const QString &parentFolder, QWidget *parent)
    : QDialog(parent), m_dialogs(dialogs), m_parentFolder(parentFolder)
{
    setObjectName(QStringLiteral("newServiceDialog"));
    setWindowTitle(tr("New service"));
    setMinimumWidth(480);
    auto *column = makeLayout<QVBoxLayout>({24, 20, 24, 16}, 4);
    setLayout(column);
    column->addWidget(makeLabel(tr("New service"), "title"));
    column->addSpacing(12);
    const auto field = [&](const QString &name, QWidget *widget) {
        auto *label = makeLabel(name, "caption");
        label->setBuddy(widget);
        widget->setAccessibleName(name);
        column->addWidget(label);
        column->addWidget(widget);
        column->addSpacing(12);
    };
    m_task = new QPlainTextEdit;
    m_task->setObjectName(QStringLiteral("newTask"));
    m_task->setPlaceholderText(tr("Which of these six things does a customer mail want?"));
    m_task->setFixedHeight(76);
    m_task->setTabChangesFocus(true);
    m_name = new QLineEdit;
    m_name->setObjectName(QStringLiteral("newName"));
    m_name->setPlaceholderText(tr("Shop mails"));
    field(tr("What should be decided?"), m_task);
    field(tr("Name"), m_name);
    auto *place = makeLayout<QHBoxLayout>();
    m_where = makeLabel({}, "caption", true);
    auto *change = makeButton(tr("Change..."), "newFolder", "small");
    place->addWidget(m_where, 1);
    place->addWidget(change);
    column->addLayout(place);
    column->addSpacing(12);
    auto *buttons = makeLayout<QHBoxLayout>();
    auto *cancel = makeButton(tr("Cancel"), "newCancel");
    m_create = makeButton(tr("Create"), "newCreate", "primary");
    m_create->setDefault(true);
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(m_create);
    column->addLayout(buttons);
    connect(m_name, &QLineEdit::textChanged, this, &NewServiceDialog::update);
    connect(change, &QPushButton::clicked, this, [this] {
        const QString chosen = m_dialogs.chooseFolder(this, tr("Where should the service's folder be?"));
        if (!chosen.isEmpty())
            m_parentFolder = chosen;
        update();
    });
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_create, &QPushButton::clicked, this, &QDialog::accept);
    update();
}

void NewServiceDialog::update()
{
    m_create->setEnabled(!name().isEmpty());
    m_create->setToolTip(name().isEmpty() ? tr("Give it a name first.") : QString());
    m_where->setText(tr("Kept in %1").arg(QDir::toNativeSeparators(folder())));
}

QString NewServiceDialog::task() const
{
    return m_task->toPlainText().trimmed();
}

QString NewServiceDialog::name() const
{
    return m_name->text().trimmed();
}

QString NewServiceDialog::folder() const
{
    return toQString(freeServicePlace(m_parentFolder, name()).folder);
}

SettingsDialog::SettingsDialog(Theme &theme, core::AppSettings &settings, QWidget *parent) : QDialog(parent)
{
    setObjectName(QStringLiteral("settingsDialog"));
    setWindowTitle(tr("Settings"));
    setMinimumWidth(460);
    auto *column = makeLayout<QVBoxLayout>({24, 20, 24, 16}, 8);
    setLayout(column);
    column->addWidget(makeLabel(tr("Settings"), "title"));
    column->addSpacing(8);
    column->addWidget(makeLabel(tr("Colours"), "strong"));
    auto *group = new QButtonGroup(this);
    const std::pair<QString, const char *> schemes[] = {
        {tr("As the system"), "system"}, {tr("Light"), "light"}, {tr("Dark"), "dark"}};
    for (int i = 0; i < 3; ++i) {
        auto *button = new QRadioButton(schemes[i].first);
        button->setObjectName(QStringLiteral("theme_%1").arg(QLatin1String(schemes[i].second)));
        button->setChecked(static_cast<int>(theme.scheme()) == i);
        group->addButton(button, i);
        column->addWidget(button);
    }
    connect(group, &QButtonGroup::idClicked, this, [&theme, &settings](int id) {
        static constexpr const char *Names[] = {"system", "light", "dark"};
        theme.setScheme(static_cast<Theme::Scheme>(id));
        static_cast<void>(settings.set("window.theme", std::string(Names[id])));
    });
    column->addSpacing(8);
    column->addWidget(makeLabel(tr("Training"), "strong"));
    auto *form = new QFormLayout;
    auto *threads = new QSpinBox;
    threads->setObjectName(QStringLiteral("threads"));
    threads->setAccessibleName(tr("Processor cores used for training"));
    threads->setRange(0, std::max(1, QThread::idealThreadCount()));
    threads->setSpecialValueText(tr("all"));
    threads->setValue(static_cast<int>(settings.get<int64_t>("training.threads")));
    form->addRow(threads->accessibleName(), threads);
    column->addLayout(form);
    connect(threads, &QSpinBox::valueChanged, this,
            [&settings](int value) { static_cast<void>(settings.set("training.threads", int64_t{value})); });
    auto *log = new QCheckBox(tr("Keep a log of what happened, without texts"));
    log->setObjectName(QStringLiteral("logEnabled"));
    log->setChecked(settings.get<bool>("log.enabled"));
    column->addWidget(log);
    connect(log, &QCheckBox::toggled, this,
            [&settings](bool on) { static_cast<void>(settings.set("log.enabled", on)); });
    column->addSpacing(8);
    column->addWidget(
        makeLabel(tr("Starting models are kept in %1").arg(toQString(base::cacheFolder())), "caption", true));
    auto *close = makeButton(tr("Close"), "settingsClose", "primary");
    close->setDefault(true);
    column->addWidget(close, 0, Qt::AlignRight);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
}

AboutDialog::AboutDialog(const QString &device, QWidget *parent) : QDialog(parent)
{
    setObjectName(QStringLiteral("aboutDialog"));
    setWindowTitle(tr("About Stillroom"));
    setMinimumWidth(440);
    auto *column = makeLayout<QVBoxLayout>({24, 20, 24, 16}, 8);
    setLayout(column);
    auto *head = makeLayout<QHBoxLayout>({}, 16);
    auto *icon = new QLabel;
    icon->setPixmap(QIcon(QStringLiteral(":/icons/stillroom.svg")).pixmap(48, 48));
    head->addWidget(icon);
    auto *words = makeLayout<QVBoxLayout>({}, 2);
    words->addWidget(makeLabel(tr("Stillroom %1").arg(QStringLiteral(STILLROOM_VERSION)), "title"));
    words->addWidget(makeLabel(tr("Text classifiers of your own, made on your own machine."), "muted", true));
    head->addLayout(words, 1);
    column->addLayout(head);
    column->addSpacing(8);
    column->addWidget(makeLabel(tr("Trains on: %1. Nothing is sent anywhere.").arg(device), nullptr, true));
    column->addSpacing(4);
    column->addWidget(makeLabel(tr("Keys"), "strong"));
    column->addWidget(makeLabel(tr("Ctrl+Shift+P all actions   Ctrl+T try a text   Ctrl+1 to 6 steps   Ctrl+F search\n"
                                   "Ctrl+Z undo   Ctrl+Shift+Z redo   1 to 9 label   Enter edit   Space show row"),
                                "muted", true));
    auto *close = makeButton(tr("Close"), "aboutClose", "primary");
    close->setDefault(true);
    column->addWidget(close, 0, Qt::AlignRight);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
}

}  // namespace ui
