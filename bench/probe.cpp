// SPDX-License-Identifier: Apache-2.0
#include "probe.hpp"

#include <algorithm>
#include <charconv>

namespace tidings::bench {

using namespace std::chrono_literals;

namespace {

constexpr double rate = 50;              // messages/s: what hides behind no queue of its own
constexpr std::size_t connections = 32;  // so that an answer that is late holds up no request
constexpr auto patience = 2s;            // for what is under way at the end
constexpr std::size_t digits = 11;
constexpr std::string_view number_in_url = "?n=", no_number = "00000000000";

double milliseconds(SteadyTime::duration time)
{
    return std::chrono::duration<double, std::milli>(time).count();
}

}  // namespace

double quantile(const std::vector<double>& sorted, double q)
{
    if (sorted.empty()) return 0;
    return sorted[static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1) + 0.5)];
}

Probe::Probe(World& world, Arrives arrives, std::function<Conduct(const smpp::ShortMessage&)> conduct)
    : world_(world), arrives_(arrives)
{
    world.carrier().conduct = [this, conduct](const smpp::ShortMessage& message) {
        if (arrives_ == Arrives::at_carrier) arrived(message.short_message);
        return conduct ? conduct(message) : Conduct{};
    };
    world.receiver().on_callback = [this](const Receiver::Callback& callback) {
        auto from = std::min(callback.query.size(), number_in_url.size() - 1);
        if (arrives_ != Arrives::at_carrier) arrived(callback.query.substr(from));
    };
}

// The world goes on for a moment, until its gateway has ended.
Probe::~Probe()
{
    world_.carrier().conduct = nullptr;
    world_.receiver().on_callback = nullptr;
}

// `text` begins with the number of a message, if it is one of ours.
void Probe::arrived(std::string_view text)
{
    std::uint64_t number = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + std::min(text.size(), digits), number);
    if (error != std::errc() || end != text.data() + digits) return;
    if (number < first_ || number - first_ >= delays_ms_.size()) return;
    auto& delay = delays_ms_[number - first_];
    auto index = static_cast<double>(number - first_);
    if (!delay)
        delay = milliseconds(std::chrono::steady_clock::now() - begin_) - 1000 * index / rate;
    else if (arrives_ == Arrives::at_carrier)  // of callbacks there are three
        ++again_;
}

std::string Probe::url() const
{
    if (arrives_ == Arrives::at_carrier) return {};
    std::string url = world_.callback_url(arrives_ == Arrives::at_new_endpoint ? 1 + runs_ : 1);
    return url.append(number_in_url).append(no_number);
}

Load::Options Probe::options() const
{
    Load::Options options;
    options.request = post_request(1, world_.gateway().authorization(), url());
    options.connections = connections;
    options.rate = rate;
    auto in_url = options.request.find(number_in_url);
    auto count = std::make_shared<std::uint64_t>(0);
    options.vary = [=, vary = Variation(options.request), first = first_](std::string& request) {
        std::uint64_t number = first + (*count)++;
        vary(request, number);
        if (in_url != request.npos) write_number(request, in_url + number_in_url.size(), digits, number);
    };
    return options;
}

Probe::Result Probe::run(std::chrono::seconds time)
{
    first_ += delays_ms_.size();
    delays_ms_.assign(static_cast<std::size_t>(rate * static_cast<double>(time.count())), std::nullopt);
    again_ = 0;
    ++runs_;
    begin_ = std::chrono::steady_clock::now();
    Load& load = world_.start_load(options());
    world_.run_for(time);
    load.stop();
    world_.run_for(patience);
    return result(std::chrono::steady_clock::now());
}

Probe::Result Probe::result(SteadyTime end)
{
    std::vector<double> delays;
    std::size_t missing = 0;
    for (std::size_t i = 0; i < delays_ms_.size(); ++i) {
        if (!delays_ms_[i]) ++missing;
        double at_least = milliseconds(end - begin_) - 1000 * static_cast<double>(i) / rate;
        delays.push_back(delays_ms_[i].value_or(at_least));
    }
    std::sort(delays.begin(), delays.end());
    auto count = static_cast<double>(delays.size());
    return {.p50_ms = quantile(delays, 0.5),
            .p99_ms = quantile(delays, 0.99),
            .arrived = 100 * (count - static_cast<double>(missing)) / count,
            .again = static_cast<double>(again_)};
}

}  // namespace tidings::bench
