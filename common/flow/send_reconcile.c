#include "flow/send_reconcile.h"
#include "base/error.h"
#include "flow/send_impl.h"
#include "io/json.h"
#include "net/ask.h"
#include "rules/sms.h"
#include "store/receipts.h"

#include <math.h>
#include <string.h>

#define UNKNOWN_MAX 100000 /* that are looked at in one run */
#define EARLY_S 120	   /* clocks differ */
#define WINDOW_S 3600	   /* from the attempt to their taking it */
#define ABSENT_AFTER_S 900 /* younger ones may not be listed yet */
#define PAGES_MAX 100000

/* A message of ours whose answer was lost. */
typedef struct {
	JrMessage message; /* in the arena of the run */
	const char *body;  /* as it was handed over; or NULL */
	char *plain;	   /* the same after smart encoding; owned */
	gint64 started_s;
	gboolean settled;
} Lost;

typedef struct {
	JrSend *send;
	JrSendWay *way;
	JrAsk *ask;
	gint64 since_s;
	JrArena *arena; /* of the lost */
	GArray *lost;	/* Lost */
	JrArena *page;
	GArray *rows; /* JrListed */
} Reconcile;

static void lost_clear(gpointer data)
{
	g_free(((Lost *)data)->plain);
}

/* ---- ours ---- */

/* What it said, and when its last attempt began. */
static gboolean describe(Reconcile *r, Lost *lost, GError **error)
{
	g_autoptr(GArray) attempts =
		g_array_new(FALSE, FALSE, sizeof(JrAttempt));
	const char *json = lost->message.content;
	const JrVal *content = NULL;

	if (!jr_attempts_of(r->send->flow->db, lost->message.id, r->arena,
			    attempts, error))
		return FALSE;
	for (guint i = 0; i < attempts->len; i++) {
		const JrAttempt *a = &g_array_index(attempts, JrAttempt, i);

		if (a->attempt == lost->message.attempts)
			lost->started_s = a->started_s;
	}
	if (json)
		content = jr_json_parse(r->arena, json, strlen(json), NULL);
	lost->body = jr_val_get_text(content, "body");
	if (lost->body)
		lost->plain = jr_sms_smart_always(lost->body);
	return TRUE;
}

static gboolean load_lost(Reconcile *r, GError **error)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(JrMessage));

	if (!jr_messages_in(r->send->flow->db, JR_MESSAGE_UNKNOWN, UNKNOWN_MAX,
			    r->arena, all, error))
		return FALSE;
	for (guint i = 0; i < all->len; i++) {
		Lost lost = { .message = g_array_index(all, JrMessage, i) };

		if (!lost.message.address ||
		    g_strcmp0(lost.message.provider, r->way->name) != 0)
			continue;
		if (!describe(r, &lost, error))
			return FALSE;
		g_array_append_val(r->lost, lost);
	}
	return TRUE;
}

/* The token of the first short link in @body; NULL: none.  Owned. */
static char *token_of(const Reconcile *r, const char *body)
{
	const JrLinks *links = &r->send->flow->policy->links;
	g_autofree char *lead = links->host
					? g_strconcat("https://", links->host,
						      links->prefix, NULL)
					: NULL;
	const char *at = lead && body ? strstr(body, lead) : NULL;

	if (!at)
		return NULL;
	at += strlen(lead);
	return g_strndup(at,
			 strspn(at, "0123456789abcdefghijklmnopqrstuvwxyz"));
}

/* ---- matching ---- */

static gboolean same_text(const Reconcile *r, const Lost *lost,
			  const JrListed *row)
{
	g_autofree char *token = token_of(r, lost->body);
	g_autofree char *plain = NULL;
	gint64 after_s = row->at_s - lost->started_s;

	if (token && *token)
		return row->body && strstr(row->body, token);
	if (after_s < -EARLY_S || after_s > WINDOW_S)
		return FALSE;
	plain = row->body ? jr_sms_smart_always(row->body) : NULL;
	return g_strcmp0(plain ? plain : "", lost->plain ? lost->plain : "") ==
	       0;
}

