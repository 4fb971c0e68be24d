// SPDX-License-Identifier: Apache-2.0
// A service's data file: its pages read, opened, read through, audited, edited, undone, redone.
#include "core/quality/audit.h"
#include "core/service/service.h"
#include "core/store/edit_log.h"
#include "core/store/page_file.h"
#include "core/store/run_store.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (const auto &entry : std::filesystem::directory_iterator(fuzz::folder()))
        std::filesystem::remove_all(entry.path());
    const auto path = fuzz::file(core::Service::DatabaseName, fuzz::view(data, size));
    fuzz::file("alone-wal", fuzz::view(data, size));
    for (const auto &file : {path, fuzz::file("alone", "SQLite format 3")}) {
        if (auto pages = core::PageFile::open(file, true))
            pages->forEachRecord([](int64_t, const core::PageRecord &) { return true; });
    }
    const auto service = core::Service::open(fuzz::folder());
    if (!service)
        return 0;
    const auto rows = service->examples();
    static_cast<void>(rows.summary());
    const auto labels = rows.labels();
    for (const core::Split split : {core::Split::Train, core::Split::Test, core::Split::Unlabelled})
        static_cast<void>(rows.forEach({.split = split}, [](const core::Example &) {}));
    static_cast<void>(core::audit(*service));
    const auto ids = rows.order({.split = core::Split::Train});
    const core::RunStore runs(service->database());
    if (const auto all = runs.runs()) {
        for (const auto &run : *all) {
            static_cast<void>(runs.rows(run.id));
            static_cast<void>(runs.checkpoints(run.id));
            static_cast<void>(runs.predictions(run.id, 1));
            // A stranger's name must not lead out of the folder.
            const auto inside =
                service->runFolder(run.id).lexically_normal().lexically_relative(fuzz::folder() / "runs");
            MUST(!inside.empty() && *inside.begin() != ".." && *inside.begin() != ".");
        }
    }
    static_cast<void>(service->writeMirror());
    const core::EditLog log(service->database());
    static_cast<void>(log.history());
    core::EditDraft draft{.title = "Fuzz", .newRows = {{.text = "new", .split = core::Split::Train}}};
    if (ids && !ids->empty() && labels && !labels->empty())
        draft.changes.push_back({.example = ids->front(), .number = labels->front().id});
    static_cast<void>(log.apply(draft));
    for (int i = 0; i < 3; ++i)
        static_cast<void>(log.undo());
    for (int i = 0; i < 3; ++i)
        static_cast<void>(log.redo());
    static_cast<void>(log.forgetDropped());
    return 0;
}
