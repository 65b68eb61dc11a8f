// SPDX-License-Identifier: Apache-2.0
// What the verbs of the store do within a transaction. Everything here runs on the writer's thread, save what
// says that it is safe from others.
//
// It decides nothing about messages: rules/ does, and the ledger takes its items through load, decide and
// write (ledger_batch.cpp). What is its own is what rules need not know:
//
//   ledger.cpp            queues: what is on disk comes into memory, and is taken from there
//   ledger_release.cpp    scans: which rows a moment of time concerns, batch by batch
//   ledger_hours.cpp      the scan after an account's hours were changed
//   ledger_held.cpp       marks of links that send nothing twice
//   ledger_callbacks.cpp  lanes of callbacks, and theirs that are due
//   ledger_replay.cpp     what is to be told again
//   lives.cpp             ends of lives, a class of its own
//
// What others are to see of a transaction waits in lists, and in effects, until the commit has gone well
// (committed), and is forgotten otherwise (rolled_back). The first is what makes "202 means on disk" true
// for readers, too.
#pragma once

#include "base/uuid_source.hpp"
#include "store/endpoint.hpp"
#include "store/memory/callback_gate.hpp"
#include "store/memory/outbox.hpp"
#include "store/rules/item.hpp"
#include "store/rules/telling.hpp"
#include "store/sqlite/effects_writer.hpp"
#include "store/sqlite/facts_loader.hpp"
#include "store/sqlite/lives.hpp"
#include "store/sqlite/row_counts.hpp"
#include "store/sqlite/rows.hpp"
#include "store/store.hpp"

#include <functional>
#include <map>
#include <set>
#include <span>

namespace tidings::store::sqlite {

using CallbackBox = Outbox<Callback, CallbackGate>;

// What a batch of a replay came to.
template <class Key>
struct Replayed {
    std::size_t callbacks = 0;  // that are made again
    std::optional<Key> next{};  // where to go on; nothing: that was all
};

class Ledger {
public:
    Ledger(base::Clock& clock, base::UuidSource& ids, Limits limits);

    // Before the first job: brings what is kept in memory up to what is on disk.
    void open(Connection& database);

    // Takes items through the three steps of a batch (rules/item.hpp).
    void carry_out(Connection& database, std::span<rules::Item* const> items);

    // What the account has waiting is to wait by its present hours.
    void hours_changed(Connection& database, AccountKey account);

    void mark(Connection& database, const MessageKey& key, LinkKey link);  // no link: ends the mark
    void move_to(Connection& database, Queue queue, const Outbound& message);
    void name_link(LinkKey link, std::string name);          // for traces
    bool make_due_again(Connection& database, Queue queue);  // what stands there untaken; true: there is more
    void read_queue(Connection& database, Queue queue);      // into memory, where lanes are behind

    void inbound_answered(Connection& database, const base::Sha256& fingerprint);

    // Whether that changed anything. `number`: digits.
    bool add_opt_out(Connection& database, AccountKey account, const std::string& number);

    void confirm_reports(Connection& database, AccountKey account, const std::vector<base::Uuid>& ids);
    void confirm_replies(Connection& database, AccountKey account, const std::vector<base::Uuid>& ids);

    void read_callbacks(Connection& database);  // into memory
    // Those that are due and stand in no lane on disk; safe from every thread.
    const DirectCallbacks& direct_callbacks() const { return callback_writer_.direct(); }
    // Both safe from every thread. See Store::limit_callbacks.
    void limit_callbacks(const CallbackLane& lane, std::size_t out_max, std::optional<base::Time> until);
    std::optional<base::Time> left_alone_until(const CallbackLane& lane) const
    {
        return callbacks_.look([&](const CallbackGate& gate) { return gate.left_alone_until(lane); });
    }
    // A batch of those behind `after`, and of those in the range.
    Replayed<CallbackKey> replay_dead(Connection& database, const CallbackKey& after,
                                      const std::optional<base::Uuid>& webhook);
    Replayed<base::Uuid> replay_between(Connection& database, const ReplayRange& range);

    bool release(Connection& database, base::Time now);  // true: there is more

    Outbox<Outbound>& outbox(Queue queue);  // of `due` or of a link; safe from every thread
    std::vector<Queue> link_queues();       // those that were used; safe from every thread
    void note_taken(const std::vector<Outbound>& messages)
    {
        hints_.taken.add(messages);
    }  // from every thread
    // Adds what stands in the link's queue. Safe from every thread, each with a connection of its own.
    void count_waiting(Connection& database, LinkStatus& status);
    CallbackBox& callbacks() { return callbacks_; }
    Store::Counts counts() const { return row_counts_.totals(); }  // safe from every thread
    void stop_waiting();
    base::Time off_pause_scale(base::Time time) const;  // see on_pause_scale; safe from every thread

    // As they are within the present transaction.
    void set_settings(std::shared_ptr<const Settings> settings) { settings_ = std::move(settings); }
    std::shared_ptr<const Settings> settings() const { return settings_; }
    void after_commit(std::function<void()> effect) { effects_.push_back(std::move(effect)); }

