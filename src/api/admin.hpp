// SPDX-License-Identifier: Apache-2.0
// What the operations of /admin/v1 share.
#pragma once

#include "api/body_fields.hpp"
#include "api/operation.hpp"

namespace tidings::api {

// nullptr: none, or it was removed.
const store::Account* find_account(const store::Settings& settings, const std::string& id);

// An account that a body names; nullptr: none, which is a fault unless the field is absent.
const store::Account* read_account(BodyFields& fields, std::string_view name,
                                   const store::Settings& settings);

// The canonical form of a source address that stands in the field `name`: an E.164 number, a short code, or
// an alphanumeric name. Nothing: it is none of them, which is a fault.
std::optional<std::string> source_in(BodyFields& fields, std::string_view name, std::string_view text);

// A canonical source address as the world writes it: E.164 with its +, all else as it is.
std::string written(const std::string& source);

constexpr std::pair<std::string_view, message::Priority> priorities[] = {
    {"high", message::Priority::high},
    {"normal", message::Priority::normal},
    {"low", message::Priority::low},
};

http::Response no_content();

}  // namespace tidings::api
