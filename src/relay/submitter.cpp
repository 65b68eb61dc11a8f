// SPDX-License-Identifier: Apache-2.0
#include "relay/submitter.hpp"

#include "base/spawn.hpp"
#include "relay/until_stored.hpp"

#include <boost/asio/this_coro.hpp>

namespace tidings::relay {

using message::Code;
using namespace std::chrono_literals;

namespace {

constexpr auto watch_period = 1s;  // how late an expiry, a turn or a slow carrier may be noticed

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
      name_(parts.name),
      life_(parts.life),
      fitness_(parts.fitness),
      fleet_(parts.fleet),
      ways_(parts.ways),
      store_(parts.store),
      clock_(parts.clock),
      pace_(policy.rate),
      doubt_policy_(policy.in_doubt),
      turns_(policy.retry),
      suspects_(policy.others_between),
      strain_(policy.overflow_after),
      overflow_after_(policy.overflow_after)
{
    counted_.link = key_;
    counted_.name = name_;
}

void Submitter::stop()
{
    for (auto& [number, sending] : sending_) store_taken(number, sending);
    hungry_.close();
    room_.close();
    // Marks that are being made are taken back by take_batch() once they are made.
    if (holds() && at_store_.marking == 0) base::spawn(executor_, unmark());
}

store::LinkStatus Submitter::status() const
{
    store::LinkStatus status = counted_;
    LinkLoad load = link_.load();
    status.binds = load.places;
    status.bound = load.up;
    status.gave_up = !load.stopped_by.empty();
    status.stopped_by = std::move(load.stopped_by);
    status.window = load.window;
    status.in_flight = load.in_flight;
    status.rate = pace_.rate(clock_.steady());
    waiting_.for_each([&](Token token) {
        auto found = sending_.find(number_of(token));
        if (found == sending_.end() || part_of(token) > 0) return;
        base::Time due_since = found->second.message.due_since;
        ++status.waiting;
        status.due_since = std::min(status.due_since.value_or(due_since), due_since);
    });
    return status;
}

void Submitter::stop_taking() { give_back_waiting(); }

void Submitter::give_up()
{
    room_.close();
    give_back_waiting();
}

// Takes out the messages of which the carrier has some parts and the others wait here. A message with a part
// in flight or in doubt is not among them: it stays until its answer, or the operator, has decided.
std::vector<Begun> Submitter::take_begun()
{
    std::unordered_map<Number, std::vector<std::size_t>> left;
    waiting_.for_each([&](Token token) { left[number_of(token)].push_back(part_of(token)); });
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
        for (Token token : sending.put_off) parts.push_back(part_of(token));
        begun.push_back({std::move(sending.message), link_.release(number), std::move(sending.carrier_ids),
                         std::move(sending.is_taken), sending.accepted, std::move(parts)});
        suspects_.forget(number);
        sending_.erase(found);
    }
    waiting_.erase_if([this](Token token) { return !sending_.contains(number_of(token)); });
    return begun;
}

// What another kind of link began cannot go on here. The handset may get its parts twice.
void Submitter::adopt(std::vector<Begun> begun)
{
    std::vector<store::MessageKey> foreign;
    for (Begun& each : begun) {
        Number number = ++last_number_;
        if (!link_.adopt(number, std::move(each.prepared))) {
            foreign.push_back(each.message.key);
            continue;
        }
        Sending& sending = sending_[number];
        sending.message = std::move(each.message);
        sending.carrier_ids = std::move(each.carrier_ids);
        sending.is_taken = std::move(each.is_taken);
        // What the carrier accepted counts as submitted here, so that drop_expired() leaves its other parts
        // alone.
        sending.accepted = sending.submitted = each.accepted;
        sending.unanswered = each.left.size();
        sending.worst = {Verdict::accepted, Code::submitted};
        for (std::size_t part : each.left) waiting_.add(token_of(number, part));
    }
    if (!foreign.empty()) put_back_later(std::move(foreign), clock_.now());
    room_.notify();
}

bool Submitter::is_done() const
{
    return sending_.empty() && link_.load().in_flight == 0 && unrecorded() == 0 && at_store_.marking == 0;
}

bool Submitter::idle() const
{
    // A store that does not write is not waited for: its messages are due, or marked, on disk.
    bool is_recorded = unrecorded() == 0 && at_store_.marking == 0;
    return link_.load().in_flight == 0 && (is_recorded || !store_.writable());
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
        if (std::exchange(is_clearing_, false)) link_.use_all();
        return false;
    }
    if (link_.has_room_alone()) return may_go_on();
    link_.clear_a_place();
    is_clearing_ = true;
    return false;
}

// What is taken is out of the store's order, so that it takes no more than it can send soon.
bool Submitter::may_take()
{
    base::Moment now = clock_.steady();
    if (waiting_.any() || pace_.next(now) > now) return false;
    if (waiting_.any_alone())
        return link_.load().up > 0 && may_go_on();  // others follow the one that goes alone
    return may_submit();
}

