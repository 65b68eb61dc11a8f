// SPDX-License-Identifier: Apache-2.0
#include "api/new_messages.hpp"

#include "store/new_message.hpp"
#include "wire/submission.hpp"

#include <algorithm>
#include <cstdlib>

namespace tidings::api {

namespace {

bool has_features_for(const store::Account& account, const std::vector<message::Submission>& submissions)
{
    return std::ranges::all_of(submissions, [&](const message::Submission& submission) {
        switch (submission.format) {
        case message::Format::sms: return true;
        case message::Format::mms: return account.features.has(store::Feature::mms);
        case message::Format::tts: return account.features.has(store::Feature::tts);
        }
        std::abort();
    });
}

}  // namespace

base::Result<std::vector<store::NewMessage>, Problem> read_messages(const Call& call,
                                                                    const store::Account& account,
                                                                    const store::ApiKey* key)
{
    const wire::Leniency& leniency = call.api.options.leniency;
    auto submissions =
        wire::parse_submissions(call.request.body, call.api.clock.now(), leniency, account.country);
    if (!submissions) return bad_request(std::move(submissions.error().details));
    // All or nothing, as with faults: a request is never accepted in part.
    if (!has_features_for(account, *submissions)) return feature_off();

    std::vector<store::NewMessage> messages;
    messages.reserve(submissions->size());
    for (message::Submission& submission : *submissions) {
        // Conversion and cost are worked out here, on a thread of the server, and not by the store's writer.
        messages.push_back(store::new_message(call.api.ids.next(), std::move(submission), account));
        // The key's priority comes before the account's: one application of an account may send what is
        // urgent.
        if (key && key->priority) messages.back().priority = *key->priority;
    }
    return messages;
}

}  // namespace tidings::api
