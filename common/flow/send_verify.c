/* Whether providers would take messages of ours. */
#include "flow/send_impl.h"
#include "base/error.h"

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
	GError *first; /* what is not well */
} Verify;

static void take_check(const JrCheck *check, gpointer user)
{
	Verify *v = user;
	const char *state = states[check->state].word;
	json_t *record =
		json_pack("{s:s, s:s, s:s, s:s}", "type", "check", "provider",
			  v->way->name, "what", check->what, "state", state);

	if (check->said)
		json_object_set_new(record, "said", json_string(check->said));
	g_ptr_array_add(v->send->journeys->records, record);
	if (check->state != JR_CHECK_GOOD && !v->first)
		g_set_error(&v->first, JR_ERROR, states[check->state].error,
			    "provider '%s', %s: %s", v->way->name, check->what,
			    check->said ? check->said : "no reason given");
}

static int by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(a, b);
}

gboolean jr_send_verify(JrSend *send, GError **error)
{
	g_autoptr(GList) names =
		g_list_sort(g_hash_table_get_keys(send->ways), by_name);
	Verify v = { .send = send };
	gboolean written;

	for (GList *l = names; l; l = l->next) {
		v.way = g_hash_table_lookup(send->ways, l->data);
		jr_sender_verify(v.way->sender, send->journeys->now_s,
				 take_check, &v);
	}
	if (!names)
		g_set_error(&v.first, JR_ERROR, JR_ERROR_CONFIG,
			    "no provider is configured: name one in jr.yaml");
	written = jr_journeys_write(send->journeys, v.first ? NULL : error);
	if (v.first)
		g_propagate_error(error, v.first);
	return written && !v.first;
}
