// SPDX-License-Identifier: Apache-2.0
// What goes wrong with somebody, beside others with whom nothing is wrong.
#pragma once

#include "probe.hpp"

#include <span>

namespace tidings::bench {

struct Trouble {
    std::string_view name;
    Probe::Arrives arrives = Probe::Arrives::at_carrier;
    World::CarrierIs carrier = World::CarrierIs::up;
    // What the carrier does to each message, of whomever. Null: what it always does.
    Conduct (*conduct)(const smpp::ShortMessage&) = nullptr;
    void (*prepare)(World&) = nullptr;  // before anything is measured
    void (*begin)(World&) = nullptr;    // and then it goes on by itself
};

std::span<const Trouble> troubles();

}  // namespace tidings::bench
