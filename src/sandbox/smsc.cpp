// SPDX-License-Identifier: Apache-2.0
// The network's sockets, file and clock. Everything waits for the next turn, which is woken by whatever
// happened and by what is due: it writes the journal, then gives the answers, then makes the deliveries. So
// nothing is told that could be forgotten, and all that came in meanwhile is one write.
//
// A journal that cannot be written stops the turn before anything is told; it is tried again a second later.
// What is owed goes to the ESME that it belongs to, on any of its sessions that receives, and comes back
// when it was refused for now or its session ended.
#include "sandbox/smsc.hpp"

#include "base/log.hpp"
#include "base/together.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <set>
#include <stdexcept>

namespace tidings::sandbox {

using namespace std::chrono_literals;

namespace {

// deliver_sm in flight per session. An ESME that commits to disk before it answers takes some 20 ms for a
// group: this many are 20,000 deliveries a second.
constexpr std::size_t window = 400;

constexpr auto retry_delay = 1s;    // of a deliver_sm that was refused for now
constexpr auto journal_pause = 1s;  // before a write that failed is tried again

std::filesystem::path journal_file(const std::filesystem::path& folder)
{
    return folder.empty() ? folder : folder / "journal";
}

smpp::ServerOptions server_options(const SmscOptions& options)
{
    smpp::ServerOptions out;
    out.host = options.host;
    out.port = options.port;
    out.system_id = "sandbox";
    out.window = window;
    return out;
}

bool is_permanent(std::uint32_t status)
{
    return status == smpp::status::permanent_failure || status == smpp::status::rejected;
}

}  // namespace

Smsc::Smsc(asio::any_io_executor executor, base::Clock& clock, const SmscOptions& options)
try : executor_(std::move(executor)), clock_(clock), options_(options),
    journal_(journal_file(options_.folder)), wake_(executor_, 1),
    server_(executor_, clock_, server_options(options_), events()) {
    // Locked before the journal is read: two processes would write over each other's lines.
    if (!options_.folder.empty()) {
        base::create_folder(options_.folder);
        lock_.emplace(options_.folder);
    }
    load();
    obey_silence();
} catch (const boost::system::system_error& error) {  // of the server, the only one here that throws it
    throw std::runtime_error(fmt::format("cannot listen for SMPP on {}:{}: {}", options.host, options.port,
                                         error.code().message()));
}

void Smsc::load()
{
    std::string lines = journal_.read();
    std::string_view rest = lines;
    std::size_t unknown = 0;
    for (bool is_heading = true; !rest.empty(); is_heading = false) {
        std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(line.size() + 1);
        // A journal of another version is not guessed at, and not written over.
        if (is_heading && line != journal_heading) {
            throw std::runtime_error(
                fmt::format("{} is not a journal of this version: move it away to start anew",
                            journal_file(options_.folder).string()));
        }
        if (!is_heading && !network_.restore(line)) ++unknown;
    }
    if (unknown > 0) base::log_warning("the sandbox's journal has {} lines that cannot be read", unknown);
    network_.open(now());
    // Written anew at each start, so that the journal does not grow over many short lives.
    journal_.replace(network_.snapshot());
}

smpp::ServerEvents Smsc::events()
{
    smpp::ServerEvents out;
    out.on_bind = [this](smpp::SessionId session, smpp::Command command, const smpp::Bind& bind) {
        return admit(session, command, bind);
    };
    out.on_room = [this](smpp::SessionId) { wake(); };
    out.on_submit = [this](smpp::ShortMessage submitted, smpp::Ticket ticket) { take(submitted, ticket); };
    out.on_deliver_answer = [this](smpp::SessionId, std::uint64_t token, std::uint32_t status) {
        answered(token, status);
    };
    out.on_close = [this](smpp::SessionId session, std::vector<std::uint64_t> unanswered) {
        forget(session, unanswered);
    };
    return out;
}

base::Time Smsc::now() const { return began_ + (clock_.steady() - began_steady_); }

std::uint32_t Smsc::admit(smpp::SessionId session, smpp::Command command, const smpp::Bind& bind)
{
    if (network_.conduct().refuse_binds != smpp::status::ok) return network_.conduct().refuse_binds;
    if (!options_.system_id.empty() && bind.system_id != options_.system_id)
        return smpp::status::invalid_system_id;
    if (!options_.password.empty() && bind.password != options_.password)
        return smpp::status::invalid_password;
    esmes_[session] = bind.system_id;
    // A transmitter gets nothing delivered (SMPP 3.4, 2.3).
    if (command != smpp::Command::bind_transmitter) receivers_.push_back(session);
    base::log_info("sandbox: {} of {}, session {}", smpp::name(command), bind.system_id, session);
    return smpp::status::ok;
}

void Smsc::take(const smpp::ShortMessage& submitted, const smpp::Ticket& ticket)
{
    // The connection is about to be closed: to the ESME this submit was never answered, and the carrier never
    // got it.
    if (dropped_.contains(ticket.session)) return;
    Network::Answer answer = network_.accept(submitted, now(), esmes_.at(ticket.session));
    base::Time due = answer.due;
    if (answer.drop != Drop::none) dropped_.insert(ticket.session);
    // Not answered here: the journal does not have the message yet.
    answers_.emplace(due, Answer{ticket, std::move(answer)});
    wake();
}

void Smsc::answered(std::uint64_t token, std::uint32_t status)
{
    if (status == smpp::status::ok) {
        network_.pay(token);
    } else if (is_permanent(status)) {
        base::log_warning("sandbox: a deliver_sm was refused for good with {}", smpp::status_name(status));
        network_.pay(token);
    } else {
        // After a pause, since an ESME that refuses for now, because its disk is full say, would be asked
        // without end.
        network_.owed().put_back(token, now() + retry_delay);
    }
    wake();
}

// A session has ended. What was on its way to it is owed again at once; the ESME may get it twice, and never
// not at all.
void Smsc::forget(smpp::SessionId session, const std::vector<std::uint64_t>& unanswered)
{
    std::erase(receivers_, session);
    esmes_.erase(session);
    dropped_.erase(session);
    // Nobody is there to hear them. The carrier has those messages all the same.
    std::erase_if(answers_, [&](const auto& entry) { return entry.second.ticket.session == session; });
    for (std::uint64_t token : unanswered) network_.owed().put_back(token, now());
    wake();
}

bool Smsc::send(const Letter& letter)
{
    bool taken = network_.send(letter, now());
    journal_.write(network_.log());
    wake();
    return taken;
}

bool Smsc::set_behaviour(const std::string& number, const Behaviour& behaviour)
{
    bool taken = network_.set_behaviour(number, behaviour);
    journal_.write(network_.log());
    return taken;
}

void Smsc::set_conduct(const Conduct& conduct)
{
    network_.set_conduct(conduct);
    journal_.write(network_.log());
    obey_silence();
    wake();
}

void Smsc::obey_silence()
{
    if (network_.conduct().silent)
        server_.fall_silent();
    else
        server_.speak();
}

asio::awaitable<void> Smsc::run() { return base::both(serve(), work()); }

void Smsc::stop() { server_.stop(); }

asio::awaitable<void> Smsc::serve()
{
    co_await server_.run();
    finished_ = true;
    wake();
}

// Turns until the sessions are closed and the journal has what they last said, also when run() is cancelled.
asio::awaitable<void> Smsc::work()
{
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    while (!finished_) {
        co_await next_turn();
        try {
            turn();
            journal_fails_ = false;
        } catch (const std::exception& error) {
            if (!journal_fails_) base::log_error("sandbox: {}", error.what());
            journal_fails_ = true;
        }
        if (journal_fails_ && !finished_) {
            wake();
            co_await clock_.wait_until(clock_.steady() + journal_pause);
        }
    }
}

// Waits until something happened, or something is due, whichever comes first.
asio::awaitable<void> Smsc::next_turn()
{
    auto due = next_due();
    if (!due) {
        co_await woken();
    } else {
        auto time = clock_.wait_until(clock_.steady() + (*due - now()));
        co_await base::first_of(woken(), std::move(time));
    }
}

asio::awaitable<void> Smsc::woken() { co_await wake_.async_receive(asio::as_tuple(asio::use_awaitable)); }

void Smsc::turn()
{
    journal_.write(network_.log());
    // One time for the whole turn: what becomes due while it lasts belongs to the next one.
    turned_ = now();
    std::vector<Answer> answers = take_due_answers();
    // A handset may be told to send its receipt early: those answers come after the deliveries.
    auto last = std::stable_partition(answers.begin(), answers.end(),
                                      [](const Answer& each) { return !each.answer.after_receipts; });
    std::for_each(answers.begin(), last, [this](const Answer& each) { give(each); });
    if (!network_.conduct().silent)
        for_each_receiving([this](const std::string& esme) { deliver_due(esme); });
    std::for_each(last, answers.end(), [this](const Answer& each) { give(each); });
    if (journal_.is_long()) journal_.replace(network_.snapshot());
}

std::vector<Smsc::Answer> Smsc::take_due_answers()
{
    std::vector<Answer> due;
    auto end = answers_.upper_bound(turned_);
    for (auto each = answers_.begin(); each != end; ++each) due.push_back(std::move(each->second));
    answers_.erase(answers_.begin(), end);
    return due;
}

void Smsc::give(const Answer& given)
{
    const auto& [ticket, answer] = given;
    if (answer.drop != Drop::in_place_of_answer) {
        smpp::MessageResponse response{answer.message_id, {}};
        if (answer.congestion)
            response.tlvs.push_back(smpp::tlv8(smpp::tag::congestion_state, *answer.congestion));
        server_.respond(ticket, answer.status, response);
    }
    if (answer.drop != Drop::none) server_.close(ticket.session);
}

template <class Act>
void Smsc::for_each_receiving(Act act) const
{
    // What goes to any ESME may go once there is one at all.
    if (!receivers_.empty()) act(std::string());
    std::set<std::string_view> done;
    for (smpp::SessionId session : receivers_) {
        const std::string& esme = esmes_.at(session);
        if (done.insert(esme).second) act(esme);
    }
}

// A delivery that was due in the last turn waits for room, and room wakes. Not the present time: what became
// due since the turn would wait as well.
std::optional<base::Time> Smsc::next_due() const
{
    std::optional<base::Time> next;
    if (!answers_.empty()) next = answers_.begin()->first;
    for_each_receiving([&](const std::string& esme) {
        auto due = network_.owed().next_due(esme);
        if (due && *due > turned_ && (!next || *due < *next)) next = due;
    });
    return next;
}

void Smsc::deliver_due(const std::string& esme)
{
    Owed& owed = network_.owed();
    for (auto due = owed.next_due(esme); due && *due <= turned_; due = owed.next_due(esme)) {
        auto session = receiver_with_room(esme);
        if (!session) return;
        const Delivery& delivery = owed.take(esme);
        server_.deliver(*session, pdu_of(delivery), delivery.token);
    }
}

std::optional<smpp::SessionId> Smsc::receiver_with_room(const std::string& esme)
{
    for (std::size_t i = 0; i < receivers_.size(); ++i) {
        // In turn, so that several binds of an ESME share the load, as with a carrier.
        last_receiver_ = (last_receiver_ + 1) % receivers_.size();
        smpp::SessionId session = receivers_[last_receiver_];
        if ((esme.empty() || esmes_.at(session) == esme) && server_.has_room(session)) return session;
    }
    return std::nullopt;
}

}  // namespace tidings::sandbox
