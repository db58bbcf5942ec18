/* Whether providers would take messages of ours. */
#include "flow/send/impl.h"
#include "base/error.h"
#include "net/ask.h"
#include "store/decisions.h"

#include <string.h>

/* To add a state: its word, and what kind of error it is. */
static const struct {
	const char *word;
	JrError error;
} states[] = {
	[JR_CHECK_GOOD] = { "good", 0 },
	[JR_CHECK_WRONG] = { "wrong", JR_ERROR_CONFIG },
	[JR_CHECK_LATER] = { "later", JR_ERROR_BUSY },
};

typedef struct {
	JrSend *send;
	const JrSendWay *way;
	const JrPolicySender *sender; /* NULL: it is about the account */
	GError *first;		      /* what is not well */
} Verify;

static void take_check(const JrCheck *check, gpointer user)
{
	Verify *v = user;
	const char *state = states[check->state].word;
	g_autoptr(json_t) record =
		json_pack("{s:s, s:s, s:s, s:s}", "type", "check", "provider",
			  v->way->name, "what", check->what, "state", state);

	if (v->sender)
		json_object_set_new(record, "sender",
				    json_string(v->sender->name));
	if (check->said)
		json_object_set_new(record, "said", json_string(check->said));
	jr_journeys_tell(v->send->journeys, record);
	if (check->state != JR_CHECK_GOOD && !v->first)
		g_set_error(&v->first, JR_ERROR, states[check->state].error,
			    "provider '%s', %s: %s", v->way->name, check->what,
			    check->said ? check->said : "no reason given");
}

/* ---- senders ---- */

static void clear_check(gpointer data)
{
	jr_check_clear(data);
}

/* Whether carriers of +1 take what it sends, as far as @checks tell. */
static const char *status_of(const GArray *checks)
{
	static const char *const telling[] = {
		"assignment", "brand",	    "campaign",
		"toll_free",  "short_code", NULL,
	};
	const char *status = "unknown";
	gboolean sure = TRUE;

	for (guint i = 0; i < checks->len; i++) {
		const JrCheck *check = &g_array_index(checks, JrCheck, i);

		if (!g_strv_contains(telling, check->what))
			continue;
		if (check->state == JR_CHECK_WRONG)
			return JR_SENDER_UNREGISTERED;
		sure &= check->state == JR_CHECK_GOOD;
		status = JR_SENDER_REGISTERED;
	}
	return sure ? status : "unknown";
}

/* What is kept in the state. */
typedef struct {
	const Verify *v;
	const GArray *checks;
} Keep;

static gboolean keep(JrDb *db, gpointer data, GError **error)
{
	const Keep *k = data;
	g_autoptr(json_t) details = json_object();
	JrSenderStatus status = {
		.provider = k->v->way->name,
		.sender = k->v->sender->name,
		.status = status_of(k->checks),
		.checked_s = k->v->send->journeys->now_s,
	};
	g_autofree char *json = NULL;

	for (guint i = 0; i < k->checks->len; i++) {
		const JrCheck *check = &g_array_index(k->checks, JrCheck, i);

		json_object_set_new(
			details, check->what,
			json_string(check->said ? check->said
						: states[check->state].word));
	}
	json = json_dumps(details, JSON_COMPACT);
	status.details = json;
	return jr_sender_status_put(db, &status, error);
}

static gboolean verify_sender(Verify *v, GError **error)
{
	const JrPolicySender *sender = v->sender;
	JrProvider *provider = v->way->provider;
	g_autoptr(JrAsk) ask = jr_ask_new(provider, &v->way->limits);
	g_autoptr(GArray) checks = g_array_new(FALSE, FALSE, sizeof(JrCheck));
	const JrVerifyAsk what = {
		.sender = jr_policy_sender_id(sender),
		.number = sender->from,
		.ten_dlc = sender->type == JR_SENDER_10DLC,
		.toll_free = sender->type == JR_SENDER_TOLL_FREE,
		.short_code = sender->type == JR_SENDER_SHORT_CODE,
	};
	Keep kept = { v, checks };

	g_array_set_clear_func(checks, clear_check);
	if (!provider->kind->verify(provider, ask, &what, checks, error) ||
	    !jr_db_write(v->send->flow->db, keep, &kept, error))
		return FALSE;
	for (guint i = 0; i < checks->len; i++)
		take_check(&g_array_index(checks, JrCheck, i), v);
	return TRUE;
}

/* The senders that go this way, in the order of the configuration. */
static gboolean verify_senders(Verify *v, GError **error)
{
	const JrPolicy *policy = v->send->flow->policy;
	gboolean done = TRUE;

	/* With a wrong key there is nothing to be asked. */
	if (!v->way->provider->kind->verify || v->first)
		return TRUE;
	for (guint i = 0; done && i < policy->n_senders; i++) {
		const JrPolicySender *s = &policy->senders[i];
		const char *name =
			s->provider ? s->provider
				    : policy->routes[s->channel].provider;

		if (!(v->send->options.channels >> s->channel & 1) ||
		    g_strcmp0(name, v->way->name) != 0)
			continue;
		v->sender = s;
		done = verify_sender(v, error);
	}
	v->sender = NULL;
	return done;
}

gboolean jr_send_verify(JrSend *send, GError **error)
{
	Verify v = { .send = send };
	gboolean written;

	for (guint i = 0; i < send->ways->len; i++) {
		v.way = jr_send_way_at(send, i);
		jr_sender_verify(v.way->sender, send->journeys->now_s,
				 take_check, &v);
		if (!verify_senders(&v, error)) {
			g_clear_error(&v.first);
			return FALSE;
		}
	}
	if (send->ways->len == 0)
		g_set_error(&v.first, JR_ERROR, JR_ERROR_CONFIG,
			    "no provider is configured: name one in jr.yaml");
	written = jr_send_tell(send, v.first ? NULL : error);
	if (v.first)
		g_propagate_error(error, v.first);
	return written && !v.first;
}
