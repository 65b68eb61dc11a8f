// SPDX-License-Identifier: Apache-2.0
#include "message/duplicate.hpp"

#include "base/digest.hpp"

#include <algorithm>

namespace tidings::message {

namespace {

// Behind its size, so that no two lists of texts are written alike.
void append(std::string& out, std::string_view text)
{
    out.append(std::to_string(text.size())).append(":").append(text);
}

}  // namespace

DuplicateKey duplicate_key(std::uint32_t account, const Submission& message)
{
    // The destination without its plus, since applications write it either way.
    std::string text;
    append(text, std::to_string(account));
    append(text, digits_of(message.destination));
    append(text, name(message.format));
    append(text, message.content);
    append(text, message.subject);
    for (const std::string& url : message.media) append(text, url);
    base::Sha256 digest = base::sha256(text);
    DuplicateKey key;
    std::copy_n(digest.begin(), key.size(), key.begin());
    return key;
}

bool is_within(std::chrono::seconds window, base::Time sent, base::Time now)
{
    return sent <= now && now - sent < window;
}

bool blocks_duplicates(const Progress& progress)
{
    return progress.status != Status::cancelled && !is_free_of_charge(progress.code);
}

}  // namespace tidings::message
