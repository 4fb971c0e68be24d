// SPDX-License-Identifier: Apache-2.0
// Zip files for tests: sound ones by libzip, others by changing their bytes.
#pragma once

#include "tests/support/support.h"

#include <utility>
#include <zip.h>

namespace support {

using ZipEntries = std::vector<std::pair<std::string, std::string>>;

/// The bytes of a zip file with these entries.
inline std::string makeZip(const ZipEntries &entries)
{
    const TempFolder folder;
    const std::string path = (folder / "file.zip").string();
    int code = 0;
    zip_t *archive = zip_open(path.c_str(), ZIP_CREATE, &code);
    for (const auto &[name, content] : entries)
        zip_file_add(archive, name.c_str(), zip_source_buffer(archive, content.data(), content.size(), 0), 0);
    zip_close(archive);
    return read(path);
}

constexpr const char *DocxRelations =
    R"(<Relationships xmlns="r"><Relationship Id="1" Type="x/officeDocument" Target="word/document.xml"/></Relationships>)";

/// A Word document whose body holds this XML.
inline std::string makeDocx(const std::string &body)
{
    return makeZip({{"_rels/.rels", DocxRelations},
                    {"word/document.xml", "<w:document xmlns:w=\"w\"><w:body>" + body + "</w:body></w:document>"}});
}

constexpr const char *XlsxRelations =
    R"(<Relationships xmlns="r"><Relationship Id="1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>)";

/// A workbook with these parts beside one that names its sheets "Notes", a hidden one, and "Mails".
inline std::string makeXlsx(const std::string &notes, const std::string &mails, const std::string &shared = "<sst/>",
                            const std::string &styles = "<styleSheet/>")
{
    const auto relation = [](const std::string &id, const std::string &type, const std::string &target) {
        return "<Relationship Id=\"" + id + "\" Type=\"x/" + type + "\" Target=\"" + target + "\"/>";
    };
    return makeZip(
        {{"_rels/.rels", XlsxRelations},
         {"xl/workbook.xml", "<workbook xmlns:r=\"r\"><sheets><sheet name=\"Notes\" r:id=\"1\"/><sheet name=\"Old\" "
                             "state=\"hidden\" r:id=\"3\"/><sheet name=\"Mails\" r:id=\"2\"/></sheets></workbook>"},
         {"xl/_rels/workbook.xml.rels", "<Relationships>" + relation("1", "worksheet", "worksheets/sheet1.xml") +
                                            relation("2", "worksheet", "worksheets/sheet2.xml") +
                                            relation("3", "worksheet", "worksheets/sheet1.xml") +
                                            relation("4", "sharedStrings", "sharedStrings.xml") +
                                            relation("5", "styles", "styles.xml") + "</Relationships>"},
         {"xl/sharedStrings.xml", shared},
         {"xl/styles.xml", styles},
         {"xl/worksheets/sheet1.xml", "<worksheet><sheetData>" + notes + "</sheetData></worksheet>"},
         {"xl/worksheets/sheet2.xml", "<worksheet><sheetData>" + mails + "</sheetData></worksheet>"}});
}

/// A PDF with one line of text a page.
inline std::string makePdf(const std::vector<std::string> &pages)
{
    std::string pdf = "%PDF-1.4\n", kids;
    std::vector<std::string> objects{"<< /Type /Catalog /Pages 2 0 R >>", "",
                                     "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"};
    for (const std::string &line : pages) {
        const std::string content = "BT /F1 12 Tf 72 720 Td (" + line + ") Tj ET";
        kids += std::to_string(objects.size() + 1) + " 0 R ";
        objects.push_back("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> "
                          "/Contents " +
                          std::to_string(objects.size() + 2) + " 0 R >>");
        objects.push_back("<< /Length " + std::to_string(content.size()) + " >>\nstream\n" + content + "\nendstream");
    }
    objects[1] = "<< /Type /Pages /Kids [" + kids + "] /Count " + std::to_string(pages.size()) + " >>";
    std::string table = "xref\n0 " + std::to_string(objects.size() + 1) + "\n0000000000 65535 f \n";
    for (size_t i = 0; i < objects.size(); ++i) {
        const std::string offset = std::to_string(pdf.size());
        table += std::string(10 - offset.size(), '0') + offset + " 00000 n \n";
        pdf += std::to_string(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
    }
    return pdf + table + "trailer\n<< /Size " + std::to_string(objects.size() + 1) + " /Root 1 0 R >>\nstartxref\n" +
           std::to_string(pdf.size()) + "\n%%EOF\n";
}

}  // namespace support
