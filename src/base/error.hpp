// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

namespace tidings::base {

// Outcomes a caller may decide on. Surroundings that fail (peer, disk, database) throw instead; bugs assert.
enum class errc {
    bad_base64 = 1,    // text that is no base64
    bad_time,          // text in none of the accepted date forms
    bad_uuid,          // text that is no UUID of 36 characters
    bad_address,       // a number that is no E.164 number
    bad_seal,          // sealed bytes that were changed, or sealed with another key or for another row
    bad_pdu,           // bytes that are no PDU; the stream they came from cannot go on
    bad_template,      // a webhook template that does not parse
    bad_url,           // text that is no http or https URL with a host
    not_found,         // nothing by that name, or not of this account
    not_held,          // a decision on a message that does not wait for one
    not_scheduled,     // cancel of a message that is on its way or at its end
    address_refused,   // a connection to an address that policy forbids
    answer_too_large,  // a peer's answer over the limit
    timed_out,         // no answer in time
    unreachable,       // no connection
    exists,            // a second of what there is only one of
    in_use,            // what others still depend on cannot be removed
    not_prepaid,       // credits for an account that has no balance
    reused_key,        // an idempotency key that was used for another request
    too_many,          // one more than the limit of what an account may have
};

const boost::system::error_category& error_category() noexcept;
boost::system::error_code make_error_code(errc value) noexcept;

// boost::system::result, and a compiler warning for whoever drops one.
template <class T, class E = boost::system::error_code>
class [[nodiscard]] Result : public boost::system::result<T, E> {
public:
    using boost::system::result<T, E>::result;
};

}  // namespace tidings::base

template <>
struct boost::system::is_error_code_enum<tidings::base::errc> : std::true_type {
};
