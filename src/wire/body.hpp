// SPDX-License-Identifier: Apache-2.0
// A body from outside becomes JSON in one place, and within the same limits for all: so many values, and so
// deep. What is not UTF-8, lone surrogates and exponents beyond 32 bits are no JSON here; a byte order mark
// before it is skipped.
#pragma once

#include "base/error.hpp"
#include "wire/faults.hpp"

#include <boost/json/object.hpp>

#include <string_view>

namespace tidings::wire {

enum class BadBody { no_object, too_many_values };  // no_object: no JSON, or JSON of another kind

// The object and all that is in it lie in `storage`.
base::Result<boost::json::object, BadBody> parse_object(std::string_view body,
                                                        boost::json::storage_ptr storage = {});

Faults faults_of(BadBody why);  // as most answers say it

}  // namespace tidings::wire
