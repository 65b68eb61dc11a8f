// SPDX-License-Identifier: Apache-2.0
// What is written thousands of times a second, appended to a text that is there already: no string is made
// for a field on its way into a body. to_iso() and Uuid::text() give the same, to the octet.
#pragma once

#include "base/time.hpp"
#include "base/uuid.hpp"

#include <cstdint>
#include <string>

namespace tidings::base {

void append_iso(std::string& out, Time time);
void append_uuid(std::string& out, const Uuid& id);
void append_number(std::string& out, std::int64_t number);

}  // namespace tidings::base
