// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/file.hpp"
#include "base/seal.hpp"
#include "base/wakeup.hpp"
#include "store/pdu_file.hpp"
#include "store/rules/accept.hpp"
#include "store/rules/held.hpp"
#include "store/sqlite/last_seen.hpp"
#include "store/sqlite/ledger.hpp"
#include "store/sqlite/worker.hpp"
#include "store/store.hpp"

#include <filesystem>
#include <map>
#include <mutex>
#include <set>

namespace tidings::store::sqlite {

// The store in one SQLite file, FOLDER/tidings.db: write-ahead log, synced at each commit, one thread that
// writes and a few that read.
class SqliteStore : public Store {
public:
    // Opens or creates. `key_file` holds the key for secrets; it is created along with an empty database
    // only. Throws a sentence for the operator when the folder is in use, not writable, or of a newer
    // version, or when the key file is missing or another one. What others could read of it becomes the
    // owner's alone. `clock` must outlive the store; io_contexts that await verbs must, too.
    SqliteStore(const std::filesystem::path& folder, const std::filesystem::path& key_file,
                base::Clock& clock, Limits limits = {});
    ~SqliteStore() override;  // what was begun is finished

    awaitable<void> accept(AccountKey account, std::vector<NewMessage> messages) override;
    awaitable<base::Result<std::vector<base::Uuid>>> accept_once(AccountKey account,
                                                                 std::vector<NewMessage> messages,
                                                                 IdempotencyKey key) override;
    awaitable<std::vector<Preview>> preview(AccountKey account, std::vector<NewMessage> messages) override;
    awaitable<std::optional<StoredMessage>> find(AccountKey account, base::Uuid id) override;
    awaitable<base::Result<StoredMessage>> cancel(AccountKey account, base::Uuid id) override;
    awaitable<std::vector<message::Report>> reports(AccountKey account) override;
    awaitable<std::vector<message::Reply>> replies(AccountKey account) override;
    awaitable<std::vector<message::Attachment>> attachments(AccountKey account, base::Uuid reply) override;
    awaitable<void> confirm_reports(AccountKey account, std::vector<base::Uuid> ids) override;
    awaitable<void> confirm_replies(AccountKey account, std::vector<base::Uuid> ids) override;

    awaitable<std::size_t> add_opt_outs(AccountKey account, std::vector<std::string> numbers) override;
    awaitable<base::Result<void>> remove_opt_out(AccountKey account, std::string number) override;
    awaitable<std::vector<std::string>> opt_outs(AccountKey account, std::string after,
                                                 std::size_t limit) override;
    awaitable<std::vector<std::string>> opted_out(AccountKey account,
                                                  std::vector<std::string> numbers) override;
    awaitable<std::vector<message::Reply>> suspected_opt_outs(std::size_t limit) override;

    awaitable<std::vector<LinkKey>> open_links(std::vector<std::string> names) override;
    awaitable<std::vector<Outbound>> take_due(std::size_t limit) override;
    awaitable<void> hand_over(LinkKey link, std::vector<Outbound> messages) override;
    awaitable<std::vector<Outbound>> take_for(LinkKey link, std::size_t limit) override;
    awaitable<std::optional<message::IdForm>> receipt_form(LinkKey link) override;
    awaitable<void> set_receipt_form(LinkKey link, message::IdForm form) override;
    awaitable<void> make_due_again(LinkKey link) override;
    awaitable<void> mark(LinkKey link, std::vector<MessageKey> keys) override;
    awaitable<void> unmark(std::vector<MessageKey> keys) override;
    awaitable<void> put_back(std::vector<MessageKey> keys, base::Time at) override;
    awaitable<void> record(std::vector<Change> changes) override;
    awaitable<void> add_doubts(LinkKey link, std::vector<Doubt> doubts) override;
    awaitable<std::vector<MessageKey>> open_doubts(LinkKey link, std::vector<MessageKey> keys) override;
    awaitable<void> add_receipts(LinkKey link, std::vector<Receipt> receipts) override;
    awaitable<void> add_inbound(LinkKey link, std::vector<Inbound> inbound) override;
    awaitable<void> inbound_answered(std::vector<base::Sha256> fingerprints) override;
    awaitable<void> set_link_status(LinkStatus status) override;
    void add_pdu(const TracedPdu& pdu) override { pdus_.add(pdu); }
    awaitable<void> forget_link_status(LinkKey link) override;
    awaitable<std::vector<LinkStatus>> link_statuses() override;
    awaitable<base::Result<void>> restart_link(std::string name) override;
    awaitable<std::string> take_restart() override;

    awaitable<std::vector<UnmatchedReply>> unmatched_replies(std::size_t limit) override;

    awaitable<std::vector<Callback>> take_callbacks(std::size_t limit) override;
    awaitable<void> record_callbacks(std::vector<CallbackOutcome> outcomes) override;
    void limit_callbacks(CallbackLane lane, std::size_t out_max,
                         std::optional<base::Time> left_alone_until) override
    {
        ledger_.limit_callbacks(lane, out_max, left_alone_until);
    }
    awaitable<CallbackPage> callbacks(CallbackFilter filter) override;
    awaitable<std::vector<LoggedAttempt>> callback_attempts(base::Uuid id) override;
    awaitable<base::Result<std::size_t>> replay_event(base::Uuid id,
                                                      std::optional<base::Uuid> webhook) override;
    awaitable<std::size_t> replay_dead(AccountKey account, std::optional<base::Uuid> webhook) override;
    awaitable<std::size_t> replay_between(ReplayRange range) override;
    awaitable<base::Result<base::Uuid>> test_webhook(AccountKey account, base::Uuid webhook) override;
    awaitable<bool> release(base::Time now) override;

