// SPDX-License-Identifier: Apache-2.0
// Bytes of any encoding as JSON in every layout, as exports of annotation tools, and every known shape of a row.
#include "core/formats/annotation/annotations.h"
#include "core/formats/encoding.h"
#include "core/formats/jsonl.h"
#include "core/formats/row_shapes.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const auto decoded = core::decodeText(std::string(fuzz::view(data, size)), "fuzz.jsonl");
    if (!decoded)
        return 0;
    const auto file = core::parseJsonRows(decoded->text);
    const auto ways = {core::rolesOf(file, {.classes = {"a", "b"}}),
                       core::rolesOf(file, {.classes = {"a", "b"}, .takesSeveral = true}),
                       core::rolesOf(file, {.textColumns = {"text"}, .labelColumns = {"label"}, .wantsLabel = false})};
    int64_t last = 0;
    for (const auto &record : file.records) {
        MUST(record.fields.is_object());
        MUST(record.row >= last);
        last = record.row;
        for (const auto &roles : ways) {
            if (roles)
                static_cast<void>(core::shapeRow(record, *roles));
        }
    }
    // An export of a tool loses no row: each is read or rejected.
    auto annotated = file;
    core::readAnnotations(annotated);
    MUST(annotated.records.size() + annotated.rejections.size() == file.records.size() + file.rejections.size());
    const auto whole = core::readJsonRows(decoded->text);
    for (const auto &record : whole.records)
        MUST(record.fields.is_object());
    static_cast<void>(core::looksLikeJson(decoded->text));
    return 0;
}
