#include "flow/send/reconcile.h"
#include "base/error.h"
#include "flow/send/lost.h"
#include "net/ask.h"
#include "store/receipts.h"

#include <math.h>
#include <string.h>

#define ABSENT_AFTER_S 900 /* younger ones may not be listed yet */
#define BEFORE_S 3600	   /* how long before it their list is read */
#define PAGES_MAX 100000
#define ASKED_MAX 100000 /* one by one, in one run */

/* What is listed to the number of one that is lost. */
typedef struct {
	JrLost *lost;
	JrListed likely; /* in the arena of the run */
	guint n_likely, n_maybe;
} Seek;

typedef struct {
	JrSend *send;
	JrSendWay *way;
	JrAsk *ask;
	gint64 since_s;
	JrArena *arena; /* of the lost */
	GArray *lost;	/* JrLost */
	JrArena *page;
	GArray *rows; /* JrListed */
	Seek *seek;   /* NULL: all are listed */
} Reconcile;

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
static gboolean settle(Reconcile *r, JrLost *lost, const JrAnswer *answer,
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
	JrLost *lost;

	*found = FALSE;
	if (!jr_message_by_provider(db, r->way->name, row->provider_id, arena,
				    &id, error))
		return FALSE;
	lost = id ? NULL : jr_lost_find(r->lost, row);
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

/* @text as it will be when the page is gone. */
static const char *keep_text(Reconcile *r, const char *text)
{
	return text ? jr_arena_text(r->arena, text, strlen(text)) : NULL;
}

/* Nobody knows what @row is: could it be the one that is sought? */
static void weigh(Reconcile *r, const JrListed *row)
{
	switch (jr_lost_fit(r->seek->lost, row)) {
	case JR_LOST_NO:
		return;
	case JR_LOST_MAYBE:
		r->seek->n_maybe++;
		return;
	case JR_LOST_LIKELY:
		r->seek->n_likely++;
		break;
	}
	r->seek->likely = *row;
	r->seek->likely.provider_id = keep_text(r, row->provider_id);
	r->seek->likely.to = r->seek->lost->message.address;
	r->seek->likely.body = NULL;
	r->seek->likely.code = keep_text(r, row->code);
	r->seek->likely.price = keep_text(r, row->price);
	r->seek->likely.currency = keep_text(r, row->currency);
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
		if (!found && r->seek)
			weigh(r, row);
	}
	return TRUE;
}

static gboolean keep_page(Reconcile *r, GError **error)
{
	jr_flow_count(r->send->flow, "listed", r->rows->len);
	return jr_db_write(r->send->flow->db, take_page, r, error) &&
	       jr_send_tell(r->send, error);
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

/* Settle the one that is sought: it is the likely row, or was never taken. */
static gboolean settle_sought(JrDb *db G_GNUC_UNUSED, gpointer data,
			      GError **error)
{
	Reconcile *r = data;
	Seek *seek = r->seek;
	const JrAnswer absent = {
		.outcome = JR_OUTCOME_REFUSED,
		.code = (char *)"not-listed",
		.reason = (char *)"the provider has no record of it",
	};
	const JrAnswer taken = {
		.outcome = JR_OUTCOME_ACCEPTED,
		.provider_id = (char *)seek->likely.provider_id,
	};
	JrMessage message;
	gboolean found;

	jr_arena_reset(r->send->journeys->arena);
	if (seek->n_likely == 0)
		return settle(r, seek->lost, &absent, error);
	return settle(r, seek->lost, &taken, error) &&
	       jr_message_get(r->send->flow->db, seek->lost->message.id,
			      r->send->journeys->arena, &message, &found,
			      error) &&
	       (!found || update(r, &message, &seek->likely, error));
}

/* Whether another that is lost may be @row as well. */
static gboolean others_fit(const Reconcile *r, const JrListed *row)
{
	for (guint i = 0; i < r->lost->len; i++) {
		const JrLost *other = &g_array_index(r->lost, JrLost, i);

		if (other != r->seek->lost &&
		    jr_lost_fit(other, row) != JR_LOST_NO)
			return TRUE;
	}
	return FALSE;
}

/* Nothing that it may be was left out, and there is but one it can be. */
static gboolean is_clear(const Reconcile *r)
{
	const Seek *seek = r->seek;

	return seek->n_likely + seek->n_maybe == 0 ||
	       (seek->n_likely == 1 && !others_fit(r, &seek->likely));
}

/* Ask for @lost by its number; if it is not there, it was never taken. */
static gboolean seek(Reconcile *r, JrLost *lost, GError **error)
{
	g_auto(JrListAsk) what = { .to = lost->message.address,
				   .channel = lost->message.channel };
	Seek sought = { .lost = lost };
	gboolean done;

	if (lost->started_s == 0 ||
	    r->send->journeys->now_s < lost->started_s + ABSENT_AFTER_S)
		return TRUE;
	r->seek = &sought;
	done = read_pages(r, &what, lost->started_s - BEFORE_S, error);
	if (done && !lost->settled && is_clear(r) &&
	    !(r->send->flow->stop && r->send->flow->stop()))
		done = jr_db_write(r->send->flow->db, settle_sought, r,
				   error) &&
		       jr_send_tell(r->send, error);
	r->seek = NULL;
	return done;
}

static gboolean by_list(Reconcile *r, GError **error)
{
	g_auto(JrListAsk) what = { .since_s = r->since_s };

	if (!read_pages(r, &what, r->since_s, error))
		return FALSE;
	for (guint i = 0; i < r->lost->len; i++) {
		JrLost *lost = &g_array_index(r->lost, JrLost, i);

		if (!lost->settled && !seek(r, lost, error))
			return FALSE;
	}
	return TRUE;
}

/* Where there is no list: those that they took, one by one. */
static gboolean by_id(Reconcile *r, GError **error)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(JrMessage));

	if (!jr_messages_in(r->send->flow->db, JR_MESSAGE_ACCEPTED, ASKED_MAX,
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

	if (!jr_lost_load(r->send, r->way, r->arena, r->lost, error))
		return FALSE;
	if (!kind->listed) {
		jr_flow_count(r->send->flow, "left to a person", r->lost->len);
		return TRUE;
	}
	done = kind->list ? by_list(r, error) : by_id(r, error);
	for (guint i = 0; i < r->lost->len; i++)
		jr_flow_count(r->send->flow, "left to a person",
			      !g_array_index(r->lost, JrLost, i).settled);
	return done;
}

static gboolean reconcile_one(JrSend *send, JrSendWay *way, gint64 since_s,
			      GError **error)
{
	g_autoptr(JrAsk) ask = jr_ask_new(way->provider, &way->limits);
	g_autoptr(JrArena) arena = jr_arena_new(1024 * 1024 * 1024);
	g_autoptr(JrArena) page = jr_arena_new(64 * 1024 * 1024);
	g_autoptr(GArray) lost = g_array_new(FALSE, FALSE, sizeof(JrLost));
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(JrListed));
	Reconcile r = { .send = send,
			.way = way,
			.ask = ask,
			.since_s = since_s,
			.arena = arena,
			.lost = lost,
			.page = page,
			.rows = rows };

	g_array_set_clear_func(lost, jr_lost_clear);
	return reconcile_way(&r, error);
}

gboolean jr_send_reconcile(JrSend *send, gint64 since_s, GError **error)
{
	if (!jr_send_expire(send, error))
		return FALSE;
	for (guint i = 0; i < send->ways->len; i++)
		if (!reconcile_one(send, jr_send_way_at(send, i), since_s,
				   error))
			return FALSE;
	return TRUE;
}
