/* Asking a provider about our account. */
#include "net/sender_impl.h"
#include "base/clock.h"

typedef struct {
	JrSender *sender;
	guint n;
	JrCheck *check;
} Question;

static void take_answer(const JrHttpAnswer *http, gpointer data)
{
	Question *q = data;
	JrProvider *provider = q->sender->provider;

	if (http->end == JR_HTTP_ANSWERED) {
		provider->kind->verdict(provider, q->n, http, q->check);
		return;
	}
	q->check->state = JR_CHECK_LATER;
	q->check->said = g_strdup(http->reason);
}

/* Put question @n.  FALSE: there is none. */
static gboolean ask(JrSender *s, guint n, gint64 now_s, JrSenderCheckFn told,
		    gpointer user)
{
	const JrProviderKind *kind = s->provider->kind;
	g_auto(JrHttpRequest) request = { 0 };
	g_auto(JrCheck) check = { 0 };
	Question question = { s, n, &check };

	if (!kind->question ||
	    !kind->question(s->provider, n, now_s, &request, &check))
		return FALSE;
	if (kind->authorization)
		request.authorization = kind->authorization(s->provider);
	if (request.url)
		jr_sender_ask(s, &request, take_answer, &question);
	told(&check, user);
	return TRUE;
}

/* FALSE: without a token there is nothing to be asked. */
static gboolean check_token(JrSender *s, JrSenderCheckFn told, gpointer user)
{
	const JrProviderKind *kind = s->provider->kind;
	JrCheck check = { .what = "access token" };

	if (!kind->token)
		return TRUE;
	/* One that is fetched: does the key still fetch it?  One that we sign
	 * ourselves must not be renewed at every question. */
	if (kind->token_answer)
		kind->token_stale(s->provider);
	if (!jr_sender_have_token(s)) {
		check.state = s->state == JR_SENDER_CONFIG ? JR_CHECK_WRONG
							   : JR_CHECK_LATER;
		check.said = s->why;
	}
	told(&check, user);
	return check.state == JR_CHECK_GOOD;
}

void jr_sender_verify(JrSender *s, gint64 now_s, JrSenderCheckFn told,
		      gpointer user)
{
	const JrCheck opened = { .what = "settings" };

	s->now_s = now_s;
	s->ticks_ms = jr_clock_ticks_ms();
	told(&opened, user);
	if (!check_token(s, told, user))
		return;
	for (guint n = 0; ask(s, n, now_s, told, user); n++)
		;
}
