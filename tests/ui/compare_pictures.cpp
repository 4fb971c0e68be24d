// SPDX-License-Identifier: Apache-2.0
// Says which pictures of a folder look different from those whose thumbnails a file keeps. packaging/pictures runs it.
//   compare_pictures FOLDER FILE [--keep]      --keep: the folder's pictures are right, and are what the file keeps
// Exits with 1 where pictures look different, or are missing, or new.
#include "tests/support/thumbnail.h"

#include <QCoreApplication>
#include <QDir>
#include <QSaveFile>

#include <cstdio>

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() < 3) {
        std::fputs("compare_pictures FOLDER FILE [--keep]\n", stderr);
        return 2;
    }
    const QDir folder(arguments[1]);
    QMap<QString, QByteArray> taken;
    const auto names = folder.entryList({QStringLiteral("*.png")});
    for (const QString &name : names)
        taken[name.chopped(4)] = support::thumbnailOf(QImage(folder.filePath(name)));
    if (taken.isEmpty()) {
        std::fprintf(stderr, "There are no pictures in %s.\n", qPrintable(folder.path()));
        return 1;
    }
    if (arguments.contains(QLatin1String("--keep"))) {
        QSaveFile file(arguments[2]);
        const QByteArray lines = support::thumbnailLines(taken);
        if (!file.open(QIODevice::WriteOnly) || file.write(lines) != lines.size() || !file.commit()) {
            std::fprintf(stderr, "%s cannot be written: %s\n", qPrintable(arguments[2]),
                         qPrintable(file.errorString()));
            return 1;
        }
        std::printf("%lld thumbnails kept.\n", static_cast<long long>(taken.size()));
        return 0;
    }
    QFile file(arguments[2]);
    if (!file.open(QIODevice::ReadOnly)) {
        std::fprintf(stderr, "%s cannot be read: %s\n", qPrintable(arguments[2]), qPrintable(file.errorString()));
        return 1;
    }
    const auto kept = support::parseThumbnails(file.readAll());
    int different = 0;
    for (auto picture = taken.begin(); picture != taken.end(); ++picture) {
        const auto known = kept.find(picture.key());
        if (known != kept.end() && support::looksSame(*known, *picture))
            continue;
        ++different;
        const char *name = qPrintable(picture.key());
        if (known == kept.end())
            std::printf("new: %s\n", name);
        else if (const auto apart = support::distance(*known, *picture))
            std::printf("different: %s (mean %.1f, farthest %.0f of 255)\n", name, apart->mean, apart->farthest);
        else
            std::printf("different: %s (of another size)\n", name);
    }
    for (auto known = kept.begin(); known != kept.end(); ++known) {
        if (taken.contains(known.key()))
            continue;
        ++different;
        std::printf("missing: %s\n", qPrintable(known.key()));
    }
    std::printf("%lld pictures, %d of them look different.\n", static_cast<long long>(taken.size()), different);
    return different > 0 ? 1 : 0;
}
