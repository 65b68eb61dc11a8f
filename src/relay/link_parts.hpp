// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "relay/dialect.hpp"
#include "relay/fleet.hpp"
#include "relay/receipt_ids.hpp"
#include "relay/ways.hpp"
#include "smpp/client.hpp"
#include "store/store.hpp"

namespace tidings::relay {

// What the two sides of a link share. All of it outlives them.
struct LinkParts {
    smpp::Client& link;
    store::LinkKey key;
    const Dialect& dialect;
    ReceiptIds& ids;
    Fitness& fitness;
    const Fleet& fleet;
    const Ways& ways;
    store::Store& store;
    base::Clock& clock;
};

}  // namespace tidings::relay
