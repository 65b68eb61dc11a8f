// SPDX-License-Identifier: Apache-2.0
#include "api/sending.hpp"

namespace tidings::api {

void set_sender(store::NewMessage& message, const store::Account& account)
{
    const message::Submission& asked = message.submission;
    const std::string& source = asked.source.empty() ? account.default_source : asked.source;
    if (source.empty()) return;
    message.sender_type = message::infer_source_type(source);
    if (!asked.source.empty() && asked.source_type) message.sender_type = *asked.source_type;
    bool is_number = message.sender_type != message::SourceType::alphanumeric;
    message.sender = is_number ? message::digits_of(source) : source;
}

message::EchoDates echo_dates_for(const http::Request& request)
{
    bool python = request.header("User-Agent") == "messagemedia-messages" &&
                  request.body.starts_with(R"({"messages": [)");
    return python ? message::EchoDates::without : message::EchoDates::with;
}

}  // namespace tidings::api
