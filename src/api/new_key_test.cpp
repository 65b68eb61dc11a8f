// SPDX-License-Identifier: Apache-2.0
#include "api/new_key.hpp"

#include <gtest/gtest.h>

namespace tidings::api {

TEST(NewKey, HasTheSizesThatOlderClientsExpect)
{
    NewKey made = make_key(store::AccountKey{7}, store::KeyScheme::basic);
    EXPECT_EQ(made.key.name.size(), 20u);
    EXPECT_EQ(made.secret.size(), 30u);
    EXPECT_EQ(made.key.account, store::AccountKey{7});
}

TEST(NewKey, ABasicKeyKeepsNothingButTheDigestOfItsSecret)
{
    NewKey basic = make_key({}, store::KeyScheme::basic);
    EXPECT_EQ(basic.key.basic_secret, base::sha256(basic.secret));
    EXPECT_EQ(basic.key.hmac_secret, "");
    NewKey hmac = make_key({}, store::KeyScheme::hmac);
    EXPECT_EQ(hmac.key.hmac_secret, hmac.secret);
}

}  // namespace tidings::api
