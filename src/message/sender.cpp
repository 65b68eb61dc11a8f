// SPDX-License-Identifier: Apache-2.0
#include "message/sender.hpp"

#include <cstdlib>

namespace tidings::message {

namespace {

// FNV-1a: the same on every node and in every release, so that a handset keeps its number.
std::uint64_t hash(std::string_view text)
{
    std::uint64_t hash = 0xCBF29CE484222325;
    for (unsigned char c : text) hash = (hash ^ c) * 0x100000001B3;
    return hash;
}

Sender sender_with(std::string_view address) { return {std::string(address), infer_source_type(address)}; }

Sender own_choice(const Submission& message, const SenderRules& rules)
{
    if (!rules.default_source.empty()) return sender_with(rules.default_source);
    if (rules.pool.empty()) return {};
    return sender_with(rules.pool[hash(digits_of(message.destination)) % rules.pool.size()]);
}

}  // namespace

std::string_view name(UnregisteredSource policy)
{
    switch (policy) {
    case UnregisteredSource::reject: return "reject";
    case UnregisteredSource::substitute: return "substitute";
    case UnregisteredSource::allow: return "allow";
    }
    std::abort();
}

std::optional<Sender> choose_sender(const Submission& message, const SenderRules& rules)
{
    if (message.source.empty()) return own_choice(message, rules);
    if (!rules.is_registered) {
        switch (rules.unregistered) {
        case UnregisteredSource::reject: return {};
        case UnregisteredSource::substitute: return own_choice(message, rules);
        case UnregisteredSource::allow: break;
        }
    }
    Sender sender = sender_with(canonical_source(message.source));
    if (message.source_type) sender.type = *message.source_type;
    if (sender.type == SourceType::alphanumeric) sender.address = message.source;
    return sender;
}

}  // namespace tidings::message
