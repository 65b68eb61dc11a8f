// SPDX-License-Identifier: Apache-2.0
// The state machine of a session, for both sides; the diagram and what it does by itself stand in
// session.hpp.
//
// What a peer does wrong is answered as mildly as the standard lets us, since carriers differ and a link
// that is torn down puts all that is in flight in doubt. A body that cannot be read refuses its request and
// no more; an unknown command gets generic_nack; an answer to nothing is ignored. Only a length that no PDU
// has ends the session: from there on nobody knows where a PDU begins.
//
// Three things can be wrong with answers. One request without an answer, while later ones have theirs, is
// its own trouble and is told as such. Nothing answered in time means that the peer is gone, or ill. And
// where nothing comes at all, enquire_link asks, twice, before the line counts as dead.
#include "smpp/session.hpp"

#include <cassert>
#include <cstdlib>

namespace tidings::smpp {

namespace {

// Two unanswered enquire_links could be the loss of one packet each; three silences in a row are a dead line.
constexpr int enquiries_max = 2;

// How long unbind() waits for outstanding answers, and then again for unbind_resp: what stays unanswered is
// in doubt, but a process that stops must stop.
constexpr std::chrono::milliseconds leaving_max{5'000};

// Requests of the peer that may wait for respond(): half a megabyte of short messages. A peer that keeps to
// any sane window never meets it; the others are told to slow down.
constexpr std::size_t unanswered_max = 1'000;

}  // namespace

std::string_view name(End end)
{
    switch (end) {
    case End::unbound: return "unbound";
    case End::refused: return "bind refused";
    case End::unanswered: return "a request was not answered in time";
    case End::silent: return "nothing heard";
    case End::unbindable: return "did not bind in time";
    case End::uninvited: return "its outbind was not accepted";
    case End::garbage: return "not SMPP";
    case End::closed: return "connection closed";
    case End::flooded: return "does not read";
    }
    std::abort();
}

Session::Session(SessionOptions options, base::Moment now)
    : options_(std::move(options)), since_(now), heard_(now), window_(options_.window)
{
}

// A receiver bind carries messages to the ESME alone, a transmitter bind from it alone.
bool Session::may_send() const
{
    return bind_command_ !=
           (options_.role == Role::esme ? Command::bind_receiver : Command::bind_transmitter);
}

bool Session::may_receive() const
{
    return bind_command_ !=
           (options_.role == Role::esme ? Command::bind_transmitter : Command::bind_receiver);
}

void Session::bind(Command command, const Bind& bind, base::Moment now)
{
    assert(options_.role == Role::esme && state_ == State::open);
    state_ = State::binding;
    since_ = now;
    bind_command_ = command;
    // Not in the window, which is for messages: its answer is known by its state and, as generic_nack, by
    // this number.
    bind_sequence_ = window_.next_sequence();
    encode(output_, Head{command, status::ok, bind_sequence_}, bind);
}

void Session::answer_bind(std::uint32_t status)
{
    assert(options_.role == Role::smsc && state_ == State::binding);
    const Head head{response_to(bind_command_), status, bind_sequence_};
    if (status != status::ok) {
        encode(output_, head, Empty{});  // SMPP 3.4, 4.1.2: no body with an error
        return end(End::refused, status);
    }
    BindResponse response{options_.system_id, {tlv8(tag::sc_interface_version, version)}};
    encode(output_, head, response);
    state_ = State::bound;
}

void Session::send(Command command, const ShortMessage& message, std::uint64_t token, base::Moment now)
{
    assert(has_room());
    std::size_t from = output_.size();
    encode(output_, Head{command, status::ok, window_.add(token, now)}, message);
    trace_ours(from, token);
}

// Tells the trace of the PDU that stands in output_ from that place on.
void Session::trace_ours(std::size_t from, std::uint64_t token) const
{
    if (options_.on_pdu) options_.on_pdu({true, token, std::string_view(output_).substr(from)});
}

void Session::trace_theirs(std::uint64_t token) const
{
    if (options_.on_pdu) options_.on_pdu({false, token, frame_});
}

void Session::respond(Command command, std::uint32_t sequence, std::uint32_t status,
                      const MessageResponse& response)
{
    assert(state_ != State::ended && unanswered_ > 0);
    --unanswered_;
    const Head head{response_to(command), status, sequence};
    std::size_t from = output_.size();
    // SMPP 3.4, 4.4.2: no body with an error. deliver_sm_resp keeps its empty message_id; some carriers
    // insist on it.
    if (command == Command::submit_sm && status != status::ok)
        encode(output_, head, Empty{});
    else
        encode(output_, head, status == status::ok ? response : MessageResponse{});
    trace_ours(from);
}

void Session::unbind(base::Moment now)
{
    if (state_ == State::leaving || state_ == State::unbinding || state_ == State::ended) return;
    if (state_ != State::bound) return end(End::unbound);
    state_ = State::leaving;
    since_ = now;
    // Answers that are on their way come first, so that as little as possible is left in doubt.
    if (window_.in_flight() == 0) send_unbind(now);
}

void Session::send_unbind(base::Moment now)
{
    state_ = State::unbinding;
    since_ = now;
    request(Command::unbind);
}

void Session::end(End end, std::uint32_t status)
{
    if (state_ == State::ended) return;
    state_ = State::ended;
    untold_ = Ended{end, status};
}

void Session::request(Command command)
{
    encode(output_, Head{command, status::ok, window_.next_sequence()}, Empty{});
}

void Session::reply(const Head& request, std::uint32_t status)
{
    encode(output_, Head{response_to(request.command), status, request.sequence}, Empty{});
}

void Session::nack(std::uint32_t sequence, std::uint32_t status)
{
    encode(output_, Head{Command::generic_nack, status, sequence}, Empty{});
}

void Session::tick(base::Moment now)
{
    switch (state_) {
    case State::open:
        // SMPP 3.4, 7.2: session_init_timer. Without it strangers could hold connections open that say
        // nothing.
        if (now - since_ >= options_.session_init) end(End::unbindable);
        return;
    case State::binding:
        // The other side answers the bind itself, at once.
        if (options_.role == Role::esme && now - since_ >= options_.response_timeout) end(End::unanswered);
        return;
    case State::leaving:
        if (now - since_ >= leaving_max) return send_unbind(now);
        return look_for_life(now);
    case State::bound: return look_for_life(now);
    case State::unbinding:
        if (now - since_ >= std::min(options_.response_timeout, leaving_max)) end(End::unanswered);
        return;
    case State::ended: return;
    }
    std::abort();
}

// Called at each tick. First the answers that are due, in the order of what each silence means; then the
// line.
void Session::look_for_life(base::Moment now)
{
    auto stalled = window_.stalled_since();
    // As long as later requests get their answers in half of the time, one without an answer is its own
    // trouble. Where all that was sent last is late, too, the whole session is, and ends below.
    bool is_alive = !stalled || now - *stalled < options_.response_timeout / 2;
    if (is_alive) unanswered_tokens_ = window_.take_overtaken(now - options_.response_timeout);
    if (state_ == State::leaving && window_.in_flight() == 0) return send_unbind(now);
    auto oldest = window_.oldest();
    if (oldest && now - *oldest >= options_.response_timeout) return end(End::unanswered);
    // After each enquire_link the peer has another period to say anything. Any PDU counts, an answer or not.
    if (now - heard_ < options_.enquire_link * (enquiries_ + 1)) return;
    if (enquiries_ == enquiries_max) return end(End::silent);
    ++enquiries_;
    request(Command::enquire_link);
}

std::optional<Event> Session::next(base::Moment now)
{
    if (!unanswered_tokens_.empty()) {
        Unanswered unanswered{unanswered_tokens_.back()};
        unanswered_tokens_.pop_back();
        return unanswered;
    }
    // PDUs are handled one at a time, and each may end the session; then what follows is not looked at.
    while (state_ != State::ended) {
        std::string_view rest = std::string_view(input_).substr(consumed_);
        auto size = frame_size(rest);
        if (!size) {
            nack(0, status::invalid_command_length);
            end(End::garbage);
            break;
        }
        if (*size == 0 || rest.size() < *size) {
            // Once for all PDUs that came together: to erase each by itself would move the rest of the bytes
            // as often.
            input_.erase(0, consumed_);
            consumed_ = 0;
            break;
        }
        consumed_ += *size;
        heard_ = now;
        enquiries_ = 0;
        frame_ = rest.substr(0, *size);
        auto pdu = decode(frame_);
        // The event may own what the PDU held, but frame_ points into input_ and is good until the next
        // feed().
        auto event = pdu ? handle(*pdu, now) : malformed(decode_head(rest));
        if (event) return event;
    }
    if (!untold_) return std::nullopt;
    return *std::exchange(untold_, std::nullopt);
}

std::optional<Event> Session::handle(Pdu& pdu, base::Moment now)
{
    const Head& head = pdu.head;
    switch (head.command) {
    case Command::enquire_link: reply(head, status::ok); return std::nullopt;
    // The peer may unbind at any time. What of ours is in flight is in doubt then, as with a connection that
    // broke.
    case Command::unbind:
        reply(head, status::ok);
        end(End::unbound);
        return std::nullopt;
    case Command::unbind_resp:
        if (state_ == State::unbinding) end(End::unbound);
        return std::nullopt;
    case Command::bind_receiver:
    case Command::bind_transmitter:
    case Command::bind_transceiver: return bind_asked(pdu);
    case Command::bind_receiver_resp:
    case Command::bind_transmitter_resp:
    case Command::bind_transceiver_resp: return bind_answered(pdu);
    case Command::outbind:  // has no response, and comes before everything else
        if (options_.role != Role::esme || state_ != State::open) return std::nullopt;
        return OutbindAsked{std::get<Outbind>(std::move(pdu.body))};
    case Command::submit_sm:
    case Command::deliver_sm:
    case Command::data_sm: return received(pdu);
    case Command::submit_sm_resp:
    case Command::deliver_sm_resp:
    case Command::data_sm_resp: return answered(pdu, now);
    case Command::generic_nack:
        // Some carriers refuse a bind so, and some answer enquire_link so. That line is alive, and it was all
        // we asked.
        if (head.status == status::ok) pdu.head.status = status::unknown_error;
        if (state_ == State::binding && head.sequence == bind_sequence_) return bind_answered(pdu);
        return answered(pdu, now);
    case Command::query_sm:
    case Command::replace_sm:
    case Command::cancel_sm:
    case Command::submit_multi: reply(head, status::invalid_command_id); return std::nullopt;
    case Command::alert_notification:  // has no response and concerns only those who asked for it
    case Command::enquire_link_resp:
    case Command::query_sm_resp:
    case Command::replace_sm_resp:
    case Command::cancel_sm_resp:
    case Command::submit_multi_resp: return std::nullopt;
    }
    if (!is_response(head.command)) nack(head.sequence, status::invalid_command_id);
    return std::nullopt;
}

std::optional<Event> Session::bind_asked(Pdu& pdu)
{
    if (options_.role == Role::esme) {
        reply(pdu.head, status::invalid_command_id);
        return std::nullopt;
    }
    if (state_ != State::open) {
        // SMPP 3.4, 5.1.3: ESME_RALYBND. The session that is bound goes on.
        reply(pdu.head, status::already_bound);
        return std::nullopt;
    }
    state_ = State::binding;
    bind_command_ = pdu.head.command;
    bind_sequence_ = pdu.head.sequence;
    return BindAsked{bind_command_, std::get<Bind>(std::move(pdu.body))};
}

std::optional<Event> Session::bind_answered(Pdu& pdu)
{
    if (options_.role != Role::esme || state_ != State::binding) return std::nullopt;
    auto* response = std::get_if<BindResponse>(&pdu.body);
    // generic_nack has no such body.
    if (!response || pdu.head.status != status::ok) {
        end(End::refused, pdu.head.status);
        return std::nullopt;
    }
    state_ = State::bound;
    auto told = number(response->tlvs, tag::sc_interface_version).value_or(0);
    return Bound{std::move(response->system_id), static_cast<std::uint8_t>(told)};
}

// Requests that carry messages. They are counted until the owner responds, and the traces have them,
// whatever becomes of them.
std::optional<Event> Session::received(Pdu& pdu)
{
    trace_theirs();
    const Head head = pdu.head;
    const Command served = options_.role == Role::esme ? Command::deliver_sm : Command::submit_sm;
    ++unanswered_;
    if (head.command != served && head.command != Command::data_sm) {
        respond(head.command, head.sequence, status::invalid_command_id);
    } else if (state_ == State::open || state_ == State::binding || !may_receive()) {
        // SMPP 3.4, 2.3 says which command is for which bind.
        respond(head.command, head.sequence, status::invalid_bind_state);
    } else if (state_ != State::bound) {
        // We leave, and could not answer in time; it comes again on another bind.
        respond(head.command, head.sequence, status::temporary_failure);
    } else if (unanswered_ > unanswered_max) {
        respond(head.command, head.sequence,
                options_.role == Role::esme ? status::temporary_failure : status::throttled);
    } else if (std::get<ShortMessage>(pdu.body).lost_text) {
        respond(head.command, head.sequence, status::invalid_optional_part);
        return Malformed{head};
    } else {
        return Received{head.command, head.sequence, std::get<ShortMessage>(std::move(pdu.body))};
    }
    return std::nullopt;
}

std::optional<Event> Session::answered(Pdu& pdu, base::Moment now)
{
    // One that nobody waits for: sent twice, or after its time.
    auto request = window_.take(pdu.head.sequence);
    if (!request) return std::nullopt;
    trace_theirs(request->token);
    if (state_ == State::leaving && window_.in_flight() == 0) send_unbind(now);
    Answered answer{request->token, pdu.head.status, {}, request->sent, {}};
    if (auto* response = std::get_if<MessageResponse>(&pdu.body)) {
        answer.message_id = std::move(response->message_id);
        answer.congestion = number(response->tlvs, tag::congestion_state);
    }
    return answer;
}

// The head could be read, so that the peer learns which request it was.
std::optional<Event> Session::malformed(const Head& head)
{
    reply(head, status::invalid_command_length);
    return Malformed{head};
}

}  // namespace tidings::smpp
