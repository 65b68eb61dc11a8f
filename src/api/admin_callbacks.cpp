// SPDX-License-Identifier: Apache-2.0
// The log of callbacks: what was told, is pending or was given up, and how to have it told again.
#include "api/admin.hpp"

#include "http/router.hpp"
#include "message/event.hpp"
#include "text/unicode.hpp"
#include "wire/json_text.hpp"

#include <cstdlib>
#include <map>

namespace tidings::api {

namespace {

using store::CallbackState;
using wire::JsonObject;

void append_webhook(JsonObject& object, const base::Uuid& webhook)
{
    object.text_or_null("webhook", webhook == base::Uuid{} ? "" : webhook.text());
}

void append_attempt(std::string& out, const store::CallbackAttempt& attempt)
{
    JsonObject object(out);
    object.number("number", attempt.number);
    object.time("at", attempt.at);
    object.number("took_ms", attempt.took.count());
    object.number_or_null("status", attempt.status > 0 ? std::optional(attempt.status) : std::nullopt);
    object.text_or_null("error", attempt.error);
    object.text_or_null("url", attempt.url);
    object.text("answer", text::valid_utf8(attempt.answer));  // it may be anything, and is cut
}

// Of a callback; held is told to callback_url alone and is no event of webhooks.
std::string_view event_name(const store::CallbackEntry& entry)
{
    if (entry.is_test) return "TEST";
    return message::name(entry.event.value_or(message::Event::enroute_dr));
}

struct StateNames {
    std::string_view state;
    std::string_view time;  // what CallbackEntry::at is called
};

constexpr StateNames names_of(CallbackState state)
{
    switch (state) {
    case CallbackState::pending: return {"pending", "next_attempt_at"};
    case CallbackState::delivered: return {"delivered", "delivered_at"};
    case CallbackState::dead: return {"dead", "dead_since"};
    }
    std::abort();
}

std::string_view reason_of(store::CallbackWait waits_for)
{
    switch (waits_for) {
    case store::CallbackWait::turn: return "its turn";
    case store::CallbackWait::retry: return "the next try after one that failed";
    case store::CallbackWait::endpoint: return "an endpoint that is left alone after failures";
    }
    std::abort();
}

// As it was sent last; before that as it was given.
std::string_view url_of(const store::Settings& settings, const store::CallbackEntry& entry)
{
    if (entry.last && !entry.last->url.empty()) return entry.last->url;
    const store::Webhook* webhook = settings.find_webhook(entry.key.account, entry.key.webhook);
    return webhook ? webhook->call.url : entry.url;
}

void append_entry(std::string& out, const store::Settings& settings, const store::CallbackEntry& entry)
{
    StateNames names = names_of(entry.state);
    JsonObject object(out);
    object.id("id", entry.key.id);
    object.text("account", settings.accounts.at(entry.key.account).id);
    append_webhook(object, entry.key.webhook);
    object.text_or_null("message_id", entry.message ? entry.message->text() : "");
    object.text("event", event_name(entry));
    object.text_or_null("url", url_of(settings, entry));
    object.text("state", names.state);
    object.number("attempts", entry.attempts);
    object.time("since", entry.since);
    object.time_or_null(names.time, entry.at);
    if (entry.state == CallbackState::pending) object.text("waits_for", reason_of(entry.waits_for));
    std::string& last = object.value("last_attempt");
    if (entry.last)
        append_attempt(last, *entry.last);
    else
        last += "null";
}

// The parameters of a query, each taken out as it is read. What is left at the end nobody asked for, and it
// is a fault: a filter with a spelling mistake would otherwise show everything.
class Query {
public:
    explicit Query(std::string_view query)
    {
        while (!query.empty()) {
            std::string_view pair = query.substr(0, query.find('&'));
            query.remove_prefix(std::min(query.size(), pair.size() + 1));
            std::size_t equals = pair.find('=');
            auto value = http::percent_decoded(equals == pair.npos ? "" : pair.substr(equals + 1));
            if (value)
                values_[std::string(pair.substr(0, equals))] = *value;
            else
                faults_.push_back(std::string(pair) + " is not percent-encoded.");
        }
    }

