// SPDX-License-Identifier: Apache-2.0
// A session with a socket. Three coroutines share it, all on one thread: one reads and feeds the session,
// one writes what gathers in its output, and one looks at the clock. They end together, since any of them
// may find that the session has ended; what is still to be written then, say unbind_resp, gets a second.
//
// Events are told from drain(), which every one of them comes through, so that an owner never hears two at
// once. What was read in one go is answered in one write.
//
// The sandbox holds connections: it reads a little on, so that a peer that leaves is noticed, and tells
// nothing until it is resumed.
#include "smpp/connection.hpp"

#include "base/together.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tidings::smpp {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t read_size = 64 * 1024;  // some 500 short messages per system call

// 20,000 responses. With that many waiting here, after the kernel's buffers filled, the peer does not read.
constexpr std::size_t output_max = 1 << 20;

// How long last words may take, say unbind_resp, before the connection closes.
constexpr auto parting_max = 1s;

// What a connection that is held still reads: windows of 300 messages, so that ESMEs that leave are noticed.
constexpr std::size_t held_max = 64 * 1024;

// Timers of seconds need no finer look; those of a test do.
std::chrono::milliseconds tick_of(const SessionOptions& options)
{
    return std::clamp<std::chrono::milliseconds>(
        std::min(options.enquire_link, options.response_timeout) / 10, 10ms, 1s);
}

}  // namespace

Connection::Connection(Stream stream, base::Clock& clock, SessionOptions options, ConnectionEvents events)
    : stream_(std::move(stream)),
      clock_(clock),
      tick_(tick_of(options)),
      session_(std::move(options), clock.steady()),
      events_(std::move(events)),
      wake_(stream_.executor(), 1),
      reader_resumed_(stream_.executor(), 1),
      watch_resumed_(stream_.executor(), 1)
{
}

asio::awaitable<void> Connection::run()
{
    try {
        auto talk = base::both(read(), write());
        co_await base::first_of(std::move(talk), watch());
    } catch (const std::exception&) {
        // Only cancellation throws in these three.
    }
    session_.end(End::closed);
    drain();
    stream_.close();
}

// The channel holds one wake-up. A second one before the writer has taken it is dropped, and not missed: the
// writer looks at the output again after each wake-up.
void Connection::flush() { wake_.try_send(error_code()); }

void Connection::unbind()
{
    session_.unbind(clock_.steady());
    if (session_.ended()) stream_.stop_reading();
    flush();
}

void Connection::end(End end)
{
    session_.end(end);
    stream_.stop_reading();
    flush();
}

void Connection::resume()
{
    if (!held_) return;
    held_ = false;
    held_size_ = 0;
    for (Wake* wake : {&wake_, &reader_resumed_, &watch_resumed_}) wake->try_send(error_code());
    drain();
}

asio::awaitable<void> Connection::unheld(Wake& resumed)
{
    while (held_) co_await resumed.async_receive(asio::as_tuple(asio::use_awaitable));
}

// Takes the session's events. Ends the reading when the session ended, so that read() returns. An owner that
// threw here would leave the three coroutines with a session that is half told: hence noexcept.
void Connection::drain() noexcept
{
    while (auto event = session_.next(clock_.steady())) events_.on_event(*event);
    events_.on_pause();
    if (session_.output().size() > output_max) end(End::flooded);
    if (session_.ended()) stream_.stop_reading();
    if (session_.ended() || !session_.output().empty()) flush();
}

asio::awaitable<void> Connection::read()
{
    std::vector<char> buffer(read_size);
    while (!session_.ended()) {
        std::size_t size = co_await stream_.read_some(asio::buffer(buffer));
        if (size == 0) session_.end(End::closed);
        session_.feed({buffer.data(), size});
        if (held_ && size > 0) {
            held_size_ += size;
            if (held_size_ >= held_max) co_await unheld(reader_resumed_);
            continue;
        }
        drain();
    }
}

asio::awaitable<void> Connection::write()
{
    std::string batch;
    while (!session_.ended() || !session_.output().empty()) {
        if ((held_ && !session_.ended()) || session_.output().empty()) {
            co_await wake_.async_receive(asio::as_tuple(asio::use_awaitable));
            continue;
        }
        batch.clear();
        // The session goes on to gather in another string while this one is written, and their memory is used
        // in turn.
        batch.swap(session_.output());
        error_code error = co_await stream_.write(asio::buffer(batch));
        if (error) {
            end(End::closed);
            co_return;
        }
    }
}

asio::awaitable<void> Connection::watch()
{
    while (!session_.ended()) {
        co_await clock_.wait_until(clock_.steady() + tick_);
        // A connection that is held ages as little as it speaks: no answer is due, and no enquire_link.
        co_await unheld(watch_resumed_);
        session_.tick(clock_.steady());
        drain();
    }
    co_await clock_.wait_until(clock_.steady() + parting_max);
}

}  // namespace tidings::smpp
