// SPDX-License-Identifier: Apache-2.0
#include "core/nets/train/lora.h"

#include "core/base/random.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/zeros.h>
#include <algorithm>
#include <cmath>
#include <set>

using base::Result;

namespace nets {

namespace {

std::vector<std::string> splitNames(const std::string &targets)
{
    std::vector<std::string> names;
    size_t start = 0;
    while (start <= targets.size()) {
        const size_t end = std::min(targets.find(',', start), targets.size());
        std::string name = targets.substr(start, end - start);
        std::erase_if(name, [](char c) { return c == ' '; });
        if (!name.empty())
            names.push_back(std::move(name));
        start = end + 1;
    }
    return names;
}

/// As PEFT matches: the whole name, or what stands behind one of its dots.
bool matches(const std::string &name, const std::string &target)
{
    return name == target || name.ends_with("." + target);
}

/// What stands behind the layer's number, "attention.self.query" of "encoder.layer.3.attention.self.query".
std::string withoutNumber(const std::string &name)
{
    const size_t digit = name.find_first_of("0123456789");
    const size_t dot = digit == std::string::npos ? digit : name.find('.', digit);
    return dot == std::string::npos ? name : name.substr(dot + 1);
}

/// U(-1/sqrt(in), 1/sqrt(in)): Kaiming's with the slope that PyTorch's linear layers begin with.
at::Tensor uniformRows(int64_t rows, int64_t in, uint64_t seed)
{
    auto values = at::empty({rows, in}, at::kFloat);
    base::Random random(seed);
    const double bound = 1 / std::sqrt(static_cast<double>(in));
    std::generate_n(values.data_ptr<float>(), rows * in,
                    [&] { return static_cast<float>((2 * random.uniform() - 1) * bound); });
    return values;
}

}  // namespace

Result<LoraAdapters> LoraAdapters::attach(Encoder &encoder, const engine::LoraConfig &config, int from, uint64_t seed)
{
    const bool isAll = config.targets == "all-linear";
    const auto targets = splitNames(config.targets);
    std::set<std::string> available, found;
    LoraAdapters adapters;
    encoder.visitPlaces(
        [&](const LinearPlace &place) {
            available.insert(withoutNumber(place.name));
            bool isWanted = isAll;
            for (const auto &target : targets) {
                if (matches(place.name, target)) {
                    isWanted = true;
                    found.insert(target);
                }
            }
            if (!isWanted)
                return;
            const auto &weight = place.layer->weight;
            const auto number = static_cast<uint64_t>(adapters.m_places.size());
            const Adapter adapter{
                uniformRows(config.rank, weight.size(1), base::subSeed(seed, 0x10AAULL + number)).to(weight.device()),
                at::zeros({place.rows, config.rank}, weight.options()), place.firstRow, config.alpha / config.rank,
                config.dropout};
            adapters.m_places.push_back({place.name, place.layer, adapter});
            place.layer->adapters.push_back(adapter);
        },
        from);
    for (const auto &target : targets) {
        if (isAll || found.contains(target))
            continue;
        std::string names;
        for (const auto &name : available)
            names += (names.empty() ? "" : ", ") + name;
        return base::failure(base::ErrorCode::InvalidInput,
                             "These weights have no layer called \"" + target +
                                 "\" for an adapter. Name some of: " + names + "; or all-linear.",
                             "lora_target_modules");
    }
    if (adapters.m_places.empty())
        return base::failure(base::ErrorCode::InvalidInput, "No layer is named for the adapters. Write all-linear.",
                             "lora_target_modules");
    return adapters;
}

void LoraAdapters::visit(const std::function<void(const std::string &name, at::Tensor &)> &visitor)
{
    for (Place &place : m_places) {
        visitor(place.name + ".lora_A.weight", place.adapter.a);
        visitor(place.name + ".lora_B.weight", place.adapter.b);
    }
}

std::vector<std::string> LoraAdapters::targetModules() const
{
    std::set<std::string> names;
    for (const Place &place : m_places)
        names.insert(withoutNumber(place.name));
    return {names.begin(), names.end()};
}

std::vector<int> LoraAdapters::layers() const
{
    std::set<int> numbers;
    for (const Place &place : m_places)
        numbers.insert(std::stoi(place.name.substr(place.name.find_first_of("0123456789"))));
    return {numbers.begin(), numbers.end()};
}

LoraAdapters::Merged::Merged(LoraAdapters *adapters)
{
    if (!adapters)
        return;
    const at::NoGradGuard guard;
    for (const Place &place : adapters->m_places) {
        Linear &layer = *place.layer;
        if (layer.adapters.empty())  // shared with the place before
            continue;
        m_before.push_back({&layer, layer});
        layer.weight = layer.weight.clone();
        const auto &own = m_before.back().content.adapters;
        for (const Adapter &adapter : own)
            layer.weight.narrow(0, adapter.firstRow, adapter.b.size(0))
                .add_(at::matmul(adapter.b, adapter.a), adapter.scale);
        layer.adapters.clear();
    }
}

LoraAdapters::Merged::~Merged()
{
    for (Before &before : m_before)
        *before.layer = std::move(before.content);
}

}  // namespace nets
