// SPDX-License-Identifier: Apache-2.0
// The accepting side: a message centre that ESMEs bind to. Everything happens on one executor's thread, the
// callbacks included.
#pragma once

#include "smpp/connection.hpp"

#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

namespace tidings::smpp {

using SessionId = std::uint64_t;  // never used twice by one server

struct ServerOptions {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;  // 0: any free one; see Server::port()
    std::string system_id = "tidings";
    std::size_t window = 10;  // deliver_sm in flight per session
    std::chrono::milliseconds enquire_link{30'000};
    std::chrono::milliseconds response_timeout{30'000};
    std::chrono::milliseconds session_init{10'000};
};

// None of these throws. All may call back into the server.
struct ServerEvents {
    // The command_status of the bind response; any but ok refuses the bind and closes.
    std::function<std::uint32_t(SessionId, Command command, const Bind&)> on_bind;
    // May deliver: bound, or an answer came while the window was full.
    std::function<void(SessionId)> on_room;
    // submit_sm or data_sm: respond() once it is stored.
    std::function<void(ShortMessage, Ticket)> on_submit;
    std::function<void(SessionId, std::uint64_t token, std::uint32_t status)> on_deliver_answer;
    // For every session whose bind was accepted. The tokens were delivered and not answered.
    std::function<void(SessionId, std::vector<std::uint64_t> unanswered)> on_close;
};

class Server {
public:
    // Listens at once; throws system_error when the address is taken.
    Server(asio::any_io_executor executor, base::Clock& clock, ServerOptions options, ServerEvents events);

    std::uint16_t port() const { return port_; }

    // Accepts until stop() or cancellation, and returns when all sessions are closed. The server must live
    // until then.
    asio::awaitable<void> run();
    // Accepts no more and unbinds every session.
    void stop();

    // `response` goes with status ok only.
    void respond(const Ticket& ticket, std::uint32_t status, const MessageResponse& response = {});
    bool has_room(SessionId session) const;
    // One deliver_sm. Only while has_room(), and only what is encodable().
    void deliver(SessionId session, const ShortMessage& message, std::uint64_t token);
    void close(SessionId session);  // without unbind, as a failing carrier does
    // Holds every connection, those to come as well, which are still accepted; see Connection::hold().
    void fall_silent();
    void speak();
    std::size_t sessions() const { return peers_.size(); }

private:
    struct Peer {
        std::unique_ptr<Connection> connection;
        bool accepted = false;     // its bind
        bool room_awaited = true;  // on_room is due as soon as there is room
        std::uint64_t malformed = 0;  // PDUs
    };

    asio::awaitable<void> accept();
    asio::awaitable<void> serve(SessionId id);
    void admit(asio::ip::tcp::socket socket);
    void handle(SessionId id, Event& event);
    void asked(SessionId id, const BindAsked& asked);
    void tell_room(SessionId id);
    Peer* find(SessionId id);

    asio::any_io_executor executor_;
    base::Clock& clock_;
    ServerOptions options_;
    ServerEvents events_;
    asio::ip::tcp::acceptor acceptor_;
    std::uint16_t port_ = 0;
    std::unordered_map<SessionId, Peer> peers_;
    SessionId last_id_ = 0;
    bool silent_ = false;
    asio::experimental::channel<void(error_code)> gone_;  // the last session closed
};

}  // namespace tidings::smpp
