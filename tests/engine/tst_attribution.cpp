// SPDX-License-Identifier: Apache-2.0
// Which tokens an answer rests on: integrated gradients.
#include "tests/support/token_rows.h"

#include <cmath>
#include <numeric>

using namespace support;

namespace {

constexpr int32_t Pad = 0;

/// Padding in place of all but the first and the last token.
engine::TokenIds neutralOf(const engine::TokenIds &text)
{
    engine::TokenIds neutral(text.size(), Pad);
    neutral.front() = text.front();
    neutral.back() = text.back();
    return neutral;
}

/// Whether makeRows draws the token for this class, see there.
bool tellsOf(int label, int32_t token)
{
    return token >= 10 + label * 20 && token < 30 + label * 20;
}

struct Finding {
    double hits = 0;    ///< share of texts whose strongest token tells of their class
    double chance = 0;  ///< share of such tokens
};

Finding strongestTokens(const engine::Predictor &predictor, const engine::LabelledTexts &rows)
{
    Finding finding;
    double telling = 0, all = 0;
    for (size_t i = 0; i < rows.texts.size(); ++i) {
        const auto &text = rows.texts[i];
        const auto attribution = predictor.attribute(text, neutralOf(text), rows.labels[i], {});
        if (!attribution)
            qFatal("%s", attribution.error().message.c_str());
        const auto strongest = std::max_element(attribution->tokens.begin(), attribution->tokens.end());
        const auto token = text[static_cast<size_t>(strongest - attribution->tokens.begin())];
        finding.hits += tellsOf(rows.labels[i], token) ? 1 : 0;
        telling += static_cast<double>(
            std::count_if(text.begin() + 1, text.end() - 1, [&](auto t) { return tellsOf(rows.labels[i], t); }));
        all += static_cast<double>(text.size() - 2);
    }
    finding.hits /= static_cast<double>(rows.texts.size());
    finding.chance = telling / all;
    return finding;
}

}  // namespace

class AttributionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsAutogradInDoublePrecision()
    {
        auto predictor = openedNets()->loadPredictor(golden("tiny_classifier"), 2);
        VERIFY_RESULT(predictor);
        for (const auto &row : goldenJson("attributions.json")) {
            const engine::TokenIds ids = row["ids"];
            const auto made = (*predictor)->attribute(ids, neutralOf(ids), row["label"], {});
            VERIFY_RESULT(made);
            QCOMPARE(made->tokens.size(), ids.size());
            QVERIFY(std::abs(made->logOdds - row["log_odds"].get<double>()) < 1e-4);
            QVERIFY(std::abs(made->neutralLogOdds - row["neutral"].get<double>()) < 1e-4);
            for (size_t i = 0; i < ids.size(); ++i)
                QVERIFY(std::abs(static_cast<double>(made->tokens[i]) - row["tokens"][i].get<double>()) < 0.01);
            QVERIFY(made->tokens.front() == 0);  // it stands in the neutral text, too
        }
    }

    void tokensAddUpToTheAnswer_data()
    {
        QTest::addColumn<QString>("folder");
        for (const char *folder : {"distilbert-0", "distilbert-1", "modernbert-0", "modernbert-1", "roberta-0",
                                   "roberta-1", "xlm-roberta-0", "xlm-roberta-1"})
            QTest::newRow(folder) << folder;
    }
    void tokensAddUpToTheAnswer()
    {
        QFETCH(QString, folder);
        auto predictor = openedNets()->loadPredictor(golden("families/" + folder.toStdString()) / "classifier", 2);
        VERIFY_RESULT(predictor);
        const auto rows = goldenJson("families/outputs.json").at(folder.toStdString());
        for (size_t i = 0; i < 4; ++i) {
            const engine::TokenIds ids = rows[i]["ids"];
            const auto made = (*predictor)->attribute(ids, neutralOf(ids), 1, {});
            VERIFY_RESULT(made);
            const double sum = std::accumulate(made->tokens.begin(), made->tokens.end(), 0.0);
            const double whole = made->logOdds - made->neutralLogOdds;
            QVERIFY(std::abs(sum + made->unexplained - whole) < 1e-4);
            QVERIFY2(std::abs(made->unexplained) <= 0.02 * std::max(1.0, std::abs(whole)),
                     qPrintable(QString::number(made->unexplained)));
        }
    }

    /// What decides is found in a classifier that has learned it, and in one with a random head it is not.
    void aRandomHeadGivesNoise()
    {
        const TempFolder folder;
        auto request = makeRequest(folder / "checkpoints");
        request.config.epochs = 8;
        request.train = makeRows(300, 1);
        Recorder recorder;
        VERIFY_RESULT(openedNets()->train(request, recorder, {}));
        auto trained = openedNets()->loadPredictor(folder / "checkpoints/8", 2);
        VERIFY_RESULT(trained);
        auto random = openedNets()->loadPredictor(golden("tiny_classifier"), 2);
        VERIFY_RESULT(random);
        const auto rows = makeRows(120, 5);
        const auto learned = strongestTokens(**trained, rows), noise = strongestTokens(**random, rows);
        QVERIFY2(learned.hits > 0.9, qPrintable(QString::number(learned.hits)));
        // Three standard errors of 120 draws around what chance gives.
        const double error = 3 * std::sqrt(noise.chance * (1 - noise.chance) / 120);
        QVERIFY2(std::abs(noise.hits - noise.chance) < error,
                 qPrintable(QStringLiteral("%1 beside %2").arg(noise.hits).arg(noise.chance)));
    }

    void longTextsComeInParts()
    {
        auto predictor = openedNets()->loadPredictor(golden("tiny_classifier"), 2);
        VERIFY_RESULT(predictor);
        engine::TokenIds ids{2};
        for (int i = 0; i < 60; ++i)
            ids.push_back(10 + i % 90);
        ids.push_back(3);
        VERIFY_RESULT((*predictor)->attribute(ids, neutralOf(ids), 0, {}));
        std::stop_source stop;
        stop.request_stop();
        const auto stopped = (*predictor)->attribute(ids, neutralOf(ids), 0, {stop.get_token()});
        QVERIFY(!stopped);
        QVERIFY(stopped.error().code == base::ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(AttributionTest)
#include "tst_attribution.moc"