// A loop apart from run_sending(), which must go on with what is sent again while nothing new is there.
asio::awaitable<void> Submitter::run_taking()
{
    co_await asio::this_coro::throw_if_cancelled(false);  // what was taken is not to be dropped
    while (takes(life_.state())) {
        if (failover_.take_order())
            co_await leave_queue();
        else if (may_take())
            co_await take_batch();
        else
            co_await hungry_.wait();
    }
}

// Not beside a take_for() of the same queue, which is why it stands in the loop that takes.
asio::awaitable<void> Submitter::leave_queue()
{
    auto leave = [this] { return store_.make_due_again(key_); };
    co_await until_stored(clock_, leave);
}

// The state may change while the store gives: what is taken then goes back, or stays on disk as due.
asio::awaitable<void> Submitter::take_batch()
{
    auto take = [this] { return store_.take_for(key_, pace_.ready_max(clock_.steady(), batch_max)); };
    std::vector<store::Outbound> batch = co_await until_stored(clock_, take);
    std::vector<store::MessageKey> keys = keys_of(batch);
    if (gives_back(life_.state())) co_return co_await put_back(std::move(keys), clock_.now());
    // On disk before the first part leaves. A crash between the two holds messages that never left, which the
    // operator sees and releases; in the other order it would send some of them twice, unseen.
    if (holds()) co_await mark(std::move(keys));
    for (store::Outbound& message : batch) begin(std::move(message));
    room_.notify();
    if (is_ending(life_.state()) && holds()) co_await unmark();
}

// Once this returns a crash leaves these messages held, and not due.
asio::awaitable<void> Submitter::mark(std::vector<store::MessageKey> keys)
{
    auto mark = [this, &keys] { return store_.mark(key_, keys); };
    ++at_store_.marking;
    co_await until_stored(clock_, mark);
    --at_store_.marking;
}

// What was not submitted by the end is simply due at the next start.
asio::awaitable<void> Submitter::unmark()
{
    std::vector<store::MessageKey> keys;
    for (const auto& [_, sending] : sending_)
        if (sending.submitted == 0) keys.push_back(sending.message.key);
    auto unmark = [this, &keys] { return store_.unmark(keys); };
    ++at_store_.marking;
    co_await until_stored(clock_, unmark);
    --at_store_.marking;
}

asio::awaitable<void> Submitter::run_sending()
{
    while (!is_ending(life_.state())) {
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
        Token token = waiting_.take_alone();
        if (count_submit(token)) {
            suspects_.sent_alone();
            is_clearing_ = false;
            link_.submit_alone(token);
        }
        return true;
    }
    if (!waiting_.any() || !may_submit()) return false;
    Token token = waiting_.take();
    if (count_submit(token)) {
        suspects_.sent();
        link_.submit(token);
    }
    return true;
}

// False: its message has ended.
bool Submitter::count_submit(Token token)
{
    auto found = sending_.find(number_of(token));
    if (found == sending_.end()) return false;
    ++found->second.submitted;
    ++counted_.submitted;
    pace_.submitted(clock_.steady());
    return true;
}

asio::awaitable<void> Submitter::run_watching()
{
    while (!is_ending(life_.state())) {
        co_await clock_.wait_until(clock_.steady() + watch_period);
        drop_expired();
        wake_put_off();
        // Before look_elsewhere(), which asks for what this finds.
        fitness_.look(link_.load().oldest, clock_.steady());
        look_elsewhere();
    }
}

// Ends what waits here, for the link or for its turn, and has no part at the carrier.
void Submitter::drop_expired()
{
    base::Time now = clock_.now();
    waiting_.erase_if([&](Token token) {
        auto found = sending_.find(number_of(token));
        if (found == sending_.end()) return true;
        const Sending& sending = found->second;
        if (sending.submitted > 0 || !is_over(sending.message, now)) return false;
        change(sending.message.key, Code::expired_before_submission);
        forget(found->first);
        return true;
    });
    if (!waiting_.any()) hungry_.notify();
}

void Submitter::wake_put_off()
{
    if (waiting_.ripen(clock_.steady())) room_.notify();
}

// What waits for a link that cannot send goes to those that can.
void Submitter::look_elsewhere()
{
    auto since = fitness_.unfit_since();
    bool for_long = since && clock_.steady() - *since >= failover_after;
    auto routes = store_.settings()->routes;
    std::size_t others = for_long ? fleet_.fit_others(key_, !routes->empty()) : 0;
    failover_.look(others, std::move(routes));
    if (failover_.gives_back() || gives_back(life_.state())) give_back_waiting();
    share_strain();
    if (failover_.empties_queue()) hungry_.notify();
}

