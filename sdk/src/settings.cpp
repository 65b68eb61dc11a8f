// SPDX-License-Identifier: Apache-2.0
#include "settings.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <cstdlib>

namespace tidings::detail {

namespace {

constexpr const char* base_uri_variable = "TIDINGS_BASE_URI";
constexpr const char* key_variable = "TIDINGS_KEY";
constexpr const char* secret_variable = "TIDINGS_SECRET";
constexpr const char* base_uri_default = "http://127.0.0.1:8080";

Error wrong(std::string sentence) { return Error(errc::bad_argument, std::move(sentence)); }

// Empty: not set.
std::string variable(const char* name)
{
    const char* value = std::getenv(name);
    return value ? value : "";
}

std::string chosen_base_uri(const Options& options)
{
    if (!options.base_uri.empty()) return options.base_uri;
    std::string uri = variable(base_uri_variable);
    return uri.empty() ? base_uri_default : uri;
}

Credentials chosen_credentials(const Options& options)
{
    const Basic* basic = std::get_if<Basic>(&options.credentials);
    if (!basic || !basic->key.empty() || !basic->secret.empty()) return options.credentials;
    return Basic{variable(key_variable), variable(secret_variable)};
}

// Fills in what follows from the base URI. The URI itself is not repeated in errors: it might hold a
// password.
Result<void> take_base_uri(Settings& settings)
{
    auto parsed = boost::urls::parse_uri(settings.base_uri);
    if (!parsed) return wrong("the base URI is no URI: write https://HOST or http://HOST:PORT");
    const auto& uri = *parsed;
    bool is_http = uri.scheme_id() == boost::urls::scheme::http;
    settings.is_tls = uri.scheme_id() == boost::urls::scheme::https;
    if (!is_http && !settings.is_tls) return wrong("the base URI begins neither with https:// nor http://");
    if (uri.host().empty()) return wrong("the base URI has no host");
    if (uri.has_userinfo()) return wrong("the base URI holds a user: keys belong into the credentials");
    if (uri.has_query() || uri.has_fragment()) return wrong("the base URI ends with its path");
    settings.host = uri.host_address();
    settings.port = uri.has_port() ? std::string(uri.port()) : settings.is_tls ? "443" : "80";
    settings.authority = std::string(uri.encoded_host_and_port());
    settings.prefix = std::string(uri.encoded_path());
    return {};
}

Result<void> check_key(const std::string& key, const std::string& secret)
{
    if (key.empty() && secret.empty())
        return wrong("no credentials: give them, or set TIDINGS_KEY and TIDINGS_SECRET");
    if (key.empty()) return wrong("the credentials have no key");
    if (secret.empty()) return wrong("the credentials have no secret");
    if (!is_header_value(key) || key.find_first_of("\":") != key.npos)
        return wrong("the key of the credentials is none: it has other characters than a key may have");
    return {};
}

Result<void> check_limits(const Options& options)
{
    using namespace std::chrono_literals;
    if (!options.account.empty() && !is_header_value(options.account))
        return wrong("the account's name has characters that cannot be sent");
    if (options.connect_timeout <= 0ms || options.timeout <= 0ms) return wrong("a time-out must be positive");
    if (options.connections_max == 0) return wrong("connections_max must be positive");
    if (options.retries.attempts_max < 1) return wrong("attempts_max counts the first attempt, too");
    return {};
}

}  // namespace

Result<Settings> settings_of(Options options)
{
    options.credentials = chosen_credentials(options);
    auto check = [](const auto& credentials) { return check_key(credentials.key, credentials.secret); };
    if (auto checked = std::visit(check, options.credentials); !checked) return checked.error();
    if (auto checked = check_limits(options); !checked) return checked.error();
    Settings settings;
    settings.base_uri = chosen_base_uri(options);
    while (settings.base_uri.ends_with('/')) settings.base_uri.pop_back();
    settings.options = std::move(options);
    if (auto taken = take_base_uri(settings); !taken) return taken.error();
    return settings;
}

bool is_header_value(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](unsigned char c) { return c >= ' ' && c < 0x7F; });
}

}  // namespace tidings::detail
