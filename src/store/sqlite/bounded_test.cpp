// SPDX-License-Identifier: Apache-2.0
// No verb holds the writer, whatever the store holds: here 300,000 messages as a carrier, a handset or an
// application could have made them, with one id, one handset, one account, one endpoint, one webhook. All
// verbs run on that, and no statement may look at more than what it was asked for. Nothing is timed: SQLite
// counts its steps.
#include "support/sqlite_watch.hpp"
#include "support/store_contract.hpp"

#include <fmt/format.h>

#include <array>
#include <deque>

namespace tidings::store::sqlite {

namespace {

using namespace std::chrono_literals;
using message::Code;
using test::run;

// Of one statement: reading 1,000 messages with all their columns takes some 60,000, and a scan of 50,000
// rows 200,000 at least.
constexpr std::uint64_t steps_max = 150'000;

// For a page of the log of callbacks, which looks at callbacks_looked_at_max rows at most.
constexpr std::uint64_t page_steps_max = 30 * callbacks_looked_at_max;

constexpr const char* handset = "61491570156";
constexpr const char* number = "61491570110";

// `n` counts from 1. Ids of the first form are older than any life, of the second newer.
constexpr const char* numbers_to =
    "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {0}) ";
constexpr const char* old_id = "CAST(char(1) || printf('%015d', n) AS BLOB)";
constexpr const char* new_id = "CAST(printf('%016d', n) AS BLOB)";

std::string insert_messages(const char* id, int first, int count, const std::string& rest)
{
    return fmt::format(fmt::runtime(numbers_to), count) +
           fmt::format(
               "INSERT INTO messages (account, id, told, changed_at, flags, destination, sender, content, "
               "status, code, queue, seq, link, submitted_at, parts, expiry, extra) "
               "SELECT 1, {}, 0, 0, 4, '+{}', '{}', 'text', {} FROM (SELECT n + {} AS n FROM c)",
               id, handset, number, rest, first);
}

// A callback to the webhook, or to none.
std::string insert_callbacks(int first, int count, const std::string& webhook, const std::string& queue)
{
    return fmt::format(fmt::runtime(numbers_to), count) +
           fmt::format(
               "INSERT INTO callbacks (account, id, webhook, message, code, changed_at, created_at, since, "
               "attempts, endpoint, queue, seq, took_ms, status, answer) SELECT 1, {0}, {1}, {0}, 200, 0, 0, "
               "0, "
               "1, 7, {2}, n, 1, 200, x'' FROM (SELECT n + {3} AS n FROM c)",
               new_id, webhook, queue, first);
}

std::string insert(int count, const std::string& statement)
{
    return fmt::format(fmt::runtime(numbers_to), count) + statement;
}

class BoundedStore : public testing::Test {
protected:
    // A store of the product, filled behind its back.
    static void SetUpTestSuite()
    {
        folder_ = std::make_unique<test::TempFolder>();
        {
            test::VirtualClock clock;
            SqliteStore store(folder_->path(), folder_->path() / "secret.key", clock);
            for (const char* id : {"MyAccount", "Other"}) {
                Account account;
                account.id = id;
                account.default_source = number;
                account.unregistered_source = message::UnregisteredSource::allow;
                account.features.set(Feature::familiar_sender);
                ASSERT_TRUE(run(store.add_account(account, Credits())));
            }
            run(store.open_links({"carrier", "gone"}));
        }
        Connection database(folder_->path() / "tidings.db", Connection::Mode::write);
        database.execute("PRAGMA synchronous = OFF; BEGIN");
        fill(database);
        database.execute("COMMIT");
    }
    static void TearDownTestSuite() { folder_.reset(); }

