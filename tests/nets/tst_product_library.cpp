// SPDX-License-Identifier: Apache-2.0
// The choice between the libraries that multiply: timed once, kept, and made again where the file does not tell.
#include "core/base/atomic_file.h"
#include "core/nets/device.h"
#include "core/nets/encoders/product_library.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QtTest>

namespace fs = std::filesystem;

using nets::ProductLibrary;

class ProductLibraryTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_place;
    [[nodiscard]] fs::path file() const { return fs::path(m_place.path().toStdString()) / "cache" / "product_library"; }
    static std::string read(const fs::path &path) { return base::readFile(path).value_or(std::string()); }
    static std::string nameOf(ProductLibrary library) { return library == ProductLibrary::OneDnn ? "onednn" : "mkl"; }
    [[nodiscard]] bool says(ProductLibrary library) const
    {
        return QByteArray::fromStdString(read(file()))
            .endsWith("\n" + QByteArray::fromStdString(nameOf(library)) + "\n");
    }

private Q_SLOTS:
    void cleanup()
    {
        qunsetenv("STILLROOM_GEMM");
        fs::remove_all(file().parent_path());
    }

    /// The folder is made; the file names the machine and the library.
    void whatWasTimedIsKept()
    {
        QElapsedTimer timer;
        timer.start();
        const auto timed = nets::keptOrTimedLibrary(file());
        QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
        const std::string text = read(file());
        QVERIFY(says(timed));
        QVERIFY(text.find("libtorch") != std::string::npos);
    }

    /// Both names, so one of them is not what a timing would say.
    void whatIsKeptIsTaken()
    {
        (void)nets::keptOrTimedLibrary(file());
        const std::string text = read(file());
        const std::string machine = text.substr(0, text.find('\n') + 1);
        for (const auto library : {ProductLibrary::Mkl, ProductLibrary::OneDnn}) {
            QVERIFY(base::writeFile(file(), std::string(machine).append(nameOf(library)).append("\n")));
            QVERIFY(nets::keptOrTimedLibrary(file()) == library);
        }
    }

    void whatDoesNotTellIsTimedAgain_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("another machine") << QByteArray("Some other processor; libtorch 2.11.0\nonednn\n");
        QTest::newRow("no library") << QByteArray("MACHINE\n");
        QTest::newRow("an unknown library") << QByteArray("MACHINE\nblas\n");
        QTest::newRow("cut off") << QByteArray("MACHINE\nonedn");
        QTest::newRow("something behind it") << QByteArray("MACHINE\nonednn\nmkl\n");
        QTest::newRow("bytes") << QByteArray("\0\xff\xfe\n\0", 5);
        QTest::newRow("a large file") << QByteArray(100'000, 'x');
    }
    void whatDoesNotTellIsTimedAgain()
    {
        QFETCH(QByteArray, content);
        (void)nets::keptOrTimedLibrary(file());
        const std::string text = read(file());
        content.replace("MACHINE", QByteArray::fromStdString(text.substr(0, text.find('\n'))));
        QVERIFY(base::writeFile(file(), content.toStdString()));
        const auto timed = nets::keptOrTimedLibrary(file());
        QVERIFY(says(timed));
        QCOMPARE(read(file()).substr(0, text.find('\n')), text.substr(0, text.find('\n')));
    }

    /// A file where the folder should be: nothing can be kept, and the program computes all the same.
    void aChoiceThatCannotBeKeptIsMade()
    {
        QVERIFY(base::writeFile(file().parent_path(), "a file"));
        const auto timed = nets::keptOrTimedLibrary(file());
        QVERIFY(timed == ProductLibrary::Mkl || timed == ProductLibrary::OneDnn);
        QCOMPARE(read(file().parent_path()), "a file");
    }

    void theUserDecides()
    {
        qputenv("STILLROOM_GEMM", "mkl");
        QVERIFY(nets::productLibrary() == ProductLibrary::Mkl);
        qputenv("STILLROOM_GEMM", "onednn");
        QVERIFY(nets::productLibrary() == ProductLibrary::OneDnn);
    }

    /// A timing on one thread must not leave the caller with one.
    void threadsStay()
    {
        nets::useThreads(3);
        (void)nets::keptOrTimedLibrary(file());
        QCOMPARE(nets::useThreads(0), 3);
    }
};

QTEST_GUILESS_MAIN(ProductLibraryTest)
#include "tst_product_library.moc"
