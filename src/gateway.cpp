// SPDX-License-Identifier: Apache-2.0
// The program: its objects, in the order in which they stand on each other, and its life.
//
//     start     the store opens; the admin token is there; listeners take their ports; the sandbox begins;
//               links begin; only then are connections accepted
//     SIGHUP    the file is read again: links and the log level count at once, all else from the next start
//     SIGTERM   no new connections; requests, then callbacks and answers of carriers are waited for, for
//               stop_wait_s at most
//
// Members are destroyed in the opposite order, after the threads have ended that use them. A stop that
// hangs, say because the disk does, is ended by an alarm.
#include "gateway.hpp"

#include "api/api.hpp"
#include "base/file.hpp"
#include "base/guarded_clock.hpp"
#include "base/io_threads.hpp"
#include "base/log.hpp"
#include "base/process.hpp"
#include "base/side_threads.hpp"
#include "base/spawn.hpp"
#include "base/wakeup.hpp"
#include "descriptors.hpp"
#include "http/server.hpp"
#include "listen_address.hpp"
#include "relay/relay.hpp"
#include "sandbox/routes.hpp"
#include "sandbox_account.hpp"
#include "sandbox_link.hpp"
#include "store/sqlite/sqlite_store.hpp"

#include <boost/asio/signal_set.hpp>

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <future>
#include <thread>

