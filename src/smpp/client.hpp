// SPDX-License-Identifier: Apache-2.0
// The client side: one account at a carrier, bound as a transceiver or as a pair of transmitter and receiver,
// once or several times, and bound again whenever one of them breaks. Either side may make the connection: a
// carrier that does asks for the bind by outbind (SMPP 3.4, 2.2.1). Everything happens on one executor's
// thread, the callbacks included.
#pragma once

#include "smpp/connection.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace tidings::smpp {

enum class BindMode : std::uint8_t { transceiver, pair };

struct ClientOptions {
    std::string name{};  // for the log
    std::string host{};
    std::uint16_t port = 2775;
    bool tls = false;
    std::string ca_file{};  // empty: the system's certificates
    // The address where the carrier connects, and what its outbind must say. Empty: we connect.
    std::string outbind_host{};
    std::uint16_t outbind_port = 0;
    std::string outbind_system_id{};
    std::string outbind_password{};
    std::string system_id{};
    std::string password{};
    std::string system_type{};
    BindMode mode = BindMode::transceiver;
    std::size_t binds = 1;    // transceivers, or pairs
    std::size_t window = 10;  // of each
    std::chrono::milliseconds enquire_link{30'000};
    std::chrono::milliseconds response_timeout{30'000};
    std::chrono::milliseconds reconnect_min{1'000};  // doubles after each failure
    std::chrono::milliseconds reconnect_max{60'000};
    // Binds refused one after another in a way that counts, after which the client gives up: carriers lock
    // the account of whoever goes on with a wrong password.
    int refusals_max = 10;
    // These count. So does "bind failed" while nothing shows that the account is good: until the first bind.
    // All other refusals pass, and are answered with patience.
    std::vector<std::uint32_t> refusals_that_stop{status::invalid_password, status::invalid_system_id};

    bool operator==(const ClientOptions&) const = default;
};

// Submits whose answers will not come any more: the carrier may have them or not.
struct Lost {
    enum class Cause : std::uint8_t {
        closed,      // the carrier ended the connection
        silent,      // it answered nothing in time, and the client did
        unanswered,  // it answers others, but not this one; the connection goes on
    };
    Cause cause{};
    std::vector<std::uint64_t> tokens;  // all that were in flight on that connection, or the one
};

// None of these throws. All may call back into the client.
struct ClientEvents {
    std::function<void(std::size_t bound)> on_bound;  // bound() is another one now
    // has_room() became true: bound, or an answer came while the window was full; or has_room_alone() after
    // clear_a_leg().
    std::function<void()> on_room;
    std::function<void(const Answered&)> on_answer;
    std::function<void(const Lost&)> on_lost;
    // deliver_sm or data_sm: answer() once it is stored.
    std::function<void(ShortMessage, Ticket)> on_deliver;
    std::function<void(const PduSeen&)> on_pdu{};  // for traces; may be empty
};

class Client {
public:
    // Throws std::invalid_argument for credentials that SMPP cannot carry, system_error for a bad ca_file,
    // std::runtime_error for an address where it cannot listen.
    Client(asio::any_io_executor executor, base::Clock& clock, ClientOptions options, ClientEvents events);
    ~Client();

    // Returns after stop(), or when the carrier refused too often (see gave_up()), or throws when cancelled.
    // Every submit was answered or reported as lost then. The client must live until it returned. Once.
    asio::awaitable<void> run();
    // Takes no more submits, waits a little for outstanding answers, unbinds, closes.
    void stop();

    bool has_room() const;
    // One submit_sm. Only while has_room(), and only what is encodable().
    void submit(std::uint64_t token, const ShortMessage& message);

    // For a submit that is to be alone in flight on its connection. clear_a_leg() lets one of the connections
    // run empty, until submit_alone() or until use_all_legs().
    void clear_a_leg();
    void use_all_legs();
    bool has_room_alone() const;
    // Only while has_room_alone(). Until its answer nothing else goes over that connection.
    void submit_alone(std::uint64_t token, const ShortMessage& message);

    // False: the session it came on is gone, and the peer will ask again.
    bool answer(const Ticket& ticket, std::uint32_t status);

    std::size_t binds() const { return legs_.size(); }  // to be bound; a pair counts as two
    std::size_t bound() const;                          // of these, at present
    bool gave_up() const { return !stopped_by_.empty(); }
    const std::string& stopped_by() const { return stopped_by_; }  // the status because of which it gave up
    std::size_t in_flight() const;
    // When the submit was sent that waits longest for its answer, while none that was sent later on its
    // connection has one. For once in a while: it looks at all.
    std::optional<base::Moment> stalled_since() const;
    std::size_t window() const { return options_.window * options_.binds; }
    const ClientOptions& options() const { return options_; }

private:
    // Whether a leg is used by all submits.
    enum class Use : std::uint8_t {
        together,
        clearing,  // by none, until it is empty and one comes that goes alone
        alone,     // by one, until its answer
    };
    // One of the binds. Its number is 0 while there is no connection.
    struct Leg {
        Command command;
        std::unique_ptr<Connection> connection{};
        std::uint64_t number = 0;
        int failures = 0;             // in a row, for the back-off
        std::uint32_t refusal{};      // the last time, if in a way that counts; 0: it was not
        std::uint64_t malformed = 0;  // PDUs of this connection
        Use use = Use::together;
        End end{};  // of its last connection
    };

    static bool has_room(const Leg& leg);
    static bool has_room_alone(const Leg& leg);
    void send(Leg& leg, std::uint64_t token, const ShortMessage& message);
    void answered(Leg& leg);
    asio::awaitable<void> run_from(std::size_t first);
    asio::awaitable<void> run_leg(Leg& leg);
    asio::awaitable<std::optional<Stream>> connect();
    asio::awaitable<void> connect(Stream& stream, error_code& error);
    asio::awaitable<std::optional<Stream>> accept();
    asio::awaitable<void> accept(asio::ip::tcp::socket& socket, error_code& error);
    asio::awaitable<void> serve(Leg& leg, Stream stream);
    asio::awaitable<void> pause(std::chrono::milliseconds time);
    asio::awaitable<void> stopped();
    void handle(Leg& leg, Event& event);
    void outbind_asked(Leg& leg, const Outbind& outbind);
    void ended(Leg& leg, const Ended& ended);
    bool counts(std::uint32_t refusal) const;
    bool gives_up(const Leg& leg);
    void tell_room();
    std::chrono::milliseconds next_delay(Leg& leg);
    SessionOptions session_options() const;
    Bind credentials() const;

    asio::any_io_executor executor_;
    base::Clock& clock_;
    ClientOptions options_;
    ClientEvents events_;
    std::unique_ptr<asio::ssl::context> tls_;          // null: plain TCP
    std::optional<asio::ip::tcp::acceptor> acceptor_;  // nothing: we connect
    std::vector<Leg> legs_;
    std::size_t turn_ = 0;  // the leg that is to send next, if it can
    std::uint64_t last_number_ = 0;
    bool room_awaited_ = true;  // on_room is due as soon as there is room
    int refusals_ = 0;          // of any leg, since one was bound
    bool stopping_ = false;
    bool was_bound_ = false;
    std::string stopped_by_;                              // empty: it did not give up
    asio::experimental::channel<void(error_code)> stop_;  // closed by stop()
};

}  // namespace tidings::smpp