    // The writer's hooks.
    void reopened(Connection& database) { row_counts_.watch(database); }
    void before_commit(Connection& database);
    void committed();
    void rolled_back();

private:
    static constexpr std::size_t batch_max = 500;  // rows of one kind in one release
    static constexpr std::size_t read_max =
        2'000;  // from a queue at once: what a commit may add, to get ahead of it
    static constexpr std::size_t lanes_read_max = 20;             // at once, each its share of read_max
    static constexpr auto seen_window = std::chrono::hours(24);   // for a carrier to deliver again
    static constexpr auto doubt_window = std::chrono::hours(72);  // usual validity of a message at a carrier
    // What waits longer for one of our own pauses was put there while the clock was wrong: none is above a
    // day.
    static constexpr auto pause_max = std::chrono::hours(48);

    // Where a time stands on the scale of our own pauses: the wall clock as it was at the start, and what has
    // passed since. Nobody sets that, so that a retry comes after its pause and not an hour later because the
    // clock was set back by an hour, and parts of a reply are not given up because it was set forward. What
    // is agreed with others (scheduled times, expiries, ends of lives) goes by the wall clock.
    base::Time on_pause_scale(base::Time time) const;
    void mend_pauses(Connection& database);

    void open_queues(Connection& database);
    rules::Surroundings surroundings() const;
    void write_batch(Connection& database);
    void carry_out(Connection& database, rules::Item& item);
    // Lets a verb that is no item yet take the steps of rules/ in the midst of its own work. `wants`: what
    // they have to know.
    void in_batch(Connection& database, const std::function<void(rules::Batch&)>& step,
                  const rules::Wants& wants = {});

    void open_pool_use(Connection& database);
    bool end_sent_keys(Connection& database, base::Time now);
    bool postpone_again(Connection& database, base::Time now);
    // Whether the rules allow it. `what` is for the trace.
    bool advance(Connection& database, MessageRow& row, message::Code code, base::Time at,
                 std::string what = {});
    void make_due(Connection& database, MessageRow& row);
    void remember(const MessageRow& row);
    const std::string& account_id(AccountKey account) const;

    void hold_marked(Connection& database);
    void hold(Connection& database, MessageRow& row, base::Time at, std::string why);

    void tell(Connection& database, rules::Told told);
    void read_callbacks(Connection& database, const CallbackLane& lane, std::size_t limit);
    void know_content(Connection& database, const std::vector<CallbackRow>& rows);
    void choose_direct(rules::Effects& decided);
    void make_displaced_due(Connection& database);
    void give_back(rules::Effects& decided);
    void evict(Connection& database);  // makes room in memory

    std::vector<MessageKey> ready(Connection& database, Queue queue, base::Time now) const;
    std::size_t read_share(std::size_t lanes) const;
    std::vector<Queued<Outbound>> read_lane(Connection& database, Queue queue, const LaneKey& lane,
                                            std::size_t limit);
    bool release_scheduled(Connection& database, base::Time now);
    bool release_retries(Connection& database, base::Time pause_end);
    // Where a message stands that a scan found.
    struct Standing {
        MessageKey key;
        std::optional<Queue> queue;
        std::int64_t seq = 0;
        base::Time expiry{};
    };
    std::vector<Standing> expired(Connection& database, message::Status status, base::Time time,
                                  const Standing& last) const;
    bool expire_scheduled(Connection& database, base::Time now);
    bool expire_enroute(Connection& database, base::Time now);
    bool expire_waiting(Connection& database, message::Status status, base::Time now);
    bool is_taken(const Standing& it);
    void leave_lane(const Standing& it);
    std::set<MessageKey> expired_in_memory(base::Time now);
    bool expire_submitted(Connection& database, base::Time now);
    bool release_verdicts(Connection& database, base::Time pause_end);
    bool release_callbacks(Connection& database, base::Time pause_end);
    bool release_parked(Connection& database, base::Time pause_end);
    bool release_parts(Connection& database, base::Time pause_end);
    bool forget_old(Connection& database, base::Time now);
    std::int64_t forget_doubts(Connection& database, base::Time before);
    bool end_lives(Connection& database, base::Time now);

    base::Clock& clock_;
    base::UuidSource& ids_;
    const Limits limits_;
    std::shared_ptr<const Settings> settings_;
    std::shared_ptr<const Settings> committed_settings_;  // what they were before the present transaction
    std::map<LinkKey, std::string> link_names_;
    std::int64_t last_seq_ = 0;
    base::Sighting begun_;       // when it was opened
    std::size_t next_step_ = 0;  // of release()
    RowCounts row_counts_;
    CallbackWriter callback_writer_{row_counts_};
    Lives lives_{clock_, row_counts_, callback_writer_,
                 [this](Connection& database, rules::Item& item) { carry_out(database, item); }};
    LinkRoom room_{clock_, limits_.of_link, row_counts_, link_names_};
    Hints hints_;
    FactsLoader loader_{hints_};
    EffectsWriter writer_{hints_, row_counts_, room_, callback_writer_};
    // Of one batch at a time; kept, so that their memory is.
    rules::Wants wants_;
    rules::Facts facts_;
    rules::Effects decided_;
    std::mutex outboxes_mutex_;  // of the next two
    std::map<Queue, Outbox<Outbound>> outboxes_;
    bool stopped_ = false;
    CallbackBox callbacks_;

    // Waiting for the commit.
    std::vector<std::function<void()>> effects_;
    std::vector<Queued<Outbound>> new_due_;
    std::vector<Queued<Callback>> new_callbacks_;
    std::vector<Callback> made_due_;  // displaced from memory
};

}  // namespace tidings::store::sqlite
