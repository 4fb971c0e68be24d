// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "app/cli/split_option.h"
#include "core/base/atomic_file.h"
#include "core/formats/csv.h"
#include "core/service/service.h"

#include <memory>

namespace cli {

namespace {

struct Options {
    std::string service, format = "jsonl", to;
    core::Split split = core::Split::Train;
    CLI::Option *splitGiven = nullptr;
};

class RowWriter {
public:
    RowWriter(const Options &o, std::map<int64_t, std::string> labels) : m_format(o.format), m_labels(std::move(labels))
    {
    }

    [[nodiscard]] std::string header() const
    {
        if (m_format == "csv")
            return core::csvRow({"id", "text", "label", "split", "provenance", "source"});
        return m_format == "distil" ? core::csvRow({"question", "answer"}) : std::string();
    }

    [[nodiscard]] std::string line(const core::Example &row) const
    {
        const std::string label = row.label ? m_labels.at(*row.label) : std::string();
        if (m_format == "csv")
            return core::csvRow(
                {std::to_string(row.id), row.text, label, core::name(row.split), row.provenance, row.source});
        if (m_format == "distil")
            return core::csvRow({row.text, label});
        nlohmann::ordered_json object{{"id", row.id},
                                      {"text", row.text},
                                      {"label", nullptr},
                                      {"split", core::name(row.split)},
                                      {"provenance", row.provenance},
                                      {"source", row.source}};
        if (row.label)
            object["label"] = label;
        return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
    }

private:
    std::string m_format;
    std::map<int64_t, std::string> m_labels;
};

int run(const Options &o, Console &console)
{
    auto service = core::Service::open(o.service);
    if (!service)
        return console.fail(service.error());
    auto labels = service->examples().labels();
    if (!labels)
        return console.fail(labels.error());
    std::map<int64_t, std::string> names;
    for (const auto &label : *labels)
        names[label.id] = label.name;
    const RowWriter writer(o, std::move(names));
    core::ExampleQuery query;
    if (o.splitGiven->count() > 0)
        query.split = o.split;

    std::optional<base::AtomicFile> file;
    if (!o.to.empty()) {
        file.emplace(o.to);
        if (auto opened = file->open(); !opened)
            return console.fail(opened.error());
    }
    base::Result<void> written;
    int64_t count = 0;
    const auto write = [&](const std::string &text) {
        if (file && written)
            written = file->write(text);
        else if (!file)
            std::fwrite(text.data(), 1, text.size(), stdout);
    };
    write(writer.header());
    auto read = service->examples().forEach(query, [&](const core::Example &row) {
        write(writer.line(row));
        ++count;
    });
    if (!read)
        return console.fail(read.error());
    if (file && written)
        written = file->commit();
    if (!written)
        return console.fail(written.error());
    if (file) {
        console.say("Wrote " + std::to_string(count) + " rows to " + o.to + ".");
        console.result({{"path", o.to}, {"rows", count}});
    }
    return ExitDone;
}

}  // namespace

void addRows(CLI::App &app, Action &action)
{
    auto *command = app.add_subcommand("rows", "Print or write the rows");
    auto o = std::make_shared<Options>();
    command->add_option("service", o->service, "Folder of the service")->required();
    o->splitGiven = addSplitOption(*command, o->split);
    command->add_option("--format", o->format, "jsonl, csv, or distil (question,answer)")
        ->check(CLI::IsMember({"jsonl", "csv", "distil"}));
    command->add_option("--to", o->to, "File to write; standard output by default");
    command->callback([=, &action] { action = [o](Console &console) { return run(*o, console); }; });
}

}  // namespace cli
