// SPDX-License-Identifier: Apache-2.0
// all_calls basic|hmac-sha256|hmac-sha1: every call of the client against a gateway with a sandbox carrier,
// whose keys are in TIDINGS_KEY and TIDINGS_SECRET.
#include <tidings/client.hpp>

#include <boost/json.hpp>

#include <cstdlib>
#include <iostream>
#include <thread>

namespace {

using namespace tidings;
using namespace std::chrono_literals;

void expect(bool good, const std::string& what)
{
    if (!good) throw std::runtime_error(what);
}

Credentials credentials_for(const std::string& scheme)
{
    std::string key = std::getenv("TIDINGS_KEY"), secret = std::getenv("TIDINGS_SECRET");
    if (scheme == "basic") return Basic{key, secret};
    return Hmac{key, secret, scheme == "hmac-sha1" ? Digest::sha1 : Digest::sha256};
}

// Asks until it is true, or too late.
template <class Probe>
void eventually(const std::string& what, Probe probe)
{
    auto end = std::chrono::steady_clock::now() + 20s;
    while (!probe()) {
        expect(std::chrono::steady_clock::now() < end, "waited in vain for " + what);
        std::this_thread::sleep_for(20ms);
    }
}

void check_life_of_a_message(const Client& client)
{
    Message message{
        .content = "Grüße, 世界 😀", .destination_number = "+61491570156", .delivery_report = true};
    message.metadata = {{"order", "7"}};
    Message sent = client.messages().send(message).value();
    expect(sent.message_id.size() == 36 && sent.status == Status::queued, "queued");
    expect(sent.content == message.content && sent.metadata == message.metadata, "the echo");
    expect(sent.other.empty(),
           "a field that the library does not know: " + boost::json::serialize(sent.other));
    Message now;
    eventually("delivery", [&] {
        now = client.messages().get(sent.message_id).value();
        return now.status == Status::delivered;
    });
    expect(is_final(now.status) && now.content == message.content, "the message");
    std::vector<std::string> codes;
    eventually("its reports", [&] {
        for (auto& report : client.delivery_reports().unconfirmed()) {
            if (report->message_id == sent.message_id) codes.push_back(report->error_code);
            expect(report->metadata == message.metadata && report->date_received > Time(), "a report");
            report.confirm();
        }
        return codes == std::vector<std::string>{"101", "200", "220"};
    });
    expect(client.delivery_reports().list().value().empty(), "all is confirmed");
}

void check_scheduled(const Client& client)
{
    Time when = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()) + 24h;
    Message message{.content = "Later", .destination_number = "+61491570156", .scheduled = when};
    Message sent = client.messages().send(message).value();
    expect(sent.scheduled == when, "its time to the millisecond");
    expect(client.messages().get(sent.message_id)->status == Status::scheduled, "scheduled");
    expect(client.messages().cancel(sent.message_id)->status == Status::cancelled, "cancelled");
}

void check_refusals(const Client& client, Options options)
{
    Error error = client.messages().get("877c19ef-fa2e-4cec-827a-e1df9b5509f7").error();
    expect(error.status == 404 && error.message == "Resource not found" && !error.request_id.empty(), "404");
    std::vector<Message> bad(2, {.content = "", .destination_number = "123"});
    error = client.messages().send_batch(bad).error();
    expect(error.status == 400 && error.details.size() == 4, "a detail of every fault");
    options.account = "NOBODY";
    error = Client(options).credits().error();
    expect(error.status == 403 && error.message.find("NOBODY") != std::string::npos, "a sub-account");
    std::visit([](auto& key) { key.secret += "x"; }, options.credentials);
    error = Client(options).credits().error();
    expect(error.status == 401, "a wrong secret");
}

void check_idempotency(const Client& client, const std::string& scheme)
{
    Message message{.content = "Once", .destination_number = "+61491570157"};
    SendOptions options{.idempotency_key = "once-" + scheme};
    std::string first = client.messages().send(message, options)->message_id;
    expect(first == client.messages().send(message, options)->message_id, "the same message");
    message.content = "Twice";
    expect(client.messages().send(message, options).error().status == 422, "another request");
}

void check_bulk(const Client& client)
{
    std::vector<Message> messages(250, {.content = "To all", .destination_number = "+61491570158"});
    auto parts = client.messages().send_all(messages).value();
    expect(parts.size() == 3, "three parts");
    for (const Part& part : parts) expect(part.result.value().size() == part.count, "a part");
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc != 2) return 2;
    try {
        Options options{.credentials = credentials_for(argv[1])};
        Client client(options);
        check_life_of_a_message(client);
        check_scheduled(client);
        check_refusals(client, options);
        check_idempotency(client, argv[1]);
        check_bulk(client);
        expect(client.credits()->remaining.value() > 0, "credits");
        expect(client.replies().confirm({"877c19ef-fa2e-4cec-827a-e1df9b5509f7"}).has_value(), "confirmed");
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
    std::cout << "all calls done\n";
}
