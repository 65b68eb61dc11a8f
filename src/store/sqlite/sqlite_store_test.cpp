// SPDX-License-Identifier: Apache-2.0
// What concerns the file: who may open it, what it must not hold, and what happens when it cannot be written.
#include "support/store_contract.hpp"

#include "base/file.hpp"
#include "base/guarded_clock.hpp"

#include <sys/resource.h>

#include <csignal>
#include <fstream>
#include <thread>

namespace tidings::store::sqlite {

namespace {

using test::run;
using namespace std::chrono_literals;

class SqliteStoreTest : public testing::Test {
protected:
    std::unique_ptr<SqliteStore> open()
    {
        return std::make_unique<SqliteStore>(folder.path(), key_file, clock);
    }

    std::string refusal()
    {
        try {
            open();
        } catch (const std::exception& error) {
            return error.what();
        }
        return "";
    }

    static AccountKey add_account(Store& store)
    {
        Account account;
        account.id = "MyAccount";
        return run(store.add_account(account, Credits())).value().key;
    }

    NewMessage text(const std::string& content)
    {
        NewMessage message;
        message.id = ids.next();
        message.submission.content = content;
        message.submission.destination = "+61491570156";
        return message;
    }

    std::string bytes_on_disk()
    {
        std::string bytes;
        for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
            if (entry.path() != key_file) bytes += base::read_file(entry.path());
        return bytes;
    }

