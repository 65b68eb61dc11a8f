// SPDX-License-Identifier: Apache-2.0
#include "support/store_contract.hpp"

namespace tidings::test {

namespace {

class HeldStore : public StoreContract {
protected:
    store::NewMessage taken(const std::string& content)
    {
        store::NewMessage message = text(content);
        accept(message);
        EXPECT_EQ(run(store->take_due(1)).size(), 1u);
        return message;
    }
    store::NewMessage held(const std::string& content)
    {
        store::NewMessage message = taken(content);
        record(message, Code::held);
        return message;
    }
    std::vector<store::HeldMessage> all_held() { return run(store->held_messages(10)); }
};

TEST_P(HeldStore, ShowsAHeldMessageAsEnrouteAndTellsIt)
{
    store::NewMessage message = held("a");
    EXPECT_EQ(status(message), Status::enroute);
    EXPECT_EQ(codes(), (Codes{Code::processing, Code::held}));
    EXPECT_EQ(run(store->counts()).held, 1u);
    EXPECT_EQ(run(store->counts()).due, 0u);
    ASSERT_EQ(all_held().size(), 1u);
    EXPECT_EQ(all_held()[0].key, key(message));
    EXPECT_EQ(all_held()[0].since, clock.now());
    EXPECT_EQ(all_held()[0].why, "in doubt on carrier");
    restart();
    expect_nothing_due();
}

TEST_P(HeldStore, SendsAReleasedMessage)
{
    store::NewMessage message = held("a");
    EXPECT_TRUE(run(store->release_held(message.id)));
    EXPECT_EQ(take_due(1), std::vector<std::string>{"a"});
    EXPECT_EQ(run(store->release_held(message.id)).error(), base::errc::not_held);
    submitted(message, {"1"});
    EXPECT_EQ(codes(), (Codes{Code::processing, Code::held, Code::submitted}));
}

TEST_P(HeldStore, HoldsAReleasedMessageAgain)
{
    store::NewMessage message = held("a");
    EXPECT_TRUE(run(store->release_held(message.id)));
    EXPECT_EQ(take_due(1).size(), 1u);
    record(message, Code::held);
    EXPECT_EQ(all_held().size(), 1u);
    EXPECT_EQ(codes(), (Codes{Code::processing, Code::held}));
}

TEST_P(HeldStore, EndsADroppedMessage)
{
    store::NewMessage message = held("a");
    EXPECT_TRUE(run(store->drop_held(message.id)));
    EXPECT_EQ(status(message), Status::rejected);
    EXPECT_EQ(codes(), (Codes{Code::processing, Code::held, Code::dropped}));
    EXPECT_EQ(run(store->drop_held(message.id)).error(), base::errc::not_held);
    EXPECT_EQ(run(store->drop_held(ids.next())).error(), base::errc::not_found);
}

TEST_P(HeldStore, HoldsOnlyWhatWasMarkedAtACrash)
{
    store::NewMessage marked = taken("marked"), unmarked = taken("unmarked"), undone = taken("undone");
    store::NewMessage back = taken("back"), sent = taken("sent");
    run(store->mark(link, {key(marked), key(undone), key(back), key(sent)}));
    run(store->unmark({key(undone)}));
    run(store->put_back({key(back)}, clock.now()));
    submitted(sent, {"1"});
    restart();
    EXPECT_EQ(take_due(2), (std::vector<std::string>{"unmarked", "undone"}));
    ASSERT_EQ(all_held().size(), 1u);
    EXPECT_EQ(all_held()[0].key, key(marked));
    wait(1s);
    EXPECT_EQ(take_due(1), std::vector<std::string>{"back"});
}

TEST_P(HeldStore, LetsAReceiptSettleWhatWasMarkedAtACrash)
{
    store::NewMessage message = taken("a");
    run(store->mark(link, {key(message)}));
    restart();
    receive(receipt("1", Code::delivered));
    wait(10min);
    EXPECT_EQ(status(message), Status::delivered);
    EXPECT_TRUE(all_held().empty());
}

TEST_P(HeldStore, ExpiresAtTheCarrierWhatItMayHave)
{
    store::NewMessage message = text("a");
    message.submission.expiry = clock.now() + 1h;
    accept(message);
    EXPECT_EQ(run(store->take_due(1)).size(), 1u);
    record(message, Code::held);
    wait(1h);
    EXPECT_EQ(codes(), (Codes{Code::processing, Code::held, Code::expired_at_carrier}));
}

INSTANTIATE_TEST_SUITE_P(Store, HeldStore, testing::ValuesIn(store_kinds), name_of);

}  // namespace

}  // namespace tidings::test
