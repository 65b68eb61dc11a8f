// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.hpp"
#include "http/client_connection.hpp"

#include <deque>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace tidings::http {

// Where a request goes, with what is kept for the next one to there.
struct Destination {
    struct Idle {
        std::unique_ptr<ClientConnection> connection;
        Destination* to;
        base::Moment since;
    };

    explicit Destination(Origin where) : origin(std::move(where)) {}

    const Origin origin;
    TlsSession session{nullptr, &SSL_SESSION_free};
    std::size_t users = 0;                         // exchanges, which hold on to this
    std::deque<std::list<Idle>::iterator> idle{};  // the one used last stands last
};

// Connections that wait for the next request to their origin. The one that was used last goes first, so that
// those that are too many are left alone, and end.
class ConnectionPool {
public:
    // Most endpoints and load balancers close what is idle for 60 s or more. To be earlier is better: a
    // request that crosses their close has to be sent twice.
    static constexpr std::chrono::seconds idle_max{50};
    // A connection that has served several requests, the last one so lately, is used without asking the
    // kernel whether it still stands. Who closes after each answer, or sends more than that, never gets so
    // far; a request that meets a close all the same is sent again.
    static constexpr std::chrono::seconds trusted_for{1};
    // Origins without a connection, remembered for their TLS session and for how their URL is read.
    static constexpr std::size_t destinations_kept = 1'000;

    explicit ConnectionPool(std::size_t connections_max) : connections_max_(connections_max) {}

    // Of the origin of a URL. Stays as long as it has users.
    base::Result<Destination*> destination_of(std::string_view url);
    // Nothing: none is there that is still open.
    std::unique_ptr<ClientConnection> take(Destination& to, base::Moment now);
    // Closes what was idle for longest, so that with one more than `in_use` there are not too many.
    void make_room(std::size_t in_use);
    void keep(Destination& to, std::unique_ptr<ClientConnection> connection, base::Moment now);
    // Closes those that were idle for long, or that the other side closed.
    void look_after(base::Moment now);
    void clear();
    bool has_idle() const { return !idle_.empty(); }

private:
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    using Idle = Destination::Idle;

    void forget_unused();
    void drop(std::list<Idle>::iterator it);

    const std::size_t connections_max_;
    std::unordered_map<std::string, Destination, Hash, std::equal_to<>> destinations_;
    std::list<Idle> idle_;  // of all; the one used last stands last
};

}  // namespace tidings::http
