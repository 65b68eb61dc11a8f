// SPDX-License-Identifier: Apache-2.0
#include "store/new_message.hpp"

#include "message/cost.hpp"

namespace tidings::store {

NewMessage new_message(const base::Uuid& id, message::Submission submission, const Account& account)
{
    NewMessage message;
    message.id = id;
    message.priority = account.priority;
    if (submission.format == message::Format::sms)
        message.converted = text::convert(submission.content, account.converter);
    const std::string& text = message.converted ? *message.converted : submission.content;
    message.cost = submission.test_outcome ? 0 : message::credits_for(submission.format, text);
    message.submission = std::move(submission);
    return message;
}

}  // namespace tidings::store
