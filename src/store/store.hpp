// SPDX-License-Identifier: Apache-2.0
// What must survive a power cut, in verbs of the domain. `api` and `relay` meet here and nowhere else.
//
// Every verb that changes something returns after the commit is synced to disk. A store that cannot write
// throws Unavailable, and then nothing of that call happened. Verbs may be called from every thread and
// complete on the caller's executor. Nothing here assumes that the data sits in this process.
//
// Life of a message in here: accept puts it into the queue of what is due, or, when it is scheduled, into the
// timed one. take_due hands it to relay, which chooses a link and puts it into that link's queue (hand_over);
// the link takes it from there (take_for) and records what became of it. A message that was taken stays on
// disk as it was until it is recorded: after a crash it is simply due again.
#pragma once

#include "store/records.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <stdexcept>

namespace tidings::store {

using boost::asio::awaitable;

// The disk is full or the database is away: try again later. What to do about it is in the text.
struct Unavailable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// What an account has left; nothing: it is not prepaid and may send without limit. One credit pays for one
// segment of an SMS.
using Credits = std::optional<std::int64_t>;

constexpr std::size_t list_max = 100;  // reports or replies in one answer, and confirmations in one request

class Store {
public:
    virtual ~Store() = default;

    // ---- the face to applications

    // All or nothing is stored. Messages that are due leave with code 101 at once, the others wait as
    // scheduled, for their time or for the account's hours; one that the account's rules do not let through
    // ends as rejected, or is held. A prepaid account pays here, message by message, and gets it back for
    // what then does not reach a carrier.
    virtual awaitable<void> accept(AccountKey account, std::vector<NewMessage> messages) = 0;
    // The same, once for each key within idempotency_window: the ids of the given messages or, if the key was
    // there already, of those that were accepted with it. reused_key: that was another request.
    virtual awaitable<base::Result<std::vector<base::Uuid>>> accept_once(AccountKey account,
                                                                         std::vector<NewMessage> messages,
                                                                         IdempotencyKey key) = 0;
    // Each as if it were accepted alone; changes nothing.
    virtual awaitable<std::vector<Preview>> preview(AccountKey account, std::vector<NewMessage> messages) = 0;
    virtual awaitable<std::optional<StoredMessage>> find(AccountKey account, base::Uuid id) = 0;
    // Of a cancel and a release exactly one wins. not_found, not_scheduled; a cancelled message stays so
    // without error.
    virtual awaitable<base::Result<StoredMessage>> cancel(AccountKey account, base::Uuid id) = 0;
    // The oldest that are not confirmed, list_max at most, and fewer when they are large (list_room.hpp).
    virtual awaitable<std::vector<message::Report>> reports(AccountKey account) = 0;
    virtual awaitable<std::vector<message::Reply>> replies(AccountKey account) = 0;
    // What came with a reply that was an MMS, in its order.
    virtual awaitable<std::vector<message::Attachment>> attachments(AccountKey account, base::Uuid reply) = 0;
    // Ids that are unknown, of another account or confirmed already change nothing.
    virtual awaitable<void> confirm_reports(AccountKey account, std::vector<base::Uuid> ids) = 0;
    virtual awaitable<void> confirm_replies(AccountKey account, std::vector<base::Uuid> ids) = 0;

    // The numbers that are not to be written to, by whoever's wish; in digits. What is sent to one ends with
    // 302 while the account has the feature opt_out; so does what was scheduled, at its time.
    // How many were not there before.
    virtual awaitable<std::size_t> add_opt_outs(AccountKey account, std::vector<std::string> numbers) = 0;
    virtual awaitable<base::Result<void>> remove_opt_out(AccountKey account, std::string number) = 0;
    // In ascending order, those after `after`.
    virtual awaitable<std::vector<std::string>> opt_outs(AccountKey account, std::string after,
                                                         std::size_t limit) = 0;
    // Of the given numbers those that are listed.
    virtual awaitable<std::vector<std::string>> opted_out(AccountKey account,
                                                          std::vector<std::string> numbers) = 0;

