// SPDX-License-Identifier: Apache-2.0
#include "cli/gateway.hpp"

#include <gtest/gtest.h>

namespace tidings::cli {

namespace {

std::string complaint_of(unsigned status, std::string body, std::string subject = "")
{
    http::ClientAnswer answer;
    answer.status = status;
    answer.body = std::move(body);
    Action action;
    action.subject = std::move(subject);
    return complaint(answer, action, "http://gateway", {"secret", "the file data/admin.token"});
}

TEST(Gateway, IsWhereTheOptionSays)
{
    GatewayOptions options;
    options.url = "https://gateway.example:8443//";
    EXPECT_EQ(url_of(options), "https://gateway.example:8443");
}

TEST(Complaint, SaysWhatToDo)
{
    EXPECT_EQ(
        complaint_of(401, R"({"message":"Unauthorized"})"),
        "the gateway at http://gateway does not know the token in the file data/admin.token: is it another "
        "gateway's?");
    EXPECT_EQ(complaint_of(404, R"({"message":"Resource not found"})", "account shop"),
              "there is no account shop at http://gateway, or /admin/v1 is not served there");
    EXPECT_EQ(complaint_of(404, R"({"message":"Resource not found"})"),
              "http://gateway does not serve /admin/v1: it may have a listener of its own");
    EXPECT_EQ(complaint_of(409, R"({"message":"Resource exists already"})", "number 12345"),
              "Resource exists already: number 12345");
}

TEST(Complaint, ListsTheFaults)
{
    EXPECT_EQ(complaint_of(400, R"({"message":"Request failed","details":["/a: must be b.","/c: unknown."]})",
                           "account shop"),
              "the gateway refused this: account shop\n  /a: must be b.\n  /c: unknown.");
}

TEST(Complaint, KnowsWhoIsNoGateway)
{
    for (const char* body : {"<html>", "", "[]", R"({"error":"x"})"})
        EXPECT_EQ(complaint_of(502, body),
                  "http://gateway answers 502, and not as a gateway does: is it one?");
}

}  // namespace

}  // namespace tidings::cli
