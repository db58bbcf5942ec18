/*
 * twilio_impl.h - the parts of twilio*.c; for these alone.
 */
#pragma once

#include "net/provider.h"

typedef struct {
	JrProvider base;
	char *account, *api_key, *api_key_secret, *auth_token;
	char *service, *from, *whatsapp_from;
	char *callback, *base_url, *messaging_url;
	gboolean shorten;
} JrTwilio;

/* Make @request a GET of @url, taken over, with our key. */
void jr_twilio_get(const JrTwilio *twilio, char *url, JrHttpRequest *request);

/* Put our key to @request. */
void jr_twilio_sign(const JrTwilio *twilio, JrHttpRequest *request);

/* JrProviderKind's. */
gboolean jr_twilio_list(JrProvider *provider, const JrListAsk *ask,
			JrHttpRequest *request, GError **error);
gboolean jr_twilio_question(JrProvider *provider, guint n, gint64 now_s,
			    JrHttpRequest *request, JrCheck *check);
void jr_twilio_verdict(JrProvider *provider, guint n, const JrHttpAnswer *http,
		       JrCheck *check);
gboolean jr_twilio_verify(JrProvider *provider, JrAsk *ask,
			  const JrVerifyAsk *what, GArray *checks,
			  GError **error);
void jr_twilio_listed(JrProvider *provider, const json_t *answer,
		      JrListPage *page);
