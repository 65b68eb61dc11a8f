// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/settings_tables.hpp"
#include "store/sqlite/schema.hpp"

#include <gtest/gtest.h>

#include <set>

namespace tidings::store::sqlite {

namespace {

struct Thing {
    std::string name;
    std::optional<int> size;
    base::Uuid maker;
    bool seen = false;
};

constexpr Column<Thing> thing_columns[] = {
    column<&Thing::name>("name", Use::key),
    column<&Thing::maker>("maker", Use::made),
    column<&Thing::size>("size", Use::changed),
    column<&Thing::seen>("seen", Use::shown),
};

class TableTest : public testing::Test {
protected:
    TableTest()
    {
        database.execute(
            "CREATE TABLE things (name TEXT PRIMARY KEY, maker BLOB, size INTEGER, seen INTEGER DEFAULT 1)");
    }
    std::vector<Thing> all()
    {
        std::vector<Thing> things;
        table.read_all(database, sealer, [&](Thing thing) { things.push_back(std::move(thing)); });
        return things;
    }

    Connection database{":memory:", Connection::Mode::write};
    base::Sealer sealer{base::Sealer::Key{}};
    Table<Thing> table{"things", thing_columns};
};

TEST_F(TableTest, RowsAreReadInTheOrderOfTheirKeys)
{
    table.insert(database, sealer, {"b", 7, {}});
    table.insert(database, sealer, {"a", {}, {}});
    auto things = all();
    ASSERT_EQ(things.size(), 2u);
    EXPECT_EQ(things[0].name, "a");
    EXPECT_EQ(things[0].size, std::nullopt);
    EXPECT_EQ(things[1].size, 7);
}

TEST_F(TableTest, AnUpdateKeepsWhatIsWrittenOnceOrElsewhere)
{
    Thing made{"a", 1, {}};
    made.maker.bytes[0] = 5;
    table.insert(database, sealer, made);
    EXPECT_TRUE(table.update(database, sealer, {"a", 2, {}}));
    auto things = all();
    ASSERT_EQ(things.size(), 1u);
    EXPECT_EQ(things[0].size, 2);
    EXPECT_EQ(things[0].maker, made.maker);
    EXPECT_TRUE(things[0].seen) << "by the statement that writes it";
}

TEST_F(TableTest, ARowThatIsThereFailsOrStaysOrIsReplaced)
{
    table.insert(database, sealer, {"a", 1, {}});
    EXPECT_THROW(table.insert(database, sealer, {"a", 2, {}}), SqliteError);
    EXPECT_FALSE(table.insert(database, sealer, {"a", 2, {}}, IfThere::keep));
    EXPECT_EQ(all()[0].size, 1);
    EXPECT_TRUE(table.insert(database, sealer, {"a", 2, {}}, IfThere::replace));
    EXPECT_EQ(all()[0].size, 2);
}

TEST_F(TableTest, AnUpdateOfWhatIsNotThereChangesNothing)
{
    EXPECT_FALSE(table.update(database, sealer, {"a", 2, {}}));
}

template <class Row>
void expect_all_columns(Connection& database, const char* name, const Table<Row>& table)
{
    std::set<std::string> known, there;
    for (const Column<Row>& column : table.columns()) known.insert(column.name);
    Rows rows = database.query("SELECT name FROM pragma_table_info(?)", name);
    while (rows.next()) there.emplace(rows.text(0));
    EXPECT_EQ(known, there) << name;
}

// A column that a migration adds and its type forgets would lose what is set there.
TEST(SettingsTables, EveryColumnOfTheSchemaIsRead)
{
    Connection database(":memory:", Connection::Mode::write);
    migrate(database);
    expect_all_columns(database, "accounts", accounts_table());
    expect_all_columns(database, "keys", keys_table());
    expect_all_columns(database, "numbers", numbers_table());
    expect_all_columns(database, "routes", routes_table());
    expect_all_columns(database, "webhooks", webhooks_table());
    expect_all_columns(database, "signature_keys", signature_keys_table());
    expect_all_columns(database, "webhook_secrets", webhook_secrets_table());
}

}  // namespace

}  // namespace tidings::store::sqlite
