// SPDX-License-Identifier: Apache-2.0
// Links as the relay has them, with a real store and its dispatcher, but with fake carriers and a clock that
// the test moves: days of their lives in milliseconds.
#pragma once

#include "base/uuid_source.hpp"
#include "relay/links.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "support/fake_link.hpp"
#include "support/run.hpp"
#include "support/temp_folder.hpp"
#include "support/virtual_clock.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <boost/asio/detached.hpp>

#include <map>
#include <stdexcept>

namespace tidings::test {

namespace asio = boost::asio;
using namespace std::chrono_literals;

class LinkWorld : public testing::Test {
protected:
    LinkWorld()
    {
        clock.advance(1h);  // the machine has run for a while
        store::Account settings;
        settings.id = "MyAccount";
        settings.default_source = "61491570110";
        settings.unregistered_source = message::UnregisteredSource::allow;
        account = run(store.add_account(settings, store::Credits())).value().key;
        spare_key_ = run(store.open_links({"spare"}))[0];
    }
    ~LinkWorld() override
    {
        store.stop_waiting();
        links.stop_sending();
        // What the store was still doing for the loops posts its end to `io`, which goes before the store
        // does.
        run(store.confirm_reports(account, {}));
    }

    static relay::LinkSettings link(const std::string& name)
    {
        relay::LinkSettings settings;
        settings.loop.name = name;
        return settings;
    }
    void start(std::vector<relay::LinkSettings> settings)
    {
        await(links.start(std::move(settings)));
        asio::co_spawn(io, dispatcher.run(), asio::detached);
        quiesce();
    }

    base::Uuid send(const std::string& content)
    {
        return send(content, [](message::Submission&) {});
    }
    template <class Edit>
    base::Uuid send(const std::string& content, Edit edit)
    {
        store::NewMessage message;
        message.id = ids.next();
        message.submission.content = content;
        message.submission.destination = "+61491570156";
        message.submission.delivery_report = true;
        edit(message.submission);
        base::Uuid id = message.id;
        std::vector<store::NewMessage> messages;
        messages.push_back(std::move(message));
        run(store.accept(account, std::move(messages)));
        quiesce();
        return id;
    }
    message::Status status(base::Uuid id) { return run(store.find(account, id)).value().status; }
    message::Code code(base::Uuid id) { return run(store.trace(id)).value().code; }
    std::string last_step(base::Uuid id) { return run(store.trace(id)).value().steps.back().what; }

    std::vector<std::string> contents(const std::string& name)
    {
        std::vector<std::string> contents;
        for (const FakeCarrier::Submit& submit : carriers[name].submits) contents.push_back(submit.content);
        return contents;
    }
    // The carrier answers its submit number `index`, and the link gets it.
    void accept(const std::string& name, std::size_t index)
    {
        answer(name, index, {relay::Verdict::accepted, message::Code::submitted});
    }
    void answer(const std::string& name, std::size_t index, relay::Meaning meaning)
    {
        FakeCarrier& carrier = carriers[name];
        std::string id = fmt::format("{}-{}", name, index);
        carrier.link->answer(carrier.submits.at(index).token, meaning, std::move(id));
        quiesce();
    }

    // Time passes, at most a second at a time so that every loop sees it, and what is due is released.
    void wait(std::chrono::milliseconds time)
    {
        while (time > 0ms) {
            auto step = std::min<std::chrono::milliseconds>(time, 1s);
            pass(step);
            time -= step;
        }
    }
    // Time passes in one leap, for waits of days.
    void pass(std::chrono::milliseconds time)
    {
        clock.advance(time);
        quiesce();
        while (await(store.release(clock.now()))) {
        }
        quiesce();
    }

    // Until it is over, which may need some looks of loops that look every few milliseconds.
    void finish(const std::shared_ptr<bool>& is_over)
    {
        constexpr int looks_max = 200;
        for (int i = 0; !*is_over && i < looks_max; ++i) pass(10ms);
        EXPECT_TRUE(*is_over);
    }

    // Until everything that follows from what happened has happened: what the loops gave the store is done
    // before what is given to it now, and some rounds of that are longer than any chain of theirs.
    void quiesce()
    {
        constexpr int rounds = 5;
        for (int i = 0; i < rounds; ++i) {
            io.restart();
            io.poll();
            await(store.set_receipt_form(spare_key_, message::IdForm::same));
        }
        io.restart();
        io.poll();
    }

    template <class T>
    T await(asio::awaitable<T> work)
    {
        std::optional<T> value;
        await(detail::keep(std::move(work), value));
        return std::move(*value);
    }
    void await(asio::awaitable<void> work)
    {
        auto over = begin(std::move(work));
        until(*over);
    }
    // In the background; the flag tells when it is over.
    std::shared_ptr<bool> begin(asio::awaitable<void> work)
    {
        auto over = std::make_shared<bool>(false);  // shared with the coroutine's end
        asio::co_spawn(io, std::move(work), [over](std::exception_ptr error) {
            if (error) std::rethrow_exception(error);
            *over = true;
        });
        return over;
    }
    void until(const bool& is_over)
    {
        constexpr int turns_max = 2'000;  // of 10 ms at most: only what hangs takes them all
        io.restart();
        for (int i = 0; !is_over && i < turns_max; ++i) io.run_one_for(10ms);
        if (!is_over) throw std::runtime_error("waited in vain");
    }

    std::unique_ptr<relay::Link> make(const relay::LinkSettings& settings, relay::LinkNeeds needs)
    {
        if (settings.smpp.client.host == "bad") throw std::runtime_error("no such host");
        return std::make_unique<FakeLink>(carriers[settings.loop.name], needs.clock, std::move(needs.events));
    }

    std::map<std::string, FakeCarrier> carriers;  // by the names of links
    TempFolder folder;
    VirtualClock clock;
    base::UuidSource ids{clock};
    store::sqlite::SqliteStore store{folder.path(), folder.path() / "secret.key", clock};
    asio::io_context io;
    relay::Fleet fleet;
    relay::Ways ways{store, fleet, clock};
    relay::Dispatcher dispatcher{store, clock, ways};
    relay::Links links{{&io},
                       fleet,
                       {fleet, ways, store, clock},
                       dispatcher,
                       [this](const relay::LinkSettings& settings, relay::LinkNeeds needs) {
                           return make(settings, std::move(needs));
                       }};
    store::AccountKey account{};

private:
    store::LinkKey spare_key_{};
};

}  // namespace tidings::test
