// SPDX-License-Identifier: Apache-2.0
// An RSA key takes a tenth of a second and more to make. One thread makes them, one after the other, and few
// may wait, so that nobody can keep all cores busy by asking for keys.
#include "api/key_maker.hpp"

#include "webhook/signature.hpp"

#include <memory>

namespace tidings::api {

namespace asio = boost::asio;

namespace {

asio::awaitable<KeyPair> make_pair()
{
    auto key = webhook::SigningKey::generate();
    KeyPair pair{key.private_der(), key.public_der()};
    co_return pair;
}

}  // namespace

asio::awaitable<std::optional<KeyPair>> KeyMaker::make()
{
    auto leave = [](std::atomic<int>* waiting) { --*waiting; };
    // Given back however the coroutine ends.
    std::unique_ptr<std::atomic<int>, decltype(leave)> place(&waiting_, leave);
    if (++waiting_ > waiting_max) co_return std::nullopt;
    KeyPair pair = co_await thread_.run(make_pair());
    co_return pair;
}

}  // namespace tidings::api
