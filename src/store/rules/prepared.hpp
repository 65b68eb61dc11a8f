// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "message/duplicate.hpp"
#include "store/records.hpp"

#include <optional>
#include <string>
#include <vector>

namespace tidings::store::rules {

// What an account's rules compare of a message. Each is made when it is needed first.
struct Compared {
    std::optional<message::DuplicateKey> duplicate_key;
    std::optional<std::string> screened;  // see message::screened_text

    const message::DuplicateKey& duplicate_key_of(AccountKey account, const message::Submission& submission);
    const std::string& screened_text_of(const message::Submission& submission);
};

// A new message with what can be made of it before its transaction, by whoever accepts it: the writer's
// thread is the busiest one.
struct Prepared {
    NewMessage message;
    Compared compared;
};

// By the rules that the account has now. Should it have others when the transaction comes, what they miss is
// made then.
std::vector<Prepared> prepare(const Account& account, std::vector<NewMessage> messages);

}  // namespace tidings::store::rules
