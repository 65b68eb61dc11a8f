// SPDX-License-Identifier: Apache-2.0
#include "troubles.hpp"

#include "base/digest.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <boost/json.hpp>

#include <stdexcept>

namespace tidings::bench {

using namespace std::chrono_literals;

namespace {

// Contents by which the carrier knows what is meant for it.
constexpr std::string_view refused = "refused", poison = "poison", same_id = "same id";

std::string text_message(const std::string& to, std::string_view content,
                         const std::string& callback_url = {})
{
    boost::json::object message{
        {"content", content}, {"destination_number", to}, {"delivery_report", true}, {"format", "SMS"}};
    if (!callback_url.empty()) message["callback_url"] = callback_url;
    return boost::json::serialize(message);
}

std::string handset(int number) { return fmt::format("+6142{:07}", number); }

// Sends what `message` makes of 0, 1, …, a hundred at a time.
void post(World& world, const std::string& authorization, int count,
          const std::function<std::string(int)>& message)
{
    for (int first = 0; first < count; first += 100) {
        std::string body;
        for (int i = first; i < std::min(first + 100, count); ++i) {
            if (!body.empty()) body += ',';
            body += message(i);
        }
        world.gateway().ask("POST", "/v1/messages", R"({"messages":[)" + body + "]}", authorization);
        world.run_for(1ms);  // carriers and endpoints live on this thread
    }
}

// Another account, which can send. Gives the Authorization of its key.
std::string add_tenant(World& world, const std::string& name)
{
    const Gateway& gateway = world.gateway();
    boost::json::object account{
        {"id", name}, {"unregistered_source", "allow"}, {"default_source", "+61491570158"}};
    gateway.administer("POST", "/accounts", boost::json::serialize(account));
    std::string made = gateway.administer("POST", "/accounts/" + name + "/keys", R"({"scheme":"basic"})");
    auto key = boost::json::parse(made);
    auto text = [&](const char* field) { return std::string(key.at(field).as_string()); };
    return "Basic " + base::to_base64(text("key") + ":" + text("secret"));
}

// A request that is sent again and again, over so many connections, as fast as it is answered.
void repeat(World& world, std::string request, std::size_t connections, double rate = 0)
{
    Load::Options options;
    options.request = std::move(request);
    options.connections = connections;
    options.rate = rate;
    world.start_load(std::move(options));
}

// A handset whose every message the carrier refuses with ESME_RMSGQFUL.

Conduct refuse_one_handset(const smpp::ShortMessage& message)
{
    return {.status = message.short_message == refused ? smpp::status::queue_full : smpp::status::ok};
}

void write_to_the_refused(World& world)
{
    post(world, world.gateway().authorization(), 5, [](int) { return text_message(handset(1), refused); });
}

// A message at which the carrier closes the connection. Answers take a moment, so that others are under way.

Conduct close_at_poison(const smpp::ShortMessage& message)
{
    return {.closes = message.short_message == poison, .after = 100ms};
}

void send_poison(World& world)
{
    post(world, world.gateway().authorization(), 1, [](int i) { return text_message(handset(i), poison); });
}

// A tenant whose endpoint, on a host that others use, asks to be left alone.

void tell_the_busy(World& world)
{
    std::string url = world.busy_url();
    post(world, add_tenant(world, "busy"), 20, [&](int i) { return text_message(handset(i), "Busy", url); });
}

// A tenant with 3,000 endpoints, each an address of its own, that take connections and never answer. Who
// suffers is whoever has not answered quickly yet.

void tell_the_silent(World& world)
{
    std::string url = world.silent_url();
    std::string_view port = std::string_view(url).substr(url.rfind(':'));
    post(world, add_tenant(world, "silent"), 3'000, [&](int i) {
        std::string own = fmt::format("http://127.1.{}.{}{}", i / 250, 1 + i % 250, port);
        return text_message(handset(i), "Silent", own);
    });
}

// A tenant whose webhook doubles backslashes over and over, in a template of 3.6 KB.

void render_costly(World& world)
{
    constexpr int depth = 13, references = 20;  // the deepest that the parser takes, and 3.6 KB of it
    std::string nested = "$mtContent", body;
    for (int i = 0; i < depth; ++i) nested = "$esc.json(" + nested + ")";
    for (int i = 0; i < references; ++i) body += "#if(" + nested + " == \"x\")x#end\n";
    std::string tenant = add_tenant(world, "costly");
    boost::json::object webhook{{"url", world.callback_url()},
                                {"method", "POST"},
                                {"encoding", "JSON"},
                                {"events", boost::json::array{"ENROUTE_DR"}},
                                {"template", body}};
    world.gateway().ask("POST", "/v1/webhooks/messages", boost::json::serialize(webhook), tenant);
    std::string content(1'500, '\\');
    post(world, tenant, 5, [&](int i) { return text_message(handset(i), content); });
}

// A link whose carrier answers nothing any more changes.

void route_past_the_silent(World& world)
{
    auto put = [&](const char* link, const char* prefix) {
        boost::json::object route{{"link", link}, {"destination_prefix", prefix}};
        world.gateway().administer("PUT", fmt::format("/routes/{}", link), boost::json::serialize(route));
    };
    put(World::main_link, "614");
    put(World::stalled_link, "642");
    post(world, world.gateway().authorization(), 100,
         [](int i) { return text_message(fmt::format("+6421{:07}", i), "Unanswered"); });
    world.run_for(500ms);
}

void change_the_silent(World& world) { world.reload(999); }

// A tenant that changes its webhooks while another has 100,000 numbers.

void add_numbers(World& world)
{
    constexpr auto sql = R"(
        INSERT INTO accounts (id, default_source) VALUES ('numerous', '');
        WITH RECURSIVE count(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM count WHERE i < 99999)
        INSERT INTO numbers (number, account)
            SELECT printf('6143%07d', i), (SELECT key FROM accounts WHERE id = 'numerous') FROM count)";
    world.while_stopped([&] {
        sqlite3* database = nullptr;
        bool is_done = sqlite3_open(world.gateway().database().c_str(), &database) == SQLITE_OK &&
                       sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
        std::string reason = is_done ? "" : sqlite3_errmsg(database);
        sqlite3_close(database);
        if (!is_done) throw std::runtime_error("no numbers: " + reason);
    });
}

void change_webhooks(World& world)
{
    std::string tenant = add_tenant(world, "changing");
    boost::json::object webhook{{"url", world.callback_url()},
                                {"method", "POST"},
                                {"encoding", "JSON"},
                                {"events", boost::json::array{"RECEIVED_SMS"}}};
    std::string made =
        world.gateway().ask("POST", "/v1/webhooks/messages", boost::json::serialize(webhook), tenant);
    std::string id(boost::json::parse(made).at("id").as_string());
    repeat(world, json_request("PATCH /v1/webhooks/messages/" + id, tenant, R"({"method":"PUT"})"), 1);
}

// Four connections that post 8 MiB of the smallest messages.

void post_tiny_messages(World& world)
{
    std::string body = R"({"messages":[{})";
    while (body.size() < (8 << 20) - 8) body += ",{}";
    repeat(world, json_request("POST /v1/messages", add_tenant(world, "tiny"), body + "]}"), 4);
}

// A carrier that gives 30,000 messages one and the same id, and then sends their receipts.

Conduct repeat_an_id(const smpp::ShortMessage& message)
{
    if (message.short_message != same_id) return {};
    return {.id = "same", .receipt = Conduct::Receipt::later};
}

void collect_one_id(World& world)
{
    constexpr int count = 30'000;
    std::uint64_t before = world.carrier().submitted();
    post(world, world.gateway().authorization(), count,
         [](int i) { return text_message(handset(i), same_id); });
    world.run_until([&] { return world.carrier().submitted() >= before + count; });
}

void send_receipts(World& world) { world.carrier().send_late_receipts(); }

// Somebody who reads /metrics without a pause while the store is full.

void fill_the_store(World& world)
{
    constexpr std::uint64_t messages = 100'000, batch = 100;
    constexpr auto time_max = 15s;
    Load::Options options;
    options.request = post_request(batch, world.gateway().authorization());
    options.vary = Variation(options.request);
    options.connections = 4;
    Load* load = nullptr;
    options.may_send = [&] { return load && load->accepted() * batch < messages; };
    load = &world.start_load(std::move(options));
    auto until = std::chrono::steady_clock::now() + time_max;
    world.run_until([&] { return world.arrived() >= messages || std::chrono::steady_clock::now() > until; });
    load->stop();
    world.run_for(10ms);
}

void read_metrics(World& world)
{
    repeat(world, json_request("GET /metrics", world.gateway().admin_authorization(), ""), 1);
}

using enum Probe::Arrives;
using enum World::CarrierIs;

constexpr Trouble all[] = {
    {"one handset is refused", at_carrier, up, refuse_one_handset, nullptr, write_to_the_refused},
    {"a message closes the connection", at_carrier, up, close_at_poison, nullptr, send_poison},
    {"a path of the host answers 503", as_callback, up, nullptr, nullptr, tell_the_busy},
    {"3,000 endpoints never answer", at_new_endpoint, up, nullptr, nullptr, tell_the_silent},
    {"a costly template", as_callback, up, nullptr, nullptr, render_costly},
    {"a silent link changes", at_carrier, beside_a_stalled_one, nullptr, route_past_the_silent,
     change_the_silent},
    {"webhooks change beside 100,000 numbers", at_carrier, up, nullptr, add_numbers, change_webhooks},
    {"four bodies of 8 MiB", at_carrier, up, nullptr, nullptr, post_tiny_messages},
    {"30,000 receipts for one id", at_carrier, up, repeat_an_id, collect_one_id, send_receipts},
    {"metrics of a full store", at_carrier, up, nullptr, fill_the_store, read_metrics},
};

}  // namespace

std::span<const Trouble> troubles() { return all; }

}  // namespace tidings::bench
