// SPDX-License-Identifier: Apache-2.0
#include "ui/frame/start_page.h"

#include "core/results/checkpoint_name.h"
#include "core/results/report_json.h"
#include "core/service/service.h"
#include "core/store/example_store.h"
#include "core/store/run_store.h"
#include "ui/frame/service_tile.h"
#include "ui/session/start_work.h"
#include "ui/widgets/build.h"
#include "ui/words.h"

#include <QLineEdit>
#include <QScrollArea>
#include <QStackedLayout>

using base::Result;

namespace ui {

namespace {

constexpr int TileWidth = 280;
constexpr int TileGap = 24;
constexpr int SearchWidth = 160;

/// Reads without changing anything: a service of an older version keeps it until it is opened.
ServiceSummary summarise(const std::filesystem::path &folder, const QString &opened)
{
    ServiceSummary summary{.folder = folder, .name = toQString(folder.filename()), .opened = opened};
    auto database = core::Database::open(folder / core::Service::DatabaseName, core::OpenMode::ReadOnly);
    if (!database) {
        summary.problem = database.error().code == base::ErrorCode::NotFound
                              ? QObject::tr("Its folder is no longer where it was. Moved, or on another drive?")
                          : database.error().code == base::ErrorCode::ReadOnly
                              ? QString()
                              : QString::fromStdString(database.error().message);
        return summary;
    }
    const core::ExampleStore examples(*database);
    const auto labels = examples.labels();
    const auto counts = examples.counts();
    const auto name = core::guardStore([&]() -> Result<std::string> {
        auto row = database->prepare("SELECT value FROM setting WHERE key = 'name'");
        return row.step() ? row.text(0) : std::string();
    });
    if (name && !name->empty())
        summary.name = QString::fromStdString(*name);
    if (labels && counts) {
        summary.counts = QObject::tr("%1, %2").arg(
            plural(static_cast<qint64>(labels->size()), QObject::tr("class"), QObject::tr("classes")),
            rowsText(counts->total()));
        for (const auto &label : *labels)
            summary.colours.push_back(label.colour);
    }
    const core::RunStore store(*database);
    const auto best = core::bestCheckpoint(folder, store, examples);
    if (!best || !*best)
        return summary;
    const auto checkpoints = store.checkpoints((*best)->run);
    if (!checkpoints)
        return summary;
    for (const auto &checkpoint : *checkpoints) {
        if (checkpoint.epoch != (*best)->epoch)
            continue;
        const auto heldOut = core::parseReport(checkpoint.validation);
        const auto exam = core::parseReport(checkpoint.test);
        if (heldOut)
            summary.score = (heldOut->crossValidated ? QObject::tr("%1 cross-validated") : QObject::tr("%1 held out"))
                                .arg(heldOutText(*heldOut));
        if (exam && exam->report.rows > 0) {
            summary.score = QObject::tr("%1 right").arg(shareText(exam->report.correct, exam->report.rows));
            summary.between = rangeText(exam->report);
        }
    }
    return summary;
}

}  // namespace

StartPage::StartPage(const Theme &theme, core::JobRunner &runner, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_runner(runner)
{
    setProperty("tone", "surface");
    setAttribute(Qt::WA_StyledBackground);
    m_stack = new QStackedLayout(this);
    m_stack->addWidget(buildEmpty());
    m_stack->addWidget(buildTiles());
}

QWidget *StartPage::buildEmpty()
{
    auto *scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setProperty("tone", "surface");
    auto *page = makePane("surface");
    scroll->setWidget(page);
    auto *column = makeLayout<QVBoxLayout>({24, 24, 24, 24}, 8);
    page->setLayout(column);
    column->addStretch(2);
    column->addWidget(makeLabel(tr("Make a classifier of your own"), "greeting"), 0, Qt::AlignHCenter);
    column->addWidget(
        makeLabel(
            tr("Describe a decision, bring texts, train on this machine. Your texts stay here unless you connect a "
               "teacher service."),
            "muted"),
        0, Qt::AlignHCenter);
    column->addSpacing(24);
    auto *cards = makeLayout<QHBoxLayout>({}, 24);
    column->addLayout(cards);
    column->addStretch(3);
    cards->addStretch();
    const auto card = [&](const char *icon, const QString &title, const QString &text, const QString &action,
                          const char *objectName, const char *frame, void (StartPage::*signal)(),
                          QPushButton *second = nullptr) {
        auto *box = new QFrame;
        box->setProperty("frame", frame);
        box->setMinimumWidth(200);
        box->setMaximumWidth(280);
        box->setFixedHeight(220);
        auto *inside = makeLayout<QVBoxLayout>({20, 20, 20, 20}, 8);
        box->setLayout(inside);
        auto *picture = new QLabel;
        const auto tint = [this, picture, icon] {
            picture->setPixmap(m_theme.icon(icon, &Tokens::accent).pixmap(32, 32));
        };
        tint();
        connect(&m_theme, &Theme::changed, picture, tint);
        auto *button = makeButton(action, objectName, strcmp(objectName, "startSample") == 0 ? "primary" : nullptr);
        inside->addWidget(picture);
        inside->addWidget(makeLabel(title, "title", true));
        inside->addWidget(makeLabel(text, "muted", true));
        inside->addStretch();
        auto *row = makeLayout<QHBoxLayout>();
        row->addWidget(button, 1);
        if (second)
            row->addWidget(second, 1);
        inside->addLayout(row);
        cards->addWidget(box, 1);
        connect(button, &QPushButton::clicked, this, signal);
    };
    auto *folder = makeButton(tr("Folder..."), "startFolder");
    connect(folder, &QPushButton::clicked, this, &StartPage::importFolder);
    card("play", tr("Try the sample"), tr("A shop's mails, six answers. About a minute, no download, no key."),
         tr("Open the sample"), "startSample", "card", &StartPage::openSample);
    card("import", tr("From my files"), tr("Drop tables, workbooks, documents or a folder here, or choose them."),
         tr("Files..."), "startImport", "drop", &StartPage::importFiles, folder);
    card("define", tr("Start from scratch"), tr("Name the answers first; bring or type texts later."),
         tr("New service"), "startNew", "card", &StartPage::newService);
    cards->addStretch();
    return scroll;
}

QWidget *StartPage::buildTiles()
{
    auto *scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    auto *page = makePane("surface");
    scroll->setWidget(page);
    auto *column = makeLayout<QVBoxLayout>({32, 24, 24, 24}, 24);
    page->setLayout(column);
    m_toolbar = new QWidget;
    auto *row = makeLayout<QHBoxLayout>({}, 8);
    m_toolbar->setLayout(row);
    m_search = new QLineEdit;
    m_search->setObjectName(QStringLiteral("serviceSearch"));
    m_search->setAccessibleName(tr("Search services"));
    m_search->setPlaceholderText(tr("Search services"));
    m_search->addAction(m_theme.icon("search", &Tokens::muted), QLineEdit::LeadingPosition);
    m_search->setMinimumWidth(SearchWidth);
    m_search->setMaximumWidth(TileWidth);
    auto *open = makeButton(tr("Open..."), "startOpen");
    open->setIcon(m_theme.icon("folder"));
    auto *import = makeButton(tr("From files..."), "tilesImport");
    import->setIcon(m_theme.icon("import"));
    import->setToolTip(tr("A new service of tables, workbooks or documents; they may be dropped here, too"));
    auto *importFolder = makeButton(tr("From a folder..."), "tilesFolder");
    importFolder->setToolTip(tr("A new service of all files in a folder"));
    auto *sample = makeButton(tr("Sample service"), "tilesSample");
    row->addWidget(m_search, 1);
    row->addStretch(1);
    row->addWidget(open);
    row->addWidget(import);
    row->addWidget(importFolder);
    row->addWidget(sample);
    m_grid = new QWidget;
    m_gridLayout = makeLayout<QGridLayout>({}, TileGap);
    m_grid->setLayout(m_gridLayout);
    column->addWidget(m_toolbar, 0, Qt::AlignLeft);
    column->addWidget(m_grid, 0, Qt::AlignLeft | Qt::AlignTop);
    column->addStretch();
    connect(m_search, &QLineEdit::textChanged, this, [this] { layOut(); });
    connect(open, &QPushButton::clicked, this, &StartPage::openOther);
    connect(import, &QPushButton::clicked, this, &StartPage::importFiles);
    connect(importFolder, &QPushButton::clicked, this, &StartPage::importFolder);
    connect(sample, &QPushButton::clicked, this, &StartPage::openSample);
    return scroll;
}

QString StartPage::sentence() const
{
    const auto missing =
        std::count_if(m_summaries.begin(), m_summaries.end(), [](const auto &s) { return !s.problem.isEmpty(); });
    const auto all = static_cast<int>(m_summaries.size());
    if (all == 0)
        return tr("Nothing here yet.");
    if (missing == 0)
        return tr("%1.").arg(plural(all, tr("service"), tr("services")));
    return tr("%1, %2 to look at.").arg(plural(all, tr("service"), tr("services"))).arg(missing);
}

void StartPage::setServices(const std::vector<std::pair<std::filesystem::path, QString>> &recent)
{
    m_stack->setCurrentIndex(recent.empty() ? 0 : 1);
    startWork<std::vector<ServiceSummary>>(
        m_runner, {}, core::Lane::Shared, this,
        [recent](const base::WorkContext &) -> Result<std::vector<ServiceSummary>> {
            std::vector<ServiceSummary> summaries;
            summaries.reserve(recent.size());
            for (const auto &[folder, opened] : recent)
                summaries.push_back(summarise(folder, opened));
            return summaries;
        },
        [this](Result<std::vector<ServiceSummary>> summaries) {
            if (!summaries)
                return;
            m_summaries = std::move(*summaries);
            m_columns = 0;
            layOut();
            Q_EMIT summariesChanged();
        });
}

void StartPage::layOut()
{
    m_columns = std::max(1, (width() - 56 + TileGap) / (TileWidth + TileGap));
    while (QLayoutItem *item = m_gridLayout->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const QString wanted = m_search->text().trimmed();
    int place = 0;
    for (const ServiceSummary &summary : m_summaries) {
        if (!summary.name.contains(wanted, Qt::CaseInsensitive))
            continue;
        auto *tile = new ServiceTile(m_theme, summary);
        m_gridLayout->addWidget(tile, place / m_columns, place % m_columns);
        ++place;
        const auto folder = summary.folder;
        if (summary.problem.isEmpty()) {
            connect(tile, &ServiceTile::clicked, this, [this, folder] { Q_EMIT openService(folder); });
            continue;
        }
        auto *row = makeLayout<QHBoxLayout>({16, 0, 16, 16}, 8);
        auto *column = makeLayout<QVBoxLayout>();
        column->addStretch();
        column->addLayout(row);
        tile->setLayout(column);
        auto *find = makeButton(tr("Find it..."), "tileFind", "small");
        auto *forget = makeButton(tr("Forget"), "tileForget", "flat");
        row->addWidget(find);
        row->addWidget(forget);
        row->addStretch();
        connect(find, &QPushButton::clicked, this, [this, folder] { Q_EMIT findService(folder); });
        connect(forget, &QPushButton::clicked, this, [this, folder] { Q_EMIT forgetService(folder); });
    }
    m_toolbar->setFixedWidth(
        std::max(std::clamp(m_columns, 2, 3) * (TileWidth + TileGap) - TileGap, m_toolbar->minimumSizeHint().width()));
}

void StartPage::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    if (std::max(1, (width() - 56 + TileGap) / (TileWidth + TileGap)) != m_columns)
        layOut();
}

}  // namespace ui