    // ---- the face to carriers

    // The keys of the configured links, in their order; made for names that are new. What waits for a link
    // that is no longer configured becomes due again.
    virtual awaitable<std::vector<LinkKey>> open_links(std::vector<std::string> names) = 0;
    // How the carrier writes ids in receipts, as far as that was learnt. Belongs to the link's name.
    virtual awaitable<std::optional<message::IdForm>> receipt_form(LinkKey link) = 0;
    virtual awaitable<void> set_receipt_form(LinkKey link, message::IdForm form) = 0;
    // Waits until something is due. Oldest first; 1,000 at most. One coroutine at a time waits here, and one
    // per link in take_for. They throw Unavailable, too: what was due is still due.
    virtual awaitable<std::vector<Outbound>> take_due(std::size_t limit) = 0;
    // Puts taken messages, 1,000 at most, into a link's queue: in memory while there is room, else on disk.
    // The caller has them still when that throws.
    virtual awaitable<void> hand_over(LinkKey link, std::vector<Outbound> messages) = 0;
    // What waits in the link's queue becomes due again, for whichever link is better. Not while take_for() of
    // the same link is under way.
    virtual awaitable<void> make_due_again(LinkKey link) = 0;
    // Waits until something is in the link's queue. In the order in which it was handed over.
    virtual awaitable<std::vector<Outbound>> take_for(LinkKey link, std::size_t limit) = 0;
    // Remembers that the link may be submitting these taken messages from now on. After a crash they are
    // held, while messages without a mark are due again; recording or putting back ends the mark.
    virtual awaitable<void> mark(LinkKey link, std::vector<MessageKey> keys) = 0;
    // They were not submitted after all, and are due as before at the next start.
    virtual awaitable<void> unmark(std::vector<MessageKey> keys) = 0;
    // Gives taken messages back, to be due again at `at`.
    virtual awaitable<void> put_back(std::vector<MessageKey> keys, base::Time at) = 0;
    // Changes that the rules of message/status.hpp forbid are dropped. Makes reports and their callbacks.
    // With code 151 a message is held: it waits for the operator, or for a receipt.
    virtual awaitable<void> record(std::vector<Change> changes) = 0;
    // Remembers that these may have reached the carrier, so that a receipt with an unknown id can find them.
    virtual awaitable<void> add_doubts(LinkKey link, std::vector<Doubt> doubts) = 0;
    // Of the given messages those for which no receipt came in the meantime: they are to be sent again. For
    // the others the carrier's id is known now, and they are recorded as submitted.
    virtual awaitable<std::vector<MessageKey>> open_doubts(LinkKey link, std::vector<MessageKey> keys) = 0;
    // A receipt whose id is unknown is kept and matched later.
    virtual awaitable<void> add_receipts(LinkKey link, std::vector<Receipt> receipts) = 0;
    // Parts are kept until the last one makes the reply. What was stored and not yet answered changes nothing
    // when it comes again: the carrier did not get our answer.
    virtual awaitable<void> add_inbound(LinkKey link, std::vector<Inbound> inbound) = 0;
    // The carrier was told that it is stored: the same text from the same handset is a new message from now
    // on.
    virtual awaitable<void> inbound_answered(std::vector<base::Sha256> fingerprints) = 0;

    // Keeps a PDU for trace(). Written, but not synced; the oldest are dropped.
    virtual void add_pdu(const TracedPdu& pdu) = 0;

    // What the links of this process last said of themselves, in the order of their keys, with what waits for
    // them in here. Nothing of it is on disk. A store that several processes share shows all of their links,
    // perhaps a second late.
    virtual awaitable<void> set_link_status(LinkStatus status) = 0;
    virtual awaitable<void> forget_link_status(LinkKey link) = 0;
    virtual awaitable<std::vector<LinkStatus>> link_statuses() = 0;
    // Lets a link of this process begin anew: its name comes out of take_restart(), once for however many
    // asked meanwhile. not_found: none of the configured links has it. Nothing of it is on disk.
    virtual awaitable<base::Result<void>> restart_link(std::string name) = 0;
    virtual awaitable<std::string> take_restart() = 0;  // waits as take_due() does

