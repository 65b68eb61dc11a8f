// SPDX-License-Identifier: Apache-2.0
// Replies and delivery reports wait at the gateway, for 45 days, until they are confirmed.
#pragma once

#include "tidings/detail/operation.hpp"
#include "tidings/message.hpp"

#include <cstddef>
#include <functional>
#include <iterator>
#include <set>
#include <string>
#include <vector>

namespace tidings {

template <class T>
class Unconfirmed;

// client.replies() and client.delivery_reports(). Cheap to copy; see Client for threads.
template <class T>
class Inbox {
public:
    explicit Inbox(std::shared_ptr<detail::Core> core) : core_(std::move(core)) {}

    // The oldest 100 that are not confirmed: the same again until they are.
    Result<std::vector<T>> list() const { return detail::wait(listing()); }
    // At most 100 ids. Those that are unknown or confirmed already do no harm.
    Result<void> confirm(std::vector<std::string> ids) const
    {
        return detail::wait(confirming(std::move(ids)));
    }
    // All that wait, one by one:
    //     for (auto& reply : client.replies().unconfirmed()) {
    //         keep(*reply);
    //         reply.confirm();
    //     }
    // What was not confirmed comes again with the next pass.
    Unconfirmed<T> unconfirmed() const { return Unconfirmed<T>(*this); }

    template <class Token>
    auto async_list(Token&& token) const
    {
        return detail::async(listing(), std::forward<Token>(token));
    }
    template <class Token>
    auto async_confirm(std::vector<std::string> ids, Token&& token) const
    {
        return detail::async(confirming(std::move(ids)), std::forward<Token>(token));
    }
    // Gives each that waits to `process`, on the thread that does the client's I/O, and confirms those for
    // which it says true. Gives how many were confirmed.
    template <class Token>
    auto async_each(std::function<bool(const T&)> process, Token&& token) const
    {
        return detail::async(processing(std::move(process)), std::forward<Token>(token));
    }

private:
    detail::Operation<std::vector<T>> listing() const;
    detail::Operation<void> confirming(std::vector<std::string> ids) const;
    detail::Operation<std::size_t> processing(std::function<bool(const T&)> process) const;

    std::shared_ptr<detail::Core> core_;
};

using Replies = Inbox<Reply>;
using DeliveryReports = Inbox<DeliveryReport>;

// One pass over what waits, oldest first. Confirmations leave together, up to 100 in a request: before more
// is asked for, at the end, and when this is destroyed. The gateway lists 100 at a time, so that 100 which
// are never confirmed hide what is behind them. For one thread at a time.
template <class T>
class Unconfirmed {
public:
    class Entry {
    public:
        const T& operator*() const { return owner_->batch_[owner_->at_]; }
        const T* operator->() const { return &**this; }
        void confirm() { owner_->confirm(); }  // it was processed and is not to come again

    private:
        friend Unconfirmed;
        explicit Entry(Unconfirmed* owner) : owner_(owner) {}
        Unconfirmed* owner_;
    };

    // Throws the Error of a call that fails.
    class iterator {
    public:
        using iterator_concept = std::input_iterator_tag;
        using value_type = Entry;
        using difference_type = std::ptrdiff_t;

        iterator() = default;
        explicit iterator(Unconfirmed* owner) : owner_(owner) { ++*this; }
        Entry& operator*() const { return owner_->entry_; }
        iterator& operator++()
        {
            if (!owner_->next().value()) owner_ = nullptr;
            return *this;
        }
        void operator++(int) { ++*this; }
        friend bool operator==(const iterator& it, std::default_sentinel_t) { return !it.owner_; }

    private:
        Unconfirmed* owner_ = nullptr;
    };

    explicit Unconfirmed(Inbox<T> inbox) : inbox_(std::move(inbox)) {}
    Unconfirmed(const Unconfirmed&) = delete;
    Unconfirmed& operator=(const Unconfirmed&) = delete;
    ~Unconfirmed();  // confirms; what the gateway does not hear comes again

    iterator begin() { return iterator(this); }
    std::default_sentinel_t end() { return {}; }

    // Without exceptions: to the first, then to the next. Null: there are no more.
    Result<const T*> next();
    void confirm();        // the one that next() gave
    Result<void> flush();  // what was confirmed so far

private:
    Inbox<T> inbox_;
    std::vector<T> batch_;
    std::size_t at_ = 0;
    bool is_started_ = false;
    std::set<std::string> seen_;  // and not confirmed
    std::vector<std::string> confirmed_;
    Entry entry_{this};
};

}  // namespace tidings
