// SPDX-License-Identifier: Apache-2.0
#include "tidings/inbox.hpp"

#include "answers.hpp"
#include "call.hpp"
#include "tidings/messages.hpp"

#include <algorithm>

namespace tidings {

using namespace detail;

namespace {

// Where the two kinds differ.
template <class T>
struct Kind;

template <>
struct Kind<Reply> {
    static constexpr const char* path = "/v1/replies";
    static constexpr std::string_view ids = "reply_ids";
    static constexpr auto parse = &parse_replies;
    static const std::string& id(const Reply& reply) { return reply.reply_id; }
};

template <>
struct Kind<DeliveryReport> {
    static constexpr const char* path = "/v1/delivery_reports";
    static constexpr std::string_view ids = "delivery_report_ids";
    static constexpr auto parse = &parse_delivery_reports;
    static const std::string& id(const DeliveryReport& report) { return report.delivery_report_id; }
};

constexpr std::size_t confirmations_max = 100;  // of one request

template <class T>
Result<Request> confirm_request(const std::vector<std::string>& ids)
{
    if (ids.size() > confirmations_max) return bad_argument("one request confirms at most 100");
    Request request;
    request.method = http::verb::post;
    request.target = std::string(Kind<T>::path) + "/confirmed";
    request.body = ids_body(Kind<T>::ids, ids);
    request.is_repeatable = true;
    return request;
}

template <class T>
asio::awaitable<Result<std::size_t>> process_all(std::shared_ptr<Engine> engine,
                                                 std::function<bool(const T&)> process)
{
    std::set<std::string> refused;
    std::size_t confirmed = 0;
    for (;;) {
        auto list = co_await call<std::vector<T>>(*engine, reading(Kind<T>::path), Kind<T>::parse);
        if (!list) co_return list.error();
        std::vector<std::string> ids;
        for (const T& item : *list) {
            const std::string& id = Kind<T>::id(item);
            if (refused.contains(id)) continue;
            if (process(item))
                ids.push_back(id);
            else
                refused.insert(id);
        }
        if (ids.empty()) co_return confirmed;
        auto done = co_await call<void>(*engine, confirm_request<T>(ids), &parse_nothing);
        if (!done) co_return done.error();
        confirmed += ids.size();
    }
}

}  // namespace

template <class T>
Operation<std::vector<T>> Inbox<T>::listing() const
{
    return operation<std::vector<T>>(core_, reading(Kind<T>::path), Kind<T>::parse);
}

template <class T>
Operation<void> Inbox<T>::confirming(std::vector<std::string> ids) const
{
    return operation<void>(core_, confirm_request<T>(ids), &parse_nothing);
}

template <class T>
Operation<std::size_t> Inbox<T>::processing(std::function<bool(const T&)> process) const
{
    auto start = [process = std::move(process)](const std::shared_ptr<Engine>& engine,
                                                std::unique_ptr<Receiver<std::size_t>> receiver) {
        spawn<std::size_t>(engine, process_all<T>(engine, process), std::move(receiver));
    };
    return {core_, std::move(start)};
}

template <class T>
Unconfirmed<T>::~Unconfirmed()
{
    if (auto done = flush(); !done) confirmed_.clear();  // they come again, which is what was promised
}

template <class T>
Result<const T*> Unconfirmed<T>::next()
{
    if (is_started_ && at_ < batch_.size()) ++at_;
    for (;;) {
        for (; at_ < batch_.size(); ++at_)
            if (seen_.insert(Kind<T>::id(batch_[at_])).second) return &batch_[at_];
        // Only confirming brings to light what is behind a full list.
        bool may_be_more = !is_started_ || !confirmed_.empty();
        if (auto done = flush(); !done) return done.error();
        if (!may_be_more) return nullptr;
        auto list = inbox_.list();
        if (!list) return list.error();
        is_started_ = true;
        batch_ = std::move(*list);
        at_ = 0;
    }
}

template <class T>
void Unconfirmed<T>::confirm()
{
    if (at_ < batch_.size()) confirmed_.push_back(Kind<T>::id(batch_[at_]));
}

template <class T>
Result<void> Unconfirmed<T>::flush()
{
    while (!confirmed_.empty()) {
        auto end =
            confirmed_.begin() + static_cast<std::ptrdiff_t>(std::min(confirmed_.size(), confirmations_max));
        if (auto done = inbox_.confirm({confirmed_.begin(), end}); !done) return done;
        confirmed_.erase(confirmed_.begin(), end);
    }
    return {};
}

template class Inbox<Reply>;
template class Inbox<DeliveryReport>;
template class Unconfirmed<Reply>;
template class Unconfirmed<DeliveryReport>;

}  // namespace tidings
