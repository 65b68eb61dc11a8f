// SPDX-License-Identifier: Apache-2.0
#include "base/seal.hpp"

#include "base/file.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

namespace tidings::base {

namespace {

Sealer sealer(std::uint8_t first = 1) { return Sealer(Sealer::Key{first, 2, 3}); }

std::string bytes(std::string_view hex)
{
    std::string out;
    for (std::size_t i = 0; i < hex.size(); i += 2)
        out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    return out;
}

TEST(Seal, OpensWhatItSealed)
{
    for (std::string secret : {std::string(), std::string("secret"), std::string(1'000, '\0')})
        EXPECT_EQ(sealer().open(sealer().seal(secret, "row"), "row").value(), secret);
}

TEST(Seal, HidesTheSecretAndNeverLooksTheSame)
{
    std::string one = sealer().seal("secret", "row"), two = sealer().seal("secret", "row");
    EXPECT_EQ(one.find("secret"), one.npos);
    EXPECT_NE(one, two);
    EXPECT_EQ(one.size(), 1u + 4 + 12 + 6 + 16);
}

TEST(Seal, RefusesAnotherRowAndAnotherKey)
{
    std::string sealed = sealer().seal("secret", "row");
    EXPECT_EQ(sealer().open(sealed, "other row").error(), errc::bad_seal);
    EXPECT_EQ(sealer(9).open(sealed, "row").error(), errc::bad_seal);
}

TEST(Seal, RefusesWhatWasChangedOrCut)
{
    std::string sealed = sealer().seal("secret", "row");
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        std::string changed = sealed;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        EXPECT_FALSE(sealer().open(changed, "row")) << i;
        EXPECT_FALSE(sealer().open(sealed.substr(0, i), "row")) << i;
    }
}

// By Python's cryptography 48.0.0: AESGCM(key).encrypt(nonce, b"secret", header + b"row").
TEST(Seal, OpensWhatAnotherProgramSealed)
{
    std::string sealed = bytes("011ac2f192000102030405060708090a0bf6aab2"
                               "e28be321c75f0070a036e63a6a3b1fede3f18e");
    EXPECT_EQ(sealer().open(sealed, "row").value(), "secret");
}

TEST(Seal, KeyFilesHoldHexadecimalDigits)
{
    test::TempFolder folder;
    auto path = folder.path() / "key";
    Sealer::create_file(path);
    std::string text = read_file(path);
    EXPECT_EQ(text.size(), 65u);
    std::string sealed = Sealer::from_file(path).seal("secret", "row");
    EXPECT_EQ(Sealer::from_file(path).open(sealed, "row").value(), "secret");
    EXPECT_THROW(Sealer::create_file(path), std::runtime_error);
    EXPECT_EQ(read_file(path), text);
}

TEST(Seal, ABadKeyFileIsRefusedByName)
{
    test::TempFolder folder;
    std::string digits(64, 'a');
    int count = 0;
    for (std::string text : {std::string(), digits.substr(1), digits + "a", " " + digits.substr(1),
                             "-" + digits.substr(1), digits.substr(1) + "g", digits + " x"}) {
        auto path = folder.path() / ("key" + std::to_string(++count));
        write_private_file(path, text);
        try {
            Sealer::from_file(path);
            ADD_FAILURE() << text;
        } catch (const std::runtime_error& error) {
            EXPECT_NE(std::string(error.what()).find(path.string()), std::string::npos);
        }
    }
}

}  // namespace

}  // namespace tidings::base