    std::optional<std::string> take(const std::string& name)
    {
        auto node = values_.extract(name);
        if (node.empty() || node.mapped().empty()) return {};
        return node.mapped();
    }
    std::optional<base::Uuid> take_id(const std::string& name)
    {
        auto text = take(name);
        if (!text) return {};
        auto id = base::Uuid::parse(*text);
        if (!id) {
            faults_.push_back(name + " must be a UUID.");
            return {};
        }
        return *id;
    }
    void fault(std::string what) { faults_.push_back(std::move(what)); }
    std::vector<std::string> faults()
    {
        for (const auto& [name, _] : values_) faults_.push_back("There is no parameter " + name + ".");
        return std::move(faults_);
    }

private:
    std::map<std::string, std::string> values_;
    std::vector<std::string> faults_;
};

// The place in the list behind an entry, opaque to clients. It is the key of that entry and no number, so
// that pages neither repeat nor skip anything while callbacks come and go.
std::string place_of(const store::Settings& settings, const store::CallbackKey& key)
{
    return key.id.text() + key.webhook.text() + settings.accounts.at(key.account).id;
}

std::optional<store::CallbackKey> key_at(const store::Settings& settings, const std::string& place)
{
    constexpr std::size_t id_size = 36;
    if (place.size() <= 2 * id_size) return {};
    auto id = base::Uuid::parse(place.substr(0, id_size));
    auto webhook = base::Uuid::parse(place.substr(id_size, id_size));
    const store::Account* account = find_account(settings, place.substr(2 * id_size));
    if (!id || !webhook || !account) return {};
    return store::CallbackKey{account->key, *id, *webhook};
}

store::CallbackFilter read_filter(Query& query, const store::Settings& settings)
{
    store::CallbackFilter filter;
    if (auto name = query.take("state")) {
        for (auto state : {CallbackState::pending, CallbackState::delivered, CallbackState::dead})
            if (names_of(state).state == *name) filter.state = state;
        if (!filter.state) query.fault("state must be pending, delivered or dead.");
    }
    if (auto name = query.take("account")) {
        const store::Account* account = find_account(settings, *name);
        if (account)
            filter.account = account->key;
        else
            query.fault("There is no account " + *name + ".");
    }
    filter.webhook = query.take_id("webhook");
    filter.message = query.take_id("message");
    if (auto place = query.take("after")) {
        filter.after = key_at(settings, *place);
        if (!filter.after) query.fault("after must be the next of an answer.");
    }
    return filter;
}

// What is to be replayed: one event, the dead letters of an account, or what it was told between two times.
struct Order {
    std::optional<base::Uuid> id;
    const store::Account* account = nullptr;
    bool dead = false;
    std::optional<base::Time> from, to;
    std::optional<base::Uuid> webhook;
};

std::optional<base::Uuid> id_in(BodyFields& fields, std::string_view name)
{
    auto text = fields.text(name);
    if (!text) return {};
    auto id = base::Uuid::parse(*text);
    if (id) return *id;
    fields.fault(name, "must be a UUID");
    return {};
}

Order read_order(BodyFields& fields, const store::Settings& settings)
{
    Order order;
    order.id = id_in(fields, "id");
    order.webhook = id_in(fields, "webhook");
    order.account = read_account(fields, "account", settings);
    order.dead = fields.boolean("dead").value_or(false);
    order.from = fields.time("from");
    order.to = fields.time("to");
    // A replay may make a great many requests: what the body says has to have one meaning, and a false or a
    // field too many has none.
    if (fields.has("dead") && !order.dead) fields.fault("dead", "must be true");
    fields.require_one_of({"id", "dead", "from"});
    if (!fields.has("id") && !fields.has("account")) fields.fault("account", "is needed with dead and from");
    if (fields.has("id") && fields.has("account")) fields.fault("account", "follows from the id");
    if (fields.has("to") && !fields.has("from")) fields.fault("to", "needs a from");
    return order;
}

http::Response replayed(std::size_t count)
{
    return object_response(
        202, [&](wire::JsonObject& object) { object.number("replayed", static_cast<std::int64_t>(count)); });
}

}  // namespace

awaitable<http::Response> get_callbacks(const Call& call)
{
    Query query(call.request.query);
    store::CallbackFilter filter = read_filter(query, *call.settings);
    if (auto faults = query.faults(); !faults.empty()) co_return response_of(bad_request(std::move(faults)));
    // A page may be empty and yet not the last one, when a filter leaves little of much; `next` alone tells.
    auto page = co_await call.api.store.callbacks(filter);
    // Asked for after the page was read: an account that was added meanwhile is in this snapshot, and one
    // that was removed stays in it.
    auto settings = call.api.store.settings();
    co_return object_response(200, [&](wire::JsonObject& object) {
        object.list("callbacks", page.entries, [&](std::string& out, const store::CallbackEntry& entry) {
            append_entry(out, *settings, entry);
        });
        object.text_or_null("next", page.next ? place_of(*settings, *page.next) : "");
    });
}

awaitable<http::Response> get_callback_attempts(const Call& call)
{
    auto id = base::Uuid::parse(call.request.parameters[0]);
    if (!id) co_return response_of(not_found());
    auto logged = co_await call.api.store.callback_attempts(*id);
    auto settings = call.api.store.settings();
    co_return list_response("attempts", logged, [&](std::string& out, const store::LoggedAttempt& it) {
        JsonObject object(out);
        object.text("account", settings->accounts.at(it.key.account).id);
        append_webhook(object, it.key.webhook);
        append_attempt(object.value("attempt"), it.attempt);
    });
}

awaitable<http::Response> replay_callbacks(const Call& call)
{
    BodyFields fields(call.request.body);
    Order order = read_order(fields, *call.settings);
    if (auto faults = fields.faults(); !faults.empty()) co_return response_of(bad_request(std::move(faults)));
    if (order.id) {
        auto count = co_await call.api.store.replay_event(*order.id, order.webhook);
        if (!count) co_return response_of(problem_of(count.error()));
        co_return replayed(*count);
    }
    store::AccountKey account = order.account->key;
    if (order.dead) {
        std::size_t count = co_await call.api.store.replay_dead(account, order.webhook);
        co_return replayed(count);
    }
    store::ReplayRange range;
    range.account = account;
    range.from = base::Uuid::first_at(*order.from);
    // Ids begin with their time, so that a range of time is a range of ids.
    range.to = base::Uuid::first_at(order.to.value_or(call.api.clock.now()));
    range.webhook = order.webhook;
    std::size_t count = co_await call.api.store.replay_between(range);
    co_return replayed(count);
}

awaitable<http::Response> test_webhook(const Call& call)
{
    const store::Account* account = find_account(*call.settings, call.request.parameters[0]);
    auto webhook = base::Uuid::parse(call.request.parameters[1]);
    if (!account || !webhook) co_return response_of(not_found());
    auto id = co_await call.api.store.test_webhook(account->key, *webhook);
    if (!id) co_return response_of(problem_of(id.error()));
    co_return object_response(202, [&](wire::JsonObject& object) { object.id("id", *id); });
}

}  // namespace tidings::api
