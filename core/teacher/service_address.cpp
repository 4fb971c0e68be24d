// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/service_address.h"

#include "core/base/lowered.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

using Path = std::vector<std::string>;

/// Of Azure, where an address names a deployment and no version.
constexpr const char *UsualVersion = "api-version=2024-10-21";
constexpr int OllamaPort = 11434;
constexpr long LargestPort = 65535;

/// Where services keep their API that do not keep it under /v1. It only says what is tried first.
struct UsualPlace {
    const char *hostEnd;
    const char *base;
};
constexpr std::array UsualPlaces{UsualPlace{"azure.com", "openai/v1"}, UsualPlace{"googleapis.com", "v1beta/openai"},
                                 UsualPlace{"groq.com", "openai/v1"}, UsualPlace{"openrouter.ai", "api/v1"}};

struct Parts {
    std::string scheme, user, host, port;  ///< an IPv6 address stands in its brackets
    Path path;
    std::string query;

    [[nodiscard]] std::string origin() const { return scheme + "://" + user + host + (port.empty() ? "" : ":" + port); }
};

base::Failure noAddress(const std::string &why)
{
    return failure(ErrorCode::InvalidInput,
                   why + " Enter the address of a chat service, such as https://api.openai.com/v1 or "
                         "http://127.0.0.1:11434/v1.",
                   "address");
}

