// SPDX-License-Identifier: Apache-2.0
#include "sandbox_link.hpp"

#include "base/digest.hpp"

namespace tidings {

using namespace std::chrono_literals;

relay::LinkSettings SandboxLink::settings(std::uint16_t smpp_port, bool has_others)
{
    constexpr std::size_t window = 100;
    relay::LinkSettings link;
    link.loop.name = name;
    link.loop.by_route_only = has_others;
    link.loop.sending.in_doubt.wait = 0ms;
    link.loop.sending.others_between = window;
    link.loop.inlet = &inlet_;
    link.smpp.client.name = name;
    link.smpp.client.host = "127.0.0.1";
    link.smpp.client.port = smpp_port;
    link.smpp.client.system_id = "tidings";
    link.smpp.client.window = window;
    link.smpp.client.reconnect_min = 50ms;
    return link;
}

boost::asio::awaitable<bool> SandboxLink::bring_mms(sandbox::Letter letter)
{
    store::Inbound inbound;
    inbound.source = std::move(letter.from);
    inbound.destination = std::move(letter.to);
    inbound.content = std::move(letter.content);
    inbound.received_at = clock_.now();
    inbound.fingerprint = base::sha256(ids_.next().text());  // no two are the same
    inbound.format = message::Format::mms;
    inbound.attachments = std::move(letter.attachments);
    auto bringing = inlet_.bring(std::move(inbound));
    relay::Stored stored = co_await std::move(bringing);
    co_return stored == relay::Stored::yes;
}

}  // namespace tidings
