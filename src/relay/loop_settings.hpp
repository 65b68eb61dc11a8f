// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "relay/send_policy.hpp"

#include <string>

namespace tidings::relay {

class Inlet;

struct LoopSettings {
    std::string name;            // permanent: receipts find their messages by it
    bool by_route_only = false;  // without routes it carries nothing
    SendPolicy sending;
    Inlet* inlet = nullptr;  // another door by which messages come in (inlet.hpp); null: there is none

    bool operator==(const LoopSettings&) const = default;
};

}  // namespace tidings::relay
