// SPDX-License-Identifier: Apache-2.0
// What every implementation of the store is tested with. A test is written against store::Store alone; where
// the data lies is the parameter's affair.
#pragma once

#include "base/uuid_source.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "support/run.hpp"
#include "support/temp_folder.hpp"
#include "support/virtual_clock.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace tidings::test {

using namespace std::chrono_literals;
using message::Code;
using message::Status;

struct StoreKind {
    const char* name;
    std::unique_ptr<store::Store> (*open)(const std::filesystem::path& folder, base::Clock& clock);
};

inline std::unique_ptr<store::Store> open_sqlite(const std::filesystem::path& folder, base::Clock& clock)
{
    return std::make_unique<store::sqlite::SqliteStore>(folder, folder / "secret.key", clock);
}

// With so little memory that a handful of messages goes the ways that otherwise thousands go.
inline std::unique_ptr<store::Store> open_small_sqlite(const std::filesystem::path& folder,
                                                       base::Clock& clock)
{
    return std::make_unique<store::sqlite::SqliteStore>(
        folder, folder / "secret.key", clock,
        store::sqlite::Limits{
            .queued = 2, .callbacks = 2, .recent = 0, .sent = 0, .familiar = 0, .opt_outs = 0});
}

inline const StoreKind store_kinds[] = {{"sqlite", &open_sqlite}, {"small_sqlite", &open_small_sqlite}};

inline void PrintTo(const StoreKind& kind, std::ostream* out) { *out << kind.name; }  // by GoogleTest

inline std::string name_of(const testing::TestParamInfo<StoreKind>& info) { return info.param.name; }

using Codes = std::vector<Code>;

class StoreContract : public testing::TestWithParam<StoreKind> {
protected:
    StoreContract()
    {
        open();
        account = add_account("MyAccount");
        link = run(store->open_links({"carrier", "other"}))[0];
    }

    void open() { store = GetParam().open(folder.path(), clock); }
    // What was counted as it changed is what a new process finds.
    void restart()
    {
        store::Store::Counts before = run(store->counts());
        store.reset();
        open();
        store::Store::Counts after = run(store->counts());
        EXPECT_EQ(after.due + after.held, before.due + before.held);  // what was marked is held now
        EXPECT_EQ(after.scheduled, before.scheduled);
        EXPECT_EQ(after.callbacks, before.callbacks);
        EXPECT_EQ(after.dead_letters, before.dead_letters);
        run(store->open_links({"carrier", "other"}));
    }

    store::AccountKey add_account(const std::string& id)
    {
        store::Account account;
        account.id = id;
        account.default_source = "61491570110";
        account.unregistered_source = message::UnregisteredSource::allow;
        return run(store->add_account(account, store::Credits())).value().key;
    }

    store::NewMessage text(const std::string& content)
    {
        store::NewMessage message;
        message.id = ids.next();
        message.submission.content = content;
        message.submission.destination = "+61491570156";
        message.submission.source = "+61491570110";
        message.submission.delivery_report = true;
        return message;
    }

    store::MessageKey key(const store::NewMessage& message) const { return {account, message.id}; }

    void accept(const store::NewMessage& message) { accept(std::vector{message}); }
    void accept(std::vector<store::NewMessage> messages) { run(store->accept(account, std::move(messages))); }

    // A message that the carrier has, under these ids.
    store::NewMessage submit(store::NewMessage message, std::vector<std::string> carrier_ids)
    {
        accept(message);
        EXPECT_EQ(run(store->take_due(1)).size(), 1u);
        submitted(message, std::move(carrier_ids));
        return message;
    }
    void submitted(const store::NewMessage& message, std::vector<std::string> carrier_ids)
    {
        store::Change change{.key = key(message),
                             .code = Code::submitted,
                             .at = clock.now(),
                             .link = link,
                             .carrier_ids = std::move(carrier_ids)};
        run(store->record({change}));
    }
    void record(const store::NewMessage& message, Code code)
    {
        run(store->record(
            {{.key = key(message), .code = code, .at = clock.now(), .link = link, .carrier_ids = {}}}));
    }

    store::Receipt receipt(const std::string& carrier_id, Code code)
    {
        return {.carrier_id = carrier_id,
                .code = code,
                .provisional = false,
                .at = clock.now(),
                .source = "61491570110",
                .destination = "61491570156"};
    }
    void receive(const store::Receipt& receipt) { run(store->add_receipts(link, {receipt})); }
    void receive(const std::string& carrier_id, Code code) { receive(receipt(carrier_id, code)); }

    store::Inbound reply(const std::string& content)
    {
        return {.source = "61491570156",
                .destination = "61491570110",
                .content = content,
                .part = {},
                .received_at = clock.now(),
                .fingerprint = base::sha256(std::to_string(++fingerprints_))};
    }
    void receive(const store::Inbound& inbound) { run(store->add_inbound(link, {inbound})); }

    void wait(std::chrono::milliseconds time)
    {
        clock.advance(time);
        release();
    }
    void release()
    {
        while (run(store->release(clock.now()))) {
        }
    }

    Status status(const store::NewMessage& message)
    {
        return run(store->find(account, message.id)).value().status;
    }
    std::vector<Code> codes()
    {
        std::vector<Code> found;
        for (const auto& report : run(store->reports(account))) found.push_back(report.code);
        return found;
    }
    std::vector<std::string> reply_contents()
    {
        std::vector<std::string> found;
        for (const auto& reply : run(store->replies(account))) found.push_back(reply.content);
        return found;
    }
    // The contents of the next `count` messages, however many calls it takes.
    std::vector<std::string> take_due(std::size_t count)
    {
        return take(count, [this](std::size_t limit) { return store->take_due(limit); });
    }
    std::vector<std::string> take_for(store::LinkKey from, std::size_t count)
    {
        return take(count, [this, from](std::size_t limit) { return store->take_for(from, limit); });
    }
    // Nothing is due: the next message to be taken is one that is accepted now.
    void expect_nothing_due()
    {
        accept(text("the only one"));
        EXPECT_EQ(take_due(1), std::vector<std::string>{"the only one"});
    }

    TempFolder folder;
    VirtualClock clock;
    base::UuidSource ids{clock};
    std::unique_ptr<store::Store> store;
    store::AccountKey account{};
    store::LinkKey link{};

private:
    template <class Take>
    std::vector<std::string> take(std::size_t count, Take take)
    {
        std::vector<std::string> contents;
        while (contents.size() < count)
            for (auto& message : run(take(count - contents.size())))
                contents.push_back(std::move(message.content));
        return contents;
    }

    int fingerprints_ = 0;
};

}  // namespace tidings::test
