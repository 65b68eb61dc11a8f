// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tidings/detail/operation.hpp"
#include "tidings/message.hpp"

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace tidings {

inline constexpr std::size_t messages_max = 100;  // of one request; send_all() makes several

struct SendOptions {
    // Any text that is used for no other request: then sending is repeated after a failure, and the gateway
    // sees to it that nothing is sent twice. The hosted service does not know this and may send twice.
    std::string idempotency_key{};
};

// Of what went into one request of send_all().
struct Part {
    std::size_t first = 0;  // index of its first message
    std::size_t count = 0;
    Result<std::vector<Message>> result{};  // empty: it was skipped
};

struct Progress {
    std::size_t total = 0;
    std::size_t accepted = 0;
    std::size_t failed = 0;
};

struct BulkOptions {
    std::size_t part_size = messages_max;
    std::size_t concurrency = 4;  // requests at a time
    // Each part is sent with this and its number; see SendOptions. Parts of another size are other requests.
    std::string idempotency_key{};
    std::set<std::size_t> skip{};  // numbers, from 0, of parts that went out before; they count as accepted
    // Called after each part, one call at a time, on the thread that does the client's I/O.
    std::function<void(const Part& part, const Progress& progress)> on_part{};
};

// client.messages(). Cheap to copy; see Client for threads.
class Messages {
public:
    explicit Messages(std::shared_ptr<detail::Core> core) : core_(std::move(core)) {}

    // Gives the message as the gateway accepted it, with its id: it will be sent, or a report will say why
    // not.
    Result<Message> send(Message message, SendOptions options = {}) const
    {
        return detail::wait(sending(std::move(message), std::move(options)));
    }
    // At most messages_max: all are accepted, or none.
    Result<std::vector<Message>> send_batch(std::vector<Message> messages, SendOptions options = {}) const
    {
        return detail::wait(sending_batch(std::move(messages), std::move(options)));
    }
    // Any number, in parts that succeed and fail each by itself. Gives all parts in order; an error only if
    // the options make no sense.
    Result<std::vector<Part>> send_all(std::vector<Message> messages, BulkOptions options = {}) const
    {
        return detail::wait(sending_all(std::move(messages), std::move(options)));
    }
    // The message, and how far it has come.
    Result<Message> get(std::string message_id) const { return detail::wait(getting(std::move(message_id))); }
    // Of one that is scheduled and not yet due.
    Result<Message> cancel(std::string message_id) const
    {
        return detail::wait(cancelling(std::move(message_id)));
    }
    // What would become of it; sends nothing.
    Result<Preview> preview(Message message) const { return detail::wait(previewing(std::move(message))); }

    template <class Token>
    auto async_send(Message message, Token&& token) const
    {
        return detail::async(sending(std::move(message), {}), std::forward<Token>(token));
    }
    template <class Token>
    auto async_send(Message message, SendOptions options, Token&& token) const
    {
        return detail::async(sending(std::move(message), std::move(options)), std::forward<Token>(token));
    }
    template <class Token>
    auto async_send_batch(std::vector<Message> messages, SendOptions options, Token&& token) const
    {
        return detail::async(sending_batch(std::move(messages), std::move(options)),
                             std::forward<Token>(token));
    }
    // When cancelled, what was not yet answered fails with operation_aborted.
    template <class Token>
    auto async_send_all(std::vector<Message> messages, BulkOptions options, Token&& token) const
    {
        return detail::async(sending_all(std::move(messages), std::move(options)),
                             std::forward<Token>(token));
    }
    template <class Token>
    auto async_get(std::string message_id, Token&& token) const
    {
        return detail::async(getting(std::move(message_id)), std::forward<Token>(token));
    }
    template <class Token>
    auto async_cancel(std::string message_id, Token&& token) const
    {
        return detail::async(cancelling(std::move(message_id)), std::forward<Token>(token));
    }
    template <class Token>
    auto async_preview(Message message, Token&& token) const
    {
        return detail::async(previewing(std::move(message)), std::forward<Token>(token));
    }

private:
    detail::Operation<Message> sending(Message message, SendOptions options) const;
    detail::Operation<std::vector<Message>> sending_batch(std::vector<Message> messages,
                                                          SendOptions options) const;
    detail::Operation<std::vector<Part>> sending_all(std::vector<Message> messages,
                                                     BulkOptions options) const;
    detail::Operation<Message> getting(std::string message_id) const;
    detail::Operation<Message> cancelling(std::string message_id) const;
    detail::Operation<Preview> previewing(Message message) const;

    std::shared_ptr<detail::Core> core_;
};

}  // namespace tidings
