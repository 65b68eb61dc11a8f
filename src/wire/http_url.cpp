// SPDX-License-Identifier: Apache-2.0
// Which URLs may be called. Checked here is what decides where a request goes: the scheme, that there is a
// host, and that nothing in the URL can end a line or a word of the request. Path and query are left as they
// are, since clients send characters there that RFC 3986 wants encoded: these are encoded when the URL leaves
// (http::target_of). A host beyond ASCII is judged in the form in which it leaves.
#include "wire/http_url.hpp"

#include "base/url.hpp"
#include "base/utf8.hpp"
#include "text/idna.hpp"

#include <fmt/format.h>
#include <boost/url/ipv6_address.hpp>

#include <algorithm>

namespace tidings::wire {

namespace {

constexpr std::size_t label_max = 63;
constexpr std::size_t host_max = 253;
constexpr unsigned port_max = 65535;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// The blanks of Unicode, too: what looks like two words is not one URL.
bool is_blank_or_control(char32_t c)
{
    if (c <= 0x20 || (c >= 0x7F && c <= 0xA0)) return true;
    return c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000;
}

bool has_blank_or_control(std::string_view text)
{
    while (!text.empty())
        if (is_blank_or_control(base::take_code_point(text))) return true;
    return false;
}

bool is_label(std::string_view label)
{
    if (label.empty() || label.size() > label_max || label.front() == '-' || label.back() == '-')
        return false;
    return std::all_of(label.begin(), label.end(),
                       [](char c) { return is_digit(c) || is_letter(c) || c == '-'; });
}

// RFC 1123, 2.1. An IPv4 address has this form too.
bool is_host_name(std::string_view host)
{
    if (host.size() > host_max) return false;
    for (;;) {
        std::size_t dot = host.find('.');
        if (!is_label(host.substr(0, dot))) return false;
        if (dot == host.npos) return true;
        host.remove_prefix(dot + 1);
    }
}

// A URL with port 0 is well formed, but nobody listens there.
bool is_port(std::string_view digits)
{
    if (digits.empty() || digits.size() > 5 || !std::all_of(digits.begin(), digits.end(), is_digit))
        return false;
    unsigned port = 0;
    for (char c : digits) port = port * 10 + static_cast<unsigned>(c - '0');
    return port >= 1 && port <= port_max;
}

// "host", "host:port", "[::1]" or "[::1]:port".
bool is_host_and_port(std::string_view text)
{
    // A user name before the host, "user@host", is no host name and is refused with it.
    bool bracketed = text.starts_with('[');
    std::size_t end = bracketed ? text.find(']') : text.find(':');
    if (bracketed) {
        if (end == text.npos || !boost::urls::parse_ipv6_address(text.substr(1, end - 1))) return false;
        text.remove_prefix(end + 1);
    } else {
        if (!is_host_name(text.substr(0, end))) return false;
        text.remove_prefix(std::min(end, text.size()));
    }
    return text.empty() || (text.front() == ':' && is_port(text.substr(1)));
}

}  // namespace

bool is_http_url(std::string_view url)
{
    auto parts = base::split_http_url(url);
    if (!parts || has_blank_or_control(url)) return false;
    auto host_and_port = text::ascii_host_and_port(parts->host_and_port);
    return host_and_port && is_host_and_port(*host_and_port);
}

std::string sent_origin(std::string_view url)
{
    auto parts = base::split_http_url(url);
    if (!parts) return {};
    auto begin = static_cast<std::size_t>(parts->host_and_port.data() - url.data());
    std::string_view given = url.substr(0, begin + parts->host_and_port.size());
    std::string origin;
    origin.reserve(url.size() + 1);
    auto is_ascii = [](unsigned char c) { return c < 0x80; };
    if (std::ranges::all_of(given, is_ascii)) {
        origin = given;
        return origin;
    }
    for (char c : url.substr(0, begin))
        if (static_cast<unsigned char>(c) < 0x80)
            origin += c;
        else
            origin += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    return origin += text::ascii_host_and_port(parts->host_and_port).value_or("");
}

}  // namespace tidings::wire
