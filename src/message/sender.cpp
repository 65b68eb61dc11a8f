// SPDX-License-Identifier: Apache-2.0
// A handset's walk through the pool begins at a place that its number decides, and takes the first number
// that the handset has nothing to reply to. So numbers are used alike without anybody counting, and a
// handset meets the same numbers again, whichever node sends.
#include "message/sender.hpp"

#include <algorithm>
#include <cstdlib>

namespace tidings::message {

namespace {

// FNV-1a: the same on every node and in every release.
std::uint64_t hash(std::string_view text)
{
    std::uint64_t hash = 0xCBF29CE484222325;
    for (unsigned char c : text) hash = (hash ^ c) * 0x100000001B3;
    return hash;
}

Sender sender_with(std::string_view address) { return {std::string(address), infer_source_type(address)}; }

Sender own_choice(const SenderRules& rules)
{
    std::string_view address = rules.familiar.empty() ? rules.default_source : rules.familiar;
    return address.empty() ? Sender() : sender_with(address);
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

bool names_no_sender(const Submission& message, const SenderRules& rules)
{
    if (message.source.empty()) return true;
    return !rules.is_registered && rules.unregistered == UnregisteredSource::substitute;
}

std::optional<Sender> choose_sender(const Submission& message, const SenderRules& rules)
{
    if (names_no_sender(message, rules)) return own_choice(rules);
    if (!rules.is_registered && rules.unregistered == UnregisteredSource::reject) return {};
    Sender sender = sender_with(canonical_source(message.source));
    if (message.source_type) sender.type = *message.source_type;
    // The application said that digits are a name: they go out as it wrote them.
    if (sender.type == SourceType::alphanumeric) sender.address = message.source;
    return sender;
}

PoolOrder::PoolOrder(std::span<const std::string> pool, std::string_view handset)
    : pool_(pool), begin_(hash(handset) % pool.size())
{
}

std::size_t PoolOrder::size() const { return std::min(pool_.size(), pool_looked_at_max); }

const std::string& choose_from_pool(std::span<const std::string> pool, std::string_view handset,
                                    const LastUse& last_use)
{
    PoolOrder order(pool, handset);
    const std::string* oldest = nullptr;
    base::Time oldest_use{};
    for (std::size_t i = 0; i < order.size(); ++i) {
        const std::string& number = order[i];
        auto used = last_use(number);
        if (!used) return number;
        if (oldest && *used >= oldest_use) continue;
        oldest = &number;
        oldest_use = *used;
    }
    return *oldest;
}

}  // namespace tidings::message
