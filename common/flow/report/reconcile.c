/* reconcile.c - our sends against the provider's own list of them. */
#include "base/error.h"
#include "flow/report/report.h"
#include "flow/report/their_list.h"
#include "store/audit.h"

#include <string.h>

static const JrColumn columns[] = {
	{ .key = "what", .title = "what" },
	{ .key = "message", .title = "message" },
	{ .key = "workflow", .title = "workflow" },
	{ .key = "provider_id", .title = "provider's id" },
	{ .key = "ours", .title = "ours" },
	{ .key = "theirs", .title = "theirs" },
};

typedef struct {
	JrFlow *flow;
	JrTable *table;
	JrTheirList list;
	gint64 ours, matched, delivered;
} Work;

static void put(Work *work, const char *what, const JrAuditSend *send,
		const char *id, const char *ours, const char *theirs)
{
	jr_table_text(work->table, what);
	jr_table_text(work->table, send ? send->id : NULL);
	jr_table_text(work->table, send ? send->workflow : NULL);
	jr_table_text(work->table, id);
	jr_table_text(work->table, ours);
	jr_table_text(work->table, theirs);
}

/* ---- compare ---- */

static JrFate our_fate(JrMessageState state)
{
	return state == JR_MESSAGE_DELIVERED ? JR_FATE_DELIVERED
	       : state == JR_MESSAGE_FAILED  ? JR_FATE_FAILED
					     : JR_FATE_UNDER_WAY;
}

static void compare_status(Work *work, const JrAuditSend *send,
			   const JrTheirs *t)
{
	/* What we know better is no difference: their list may be older. */
	if (t->fate != JR_FATE_UNDER_WAY && t->fate != our_fate(send->state))
		put(work, "status", send, t->id,
		    jr_message_state_name(send->state), t->status);
}

static void compare_price(Work *work, const JrAuditSend *send,
			  const JrTheirs *t)
{
	const char *unit =
		send->currency ? send->currency : work->flow->policy->currency;
	const JrColumn money = { .kind = JR_CELL_MONEY };
	const JrCell own = { .num = send->cost_micros };
	const JrCell other = { .num = t->micros };
	g_autofree char *ours = NULL, *theirs = NULL;

	if (t->micros < 0 || (t->micros == send->cost_micros &&
			      (!t->unit || g_str_equal(t->unit, unit))))
		return;
	ours = jr_table_show(work->table, &money, &own);
	theirs = jr_table_show(work->table, &money, &other);
	g_autofree char *ours_unit = g_strconcat(ours, " ", unit, NULL);
	g_autofree char *theirs_unit =
		g_strconcat(theirs, " ", t->unit ? t->unit : unit, NULL);
	put(work, "price", send, t->id, ours_unit, theirs_unit);
}

static void compare_segments(Work *work, const JrAuditSend *send,
			     const JrTheirs *t)
{
	g_autofree char *ours =
		g_strdup_printf("%" G_GINT64_FORMAT, send->segments);
	g_autofree char *theirs =
		g_strdup_printf("%" G_GINT64_FORMAT, t->segments);

	if (t->segments >= 0 && t->segments != send->segments)
		put(work, "segments", send, t->id, ours, theirs);
}

/* Whether the list is of its provider, too. */
static gboolean is_listed(const Work *work, const JrAuditSend *send)
{
	return g_hash_table_size(work->list.providers) == 0 ||
	       !send->provider ||
	       g_hash_table_contains(work->list.providers, send->provider);
}

static gboolean compare(const JrAuditSend *send, gpointer user)
{
	Work *work = user;
	JrTheirs *t = send->provider_id ? g_hash_table_lookup(work->list.all,
							      send->provider_id)
					: NULL;

	if (!is_listed(work, send))
		return TRUE;
	work->ours++;
	if (!t) {
		put(work, "not on their list", send, send->provider_id,
		    jr_message_state_name(send->state), NULL);
		return TRUE;
	}
	t->seen = TRUE;
	work->matched++;
	work->delivered += t->fate == JR_FATE_DELIVERED;
	compare_status(work, send, t);
	compare_price(work, send, t);
	compare_segments(work, send, t);
	return TRUE;
}

