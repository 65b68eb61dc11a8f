// SPDX-License-Identifier: Apache-2.0
// One link may hold several binds to its carrier at once, and where the carrier wants a bind of its own for
// each direction, two for each of them. Each such leg lives by itself: it connects (or, with outbind, waits
// to be called), binds, serves until the connection ends, and begins anew after a pause.
//
//     transceiver    n legs that send and receive
//     pair           n legs that send, n that receive
//
// Submits take the legs in turn. What is in flight on a leg whose connection ends is in doubt: nobody knows
// whether the carrier has it, and the owner is told the tokens.
//
// A message that goes alone, because the carrier seems to stumble over it, needs a leg with nothing in
// flight. One is cleared for it: it gets no more, until its last answer is here.
//
// Carriers lock accounts that bind with a wrong password again and again. So after some refusals of that kind
// in a row the client gives up for good, and says so. All others are tried for ever, "bind failed" included
// once the account has shown that it is good: carriers say it while they restart, or while they believe that
// our last connection still stands. Only beside others that are bound does it end a bind: then the carrier
// does not allow as many.
#include "smpp/client.hpp"

#include "base/digest.hpp"
#include "base/log.hpp"
#include "base/together.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cassert>
#include <stdexcept>

namespace tidings::smpp {

using asio::ip::tcp;

namespace {

constexpr int doublings_max = 16;  // of the delay between attempts; far over any reconnect_max

std::unique_ptr<asio::ssl::context> make_tls(const ClientOptions& options)
{
    if (!options.tls) return nullptr;
    auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_client);
    // TLS 1.0 and 1.1 are deprecated (RFC 8996).
    context->set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
    if (options.ca_file.empty()) {
        context->set_default_verify_paths();
    } else {
        context->load_verify_file(options.ca_file);
    }
    return context;
}

std::optional<tcp::acceptor> make_acceptor(const asio::any_io_executor& executor,
                                           const ClientOptions& options)
{
    if (options.outbind_host.empty()) return std::nullopt;
    try {
        tcp::endpoint endpoint(asio::ip::make_address(options.outbind_host), options.outbind_port);
        return tcp::acceptor(executor, endpoint);
    } catch (const boost::system::system_error& error) {
        throw std::runtime_error(fmt::format("link {} cannot listen on {}, port {}: {}", options.name,
                                             options.outbind_host, options.outbind_port,
                                             error.code().message()));
    }
}

// Whether the peer ended it, or was given up. After the second it may still be at work on what it has.
Lost::Cause cause_of(End end)
{
    switch (end) {
    case End::unbound:
    case End::garbage:
    case End::closed: return Lost::Cause::closed;
    case End::refused:
    case End::unanswered:
    case End::silent:
    case End::unbindable:
    case End::uninvited:
    case End::flooded: return Lost::Cause::silent;
    }
    std::abort();
}

}  // namespace

Client::Client(asio::any_io_executor executor, base::Clock& clock, ClientOptions options, ClientEvents events)
    : executor_(std::move(executor)),
      clock_(clock),
      options_(std::move(options)),
      events_(std::move(events)),
      tls_(make_tls(options_)),
      acceptor_(make_acceptor(executor_, options_)),
      stop_(executor_)
{
    // Asked once, here: from now on each bind may be encoded without a check. The sizes are those of SMPP
    // 3.4, 4.1.1, less the NUL.
    if (!encodable(Command::bind_transceiver, credentials())) {
        throw std::invalid_argument("link " + options_.name +
                                    ": system_id has at most 15 characters, password 8, system_type 12");
    }
    for (std::size_t i = 0; i < options_.binds; ++i) {
        if (options_.mode == BindMode::transceiver) {
            legs_.push_back({.command = Command::bind_transceiver});
        } else {
            legs_.push_back({.command = Command::bind_transmitter});
            legs_.push_back({.command = Command::bind_receiver});
        }
    }
}

Client::~Client() = default;

asio::awaitable<void> Client::run()
{
    co_await run_from(0);
    acceptor_.reset();  // a successor may listen there
}

// All legs from this one on, at the same time.
asio::awaitable<void> Client::run_from(std::size_t first)
{
    if (first + 1 == legs_.size()) {
        co_await run_leg(legs_[first]);
    } else {
        co_await base::both(run_leg(legs_[first]), run_from(first + 1));
    }
}

