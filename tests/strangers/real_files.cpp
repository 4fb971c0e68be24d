// SPDX-License-Identifier: Apache-2.0
// Imports files as people bring them, which are not part of this repository, and says what came otherwise than it
// should:
//   real_files FOLDER     with the folders 01-number-labels to 19-nbsp in it
// Each case says the labels of the rows in their order ("-" without one), or a word of the reason why nothing came.
#include "core/imports/import_task.h"
#include "core/rows/label_names.h"
#include "core/store/edit_log.h"
#include "tests/support/support.h"

#include <QCoreApplication>
#include <cstdio>

namespace fs = std::filesystem;
using core::ImportOptions;
using Names = std::vector<std::string>;

namespace {

int failed = 0, passed = 0;

struct Case {
    const char *file;
    Names classes;
    const char *labels;     ///< of the rows, in their order, joined by " / "; "!": nothing comes, and it is said
    const char *says = "";  ///< words of the summary, or of the error
    ImportOptions options{};
    bool multiLabel = false;
    std::string text{};  ///< one of the rows has it
};

std::string summaryOf(const core::ImportSummary &summary)
{
    std::string all;
    for (const auto &note : summary.notes)
        all += note.text + "\n";
    for (const auto &row : summary.rejected)
        all += row.file + " " + std::to_string(row.row) + ": " + row.reason + "\n";
    for (const auto &file : summary.passedOver)
        all += file.file + ": " + file.reason + "\n";
    for (const auto &[label, rows] : summary.otherLabels)
        all += "no class: " + label + "\n";
    return all;
}

std::string labelsOf(const core::Service &service)
{
    const auto names = core::LabelNames::read(service);
    std::string all;
    static_cast<void>(service.examples().forEach({}, [&](const core::Example &row) {
        const std::string label = names->text(row);
        all += (all.empty() ? "" : " / ") + (label.empty() ? "-" : label) + (row.split == core::Split::Test ? "*" : "");
    }));
    return all;
}

bool hasText(const core::Service &service, const std::string &text)
{
    bool found = text.empty();
    static_cast<void>(
        service.examples().forEach({}, [&](const core::Example &row) { found = found || row.text == text; }));
    return found;
}

void check(const fs::path &folder, const Case &one)
{
    const support::TempFolder place;
    core::JobDescription job{.taskDescription = "task"};
    for (const auto &name : one.classes)
        job.classes.push_back({name, ""});
    job.isMultiLabel = one.multiLabel;
    const auto service = core::Service::create(place / "s", "s", job);
    const auto summary = core::importFiles(*service, {folder / one.file}, one.options, {});
    const std::string said = summary ? summaryOf(*summary) : summary.error().message;
    const std::string got = summary && !summary->isEmpty() ? labelsOf(*service) : "!";
    const bool textCame = hasText(*service, one.text);
    if (got == one.labels && said.find(one.says) != std::string::npos && textCame) {
        ++passed;
        return;
    }
    ++failed;
    if (!textCame)
        std::printf("%s\n  lacks the text  %s\n", one.file, one.text.c_str());
    std::printf("%s\n  labels  %s\n  wanted  %s\n  said    %s\n  wanted  %s\n", one.file, got.c_str(), one.labels,
                said.c_str(), one.says);
}

}  // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    if (argc != 2) {
        std::fprintf(stderr, "real_files FOLDER\n");
        return 2;
    }
    const Names shop{"refund", "delivery"};
    const std::string odd = "Billing, refunds / Delivery; late / =SUM(A1) / +1 / -1 / @home / \U0001F600 happy / "
                            "say \"hi\" / a/b / a\\b / .. / two\nlines / ";
    const std::string oddToo = "<b>bold</b> / " + std::string(300, 'x') + " / \u05E9\u05DC\u05D5\u05DD / 0";
    const std::string oddTrain = odd + "{x} / [x] / " + oddToo;
    const std::string oddTest = odd + "[x] / [x, y] / a / " + oddToo +
                                " / 1 / 01 / True / NA / null / 'quoted' / a|b / #x / tab\there / \u00C5NG / LABEL_0 / "
                                "nan / name=value / caf\u00E9 / cafe\u0301 / none";
    const Case cases[] = {
        {"01-number-labels/train.csv", {"05", "10"}, "05 / 10 / 05 / 10 / 05 / 10 / 05 / 10"},
        {"01-number-labels/train.csv",
         {"1", "2", "3", "4", "5"},
         "05 / 10 / 05 / 10 / 05 / 10 / 05 / 10",
         "no class: 05"},
        {"01-number-labels/zeros.csv", {"01", "02", "03"}, "01 / 02 / 03"},
        {"02-booleans/train.csv", {"True", "False"}, "True / False / True / False"},
        {"02-booleans/train.jsonl", {"True", "False"}, "True / False / True / False"},
        {"02-booleans/train.jsonl", {"no", "yes"}, "yes / no / yes / no"},
        {"02-booleans/train.jsonl", {"spam", "ham"}, "!", "true"},
        {"02-booleans/train.jsonl",
         {"spam", "ham"},
         "spam / ham / spam / ham",
         "",
         {.meaning = {{"true", "spam"}, {"false", "ham"}}}},
        {"03-na-class/train.csv", {}, "NA / SA / None / null / N/A / - / nan"},
        {"03-na-class/train.jsonl", {"NA", "1", "2"}, "NA / - / - / 1 / 2"},
        {"04-column-names/review_sentiment.csv", {}, "positive / negative", "\"review\""},
        {"04-column-names/spaces.csv", shop, "delivery / refund"},
        {"04-column-names/spaces.xlsx", shop, "delivery / refund"},
        {"04-column-names/upper.csv", shop, "delivery / refund"},
        {"04-column-names/upper.csv", shop, "delivery / refund", "", {.textColumns = {"text"}}},
        {"04-column-names/upper.csv", shop, "delivery / refund", "", {.labelColumns = {"label"}}},
        {"04-column-names/upper.xlsx", shop, "delivery / refund"},
        {"05-bom/bom.csv", {}, "livraison / remboursement", "", {}, false, "o\u00F9 est mon colis"},
        {"05-bom/bom.jsonl", {}, "livraison / remboursement", "", {}, false, "o\u00F9 est mon colis"},
        {"05-bom/utf16.csv", {}, "livraison / remboursement", "", {}, false, "o\u00F9 est mon colis"},
        {"05-bom/utf16.jsonl", {}, "livraison / remboursement", "", {}, false, "o\u00F9 est mon colis"},
        {"05-bom/cp1252.csv", {}, "livraison / remboursement", "", {}, false, "o\u00F9 est mon colis"},
        {"06-sep-line/comma.csv", shop, "delivery / refund / delivery", "separates the cells"},
        {"06-sep-line/quoted.csv", shop, "delivery / refund / delivery", "separates the cells"},
        {"06-sep-line/two.csv", shop, "delivery / refund / delivery", "separates the cells"},
        {"07-columns/duplicate.csv", shop, "delivery / refund / delivery", "called \"label\""},
        {"07-columns/excel_short.csv", shop,
         "delivery / refund / refund / refund / refund / refund / refund / refund / refund / refund / refund / refund "
         "/ "
         "refund / refund / refund / refund / refund / refund / refund / refund / refund"},
        {"07-columns/note_beside.csv", shop, "delivery / refund / delivery"},
        {"07-columns/trailing.csv", shop, "delivery / refund"},
        {"08-one-hot/comma.csv", {}, "delivery; quality / refund / delivery / quality / quality; refund"},
        {"08-one-hot/onehot.csv", {}, "toxic; insult / [] / toxic; threat / insult", "read as classes"},
        {"08-one-hot/pipe.csv", {}, "delivery; quality / refund / - / delivery / quality / quality; refund"},
        {"08-one-hot/pylist.csv", {}, "delivery; quality / refund / delivery"},
        {"08-one-hot/pylist.csv",
         {"delivery", "quality", "refund"},
         "delivery; quality / refund / delivery",
         "",
         {},
         true},
        {"09-vendor-exports/argilla.jsonl", shop, "delivery / refund", "Argilla"},
        {"09-vendor-exports/clinc_style.json", shop, "delivery / refund"},
        {"09-vendor-exports/doccano_data.jsonl", shop, "delivery / refund", "doccano"},
        {"09-vendor-exports/doccano_single.jsonl", shop, "delivery / refund / - / delivery", "doccano"},
        {"09-vendor-exports/labelstudio.json", shop, "delivery / refund", "Label Studio"},
        {"09-vendor-exports/labelstudio.csv", shop, "delivery", "2 labels at once"},
        {"09-vendor-exports/pandas_columns.json", shop, "delivery / refund"},
        {"09-vendor-exports/prodigy_binary.jsonl", shop, "delivery / refund", "Prodigy"},
        {"09-vendor-exports/textlabel_dict.json", shop, "delivery / refund"},
        {"09-vendor-exports/wrapped.json", shop, "delivery / refund"},
        {"10-quotes/excel_paste.csv", shop, "refund / delivery"},
        {"10-quotes/lone.csv", {"pos", "neg"}, "pos / neg / pos"},
        {"11-nul/nul.csv", shop, "delivery / refund / delivery"},
        {"11-nul/nul.jsonl", {"a", "b"}, "a / b / b"},
        {"11-nul/mixed.csv", {"a", "b"}, "a / b / a / b"},
        {"11-nul/lone_cr.csv", {"a", "b"}, "a / b / a / b"},
        {"12-workbooks/sheet_per_class.xlsx",
         shop,
         "refund / refund / delivery / delivery",
         "\"sheet\"",
         {.read = {.allSheets = true}}},
        {"13-label-spelling/train.csv",
         {},
         "Refund / refund / refund / refund / refund / Livraison Caf\u00E9 / Livraison Cafe\u0301 / delivery / "
         "Delivery."},
        {"14-label-characters/train.csv", {}, oddTrain.c_str()},
        {"14-label-characters/many_test.csv", {}, oddTest.c_str()},
        {"14-label-characters/many_test.jsonl", {}, oddTest.c_str()},
        {"15-shapes/noheader.csv", {"1", "2", "3", "4"}, "3 / 4 / 1", "its values are the classes"},
        {"15-shapes/wide.csv", {}, "a / b / a / b / a / b / a / b / a / b / a / b / a / b / a / b / a / b / a / b"},
        {"16-folders/same_names", shop, "delivery / refund / delivery / refund"},
        {"10-quotes/glue_like.tsv",
         {},
         "0 / 1 / 0 / 1 / 0 / 1 / 0 / 1 / 0 / 1 / 0 / 1 / 0 / 1 / 0 / 1 / 0 / 1 / 0 / 1 / 0 / 1 / 0 / 1 / 0 / 1 / 0 / "
         "1 / 0 / 1 / 1 / 0 / 1 / 0 / 1 / 0 / 1 / 0 / 1 / 0 / 1 / 0 / 1 / 0 / 1 / 0 / 1 / 0 / 1 / 0 / 1 / 0 / 1 / 0 / "
         "1 / 0 / 1 / 0 / 1 / 0 / 1 / 0 / 0 / 1 / 0 / 1 / 0 / 1 / 0 / 1 / 0 / 1"},
        {"17-documents/cut.pdf", shop, "!"},
        {"17-documents/csvlike.txt", shop, "- / - / -"},
        {"17-documents/list.txt", shop, "-"},
        {"17-documents/table.docx", shop, "delivery / refund"},
        {"17-documents/empty.docx", shop, "!"},
        {"17-documents/text.pdf", shop, "-"},
        {"17-documents/html_named.docx", shop, "-"},
        {"17-documents/mail.txt", shop, "-"},
        {"12-workbooks/duplicate_header.xlsx", shop, "delivery / refund", "called \"label\""},
        {"12-workbooks/hidden_rows.xlsx", {"a", "b"}, "a / b / a", "Hidden rows"},
        {"12-workbooks/lost_zeros.xlsx", {"01", "02"}, "1 / 2 / 1", "1 = 01, 2 = 02"},
        {"12-workbooks/lost_zeros.xlsx", {"01", "02"}, "01 / 02 / 01", "", {.numbers = core::NumberLabels::LostZeros}},
        {"12-workbooks/title_and_note.xlsx", shop, "delivery / refund"},
        {"12-workbooks/two_sheets.xlsx", shop, "refund / delivery", "sheet"},
        {"12-workbooks/two_sheets.xlsx",
         shop,
         "refund / delivery / refund / delivery",
         "",
         {.read = {.allSheets = true}}},
        {"12-workbooks/types.xlsx", {}, "date / number / code / number / bool / formula"},
        {"15-shapes/fasttext.txt", shop, "delivery / refund / delivery"},
        {"15-shapes/html.csv", shop, "delivery / refund"},
        {"15-shapes/libsvm.txt", shop, "delivery / refund / delivery"},
        {"15-shapes/noheader.tsv", {"ham", "spam"}, "ham / spam / ham"},
        {"15-shapes/subject_body.csv", {"billing", "delivery"}, "billing / delivery", "\"subject\" and \"body\""},
        {"16-folders/by_class", shop, "delivery / delivery / refund / refund", "folder"},
        {"16-folders/columns_differ", shop, "delivery / refund"},
        {"16-folders/hf", shop, "delivery* / refund* / delivery / refund / delivery / refund / delivery / refund",
         "0 = refund, 1 = delivery"},
        {"16-folders/mixed", shop, "delivery / refund / - / -", "d.parquet"},
        {"16-folders/with_split.csv", shop, "delivery / refund / delivery* / refund*"},
        {"17-documents/scan.pdf", shop, "!", ""},
        {"17-documents/locked.pdf", shop, "!", ""},
        {"18-long-texts/one_long.csv",
         {"y", "x"},
         "y / y / y / y / y / x / y / y / y / y / y / y / y / y / y / y / y / y / y / y / y / y / y / y / y / y"},
        {"19-nbsp/train.csv",
         {},
         "delivery / billing / technical / order / billing / technical",
         "",
         {},
         false,
         "My parcel has not arrived\u00A0yet."},
    };
    for (const Case &one : cases)
        check(argv[1], one);
    std::printf("%d cases right, %d otherwise\n", passed, failed);
    return failed > 0 ? 1 : 0;
}
