// SPDX-License-Identifier: Apache-2.0
#include "core/engine/weights/safetensors.h"
#include "tests/support/support.h"

using namespace support;

namespace {

std::string fileOf(const std::string &header, size_t dataBytes)
{
    uint64_t size = header.size();
    return std::string(reinterpret_cast<const char *>(&size), 8) + header + std::string(dataBytes, '\1');
}

std::string fileWithLength(uint64_t length, const std::string &rest)
{
    return std::string(reinterpret_cast<const char *>(&length), 8) + rest;
}

}  // namespace

class SafetensorsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsSoundFiles_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<int>("bytes");
        QTest::addColumn<int>("tensors");
        QTest::newRow("none") << QByteArray("{}") << 0 << 0;
        QTest::newRow("one") << QByteArray(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})") << 4 << 1;
        QTest::newRow("scalar") << QByteArray(R"({"s":{"dtype":"F32","shape":[],"data_offsets":[0,4]}})") << 4 << 1;
        QTest::newRow("empty dimension")
            << QByteArray(
                   R"({"e":{"dtype":"F32","shape":[0,5],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})")
            << 2 << 2;
        QTest::newRow("order of names is free")
            << QByteArray(
                   R"({"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})")
            << 3 << 2;
        QTest::newRow("spaces behind the header")
            << QByteArray(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}     )") << 1 << 1;
        QTest::newRow("half bytes") << QByteArray(R"({"a":{"dtype":"F4","shape":[4],"data_offsets":[0,2]}})") << 2 << 1;
        QTest::newRow("metadata") << QByteArray(R"({"__metadata__":{"format":"pt"}})") << 0 << 0;
    }
    void readsSoundFiles()
    {
        QFETCH(QByteArray, header);
        QFETCH(int, bytes);
        QFETCH(int, tensors);
        const TempFolder folder;
        write(folder / "x.safetensors", fileOf(header.toStdString(), static_cast<size_t>(bytes)));
        const auto file = engine::SafetensorsFile::open(folder / "x.safetensors");
        VERIFY_RESULT(file);
        QCOMPARE(static_cast<int>(file->tensors().size()), tensors);
    }

    void refusesDamagedFiles_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const auto header = [](const char *name, const char *json, size_t data) {
            QTest::newRow(name) << QByteArray::fromStdString(fileOf(json, data));
        };
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("too short") << QByteArray("abc");
        QTest::newRow("length beyond the file") << QByteArray::fromStdString(fileWithLength(1000, "{}"));
        QTest::newRow("length of all bits") << QByteArray::fromStdString(fileWithLength(~uint64_t{0}, "{}"));
        QTest::newRow("no header") << QByteArray::fromStdString(fileWithLength(0, ""));
        header("array", "[]", 0);
        header("not utf-8", "{\"\xFF\":1}", 0);
        header("garbage behind", R"({}x)", 0);
        QTest::newRow("zeros behind the header") << QByteArray::fromStdString(fileOf(std::string("{}\0\0\0", 5), 0));
        header("control character behind", "{}\x01", 0);
        header("unknown dtype", R"({"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}})", 4);
        header("no dtype", R"({"a":{"shape":[1],"data_offsets":[0,4]}})", 4);
        header("no shape", R"({"a":{"dtype":"F32","data_offsets":[0,4]}})", 4);
        header("shape is text", R"({"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}})", 4);
        header("negative shape", R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", 4);
        header("float offset", R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4.0]}})", 4);
        header("offsets reversed", R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", 4);
        header("one offset", R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4]}})", 4);
        header("offset overflow", R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551616]}})", 4);
        header("shape overflow", R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}})", 0);
        header("shape wraps to match", R"({"a":{"dtype":"U8","shape":[9223372036854775807,2,2],"data_offsets":[0,4]}})",
               4);
        header("shape too large", R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", 4);
        header("cut off", R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 4);
        header("trailing bytes", R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 5);
        header(
            "hole",
            R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}})",
            3);
        header(
            "overlap",
            R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})",
            3);
        header(
            "same name twice",
            R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})",
            1);
        header("metadata twice", R"({"__metadata__":{},"__metadata__":{}})", 0);
        header("metadata is a number", R"({"__metadata__":{"a":1}})", 0);
        header("deep", R"({"__metadata__":{"a":[[[[[[[[1]]]]]]]]}})", 0);
        QTest::newRow("long name") << QByteArray::fromStdString(
            fileOf("{\"" + std::string(600, 'n') + "\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1));
    }
    void refusesDamagedFiles()
    {
        QFETCH(QByteArray, bytes);
        const TempFolder folder;
        write(folder / "x.safetensors", bytes.toStdString());
        const auto file = engine::SafetensorsFile::open(folder / "x.safetensors");
        QVERIFY(!file.has_value());
        QCOMPARE(file.error().code, base::ErrorCode::Corrupt);
        QVERIFY(file.error().subject.ends_with("x.safetensors"));
    }

    void namesWhatIsDisguised()
    {
        const TempFolder folder;
        for (const auto &[bytes, word] :
             {std::pair(std::string("PK\x03\x04 zip of pickles"), "pickle"),
              std::pair(std::string("\x80\x02}q\x01."), "pickle"),
              std::pair(std::string("version https://git-lfs.github.com/spec/v1\noid"), "Git LFS")}) {
            write(folder / "x.safetensors", bytes);
            const auto file = engine::SafetensorsFile::open(folder / "x.safetensors");
            QVERIFY(!file.has_value());
            QVERIFY2(file.error().message.find(word) != std::string::npos, file.error().message.c_str());
        }
    }

    void writesWhatItReads()
    {
        const TempFolder folder;
        const float values[] = {1, 2, 3, 4};
        const engine::TensorView view{"weight \"q\" 東", "F32", {2, 2}, std::as_bytes(std::span(values))};
        VERIFY_RESULT(engine::writeSafetensors(folder / "x.safetensors", std::span(&view, 1), {{"format", "pt"}}));
        const auto file = engine::SafetensorsFile::open(folder / "x.safetensors");
        VERIFY_RESULT(file);
        const auto *back = file->find(view.name);
        QVERIFY(back);
        QCOMPARE(back->shape, view.shape);
        QVERIFY(std::equal(back->data.begin(), back->data.end(), view.data.begin(), view.data.end()));
        QCOMPARE(file->metadata().at("format"), std::string("pt"));
    }

    void everyTruncationIsRefused()
    {
        const TempFolder folder;
        const std::string whole = fileOf(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 8);
        for (size_t size = 0; size < whole.size(); ++size) {
            write(folder / "x.safetensors", whole.substr(0, size));
            QVERIFY(!engine::SafetensorsFile::open(folder / "x.safetensors").has_value());
        }
    }
};

QTEST_GUILESS_MAIN(SafetensorsTest)
#include "tst_safetensors.moc"
