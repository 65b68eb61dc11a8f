// SPDX-License-Identifier: Apache-2.0
// From which address a message goes out.
//
// A reply names our number and the handset, nothing more. So a handset gets each message that goes out from
// the pool from another number, as long as there is one: then its reply can be meant for one message only.
#pragma once

#include "message/message.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tidings::message {

// What becomes of a message that names a source which is not registered for its account. The values are
// stored.
enum class UnregisteredSource : std::uint8_t {
    reject = 0,      // the message ends with 303
    substitute = 1,  // it is sent as if it had named none
    allow = 2,
};

std::string_view name(UnregisteredSource policy);  // "reject"

// What an account has to send from. Addresses are canonical.
struct SenderRules {
    UnregisteredSource unregistered = UnregisteredSource::reject;
    bool is_registered = false;         // the source that the message names
    std::string_view default_source{};  // empty: none
    std::string_view familiar{};        // the number that the handset knows; empty: none
};

struct Sender {
    std::string address;  // canonical; empty: one of the pool or, without a pool, the link's choice
    SourceType type = SourceType::international;

    bool operator==(const Sender&) const = default;
};

// Whether the message goes out as if it had named no source, because it did not or may not have that one.
bool names_no_sender(const Submission& message, const SenderRules& rules);

// The source that the message names, if it may; else the number that the handset knows, else the account's
// default, else none. Nothing: the message is not to be sent.
std::optional<Sender> choose_sender(const Submission& message, const SenderRules& rules);

// When a number was last used for the handset in question; nothing: so long ago that it will not reply to
// that.
using LastUse = std::function<std::optional<base::Time>(const std::string& number)>;

// Of a pool, however large: for a handset that has something to reply to all of these no more are looked at.
constexpr std::size_t pool_looked_at_max = 100;

// The numbers of a pool, which is not empty, in the order in which they are looked at for a handset. Handsets
// begin at different places, so that all numbers are used alike. The pool must outlive it.
class PoolOrder {
public:
    PoolOrder(std::span<const std::string> pool, std::string_view handset);

    std::size_t size() const;  // pool_looked_at_max at most
    const std::string& operator[](std::size_t place) const { return pool_[(begin_ + place) % pool_.size()]; }

private:
    std::span<const std::string> pool_;
    std::size_t begin_;
};

// One of the pool, which is not empty: the first that the handset has nothing to reply to, or else the one
// that was used for it longest ago.
const std::string& choose_from_pool(std::span<const std::string> pool, std::string_view handset,
                                    const LastUse& last_use);

}  // namespace tidings::message
