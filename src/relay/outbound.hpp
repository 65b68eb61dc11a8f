// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "store/store.hpp"

#include <atomic>

namespace tidings::relay {

namespace asio = boost::asio;

struct NamedLink {
    std::string name;
    store::LinkKey key{};
    const std::atomic<bool>* is_up = nullptr;  // outlives the dispatcher
    bool by_route_only = false;
};

// Takes what is due and puts each message into the queue of the link that is to carry it. Every link has a
// queue of its own, so that one that is down delays nobody else.
//
// Which link that is, the routes say; without routes every link in the order of the configuration. A link
// that refused the message is not tried again, one that is down only when there is no other. MMS and TTS have
// no link yet and end with code 332, as does what no route fits.
class Outbound {
public:
    Outbound(store::Store& store, base::Clock& clock, std::vector<NamedLink> links);

    asio::awaitable<void> run();

private:
    static constexpr std::size_t batch_max = 500;

    // Where a message goes, or what becomes of it.
    struct Decision {
        std::optional<store::LinkKey> link;
        std::optional<message::Code> code;  // to be told; without a link its last one
    };

    asio::awaitable<void> dispatch(std::vector<store::Outbound> batch);
    Decision decide(const store::Outbound& message, const store::Settings& settings) const;
    std::vector<const NamedLink*> candidates(const store::Outbound& message, const store::Settings& settings,
                                             message::Code& refusal) const;

    store::Store& store_;
    base::Clock& clock_;
    const std::vector<NamedLink> links_;
};

}  // namespace tidings::relay
