// SPDX-License-Identifier: Apache-2.0
#include "sandbox/record.hpp"

#include <gtest/gtest.h>

namespace tidings::sandbox {
namespace {

constexpr base::Time recorded_at{std::chrono::milliseconds(1'478'173'742'807)};

template <class T>
T round_trip(const T& value)
{
    std::string line;
    append_record(line, value);
    EXPECT_EQ(line.find('\n'), line.size() - 1) << line;
    line.pop_back();
    auto record = parse_record(line);
    EXPECT_TRUE(record && std::holds_alternative<T>(*record)) << line;
    return std::get<T>(*record);
}

TEST(Record, DeliveryWithAnyOctetsComesBack)
{
    Delivery delivery;
    delivery.token = 0xFFFF'FFFF'FFFF'FFFF;
    delivery.due = recorded_at;
    delivery.source = {5, 0, "Shop & Co"};
    delivery.destination = {1, 1, ""};
    delivery.esm_class = 0x44;
    delivery.data_coding = 0xF5;
    for (int c = 0; c < 256; ++c) delivery.octets += static_cast<char>(c);
    delivery.receipted_id = "1A2B";
    delivery.state = 8;
    delivery.esme = "esme 1";
    EXPECT_EQ(round_trip(delivery), delivery);
}

TEST(Record, OthersComeBack)
{
    EXPECT_EQ(round_trip(NumbersTaken{12}), NumbersTaken{12});
    EXPECT_EQ(round_trip(Paid{12}), Paid{12});
    Arrival arrival{"Shop", "61491570156", "two\nlines %", recorded_at};
    EXPECT_EQ(round_trip(arrival), arrival);
    BehaviourSet set{"61491570156",
                     {Outcome::expired, "7", std::chrono::milliseconds(5), false, 88, "Ja, \"gut\""}};
    EXPECT_EQ(round_trip(set), set);
    PartArrived part{{"Shop", "61491570156"},
                     {8, text::PartOf{300, 3, 2, true}, std::string("\0x", 2), {7, {1, 2}}},
                     recorded_at};
    PartArrived back = round_trip(part);
    EXPECT_EQ(back.pair, part.pair);
    EXPECT_EQ(back.piece.part, part.piece.part);
    EXPECT_EQ(back.piece.octets, part.piece.octets);
    EXPECT_EQ(back.piece.header.size, 7u);
    EXPECT_EQ(back.piece.header.languages, part.piece.header.languages);
    EXPECT_EQ(back.since, recorded_at);
}

TEST(Record, ReadsAsItIsDocumented)
{
    std::string out;
    append_record(out, Arrival{"+61400000001", "61491570156", "a b", recorded_at});
    EXPECT_EQ(out, "A 1478173742807 +61400000001 61491570156 a%20b\n");
}

TEST(Record, TornAndForeignLinesAreNoRecords)
{
    for (const char* line :
         {"", "S", "S ", "S x", "S 1 2", "S -1", "S 99999999999999999999999", "Z 1", "O 1 2 3", "A 1 a b",
          "A 1 a b %2", "P a b 1 0 1 2 3 x", "B 61491570156 {}x", "N1"})
        EXPECT_FALSE(parse_record(line)) << line;
}

}  // namespace
}  // namespace tidings::sandbox
