// SPDX-License-Identifier: Apache-2.0
#include "store/rules/prepared.hpp"

#include "message/screening.hpp"

namespace tidings::store::rules {

const message::DuplicateKey& Compared::duplicate_key_of(AccountKey account,
                                                        const message::Submission& submission)
{
    if (!duplicate_key)
        duplicate_key = message::duplicate_key(static_cast<std::uint32_t>(account), submission);
    return *duplicate_key;
}

const std::string& Compared::screened_text_of(const message::Submission& submission)
{
    if (!screened) screened = message::screened_text(submission.subject + " " + submission.content);
    return *screened;
}

std::vector<Prepared> prepare(const Account& account, std::vector<NewMessage> messages)
{
    std::vector<Prepared> prepared;
    prepared.reserve(messages.size());
    for (NewMessage& message : messages) {
        Prepared& it = prepared.emplace_back();
        if (account.looks_for_duplicates()) it.compared.duplicate_key_of(account.key, message.submission);
        if (account.screens_texts()) it.compared.screened_text_of(message.submission);
        it.message = std::move(message);
    }
    return prepared;
}

}  // namespace tidings::store::rules
