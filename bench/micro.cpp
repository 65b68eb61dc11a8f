// SPDX-License-Identifier: Apache-2.0
// What single steps cost, without network. The store's numbers include its syncs.
#include "http/origin.hpp"
#include "message/hours.hpp"
#include "message/receipt.hpp"
#include "relay/callback_requests.hpp"
#include "smpp/pdu.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "text/converter.hpp"
#include "text/segments.hpp"
#include "webhook/renderer.hpp"
#include "wire/message_json.hpp"
#include "wire/submission.hpp"

#include <benchmark/benchmark.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <filesystem>
#include <thread>

namespace {

using namespace tidings;
namespace asio = boost::asio;

constexpr std::string_view text = "Your parcel arrives today between 14:00 and 16:00. Reply STOP to opt out.";
constexpr std::string_view receipt_text =
    "id:00000000000004d2 sub:001 dlvrd:001 submit date:2601010000 "
    "done date:2601010000 stat:DELIVRD err:000 text:";

smpp::Pdu submit_pdu()
{
    smpp::ShortMessage message;
    message.source = {1, 1, "61491570150"};
    message.destination = {1, 1, "61491570156"};
    message.registered_delivery = 1;
    message.short_message = text;
    return {{.command = smpp::Command::submit_sm, .status = 0, .sequence = 7}, message};
}

void encode_submit_sm(benchmark::State& state)
{
    smpp::Pdu pdu = submit_pdu();
    std::string out;
    for (auto _ : state) {
        out.clear();
        smpp::encode(out, pdu);
        benchmark::DoNotOptimize(out.data());
    }
}
BENCHMARK(encode_submit_sm);

void decode_submit_sm(benchmark::State& state)
{
    std::string bytes;
    smpp::encode(bytes, submit_pdu());
    for (auto _ : state) benchmark::DoNotOptimize(smpp::decode(bytes));
}
BENCHMARK(decode_submit_sm);

void segment_one_part(benchmark::State& state)
{
    for (auto _ : state) benchmark::DoNotOptimize(text::segments_of(text));
}
BENCHMARK(segment_one_part);

void segment_ten_parts_ucs2(benchmark::State& state)
{
    std::string long_text;
    while (long_text.size() < 1'300) long_text += "Привет ";
    for (auto _ : state) benchmark::DoNotOptimize(text::segments_of(long_text));
}
BENCHMARK(segment_ten_parts_ucs2);

void convert_nothing(benchmark::State& state)
{
    for (auto _ : state) benchmark::DoNotOptimize(text::convert(text, text::Converter::strict));
}
BENCHMARK(convert_nothing);

void convert_quotes_and_emoji(benchmark::State& state)
{
    constexpr std::string_view typed =
        "Don’t miss it – your parcel arrives “today” between 14:00 and 16:00… 😀";
    for (auto _ : state) benchmark::DoNotOptimize(text::convert(typed, text::Converter::strict));
}
BENCHMARK(convert_quotes_and_emoji);

void hold_by_recipient(benchmark::State& state)
{
    base::Time time = base::parse_iso("2026-10-03T08:30:00Z").value();
    message::HoursRules rules{message::Hours::recipient, "Australia/Sydney"};
    for (auto _ : state) benchmark::DoNotOptimize(message::first_allowed(time, rules, "61491570156"));
}
BENCHMARK(hold_by_recipient);

void parse_receipt(benchmark::State& state)
{
    for (auto _ : state) benchmark::DoNotOptimize(message::parse_receipt(receipt_text));
}
BENCHMARK(parse_receipt);

std::string submissions_body(int count)
{
    std::string body = R"({"messages":[)";
    for (int i = 0; i < count; ++i) {
        if (i > 0) body += ',';
        body += R"({"content":")";
        body += text;
        body += R"(","destination_number":"+61491570156","delivery_report":true,"format":"SMS"})";
    }
    return body + "]}";
}

