// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/sqlite_store.hpp"

#include "store/list_room.hpp"
#include "store/rules/doubts.hpp"
#include "store/rules/receipts.hpp"
#include "store/rules/record.hpp"
#include "store/rules/release.hpp"
#include "store/rules/replies.hpp"
#include "store/sqlite/conditions.hpp"
#include "store/sqlite/pieces.hpp"
#include "store/sqlite/reply_rows.hpp"
#include "store/sqlite/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <iterator>
#include <set>

namespace tidings::store::sqlite {

namespace {

constexpr std::size_t reader_threads = 2;

const std::filesystem::path& existing(const std::filesystem::path& folder)
{
    base::create_folder(folder);
    base::make_private(folder);
    return folder;
}

// Some of an account's list of reports, and where it goes on.
struct ReportsBehind {
    std::vector<message::Report> reports;
    base::Uuid after{};
    ListRoom room;  // in bytes
    bool more = true;
};

// A report may outlive its message by weeks, and then tells nothing: such rows are passed over, however many
// stand before those that do, and a step looks at rows_max of them.
ReportsBehind read_reports(Connection& database, const Account& owner, ReportsBehind step,
                           std::size_t count_max)
{
    std::size_t looked_at = 0;
    Rows rows = database.query(
        "SELECT id, message, code, changed_at, created_at FROM reports WHERE account = ? AND id > ? "
        "ORDER BY id LIMIT ?",
        owner.key, step.after, rows_max);
    while (step.reports.size() < count_max && rows.next()) {
        ++looked_at;
        step.after = rows.uuid(0);
        auto row = load_message(database, {owner.key, rows.uuid(1)});
        if (!row) continue;  // its life is over
        message::Report report = report_of(*row, owner);
        report.id = rows.uuid(0);
        report.code = rows.as<message::Code>(2);
        report.changed_at = rows.time(3);
        report.created_at = rows.time(4);
        step.more = step.room.take(text_size(report));
        if (!step.more) return step;
        step.reports.push_back(std::move(report));
    }
    step.more = looked_at == rows_max;
    return step;
}

// In the data folder. What SQLite makes anew gets the mode that the database has.
const std::filesystem::path& private_database(const std::filesystem::path& file)
{
    for (const char* ending : {"", "-wal", "-shm", "-journal"}) base::make_private(file.string() + ending);
    return file;
}

// A reply's row does not repeat what is in the row of the message that it answers. As long as that lives it
// is read from there.
void add_original(Connection& database, AccountKey account, message::Reply& reply)
{
    if (!reply.message) return;
    auto original = load_message(database, {account, *reply.message});
    if (!original) return;
    reply.callback_url = original->callback_url;
    reply.metadata = metadata_of(original->extra);
}

}  // namespace

SqliteStore::SqliteStore(const std::filesystem::path& folder, const std::filesystem::path& key_file,
                         base::Clock& clock, Limits limits)
try : lock_(existing(folder)), ids_(clock), last_seen_(clock), ledger_(clock, ids_, limits),
    pdus_(folder / "pdus"),
    writer_(private_database(folder / "tidings.db"), clock,
            {[this](Connection& database, auto items) { ledger_.carry_out(database, items); },
             [this](Connection& database) { ledger_.reopened(database); },
             [this](Connection& database) { ledger_.before_commit(database); },
             [this](Connection& database) { last_seen_.note(database); },
             [this](Connection& database) { last_seen_.write(database); }, [this] { ledger_.committed(); },
             [this] { ledger_.rolled_back(); }}) {
    open(key_file);
    readers_.emplace(folder / "tidings.db", reader_threads);
    writer_.start();
} catch (const SqliteError& error) {
    throw std::runtime_error(
        fmt::format("cannot open {}: {}", (folder / "tidings.db").string(), error.what()));
}

void SqliteStore::open(const std::filesystem::path& key_file)
{
    Connection& database = writer_.database();
    migrate(database);
    // The order of opening: the schema before any statement, the clock before anything asks it, the key
    // before the settings, which hold sealed secrets, and the settings before the ledger.
    last_seen_.open(database);  // from here on the time may be asked for
    base::make_private(key_file);
    open_sealer(key_file);
    auto settings = read_settings(database);
    settings_ = settings;
    ledger_.set_settings(settings);
    ledger_.open(database);
}

SqliteStore::~SqliteStore() { stop_waiting(); }

awaitable<void> SqliteStore::decide(std::shared_ptr<rules::Item> item)
{
    return run_to_end(writer_.queue(), std::make_shared<ItemWork>(std::move(item)));
}

awaitable<void> SqliteStore::accept(AccountKey account, std::vector<NewMessage> messages)
{
    assert(messages.size() <= rows_max);
    auto prepared = rules::prepare(settings()->accounts.at(account), std::move(messages));
    auto item = std::make_shared<rules::Accept>(account, std::move(prepared));
    co_await decide(item);
}

awaitable<base::Result<std::vector<base::Uuid>>> SqliteStore::accept_once(AccountKey account,
                                                                          std::vector<NewMessage> messages,
                                                                          IdempotencyKey key)
{
    assert(messages.size() <= rows_max);
    auto prepared = rules::prepare(settings()->accounts.at(account), std::move(messages));
    rules::Accept accept(account, std::move(prepared));
    auto item = std::make_shared<rules::AcceptOnce>(std::move(accept), account, std::move(key));
    co_await decide(item);
    co_return std::move(item->result);
}

awaitable<std::vector<Preview>> SqliteStore::preview(AccountKey account, std::vector<NewMessage> messages)
{
    assert(messages.size() <= rows_max);
    auto item = std::make_shared<rules::Previews>(account, std::move(messages));
    co_await decide(item);
    co_return std::move(item->result);
}

awaitable<std::optional<StoredMessage>> SqliteStore::find(AccountKey account, base::Uuid id)
{
    auto work = [key = MessageKey{account, id}](Connection& database) -> std::optional<StoredMessage> {
        auto row = load_message(database, key);
        if (!row) return {};
        return StoredMessage{key.id, submission_of(*row), row->progress.status};
    };
    co_return co_await read(std::move(work));
}

// Finds out whose message it is, which the id does not tell. Each account is one search by the primary key;
// since there may be very many accounts they are asked a piece at a time, so that no reader is held for long.
awaitable<std::optional<MessageKey>> SqliteStore::locate(base::Uuid message)
{
    std::vector<AccountKey> accounts;
    for (const auto& [account, _] : settings()->accounts) accounts.push_back(account);
    std::vector<std::vector<AccountKey>> pieces = pieces_of(std::move(accounts));
    for (std::vector<AccountKey>& piece : pieces) {
        auto work = [message, piece = std::move(piece)](Connection& database) -> std::optional<MessageKey> {
            for (AccountKey account : piece)
                if (load_message(database, {account, message})) return MessageKey{account, message};
            return {};
        };
        std::optional<MessageKey> found = co_await read(std::move(work));
        if (found) co_return found;
    }
    co_return std::nullopt;
}

awaitable<std::optional<Trace>> SqliteStore::trace(base::Uuid message)
{
    std::optional<MessageKey> key = co_await locate(message);
    if (!key) co_return std::nullopt;
    auto work = [this, key = *key](Connection& database) -> std::optional<Trace> {
        auto row = load_message(database, key);
        if (!row) return {};
        std::vector<std::string> carrier_ids;
        for (const PartRow& part : row->parts) carrier_ids.push_back(part.part.carrier_id);
        return Trace{key.account,        {key.id, submission_of(*row), row->progress.status},
                     row->progress.code, row->sender,
                     steps_of(*row),     pdus_.find(key.id, carrier_ids)};
    };
    co_return co_await read(std::move(work));
}

awaitable<base::Result<StoredMessage>> SqliteStore::cancel(AccountKey account, base::Uuid id)
{
    MessageKey key{account, id};
    auto item = std::make_shared<rules::Cancel>(key);
    co_await decide(item);
    co_return std::move(item->result);
}

awaitable<std::vector<message::Report>> SqliteStore::reports(AccountKey account)
{
    // One snapshot for all steps. Each step is a read of its own, so that a list with many outdated rows does
    // not hold a reader.
    auto settings = this->settings();
    std::vector<message::Report> reports;
    for (ReportsBehind step; step.more && reports.size() < list_max;) {
        auto work = [owner = settings->accounts.at(account), from = std::move(step),
                     count_max = list_max - reports.size()](Connection& database) {
            return read_reports(database, owner, from, count_max);
        };
        step = co_await read(std::move(work));
        std::ranges::move(step.reports, std::back_inserter(reports));
        step.reports.clear();
    }
    co_return reports;
}

awaitable<std::vector<message::Reply>> SqliteStore::replies(AccountKey account)
{
    auto work = [account, name = settings()->accounts.at(account).id](Connection& database) {
        std::vector<message::Reply> replies;
        Rows rows =
            database.query("SELECT * FROM replies WHERE account = ? AND confirmed = 0 ORDER BY id LIMIT ?",
                           account, list_max);
        for (ListRoom room; rows.next();) {
            message::Reply reply = read_reply(rows, name);
            add_original(database, account, reply);
            if (!room.take(text_size(reply))) break;
            replies.push_back(std::move(reply));
        }
        return replies;
    };
    co_return co_await read(std::move(work));
}

awaitable<std::vector<message::Attachment>> SqliteStore::attachments(AccountKey account, base::Uuid reply)
{
    auto work = [account, reply](Connection& database) { return load_attachments(database, account, reply); };
    co_return co_await read(work);
}

awaitable<void> SqliteStore::confirm_reports(AccountKey account, std::vector<base::Uuid> ids)
{
    auto work = [this, account, ids = std::move(ids)](Connection& database) {
        ledger_.confirm_reports(database, account, ids);
    };
    co_await write(std::move(work));
}

awaitable<void> SqliteStore::confirm_replies(AccountKey account, std::vector<base::Uuid> ids)
{
    auto work = [this, account, ids = std::move(ids)](Connection& database) {
        ledger_.confirm_replies(database, account, ids);
    };
    co_await write(std::move(work));
}

awaitable<std::vector<LinkKey>> SqliteStore::open_links(std::vector<std::string> names)
{
    auto make_keys = [this, names = std::move(names)](Connection& database) {
        std::vector<LinkKey> keys;
        for (const std::string& name : names) {
            // A link keeps its key for ever, also while it is not configured: queues, receipts and traces
            // speak of it by that.
            database.run("INSERT OR IGNORE INTO links (name) VALUES (?)", name);
            {
                Rows rows = database.query("SELECT key FROM links WHERE name = ?", name);
                rows.next();
                keys.push_back(rows.as<LinkKey>(0));
            }
            ledger_.name_link(keys.back(), name);
        }
        return keys;
    };
    std::vector<LinkKey> keys = co_await write(std::move(make_keys));
    co_await take_from_removed_links(keys);
    co_return keys;
}

awaitable<std::optional<message::IdForm>> SqliteStore::receipt_form(LinkKey link)
{
    auto work = [link](Connection& database) -> std::optional<message::IdForm> {
        Rows rows = database.query("SELECT receipt_form FROM links WHERE key = ?", link);
        if (!rows.next() || rows.is_null(0)) return {};
        return rows.as<message::IdForm>(0);
    };
    co_return co_await read(work);
}

awaitable<void> SqliteStore::set_receipt_form(LinkKey link, message::IdForm form)
{
    auto work = [link, form](Connection& database) {
        database.run("UPDATE links SET receipt_form = ? WHERE key = ?", form, link);
    };
    co_await write(work);
}

awaitable<void> SqliteStore::take_from_removed_links(const std::vector<LinkKey>& configured)
{
    // Links that an earlier configuration had. Their queues exist since Ledger::open, which opens every lane
    // on disk.
    std::set<LinkKey> links;
    for (Queue queue : ledger_.link_queues()) links.insert(link_of(queue));
    for (LinkKey link : configured) links.erase(link);
    for (LinkKey link : links) co_await make_due_again(link);
}

awaitable<void> SqliteStore::make_due_again(LinkKey link)
{
    Queue queue = queue_of(link);
    for (;;) {
        // First what is in memory, so that what is left of the queue stands on disk, where it can be moved in
        // batches.
        auto left = ledger_.outbox(queue).take_from_memory(rows_max);
        if (left.empty()) break;
        co_await put_into(Queue::due, std::move(left));
    }
    auto make_due = [this, queue](Connection& database) { return ledger_.make_due_again(database, queue); };
    for (bool more = true; more;) more = co_await write(make_due);
}

awaitable<std::vector<Outbound>> SqliteStore::take(Queue queue, std::size_t limit)
{
    Outbox<Outbound>& box = ledger_.outbox(queue);
    auto read = [this, queue](Connection& database) { ledger_.read_queue(database, queue); };
    std::vector<Outbound> taken = co_await take_from(box, std::min(limit, rows_max), read);
    ledger_.note_taken(taken);
    co_return taken;
}

// Takes from memory, after the lanes that are hungry were read from disk. It waits only while there is
// nothing in memory and no lane is hungry.
template <class Item, class Gate, class Read>
awaitable<std::vector<Item>> SqliteStore::take_from(Outbox<Item, Gate>& box, std::size_t limit, Read read)
{
    for (;;) {
        if (box.is_hungry()) co_await write(read);
        auto taken = box.take_from_memory(limit);
        if (!taken.empty()) co_return taken;
        if (!box.is_hungry()) co_await box.wakeup().wait();
    }
}

awaitable<std::vector<Outbound>> SqliteStore::take_due(std::size_t limit) { return take(Queue::due, limit); }

awaitable<std::vector<Outbound>> SqliteStore::take_for(LinkKey link, std::size_t limit)
{
    return take(queue_of(link), limit);
}

awaitable<void> SqliteStore::hand_over(LinkKey link, std::vector<Outbound> messages)
{
    return put_into(queue_of(link), std::move(messages));
}

// In one commit, however many there are: of messages that were moved twice some would be taken twice. What
// goes into memory goes after it: when the commit fails, nothing has happened.
awaitable<void> SqliteStore::put_into(Queue queue, std::vector<Outbound> messages)
{
    assert(messages.size() <= rows_max);
    Outbox<Outbound>& box = ledger_.outbox(queue);
    // What finds room in memory is not written at all: on disk it stands where it stood, and after a crash it
    // is due there again.
    std::vector<Outbound> to_disk = box.without_room(messages);
    if (!to_disk.empty()) {
        auto work = [this, &box, queue, to_disk = std::move(to_disk)](Connection& database) {
            std::vector<LaneKey> lanes;
            for (const Outbound& message : to_disk) {
                ledger_.move_to(database, queue, message);
                lanes.push_back(lane_of(message));
            }
            ledger_.after_commit([&box, lanes = std::move(lanes)] { box.fall_behind(lanes); });
        };
        co_await write(std::move(work));
    }
    box.push_unqueued(std::move(messages));
}

awaitable<void> SqliteStore::mark(LinkKey link, std::vector<MessageKey> keys)
{
    auto use = [this, link](std::vector<MessageKey> piece) {
        auto work = [this, link, piece = std::move(piece)](Connection& database) {
            for (const MessageKey& key : piece) ledger_.mark(database, key, link);
        };
        return write(std::move(work));
    };
    co_await in_pieces(std::move(keys), use);
}

awaitable<void> SqliteStore::unmark(std::vector<MessageKey> keys) { return mark(LinkKey{}, std::move(keys)); }

awaitable<void> SqliteStore::put_back(std::vector<MessageKey> keys, base::Time at)
{
    auto use = [this, at](std::vector<MessageKey> piece) {
        return decide(std::make_shared<rules::PutBack>(std::move(piece), at));
    };
    co_await in_pieces(std::move(keys), use);
}

awaitable<void> SqliteStore::record(std::vector<Change> changes)
{
    auto use = [this](std::vector<Change> piece) {
        return decide(std::make_shared<rules::Record>(std::move(piece)));
    };
    co_await in_pieces(std::move(changes), use);
}

awaitable<void> SqliteStore::add_doubts(LinkKey link, std::vector<Doubt> doubts)
{
    auto use = [this, link](std::vector<Doubt> piece) {
        return decide(std::make_shared<rules::AddDoubts>(link, std::move(piece)));
    };
    co_await in_pieces(std::move(doubts), use);
}

awaitable<std::vector<MessageKey>> SqliteStore::open_doubts(LinkKey link, std::vector<MessageKey> keys)
{
    std::vector<MessageKey> all;
    std::vector<std::vector<MessageKey>> pieces = pieces_of(std::move(keys));
    for (const std::vector<MessageKey>& piece : pieces) {
        auto item = std::make_shared<rules::OpenDoubts>(link, piece);
        co_await decide(item);
        all.insert(all.end(), item->result.begin(), item->result.end());
    }
    co_return all;
}

awaitable<void> SqliteStore::add_receipts(LinkKey link, std::vector<Receipt> receipts)
{
    auto use = [this, link](std::vector<Receipt> piece) {
        return decide(std::make_shared<rules::Receipts>(link, std::move(piece)));
    };
    co_await in_pieces(std::move(receipts), use);
}

awaitable<void> SqliteStore::add_inbound(LinkKey link, std::vector<Inbound> inbound)
{
    auto use = [this, link](std::vector<Inbound> piece) {
        return decide(std::make_shared<rules::AddInbound>(link, std::move(piece)));
    };
    co_await in_pieces(std::move(inbound), use);
}

awaitable<void> SqliteStore::inbound_answered(std::vector<base::Sha256> fingerprints)
{
    auto use = [this](std::vector<base::Sha256> piece) {
        auto work = [this, piece = std::move(piece)](Connection& database) {
            for (const base::Sha256& fingerprint : piece) ledger_.inbound_answered(database, fingerprint);
        };
        return write(std::move(work));
    };
    co_await in_pieces(std::move(fingerprints), use);
}

awaitable<std::vector<Callback>> SqliteStore::take_callbacks(std::size_t limit)
{
    auto read = [this](Connection& database) { ledger_.read_callbacks(database); };
    co_return co_await take_from(ledger_.callbacks(), limit, read);
}

awaitable<bool> SqliteStore::release(base::Time now)
{
    auto work = [this, now](Connection& database) { return ledger_.release(database, now); };
    co_return co_await write(work);
}

awaitable<std::vector<HeldMessage>> SqliteStore::held_messages(std::size_t limit)
{
    auto work = [limit](Connection& database) {
        // Served by messages_timed: of what is held `seq` is the time since when.
        static const Statement oldest("SELECT * FROM messages WHERE {} AND {} ORDER BY seq LIMIT ?",
                                      in(Queue::held), waits_for_a_time);
        std::vector<HeldMessage> held;
        Rows rows = database.query(oldest, limit);
        while (rows.next()) {
            MessageRow row = read_message(rows);
            HeldMessage& message = held.emplace_back();
            message.key = row.key;
            message.destination = row.destination;
            message.since = base::Time(std::chrono::milliseconds(row.seq));
            message.why = steps_of(row).back().what;
        }
        return held;
    };
    co_return co_await read(work);
}

// The message is located by a reader, and decided by an item: what happens to it in between the item sees.
awaitable<base::Result<void>> SqliteStore::decide_held(base::Uuid message,
                                                       rules::DecideHeld::Decision decision)
{
    std::optional<MessageKey> key = co_await locate(message);
    if (!key) co_return base::errc::not_found;
    auto item = std::make_shared<rules::DecideHeld>(*key, decision);
    co_await decide(item);
    co_return item->result;
}

awaitable<base::Result<void>> SqliteStore::release_held(base::Uuid message)
{
    return decide_held(message, rules::DecideHeld::Decision::release);
}

awaitable<base::Result<void>> SqliteStore::drop_held(base::Uuid message)
{
    return decide_held(message, rules::DecideHeld::Decision::drop);
}

awaitable<std::vector<UnmatchedReply>> SqliteStore::unmatched_replies(std::size_t limit)
{
    auto work = [limit](Connection& database) {
        Rows rows = database.query(
            "SELECT name, source, destination, content, received_at FROM unmatched_replies "
            "JOIN links ON links.key = link ORDER BY unmatched_replies.key DESC LIMIT ?",
            limit);
        std::vector<UnmatchedReply> replies;
        for (ListRoom room; rows.next();) {
            UnmatchedReply reply;
            reply.link = rows.text(0);
            reply.source = rows.text(1);
            reply.destination = rows.text(2);
            reply.content = rows.text(3);
            reply.received_at = rows.time(4);
            if (!room.take(reply.content.size() + reply.source.size() + reply.destination.size())) break;
            replies.push_back(std::move(reply));
        }
        return replies;
    };
    co_return co_await read(work);
}

awaitable<void> SqliteStore::set_link_status(LinkStatus status)
{
    std::lock_guard lock(link_statuses_mutex_);
    LinkKey link = status.link;
    link_statuses_[link] = std::move(status);
    co_return;
}

awaitable<void> SqliteStore::forget_link_status(LinkKey link)
{
    std::lock_guard lock(link_statuses_mutex_);
    link_statuses_.erase(link);
    co_return;
}

awaitable<std::vector<LinkStatus>> SqliteStore::link_statuses()
{
    std::vector<LinkStatus> statuses;
    {
        std::lock_guard lock(link_statuses_mutex_);
        for (const auto& [_, status] : link_statuses_) statuses.push_back(status);
    }
    auto work = [this, statuses = std::move(statuses)](Connection& database) mutable {
        for (LinkStatus& status : statuses) ledger_.count_waiting(database, status);
        return std::move(statuses);
    };
    co_return co_await read(std::move(work));
}

awaitable<base::Result<void>> SqliteStore::restart_link(std::string name)
{
    std::lock_guard lock(link_statuses_mutex_);
    auto is_it = [&name](const auto& each) { return each.second.name == name && each.second.place; };
    if (std::ranges::none_of(link_statuses_, is_it)) co_return base::errc::not_found;
    restarts_.insert(std::move(name));
    restart_asked_.notify();
    co_return base::Result<void>();
}

awaitable<std::string> SqliteStore::take_restart()
{
    for (;;) {
        {
            std::lock_guard lock(link_statuses_mutex_);
            if (!restarts_.empty()) co_return restarts_.extract(restarts_.begin()).value();
        }
        co_await restart_asked_.wait();
    }
}

awaitable<Store::Counts> SqliteStore::counts() { co_return ledger_.counts(); }

}  // namespace tidings::store::sqlite
