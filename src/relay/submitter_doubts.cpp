// SPDX-License-Identifier: Apache-2.0
// What a link does about parts whose answers will not come any more: the carrier may have them or not.
// Receipts get some time to tell; then they are sent again, alone if the carrier may stumble over them, or
// held. The store takes a receipt with an unknown id for the doubtful message of the same numbers, which a
// message of one part becomes "submitted" by; of a long one nobody could say which of its parts that was.
#include "base/spawn.hpp"
#include "relay/submitter.hpp"
#include "relay/until_stored.hpp"

#include <algorithm>

namespace tidings::relay {

using namespace std::chrono_literals;

void Submitter::on_doubt(const Loss& loss)
{
    std::vector<Number> numbers;
    for (Token token : loss.tokens) numbers.push_back(number_of(token));
    std::ranges::sort(numbers);
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    suspects_.lost(numbers, loss.cause);

    counted_.doubts += loss.tokens.size();
    // Counted as unrecorded from here on, so that a store that does not write stops the sending (may_go_on).
    at_store_.doubting += loss.tokens.size();
    doubts_.insert(doubts_.end(), loss.tokens.begin(), loss.tokens.end());
    doubted_.notify();
}

asio::awaitable<void> Submitter::run_doubts()
{
    for (;;) {
        while (doubts_.empty()) co_await doubted_.wait();
        base::spawn(executor_, resolve(std::exchange(doubts_, {})));
    }
}

// Gives receipts time to tell that these arrived; sends the others again, or has them held.
asio::awaitable<void> Submitter::resolve(std::vector<Token> tokens)
{
    base::log_warning("link {}: {} submits in doubt; {} in {} s unless a receipt comes", name_, tokens.size(),
                      holds() ? "held" : "sent again", doubt_policy_.wait / 1s);
    std::vector<store::Doubt> doubts;
    std::vector<store::MessageKey> keys;
    for (Token token : tokens) {
        const Sending& sending = sending_.at(number_of(token));
        doubts.push_back({sending.message.key, sending.message.sender, sending.message.destination});
        if (!sending.is_long()) keys.push_back(sending.message.key);
    }
    auto remember = [this, &doubts] { return store_.add_doubts(key_, doubts); };
    // On disk first: a receipt with the unknown id may come within milliseconds, and after a crash, too.
    co_await until_stored(clock_, remember);
    at_store_.doubting -= tokens.size();
    in_doubt_ += tokens.size();
    room_.notify();
    co_await clock_.wait_until(clock_.steady() + doubt_policy_.wait);

    auto ask = [this, &keys] { return store_.open_doubts(key_, keys); };
    std::vector<store::MessageKey> open = co_await until_stored(clock_, ask);
    in_doubt_ -= tokens.size();
    for (Token token : tokens) resolved(token, open);
    room_.notify();
}

void Submitter::resolved(Token token, const std::vector<store::MessageKey>& open)
{
    Number number = number_of(token);
    auto found = sending_.find(number);
    if (found == sending_.end()) return;  // it was held for another part
    const Sending& sending = found->second;
    bool is_open = std::ranges::find(open, sending.message.key) != open.end();
    if (sending.is_long() || is_open) return stay_in_doubt(token);
    suspects_.forget(number);
    forget(number);
}

void Submitter::stay_in_doubt(Token token)
{
    Number number = number_of(token);
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

// The message is what the carrier stumbles over. It is held, and none of its parts that still wait is sent.
void Submitter::blame(Number number)
{
    Sending& sending = sending_.at(number);
    sending.held_for =
        fmt::format("carrier {} closed its connection or did not answer, {} times, for it alone", name_,
                    Suspects::alone_max);
    base::log_error("link {}: message {} is held: {}", name_, sending.message.key.id.text(),
                    sending.held_for);
    sending.unanswered -= waiting_.erase_if([number](Token token) { return number_of(token) == number; });
}

}  // namespace tidings::relay
