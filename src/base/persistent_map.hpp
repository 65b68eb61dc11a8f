// SPDX-License-Identifier: Apache-2.0
// A sorted map whose copies cost nothing and share all that they have in common: a change makes new nodes on
// the way to what it changes, O(log n) of them, and leaves those of other copies alone. So a large table can
// be shown as immutable snapshots, and each change of one entry be a snapshot of its own.
//
// A treap: a search tree by key and a heap by priority, which is a hash of the key. The form of the tree
// depends on its keys alone.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

namespace tidings::base {

template <class Key, class Value, class Hash = std::hash<Key>>
class PersistentMap {
public:
    using value_type = std::pair<const Key, Value>;

private:
    struct Node;
    using Link = std::shared_ptr<const Node>;  // shared by all copies in which this part is the same
    struct Node {
        std::shared_ptr<const value_type> item;  // shared with the nodes that took this one's place
        Link left, right;
    };

public:
    // Goes on to what follows in the order of keys; valid as long as the map, or a copy of it, has its nodes.
    class const_iterator {
    public:
        using iterator_category = std::forward_iterator_tag;
        using value_type = PersistentMap::value_type;
        using difference_type = std::ptrdiff_t;
        using pointer = const value_type*;
        using reference = const value_type&;

        reference operator*() const { return *path_.back()->item; }
        pointer operator->() const { return path_.back()->item.get(); }
        const_iterator& operator++()
        {
            const Node* node = path_.back();
            path_.pop_back();
            go_left(node->right.get());
            return *this;
        }
        const_iterator operator++(int)
        {
            const_iterator before = *this;
            ++*this;
            return before;
        }
        bool operator==(const const_iterator& other) const { return node() == other.node(); }

    private:
        friend class PersistentMap;
        const Node* node() const { return path_.empty() ? nullptr : path_.back(); }
        void go_left(const Node* node)
        {
            for (; node; node = node->left.get()) path_.push_back(node);
        }
        std::vector<const Node*> path_;  // those that are still to come, the next one last
    };

    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    bool contains(const Key& key) const { return get(key) != nullptr; }
    // nullptr: not there. What is there stays where it is in every copy, until it is changed in that.
    const Value* get(const Key& key) const
    {
        const Node* node = root_.get();
        while (node) {
            const Key& here = node->item->first;
            if (here < key)
                node = node->right.get();
            else if (key < here)
                node = node->left.get();
            else
                return &node->item->second;
        }
        return nullptr;
    }
    const Value& at(const Key& key) const
    {
        const Value* value = get(key);
        assert(value);
        return *value;
    }

    const_iterator begin() const
    {
        const_iterator first;
        first.go_left(root_.get());
        return first;
    }
    const_iterator end() const { return {}; }
    const_iterator lower_bound(const Key& key) const { return first_not(key, std::less<Key>{}); }
    const_iterator upper_bound(const Key& key) const { return first_not(key, std::less_equal<Key>{}); }
    const_iterator find(const Key& key) const
    {
        const_iterator found = lower_bound(key);
        return found != end() && !(key < found->first) ? found : end();
    }

    // In the place of what has this key, if any.
    void put(const Key& key, Value value)
    {
        auto item = std::make_shared<const value_type>(key, std::move(value));
        bool is_new = false;
        root_ = with(root_, std::move(item), is_new);
        size_ += is_new;
    }
    // Whether it was there.
    bool erase(const Key& key)
    {
        if (!contains(key)) return false;
        root_ = without(root_, key);
        --size_;
        return true;
    }

    // Whether both are the same without a look at what is in them: copies of each other, unchanged since.
    bool shares_all_with(const PersistentMap& other) const { return root_ == other.root_; }

private:
    static Link make(const Link& node, Link left, Link right)
    {
        return std::make_shared<const Node>(Node{node->item, std::move(left), std::move(right)});
    }

    // Hashes of small numbers are often these numbers.
    static std::uint64_t priority_of(const Node& node)
    {
        std::uint64_t bits = Hash{}(node.item->first) * 0x9E3779B97F4A7C15u;
        return (bits ^ bits >> 32) * 0xD6E8FEB86659FD93u;
    }
    static bool is_above(const Link& a, const Link& b) { return priority_of(*a) > priority_of(*b); }

    static Link with(const Link& node, std::shared_ptr<const value_type> item, bool& is_new)
    {
        if (!node) {
            is_new = true;
            return std::make_shared<const Node>(Node{std::move(item), {}, {}});
        }
        if (item->first < node->item->first) {
            Link left = with(node->left, std::move(item), is_new);
            if (!is_above(left, node)) return make(node, std::move(left), node->right);
            return make(left, left->left, make(node, left->right, node->right));
        }
        if (node->item->first < item->first) {
            Link right = with(node->right, std::move(item), is_new);
            if (!is_above(right, node)) return make(node, node->left, std::move(right));
            return make(right, make(node, node->left, right->left), right->right);
        }
        return std::make_shared<const Node>(Node{std::move(item), node->left, node->right});
    }

    static Link without(const Link& node, const Key& key)
    {
        if (key < node->item->first) return make(node, without(node->left, key), node->right);
        if (node->item->first < key) return make(node, node->left, without(node->right, key));
        return joined(node->left, node->right);
    }

    // Of two trees; all keys of the one are below those of the other.
    static Link joined(const Link& low, const Link& high)
    {
        if (!low) return high;
        if (!high) return low;
        if (is_above(low, high)) return make(low, low->left, joined(low->right, high));
        return make(high, joined(low, high->left), high->right);
    }

    // The first whose key is not before `key`, as `is_before` sees it.
    template <class IsBefore>
    const_iterator first_not(const Key& key, IsBefore is_before) const
    {
        const_iterator found;
        for (const Node* node = root_.get(); node;) {
            if (is_before(node->item->first, key)) {
                node = node->right.get();
            } else {
                found.path_.push_back(node);
                node = node->left.get();
            }
        }
        return found;
    }

    Link root_;
    std::size_t size_ = 0;
};

}  // namespace tidings::base
