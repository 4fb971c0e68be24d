// SPDX-License-Identifier: Apache-2.0
#include "ui/teacher/teacher_form.h"

#include "core/service/teacher_wishes.h"
#include "core/teacher/service_address.h"
#include "ui/widgets/build.h"
#include "ui/words.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QSpinBox>

namespace ui {

namespace {

constexpr int UsualShots = 2;

/// A caption above its control.
QWidget *field(const QString &caption, QWidget *control, const char *name)
{
    control->setObjectName(QLatin1String(name));
    control->setAccessibleName(caption);
    auto *pane = new QWidget;
    auto *column = makeLayout<QVBoxLayout>({}, 4);
    pane->setLayout(column);
    column->addWidget(makeLabel(caption, "caption"));
    column->addWidget(control);
    return pane;
}

QSpinBox *whole(int least, int most, int value, const QString &special = {})
{
    auto *box = new QSpinBox;
    box->setRange(least, most);
    box->setValue(value);
    box->setGroupSeparatorShown(true);
    if (!special.isEmpty())
        box->setSpecialValueText(special);
    return box;
}

QDoubleSpinBox *amount(double most, int decimals, const QString &special = {})
{
    auto *box = new QDoubleSpinBox;
    box->setRange(0, most);
    box->setDecimals(decimals);
    if (!special.isEmpty())
        box->setSpecialValueText(special);
    return box;
}

}  // namespace

TeacherForm::TeacherForm(const Theme &theme, Session &session, TeacherDesk &desk, Dialogs &dialogs, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_session(session), m_desk(desk), m_dialogs(dialogs)
{
    auto *outer = makeLayout<QVBoxLayout>({}, 0);
    setLayout(outer);
    auto *content = makePane("raised");
    auto *column = makeLayout<QVBoxLayout>({24, 16, 20, 16}, 14);
    content->setLayout(column);
    m_service = buildService();
    m_local = buildLocal();
    column->addWidget(m_service);
    column->addWidget(m_local);
    column->addWidget(buildTerms());
    column->addStretch();
    auto *scroll = makeScroll(content);
    scroll->setObjectName(QStringLiteral("teacherForm"));
    outer->addWidget(scroll);
    connect(&desk, &TeacherDesk::changed, this, &TeacherForm::refresh);
    refresh();
}

QWidget *TeacherForm::buildService()
{
    auto *pane = new QWidget;
    auto *column = makeLayout<QVBoxLayout>({}, 14);
    pane->setLayout(column);
    m_address = new QLineEdit;
    m_address->setPlaceholderText(QStringLiteral("https://api.openai.com/v1"));
    m_address->setToolTip(
        tr("As you have it from the service's pages, with or without its path. The service is asked at "
           "three places at most, and the address that answers stands here then."));
    column->addWidget(field(tr("Address"), m_address, "teacherAddress"));
    m_plainWords = makeLabel(tr("Texts and key would cross the network for all to read: the address has no https."),
                             "caption", true);
    m_plain = new QCheckBox(tr("Send them all the same"));
    m_plain->setObjectName(QStringLiteral("teacherPlainHttp"));
    column->addWidget(m_plainWords);
    column->addWidget(m_plain);
    m_dialect = new QComboBox;
    m_dialect->addItem(tr("OpenAI, Ollama, vLLM and alike"));
    m_dialect->addItem(tr("Anthropic's messages"));
    column->addWidget(field(tr("It speaks"), m_dialect, "teacherDialect"));
    m_model = new QLineEdit;
    const auto wishes = core::TeacherWishes::of(m_session.service());
    const bool isNamed = wishes && !wishes->teacher.empty();
    m_model->setPlaceholderText(isNamed ? tr("%1 in the config").arg(QString::fromStdString(wishes->teacher))
                                        : tr("as the service calls it"));
    column->addWidget(field(tr("Model"), m_model, "teacherModel"));
    m_key = new QLineEdit;
    m_key->setEchoMode(QLineEdit::Password);
    column->addWidget(field(tr("Key"), m_key, "teacherKey"));
    m_keepKey = new QCheckBox(tr("Keep it in the keychain"));
    m_keepKey->setObjectName(QStringLiteral("teacherKeepKey"));
    m_keepKey->setChecked(true);
    column->addWidget(m_keepKey);
    m_keyWords = makeLabel({}, "caption", true);
    m_keyWords->setObjectName(QStringLiteral("teacherKeyWords"));
    column->addWidget(m_keyWords);
    for (QLineEdit *edit : {m_address, m_model})
        connect(edit, &QLineEdit::editingFinished, this, &TeacherForm::keepService);
    connect(m_dialect, &QComboBox::activated, this, &TeacherForm::keepService);
    connect(m_plain, &QCheckBox::clicked, this, &TeacherForm::keepService);
    connect(m_key, &QLineEdit::editingFinished, this, [this] {
        if (!m_key->isModified())
            return;
        m_key->setModified(false);
        m_desk.setKey(m_key->text(), m_keepKey->isChecked());
    });
    return pane;
}

QWidget *TeacherForm::buildLocal()
{
    auto *pane = new QWidget;
    auto *column = makeLayout<QVBoxLayout>({}, 6);
    pane->setLayout(column);
    column->addWidget(makeLabel(tr("Model file (GGUF)"), "caption"));
    m_file = makeLabel({}, nullptr, true);
    m_file->setObjectName(QStringLiteral("teacherFile"));
    column->addWidget(m_file);
    auto *choose = makeButton(tr("Choose..."), "chooseTeacherFile", "small");
    auto *row = makeLayout<QHBoxLayout>();
    row->addWidget(choose);
    row->addStretch();
    column->addLayout(row);
    column->addWidget(makeLabel(tr("llama.cpp's server runs it on this machine, reachable for this program alone."),
                                "caption", true));
    connect(choose, &QPushButton::clicked, this, &TeacherForm::chooseFile);
    return pane;
}

QWidget *TeacherForm::buildTerms()
{
    auto *pane = new QWidget;
    auto *column = makeLayout<QVBoxLayout>({}, 14);
    pane->setLayout(column);
    m_prompt = new QComboBox;
    column->addWidget(field(tr("Prompt"), m_prompt, "teacherPrompt"));
    auto *edit = makeButton(tr("Edit and preview..."), "editPrompt", "small");
    auto *row = makeLayout<QHBoxLayout>();
    row->addWidget(edit);
    row->addStretch();
    column->addLayout(row);
    m_rows = whole(0, 100'000'000, 0, tr("all"));
    column->addWidget(field(tr("Rows"), m_rows, "teacherRows"));
    m_mostCost = amount(1e6, 2, tr("no limit"));
    m_mostCost->setSpecialValueText(tr("no limit"));
    column->addWidget(field(tr("Stop before it costs more than"), m_mostCost, "teacherMostCost"));
    auto *more = makeButton(tr("Advanced"), "teacherAdvanced", "flat");
    more->setIcon(m_theme.icon("expand"));
    more->setCheckable(true);
    auto *moreRow = makeLayout<QHBoxLayout>();
    moreRow->addWidget(more);
    moreRow->addStretch();
    column->addLayout(moreRow);
    m_advanced = new QWidget;
    auto *inner = makeLayout<QVBoxLayout>({}, 14);
    m_advanced->setLayout(inner);
    const auto wishes = core::TeacherWishes::of(m_session.service());
    m_shots =
        whole(0, core::TeacherWishes::MostShots, wishes && wishes->shots ? *wishes->shots : UsualShots, tr("none"));
    inner->addWidget(field(tr("Examples shown per class"), m_shots, "teacherShots"));
    m_nearest = new QCheckBox(tr("The most similar ones instead"));
    m_nearest->setObjectName(QStringLiteral("teacherNearest"));
    m_nearest->setToolTip(tr("Shows with each text the 24 train rows most like it. Questions are longer then."));
    inner->addWidget(m_nearest);
    m_classesShown = whole(0, 1000, 0, tr("by their number"));
    m_classesShown->setToolTip(tr("All classes up to 40, else the likeliest 25 of each text."));
    inner->addWidget(field(tr("Classes shown"), m_classesShown, "teacherClassesShown"));
    m_group = whole(1, 50, 1);
    m_group->setToolTip(tr("Several are cheaper. Labels are asked for so only where exams show that no right answer is "
                           "lost by it."));
    inner->addWidget(field(tr("Rows a question"), m_group, "teacherGroup"));
    m_votes = whole(1, 15, 1);
    m_votes->setToolTip(tr("Several answers are drawn; the majority decides, and its share is the confidence."));
    m_votesField = field(tr("Answers per row"), m_votes, "teacherVotes");
    inner->addWidget(m_votesField);
    m_least = amount(1, 2, tr("any"));
    m_least->setSingleStep(0.05);
    m_leastField = field(tr("Label only from this confidence on"), m_least, "teacherLeast");
    inner->addWidget(m_leastField);
    m_toTrain = new QCheckBox(tr("Labelled rows move to Train"));
    m_toTrain->setObjectName(QStringLiteral("teacherToTrain"));
    m_toTrain->setChecked(true);
    inner->addWidget(m_toTrain);
    m_inputPrice = amount(10'000, 4, tr("not known"));
    m_outputPrice = amount(10'000, 4, tr("not known"));
    m_cachedPrice = amount(10'000, 4, tr("as other tokens"));
    m_cachedPrice->setToolTip(
        tr("Many services read the same beginning of a question from a cache, and bill it at less."));
    inner->addWidget(field(tr("A million tokens read cost"), m_inputPrice, "teacherInputPrice"));
    inner->addWidget(field(tr("A million tokens from the cache cost"), m_cachedPrice, "teacherCachedPrice"));
    inner->addWidget(field(tr("A million tokens written cost"), m_outputPrice, "teacherOutputPrice"));
    m_authorities = new QLineEdit;
    m_authorities->setPlaceholderText(tr("those of this machine"));
    m_authorities->setToolTip(tr("A PEM or DER file with the certificate of your company's authority. It is accepted "
                                 "beside those of this machine."));
    inner->addWidget(field(tr("File of certificate authorities"), m_authorities, "teacherAuthorities"));
    connect(m_authorities, &QLineEdit::editingFinished, this, &TeacherForm::keepService);
    m_advanced->hide();
    column->addWidget(m_advanced);
    connect(more, &QPushButton::toggled, m_advanced, &QWidget::setVisible);
    connect(edit, &QPushButton::clicked, this, &TeacherForm::editPrompts);
    connect(m_prompt, &QComboBox::activated, this, [this](int index) {
        auto prompts = m_desk.prompts();
        prompts.choose(static_cast<size_t>(index));
        m_desk.setPrompts(prompts);
    });
    for (QDoubleSpinBox *box : {m_inputPrice, m_outputPrice, m_cachedPrice})
        connect(box, &QDoubleSpinBox::editingFinished, this, &TeacherForm::keepPrices);
    for (QSpinBox *box : {m_rows, m_shots, m_classesShown, m_votes, m_group})
        connect(box, &QSpinBox::valueChanged, this, &TeacherForm::changed);
    for (QDoubleSpinBox *box : {m_mostCost, m_least})
        connect(box, &QDoubleSpinBox::valueChanged, this, &TeacherForm::changed);
    return pane;
}

void TeacherForm::setKind(TeacherKind kind)
{
    m_kind = kind;
    m_service->setVisible(kind == TeacherKind::Service);
    m_local->setVisible(kind == TeacherKind::Local);
    for (QWidget *box : {static_cast<QWidget *>(m_mostCost), static_cast<QWidget *>(m_inputPrice),
                         static_cast<QWidget *>(m_outputPrice), static_cast<QWidget *>(m_cachedPrice),
                         static_cast<QWidget *>(m_authorities)})
        box->parentWidget()->setVisible(kind == TeacherKind::Service);
    refresh();
}

void TeacherForm::setFor(For what)
{
    for (QWidget *widget : {m_votesField, m_leastField, static_cast<QWidget *>(m_toTrain)})
        widget->setVisible(what == For::Label);
}

TeacherTerms TeacherForm::terms() const
{
    TeacherTerms terms;
    terms.job.ways.shotsPerClass = static_cast<size_t>(m_shots->value());
    terms.job.ways.nearest = m_nearest->isChecked();
    terms.job.ways.classesShown = static_cast<size_t>(m_classesShown->value());
    terms.job.ways.rowsPerQuestion = static_cast<size_t>(m_group->value());
    terms.job.votes = m_votes->value();
    if (m_mostCost->value() > 0 && m_kind == TeacherKind::Service)
        terms.mostCost = m_mostCost->value();
    terms.job.mostRows = static_cast<size_t>(m_rows->value());
    terms.label.leastConfidence = m_least->value();
    terms.label.toTrain = m_toTrain->isChecked();
    return terms;
}

QString TeacherForm::missing() const
{
    const core::ChatChoice choice = m_desk.choice(m_kind);
    if (m_kind == TeacherKind::Local)
        return choice.isLocal() ? QString() : tr("Choose a model file first.");
    if (const std::string what = choice.missing(); !what.empty())
        return QString::fromStdString(what);
    if (core::isPlainHttpElsewhere(choice.address) && !choice.allowsPlainHttp)
        return tr("The address has no https: say first that texts may cross the network for all to read.");
    const bool hasPrice = m_inputPrice->value() > 0 || m_outputPrice->value() > 0;
    if (m_mostCost->value() > 0 && !hasPrice)
        return tr("A limit needs the price of the tokens, under Advanced.");
    return {};
}

void TeacherForm::refresh()
{
    m_isFilling = true;
    const core::TeacherSettings &settings = m_desk.settings();
    const auto fill = [](QLineEdit &edit, const std::string &text) {
        if (!edit.hasFocus() || !edit.isModified())
            edit.setText(QString::fromStdString(text));
    };
    fill(*m_address, settings.address);
    fill(*m_model, settings.model);
    fill(*m_authorities, settings.authorities);
    m_dialect->setCurrentIndex(settings.dialect == core::ChatDialect::AnthropicMessages ? 1 : 0);
    const bool isPlain = !settings.address.empty() && core::isPlainHttpElsewhere(settings.address);
    m_plainWords->setVisible(isPlain);
    m_plain->setVisible(isPlain);
    m_plain->setChecked(settings.allowsPlainHttp);
    if (!m_key->isModified())
        m_key->clear();
    m_key->setPlaceholderText(m_desk.hasKey() ? tr("there is one") : tr("none"));
    m_keyWords->setText(m_desk.keyWords());
    m_keyWords->setVisible(!m_desk.keyWords().isEmpty());
    m_file->setText(settings.weights.empty() ? tr("None chosen.")
                                             : toQString(std::filesystem::path(settings.weights).filename()));
    const auto price = settings.priceOf(settings.model);
    m_inputPrice->setValue(price.input);
    m_outputPrice->setValue(price.output);
    m_cachedPrice->setValue(price.cached.value_or(0));
    m_prompt->clear();
    const auto prompts = m_desk.prompts();
    for (const core::PromptVersion &version : prompts.versions())
        m_prompt->addItem(QString::fromStdString(version.name));
    m_prompt->setCurrentIndex(static_cast<int>(prompts.chosen()));
    m_isFilling = false;
    Q_EMIT changed();
}

void TeacherForm::keepService()
{
    if (m_isFilling)
        return;
    core::TeacherSettings settings = m_desk.settings();
    const std::string address = m_address->text().trimmed().toStdString();
    // What was allowed for one address is not allowed for another.
    settings.allowsPlainHttp = address == settings.address && m_plain->isChecked();
    settings.address = address;
    settings.model = m_model->text().trimmed().toStdString();
    // An address of Azure names what stands for the model.
    if (const auto read = core::readServiceAddress(address); settings.model.empty() && read)
        settings.model = read->deployment;
    settings.dialect =
        m_dialect->currentIndex() == 1 ? core::ChatDialect::AnthropicMessages : core::ChatDialect::ChatCompletions;
    m_address->setModified(false);
    m_model->setModified(false);
    settings.authorities = m_authorities->text().trimmed().toStdString();
    m_authorities->setModified(false);
    const core::TeacherSettings &now = m_desk.settings();
    const bool isSame = settings.address == now.address && settings.model == now.model &&
                        settings.dialect == now.dialect && settings.authorities == now.authorities &&
                        settings.allowsPlainHttp == now.allowsPlainHttp;
    if (!isSame)
        m_desk.setSettings(settings);
}

void TeacherForm::keepPrices()
{
    if (m_isFilling || m_desk.settings().model.empty())
        return;
    core::TeacherSettings settings = m_desk.settings();
    core::TokenPrices price{m_inputPrice->value(), m_outputPrice->value()};
    if (m_cachedPrice->value() > 0)
        price.cached = m_cachedPrice->value();
    if (price == settings.priceOf(settings.model))
        return;
    settings.prices[settings.model] = price;
    m_desk.setSettings(settings);
}

void TeacherForm::chooseFile()
{
    const QStringList files = m_dialogs.chooseFiles(this, tr("Choose a model file"));
    if (files.isEmpty())
        return;
    core::TeacherSettings settings = m_desk.settings();
    settings.weights = toPath(files.front()).string();
    m_desk.setSettings(settings);
}

}  // namespace ui
