// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/worker.hpp"

#include "support/temp_folder.hpp"
#include "support/virtual_clock.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tidings::store::sqlite {

namespace {

// An item that only stands in line, and the job that brings it.
class TestItem : public rules::Item {
public:
    TestItem(std::string name, std::size_t weight) : name(std::move(name)), weight_(weight) {}
    void first(const rules::Surroundings&, rules::Wants&) override {}
    void decide(rules::Batch&) override {}
    std::size_t weight() const override { return weight_; }

    const std::string name;

private:
    std::size_t weight_;
};

// What is pushed before start() has gathered when the thread begins: it is one commit.
class WriterTest : public testing::Test {
protected:
    class ItemJob : public Job {
    public:
        ItemJob(WriterTest& test, TestItem& item) : test_(test), item_(item) {}
        rules::Item* item() override { return &item_; }
        void run(Connection&) override { ADD_FAILURE() << "an item is carried out"; }
        void finish(std::exception_ptr error) override
        {
            test_.note(error ? "failed " : "done ", item_.name);
        }

    private:
        WriterTest& test_;
        TestItem& item_;
    };
    class PlainJob : public Job {
    public:
        PlainJob(WriterTest& test, std::string name) : test_(test), name_(std::move(name)) {}
        void run(Connection&) override { test_.note("run ", name_); }
        void finish(std::exception_ptr error) override { test_.note(error ? "failed " : "done ", name_); }

    private:
        WriterTest& test_;
        std::string name_;
    };

    void push_item(const std::string& name, std::size_t weight = 1)
    {
        TestItem& item = items_.emplace_back(name, weight);
        writer_->queue().push(std::make_unique<ItemJob>(*this, item));
    }
    void push_job(const std::string& name) { writer_->queue().push(std::make_unique<PlainJob>(*this, name)); }
    // All that happened, in its order.
    std::string happened()
    {
        writer_->start();
        writer_.reset();
        return happened_;
    }
    void note(const std::string& what, const std::string& whom) { happened_ += what + whom + "; "; }

    bool is_disk_full = false;
    std::string comes_meanwhile;  // the name of an item, while the first batch is carried out

private:
    void carry_out(std::span<rules::Item* const> items)
    {
        std::string names;
        for (rules::Item* item : items) names += static_cast<TestItem*>(item)->name;
        note("batch ", names);
        if (!comes_meanwhile.empty()) push_item(std::exchange(comes_meanwhile, {}));
        if (is_disk_full) throw SqliteError(SQLITE_FULL, "the disk is full");
    }

    std::string happened_;
    std::deque<TestItem> items_;
    test::TempFolder folder_;
    test::VirtualClock clock_;
    std::optional<Writer> writer_{
        std::in_place, folder_.path() / "test.db", clock_,
        Writer::Hooks{.carry_out = [this](Connection&, auto items) { carry_out(items); },
                      .reopened = [](Connection&) {},
                      .before_commit = [](Connection&) {},
                      .changed = [](Connection&) {},
                      .probe = [](Connection&) {},
                      .committed = [this] { note("committed", ""); },
                      .rolled_back = [this] { note("rolled back", ""); }}};
};

TEST_F(WriterTest, ItemsThatStandTogetherAreOneBatchAndAllHappensInItsOrder)
{
    push_item("a");
    push_item("b");
    push_job("c");
    push_item("d");
    EXPECT_EQ(happened(), "batch ab; run c; batch d; committed; done a; done b; done c; done d; ");
}

TEST_F(WriterTest, ABatchTakesNoMoreItemsThanItHasRoomFor)
{
    push_item("a", rules::batch_weight_max - 1);
    push_item("b");
    push_item("c");
    EXPECT_EQ(happened(), "batch ab; batch c; committed; done a; done b; done c; ");
}

TEST_F(WriterTest, WhatComesWhileABatchIsCarriedOutIsInTheSameCommit)
{
    comes_meanwhile = "b";
    push_item("a");
    EXPECT_EQ(happened(), "batch a; batch b; committed; done a; done b; ");
}

TEST_F(WriterTest, OfABatchThatFailsNothingHappensAndTheNextCommitBeginsWithoutIt)
{
    is_disk_full = true;
    push_item("a");
    push_job("b");
    EXPECT_EQ(happened(), "batch a; rolled back; failed a; failed b; ");
}

}  // namespace

}  // namespace tidings::store::sqlite