namespace tidings {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t admin_token_size = 40;
// After stop_wait_s the process ends in good order; if a disk or a thread that hangs does not let it,
// without.
constexpr std::chrono::seconds stop_grace{5};

http::ClientOptions client_options(const Config& config, Sandbox sandbox)
{
    http::ClientOptions options;
    http::AddressPolicy& policy = options.addresses;
    policy.allow_loopback = config.callback_loopback || sandbox == Sandbox::on;
    for (const std::string& text : config.callback_networks) {
        auto network = http::Network::parse(text);
        if (!network)
            throw std::runtime_error(
                fmt::format("callbacks.allowed_networks: {} is no network; write 10.1.0.0/16", text));
        policy.allowed.push_back(*network);
    }
    return options;
}

// As many io threads again would only take time from those there are.
std::size_t side_threads(std::size_t io_threads) { return std::max<std::size_t>(1, io_threads / 2); }

http::ServerOptions server_options(const Config& config, const ListenAddress& address)
{
    using std::chrono::milliseconds;
    http::ServerOptions options;
    options.host = address.host;
    options.port = address.port;
    options.certificate_file = config.certificate;
    options.key_file = config.certificate_key;
    options.header_max = static_cast<std::size_t>(config.header_max_kib) << 10;
    options.body_max = static_cast<std::size_t>(config.body_max_kib) << 10;
    options.header_timeout = milliseconds(config.header_timeout_ms);
    options.body_timeout = milliseconds(config.body_timeout_ms);
    options.idle_timeout = milliseconds(config.idle_timeout_ms);
    return options;
}

api::ApiOptions api_options(const Config& config)
{
    api::ApiOptions options;
    options.vendor_id = config.vendor_id;
    options.spare_python = config.spare_python;
    options.auth.failure_status = static_cast<unsigned>(config.auth_failure_status);
    options.auth.put_as_post = config.accept_put_signed_as_post;
    options.auth.lossy_md5 = config.accept_lossy_md5;
    options.open_metrics = config.open_metrics;
    options.leniency = {.format_list = config.accept_format_list,
                        .format_case = config.accept_format_in_any_case,
                        .null_fields = config.accept_null,
                        .empty_fields = config.accept_empty,
                        .cancel_case = config.accept_cancel_in_any_case,
                        .boolean_text = config.accept_boolean_text,
                        .metadata_values = config.accept_metadata_values,
                        .unix_times = config.accept_unix_times};
    return options;
}

relay::DefaultBodies default_bodies(const Config& config)
{
    return {config.vendor_id,
            config.default_body == "vendor2026" ? wire::Place::callback_2026 : wire::Place::callback};
}

std::filesystem::path key_file(const Config& config)
{
    if (!config.key_file.empty()) return config.key_file;
    return std::filesystem::path(config.data) / "secret.key";
}

void mask_hangups(int how)
{
    sigset_t hangup;
    ::sigemptyset(&hangup);
    ::sigaddset(&hangup, SIGHUP);
    ::pthread_sigmask(how, &hangup, nullptr);
}

std::size_t io_threads(const Config& config)
{
    if (config.io_threads > 0) return static_cast<std::size_t>(config.io_threads);
    return std::max(1u, std::thread::hardware_concurrency());
}

// In the data folder, beside the database and its key.
constexpr const char* private_files[] = {"lock",    "admin.token",  "sandbox.json",
                                         "sandbox", "sandbox/lock", "sandbox/journal",
                                         "pdus",    "pdus/newer",   "pdus/older"};

// SIGHUP, from here on; one that hold_hangups() kept comes first. Those that come while nobody waits are
// kept.
struct Hangups {
    explicit Hangups(asio::io_context& context) : signals(context, SIGHUP) { let_hangups_through(); }
    asio::signal_set signals;
};

DescriptorPlan descriptors_for(const Config& config)
{
    auto wanted = static_cast<std::size_t>(config.connections_max);
    std::size_t limit = raise_descriptor_limit(wanted);
    DescriptorPlan plan = plan_descriptors(limit, wanted);
    if (plan.connections < wanted)
        base::log_warning("{} connections instead of {}: the limit of open files is {}", plan.connections,
                          wanted, limit);
    return plan;
}

// The objects of a gateway, in the order in which they stand on each other.
class Gateway {
public:
    Gateway(const Config& config, Sandbox sandbox, std::function<Config()> read_again)
        : config_(config),
          read_again_(std::move(read_again)),
          address_(ListenAddress::parse(config.listen)),
          clock_(system_clock_, std::chrono::seconds(config.clock_jump_confirm_s)),
          ids_(clock_),
          descriptors_(descriptors_for(config)),
          budgets_(std::make_shared<http::Budgets>(static_cast<std::size_t>(config.bodies_max_mib) << 20,
                                                   http::large_requests_max)),
          io_(io_threads(config)),
          hangups_(io_.first()),
          side_threads_(side_threads(io_threads(config))),
          store_(config.data, key_file(config), clock_),
          client_(io_.first().get_executor(), clock_, client_options(config, sandbox)),
          sandbox_link_(clock_, ids_),
          relay_(io_.contexts(), store_, client_, clock_, default_bodies(config)),
          api_{store_, clock_, ids_, api_options(config)}
    {
        if (sandbox == Sandbox::on && !address_.loopback)
            throw std::runtime_error("--sandbox is for this machine alone: listen on a loopback address");
        if (sandbox == Sandbox::on) smsc_.emplace(io_.first().get_executor(), clock_, smsc_options());
    }
    ~Gateway()
    {
        io_.stop();  // before anything that its threads use goes
        side_threads_.stop();
    }

    void run()
    {
        auto over = std::make_shared<std::promise<void>>();  // shared with the io thread, which still sets it
        auto ended = [over](std::exception_ptr error) {
            error ? over->set_exception(error) : over->set_value();
        };
        base::spawn(io_.first().get_executor(), live(), ended);
        over->get_future().get();
    }

private:
    sandbox::SmscOptions smsc_options()
    {
        sandbox::SmscOptions options;
        options.folder = std::filesystem::path(config_.data) / "sandbox";
        options.attachment_bytes_max = static_cast<std::size_t>(config_.attachments_max_kib) << 10;
        options.bring_mms = [this](sandbox::Letter letter) {
            return sandbox_link_.bring_mms(std::move(letter));
        };
        return options;
    }

