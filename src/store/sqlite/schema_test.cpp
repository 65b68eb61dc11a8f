// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/schema.hpp"
#include "store/sqlite/rows.hpp"

#include <gtest/gtest.h>

namespace tidings::store::sqlite {

namespace {

std::int64_t integer(Connection& database, const char* sql)
{
    Rows rows = database.query(sql);
    EXPECT_TRUE(rows.next()) << sql;
    return rows.integer(0);
}

class SchemaTest : public testing::Test {
protected:
    Connection database{":memory:", Connection::Mode::write};
};

TEST_F(SchemaTest, IsMadeOnce)
{
    migrate(database);
    auto version = integer(database, "PRAGMA user_version");
    migrate(database);
    EXPECT_EQ(integer(database, "PRAGMA user_version"), version);
}

TEST_F(SchemaTest, OfANewerVersionIsRefused)
{
    database.execute("PRAGMA user_version = 1000");
    EXPECT_THROW(migrate(database), std::runtime_error);
}

// What the first version wrote.
TEST_F(SchemaTest, CarriesOverWhatTheFirstVersionHeld)
{
    migrate(database, 1);
    database.execute(
        "INSERT INTO accounts (id, default_source) VALUES ('MyAccount', '61491570110');"
        "INSERT INTO keys VALUES ('K', 1, 0, x'00');"
        "INSERT INTO numbers VALUES ('61491570110', 1);"
        "INSERT INTO messages (account, id, status, code, told, changed_at, queue, seq, flags, "
        "destination, sender, content) VALUES "
        "(1, x'00000000000000000000000000000001', 2, 101, 1, 5, 7, 9, 4, '61', '62', 'text');");
    migrate(database);
    EXPECT_EQ(integer(database, "SELECT unregistered_source FROM accounts"), 2) << "they could send from any";
    EXPECT_EQ(integer(database, "SELECT account FROM numbers"), 1);
    EXPECT_EQ(integer(database, "SELECT sha1_allowed FROM keys"), 1);
    base::Uuid id;
    id.bytes.back() = 1;
    auto row = load_message(database, {AccountKey{1}, id});
    ASSERT_TRUE(row);
    EXPECT_EQ(row->queue, queue_of(LinkKey{7}));
    EXPECT_EQ(row->priority, message::Priority::normal);
    EXPECT_EQ(row->debited, 0);
    EXPECT_EQ(row->content, "text");
}

// Dead letters had a table of their own.
TEST_F(SchemaTest, CarriesOverDeadLetters)
{
    constexpr std::int64_t before = 13;
    migrate(database, before);
    database.execute(
        "INSERT INTO dead_letters VALUES (1, x'00000000000000000000000000000001', zeroblob(16), NULL, 0, 2, "
        "3, 4, "
        "5, 6, 7);");
    migrate(database);
    EXPECT_EQ(integer(database, "SELECT queue FROM callbacks"), static_cast<int>(Queue::dead));
    EXPECT_EQ(integer(database, "SELECT seq FROM callbacks"), 7);
    EXPECT_EQ(integer(database, "SELECT endpoint FROM callbacks"), 6);
}

// Parts were text, and nobody knew how wide their references were.
TEST_F(SchemaTest, CarriesOverPartsOfReplies)
{
    constexpr std::int64_t before = 16;
    migrate(database, before);
    database.execute("INSERT INTO reply_parts VALUES (1, '61491570156', '61491570110', 7, 2, 1, 'é', 5);");
    migrate(database);
    for (bool is_wide : {false, true}) {
        Rows rows = database.query(
            "SELECT content, charset FROM reply_parts WHERE reference = 7 AND wide IN (?, -1)", is_wide);
        ASSERT_TRUE(rows.next());
        EXPECT_EQ(rows.text(0), "é");
        EXPECT_EQ(rows.as<text::Charset>(1), text::Charset::utf8);
    }
}

}  // namespace

}  // namespace tidings::store::sqlite
