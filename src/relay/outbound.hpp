// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "base/signal.hpp"
#include "relay/fleet.hpp"
#include "store/store.hpp"

namespace tidings::relay {

namespace asio = boost::asio;

// Takes what is due and puts each message into the queue of the link that is to carry it. Every link has a
// queue of its own, so that one that is down delays nobody else.
//
// Which link that is, the routes say; without routes every link in the order of the configuration. A link
// that refused the message is not tried again, one that is down or slow only when there is no other. MMS and
// TTS have no link yet and end with code 332, as does what no route fits.
class Outbound {
public:
    Outbound(store::Store& store, base::Clock& clock, const Fleet& fleet);

    asio::awaitable<void> run();
    // Between the two no message is given to any link. On the thread of run().
    asio::awaitable<void> pause();
    void resume();

private:
    static constexpr std::size_t batch_max = 500;

    // Where a message goes, or what becomes of it.
    struct Decision {
        std::optional<store::LinkKey> link;
        std::optional<message::Code> code;  // to be told; without a link its last one
    };

    asio::awaitable<void> dispatch(std::vector<store::Outbound> batch);
    // What there is to choose from, for one batch.
    struct Choice {
        std::shared_ptr<const store::Settings> settings;
        std::shared_ptr<const Fleet::Members> links;
    };
    Decision decide(const store::Outbound& message, const Choice& choice) const;
    std::vector<const Fleet::Member*> candidates(const store::Outbound& message, const Choice& choice,
                                                 message::Code& refusal) const;

    store::Store& store_;
    base::Clock& clock_;
    const Fleet& fleet_;
    bool dispatching_ = false;
    bool paused_ = false;
    base::Signal dispatched_;
    base::Signal resumed_;
};

}  // namespace tidings::relay
