/*
 * messagebird_impl.h - the parts of messagebird*.c; for these alone.
 */
#pragma once

#include "net/provider.h"

typedef struct {
	JrProvider base;
	char *access_key, *from, *callback, *base_url, *numbers_url;
} JrMessageBird;

/* @number as they write it: without the plus.  Borrowed from it. */
const char *jr_messagebird_bare(const char *number);

/* Make @request a GET of @url, taken over, with our key. */
void jr_messagebird_get(const JrProvider *provider, char *url,
			JrHttpRequest *request);

/* JrProviderKind's. */
gboolean jr_messagebird_question(JrProvider *provider, guint n, gint64 now_s,
				 JrHttpRequest *request, JrCheck *check);
void jr_messagebird_verdict(JrProvider *provider, guint n,
			    const JrHttpAnswer *http, JrCheck *check);
gboolean jr_messagebird_verify(JrProvider *provider, JrAsk *ask,
			       const JrVerifyAsk *what, GArray *checks,
			       GError **error);
