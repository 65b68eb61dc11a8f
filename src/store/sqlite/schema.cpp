// SPDX-License-Identifier: Apache-2.0
// The tables. Rows are few and keys ascend with time, so that a commit touches the right edge of each tree
// whatever the tables hold: the outbox is an index over messages (queue, seq), and no index on carrier ids or
// numbers is written while a message is young (recent.hpp keeps those in memory).
//
// An index over rows that wait for something is partial, so that rows in which nothing is left to do cost
// nothing. A statement is served by it only when it says the condition as it stands here (conditions.hpp).
//
// Times are milliseconds since 1970. PRAGMA user_version counts the migrations that were applied.
#include "store/sqlite/schema.hpp"

#include <fmt/format.h>

#include <array>
#include <stdexcept>

namespace tidings::store::sqlite {

namespace {

// Append only. A database of any older version comes to the present one by the migrations that it lacks, so
// that one which was published must never change.
constexpr std::array migrations = {
    R"sql(
CREATE TABLE accounts (
    key INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice
    id TEXT NOT NULL UNIQUE,
    parent INTEGER,
    default_source TEXT NOT NULL,
    credits INTEGER                         -- null: unlimited
) STRICT;

CREATE TABLE keys (
    name TEXT PRIMARY KEY,
    account INTEGER NOT NULL,
    scheme INTEGER NOT NULL,
    secret BLOB NOT NULL                    -- Basic: SHA-256; HMAC: sealed
) STRICT, WITHOUT ROWID;

CREATE TABLE numbers (
    number TEXT PRIMARY KEY,
    account INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE links (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta (name, value) VALUES ('settings_version', 1);

CREATE TABLE messages (
    account INTEGER NOT NULL,
    id BLOB NOT NULL,
    status INTEGER NOT NULL,
    code INTEGER NOT NULL,
    told INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    queue INTEGER,                          -- rows.hpp: Queue; null: nothing left to do
    seq INTEGER,                            -- place in the queue; in those below 0 a time
    flags INTEGER NOT NULL,                 -- rows.hpp: format, report, type of sender
    destination TEXT NOT NULL,              -- as submitted
    sender TEXT NOT NULL,
    content TEXT NOT NULL,
    callback_url TEXT,
    expiry INTEGER,
    extra TEXT,                             -- JSON of the fields that few messages have
    link INTEGER,
    submitted_at INTEGER,
    parts BLOB,                             -- rows.hpp: what the carrier calls the parts, and how they are
    PRIMARY KEY (account, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX messages_queue ON messages (queue, seq) WHERE queue IS NOT NULL;
CREATE INDEX messages_submitted ON messages (submitted_at) WHERE submitted_at IS NOT NULL;

CREATE TABLE reports (                      -- not yet confirmed
    account INTEGER NOT NULL,
    id BLOB NOT NULL,
    message BLOB NOT NULL,
    code INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (account, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE replies (
    account INTEGER NOT NULL,
    id BLOB NOT NULL,
    message BLOB,                           -- null: to a number of the account, answering nothing
    source TEXT NOT NULL,
    destination TEXT NOT NULL,
    content TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    confirmed INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX replies_unconfirmed ON replies (account, id) WHERE confirmed = 0;

CREATE TABLE callbacks (                    -- not yet delivered; id is that of the report or reply
    account INTEGER NOT NULL,
    id BLOB NOT NULL,
    message BLOB NOT NULL,
    code INTEGER NOT NULL,                  -- 0: a reply
    changed_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    queue INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (account, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX callbacks_queue ON callbacks (queue, seq);

CREATE TABLE carrier_ids (                  -- of messages that left memory before their end
    link INTEGER NOT NULL,
    carrier_id TEXT NOT NULL,
    account INTEGER NOT NULL,
    message BLOB NOT NULL,
    PRIMARY KEY (link, carrier_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE threads (                      -- the last message from number to handset, once out of memory
    number TEXT NOT NULL,
    handset TEXT NOT NULL,
    account INTEGER NOT NULL,
    message BLOB NOT NULL,
    submitted_at INTEGER NOT NULL,
    PRIMARY KEY (number, handset)
) STRICT, WITHOUT ROWID;

CREATE TABLE doubts (
    link INTEGER NOT NULL,
    destination TEXT NOT NULL,
    source TEXT NOT NULL,
    account INTEGER NOT NULL,
    message BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (link, destination, source, account, message)
) STRICT, WITHOUT ROWID;
CREATE INDEX doubts_by_age ON doubts (at);

CREATE TABLE parked_receipts (
    key INTEGER PRIMARY KEY,
    link INTEGER NOT NULL,
    carrier_id TEXT NOT NULL,
    code INTEGER NOT NULL,
    provisional INTEGER NOT NULL,
    at INTEGER NOT NULL,
    source TEXT NOT NULL,
    destination TEXT NOT NULL,
    arrived_at INTEGER NOT NULL,
    unmatched INTEGER NOT NULL DEFAULT 0    -- 1: given up, kept for the operator
) STRICT;
CREATE INDEX parked_by_id ON parked_receipts (link, carrier_id) WHERE unmatched = 0;
CREATE INDEX parked_by_numbers ON parked_receipts (link, destination, source) WHERE unmatched = 0;
CREATE INDEX parked_by_age ON parked_receipts (arrived_at) WHERE unmatched = 0;

CREATE TABLE reply_parts (
    link INTEGER NOT NULL,
    source TEXT NOT NULL,
    destination TEXT NOT NULL,
    reference INTEGER NOT NULL,
    total INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    content TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (link, source, destination, reference, total, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX reply_parts_by_age ON reply_parts (received_at);

CREATE TABLE seen_inbound (                 -- to recognise what a carrier delivers again
    fingerprint BLOB PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX seen_by_age ON seen_inbound (at);

CREATE TABLE unmatched_replies (            -- to numbers that belong to nobody; kept for the operator
    key INTEGER PRIMARY KEY,
    link INTEGER NOT NULL,
    source TEXT NOT NULL,
    destination TEXT NOT NULL,
    content TEXT NOT NULL,
    received_at INTEGER NOT NULL
) STRICT;
)sql",
    // What accounts may do and from where, prepaid credits, idempotency keys, expiry of what waits, lanes.
    // Accounts from before could send from any source, and still can.
    R"sql(
ALTER TABLE accounts ADD COLUMN unregistered_source INTEGER NOT NULL DEFAULT 0;
UPDATE accounts SET unregistered_source = 2;
ALTER TABLE accounts ADD COLUMN features INTEGER NOT NULL DEFAULT 3;
ALTER TABLE accounts ADD COLUMN requests_per_second INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN messages_per_second INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;

ALTER TABLE keys ADD COLUMN expires_at INTEGER;
ALTER TABLE keys ADD COLUMN body_digest_required INTEGER NOT NULL DEFAULT 0;
ALTER TABLE keys ADD COLUMN sha1_allowed INTEGER NOT NULL DEFAULT 1;
ALTER TABLE keys ADD COLUMN priority INTEGER;  -- null: that of the account

ALTER TABLE numbers RENAME TO numbers_1;
CREATE TABLE numbers (
    number TEXT NOT NULL,
    account INTEGER NOT NULL,               -- 0: the pool that all accounts share
    PRIMARY KEY (number, account)
) STRICT, WITHOUT ROWID;
INSERT INTO numbers SELECT number, account FROM numbers_1;
DROP TABLE numbers_1;

ALTER TABLE messages ADD COLUMN debited INTEGER NOT NULL DEFAULT 0;  -- credits to be given back if not sent
ALTER TABLE messages ADD COLUMN trace BLOB;  -- rows.hpp: what happened to it
ALTER TABLE messages ADD COLUMN refused_by BLOB;  -- rows.hpp: links
CREATE INDEX messages_expiry ON messages (status, expiry) WHERE expiry IS NOT NULL AND status <= 3;

-- A queue has a lane for each priority, which is part of its number, and account.
DROP INDEX messages_queue;
UPDATE messages SET queue = queue * 4 WHERE queue > 0;
CREATE INDEX messages_queue ON messages (queue, account, seq) WHERE queue >= 0;
CREATE INDEX messages_timed ON messages (queue, seq) WHERE queue < 0;
DROP INDEX callbacks_queue;
CREATE INDEX callbacks_queue ON callbacks (queue, account, seq) WHERE queue >= 0;
CREATE INDEX callbacks_timed ON callbacks (queue, seq) WHERE queue < 0;

CREATE TABLE routes (
    name TEXT PRIMARY KEY,
    link TEXT NOT NULL,
    destination_prefix TEXT NOT NULL,
    sources TEXT NOT NULL,                  -- with line ends between
    account TEXT NOT NULL,
    format INTEGER,                         -- null: every one
    priority INTEGER NOT NULL,
    weight INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency_keys (
    account INTEGER NOT NULL,
    key TEXT NOT NULL,
    body BLOB NOT NULL,                     -- SHA-256 of the request's
    messages BLOB NOT NULL,                 -- their ids, in order
    at INTEGER NOT NULL,
    PRIMARY KEY (account, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (at);
)sql",
    // What links with `hold` may have submitted, how often a message was in doubt, how receipts write ids.
    R"sql(
ALTER TABLE links ADD COLUMN receipt_form INTEGER;  -- message::IdForm, as learnt; null: not yet
CREATE INDEX messages_marked ON messages (account, id)
    WHERE queue >= 0 AND link > 0 AND submitted_at IS NULL;
ALTER TABLE doubts ADD COLUMN times INTEGER NOT NULL DEFAULT 1;
)sql",
    // Webhooks, and what they are signed with.
    R"sql(
ALTER TABLE accounts ADD COLUMN send_both INTEGER NOT NULL DEFAULT 0;

CREATE TABLE webhooks (
    account INTEGER NOT NULL,
    id BLOB NOT NULL,
    url TEXT NOT NULL,
    method INTEGER NOT NULL,
    encoding INTEGER NOT NULL,
    events INTEGER NOT NULL,                -- one bit for each
    headers TEXT NOT NULL,                  -- names and values in turn, a line each
    template TEXT,                          -- null: the default of the encoding
    read_timeout INTEGER,                   -- milliseconds
    retries INTEGER NOT NULL,
    retry_delay INTEGER,                    -- seconds
    disabled INTEGER NOT NULL,
    PRIMARY KEY (account, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE signature_keys (
    account INTEGER NOT NULL,
    id BLOB NOT NULL,
    digest INTEGER NOT NULL,
    private_key BLOB NOT NULL,              -- sealed
    public_key BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    enabled INTEGER NOT NULL,
    PRIMARY KEY (account, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE webhook_secrets (
    account INTEGER NOT NULL,
    age INTEGER NOT NULL,                   -- 0: the newest; 1: the one before it
    secret BLOB NOT NULL,                   -- sealed
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (account, age)
) STRICT, WITHOUT ROWID;
)sql",
    // Callbacks to webhooks beside those to callback_url, a lane for each endpoint and account, dead letters,
    // and a log of attempts. Callbacks from before have a lane of their own, 0.
    R"sql(
CREATE TABLE callbacks_3 (                  -- not yet delivered; id is that of the report or reply
    account INTEGER NOT NULL,
    id BLOB NOT NULL,
    webhook BLOB NOT NULL,                  -- nil: the callback_url of the message
    message BLOB,                           -- null: a reply that answers none
    code INTEGER NOT NULL,                  -- 0: a reply
    changed_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    since INTEGER NOT NULL,                 -- when the tries began
    attempts INTEGER NOT NULL,
    endpoint INTEGER NOT NULL,              -- of scheme, host and port
    queue INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (account, id, webhook)
) STRICT, WITHOUT ROWID;
INSERT INTO callbacks_3 SELECT account, id, zeroblob(16), message, code, changed_at, created_at, created_at,
    attempts, 0, queue, seq FROM callbacks;
DROP TABLE callbacks;
ALTER TABLE callbacks_3 RENAME TO callbacks;
CREATE INDEX callbacks_due ON callbacks (endpoint, account, seq) WHERE queue = 0;
CREATE INDEX callbacks_timed ON callbacks (seq) WHERE queue = -1;

CREATE TABLE dead_letters (                 -- callbacks that were given up
    account INTEGER NOT NULL,
    id BLOB NOT NULL,
    webhook BLOB NOT NULL,
    message BLOB,
    code INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    since INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    endpoint INTEGER NOT NULL,
    died_at INTEGER NOT NULL,
    PRIMARY KEY (account, id, webhook)
) STRICT, WITHOUT ROWID;

CREATE TABLE callback_attempts (            -- that failed, and what came after them
    account INTEGER NOT NULL,
    id BLOB NOT NULL,
    webhook BLOB NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    took_ms INTEGER NOT NULL,
    status INTEGER NOT NULL,                -- 0: no answer
    error TEXT NOT NULL,
    answer BLOB NOT NULL,
    PRIMARY KEY (account, id, webhook, number)
) STRICT, WITHOUT ROWID;
)sql",
    // De-duplication.
    R"sql(
ALTER TABLE accounts ADD COLUMN duplicate_window INTEGER NOT NULL DEFAULT 0;  -- seconds; 0: off

CREATE TABLE sent_keys (                    -- newest_rows.hpp; in the order of sending
    seq INTEGER PRIMARY KEY,
    key BLOB NOT NULL,
    message BLOB NOT NULL,
    at INTEGER NOT NULL,
    indexed INTEGER NOT NULL DEFAULT 0      -- 1: it has left memory
) STRICT;
CREATE INDEX sent_keys_indexed ON sent_keys (key) WHERE indexed = 1;
)sql",
    // The character converter.
    R"sql(
ALTER TABLE accounts ADD COLUMN converter INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN converted TEXT;  -- what goes out instead of the content
)sql",
    // Social sending.
    R"sql(
ALTER TABLE accounts ADD COLUMN hours INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN zone TEXT NOT NULL DEFAULT 'UTC';

CREATE TABLE holds_to_renew (               -- of accounts whose hours changed
    account INTEGER PRIMARY KEY,
    last_seq INTEGER NOT NULL,              -- how far the messages that wait for a time were looked through
    last_account INTEGER NOT NULL,
    last_id BLOB NOT NULL
) STRICT;
)sql",
    // Opt-outs. Every account heeds them, unless it says that it does so itself.
    R"sql(
ALTER TABLE accounts ADD COLUMN opt_out_confirmation TEXT NOT NULL DEFAULT '';
UPDATE accounts SET features = features | 16;

CREATE TABLE opt_outs (
    account INTEGER NOT NULL,
    number TEXT NOT NULL,                   -- digits
    at INTEGER NOT NULL,
    PRIMARY KEY (account, number)
) STRICT, WITHOUT ROWID;

ALTER TABLE replies ADD COLUMN wish INTEGER NOT NULL DEFAULT 0;  -- message/opt_out.hpp
CREATE INDEX replies_in_doubt ON replies (id) WHERE wish = 3;
)sql",
    // Familiar senders.
    R"sql(
CREATE TABLE familiar_senders (
    account INTEGER NOT NULL,
    handset TEXT NOT NULL,                  -- digits
    number TEXT NOT NULL,                   -- of the pool
    PRIMARY KEY (account, handset)
) STRICT, WITHOUT ROWID;
)sql",
    // Screening and caps. Lists have line ends between.
    R"sql(
ALTER TABLE accounts ADD COLUMN daily_cap INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN monthly_cap INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN blocked_sources TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN drop_patterns TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN hold_patterns TEXT NOT NULL DEFAULT '';

CREATE TABLE usage (                        -- of accounts that have caps
    account INTEGER PRIMARY KEY,
    day INTEGER NOT NULL,                   -- days since 1970
    of_day INTEGER NOT NULL,
    of_month INTEGER NOT NULL
) STRICT;
)sql",
    // Familiar senders as they are found: newest_rows.hpp.
    R"sql(
ALTER TABLE familiar_senders RENAME TO familiar_senders_11;
CREATE TABLE familiar_senders (
    seq INTEGER PRIMARY KEY,
    account INTEGER NOT NULL,
    handset TEXT NOT NULL,                  -- digits
    number TEXT NOT NULL,
    indexed INTEGER NOT NULL DEFAULT 0      -- 1: it has left memory
) STRICT;
INSERT INTO familiar_senders (account, handset, number)
    SELECT account, handset, number FROM familiar_senders_11;
DROP TABLE familiar_senders_11;
CREATE INDEX familiar_senders_indexed ON familiar_senders (account, handset) WHERE indexed = 1;
)sql",
    // MMS from handsets.
    R"sql(
ALTER TABLE replies ADD COLUMN format INTEGER NOT NULL DEFAULT 0;  -- message::Format

CREATE TABLE attachments (                  -- of replies, in their order
    account INTEGER NOT NULL,
    reply BLOB NOT NULL,
    place INTEGER NOT NULL,
    content_type TEXT NOT NULL,
    original_name TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (account, reply, place)
) STRICT;
)sql",
    // One table for callbacks, whatever became of them: those that are over stay as the log.
    R"sql(
ALTER TABLE callbacks ADD COLUMN took_ms INTEGER;  -- of the attempt that delivered it, as the next two
ALTER TABLE callbacks ADD COLUMN status INTEGER;
ALTER TABLE callbacks ADD COLUMN answer BLOB;
INSERT OR IGNORE INTO callbacks SELECT account, id, webhook, message, code, changed_at, created_at, since,
    attempts, endpoint, -5, died_at, NULL, NULL, NULL FROM dead_letters;
DROP TABLE dead_letters;
CREATE INDEX callbacks_dead ON callbacks (account, id) WHERE queue = -5;
CREATE INDEX callbacks_of_message ON callbacks (message);
)sql",
    // What a carrier makes the store keep is bounded for each link, oldest first; what was scanned is
    // searched.
    R"sql(
DROP INDEX parked_by_age;
CREATE INDEX parked_by_age ON parked_receipts (unmatched, link, arrived_at);
DROP INDEX reply_parts_by_age;
CREATE INDEX reply_parts_by_age ON reply_parts (link, received_at);
ALTER TABLE seen_inbound ADD COLUMN link INTEGER NOT NULL DEFAULT 0;
DROP INDEX seen_by_age;
CREATE INDEX seen_by_age ON seen_inbound (link, at);
CREATE INDEX unmatched_replies_by_age ON unmatched_replies (link, received_at);
CREATE INDEX doubts_of_message ON doubts (account, message);
CREATE INDEX accounts_by_parent ON accounts (parent) WHERE parent IS NOT NULL;
CREATE INDEX keys_by_account ON keys (account);
CREATE INDEX numbers_by_account ON numbers (account);
)sql",
    // The log of callbacks goes on through replays, and shows the URL that was sent.
    R"sql(
ALTER TABLE callbacks ADD COLUMN attempts_before INTEGER NOT NULL DEFAULT 0;  -- in the rounds before this one
ALTER TABLE callbacks ADD COLUMN url TEXT;  -- of the attempt that delivered it; null: the message's own
ALTER TABLE callback_attempts ADD COLUMN url TEXT NOT NULL DEFAULT '';
)sql",
    // Parts of replies are octets until all are there (text/joined.hpp). What was text stays so, as UTF-8.
    R"sql(
ALTER TABLE reply_parts RENAME TO reply_parts_16;
DROP INDEX reply_parts_by_age;
CREATE TABLE reply_parts (
    link INTEGER NOT NULL,
    source TEXT NOT NULL,
    destination TEXT NOT NULL,
    reference INTEGER NOT NULL,
    total INTEGER NOT NULL,
    wide INTEGER NOT NULL,                  -- whether the reference has 16 bits; -1: not known
    sequence INTEGER NOT NULL,
    content BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    charset INTEGER NOT NULL,               -- text::Charset
    single_shift INTEGER NOT NULL DEFAULT 0,
    locking_shift INTEGER NOT NULL DEFAULT 0,
    padded INTEGER NOT NULL DEFAULT 0,      -- text::Coding::last_may_be_padding
    PRIMARY KEY (link, source, destination, reference, total, wide, sequence)
) STRICT, WITHOUT ROWID;
INSERT INTO reply_parts (link, source, destination, reference, total, wide, sequence, content, received_at,
    charset) SELECT link, source, destination, reference, total, -1, sequence, CAST(content AS BLOB),
    received_at, 5 FROM reply_parts_16;
DROP TABLE reply_parts_16;
CREATE INDEX reply_parts_by_age ON reply_parts (link, received_at);
)sql",
    // Numbers as they are written at home.
    R"sql(
ALTER TABLE accounts ADD COLUMN country TEXT NOT NULL DEFAULT '';
)sql",
    // Receipts that name a second id, or say a word that nobody knows.
    R"sql(
ALTER TABLE parked_receipts ADD COLUMN other_id TEXT NOT NULL DEFAULT '';
ALTER TABLE parked_receipts ADD COLUMN word TEXT NOT NULL DEFAULT '';
)sql",
    // Messages of which a carrier has some parts.
    R"sql(
ALTER TABLE messages ADD COLUMN taken BLOB;  -- rows.hpp: which, and under which reference
)sql",
    // Callbacks may be direct, in queue -7. A version before this one would never tell them, and must refuse
    // the data; nothing else changes.
    "",
};

std::int64_t version_of(Connection& database)
{
    Rows rows = database.query("PRAGMA user_version");
    rows.next();
    return rows.integer(0);
}

}  // namespace

void migrate(Connection& database) { migrate(database, static_cast<std::int64_t>(migrations.size())); }

void migrate(Connection& database, std::int64_t wanted)
{
    // A database of a newer version is refused and not used as far as it is understood: what this program
    // does not know of it, it would leave behind wrong.
    auto version = version_of(database);
    if (version > wanted)
        throw std::runtime_error(
            fmt::format("the data folder was written by a newer version of Tidings (schema {}, this "
                        "one knows {}): start that version, or choose another folder with --data",
                        version, wanted));
    for (; version < wanted; ++version) {
        // Each with its version in one transaction: a crash leaves the schema before it or after it, and the
        // next start goes on from there.
        database.execute("BEGIN IMMEDIATE");
        database.execute(migrations[static_cast<std::size_t>(version)]);
        database.execute(fmt::format("PRAGMA user_version = {}", version + 1).c_str());
        database.execute("COMMIT");
    }
}

}  // namespace tidings::store::sqlite
