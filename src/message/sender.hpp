// SPDX-License-Identifier: Apache-2.0
// From which address a message goes out.
#pragma once

#include "message/message.hpp"

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
    bool is_registered = false;           // the source that the message names
    std::string_view default_source{};    // empty: none
    std::span<const std::string> pool{};  // shared by all accounts
};

struct Sender {
    std::string address;  // canonical; empty: the link's choice
    SourceType type = SourceType::international;

    bool operator==(const Sender&) const = default;
};

// The source that the message names, if it may; else the account's default, else one of the pool, for the
// same handset always the same one while the pool stays as it is. Nothing: the message is not to be sent.
std::optional<Sender> choose_sender(const Submission& message, const SenderRules& rules);

}  // namespace tidings::message
