// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <locale>
#include <optional>
#include <sstream>

namespace cli {

namespace {

std::string numberText(double number)
{
    std::ostringstream out;
    out.imbue(std::locale::classic());
    out << number;
    return out.str();
}

}  // namespace

Option Option::required() const
{
    m_option->required();
    return *this;
}

Option Option::oneOf(const std::vector<std::string> &words) const
{
    m_option->check(CLI::IsMember(words));
    return *this;
}

Option Option::between(int low, int high) const
{
    m_option->check(CLI::Range(low, high));
    return *this;
}

Option Option::from(double low, double high, Lowest lowest) const
{
    const bool isAbove = lowest == Lowest::Excluded;
    std::string allowed = isAbove ? "above " + numberText(low) : numberText(low);
    if (high == NoLimit)
        allowed += isAbove ? "" : " or more";
    else
        allowed += (isAbove ? " and at most " : " to ") + numberText(high);
    const auto check = [=](const std::string &given) {
        double number = 0;
        const bool isNumber = CLI::detail::lexical_cast(given, number) && std::isfinite(number);
        const bool isInside = isNumber && (isAbove ? number > low : number >= low) && number <= high;
        return isInside ? std::string() : "It must be a number, " + allowed + ", not " + given;
    };
    m_option->check(CLI::Validator(check, "(" + allowed + ")"));
    return *this;
}

Option Option::onceEach() const
{
    m_option->allow_extra_args(false);
    return *this;
}

Option Option::rewritten(std::function<std::string(std::string)> rewrite) const
{
    m_option->transform(std::move(rewrite), "");
    return *this;
}

Option Option::needs(const Option &other) const
{
    m_option->needs(other.m_option);
    return *this;
}

Option Option::excludes(const Option &other) const
{
    m_option->excludes(other.m_option);
    return *this;
}

bool Option::isGiven() const
{
    return m_option->count() > 0;
}

Command Command::addCommand(const std::string &name, const std::string &help) const
{
    return Command(*m_app->add_subcommand(name, help));
}

void Command::takesOneCommand() const
{
    m_app->require_subcommand(0, 1);
}

template <class T>
Option Command::option(const std::string &names, T &value, const std::string &help) const
{
    return Option(m_app->add_option(names, value, help));
}

template Option Command::option(const std::string &, std::string &, const std::string &) const;
template Option Command::option(const std::string &, std::vector<std::string> &, const std::string &) const;
template Option Command::option(const std::string &, std::vector<std::filesystem::path> &, const std::string &) const;
template Option Command::option(const std::string &, int &, const std::string &) const;
template Option Command::option(const std::string &, int64_t &, const std::string &) const;
template Option Command::option(const std::string &, size_t &, const std::string &) const;
template Option Command::option(const std::string &, double &, const std::string &) const;
template Option Command::option(const std::string &, std::optional<std::string> &, const std::string &) const;
template Option Command::option(const std::string &, std::optional<bool> &, const std::string &) const;
template Option Command::option(const std::string &, std::optional<int> &, const std::string &) const;
template Option Command::option(const std::string &, std::optional<int64_t> &, const std::string &) const;
template Option Command::option(const std::string &, std::optional<size_t> &, const std::string &) const;
template Option Command::option(const std::string &, std::optional<double> &, const std::string &) const;

Option Command::flag(const std::string &names, bool &value, const std::string &help) const
{
    return Option(m_app->add_flag(names, value, help));
}

Option Command::readOption(const std::string &names, std::function<void(const std::string &)> read,
                           const std::string &help, const std::string &type) const
{
    auto *option = m_app->add_option_function<std::string>(names, read, help);
    if (!type.empty())
        option->type_name(type);
    return Option(option);
}

Option Command::readNumber(const std::string &names, std::function<void(int)> read, const std::string &help) const
{
    return Option(m_app->add_option_function<int>(names, read, help));
}

void Command::whenGiven(std::function<void()> action) const
{
    m_app->callback(std::move(action));
}

bool Command::isGiven() const
{
    return m_app->parsed();
}

void refuseUsage(const std::string &what, const std::string &why)
{
    throw CLI::ValidationError(what, why);
}

void refuseMissing(const std::string &what)
{
    throw CLI::RequiredError(what);
}

}  // namespace cli
