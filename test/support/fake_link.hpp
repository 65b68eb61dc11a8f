// SPDX-License-Identifier: Apache-2.0
// A link without a protocol, and the carrier behind it: what the loop submits stands in a list, and what the
// carrier does is what the test says. All on the thread of the test.
#pragma once

#include "base/clock.hpp"
#include "base/wakeup.hpp"
#include "relay/link.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace tidings::test {

class FakeLink;

// The other side of all links of one name, one after the other.
struct FakeCarrier {
    struct Submit {
        relay::Token token = 0;
        std::string content;  // of the message
        std::size_t part = 0;
        std::uint64_t reference = 0;  // the same for all parts of a message, whichever link sends them
        bool alone = false;
    };
    std::vector<Submit> submits;
    std::vector<relay::Stored> acknowledged;  // of what it delivered
    FakeLink* link = nullptr;                 // the present one
    bool is_reachable = true;
    std::size_t window = 10;
};

class FakeLink : public relay::Link {
public:
    static constexpr std::size_t part_size = 100;  // octets of a message's content

    FakeLink(FakeCarrier& carrier, base::Clock& clock, relay::LinkEvents events)
        : carrier_(carrier), clock_(clock), events_(std::move(events))
    {
        carrier_.link = this;
    }

    // ---- for the test

    void come_up()
    {
        is_up_ = true;
        events_.on_up(1);
        events_.on_room();
    }
    void go_down(relay::LossCause cause = relay::LossCause::closed)
    {
        is_up_ = false;
        events_.on_up(0);
        lose(cause);
    }
    void give_up()  // the carrier refuses us
    {
        gave_up_ = true;
        go_down();
        ended_.notify();
    }
    void answer(relay::Token token, relay::Meaning meaning, std::string carrier_id = {})
    {
        auto sent = in_flight_.extract(token);
        is_alone_ = false;
        bool is_accepted = meaning.verdict == relay::Verdict::accepted;
        relay::Answer answer{meaning, std::move(carrier_id), is_accepted ? "" : "BUSY", sent.mapped(), {}};
        events_.on_answer(token, answer);
        events_.on_room();
    }
    void deliver(relay::Delivered delivered)
    {
        events_.on_delivered(std::move(delivered), relay::Acknowledge(*this, {}));
    }
    bool is_in_flight(relay::Token token) const { return in_flight_.contains(token); }

    // ---- for the loop

    boost::asio::awaitable<void> run() override
    {
        if (carrier_.is_reachable) come_up();
        co_await ended_.wait();
    }
    void stop() override
    {
        is_up_ = false;
        lose(relay::LossCause::closed);
        ended_.notify();
    }

    base::Result<std::size_t, message::Code> prepare(relay::Number number,
                                                     const store::Outbound& message) override
    {
        if (message.content == "unsendable") return message::Code::discarded;
        prepared_[number].content = message.content;
        prepared_[number].reference = message.taken ? message.taken->reference : ++last_reference_;
        return 1 + message.content.size() / part_size;
    }
    std::uint16_t reference_of(relay::Number number) const override
    {
        return static_cast<std::uint16_t>(prepared_.at(number).reference);
    }
    void forget(relay::Number number) override { prepared_.erase(number); }
    std::unique_ptr<relay::Prepared> release(relay::Number number) override
    {
        auto node = prepared_.extract(number);
        return std::make_unique<Parts>(std::move(node.mapped()));
    }
    bool adopt(relay::Number number, std::unique_ptr<relay::Prepared> prepared) override
    {
        prepared_[number] = std::move(dynamic_cast<Parts&>(*prepared));
        return true;
    }

    bool has_room() const override { return is_up_ && !is_alone_ && in_flight_.size() < carrier_.window; }
    void submit(relay::Token token) override { submit(token, false); }
    bool has_room_alone() const override { return is_up_ && in_flight_.empty(); }
    void submit_alone(relay::Token token) override
    {
        is_alone_ = true;
        submit(token, true);
    }
    void clear_a_place() override {}
    void use_all() override {}

    relay::LinkLoad load() const override
    {
        relay::LinkLoad load;
        load.places = 1;
        load.up = is_up_ ? 1 : 0;
        load.stopped_by = gave_up_ ? "NO" : "";
        load.window = carrier_.window;
        load.in_flight = in_flight_.size();
        for (const auto& [_, sent] : in_flight_) load.oldest = std::min(load.oldest.value_or(sent), sent);
        return load;
    }
    bool acknowledge(const Ticket&, relay::Stored stored) override
    {
        carrier_.acknowledged.push_back(stored);
        return true;
    }

private:
    struct Parts : relay::Prepared {
        std::string content;
        std::uint64_t reference = 0;
    };

    void submit(relay::Token token, bool alone)
    {
        const Parts& parts = prepared_.at(relay::number_of(token));
        in_flight_[token] = clock_.steady();
        carrier_.submits.push_back({token, parts.content, relay::part_of(token), parts.reference, alone});
    }
    void lose(relay::LossCause cause)
    {
        std::vector<relay::Token> tokens;
        for (const auto& [token, _] : std::exchange(in_flight_, {})) tokens.push_back(token);
        is_alone_ = false;
        if (!tokens.empty()) events_.on_doubt({cause, tokens});
    }

    inline static std::uint64_t last_reference_ = 0;

    FakeCarrier& carrier_;
    base::Clock& clock_;
    relay::LinkEvents events_;
    std::map<relay::Number, Parts> prepared_;
    std::map<relay::Token, base::Moment> in_flight_;
    base::Wakeup ended_;
    bool is_up_ = false;
    bool is_alone_ = false;
    bool gave_up_ = false;
};

}  // namespace tidings::test
