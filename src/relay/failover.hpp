// SPDX-License-Identifier: Apache-2.0
// When what waits for a link that cannot send goes to others instead. A link that has not been fit for a
// while gives back what waits here as long as another one is fit. Its queue in the store is emptied once,
// and again only when there are more fit links than the last time or other routes: what only this link may
// carry comes back at once, and would otherwise go round for ever.
//
// No clock, no store: what was seen goes in, decisions come out.
#pragma once

#include "store/settings.hpp"

#include <cstddef>
#include <optional>
#include <utility>

namespace tidings::relay {

class Failover {
public:
    using Routes = decltype(store::Settings::routes);

    // Once in a while. `fit_others`: other links that would carry its messages, 0 while it has not been unfit
    // for long.
    void look(std::size_t fit_others, Routes routes)
    {
        bool has_new_ways = fit_others > fit_others_ || (routes_ && *routes_ != routes);
        empties_queue_ = fit_others > 0 && (empties_queue_ || has_new_ways);
        fit_others_ = fit_others;
        routes_ = std::move(routes);
    }

    // What waits in the queue is to be dispatched anew, though the link is fit.
    void order() { empties_queue_ = true; }

    bool gives_back() const { return fit_others_ > 0; }
    bool empties_queue() const { return empties_queue_; }
    bool take_order() { return std::exchange(empties_queue_, false); }  // the queue is being emptied

private:
    std::size_t fit_others_ = 0;
    std::optional<Routes> routes_;  // when it looked last
    bool empties_queue_ = false;
};

}  // namespace tidings::relay