void Client::stop()
{
    if (stopping_) return;
    stopping_ = true;
    stop_.close();
    for (Leg& leg : legs_) {
        // A leg without a connection is woken from its pause or its connecting by the closed channel.
        if (leg.connection) leg.connection->unbind();
    }
}

bool Client::has_room(const Leg& leg)
{
    // A bind_receiver has no room by itself (Session::may_send), so that submits never go to it.
    return leg.use == Use::together && leg.connection && leg.connection->session().has_room();
}

bool Client::has_room_alone(const Leg& leg)
{
    if (leg.use == Use::alone || !leg.connection) return false;
    return leg.connection->session().has_room() && leg.connection->session().in_flight() == 0;
}

bool Client::has_room() const
{
    return std::ranges::any_of(legs_, [](const Leg& leg) { return has_room(leg); });
}

std::size_t Client::bound() const
{
    auto bound = [](const Leg& leg) { return leg.connection && leg.connection->session().bound(); };
    return static_cast<std::size_t>(std::ranges::count_if(legs_, bound));
}

std::size_t Client::in_flight() const
{
    std::size_t sum = 0;
    for (const Leg& leg : legs_)
        if (leg.connection) sum += leg.connection->session().in_flight();
    return sum;
}

std::optional<base::Moment> Client::stalled_since() const
{
    std::optional<base::Moment> oldest;
    for (const Leg& leg : legs_) {
        if (!leg.connection) continue;
        auto sent = leg.connection->session().stalled_since();
        if (sent && (!oldest || *sent < *oldest)) oldest = sent;
    }
    return oldest;
}

// In turn, so that binds with limits of their own get the same.
void Client::submit(std::uint64_t token, const ShortMessage& message)
{
    assert(has_room());
    while (!has_room(legs_[turn_])) turn_ = (turn_ + 1) % legs_.size();
    Leg& leg = legs_[turn_];
    turn_ = (turn_ + 1) % legs_.size();
    send(leg, token, message);
}

void Client::send(Leg& leg, std::uint64_t token, const ShortMessage& message)
{
    leg.connection->session().send(Command::submit_sm, message, token, clock_.steady());
    leg.connection->flush();
    if (!has_room()) room_awaited_ = true;
}

// Clears the leg with the fewest submits in flight, which will be empty soonest. One whose window is full
// counts, too: it has no room at present but will have.
void Client::clear_a_leg()
{
    auto is_clearing = [](const Leg& leg) { return leg.use != Use::together; };
    room_awaited_ = true;
    if (std::ranges::any_of(legs_, is_clearing)) return;
    Leg* least = nullptr;
    for (Leg& leg : legs_) {
        if (leg.command == Command::bind_receiver || !leg.connection || !leg.connection->session().bound())
            continue;
        if (!least || leg.connection->session().in_flight() < least->connection->session().in_flight())
            least = &leg;
    }
    if (least) least->use = Use::clearing;
}

void Client::use_all_legs()
{
    for (Leg& leg : legs_)
        if (leg.use == Use::clearing) leg.use = Use::together;
}

bool Client::has_room_alone() const
{
    return std::ranges::any_of(legs_, [](const Leg& leg) { return has_room_alone(leg); });
}

void Client::submit_alone(std::uint64_t token, const ShortMessage& message)
{
    assert(has_room_alone());
    use_all_legs();
    Leg& leg = *std::ranges::find_if(legs_, [](const Leg& each) { return has_room_alone(each); });
    leg.use = Use::alone;
    send(leg, token, message);
}

void Client::answered(Leg& leg)
{
    if (leg.use == Use::alone) leg.use = Use::together;
}

bool Client::answer(const Ticket& ticket, std::uint32_t status)
{
    for (Leg& leg : legs_) {
        // By the number of the connection and not by the leg: a leg that has bound again meanwhile knows
        // nothing of this deliver_sm, and its peer will send it again.
        if (!leg.connection || leg.number != ticket.session || leg.connection->session().ended()) continue;
        leg.connection->session().respond(ticket.command, ticket.sequence, status);
        leg.connection->flush();
        return true;
    }
    return false;
}

