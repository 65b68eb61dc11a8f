// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/signal.hpp"
#include "relay/link_parts.hpp"
#include "relay/pace.hpp"
#include "relay/retry_turns.hpp"
#include "relay/suspects.hpp"
#include "relay/translate.hpp"
#include "relay/waiting_parts.hpp"

#include <array>
#include <unordered_map>

namespace tidings::relay {

namespace asio = boost::asio;

// What becomes of submits that a lost connection left without an answer: the carrier may have them or not.
enum class InDoubt : std::uint8_t {
    resend,  // sent again: the handset may get them twice
    hold,    // left to the operator: the handset may never get them
};
struct DoubtPolicy {
    InDoubt what = InDoubt::resend;
    std::chrono::milliseconds wait{60'000};  // for a receipt to show that it did arrive

    bool operator==(const DoubtPolicy&) const = default;
};

struct SendPolicy {
    std::uint32_t rate = 0;  // submits a second over all binds; 0: no limit
    DoubtPolicy in_doubt;
    RetryPolicy retry;

    bool operator==(const SendPolicy&) const = default;
};

// A message of which the carrier has accepted a part, and what is left to be done.
struct Begun {
    store::Outbound message;
    std::vector<smpp::ShortMessage> submits;
    std::vector<std::string> carrier_ids;  // of the parts, as far as they are known
    std::size_t accepted = 0;
    std::vector<std::size_t> left;  // parts
};

// The sending side of one link: takes messages from the link's queue, submits their parts, and records what
// the carrier answered. Everything happens on the link's thread.
//
// A message is kept here from the first submit to the last answer. While it is here it stands on disk as due,
// so that after a crash it is sent again, or, with the policy `hold`, marked, so that it is held then. One of
// which the carrier has accepted a part stays until its other parts have their answer: with the same
// reference, on this link, and only they are repeated.
class Submitter {
public:
    Submitter(asio::any_io_executor executor, const LinkParts& parts, const SendPolicy& policy);

    // Five loops, until stop(): what was begun by then still finishes. Cancelling run_taking() loses nothing.
    asio::awaitable<void> run_taking();
    asio::awaitable<void> run_sending();
    asio::awaitable<void> run_watching();
    asio::awaitable<void> run_recording();
    asio::awaitable<void> run_doubts();
    void stop();  // submits nothing more
    // For a link that is no more, before run_taking() is cancelled: gives back what waits, while what was
    // begun goes on.
    void leave();
    void give_up();  // afterwards, once the link is unbound: what could not come to its end goes back, too
    // What stays: what has a part at the carrier and waits to go on. It is left to the link's successor.
    std::vector<Begun> take_begun();
    void adopt(std::vector<Begun> begun);
    bool is_done() const;  // nothing is left of what it had taken

    store::LinkStatus status() const;
    std::optional<base::Uuid> message_of(std::uint64_t token) const;  // while it is here
    // No answer is awaited, and everything is recorded, or cannot be by a store that does not write: then it
    // is due at the next start.
    bool idle() const;

    void on_room() { room_.notify(); }
    void on_answer(const smpp::Answered& answered);
    void on_lost(const smpp::Lost& lost);

private:
    static constexpr std::size_t batch_max =
        200;  // messages taken at a time; what a lost link holds in memory
    // What waits for the store at most; then nothing is sent. Some 2 MiB, and a second's work of a fast link.
    static constexpr std::size_t unrecorded_max = 5'000;
    // Submits in doubt at most, which wait for receipts; then nothing is sent. Far over any window.
    static constexpr std::size_t in_doubt_max = 20'000;
    // Messages that wait here for their next turn because the carrier has a part of them; further ones end.
    static constexpr std::size_t begun_max = 1'000;
    // Not fit for so long, it leaves what waits to others; long enough for an ordinary reconnect.
    static constexpr auto failover_after = std::chrono::seconds(10);

