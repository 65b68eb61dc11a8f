// SPDX-License-Identifier: Apache-2.0
#include "relay/smpp_link.hpp"

#include "base/digest.hpp"
#include "base/log.hpp"
#include "relay/translate.hpp"

#include <cstdlib>

namespace tidings::relay {

namespace {

LossCause cause_of(smpp::Lost::Cause cause)
{
    switch (cause) {
    case smpp::Lost::Cause::closed: return LossCause::closed;
    case smpp::Lost::Cause::silent: return LossCause::silent;
    case smpp::Lost::Cause::unanswered: return LossCause::unanswered;
    }
    std::abort();
}

// A ticket of ours is the session, and command and sequence number in one.
constexpr unsigned sequence_bits = 32;

Bringer::Ticket ticket_of(const smpp::Ticket& ticket)
{
    auto command = static_cast<std::uint64_t>(ticket.command);
    return {ticket.session, command << sequence_bits | ticket.sequence};
}

smpp::Ticket smpp_ticket_of(const Bringer::Ticket& ticket)
{
    return {ticket.peer, static_cast<smpp::Command>(ticket.request >> sequence_bits),
            static_cast<std::uint32_t>(ticket.request)};
}

}  // namespace

SmppLink::SmppLink(LinkNeeds needs, const SmppSettings& settings)
    : clock_(needs.clock),
      settings_(settings),
      events_(std::move(needs.events)),
      ids_(settings.dialect.receipt_id ? settings.dialect.receipt_id : needs.learnt),
      told_form_(ids_.form()),
      client_(std::move(needs.executor), clock_, settings.client, client_events())
{
}

smpp::ClientEvents SmppLink::client_events()
{
    smpp::ClientEvents events;
    events.on_bound = events_.on_up;
    events.on_room = events_.on_room;
    events.on_answer = [this](const smpp::Answered& answer) { answered(answer); };
    events.on_lost = [this](const smpp::Lost& lost) {
        events_.on_doubt({cause_of(lost.cause), lost.tokens});
    };
    events.on_deliver = [this](const smpp::ShortMessage& message, const smpp::Ticket& ticket) {
        deliver(message, ticket);
    };
    if (settings_.full_trace) events.on_pdu = [this](const smpp::PduSeen& seen) { trace(seen); };
    return events;
}

// What a submit_sm cannot hold would be refused by every carrier, and by our codec before.
base::Result<std::size_t, message::Code> SmppLink::prepare(Number number, const store::Outbound& message)
{
    Submits submits;
    submits.message = message.key.id;
    submits.destination = message.destination;
    submits.reference = message.taken ? message.taken->reference : next_reference(message.destination);
    submits.parts = to_submits(settings_.dialect, message, submits.reference, clock_.now());
    // Its route would not have led here, had the link not changed meanwhile.
    bool is_unnamed = submits.parts[0].source.number.empty() && !message.sender.empty();
    if (is_unnamed) return message::Code::invalid_source;
    for (const smpp::ShortMessage& part : submits.parts)
        if (!smpp::encodable(smpp::Command::submit_sm, part)) return message::Code::discarded;
    std::size_t count = submits.parts.size();
    prepared_.emplace(number, std::move(submits));
    return count;
}

std::unique_ptr<Prepared> SmppLink::release(Number number)
{
    auto node = prepared_.extract(number);
    return std::make_unique<Submits>(std::move(node.mapped()));
}

bool SmppLink::adopt(Number number, std::unique_ptr<Prepared> prepared)
{
    auto* submits = dynamic_cast<Submits*>(prepared.get());
    if (!submits) return false;
    prepared_.emplace(number, std::move(*submits));
    return true;
}

const smpp::ShortMessage& SmppLink::submit_of(Token token) const
{
    return prepared_.at(number_of(token)).parts[part_of(token)];
}

std::uint16_t SmppLink::next_reference(std::string_view destination)
{
    // Handsets join parts by sender and reference. A count for each handset, or for some of them together,
    // comes round only after 256 or 65,536 messages to them; one count for the whole link would do so within
    // minutes.
    return references_[std::hash<std::string_view>{}(destination) % references_.size()]++;
}

LinkLoad SmppLink::load() const
{
    LinkLoad load;
    load.places = client_.binds();
    load.up = client_.bound();
    load.stopped_by = client_.stopped_by();
    load.window = client_.window();
    load.in_flight = client_.in_flight();
    load.oldest = client_.stalled_since();
    return load;
}

// Where the message has ended meanwhile its parts are gone, and nobody asks for the id.
void SmppLink::answered(const smpp::Answered& answered)
{
    Answer answer{meaning_of(answered.status), {}, {}, answered.sent, answered.congestion};
    if (answered.status != smpp::status::ok) answer.word = smpp::status_name(answered.status);
    auto found = prepared_.find(number_of(answered.token));
    if (answer.meaning.verdict == Verdict::accepted && found != prepared_.end()) {
        answer.carrier_id = ids_.of_response(answered.message_id, found->second.destination);
    }
    events_.on_answer(answered.token, answer);
}

void SmppLink::deliver(const smpp::ShortMessage& deliver, const smpp::Ticket& ticket)
{
    FromCarrier news = from_deliver(settings_.dialect, deliver, clock_.now());
    if (auto* receipt = std::get_if<store::Receipt>(&news)) {
        ids_.translate(*receipt);
        learn();
        events_.on_delivered(std::move(*receipt), Acknowledge(*this, ticket_of(ticket)));
    } else {
        auto& inbound = std::get<store::Inbound>(news);
        events_.on_delivered(std::move(inbound), Acknowledge(*this, ticket_of(ticket)));
    }
}

// Told once: the loop has it stored, so that it is known after a restart.
void SmppLink::learn()
{
    if (ids_.form() == told_form_) return;
    told_form_ = ids_.form();
    base::log_info(
        "link {}: its receipts write ids as {}; receipt_id in the configuration would say otherwise",
        settings_.client.name, message::name(*told_form_));
    events_.on_learnt(*told_form_);
}

// RX_T_APPN (SMPP 3.4, 5.1.3) asks for the same deliver_sm again; RX_P_APPN would have it dropped.
bool SmppLink::acknowledge(const Ticket& ticket, Stored stored)
{
    bool is_stored = stored == Stored::yes;
    return client_.answer(smpp_ticket_of(ticket),
                          is_stored ? smpp::status::ok : smpp::status::temporary_failure);
}

// Keeps a PDU for the trace of the message that it belongs to: one of ours, by its token, or the one that a
// receipt is about, by the carrier's id.
void SmppLink::trace(const smpp::PduSeen& seen)
{
    auto pdu = smpp::decode(seen.frame);
    if (!pdu) return;
    store::TracedPdu traced;
    traced.is_ours = seen.is_ours;
    auto found = prepared_.find(number_of(seen.token));
    if (found != prepared_.end()) traced.message = found->second.message;
    if (auto* deliver = std::get_if<smpp::ShortMessage>(&pdu->body); deliver && !seen.is_ours) {
        FromCarrier news = from_deliver(settings_.dialect, *deliver, clock_.now());
        if (auto* receipt = std::get_if<store::Receipt>(&news))
            traced.carrier_id = ids_.of_receipt(receipt->carrier_id, receipt->destination);
    }
    traced.text = smpp::describe(*pdu);
    traced.hex = base::to_hex(seen.frame);
    events_.on_trace(std::move(traced));
}

}  // namespace tidings::relay
