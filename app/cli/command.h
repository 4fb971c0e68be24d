// SPDX-License-Identifier: Apache-2.0
// A command with its options. CLI11 stays behind it: reading its headers costs a file 7 seconds, and 34 files describe
// options.
#pragma once

#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace cli {

constexpr double NoLimit = std::numeric_limits<double>::infinity();

enum class Lowest { Included, Excluded };

/// An option, flag or positional argument of a command. A handle: copies mean the same option, which lives as long as
/// the program's command line.
class Option {
public:
    explicit Option(CLI::Option *option) : m_option(option) { }

    Option required() const;
    /// A word of these.
    Option oneOf(const std::vector<std::string> &words) const;
    /// A whole number from `low` to `high`, both included.
    Option between(int low, int high) const;
    /// A finite number from `low` to `high`. NaN, infinities and what is outside are refused with the range in words;
    /// CLI11's own check of ranges lets NaN pass.
    Option from(double low, double high = NoLimit, Lowest lowest = Lowest::Included) const;
    /// One value each time; it may be given several times.
    Option onceEach() const;
    /// What is given goes through `rewrite` first.
    Option rewritten(std::function<std::string(std::string)> rewrite) const;
    /// Only together with `other`.
    Option needs(const Option &other) const;
    /// Not together with `other`.
    Option excludes(const Option &other) const;
    [[nodiscard]] bool isGiven() const;

private:
    CLI::Option *m_option;
};

/// A handle, like Option.
class Command {
public:
    explicit Command(CLI::App &app) : m_app(&app) { }

    Command addCommand(const std::string &name, const std::string &help) const;
    /// At most one of its own commands, and none is needed.
    void takesOneCommand() const;

    /// `names`: "--limit,--rows", the first of them shown; without dashes a positional argument. `value` outlives the
    /// parsing. For the types that command.cpp lists.
    template <class T>
    Option option(const std::string &names, T &value, const std::string &help) const;
    Option flag(const std::string &names, bool &value, const std::string &help) const;
    /// `read` is given the word, and may refuse it by refuseUsage. `type`: what may follow, as "TEXT:{a,b}".
    Option readOption(const std::string &names, std::function<void(const std::string &)> read, const std::string &help,
                      const std::string &type = {}) const;
    Option readNumber(const std::string &names, std::function<void(int)> read, const std::string &help) const;

    /// Once all options are read, where the command was given. May refuse by refuseUsage.
    void whenGiven(std::function<void()> action) const;
    [[nodiscard]] bool isGiven() const;

    [[nodiscard]] CLI::App &app() const { return *m_app; }

private:
    CLI::App *m_app;
};

/// Ends the reading of the command line: `what` is an option or argument, `why` goes on behind it.
[[noreturn]] void refuseUsage(const std::string &what, const std::string &why);
/// The argument `what` is missing.
[[noreturn]] void refuseMissing(const std::string &what);

}  // namespace cli
