// SPDX-License-Identifier: Apache-2.0
#include "core/engine/data/class_balance.h"

#include "core/base/random.h"
#include "core/base/trimmed.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>

using base::failure;
using base::Result;

namespace engine {

namespace {

constexpr uint64_t BalanceStream = 0xBA1A;
constexpr double MostRows = 1e7;

std::vector<double> countsOf(std::span<const int> labels, size_t classes)
{
    std::vector<double> counts(classes, 0);
    for (const int label : labels)
        ++counts[static_cast<size_t>(label)];
    return counts;
}

base::Failure bad(const std::string &what)
{
    return failure(base::ErrorCode::InvalidInput,
                   what + " Write shares as refund=0.3, delivery=0.2 or rows as refund=100, delivery=400.",
                   "rebalance");
}

/// One "name=number"; a name may hold equals signs and commas.
Result<std::pair<size_t, double>> parseAmount(const std::string &part, const std::vector<std::string> &names)
{
    const size_t equals = part.rfind('=');
    if (equals == std::string::npos)
        return bad("\"" + part + "\" has no equals sign.");
    const std::string name(base::trimmed(part.substr(0, equals)));
    const std::string number(base::trimmed(part.substr(equals + 1)));
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
        return bad("There is no class \"" + name + "\" to learn.");
    double value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error != std::errc() || end != number.data() + number.size() || !(value > 0) || value > MostRows)
        return bad("\"" + number + "\" of the class \"" + name + "\" is neither a share nor a number of rows.");
    return std::pair{static_cast<size_t>(found - names.begin()), value};
}

}  // namespace

Amounts equalAmounts(std::span<const int> labels, int classes)
{
    Amounts amounts = countsOf(labels, static_cast<size_t>(classes));
    const auto present =
        static_cast<double>(amounts.size()) - static_cast<double>(std::count(amounts.begin(), amounts.end(), 0.0));
    for (double &amount : amounts)
        amount = amount > 0 ? static_cast<double>(labels.size()) / present : 0;
    return amounts;
}

Result<Amounts> parseAmounts(const std::string &text, const std::vector<std::string> &names,
                             std::span<const int> labels)
{
    Amounts amounts = countsOf(labels, names.size());
    std::vector<std::optional<double>> named(names.size());
    size_t shares = 0, all = 0;
    for (size_t start = 0; start <= text.size();) {
        size_t end = std::min(text.find(',', start), text.size());
        const std::string part(base::trimmed(text.substr(start, end - start)));
        if (part.empty()) {
            start = end + 1;
            continue;
        }
        auto amount = parseAmount(part, names);
        while (!amount && end < text.size()) {  // the comma may belong to a name
            end = std::min(text.find(',', end + 1), text.size());
            if (auto longer = parseAmount(std::string(base::trimmed(text.substr(start, end - start))), names))
                amount = longer;
        }
        if (!amount)
            return failure(amount);
        start = end + 1;
        const auto [label, value] = *amount;
        if (named[label])
            return bad("The class \"" + names[label] + "\" is named twice.");
        named[label] = value;
        ++all;
        shares += value <= 1 ? 1 : 0;
    }
    if (shares > 0 && shares < all)
        return bad("Shares and numbers of rows are mixed.");
    double left = 1, others = 0;
    for (size_t c = 0; c < names.size(); ++c) {
        if (named[c])
            left -= *named[c];
        else
            others += amounts[c];
    }
    constexpr double Rounding = 1e-6;
    if (shares > 0 && (left < -Rounding || (others > 0 && left < Rounding)))
        return bad("The shares leave nothing for the other classes: together they are more than all.");
    const auto rows = static_cast<double>(labels.size());
    for (size_t c = 0; c < names.size(); ++c) {
        if (named[c])
            amounts[c] = shares > 0 ? *named[c] * rows : *named[c];
        else if (shares > 0 && others > 0)
            amounts[c] *= left * rows / others;
    }
    return amounts;
}

std::vector<double> classWeights(std::span<const int> labels, const Amounts &amounts)
{
    auto weights = countsOf(labels, amounts.size());
    for (size_t c = 0; c < weights.size(); ++c)
        weights[c] = weights[c] > 0 ? amounts[c] / weights[c] : 0;
    return weights;
}

std::vector<size_t> balancedRows(std::span<const int> labels, const Amounts &amounts, uint64_t seed, int epoch)
{
    std::map<int, std::vector<size_t>> byClass;
    for (size_t i = 0; i < labels.size(); ++i)
        byClass[labels[i]].push_back(i);
    base::Random random(base::subSeed(base::subSeed(seed, BalanceStream), static_cast<uint64_t>(epoch)));
    std::vector<size_t> rows;
    double before = 0;
    for (auto &[label, members] : byClass) {
        // Rounded so that together they are what all amounts are.
        const double after = before + amounts[static_cast<size_t>(label)];
        const auto wanted = static_cast<size_t>(std::floor(after + 1e-9) - std::floor(before + 1e-9));
        before = after;
        for (size_t drawn = 0; drawn < wanted; drawn += members.size()) {
            random.shuffle(members);
            rows.insert(rows.end(), members.begin(),
                        members.begin() + static_cast<std::ptrdiff_t>(std::min(members.size(), wanted - drawn)));
        }
    }
    return rows;
}

Amounts wantedAmounts(const std::string &rebalance, const std::vector<std::string> &names, std::span<const int> labels)
{
    return rebalance.empty() ? equalAmounts(labels, static_cast<int>(names.size()))
                             : parseAmounts(rebalance, names, labels).value();
}

std::vector<Batch> balancedBatches(std::span<const int> labels, std::span<const int> lengths, const Amounts &amounts,
                                   int batchSize, uint64_t seed, int epoch)
{
    const auto rows = balancedRows(labels, amounts, seed, epoch);
    std::vector<int> drawn;
    for (const size_t row : rows)
        drawn.push_back(lengths[row]);
    auto batches = trainingBatches(drawn, batchSize, seed, epoch);
    for (auto &batch : batches) {
        for (size_t &row : batch)
            row = rows[row];
    }
    return batches;
}

}  // namespace engine
