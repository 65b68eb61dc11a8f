// SPDX-License-Identifier: Apache-2.0
#include "store/pdu_file.hpp"

#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace tidings::store {

namespace {

const base::Uuid traced = *base::Uuid::parse("0193b2f0-0000-7000-8000-000000000001");
const base::Uuid not_traced = *base::Uuid::parse("0193b2f0-0000-7000-8000-000000000002");

class PduFileTest : public testing::Test {
protected:
    static TracedPdu pdu(std::string text, std::optional<base::Uuid> of, std::string carrier_id = {})
    {
        TracedPdu pdu;
        pdu.at = base::Time(std::chrono::milliseconds(1'790'000'000'123));
        pdu.link = "carrier";
        pdu.message = of;
        pdu.carrier_id = std::move(carrier_id);
        pdu.text = std::move(text);
        pdu.hex = "00000010";
        return pdu;
    }
    std::vector<std::string> found(const std::vector<std::string>& carrier_ids = {})
    {
        std::vector<std::string> texts;
        for (const TracedPdu& pdu : file.find(traced, carrier_ids)) texts.push_back(pdu.text);
        return texts;
    }

    test::TempFolder folder;
    PduFile file{folder.path() / "pdus", 1'000};
};

using Texts = std::vector<std::string>;

TEST_F(PduFileTest, FindsPdusByMessageAndByCarrierId)
{
    file.add(pdu("submit", traced));
    file.add(pdu("of another", not_traced));
    file.add(pdu("receipt", {}, "c1"));
    file.add(pdu("of nobody", {}, "c2"));
    EXPECT_EQ(found({"c1"}), (Texts{"submit", "receipt"}));
    EXPECT_EQ(found(), Texts{"submit"});
}

TEST_F(PduFileTest, GivesWhatItGot)
{
    TracedPdu ours = pdu("a\tb\nc", traced, "c1");
    ours.is_ours = true;
    file.add(ours);
    TracedPdu read = file.find(traced, {}).at(0);
    EXPECT_EQ(read.at, ours.at);
    EXPECT_EQ(read.link, "carrier");
    EXPECT_TRUE(read.is_ours);
    EXPECT_EQ(read.message, traced);
    EXPECT_EQ(read.carrier_id, "c1");
    EXPECT_EQ(read.text, "a b c");
    EXPECT_EQ(read.hex, "00000010");
}

TEST_F(PduFileTest, DropsTheOldestWhenItIsFull)
{
    for (int i = 0; i < 100; ++i) file.add(pdu(std::to_string(i), traced));
    Texts texts = found();
    ASSERT_FALSE(texts.empty());
    EXPECT_LT(texts.size(), 40u);
    EXPECT_EQ(texts.back(), "99");
    EXPECT_LT(std::filesystem::file_size(folder.path() / "pdus/newer"), 1'200u);
}

TEST_F(PduFileTest, GoesOnAfterARestart)
{
    file.add(pdu("before", traced));
    PduFile again(folder.path() / "pdus", 1'000);
    again.add(pdu("after", traced));
    EXPECT_EQ(found(), (Texts{"before", "after"}));
}

TEST_F(PduFileTest, IgnoresLinesThatWereCut)
{
    file.add(pdu("whole", traced));
    std::ofstream(folder.path() / "pdus/newer", std::ios::app)
        << "1790000000123\tcarrier\t>\t" << traced.text();
    EXPECT_EQ(found(), Texts{"whole"});
}

}  // namespace

}  // namespace tidings::store