bool isSpace(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/// Without quotes, brackets, commas and signs that nobody sees at the ends.
std::string bare(std::string text)
{
    static constexpr std::array<std::string_view, 24> Around{
        "\"",     "'",      "\x60",   "<",      ">",      "(",      ")",      ",",
        ";",      "{",      "}",      "\\",     "\u201C", "\u201D", "\u2018", "\u2019",
        "\u201E", "\u00AB", "\u00BB", "\u00A0", "\u200B", "\u2060", "\uFEFF", "\u200E"};
    for (bool isChanged = true; isChanged;) {
        isChanged = false;
        for (const std::string_view sign : Around) {
            if (text.starts_with(sign)) {
                text.erase(0, sign.size());
                isChanged = true;
            }
            if (text.ends_with(sign)) {
                text.erase(text.size() - sign.size());
                isChanged = true;
            }
        }
    }
    while (text.ends_with('.'))
        text.pop_back();
    return text;
}

/// What stands behind "NAME=" of an assignment.
std::string assigned(const std::string &word)
{
    const auto end = std::ranges::find_if(word, [](char c) {
        return !(c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'));
    });
    const bool isOne = end != word.begin() && end != word.end() && *end == '=';
    return isOne ? std::string(end + 1, word.end()) : word;
}

/// The word that looks most like an address: people paste whole commands and assignments.
std::string addressIn(const std::string &pasted)
{
    std::vector<std::string> words;
    std::string word;
    for (const char c : pasted + ' ') {
        if (!isSpace(c)) {
            word += c;
            continue;
        }
        if (std::string clean = bare(assigned(bare(std::exchange(word, {})))); !clean.empty())
            words.push_back(std::move(clean));
    }
    const auto withScheme = std::ranges::find_if(words, [](const std::string &w) { return w.find("://") != w.npos; });
    if (withScheme != words.end())
        return *withScheme;
    const auto withHost = std::ranges::find_if(
        words, [](const std::string &w) { return w.find_first_of(".:/") != w.npos || w == "localhost"; });
    return withHost != words.end() ? *withHost : std::string();
}

std::vector<std::string> split(std::string_view text, char at)
{
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto end = std::min(text.find(at), text.size());
        if (end > 0)
            parts.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

/// Takes "https://" and what people make of it from the beginning; empty: there is none.
std::string takeScheme(std::string &address)
{
    std::ranges::replace(address, '\\', '/');
    const std::string lower = base::lowered(address);
    for (const char *scheme : {"https", "http"}) {
        if (!lower.starts_with(scheme))
            continue;
        size_t end = std::string_view(scheme).size();
        const size_t begin = end;
        end += end < address.size() && address[end] == ':' ? 1 : 0;
        for (int slash = 0; slash < 2 && end < address.size() && address[end] == '/'; ++slash)
            ++end;
        const std::string between = address.substr(begin, end - begin);
        if (between.starts_with(":/") || between.starts_with("//")) {
            address.erase(0, end);
            return scheme;
        }
    }
    const auto other = lower.find("://");
    if (other == std::string::npos)
        return {};
    address.erase(0, other + 3);
    return lower.substr(0, other);
}

/// Four numbers of an IPv4 address; empty: it is none.
std::vector<int> numbersOf(std::string_view host)
{
    std::vector<int> numbers;
    const auto parts = split(host, '.');
    for (const std::string &part : parts) {
        int number = -1;
        const auto [end, problem] = std::from_chars(part.data(), part.data() + part.size(), number);
        if (problem != std::errc() || end != part.data() + part.size() || number < 0 || number > 255)
            return {};
        numbers.push_back(number);
    }
    return numbers.size() == 4 ? numbers : std::vector<int>();
}

bool isPrivateName(const std::string &host)
{
    if (isThisMachine(host))
        return true;
    if (host.starts_with('['))
        return host.starts_with("[fc") || host.starts_with("[fd") || host.starts_with("[fe8");
    if (const auto n = numbersOf(host); !n.empty())
        return n[0] == 10 || (n[0] == 172 && n[1] >= 16 && n[1] <= 31) || (n[0] == 192 && n[1] == 168) ||
               (n[0] == 169 && n[1] == 254) || (n[0] == 100 && n[1] >= 64 && n[1] <= 127);
    static constexpr std::array<std::string_view, 7> Ends{".local",    ".localdomain", ".lan",      ".home",
                                                          ".internal", ".intranet",    ".home.arpa"};
    return host.find('.') == std::string::npos ||
           std::ranges::any_of(Ends, [&](std::string_view end) { return host.ends_with(end); });
}

Result<Parts> partsOf(const std::string &pasted)
{
    std::string rest = addressIn(pasted);
    if (rest.empty())
        return noAddress("This is no address.");
    Parts parts;
    parts.scheme = takeScheme(rest);
    if (!parts.scheme.empty() && parts.scheme != "https" && parts.scheme != "http")
        return failure(ErrorCode::Unsupported,
                       "The address begins with " + parts.scheme +
                           "://. A chat service has one with https:// or http://.",
                       "address");
    rest = rest.substr(0, rest.find('#'));
    if (const auto query = rest.find('?'); query != std::string::npos) {
        parts.query = rest.substr(query + 1);
        rest.erase(query);
    }
    const auto slash = std::min(rest.find('/'), rest.size());
    std::string authority = rest.substr(0, slash);
    parts.path = split(std::string_view(rest).substr(slash), '/');
    if (const auto at = authority.rfind('@'); at != std::string::npos) {
        parts.user = authority.substr(0, at + 1);
        authority.erase(0, at + 1);
    }
    const auto bracket = authority.find(']');
    const auto colon = authority.find(':', bracket == std::string::npos ? 0 : bracket);
    parts.host = base::lowered(authority.substr(0, colon));
    if (colon != std::string::npos) {
        parts.port = authority.substr(colon + 1);
        long port = 0;
        const auto [end, problem] = std::from_chars(parts.port.data(), parts.port.data() + parts.port.size(), port);
        if (problem != std::errc() || end != parts.port.data() + parts.port.size() || port < 1 || port > LargestPort)
            return noAddress("The port of the address is no number from 1 to 65535.");
    }
    const bool isOdd = std::ranges::any_of(parts.host, [](unsigned char c) {
        return c <= ' ' ||
               std::string_view("\"<>^\x60{|}%'$,;=()").find(static_cast<char>(c)) != std::string_view::npos;
    });
    const bool isWord = parts.scheme.empty() && parts.port.empty() && parts.path.empty() &&
                        parts.host.find_first_of(".:") == std::string::npos && parts.host != "localhost";
    if (parts.host.empty() || isOdd || isWord)
        return noAddress("This is no address.");
    // Servers say so where they listen to all.
    if (parts.host == "0.0.0.0")
        parts.host = "127.0.0.1";
    if (parts.host == "[::]")
        parts.host = "[::1]";
    if (parts.scheme.empty()) {
        const bool isSecurePort = parts.port == "443" || parts.port == "8443";
        parts.scheme = (isPrivateName(parts.host) && !isSecurePort) || parts.port == "80" ? "http" : "https";
    }
    return parts;
}

bool isVersion(const std::string &segment)
{
    return segment.size() >= 2 && segment[0] == 'v' && segment[1] >= '0' && segment[1] <= '9' && segment.size() <= 10;
}

/// What a path ends in that is a call and no place.
struct Call {
    bool isChat = false;  ///< /chat/completions: the place is what stands before, whatever that is
    bool isMessages = false;
    bool isOllamas = false;
};

/// `isVersioned`: the query names the version, as Azure has it, where /models is a place.
Call takeCall(Path &path, bool isVersioned)
{
    Call call;
    const auto endsIn = [&](const char *last) { return !path.empty() && base::lowered(path.back()) == last; };
    const auto before = [&] { return path.size() >= 2 ? path[path.size() - 2] : std::string(); };
    if (endsIn("completions") && before() == "chat") {
        path.resize(path.size() - 2);
        call.isChat = true;
        return call;
    }
    if ((endsIn("count_tokens") || endsIn("batches")) && before() == "messages")
        path.pop_back();
    if (endsIn("messages")) {
        path.pop_back();
        call.isMessages = true;
        return call;
    }
    if (before() == "models")  // /v1/models/NAME, Gemini's /v1beta/models/NAME:generateContent
        path.pop_back();
    for (const char *last : {"completions", "models", "responses", "embeddings", "docs", "redoc", "openapi.json",
                             "health", "metrics", "index.html"}) {
        if (endsIn(last) && !(isVersioned && endsIn("models"))) {
            path.pop_back();
            return call;
        }
    }
    const bool isUnderApi =
        before() == "api" || (isVersion(before()) && path.size() >= 3 && path[path.size() - 3] == "api");
    for (const char *last : {"chat", "generate", "tags", "show", "embed", "ps", "version"}) {
        if (isUnderApi && endsIn(last)) {
            call.isOllamas = before() == "api";
            path.pop_back();
            return call;
        }
    }
    return call;
}

std::string joined(const Path &path)
{
    std::string text;
    for (const std::string &segment : path)
        text += "/" + segment;
    return text;
}

Path joinedTo(Path path, std::string_view more)
{
    for (std::string &segment : split(more, '/'))
        path.push_back(std::move(segment));
    return path;
}

/// Paths of places, the likeliest first; some may be there twice.
std::vector<Path> pathsOf(const Parts &parts, const Path &path, const Call &call)
{
    const Path root;
    const Path parent(path.begin(), path.empty() ? path.end() : path.end() - 1);
    const std::string last = path.empty() ? std::string() : path.back();
    const auto usual =
        std::ranges::find_if(UsualPlaces, [&](const UsualPlace &place) { return parts.host.ends_with(place.hostEnd); });
    std::vector<Path> paths;
    const auto addUsual = [&] {
        if (usual != UsualPlaces.end())
            paths.push_back(joinedTo(root, usual->base));
    };
    const auto deployments = std::ranges::find(path, "deployments");
    if (deployments != path.end() && deployments + 1 != path.end()) {
        paths.emplace_back(path.begin(), deployments + 2);
        paths.push_back(joinedTo(Path(path.begin(), deployments), "v1"));
    } else if (call.isChat || call.isMessages) {
        paths.push_back(path);
        addUsual();
        if (!isVersion(last))
            paths.push_back(joinedTo(path, "v1"));
        paths.push_back(joinedTo(root, "v1"));
    } else if (path.empty()) {
        addUsual();
        paths.push_back(joinedTo(root, "v1"));
        paths.push_back(root);
        paths.push_back(joinedTo(root, "api/v1"));
    } else if (isVersion(last)) {
        if (last.find("beta") != std::string::npos)
            paths.push_back(joinedTo(path, "openai"));
        paths.push_back(path);
        addUsual();
        paths.push_back(joinedTo(root, path.size() > 1 ? "v1" : "api/v1"));
        paths.push_back(joinedTo(root, "openai/v1"));
    } else if (last == "openai" && !parent.empty() && isVersion(parent.back())) {
        paths.push_back(path);
        paths.push_back(joinedTo(path, "v1"));
    } else if (last == "openai" || last == "api") {
        const bool isOllama =
            last == "api" && (call.isOllamas || parts.port == std::to_string(OllamaPort) || isPrivateName(parts.host));
        if (isOllama)
            paths.push_back(joinedTo(parent, "v1"));
        paths.push_back(joinedTo(path, "v1"));
        paths.push_back(path);
        paths.push_back(joinedTo(parent, "v1"));
    } else {
        paths.push_back(path);
        paths.push_back(joinedTo(path, "v1"));
        paths.push_back(joinedTo(root, "v1"));
    }
    return paths;
}

/// What of a query belongs to a place: the version of the API. All of it is tried last, unless it holds a secret.
struct Query {
    std::string version, whole;
};

Query queryOf(const std::string &text)
{
    Query query;
    bool isSecret = false;
    for (const std::string &parameter : split(text, '&')) {
        const std::string name = base::lowered(parameter.substr(0, parameter.find('=')));
        if (name == "api-version")
            query.version = parameter;
        for (const char *word : {"key", "token", "sig", "secret", "code", "auth", "password"})
            isSecret = isSecret || name.find(word) != std::string::npos;
    }
    if (!isSecret)
        query.whole = text;
    return query;
}

}  // namespace

Result<ServiceAddress> readServiceAddress(const std::string &pasted)
{
    auto parts = TRY(partsOf(pasted));
    ServiceAddress address;
    Path path = parts.path;
    Query query = queryOf(parts.query);
    const Call call = takeCall(path, !query.version.empty());
    const auto deployments = std::ranges::find(path, "deployments");
    if (deployments != path.end() && deployments + 1 != path.end()) {
        address.deployment = *(deployments + 1);
        address.keyHeader = KeyHeader::ApiKey;
        if (query.version.empty())
            query.version = UsualVersion;
    } else if (!query.version.empty()) {
        address.keyHeader = KeyHeader::ApiKey;
    }
    address.isMessages = call.isMessages;
    address.isWhole = call.isChat || call.isMessages || (!path.empty() && isVersion(path.back()));
    address.lacksPort = parts.port.empty() && parts.scheme == "http" && isPrivateName(parts.host);
    const auto add = [&](const std::string &place) {
        if (std::ranges::find(address.places, place) == address.places.end())
            address.places.push_back(place);
    };
    for (const Path &each : pathsOf(parts, path, call)) {
        const bool hasVersion = !query.version.empty() && (each == path || address.places.empty());
        add(parts.origin() + joined(each) + (hasVersion ? "?" + query.version : ""));
    }
    const bool hasMore = !query.whole.empty() && query.whole != query.version;
    if (hasMore && address.places.size() >= MostPlaces)
        address.places.resize(MostPlaces - 1);
    if (hasMore)
        add(parts.origin() + joined(path) + "?" + query.whole);
    if (address.places.size() > MostPlaces)
        address.places.resize(MostPlaces);
    return address;
}

std::string shownAddress(const std::string &address)
{
    std::string shown = address.substr(0, address.find('?'));
    const auto scheme = shown.find("://");
    const size_t begin = scheme == std::string::npos ? 0 : scheme + 3;
    const auto at = shown.substr(0, std::min(shown.find('/', begin), shown.size())).rfind('@');
    if (at != std::string::npos && at >= begin)
        shown.erase(begin, at + 1 - begin);
    return shown;
}

bool isThisMachine(std::string_view host)
{
    const auto numbers = numbersOf(host);
    return host == "localhost" || host.ends_with(".localhost") || host == "[::1]" || host == "::1" ||
           host == "0.0.0.0" || (!numbers.empty() && numbers[0] == 127);
}

bool isPlainHttpElsewhere(const std::string &address)
{
    const auto parts = partsOf(address);
    return !parts || (parts->scheme == "http" && !isThisMachine(parts->host));
}

}  // namespace core
