// SPDX-License-Identifier: Apache-2.0
// What a batch knows of that which carriers send. A carrier knows no account and no message of ours: it
// speaks of ids that it gave, and of numbers. So messages are found by these; and what finds none waits for
// what is late: a receipt for the response with its id, a part of a reply for the others.
#pragma once

#include "store/rules/keys.hpp"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace tidings::store::rules {

// Messages with one id that are looked at, the newest: ids come round again after weeks, so that two may be
// right. A carrier that has the same for more of them tells nothing by it.
constexpr std::size_t same_id_max = 8;

// Messages of which a handset may speak when it answers.
struct ThreadMessages {
    std::optional<MessageKey> submitted;  // the last that a carrier took
    std::optional<MessageKey> under_way;  // the last that a link was given: its response may be late, or lost
};

// A message that is in doubt, and how often: each time the carrier may have given it another id.
struct Doubted {
    MessageKey message;
    int times = 0;
};
// The same, seen from the message: with the numbers that were sent.
struct DoubtedThread {
    Thread thread;
    int times = 0;
};

// That a deliver_sm was stored, and not yet answered.
struct Seen {};

// A receipt whose message is not known yet: a row of `parked_receipts`.
struct ParkedReceipt {
    enum class State {
        waits,
        matched,    // a message has it: its row goes
        unmatched,  // given up: its row stays, for the operator
        dropped,    // too many have its id: its row goes, and is counted
    };
    std::int64_t key = 0;  // of its row; 0: it has none yet
    LinkKey link{};
    Receipt receipt;
    base::Time arrived_at{};  // on the pause scale
    State state = State::waits;
};

inline CarrierId id_of(const ParkedReceipt& parked) { return {parked.link, parked.receipt.carrier_id}; }

// The parked receipts of a batch. They are found by their id, and by their numbers, which tell the ids. A
// rule changes the state of one; that is all that a store has to write of it.
class ParkedReceipts {
public:
    ParkedReceipts() = default;
    ParkedReceipts(const ParkedReceipts&) = delete;  // its maps point into rows_
    ParkedReceipts& operator=(const ParkedReceipts&) = delete;

    // What a load found to wait under this id: the newest, oldest first.
    void learn(const CarrierId& id, std::vector<ParkedReceipt> found);
    // The ids of those that wait with these numbers. All that waits under each of them is learnt, too, unless
    // they are more than a doubt explains.
    void learn(const LinkThread& numbers, std::vector<std::string> ids);
    // One that a scan found. Returns that which is known as its row already, if any.
    ParkedReceipt& learn(ParkedReceipt found);

    bool is_known(const CarrierId& id) const { return by_id_.contains(id); }
    bool is_known(const LinkThread& numbers) const { return ids_.contains(numbers); }

    ParkedReceipt& add(ParkedReceipt parked);  // a new one
    // Oldest first. Of an id that is not known: none.
    std::vector<ParkedReceipt*> waiting(const CarrierId& id) const;
    // The ids under which something still waits of that which was found by these numbers.
    std::vector<std::string> ids_waiting(const LinkThread& numbers) const;

    std::deque<ParkedReceipt>& rows() { return rows_; }  // in the order in which they came
    void clear();

private:
    std::deque<ParkedReceipt> rows_;
    std::unordered_map<std::int64_t, ParkedReceipt*> by_key_;
    std::unordered_map<CarrierId, std::vector<ParkedReceipt*>> by_id_;
    std::unordered_map<LinkThread, std::vector<std::string>> ids_;
};

// The parts of a reply that are there: rows of `reply_parts`. They are joined when all are, or when the
// others were waited for long enough.
struct ReplyParts {
    struct Part {
        std::string content;       // octets, not yet text
        base::Time received_at{};  // on the pause scale
        bool is_unsaved = false;
        text::Coding coding{};
    };
    std::map<std::uint8_t, Part> by_sequence;
    bool removes_rows = false;  // those that there were; then come those that are unsaved
};

}  // namespace tidings::store::rules
