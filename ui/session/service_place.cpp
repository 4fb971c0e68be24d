// SPDX-License-Identifier: Apache-2.0
#include "ui/session/service_place.h"

#include "ui/words.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QStandardPaths>
#include <algorithm>

namespace fs = std::filesystem;

namespace ui {

namespace {

constexpr int LongestName = 60;
/// Endings that stand behind another one: rows.csv.gz.
constexpr const char *Packings[] = {"gz", "bz2", "xz", "zst", "zip"};

/// Without endings, underscores and what is no letter of a name.
QString plainName(const fs::path &place)
{
    QString name = toQString(place.filename());
    std::error_code code;
    if (!fs::is_directory(place, code)) {
        QFileInfo file(name);
        for (const char *packing : Packings) {
            if (file.suffix().compare(QLatin1String(packing), Qt::CaseInsensitive) == 0)
                file = QFileInfo(file.completeBaseName());
        }
        if (!file.completeBaseName().isEmpty())
            name = file.completeBaseName();
    }
    for (QChar &c : name) {
        if (c == u'_' || !c.isPrint())
            c = u' ';
    }
    while (name.startsWith(u'.'))
        name.remove(0, 1);
    return name.simplified().left(LongestName).trimmed();
}

/// Where people keep all sorts of things.
bool holdsAllSorts(const fs::path &folder)
{
    using Place = QStandardPaths::StandardLocation;
    std::error_code code;
    const fs::path here = fs::weakly_canonical(folder, code);
    const Place places[] = {Place::HomeLocation, Place::DesktopLocation, Place::DocumentsLocation,
                            Place::DownloadLocation, Place::TempLocation};
    return here == here.root_path() || std::any_of(std::begin(places), std::end(places), [&](Place place) {
               return here == fs::weakly_canonical(toPath(QStandardPaths::writableLocation(place)), code);
           });
}

}  // namespace

QString serviceNameOf(const std::vector<fs::path> &places)
{
    QString name;
    if (places.size() > 1) {
        const fs::path parent = places.front().parent_path();
        const bool areTogether = std::all_of(places.begin(), places.end(),
                                             [&](const fs::path &place) { return place.parent_path() == parent; });
        if (areTogether && !holdsAllSorts(parent))
            name = plainName(parent);
    }
    if (name.isEmpty() && !places.empty())
        name = plainName(places.front());
    return name.isEmpty() ? QCoreApplication::translate("ui::ServicePlace", "Texts") : name;
}

ServicePlace freeServicePlace(const QString &services, const QString &name)
{
    QString plain = name.toLower();
    for (QChar &c : plain) {
        if (!c.isLetterOrNumber())
            c = u'-';
    }
    const QString wanted = services + u'/' + (plain.isEmpty() ? QStringLiteral("service") : plain);
    ServicePlace place{name, toPath(wanted)};
    std::error_code code;
    for (int i = 2; fs::exists(place.folder, code); ++i)
        place = {QStringLiteral("%1 (%2)").arg(name).arg(i), toPath(QStringLiteral("%1-%2").arg(wanted).arg(i))};
    return place;
}

}  // namespace ui