static Lost *find_lost(const Reconcile *r, const JrListed *row)
{
	for (guint i = 0; i < r->lost->len; i++) {
		Lost *lost = &g_array_index(r->lost, Lost, i);

		if (lost->settled)
			continue;
		if (row->id ? strcmp(row->id, lost->message.id) == 0
			    : strcmp(row->to, lost->message.address) == 0 &&
				      same_text(r, lost, row))
			return lost;
	}
	return NULL;
}

/* ---- settling ---- */

static gint64 price_of(const JrListed *row)
{
	return row->price
		       ? llround(fabs(g_ascii_strtod(row->price, NULL)) * 1e6)
		       : -1;
}

/* A delivery record about @message, as it now stands. */
static gboolean tell(Reconcile *r, const JrMessage *message,
		     const JrAnswer *answer, const JrSendEnd *end,
		     GError **error)
{
	JrSend *send = r->send;
	JrPerson person = { .person = message->person };
	JrSendJob job = { .send = send,
			  .message = message,
			  .way = r->way,
			  .attempt = message->attempts,
			  .answer = *answer };

	if (!jr_people_load(send->flow->db, &person, 1, send->journeys->arena,
			    error))
		return FALSE;
	job.person_id = person.id ? person.id : "";
	jr_send_record(&job, end);
	return TRUE;
}

/* Write what became of the hand-over that was lost. */
static gboolean settle(Reconcile *r, Lost *lost, const JrAnswer *answer,
		       GError **error)
{
	gboolean taken = answer->outcome == JR_OUTCOME_ACCEPTED;
	const JrSendEnd end = { taken ? JR_MESSAGE_ACCEPTED
				      : JR_MESSAGE_REFUSED,
				taken ? JR_METRIC_SENT : JR_METRIC_FAILED };
	const JrAttempt attempt = {
		.message = lost->message.id,
		.attempt = lost->message.attempts,
		.ended_s = r->send->journeys->now_s,
		.state = end.state,
		.provider = r->way->name,
		.provider_id = answer->provider_id,
		.code = answer->code,
		.reason = answer->reason,
		.cost_micros = -1,
	};
	JrMessageState state;

	lost->settled = TRUE;
	if (!jr_attempt_settle(r->send->flow->db, &attempt, 0, &state, error))
		return FALSE;
	/* Someone else, or a receipt, was faster. */
	if (state != end.state)
		return TRUE;
	jr_flow_count(r->send->flow, taken ? "found" : "never taken", 1);
	return tell(r, &lost->message, answer, &end, error);
}

/* The message of ours that @row is; *@found FALSE: none. */
static gboolean find_message(Reconcile *r, const JrListed *row,
			     JrMessage *message, gboolean *found,
			     GError **error)
{
	JrDb *db = r->send->flow->db;
	JrArena *arena = r->send->journeys->arena;
	char *id = NULL;
	Lost *lost;

	*found = FALSE;
	if (!jr_message_by_provider(db, r->way->name, row->provider_id, arena,
				    &id, error))
		return FALSE;
	lost = id ? NULL : find_lost(r, row);
	if (lost) {
		const JrAnswer taken = { .outcome = JR_OUTCOME_ACCEPTED,
					 .provider_id =
						 (char *)row->provider_id };

		if (!settle(r, lost, &taken, error))
			return FALSE;
		id = (char *)lost->message.id;
	}
	return !id || jr_message_get(db, id, arena, message, found, error);
}

/* The code of a late refusal says that they opted out. */
static gboolean opt_out(Reconcile *r, const JrMessage *message,
			const JrListed *row, GError **error)
{
	const JrClass *class =
		row->code
			? jr_classes_find(r->way->provider->classes, row->code)
			: NULL;
	JrSendJob job = { .send = r->send,
			  .message = message,
			  .way = r->way,
			  .answer.code = (char *)row->code };

	return !class || class->outcome != JR_OUTCOME_OPTED_OUT ||
	       jr_send_opt_out(&job, error);
}

