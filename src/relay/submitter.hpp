// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/wakeup.hpp"
#include "relay/failover.hpp"
#include "relay/link_parts.hpp"
#include "relay/pace.hpp"
#include "relay/retry_turns.hpp"
#include "relay/send_policy.hpp"
#include "relay/strain.hpp"
#include "relay/suspects.hpp"
#include "relay/waiting_parts.hpp"

#include <unordered_map>

namespace tidings::relay {

namespace asio = boost::asio;

// A message of which the carrier has accepted a part, and what is left to be done.
struct Begun {
    store::Outbound message;
    std::unique_ptr<Prepared> prepared;
    std::vector<std::string> carrier_ids;  // of the parts, as far as they are known
    std::vector<bool> is_taken;            // of each part: the carrier has it
    std::size_t accepted = 0;
    std::vector<std::size_t> left;  // parts
};

// The sending side of a link's loop: takes messages from the link's queue, submits their parts, and records
// what the carrier answered. Everything happens on the link's thread.
//
// A message is kept here from its taking to the last answer. While it is here it stands on disk as due, so
// that after a crash it is sent again, or, with the policy `hold`, marked, so that it is held then. One of
// which the carrier has accepted a part stays until its other parts have their answer: with the same
// reference, on this link, and only they are repeated. The store gets to know as soon as one of them is
// refused for now, or when the process stops, so that a restart goes on likewise.
//
// What it may do depends on LinkLife, which its owner changes: after leave() it is to be told by
// stop_taking(), after stop() by stop().
class Submitter {
public:
    Submitter(asio::any_io_executor executor, const LinkParts& parts, const SendPolicy& policy);

    // Five loops, which end with the process or when they are cancelled. Cancelling run_taking() loses
    // nothing.
    asio::awaitable<void> run_taking();
    asio::awaitable<void> run_sending();
    asio::awaitable<void> run_watching();
    asio::awaitable<void> run_recording();
    asio::awaitable<void> run_doubts();
    void stop();         // what was begun still finishes
    void stop_taking();  // before run_taking() is cancelled: what waits goes back, what was begun goes on
    void give_up();      // once the link is over: what could not come to its end goes back, too
    // What stays then: what has a part at the carrier and waits to go on. It is left to the link's successor.
    std::vector<Begun> take_begun();
    void adopt(std::vector<Begun> begun);
    bool is_done() const;  // nothing is left of what it had taken

    store::LinkStatus status() const;
    // No answer is awaited, and everything is recorded, or cannot be by a store that does not write: then it
    // is due at the next start.
    bool idle() const;

    void on_room() { room_.notify(); }
    void on_answer(Token token, Answer& answer);
    void on_doubt(const Loss& loss);

private:
    // Messages taken at a time; what a link that is down holds in memory.
    static constexpr std::size_t batch_max = 200;
    // What waits for the store at most; then nothing is sent. Some 2 MiB, and a second's work of a fast link.
    static constexpr std::size_t unrecorded_max = 5'000;
    // Parts in doubt at most, which wait for receipts; then nothing is sent. Far over any window.
    static constexpr std::size_t in_doubt_max = 20'000;
    // Messages that wait here for their next turn because the carrier has a part of them; further ones end.
    static constexpr std::size_t begun_max = 1'000;
    // Not fit for so long, it leaves what waits to others; long enough for an ordinary reconnect.
    static constexpr auto failover_after = std::chrono::seconds(10);

    struct Sending {
        store::Outbound message;
        std::vector<std::string> carrier_ids;  // of the parts, as far as they are known
        std::vector<bool> is_taken;            // of each part: the carrier has it
        std::size_t unanswered = 0;
        std::size_t submitted = 0;   // parts that the carrier may have
        std::size_t accepted = 0;    // and of these it has for certain
        std::vector<Token> put_off;  // those that it refused for now
        RetryTurns::Blame blame{};   // for that
        bool repeats = false;        // these, and only these
        bool in_doubt = false;       // of one it will not be known any more
        std::string held_for;        // why then; empty: its connection was lost
        std::size_t stored = 0;      // parts of which the store knows that the carrier has them
        Meaning worst{};

