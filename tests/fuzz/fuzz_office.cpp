// SPDX-License-Identifier: Apache-2.0
// Word documents and workbooks. The first byte says what the others are: the whole archive, or one part of a sound one,
// which the checksums of an archive would otherwise keep from its readers.
#include "core/formats/documents/docx.h"
#include "core/formats/xlsx.h"
#include "tests/fuzz/fuzz.h"

#include <zip.h>

namespace {

using Parts = std::vector<std::pair<std::string, std::string>>;

std::string archiveOf(const Parts &parts)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *memory = zip_source_buffer_create(nullptr, 0, 0, &error);
    zip_t *archive = zip_open_from_source(memory, ZIP_TRUNCATE, &error);
    zip_source_keep(memory);
    for (const auto &[name, content] : parts)
        zip_file_add(archive, name.c_str(), zip_source_buffer(archive, content.data(), content.size(), 0), 0);
    zip_close(archive);
    zip_stat_t stat;
    zip_source_open(memory);
    zip_source_stat(memory, &stat);
    std::string bytes(static_cast<size_t>(stat.size), '\0');
    zip_source_read(memory, bytes.data(), bytes.size());
    zip_source_close(memory);
    zip_source_free(memory);
    zip_error_fini(&error);
    return bytes;
}

std::string workbookWith(const std::string &part, const std::string &content)
{
    Parts parts{
        {"_rels/.rels", "<R><Relationship Type=\"/officeDocument\" Target=\"xl/workbook.xml\"/></R>"},
        {"xl/workbook.xml", "<workbook><sheets><sheet name=\"S\" id=\"1\"/></sheets></workbook>"},
        {"xl/_rels/workbook.xml.rels", "<R><Relationship Id=\"1\" Type=\"/worksheet\" Target=\"worksheets/s.xml\"/>"
                                       "<Relationship Type=\"/sharedStrings\" Target=\"sharedStrings.xml\"/>"
                                       "<Relationship Type=\"/styles\" Target=\"styles.xml\"/></R>"},
        {"xl/sharedStrings.xml", "<sst><si><t>text</t></si></sst>"},
        {"xl/styles.xml", "<styleSheet><cellXfs><xf numFmtId=\"14\"/></cellXfs></styleSheet>"},
        {"xl/worksheets/s.xml", "<worksheet><row><c t=\"s\"><v>0</v></c><c s=\"0\"><v>1.5</v></c></row></worksheet>"}};
    for (auto &[name, existing] : parts)
        existing = name == part ? content : existing;
    return archiveOf(parts);
}

void readWorkbook(const std::string &bytes)
{
    const auto file = core::parseXlsx(bytes, {}, "fuzz.xlsx");
    if (!file)
        return;
    int64_t filled = 0;
    for (const auto &record : file->records) {
        MUST(record.fields.is_object() && record.fields.size() <= file->columns.size());
        ++filled;
    }
    MUST(filled == static_cast<int64_t>(file->records.size()));
}

void readWord(const std::string &bytes)
{
    const auto document = core::readDocx(bytes, "fuzz.docx");
    if (!document)
        return;
    for (const auto &block : document->blocks)
        MUST(block.text.find_first_not_of(" \t\r\n") != std::string::npos);
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const std::string bytes(fuzz::view(data + 1, size - 1));
    switch (data[0]) {
    case 'w': readWord(bytes); break;
    case 'x': readWorkbook(bytes); break;
    case 'b':
        readWord(archiveOf({{"_rels/.rels", "<R><Relationship Type=\"/officeDocument\" Target=\"word/d.xml\"/></R>"},
                            {"word/d.xml", bytes}}));
        break;
    case 's': readWorkbook(workbookWith("xl/worksheets/s.xml", bytes)); break;
    case 't': readWorkbook(workbookWith("xl/sharedStrings.xml", bytes)); break;
    case 'f': readWorkbook(workbookWith("xl/styles.xml", bytes)); break;
    case 'r': readWorkbook(workbookWith("xl/_rels/workbook.xml.rels", bytes)); break;
    case 'k': readWorkbook(workbookWith("xl/workbook.xml", bytes)); break;
    default: break;
    }
    return 0;
}