// What waits for a link under strain becomes due again, from time to time: then half of it takes the next
// way.
void Submitter::share_strain()
{
    tell_strain();
    base::Moment now = clock_.steady();
    if (!fitness_.is_strained() || now - shared_at_ < overflow_after_) return;
    if (fleet_.calm_others(key_, !store_.settings()->routes->empty()) == 0) return;
    shared_at_ = now;
    give_back_waiting();
    failover_.order();
}

void Submitter::tell_strain()
{
    auto word = strain_.word();
    if (word.has_value() == fitness_.is_strained() && word.value_or("") == fitness_.strain()) return;
    if (word && !fitness_.is_strained())
        base::log_warning("link {}: its carrier keeps answering {}; it shares with others", name_, *word);
    fitness_.strained(word);
}

// Gives back to the store what waits here and has nothing in flight. A message of which the carrier has a
// part never changes its way.
void Submitter::give_back_waiting()
{
    std::unordered_map<Number, std::size_t> parts;  // of each message that wait
    waiting_.for_each([&parts](Token token) { ++parts[number_of(token)]; });
    std::vector<store::MessageKey> keys;
    for (const auto& [number, count] : parts) {
        auto found = sending_.find(number);
        if (found == sending_.end() || count < found->second.unanswered) continue;
        // The handset joins parts by their reference, which no other link would give to the rest of them.
        if (found->second.accepted > 0) continue;
        keys.push_back(found->second.message.key);
        suspects_.forget(number);
        forget(number);
    }
    if (keys.empty()) return;
    waiting_.erase_if([this](Token token) { return !sending_.contains(number_of(token)); });
    put_back_later(std::move(keys), clock_.now());
}

void Submitter::begin(store::Outbound message)
{
    if (message.taken && message.taken->link != key_) message.taken.reset();
    if (is_over(message, clock_.now()))
        return change(message.key, message.taken ? Code::undeliverable : Code::expired_before_submission);
    Number number = ++last_number_;
    // Cut once, and kept until the last answer: a part that is sent again must be the same to the octet,
    // reference included, for the handset to join it with the others.
    auto parts = link_.prepare(number, message);
    if (!parts) return change(message.key, parts.error());
    Sending& sending = sending_[number];
    sending.message = std::move(message);
    sending.carrier_ids.resize(*parts);
    sending.is_taken.resize(*parts);
    sending.unanswered = *parts;
    sending.worst = {Verdict::accepted, Code::submitted};
    auto taken = std::exchange(sending.message.taken, {});
    if (taken && taken->carrier_ids.size() == *parts) return go_on_with(number, sending, *taken);
    for (std::size_t part = 0; part < *parts; ++part) waiting_.add(token_of(number, part));
}

// With the parts that the carrier did not take. If it took all, and the record of that was lost, nothing is
// left.
void Submitter::go_on_with(Number number, Sending& sending, const store::PartsTaken& taken)
{
    for (std::size_t part = 0; part < taken.carrier_ids.size(); ++part) {
        if (!taken.carrier_ids[part]) {
            waiting_.add(token_of(number, part));
            continue;
        }
        sending.carrier_ids[part] = *taken.carrier_ids[part];
        sending.is_taken[part] = true;
        ++sending.accepted;
        ++sending.submitted;
        --sending.unanswered;
    }
    sending.stored = sending.accepted;
    if (sending.unanswered == 0) finish(number);
}

// So that a restart goes on with the other parts.
void Submitter::store_taken(Number number, Sending& sending)
{
    if (sending.accepted == sending.stored || sending.unanswered == 0) return;
    sending.stored = sending.accepted;
    store::PartsTaken taken{key_, link_.reference_of(number), {}};
    for (std::size_t part = 0; part < sending.carrier_ids.size(); ++part) {
        auto& id = taken.carrier_ids.emplace_back();
        if (sending.is_taken[part]) id = sending.carrier_ids[part];
    }
    change(sending.message.key, Code::none);
    changes_.back().taken = std::move(taken);
}

void Submitter::forget(Number number)
{
    sending_.erase(number);
    link_.forget(number);
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
    at_store_.putting_back += count;
    co_await until_stored(clock_, operation);
    at_store_.putting_back -= count;
    room_.notify();
}

void Submitter::put_back_later(std::vector<store::MessageKey> keys, base::Time at)
{
    base::spawn(executor_, put_back(std::move(keys), at));
}

// What gathers while one batch is being committed goes with the next: the slower the disk, the larger the
// batches.
asio::awaitable<void> Submitter::run_recording()
{
    for (;;) {
        while (changes_.empty()) co_await changed_.wait();
        at_store_.recording = changes_.size();
        auto record = [this, batch = std::exchange(changes_, {})] { return store_.record(batch); };
        co_await until_stored(clock_, record);
        at_store_.recording = 0;
        room_.notify();
    }
}

}  // namespace tidings::relay