/* Status and price of @message as they now are. */
static gboolean update(Reconcile *r, const JrMessage *message,
		       const JrListed *row, GError **error)
{
	const JrClass *class =
		row->code
			? jr_classes_find(r->way->provider->classes, row->code)
			: NULL;
	const JrReceipt receipt = {
		.message = message->id,
		.metric = row->metric ? row->metric : JR_METRIC_SENT,
		.at_s = row->at_s ? row->at_s : r->send->journeys->now_s,
		.code = row->code,
		.reason = class ? class->text : NULL,
		.cost_micros = price_of(row),
		.currency = row->currency,
		.segments = row->segments,
	};
	const JrAnswer answer = {
		.outcome = JR_OUTCOME_ACCEPTED,
		.provider_id = (char *)row->provider_id,
		.code = (char *)row->code,
		.reason = (char *)receipt.reason,
		.price = (char *)row->price,
		.currency = (char *)row->currency,
	};
	JrMessage now;
	gboolean fresh = FALSE, found = FALSE, priced;

	if (!jr_receipt_add(r->send->flow->db, &receipt, &fresh, error) ||
	    !opt_out(r, message, row, error) ||
	    !jr_message_get(r->send->flow->db, message->id,
			    r->send->journeys->arena, &now, &found, error))
		return FALSE;
	priced = found && (now.cost_micros != message->cost_micros ||
			   now.segments != message->segments);
	jr_flow_count(r->send->flow, "priced", priced);
	if (!found || (!fresh && !priced))
		return TRUE;
	const JrSendEnd end = { now.state, receipt.metric };
	jr_flow_count(r->send->flow, "updated", 1);
	return tell(r, &now, &answer, &end, error);
}

/* What one page says, in one transaction. */
static gboolean take_page(JrDb *db G_GNUC_UNUSED, gpointer data, GError **error)
{
	Reconcile *r = data;

	for (guint i = 0; i < r->rows->len; i++) {
		const JrListed *row = &g_array_index(r->rows, JrListed, i);
		JrMessage message;
		gboolean found;

		jr_arena_reset(r->send->journeys->arena);
		if (!find_message(r, row, &message, &found, error) ||
		    (found && !update(r, &message, row, error)))
			return FALSE;
	}
	return TRUE;
}

static gboolean keep_page(Reconcile *r, GError **error)
{
	jr_flow_count(r->send->flow, "listed", r->rows->len);
	return jr_db_write(r->send->flow->db, take_page, r, error) &&
	       jr_journeys_write(r->send->journeys, error);
}

/* The oldest instant on the page; G_MAXINT64: none. */
static gint64 oldest(const Reconcile *r)
{
	gint64 at_s = G_MAXINT64;

	for (guint i = 0; i < r->rows->len; i++) {
		const JrListed *row = &g_array_index(r->rows, JrListed, i);

		if (row->at_s > 0)
			at_s = MIN(at_s, row->at_s);
	}
	return at_s;
}

/* All pages of @what that are not older than @since_s; newest come first. */
static gboolean read_pages(Reconcile *r, JrListAsk *what, gint64 since_s,
			   GError **error)
{
	gboolean more = TRUE;

	for (int n = 0; more && n < PAGES_MAX; n++) {
		if (r->send->flow->stop && r->send->flow->stop())
			break;
		jr_arena_reset(r->page);
		g_array_set_size(r->rows, 0);
		if (!jr_ask_page(r->ask, what, r->page, r->rows, &more,
				 error) ||
		    !keep_page(r, error))
			return FALSE;
		if (oldest(r) < since_s)
			break;
	}
	return TRUE;
}

/* ---- one provider ---- */

typedef struct {
	Reconcile *r;
	Lost *lost;
} Absent;

static gboolean settle_absent(JrDb *db G_GNUC_UNUSED, gpointer data,
			      GError **error)
{
	const Absent *absent = data;
	const JrAnswer answer = {
		.outcome = JR_OUTCOME_REFUSED,
		.code = (char *)"not-listed",
		.reason = (char *)"the provider has no record of it",
	};

	jr_arena_reset(absent->r->send->journeys->arena);
	return settle(absent->r, absent->lost, &answer, error);
}

