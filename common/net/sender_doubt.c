/* Devices that are unknown: are they, or are our settings wrong? */
#include "net/sender_impl.h"

#include <string.h>

/* An answer that is not told of yet. */
typedef struct {
	JrPending *pending;
	JrAnswer answer;
} JrDoubt;

static gboolean is_doubtful(const JrSender *s, const JrAnswer *answer)
{
	const char *const *codes = s->provider->kind->doubtful;

	return (answer->outcome == JR_OUTCOME_DROP_TOKEN ||
		answer->outcome == JR_OUTCOME_STOP) &&
	       codes && answer->code && g_strv_contains(codes, answer->code);
}

/* Tell of those of @environment (any: all). */
static void release(JrSender *s, gboolean any, const char *environment,
		    void (*final)(JrAnswer *answer))
{
	g_autoptr(GPtrArray) all = s->doubts;

	s->doubts = g_ptr_array_new();
	for (guint i = 0; i < all->len; i++) {
		JrDoubt *doubt = all->pdata[i];

		if (!any && doubt->pending->environment != environment) {
			g_ptr_array_add(s->doubts, doubt);
			continue;
		}
		final(&doubt->answer);
		s->in_flight++;
		jr_sender_settle(doubt->pending, &doubt->answer);
		jr_answer_clear(&doubt->answer);
		g_free(doubt);
	}
}

static void say(JrAnswer *answer, JrOutcome outcome, const char *why)
{
	char *reason = g_strdup_printf(
		"%s, %s", answer->reason ? answer->reason : "unknown", why);

	g_free(answer->reason);
	answer->reason = reason;
	answer->outcome = outcome;
	answer->gone_at_ms = 0;
}

/* The message goes when the settings are right. */
static void put_off(JrAnswer *answer)
{
	say(answer, JR_OUTCOME_STOP, "or our settings are wrong: kept");
}

static void keep_token(JrAnswer *answer)
{
	say(answer, JR_OUTCOME_REFUSED,
	    "but nothing shows yet that our settings are right: kept");
}

/* Our settings are right for others: so it is this device's own fault, and
 * stops nothing. */
static void blame_device(JrAnswer *answer)
{
	if (answer->outcome == JR_OUTCOME_STOP)
		say(answer, JR_OUTCOME_REFUSED, "as this device has it");
}

/* Nothing was shown: no device is dropped for it, and no message lost. */
static void leave_open(JrAnswer *answer)
{
	if (answer->outcome == JR_OUTCOME_STOP)
		put_off(answer);
	else
		keep_token(answer);
}

static guint count(const JrSender *s, const char *environment)
{
	guint n = 0;

	for (guint i = 0; i < s->doubts->len; i++)
		n += ((JrDoubt *)s->doubts->pdata[i])->pending->environment ==
		     environment;
	return n;
}

static void keep(JrPending *p, const JrAnswer *answer)
{
	JrDoubt *doubt = g_new(JrDoubt, 1);

	doubt->pending = p;
	jr_answer_copy(&doubt->answer, answer);
	g_ptr_array_add(p->sender->doubts, doubt);
	p->sender->in_flight--; /* it makes room */
}

/* It shows that something is wrong, but not with all: the run goes on. */
static void note(JrSender *s, const char *why)
{
	if (!s->given_up_why)
		s->given_up_why = g_strdup(why);
}

/*
 * Nothing more goes to the environment of @p, as nobody is known there; or
 * nothing at all, where devices do not say theirs and it is in our settings.
 */
static void give_up(JrSender *s, const JrPending *p, const JrAnswer *answer)
{
	g_autofree char *why = g_strdup_printf(
		"%s: %u devices in a row%s%s get the verdict '%s', and none is "
		"known there: the settings are another app's or environment's; "
		"no device was dropped",
		s->provider->kind->name, s->max_trouble,
		p->environment ? " of the environment " : "",
		p->environment ? p->environment : "", answer->code);

	note(s, why);
	g_hash_table_add(s->given_up, (gpointer)p->environment);
	if (!p->environment)
		jr_sender_stop(s, JR_SENDER_CONFIG, why);
	release(s, FALSE, p->environment, put_off);
}

gboolean jr_sender_doubt(JrPending *p, JrAnswer *answer)
{
	JrSender *s = p->sender;
	const char *environment = p->environment;
	gboolean doubtful = is_doubtful(s, answer);

	if (g_hash_table_contains(s->believed, environment)) {
		if (doubtful)
			blame_device(answer);
		return FALSE;
	}
	if (answer->outcome == JR_OUTCOME_ACCEPTED ||
	    (answer->outcome == JR_OUTCOME_DROP_TOKEN && !doubtful)) {
		/* They know devices of ours: so the others are unknown. */
		g_hash_table_add(s->believed, (gpointer)environment);
		release(s, FALSE, environment, blame_device);
		return FALSE;
	}
	if (!doubtful)
		return FALSE;
	keep(p, answer);
	if (s->state != JR_SENDER_RUNS ||
	    g_hash_table_contains(s->given_up, environment))
		release(s, FALSE, environment, put_off);
	else if (count(s, environment) >= s->max_trouble)
		give_up(s, p, answer);
	return TRUE;
}

void jr_sender_end_doubts(JrSender *s)
{
	for (guint i = 0; i < s->doubts->len; i++) {
		const JrAnswer *answer =
			&((JrDoubt *)s->doubts->pdata[i])->answer;

		if (answer->outcome != JR_OUTCOME_STOP)
			continue;
		g_autofree char *why =
			g_strdup_printf("%s: %s", answer->code, answer->reason);
		note(s, why);
	}
	release(s, TRUE, NULL, leave_open);
}

void jr_sender_end(JrSender *s)
{
	if (s->given_up_why)
		jr_sender_stop(s, JR_SENDER_CONFIG, s->given_up_why);
}
