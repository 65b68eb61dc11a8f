// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/settings.hpp"
#include "store/sqlite/table.hpp"

namespace tidings::store::sqlite {

// How a webhook secret stands in its table.
struct SecretRow {
    AccountKey account{};
    int age = 0;  // 0: the newest; 1: the one before it, until it ends
    WebhookSecret secret;
};

// Tables of settings, secrets sealed. A row of accounts gets its key when it is inserted, and has the
// balance, which is no setting, beside: an account is prepaid where there is one.
const Table<Account>& accounts_table();
const Table<ApiKey>& keys_table();
const Table<Number>& numbers_table();
const Table<message::Route>& routes_table();
const Table<Webhook>& webhooks_table();
const Table<SignatureKey>& signature_keys_table();
const Table<SecretRow>& webhook_secrets_table();

}  // namespace tidings::store::sqlite
