// SPDX-License-Identifier: Apache-2.0
// The wall clock, when it has jumped: what it shows, and that the operator can say that it is right. Until
// then the gateway goes by the time before the jump (base/guarded_clock.hpp).
#include "api/clock_doubt.hpp"
#include "api/operation.hpp"

#include "base/log.hpp"

namespace tidings::api {

namespace {

http::Response clock_response(const base::Clock& clock)
{
    return object_response(200, [&](wire::JsonObject& object) {
        object.time("time", clock.now());
        auto doubt = clock.doubt();
        object.boolean("doubted", doubt.has_value());
        if (doubt) {
            append_doubt(object, *doubt);
        } else {
            object.null("jumped_seconds");
            object.null("believed_in_seconds");
        }
    });
}

}  // namespace

void append_doubt(wire::JsonObject& object, const base::ClockDoubt& doubt)
{
    using std::chrono::duration_cast;
    using std::chrono::seconds;
    object.number("jumped_seconds", duration_cast<seconds>(doubt.by).count());
    object.number("believed_in_seconds", duration_cast<seconds>(doubt.believed_in).count());
}

awaitable<http::Response> get_clock(const Call& call) { co_return clock_response(call.api.clock); }

awaitable<http::Response> confirm_clock(const Call& call)
{
    if (call.api.clock.believe()) base::log_warning("the operator says that the wall clock is right");
    co_return clock_response(call.api.clock);
}

}  // namespace tidings::api
