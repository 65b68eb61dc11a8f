// SPDX-License-Identifier: Apache-2.0
#include "sandbox/letter.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace tidings::sandbox {
namespace {

TEST(Letter, NumberIsTakenWithAndWithoutPlus)
{
    EXPECT_EQ(parse_letter(R"({"to":"+61400000001","content":"Yes"})")->to, "61400000001");
    EXPECT_EQ(parse_letter(R"({"to":"61400000001","content":"Yes"})")->to, "61400000001");
    EXPECT_EQ(parse_letter(R"({"to":"12345","content":"Yes"})")->to, "12345");
}

TEST(Letter, IsShownWithPlusWhereNumbersHaveOne)
{
    std::string out;
    append_letter(out, {"61491570156", "12345", "Yes"});
    EXPECT_EQ(out, R"({"from":"+61491570156","to":"12345","content":"Yes"})");
}

TEST(Letter, EveryFaultIsNamed)
{
    auto parsed = parse_letter(R"({"to":"Shop","content":"","from":"1"})");
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().details.size(), 3u);
    EXPECT_EQ(parse_letter("{}").error().details.size(), 2u);
    EXPECT_EQ(parse_letter("Yes").error().details.size(), 1u);
}

TEST(Letter, WithAttachmentsMayDoWithoutContent)
{
    auto letter = parse_letter(R"({"to":"61400000001","attachments":[
        {"content_type":"image/png","content":"AAA=","original_name":"a \u00fc.png"}]})");
    ASSERT_TRUE(letter);
    EXPECT_EQ(letter->content, "");
    ASSERT_EQ(letter->attachments.size(), 1u);
    EXPECT_EQ(letter->attachments[0],
              (message::Attachment{"image/png", std::string(2, '\0'), "a \u00fc.png"}));
    std::string out;
    letter->from = "61491570156";
    append_letter(out, *letter);
    EXPECT_EQ(out, R"({"from":"+61491570156","to":"+61400000001","content":"",)"
                   "\"attachments\":[{\"content_type\":\"image/png\",\"original_name\":\"a \u00fc.png\"}]}");
}

TEST(Letter, FaultsOfAttachmentsAreNamed)
{
    auto faults = [](const std::string& attachments) {
        auto parsed =
            parse_letter(R"({"to":"61400000001","content":"Hi","attachments":)" + attachments + "}");
        return parsed ? std::vector<std::string>() : parsed.error().details;
    };
    auto file = [](const std::string& type, const std::string& content, const std::string& name) {
        return fmt::format(R"([{{"content_type":"{}","content":"{}","original_name":"{}"}}])", type, content,
                           name);
    };
    using List = std::vector<std::string>;
    EXPECT_EQ(faults(file("image/png", "AAA=", "a")), List());
    const std::string all = "/attachments: Attachments must be 1 to 10";
    EXPECT_EQ(faults("[]"), List{all});
    EXPECT_EQ(faults("{}"), List{all});
    EXPECT_EQ(faults("[1,1,1,1,1,1,1,1,1,1,1]"), List{all});
    EXPECT_EQ(faults("[1]"), List{"/attachments/0: Must have content_type, content and original_name"});
    EXPECT_EQ(faults(file("png", "AAA=", "a")),
              List{"/attachments/0/content_type: Content type must be one as image/png"});
    EXPECT_EQ(faults(file("image/png\\r\\nX: y", "AAA=", "a")),
              List{"/attachments/0/content_type: Content type must be one as image/png"});
    EXPECT_EQ(faults(file("image/png", "A", "a")),
              List{"/attachments/0/content: Content must be in base64, and not empty"});
    EXPECT_EQ(faults(file("image/png", "", "")).size(), 2u);
    std::string large((attachment_bytes_max + 3) / 3 * 4, 'A');
    EXPECT_EQ(faults(file("image/png", large + "AAAA", "a")),
              List{"/attachments: Attachments must have at most 3145728 bytes"});
}

}  // namespace
}  // namespace tidings::sandbox
