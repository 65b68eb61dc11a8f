// SPDX-License-Identifier: Apache-2.0
#include "tidings/client.hpp"

#include "answers.hpp"
#include "call.hpp"
#include "sending.hpp"

namespace tidings {

using namespace detail;

namespace {

Result<std::string> path_of(std::string_view message_id)
{
    if (message_id.empty()) return bad_argument("the id of the message is empty");
    return "/v1/messages/" + encoded(message_id);
}

}  // namespace

Client::Client(Options options) : core_(std::make_shared<Core>(std::move(options))) {}

Client::Client(boost::asio::any_io_executor executor, Options options)
    : core_(std::make_shared<Core>(executor, std::move(options)))
{
}

const std::string& Client::base_uri() const { return core_->settings().base_uri; }

Operation<Credits> Client::asking_credits() const
{
    return operation<Credits>(core_, reading("/v1/messaging/credits"), &parse_credits);
}

Operation<Message> Messages::sending(Message message, SendOptions options) const
{
    auto request = send_request({&message, 1}, std::move(options.idempotency_key));
    return operation<Message>(core_, std::move(request), &parse_only_message);
}

Operation<std::vector<Message>> Messages::sending_batch(std::vector<Message> messages,
                                                        SendOptions options) const
{
    auto request = send_request(messages, std::move(options.idempotency_key));
    return operation<std::vector<Message>>(core_, std::move(request), &parse_messages);
}

Operation<std::vector<Part>> Messages::sending_all(std::vector<Message> messages, BulkOptions options) const
{
    auto start = [messages = std::move(messages), options = std::move(options)](
                     const std::shared_ptr<Engine>& engine,
                     std::unique_ptr<Receiver<std::vector<Part>>> receiver) mutable {
        auto work = send_in_parts(engine, std::move(messages), std::move(options));
        spawn<std::vector<Part>>(engine, std::move(work), std::move(receiver));
    };
    return {core_, std::move(start)};
}

Operation<Message> Messages::getting(std::string message_id) const
{
    auto path = path_of(message_id);
    if (!path) return operation<Message>(core_, path.error(), &parse_message);
    return operation<Message>(core_, reading(std::move(*path)), &parse_message);
}

// Not repeated: once it has been done, the hosted service refuses it.
Operation<Message> Messages::cancelling(std::string message_id) const
{
    auto path = path_of(message_id);
    if (!path) return operation<Message>(core_, path.error(), &parse_cancelled);
    Request request{
        .method = http::verb::put, .target = std::move(*path), .body = R"({"status":"cancelled"})"};
    return operation<Message>(core_, std::move(request), &parse_cancelled);
}

Operation<Preview> Messages::previewing(Message message) const
{
    Request request{.method = http::verb::post, .target = "/v1/messages/preview"};
    request.body = messages_body({&message, 1});
    request.is_repeatable = true;
    return operation<Preview>(core_, std::move(request), &parse_only_preview);
}

}  // namespace tidings
