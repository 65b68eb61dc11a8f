// SPDX-License-Identifier: Apache-2.0
#include "carrier.hpp"

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>

namespace tidings::bench {

using boost::system::error_code;

namespace {

// Receipts without an answer: a group commit's worth, so that it is not the limit.
constexpr std::size_t window = 1'000;
constexpr std::uint8_t receipt_class = 0x04;  // SMPP 3.4, 5.2.12
constexpr std::uint8_t state_delivered = 2;   // SMPP 3.4, 5.2.28

smpp::ServerOptions options_for(std::uint16_t port)
{
    smpp::ServerOptions options;
    options.port = port;
    options.window = window;
    return options;
}

}  // namespace

Carrier::Carrier(asio::io_context& context, base::Clock& clock, std::uint16_t port, Answers answers)
    : context_(context),
      answers_(answers),
      server_(context.get_executor(), clock, options_for(port), events())
{
    asio::co_spawn(context, run(), asio::detached);
}

asio::awaitable<void> Carrier::run()
{
    co_await server_.run();
    stopped_ = true;
}

smpp::ServerEvents Carrier::events()
{
    smpp::ServerEvents events;
    events.on_bind = [](smpp::SessionId, smpp::Command, const smpp::Bind&) { return smpp::status::ok; };
    events.on_room = [this](smpp::SessionId session) { deliver(session); };
    events.on_submit = [this](smpp::ShortMessage message, const smpp::Ticket& ticket) {
        submitted(std::move(message), ticket);
    };
    events.on_deliver_answer = [this](smpp::SessionId, std::uint64_t token, std::uint32_t status) {
        answered(token, status);
    };
    events.on_close = [this](smpp::SessionId, const std::vector<std::uint64_t>& unanswered) {
        for (std::uint64_t token : unanswered) owed_.push_back(std::move(in_flight_.extract(token).mapped()));
    };
    return events;
}

void Carrier::submitted(smpp::ShortMessage message, const smpp::Ticket& ticket)
{
    ++submitted_;
    last_session_ = ticket.session;
    if (answers_ == Answers::nothing) return;
    Conduct how = conduct ? conduct(message) : Conduct{};
    if (how.closes) return server_.close(ticket.session);
    if (how.id.empty()) how.id = fmt::format("{:016x}", submitted_);
    if (how.after.count() == 0) return answer(std::move(message), ticket, std::move(how));
    auto timer = std::make_shared<asio::steady_timer>(context_, how.after);
    timer->async_wait([this, timer, message = std::move(message), ticket, how](error_code) mutable {
        answer(std::move(message), ticket, std::move(how));
    });
}

void Carrier::answer(smpp::ShortMessage message, const smpp::Ticket& ticket, Conduct conduct)
{
    server_.respond(ticket, conduct.status, {.message_id = conduct.id});
    if (conduct.status != smpp::status::ok || conduct.receipt == Conduct::Receipt::never) return;
    bool is_late = conduct.receipt == Conduct::Receipt::later;
    Owed owed{std::move(conduct.id), std::move(message.source), std::move(message.destination)};
    if (is_late) return late_.push_back(std::move(owed));
    owed_.push_back(std::move(owed));
    deliver(ticket.session);
}

void Carrier::send_late_receipts()
{
    for (Owed& owed : std::exchange(late_, {})) owed_.push_back(std::move(owed));
    deliver(last_session_);
}

void Carrier::answered(std::uint64_t token, std::uint32_t status)
{
    auto node = in_flight_.extract(token);
    if (status == smpp::status::ok)
        ++arrived_;
    else
        owed_.push_back(std::move(node.mapped()));
}

void Carrier::deliver(smpp::SessionId session)
{
    while (!owed_.empty() && server_.has_room(session)) {
        Owed& owed = owed_.front();
        smpp::ShortMessage receipt;
        receipt.source = owed.destination;
        receipt.destination = owed.source;
        receipt.esm_class = receipt_class;
        receipt.short_message = fmt::format(
            "id:{} sub:001 dlvrd:001 submit date:2601010000 done date:2601010000 "
            "stat:DELIVRD err:000 text:",
            owed.id);
        receipt.tlvs.push_back(smpp::tlv_text(smpp::tag::receipted_message_id, owed.id));
        receipt.tlvs.push_back(smpp::tlv8(smpp::tag::message_state, state_delivered));
        std::uint64_t token = ++last_token_;
        in_flight_.emplace(token, std::move(owed));
        owed_.pop_front();
        server_.deliver(session, receipt, token);
    }
}

}  // namespace tidings::bench
