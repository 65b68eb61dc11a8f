// SPDX-License-Identifier: Apache-2.0
// One SMPP session, of either side, without socket and clock. Bytes from the peer go in by feed(), what they
// mean comes out of next(), bytes for the peer gather in output(), the time comes in with every call.
//
//     open → binding → bound → leaving → unbinding → ended        any state → ended
//
// The session answers enquire_link and unbind by itself, asks enquire_link when nothing was heard, refuses
// commands that it does not serve, and ends when the peer is ill. Whoever owns it then closes the connection,
// after writing output().
#pragma once

#include "base/time.hpp"
#include "smpp/pdu.hpp"
#include "smpp/window.hpp"

#include <chrono>
#include <functional>
#include <optional>

namespace tidings::smpp {

enum class Role : std::uint8_t { esme, smsc };  // who binds; who is bound to

// A message or the answer to one, as it is on the wire.
struct PduSeen {
    bool is_ours = false;     // we send it
    std::uint64_t token = 0;  // of send(), for what was sent and its answer
    std::string_view frame;
};

struct SessionOptions {
    Role role = Role::esme;
    std::size_t window = 10;                             // requests in flight; SMPP 3.4, 2.9 recommends 10
    std::chrono::milliseconds enquire_link{30'000};      // silence after which the peer is asked
    std::chrono::milliseconds response_timeout{30'000};  // for every request of ours
    std::chrono::milliseconds session_init{10'000};      // for the peer to bind, or to ask for our bind
    std::string system_id = "tidings";                   // told in bind responses; role smsc
    std::function<void(const PduSeen&)> on_pdu{};        // for traces; may be empty
};

enum class End : std::uint8_t {
    unbound,     // one side asked and the other agreed
    refused,     // the bind was refused; Ended::status says why
    unanswered,  // a request of ours got no answer in time
    silent,      // nothing heard, two enquire_links unanswered
    unbindable,  // the peer did not bind, or ask for our bind, in time
    uninvited,   // the owner did not accept the peer's outbind
    garbage,     // a length that no PDU has
    closed,      // the connection closed or broke
    flooded,     // the peer does not read what we send
};
std::string_view name(End end);

struct BindAsked {  // role smsc: answer by answer_bind()
    Command command;
    Bind bind;
};
struct OutbindAsked {  // role esme, instead of our own beginning: bind(), or end() for a stranger
    Outbind outbind;
};
struct Bound {  // role esme
    std::string system_id;
    std::uint8_t
        version;  // sc_interface_version, 0 when not told; below 0x34 it knows no optional parameters
};
struct Received {  // submit_sm, deliver_sm or data_sm: answer by respond()
    Command command;
    std::uint32_t sequence;
    ShortMessage message;
};
struct Answered {  // to send()
    std::uint64_t token;
    std::uint32_t status;
    std::string message_id;
    base::Moment sent;                        // when it was
    std::optional<std::uint32_t> congestion;  // congestion_state, for carriers that tell it
};
// To send(): no answer in time, while requests that were sent later have theirs. The session goes on: it is
// the trouble of this one. Without such answers it is the peer's, and the session ends.
struct Unanswered {
    std::uint64_t token;
};
struct Malformed {  // a request whose body could not be read; it was refused
    Head head;
};
struct Ended {  // the last event
    End end;
    std::uint32_t status;
};
using Event = std::variant<BindAsked, OutbindAsked, Bound, Received, Answered, Unanswered, Malformed, Ended>;

class Session {
public:
    Session(SessionOptions options, base::Moment now);

    // Role esme, once, first or after OutbindAsked.
    void bind(Command command, const Bind& bind, base::Moment now);
    // Role smsc, once, after BindAsked. Any status but ok ends the session.
    void answer_bind(std::uint32_t status);

    // Bound in a way that may send messages, and not too many are unanswered.
    bool has_room() const { return state_ == State::bound && may_send() && window_.has_room(); }
    std::size_t in_flight() const { return window_.in_flight(); }
    // When the request was sent that waits longest, those left out that later ones have overtaken.
    std::optional<base::Moment> stalled_since() const { return window_.stalled_since(); }
    bool bound() const { return state_ == State::bound; }
    bool ended() const { return state_ == State::ended; }

    // submit_sm, deliver_sm or data_sm. Only while has_room(), and only what is encodable().
    void send(Command command, const ShortMessage& message, std::uint64_t token, base::Moment now);
    // Answers what Received told. `response` goes with status ok only; that of deliver_sm has no message_id.
    // Before the end.
    void respond(Command command, std::uint32_t sequence, std::uint32_t status,
                 const MessageResponse& response = {});
    // How many requests of the peer wait for respond(). Too many, and further ones are refused.
    std::size_t unanswered() const { return unanswered_; }

    // Sends no more messages, waits a little for answers, then unbinds. Ends at once when not bound.
    void unbind(base::Moment now);
    // For the owner of the connection: it is no more.
    void end(End end, std::uint32_t status = status::ok);

    void feed(std::string_view bytes) { input_.append(bytes); }
    void tick(base::Moment now);
    // Until it returns nothing. Answers and refusals may have been added to output() then.
    std::optional<Event> next(base::Moment now);
    std::string& output() { return output_; }  // the owner takes bytes from the front

    // Tokens sent and not answered: in doubt once the session ended.
    std::vector<std::uint64_t> take_in_flight() { return window_.take_all(); }

private:
    enum class State : std::uint8_t { open, binding, bound, leaving, unbinding, ended };

    bool may_send() const;
    bool may_receive() const;
    std::optional<Event> handle(Pdu& pdu, base::Moment now);
    std::optional<Event> bind_asked(Pdu& pdu);
    std::optional<Event> bind_answered(Pdu& pdu);
    std::optional<Event> received(Pdu& pdu);
    std::optional<Event> answered(Pdu& pdu, base::Moment now);
    std::optional<Event> malformed(const Head& head);
    void reply(const Head& request, std::uint32_t status);
    void nack(std::uint32_t sequence, std::uint32_t status);
    void request(Command command);
    void send_unbind(base::Moment now);
    void look_for_life(base::Moment now);
    void trace_ours(std::size_t from, std::uint64_t token = 0) const;
    void trace_theirs(std::uint64_t token = 0) const;

    SessionOptions options_;
    State state_ = State::open;
    Command bind_command_{};
    std::uint32_t bind_sequence_ = 0;
    base::Moment since_;  // of the present state
    base::Moment heard_;  // the last PDU of the peer
    int enquiries_ = 0;   // enquire_links sent since
    Window window_;
    std::size_t unanswered_ = 0;  // requests of the peer
    std::string input_;
    std::size_t consumed_ = 0;  // of input_
    std::string_view frame_;    // that is being handled
    std::string output_;
    std::vector<std::uint64_t> unanswered_tokens_;  // to be told
    std::optional<Ended> untold_;
};

}  // namespace tidings::smpp
