// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "relay/fleet.hpp"
#include "store/store.hpp"

#include <vector>

namespace tidings::relay {

// Which links may carry a message, by the routes; without routes every link, in the order of the
// configuration. A link that refused the message is not tried again. Safe from every thread.
class Ways {
public:
    Ways(const store::Store& store, const Fleet& fleet, base::Clock& clock)
        : store_(store), fleet_(fleet), clock_(clock)
    {
    }

    // What there is to choose from, for one batch.
    struct Choice {
        std::shared_ptr<const store::Settings> settings;
        std::shared_ptr<const Fleet::Members> links;
    };
    Choice choice() const { return {store_.settings(), fleet_.members()}; }

    struct Open {
        std::vector<const Fleet::Member*> links;  // of the choice, in the order in which they are to be tried
        message::Code refusal{};                  // what becomes of the message when there are none
    };
    Open open_to(const store::Outbound& message, const Choice& choice) const;
    // Besides this link.
    bool has_other(const store::Outbound& message, store::LinkKey link) const;

private:
    Open by_routes(const store::Outbound& message, const Choice& choice) const;

    const store::Store& store_;
    const Fleet& fleet_;
    base::Clock& clock_;
};

}  // namespace tidings::relay
