// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "message/choose_link.hpp"
#include "relay/fleet.hpp"
#include "store/store.hpp"

#include <vector>

namespace tidings::relay {

// Which links a message may take (message/choose_link.hpp), with the routes and links as they are now. Safe
// from every thread.
class Ways {
public:
    Ways(const store::Store& store, const Fleet& fleet, base::Clock& clock)
        : store_(store), fleet_(fleet), clock_(clock)
    {
    }

    // What there is to choose from, looked at once for a whole batch.
    struct Scene {
        std::shared_ptr<const store::Settings> settings;
        std::shared_ptr<const Fleet::Members> links;
        std::vector<message::LinkView> views;  // of the links, in their order
    };
    Scene scene() const;

    message::LinkChoice choose(const store::Outbound& message, const Scene& scene) const;
    std::string why_none(const store::Outbound& message, const Scene& scene) const;  // for people
    // Besides this link.
    bool has_other(const store::Outbound& message, store::LinkKey link) const;

private:
    const store::Store& store_;
    const Fleet& fleet_;
    base::Clock& clock_;
};

}  // namespace tidings::relay
