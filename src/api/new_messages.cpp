// SPDX-License-Identifier: Apache-2.0
#include "api/new_messages.hpp"

#include "message/cost.hpp"
#include "text/converter.hpp"
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
    auto submissions = wire::parse_submissions(call.request.body, call.api.clock.now(), leniency);
    if (!submissions) return bad_request(std::move(submissions.error().details));
    if (!has_features_for(account, *submissions)) return feature_off();

    std::vector<store::NewMessage> messages;
    messages.reserve(submissions->size());
    for (message::Submission& submission : *submissions) {
        store::NewMessage& message = messages.emplace_back();
        message.id = call.api.ids.next();
        if (submission.format == message::Format::sms)
            message.converted = text::convert(submission.content, account.converter);
        const std::string& text = message.converted ? *message.converted : submission.content;
        message.cost = message::credits_for(submission.format, text);
        message.submission = std::move(submission);
        message.priority = key && key->priority ? *key->priority : account.priority;
    }
    return messages;
}

}  // namespace tidings::api
