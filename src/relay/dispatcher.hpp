// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "base/wakeup.hpp"
#include "relay/ways.hpp"
#include "store/store.hpp"

namespace tidings::relay {

namespace asio = boost::asio;

// Takes what is due and puts each message into the queue of the link that is to carry it. Every link has a
// queue of its own, so that one that is down delays nobody else.
//
// A message that no link may carry, because of its format or of the routes, ends with code 332 or 333; so do
// MMS and TTS while no kind of link carries them.
class Dispatcher {
public:
    Dispatcher(store::Store& store, base::Clock& clock, const Ways& ways);

    asio::awaitable<void> run();
    // Until what is being dispatched is handed over: whatever comes later goes to links of the fleet as it is
    // now. On the thread of run().
    asio::awaitable<void> until_dispatched();

private:
    static constexpr std::size_t batch_max = 500;

    // Where a message goes, or what becomes of it.
    struct Decision {
        std::optional<store::LinkKey> link;
        std::optional<message::Code> code;  // to be told; without a link its last one
        std::string why;                    // without a link
        std::string step;                   // for the trace alone; empty: none
    };

    asio::awaitable<void> dispatch(std::vector<store::Outbound> batch);
    Decision decide(const store::Outbound& message, const Ways::Scene& scene) const;

    store::Store& store_;
    base::Clock& clock_;
    const Ways& ways_;
    bool dispatching_ = false;
    std::uint64_t dispatches_ = 0;
};

}  // namespace tidings::relay
