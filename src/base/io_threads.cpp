// SPDX-License-Identifier: Apache-2.0
#include "base/io_threads.hpp"

#include "base/thread_name.hpp"

#include <fmt/format.h>

namespace tidings::base {

IoThreads::IoThreads(std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i) {
        auto& context = contexts_.emplace_back(1);
        guards_.emplace_back(context.get_executor());
    }
    for (std::size_t i = 0; i < count; ++i) {
        threads_.emplace_back([&context = contexts_[i], name = fmt::format("io {}", i)] {
            name_this_thread(name.c_str());
            context.run();
        });
    }
}

std::vector<boost::asio::io_context*> IoThreads::contexts()
{
    std::vector<boost::asio::io_context*> all;
    for (auto& context : contexts_) all.push_back(&context);
    return all;
}

void IoThreads::stop()
{
    for (auto& context : contexts_) context.stop();
    for (auto& thread : threads_)
        if (thread.joinable()) thread.join();
}

}  // namespace tidings::base
