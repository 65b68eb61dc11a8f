// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "smpp/session.hpp"
#include "smpp/stream.hpp"

#include <boost/asio/experimental/channel.hpp>

#include <functional>

namespace tidings::smpp {

// A request of the peer, to be answered once and whenever. Answering when its session is gone does nothing:
// the peer then asks again on another one.
struct Ticket {
    std::uint64_t session = 0;
    Command command{};
    std::uint32_t sequence = 0;
};

// What a connection calls. These do not throw; an exception there stops the process.
struct ConnectionEvents {
    std::function<void(Event&)> on_event;  // Ended comes last and exactly once
    std::function<void()> on_pause;        // after all events that came together
};

// Runs a Session over a Stream. Whatever gathers in the session's output while one write is under way, or
// within one turn of the executor, leaves in the next write.
class Connection {
public:
    Connection(Stream stream, base::Clock& clock, SessionOptions options, ConnectionEvents events);

    Session& session() { return session_; }
    const Session& session() const { return session_; }

    // Until the session ended; then what it still had to say was written, or could not be written within a
    // second. Cancellation ends it too, and does not throw.
    asio::awaitable<void> run();
    void flush();   // after any call on session() that may have added output
    void unbind();  // in good order: see Session::unbind()
    void end(End end);

    // Until resume() nothing that comes is looked at, nothing is written, and no time runs out. Only the end
    // of the connection is noticed, unless the peer has sent so much that the reading stopped.
    void hold() { held_ = true; }
    void resume();

private:
    using Wake = asio::experimental::channel<void(error_code)>;

    asio::awaitable<void> read();
    asio::awaitable<void> write();
    asio::awaitable<void> watch();
    asio::awaitable<void> unheld(Wake& resumed);
    void drain() noexcept;

    Stream stream_;
    base::Clock& clock_;
    std::chrono::milliseconds tick_;
    Session session_;
    ConnectionEvents events_;
    bool held_ = false;
    std::size_t held_size_ = 0;  // octets that came since
    Wake wake_;                  // of the writer
    Wake reader_resumed_;        // hold() ended
    Wake watch_resumed_;
};

}  // namespace tidings::smpp
