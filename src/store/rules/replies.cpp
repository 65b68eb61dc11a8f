// SPDX-License-Identifier: Apache-2.0
#include "store/rules/replies.hpp"

#include "base/log.hpp"
#include "base/utf8.hpp"
#include "message/limits.hpp"
#include "store/rules/life.hpp"
#include "store/rules/opt_outs.hpp"
#include "store/rules/telling.hpp"

#include <fmt/format.h>

namespace tidings::store::rules {

namespace {

Thread thread_of(const Inbound& inbound) { return {inbound.destination, inbound.source}; }

ReplyName name_of(LinkKey link, const Inbound& part)
{
    return {link, thread_of(part), part.part->reference, part.part->total, part.part->is_wide};
}

// The messages of a thread are found by a hash of its numbers, so that another thread's may come up. The row
// decides.
bool is_between(const MessageRow& row, const Thread& thread)
{
    return row.sender == thread.number && message::digits_of(row.destination) == thread.handset;
}

// The last message that was submitted, if that was not too long ago.
const MessageRow* find_submitted(const Batch& batch, const Inbound& inbound, const ThreadMessages& messages)
{
    if (!messages.submitted) return nullptr;
    const MessageRow* row = batch.facts.messages.find(*messages.submitted);
    if (!row || !row->submitted_at || !is_between(*row, thread_of(inbound))) return nullptr;
    // What answers a number of one account can only be meant for that account. A shared one is soon used for
    // another account's message to the same handset, and an old reply must not go to the wrong account.
    auto window = batch.settings.is_shared(inbound.destination) ? pool_window : life;
    return inbound.received_at - *row->submitted_at <= window ? row : nullptr;
}

// A handset can be faster than the carrier's answer to us, or than its commit, and after a crash that answer
// never came.
const MessageRow* find_under_way(const Batch& batch, const Inbound& inbound, const ThreadMessages& messages)
{
    if (!messages.under_way) return nullptr;
    const MessageRow* row = batch.facts.messages.find(*messages.under_way);
    bool is_under_way = row && row->queue && has_lanes(*row->queue);
    return is_under_way && is_between(*row, thread_of(inbound)) ? row : nullptr;
}

const MessageRow* find_original(const Batch& batch, const Inbound& inbound)
{
    const ThreadMessages& messages = *batch.facts.threads.find(thread_of(inbound));
    // What a carrier has confirmed comes first: of the other nobody knows whether it has left.
    if (const MessageRow* row = find_submitted(batch, inbound, messages)) return row;
    return find_under_way(batch, inbound, messages);
}

void keep_unmatched(Batch& batch, LinkKey link, Inbound inbound)
{
    batch.effects.log.push_back(
        {base::LogLevel::warning,
         fmt::format("reply from {} to {} belongs to no account; kept as unmatched",
                     base::masked(inbound.source), base::masked(inbound.destination))});
    batch.effects.unmatched_replies.push_back({link, std::move(inbound)});
}

// The reply without its id, its account and its wish, which the caller fills in.
message::Reply reply_of(const Inbound& inbound, const MessageRow* original)
{
    message::Reply reply;
    reply.received_at = inbound.received_at;
    reply.source = message::written(inbound.source);
    reply.content = inbound.content;
    if (original) {
        reply.message = original->key.id;
        reply.callback_url = original->callback_url;
        reply.metadata = metadata_of(original->extra);
        reply.destination = submission_of(*original).source;
    } else {
        reply.destination = message::written(inbound.destination);
    }
    return reply;
}

void tell_of(Batch& batch, AccountKey account, message::Reply reply, const MessageRow* original)
{
    CallbackRow row;
    row.key = {account, reply.id, {}};
    row.message = reply.message;
    row.changed_at = row.created_at = reply.received_at;
    row.since = batch.now;
    Callback callback;
    callback.format = reply.format;
    if (original) callback.original = original->content;
    callback.reply = std::move(reply);
    tell(batch, {std::move(row), std::move(callback)});
}

// In the trace of the message that is answered; without one only the log has a place for it.
void say_oddity(Batch& batch, const Inbound& inbound, const MessageRow* original)
{
    if (inbound.oddity.empty()) return;
    if (original)
        add_step(*batch.facts.messages.find(original->key), {batch.now, message::Code::none, inbound.oddity});
    else
        batch.effects.log.push_back(
            {base::LogLevel::warning,
             fmt::format("from {}: {}", base::masked(inbound.source), inbound.oddity)});
}

void make_reply(Batch& batch, LinkKey link, Inbound inbound)
{
    const MessageRow* original = find_original(batch, inbound);
    auto owner = batch.settings.owner_of(inbound.destination);
    // Kept, and not dropped: the carrier gets its response either way and never delivers it again.
    bool has_place = original || (owner && !inbound.is_wordless);
    if (!has_place) return keep_unmatched(batch, link, std::move(inbound));
    if (inbound.is_wordless) return say_oddity(batch, inbound, original);

    const Account& account = batch.account(original ? original->key.account : *owner);
    inbound.source = handset_of(account, inbound);
    message::Reply reply = reply_of(inbound, original);
    reply.id = batch.ids.next();
    reply.account = account.id;
    // After the account is known and before anything is written of the reply, which shows what it asked for.
    reply.wish = heed(batch, account, inbound);
    say_oddity(batch, inbound, original);
    NewReply& made = batch.effects.replies.emplace_back();
    if (inbound.format == message::Format::mms && account.features.has(Feature::inbound_mms)) {
        reply.format = message::Format::mms;
        made.attachments = std::move(inbound.attachments);
    }
    made.account = account.key;
    made.reply = reply;
    tell_of(batch, account.key, std::move(reply), original);
}

// Makes one reply of the parts that are there, of which `any` has all but the content.
void join_parts(Batch& batch, const ReplyName& name, Inbound any)
{
    // No charset needs more octets than twice those of UTF-8.
    constexpr std::size_t octets_max = 2 * message::reply_content_max;
    ReplyParts& parts = *batch.facts.reply_parts.find(name);
    std::vector<text::CodedPart> coded;
    for (auto& [sequence, part] : parts.by_sequence) {
        coded.push_back({sequence, part.coding, std::move(part.content)});
        parts.removes_rows |= !part.is_unsaved;
    }
    any.content = text::joined_text(coded, octets_max);
    any.coding = {};
    // Cut between characters: half of one is no valid UTF-8.
    any.content.resize(base::utf8_prefix(any.content, message::reply_content_max).size());
    parts.by_sequence.clear();
    batch.effects.reply_parts.push_back(name);
    make_reply(batch, name.link, std::move(any));
}

// Parts that have waited long enough are joined without a new part having come. This stands in for it: the
// numbers, and the time at which the reply is delivered.
Inbound any_part_of(const ReplyName& name, base::Time now)
{
    Inbound any;
    any.source = name.thread.handset;
    any.destination = name.thread.number;
    any.part = text::PartOf{name.reference, name.total, 1, name.is_wide};
    any.received_at = now;
    return any;
}

// Until decide() it is open which of these accounts gets the reply, so each of them wants what heeding an
// opt-out takes.
void want_opt_outs(const Surroundings& surroundings, const Facts& facts, const Inbound& inbound, Wants& wants)
{
    const ThreadMessages& messages = *facts.threads.find(thread_of(inbound));
    if (messages.submitted) want_opt_out(surroundings, messages.submitted->account, inbound, wants);
    if (messages.under_way) want_opt_out(surroundings, messages.under_way->account, inbound, wants);
    if (auto owner = surroundings.settings.owner_of(inbound.destination))
        want_opt_out(surroundings, *owner, inbound, wants);
}

}  // namespace

void AddInbound::first(const Surroundings&, Wants& wants)
{
    for (const Inbound& inbound : inbound_) {
        wants.seen.push_back(inbound.fingerprint);
        wants.threads.push_back(thread_of(inbound));
        if (inbound.part) wants.reply_parts.push_back(name_of(link_, inbound));
    }
}

void AddInbound::second(const Surroundings& surroundings, const Facts& facts, Wants& wants)
{
    for (const Inbound& inbound : inbound_) want_opt_outs(surroundings, facts, inbound, wants);
}

void AddInbound::decide(Batch& batch)
{
    for (Inbound& inbound : inbound_) {
        // Stored before, and perhaps even by an earlier item of this batch, but the carrier did not get our
        // response. To answer it once more is all that there is to do.
        if (batch.facts.seen.find(inbound.fingerprint)) continue;
        batch.facts.seen.set(inbound.fingerprint, Seen());
        batch.effects.seen.push_back({link_, inbound.fingerprint, inbound.received_at});
        if (inbound.part)
            add_part(batch, inbound);
        else
            make_reply(batch, link_, std::move(inbound));
    }
}

void AddInbound::add_part(Batch& batch, Inbound& inbound) const
{
    ReplyName name = name_of(link_, inbound);
    ReplyParts& parts = *batch.facts.reply_parts.find(name);
    // A part that comes twice with different bytes replaces the one before: it does not count twice towards
    // `total`.
    parts.by_sequence[inbound.part->sequence] = {.content = std::move(inbound.content),
                                                 .received_at = batch.on_pause_scale(inbound.received_at),
                                                 .is_unsaved = true,
                                                 .coding = inbound.coding};
    if (parts.by_sequence.size() == inbound.part->total) return join_parts(batch, name, std::move(inbound));
    batch.effects.reply_parts.push_back(std::move(name));
}

void DeliverLateParts::first(const Surroundings&, Wants& wants)
{
    for (const ReplyName& name : replies_) {
        wants.reply_parts.push_back(name);
        wants.threads.push_back(name.thread);
    }
}

void DeliverLateParts::second(const Surroundings& surroundings, const Facts& facts, Wants& wants)
{
    for (const ReplyName& name : replies_)
        want_opt_outs(surroundings, facts, any_part_of(name, surroundings.now), wants);
}

void DeliverLateParts::decide(Batch& batch)
{
    for (const ReplyName& name : replies_) {
        batch.effects.log.push_back(
            {base::LogLevel::warning, fmt::format("a reply from {} misses parts; delivered without them",
                                                  base::masked(name.thread.handset))});
        join_parts(batch, name, any_part_of(name, batch.now));
    }
}

}  // namespace tidings::store::rules
