// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/admin.hpp"
#include "wire/json_text.hpp"

#include <functional>
#include <vector>

namespace tidings::api {

void append_credits(wire::JsonObject& object, store::Credits credits);
void append_account(std::string& out, const store::Settings& settings, const store::Account& account,
                    store::Credits credits);

// What a body changes of an account.
class AccountChange {
public:
    using Edit = std::function<void(store::Account& account)>;

    explicit AccountChange(BodyFields& fields);  // faults are told there
    void apply(store::Account& account) const;

private:
    std::vector<Edit> edits_;  // one for each field that the body names
};

}  // namespace tidings::api
