// SPDX-License-Identifier: Apache-2.0
#include "api/throttle.hpp"

#include "api/new_key.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "support/run.hpp"
#include "support/temp_folder.hpp"
#include "support/virtual_clock.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace tidings::api {

namespace {

using namespace std::chrono_literals;
using boost::beast::http::verb;

// A store whose accounts have these limits.
class LimitedStore : public store::sqlite::SqliteStore {
public:
    using SqliteStore::SqliteStore;
    std::shared_ptr<const store::Settings> settings() const override
    {
        auto settings = SqliteStore::settings();
        auto limited = std::make_shared<store::Settings>(*settings);
        for (auto [key, account] : settings->accounts) {
            account.requests_per_second = limits.requests_per_second;
            account.messages_per_second = limits.messages_per_second;
            limited->put(std::move(account));
        }
        return limited;
    }

    RateLimits limits;
};

// The whole API, asked without a socket.
class Throttle : public testing::Test {
protected:
    Throttle()
    {
        parents = key_of(add_account("MyAccount", {}));
        shops = key_of(add_account("MyShop", store.settings()->account_ids.at("MyAccount")));
        add_operations(router, api, Served::everything);
    }

    store::AccountKey add_account(const std::string& id, std::optional<store::AccountKey> parent)
    {
        store::Account account;
        account.id = id;
        account.parent = parent;
        return test::run(store.add_account(std::move(account), store::Credits())).value().key;
    }

    // An Authorization header with a new key of the account.
    std::string key_of(store::AccountKey account)
    {
        NewKey made = make_key(account, store::KeyScheme::basic);
        std::string pair = made.key.name + ":" + made.secret;
        test::run(store.add_key(std::move(made.key)));
        return "Basic " + base::to_base64(pair);
    }

    http::Request request_for(verb method, const std::string& path, const std::string& authorization,
                              std::string_view account = {})
    {
        http::Request request;
        request.method = method;
        request.method_text = std::string(to_string(method));
        request.target = request.path = path;
        if (!authorization.empty()) request.headers.set("Authorization", authorization);
        if (!account.empty()) request.headers.set("Account", account);
        return request;
    }

    http::Response ask(verb method, const std::string& path, const std::string& authorization,
                       std::string_view account = {})
    {
        return ask(request_for(method, path, authorization, account));
    }

    // Its body comes after its headers were judged.
    http::Response ask(http::Request request, std::string body = {})
    {
        http::Router::Match match = router.match(request.method, request.path);
        request.parameters = match.parameters;
        http::Judgement judgement = (*match.judge)(request);
        request.body = std::move(body);
        return judgement.refusal ? *judgement.refusal : test::run(judgement.answer(request));
    }

    // What one account may still send, asked as post_messages would.
    std::optional<Problem> refused(std::size_t count)
    {
        http::Request request;
        Call call{api, request, store.settings()};
        call.account = &call.settings->accounts.at(call.settings->account_ids.at("MyAccount"));
        return refuse_messages(call, count);
    }

    static std::string header(const http::Response& response, std::string_view name)
    {
        auto found = std::ranges::find(response.headers, name, &std::pair<std::string, std::string>::first);
        return found == response.headers.end() ? "none" : found->second;
    }

    static std::string allowance(const http::Response& response)
    {
        return header(response, "RateLimit-Limit") + " " + header(response, "RateLimit-Remaining") + " " +
               header(response, "RateLimit-Reset");
    }

