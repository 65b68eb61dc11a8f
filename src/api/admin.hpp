// SPDX-License-Identifier: Apache-2.0
// What the operations of /admin/v1 share.
#pragma once

#include "api/body_fields.hpp"
#include "api/operation.hpp"

namespace tidings::api {

// nullptr: none, or it was removed.
const store::Account* find_account(const store::Settings& settings, const std::string& id);

// Whether a name may stand in a path: letters, digits, dots, hyphens and underscores, and no step through the
// tree, as one of dots would be.
bool is_path_name(std::string_view name, std::size_t octets_max);

// How long what is replaced works on beside its successor, as the body says. A day unless it does: time for
// the applications to change over. At most a month, so that a secret that leaked is not forgotten.
std::chrono::seconds overlap_in(BodyFields& fields);

// An account that a body names; nullptr: none, which is a fault unless the field is absent.
const store::Account* read_account(BodyFields& fields, std::string_view name,
                                   const store::Settings& settings);

// The canonical form of a source address: an E.164 number, a short code, or an alphanumeric name. A number
// without a country code is of `country`.
std::string canonical_source_in(std::string_view text, std::string_view country);

// The canonical form of the one that stands in the field `name`. Nothing: it is none of them, or a number of
// which nobody knows the country, which is a fault.
std::optional<std::string> source_in(BodyFields& fields, std::string_view name, std::string_view text,
                                     std::string_view country = {});

// Appends a canonical source address as JSON, as the world writes it.
void append_written(std::string& out, const std::string& source);

constexpr std::pair<std::string_view, message::Priority> priorities[] = {
    {"high", message::Priority::high},
    {"normal", message::Priority::normal},
    {"low", message::Priority::low},
};

}  // namespace tidings::api
