// SPDX-License-Identifier: Apache-2.0
// How the calls of client.hpp start: not for use by applications. A call is made once, as an Operation, and
// is then waited for or completes by a token of Asio's.
#pragma once

#include "tidings/error.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/prefer.hpp>

#include <functional>
#include <future>
#include <memory>
#include <utility>

namespace tidings::detail {

namespace asio = boost::asio;

class Core;
class Engine;

// Whoever waits for the result of a call.
template <class T>
class Receiver {
public:
    virtual ~Receiver() = default;
    virtual void deliver(Result<T> result) = 0;  // once
    virtual asio::cancellation_slot slot() const noexcept { return {}; }
};

template <class T>
struct Operation {
    std::shared_ptr<Core> core;
    std::function<void(const std::shared_ptr<Engine>& engine, std::unique_ptr<Receiver<T>> receiver)> start;
};

// Asynchronous calls run where the client was told, synchronous ones on a thread of the client's own.
const std::shared_ptr<Engine>& engine_for_async(Core& core);
const std::shared_ptr<Engine>& engine_for_sync(Core& core);
bool is_own_thread(const Core& core) noexcept;
asio::any_io_executor executor_of(const Engine& engine);
Error would_wait_for_itself();

template <class T>
class PromiseReceiver final : public Receiver<T> {
public:
    std::future<Result<T>> future() { return promise_.get_future(); }
    void deliver(Result<T> result) override { promise_.set_value(std::move(result)); }

private:
    std::promise<Result<T>> promise_;
};

template <class T, class Handler>
class HandlerReceiver final : public Receiver<T> {
public:
    HandlerReceiver(Handler handler, const asio::any_io_executor& fallback)
        : handler_(std::move(handler)),
          slot_(asio::get_associated_cancellation_slot(handler_)),
          executor_(asio::prefer(asio::any_io_executor(asio::get_associated_executor(handler_, fallback)),
                                 asio::execution::outstanding_work.tracked))
    {
    }
    void deliver(Result<T> result) override
    {
        auto complete = [handler = std::move(handler_), slot = slot_, result = std::move(result)]() mutable {
            slot.clear();
            std::move(handler)(std::move(result));
        };
        asio::dispatch(executor_, std::move(complete));
    }
    asio::cancellation_slot slot() const noexcept override { return slot_; }

private:
    Handler handler_;
    asio::cancellation_slot slot_;
    asio::any_io_executor executor_;
};

template <class T>
Result<T> wait(const Operation<T>& operation)
{
    if (is_own_thread(*operation.core)) return would_wait_for_itself();
    auto receiver = std::make_unique<PromiseReceiver<T>>();
    auto future = receiver->future();
    operation.start(engine_for_sync(*operation.core), std::move(receiver));
    return future.get();
}

template <class T, class Token>
auto async(Operation<T> operation, Token&& token)
{
    auto initiate = [](auto handler, Operation<T> started) {
        const std::shared_ptr<Engine>& engine = engine_for_async(*started.core);
        using Made = HandlerReceiver<T, decltype(handler)>;
        started.start(engine, std::make_unique<Made>(std::move(handler), executor_of(*engine)));
    };
    return asio::async_initiate<Token, void(Result<T>)>(initiate, token, std::move(operation));
}

}  // namespace tidings::detail
