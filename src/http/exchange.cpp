// SPDX-License-Identifier: Apache-2.0
// The way of a request, on a connection that is kept from an earlier one where there is one:
//
//     a name ──► addresses ──► each is judged, and tried in turn ──► TLS ──► request, answer ──► kept again
//
// A connection that was idle may be closed by the other side in the moment in which it is used. So what fails
// there before anything of an answer came is sent once more, on a new one; what fails on a new one has
// failed.
//
// Addresses are judged when they are about to be connected to: what was judged is what is used, and no name
// can come to mean something else in between.
#include "http/exchange.hpp"

#include <boost/asio/error.hpp>

#include <fmt/format.h>

namespace tidings::http {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// From the name to the end of the TLS handshake: a lookup and three SYNs. Several addresses share it, so that
// a first one which swallows everything leaves time for the next.
constexpr std::chrono::milliseconds connect_timeout{10'000};

}  // namespace

Exchange::Exchange(ClientState& state, const ClientRequest& request, Destination& to)
    : state_(state),
      request_(request),
      to_(to),
      deadline_(state.clock.steady() + request.timeout),
      place_(state.exchanges.insert(state.exchanges.end(), this))
{
    ++to_.users;
}

Exchange::~Exchange()
{
    connection_.reset();  // before its destination may go
    --to_.users;
    state_.exchanges.erase(place_);
}

// The step ends with an error; what comes of that is decided where it is awaited.
void Exchange::stop(Stop why)
{
    is_stopped_ = true;
    is_aborted_ |= why == Stop::aborted;
    if (connection_) connection_->close();
    woken_.notify();
}

ClientFailure Exchange::stopped() const
{
    if (is_aborted_) return {asio::error::operation_aborted, "the HTTP client was stopped"};
    return {base::errc::timed_out, is_connected_ ? "no answer in time" : "no connection in time",
            is_connected_};
}

asio::awaitable<ClientResult> Exchange::run()
{
    connection_ = state_.pool.take(to_, state_.clock.steady());
    for (bool is_reused = connection_ != nullptr;; is_reused = false) {
        if (!connection_) {
            Failure failure = co_await open();
            if (failure) co_return *failure;
        }
        is_connected_ = true;
        until_ = deadline_;
        AnswerParser answer(request_.answer_max, request_.when_too_large);
        error_code error = co_await connection_->exchange(request_, to_.origin, answer);
        if (!error && answer.state() == AnswerParser::State::done) {
            if (answer.keeps_connection() && !is_stopped_ && connection_->is_clean())
                state_.pool.keep(to_, std::move(connection_), state_.clock.steady());
            co_return answer.take();
        }
        connection_.reset();
        if (is_stopped_) co_return stopped();
        if (is_reused && !answer.has_begun()) continue;
        if (!error) co_return answer.failure();
        co_return ClientFailure{base::errc::unreachable, error.message(), true};
    }
}

asio::awaitable<Exchange::Failure> Exchange::open()
{
    is_connected_ = false;
    until_ = connected_by_ = std::min(deadline_, state_.clock.steady() + connect_timeout);
    Addresses found = co_await state_.resolver.resolve(to_.origin.host, request_.payer, woken_, is_stopped_);
    if (is_stopped_) co_return stopped();
    if (found.all.empty()) co_return ClientFailure{base::errc::unreachable, found.fault};
    state_.pool.make_room(state_.exchanges.size() - 1);
    connection_ = std::make_unique<ClientConnection>(state_.executor);
    Failure failure = co_await connect(found.all);
    if (!failure && to_.origin.is_tls) failure = co_await shake_hands();
    if (failure) connection_.reset();
    co_return failure;
}

asio::awaitable<Exchange::Failure> Exchange::connect(const std::vector<asio::ip::address>& addresses)
{
    Failure failure = ClientFailure{base::errc::address_refused, "address refused by policy"};
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        if (!state_.options.addresses.allows(addresses[i])) continue;
        base::Moment now = state_.clock.steady();
        until_ = now + (connected_by_ - now) / (addresses.size() - i);
        asio::ip::tcp::endpoint peer(addresses[i], to_.origin.port);
        error_code error = co_await connection_->connect(peer);
        if (!error && !is_stopped_) co_return Failure();
        failure = is_stopped_ ? stopped() : ClientFailure{base::errc::unreachable, error.message()};
        if (is_aborted_ || state_.clock.steady() >= connected_by_) break;
        is_stopped_ = false;
    }
    co_return failure;
}

asio::awaitable<Exchange::Failure> Exchange::shake_hands()
{
    until_ = connected_by_;
    error_code error = co_await connection_->shake_hands(state_.tls, to_.origin, to_.session);
    if (is_stopped_) co_return stopped();
    if (!error) co_return Failure();
    std::string why = connection_->handshake_failure(error);
    co_return ClientFailure{base::errc::unreachable, why};
}

}  // namespace tidings::http
