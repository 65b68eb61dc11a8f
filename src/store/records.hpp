// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "message/carrier_id.hpp"
#include "message/choose_link.hpp"
#include "message/message.hpp"
#include "message/report.hpp"
#include "message/status.hpp"
#include "store/settings.hpp"
#include "text/joined.hpp"
#include "text/segments.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tidings::store {

// A message in the store: its account and its id.
struct MessageKey {
    AccountKey account{};
    base::Uuid id;
    auto operator<=>(const MessageKey&) const = default;
};

struct NewMessage {
    base::Uuid id;
    message::Submission submission;
    std::optional<std::string> converted{};  // what goes out instead of the content
    std::int64_t cost = 0;                   // in credits; see message::credits_for
    message::Priority priority = message::Priority::normal;
};

// What an application sends along so that a repeated request does nothing twice.
struct IdempotencyKey {
    std::string key;
    base::Sha256 body{};  // of the request
};
constexpr auto idempotency_window = std::chrono::hours(24);

// What would become of a message that was accepted now.
struct Preview {
    base::Time leaves_at{};             // at its time, or later by the account's hours
    std::string sender;                 // empty: the link's choice
    std::optional<message::Code> code;  // with which it would end before it leaves; nothing: it would leave
    std::string why;                    // it would end so
};

// What GET shows of a message.
struct StoredMessage {
    base::Uuid id;
    message::Submission submission;
    message::Status status{};
};

// Something that happened to a message, in the order in which it was learnt.
struct Step {
    base::Time at{};
    message::Code code = message::Code::none;  // what its status became; none: it stayed
    std::string what;                          // for people; may be empty

    bool operator==(const Step&) const = default;
};

// A PDU of a link whose trace is full.
struct TracedPdu {
    base::Time at{};
    std::string link;  // its name
    bool is_ours = false;
    std::optional<base::Uuid> message;  // where that is known
    std::string carrier_id;             // else, as the store writes it; empty: none
    std::string text;                   // for people, in one line
    std::string hex;                    // all of its bytes
};

// All that is known of a message, for the operator.
struct Trace {
    AccountKey account{};
    StoredMessage message;
    message::Code code = message::Code::none;
    std::string sender;  // from which it goes out; empty: not yet chosen, or the link's choice
    std::vector<Step> steps;
    std::vector<TracedPdu> pdus;  // those that are still on file
};

// A message that waits for the operator's decision.
struct HeldMessage {
    MessageKey key;
    std::string destination;  // as submitted
    base::Time since{};
    std::string why;  // for people
};

// A message of which a carrier took some parts, and refused others for now. The others follow on the same
// link and carry the same reference, so that the handset can join them.
struct PartsTaken {
    LinkKey link{};
    std::uint16_t reference = 0;
    std::vector<std::optional<std::string>> carrier_ids;  // of all parts; nothing: it is yet to be taken

    bool operator==(const PartsTaken&) const = default;
};

// A message on its way out: what relay needs to send it.
struct Outbound {
    MessageKey key;
    message::Priority priority{};
    message::Format format{};
    std::string content;
    std::string subject;             // of an MMS, as are media
    std::vector<std::string> media;  // URLs
    std::string destination;         // digits
    std::string sender;
    message::SourceType sender_type{};
    std::optional<base::Time> expiry;
    std::vector<LinkKey> refused_by;  // they are not tried again
    base::Time due_since{};
    std::optional<PartsTaken> taken{};
};

// One step of a message's life as relay saw it. For submitted: what the carrier called the parts, in their
// order. Without a code: `link` refused it, and it is due again for another one; unless it says what the
// carrier took, or is only a step, `why`, for the trace: then nothing else changes.
struct Change {
    MessageKey key;
    message::Code code{};
    base::Time at{};
    LinkKey link{};
    std::vector<std::string> carrier_ids;
    std::string why{};  // for people, of one that is held or ends; empty: in doubt, or ended by the link
    std::optional<PartsTaken> taken{};
    bool is_only_step = false;
};

// A submit_sm that a lost connection left without an answer: the carrier may have it or not.
struct Doubt {
    MessageKey key;
    std::string source, destination;  // digits, as sent
};

