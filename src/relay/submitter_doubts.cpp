// SPDX-License-Identifier: Apache-2.0
// What a link does about submits whose answers will not come any more: the carrier may have them or not.
// Receipts get some time to tell; then they are sent again, alone if the carrier may stumble over them, or
// held.
#include "relay/submitter.hpp"
#include "relay/until_stored.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>

namespace tidings::relay {

using namespace std::chrono_literals;

namespace {

Suspects::Cause cause_of(smpp::Lost::Cause cause)
{
    switch (cause) {
    case smpp::Lost::Cause::closed: return Suspects::Cause::closed;
    case smpp::Lost::Cause::silent: return Suspects::Cause::silent;
    case smpp::Lost::Cause::unanswered: return Suspects::Cause::unanswered;
    }
    std::abort();
}

}  // namespace

void Submitter::on_lost(const smpp::Lost& lost)
{
    std::vector<std::uint64_t> numbers;
    for (std::uint64_t token : lost.tokens) numbers.push_back(number_of(token));
    std::ranges::sort(numbers);
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    suspects_.lost(numbers, cause_of(lost.cause));

    counted_.doubts += lost.tokens.size();
    doubting_ += lost.tokens.size();
    doubts_.insert(doubts_.end(), lost.tokens.begin(), lost.tokens.end());
    doubted_.notify();
}

asio::awaitable<void> Submitter::run_doubts()
{
    for (;;) {
        while (doubts_.empty()) co_await doubted_.wait();
        asio::co_spawn(executor_, resolve(std::exchange(doubts_, {})), asio::detached);
    }
}

// Gives receipts time to tell that these arrived; sends the others again, or has them held.
asio::awaitable<void> Submitter::resolve(std::vector<std::uint64_t> tokens)
{
    base::log_warning("link {}: {} submits in doubt; {} in {} s unless a receipt comes", link_.options().name,
                      tokens.size(), holds() ? "held" : "sent again", doubt_policy_.wait / 1s);
    std::vector<store::Doubt> doubts;
    std::vector<store::MessageKey> keys;
    for (std::uint64_t token : tokens) {
        const Sending& sending = sending_.at(number_of(token));
        doubts.push_back({sending.message.key, sending.message.sender, sending.message.destination});
        if (sending.submits.size() == 1) keys.push_back(sending.message.key);
    }
    auto remember = [this, &doubts] { return store_.add_doubts(key_, doubts); };
    co_await until_stored(clock_, remember);
    doubting_ -= tokens.size();
    in_doubt_ += tokens.size();
    room_.notify();
    co_await clock_.wait_until(clock_.steady() + doubt_policy_.wait);

    auto ask = [this, &keys] { return store_.unsettled_doubts(key_, keys); };
    std::vector<store::MessageKey> unsettled = co_await until_stored(clock_, ask);
    in_doubt_ -= tokens.size();
    for (std::uint64_t token : tokens) {
        auto found = sending_.find(number_of(token));
        if (found == sending_.end()) continue;  // it was held for another part
        const Sending& sending = found->second;
        if (sending.submits.size() > 1 ||
            std::ranges::find(unsettled, sending.message.key) != unsettled.end()) {
            stay_in_doubt(token);
        } else {
            suspects_.forget(found->first);
            sending_.erase(found);
        }
    }
    room_.notify();
}

void Submitter::stay_in_doubt(std::uint64_t token)
{
    std::uint64_t number = number_of(token);
    Sending& sending = sending_.at(number);
    bool is_to_blame = !sending.held_for.empty() || suspects_.is_to_blame(number);
    if (!holds() && !is_to_blame) {
        if (suspects_.goes_alone(number)) return waiting_.add_alone(token);
        return waiting_.add(token);  // behind others: it may be what the carrier stumbles over
    }
    sending.in_doubt = true;
    --sending.unanswered;
    if (is_to_blame && sending.held_for.empty()) blame(number);
    if (sending.unanswered == 0) finish(number);
}

// Nothing more of it is sent.
void Submitter::blame(std::uint64_t number)
{
    Sending& sending = sending_.at(number);
    sending.held_for =
        fmt::format("carrier {} closed its connection or did not answer, {} times, for it alone",
                    link_.options().name, Suspects::alone_max);
    base::log_error("link {}: message {} is held: {}", link_.options().name, sending.message.key.id.text(),
                    sending.held_for);
    sending.unanswered -=
        waiting_.erase_if([number](std::uint64_t token) { return number_of(token) == number; });
}

}  // namespace tidings::relay
