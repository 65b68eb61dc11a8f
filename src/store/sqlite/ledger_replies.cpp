// SPDX-License-Identifier: Apache-2.0
// How a reply finds its message and account. The only key that SMS offers is (our number, handset): the last
// message sent that way is the one replied to. Without one the number's owner gets it, and a number of
// nobody's is kept for the operator.
#include "store/sqlite/ledger.hpp"

#include "base/log.hpp"
#include "base/utf8.hpp"
#include "message/limits.hpp"
#include "store/sqlite/reply_rows.hpp"

namespace tidings::store {

namespace {

constexpr std::size_t in_flight_max = 500;  // of a lane are looked at: more than links keep in hand

constexpr std::size_t full_number_min = 8;  // shorter ones are short codes, which have no +

std::string with_plus(const std::string& digits)
{
    bool number = digits.size() >= full_number_min && digits.find_first_not_of("0123456789") == digits.npos;
    return number ? "+" + digits : digits;
}

}  // namespace

void Ledger::add_inbound(Connection& database, LinkKey link, const Inbound& inbound)
{
    bool is_new = database.run("INSERT OR IGNORE INTO seen_inbound (fingerprint, at) VALUES (?, ?)",
                               blob_of(inbound.fingerprint), inbound.received_at) == 1;
    if (!is_new) return;
    if (inbound.part)
        add_part(database, link, inbound);
    else
        make_reply(database, link, inbound);
}

void Ledger::add_part(Connection& database, LinkKey link, const Inbound& inbound)
{
    const message::PartOf& part = *inbound.part;
    database.run(
        "INSERT OR REPLACE INTO reply_parts (link, source, destination, reference, total, sequence, content, "
        "received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        link, inbound.source, inbound.destination, part.reference, part.total, part.sequence, inbound.content,
        on_pause_scale(inbound.received_at));
    std::int64_t there = 0;
    {
        Rows rows = database.query(
            "SELECT count(*) FROM reply_parts WHERE link = ? AND source = ? AND destination = ? "
            "AND reference = ? AND total = ?",
            link, inbound.source, inbound.destination, part.reference, part.total);
        rows.next();
        there = rows.integer(0);
    }
    if (there == part.total) join_parts(database, link, inbound);
}

// Makes one reply of the parts that are there and removes them.
void Ledger::join_parts(Connection& database, LinkKey link, const Inbound& any)
{
    Inbound whole = any;
    whole.content.clear();
    {
        Rows rows = database.query(
            "SELECT content FROM reply_parts WHERE link = ? AND source = ? AND destination = ? "
            "AND reference = ? AND total = ? ORDER BY sequence",
            link, any.source, any.destination, any.part->reference, any.part->total);
        while (rows.next() && whole.content.size() <= message::reply_content_max)
            whole.content += rows.text(0);
    }
    whole.content.resize(base::utf8_prefix(whole.content, message::reply_content_max).size());
    database.run(
        "DELETE FROM reply_parts WHERE link = ? AND source = ? AND destination = ? AND reference = ? "
        "AND total = ?",
        link, any.source, any.destination, any.part->reference, any.part->total);
    make_reply(database, link, whole);
}

void Ledger::make_reply(Connection& database, LinkKey link, const Inbound& inbound)
{
    auto original = find_by_thread(database, inbound);
    if (!original) original = find_in_flight(database, link, inbound);
    auto owner = settings_->owner_of(inbound.destination);
    if (!original && !owner) {
        database.run(
            "INSERT INTO unmatched_replies (link, source, destination, content, received_at) "
            "VALUES (?, ?, ?, ?, ?)",
            link, inbound.source, inbound.destination, inbound.content, inbound.received_at);
        base::log_warning("reply from {} to {} belongs to no account; kept as unmatched",
                          base::masked(inbound.source), base::masked(inbound.destination));
        return;
    }

    message::Reply reply;
    reply.id = ids_.next();
    reply.received_at = inbound.received_at;
    reply.source = with_plus(inbound.source);
    reply.content = inbound.content;
    AccountKey account = original ? original->key.account : *owner;
    if (original) {
        reply.message = original->key.id;
        reply.callback_url = original->callback_url;
        reply.metadata = metadata_of(original->extra);
        reply.destination = submission_of(*original).source;
    } else {
        reply.destination = with_plus(inbound.destination);
    }
    reply.account = account_id(account);
    reply.wish = heed(database, settings_->accounts.at(account), inbound);
    if (inbound.format == message::Format::mms &&
        settings_->accounts.at(account).features.has(Feature::inbound_mms)) {
        reply.format = message::Format::mms;
        reply.attachments = inbound.attachments;
    }
    insert_reply(database, account, reply);
    reply.attachments.clear();  // whoever tells it reads them
    CallbackRow row;
    row.key = {account, reply.id, {}};
    row.message = reply.message;
    row.changed_at = row.created_at = reply.received_at;
    row.since = clock_.now();
    Callback callback;
    callback.format = reply.format;
    if (original) callback.original = original->content;
    callback.reply = std::move(reply);
    tell(database, {row, std::move(callback)});
}

std::optional<MessageRow> Ledger::find_by_thread(Connection& database, const Inbound& inbound)
{
    const std::string &number = inbound.destination, &handset = inbound.source;
    auto window = settings_->is_shared(number) ? pool_window : life;
    auto matches = [&](const std::optional<MessageRow>& row) {
        return row && row->sender == number && message::digits_of(row->destination) == handset &&
               row->submitted_at && inbound.received_at - *row->submitted_at <= window;
    };
    if (auto key = recent_.by_thread(number, handset)) {
        auto row = load_message(database, *key);
        if (matches(row)) return row;
    }
    std::optional<MessageKey> key;
    {
        Rows rows = database.query("SELECT account, message FROM threads WHERE number = ? AND handset = ?",
                                   number, handset);
        if (rows.next()) key = MessageKey{rows.as<AccountKey>(0), rows.uuid(1)};
    }
    if (!key) return {};
    auto row = load_message(database, *key);
    if (matches(row)) return row;
    return {};
}

// A handset can be faster than the carrier's answer to us, or than its commit, and after a crash that answer
// never came. What is in flight stands at the heads of its lanes.
std::optional<MessageRow> Ledger::find_in_flight(Connection& database, LinkKey link, const Inbound& inbound)
{
    for (Queue queue : {queue_of(link), Queue::due})
        for (const LaneKey& lane : outbox(queue).lanes())
            if (auto key = find_in_lane(database, lane_in(queue, lane.priority), lane.account, inbound))
                return load_message(database, *key);
    return {};
}

std::optional<MessageKey> Ledger::find_in_lane(Connection& database, Queue lane, AccountKey account,
                                               const Inbound& inbound)
{
    Rows rows = database.query(
        "SELECT id FROM (SELECT id, sender, destination FROM messages "
        "WHERE queue = ? AND queue >= 0 AND account = ? ORDER BY seq LIMIT ?) "
        "WHERE sender = ? AND ltrim(destination, '+') = ? ORDER BY id DESC LIMIT 1",
        lane, account, in_flight_max, inbound.destination, inbound.source);
    if (!rows.next()) return {};
    return MessageKey{account, rows.uuid(0)};
}

void Ledger::inbound_answered(Connection& database, const base::Sha256& fingerprint)
{
    database.run("DELETE FROM seen_inbound WHERE fingerprint = ?", blob_of(fingerprint));
}

bool Ledger::release_parts(Connection& database, base::Time pause_end)
{
    struct Late {
        LinkKey link;
        Inbound any;
    };
    std::vector<Late> late;
    {
        Rows rows = database.query(
            "SELECT DISTINCT link, source, destination, reference, total FROM reply_parts "
            "WHERE received_at <= ? LIMIT ?",
            pause_end - parts_window, batch_max);
        while (rows.next()) {
            Late& group = late.emplace_back();
            group.link = rows.as<LinkKey>(0);
            group.any.source = rows.text(1);
            group.any.destination = rows.text(2);
            group.any.part = message::PartOf{static_cast<std::uint16_t>(rows.integer(3)),
                                             static_cast<std::uint8_t>(rows.integer(4)), 1};
            group.any.received_at = clock_.now();
        }
    }
    for (const auto& [link, any] : late) {
        base::log_warning("a reply from {} misses parts; delivered without them", base::masked(any.source));
        join_parts(database, link, any);
    }
    return late.size() == batch_max;
}

}  // namespace tidings::store
