// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"

#include <gtest/gtest.h>

namespace tidings::base {

TEST(Digest, KnownAnswers)
{
    auto hash = sha256("abc");
    EXPECT_EQ(to_hex({reinterpret_cast<const char*>(hash.data()), hash.size()}),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(to_hex(md5("abc")), "900150983cd24fb0d6963f7d28e17f72");
    EXPECT_EQ(to_base64(hmac(HmacDigest::sha1, "456",
                             "Date: Fri, 11 Jul 2014 07:16:51 GMT\nPOST /v1/messages HTTP/1.1")),
              "bUAvEbDgutL51S3dmtpFp5ONgy0=");
}

TEST(Digest, Base64IsReadWithAndWithoutPadding)
{
    EXPECT_EQ(*from_base64("aGVsbG8="), "hello");
    EXPECT_EQ(*from_base64("aGVsbG8"), "hello");
    EXPECT_EQ(*from_base64(""), "");
    EXPECT_FALSE(from_base64("a"));
    EXPECT_FALSE(from_base64("a=b="));
    EXPECT_FALSE(from_base64("!!!!"));
}

TEST(Digest, RandomTextHasItsSizeAndItsAlphabet)
{
    std::string text = random_text(30);
    EXPECT_EQ(text.size(), 30u);
    EXPECT_EQ(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
              text.npos);
    EXPECT_NE(text, random_text(30));
}

}  // namespace tidings::base
