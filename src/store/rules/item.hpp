// SPDX-License-Identifier: Apache-2.0
// How a verb that decides something is carried out, by whichever store: its arguments become an Item, and the
// writer of the store takes the items that have gathered as one batch through three steps.
//
//     load     first() of all items, then second() of all: two loads at most, however many items there are
//     decide   item by item, in their order; what one changes in Facts the next one sees
//     write    what Effects and the marks of the rows say, at once
//
// A scan (what is due by now, what expired) begins with one query for keys, and then makes an item of them.
// Nothing of a batch has happened when its commit fails: then an item is not asked for its result.
//
// To add a verb: derive from Item, with the verb's arguments as members; want in first() what the arguments
// name, and in second() what the loaded rows name; do in decide() what is to be done, by the common steps of
// life.hpp and telling.hpp; leave in a member what the caller is to get.
#pragma once

#include "store/rules/batch.hpp"

namespace tidings::store::rules {

class Item {
public:
    virtual ~Item() = default;

    // What the arguments name. May keep what it works out for decide().
    virtual void first(const Surroundings& surroundings, Wants& wants) = 0;
    // What the rows name that the first load brought. Most need no second load.
    virtual void second(const Surroundings&, const Facts&, Wants&) {}
    virtual void decide(Batch& batch) = 0;

    // How many messages or rows it is about: a batch takes items until they are batch_weight_max.
    virtual std::size_t weight() const { return 1; }
};

// Some 20 ms of work: what is due goes to its taker after the commit, and should not wait for more.
constexpr std::size_t batch_weight_max = 1'000;

}  // namespace tidings::store::rules
