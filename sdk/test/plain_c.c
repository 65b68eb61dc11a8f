/* SPDX-License-Identifier: Apache-2.0
 * The C interface from plain C: plain_c BASE-URI, against a gateway with the keys in the environment. */
#include <tidings/client.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void expect(int good, const char* what, const char* answer)
{
    if (good) return;
    fprintf(stderr, "%s: %s\n", what, answer ? answer : "(nothing)");
    exit(1);
}

/* `answer` is where the call has put its answer, which must hold `part`; frees it. */
static void check(tidings_code got, tidings_code wanted, char** answer, const char* part)
{
    expect(got == wanted && *answer && strstr(*answer, part), part, *answer);
    tidings_free(*answer);
    *answer = NULL;
}

/* The text of a field in compact JSON, the first of that name. */
static char* field(const char* json, const char* name)
{
    char pattern[64];
    const char *begin, *end;
    char* value;
    snprintf(pattern, sizeof pattern, "\"%s\":\"", name);
    begin = strstr(json, pattern);
    if (!begin) return NULL;
    begin += strlen(pattern);
    end = strchr(begin, '"');
    value = calloc(1, (size_t)(end - begin) + 1);
    memcpy(value, begin, (size_t)(end - begin));
    return value;
}

static void check_calls(tidings_client* client)
{
    const char* message = "{\"messages\":[{\"content\":\"From C\",\"destination_number\":\"+61491570156\"}]}";
    char *answer = NULL, *id;
    expect(tidings_send(client, message, "key-1", &answer) == TIDINGS_OK, "send", answer);
    id = field(answer, "message_id");
    expect(id != NULL, "message_id", answer);
    tidings_free(answer);

    check(tidings_get_message(client, id, &answer), TIDINGS_OK, &answer, "From C");
    check(tidings_cancel_message(client, id, &answer), TIDINGS_REFUSED, &answer, "not currently scheduled");
    free(id);
    check(tidings_list_replies(client, &answer), TIDINGS_OK, &answer, "{\"replies\":[");
    check(tidings_list_delivery_reports(client, &answer), TIDINGS_OK, &answer, "{\"delivery_reports\":[");
    check(tidings_confirm_replies(client, "{\"reply_ids\":[]}", &answer), TIDINGS_OK, &answer, "{");
    expect(tidings_confirm_delivery_reports(client, "{\"delivery_report_ids\":[]}", NULL) == TIDINGS_OK,
           "confirm without an answer", NULL);
    check(tidings_credits(client, &answer), TIDINGS_OK, &answer, "remaining_credits");
    check(tidings_call(client, "GET", "/v1/messages/none", NULL, &answer), TIDINGS_REFUSED, &answer,
          "\"status\":404");
}

static void check_arguments(tidings_client* client)
{
    char* answer = NULL;
    check(tidings_send(client, "[]", NULL, &answer), TIDINGS_BAD_ARGUMENT, &answer, "no JSON object");
    check(tidings_get_message(client, NULL, &answer), TIDINGS_BAD_ARGUMENT, &answer, "missing");
    check(tidings_credits(NULL, &answer), TIDINGS_BAD_ARGUMENT, &answer, "no client");
    check(tidings_call(client, "GET", "/a b", NULL, &answer), TIDINGS_BAD_ARGUMENT, &answer, "no path");
    expect(tidings_verify_webhook("id", "1", "v1,AAAA", "{}", "AAAA") == TIDINGS_BAD_SIGNATURE, "signature", NULL);
    expect(tidings_count_segments("Hello") == 1 && tidings_count_segments(NULL) == 1, "segments", NULL);
}

int main(int argc, char** argv)
{
    const char* nobody = "{\"base_uri\":\"http://127.0.0.1:1\",\"attempts_max\":1}";
    char options[256];
    char* answer = NULL;
    tidings_client* client;
    if (argc != 2) return 2;
    check(tidings_client_new("{\"colour\":1}", &client, &answer), TIDINGS_BAD_ARGUMENT, &answer, "colour");
    expect(client == NULL, "no client", NULL);
    check(tidings_client_new(nobody, &client, &answer), TIDINGS_OK, &answer, "{");
    check(tidings_credits(client, &answer), TIDINGS_UNREACHABLE, &answer, "127.0.0.1:1");
    tidings_client_free(client);

    snprintf(options, sizeof options, "{\"base_uri\":\"%s\",\"scheme\":\"basic\"}", argv[1]);
    check(tidings_client_new(options, &client, &answer), TIDINGS_OK, &answer, "{");
    check_calls(client);
    check_arguments(client);
    tidings_client_free(client);
    tidings_client_free(NULL);
    puts("all calls done");
    return 0;
}
