// SPDX-License-Identifier: Apache-2.0
#include "app/cli/usage/completion_script.h"

namespace cli {

namespace {

/// The names that are shown.
std::string optionsOf(const CommandFacts &command)
{
    std::string names;
    for (const OptionFacts &option : command.options) {
        if (!option.isPositional)
            names += option.names.front() + " ";
    }
    return names + "--json --help";
}

std::string joined(const std::vector<std::string> &words)
{
    std::string all;
    for (const std::string &word : words)
        all += (all.empty() ? "" : " ") + word;
    return all;
}

/// `text` without what would end it, for a string in the marks `quote`.
std::string quotable(const std::string &text, char quote)
{
    std::string safe;
    for (const char c : text) {
        if (c == quote)
            safe += quote == '\'' ? "'\\''" : std::string("\\") + c;
        else
            safe += c;
    }
    return safe;
}

/// What _arguments reads: brackets and colons mean something there.
std::string zshWords(const std::string &text)
{
    std::string safe;
    for (const char c : quotable(text, '\'')) {
        if (c == '[' || c == ']' || c == ':')
            safe += '\\';
        safe += c;
    }
    return safe;
}

void addFish(const CommandFacts &command, const std::string &name, std::string &text)
{
    const std::string in = "complete -c " + name + " -n '__fish_seen_subcommand_from " + command.name + "'";
    for (const CommandFacts &inner : command.commands)
        text += in + " -a " + inner.name + " -d '" + quotable(inner.help, '\'') + "'\n";
    for (const OptionFacts &option : command.options) {
        if (option.isPositional)
            continue;
        text += in + " -l " + option.names.front().substr(2) + (option.value.empty() ? "" : " -r");
        if (!option.choices.empty())
            text += " -f -a '" + joined(option.choices) + "'";
        text += " -d '" + quotable(option.help, '\'') + "'\n";
    }
}

}  // namespace

std::string bashCompletion(const CommandFacts &program)
{
    std::string text = "# Completion for " + program.name +
                       " in bash.\n_stillroom_cli()\n{\n"
                       "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=\n"
                       "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        words=\"" +
                       joined(namesOf(program.commands)) +
                       " help --help --version\"\n    else\n        case ${COMP_WORDS[1]}:$before in\n";
    for (const CommandFacts &command : program.commands) {
        for (const OptionFacts &option : command.options) {
            for (const std::string &name : option.names) {
                if (!option.choices.empty() && !option.isPositional)
                    text +=
                        "            " + command.name + ":" + name + ") words=\"" + joined(option.choices) + "\" ;;\n";
            }
        }
    }
    text += "            *)\n                case ${COMP_WORDS[1]} in\n";
    for (const CommandFacts &command : program.commands)
        text += "                    " + command.name + ") words=\"" + joined(namesOf(command.commands)) +
                (command.commands.empty() ? "" : " ") + optionsOf(command) + "\" ;;\n";
    text += "                    help) words=\"" + joined(namesOf(program.commands)) +
            "\" ;;\n                esac\n                # Files, until an option is begun.\n"
            "                [[ $word == -* ]] || { [ -n \"$words\" ] && words=${words%%--*}; } ;;\n"
            "        esac\n    fi\n    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n}\n"
            "complete -o default -o bashdefault -F _stillroom_cli " +
            program.name + "\n";
    return text;
}

std::string zshCompletion(const CommandFacts &program)
{
    std::string text =
        "#compdef " + program.name + "\n# Completion for " + program.name + " in zsh.\nlocal -a commands\ncommands=(\n";
    for (const CommandFacts &command : program.commands)
        text += "  '" + command.name + ":" + zshWords(command.help) + "'\n";
    text += ")\nif (( CURRENT == 2 )); then\n  _describe command commands\n  return\nfi\ncase $words[2] in\n";
    for (const CommandFacts &command : program.commands) {
        text += "  " + command.name + ")\n    _arguments";
        for (const OptionFacts &option : command.options) {
            if (option.isPositional)
                continue;
            text += " \\\n      '" + std::string(option.isRepeated ? "*" : "") + option.names.front() + "[" +
                    zshWords(option.help) + "]";
            if (!option.choices.empty())
                text += ":" + option.value + ":(" + joined(option.choices) + ")";
            else if (!option.value.empty())
                text += ":" + option.value + ":" + (option.value == "TEXT" ? "_files" : " ");
            text += "'";
        }
        text += " \\\n      '--json[Print one JSON object]' '--help[Print help]'";
        text += command.commands.empty() ? " \\\n      '*:file:_files'\n    ;;\n"
                                         : " \\\n      '*:command or file:_alternative \"c:command:(" +
                                               joined(namesOf(command.commands)) + ")\" \"f:file:_files\"'\n    ;;\n";
    }
    return text + "  help) _describe command commands ;;\nesac\n";
}

std::string fishCompletion(const CommandFacts &program)
{
    std::string text = "# Completion for " + program.name + " in fish.\n";
    for (const CommandFacts &command : program.commands)
        text += "complete -c " + program.name + " -f -n __fish_use_subcommand -a " + command.name + " -d '" +
                quotable(command.help, '\'') + "'\n";
    text += "complete -c " + program.name + " -l json -d 'Print one JSON object'\ncomplete -c " + program.name +
            " -l help -d 'Print help'\n";
    for (const CommandFacts &command : program.commands)
        addFish(command, program.name, text);
    return text;
}

}  // namespace cli
