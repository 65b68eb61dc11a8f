// SPDX-License-Identifier: Apache-2.0
#include "relay/make_link.hpp"

#include "relay/smpp_link.hpp"

namespace tidings::relay {

std::unique_ptr<Link> make_link(const LinkSettings& settings, LinkNeeds needs)
{
    return std::make_unique<SmppLink>(std::move(needs), settings.smpp);
}

message::Formats formats_of(const LinkSettings&) { return {message::Format::sms}; }

text::Charset charset_of(const LinkSettings& settings) { return settings.smpp.dialect.charset; }

bool exclude_each_other(const LinkSettings& one, const LinkSettings& other)
{
    const smpp::ClientOptions &a = one.smpp.client, &b = other.smpp.client;
    return !a.outbind_host.empty() && !b.outbind_host.empty() && a.outbind_port == b.outbind_port;
}

}  // namespace tidings::relay
