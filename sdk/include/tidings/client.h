/* SPDX-License-Identifier: Apache-2.0
 *
 * The client library for C, and for languages that call C. JSON goes in and out, with the fields of the REST API;
 * texts are UTF-8 and end with a zero.
 *
 * Every call gives a tidings_code. `*answer` is always set: what the gateway answered, or, unless the code is
 * TIDINGS_OK, what went wrong:
 *     {"message":"…","details":["…"],"status":400,"request_id":"…","retry_after":30}
 * with what is known of these. It belongs to the caller, who gives it to tidings_free(). NULL may be passed where the
 * answer does not matter; if memory runs out, it is NULL.
 *
 * A client may be used by several threads at a time; only tidings_client_free() needs it for itself. */
#ifndef TIDINGS_CLIENT_H
#define TIDINGS_CLIENT_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tidings_client tidings_client;

/* New codes may be added. */
typedef enum tidings_code {
    TIDINGS_OK = 0,
    TIDINGS_REFUSED = 1,       /* the gateway said no; "status" says how */
    TIDINGS_TIMED_OUT = 2,     /* a message may have been accepted nevertheless */
    TIDINGS_BAD_ANSWER = 3,    /* not a gateway's */
    TIDINGS_BAD_ARGUMENT = 4,  /* nothing was sent */
    TIDINGS_BAD_SIGNATURE = 5,
    TIDINGS_UNREACHABLE = 6,   /* there is no connection */
    TIDINGS_FAILED = 7         /* something else: no memory, for instance */
} tidings_code;

/* `options` is an object, all of whose fields may be left out:
 *     {"key":"…","secret":"…","scheme":"basic" | "hmac-sha256" | "hmac-sha1","base_uri":"…","account":"…",
 *      "ca_file":"…","timeout_ms":30000,"connect_timeout_ms":10000,"attempts_max":4}
 * NULL is {}. Key, secret and base URI are then taken from TIDINGS_KEY, TIDINGS_SECRET and TIDINGS_BASE_URI. */
tidings_code tidings_client_new(const char* options, tidings_client** client, char** answer);
void tidings_client_free(tidings_client* client);

/* `messages` is {"messages":[…]}. `idempotency_key` may be NULL. */
tidings_code tidings_send(tidings_client* client, const char* messages, const char* idempotency_key, char** answer);
tidings_code tidings_get_message(tidings_client* client, const char* message_id, char** answer);
tidings_code tidings_cancel_message(tidings_client* client, const char* message_id, char** answer);
tidings_code tidings_list_replies(tidings_client* client, char** answer);
tidings_code tidings_list_delivery_reports(tidings_client* client, char** answer);
/* `ids` is {"reply_ids":[…]} or {"delivery_report_ids":[…]}. */
tidings_code tidings_confirm_replies(tidings_client* client, const char* ids, char** answer);
tidings_code tidings_confirm_delivery_reports(tidings_client* client, const char* ids, char** answer);
tidings_code tidings_credits(tidings_client* client, char** answer);

/* Any other call of the API: "GET", "/v1/webhooks/messages", NULL. What is not GET is sent once. */
tidings_code tidings_call(tidings_client* client, const char* method, const char* target, const char* body,
                          char** answer);

/* How many SMS a text takes. */
size_t tidings_count_segments(const char* text);

/* Whether a callback was signed, within the last five minutes, as Standard Webhooks are: TIDINGS_OK or
 * TIDINGS_BAD_SIGNATURE. The headers webhook-id, webhook-timestamp and webhook-signature, the body as received, and the
 * webhook's secret. */
tidings_code tidings_verify_webhook(const char* id, const char* timestamp, const char* signature, const char* body,
                                    const char* secret);

void tidings_free(char* answer); /* NULL is fine */

#ifdef __cplusplus
}
#endif

#endif