// The life of a leg, until the client stops: connect, serve, pause.
asio::awaitable<void> Client::run_leg(Leg& leg)
{
    while (!stopping_) {
        std::optional<Stream> stream;
        if (acceptor_)
            stream = co_await accept();
        else
            stream = co_await connect();
        if (stream) co_await serve(leg, std::move(*stream));
        // Only on a refusal, so that a leg that merely lost its connection does not end the client for what
        // others met.
        if (gives_up(leg)) co_return;
        if (!stopping_) co_await pause(next_delay(leg));
    }
}

bool Client::counts(std::uint32_t refusal) const
{
    if (refusal == status::bind_failed) return !was_bound_ || bound() > 0;
    return std::ranges::find(options_.refusals_that_stop, refusal) != options_.refusals_that_stop.end();
}

// True: it tries no more. While others are bound, the carrier may simply not allow as many.
bool Client::gives_up(const Leg& leg)
{
    if (!leg.refusal || refusals_ < options_.refusals_max || stopping_) return false;
    if (bound() > 0) {
        base::log_error("link {}: a bind gives up, {} were refused one after another; {} of {} are bound",
                        options_.name, refusals_, bound(), binds());
        refusals_ = 0;
        return true;
    }
    stopped_by_ = status_name(leg.refusal);
    base::log_error(
        "link {} gives up: {} binds were refused one after another, the last with {}; correct its "
        "credentials, and then `tidings link restart {}` or SIGHUP",
        options_.name, refusals_, stopped_by_, options_.name);
    stop();
    return true;
}

asio::awaitable<void> Client::connect(Stream& stream, error_code& error)
{
    error = co_await stream.connect(options_.host, options_.port);
}

asio::awaitable<std::optional<Stream>> Client::connect()
{
    Stream stream(executor_, tls_.get());
    error_code error;
    auto deadline = clock_.wait_until(clock_.steady() + options_.response_timeout);
    std::size_t first = co_await base::first_of(connect(stream, error), std::move(deadline), stopped());
    if (stopping_) co_return std::nullopt;
    bool is_answered = first == 0;
    if (is_answered && !error) co_return std::move(stream);
    base::log_warning("link {} cannot connect to {} port {}: {}", options_.name, options_.host, options_.port,
                      is_answered ? error.message() : "no answer");
    co_return std::nullopt;
}

asio::awaitable<void> Client::accept(tcp::socket& socket, error_code& error)
{
    auto accepted = co_await acceptor_->async_accept(asio::as_tuple(asio::use_awaitable));
    error = std::get<0>(accepted);
    if (!error) socket = std::move(std::get<1>(accepted));
}

asio::awaitable<std::optional<Stream>> Client::accept()
{
    tcp::socket socket(executor_);
    error_code error;
    std::size_t first = co_await base::first_of(accept(socket, error), stopped());
    if (first != 0 || stopping_) co_return std::nullopt;
    if (!error) co_return Stream(std::move(socket));
    base::log_warning("link {} cannot accept a connection: {}", options_.name, error.message());
    co_return std::nullopt;
}

// The leg keeps its connection until run() is over, and run() is over only after the session's last event: so
// whoever is called back from there may use it.
asio::awaitable<void> Client::serve(Leg& leg, Stream stream)
{
    ConnectionEvents events{[this, &leg](Event& event) { handle(leg, event); }, [this] { tell_room(); }};
    leg.connection =
        std::make_unique<Connection>(std::move(stream), clock_, session_options(), std::move(events));
    leg.number = ++last_number_;
    leg.refusal = status::ok;
    leg.malformed = 0;
    // Whatever the connection before was being cleared for ended with it.
    leg.use = Use::together;
    if (!acceptor_) leg.connection->session().bind(leg.command, credentials(), clock_.steady());
    co_await leg.connection->run();
    // Taken out here, after the last event: an answer that came until then is no doubt.
    Lost lost{cause_of(leg.end), leg.connection->session().take_in_flight()};
    leg.connection.reset();
    leg.number = 0;
    // The owner hears of fewer binds first, so that what it does about the doubts does not count on this
    // one.
    events_.on_bound(bound());
    if (!lost.tokens.empty()) events_.on_lost(lost);
}

