// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.hpp"
#include "message/choose_link.hpp"
#include "store/records.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace tidings::relay {

// Whether a link is to be given messages: it is bound, and its carrier answers in time. Told on the link's
// thread; fit() may be asked from every thread.
class Fitness {
public:
    static constexpr auto slow_after = std::chrono::seconds(5);   // a submit without an answer
    static constexpr auto slow_rests = std::chrono::seconds(30);  // after the last such submit

    bool fit() const { return fit_; }

    void bound(bool is_bound, base::Moment now);
    // `oldest`: when the submit was sent that waits longest for its answer.
    void look(std::optional<base::Moment> oldest, base::Moment now);
    // The carrier's word while it is under strain (strain.hpp); nothing: it is not. A link under strain is
    // fit, and shares with others.
    void strained(const std::optional<std::string>& by);
    bool is_strained() const { return is_strained_; }
    std::string strain() const;

    // Since when it has not been fit; nothing: it is, or nobody has looked yet.
    std::optional<base::Moment> unfit_since() const { return unfit_since_; }

private:
    void judge(base::Moment now);

    std::atomic<bool> fit_{false};
    std::atomic<bool> is_strained_{false};
    mutable std::mutex mutex_;  // of the word
    std::string strain_;
    bool bound_ = false;
    std::optional<base::Moment> slow_until_;
    std::optional<base::Moment> unfit_since_;
};

// The links there are. Safe from every thread; the list changes when the configuration is read again.
class Fleet {
public:
    struct Member {
        std::string name;
        store::LinkKey key{};
        message::Formats formats;
        bool by_route_only = false;
        std::shared_ptr<const Fitness> fitness;
        text::Charset charset = text::Charset::gsm7;  // in which it writes names of senders
    };
    using Members = std::vector<Member>;  // in the order of the configuration

    std::shared_ptr<const Members> members() const;
    void set(Members members);
    // How many links but this one are fit, and would carry some of its messages, with or without routes.
    std::size_t fit_others(store::LinkKey key, bool with_routes) const;
    // How many of these are under no strain.
    std::size_t calm_others(store::LinkKey key, bool with_routes) const;
    // Fills in what choosing a link asks of the one that this is the status of.
    void describe(store::LinkStatus& status) const;

private:
    template <class Condition>
    std::size_t others(store::LinkKey key, bool with_routes, Condition condition) const;

    mutable std::mutex mutex_;
    std::shared_ptr<const Members> members_ = std::make_shared<const Members>();
};

}  // namespace tidings::relay