    // ---- callbacks

    // Waits until there is one. Oldest first in each lane. Accounts take turns, and each may have as many out
    // as are left of callbacks_out_max, so that none fills it.
    virtual awaitable<std::vector<Callback>> take_callbacks(std::size_t limit) = 0;
    // Of each that was taken, once.
    virtual awaitable<void> record_callbacks(std::vector<CallbackOutcome> outcomes) = 0;
    // How many of a lane's callbacks may be taken and not yet recorded, callbacks_out_first until told
    // otherwise; 0: none is taken, since its endpoint is left alone until that time, which the log shows.
    // Nothing of it is on disk.
    virtual void limit_callbacks(CallbackLane lane, std::size_t out_max,
                                 std::optional<base::Time> left_alone_until = {}) = 0;

    // Account by account, those of the newest events first.
    virtual awaitable<CallbackPage> callbacks(CallbackFilter filter) = 0;
    // The attempts to tell of this event: those that failed, and the one that did not.
    virtual awaitable<std::vector<LoggedAttempt>> callback_attempts(base::Uuid id) = 0;
    // These have callbacks made again, with the ids that they had, and tell how many. One event, to whom it
    // was to be told or, if to nobody, to whom it would be now; not_found.
    virtual awaitable<base::Result<std::size_t>> replay_event(base::Uuid id,
                                                              std::optional<base::Uuid> webhook) = 0;
    virtual awaitable<std::size_t> replay_dead(AccountKey account, std::optional<base::Uuid> webhook) = 0;
    // Of all reports and replies that were told, or are not yet confirmed, to whom they would be told now.
    virtual awaitable<std::size_t> replay_between(ReplayRange range) = 0;
    // The id of the event that did not happen. not_found.
    virtual awaitable<base::Result<base::Uuid>> test_webhook(AccountKey account, base::Uuid webhook) = 0;

    // ---- time

    // Does what has become due: releases scheduled messages and retries, ends what waited until its expiry
    // (320) and what its carrier never reported on (401), gives up waiting for parts and for matches, makes
    // dead letters of callbacks that could not even be tried in time, and ends lives: of a message 45 days
    // from its acceptance or, if later, its scheduled time; of a report or reply, and of what the log has of
    // it, 45 days from its own. At most a batch per call; true: there is more.
    virtual awaitable<bool> release(base::Time now) = 0;

    // ---- for the operator

    virtual awaitable<std::optional<Trace>> trace(base::Uuid message) = 0;             // of whichever account
    virtual awaitable<std::vector<HeldMessage>> held_messages(std::size_t limit) = 0;  // longest held first
    // A held message goes on (due again, or what its account's other rules make of it), or ends (304).
    // not_found, not_held.
    virtual awaitable<base::Result<void>> release_held(base::Uuid message) = 0;
    virtual awaitable<base::Result<void>> drop_held(base::Uuid message) = 0;
    // The newest replies that belong to nobody, newest first.
    virtual awaitable<std::vector<UnmatchedReply>> unmatched_replies(std::size_t limit) = 0;

    // The newest replies that perhaps ask for an opt-out, newest first.
    virtual awaitable<std::vector<message::Reply>> suspected_opt_outs(std::size_t limit) = 0;

    // ---- settings

    virtual std::shared_ptr<const Settings> settings()
        const = 0;  // shared by all who still read that version
    // The key is given by the store, and `prepaid` follows from `credits`. exists: an id is never given
    // twice.
    virtual awaitable<base::Result<Account>> add_account(Account account, Credits credits) = 0;
    // `edit` gets the account as it is now and may change all but key, id, parent, prepaid and removed. It is
    // called on a thread of the store, and perhaps more than once. not_found.
    virtual awaitable<base::Result<Account>> change_account(AccountKey account,
                                                            std::function<void(Account&)> edit) = 0;
    // Along with its keys, numbers and webhooks. Messages that it had accepted still go their way. not_found;
    // in_use while it has sub-accounts.
    virtual awaitable<base::Result<void>> remove_account(AccountKey account) = 0;
    virtual awaitable<Credits> credits(AccountKey account) = 0;
    virtual awaitable<void> set_credits(AccountKey account, Credits credits) = 0;
    // The new balance; `amount` may be negative. not_prepaid.
    virtual awaitable<base::Result<std::int64_t>> add_credits(AccountKey account, std::int64_t amount) = 0;

