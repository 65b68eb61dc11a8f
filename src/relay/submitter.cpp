// SPDX-License-Identifier: Apache-2.0
#include "relay/submitter.hpp"

#include "relay/until_stored.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include <cassert>

namespace tidings::relay {

using message::Code;
using namespace std::chrono_literals;

namespace {

constexpr auto watch_period = 1s;  // how late an expiry, a turn or a slow carrier may be noticed

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

Submitter::Submitter(asio::any_io_executor executor, const LinkParts& parts, const SendPolicy& policy)
    : executor_(std::move(executor)),
      link_(parts.link),
      key_(parts.key),
      dialect_(parts.dialect),
      ids_(parts.ids),
      fitness_(parts.fitness),
      fleet_(parts.fleet),
      ways_(parts.ways),
      store_(parts.store),
      clock_(parts.clock),
      pace_(policy.rate),
      doubt_policy_(policy.in_doubt),
      turns_(policy.retry),
      suspects_(parts.link.options().window)
{
    counted_.link = key_;
    counted_.name = link_.options().name;
}

void Submitter::stop()
{
    stopping_ = true;
    hungry_.close();
    room_.close();
    if (holds() && !marking_) asio::co_spawn(executor_, unmark(), asio::detached);
}

store::LinkStatus Submitter::status() const
{
    store::LinkStatus status = counted_;
    status.binds = link_.binds();
    status.bound = link_.bound();
    status.gave_up = link_.gave_up();
    status.window = link_.window();
    status.in_flight = link_.in_flight();
    status.rate = pace_.rate(clock_.steady());
    waiting_.for_each([&](std::uint64_t token) {
        auto found = sending_.find(number_of(token));
        if (found == sending_.end() || part_of(token) > 0) return;
        base::Time due_since = found->second.message.due_since;
        ++status.waiting;
        status.due_since = std::min(status.due_since.value_or(due_since), due_since);
    });
    return status;
}

std::optional<base::Uuid> Submitter::message_of(std::uint64_t token) const
{
    auto found = sending_.find(number_of(token));
    if (found == sending_.end()) return {};
    return found->second.message.key.id;
}

void Submitter::leave()
{
    left_ = true;
    give_back_waiting();
}

void Submitter::give_up()
{
    room_.close();
    give_back_waiting();
}

std::vector<Begun> Submitter::take_begun()
{
    std::unordered_map<std::uint64_t, std::vector<std::size_t>> left;
    waiting_.for_each([&](std::uint64_t token) { left[number_of(token)].push_back(part_of(token)); });
    std::vector<Begun> begun;
    for (auto& [number, parts] : left) {
        auto found = sending_.find(number);
        if (found == sending_.end() || found->second.accepted == 0) continue;
        Sending& sending = found->second;
        if (parts.size() < sending.unanswered) continue;  // some are in flight or in doubt
        if (sending.in_doubt || sending.worst.verdict >= Verdict::reroute) {
            finish(number);  // whatever becomes of these
            continue;
        }
        for (std::uint64_t token : sending.put_off) parts.push_back(part_of(token));
        begun.push_back({std::move(sending.message), std::move(sending.submits),
                         std::move(sending.carrier_ids), sending.accepted, std::move(parts)});
        suspects_.forget(number);
        sending_.erase(found);
    }
    waiting_.erase_if([this](std::uint64_t token) { return !sending_.contains(number_of(token)); });
    return begun;
}

void Submitter::adopt(std::vector<Begun> begun)
{
    for (Begun& each : begun) {
        std::uint64_t number = ++last_number_;
        Sending& sending = sending_[number];
        sending.message = std::move(each.message);
        sending.submits = std::move(each.submits);
        sending.carrier_ids = std::move(each.carrier_ids);
        sending.accepted = sending.submitted = each.accepted;
        sending.unanswered = each.left.size();
        sending.worst = {Verdict::accepted, Code::submitted};
        for (std::size_t part : each.left) waiting_.add(token_of(number, part));
    }
    room_.notify();
}

bool Submitter::is_done() const
{
    return sending_.empty() && link_.in_flight() == 0 && unrecorded() == 0 && !marking_;
}

bool Submitter::idle() const
{
    bool is_recorded = unrecorded() == 0 && !marking_;
    return link_.in_flight() == 0 && (is_recorded || !store_.writable());
}

// Of what is sent while the store does not write nothing would be known after a crash. So no more is sent
// than was in flight when that was noticed, and no more at all than memory is to hold.
bool Submitter::may_go_on() const
{
    if (in_doubt_ >= in_doubt_max) return false;
    return unrecorded() == 0 || (unrecorded() < unrecorded_max && store_.writable());
}

// Lets a connection run empty for the next one that is to go alone, when it is its turn.
bool Submitter::may_submit_alone()
{
    if (!waiting_.any_alone() || !suspects_.turn_of_alone(waiting_.any())) {
        link_.use_all_legs();
        return false;
    }
    if (link_.has_room_alone()) return may_go_on();
    link_.clear_a_leg();
    return false;
}

// What is taken is out of the store's order, so that it takes no more than it can send soon.
bool Submitter::may_take()
{
    base::Moment now = clock_.steady();
    if (waiting_.any() || pace_.next(now) > now) return false;
    if (waiting_.any_alone())
        return link_.bound() > 0 && may_go_on();  // others follow the one that goes alone
    return may_submit();
}

// A loop apart from run_sending(), which must go on with what is sent again while nothing new is there.
asio::awaitable<void> Submitter::run_taking()
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
asio::awaitable<void> Submitter::mark(std::vector<store::MessageKey> keys)
{
    auto mark = [this, &keys] { return store_.mark(key_, keys); };
    marking_ = true;
    co_await until_stored(clock_, mark);
    marking_ = false;
}

// What was not submitted by the end is simply due at the next start.
asio::awaitable<void> Submitter::unmark()
{
    std::vector<store::MessageKey> keys;
    for (const auto& [_, sending] : sending_)
        if (sending.submitted == 0) keys.push_back(sending.message.key);
    auto unmark = [this, &keys] { return store_.unmark(keys); };
    marking_ = true;
    co_await until_stored(clock_, unmark);
    marking_ = false;
}

asio::awaitable<void> Submitter::run_sending()
{
    while (!stopping_) {
        base::Moment now = clock_.steady();
        base::Moment next = pace_.next(now);
        if (now < next) {
            co_await clock_.wait_until(next);
            continue;
        }
        if (submit_next()) continue;
        if (!waiting_.any()) hungry_.notify();
        co_await room_.wait();
    }
}

// False: nothing may be submitted now.
bool Submitter::submit_next()
{
    if (may_submit_alone()) {
        std::uint64_t token = waiting_.take_alone();
        if (auto* submit = take_submit(token)) {
            suspects_.sent_alone();
            link_.submit_alone(token, *submit);
        }
        return true;
    }
    if (!waiting_.any() || !may_submit()) return false;
    std::uint64_t token = waiting_.take();
    if (auto* submit = take_submit(token)) {
        suspects_.sent();
        link_.submit(token, *submit);
    }
    return true;
}

// Counts it as submitted. nullptr: its message has ended.
const smpp::ShortMessage* Submitter::take_submit(std::uint64_t token)
{
    auto found = sending_.find(number_of(token));
    if (found == sending_.end()) return nullptr;
    ++found->second.submitted;
    ++counted_.submitted;
    pace_.submitted(clock_.steady());
    return &found->second.submits[part_of(token)];
}

asio::awaitable<void> Submitter::run_watching()
{
    while (!stopping_) {
        co_await clock_.wait_until(clock_.steady() + watch_period);
        drop_expired();
        wake_put_off();
        fitness_.look(link_.stalled_since(), clock_.steady());
        look_elsewhere();
    }
}

// Ends what waits here, for the link or for its turn, and has no part at the carrier.
void Submitter::drop_expired()
{
    base::Time now = clock_.now();
    waiting_.erase_if([&](std::uint64_t token) {
        auto found = sending_.find(number_of(token));
        if (found == sending_.end()) return true;
        const Sending& sending = found->second;
        if (sending.submitted > 0 || !is_over(sending.message, now)) return false;
        change(sending.message.key, Code::expired_before_submission);
        sending_.erase(found);
        return true;
    });
    if (!waiting_.any()) hungry_.notify();
}

void Submitter::wake_put_off()
{
    if (waiting_.ripen(clock_.steady())) room_.notify();
}

// What waits for a link that cannot send goes to those that can. What only this link may carry comes back and
// stays, until there are more of them or other routes.
void Submitter::look_elsewhere()
{
    auto since = fitness_.unfit_since();
    bool for_long = since && clock_.steady() - *since >= failover_after;
    auto settings = store_.settings();
    std::size_t others = for_long ? fleet_.fit_others(key_, !settings->routes->empty()) : 0;
    bool new_ways = others > left_to_ || (looked_at_ && looked_at_->routes != settings->routes);
    leaving_ = others > 0 && (leaving_ || new_ways);
    left_to_ = others;
    looked_at_ = std::move(settings);
    if (others > 0 || left_) give_back_waiting();
    if (leaving_) hungry_.notify();
}

// What is not in flight. What has a part at the carrier never changes its way.
void Submitter::give_back_waiting()
{
    std::unordered_map<std::uint64_t, std::size_t> parts;  // of each message that wait
    waiting_.for_each([&parts](std::uint64_t token) { ++parts[number_of(token)]; });
    std::vector<store::MessageKey> keys;
    for (const auto& [number, count] : parts) {
        auto found = sending_.find(number);
        if (found == sending_.end() || count < found->second.unanswered) continue;
        if (found->second.accepted > 0) continue;
        keys.push_back(found->second.message.key);
        suspects_.forget(number);
        sending_.erase(found);
    }
    if (keys.empty()) return;
    waiting_.erase_if([this](std::uint64_t token) { return !sending_.contains(number_of(token)); });
    asio::co_spawn(executor_, put_back(std::move(keys), clock_.now()), asio::detached);
}

void Submitter::begin(store::Outbound message)
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
    for (std::size_t part = 0; part < sending.submits.size(); ++part) waiting_.add(token_of(number, part));
    sending_.emplace(number, std::move(sending));
}

void Submitter::on_answer(const smpp::Answered& answered)
{
    base::Moment now = clock_.steady();
    counted_.responses.add(now - answered.sent);
    if (answered.congestion) pace_.congested(*answered.congestion, answered.sent, now);
    auto found = sending_.find(number_of(answered.token));
    if (found == sending_.end()) return;
    Sending& sending = found->second;
    suspects_.answered(found->first);
    Answer answer = meaning_of(answered.status);
    if (answer.verdict == Verdict::slow_down) {
        ++counted_.throttled;
        pace_.throttled(answered.sent, now);
        --sending.submitted;
        waiting_.add_again(answered.token);
        return room_.notify();
    }
    if (answer.verdict == Verdict::accepted) {
        row_.accepted();
        ++sending.accepted;
        sending.carrier_ids[part_of(answered.token)] =
            ids_.of_response(answered.message_id, sending.message.destination);
    } else {
        ++counted_.refused;
    }
    if (answer.verdict == Verdict::retry || answer.verdict == Verdict::full)
        refused_for_now(answered, sending, answer.verdict);
    if (answer.verdict > sending.worst.verdict) sending.worst = answer;
    if (--sending.unanswered == 0) finish(found->first);
}

// The matter of its message, which makes room for others. A full queue is the matter of the link, too, once
// several destinations in a row got it.
void Submitter::refused_for_now(const smpp::Answered& answered, Sending& sending, Verdict verdict)
{
    sending.put_off.push_back(answered.token);
    sending.blame = row_.refused(sending.message.destination);
    if (verdict == Verdict::retry || sending.blame == RetryTurns::Blame::message) return;
    ++counted_.throttled;
    pace_.throttled(answered.sent, clock_.steady());
}

// All parts have their answer, or it will never be known: what the worst of them says holds for the message.
void Submitter::finish(std::uint64_t number)
{
    auto node = sending_.extract(number);
    Sending& sending = node.mapped();
    suspects_.forget(number);
    if (sending.in_doubt && sending.worst.verdict < Verdict::reroute) {
        change(sending.message.key, Code::held);
        changes_.back().why = std::move(sending.held_for);
        return;
    }
    bool is_put_off = sending.worst.verdict == Verdict::full || sending.worst.verdict == Verdict::retry;
    if (is_put_off) return try_later(number, sending);
    turns_.forget(sending.message.key);
    switch (sending.worst.verdict) {
    case Verdict::accepted:
        return change(sending.message.key, Code::submitted, std::move(sending.carrier_ids));
    case Verdict::reroute:
        if (!sending.in_doubt && sending.accepted == 0) return change(sending.message.key, Code::none);
        [[fallthrough]];  // the handset may have a part of it
    case Verdict::reject:
        base::log_info("link {}: message {} refused with code {}", link_.options().name,
                       sending.message.key.id.text(), static_cast<int>(sending.worst.code));
        return change(sending.message.key, sending.worst.code);
    case Verdict::full:
    case Verdict::retry:
    case Verdict::slow_down: break;
    }
    std::abort();
}

// The store keeps what has no part at the carrier until its turn; it may go another way then. After the last
// attempt it goes another way or ends.
void Submitter::try_later(std::uint64_t number, Sending& sending)
{
    const store::MessageKey key = sending.message.key;
    auto pause = turns_.refused(key, sending.blame);
    if (sending.accepted > 0) {
        auto repeats = [](const auto& each) { return each.second.repeats; };
        bool is_full = std::ranges::count_if(sending_, repeats) >= std::ptrdiff_t{begun_max};
        if (pause && !is_full && !is_over(sending.message, clock_.now()))
            return repeat(number, sending, clock_.steady() + *pause);
        turns_.forget(key);
        return change(key, Code::undeliverable);
    }
    if (!pause) {
        base::log_info("link {}: message {} was refused too often", link_.options().name, key.id.text());
        return change(key, ways_.has_other(sending.message, key_) ? Code::none : Code::undeliverable);
    }
    std::vector<store::MessageKey> keys(1, key);
    asio::co_spawn(executor_, put_back(std::move(keys), clock_.now() + *pause), asio::detached);
}

// Only the parts that were refused.
void Submitter::repeat(std::uint64_t number, Sending& sending, base::Moment at)
{
    sending.unanswered = sending.put_off.size();
    sending.submitted -= sending.put_off.size();
    sending.worst = {Verdict::accepted, Code::submitted};
    for (std::uint64_t token : std::exchange(sending.put_off, {})) waiting_.add_later(token, at);
    sending.repeats = true;
    sending_.emplace(number, std::move(sending));
}

void Submitter::change(const store::MessageKey& key, Code code, std::vector<std::string> carrier_ids)
{
    changes_.push_back({key, code, clock_.now(), key_, std::move(carrier_ids), {}});
    changed_.notify();
}

asio::awaitable<void> Submitter::put_back(std::vector<store::MessageKey> keys, base::Time at)
{
    auto operation = [this, &keys, at] { return store_.put_back(keys, at); };
    std::size_t count = keys.size();
    putting_back_ += count;
    co_await until_stored(clock_, operation);
    putting_back_ -= count;
    room_.notify();
}

asio::awaitable<void> Submitter::run_recording()
{
    for (;;) {
        while (changes_.empty()) co_await changed_.wait();
        recording_ = changes_.size();
        auto record = [this, batch = std::exchange(changes_, {})] { return store_.record(batch); };
        co_await until_stored(clock_, record);
        recording_ = 0;
        room_.notify();
    }
}

std::uint16_t Submitter::next_reference(std::string_view destination)
{
    return references_[std::hash<std::string_view>{}(destination) % references_.size()]++;
}

}  // namespace tidings::relay
