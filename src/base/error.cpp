// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"

#include <cstdlib>
#include <string>

namespace tidings::base {

namespace {

const char* text(errc value)
{
    switch (value) {
    case errc::bad_base64: return "not base64";
    case errc::bad_time: return "not a date";
    case errc::bad_uuid: return "not a UUID";
    case errc::bad_address: return "not a phone number";
    case errc::bad_seal: return "sealed bytes do not open";
    case errc::bad_pdu: return "malformed PDU";
    case errc::bad_template: return "malformed template";
    case errc::bad_url: return "not an http or https URL";
    case errc::not_found: return "not found";
    case errc::not_held: return "not held";
    case errc::not_scheduled: return "not scheduled";
    case errc::address_refused: return "address refused by policy";
    case errc::answer_too_large: return "answer too large";
    case errc::timed_out: return "timed out";
    case errc::unreachable: return "unreachable";
    case errc::exists: return "exists already";
    case errc::in_use: return "in use";
    case errc::not_prepaid: return "the account is not prepaid";
    case errc::reused_key: return "idempotency key used for another request";
    case errc::too_many: return "too many";
    }
    std::abort();
}

class Category : public boost::system::error_category {
    const char* name() const noexcept override { return "tidings"; }
    std::string message(int value) const override { return text(static_cast<errc>(value)); }
};

}  // namespace

const boost::system::error_category& error_category() noexcept
{
    static const Category category;
    return category;
}

boost::system::error_code make_error_code(errc value) noexcept
{
    return {static_cast<int>(value), error_category()};
}

}  // namespace tidings::base