        bool is_long() const { return carrier_ids.size() > 1; }  // has several parts
    };
    using Messages = std::unordered_map<Number, Sending>;

    // What has been handed to the store and is not yet on disk.
    struct AtStore {
        std::size_t recording = 0;     // changes
        std::size_t putting_back = 0;  // messages
        std::size_t doubting = 0;      // parts that the store is to remember as doubtful
        std::size_t marking = 0;       // calls that set marks or end them
    };

    static bool is_over(const store::Outbound& message, base::Time now)
    {
        return message.expiry && *message.expiry <= now;
    }
    bool holds() const { return doubt_policy_.what == InDoubt::hold; }
    std::size_t unrecorded() const
    {
        return changes_.size() + at_store_.recording + at_store_.putting_back + at_store_.doubting;
    }
    bool may_go_on() const;
    bool may_submit() const { return link_.has_room() && may_go_on(); }
    bool may_submit_alone();
    bool may_take();
    bool submit_next();
    bool count_submit(Token token);
    asio::awaitable<void> leave_queue();
    asio::awaitable<void> take_batch();
    asio::awaitable<void> mark(std::vector<store::MessageKey> keys);
    asio::awaitable<void> unmark();
    void begin(store::Outbound message);
    void forget(Number number);
    void drop_expired();
    void wake_put_off();
    void look_elsewhere();
    void share_strain();
    void tell_strain();
    void go_on_with(Number number, Sending& sending, const store::PartsTaken& taken);
    void store_taken(Number number, Sending& sending);
    void give_back_waiting();
    void refused_for_now(Token token, Sending& sending, const Answer& answer);
    void finish(Number number);
    void conclude(Sending& sending);
    bool try_later(Number number, Sending& sending);
    bool try_later_here(Number number, Sending& sending, std::optional<std::chrono::milliseconds> pause);
    void repeat(Sending& sending, base::Moment at);
    void change(const store::MessageKey& key, message::Code code, std::vector<std::string> carrier_ids = {});
    asio::awaitable<void> put_back(std::vector<store::MessageKey> keys, base::Time at);
    void put_back_later(std::vector<store::MessageKey> keys, base::Time at);
    asio::awaitable<void> resolve(std::vector<Token> tokens);
    void resolved(Token token, const std::vector<store::MessageKey>& open);
    void stay_in_doubt(Token token);
    void blame(Number number);

    asio::any_io_executor executor_;
    Link& link_;
    const store::LinkKey key_;
    const std::string& name_;
    const LinkLife& life_;
    Fitness& fitness_;
    const Fleet& fleet_;
    const Ways& ways_;
    store::Store& store_;
    base::Clock& clock_;
    Pace pace_;
    const DoubtPolicy doubt_policy_;

    Messages sending_;
    Number last_number_ = 0;
    WaitingParts waiting_;
    RetryTurns turns_;
    RefusedInARow row_;
    Suspects suspects_;
    Failover failover_;
    Strain strain_;
    const std::chrono::milliseconds overflow_after_;
    base::Moment shared_at_{};   // when the queue was last shared
    bool is_clearing_ = false;   // the link was asked to clear a place
    base::Wakeup hungry_;        // nothing is left to be submitted
    base::Wakeup room_;          // something may be submitted again
    store::LinkStatus counted_;  // what it counts; the rest is of the moment
    std::vector<store::Change> changes_;
    base::Wakeup changed_;
    AtStore at_store_;
    std::vector<Token> doubts_;
    base::Wakeup doubted_;
    std::size_t in_doubt_ = 0;  // parts that wait for receipts
};

}  // namespace tidings::relay