// What a carrier said of a message. Numbers are those of the message it speaks of, not of the deliver_sm.
struct Receipt {
    std::string carrier_id;    // empty: it names none, and only its numbers tell
    message::Code code{};      // none: it says nothing that is understood; see word
    bool provisional = false;  // a code that counts only when nothing better comes within a day
    base::Time at{};
    std::string source, destination;
    std::string other_id{};  // that it names beside the first, which carriers mix up; empty: none
    std::string word{};      // of a receipt without a code: the carrier's word; empty: it has none
};

struct Inbound {
    std::string source, destination;  // digits: the handset, our number
    std::string content;              // in UTF-8; of a part: its octets, as `coding` says
    std::optional<text::PartOf> part;
    base::Time received_at{};
    base::Sha256 fingerprint{};  // of the whole deliver_sm; see Store::inbound_answered
    message::Format format = message::Format::sms;
    std::vector<message::Attachment> attachments{};  // of an MMS; kept for accounts that get MMS
    text::Coding coding{};     // of a part, which becomes text together with the others; else UTF-8
    std::string oddity{};      // what the trace says of how it was read, for people; empty: nothing
    bool is_wordless = false;  // an acknowledgement without a text: for the trace, and no reply
};

// A reply to a number that belongs to nobody.
struct UnmatchedReply {
    std::string link;                 // its name
    std::string source, destination;  // as Inbound's
    std::string content;
    base::Time received_at{};
};

// Where callbacks go: made of scheme, host, port and path of their URL, the same at all times (endpoint.hpp).
enum class EndpointKey : std::int64_t {};

// Callbacks of an account to an endpoint. They stand in line together, and what their receiver does to them
// concerns no other lane. Lanes of one account stand together, and so do those of one origin.
struct CallbackLane {
    static constexpr message::Priority priority = message::Priority::normal;
    AccountKey account{};
    EndpointKey endpoint{};
    auto operator<=>(const CallbackLane&) const = default;
};

struct CallbackKey {
    AccountKey account{};
    base::Uuid id;       // of the report or reply
    base::Uuid webhook;  // that is told; nil: the callback_url of the message
    auto operator<=>(const CallbackKey&) const = default;
};

// What an application is to be told.
struct Callback {
    CallbackKey key;
    EndpointKey endpoint{};
    std::string url;           // empty: that of the webhook
    int attempts = 0;          // made so far
    base::Time since{};        // when the tries began
    bool is_test = false;      // of an event that did not happen
    message::Format format{};  // of the message
    std::string original;      // the content of the message that a reply answers, for webhooks
    std::optional<message::Report> report;
    std::optional<message::Reply> reply;  // exactly one of the two
};

// What was told within some time.
struct ReplayRange {
    AccountKey account{};
    base::Uuid from, to;                // ids of reports and replies: from this one on, before that one
    std::optional<base::Uuid> webhook;  // to this one only; nil: to callback_url only
};

// How long answers took: counts up to each bound, and then of those above.
constexpr std::array response_bounds_s = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0};
struct ResponseTimes {
    std::array<std::uint64_t, response_bounds_s.size() + 1> counts{};
    double sum_s = 0;

    void add(std::chrono::milliseconds time)
    {
        double seconds = std::chrono::duration<double>(time).count();
        auto bound = std::lower_bound(response_bounds_s.begin(), response_bounds_s.end(), seconds);
        ++counts[static_cast<std::size_t>(bound - response_bounds_s.begin())];
        sum_s += seconds;
    }
    bool operator==(const ResponseTimes&) const = default;
};

// How a link to a carrier does. What is counted is counted from the start of the process.
struct LinkStatus {
    LinkKey link{};
    std::string name;
    // What choosing a link asks. Its place in the configuration; nothing: it is there no more, and about to
    // leave.
    std::optional<std::size_t> place;
    message::Formats formats;
    bool by_route_only = false;
    text::Charset charset = text::Charset::gsm7;  // of the names of senders
    bool is_fit = false;
    std::size_t binds = 0;    // to be there
    std::size_t bound = 0;    // and of these are
    bool gave_up = false;     // binding, until it is told to try again
    std::string strained_by;  // the carrier's word for which the link shares with others; empty: it does not
    std::string stopped_by;   // the carrier's word because of which it gave up; empty: it did not
    std::size_t window = 0;
    std::size_t in_flight = 0;
    std::uint64_t waiting = 0;            // messages, those in the store's queue included
    std::optional<base::Time> due_since;  // of the one that has waited longest
    std::optional<double> rate;           // submits a second that are allowed now; nothing: no limit
    std::uint64_t submitted = 0;
    std::uint64_t throttled = 0;
    std::uint64_t refused = 0;  // with another error
    std::uint64_t doubts = 0;
    // Receipts whose word nobody knows, by that word; see relay/unknown_words.hpp.
    std::map<std::string, std::uint64_t> unknown_words;
    ResponseTimes responses;

