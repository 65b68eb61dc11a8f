// SPDX-License-Identifier: Apache-2.0
// What a carrier sends that fits nothing is kept up to a limit of its link, the newest of it; and what is
// counted is what is there, also after a restart and after a commit that failed.
#include "support/store_contract.hpp"

namespace tidings::store::sqlite {

namespace {

using namespace std::chrono_literals;
using message::Code;
using test::run;

class LinkLimitsTest : public testing::Test {
protected:
    LinkLimitsTest()
    {
        open();
        Account account;
        account.id = "MyAccount";
        account.unregistered_source = message::UnregisteredSource::allow;
        account_ = run(store_->add_account(account, Credits())).value().key;
        links_ = run(store_->open_links({"carrier", "other"}));
    }

    void open()
    {
        store_.emplace(folder_.path(), folder_.path() / "secret.key", clock_,
                       Limits{.of_link = {.parked_receipts = 3,
                                          .parked_with_one_id = 2,
                                          .unmatched_receipts = 2,
                                          .unmatched_replies = 3,
                                          .reply_parts = 3,
                                          .seen_inbound = 4}});
    }
    void restart()
    {
        store_.reset();
        open();
        links_ = run(store_->open_links({"carrier", "other"}));
    }

    void receive(LinkKey link, const std::string& id)
    {
        clock_.advance(1ms);
        run(store_->add_receipts(link, {{.carrier_id = id,
                                         .code = Code::delivered,
                                         .provisional = false,
                                         .at = clock_.now(),
                                         .source = "61491570110",
                                         .destination = "61491570156"}}));
    }

    Inbound inbound(const std::string& content)
    {
        clock_.advance(1ms);
        Inbound made;
        made.source = "61491570156";
        made.destination = "61491570199";
        made.content = content;
        made.received_at = clock_.now();
        made.fingerprint = base::sha256(content);
        return made;
    }

    // The carrier has it, under this id.
    NewMessage submitted(const std::string& id)
    {
        NewMessage message;
        message.id = ids_.next();
        message.submission.content = "text";
        message.submission.destination = "+61491570156";
        message.submission.source = "+61491570110";
        run(store_->accept(account_, {message}));
        EXPECT_EQ(run(store_->take_due(1)).size(), 1u);
        run(store_->record({{.key = {account_, message.id},
                             .code = Code::submitted,
                             .at = clock_.now(),
                             .link = links_[0],
                             .carrier_ids = {id}}}));
        return message;
    }
    message::Status status_after(const std::string& id)
    {
        return run(store_->find(account_, submitted(id).id)).value().status;
    }

    test::TempFolder folder_;
    test::VirtualClock clock_;
    base::UuidSource ids_{clock_};
    std::optional<SqliteStore> store_;
    AccountKey account_{};
    std::vector<LinkKey> links_;
};

TEST_F(LinkLimitsTest, OfReceiptsThatWaitTheOldestGo)
{
    receive(links_[1], "elsewhere");
    for (const char* id : {"a", "b", "c", "d"}) receive(links_[0], id);
    restart();
    receive(links_[0], "e");
    EXPECT_EQ(run(store_->counts()).dropped_receipts, 1u) << "since the process began";
    for (const char* id : {"a", "b"}) EXPECT_EQ(status_after(id), message::Status::submitted) << id;
    for (const char* id : {"c", "d", "e"}) EXPECT_EQ(status_after(id), message::Status::delivered) << id;
}

TEST_F(LinkLimitsTest, OfReceiptsWithOneIdFewAreKept)
{
    for (int i = 0; i < 5; ++i) receive(links_[0], "x");
    EXPECT_EQ(run(store_->counts()).dropped_receipts, 3u);
    receive(links_[0], "a");
    EXPECT_EQ(status_after("a"), message::Status::delivered);
}

TEST_F(LinkLimitsTest, OfReceiptsThatWereGivenUpTheNewestStay)
{
    for (const char* id : {"a", "b", "c"}) receive(links_[0], id);
    clock_.advance(11min);
    while (run(store_->release(clock_.now()))) {
    }
    EXPECT_EQ(run(store_->counts()).unmatched_receipts, 2u);
    EXPECT_EQ(run(store_->counts()).dropped_receipts, 1u);
    restart();
    EXPECT_EQ(run(store_->counts()).unmatched_receipts, 2u);
}

TEST_F(LinkLimitsTest, OfRepliesToNobodyTheNewestStay)
{
    for (const char* content : {"1", "2", "3", "4", "5"})
        run(store_->add_inbound(links_[0], {inbound(content)}));
    run(store_->add_inbound(links_[1], {inbound("elsewhere")}));
    auto kept = run(store_->unmatched_replies(10));
    ASSERT_EQ(kept.size(), 4u);
    EXPECT_EQ(kept[1].content, "5");
    EXPECT_EQ(kept[3].content, "3");
    EXPECT_EQ(run(store_->counts()).unmatched_replies, 4u);
    EXPECT_EQ(run(store_->counts()).dropped_replies, 2u);
}

TEST_F(LinkLimitsTest, OfPartsTheNewestStay)
{
    for (std::uint16_t reference = 1; reference <= 5; ++reference) {
        Inbound part = inbound(std::to_string(reference));
        part.part = text::PartOf{.reference = reference, .total = 2, .sequence = 1};
        run(store_->add_inbound(links_[0], {part}));
    }
    EXPECT_EQ(run(store_->counts()).dropped_parts, 2u);
    for (std::uint16_t reference : {1, 5}) {
        Inbound part = inbound("last of " + std::to_string(reference));
        part.part = text::PartOf{.reference = reference, .total = 2, .sequence = 2};
        run(store_->add_inbound(links_[0], {part}));
    }
    EXPECT_EQ(run(store_->unmatched_replies(10)).at(0).content, "5last of 5");
}

TEST_F(LinkLimitsTest, WhatWasSeenLongestAgoIsForgotten)
{
    std::vector<Inbound> sent;
    for (const char* content : {"1", "2", "3", "4", "5"}) sent.push_back(inbound(content));
    run(store_->add_inbound(links_[0], sent));
    run(store_->add_inbound(links_[0], {sent[4]}));
    EXPECT_EQ(run(store_->counts()).dropped_replies, 2u) << "it came again and was known";
    run(store_->add_inbound(links_[0], {sent[0]}));
    EXPECT_EQ(run(store_->counts()).dropped_replies, 3u) << "it was forgotten";
}

}  // namespace

}  // namespace tidings::store::sqlite
