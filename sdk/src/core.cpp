// SPDX-License-Identifier: Apache-2.0
#include "core.hpp"

#include "tidings/detail/operation.hpp"

#include <boost/asio/post.hpp>

namespace tidings::detail {

namespace {

void close_later(const std::shared_ptr<Engine>& engine)
{
    asio::post(engine->executor(), [engine] { engine->close(); });
}

std::shared_ptr<const Settings> checked(Options options)
{
    return std::make_shared<const Settings>(settings_of(std::move(options)).value());
}

}  // namespace

EngineThread::EngineThread(const std::shared_ptr<const Settings>& settings)
    : context_(std::make_shared<asio::io_context>(1)),
      engine_(std::make_shared<Engine>(context_->get_executor(), settings)),
      guard_(context_->get_executor()),
      thread_([context = context_] { context->run(); })
{
}

EngineThread::~EngineThread()
{
    close_later(engine_);
    guard_.reset();
    if (is_this_thread())
        thread_.detach();  // by a callback that held the last copy of the client
    else
        thread_.join();
}

Core::Core(Options options) : settings_(checked(std::move(options)))
{
    // What is wrong with the options shows now and not at the first call.
    thread_ = std::make_unique<EngineThread>(settings_);
}

Core::Core(const asio::any_io_executor& executor, Options options)
    : settings_(checked(std::move(options))), engine_(std::make_shared<Engine>(executor, settings_))
{
}

Core::~Core()
{
    if (engine_) close_later(engine_);
}

const std::shared_ptr<Engine>& Core::for_async() { return engine_ ? engine_ : for_sync(); }

const std::shared_ptr<Engine>& Core::for_sync()
{
    std::lock_guard lock(mutex_);
    if (!thread_) thread_ = std::make_unique<EngineThread>(settings_);
    return thread_->engine();
}

bool Core::is_own_thread() const noexcept
{
    std::lock_guard lock(mutex_);
    return thread_ && thread_->is_this_thread();
}

const std::shared_ptr<Engine>& engine_for_async(Core& core) { return core.for_async(); }
const std::shared_ptr<Engine>& engine_for_sync(Core& core) { return core.for_sync(); }
bool is_own_thread(const Core& core) noexcept { return core.is_own_thread(); }
asio::any_io_executor executor_of(const Engine& engine) { return engine.executor(); }

Error would_wait_for_itself()
{
    return Error(errc::bad_argument,
                 "a synchronous call by the thread that would have to answer it: use the asynchronous one");
}

}  // namespace tidings::detail