    awaitable<std::optional<Trace>> trace(base::Uuid message) override;
    awaitable<std::vector<HeldMessage>> held_messages(std::size_t limit) override;
    awaitable<base::Result<void>> release_held(base::Uuid message) override;
    awaitable<base::Result<void>> drop_held(base::Uuid message) override;

    std::shared_ptr<const Settings> settings() const override { return settings_.load(); }
    awaitable<base::Result<Account>> add_account(Account account, Credits credits) override;
    awaitable<base::Result<Account>> change_account(AccountKey account,
                                                    std::function<void(Account&)> edit) override;
    awaitable<base::Result<void>> remove_account(AccountKey account) override;
    awaitable<Credits> credits(AccountKey account) override;
    awaitable<void> set_credits(AccountKey account, Credits credits) override;
    awaitable<base::Result<std::int64_t>> add_credits(AccountKey account, std::int64_t amount) override;
    awaitable<void> add_key(ApiKey key) override;
    awaitable<base::Result<ApiKey>> change_key(AccountKey account, std::string name,
                                               std::function<void(ApiKey&)> edit) override;
    awaitable<base::Result<void>> rotate_key(std::string name, ApiKey successor, base::Time until) override;
    awaitable<base::Result<void>> remove_key(AccountKey account, std::string name) override;
    awaitable<base::Result<void>> add_number(Number number) override;
    awaitable<base::Result<void>> remove_number(Number number) override;
    awaitable<void> put_route(message::Route route) override;
    awaitable<base::Result<void>> remove_route(std::string name) override;
    awaitable<void> set_admin_token(base::Sha256 hash) override;
    awaitable<base::Result<void>> add_webhook(Webhook webhook) override;
    awaitable<base::Result<Webhook>> change_webhook(AccountKey account, base::Uuid id,
                                                    std::function<void(Webhook&)> edit) override;
    awaitable<base::Result<void>> remove_webhook(AccountKey account, base::Uuid id) override;
    awaitable<base::Result<void>> add_signature_key(SignatureKey key) override;
    awaitable<base::Result<void>> enable_signature_key(AccountKey account,
                                                       std::optional<base::Uuid> id) override;
    awaitable<base::Result<void>> remove_signature_key(AccountKey account, base::Uuid id) override;
    awaitable<void> rotate_webhook_secret(AccountKey account, WebhookSecret secret,
                                          base::Time until) override;
    awaitable<base::Result<void>> remove_webhook_secrets(AccountKey account) override;

    void stop_waiting() override
    {
        ledger_.stop_waiting();
        restart_asked_.close();
    }
    awaitable<Counts> counts() override;
    bool writable() const override { return writer_.healthy(); }

private:
    void complete(CallbackEntry& entry) const;
    awaitable<std::vector<Outbound>> take(Queue queue, std::size_t limit);
    template <class Item, class Gate, class Read>
    awaitable<std::vector<Item>> take_from(Outbox<Item, Gate>& box, std::size_t limit, Read read);
    awaitable<std::optional<MessageKey>> locate(base::Uuid message);
    awaitable<base::Result<void>> decide_held(base::Uuid message, rules::DecideHeld::Decision decision);
    awaitable<void> put_into(Queue queue, std::vector<Outbound> messages);
    awaitable<void> take_from_removed_links(const std::vector<LinkKey>& configured);
    void open(const std::filesystem::path& key_file);
    void open_sealer(const std::filesystem::path& key_file);
    // Makes a snapshot in which `edit` has changed what the present transaction changes on disk; it is shown
    // to all once that is committed.
    void change_settings(Connection& database, const std::function<void(Settings&)>& edit);
    std::shared_ptr<const Settings> read_settings(Connection& database) const;

    // Carries out an item in the next batch; then it has its result. It is shared with the writer, which may
    // be at it when nobody waits any more.
    awaitable<void> decide(std::shared_ptr<rules::Item> item);
    // Work for the writer, and for a reader.
    template <class Work>
    auto write(Work work)
    {
        return run_on(writer_.queue(), std::move(work));
    }
    template <class Work>
    auto read(Work work)
    {
        return run_on(readers_->queue(), std::move(work));
    }

    base::FolderLock lock_;
    base::UuidSource ids_;
    LastSeen last_seen_;
    Ledger ledger_;
    std::optional<base::Sealer> sealer_;
    std::atomic<std::shared_ptr<const Settings>> settings_;
    mutable std::mutex link_statuses_mutex_;
    std::map<LinkKey, LinkStatus> link_statuses_;
    std::set<std::string> restarts_;  // names of links, under the same mutex
    base::Wakeup restart_asked_;
    PduFile pdus_;
    Writer writer_;
    std::optional<Readers> readers_;
};

}  // namespace tidings::store::sqlite
