// SPDX-License-Identifier: Apache-2.0
// From a callback to the request that is sent, signed as its account wants it. Made anew for each attempt, so
// that date and signatures are those of the attempt; only the id of the event stays.
#pragma once

#include "http/client.hpp"
#include "relay/workers.hpp"
#include "store/records.hpp"
#include "webhook/renderer.hpp"
#include "webhook/signature.hpp"

#include <optional>
#include <string>
#include <unordered_map>

namespace tidings::relay {

// Why there is no request, for people.
struct NotMade {
    std::string why;
};

// How bodies are written for which nobody has a template.
struct DefaultBodies {
    std::string vendor_id;
    wire::Place of_webhooks = wire::Place::callback;  // those to callback_url are always so
};

class CallbackRequests {
public:
    explicit CallbackRequests(DefaultBodies bodies);

    // `webhook` is the one that the callback goes to; nullptr: to its own URL. What cannot be made never can.
    // Nothing: it would take too long here, and is for the workers.
    using Made = base::Result<http::ClientRequest, NotMade>;
    std::optional<Made> make_at_once(const store::Callback& callback, const store::Webhook* webhook);
    // Both must stay until it is done.
    boost::asio::awaitable<Made> make_by_workers(const store::Callback& callback,
                                                 const store::Webhook* webhook);
    // Adds the id of the event, and the signatures of Standard Webhooks where the account has secrets.
    void add_id(http::ClientRequest& request, const store::CallbackKey& key, const store::Settings& settings,
                base::Time now) const;
    // Adds the RSA signature and its date, by the workers. All that it covers must be as it will be sent.
    boost::asio::awaitable<void> sign(http::ClientRequest& request, const store::SignatureKey& key,
                                      base::Time now);

private:
    static constexpr std::size_t remembered_max = 1'000;  // templates, and keys: each some KiB

    // What goes into a request.
    struct Order {
        const store::Callback& callback;
        const store::Webhook* webhook;
        const webhook::Renderer* renderer = nullptr;  // of the webhook
    };
    struct Parsed {
        message::WebhookCall call;
        webhook::Renderer renderer;
    };

    Made make(const Order& order, webhook::Budget& budget) const;
    // Stays until the next one is asked for.
    base::Result<const webhook::Renderer*, NotMade> renderer_of(const store::Webhook& webhook);
    const webhook::SigningKey* signing_key(const store::SignatureKey& key);

    const DefaultBodies bodies_;
    std::unordered_map<base::Uuid, Parsed> renderers_;                  // by webhook
    std::unordered_map<base::Uuid, webhook::SigningKey> signing_keys_;  // by key
    Workers workers_;
};

}  // namespace tidings::relay