/* The days that the list is of, unless they are given.  FALSE: nobody says. */
static gboolean span_of(const Work *work, const JrReportAsk *ask,
			gint64 *from_s, gint64 *until_s)
{
	GHashTableIter iter;
	gpointer value;
	JrReportAsk days = { .since_s = 0 };

	g_hash_table_iter_init(&iter, work->list.all);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const JrTheirs *t = value;

		if (t->at_s && (!days.since_s || t->at_s < days.since_s))
			days.since_s = t->at_s;
		days.until_s = MAX(days.until_s, t->at_s);
	}
	if (ask->since_s)
		days.since_s = ask->since_s;
	if (ask->until_s)
		days.until_s = ask->until_s;
	*from_s = jr_report_from_s(&days, G_MAXINT64);
	*until_s = jr_report_until_s(&days, G_MAXINT64);
	return *from_s < G_MAXINT64;
}

static int by_id(gconstpointer a, gconstpointer b)
{
	const JrTheirs *const *x = a, *const *y = b;

	return strcmp((*x)->id, (*y)->id);
}

static void put_unseen(Work *work)
{
	g_autoptr(GPtrArray) unseen = g_ptr_array_new();
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, work->list.all);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		if (!((JrTheirs *)value)->seen)
			g_ptr_array_add(unseen, value);
	g_ptr_array_sort(unseen, by_id);
	for (guint i = 0; i < unseen->len; i++) {
		const JrTheirs *t = unseen->pdata[i];

		put(work, "not ours", NULL, t->id, NULL, t->status);
	}
}

static void sum_up(Work *work)
{
	const JrCell gap = { .num = work->matched - work->delivered,
			     .den = work->matched };
	const JrColumn column = { .kind = JR_CELL_RATE };
	g_autofree char *shown = jr_table_show(work->table, &column, &gap);

	jr_table_say(
		work->table,
		"%" G_GINT64_FORMAT " of ours, %u of theirs, %" G_GINT64_FORMAT
		" on both sides",
		work->ours, g_hash_table_size(work->list.all), work->matched);
	if (work->matched > 0)
		jr_table_say(work->table,
			     "of these %s are not delivered by their word "
			     "(over 5 %% means that carriers filter)",
			     shown);
	work->table->alarm = jr_table_rows(work->table) > 0;
}

static void put_bad(JrTheirList *list, const char *what, const char *line)
{
	put(list->user, what, NULL, NULL, NULL, line);
}

static gboolean reconcile(Work *work, const JrReportAsk *ask, GError **error)
{
	gint64 from_s, until_s;

	if (!jr_their_list_read(&work->list, ask->operand, error))
		return FALSE;
	/* A list that failed to come is not one that agrees. */
	if (!span_of(work, ask, &from_s, &until_s) &&
	    (g_hash_table_size(work->list.all) > 0 ||
	     jr_table_rows(work->table) == 0)) {
		g_set_error(error, JR_ERROR, JR_ERROR_USAGE,
			    "no message on the list has a date: say by --since "
			    "of which days it is");
		return FALSE;
	}
	if (!jr_audit_sends(work->flow->db, from_s, until_s, compare, work,
			    error))
		return FALSE;
	put_unseen(work);
	sum_up(work);
	return TRUE;
}

JrTable *jr_report_reconcile(JrFlow *flow, const JrReportAsk *ask,
			     GError **error)
{
	g_autoptr(JrTable) table = jr_table_new(
		"reconcile", "Where our sends and the provider's list differ",
		columns, G_N_ELEMENTS(columns));
	Work work = { .flow = flow,
		      .table = table,
		      .list = { .bad = put_bad, .user = &work } };
	gboolean ok;

	table->empty = "nowhere";
	jr_their_list_init(&work.list, flow->zones);
	ok = reconcile(&work, ask, error);
	jr_their_list_clear(&work.list);
	return ok ? g_steal_pointer(&table) : NULL;
}
