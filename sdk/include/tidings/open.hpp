// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace tidings {

// The texts of an enumeration whose first value is `unknown`, in its order.
template <class Enum>
std::span<const std::string_view> texts_of() noexcept;

// A value of an enumeration that may grow: a text that this version of the library does not know is kept, and
// compares and switches as Enum::unknown. Empty: not given.
template <class Enum>
class Open {
public:
    Open() = default;
    Open(Enum value) : value_(value) {}
    explicit Open(std::string_view text)
    {
        auto texts = texts_of<Enum>();
        for (std::size_t i = 1; i < texts.size(); ++i)
            if (texts[i] == text) value_ = static_cast<Enum>(i);
        if (value_ == Enum::unknown) unknown_ = text;
    }

    operator Enum() const { return value_; }
    std::string_view text() const
    {
        if (value_ == Enum::unknown) return unknown_;
        return texts_of<Enum>()[static_cast<std::size_t>(value_)];
    }
    bool empty() const { return text().empty(); }

    friend bool operator==(const Open& a, const Open& b) { return a.text() == b.text(); }
    friend bool operator==(const Open& a, Enum b) { return a.value_ == b; }

private:
    Enum value_ = Enum::unknown;
    std::string unknown_;
};

}  // namespace tidings
