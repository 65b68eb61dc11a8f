// SPDX-License-Identifier: Apache-2.0
// A message as the store keeps it, and what can be said of it without asking anybody.
//
// Two of its fields are texts with a layout of their own, which is the same in every store:
// trace: for each step its time (6 bytes, high first, as all here), its code (2), the size of its text, and
// that.
// extra: {"source","source_type","subject","media","metadata","scheduled","test"}, each only when the
// application gave it, "written_destination" and "written_source" where it wrote national numbers, and
// "release" when the message leaves later than it asked for.
#pragma once

#include "message/message.hpp"
#include "message/report.hpp"
#include "message/status.hpp"
#include "store/records.hpp"
#include "store/rules/queue.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::store::rules {

struct PartRow {
    message::Part part;
    bool provisional = false;  // the carrier said UNKNOWN: undeliverable when nothing better comes
};

// What of a row is not on disk yet. A rule that changes a row notes here which columns it touched, and the
// batch saves those alone: the columns of a message's life change several times, all others once at most.
struct Unsaved {
    bool row = false;         // all of it: the message is new
    bool life = false;        // progress, queue, seq, link, submitted_at, parts, trace
    bool sender = false;      // sender, and the type of sender among the flags
    bool extra = false;       // extra
    bool refused_by = false;  // refused_by
    bool taken = false;       // taken
    bool any() const { return row || life || sender || extra || refused_by || taken; }
};

// A row of `messages`.
struct MessageRow {
    MessageKey key;
    message::Progress progress;
    std::optional<Queue> queue;  // with the number of its lane; nothing: it stands in none
    std::int64_t seq = 0;        // its place in the queue: a time or an ascending number, see Queue
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
    std::optional<PartsTaken> taken;       // while only some of its parts are at a carrier
    // No columns: what is not on disk yet, and in which queue the row stands there; nothing: in none.
    Unsaved unsaved{};
    std::optional<Queue> stored_queue{};

    const PartRow* part_with(std::string_view carrier_id) const;  // nullptr: none
    PartRow* part_with(std::string_view carrier_id)
    {
        return const_cast<PartRow*>(std::as_const(*this).part_with(carrier_id));
    }
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

}  // namespace tidings::store::rules
