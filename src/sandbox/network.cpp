// SPDX-License-Identifier: Apache-2.0
// What becomes of a submit. First the network as a whole has its say (drop the connection, queue full,
// throttle), then the handset (its submit_status), then there is an id. Receipts are owed from then on, and
// so is what the handset replies; the text arrives when all of its parts are here.
//
// Whatever changes appends a line to the log, in the order in which it happened. A life that begins with a
// journal reads these lines again by restore(), and must come out the same: so nothing is decided there.
// What was owed and not paid is owed once more, which may deliver something twice, and never loses it.
//
// Ids are numbers that count up. They begin at the present time in milliseconds, of which each has 4,096, so
// that a network without a journal does not use an id again either; the journal says by blocks of a million
// how far they may have got.
#include "sandbox/network.hpp"

#include "sandbox/number.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tidings::sandbox {

using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t numbers_step = 1'000'000;  // one line of the journal for so many
constexpr int numbers_per_millisecond_bits = 12;   // 4,096 a millisecond: more than can be accepted

constexpr std::size_t source_size_max = 20;  // SMPP 3.4, 4.6.1: it becomes the destination of a receipt

// SMPP 3.4, 5.2.17; value 3 is from 5.0.
bool wants_receipt(std::uint8_t registered_delivery, Outcome outcome)
{
    switch (registered_delivery & 0x03) {
    case 1: return true;
    case 2: return outcome != Outcome::delivered;
    case 3: return outcome == Outcome::delivered;
    }
    return false;
}

// Whether any receipt is asked for, were it only an intermediate notification.
bool wants_any(std::uint8_t registered_delivery) { return (registered_delivery & 0x13) != 0; }

struct Ids {
    std::string answered;   // in the submit_sm_resp
    std::string receipted;  // in the receipts
};

Ids ids_of(std::uint64_t number, IdForm form)
{
    std::string hex = fmt::format("{:X}", number);
    switch (form) {
    case IdForm::same: return {hex, hex};
    case IdForm::hex: return {fmt::format("{}", number), hex};
    case IdForm::decimal: return {hex, fmt::format("{}", number)};
    case IdForm::lower: return {hex, fmt::format("{:x}", number)};
    case IdForm::stripped: return {"00" + hex, hex};
    }
    std::abort();
}

const Behaviour ordinary{};

}  // namespace

bool Network::restore(std::string_view line)
{
    auto record = parse_record(line);
    if (!record) return false;
    if (auto* taken = std::get_if<NumbersTaken>(&*record)) {
        next_ = std::max(next_, taken->below);
    } else if (auto* delivery = std::get_if<Delivery>(&*record)) {
        owed_.add_under_way(std::move(*delivery));
    } else if (auto* paid = std::get_if<Paid>(&*record)) {
        owed_.pay(paid->token);
    } else if (auto* part = std::get_if<PartArrived>(&*record)) {
        joiner_.add(part->pair, part->piece, part->since);  // when whole, its arrival has a line of its own
    } else if (auto* arrival = std::get_if<Arrival>(&*record)) {
        inbox_.add(std::move(*arrival));
    } else if (auto* set = std::get_if<BehaviourSet>(&*record)) {
        if (set->behaviour == ordinary)
            behaviours_.erase(set->number);
        else
            behaviours_[set->number] = std::move(set->behaviour);
    } else if (auto* conducted = std::get_if<ConductSet>(&*record)) {
        conduct_ = conducted->conduct;
    }
    return true;
}

void Network::open(base::Time now)
{
    // Everything that was read counts as under way until here, so that a line which pays finds what it pays
    // for.
    owed_.put_all_back();
    auto milliseconds = static_cast<std::uint64_t>(now.time_since_epoch().count());
    next_ = std::max(next_, milliseconds << numbers_per_millisecond_bits);
    numbers_end_ = next_;
}

