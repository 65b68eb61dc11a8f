// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>
#include <mutex>
#include <thread>

namespace tidings::detail {

// A thread that runs an engine of its own.
class EngineThread {
public:
    explicit EngineThread(const std::shared_ptr<const Settings>& settings);
    ~EngineThread();  // ends what is under way; waits for the thread unless it is this one
    EngineThread(const EngineThread&) = delete;
    EngineThread& operator=(const EngineThread&) = delete;

    const std::shared_ptr<Engine>& engine() const { return engine_; }
    bool is_this_thread() const noexcept { return thread_.get_id() == std::this_thread::get_id(); }

private:
    std::shared_ptr<asio::io_context> context_;  // shared with the thread, which may outlive this
    std::shared_ptr<Engine> engine_;
    asio::executor_work_guard<asio::io_context::executor_type> guard_;
    std::thread thread_;
};

// What the copies of a client share.
class Core {
public:
    explicit Core(Options options);
    Core(const asio::any_io_executor& executor, Options options);
    ~Core();
    Core(const Core&) = delete;
    Core& operator=(const Core&) = delete;

    const Settings& settings() const { return *settings_; }
    const std::shared_ptr<Engine>& for_async();
    const std::shared_ptr<Engine>& for_sync();
    bool is_own_thread() const noexcept;

private:
    std::shared_ptr<const Settings> settings_;
    std::shared_ptr<Engine> engine_;  // on the caller's executor; null: there is none
    mutable std::mutex mutex_;
    std::unique_ptr<EngineThread> thread_;  // from the first call that needs it
};

}  // namespace tidings::detail