    bool operator==(const LinkStatus&) const = default;
};

constexpr int attempts_kept = 20;                  // of each callback: those that failed, the newest
constexpr std::size_t answer_kept = 256;           // bytes of an answer in the log
constexpr std::size_t sent_url_kept = 2'048;       // of a URL; more than that, references have given
constexpr std::size_t callbacks_out_first = 8;     // see Store::limit_callbacks
constexpr std::size_t callbacks_out_max = 20'000;  // of all accounts, who share them; 2 KiB each

// One attempt as the log keeps it.
struct CallbackAttempt {
    int number = 0;  // from 1; in the log it goes on through replays
    base::Time at{};
    std::chrono::milliseconds took{};
    unsigned status = 0;  // of the answer; 0: there was none
    std::string error;    // why there was none
    std::string answer;   // its first answer_kept bytes
    // As it was sent, its first sent_url_kept bytes; empty: the message's callback_url as it stands, or none.
    std::string url{};

    bool operator==(const CallbackAttempt&) const = default;
};

struct LoggedAttempt {
    CallbackKey key;
    CallbackAttempt attempt;
};

// What became of a callback that was taken.
struct CallbackOutcome {
    enum class Then {
        done,     // it is delivered, and stays in the log; or nobody wants it any more, and it is gone
        again,    // at `at`
        dead,     // it is given up, and kept as a dead letter
        untried,  // it is put behind the others in its lane
    };
    CallbackKey key;
    EndpointKey endpoint{};
    Then then = Then::done;
    base::Time at{};
    int attempts = 0;                        // made so far
    std::optional<CallbackAttempt> attempt;  // nothing: none was made
};

inline CallbackLane lane_of(const Callback& callback) { return {callback.key.account, callback.endpoint}; }
inline CallbackLane lane_of(const CallbackOutcome& outcome)
{
    return {outcome.key.account, outcome.endpoint};
}

enum class CallbackState { pending, delivered, dead };

// What a pending one waits for.
enum class CallbackWait {
    turn,      // behind others, or for the request that is on its way
    retry,     // for the end of the pause after an attempt that failed
    endpoint,  // its endpoint is left alone after failures, see Store::limit_callbacks
};

// Which callbacks the operator wants to see.
struct CallbackFilter {
    std::optional<CallbackState> state;
    std::optional<AccountKey> account;
    std::optional<base::Uuid> webhook;  // nil: those to callback_url
    std::optional<base::Uuid> message;
    std::optional<CallbackKey> after;  // the last one that was seen
};

// A callback as the log shows it.
struct CallbackEntry {
    CallbackKey key;
    std::optional<base::Uuid> message;
    CallbackState state{};
    std::optional<message::Event> event;  // nothing: a report that is told to a callback_url alone
    bool is_test = false;
    std::string url;  // empty: that of the webhook
    EndpointKey endpoint{};
    int attempts = 0;  // of all rounds: a replay begins another one
    base::Time since{};
    // Delivered or dead: since when. Pending: of the next attempt; nothing: as soon as it is its turn.
    std::optional<base::Time> at;
    CallbackWait waits_for{};             // only if it is pending
    std::optional<CallbackAttempt> last;  // nothing: none was made
};

constexpr std::size_t callbacks_looked_at_max = 10'000;  // for one page, so that rare ones stop nobody

struct CallbackPage {
    std::vector<CallbackEntry> entries;  // list_max at most, perhaps none
    std::optional<CallbackKey> next;     // for `after` of the next page; nothing: there is none
};

}  // namespace tidings::store
