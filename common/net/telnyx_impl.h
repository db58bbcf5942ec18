/*
 * telnyx_impl.h - the parts of telnyx*.c; for these alone.
 */
#pragma once

#include "net/provider.h"

#define JR_TELNYX_PROFILE                                                      \
	"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"

typedef struct {
	JrProvider base;
	char *api_key, *from, *profile, *callback, *base_url;
} JrTelnyx;

/* Make @request a GET of @url, taken over, with our key. */
void jr_telnyx_get(const JrProvider *provider, char *url,
		   JrHttpRequest *request);

/* JrProviderKind's. */
gboolean jr_telnyx_question(JrProvider *provider, guint n, gint64 now_s,
			    JrHttpRequest *request, JrCheck *check);
void jr_telnyx_verdict(JrProvider *provider, guint n, const JrHttpAnswer *http,
		       JrCheck *check);
gboolean jr_telnyx_verify(JrProvider *provider, JrAsk *ask,
			  const JrVerifyAsk *what, GArray *checks,
			  GError **error);
