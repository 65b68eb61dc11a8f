// SPDX-License-Identifier: Apache-2.0
// From a URL to the first bytes of a request. What of the URL is sent as it stands is judged here: nothing of
// it, and no header, may end its line.
//
// Headers that the request has count; those that every request has (User-Agent, Accept, the user and password
// of the URL) are added where it has none. Userinfo is what stands before the last @, as base/url.hpp cuts
// it.
#include "http/origin.hpp"

#include "base/append.hpp"
#include "base/digest.hpp"
#include "base/hex.hpp"
#include "base/url.hpp"

#include <boost/asio/ip/address_v6.hpp>
#include <boost/beast/core/string.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace tidings::http {

using boost::beast::iequals;

namespace {

constexpr std::uint16_t http_port = 80, https_port = 443;
constexpr std::string_view user_agent = "User-Agent: Tidings/0.1\r\n";
constexpr std::string_view accept_all = "Accept: */*\r\n";
// Their answers have no body, whatever they announce, or are none of HTTP.
constexpr std::string_view methods_not_spoken[] = {"HEAD", "CONNECT"};

bool is_http_url(std::string_view url)
{
    auto parts = base::split_http_url(url);
    bool has_host = parts && !parts->host_and_port.empty() && !parts->host_and_port.starts_with(':');
    return has_host && std::ranges::none_of(url, [](unsigned char c) { return c <= ' ' || c == 0x7F; });
}

bool is_target(std::string_view target)
{
    return target.starts_with('/') &&
           std::ranges::all_of(target, [](unsigned char c) { return c > ' ' && c < 0x7F && c != '#'; });
}

bool is_method(std::string_view method)
{
    return !method.empty() && std::ranges::all_of(method, [](char c) { return c >= 'A' && c <= 'Z'; }) &&
           std::ranges::find(methods_not_spoken, method) == std::end(methods_not_spoken);
}

// The two of headers look at each octet once: find_first_of() would call memchr() for each.
bool breaks_out(std::string_view text)
{
    return std::ranges::any_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

bool is_header_name(std::string_view name)
{
    return !name.empty() && !breaks_out(name) &&
           std::ranges::none_of(name, [](char c) { return c == ' ' || c == ':' || c == ';'; });
}

// Goes into a target as it is; everything else is percent-encoded.
bool stands_in_target(unsigned char c) { return c > ' ' && c < 0x7F; }

std::string percent_decoded(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        int high = -1, low = -1;
        if (text[i] == '%' && i + 2 < text.size()) {
            high = base::hex_value(text[i + 1]);
            low = base::hex_value(text[i + 2]);
        }
        if (high < 0 || low < 0) {
            out += text[i];
            continue;
        }
        out += static_cast<char>(high << 4 | low);
        i += 2;
    }
    return out;
}

// "user:password" of "http://user:password@host", each decoded by itself; without a colon the password is
// empty.
std::string authorization_of(std::string_view userinfo)
{
    std::size_t colon = std::min(userinfo.find(':'), userinfo.size());
    std::string user = percent_decoded(userinfo.substr(0, colon));
    std::string password = percent_decoded(userinfo.substr(std::min(colon + 1, userinfo.size())));
    return "Basic " + base::to_base64(user + ":" + password);
}

bool take_port(std::string_view digits, std::uint16_t& port)
{
    auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    return failure == std::errc() && end == digits.data() + digits.size() && port > 0;
}

// "host", "host:port", "[::1]" or "[::1]:port".
bool take_host(std::string_view text, Origin& origin)
{
    bool is_bracketed = text.starts_with('[');
    std::size_t end = is_bracketed ? text.find(']') : std::min(text.find(':'), text.size());
    if (end == text.npos) return false;
    origin.host = text.substr(is_bracketed, end - is_bracketed);
    text.remove_prefix(end + is_bracketed);
    boost::system::error_code is_none;
    if (is_bracketed) boost::asio::ip::make_address_v6(origin.host, is_none);
    // A scope would choose an interface of this machine.
    if (is_none || origin.host.empty() || origin.host.find('%') != origin.host.npos) return false;
    return text.empty() || (text.front() == ':' && take_port(text.substr(1), origin.port));
}

bool has_header(const ClientRequest& request, std::string_view name)
{
    return std::ranges::any_of(request.headers,
                               [name](const auto& header) { return iequals(header.first, name); });
}

void append_header(std::string& out, std::string_view name, std::string_view value)
{
    out.append(name).append(value.empty() ? ":" : ": ").append(value).append("\r\n");
}

}  // namespace

