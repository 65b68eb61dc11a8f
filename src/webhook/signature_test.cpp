// SPDX-License-Identifier: Apache-2.0
// The expected signatures were made by others, and test/integration verifies them as receivers do.
#include "webhook/signature.hpp"

#include "base/digest.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

namespace tidings::webhook {

namespace {

using message::SignatureDigest;

std::map<std::string, std::string> vectors()
{
    std::ifstream file(VECTORS "/webhook_signatures.txt");
    std::map<std::string, std::string> found;
    for (std::string line; std::getline(file, line);)
        if (!line.starts_with("#")) found[line.substr(0, line.find(' '))] = line.substr(line.find(' ') + 1);
    return found;
}

TEST(SigningKey, SignsAsOpensslDoes)
{
    auto known = vectors();
    SigningKey key = SigningKey::from_der(base::from_base64(known["private_key"]).value()).value();
    EXPECT_EQ(base::to_base64(key.public_der()), known["public_key"]);
    base::Uuid id = base::Uuid::parse(known["key_id"]).value();
    Sent sent{
        .method = known["method"], .target = known["target"], .date = known["date"], .body = known["body"]};
    for (auto digest : {SignatureDigest::sha224, SignatureDigest::sha256, SignatureDigest::sha512}) {
        std::string name(message::name(digest));
        message::HeaderList expected{{"X-Messagemedia-Signature", known[name]},
                                     {"X-Messagemedia-Digest-Type", name},
                                     {"X-Messagemedia-Cipher-Type", "RSA"},
                                     {"X-Messagemedia-Key-Id", known["key_id"]}};
        EXPECT_EQ(rsa_headers(key, id, digest, sent), expected);
    }
}

TEST(SigningKey, IsReadBackAsItWasWritten)
{
    SigningKey made = SigningKey::generate();
    auto read = SigningKey::from_der(made.private_der());
    ASSERT_TRUE(read);
    EXPECT_EQ(read->public_der(), made.public_der());
    EXPECT_EQ(read->sign(SignatureDigest::sha256, "x"), made.sign(SignatureDigest::sha256, "x"));
    EXPECT_EQ(read->sign(SignatureDigest::sha256, "x").size(), rsa_bits / 8);
    EXPECT_NE(SigningKey::generate().public_der(), made.public_der());
    EXPECT_EQ(SigningKey::from_der("x").error(), base::errc::bad_seal);
    EXPECT_EQ(SigningKey::from_der(made.public_der()).error(), base::errc::bad_seal);
}

class StandardWebhooks : public testing::Test {
protected:
    std::string secret(const char* name)
    {
        return base::from_base64(std::string_view(known[name]).substr(6)).value();
    }

    std::map<std::string, std::string> known = vectors();
    base::Uuid id = base::Uuid::parse(known["id"]).value();
    base::Time now{std::chrono::milliseconds(1614265330'999)};
};

TEST_F(StandardWebhooks, WhileSecretsRotateThereAreTwoSignatures)
{
    message::HeaderList expected{{"webhook-id", known["id"]},
                                 {"webhook-timestamp", known["timestamp"]},
                                 {"webhook-signature", known["standard_signature"]}};
    std::vector<std::string> secrets{secret("new_secret"), secret("old_secret")};
    EXPECT_EQ(standard_headers(secrets, id, now, known["standard_body"]), expected);
    secrets.pop_back();
    std::string& both = expected[2].second;
    both.resize(both.find(' '));
    EXPECT_EQ(standard_headers(secrets, id, now, known["standard_body"]), expected);
}

TEST_F(StandardWebhooks, SecretsAreWrittenAsReceiversWantThem)
{
    EXPECT_EQ(written_secret(secret("old_secret")), known["old_secret"]);
}

}  // namespace

}  // namespace tidings::webhook
