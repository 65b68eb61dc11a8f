// SPDX-License-Identifier: Apache-2.0
// Headers that an application chooses for its webhook go out beside ours on one connection. So a name may be
// none that frames the request, that belongs to the connection, or by which a receiver tells that the
// request is from us; and neither name nor value may end its line, or else the rest would be a header, or a
// request, of its own.
#include "webhook/headers.hpp"

#include <fmt/format.h>
#include <boost/algorithm/string/predicate.hpp>

#include <algorithm>
#include <array>

namespace tidings::webhook {

namespace {

// What frames the request, belongs to the connection, or is set by us.
constexpr std::array<std::string_view, 19> forbidden = {
    "Host",
    "Content-Length",
    "Content-Type",
    "Date",
    "Connection",
    "Keep-Alive",
    "Proxy-Connection",
    "Transfer-Encoding",
    "TE",
    "Trailer",
    "Upgrade",
    "Expect",
    "X-Messagemedia-Signature",
    "X-Messagemedia-Digest-Type",
    "X-Messagemedia-Cipher-Type",
    "X-Messagemedia-Key-Id",
    "webhook-id",
    "webhook-timestamp",
    "webhook-signature",
};

bool is_token(char c)  // RFC 9110, 5.6.2
{
    bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return is_letter || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_control(char c)
{
    auto byte = static_cast<unsigned char>(c);
    // RFC 9110, 5.5: a tab may stand in a value; line ends and other controls may not.
    return (byte < 0x20 && c != '\t') || byte == 0x7F;
}

}  // namespace

std::optional<std::string> header_fault(std::string_view name, std::string_view value)
{
    if (name.empty() || name.size() > header_name_max)
        return fmt::format("a name must have 1 to {} characters", header_name_max);
    if (!std::ranges::all_of(name, is_token)) return "a name holds characters that no header name has";
    if (std::ranges::any_of(forbidden, [&](auto it) { return boost::algorithm::iequals(it, name); }))
        return fmt::format("{} is not for webhooks to set", name);
    if (value.size() > header_value_max)
        return fmt::format("a value must have at most {} characters", header_value_max);
    if (std::ranges::any_of(value, is_control)) return "a value holds control characters";
    return {};
}

}  // namespace tidings::webhook