/* Ask for @lost by its number; if it is not there, it was never taken. */
static gboolean seek(Reconcile *r, Lost *lost, GError **error)
{
	g_auto(JrListAsk) what = { .to = lost->message.address };
	Absent absent = { r, lost };

	if (lost->started_s == 0 ||
	    r->send->journeys->now_s < lost->started_s + ABSENT_AFTER_S)
		return TRUE;
	if (!read_pages(r, &what, lost->started_s - WINDOW_S, error))
		return FALSE;
	if (lost->settled || (r->send->flow->stop && r->send->flow->stop()))
		return TRUE;
	return jr_db_write(r->send->flow->db, settle_absent, &absent, error) &&
	       jr_journeys_write(r->send->journeys, error);
}

static gboolean by_list(Reconcile *r, GError **error)
{
	g_auto(JrListAsk) what = { .since_s = r->since_s };

	if (!read_pages(r, &what, r->since_s, error))
		return FALSE;
	for (guint i = 0; i < r->lost->len; i++) {
		Lost *lost = &g_array_index(r->lost, Lost, i);

		if (!lost->settled && !seek(r, lost, error))
			return FALSE;
	}
	return TRUE;
}

/* Where there is no list: those that they took, one by one. */
static gboolean by_id(Reconcile *r, GError **error)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(JrMessage));

	if (!jr_messages_in(r->send->flow->db, JR_MESSAGE_ACCEPTED, UNKNOWN_MAX,
			    r->arena, all, error))
		return FALSE;
	for (guint i = 0; i < all->len; i++) {
		const JrMessage *m = &g_array_index(all, JrMessage, i);
		g_autoptr(GError) why = NULL;

		if (!m->provider_id || m->accepted_s < r->since_s ||
		    g_strcmp0(m->provider, r->way->name) != 0)
			continue;
		jr_arena_reset(r->page);
		g_array_set_size(r->rows, 0);
		if (!jr_ask_one(r->ask, m->provider_id, r->page, r->rows,
				&why)) {
			/* They forget old ones. */
			if (g_error_matches(why, JR_ERROR, JR_ERROR_REFUSED))
				continue;
			g_propagate_error(error, g_steal_pointer(&why));
			return FALSE;
		}
		if (!keep_page(r, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean reconcile_way(Reconcile *r, GError **error)
{
	const JrProviderKind *kind = r->way->provider->kind;
	gboolean done;

	if (!load_lost(r, error))
		return FALSE;
	if (!kind->listed) {
		jr_flow_count(r->send->flow, "left to a person", r->lost->len);
		return TRUE;
	}
	done = kind->list ? by_list(r, error) : by_id(r, error);
	for (guint i = 0; i < r->lost->len; i++)
		jr_flow_count(r->send->flow, "left to a person",
			      !g_array_index(r->lost, Lost, i).settled);
	return done;
}

static gboolean reconcile_one(JrSend *send, JrSendWay *way, gint64 since_s,
			      GError **error)
{
	g_autoptr(JrAsk) ask = jr_ask_new(way->provider, &way->limits);
	g_autoptr(JrArena) arena = jr_arena_new(1024 * 1024 * 1024);
	g_autoptr(JrArena) page = jr_arena_new(64 * 1024 * 1024);
	g_autoptr(GArray) lost = g_array_new(FALSE, FALSE, sizeof(Lost));
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(JrListed));
	Reconcile r = { .send = send,
			.way = way,
			.ask = ask,
			.since_s = since_s,
			.arena = arena,
			.lost = lost,
			.page = page,
			.rows = rows };

	g_array_set_clear_func(lost, lost_clear);
	return reconcile_way(&r, error);
}

static int by_name(gconstpointer a, gconstpointer b)
{
	const JrSendWay *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

gboolean jr_send_reconcile(JrSend *send, gint64 since_s, GError **error)
{
	g_autoptr(GPtrArray) ways = g_ptr_array_new();
	GHashTableIter iter;
	gpointer way;

	g_hash_table_iter_init(&iter, send->ways);
	while (g_hash_table_iter_next(&iter, NULL, &way))
		g_ptr_array_add(ways, way);
	g_ptr_array_sort(ways, by_name);
	if (!jr_send_expire(send, error))
		return FALSE;
	for (guint i = 0; i < ways->len; i++)
		if (!reconcile_one(send, ways->pdata[i], since_s, error))
			return FALSE;
	return TRUE;
}
