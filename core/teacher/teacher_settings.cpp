// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/teacher_settings.h"

#include "core/base/atomic_file.h"
#include "core/base/file_lock.h"
#include "core/base/user_folders.h"

#include <algorithm>
#include <charconv>
#include <yaml-cpp/yaml.h>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr const char *AnthropicName = "anthropic-messages";
constexpr const char *CompletionsName = "chat-completions";

/// As the file names them.
constexpr std::pair<KeyHeader, const char *> KeyHeaderNames[] = {
    {KeyHeader::Bearer, "bearer"}, {KeyHeader::ApiKey, "api-key"}, {KeyHeader::XApiKey, "x-api-key"}};

std::string keyOf(const ChatEndpoint &endpoint)
{
    return endpoint.address + " " + endpoint.model;
}

/// As short as it reads back: people edit it.
std::string shortText(double number)
{
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, number).ptr;
    return {text, end};
}

/// What is missing or of another type is the fallback.
template <class T>
T valueOr(const YAML::Node &node, const char *key, T fallback)
{
    if (!node.IsMap() || !node[key])
        return fallback;
    T value{};
    return YAML::convert<T>::decode(node[key], value) ? value : fallback;
}

/// What differs from the usual alone.
YAML::Node nodeOf(const RequestShape &shape)
{
    const RequestShape usual;
    YAML::Node node;
    if (shape.tokensField != usual.tokensField)
        node["tokens_field"] = shape.tokensField;
    if (!shape.takesTemperature)
        node["temperature"] = false;
    if (shape.leastTemperature > 0)
        node["least_temperature"] = shortText(shape.leastTemperature);
    if (!shape.effort.empty())
        node["effort"] = shape.effort;
    if (shape.turnsThinkingOff)
        node["thinking_off"] = true;
    if (!shape.takesSystem)
        node["system"] = false;
    if (shape.thinkingTokens > 0)
        node["thinking_tokens"] = shape.thinkingTokens;
    return node;
}

RequestShape shapeOf(const YAML::Node &node)
{
    RequestShape shape;
    if (!node || !node.IsMap())
        return shape;
    const auto field = valueOr<std::string>(node, "tokens_field", shape.tokensField);
    if (field.empty() || field == "max_completion_tokens")
        shape.tokensField = field;
    shape.takesTemperature = valueOr(node, "temperature", true);
    shape.leastTemperature = std::clamp(valueOr(node, "least_temperature", 0.0), 0.0, 1.0);
    shape.effort = valueOr<std::string>(node, "effort", {});
    shape.turnsThinkingOff = valueOr(node, "thinking_off", false);
    shape.takesSystem = valueOr(node, "system", true);
    shape.thinkingTokens = std::clamp(valueOr(node, "thinking_tokens", 0), 0, MostThinkingRoom);
    return shape;
}

}  // namespace

std::filesystem::path TeacherSettings::file()
{
    return base::configFolder() / "teachers.yaml";
}

Result<TeacherSettings> TeacherSettings::load(const std::filesystem::path &file)
{
    TeacherSettings settings;
    auto bytes = base::readFile(file);
    if (!bytes && bytes.error().code == ErrorCode::NotFound)
        return settings;
    if (!bytes)
        return failure(bytes);
    try {
        const YAML::Node root = YAML::Load(*bytes);
        const YAML::Node service = root.IsMap() ? root["service"] : YAML::Node();
        if (service) {
            settings.address = valueOr<std::string>(service, "address", {});
            settings.model = valueOr<std::string>(service, "model", {});
            if (valueOr<std::string>(service, "dialect", {}) == AnthropicName)
                settings.dialect = ChatDialect::AnthropicMessages;
            settings.allowsPlainHttp = valueOr(service, "allow_plain_http", false);
        }
        settings.weights = root.IsMap() ? valueOr<std::string>(root, "weights", {}) : std::string();
        settings.authorities = root.IsMap() ? valueOr<std::string>(root, "authorities", {}) : std::string();
        if (const YAML::Node prices = root.IsMap() ? root["prices"] : YAML::Node(); prices && prices.IsMap()) {
            for (const auto &entry : prices) {
                TokenPrices price{valueOr(entry.second, "input", 0.0), valueOr(entry.second, "output", 0.0)};
                if (const double cached = valueOr(entry.second, "cached", -1.0); cached >= 0)
                    price.cached = cached;
                if (entry.first.IsScalar() && price.input >= 0 && price.output >= 0)
                    settings.prices[entry.first.as<std::string>()] = price;
            }
        }
        if (const YAML::Node known = root.IsMap() ? root["capabilities"] : YAML::Node(); known && known.IsMap()) {
            for (const auto &entry : known) {
                const auto form = answerFormNamed(valueOr<std::string>(entry.second, "form", {}));
                if (form && entry.first.IsScalar())
                    settings.m_capabilities[entry.first.as<std::string>()] = {
                        *form, valueOr(entry.second, "probabilities", false),
                        std::max<int64_t>(0, valueOr<int64_t>(entry.second, "context_length", 0)),
                        std::max(0, valueOr(entry.second, "concurrency", 0)), shapeOf(entry.second["request"])};
            }
        }
        if (const YAML::Node headers = root.IsMap() ? root["key_headers"] : YAML::Node(); headers && headers.IsMap()) {
            for (const auto &entry : headers) {
                for (const auto &[header, name] : KeyHeaderNames) {
                    if (entry.first.IsScalar() && entry.second.IsScalar() && entry.second.Scalar() == name)
                        settings.m_keyHeaders[entry.first.as<std::string>()] = header;
                }
            }
        }
    } catch (const YAML::Exception &) {
        return failure(ErrorCode::Corrupt,
                       "The file with your teachers is not readable. Correct or remove it; it was not changed.",
                       file.string());
    }
    return settings;
}

