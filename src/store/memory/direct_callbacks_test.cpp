// SPDX-License-Identifier: Apache-2.0
#include "store/memory/direct_callbacks.hpp"

#include <gtest/gtest.h>

namespace tidings::store {

namespace {

using namespace std::chrono_literals;

constexpr AccountKey mine{1}, theirs{2};
const base::Time noon{1'700'000'000'000ms};

CallbackKey key_at(std::chrono::milliseconds after_noon, AccountKey account = mine)
{
    return {account, base::Uuid::first_at(noon + after_noon), {}};
}

CallbackKey newest(AccountKey account) { return key_at(24h, account); }

}  // namespace

TEST(DirectCallbacks, KnowsWhenTheOldestWasMade)
{
    DirectCallbacks direct;
    EXPECT_EQ(direct.since(), std::nullopt);
    direct.add(key_at(5ms));
    direct.add(key_at(7ms));
    direct.add(key_at(2ms, theirs));  // the clock was set back
    EXPECT_EQ(direct.since(), noon + 2ms);
    EXPECT_TRUE(direct.remove(key_at(2ms, theirs)));
    EXPECT_TRUE(direct.remove(key_at(5ms)));
    EXPECT_FALSE(direct.remove(key_at(5ms)));
    EXPECT_EQ(direct.since(), noon + 7ms);
}

TEST(DirectCallbacks, ForgetsWhatATransactionThatFailedDid)
{
    DirectCallbacks direct;
    direct.add(key_at(1ms));
    direct.committed();
    direct.add(key_at(2ms));
    direct.remove(key_at(1ms));
    direct.remove(key_at(2ms));
    direct.add(key_at(3ms));
    direct.rolled_back();
    EXPECT_EQ(direct.behind(newest(mine), {}, 10), std::vector{key_at(1ms)});
    direct.rolled_back();
    EXPECT_EQ(direct.since(), noon + 1ms);
}

TEST(DirectCallbacks, ListsThoseOfAnAccountTheNewestFirst)
{
    DirectCallbacks direct;
    CallbackKey to_webhook = key_at(3ms);
    to_webhook.webhook.bytes[0] = 1;
    for (const CallbackKey& key : {key_at(1ms), key_at(2ms), key_at(2ms, theirs), key_at(3ms), to_webhook})
        direct.add(key);
    EXPECT_EQ(direct.behind(newest(mine), {}, 3), (std::vector{to_webhook, key_at(3ms), key_at(2ms)}));
    EXPECT_EQ(direct.behind(key_at(3ms), {}, 3), (std::vector{key_at(2ms), key_at(1ms)}));
    EXPECT_EQ(direct.behind(newest(mine), to_webhook.webhook, 3), std::vector{to_webhook});
    EXPECT_EQ(direct.behind(newest(theirs), {}, 3), std::vector{key_at(2ms, theirs)});
}

}  // namespace tidings::store