    test::VirtualClock clock;
    base::UuidSource ids{clock};
    test::TempFolder folder;
    LimitedStore store{folder.path(), folder.path() / "secret.key", clock};
    Api api{store, clock, ids, {}};
    http::Router router;
    std::string parents, shops;
};

TEST_F(Throttle, WithoutLimitsNothingIsRefusedOrTold)
{
    for (int i = 0; i < 50; ++i) {
        http::Response response = ask(verb::get, "/v1/replies", parents);
        EXPECT_EQ(response.status, 200u);
        EXPECT_TRUE(response.headers.empty());
    }
    EXPECT_FALSE(refused(100));
}

TEST_F(Throttle, TooManyRequestsAre429UntilTimeHasPassed)
{
    store.limits.requests_per_second = 2;
    EXPECT_EQ(allowance(ask(verb::get, "/v1/replies", parents)), "2 1 1");
    EXPECT_EQ(allowance(ask(verb::get, "/v1/messages/x", parents)), "2 0 1");
    http::Response third = ask(verb::get, "/v1/replies", parents);
    EXPECT_EQ(third.status, 429u);
    EXPECT_EQ(third.body, R"({"message":"Too many requests. Please slow down.",)"
                          R"("details":["The account may make 2 requests a second."]})");
    EXPECT_EQ(header(third, "Retry-After"), "1");
    EXPECT_EQ(allowance(third), "2 0 1");
    clock.set(clock.now() + 500ms);
    EXPECT_EQ(ask(verb::get, "/v1/replies", parents).status, 200u);
    EXPECT_EQ(ask(verb::get, "/v1/replies", parents).status, 429u);
}

TEST_F(Throttle, ErrorsOfALimitedAccountTellItsAllowanceToo)
{
    store.limits.requests_per_second = 100;
    EXPECT_EQ(allowance(ask(verb::post, "/v1/messages", parents)), "100 99 1");
    EXPECT_EQ(allowance(ask(verb::put, "/v1/messages/x", parents)), "100 98 1");
    EXPECT_EQ(allowance(ask(verb::get, "/v1/replies", "Basic eDp5")), "none none none");
    EXPECT_EQ(allowance(ask(verb::get, "/healthz", parents)), "none none none");
}

TEST_F(Throttle, TheAccountActedForIsTheOneThatPays)
{
    store.limits.requests_per_second = 1;
    EXPECT_EQ(ask(verb::get, "/v1/replies", parents, "MyShop").status, 200u);
    EXPECT_EQ(ask(verb::get, "/v1/replies", shops).status, 429u);
    EXPECT_EQ(ask(verb::get, "/v1/replies", parents).status, 200u);
}

TEST_F(Throttle, MessagesAreRefusedByTheirNumber)
{
    store.limits.messages_per_second = 10;
    EXPECT_FALSE(refused(8));
    auto problem = refused(3);
    ASSERT_TRUE(problem);
    EXPECT_EQ(problem->status, 429u);
    EXPECT_EQ(problem->details, std::vector<std::string>{"The account may send 10 messages a second."});
    EXPECT_EQ(problem->headers.at(0), std::pair(std::string("Retry-After"), std::string("1")));
    EXPECT_FALSE(refused(2));
    EXPECT_EQ(allowance(ask(verb::get, "/v1/replies", parents)), "10 0 1");
    clock.set(clock.now() + 1s);
    EXPECT_FALSE(refused(100));
    EXPECT_EQ(refused(1)->headers.at(0).second, "10");
    EXPECT_EQ(allowance(ask(verb::get, "/v1/replies", parents)), "10 0 10");
}

TEST_F(Throttle, APreviewCountsAsASend)
{
    store.limits.messages_per_second = 2;
    std::string body = R"({"messages":[{"content":"Hi","destination_number":"+61491570156"}]})";
    auto preview = [&] { return ask(request_for(verb::post, "/v1/messages/preview", parents), body).status; };
    EXPECT_EQ(preview(), 200u);
    EXPECT_EQ(preview(), 200u);
    EXPECT_EQ(preview(), 429u);
}

TEST_F(Throttle, AKeyThatWasRevokedWhileTheBodyCameIsRefused)
{
    http::Request request = request_for(verb::post, "/v1/messages", parents);
    http::Judgement judgement = (*router.match(request.method, request.path).judge)(request);
    ASSERT_FALSE(judgement.refusal);
    std::string name = base::from_base64(parents.substr(6)).value();
    store::AccountKey account = store.settings()->account_ids.at("MyAccount");
    EXPECT_TRUE(test::run(store.remove_key(account, name.substr(0, name.find(':')))));
    request.body = "{}";
    EXPECT_EQ(test::run(judgement.answer(request)).status, 401u);
}

TEST_F(Throttle, OnlyOfThoseWhoMayIsABodyRead)
{
    auto judge = [&](verb method, const std::string& path, const std::string& authorization) {
        return (*router.match(method, path).judge)(request_for(method, path, authorization));
    };
    EXPECT_TRUE(judge(verb::post, "/v1/messages", parents).reads_body);
    EXPECT_EQ(judge(verb::post, "/v1/messages", "Basic eDp5").refusal->status, 401u);
    EXPECT_EQ(judge(verb::post, "/admin/v1/accounts", parents).refusal->status, 401u);
    EXPECT_FALSE(judge(verb::get, "/healthz", parents).reads_body);
    EXPECT_TRUE(judge(verb::get, "/healthz", parents).when_full);
    EXPECT_FALSE(judge(verb::post, "/v1/messages", parents).when_full);
}

}  // namespace

}  // namespace tidings::api