    static void fill(Connection& database)
    {
        auto execute = [&](const std::string& sql) { database.execute(sql.c_str()); };
        // Due, in the queue of a link that there is, and of one that is no more; submitted under one id; for
        // later, some older than their lives; over.
        execute(insert_messages(new_id, 0, 100'000, "2, 101, 1, n, NULL, NULL, NULL, NULL, NULL"));
        execute(insert_messages(new_id, 100'000, 50'000, "2, 101, 5, n, NULL, NULL, NULL, NULL, NULL"));
        execute(insert_messages(new_id, 150'000, 2'000, "2, 101, 9, n, NULL, NULL, NULL, NULL, NULL"));
        execute(insert_messages(new_id, 160'000, 40'000,
                                "3, 200, NULL, 0, 1, 1768435200000 - n, x'00C8000137', NULL, NULL"));
        execute(insert_messages(old_id, 0, 50'000,
                                "1, 0, -1, 99999999999999, NULL, NULL, NULL, NULL, "
                                "'{\"scheduled\":99999999999999}'"));
        execute(insert_messages(old_id, 50'000, 58'000, "4, 220, NULL, 0, 1, NULL, NULL, NULL, NULL"));
        // Callbacks: due, for later, dead, told; with as many attempts.
        execute(insert_callbacks(0, 60'000, "x'0000000000000000000000000000000A'", "0"));
        execute(insert_callbacks(60'000, 30'000, "x'0000000000000000000000000000000A'", "-1"));
        execute(insert_callbacks(90'000, 60'000, "x'0000000000000000000000000000000A'", "-5"));
        execute(insert_callbacks(150'000, 60'000, "x'0000000000000000000000000000000A'", "-6"));
        execute(
            insert(50'000, fmt::format("INSERT INTO reports SELECT 1, {0}, {0}, 200, 0, 0 FROM c", new_id)));
        execute(
            insert(50'000, fmt::format("INSERT INTO replies SELECT 1, {0}, {0}, '{1}', '{2}', '', 0, 0, 0, 0 "
                                       "FROM c",
                                       new_id, handset, number)));
        // What a carrier sends that fits nothing.
        for (const char* unmatched : {"0", "1"})
            execute(insert(50'000,
                           fmt::format("INSERT INTO parked_receipts (link, carrier_id, code, provisional, "
                                       "at, source, destination, arrived_at, unmatched) "
                                       "SELECT 1, '', 220, 0, 0, '{}', '{}', 1768435200000 - n, {} FROM c",
                                       number, handset, unmatched)));
        execute(insert(50'000,
                       fmt::format("INSERT INTO doubts SELECT 1, '{}', '{}', 1, {}, 1768435200000, 1 FROM c",
                                   handset, number, new_id)));
        execute(insert(
            9'000,
            fmt::format("INSERT INTO reply_parts SELECT 1, '{}', '{}', n, 2, 0, 1, x'', 0, 5, 0, 0, 0 FROM c",
                        handset, number)));
        execute(insert(50'000, fmt::format("INSERT INTO seen_inbound SELECT {}, n, 1 FROM c", new_id)));
        execute(
            insert(50'000, fmt::format("INSERT INTO unmatched_replies (link, source, destination, content, "
                                       "received_at) SELECT 1, '{}', '{}', '', n FROM c",
                                       handset, number)));
        execute(insert(50'000, fmt::format("INSERT INTO opt_outs SELECT 1, printf('%012d', n), 0 FROM c")));
    }

    // Little memory, so that all ways lead over the disk, too.
    BoundedStore()
    {
        store_.emplace(folder_->path(), folder_->path() / "secret.key", clock_,
                       Limits{.queued = 500,
                              .callbacks = 500,
                              .recent = 1'000,
                              .sent = 10,
                              .familiar = 10,
                              .opt_outs = 10});
        account_ = store_->settings()->account_ids.at("MyAccount");
        link_ = run(store_->open_links({"carrier"}))[0];
    }

    NewMessage message(const std::string& content)
    {
        NewMessage made;
        made.id = ids_.next();
        made.submission.content = content;
        made.submission.destination = std::string("+") + handset;
        made.submission.source = std::string("+") + number;
        made.submission.delivery_report = true;
        made.submission.callback_url = "https://example.com/hook";
        return made;
    }

    static std::unique_ptr<test::TempFolder> folder_;
    test::VirtualClock clock_;
    base::UuidSource ids_{clock_};
    test::SqliteWatch watch_;
    std::optional<SqliteStore> store_;
    AccountKey account_{};
    LinkKey link_{};
};

std::unique_ptr<test::TempFolder> BoundedStore::folder_;

// What may be read in full, and why. All else is searched.
struct Allowed {
    const char* text;  // in the statement
    const char* why;
};
constexpr std::array allowed = {
    Allowed{"SELECT endpoint, account FROM callbacks WHERE queue = 0 ORDER BY endpoint",
            "one row, the first"},
    Allowed{"AS place CROSS JOIN callbacks", "only while callbacks_looked_at_max or fewer are pending"},
    Allowed{"SELECT DISTINCT carrier_id", "of same_numbers_max rows"},
    Allowed{"SELECT DISTINCT source, destination, reference", "of one batch"},
    Allowed{"FROM replies WHERE wish = 3 ORDER BY id DESC LIMIT", "in the order of an index, with a limit"},
    Allowed{"FROM unmatched_replies JOIN links", "in the order of keys, with a limit"},
    Allowed{"SELECT * FROM holds_to_renew ORDER BY account LIMIT 1", "one row, the first"},
    Allowed{"FROM sent_keys ORDER BY seq LIMIT", "the first, with a limit"},
};

bool is_allowed(const std::string& sql)
{
    return std::ranges::any_of(allowed, [&](const Allowed& it) { return sql.find(it.text) != sql.npos; });
}

bool reads_in_full(const std::string& step)
{
    return step.find("SCAN ") != step.npos || step.find("TEMP B-TREE") != step.npos ||
           step.find("AUTOMATIC") != step.npos;
}

// The plan of a statement that the product ran. A connection knows statements by their place in memory, where
// this one stays.
std::string plan_of(Connection& database, const std::string& sql)
{
    static std::deque<std::string> explained;
    std::string plan;
    Rows rows = database.query(explained.emplace_back("EXPLAIN QUERY PLAN " + sql).c_str());
    while (rows.next()) plan.append(rows.text(3)).append("\n");
    return plan;
}

TEST_F(BoundedStore, NoVerbLooksAtMoreThanItIsAskedFor)
{
    watch_.take();  // opening counts once what is there

    // To applications.
    NewMessage first = message("first"), later = message("later");
    later.submission.scheduled = clock_.now() + 1h;
    run(store_->accept(account_, {first, later}));
    IdempotencyKey once{.key = "once", .body = {}};
    for (int time = 0; time < 2; ++time)
        EXPECT_TRUE(run(store_->accept_once(account_, {message("once")}, once)));
    run(store_->preview(account_, {message("never")}));
    EXPECT_TRUE(run(store_->find(account_, first.id)));
    EXPECT_TRUE(run(store_->cancel(account_, later.id)));
    std::vector<base::Uuid> confirmed;
    for (const auto& report : run(store_->reports(account_))) confirmed.push_back(report.id);
    run(store_->confirm_reports(account_, confirmed));
    for (const auto& reply : run(store_->replies(account_))) confirmed.push_back(reply.id);
    run(store_->confirm_replies(account_, confirmed));
    run(store_->attachments(account_, confirmed.back()));
    run(store_->add_opt_outs(account_, {"61491570199"}));
    run(store_->opted_out(account_, {"61491570199"}));
    run(store_->opt_outs(account_, "", list_max));
    EXPECT_TRUE(run(store_->remove_opt_out(account_, "61491570199")));
    run(store_->suspected_opt_outs(list_max));

    // To carriers: the outcomes that a message can have.
    auto due = run(store_->take_due(1'000));
    EXPECT_FALSE(due.empty());
    run(store_->hand_over(link_, due));
    auto taken = run(store_->take_for(link_, 1'000));
    ASSERT_GE(taken.size(), 6u);
    run(store_->mark(link_, {taken[0].key}));
    run(store_->unmark({taken[0].key}));
    run(store_->add_doubts(link_, {{taken[0].key, number, handset}}));
    run(store_->open_doubts(link_, {taken[0].key}));
    std::vector<Change> changes;
    for (std::size_t i = 0; i < 4; ++i)
        changes.push_back({.key = taken[i].key,
                           .code = Code::submitted,
                           .at = clock_.now(),
                           .link = link_,
                           .carrier_ids = {i < 2 ? "7" : ""}});
    changes.push_back(
        {.key = taken[4].key, .code = Code::none, .at = clock_.now(), .link = link_, .carrier_ids = {}});
    changes.push_back(
        {.key = taken[5].key, .code = Code::held, .at = clock_.now(), .link = link_, .carrier_ids = {}});
    run(store_->record(changes));
    EXPECT_EQ(run(store_->held_messages(list_max)).size(), 1u);
    EXPECT_TRUE(run(store_->release_held(taken[5].key.id)));
    EXPECT_FALSE(run(store_->drop_held(first.id)));
    std::vector<Receipt> receipts;
    for (int i = 0; i < 1'000; ++i)
        receipts.push_back({.carrier_id = i % 2 ? "7" : "",
                            .code = Code::delivered,
                            .provisional = false,
                            .at = clock_.now(),
                            .source = number,
                            .destination = handset});
    run(store_->add_receipts(link_, receipts));
    std::vector<Inbound> inbound;
    for (int i = 0; i < 1'000; ++i) {
        Inbound& one = inbound.emplace_back();
        one.source = handset;
        one.destination = i % 2 ? "61491570111" : number;  // the one fits nothing
        one.received_at = clock_.now();
        one.fingerprint = base::sha256(std::to_string(i));
        if (i % 5 == 0) one.part = text::PartOf{static_cast<std::uint16_t>(i), 2, 1};
    }
    run(store_->add_inbound(link_, inbound));
    run(store_->inbound_answered({inbound[0].fingerprint}));
    run(store_->put_back({taken[6].key}, clock_.now()));
    run(store_->make_due_again(link_));
    run(store_->set_receipt_form(link_, message::IdForm{}));
    run(store_->receipt_form(link_));
    LinkStatus status;
    status.link = link_;
    run(store_->set_link_status(status));
    EXPECT_GT(run(store_->link_statuses()).at(0).waiting + run(store_->counts()).due, 100'000u);
    run(store_->unmatched_replies(list_max));
    run(store_->trace(first.id));

    // Callbacks.
    auto callbacks = run(store_->take_callbacks(10));
    ASSERT_GE(callbacks.size(), 4u);
    std::vector<CallbackOutcome> outcomes;
    using Then = CallbackOutcome::Then;
    for (Then then : {Then::done, Then::again, Then::dead, Then::untried}) {
        CallbackOutcome& outcome = outcomes.emplace_back();
        const Callback& callback = callbacks[outcomes.size() - 1];
        outcome.key = callback.key;
        outcome.endpoint = callback.endpoint;
        outcome.then = then;
        outcome.attempt = CallbackAttempt{.number = 1,
                                          .at = clock_.now(),
                                          .took = 1ms,
                                          .status = then == Then::done ? 200u : 500u,
                                          .error = {},
                                          .answer = {}};
    }
    run(store_->record_callbacks(outcomes));
    for (auto state : {std::optional<CallbackState>{}, std::optional(CallbackState::pending),
                       std::optional(CallbackState::dead)}) {
        CallbackFilter filter;
        filter.state = state;
        run(store_->callbacks(filter));
        filter.webhook = base::Uuid{};
        run(store_->callbacks(filter));
        filter.message = first.id;
        run(store_->callbacks(filter));
    }
    run(store_->callback_attempts(callbacks[1].key.id));
    EXPECT_TRUE(run(store_->replay_event(callbacks[2].key.id, {})));
    run(store_->replay_dead(account_, base::Uuid{}));
    ReplayRange range;
    range.account = account_;
    range.to.bytes.fill(0xFF);
    range.webhook = base::Uuid{};
    run(store_->replay_between(range));

    // Settings, one change of each kind.
    Webhook webhook;
    webhook.id = ids_.next();
    webhook.account = account_;
    webhook.call.url = "https://example.com/";
    webhook.events = {message::Event::received_sms};
    EXPECT_TRUE(run(store_->add_webhook(webhook)));
    EXPECT_TRUE(run(store_->test_webhook(account_, webhook.id)));
    EXPECT_TRUE(run(store_->change_webhook(account_, webhook.id, [](Webhook& it) { it.disabled = true; })));
    EXPECT_TRUE(run(store_->remove_webhook(account_, webhook.id)));
    EXPECT_TRUE(run(store_->add_number({.number = "12345", .account = account_})));
    EXPECT_TRUE(run(store_->remove_number({.number = "12345", .account = account_})));
    EXPECT_TRUE(run(store_->change_account(account_, [](Account& it) {
        it.hours = message::Hours{1};
        it.duplicate_window = 1h;
        it.caps.daily = 1'000'000;
    })));
    run(store_->accept(account_, {message("compared"), message("compared")}));
    run(store_->set_credits(account_, 1'000));
    run(store_->credits(account_));
    EXPECT_TRUE(run(store_->add_credits(account_, 1)));
    EXPECT_TRUE(run(store_->remove_account(store_->settings()->account_ids.at("Other"))));

    // Time goes on: a few releases, and then days of them.
    for (std::chrono::milliseconds pause :
         std::initializer_list<std::chrono::milliseconds>{0ms, 1ms, 11min, 25h, 72h, 46 * 24h}) {
        clock_.advance(pause);
        for (int i = 0; i < 20; ++i) run(store_->release(clock_.now()));
    }

    auto work = watch_.take();
    store_.reset();
    Connection database(folder_->path() / "tidings.db", Connection::Mode::read);
    std::size_t looked_at = 0;
    for (const auto& [sql, done] : work) {
        std::string_view verb = std::string_view(sql).substr(0, sql.find(' '));
        if (verb != "SELECT" && verb != "INSERT" && verb != "UPDATE" && verb != "DELETE") continue;
        ++looked_at;
        bool is_page = sql.find("ORDER BY id DESC, webhook DESC") != sql.npos;
        EXPECT_LE(done.most_steps, is_page ? page_steps_max : steps_max) << sql;
        std::string plan = plan_of(database, sql);
        EXPECT_TRUE(!reads_in_full(plan) || is_allowed(sql)) << sql << "\n" << plan;
    }
    EXPECT_GT(looked_at, 90u) << "verbs are missing here";
}

}  // namespace

}  // namespace tidings::store::sqlite
