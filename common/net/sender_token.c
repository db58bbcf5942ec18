/* Access tokens, as a sender needs them. */
#include "net/sender_impl.h"
#include "base/clock.h"
#include "base/error.h"

/* One exchange that is waited for. */
typedef struct {
	JrHttpDone done;
	gpointer data;
	gboolean came;
} Waiting;

static void take_answer(const JrHttpAnswer *http, gpointer data)
{
	Waiting *w = data;

	w->came = TRUE;
	w->done(http, w->data);
}

void jr_sender_ask(JrSender *s, const JrHttpRequest *request, JrHttpDone done,
		   gpointer data)
{
	Waiting w = { .done = done, .data = data };

	jr_http_start(s->http, request, take_answer, &w);
	while (!w.came)
		jr_http_poll(s->http, JR_SENDER_POLL_MS);
}

/* The answer to a request for a token. */
typedef struct {
	JrSender *sender;
	gint64 now_s;
	GError *error;
} TokenAnswer;

static void take_token(const JrHttpAnswer *http, gpointer data)
{
	TokenAnswer *t = data;
	JrProvider *provider = t->sender->provider;

	provider->kind->token_answer(provider, t->now_s, http, &t->error);
}

/* Fetch a token by @request, and wait for it. */
static gboolean fetch_token(JrSender *s, gint64 now_s,
			    const JrHttpRequest *request, GError **error)
{
	TokenAnswer t = { .sender = s, .now_s = now_s };

	jr_sender_ask(s, request, take_token, &t);
	if (!t.error)
		return TRUE;
	g_propagate_error(error, t.error);
	return FALSE;
}

gboolean jr_sender_have_token(JrSender *s)
{
	const JrProviderKind *kind = s->provider->kind;
	gint64 now_s = s->now_s + (jr_clock_ticks_ms() - s->ticks_ms) / 1000;
	g_auto(JrHttpRequest) request = { 0 };
	g_autoptr(GError) error = NULL;
	gboolean ready = FALSE;

	if (!kind->token)
		return TRUE;
	switch (kind->token(s->provider, now_s, &request, &error)) {
	case JR_TOKEN_READY:
		ready = TRUE;
		break;
	case JR_TOKEN_ASK:
		ready = fetch_token(s, now_s, &request, &error);
		break;
	case JR_TOKEN_FAILED:
		break;
	}
	if (!ready)
		jr_sender_stop(s,
			       g_error_matches(error, JR_ERROR, JR_ERROR_BUSY)
				       ? JR_SENDER_LATER
				       : JR_SENDER_CONFIG,
			       error->message);
	return ready;
}
