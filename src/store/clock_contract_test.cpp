// SPDX-License-Identifier: Apache-2.0
// What a store makes of a wall clock that somebody sets.
#include "support/store_contract.hpp"

namespace tidings::test {

namespace {

using message::Code;

constexpr auto year = std::chrono::days(365);

class ClockContract : public StoreContract {
protected:
    // A message that is to be tried again after a minute.
    void put_back_for_a_minute()
    {
        auto message = text("again");
        accept(message);
        EXPECT_EQ(take_due(1), std::vector<std::string>{"again"});
        run(store->put_back({key(message)}, clock.now() + 1min));
    }
    store::Inbound part(int sequence, const std::string& content)
    {
        store::Inbound inbound = reply(content);
        inbound.part = text::PartOf{7, 2, static_cast<std::uint8_t>(sequence)};
        return inbound;
    }
};

TEST_P(ClockContract, ARetryComesAfterItsPauseWhenTheClockWasSetBack)
{
    put_back_for_a_minute();
    clock.jump(-1h);
    wait(1min);
    EXPECT_EQ(take_due(1), std::vector<std::string>{"again"});
}

TEST_P(ClockContract, ARetryDoesNotComeEarlyWhenTheClockWasSetForward)
{
    put_back_for_a_minute();
    clock.jump(1h);
    wait(59s);
    expect_nothing_due();
    wait(1s);
    EXPECT_EQ(take_due(1), std::vector<std::string>{"again"});
}

TEST_P(ClockContract, PausesThatBeginAfterAJumpAreAsLongAsOthers)
{
    clock.jump(-1h);
    put_back_for_a_minute();
    wait(59s);
    expect_nothing_due();
    wait(1s);
    EXPECT_EQ(take_due(1), std::vector<std::string>{"again"});
}

TEST_P(ClockContract, ASetClockGivesUpNoPartsOfAReply)
{
    submit(text("what it answers"), {"c1"});
    receive(part(1, "one "));
    clock.jump(1h);
    release();
    EXPECT_TRUE(reply_contents().empty());
    receive(part(2, "two"));
    EXPECT_EQ(reply_contents(), std::vector<std::string>{"one two"});
}

TEST_P(ClockContract, ASetClockGivesUpNoReceipt)
{
    auto message = text("to be delivered");
    accept(message);
    EXPECT_EQ(take_due(1).size(), 1u);
    receive("faster than its response", Code::delivered);
    clock.jump(1h);
    release();
    EXPECT_EQ(run(store->counts()).unmatched_receipts, 0u);
    submitted(message, {"faster than its response"});
    EXPECT_EQ(status(message), Status::delivered);
}

TEST_P(ClockContract, NothingWaitsForATimeOfAClockThatWasWrong)
{
    submit(text("what it answers"), {"c1"});
    clock.jump(year);
    restart();
    put_back_for_a_minute();
    receive(part(1, "half"));
    clock.jump(-year);
    restart();
    release();
    EXPECT_EQ(take_due(1), std::vector<std::string>{"again"});
    wait(11min);
    EXPECT_EQ(reply_contents(), std::vector<std::string>{"half"});
}

INSTANTIATE_TEST_SUITE_P(Stores, ClockContract, testing::ValuesIn(store_kinds), name_of);

}  // namespace

}  // namespace tidings::test