void parse_submissions(benchmark::State& state)
{
    std::string body = submissions_body(static_cast<int>(state.range(0)));
    base::SystemClock clock;
    for (auto _ : state) benchmark::DoNotOptimize(wire::parse_submissions(body, clock.now()));
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(parse_submissions)->Arg(1)->Arg(100);

void write_report(benchmark::State& state)
{
    message::Report report;
    report.code = message::Code::delivered;
    report.destination = "+61491570156";
    report.content = text;
    report.account = "sandbox";
    std::string out;
    for (auto _ : state) {
        out.clear();
        wire::append_report(out, report, wire::Place::list);
        benchmark::DoNotOptimize(out.data());
    }
}
BENCHMARK(write_report);

store::Callback callback_of_report()
{
    store::Callback callback;
    callback.url = "http://127.0.0.1:8080/callbacks/reports";
    callback.report.emplace();
    callback.report->code = message::Code::delivered;
    callback.report->destination = "+61491570156";
    callback.report->callback_url = callback.url;
    callback.report->content = text;
    callback.report->account = "sandbox";
    callback.report->metadata = {{"campaign", "autumn"}};
    return callback;
}

// All that is done for a callback before it goes to the client of HTTP.
void make_callback_request(benchmark::State& state)
{
    store::Callback callback = callback_of_report();
    store::Webhook webhook;
    webhook.call.url = callback.url;
    bool is_of_webhook = state.range(0) == 1;
    relay::CallbackRequests requests({.vendor_id = "MessageMedia"});
    store::Settings settings;
    base::Time now = base::SystemClock().now();
    for (auto _ : state) {
        auto made = requests.make_at_once(callback, is_of_webhook ? &webhook : nullptr);
        requests.add_id(**made, callback.key, settings, now);
        benchmark::DoNotOptimize((*made)->body.data());
    }
    state.SetLabel(is_of_webhook ? "to a webhook" : "to a callback_url");
}
BENCHMARK(make_callback_request)->Arg(0)->Arg(1);

void write_callback_head(benchmark::State& state)
{
    http::ClientRequest request{.url = "http://127.0.0.1:8080/callbacks/reports", .headers = {}, .body = {}};
    request.target = http::target_of(request.url);
    request.headers = {{"Content-Type", "application/json"}, {"webhook-id", base::Uuid().text()}};
    http::Origin origin = http::parse_origin(request.url).value();
    std::string out;
    for (auto _ : state) {
        out.clear();
        benchmark::DoNotOptimize(http::check(request));
        http::append_head(out, request, origin);
        benchmark::DoNotOptimize(out.data());
    }
}
BENCHMARK(write_callback_head);

// Templates that cost as much as the parser lets through: each runs until its budget is spent, or just not.
// What is told is as large as an application or a handset can make it.
struct CostlyTemplate {
    const char* name;
    std::string (*source)();
};

std::string repeated(std::string_view piece, std::size_t size)
{
    std::string text;
    while (text.size() + piece.size() <= size) text += piece;
    return text;
}
std::string nested(std::size_t depth, const std::string& innermost, std::string_view escape)
{
    std::string source = innermost;
    for (std::size_t i = 0; i < depth; ++i) source = fmt::format("$esc.{}({})", escape, source);
    return source;
}
std::string loops(std::size_t depth, const std::string& body)
{
    std::string source = body;
    for (std::size_t i = 0; i < depth; ++i)
        source = fmt::format("#foreach($k{0} in $metadata.entrySet()){1}#end", i, source);
    return source;
}

const CostlyTemplate costly_templates[] = {
    {"nested esc.json", [] { return nested(14, "'" + repeated("\\", 3'000) + "'", "json"); }},
    {"nested esc.xml", [] { return nested(14, "'" + repeated("&", 60'000) + "'", "xml"); }},
    {"nested esc.url", [] { return nested(14, "'" + repeated("%", 60'000) + "'", "url"); }},
    {"esc.json of control characters", [] { return repeated("$esc.json($mtContent)", 65'000); }},
    {"esc.xml of what is not XML",
     [] { return loops(2, "$esc.xml('" + repeated("\xEF\xBF\xBF", 60'000) + "')"); }},
    {"deep loops", [] { return loops(20, "x"); }},
    {"loops over long text", [] { return loops(3, repeated("x", 60'000)); }},
    {"loops over text of references",
     [] { return loops(3, "#if(\"" + repeated("$k0", 28'000) + "\" == 'x')#end"); }},
    {"deep loops over many locals", [] { return loops(28, repeated("$nope", 48'000)); }},
    {"whole maps", [] { return loops(4, "$metadata.get($metadata)"); }},
    {"maps compared", [] { return loops(3, repeated("#if($metadata==$metadata)#end", 60'000)); }},
    {"long names", [] { return loops(28, repeated("$" + std::string(255, 'k') + " ", 60'000)); }},
    {"deep conditions",
     [] {
         std::string source = repeated("#if($a&&$b||$c)#end", 300);
         for (int i = 0; i < 20; ++i) source = "#if($mtContent)" + source + "#end";
         return loops(1, repeated(source, 60'000));
     }},
};

void render_costly_template(benchmark::State& state)
{
    const CostlyTemplate& costly = costly_templates[state.range(0)];
    message::Report report;
    report.code = message::Code::delivered;
    report.content = std::string(5'000, '\x01');
    for (int i = 0; i < 10; ++i)
        report.metadata.emplace_back(std::string(99, 'k') + std::to_string(i), std::string(256, '&'));
    webhook::Notice notice{.event = message::Event::delivered_dr, .about = &report};
    message::WebhookCall call{.url = "https://example.com/", .template_text = costly.source()};
    auto renderer = webhook::Renderer::parse(call);
    if (!renderer) return state.SkipWithError(renderer.error().fault.text().c_str());
    for (auto _ : state) {
        webhook::Budget budget = webhook::Budget::full();
        benchmark::DoNotOptimize(renderer->render(notice, budget));
    }
    state.SetLabel(costly.name);
}
BENCHMARK(render_costly_template)
    ->DenseRange(0, std::size(costly_templates) - 1)
    ->Unit(benchmark::kMillisecond);

void parse_costly_template(benchmark::State& state)
{
    const CostlyTemplate& costly = costly_templates[state.range(0)];
    message::WebhookCall call{.url = "https://example.com/", .template_text = costly.source()};
    for (auto _ : state) benchmark::DoNotOptimize(webhook::Renderer::parse(call));
    state.SetLabel(costly.name);
}
BENCHMARK(parse_costly_template)
    ->DenseRange(0, std::size(costly_templates) - 1)
    ->Unit(benchmark::kMillisecond);

// The largest MMS of the sandbox, escaped and written.
void render_mms(benchmark::State& state)
{
    message::Reply reply;
    reply.attachments = {{"image/png", std::string(3 << 20, '\x7F'), "a.png"}};
    webhook::Notice notice{.event = message::Event::received_mms, .about = &reply};
    message::WebhookCall call{.url = "https://example.com/",
                              .template_text = "$esc.json($attachments[0].base64)"};
    auto renderer = webhook::Renderer::parse(call);
    for (auto _ : state) {
        webhook::Budget budget = webhook::Budget::full(3 << 20);
        benchmark::DoNotOptimize(renderer->render(notice, budget));
    }
}
BENCHMARK(render_mms)->Unit(benchmark::kMillisecond);

// A store on disk in a folder of its own, and a thread to await its verbs on.
class StoreBench {
public:
    StoreBench() { wait_for(make_account()); }
    ~StoreBench()
    {
        guard_.reset();
        thread_.join();
        store_.reset();
        std::filesystem::remove_all(folder_);
    }

    void accept(std::size_t count)
    {
        std::vector<store::NewMessage> messages(count);
        for (store::NewMessage& message : messages) {
            message.id = ids_.next();
            message.submission.content = text;
            message.submission.destination = "+61491570156";
            message.submission.delivery_report = true;
        }
        wait_for(store_->accept(account_, std::move(messages)));
    }

private:
    void wait_for(asio::awaitable<void> work)
    {
        asio::co_spawn(context_, std::move(work), asio::use_future).get();
    }

    asio::awaitable<void> make_account()
    {
        store::Account account;
        account.id = "bench";
        base::Result<store::Account> made =
            co_await store_->add_account(std::move(account), store::Credits());
        account_ = made.value().key;
    }

    std::filesystem::path folder_ = "build/bench/micro";
    base::SystemClock clock_;
    base::UuidSource ids_{clock_};
    asio::io_context context_{1};
    std::optional<asio::executor_work_guard<asio::io_context::executor_type>> guard_{context_.get_executor()};
    std::thread thread_{[this] { context_.run(); }};
    std::optional<store::sqlite::SqliteStore> store_{std::in_place, folder_, folder_ / "secret.key", clock_};
    store::AccountKey account_{};
};

void store_accept_and_sync(benchmark::State& state)
{
    StoreBench bench;
    for (auto _ : state) bench.accept(static_cast<std::size_t>(state.range(0)));
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(store_accept_and_sync)->Arg(1)->Arg(100)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
