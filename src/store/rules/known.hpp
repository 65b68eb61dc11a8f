// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cassert>
#include <optional>
#include <unordered_map>
#include <utility>

namespace tidings::store::rules {

// One kind of fact, by its key: a value, or that there is none. To ask for what was not loaded is a bug: the
// item that asks did not want it.
template <class Key, class Value>
class Known {
public:
    bool is_empty() const { return values_.empty(); }
    bool is_known(const Key& key) const { return values_.contains(key); }

    // What a load found. What is known already stays: rules may have changed it since.
    void learn(const Key& key, std::optional<Value> value) { values_.try_emplace(key, std::move(value)); }

    // nullptr: there is none.
    const Value* find(const Key& key) const
    {
        auto found = values_.find(key);
        assert(found != values_.end());
        return found->second ? &*found->second : nullptr;
    }
    Value* find(const Key& key) { return const_cast<Value*>(std::as_const(*this).find(key)); }
    // For those who change what others of the batch may have wanted. nullptr: nobody did, or there is none.
    Value* find_if_known(const Key& key)
    {
        auto found = values_.find(key);
        return found != values_.end() && found->second ? &*found->second : nullptr;
    }

    // What a rule decided. Needs no load before.
    Value& set(const Key& key, Value value)
    {
        auto& known = values_[key];
        known = std::move(value);
        return *known;
    }
    void set_absent(const Key& key) { values_[key].reset(); }

    void clear()
    {
        if (!values_.empty()) values_.clear();
    }

private:
    std::unordered_map<Key, std::optional<Value>> values_;
};

}  // namespace tidings::store::rules
