// SPDX-License-Identifier: Apache-2.0
#include "relay/link_loop.hpp"

#include "base/log.hpp"
#include "base/spawn.hpp"
#include "relay/inlet.hpp"
#include "relay/until_stored.hpp"

namespace tidings::relay {

using namespace std::chrono_literals;

namespace {

constexpr auto status_period = 1s;  // at which a link tells what changed
constexpr auto end_period = 10ms;   // at which the end of something is looked for

}  // namespace

void loop_ended(std::exception_ptr error)
{
    if (!error) return;
    try {
        std::rethrow_exception(error);
    } catch (const boost::system::system_error& failure) {
        if (failure.code() == asio::error::operation_aborted) return;
        base::log_error("a loop of the relay failed: {}", failure.what());
    } catch (const std::exception& failure) {
        base::log_error("a loop of the relay failed: {}", failure.what());
    }
    // Messages would wait for a loop that nobody starts again. After a restart the store gives all of them
    // out anew.
    std::abort();
}

LinkLoop::LinkLoop(asio::io_context& context, LoopSettings settings, store::LinkKey key,
                   const Surroundings& surroundings, const MakeLink& make)
    : context_(context),
      settings_(std::move(settings)),
      link_(make(context.get_executor(), events())),
      parts_{*link_,
             key,
             settings_.name,
             life_,
             *fitness_,
             surroundings.fleet,
             surroundings.ways,
             surroundings.store,
             surroundings.clock},
      submitter_(context.get_executor(), parts_, settings_.sending),
      receiver_(parts_)
{
}

// These are called on the link's thread, and none of them throws.
LinkEvents LinkLoop::events()
{
    LinkEvents events;
    events.on_up = [this](std::size_t up) { fitness_->bound(up > 0, parts_.clock.steady()); };
    events.on_room = [this] { submitter_.on_room(); };
    events.on_answer = [this](Token token, Answer& answer) { submitter_.on_answer(token, answer); };
    events.on_doubt = [this](const Loss& loss) { submitter_.on_doubt(loss); };
    events.on_delivered = [this](Delivered delivered, Acknowledge acknowledge) {
        receiver_.on_delivered(std::move(delivered), acknowledge);
    };
    events.on_learnt = [this](message::IdForm form) { receiver_.on_learnt(form); };
    events.on_trace = [this](store::TracedPdu traced) { trace(std::move(traced)); };
    return events;
}

void LinkLoop::trace(store::TracedPdu traced)
{
    traced.at = parts_.clock.now();
    traced.link = settings_.name;
    parts_.store.add_pdu(traced);
}

void LinkLoop::start()
{
    asio::post(context_, [this] {
        if (settings_.inlet) settings_.inlet->open(context_.get_executor(), events().on_delivered);
        run(run_link());
        run(run_telling());
        // Kept, because it is ended before all others when the link leaves (leave_here).
        taking_ = &run(submitter_.run_taking());
        run(submitter_.run_sending());
        run(submitter_.run_watching());
        run(submitter_.run_recording());
        run(submitter_.run_doubts());
        run(receiver_.run_receipts());
        run(receiver_.run_inbound());
    });
}

LinkLoop::Running& LinkLoop::run(Loop loop)
{
    Running& running = *loops_.emplace_back(std::make_unique<Running>());
    auto ended = [&running](std::exception_ptr error) {
        loop_ended(error);
        running.over = true;
    };
    base::spawn(context_.get_executor(), std::move(loop), ended, running.end.slot());
    return running;
}

// A link ends by itself only when its carrier refused us too often. The loop goes on then: what waits is to
// find another link.
asio::awaitable<void> LinkLoop::run_link()
{
    co_await link_->run();
    life_.link_over();
}

asio::awaitable<void> LinkLoop::run_telling()
{
    for (;;) {
        co_await tell();
        co_await parts_.clock.wait_until(parts_.clock.steady() + status_period);
    }
}

// Told in full and only when something changed, so that a link at rest costs the store nothing.
asio::awaitable<void> LinkLoop::tell()
{
    store::LinkStatus status = this->status();
    if (status == told_) co_return;
    told_ = status;
    auto tell = [this, &status] { return parts_.store.set_link_status(status); };
    co_await until_stored(parts_.clock, tell);
}

store::LinkStatus LinkLoop::status() const
{
    store::LinkStatus status = submitter_.status();
    receiver_.describe(status);
    parts_.fleet.describe(status);
    return status;
}

void LinkLoop::stop_sending()
{
    asio::post(context_, [this] {
        life_.stop();
        submitter_.stop();
    });
}

asio::awaitable<bool> LinkLoop::is_idle_here() { co_return submitter_.idle(); }

asio::awaitable<bool> LinkLoop::is_idle()
{
    auto here = is_idle_here();
    return base::run_elsewhere(context_.get_executor(), std::move(here));
}

void LinkLoop::close()
{
    asio::post(context_, [this] { link_->stop(); });
}

asio::awaitable<void> LinkLoop::leave(base::Moment until)
{
    auto here = leave_here(until);
    return base::run_elsewhere(context_.get_executor(), std::move(here));
}

asio::awaitable<std::vector<Begun>> LinkLoop::take_begun_here() { co_return submitter_.take_begun(); }

asio::awaitable<std::vector<Begun>> LinkLoop::take_begun()
{
    auto here = take_begun_here();
    return base::run_elsewhere(context_.get_executor(), std::move(here));
}

void LinkLoop::adopt(std::vector<Begun> begun)
{
    asio::post(context_, [this, begun = std::move(begun)]() mutable { submitter_.adopt(std::move(begun)); });
}

asio::awaitable<bool> LinkLoop::give_up_here()
{
    submitter_.give_up();
    co_return submitter_.is_done();
}

asio::awaitable<bool> LinkLoop::give_up()
{
    auto here = give_up_here();
    return base::run_elsewhere(context_.get_executor(), std::move(here));
}

asio::awaitable<void> LinkLoop::finish()
{
    auto here = finish_here();
    return base::run_elsewhere(context_.get_executor(), std::move(here));
}

asio::awaitable<void> LinkLoop::pause()
{
    co_await parts_.clock.wait_until(parts_.clock.steady() + end_period);
}

// The taking ends first, so that nobody but the successor takes from the queue once this returns. The inlet
// closes last: what is brought while the link drains goes the way of what the carrier still delivers.
asio::awaitable<void> LinkLoop::leave_here(base::Moment until)
{
    life_.leave();
    submitter_.stop_taking();
    taking_->end.emit(asio::cancellation_type::terminal);
    co_await tell();
    // What was begun comes to its end: answers, their recording and, as far as the time allows, what is in
    // doubt.
    while (!submitter_.is_done() && parts_.clock.steady() < until) co_await pause();
    link_->stop();
    while (!is_closed() || !taking_->over) co_await pause();
    if (settings_.inlet) settings_.inlet->close();
}

// A coroutine that is cancelled within a store's verb ends when that is done.
asio::awaitable<void> LinkLoop::finish_here()
{
    for (auto& loop : loops_) loop->end.emit(asio::cancellation_type::terminal);
    while (!std::ranges::all_of(loops_, &Running::over)) co_await pause();
}

}  // namespace tidings::relay
