// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/teacher_pictures.h"

#include "tests/support/fault_teacher.h"

#include <QAbstractButton>
#include <QDoubleSpinBox>
#include <QLabel>
#include <atomic>

namespace support {

namespace {

QByteArray answerTo(const QByteArray &message)
{
    const auto lines = message.split('\n');
    const QByteArray text = (lines.size() < 4 ? message : lines.mid(2, lines.size() - 3).join('\n')).toLower();
    const std::pair<const char *, const char *> words[] = {
        {"refund", "return_or_refund"},       {"return", "return_or_refund"},       {"send back", "return_or_refund"},
        {"broken", "damaged_or_wrong_item"},  {"crack", "damaged_or_wrong_item"},   {"wrong", "damaged_or_wrong_item"},
        {"invoice", "invoice_or_payment"},    {"pay", "invoice_or_payment"},        {"voucher", "invoice_or_payment"},
        {"cancel", "change_or_cancel_order"}, {"change", "change_or_cancel_order"}, {"add", "change_or_cancel_order"},
        {"parcel", "where_is_my_order"},      {"arrive", "where_is_my_order"},      {"tracking", "where_is_my_order"}};
    if (text.size() % 23 == 0)
        return "unsure";
    if (text.size() % 29 == 0)
        return R"({"label": "job application"})";
    for (const auto &[word, label] : words) {
        if (text.contains(word))
            return QByteArray(R"({"label": ")").append(label).append("\"}");
    }
    return R"({"label": "product_question"})";
}

}  // namespace

bool teacherPictures(WindowUnderTest &gui, const std::function<void(const QString &, QWidget *)> &take)
{
    FaultTeacher teacher;
    std::atomic<int> delay = 0;
    teacher.setAnswers(answerTo);
    teacher.setWeather([&](int, const QByteArray &) { return TeacherFault{.delayMs = delay}; });
    auto *primary = gui.find<QPushButton>("primary");
    auto *tabs = gui.find<QTabBar>("teacherTabs");
    const auto wait = [](auto done) { return QTest::qWaitFor(done, 60'000); };
    const auto press = [&] { return wait([&] { return primary->isEnabled(); }) && (primary->click(), true); };

    gui.find<QAbstractButton>("teacherLocal")->click();
    take("teacher_local", nullptr);
    gui.find<QAbstractButton>("teacherService")->click();
    tabs->setCurrentIndex(0);
    take("teacher_service_empty", nullptr);
    gui.type("teacherAddress", teacher.address());
    gui.type("teacherModel", "scripted-teacher");
    auto *price = gui.find<QDoubleSpinBox>("teacherInputPrice");
    price->setValue(2.5);
    Q_EMIT price->editingFinished();
    if (!press() || !wait([&] { return gui.find<QTableView>("examTable")->model()->rowCount() > 0; }))
        return false;
    take("teacher_exam", nullptr);
    gui.dialogs.on = [&](QDialog &dialog) {
        take("teacher_prompt", &dialog);
        return false;
    };
    gui.find<QPushButton>("editPrompt")->click();
    gui.dialogs.on = {};
    tabs->setCurrentIndex(1);
    if (!press() || !wait([&] { return primary->text().startsWith("Label"); }))
        return false;
    take("teacher_sample", nullptr);
    delay = 900;
    auto *state = gui.find<QLabel>("labelState");
    const int asked = teacher.requests();
    if (!press() || !wait([&] { return teacher.requests() > asked + 60; }))
        return false;
    take("teacher_label_running", nullptr);
    delay = 0;
    if (!wait([&] { return state->text().contains("labelled"); }))
        return false;
    take("teacher_labelled", nullptr);
    tabs->setCurrentIndex(2);
    wait([&] { return gui.find<QTableView>("reviewTable")->model()->rowCount() > 0; });
    take("teacher_review", nullptr);
    gui.session().undo();
    wait([&] { return gui.session().counts().unlabelled > 0; });
    // Some rows are refused, and of some the thinking does not end.
    tabs->setCurrentIndex(1);
    gui.type("teacherModel", "careful-teacher");
    teacher.setRules([](const QJsonObject &, const QByteArray &text) -> std::optional<TeacherFault> {
        if (text.size() % 11 == 0)
            return TeacherFault{.body =
                                    R"({"choices":[{"message":{"content":null},"finish_reason":"content_filter"}]})"};
        if (text.size() % 13 == 0)
            return TeacherFault{
                .body = R"({"choices":[{"message":{"content":"","reasoning":"Well"},"finish_reason":"length"}]})"};
        return {};
    });
    if (!press() || !wait([&] { return primary->text().startsWith("Label"); }))
        return false;
    take("teacher_refused_sample", nullptr);
    if (!press() || !wait([&] { return state->text().contains("labelled"); }))
        return false;
    take("teacher_refused", nullptr);
    gui.session().undo();
    wait([&] { return gui.session().counts().unlabelled > 0; });
    teacher.setRules({});
    // Paused by the service.
    tabs->setCurrentIndex(1);
    gui.type("teacherModel", "busy-teacher");
    delay = 0;
    if (!press() || !wait([&] { return primary->text().startsWith("Label"); }))
        return false;
    teacher.setWeather([](int, const QByteArray &) {
        return TeacherFault{.status = 429, .header = "Retry-After: 300\r\n", .body = R"({"error":"too many"})"};
    });
    if (!press() || !wait([&] { return gui.find<QLabel>("labelTrouble")->text().startsWith("Paused"); }))
        return false;
    take("teacher_paused", nullptr);
    for (core::Job *job : gui.runner.jobs())
        job->cancel();
    wait([&] { return primary->isEnabled(); });
    tabs->setCurrentIndex(1);
    gui.find<QAbstractButton>("teacherBuiltIn")->click();
    return true;
}

}  // namespace support
