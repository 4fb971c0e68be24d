// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/chat_source.h"

#include "core/network/trusted_authorities.h"
#include "core/teacher/find_service.h"

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr size_t LongestExamName = 60;
/// A local teacher reads a long prompt before its first word.
constexpr std::chrono::minutes LocalFirstByte{5};

}  // namespace

std::string ChatChoice::missing() const
{
    if (isLocal())
        return {};
    if (address.empty())
        return "Enter the address of a service, or choose a model file.";
    const auto read = readServiceAddress(address);
    if (!read)
        return read.error().message;
    if (model.empty() && read->deployment.empty())
        return "Name the model that the service is to answer with.";
    return {};
}

Result<ChatSource> ChatSource::open(const ChatChoice &choice, const base::WorkContext &context,
                                    const std::function<void()> &loading, const std::filesystem::path &settingsFile)
{
    if (const std::string what = choice.missing(); !what.empty())
        return failure(ErrorCode::InvalidInput, what, choice.address);
    auto settings = TRY(TeacherSettings::load(settingsFile));
    ChatSource source;
    source.m_calls.limits.concurrency = choice.concurrency;
    source.m_calls.mostCost = choice.mostCost;
    source.m_calls.teacher = choice.name();
    source.m_calls.pace = std::make_shared<CallPace>();
    if (choice.isLocal()) {
        source.m_server = TRY(LocalServer::start({.weights = choice.weights}, context, loading));
        source.m_endpoint = source.m_server->endpoint();
        source.m_calls.limits.concurrency = LocalServerOptions().parallel;
        source.m_calls.timeouts.firstByte = LocalFirstByte;
        return source;
    }
    const std::string &authorities = choice.authorities.empty() ? settings.authorities : choice.authorities;
    TRY(useAuthoritiesOf(authorities));
    if (isPlainHttpElsewhere(choice.address) && !choice.allowsPlainHttp)
        return failure(ErrorCode::InvalidInput,
                       "Texts and key would cross the network unencrypted. Use an address with https, or allow it if "
                       "that is meant.",
                       choice.address);
    const auto address = readServiceAddress(choice.address);
    if (!address)
        return base::Failure(address.error());
    ChatEndpoint &endpoint = source.m_endpoint;
    endpoint.address = address->places.front();
    endpoint.model = choice.model.empty() ? address->deployment : choice.model;
    endpoint.key = choice.key;
    endpoint.dialect = address->isMessages ? ChatDialect::AnthropicMessages : choice.dialect;
    endpoint.keyHeader = address->keyHeader;
    source.m_calls.teacher = endpoint.model;
    source.m_calls.prices = choice.prices.value_or(settings.priceOf(endpoint.model));
    if (choice.mostCost && source.m_calls.prices.isFree() && !choice.prices)
        return failure(ErrorCode::InvalidInput,
                       "A limit in money needs the price of the model's tokens, and none is known. Enter it first.",
                       endpoint.model);
    auto known = settings.knownAt({choice.address}, endpoint);
    if (!known)
        known = settings.knownAt(address->places, endpoint);
    if (!known && !(choice.form && address->isWhole)) {
        loading();
        auto found = TRY(findService(*address, endpoint, source.m_calls.timeouts, context));
        endpoint.address = found.address;
        endpoint.keyHeader = found.keyHeader;
        known = found.known;
        source.m_notes = found.learned;
        source.m_calls.spentBefore = std::make_shared<TokenUsage>(found.spent);
        // Where it cannot be kept, it is found out again.
        static_cast<void>(
            TeacherSettings::update([&](TeacherSettings &now) { now.remember(endpoint, *known); }, settingsFile));
    }
    if (choice.form) {
        if (known)
            endpoint.shape = known->shape;
        endpoint.form = *choice.form;
        return source;
    }
    endpoint.form = known->form;
    endpoint.wantsAlternatives = known->givesProbabilities;
    endpoint.contextLength = known->contextLength;
    endpoint.shape = known->shape;
    source.m_settings = settingsFile;
    source.m_calls.pace->concurrency = known->concurrency;
    return source;
}

TeacherJob ChatSource::onItsTerms(TeacherJob job) const
{
    job.kind = isLocal() ? LocalTeacher : ServiceTeacher;
    job.calls = m_calls;
    return job;
}

ChatSource::~ChatSource()
{
    if (!m_calls.pace || m_settings.empty())
        return;
    const CallPace &learned = *m_calls.pace;
    const auto put = [&](Capabilities &known) {
        known.concurrency = learned.concurrency;
        if (learned.request) {
            known.form = learned.request->form;
            known.givesProbabilities = learned.request->wantsAlternatives;
            known.shape = learned.request->shape;
        }
    };
    auto settings = TeacherSettings::load(m_settings);
    const auto before = settings ? settings->capabilitiesOf(m_endpoint) : std::nullopt;
    auto after = before.value_or(Capabilities());
    put(after);
    if (!before || after == *before)
        return;
    // What cannot be kept is found out again.
    static_cast<void>(TeacherSettings::update(
        [&](TeacherSettings &now) {
            if (auto known = now.capabilitiesOf(m_endpoint)) {
                put(*known);
                now.remember(m_endpoint, *known);
            }
        },
        m_settings));
}

std::string examName(const std::string &model, const std::string &prompt, size_t rows)
{
    std::string end = prompt.empty() ? "" : "-" + prompt;
    if (rows > 1)
        end += "-" + std::to_string(rows) + "-rows";
    const std::string whole = model.substr(0, LongestExamName - std::min(end.size(), LongestExamName / 2)) + end;
    std::string name;
    for (const char c : whole.substr(0, LongestExamName))
        name += std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.' ? c : '-';
    return !name.empty() && std::isalnum(static_cast<unsigned char>(name.front())) ? name : "teacher" + name;
}

}  // namespace core