    test::TempFolder folder;
    std::filesystem::path key_file = folder.path() / "secret.key";
    test::VirtualClock clock;
    base::UuidSource ids{clock};
};

TEST_F(SqliteStoreTest, AFolderInUseIsRefused)
{
    auto first = open();
    EXPECT_NE(refusal().find("another process uses the data folder " + folder.path().string()),
              std::string::npos);
    first.reset();
    EXPECT_EQ(refusal(), "");
}

TEST_F(SqliteStoreTest, ADatabaseOfANewerVersionIsRefusedAndLeftAlone)
{
    open();
    Connection(folder.path() / "tidings.db", Connection::Mode::write).execute("PRAGMA user_version = 1000");
    EXPECT_NE(refusal().find("newer version of Tidings (schema 1000"), std::string::npos);
    EXPECT_NE(refusal(), "");
}

TEST_F(SqliteStoreTest, WhatIsNoDatabaseIsRefusedByName)
{
    std::ofstream(folder.path() / "tidings.db") << std::string(4096, 'x');
    EXPECT_NE(refusal().find("tidings.db"), std::string::npos);
}

TEST_F(SqliteStoreTest, AMissingKeyFileIsRefusedAndNotReplaced)
{
    open();
    std::filesystem::remove(key_file);
    EXPECT_NE(refusal().find("secret.key is missing"), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(key_file));
}

TEST_F(SqliteStoreTest, AnotherKeyFileIsRefused)
{
    open();
    std::filesystem::remove(key_file);
    base::Sealer::create_file(key_file);
    EXPECT_NE(refusal().find("is not the one"), std::string::npos);
}

TEST_F(SqliteStoreTest, TheKeyFileIsForTheOwnerAlone)
{
    open();
    auto permissions = std::filesystem::status(key_file).permissions();
    EXPECT_EQ(permissions, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(SqliteStoreTest, SecretsAreNotInTheFiles)
{
    auto store = open();
    ApiKey key;
    key.name = "H";
    key.account = add_account(*store);
    key.scheme = KeyScheme::hmac;
    key.hmac_secret = "hmac-secret-in-the-clear";
    run(store->add_key(key));
    EXPECT_EQ(bytes_on_disk().find(key.hmac_secret), std::string::npos);
    store.reset();
    EXPECT_EQ(bytes_on_disk().find(key.hmac_secret), std::string::npos);
    EXPECT_NE(bytes_on_disk().find("MyAccount"), std::string::npos);
}

// Files of this process cannot grow beyond `bytes` while this lives; writes fail instead of raising a signal.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN))
    {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        rlimit limit = before_;
        limit.rlim_cur = bytes;
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit()
    {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }

private:
    void (*handler_)(int);
    rlimit before_{};
};

TEST_F(SqliteStoreTest, ADiskThatIsFullRefusesAndWorksAgainAfterwards)
{
    auto store = open();
    AccountKey account = add_account(*store);
    NewMessage before = text("before"), refused = text("refused"), after = text("after");
    run(store->accept(account, {before}));
    EXPECT_EQ(run(store->take_due(10)).size(), 1u);
    {
        FileSizeLimit limit(4096);  // half a page
        for (int attempt = 0; attempt < 3; ++attempt)
            EXPECT_THROW(run(store->accept(account, {refused})), Unavailable);
        EXPECT_FALSE(store->writable());
        EXPECT_TRUE(run(store->find(account, before.id)));
        EXPECT_FALSE(run(store->find(account, refused.id)));
    }
    run(store->accept(account, {after}));
    EXPECT_TRUE(store->writable());
    EXPECT_FALSE(run(store->find(account, refused.id)));
    auto taken = run(store->take_due(10));
    ASSERT_EQ(taken.size(), 1u);
    EXPECT_EQ(taken[0].key.id, after.id);

    store.reset();
    store = open();
    EXPECT_EQ(run(store->take_due(10)).size(), 2u);
}

TEST_F(SqliteStoreTest, ItCanBeWrittenAgainOnlyWhenAWriteShowsIt)
{
    auto store = open();
    AccountKey account = add_account(*store);
    {
        FileSizeLimit limit(4096);
        EXPECT_THROW(run(store->accept(account, {text("refused")})), Unavailable);
        EXPECT_THROW(run(store->release(clock.now())), Unavailable);  // though it has nothing to write
        EXPECT_FALSE(store->writable());
    }
    EXPECT_FALSE(store->writable());
    run(store->release(clock.now()));
    EXPECT_TRUE(store->writable());
}

// Refused by the file system at each size that a start passes through; each time with a sentence, and the
// next start goes on.
TEST_F(SqliteStoreTest, AStartOnAFullDiskSaysSoAndTheNextOneWorks)
{
    for (rlim_t size : {0, 1, 8192, 65'536, 131'072, 262'144}) {
        FileSizeLimit limit(size);
        std::string why = refusal();
        if (why.empty()) break;  // that was enough
        EXPECT_TRUE(why.starts_with("cannot ")) << size << ": " << why;
        EXPECT_NE(why.find(folder.path().string()), std::string::npos) << why;
    }
    EXPECT_EQ(refusal(), "");
}

TEST_F(SqliteStoreTest, FilesThatOthersCouldReadBecomeTheOwnersAlone)
{
    open();
    for (const char* name : {"tidings.db", "secret.key", "lock"})
        std::filesystem::permissions(folder.path() / name, std::filesystem::perms(0644));
    std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
    auto store = open();
    EXPECT_EQ(std::filesystem::status(folder.path()).permissions(), std::filesystem::perms(0700));
    for (const char* name : {"tidings.db", "tidings.db-wal", "tidings.db-shm", "secret.key"})
        EXPECT_EQ(std::filesystem::status(folder.path() / name).permissions(), std::filesystem::perms(0600))
            << name;
}

using SqliteStoreDeathTest = SqliteStoreTest;

TEST_F(SqliteStoreDeathTest, FilesThatAreNoLongerOursEndItBeforeItAcknowledges)
{
    AccountKey account = add_account(*open());
    for (const char* name : {"tidings.db-wal", "tidings.db-shm"}) {
        NewMessage acknowledged = text("acknowledged"), never = text("never");
        auto lose = [&] {
            auto store = open();
            run(store->accept(account, {acknowledged}));
            std::filesystem::remove(folder.path() / name);
            run(store->accept(account, {never}));
        };
        EXPECT_DEATH(lose(), fmt::format("{} was deleted while it was in use.*stopping", name));
        EXPECT_TRUE(run(open()->find(account, acknowledged.id))) << name;
    }
    NewMessage never = text("never");
    auto replace = [&] {
        auto store = open();
        std::filesystem::rename(folder.path() / "tidings.db", folder.path() / "aside");
        std::filesystem::copy(folder.path() / "aside", folder.path() / "tidings.db");
        run(store->accept(account, {never}));
    };
    EXPECT_DEATH(replace(), "tidings.db was replaced while it was in use.*stopping");
}

// A gateway's clock, which doubts jumps of more than a day.
class SqliteStoreClockTest : public SqliteStoreTest {
protected:
    SqliteStoreClockTest() { start(); }
    void start()
    {
        store.reset();
        guarded.emplace(clock, 600s);
        store = std::make_unique<SqliteStore>(folder.path(), key_file, *guarded);
    }
    void release()
    {
        while (run(store->release(guarded->now()))) {
        }
    }
    message::Status status(const NewMessage& message) const
    {
        auto found = run(store->find(account, message.id));
        return found ? found->status : message::Status::rejected;  // its life is over
    }
    // One of each that a year would end or release.
    void accept_all()
    {
        account = add_account(*store);
        scheduled.submission.scheduled = guarded->now() + 24h;
        expiring.submission.expiry = guarded->now() + 24h;
        expiring.submission.scheduled = guarded->now() + 23h;
        old.submission.delivery_report = true;
        run(store->accept(account, {scheduled, expiring, old}));
    }
    void expect_all_as_before()
    {
        release();
        EXPECT_EQ(status(scheduled), message::Status::scheduled);
        EXPECT_EQ(status(expiring), message::Status::scheduled);
        EXPECT_EQ(status(old), message::Status::enroute);
        EXPECT_EQ(run(store->reports(account)).size(), 1u);
    }

    static constexpr auto year = std::chrono::days(365);
    std::optional<base::GuardedClock> guarded;
    std::unique_ptr<SqliteStore> store;
    AccountKey account{};
    NewMessage scheduled = text("scheduled"), expiring = text("expiring"), old = text("old");
};

TEST_F(SqliteStoreClockTest, AJumpOfAYearEndsNoLifeAndReleasesNothingWhileItIsDoubted)
{
    accept_all();
    clock.jump(year);
    expect_all_as_before();
    clock.advance(599s);
    expect_all_as_before();
    clock.jump(-year);
    expect_all_as_before();
}

TEST_F(SqliteStoreClockTest, AJumpThatHasLastedCounts)
{
    accept_all();
    clock.jump(30 * 24h);
    expect_all_as_before();
    clock.advance(600s);
    release();
    EXPECT_EQ(status(scheduled), message::Status::enroute);
    EXPECT_EQ(status(expiring), message::Status::expired);
}

TEST_F(SqliteStoreClockTest, AStartInTheNextYearIsAJump)
{
    accept_all();
    store.reset();
    clock.jump(year);
    start();
    expect_all_as_before();
    store.reset();
    clock.jump(-year);
    start();
    expect_all_as_before();
    EXPECT_FALSE(guarded->doubt());
}

TEST_F(SqliteStoreClockTest, WhatIsAcceptedDuringADoubtHasTheTimeThatWasKnown)
{
    accept_all();
    base::Time before = guarded->now();
    clock.jump(year);
    base::UuidSource source(*guarded);
    NewMessage meanwhile = text("meanwhile");
    meanwhile.id = source.next();
    meanwhile.submission.scheduled = before + 1min;
    run(store->accept(account, {meanwhile}));
    EXPECT_EQ(status(meanwhile), message::Status::scheduled);
    clock.advance(1min);
    release();
    EXPECT_EQ(status(meanwhile), message::Status::enroute);
    EXPECT_EQ(status(scheduled), message::Status::scheduled);
    EXPECT_LE(meanwhile.id.time(), before + 1min);
}

TEST_F(SqliteStoreTest, WorkThatWasBegunIsFinishedBeforeItCloses)
{
    auto store = open();
    AccountKey account = add_account(*store);
    NewMessage message = text("begun");
    boost::asio::io_context io;
    boost::asio::co_spawn(io, store->accept(account, {message}),
                          [](std::exception_ptr error) { EXPECT_FALSE(error); });
    io.poll();
    store.reset();
    io.run();
    store = open();
    EXPECT_TRUE(run(store->find(account, message.id)));
}

TEST_F(SqliteStoreTest, ThoseWhoStillWaitWhenItClosesAreLetGo)
{
    auto store = open();
    boost::asio::io_context io;
    bool aborted = false;
    auto note = [&](std::exception_ptr error, std::vector<Outbound>) { aborted = error != nullptr; };
    boost::asio::co_spawn(io, store->take_due(1), note);
    std::thread thread([&] { io.run(); });
    run(store->counts());
    store->stop_waiting();
    thread.join();
    EXPECT_TRUE(aborted);
}

}  // namespace

}  // namespace tidings::store::sqlite
