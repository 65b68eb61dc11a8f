// SPDX-License-Identifier: Apache-2.0
// A link is one account at a carrier, whatever it speaks. Its loop (link_loop.hpp) holds the queue, the pace,
// the doubts and the recording, and knows of no protocol; behind this interface stands what is specific to
// one: binds, dialect, ids in receipts. Another protocol is another class here, and make_link() makes it.
//
// The loop calls a message by a number of its own and each part of it by a token. The life of a message in a
// link:
//
//     prepare(number)   once: the link cuts the message into parts and keeps them
//     submit(token)     a part goes out, perhaps several times; each time exactly one of on_answer and
//                       on_doubt comes back
//     forget(number)    the link drops the parts; or release() hands them to adopt() of its successor
//
// A link lives on one thread, with its loop. Events may call back into it, and do not throw.
#pragma once

#include "base/error.hpp"
#include "relay/loss_cause.hpp"
#include "store/records.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace tidings::relay {

// Tokens are integers because there is one with each PDU. They grow in the order of taking, part by part.
using Number = std::uint64_t;  // of a message
using Token = std::uint64_t;   // of a part of it

constexpr unsigned part_bits = 8;  // a long message has at most 255 parts

constexpr Token token_of(Number number, std::size_t part) { return number << part_bits | part; }
constexpr Number number_of(Token token) { return token >> part_bits; }
constexpr std::size_t part_of(Token token) { return token & ((1U << part_bits) - 1); }

// What to do about what a carrier said of a part. The worst of all parts holds for their message, so that
// they stand in this order.
enum class Verdict : std::uint8_t {
    accepted,
    slow_down,  // keep it, and be slower
    full,       // keep it for later; and be slower, if several destinations get this
    retry,      // keep it for later
    reroute,    // another link may take it; if there is none, it ends with the code
    reject,     // the message ends with the code
};
struct Meaning {
    Verdict verdict{};
    message::Code code = message::Code::none;  // for accepted, reroute and reject
};

// The carrier's answer to a part.
struct Answer {
    Meaning meaning;
    std::string carrier_id;                     // of an accepted one, as receipts will name it
    std::string word{};                         // of a refused one, as the protocol calls the refusal
    base::Moment sent{};                        // when it had been submitted
    std::optional<std::uint32_t> congestion{};  // how busy the carrier says it is: see Pace::congested
};

// Parts whose answers will not come any more: the carrier may have them or not.
struct Loss {
    LossCause cause{};
    std::span<const Token> tokens;  // all that were in flight on one connection, or the one
};

// What a carrier brings: news of a message of ours, with the id as an Answer would give it, or a message from
// a handset.
using Delivered = std::variant<store::Receipt, store::Inbound>;

enum class Stored : std::uint8_t {
    yes,      // it is on disk
    not_now,  // the store does not take it: whoever brought it is to bring it again
};

// Somebody who brings what is to be answered once it is stored. Ticket is what he needs to find his peer
// again; it means nothing to others.
class Bringer {
public:
    struct Ticket {
        std::uint64_t peer = 0;
        std::uint64_t request = 0;
    };
    virtual ~Bringer() = default;
    // False: the peer that brought it is gone, does not hear the answer, and will bring it again.
    virtual bool acknowledge(const Ticket& ticket, Stored stored) = 0;
};

// Called once, after the commit of what came with it: the deliver_sm_resp, or whatever the protocol has.
class Acknowledge {
public:
    Acknowledge(Bringer& bringer, Bringer::Ticket ticket) : bringer_(&bringer), ticket_(ticket) {}
    bool operator()(Stored stored) const { return bringer_->acknowledge(ticket_, stored); }

private:
    Bringer* bringer_;  // outlives everything that it brings
    Bringer::Ticket ticket_;
};

// How a link does at present.
struct LinkLoad {
    std::size_t places = 0;  // connections or binds that are to be there
    std::size_t up = 0;      // and of these are
    std::string stopped_by;  // the carrier's word, if it refused us so often that the link gave up
    std::size_t window = 0;  // parts that may be without an answer, over all places
    std::size_t in_flight = 0;
    std::optional<base::Moment> oldest{};  // when the part was sent that holds up others and waits longest
};

struct LinkEvents {
    std::function<void(std::size_t up)> on_up;  // LinkLoad::up is another one now
    std::function<void()> on_room;  // has_room() became true, or has_room_alone() after clear_a_place()
    std::function<void(Token, Answer&)> on_answer;
    std::function<void(const Loss&)> on_doubt;
    std::function<void(Delivered, Acknowledge)> on_delivered;
    // How the carrier writes ids in receipts was learnt from them.
    std::function<void(message::IdForm)> on_learnt;
    std::function<void(store::TracedPdu)> on_trace{};  // its time and link are still to be filled in
};

// The parts of a message as one kind of link keeps them.
struct Prepared {
    virtual ~Prepared() = default;
};

class Link : public Bringer {
public:
    // Connects, again and again. Returns after stop(), or when the carrier refused us too often, or throws
    // when cancelled. What had been submitted was answered or is in doubt then. Once.
    virtual boost::asio::awaitable<void> run() = 0;
    // Takes no more parts, waits a little for answers that are due, and closes in good order.
    virtual void stop() = 0;

    // How many parts the message has, one at least, or the code with which it ends because it cannot be sent.
    // If the carrier took some of them before, they have the reference that they had then.
    virtual base::Result<std::size_t, message::Code> prepare(Number number,
                                                             const store::Outbound& message) = 0;
    // What all parts of a prepared message carry, so that the handset joins them.
    virtual std::uint16_t reference_of(Number number) const = 0;
    virtual void forget(Number number) = 0;
    // For the link's successor, so that a message of which the carrier has a part goes on with the same
    // reference. False: these are parts of another kind of link.
    virtual std::unique_ptr<Prepared> release(Number number) = 0;
    virtual bool adopt(Number number, std::unique_ptr<Prepared> prepared) = 0;

    virtual bool has_room() const = 0;
    virtual void submit(Token token) = 0;  // only while has_room()

    // A part that may be what its carrier stumbles over goes with nothing else in flight beside it.
    // clear_a_place() lets one of the connections run empty for that, until submit_alone() or use_all().
    virtual bool has_room_alone() const = 0;
    virtual void submit_alone(Token token) = 0;  // only while has_room_alone()
    virtual void clear_a_place() = 0;
    virtual void use_all() = 0;

    virtual LinkLoad load() const = 0;  // for once in a while: it looks at all that is in flight
};

}  // namespace tidings::relay
