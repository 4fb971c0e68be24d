// SPDX-License-Identifier: Apache-2.0
// Layers that do not learn: they stay as they are, and are read once.
#include "core/engine/weights/safetensors.h"
#include "tests/support/token_rows.h"

#include <csignal>
#include <cstring>
#include <sys/resource.h>

namespace fs = std::filesystem;
using namespace support;

class FrozenLayersTest : public QObject {
    Q_OBJECT

private:
    engine::Nets *const m_nets = openedNets();

    static engine::TrainRequest request(const fs::path &folder, const QString &base)
    {
        auto request = makeRequest(folder / "checkpoints");
        request.base = folder / "base";
        if (!fs::exists(request.base))
            copiedBase(base.toStdString(), request.base);
        request.scratch = folder.parent_path();
        request.config.topLayers = 1;
        request.config.epochs = 4;
        return request;
    }

    /// Names of the tensors of `trained` that are not as in `base`.
    static QStringList changed(const fs::path &base, const fs::path &trained, const std::string &prefix)
    {
        const auto before = engine::SafetensorsFile::open(base / "model.safetensors");
        const auto after = engine::SafetensorsFile::open(trained / "model.safetensors");
        QStringList names;
        for (const auto &view : before->tensors()) {
            const auto *now = after->find(prefix + view.name);
            const bool isOurs = view.name.starts_with("pooler");  // what ends the exported form, see hf_layout
            if (now && !isOurs &&
                (now->data.size() != view.data.size() ||
                 std::memcmp(now->data.data(), view.data.data(), view.data.size()) != 0))
                names << QString::fromStdString(view.name);
        }
        return names;
    }

    /// Those of `names` that begin with none of `scopes`, which '|' divides.
    static QString outside(const QStringList &names, const QString &scopes)
    {
        const auto parts = scopes.split(u'|');
        QStringList others;
        for (const QString &name : names) {
            if (std::none_of(parts.begin(), parts.end(), [&](const QString &part) { return name.startsWith(part); }))
                others << name;
        }
        return others.join(u' ');
    }

private Q_SLOTS:
    void whatIsBelowStaysAsItIs_data()
    {
        QTest::addColumn<QString>("base");
        QTest::addColumn<QString>("prefix");
        QTest::addColumn<QString>("learns");
        QTest::newRow("BERT") << "tiny_base"
                              << "bert."
                              << "encoder.layer.1.";
        QTest::newRow("RoBERTa") << "families/roberta-0/base"
                                 << "roberta."
                                 << "encoder.layer.1.";
        QTest::newRow("ModernBERT") << "families/modernbert-0/base"
                                    << "model."
                                    << "layers.3.|final_norm.";
    }
    void whatIsBelowStaysAsItIs()
    {
        QFETCH(QString, base);
        QFETCH(QString, prefix);
        QFETCH(QString, learns);
        const TempFolder folder;
        auto made = request(folder.path(), base);
        made.config.dropout = 0;  // one layer of such weights learns little; masks would hide it
        Recorder recorder;
        VERIFY_RESULT(m_nets->train(made, recorder, {}));
        QVERIFY2(recorder.losses.back() < recorder.losses.front(),
                 qPrintable(QStringLiteral("the top learns: %1, then %2")
                                .arg(recorder.losses.front())
                                .arg(recorder.losses.back())));
        const auto names = changed(made.base, made.checkpoints / "4", prefix.toStdString());
        QVERIFY(!names.isEmpty());
        QCOMPARE(outside(names, learns), QString());
        for (const auto &entry : fs::directory_iterator(made.scratch))
            QVERIFY2(!entry.path().filename().string().starts_with("frozen"), "the file has no name");
    }

    /// A factor that leaves nothing: only the top learns.
    void lowerLayersLearnLess_data() { whatIsBelowStaysAsItIs_data(); }
    void lowerLayersLearnLess()
    {
        QFETCH(QString, base);
        QFETCH(QString, prefix);
        QFETCH(QString, learns);
        const TempFolder folder;
        auto made = request(folder.path(), base);
        made.config.topLayers = 0;
        made.config.layerDecay = 1e-60;  // less than float32 has
        Recorder recorder;
        VERIFY_RESULT(m_nets->train(made, recorder, {}));
        const auto names = changed(made.base, made.checkpoints / "4", prefix.toStdString());
        QVERIFY(!names.isEmpty());
        QCOMPARE(outside(names, learns), QString());
        made.config.layerDecay = 0.5;
        made.checkpoints = folder / "half";
        VERIFY_RESULT(m_nets->train(made, recorder, {}));
        QVERIFY(changed(made.base, made.checkpoints / "4", prefix.toStdString()).size() > names.size());
    }

    /// Kept states are those of a pass through all layers: without dropout, the first loss is the same.
    void keptStatesAreThoseOfAWholePass()
    {
        const TempFolder folder;
        auto made = request(folder.path(), "tiny_base");
        made.config.dropout = 0;
        made.config.epochs = 1;
        Recorder top, all;
        VERIFY_RESULT(m_nets->train(made, top, {}));
        made.config.topLayers = 0;
        made.checkpoints = folder / "all";
        VERIFY_RESULT(m_nets->train(made, all, {}));
        QVERIFY(std::abs(top.steps[0] - all.steps[0]) < 1e-5);
        QVERIFY(std::abs(top.steps.back() - all.steps.back()) > 1e-6);
    }

    void resumesToTheBit()
    {
        const TempFolder folder;
        Recorder whole, broken, rest;
        auto made = request(folder.path(), "tiny_base");
        VERIFY_RESULT(m_nets->train(made, whole, {}));
        made.checkpoints = folder / "broken";
        broken.stopAfterEpoch = 1;
        QVERIFY(!m_nets->train(made, broken, {broken.stop.get_token()}).has_value());
        made.resume = true;
        VERIFY_RESULT(m_nets->train(made, rest, {}));
        QCOMPARE(rest.losses.back(), whole.losses.back());
        QVERIFY(sameFile(folder / "checkpoints/4/model.safetensors", folder / "broken/4/model.safetensors"));
    }

    void aFullDiskIsSaid()
    {
        const TempFolder folder;
        auto made = request(folder.path(), "tiny_base");
        made.checkpoints.clear();
        rlimit before{};
        getrlimit(RLIMIT_FSIZE, &before);
        const rlimit small{4096, before.rlim_max};
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &small);
        Recorder recorder;
        const auto refused = m_nets->train(made, recorder, {});
        setrlimit(RLIMIT_FSIZE, &before);
        QVERIFY(!refused.has_value());
        QVERIFY2(refused.error().message.find("top_layers") != std::string::npos, refused.error().message.c_str());
        QVERIFY(recorder.steps.empty());
    }
};

QTEST_GUILESS_MAIN(FrozenLayersTest)
#include "tst_frozen_layers.moc"