    struct Sending {
        store::Outbound message;
        std::vector<smpp::ShortMessage> submits;
        std::vector<std::string> carrier_ids;  // of the parts, as far as they are known
        std::size_t unanswered = 0;
        std::size_t submitted = 0;           // parts that the carrier may have
        std::size_t accepted = 0;            // and of these it has for certain
        std::vector<std::uint64_t> put_off;  // tokens of those that it refused for now
        RetryTurns::Blame blame{};           // for that
        bool repeats = false;                // these, and only these
        bool in_doubt = false;               // of one it will not be known any more
        std::string held_for;                // why then; empty: its connection was lost
        Answer worst{};
    };
    // A part: the number of its message and its index, in the form in which the link gives it back.
    static std::uint64_t token_of(std::uint64_t number, std::size_t part) { return number << 8 | part; }
    static std::uint64_t number_of(std::uint64_t token) { return token >> 8; }
    static std::size_t part_of(std::uint64_t token) { return token & 0xFF; }

    bool holds() const { return doubt_policy_.what == InDoubt::hold; }
    std::size_t unrecorded() const { return changes_.size() + recording_ + putting_back_ + doubting_; }
    bool may_go_on() const;
    bool may_submit() const { return link_.has_room() && may_go_on(); }
    bool may_submit_alone();
    bool may_take();
    bool submit_next();
    const smpp::ShortMessage* take_submit(std::uint64_t token);
    asio::awaitable<void> mark(std::vector<store::MessageKey> keys);
    asio::awaitable<void> unmark();
    void begin(store::Outbound message);
    void drop_expired();
    void wake_put_off();
    void look_elsewhere();
    void give_back_waiting();
    void refused_for_now(const smpp::Answered& answered, Sending& sending, Verdict verdict);
    void finish(std::uint64_t number);
    void try_later(std::uint64_t number, Sending& sending);
    void repeat(std::uint64_t number, Sending& sending, base::Moment at);
    void change(const store::MessageKey& key, message::Code code, std::vector<std::string> carrier_ids = {});
    asio::awaitable<void> put_back(std::vector<store::MessageKey> keys, base::Time at);
    asio::awaitable<void> resolve(std::vector<std::uint64_t> tokens);
    void stay_in_doubt(std::uint64_t token);
    void blame(std::uint64_t number);
    std::uint16_t next_reference(std::string_view destination);

    asio::any_io_executor executor_;
    smpp::Client& link_;
    const store::LinkKey key_;
    const Dialect& dialect_;
    ReceiptIds& ids_;
    Fitness& fitness_;
    const Fleet& fleet_;
    const Ways& ways_;
    store::Store& store_;
    base::Clock& clock_;
    Pace pace_;
    const DoubtPolicy doubt_policy_;

    std::unordered_map<std::uint64_t, Sending> sending_;
    std::uint64_t last_number_ = 0;
    WaitingParts waiting_;
    RetryTurns turns_;
    RefusedInARow row_;
    Suspects suspects_;
    base::Signal hungry_;      // nothing is left to be submitted
    base::Signal room_;        // something may be submitted again
    std::size_t left_to_ = 0;  // so many others: since it is not fit, what waits is theirs
    std::shared_ptr<const store::Settings> looked_at_;  // when it looked for these
    bool leaving_ = false;                              // the link's queue is to be left, too
    store::LinkStatus counted_;                         // what it counts; the rest is of the moment
    std::vector<store::Change> changes_;
    std::size_t recording_ = 0;     // of these, that are being recorded
    std::size_t putting_back_ = 0;  // messages
    std::size_t doubting_ = 0;      // submits that the store is to remember as doubtful
    std::size_t in_doubt_ = 0;      // and those that wait for receipts
    bool marking_ = false;          // or ending marks
    base::Signal changed_;
    std::vector<std::uint64_t> doubts_;
    base::Signal doubted_;
    bool stopping_ = false;
    bool left_ = false;                             // for good
    std::array<std::uint16_t, 4096> references_{};  // by hash of the destination: ascending for each handset
};

}  // namespace tidings::relay