std::string target_of(std::string_view url)
{
    auto parts = base::split_http_url(url);
    std::string_view rest = parts ? parts->path_and_query : std::string_view();
    std::string target;
    target.reserve(rest.size() + 1);
    if (!rest.starts_with('/')) target = "/";
    constexpr char digits[] = "0123456789ABCDEF";
    // Nearly always all of it stands.
    auto odd = std::ranges::find_if_not(rest, &stands_in_target);
    target.append(rest.begin(), odd);
    for (unsigned char c : std::string_view(odd, rest.end())) {
        if (stands_in_target(c))
            target += static_cast<char>(c);
        else
            target.append({'%', digits[c >> 4], digits[c & 15]});
    }
    return target;
}

std::string_view origin_text(std::string_view url)
{
    std::size_t begin = url.find("://");
    if (begin == url.npos) return url;
    return url.substr(0, begin + 3 + base::authority_size(url.substr(begin + 3)));
}

base::Result<Origin> parse_origin(std::string_view url)
{
    auto parts = base::split_http_url(url);
    if (!parts) return base::errc::bad_url;
    Origin origin;
    origin.is_tls = parts->scheme.size() == std::string_view("https").size();
    const std::uint16_t usual = origin.is_tls ? https_port : http_port;
    origin.port = usual;
    if (!take_host(parts->host_and_port, origin)) return base::errc::bad_url;
    bool is_v6 = origin.host.find(':') != origin.host.npos;
    origin.host_and_port = is_v6 ? fmt::format("[{}]", origin.host) : origin.host;
    if (origin.port != usual) origin.host_and_port += fmt::format(":{}", origin.port);
    std::string_view before = url.substr(url.find("://") + 3);
    before = before.substr(0, static_cast<std::size_t>(parts->host_and_port.data() - before.data()));
    if (!before.empty()) origin.authorization = authorization_of(before.substr(0, before.size() - 1));
    return origin;
}

std::optional<ClientFailure> check(const ClientRequest& request)
{
    if (request.url.size() > url_max)
        return ClientFailure{base::errc::bad_url, fmt::format("a URL of more than {} octets", url_max)};
    if (!is_http_url(request.url))
        return ClientFailure{base::errc::bad_url, "not an http or https URL with a host"};
    if (!request.target.empty() && !is_target(request.target))
        return ClientFailure{base::errc::bad_url, "no target of a request"};
    const auto invalid = make_error_code(boost::system::errc::invalid_argument);
    if (!is_method(request.method)) return ClientFailure{invalid, "no method that is spoken"};
    for (const auto& [name, value] : request.headers)
        if (!is_header_name(name) || breaks_out(value))
            return ClientFailure{invalid, "a header that would break out of its line"};
    return std::nullopt;
}

void append_head(std::string& out, const ClientRequest& request, const Origin& origin)
{
    out.append(request.method).append(" ");
    if (request.target.empty())
        out.append(target_of(request.url));
    else
        out.append(request.target);
    out.append(" HTTP/1.1\r\n");
    append_header(out, "Host", origin.host_and_port);
    if (!has_header(request, "User-Agent")) out.append(user_agent);
    if (!has_header(request, "Accept")) out.append(accept_all);
    if (!origin.authorization.empty() && !has_header(request, "Authorization"))
        append_header(out, "Authorization", origin.authorization);
    for (const auto& [name, value] : request.headers) append_header(out, name, value);
    bool needs_no_body = request.method == "GET" || request.method == "DELETE";
    if (!request.body.empty() || !needs_no_body) {
        out.append("Content-Length: ");
        base::append_number(out, static_cast<std::int64_t>(request.body.size()));
        out.append("\r\n");
    }
    out.append("\r\n");
}

}  // namespace tidings::http
