// SPDX-License-Identifier: Apache-2.0
#include "app/cli/usage/manual_page.h"

namespace cli {

namespace {

/// A dash that stays one, no escape, and no line that begins like a macro.
std::string roff(const std::string &text)
{
    std::string safe;
    for (const char c : text) {
        if (c == '\\')
            safe += "\\e";
        else if (c == '-')
            safe += "\\-";
        else
            safe += c;
    }
    return safe.starts_with('.') || safe.starts_with('\'') ? "\\&" + safe : safe;
}

void addOption(const OptionFacts &option, std::string &text)
{
    text += ".TP\n";
    if (option.isPositional) {
        text += ".I " + roff(option.names.front()) + "\n";
    } else {
        text += ".B";
        for (size_t i = 0; i < option.names.size(); ++i)
            text += (i > 0 ? ", " : " ") + roff(option.names[i]);
        text += (option.value.empty() ? "" : " " + option.value) + "\n";
    }
    text += roff(option.help);
    for (size_t i = 0; i < option.choices.size(); ++i)
        text += (i == 0 ? ". One of: " : ", ") + roff(option.choices[i]);
    if (!option.range.empty())
        text += " [" + roff(option.range) + "]";
    text += "\n";
}

void addCommand(const CommandFacts &command, const std::string &path, std::string &text)
{
    text += ".SS " + roff(path) + "\n" + roff(command.help) + ".\n";
    for (const OptionFacts &option : command.options)
        addOption(option, text);
    for (const CommandFacts &inner : command.commands)
        addCommand(inner, path + " " + inner.name, text);
}

}  // namespace

std::string manualPage(const CommandFacts &program, const std::string &version)
{
    std::string text =
        ".TH " + roff(upperCased(program.name)) + " 1 \"\" \"Stillroom " + version + "\" \"User Commands\"\n" +
        ".SH NAME\n" + roff(program.name) + " \\- make a text classifier of your own\n" + ".SH SYNOPSIS\n.B " +
        roff(program.name) + "\n.I COMMAND\n[options]\n.SH DESCRIPTION\n" + roff(program.help) +
        "\nA service is a folder that holds the classes, the rows, the trainings and their results.\n"
        "Messages for people go to standard error. With\n.B \\-\\-json\na command prints one JSON object "
        "on standard output.\n.SH COMMANDS\n";
    for (const CommandFacts &command : program.commands)
        addCommand(command, command.name, text);
    text +=
        ".SH EXIT STATUS\n.TP\n0\nDone.\n.TP\n1\nThe work failed.\n.TP\n2\nWrong usage.\n.TP\n3\nFindings block the "
        "training.\n.TP\n130\nStopped by the user; the work is kept.\n";
    return text +
           ".SH FILES\n.TP\n.I ~/.cache/stillroom\nBase weights and other things that can be fetched again.\n.TP\n"
           ".I ~/.config/stillroom\nSettings, teachers and prices.\n.TP\n.I ~/.local/state/stillroom\nLogs.\n";
}

}  // namespace cli
