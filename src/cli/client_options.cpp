// SPDX-License-Identifier: Apache-2.0
#include "cli/client_options.hpp"

#include "base/file.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace tidings::cli {

namespace json = boost::json;

namespace {

constexpr const char* url_variable = "TIDINGS_BASE_URI";
constexpr const char* key_variable = "TIDINGS_KEY";
constexpr const char* sandbox_file = "sandbox.json";

bool is_set(const char* name)
{
    const char* value = std::getenv(name);
    return value && *value;
}

std::string text_of(const json::object& object, std::string_view name)
{
    const json::value* value = object.if_contains(name);
    return value && value->is_string() ? json::value_to<std::string>(*value) : "";
}

json::object key_in(const std::filesystem::path& file)
{
    boost::system::error_code error;
    json::value value = json::parse(base::read_file(file), error);
    const json::object* object = error ? nullptr : value.if_object();
    if (!object || text_of(*object, "key").empty() || text_of(*object, "secret").empty())
        throw std::runtime_error(
            fmt::format(R"(the file {} holds no key: write {{"key":"…","secret":"…"}})", file.string()));
    return *object;
}

Credentials credentials_of(const json::object& key, const std::string& scheme)
{
    if (scheme.empty() || scheme == "basic") return Basic{text_of(key, "key"), text_of(key, "secret")};
    Hmac hmac{text_of(key, "key"), text_of(key, "secret")};
    if (scheme == "hmac-sha256") return hmac;
    if (scheme != "hmac-sha1")
        throw std::runtime_error("the key's scheme is neither basic nor hmac-sha256 nor hmac-sha1");
    hmac.digest = Digest::sha1;
    return hmac;
}

// Which file has the key. Empty: it is in the environment, where the client library looks by itself.
std::filesystem::path key_file_of(const ClientOptions& options)
{
    // What is said on the command line comes before the environment, and the environment before a sandbox
    // that happens to be there.
    if (!options.key_file.empty()) return options.key_file;
    if (is_set(key_variable)) return {};
    auto sandbox = std::filesystem::path(options.data) / sandbox_file;
    if (std::filesystem::exists(sandbox)) return sandbox;
    throw std::runtime_error(
        fmt::format("no API key: {} is not set and there is no sandbox in {}; name a file with --key-file",
                    key_variable, options.data));
}

}  // namespace

void ClientOptions::add_to(Command command)
{
    const char* group = "Gateway";
    command.add_option("--url", url, fmt::format("where the gateway listens (else {})", url_variable))
        .type_name("URL")
        .group(group);
    command
        .add_option("--key-file", key_file,
                    fmt::format(R"(JSON file {{"key":…,"secret":…,"scheme":"basic|hmac-sha256|hmac-sha1"}} )"
                                "(else {} and TIDINGS_SECRET)",
                                key_variable))
        .type_name("FILE")
        .group(group);
    command.add_option("--data", data, "data folder, whose sandbox's key is taken when there is no other")
        .type_name("DIR")
        .shows_default()
        .group(group);
    command.add_option("--account", account, "sub-account on whose behalf to act")
        .type_name("ID")
        .group(group);
    command.add_option("--ca-file", ca_file, "PEM file of whom to trust with https")
        .type_name("FILE")
        .group(group);
    command.add_flag("--json", json, "print JSON, one object on each line").group(group);
}

Client client_of(const ClientOptions& options)
{
    Options made;
    made.base_uri = options.url;
    made.account = options.account;
    made.ca_file = options.ca_file;
    if (auto file = key_file_of(options); !file.empty()) {
        json::object key = key_in(file);
        made.credentials = credentials_of(key, text_of(key, "scheme"));
        // The sandbox's file says where its gateway listens; whoever names another place means that.
        if (made.base_uri.empty() && !is_set(url_variable)) made.base_uri = text_of(key, "base_url");
    }
    return Client(std::move(made));
}

}  // namespace tidings::cli
