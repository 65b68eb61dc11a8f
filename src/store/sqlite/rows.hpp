// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/memory/callback_gate.hpp"
#include "store/memory/outbox.hpp"
#include "store/records.hpp"
#include "store/sqlite/connection.hpp"

#include <optional>
#include <string>
#include <vector>

namespace tidings::store::sqlite {

// Which queue a message or callback stands in. Those from `due` on have lanes: their numbers here are for
// normal priority, on disk that of the priority is added. `due` itself is followed by the queues of links.
enum class Queue : std::int64_t {
    due = 0,     // seq, here and in those of links: a number that ascends with every entry
    timed = -1,  // scheduled messages, and callbacks to be tried again; seq: the time at which it becomes due
    settle =
        -2,      // seq: the time at which its parts' codes are final whatever is still missing; messages only
    retry = -3,  // as timed, for messages that were put back
    held = -4,   // until the operator decides; seq: the time since when
    // Callbacks only, which stay as the log; seq: the time since when.
    dead = -5,  // given up
    told = -6,  // delivered
};

constexpr bool is_pending(Queue queue) { return queue >= Queue::timed; }  // of a callback

constexpr std::int64_t lanes_per_queue = 4;  // one for each priority, and one to spare

constexpr Queue queue_of(LinkKey link)
{
    return static_cast<Queue>(static_cast<std::int64_t>(link) * lanes_per_queue);
}
constexpr LinkKey link_of(Queue queue)
{
    return static_cast<LinkKey>(static_cast<std::int64_t>(queue) / lanes_per_queue);
}

constexpr Queue lane_in(Queue queue, message::Priority priority)
{
    return static_cast<Queue>(static_cast<std::int64_t>(queue) + static_cast<std::int64_t>(priority));
}
constexpr bool has_lanes(Queue lane) { return lane >= Queue::due; }
constexpr Queue queue_with(Queue lane) { return queue_of(link_of(lane)); }
constexpr message::Priority priority_in(Queue lane)
{
    return static_cast<message::Priority>(static_cast<std::int64_t>(lane) % lanes_per_queue);
}

struct PartRow {
    message::Part part;
    bool provisional = false;  // the carrier said UNKNOWN: undeliverable when nothing better comes
};

// A row of `messages`.
struct MessageRow {
    MessageKey key;
    message::Progress progress;
    std::optional<Queue> queue;  // with the number of its lane
    std::int64_t seq = 0;
    message::Priority priority{};
    message::Format format{};
    bool delivery_report = false;
    message::SourceType sender_type{};
    std::string destination, sender, content, callback_url;
    std::optional<base::Time> expiry;
    std::string extra;  // JSON; empty: none
    LinkKey link{};     // that carries it; before it is submitted: that marked it, see Store::mark
    std::optional<base::Time> submitted_at;
    std::vector<PartRow> parts;
    std::int64_t debited = 0;  // credits that the account paid for it
    std::string trace;         // see add_step
    std::vector<LinkKey> refused_by;
    std::optional<std::string> converted;  // what goes out instead of the content

    PartRow* part_with(std::string_view carrier_id);
};

// Appends to the row's trace, unless that is full: trace_max is room for a hundred steps.
void add_step(MessageRow& row, const Step& step);
std::vector<Step> steps_of(const MessageRow& row);
constexpr std::size_t trace_max = 4'096;

MessageRow row_of(AccountKey account, const NewMessage& message);
message::Submission submission_of(const MessageRow& row);
Outbound outbound_of(const MessageRow& row);
message::Report report_of(const MessageRow& row, const Account& account);
message::Metadata metadata_of(std::string_view extra);
std::optional<base::Time> scheduled_in(std::string_view extra);  // as the application wants it
// When it really leaves, which then is shown as `scheduled`; the application's time: nothing to add.
void set_release(MessageRow& row, base::Time time);
bool names_source(std::string_view extra);  // whether the application gave a source number

// From a query that selects all columns (`*`) of messages.
MessageRow read_message(const Rows& rows);

std::optional<MessageRow> load_message(Connection& database, const MessageKey& key);
void insert_message(Connection& database, const MessageRow& row);
void save_message(Connection& database, const MessageRow& row);  // what changes in a message's life
void save_refused_by(Connection& database, const MessageRow& row);
void save_extra(Connection& database, const MessageRow& row);   // where set_release changed it
void save_sender(Connection& database, const MessageRow& row);  // what a scheduled one gets at its release

}  // namespace tidings::store::sqlite
