// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/signal.hpp"
#include "relay/link_parts.hpp"
#include "relay/pace.hpp"
#include "relay/translate.hpp"

#include <array>
#include <deque>
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

// The sending side of one link: takes messages from the link's queue, submits their parts, and records what
// the carrier answered. Everything happens on the link's thread.
//
// A message is kept here from the first submit to the last answer. While it is here it stands on disk as due,
// so that after a crash it is sent again, or, with the policy `hold`, marked, so that it is held then.
class Sender {
public:
    Sender(asio::any_io_executor executor, const LinkParts& parts, Pace pace, DoubtPolicy doubt_policy);

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
    bool is_done() const;  // nothing is left of what it had taken

    store::LinkStatus status() const;
    std::optional<base::Uuid> message_of(std::uint64_t token) const;  // while it is here
    bool idle() const;  // no answer is awaited and everything is recorded

    void on_room() { room_.notify(); }
    void on_answer(const smpp::Answered& answered);
    void on_doubt(std::uint64_t token);

private:
    static constexpr std::size_t batch_max =
        200;  // messages taken at a time; what a lost link holds in memory
    static constexpr std::size_t unrecorded_max =
        5'000;  // changes that wait for the store; then nothing is sent
    // Not fit for so long, it leaves what waits to others; long enough for an ordinary reconnect.
    static constexpr auto failover_after = std::chrono::seconds(10);

    struct Sending {
        store::Outbound message;
        std::vector<smpp::ShortMessage> submits;
        std::vector<std::string> carrier_ids;  // of the parts, as far as they are known
        std::size_t unanswered = 0;
        std::size_t submitted = 0;  // parts that the carrier may have
        bool in_doubt = false;      // of one it will not be known any more
        Answer worst{};
    };
    // A part: the number of its message and its index, in the form in which the link gives it back.
    static std::uint64_t token_of(std::uint64_t number, std::size_t part) { return number << 8 | part; }
    static std::uint64_t number_of(std::uint64_t token) { return token >> 8; }
    static std::size_t part_of(std::uint64_t token) { return token & 0xFF; }

    bool holds() const { return doubt_policy_.what == InDoubt::hold; }
    bool may_submit() const;
    bool may_take();
    void wait_again(std::uint64_t token);
    asio::awaitable<void> mark(std::vector<store::MessageKey> keys);
    asio::awaitable<void> unmark();
    void begin(store::Outbound message);
    void drop_expired();
    void look_elsewhere();
    enum class Begun { stays, goes };  // of which the carrier has a part
    void give_back_waiting(Begun begun);
    void finish(std::uint64_t number);
    void change(const store::MessageKey& key, message::Code code, std::vector<std::string> carrier_ids = {});
    asio::awaitable<void> put_back(std::vector<store::MessageKey> keys, base::Time at);
    asio::awaitable<void> resolve(std::vector<std::uint64_t> tokens);
    void stay_in_doubt(std::uint64_t token);
    std::uint16_t next_reference(std::string_view destination);

    asio::any_io_executor executor_;
    smpp::Link& link_;
    const store::LinkKey key_;
    const Dialect& dialect_;
    ReceiptIds& ids_;
    Fitness& fitness_;
    const Fleet& fleet_;
    store::Store& store_;
    base::Clock& clock_;
    Pace pace_;
    const DoubtPolicy doubt_policy_;

    std::unordered_map<std::uint64_t, Sending> sending_;
    std::uint64_t last_number_ = 0;
    std::deque<std::uint64_t> waiting_;  // parts to be submitted, in the order of taking; then doubtful ones
    base::Signal hungry_;                // nothing is left to be submitted
    base::Signal room_;                  // something may be submitted again
    std::size_t left_to_ = 0;            // so many others: since it is not fit, what waits is theirs
    std::shared_ptr<const store::Settings> looked_at_;  // when it looked for these
    bool leaving_ = false;                              // the link's queue is to be left, too
    store::LinkStatus counted_;                         // what it counts; the rest is of the moment
    std::vector<store::Change> changes_;
    bool recording_ = false;
    bool marking_ = false;  // or ending marks
    base::Signal changed_;
    std::vector<std::uint64_t> doubts_;
    base::Signal doubted_;
    bool stopping_ = false;
    bool left_ = false;                             // for good
    std::size_t going_ = 0;                         // batches that are being put back
    std::array<std::uint16_t, 4096> references_{};  // by hash of the destination: ascending for each handset
};

}  // namespace tidings::relay