std::uint64_t Network::next_number()
{
    // Written before the first number of the block is used. After a kill the next life begins behind the
    // block, and the rest of it is never used: ids must not come again, gaps do no harm.
    if (next_ == numbers_end_) {
        numbers_end_ += numbers_step;
        append_record(log_, NumbersTaken{numbers_end_});
    }
    return next_++;
}

Network::Answer Network::accept(const smpp::ShortMessage& submitted, base::Time now, const std::string& esme)
{
    auto handset = parse_number(submitted.destination.number);
    const Behaviour& behaviour = handset ? this->behaviour(*handset) : ordinary;
    Answer answer;
    Drop drop = next_drop();
    // Lost as if the line had broken before the carrier got it; otherwise it has the message, and only the
    // answer is lost. An ESME cannot tell the two apart, which is what this is for.
    bool vanishes = drop == Drop::in_place_of_answer && !conduct_.drop_takes;
    if (!vanishes) {
        answer.status = refusal(submitted, handset ? &behaviour : nullptr, now);
        if (answer.status == smpp::status::ok) answer = take(submitted, behaviour, now, esme);
    }
    answer.due = now + std::max(behaviour.answer_delay, conduct_.answer_delay);
    answer.congestion = conduct_.congestion_state;
    answer.drop = drop;
    return answer;
}

// `behaviour` is null when nobody has the number.
std::uint32_t Network::refusal(const smpp::ShortMessage& submitted, const Behaviour* behaviour,
                               base::Time now)
{
    // The carrier as a whole comes first, as in a real one: it answers before anybody looks at the number.
    if (conduct_.queue_full) return smpp::status::queue_full;
    if (throttles(now)) return smpp::status::throttled;
    if (!behaviour) return smpp::status::invalid_destination;
    if (submitted.source.number.size() > source_size_max) return smpp::status::invalid_source;
    if (behaviour->submit_status != smpp::status::ok) return behaviour->submit_status;
    if (owed_.size() >= owed_max) return smpp::status::queue_full;
    return smpp::status::ok;
}

// As many in any second as the conduct allows, by a window that slides. Counted by the second of the clock a
// burst across its turn could be twice as large.
bool Network::throttles(base::Time now)
{
    if (conduct_.throttle_per_second == 0) return false;
    while (!last_second_.empty() && last_second_.front() + 1s <= now) last_second_.pop_front();
    if (last_second_.size() >= conduct_.throttle_per_second) return true;
    last_second_.push_back(now);
    return false;
}

Drop Network::next_drop()
{
    ++submits_;
    if (conduct_.drop_every != 0 && submits_ % conduct_.drop_every == 0) return Drop::in_place_of_answer;
    if (conduct_.drop_after_answer_every != 0 && submits_ % conduct_.drop_after_answer_every == 0)
        return Drop::after_answer;
    return Drop::none;
}

Network::Answer Network::take(const smpp::ShortMessage& submitted, const Behaviour& behaviour, base::Time now,
                              const std::string& esme)
{
    Piece piece = piece_of(submitted);
    Ids ids = ids_of(next_number(), behaviour.receipt_id);
    if (wants_any(submitted.registered_delivery)) {
        std::string text = text_of(piece.data_coding, piece.octets, piece.header);
        Receipted receipted{ids.receipted, now, now, {}, {}, std::move(text)};
        owe_receipts(receipted, submitted, behaviour, esme);
    }
    // At once, although the receipt may come later: `delay` is that of the receipt.
    if (behaviour.outcome == Outcome::delivered) arrive(submitted, piece, now, esme);
    return {.message_id = ids.answered, .after_receipts = behaviour.early_receipt};
}

void Network::owe_receipts(Receipted& receipted, const smpp::ShortMessage& submitted,
                           const Behaviour& behaviour, const std::string& esme)
{
    receipted.err = Behaviour().err;
    for (Intermediate intermediate : behaviour.intermediate) {
        receipted.state = state_of(intermediate);
        Delivery receipt = intermediate_for(receipted, submitted);
        receipt.esme = esme;
        owe(std::move(receipt));
    }
    if (!behaviour.receipt || !wants_receipt(submitted.registered_delivery, behaviour.outcome)) return;
    receipted.done += behaviour.delay;
    receipted.state = state_of(behaviour.outcome);
    receipted.err = behaviour.err;
    Delivery receipt = receipt_for(receipted, submitted);
    receipt.esme = esme;
    // Each with a token of its own: they are answered, and may be refused, one by one.
    for (int i = 0; i < behaviour.receipts; ++i) owe(receipt);
}

