// SPDX-License-Identifier: Apache-2.0
#include "cli/gateway.hpp"

#include "base/clock.hpp"
#include "base/file.hpp"
#include "cli/table.hpp"

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <stdexcept>

namespace tidings::cli {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

// Read here and not by CLI11, which would let a variable win over the same option of another command.
constexpr const char* url_variable = "TIDINGS_URL";
constexpr const char* token_variable = "TIDINGS_ADMIN_TOKEN";
constexpr std::string_view url_default = "http://127.0.0.1:8080";
constexpr std::size_t answer_max = 64 << 20;  // a list of some 500,000 numbers

// The object in the answer, an empty one where there is no body. Nothing: it is not JSON, so that somebody
// else than a gateway answered.
std::optional<json::value> parsed(const http::ClientAnswer& answer)
{
    if (answer.body.empty()) return json::object();
    boost::system::error_code error;
    json::value value = json::parse(answer.body, error);
    if (error || !value.is_object()) return {};
    return value;
}

bool is_url(std::string_view text) { return text.starts_with("http://") || text.starts_with("https://"); }

// Empty: not set.
std::string variable(const char* name)
{
    const char* value = std::getenv(name);
    return value ? value : "";
}

bool is_token(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](unsigned char c) { return c > ' ' && c < 0x7F; });
}

Token checked(Token token)
{
    // Editors and `echo` put a line end there, which no header may have.
    while (token.text.ends_with('\n')) token.text.pop_back();
    if (!is_token(token.text)) throw std::runtime_error(fmt::format("there is no token in {}", token.origin));
    return token;
}

http::ClientOptions client_options(const GatewayOptions& options)
{
    http::ClientOptions made;
    made.ca_file = options.ca_file;
    // The operator says where to go: an address within a private network is as good as any.
    for (const char* everywhere : {"0.0.0.0/0", "::/0"})
        made.addresses.allowed.push_back(http::Network::parse(everywhere).value());
    return made;
}

http::ClientAnswer send(http::ClientRequest request, const std::string& url, const GatewayOptions& options)
{
    // One request and one thread: the command waits for its answer and has nothing else to do.
    asio::io_context context(1);
    base::SystemClock clock;
    http::Client client(context.get_executor(), clock, client_options(options));
    std::optional<http::ClientResult> result;
    auto take = [&result, &context](std::exception_ptr error, http::ClientResult got) {
        if (error) std::rethrow_exception(error);
        result = std::move(got);
        context.stop();  // or else the client would keep the connection for a while
    };
    asio::co_spawn(context, client.send(std::move(request)), take);
    context.run();
    if (*result) return std::move(**result);
    throw std::runtime_error(fmt::format(
        "no gateway answers at {} ({}): is it running there? --url says where{}", url, result->error().text,
        url.starts_with("https") ? ", --ca-file whose certificates are trusted" : ""));
}

}  // namespace

void GatewayOptions::add_to(Command command)
{
    auto check = [](const std::string& text) {
        return is_url(text) ? std::string() : "an URL begins with http:// or https://";
    };
    const char* group = "Gateway";
    std::string where =
        fmt::format("where the gateway serves /admin/v1 (else {}, else {})", url_variable, url_default);
    command.add_option("--url", url, where).type_name("URL").check(check).group(group);
    command
        .add_option("--token-file", token_file,
                    fmt::format("file with the admin token (else {})", token_variable))
        .type_name("FILE")
        .group(group);
    command.add_option("--data", data, "data folder, whose admin.token is taken when there is no other")
        .type_name("DIR")
        .shows_default()
        .group(group);
    command.add_option("--ca-file", ca_file, "PEM file of whom to trust with https")
        .type_name("FILE")
        .group(group);
    command.add_flag("--json", json, "print the gateway's answer as it is, on one line").group(group);
}

std::string url_of(const GatewayOptions& options)
{
    std::string url = options.url.empty() ? variable(url_variable) : options.url;
    if (url.empty()) url = url_default;
    if (!is_url(url))
        throw std::runtime_error(
            fmt::format("the variable {} holds no URL: write http://HOST:PORT", url_variable));
    while (url.ends_with('/')) url.pop_back();
    return url;
}

Token token_of(const GatewayOptions& options)
{
    if (!options.token_file.empty())
        return checked({base::read_file(options.token_file), "the file " + options.token_file});
    if (std::string text = variable(token_variable); !text.empty())
        return checked({text, fmt::format("the variable {}", token_variable)});
    auto file = std::filesystem::path(options.data) / "admin.token";
    if (!std::filesystem::exists(file))
        throw std::runtime_error(fmt::format(
            "no admin token: {} is not set and there is no file {}; name one with --token-file, or "
            "the gateway's folder with --data",
            token_variable, file.string()));
    return checked({base::read_file(file), "the file " + file.string()});
}

std::string complaint(const http::ClientAnswer& answer, const Action& action, const std::string& url,
                      const Token& token)
{
    if (answer.status == 401)
        return fmt::format("the gateway at {} does not know the token in {}: is it another gateway's?", url,
                           token.origin);
    auto body = parsed(answer);
    const json::value* message = body ? body->get_object().if_contains("message") : nullptr;
    if (!message)
        return fmt::format("{} answers {}, and not as a gateway does: is it one?", url, answer.status);
    // Paths below /admin/v1 are not even known to a listener for applications, so that 404 may mean that as
    // well.
    if (answer.status == 404)
        return action.subject.empty()
                   ? fmt::format("{} does not serve /admin/v1: it may have a listener of its own", url)
                   : fmt::format("there is no {} at {}, or /admin/v1 is not served there", action.subject,
                                 url);
    std::string text = answer.status == 400 ? "the gateway refused this" : shown(*message);
    if (!action.subject.empty()) text += ": " + action.subject;
    if (const json::value* details = body->get_object().if_contains("details");
        details && details->is_array())
        for (const json::value& line : details->get_array()) text += "\n  " + shown(line);
    return text;
}

std::string perform(const Action& action, const GatewayOptions& options)
{
    std::string base = url_of(options);
    Token token = token_of(options);
    http::ClientRequest request;
    request.method = action.method;
    request.url = base + action.target;
    request.headers.emplace_back("Authorization", "Bearer " + token.text);
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = action.body;
    request.answer_max = answer_max;
    http::ClientAnswer answer = send(std::move(request), base, options);

    auto body = parsed(answer);
    if (answer.status >= 300 || !body) throw std::runtime_error(complaint(answer, action, base, token));
    if (!options.json) return action.show(*body);
    return (answer.body.empty() ? "{}" : answer.body) + "\n";
}

}  // namespace tidings::cli
