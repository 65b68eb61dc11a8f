// SPDX-License-Identifier: Apache-2.0
// Who goes first when several accounts and priorities wait for the same link.
#include "store/endpoint.hpp"
#include "support/store_contract.hpp"

namespace tidings::test {

namespace {

using message::Priority;

class Lanes : public StoreContract {
protected:
    store::NewMessage urgent(const std::string& content, Priority priority = Priority::high)
    {
        store::NewMessage message = text(content);
        message.priority = priority;
        return message;
    }
    void accept_from(store::AccountKey from, std::size_t count, const std::string& prefix)
    {
        for (std::size_t i = 0; i < count; ++i) run(store->accept(from, {text(prefix + std::to_string(i))}));
    }
    // All that is due goes to the link.
    void hand_over(std::size_t count)
    {
        while (count > 0) {
            auto due = run(store->take_due(count));
            count -= due.size();
            run(store->hand_over(link, std::move(due)));
        }
    }
    static std::size_t place_of(const std::vector<std::string>& contents, const std::string& content)
    {
        return static_cast<std::size_t>(std::ranges::find(contents, content) - contents.begin());
    }

    store::AccountKey other = add_account("Other");
};

TEST_P(Lanes, AnAccountDoesNotWaitBehindAllOfAnother)
{
    accept_from(account, 50, "campaign ");
    accept_from(other, 2, "other ");
    auto due = take_due(52);
    EXPECT_LT(place_of(due, "other 1"), 10u);
    EXPECT_LT(place_of(due, "campaign 0"), place_of(due, "campaign 1"));
}

TEST_P(Lanes, AnAccountDoesNotWaitForALinkBehindAllOfAnother)
{
    accept_from(account, 50, "campaign ");
    hand_over(50);
    accept_from(other, 2, "other ");
    hand_over(2);
    auto taken = take_for(link, 52);
    EXPECT_LT(place_of(taken, "other 1"), 10u);
    std::vector<std::string> campaign;
    for (const std::string& content : taken)
        if (content.starts_with("campaign")) campaign.push_back(content);
    for (std::size_t i = 0; i < 50; ++i) EXPECT_EQ(campaign.at(i), "campaign " + std::to_string(i));
}

TEST_P(Lanes, HighPriorityOvertakesOnEveryWay)
{
    accept_from(account, 50, "campaign ");
    accept(urgent("code"));
    EXPECT_LT(place_of(take_due(51), "code"), 3u);
    restart();
    hand_over(51);
    accept(urgent("newer code"));
    hand_over(1);
    auto taken = take_for(link, 52);
    EXPECT_LT(place_of(taken, "code"), 6u);
    EXPECT_LT(place_of(taken, "newer code"), 6u);
    EXPECT_LT(place_of(taken, "code"), place_of(taken, "newer code"));
}

TEST_P(Lanes, LowPriorityIsNotForgotten)
{
    accept(urgent("low", Priority::low));
    for (int i = 0; i < 40; ++i) accept(urgent("high " + std::to_string(i)));
    EXPECT_LT(place_of(take_due(41), "low"), 40u);
}

TEST_P(Lanes, APriorityOutlastsARestartAndARetry)
{
    store::NewMessage message = urgent("code");
    accept(message);
    EXPECT_EQ(run(store->take_due(1)).at(0).priority, Priority::high);
    run(store->put_back({key(message)}, clock.now() + 1min));
    restart();
    clock.advance(1min);
    release();
    EXPECT_EQ(run(store->take_due(1)).at(0).priority, Priority::high);
}

TEST_P(Lanes, WhatWaitsForARemovedLinkBecomesDueAgainInItsOrder)
{
    accept_from(account, 5, "campaign ");
    accept(urgent("code"));
    accept_from(other, 5, "other ");
    hand_over(11);
    run(store->open_links({"other"}));
    auto due = take_due(11);
    EXPECT_LT(place_of(due, "campaign 0"), place_of(due, "campaign 4"));
    EXPECT_LT(place_of(due, "other 0"), place_of(due, "other 4"));
    EXPECT_LT(place_of(due, "code"), 11u);
    expect_nothing_due();
}

TEST_P(Lanes, ACallbackDoesNotWaitBehindAllOfAnotherAccount)
{
    auto told = [this](const std::string& content) {
        store::NewMessage message = text(content);
        message.submission.callback_url = "https://example.com/" + content;
        return message;
    };
    store->limit_callbacks({account, store::endpoint_of("https://example.com/campaign")}, 100);
    for (int i = 0; i < 50; ++i) accept(told("campaign"));
    run(store->accept(other, {told("other")}));
    std::vector<std::string> urls;
    while (urls.size() < 51)
        for (const store::Callback& callback : run(store->take_callbacks(51 - urls.size())))
            urls.push_back(callback.url);
    EXPECT_LT(place_of(urls, "https://example.com/other"), 10u);
}

TEST_P(Lanes, ACallbackDoesNotWaitForAnotherAccountOrPathThatIsLeftAlone)
{
    auto told = [this](const std::string& url) {
        store::NewMessage message = text(url);
        message.submission.callback_url = url;
        return message;
    };
    const std::string hook = "https://example.com/hook", path = "https://example.com/other";
    store->limit_callbacks({account, store::endpoint_of(hook)}, 0);
    accept(told(hook));
    accept(told(path));
    run(store->accept(other, {told(hook)}));
    restart();
    store->limit_callbacks({account, store::endpoint_of(hook)}, 0);
    std::vector<std::pair<store::AccountKey, std::string>> taken;
    while (taken.size() < 2)
        for (const store::Callback& callback : run(store->take_callbacks(100)))
            taken.emplace_back(callback.key.account, callback.url);
    EXPECT_EQ(taken.size(), 2u);
    EXPECT_TRUE(std::ranges::count(taken, std::pair(account, path)));
    EXPECT_TRUE(std::ranges::count(taken, std::pair(other, hook)));
}

INSTANTIATE_TEST_SUITE_P(Store, Lanes, testing::ValuesIn(store_kinds), name_of);

}  // namespace

}  // namespace tidings::test
