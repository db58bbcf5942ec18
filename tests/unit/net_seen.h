/*
 * net_seen.h - what became of a request, for the tests of net/http.
 */
#pragma once

#include "net/http.h"

#include <check.h>

typedef struct {
	guint calls;
	JrHttpEnd end;
	int status;
	char *body, *reason, *retry; /* retry: the header retry-after */
} Seen;

/* A JrHttpDone; @data: the Seen. */
static inline void see(const JrHttpAnswer *answer, gpointer data)
{
	Seen *seen = data;

	seen->calls++;
	seen->end = answer->end;
	seen->status = answer->status;
	seen->body = g_strdup(answer->body->str);
	seen->reason = g_strdup(answer->reason);
	seen->retry = jr_http_answer_header(answer, "retry-after");
	ck_assert(!answer->reason == (answer->end == JR_HTTP_ANSWERED));
}

static inline void seen_clear(Seen *seen)
{
	g_free(seen->body);
	g_free(seen->reason);
	g_free(seen->retry);
	*seen = (Seen){ 0 };
}

/* Let all that was started end. */
static inline void finish(JrHttp *http)
{
	while (jr_http_poll(http, 1000) > 0)
		;
}