// A part of a long message waits for the others. When the text is whole the handset has it, and replies if it
// is one that does.
void Network::arrive(const smpp::ShortMessage& submitted, const Piece& piece, base::Time now,
                     const std::string& esme)
{
    auto handset = parse_number(submitted.destination.number);
    std::optional<std::string> text;
    if (piece.part) {
        Pair pair{submitted.source.number, *handset};
        append_record(log_, PartArrived{pair, piece, now});
        text = joiner_.add(pair, piece, now);
        if (!text) return;
    } else {
        text = text_of(piece.data_coding, piece.octets, piece.header);
    }
    Arrival arrival{shown_sender(submitted.source), *handset, *std::move(text), now};
    append_record(log_, arrival);
    inbox_.add(std::move(arrival));

    const Behaviour& behaviour = this->behaviour(*handset);
    if (behaviour.auto_reply.empty() || !parse_number(submitted.source.number)) return;
    owe_message(submitted.destination, submitted.source, behaviour.auto_reply, now + behaviour.delay, esme);
}

void Network::owe(Delivery delivery)
{
    delivery.token = next_number();
    append_record(log_, delivery);
    owed_.add(std::move(delivery));
}

void Network::owe_message(const smpp::Address& from, const smpp::Address& to, std::string_view content,
                          base::Time due, const std::string& esme)
{
    // Counts up with everything that happens, so that long messages of one handset do not share it soon.
    auto reference = static_cast<std::uint8_t>(next_);
    for (Delivery& delivery : deliveries_of(from, to, content, reference)) {
        delivery.due = due;
        delivery.esme = esme;
        owe(std::move(delivery));
    }
}

bool Network::send(const Letter& letter, base::Time now)
{
    if (owed_.size() >= owed_max) return false;
    owe_message(address_of(letter.from), address_of(letter.to), letter.content, now, {});
    return true;
}

const Behaviour& Network::behaviour(const std::string& number) const
{
    auto found = behaviours_.find(number);
    return found == behaviours_.end() ? ordinary : found->second;
}

bool Network::set_behaviour(const std::string& number, const Behaviour& behaviour)
{
    if (behaviour == ordinary) {
        behaviours_.erase(number);
    } else {
        if (behaviours_.size() >= scripted_max && !behaviours_.contains(number)) return false;
        behaviours_[number] = behaviour;
    }
    append_record(log_, BehaviourSet{number, behaviour});
    return true;
}

void Network::set_conduct(const Conduct& conduct)
{
    conduct_ = conduct;
    // So that a test which sets "every third" counts from its own first submit.
    submits_ = 0;
    last_second_.clear();
    append_record(log_, ConductSet{conduct});
}

void Network::pay(std::uint64_t token)
{
    if (owed_.pay(token)) append_record(log_, Paid{token});
}

// What a journal that was written from the beginning would come to, in the fewest lines.
std::string Network::snapshot() const
{
    std::string out(journal_heading);
    out += '\n';
    append_record(out, NumbersTaken{numbers_end_});
    append_record(out, ConductSet{conduct_});
    for (const auto& [number, behaviour] : behaviours_) append_record(out, BehaviourSet{number, behaviour});
    joiner_.for_each([&](const Pair& pair, const Piece& piece, base::Time since) {
        append_record(out, PartArrived{pair, piece, since});
    });
    inbox_.for_each([&](const Arrival& arrival) { append_record(out, arrival); });
    owed_.for_each([&](const Delivery& delivery) { append_record(out, delivery); });
    return out;
}

}  // namespace tidings::sandbox
