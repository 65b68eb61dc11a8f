// SPDX-License-Identifier: Apache-2.0
// The SMSC's side, for the sandbox: sessions come and go, each with a connection of its own, all on one
// thread. A session is known to the owner from its accepted bind to its end, and by a number that is not
// used again, so that an answer which comes too late for it reaches nobody else.
#include "smpp/server.hpp"

#include "base/log.hpp"
#include "base/spawn.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cassert>

namespace tidings::smpp {

using asio::ip::tcp;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t sessions_max = 1'000;  // of 64 KiB each for reading, before any of them said who it is
constexpr auto accept_pause = 100ms;  // when the system has no more descriptors: it may have some later

constexpr auto use_tuple = asio::as_tuple(asio::use_awaitable);

}  // namespace

Server::Server(asio::any_io_executor executor, base::Clock& clock, ServerOptions options, ServerEvents events)
    : executor_(std::move(executor)),
      clock_(clock),
      options_(std::move(options)),
      events_(std::move(events)),
      acceptor_(executor_, tcp::endpoint(asio::ip::make_address(options_.host), options_.port)),
      port_(acceptor_.local_endpoint().port()),
      gone_(executor_, 1)
{
}

asio::awaitable<void> Server::run()
{
    try {
        co_await accept();
    } catch (const std::exception&) {
        // Only cancellation throws in there; the sessions, which hold on to this object, still end in order.
    }
    // From here on the sessions are waited for, whatever else is cancelled: they point at this object.
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    stop();
    while (!peers_.empty()) co_await gone_.async_receive(use_tuple);
}

asio::awaitable<void> Server::accept()
{
    while (acceptor_.is_open()) {
        auto [error, socket] = co_await acceptor_.async_accept(use_tuple);
        if (!error) {
            admit(std::move(socket));
        } else if (error != asio::error::operation_aborted) {
            base::log_warning("smpp server cannot accept: {}", error.message());
            co_await clock_.wait_until(clock_.steady() + accept_pause);
        }
    }
}

void Server::stop()
{
    error_code ignored;  // closed already is as good
    acceptor_.close(ignored);
    // A connection that is held would not write its unbind.
    speak();
    for (auto& [id, peer] : peers_) peer.connection->unbind();
}

void Server::admit(tcp::socket socket)
{
    if (peers_.size() >= sessions_max) return;  // and the socket closes
    SessionId id = ++last_id_;
    SessionOptions options;
    options.role = Role::smsc;
    options.window = options_.window;
    options.enquire_link = options_.enquire_link;
    options.response_timeout = options_.response_timeout;
    options.session_init = options_.session_init;
    options.system_id = options_.system_id;
    ConnectionEvents events{[this, id](Event& event) { handle(id, event); }, [this, id] { tell_room(id); }};
    Stream stream(std::move(socket));
    peers_[id].connection =
        std::make_unique<Connection>(std::move(stream), clock_, options, std::move(events));
    if (silent_) peers_[id].connection->hold();
    base::spawn(executor_, serve(id));
}

// The session is out of the map before the owner hears of its end, so that it cannot be used any more then.
asio::awaitable<void> Server::serve(SessionId id)
{
    Peer& peer = peers_.at(id);  // stays where it is: the map's nodes do not move
    co_await peer.connection->run();
    auto unanswered = peer.connection->session().take_in_flight();
    bool accepted = peer.accepted;
    peers_.erase(id);
    if (accepted) events_.on_close(id, std::move(unanswered));
    if (peers_.empty()) gone_.try_send(error_code());
}

Server::Peer* Server::find(SessionId id)
{
    auto found = peers_.find(id);
    if (found == peers_.end() || found->second.connection->session().ended()) return nullptr;
    return &found->second;
}

void Server::respond(const Ticket& ticket, std::uint32_t status, const MessageResponse& response)
{
    Peer* peer = find(ticket.session);
    if (!peer) return;
    peer->connection->session().respond(ticket.command, ticket.sequence, status, response);
    peer->connection->flush();
}

bool Server::has_room(SessionId session) const
{
    auto found = peers_.find(session);
    return found != peers_.end() && found->second.connection->session().has_room();
}

void Server::deliver(SessionId session, const ShortMessage& message, std::uint64_t token)
{
    assert(has_room(session));
    Peer& peer = peers_.at(session);
    peer.connection->session().send(Command::deliver_sm, message, token, clock_.steady());
    peer.connection->flush();
    if (!peer.connection->session().has_room()) peer.room_awaited = true;
}

void Server::close(SessionId session)
{
    if (Peer* peer = find(session)) peer->connection->end(End::closed);
}

// Behaves as a carrier that hangs: connections stay open, new ones are accepted, and nothing is answered.
void Server::fall_silent()
{
    silent_ = true;
    for (auto& [id, peer] : peers_) peer.connection->hold();
}

void Server::speak()
{
    silent_ = false;
    for (auto& [id, peer] : peers_) peer.connection->resume();
}

void Server::handle(SessionId id, Event& event)
{
    if (auto* bind = std::get_if<BindAsked>(&event)) {
        asked(id, *bind);
    } else if (auto* received = std::get_if<Received>(&event)) {
        events_.on_submit(std::move(received->message), Ticket{id, received->command, received->sequence});
    } else if (auto* answered = std::get_if<Answered>(&event)) {
        events_.on_deliver_answer(id, answered->token, answered->status);
    } else if (auto* unanswered = std::get_if<Unanswered>(&event)) {
        // To the sandbox that is an ESME that could not take it: it is delivered again.
        events_.on_deliver_answer(id, unanswered->token, status::temporary_failure);
    } else if (auto* malformed = std::get_if<Malformed>(&event)) {
        // The first is told, and at the end how many there were: an ESME may send nothing else, and fast.
        if (++peers_.at(id).malformed == 1)
            base::log_warning("smpp session {} sent a malformed {}, sequence {}", id,
                              name(malformed->head.command), malformed->head.sequence);
    } else if (auto* ended = std::get_if<Ended>(&event)) {
        base::log_info("smpp session {} ended: {}; malformed PDUs: {}", id, name(ended->end),
                       peers_.at(id).malformed);
    }
}

void Server::asked(SessionId id, const BindAsked& asked)
{
    std::uint32_t status = events_.on_bind(id, asked.command, asked.bind);
    Peer* peer = find(id);
    if (!peer) return;  // on_bind closed it
    peer->accepted = status == status::ok;
    peer->connection->session().answer_bind(status);
}

void Server::tell_room(SessionId id)
{
    Peer* peer = find(id);
    if (!peer || !peer->room_awaited || !peer->connection->session().has_room()) return;
    peer->room_awaited = false;
    events_.on_room(id);
}

}  // namespace tidings::smpp
