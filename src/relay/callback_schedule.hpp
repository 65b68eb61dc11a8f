// SPDX-License-Identifier: Apache-2.0
// Which callback goes out next, and which waits in the store: no socket, no clock, no store.
//
//     store ── add ──► a lane (account, origin, path) ── next ──► a request ── ended ──► the lane's health
//                          │ left alone                                                  the origin's
//                          └────── given_back ──► store
//
// The callbacks of one message go one after the other, so that they arrive in order while all is well. A lane
// has as many requests as its health allows, the lanes of an origin as many as that allows, and accounts
// share all of them (request_slots.hpp). Lanes that find no place stand in line: accounts take turns, and of
// each its lanes do, with one request a turn.
#pragma once

#include "base/rounds.hpp"
#include "base/uuid.hpp"
#include "relay/endpoint_health.hpp"
#include "relay/request_slots.hpp"
#include "store/endpoint.hpp"

#include <deque>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

namespace tidings::relay {

// What a request came to, as far as it tells of its receiver.
struct RequestEnd {
    enum class Kind {
        answered,      // and not with trouble
        trouble,       // an answer that tells of it, or none in time
        disconnected,  // there was no connection
        untold,        // there was no request
    };
    Kind kind{};
    std::chrono::milliseconds took{};
    std::optional<base::Moment> asked{};  // with trouble: to be left alone until then
};

class CallbackSchedule {
    struct Lane;
    struct Origin;

public:
    // A callback on its way. Stays where it is until it has ended.
    class Request {
    public:
        store::Callback callback;

    private:
        friend class CallbackSchedule;
        std::deque<store::Callback> behind;  // of the same message
        Lane* lane = nullptr;
        Place place{};
        Recovery::Round path_round{}, origin_round{};
    };
    struct Limit {
        store::CallbackLane lane;
        std::size_t out_max = 0;
        std::optional<base::Moment> left_alone_until{};
    };

    // What was taken from the store.
    void add(store::Callback callback, base::Moment now);
    // The one to be made now; nullptr: none.
    Request* next(base::Moment now);
    void ended(Request& request, const RequestEnd& end, base::Moment now);
    // Ends the pauses that are over.
    void end_pauses(base::Moment now);
    // Whether the passing of time alone may bring something to do.
    bool waits_for_time() const;

    // What is to be done outside, each once.
    std::vector<store::Callback> given_back();  // to the store, untried
    std::vector<Limit> limits();                // the store is to give out no more than that

    std::size_t on_their_way() const { return on_their_way_; }

private:
    static constexpr std::size_t of_origin =
        64;  // requests of an account to one origin; a path gets half of them
    static constexpr std::size_t lanes_max = 10'000;  // remembered; idle ones are forgotten beyond
    // Idle ones are forgotten after that even if they failed: their pauses are shorter.
    static constexpr auto remembered = std::chrono::minutes(10);

    using OriginOf = std::pair<store::AccountKey, store::OriginKey>;
    struct Lane {
        store::CallbackLane key;
        Origin* origin = nullptr;
        EndpointHealth health;
        std::size_t told_max = EndpointHealth::out_first;  // as the store knows it, as is the next
        std::optional<base::Moment> told_until{};
        std::deque<store::Callback> waiting;
        std::unordered_map<base::Uuid, Request> busy;  // by message
        bool is_in_slow = false, is_in_quick = false;  // of the lines; perhaps also in that of before
        bool is_among_hopeful = false;
        base::Moment used_at{};
    };
    struct Origin {
        OriginOf key;
        Recovery connecting;
        base::FairShare<store::EndpointKey> requests{of_origin};
        bool is_full = false;  // a lane found no place
        std::vector<Lane*> lanes;
    };

    Lane& lane_of(const store::Callback& callback);
    static std::optional<base::Moment> left_alone_until(const Lane& lane);
    static std::size_t out_max(const Lane& lane);
    static Place place_for(const Lane& lane);
    static bool may_use_reserve(const Lane& lane);
    bool may_begin(Lane& lane);
    bool put_first_what_may_begin(Lane& lane);
    void line_up(Lane& lane);
    Lane* next_in_line(base::Moment now);
    Lane* next_hopeful(base::Moment now);
    Request& begin(Lane& lane, Place place, base::Moment now);
    void note(Lane& lane, const Request& request, const RequestEnd& end, base::Moment now);
    void tell(Lane& lane);
    void go_on(Origin& origin);
    void plan_pause_ends(const Lane& lane);
    void give_back_waiting(Lane& lane);
    void forget_idle(base::Moment now);

    std::map<store::CallbackLane, Lane> lanes_;
    std::map<OriginOf, Origin> origins_;
    std::size_t sweep_at_ = lanes_max;
    RequestSlots slots_;
    base::Rounds<store::AccountKey, Lane*> quick_, slow_;  // lanes in line
    std::map<store::AccountKey, std::vector<store::CallbackLane>>
        hopeful_;                                                   // of these who may use the reserve
    std::multimap<base::Moment, store::CallbackLane> path_pauses_;  // by their end
    std::multimap<base::Moment, OriginOf> origin_pauses_;
    std::vector<store::Callback> given_back_;
    std::vector<Limit> limits_;
    std::size_t on_their_way_ = 0;
};

}  // namespace tidings::relay
