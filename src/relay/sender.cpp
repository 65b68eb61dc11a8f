// SPDX-License-Identifier: Apache-2.0
#include "relay/sender.hpp"

#include "relay/until_stored.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include <cassert>

namespace tidings::relay {

using message::Code;
using namespace std::chrono_literals;

namespace {

constexpr auto retry_pause = 5s;   // for a number or a moment that does not work now
constexpr auto watch_period = 1s;  // how late an expiry or a slow carrier may be noticed

bool is_over(const store::Outbound& message, base::Time now)
{
    return message.expiry && *message.expiry <= now;
}

std::vector<store::MessageKey> keys_of(const std::vector<store::Outbound>& messages)
{
    std::vector<store::MessageKey> keys;
    for (const store::Outbound& message : messages) keys.push_back(message.key);
    return keys;
}

}  // namespace

Sender::Sender(asio::any_io_executor executor, const LinkParts& parts, Pace pace, DoubtPolicy doubt_policy)
    : executor_(std::move(executor)),
      link_(parts.link),
      key_(parts.key),
      dialect_(parts.dialect),
      ids_(parts.ids),
      fitness_(parts.fitness),
      fleet_(parts.fleet),
      store_(parts.store),
      clock_(parts.clock),
      pace_(pace),
      doubt_policy_(doubt_policy)
{
    counted_.link = key_;
    counted_.name = link_.options().name;
}

void Sender::stop()
{
    stopping_ = true;
    hungry_.close();
    room_.close();
    if (holds() && !marking_) asio::co_spawn(executor_, unmark(), asio::detached);
}

store::LinkStatus Sender::status() const
{
    store::LinkStatus status = counted_;
    status.binds = link_.binds();
    status.bound = link_.bound();
    status.gave_up = link_.gave_up();
    status.window = link_.window();
    status.in_flight = link_.in_flight();
    status.rate = pace_.rate(clock_.steady());
    for (std::uint64_t token : waiting_) {
        auto found = sending_.find(number_of(token));
        if (found == sending_.end() || part_of(token) > 0) continue;
        base::Time due_since = found->second.message.due_since;
        ++status.waiting;
        status.due_since = std::min(status.due_since.value_or(due_since), due_since);
    }
    return status;
}

std::optional<base::Uuid> Sender::message_of(std::uint64_t token) const
{
    auto found = sending_.find(number_of(token));
    if (found == sending_.end()) return {};
    return found->second.message.key.id;
}

void Sender::leave()
{
    left_ = true;
    give_back_waiting(Begun::stays);
}

void Sender::give_up()
{
    room_.close();
    give_back_waiting(Begun::goes);
}

bool Sender::is_done() const { return sending_.empty() && idle() && going_ == 0; }

bool Sender::idle() const { return link_.in_flight() == 0 && changes_.empty() && !recording_ && !marking_; }

bool Sender::may_submit() const { return link_.has_room() && changes_.size() < unrecorded_max; }

// What is taken is out of the store's order, so that it takes no more than it can send soon.
bool Sender::may_take()
{
    base::Moment now = clock_.steady();
    return waiting_.empty() && may_submit() && pace_.next(now) <= now;
}

// A loop apart from run_sending(), which must go on with what is sent again while nothing new is there.
asio::awaitable<void> Sender::run_taking()
{
    co_await asio::this_coro::throw_if_cancelled(false);  // what was taken is not to be dropped
    while (!stopping_ && !left_) {
        if (std::exchange(leaving_, false)) {
            auto leave = [this] { return store_.make_due_again(key_); };
            co_await until_stored(clock_, leave);
            continue;
        }
        if (!may_take()) {
            co_await hungry_.wait();
            continue;
        }
        auto take = [this] { return store_.take_for(key_, pace_.ready_max(clock_.steady(), batch_max)); };
        std::vector<store::Outbound> batch = co_await until_stored(clock_, take);
        std::vector<store::MessageKey> keys = keys_of(batch);
        if (left_) {
            co_await put_back(std::move(keys), clock_.now());
            break;
        }
        if (holds()) co_await mark(std::move(keys));
        for (store::Outbound& message : batch) begin(std::move(message));
        room_.notify();
        if (stopping_ && holds()) co_await unmark();
    }
}

// From now on a crash lets these be held.
asio::awaitable<void> Sender::mark(std::vector<store::MessageKey> keys)
{
    auto mark = [this, &keys] { return store_.mark(key_, keys); };
    marking_ = true;
    co_await until_stored(clock_, mark);
    marking_ = false;
}

// What was not submitted by the end is simply due at the next start.
asio::awaitable<void> Sender::unmark()
{
    std::vector<store::MessageKey> keys;
    for (const auto& [_, sending] : sending_)
        if (sending.submitted == 0) keys.push_back(sending.message.key);
    auto unmark = [this, &keys] { return store_.unmark(keys); };
    marking_ = true;
    co_await until_stored(clock_, unmark);
    marking_ = false;
}

asio::awaitable<void> Sender::run_sending()
{
    while (!stopping_) {
        base::Moment now = clock_.steady();
        base::Moment next = pace_.next(now);
        if (now < next) {
            co_await clock_.wait_until(next);
            continue;
        }
        if (waiting_.empty() || !may_submit()) {
            if (waiting_.empty()) hungry_.notify();
            co_await room_.wait();
            continue;
        }
        std::uint64_t token = waiting_.front();
        waiting_.pop_front();
        auto found = sending_.find(number_of(token));
        if (found == sending_.end()) continue;
        ++found->second.submitted;
        ++counted_.submitted;
        pace_.submitted(now);
        link_.submit(token, found->second.submits[part_of(token)]);
    }
}

asio::awaitable<void> Sender::run_watching()
{
    while (!stopping_) {
        co_await clock_.wait_until(clock_.steady() + watch_period);
        drop_expired();
        fitness_.look(link_.oldest_in_flight(), clock_.steady());
        look_elsewhere();
    }
}

// Ends what waits here, for the link or for its turn, and has no part at the carrier.
void Sender::drop_expired()
{
    base::Time now = clock_.now();
    std::erase_if(waiting_, [&](std::uint64_t token) {
        auto found = sending_.find(number_of(token));
        if (found == sending_.end()) return true;
        const Sending& sending = found->second;
        if (sending.submitted > 0 || !is_over(sending.message, now)) return false;
        change(sending.message.key, Code::expired_before_submission);
        sending_.erase(found);
        return true;
    });
    if (waiting_.empty()) hungry_.notify();
}

// What waits for a link that cannot send goes to those that can. What only this link may carry comes back and
// stays, until there are more of them or other routes.
void Sender::look_elsewhere()
{
    auto since = fitness_.unfit_since();
    bool for_long = since && clock_.steady() - *since >= failover_after;
    auto settings = store_.settings();
    std::size_t others = for_long ? fleet_.fit_others(key_, !settings->routes.empty()) : 0;
    bool new_ways = others > left_to_ || (looked_at_ && looked_at_->routes != settings->routes);
    leaving_ = others > 0 && (leaving_ || new_ways);
    left_to_ = others;
    looked_at_ = std::move(settings);
    if (others > 0 || left_) give_back_waiting(Begun::stays);
    if (leaving_) hungry_.notify();
}

// What is not in flight. Of what is begun the carrier has a part for certain.
void Sender::give_back_waiting(Begun begun)
{
    std::unordered_map<std::uint64_t, std::size_t> parts;  // of each message that wait
    for (std::uint64_t token : waiting_) ++parts[number_of(token)];
    std::vector<store::MessageKey> keys;
    for (const auto& [number, count] : parts) {
        auto found = sending_.find(number);
        if (found == sending_.end() || count < found->second.unanswered) continue;
        bool is_begun = !std::ranges::all_of(found->second.carrier_ids, &std::string::empty);
        if (is_begun && begun == Begun::stays) continue;
        keys.push_back(found->second.message.key);
        sending_.erase(found);
    }
    if (keys.empty()) return;
    std::erase_if(waiting_, [this](std::uint64_t token) { return !sending_.contains(number_of(token)); });
    asio::co_spawn(executor_, put_back(std::move(keys), clock_.now()), asio::detached);
}

void Sender::begin(store::Outbound message)
{
    base::Time now = clock_.now();
    if (is_over(message, now)) return change(message.key, Code::expired_before_submission);
    Sending sending;
    sending.submits = to_submits(dialect_, message, next_reference(message.destination), now);
    sending.message = std::move(message);
    sending.carrier_ids.resize(sending.submits.size());
    sending.unanswered = sending.submits.size();
    sending.worst = {Verdict::accepted, Code::submitted};
    for (const smpp::ShortMessage& submit : sending.submits)
        if (!smpp::encodable(smpp::Command::submit_sm, submit))
            return change(sending.message.key, Code::discarded);

    std::uint64_t number = ++last_number_;
    for (std::size_t part = 0; part < sending.submits.size(); ++part)
        waiting_.push_back(token_of(number, part));
    sending_.emplace(number, std::move(sending));
}

// Where it was: before what was taken after it.
void Sender::wait_again(std::uint64_t token)
{
    auto later = [token](std::uint64_t other) { return other > token; };
    waiting_.insert(std::find_if(waiting_.begin(), waiting_.end(), later), token);
}

void Sender::on_answer(const smpp::Answered& answered)
{
    base::Moment now = clock_.steady();
    counted_.responses.add(now - answered.sent);
    if (answered.congestion) pace_.congested(*answered.congestion, answered.sent, now);
    auto found = sending_.find(number_of(answered.token));
    if (found == sending_.end()) return;
    Sending& sending = found->second;
    Answer answer = meaning_of(answered.status);
    if (answer.verdict == Verdict::slow_down) {
        ++counted_.throttled;
        pace_.throttled(answered.sent, now);
        --sending.submitted;
        wait_again(answered.token);
        return room_.notify();
    }
    if (answer.verdict == Verdict::accepted) {
        sending.carrier_ids[part_of(answered.token)] =
            ids_.of_response(answered.message_id, sending.message.destination);
    } else {
        ++counted_.refused;
    }
    if (answer.verdict > sending.worst.verdict) sending.worst = answer;
    if (--sending.unanswered == 0) finish(found->first);
}

// All parts have their answer, or it will never be known: what the worst of them says holds for the message.
void Sender::finish(std::uint64_t number)
{
    auto node = sending_.extract(number);
    Sending& sending = node.mapped();
    if (sending.in_doubt && sending.worst.verdict < Verdict::reroute)
        return change(sending.message.key, Code::held);
    switch (sending.worst.verdict) {
    case Verdict::accepted:
        return change(sending.message.key, Code::submitted, std::move(sending.carrier_ids));
    case Verdict::reroute:
        if (!sending.in_doubt && std::ranges::all_of(sending.carrier_ids, &std::string::empty))
            return change(sending.message.key, Code::none);
        [[fallthrough]];  // the handset may have a part of it
    case Verdict::reject:
        base::log_info("link {}: message {} refused with code {}", link_.options().name,
                       sending.message.key.id.text(), static_cast<int>(sending.worst.code));
        return change(sending.message.key, sending.worst.code);
    case Verdict::retry: {
        std::vector<store::MessageKey> keys(1, sending.message.key);
        asio::co_spawn(executor_, put_back(std::move(keys), clock_.now() + retry_pause), asio::detached);
        return;
    }
    case Verdict::slow_down: break;
    }
    std::abort();
}

void Sender::change(const store::MessageKey& key, Code code, std::vector<std::string> carrier_ids)
{
    changes_.push_back({key, code, clock_.now(), key_, std::move(carrier_ids)});
    changed_.notify();
}

asio::awaitable<void> Sender::put_back(std::vector<store::MessageKey> keys, base::Time at)
{
    auto operation = [this, &keys, at] { return store_.put_back(keys, at); };
    ++going_;
    co_await until_stored(clock_, operation);
    --going_;
}

asio::awaitable<void> Sender::run_recording()
{
    for (;;) {
        while (changes_.empty()) co_await changed_.wait();
        recording_ = true;
        bool was_full = changes_.size() >= unrecorded_max;
        auto record = [this, batch = std::exchange(changes_, {})] { return store_.record(batch); };
        co_await until_stored(clock_, record);
        recording_ = false;
        if (was_full) room_.notify();
    }
}

void Sender::on_doubt(std::uint64_t token)
{
    ++counted_.doubts;
    doubts_.push_back(token);
    doubted_.notify();
}

asio::awaitable<void> Sender::run_doubts()
{
    for (;;) {
        while (doubts_.empty()) co_await doubted_.wait();
        asio::co_spawn(executor_, resolve(std::exchange(doubts_, {})), asio::detached);
    }
}

// Gives receipts time to tell that these arrived; sends the others again, or has them held.
asio::awaitable<void> Sender::resolve(std::vector<std::uint64_t> tokens)
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
    co_await clock_.wait_until(clock_.steady() + doubt_policy_.wait);

    auto ask = [this, &keys] { return store_.unsettled_doubts(key_, keys); };
    std::vector<store::MessageKey> unsettled = co_await until_stored(clock_, ask);
    for (std::uint64_t token : tokens) {
        const Sending& sending = sending_.at(number_of(token));
        if (sending.submits.size() > 1 ||
            std::ranges::find(unsettled, sending.message.key) != unsettled.end())
            stay_in_doubt(token);
        else
            sending_.erase(number_of(token));
    }
    room_.notify();
}

void Sender::stay_in_doubt(std::uint64_t token)
{
    if (!holds())
        return waiting_.push_back(token);  // behind others: it may be what the carrier stumbles over
    Sending& sending = sending_.at(number_of(token));
    sending.in_doubt = true;
    if (--sending.unanswered == 0) finish(number_of(token));
}

std::uint16_t Sender::next_reference(std::string_view destination)
{
    return references_[std::hash<std::string_view>{}(destination) % references_.size()]++;
}

}  // namespace tidings::relay
