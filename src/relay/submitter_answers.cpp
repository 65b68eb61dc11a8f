// SPDX-License-Identifier: Apache-2.0
// What a link makes of its carrier's answers. Each part of a message is answered by itself; once all are, the
// worst answer holds for the message:
//
//     accepted   it is submitted, under the ids of its parts
//     slow down  the part goes again at once, in its place; the link's pace is halved (pace.hpp)
//     full,      the message waits its turn (retry_turns.hpp): in the store, or here when the carrier has a
//     retry      part of it, since the others must follow on this link with the same reference
//     reroute    another link may take it, unless the handset may have a part of it
//     reject     it ends
#include "relay/submitter.hpp"

#include "base/log.hpp"

#include <algorithm>
#include <cassert>

namespace tidings::relay {

using message::Code;

void Submitter::on_answer(Token token, Answer& answer)
{
    base::Moment now = clock_.steady();
    counted_.responses.add(now - answer.sent);
    if (answer.congestion) pace_.congested(*answer.congestion, answer.sent, now);
    auto found = sending_.find(number_of(token));
    if (found == sending_.end()) return;
    Sending& sending = found->second;
    // Any answer counts, a refusal too: what is answered is not what the carrier stumbles over.
    suspects_.answered(found->first);
    const Meaning& meaning = answer.meaning;
    if (meaning.verdict == Verdict::slow_down) {
        ++counted_.throttled;
        pace_.throttled(answer.sent, now);
        strain_.refused(Strain::Kind::throttles, answer.word, now);
        // It counts as never sent, since the carrier did not take it: if nothing else of the message was, it
        // may expire.
        --sending.submitted;
        waiting_.add_again(token);
        if (sending.is_long()) store_taken(found->first, sending);
        return room_.notify();
    }
    if (meaning.verdict == Verdict::accepted) {
        row_.accepted();
        strain_.accepted(now);
        ++sending.accepted;
        sending.carrier_ids[part_of(token)] = std::move(answer.carrier_id);
        sending.is_taken[part_of(token)] = true;
    } else {
        ++counted_.refused;
    }
    if (meaning.verdict == Verdict::retry || meaning.verdict == Verdict::full)
        refused_for_now(token, sending, answer);
    if (meaning.verdict > sending.worst.verdict) sending.worst = meaning;
    if (--sending.unanswered == 0) return finish(found->first);
    if (is_ending(life_.state()) || sending.stored > 0) store_taken(found->first, sending);
}

// A refusal for now concerns its message, which waits and makes room for others. That the carrier's queue is
// full concerns the link as well, once several destinations in a row got that answer.
void Submitter::refused_for_now(Token token, Sending& sending, const Answer& answer)
{
    strain_.refused(Strain::Kind::refuses, answer.word, clock_.steady());
    sending.put_off.push_back(token);
    sending.blame = row_.refused(sending.message.destination);
    if (answer.meaning.verdict == Verdict::retry || sending.blame == RetryTurns::Blame::message) return;
    ++counted_.throttled;
    pace_.throttled(answer.sent, clock_.steady());
}

// All parts have their answer, or it will never be known: what the worst of them says holds for the message.
void Submitter::finish(Number number)
{
    Sending& sending = sending_.at(number);
    suspects_.forget(number);
    const Verdict worst = sending.worst.verdict;
    if (sending.in_doubt && worst < Verdict::reroute) {
        change(sending.message.key, Code::held);
        changes_.back().why = std::move(sending.held_for);
    } else if (worst == Verdict::full || worst == Verdict::retry) {
        if (try_later(number, sending)) return;
    } else {
        turns_.forget(sending.message.key);
        conclude(sending);
    }
    forget(number);
}

void Submitter::conclude(Sending& sending)
{
    const Meaning& worst = sending.worst;
    if (worst.verdict == Verdict::accepted)
        return change(sending.message.key, Code::submitted, std::move(sending.carrier_ids));
    assert(worst.verdict == Verdict::reroute || worst.verdict == Verdict::reject);
    // Another link may have it only if the handset surely has no part of it yet.
    bool is_untouched = !sending.in_doubt && sending.accepted == 0;
    if (worst.verdict == Verdict::reroute && is_untouched) return change(sending.message.key, Code::none);
    base::log_info("link {}: message {} refused with code {}", name_, sending.message.key.id.text(),
                   static_cast<int>(worst.code));
    change(sending.message.key, worst.code);
}

// True: it stays here until its turn. Else the store keeps it, since it has no part at the carrier and may go
// another way then. After the last attempt it goes another way or ends.
bool Submitter::try_later(Number number, Sending& sending)
{
    const store::MessageKey& key = sending.message.key;
    auto pause = turns_.refused(key, sending.blame);
    if (sending.accepted > 0) return try_later_here(number, sending, pause);
    if (pause) {
        put_back_later({key}, clock_.now() + *pause);
        return false;
    }
    base::log_info("link {}: message {} was refused too often", name_, key.id.text());
    change(key, ways_.has_other(sending.message, key_) ? Code::none : Code::undeliverable);
    return false;
}

bool Submitter::try_later_here(Number number, Sending& sending,
                               std::optional<std::chrono::milliseconds> pause)
{
    auto repeats = [number](const auto& each) { return each.second.repeats && each.first != number; };
    // Those that repeat stay in memory for up to an hour, which is why so many of them may be here at most.
    bool is_full = std::ranges::count_if(sending_, repeats) >= std::ptrdiff_t{begun_max};
    if (pause && !is_full && !is_over(sending.message, clock_.now())) {
        repeat(sending, clock_.steady() + *pause);
        store_taken(number, sending);
        return true;
    }
    if (pause && is_full && !is_over(sending.message, clock_.now())) {
        store_taken(number, sending);
        put_back_later({sending.message.key}, clock_.now() + *pause);
        return false;
    }
    turns_.forget(sending.message.key);
    change(sending.message.key, Code::undeliverable);
    return false;
}

// Only the parts that were refused.
void Submitter::repeat(Sending& sending, base::Moment at)
{
    sending.unanswered = sending.put_off.size();
    sending.submitted -= sending.put_off.size();
    sending.worst = {Verdict::accepted, Code::submitted};
    for (Token token : std::exchange(sending.put_off, {})) waiting_.add_later(token, at);
    sending.repeats = true;
}

}  // namespace tidings::relay
