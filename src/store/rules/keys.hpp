// SPDX-License-Identifier: Apache-2.0
// What facts are found by: all that applications and carriers know something of ours by.
#pragma once

#include "base/digest.hpp"
#include "message/duplicate.hpp"
#include "store/memory/key_hash.hpp"
#include "store/records.hpp"

#include <cstring>
#include <string>

namespace tidings::store::rules {

// Something that an account knows by a text: a number or handset in digits, or an idempotency key.
struct AccountName {
    AccountKey account{};
    std::string name;
    bool operator==(const AccountName&) const = default;
};

// What is said between a number of ours and a handset, both in digits.
struct Thread {
    std::string number, handset;
    bool operator==(const Thread&) const = default;
};

// The same, as far as it goes over one link.
struct LinkThread {
    LinkKey link{};
    Thread thread;
    bool operator==(const LinkThread&) const = default;
};

// What a carrier calls a part of a message. Carriers give ids again, and some give all messages the same.
struct CarrierId {
    LinkKey link{};
    std::string id;
    bool operator==(const CarrierId&) const = default;
};

// That a link may have submitted a message without an answer.
struct DoubtName {
    LinkKey link{};
    MessageKey message;
    bool operator==(const DoubtName&) const = default;
};

// What the parts of one long reply have in common.
struct ReplyName {
    LinkKey link{};
    Thread thread;
    std::uint16_t reference = 0;
    std::uint8_t total = 0;
    bool is_wide = false;  // as PartOf's
    bool operator==(const ReplyName&) const = default;
};

}  // namespace tidings::store::rules

template <>
struct std::hash<tidings::store::MessageKey> {
    std::size_t operator()(const tidings::store::MessageKey& key) const noexcept
    {
        return std::hash<tidings::base::Uuid>{}(key.id) + static_cast<std::size_t>(key.account);
    }
};
template <>
struct std::hash<tidings::store::rules::AccountName> {
    std::size_t operator()(const tidings::store::rules::AccountName& it) const noexcept
    {
        return tidings::store::key_hash(it.account, it.name);
    }
};
template <>
struct std::hash<tidings::store::rules::Thread> {
    std::size_t operator()(const tidings::store::rules::Thread& it) const noexcept
    {
        return tidings::store::thread_hash(it.number, it.handset);
    }
};
template <>
struct std::hash<tidings::store::rules::LinkThread> {
    std::size_t operator()(const tidings::store::rules::LinkThread& it) const noexcept
    {
        return std::hash<tidings::store::rules::Thread>{}(it.thread) + static_cast<std::size_t>(it.link);
    }
};
template <>
struct std::hash<tidings::store::rules::CarrierId> {
    std::size_t operator()(const tidings::store::rules::CarrierId& it) const noexcept
    {
        return tidings::store::key_hash(it.link, it.id);
    }
};
template <>
struct std::hash<tidings::store::rules::DoubtName> {
    std::size_t operator()(const tidings::store::rules::DoubtName& it) const noexcept
    {
        return std::hash<tidings::store::MessageKey>{}(it.message) + static_cast<std::size_t>(it.link);
    }
};
template <>
struct std::hash<tidings::store::rules::ReplyName> {
    std::size_t operator()(const tidings::store::rules::ReplyName& it) const noexcept
    {
        return std::hash<tidings::store::rules::Thread>{}(it.thread) + std::size_t{it.reference} * 256 +
               it.total;
    }
};
// Digests: any part of them is as good as another.
template <>
struct std::hash<tidings::message::DuplicateKey> {
    std::size_t operator()(const tidings::message::DuplicateKey& key) const noexcept
    {
        std::size_t hash = 0;
        std::memcpy(&hash, key.data(), sizeof hash);
        return hash;
    }
};
template <>
struct std::hash<tidings::base::Sha256> {
    std::size_t operator()(const tidings::base::Sha256& digest) const noexcept
    {
        std::size_t hash = 0;
        std::memcpy(&hash, digest.data(), sizeof hash);
        return hash;
    }
};
