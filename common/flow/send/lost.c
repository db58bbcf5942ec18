#include "flow/send/lost.h"
#include "io/json.h"
#include "rules/sms.h"

#include <string.h>

#define UNKNOWN_MAX 100000 /* that are looked at in one run */
#define EARLY_S 120	   /* clocks differ */
#define WINDOW_S 3600	   /* from the attempt to their taking it */

/* "https://a.example/b", and "a.example/b" as some shorteners write it. */
#define LINK "\\b(?:[a-z][a-z0-9+.-]*://|[a-z0-9-]+(?:\\.[a-z0-9-]+)+/)\\S*"

void jr_lost_clear(gpointer data)
{
	JrLost *lost = data;

	g_free(lost->plain);
	g_free(lost->masked);
	g_free(lost->token);
}

/* ---- ours ---- */

/* The token of the first short link in @body; NULL: none.  Owned. */
static char *token_of(const JrLinks *links, const char *body)
{
	g_autofree char *lead = links->host
					? g_strconcat("https://", links->host,
						      links->prefix, NULL)
					: NULL;
	const char *at = lead && body ? strstr(body, lead) : NULL;
	gsize len;

	if (!at)
		return NULL;
	at += strlen(lead);
	len = strspn(at, "0123456789abcdefghijklmnopqrstuvwxyz");
	return len > 0 ? g_strndup(at, len) : NULL;
}

/* @text with each link as one and the same character.  Owned. */
static char *mask(const char *text)
{
	g_autoptr(GRegex) links = g_regex_new(LINK, G_REGEX_CASELESS, 0, NULL);

	return g_regex_replace_literal(links, text, -1, 0, "\x1a", 0, NULL);
}

static void describe(JrLost *lost, const JrLinks *links, JrArena *arena)
{
	const char *json = lost->message.content;
	const JrVal *content =
		json ? jr_json_parse(arena, json, strlen(json), NULL) : NULL;
	const char *body = jr_val_get_text(content, "body");

	if (!body && !jr_val_get_text(content, "template"))
		body = "";
	if (!body)
		return;
	lost->plain = jr_sms_smart_always(body);
	lost->masked = mask(lost->plain);
	lost->token = token_of(links, body);
}

static gboolean find_start(JrLost *lost, JrDb *db, JrArena *arena,
			   GError **error)
{
	g_autoptr(GArray) attempts =
		g_array_new(FALSE, FALSE, sizeof(JrAttempt));

	if (!jr_attempts_of(db, lost->message.id, arena, attempts, error))
		return FALSE;
	for (guint i = 0; i < attempts->len; i++) {
		const JrAttempt *a = &g_array_index(attempts, JrAttempt, i);

		if (a->attempt == lost->message.attempts)
			lost->started_s = a->started_s;
	}
	return TRUE;
}

gboolean jr_lost_load(JrSend *send, const JrSendWay *way, JrArena *arena,
		      GArray *all, GError **error)
{
	g_autoptr(GArray) unknown =
		g_array_new(FALSE, FALSE, sizeof(JrMessage));

	if (!jr_messages_in(send->flow->db, JR_MESSAGE_UNKNOWN, UNKNOWN_MAX,
			    arena, unknown, error))
		return FALSE;
	for (guint i = 0; i < unknown->len; i++) {
		JrLost lost = { .message =
					g_array_index(unknown, JrMessage, i) };

		if (!lost.message.address ||
		    g_strcmp0(lost.message.provider, way->name) != 0)
			continue;
		if (!find_start(&lost, send->flow->db, arena, error))
			return FALSE;
		describe(&lost, &send->flow->policy->links, arena);
		g_array_append_val(all, lost);
	}
	return TRUE;
}

/* ---- theirs ---- */

static gint64 after_s(const JrLost *lost, const JrListed *row)
{
	return row->at_s - lost->started_s;
}

/* Whether @row went where and when @lost did. */
static gboolean there_and_then(const JrLost *lost, const JrListed *row)
{
	if (lost->settled || row->id || row->channel != lost->message.channel ||
	    strcmp(row->to, lost->message.address) != 0)
		return FALSE;
	return row->at_s == 0 || lost->started_s == 0 ||
	       (after_s(lost, row) >= -EARLY_S &&
		after_s(lost, row) <= WINDOW_S);
}

static gboolean has_text(const JrListed *row)
{
	return row->body && *row->body;
}

JrLostFit jr_lost_fit(const JrLost *lost, const JrListed *row)
{
	g_autofree char *plain = NULL, *masked = NULL;

	if (!there_and_then(lost, row))
		return JR_LOST_NO;
	if (!lost->plain || row->at_s == 0 || lost->started_s == 0)
		return JR_LOST_MAYBE;
	if (!has_text(row))
		return *lost->plain ? JR_LOST_MAYBE : JR_LOST_LIKELY;
	plain = jr_sms_smart_always(row->body);
	masked = mask(plain);
	if (strcmp(masked, lost->masked) == 0)
		return JR_LOST_LIKELY;
	/* An account on trial has words put in front. */
	return strstr(masked, lost->masked) ? JR_LOST_MAYBE : JR_LOST_NO;
}

static gboolean same_text(const JrLost *lost, const JrListed *row)
{
	g_autofree char *plain = NULL;

	if (!lost->plain || !*lost->plain || !has_text(row) || row->at_s == 0 ||
	    !there_and_then(lost, row))
		return FALSE;
	plain = jr_sms_smart_always(row->body);
	return strcmp(plain, lost->plain) == 0;
}

/* Unguessable, one a message: it is enough. */
static gboolean same_key(const JrLost *lost, const JrListed *row)
{
	if (lost->settled)
		return FALSE;
	if (row->id)
		return strcmp(row->id, lost->message.id) == 0;
	return lost->token && row->body &&
	       strcmp(row->to, lost->message.address) == 0 &&
	       strstr(row->body, lost->token);
}

/* The attempt that is nearest in time; two that are as near are in doubt. */
static JrLost *by_text(const GArray *all, const JrListed *row)
{
	gint64 best_s = G_MAXINT64, next_s = G_MAXINT64;
	JrLost *best = NULL;

	for (guint i = 0; i < all->len; i++) {
		JrLost *lost = &g_array_index(all, JrLost, i);
		gint64 far_s = ABS(after_s(lost, row));

		if (!same_text(lost, row))
			continue;
		next_s = MIN(next_s, MAX(best_s, far_s));
		if (far_s < best_s) {
			best_s = far_s;
			best = lost;
		}
	}
	return best && next_s - best_s > EARLY_S ? best : NULL;
}

JrLost *jr_lost_find(const GArray *all, const JrListed *row)
{
	for (guint i = 0; i < all->len; i++) {
		JrLost *lost = &g_array_index(all, JrLost, i);

		if (same_key(lost, row))
			return lost;
	}
	return by_text(all, row);
}
