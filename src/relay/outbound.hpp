// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "store/store.hpp"

namespace tidings::relay {

namespace asio = boost::asio;

// Takes what is due and puts each message into the queue of the link that is to carry it. Every link has a
// queue of its own, so that one that is down delays nobody else. The first configured link carries all SMS;
// MMS and TTS have no link yet and end with code 332, as does everything when there is no link at all.
class Outbound {
public:
    Outbound(store::Store& store, base::Clock& clock, std::vector<store::LinkKey> links);

    asio::awaitable<void> run();

private:
    static constexpr std::size_t batch_max = 500;

    asio::awaitable<void> dispatch(std::vector<store::Outbound> batch);
    std::optional<store::LinkKey> route(const store::Outbound& message) const;

    store::Store& store_;
    base::Clock& clock_;
    const std::vector<store::LinkKey> links_;
};

}  // namespace tidings::relay
