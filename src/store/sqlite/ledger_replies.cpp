// SPDX-License-Identifier: Apache-2.0
// How a reply finds its message and account. The only key that SMS offers is (our number, handset): the last
// message sent that way is the one replied to. Without one the number's owner gets it, and a number of
// nobody's is kept for the operator. Of what fits nothing each link keeps so much at most (LinkLimits).
#include "store/sqlite/ledger.hpp"

#include "base/log.hpp"
#include "base/utf8.hpp"
#include "message/limits.hpp"
#include "store/sqlite/reply_rows.hpp"

namespace tidings::store::sqlite {

namespace {

constexpr std::size_t full_number_min = 8;  // shorter ones are short codes, which have no +

std::string with_plus(const std::string& digits)
{
    bool number = digits.size() >= full_number_min && digits.find_first_not_of("0123456789") == digits.npos;
    return number ? "+" + digits : digits;
}

}  // namespace

void Ledger::add_inbound(Connection& database, LinkKey link, const Inbound& inbound)
{
    bool is_new = database.run("INSERT OR IGNORE INTO seen_inbound (fingerprint, at, link) VALUES (?, ?, ?)",
                               blob_of(inbound.fingerprint), inbound.received_at, link) == 1;
    if (!is_new) return;
    if (auto surplus = surplus_of(RowCounts::Kind::seen_inbound, link, limits_.of_link.seen_inbound))
        database.run(
            "DELETE FROM seen_inbound WHERE fingerprint IN (SELECT fingerprint FROM seen_inbound "
            "WHERE link = ? ORDER BY at LIMIT ?)",
            link, surplus);
    if (inbound.part)
        add_part(database, link, inbound);
    else
        make_reply(database, link, inbound);
}

void Ledger::add_part(Connection& database, LinkKey link, const Inbound& inbound)
{
    const text::PartOf& part = *inbound.part;
    database.run(
        "INSERT INTO reply_parts (link, source, destination, reference, total, sequence, content, "
        "received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET content = excluded.content, received_at = excluded.received_at",
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
    if (there == part.total) return join_parts(database, link, inbound);
    auto surplus = surplus_of(RowCounts::Kind::reply_parts, link, limits_.of_link.reply_parts);
    if (surplus == 0) return;
    auto count = database.run(
        "DELETE FROM reply_parts WHERE (link, source, destination, reference, total, sequence) IN "
        "(SELECT link, source, destination, reference, total, sequence FROM reply_parts WHERE link = ? "
        "ORDER BY received_at LIMIT ?)",
        link, surplus);
    dropped(RowCounts::Kind::dropped_parts, link, count);
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
    if (!original) original = find_in_flight(database, inbound);
    auto owner = settings_->owner_of(inbound.destination);
    if (!original && !owner) return keep_unmatched(database, link, inbound);

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

void Ledger::keep_unmatched(Connection& database, LinkKey link, const Inbound& inbound)
{
    database.run(
        "INSERT INTO unmatched_replies (link, source, destination, content, received_at) "
        "VALUES (?, ?, ?, ?, ?)",
        link, inbound.source, inbound.destination, inbound.content, inbound.received_at);
    base::log_warning("reply from {} to {} belongs to no account; kept as unmatched",
                      base::masked(inbound.source), base::masked(inbound.destination));
    auto surplus = surplus_of(RowCounts::Kind::unmatched_replies, link, limits_.of_link.unmatched_replies);
    if (surplus == 0) return;
    auto count = database.run(
        "DELETE FROM unmatched_replies WHERE key IN (SELECT key FROM unmatched_replies WHERE link = ? "
        "ORDER BY received_at LIMIT ?)",
        link, surplus);
    dropped(RowCounts::Kind::dropped_replies, link, count);
}

std::optional<MessageRow> Ledger::find_by_thread(Connection& database, const Inbound& inbound)
{
    const std::string &number = inbound.destination, &handset = inbound.source;
    auto window = settings_->is_shared(number) ? pool_window : life;
    auto matches = [&](const std::optional<MessageRow>& row) {
        return row && row->sender == number && message::digits_of(row->destination) == handset &&
               row->submitted_at && inbound.received_at - *row->submitted_at <= window;
    };
    if (auto key = hints_.recent.by_thread(number, handset)) {
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
// never came.
std::optional<MessageRow> Ledger::find_in_flight(Connection& database, const Inbound& inbound) const
{
    auto key = hints_.taken.find(inbound.destination, inbound.source);
    if (!key) return {};
    auto row = load_message(database, *key);
    bool is_under_way = row && row->queue && has_lanes(*row->queue);
    if (!is_under_way || row->sender != inbound.destination) return {};
    if (message::digits_of(row->destination) != inbound.source) return {};
    return row;
}

void Ledger::inbound_answered(Connection& database, const base::Sha256& fingerprint)
{
    database.run("DELETE FROM seen_inbound WHERE fingerprint = ?", blob_of(fingerprint));
}

// One of each reply whose parts were waited for long enough, as far as `limit` parts show them.
std::vector<Inbound> Ledger::late_parts(Connection& database, LinkKey link, base::Time pause_end,
                                        std::size_t limit)
{
    std::vector<Inbound> late;
    Rows rows = database.query(
        "SELECT DISTINCT source, destination, reference, total FROM (SELECT source, destination, reference, "
        "total FROM reply_parts WHERE link = ? AND received_at <= ? ORDER BY received_at LIMIT ?)",
        link, pause_end - parts_window, limit);
    while (rows.next()) {
        Inbound& any = late.emplace_back();
        any.source = rows.text(0);
        any.destination = rows.text(1);
        any.part = text::PartOf{static_cast<std::uint16_t>(rows.integer(2)),
                                static_cast<std::uint8_t>(rows.integer(3)), 1};
        any.received_at = clock_.now();
    }
    return late;
}

bool Ledger::release_parts(Connection& database, base::Time pause_end)
{
    std::vector<LinkKey> links = row_counts_.links_with(RowCounts::Kind::reply_parts);
    bool any_late = false;
    for (LinkKey link : links)
        for (const Inbound& any :
             late_parts(database, link, pause_end, std::max<std::size_t>(1, batch_max / links.size()))) {
            base::log_warning("a reply from {} misses parts; delivered without them",
                              base::masked(any.source));
            join_parts(database, link, any);
            any_late = true;
        }
    return any_late;
}

}  // namespace tidings::store::sqlite