// Between half and the whole of a time that doubles: links that broke together do not come back together.
std::chrono::milliseconds Client::next_delay(Leg& leg)
{
    // A carrier that connects has pauses of its own.
    if (acceptor_) leg.failures = 0;
    auto whole = options_.reconnect_min * (1 << std::min(leg.failures++, doublings_max));
    whole = std::min(whole, options_.reconnect_max);
    auto half = static_cast<std::uint64_t>(whole.count()) / 2;
    return std::chrono::milliseconds(half + clock_.random() % (half + 1));
}

asio::awaitable<void> Client::pause(std::chrono::milliseconds time)
{
    auto over = clock_.wait_until(clock_.steady() + time);
    co_await base::first_of(std::move(over), stopped());
}

asio::awaitable<void> Client::stopped() { co_await stop_.async_receive(asio::as_tuple(asio::use_awaitable)); }

// What the session of a leg says. Of one that has been bound the count of failures begins anew.
void Client::handle(Leg& leg, Event& event)
{
    if (auto* asked = std::get_if<OutbindAsked>(&event)) {
        outbind_asked(leg, asked->outbind);
    } else if (auto* bound = std::get_if<Bound>(&event)) {
        // One bind that succeeds shows that the credentials are right.
        leg.failures = refusals_ = 0;
        was_bound_ = true;
        base::log_info("link {} bound: {} at {}, interface version 0x{:02X}", options_.name,
                       name(leg.command), bound->system_id, bound->version);
        events_.on_bound(this->bound());
    } else if (auto* answer = std::get_if<Answered>(&event)) {
        answered(leg);
        events_.on_answer(*answer);
    } else if (auto* unanswered = std::get_if<Unanswered>(&event)) {
        base::log_warning("link {}: its carrier did not answer a submit, and answers others", options_.name);
        answered(leg);
        Lost lost{Lost::Cause::unanswered, {unanswered->token}};
        events_.on_lost(lost);
    } else if (auto* received = std::get_if<Received>(&event)) {
        events_.on_deliver(std::move(received->message),
                           Ticket{leg.number, received->command, received->sequence});
    } else if (auto* malformed = std::get_if<Malformed>(&event)) {
        // The first is told, and at the end how many there were: a carrier may send nothing else, and fast.
        if (++leg.malformed == 1)
            base::log_warning("link {} refused a malformed {} of its carrier, sequence {}", options_.name,
                              name(malformed->head.command), malformed->head.sequence);
    } else if (auto* last = std::get_if<Ended>(&event)) {
        ended(leg, *last);
    }
}

// Our credentials are only for the carrier, and it has to say first who it is.
void Client::outbind_asked(Leg& leg, const Outbind& outbind)
{
    if (outbind.system_id == options_.outbind_system_id &&
        base::equal_in_constant_time(outbind.password, options_.outbind_password)) {
        leg.connection->session().bind(leg.command, credentials(), clock_.steady());
    } else {
        leg.connection->end(End::uninvited);
    }
}

void Client::ended(Leg& leg, const Ended& ended)
{
    leg.end = ended.end;
    if (!has_room()) room_awaited_ = true;
    if (leg.malformed > 1)
        base::log_warning("link {} refused {} malformed PDUs on that connection", options_.name,
                          leg.malformed);
    if (ended.end == End::refused) {
        if (counts(ended.status)) {
            leg.refusal = ended.status;
            ++refusals_;
        }
        base::log_warning("link {}: {} was refused with {}", options_.name, name(leg.command),
                          status_name(ended.status));
    } else if (stopping_) {
        base::log_info("link {} left: {}", options_.name, name(ended.end));
    } else {
        base::log_warning("link {} lost its connection ({}): {}", options_.name, name(leg.command),
                          name(ended.end));
    }
}

void Client::tell_room()
{
    // Told once, when it was awaited: the owner submits until there is no room, and then waits.
    if (!room_awaited_ || !(has_room() || has_room_alone())) return;
    room_awaited_ = false;
    events_.on_room();
}

SessionOptions Client::session_options() const
{
    SessionOptions options;
    options.window = options_.window;
    options.enquire_link = options_.enquire_link;
    options.response_timeout = options_.response_timeout;
    options.on_pdu = events_.on_pdu;
    return options;
}

Bind Client::credentials() const
{
    Bind bind;
    bind.system_id = options_.system_id;
    bind.password = options_.password;
    bind.system_type = options_.system_type;
    return bind;
}

}  // namespace tidings::smpp