    asio::awaitable<void> live();
    asio::awaitable<void> open_admin();
    asio::awaitable<void> open_sandbox();
    std::vector<relay::LinkSettings> links_of(const Config& config);
    http::ServerOptions with_shared(http::ServerOptions options);
    void listen();
    asio::awaitable<void> wait_for_end();
    asio::awaitable<void> run_reloads();
    asio::awaitable<void> reload();
    asio::awaitable<void> run_restarts();
    asio::awaitable<void> change_links(std::string restarted);
    asio::awaitable<void> stop();

    Config config_;
    const std::function<Config()> read_again_;
    const ListenAddress address_;
    base::SystemClock system_clock_;
    base::GuardedClock clock_;
    base::UuidSource ids_;
    const DescriptorPlan descriptors_;
    const std::shared_ptr<http::Budgets> budgets_;  // shared with connections, which end with io_
    base::IoThreads io_;
    Hangups hangups_;
    base::SideThreads side_threads_;
    store::sqlite::SqliteStore store_;
    http::Client client_;
    SandboxLink sandbox_link_;
    relay::Relay relay_;
    api::Api api_;
    std::optional<sandbox::Smsc> smsc_;
    std::optional<SandboxAccount> sandbox_account_;
    std::optional<http::Server> server_;
    std::optional<http::Server> admin_server_;
    bool changing_links_ = false;
    base::Wakeup links_changed_;
};

asio::awaitable<void> Gateway::live()
{
    co_await open_admin();
    listen();
    if (smsc_) co_await open_sandbox();
    co_await relay_.start(links_of(config_));
    server_->start();
    if (admin_server_) admin_server_->start();

    std::string_view scheme = config_.certificate.empty() ? "http" : "https";
    fmt::print("listening on {}://{}:{}\n", scheme, address_.host, server_->port());
    std::fflush(stdout);
    base::spawn(io_.first().get_executor(), run_reloads(), &relay::loop_ended);
    base::spawn(io_.first().get_executor(), run_restarts(), &relay::loop_ended);
    co_await wait_for_end();
    co_await stop();
}

// The token is shown once, in a file; the store keeps its hash, so that the file may be put away.
asio::awaitable<void> Gateway::open_admin()
{
    auto file = std::filesystem::path(config_.data) / "admin.token";
    if (!store_.settings()->admin_token) {
        std::string token =
            std::filesystem::exists(file) ? base::read_file(file) : base::random_text(admin_token_size);
        while (token.ends_with('\n')) token.pop_back();
        if (!std::filesystem::exists(file)) base::write_private_file(file, token + "\n");
        co_await store_.set_admin_token(base::sha256(token));
    }
    api_.options.admin_token = *store_.settings()->admin_token;
}

http::ServerOptions Gateway::with_shared(http::ServerOptions options)
{
    options.budgets = budgets_;
    options.side_threads = &side_threads_;
    return options;
}

void Gateway::listen()
{
    http::Router router;
    add_operations(router, api_, address_.loopback ? api::Served::everything : api::Served::applications);
    if (smsc_) {
        auto guard = [this](const http::Request& request) { return sandbox_account_->refuse(request); };
        sandbox::add_operations(router, *smsc_, guard);
    }
    http::ServerOptions options = server_options(config_, address_);
    options.connections_max = descriptors_.connections;
    options.connections_over = descriptors_.connections_over;
    server_.emplace(io_.contexts(), clock_, std::move(router), with_shared(std::move(options)));
    if (!address_.loopback && config_.certificate.empty())
        base::log_warning("{} is open to the network without TLS: keys and messages can be read on the way",
                          config_.listen);
    if (config_.admin_listen.empty() || address_.loopback) return;

    ListenAddress admin = ListenAddress::parse(config_.admin_listen);
    http::Router admin_router;
    add_operations(admin_router, api_, api::Served::administration);
    http::ServerOptions admin_options = server_options(config_, admin);
    admin_options.connections_max = admin_options.connections_over = descriptors_.admin_connections;
    admin_server_.emplace(io_.contexts(), clock_, std::move(admin_router),
                          with_shared(std::move(admin_options)));
}

asio::awaitable<void> Gateway::open_sandbox()
{
    base::spawn(io_.first().get_executor(), smsc_->run());
    sandbox_account_.emplace(store_, std::filesystem::path(config_.data), api_.options.auth, clock_);
    std::string url = fmt::format("{}://{}:{}", config_.certificate.empty() ? "http" : "https", address_.host,
                                  server_->port());
    co_await sandbox_account_->open(url, smsc_->port());
}

// Those of the file, and the one to the sandbox.
std::vector<relay::LinkSettings> Gateway::links_of(const Config& config)
{
    std::vector<relay::LinkSettings> links = config.links;
    if (smsc_) links.push_back(sandbox_link_.settings(smsc_->port(), !links.empty()));
    return links;
}

asio::awaitable<void> Gateway::wait_for_end()
{
    asio::signal_set signals(co_await asio::this_coro::executor, SIGTERM, SIGINT);
    int signal = co_await signals.async_wait(asio::use_awaitable);
    base::log_info("signal {}: stopping; a second one ends at once", signal);
}

// One after the other. The end of the gateway does not wait for one that is under way.
asio::awaitable<void> Gateway::run_reloads()
{
    for (;;) {
        co_await hangups_.signals.async_wait(asio::use_awaitable);
        co_await reload();
    }
}

asio::awaitable<void> Gateway::reload()
{
    Config config;
    try {
        config = read_again_();
        base::set_log_level(log_level_of(config));
    } catch (const std::exception& error) {
        base::log_error("the configuration stays as it was: {}", error.what());
        co_return;
    }
    for (const std::string& key : differing_keys(config_, config))
        base::log_warning("{} has changed and counts from the next start on", key);
    config_.log_level = config.log_level;
    config_.links = config.links;
    co_await change_links({});
    base::log_info("the configuration was read again; {} links", config.links.size());
}

// Of a link that gave up, or of another one that the operator wants to begin anew.
asio::awaitable<void> Gateway::run_restarts()
{
    for (;;) {
        std::string name = co_await store_.take_restart();
        base::log_info("link {} begins anew, as the operator asked", name);
        co_await change_links(std::move(name));
    }
}

// To what the configuration says now. One change at a time: of the two loops that make them at most one waits
// here for the other.
asio::awaitable<void> Gateway::change_links(std::string restarted)
{
    while (changing_links_) co_await links_changed_.wait();
    changing_links_ = true;
    base::Moment until = clock_.steady() + std::chrono::seconds(config_.stop_wait_s);
    co_await relay_.change_links(links_of(config_), until, std::move(restarted));
    changing_links_ = false;
    links_changed_.notify();
}

asio::awaitable<void> Gateway::stop()
{
    // From here on a second signal, or the alarm, ends the process without further ado; the store makes that
    // safe.
    for (int signal : {SIGTERM, SIGINT, SIGALRM}) std::signal(signal, [](int) { std::_Exit(1); });
    ::alarm(static_cast<unsigned>(config_.stop_wait_s + stop_grace.count()));
    base::Moment until = clock_.steady() + std::chrono::seconds(config_.stop_wait_s);
    co_await server_->drain(until);
    if (admin_server_) co_await admin_server_->drain(until);
    co_await relay_.stop(until);
    if (smsc_) smsc_->stop();
}

}  // namespace

void hold_hangups() { mask_hangups(SIG_BLOCK); }

void let_hangups_through() { mask_hangups(SIG_UNBLOCK); }

void serve(const Config& config, Sandbox sandbox, std::function<Config()> read_again)
{
    base::prepare_process();
    for (const char* file : private_files) base::make_private(std::filesystem::path(config.data) / file);
    Gateway gateway(config, sandbox, std::move(read_again));
    gateway.run();
}

}  // namespace tidings
