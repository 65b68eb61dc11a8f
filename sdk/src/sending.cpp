// SPDX-License-Identifier: Apache-2.0
#include "sending.hpp"

#include "answers.hpp"
#include "call.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace tidings::detail {

namespace {

constexpr std::size_t idempotency_key_max = 255;

// The parts of one send_all(), which several coroutines send. All of it happens on the engine's strand.
struct Bulk {
    std::shared_ptr<Engine> engine;
    std::vector<Message> messages;
    BulkOptions options;
    std::vector<Part> parts{};
    Progress progress{};
    std::size_t next = 0;     // of the parts, to be sent
    std::size_t working = 0;  // coroutines
    asio::steady_timer done;  // cancelled by the last of them
};

std::vector<Part> cut(std::size_t total, std::size_t part_size)
{
    std::vector<Part> parts;
    for (std::size_t first = 0; first < total; first += part_size) {
        Part& part = parts.emplace_back();
        part.first = first;
        part.count = std::min(part_size, total - first);
        part.result = Error(asio::error::operation_aborted, "not sent");
    }
    return parts;
}

std::string key_of_part(const BulkOptions& options, std::size_t index)
{
    if (options.idempotency_key.empty()) return {};
    return options.idempotency_key + "-" + std::to_string(index + 1);
}

void skip(Bulk& bulk)
{
    for (std::size_t index : bulk.options.skip) {
        if (index >= bulk.parts.size()) break;
        bulk.parts[index].result = std::vector<Message>();
        bulk.progress.accepted += bulk.parts[index].count;
    }
}

void note(Bulk& bulk, const Part& part)
{
    (part.result ? bulk.progress.accepted : bulk.progress.failed) += part.count;
    if (bulk.options.on_part) bulk.options.on_part(part, bulk.progress);
}

asio::awaitable<Result<void>> send_parts(std::shared_ptr<Bulk> bulk)
{
    while (bulk->next < bulk->parts.size()) {
        std::size_t index = bulk->next++;
        Part& part = bulk->parts[index];
        if (bulk->options.skip.contains(index)) continue;
        std::span<const Message> messages(bulk->messages.data() + part.first, part.count);
        auto request = send_request(messages, key_of_part(bulk->options, index));
        part.result = co_await call<std::vector<Message>>(*bulk->engine, std::move(request), &parse_messages);
        note(*bulk, part);
    }
    co_return Result<void>();
}

// Whoever waits for one of the coroutines: the last one ends the wait.
class WorkerEnd final : public Receiver<void> {
public:
    WorkerEnd(std::shared_ptr<Bulk> bulk, asio::cancellation_slot slot)
        : bulk_(std::move(bulk)), slot_(std::move(slot))
    {
    }
    void deliver(Result<void> result) override
    {
        if (!result) bulk_->next = bulk_->parts.size();  // the callback threw: no more of it
        if (--bulk_->working == 0) bulk_->done.cancel();
    }
    asio::cancellation_slot slot() const noexcept override { return slot_; }

private:
    std::shared_ptr<Bulk> bulk_;
    asio::cancellation_slot slot_;
};

}  // namespace

Result<Request> send_request(std::span<const Message> messages, std::string idempotency_key)
{
    if (messages.empty()) return bad_argument("there is no message to send");
    if (messages.size() > messages_max)
        return bad_argument("one request takes at most 100 messages: send_all() makes several");
    if (idempotency_key.size() > idempotency_key_max)
        return bad_argument("the idempotency key is longer than 255 characters");
    if (!idempotency_key.empty() && !is_header_value(idempotency_key))
        return bad_argument("the idempotency key has characters that cannot be sent");
    Request request;
    request.method = http::verb::post;
    request.target = "/v1/messages";
    request.body = messages_body(messages);
    request.is_repeatable = !idempotency_key.empty();
    request.idempotency_key = std::move(idempotency_key);
    return request;
}

asio::awaitable<Result<std::vector<Part>>> send_in_parts(std::shared_ptr<Engine> engine,
                                                         std::vector<Message> messages, BulkOptions options)
{
    if (options.part_size == 0 || options.part_size > messages_max)
        co_return bad_argument("a part has 1 to 100 messages");
    if (options.concurrency == 0) co_return bad_argument("concurrency must be positive");
    asio::steady_timer done(engine->executor(), asio::steady_timer::time_point::max());
    auto bulk = std::make_shared<Bulk>(Bulk{.engine = engine,
                                            .messages = std::move(messages),
                                            .options = std::move(options),
                                            .done = std::move(done)});
    bulk->parts = cut(bulk->messages.size(), bulk->options.part_size);
    bulk->progress.total = bulk->messages.size();
    skip(*bulk);
    std::size_t workers = std::min(bulk->options.concurrency, bulk->parts.size());
    std::vector<asio::cancellation_signal> signals(workers);
    bulk->working = workers;
    for (asio::cancellation_signal& signal : signals)
        spawn<void>(engine, send_parts(bulk), std::make_unique<WorkerEnd>(bulk, signal.slot()));
    bool is_cut_off = false;
    while (bulk->working > 0) {
        boost::system::error_code woken;
        co_await bulk->done.async_wait(asio::redirect_error(asio::use_awaitable, woken));
        if (bulk->working == 0 || is_cut_off) continue;
        // Woken before the end: the caller cancelled. Each worker ends what it does and fails what is left.
        for (asio::cancellation_signal& signal : signals) signal.emit(asio::cancellation_type::terminal);
        is_cut_off = true;
    }
    co_return std::move(bulk->parts);
}

}  // namespace tidings::detail