Result<TeacherSettings> TeacherSettings::update(const std::function<void(TeacherSettings &)> &change,
                                                const std::filesystem::path &file)
{
    std::error_code code;
    std::filesystem::create_directories(file.parent_path(), code);
    const auto lock = base::FileLock::take(file);
    if (!lock)
        return base::Failure(lock.error());
    auto settings = load(file);
    if (!settings)
        return settings;
    change(*settings);
    TRY(settings->save(file));
    return settings;
}

void TeacherSettings::putChanges(const TeacherSettings &before, TeacherSettings &now) const
{
    // What belongs to one service goes together.
    if (address != before.address || model != before.model || dialect != before.dialect ||
        allowsPlainHttp != before.allowsPlainHttp) {
        now.address = address;
        now.model = model;
        now.dialect = dialect;
        now.allowsPlainHttp = allowsPlainHttp;
    }
    if (weights != before.weights)
        now.weights = weights;
    if (authorities != before.authorities)
        now.authorities = authorities;
    for (const auto &[of, price] : prices) {
        const auto known = before.prices.find(of);
        if (known == before.prices.end() || !(known->second == price))
            now.prices[of] = price;
    }
    for (const auto &[of, price] : before.prices) {
        if (!prices.contains(of))
            now.prices.erase(of);
    }
}

void TeacherSettings::takeKnown(const TeacherSettings &from)
{
    prices = from.prices;
    m_capabilities = from.m_capabilities;
    m_keyHeaders = from.m_keyHeaders;
}

Result<void> TeacherSettings::save(const std::filesystem::path &file) const
{
    YAML::Node root;
    if (!address.empty()) {
        root["service"]["address"] = address;
        root["service"]["model"] = model;
        root["service"]["dialect"] = dialect == ChatDialect::AnthropicMessages ? AnthropicName : CompletionsName;
        root["service"]["allow_plain_http"] = allowsPlainHttp;
    }
    if (!weights.empty())
        root["weights"] = weights;
    if (!authorities.empty())
        root["authorities"] = authorities;
    for (const auto &[of, price] : prices) {
        root["prices"][of]["input"] = shortText(price.input);
        root["prices"][of]["output"] = shortText(price.output);
        if (price.cached)
            root["prices"][of]["cached"] = shortText(*price.cached);
    }
    for (const auto &[of, capabilities] : m_capabilities) {
        root["capabilities"][of]["form"] = core::name(capabilities.form);
        root["capabilities"][of]["probabilities"] = capabilities.givesProbabilities;
        if (capabilities.contextLength > 0)
            root["capabilities"][of]["context_length"] = capabilities.contextLength;
        if (capabilities.concurrency > 0)
            root["capabilities"][of]["concurrency"] = capabilities.concurrency;
        if (const YAML::Node shape = nodeOf(capabilities.shape); !shape.IsNull())
            root["capabilities"][of]["request"] = shape;
    }
    for (const auto &[of, header] : m_keyHeaders) {
        for (const auto &[each, name] : KeyHeaderNames) {
            if (each == header)
                root["key_headers"][of] = name;
        }
    }
    YAML::Emitter out;
    out << root;
    std::error_code code;
    std::filesystem::create_directories(file.parent_path(), code);
    return base::writeFile(file, "# Prices are of a million tokens, in your currency. Keys are not kept here.\n" +
                                     std::string(root.IsNull() ? "" : out.c_str()) + "\n");
}

TokenPrices TeacherSettings::priceOf(const std::string &of) const
{
    const auto known = prices.find(of);
    return known == prices.end() ? TokenPrices() : known->second;
}

std::optional<Capabilities> TeacherSettings::capabilitiesOf(const ChatEndpoint &endpoint) const
{
    const auto known = m_capabilities.find(keyOf(endpoint));
    return known == m_capabilities.end() ? std::nullopt : std::optional(known->second);
}

std::optional<Capabilities> TeacherSettings::knownAt(const std::vector<std::string> &places,
                                                     ChatEndpoint &endpoint) const
{
    for (const std::string &place : places) {
        ChatEndpoint there = endpoint;
        there.address = place;
        const auto known = capabilitiesOf(there);
        if (!known)
            continue;
        endpoint.address = place;
        const auto header = m_keyHeaders.find(place);
        endpoint.keyHeader = header == m_keyHeaders.end() ? KeyHeader::Bearer : header->second;
        return known;
    }
    return std::nullopt;
}

void TeacherSettings::remember(const ChatEndpoint &endpoint, const Capabilities &capabilities)
{
    m_capabilities[keyOf(endpoint)] = capabilities;
    if (endpoint.keyHeader != KeyHeader::Bearer)
        m_keyHeaders[endpoint.address] = endpoint.keyHeader;
    else
        m_keyHeaders.erase(endpoint.address);
}

}  // namespace core
