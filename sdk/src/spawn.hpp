// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine.hpp"
#include "tidings/detail/operation.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

namespace tidings::detail {

// Anything that ends by an exception is a fault of this library or of memory: it becomes an Error, too, since
// nobody below could catch it.
inline Error error_of(std::exception_ptr exception)
{
    try {
        std::rethrow_exception(exception);
    } catch (const Error& error) {
        return error;
    } catch (const boost::system::system_error& error) {
        return Error(error.code(), error.what());
    } catch (const std::exception& error) {
        return Error(errc::bad_argument, error.what());
    }
}

// Keeps the engine for as long as `work` runs. Cancelled, the steps of `work` fail with operation_aborted.
template <class T>
asio::awaitable<Result<T>> run_on([[maybe_unused]] std::shared_ptr<Engine> engine,
                                  asio::awaitable<Result<T>> work)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    Result<T> result = co_await std::move(work);
    co_return result;
}

template <class T>
void spawn(const std::shared_ptr<Engine>& engine, asio::awaitable<Result<T>> work,
           std::unique_ptr<Receiver<T>> receiver)
{
    auto signal = std::make_shared<asio::cancellation_signal>();
    if (auto slot = receiver->slot(); slot.is_connected())
        slot.assign([signal, executor = engine->executor()](asio::cancellation_type) {
            asio::post(executor, [signal] { signal->emit(asio::cancellation_type::terminal); });
        });
    auto finish = [signal, receiver = std::move(receiver)](std::exception_ptr failure, Result<T> result) {
        receiver->deliver(failure ? Result<T>(error_of(failure)) : std::move(result));
    };
    asio::co_spawn(engine->executor(), run_on<T>(engine, std::move(work)),
                   asio::bind_cancellation_slot(signal->slot(), std::move(finish)));
}

}  // namespace tidings::detail
