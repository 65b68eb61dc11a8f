// SPDX-License-Identifier: Apache-2.0
// A client of the Tidings gateway, and of every service that speaks the MessageMedia Messages API.
//
//     tidings::Client client({.credentials = tidings::Basic{"KEY", "SECRET"}});
//     auto sent = client.messages().send({.content = "Hello", .destination_number = "+61491570156"});
//     if (sent) std::cout << sent->message_id << '\n';
//     else std::cerr << sent.error().what() << '\n';
//
// Every call gives a Result, and has an asynchronous twin that takes a completion token of Asio's with the
// signature void(Result<T>): a callback, asio::use_future, asio::use_awaitable, … It can be cancelled by the
// token's cancellation slot.
#pragma once

#include "tidings/inbox.hpp"
#include "tidings/messages.hpp"
#include "tidings/options.hpp"
#include "tidings/webhooks.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <string>

namespace tidings {

// Threads: all calls, of a client and of what it gives, may be made from every thread at any time; a copy is
// the same client. All I/O of a client is done one step at a time, on the executor's threads or on a thread
// of its own: for more than one core take more than one client.
//
// Lifetime: what is under way when the last copy goes ends with operation_aborted.
class Client {
public:
    // Asynchronous calls, too, run on a thread of the client's own. Throws an Error when the options make no
    // sense.
    explicit Client(Options options = {});
    // Asynchronous calls run there: `context.get_executor()`. A synchronous call may nevertheless be made by
    // one of its threads, which then does nothing else.
    Client(boost::asio::any_io_executor executor, Options options);

    Messages messages() const { return Messages(core_); }
    Replies replies() const { return Replies(core_); }
    DeliveryReports delivery_reports() const { return DeliveryReports(core_); }
    Webhooks webhooks() const { return Webhooks(core_); }
    SignatureKeys signature_keys() const { return SignatureKeys(core_); }
    NumberAuthorisation number_authorisation() const { return NumberAuthorisation(core_); }

    // What the account may still send.
    Result<Credits> credits() const { return detail::wait(asking_credits()); }
    template <class Token>
    auto async_credits(Token&& token) const
    {
        return detail::async(asking_credits(), std::forward<Token>(token));
    }

    // Where it sends to, without a slash at its end.
    const std::string& base_uri() const;

private:
    detail::Operation<Credits> asking_credits() const;

    std::shared_ptr<detail::Core> core_;
};

}  // namespace tidings