    virtual awaitable<void> add_key(ApiKey key) = 0;
    // As change_account: all but name, account, scheme and secrets. not_found.
    virtual awaitable<base::Result<ApiKey>> change_key(AccountKey account, std::string name,
                                                       std::function<void(ApiKey&)> edit) = 0;
    // Adds `successor` and lets the key `name` end at `until`, unless it ends earlier. not_found.
    virtual awaitable<base::Result<void>> rotate_key(std::string name, ApiKey successor,
                                                     base::Time until) = 0;
    virtual awaitable<base::Result<void>> remove_key(AccountKey account, std::string name) = 0;  // not_found
    // exists: the same account has it already, or, unless it is a name, any account or the pool.
    virtual awaitable<base::Result<void>> add_number(Number number) = 0;
    virtual awaitable<base::Result<void>> remove_number(Number number) = 0;  // not_found

    virtual awaitable<void> put_route(message::Route route) = 0;  // instead of the one with its name, if any
    virtual awaitable<base::Result<void>> remove_route(std::string name) = 0;  // not_found
    virtual awaitable<void> set_admin_token(base::Sha256 hash) = 0;

    // exists: the account has one with that URL and method; too_many: it has webhooks_max.
    virtual awaitable<base::Result<void>> add_webhook(Webhook webhook) = 0;
    // As change_account: all but id and account. not_found, exists.
    virtual awaitable<base::Result<Webhook>> change_webhook(AccountKey account, base::Uuid id,
                                                            std::function<void(Webhook&)> edit) = 0;
    virtual awaitable<base::Result<void>> remove_webhook(AccountKey account, base::Uuid id) = 0;  // not_found
    virtual awaitable<base::Result<void>> add_signature_key(SignatureKey key) = 0;                // too_many
    // The one that was enabled is so no longer. Without an id: none is. not_found.
    virtual awaitable<base::Result<void>> enable_signature_key(AccountKey account,
                                                               std::optional<base::Uuid> id) = 0;
    virtual awaitable<base::Result<void>> remove_signature_key(AccountKey account,
                                                               base::Uuid id) = 0;  // not_found
    // `secret` becomes the newest, the one before it ends at `until`, and older ones go.
    virtual awaitable<void> rotate_webhook_secret(AccountKey account, WebhookSecret secret,
                                                  base::Time until) = 0;
    virtual awaitable<base::Result<void>> remove_webhook_secrets(AccountKey account) = 0;  // not_found: none

    // Lets all who wait in take_… go with operation_aborted. Other verbs go on.
    virtual void stop_waiting() = 0;

    struct Counts {
        std::uint64_t due = 0;  // accepted and not yet at a carrier, scheduled ones apart
        std::uint64_t scheduled = 0;
        std::uint64_t held = 0;
        std::uint64_t callbacks = 0;           // not yet delivered
        std::uint64_t dead_letters = 0;        // callbacks that were given up
        std::uint64_t unmatched_receipts = 0;  // given up: no message fits
        std::uint64_t unmatched_replies = 0;
        // Since the process began: the oldest of a link, by the limits of what a carrier makes the store
        // keep.
        std::uint64_t dropped_receipts = 0;  // parked or unmatched
        std::uint64_t dropped_parts = 0;     // of replies that miss others
        std::uint64_t dropped_replies = 0;   // unmatched
    };
    virtual awaitable<Counts> counts() = 0;
    virtual bool writable() const = 0;  // for /readyz: the last commit went well
};

}  // namespace tidings::store
