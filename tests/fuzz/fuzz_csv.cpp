// SPDX-License-Identifier: Apache-2.0
// Bytes of any encoding as CSV. What is read must be written and read back to the same cells.
#include "core/base/trimmed.h"
#include "core/formats/csv.h"
#include "core/formats/encoding.h"
#include "core/formats/row_shapes.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const auto decoded = core::decodeText(std::string(fuzz::view(data, size)), "fuzz.csv");
    if (!decoded)
        return 0;
    const auto file = core::parseCsv(decoded->text, core::detectDialect(decoded->text));
    const auto roles = core::rolesOf(file, {.classes = {"a", "b"}});
    for (const auto &record : file.records) {
        if (roles)
            static_cast<void>(core::shapeRow(record, *roles));
        std::vector<std::string> names, cells;
        for (const auto &[name, cell] : record.fields.items()) {
            names.push_back(std::string(1, 'n').append(std::to_string(names.size())));
            cells.push_back(cell.get<std::string>());
        }
        const bool blank = std::all_of(cells.begin(), cells.end(),
                                       [](const std::string &cell) { return base::trimmed(cell).empty(); });
        if (blank || cells == names)  // neither is a row
            continue;
        const auto again = core::parseCsv(core::csvRow(names) + core::csvRow(cells), {}, core::HeaderRow::Present);
        MUST(again.records.size() == 1 && again.rejections.empty());
        for (size_t i = 0; i < cells.size(); ++i)
            MUST(again.records[0].fields.at(names[i]) == cells[i]);
    }
    return 0;
}
