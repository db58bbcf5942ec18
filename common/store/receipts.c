/* receipts.c - metrics, and what they make of a message's state. */
#include "store/receipts.h"
#include "base/val.h"
#include "store/counters.h"
#include "store/enrolments.h"
#include "store/log.h"
#include "store/message_row.h"

#include <string.h>

int jr_message_rank(JrMessageState state)
{
	static const int ranks[] = {
		[JR_MESSAGE_CLAIMED] = 1,   [JR_MESSAGE_UNKNOWN] = 2,
		[JR_MESSAGE_ACCEPTED] = 3,  [JR_MESSAGE_FAILED] = 4,
		[JR_MESSAGE_DELIVERED] = 5, [JR_MESSAGE_LAST] = 0,
	};

	return ranks[state];
}

/* What a metric says of its message; 0: nothing.  And whether it must have
 * left for that to happen. */
static const struct {
	JrMessageState state;
	gboolean left;
} meanings[] = {
	[JR_METRIC_SENT] = { JR_MESSAGE_ACCEPTED, TRUE },
	[JR_METRIC_DELIVERED] = { JR_MESSAGE_DELIVERED, TRUE },
	[JR_METRIC_OPENED] = { 0, TRUE },
	[JR_METRIC_CLICKED] = { 0, TRUE },
	[JR_METRIC_REPLIED] = { 0, TRUE },
	[JR_METRIC_BOUNCED] = { JR_MESSAGE_FAILED, TRUE },
	[JR_METRIC_FAILED] = { JR_MESSAGE_FAILED, FALSE },
	[JR_METRIC_UNDELIVERABLE] = { JR_MESSAGE_FAILED, FALSE },
	[JR_METRIC_SPAMMED] = { 0, TRUE },
};

static const JrField metric_fields[] = {
	JR_INT(JrMetricRow, metric),
	JR_INT64(JrMetricRow, device),
	JR_INT64(JrMetricRow, at_s),
	JR_INT64(JrMetricRow, seq),
	JR_FIELD_END,
};

static JrCounter counter_of(const JrMessage *message, gint64 day)
{
	return (JrCounter){
		.day = day,
		.workflow = message->workflow,
		.step = message->step,
		.variant = message->variant,
		.channel = message->channel,
		.provider = message->provider,
		.country = message->country,
	};
}

static gboolean has_metric(JrDb *db, const JrMessage *message, JrMetric metric,
			   gboolean *yes, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT device FROM metrics"
		" WHERE message_row = $message_row AND metric = $metric LIMIT 1",
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "message_row", message->row);
	jr_stmt_set_int(st, "metric", metric);
	return jr_stmt_row(st, yes, error);
}

static gboolean insert_metric(JrDb *db, const JrMetricRow *row, gint64 day,
			      gboolean first, gboolean *fresh, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO metrics (message_row, metric, device, person, at_s,"
		" day, provider, country, seq, first) VALUES ($message_row,"
		" $metric, $device, $person, $at_s, $day, $provider, $country,"
		" $seq, $first)"
		" ON CONFLICT (message_row, metric, device) DO NOTHING",
		error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, metric_fields, row);
	jr_stmt_set_int(st, "message_row", row->message->row);
	jr_stmt_set_text(st, "provider", row->message->provider);
	jr_stmt_set_text(st, "country", row->message->country);
	jr_stmt_set_int(st, "person", row->message->person);
	jr_stmt_set_int(st, "day", day);
	jr_stmt_set_int(st, "first", first);
	if (!jr_stmt_run(st, error))
		return FALSE;
	*fresh = jr_stmt_changed(st) > 0;
	return TRUE;
}

/* What came in with no record of its own is news as well. */
static void note_metric(const JrMetricRow *row, JrAside *aside)
{
	g_autoptr(GString) data = g_string_new("{\"message\":");
	JrLogRow note = {
		.kind = JR_LOG_METRIC,
		.person = row->message->person,
		.name = jr_metric_name(row->metric),
		.at_s = row->at_s,
		.received_s = row->at_s,
	};

	/* A conversion came with an event that may long have been looked at. */
	if (row->seq && row->metric != JR_METRIC_CONVERTED)
		return;
	jr_val_write_text(row->message->id, strlen(row->message->id), data);
	g_string_append_c(data, '}');
	note.data = data->str;
	note.data_len = data->len;
	jr_aside_note(aside, &note);
}

static gboolean count_metric(JrDb *db, const JrMetricRow *row, gint64 day,
			     JrAside *aside, GError **error)
{
	const JrMessage *message = row->message;
	JrCounter counter = counter_of(message, day);
	gboolean aims;

	counter.counted = row->metric;
	counter.n = 1;
	if (row->metric == JR_METRIC_SENT) {
		counter.segments = message->segments;
		counter.cost_micros = message->cost_micros;
		if (!jr_version_aims(db, message->version, &aims, error))
			return FALSE;
		counter.aimed = aims;
		jr_aside_latency(aside, message, day);
	}
	jr_aside_count(aside, &counter);
	return TRUE;
}

/* When its person last followed a link of its channel. */
static gboolean note_click(JrDb *db, const JrMetricRow *row, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO last_clicks (person, channel, at_s)"
		" VALUES ($person, $channel, $at)"
		" ON CONFLICT (person, channel) DO UPDATE SET at_s = $at"
		" WHERE last_clicks.at_s < $at",
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "person", row->message->person);
	jr_stmt_set_int(st, "channel", row->message->channel);
	jr_stmt_set_int(st, "at", row->at_s);
	return jr_stmt_run(st, error);
}

gboolean jr_metric_put(JrDb *db, const JrMetricRow *row, gboolean *fresh,
		       GError **error)
{
	const JrMessage *message = row->message;
	gint64 day = jr_day_of(message->accepted_s ? message->accepted_s
						   : row->at_s);
	gboolean before = FALSE;

	if ((!row->none &&
	     !has_metric(db, message, row->metric, &before, error)) ||
	    !insert_metric(db, row, day, !before, fresh, error))
		return FALSE;
	if (*fresh && row->metric == JR_METRIC_CLICKED &&
	    !note_click(db, row, error))
		return FALSE;
	if (before || !*fresh)
		return TRUE;
	g_autoptr(JrAside) own = row->aside ? NULL : jr_aside_new();
	JrAside *aside = own ? own : row->aside;
	note_metric(row, aside);
	return count_metric(db, row, day, aside, error) &&
	       (!own || jr_aside_write(own, db, error));
}

static gboolean write_accepted(JrDb *db, const JrMessage *message,
			       GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"UPDATE messages SET accepted_s = $accepted_s WHERE id = $id",
		error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, jr_message_fields, message);
	return jr_stmt_run(st, error);
}

/* It left, though nobody told us yet: so it was sent, and counts as such. */
static gboolean note_sent(JrDb *db, JrMessage *message,
			  const JrReceipt *receipt, GError **error)
{
	JrMetricRow row = {
		.message = message,
		.metric = JR_METRIC_SENT,
		.at_s = receipt->at_s,
		.seq = receipt->seq,
	};
	gboolean fresh;

	if (!meanings[receipt->metric].left || message->accepted_s)
		return TRUE;
	message->accepted_s = receipt->at_s;
	return write_accepted(db, message, error) &&
	       jr_metric_put(db, &row, &fresh, error);
}

/*
 * Where the receipt brings @message.  One of several devices that failed says
 * nothing of the others.
 */
static JrMessageState next_state(const JrMessage *message,
				 const JrReceipt *receipt)
{
	JrMessageState next = meanings[receipt->metric].state;

	if (next == JR_MESSAGE_FAILED && receipt->device)
		next = 0;
	if (!next && meanings[receipt->metric].left)
		next = JR_MESSAGE_ACCEPTED;
	return next && jr_message_rank(next) > jr_message_rank(message->state)
		       ? next
		       : message->state;
}

static gboolean write_state(JrDb *db, const JrMessage *message,
			    const JrReceipt *receipt, GError **error)
{
	JrMessageState state = next_state(message, receipt);
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"UPDATE messages SET state = $state, settled_s = $at,"
		" wake_s = 0, counted_s = CASE WHEN counted_s > 0"
		"  THEN counted_s ELSE $at END,"
		" code = CASE WHEN state = $unknown THEN $code"
		"  ELSE COALESCE($code, code) END,"
		" reason = CASE WHEN state = $unknown THEN $reason"
		"  ELSE COALESCE($reason, reason) END,"
		" provider_id = COALESCE(provider_id, $provider_id)"
		" WHERE id = $id",
		error);

	if (!st)
		return FALSE;
	if (state == message->state)
		return TRUE;
	jr_stmt_set_text(st, "id", message->id);
	jr_stmt_set_int(st, "state", state);
	jr_stmt_set_int(st, "at", receipt->at_s);
	jr_stmt_set_text(st, "code", receipt->code);
	jr_stmt_set_text(st, "reason", receipt->reason);
	/* Why nobody knew of it is of no interest any more. */
	jr_stmt_set_int(st, "unknown", JR_MESSAGE_UNKNOWN);
	jr_stmt_set_text(st, "provider_id",
			 receipt->device ? NULL : receipt->provider_id);
	return jr_stmt_run(st, error);
}

gboolean jr_message_price(JrDb *db, const JrMessage *message,
			  const JrReceipt *receipt, GError **error)
{
	gint64 cost = receipt->cost_micros < 0 ? message->cost_micros
					       : receipt->cost_micros;
	gint64 segments =
		receipt->segments < 0 ? message->segments : receipt->segments;
	JrCounter counter = counter_of(message, jr_day_of(message->accepted_s));
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"UPDATE messages SET cost_micros = $cost,"
		" segments = $segments,"
		" currency = COALESCE($currency, currency) WHERE id = $id",
		error);

	if (!st)
		return FALSE;
	if (cost == message->cost_micros && segments == message->segments)
		return TRUE;
	jr_stmt_set_text(st, "id", message->id);
	jr_stmt_set_int(st, "cost", cost);
	jr_stmt_set_int(st, "segments", segments);
	jr_stmt_set_text(st, "currency", receipt->currency);
	counter.counted = JR_METRIC_SENT;
	counter.cost_micros = cost - message->cost_micros;
	counter.segments = segments - message->segments;
	return jr_stmt_run(st, error) &&
	       (!message->accepted_s || jr_counter_add(db, &counter, error));
}

static gboolean take(JrDb *db, JrMessage *message, const JrReceipt *receipt,
		     gboolean *fresh, GError **error)
{
	JrMetricRow row = {
		.message = message,
		.metric = receipt->metric,
		.device = receipt->device,
		.at_s = receipt->at_s,
		.seq = receipt->seq,
	};

	/* A "sent" that note_sent() is about to count is news, too. */
	gboolean sends =
		receipt->metric == JR_METRIC_SENT && !message->accepted_s;
	if (!note_sent(db, message, receipt, error) ||
	    !jr_metric_put(db, &row, fresh, error))
		return FALSE;
	*fresh |= sends;
	return jr_message_price(db, message, receipt, error) &&
	       write_state(db, message, receipt, error);
}

gboolean jr_receipt_add(JrDb *db, const JrReceipt *receipt, gboolean *fresh,
			GError **error)
{
	g_autoptr(JrArena) arena = jr_arena_new(G_MAXSIZE);
	JrMessage message;
	gboolean found;

	g_assert(receipt->metric >= 1 && receipt->metric <= JR_METRIC_LAST);
	*fresh = FALSE;
	if (!jr_message_get(db, receipt->message, arena, &message, &found,
			    error))
		return FALSE;
	/* What was offered may have been sent by someone else's program. */
	if (!found || (!message.content && !message.attempts))
		return TRUE;
	return take(db, &message, receipt, fresh, error);
}

#define METRICS(order)                                                         \
	"SELECT t.at_s, m.id FROM metrics t"                                   \
	" JOIN messages m ON m.message_row = t.message_row"                    \
	" WHERE t.person = $person AND t.metric = $metric"                     \
	" AND t.at_s BETWEEN $from AND $until AND t.first = 1"                 \
	" AND ($workflow IS NULL OR m.workflow = $workflow)"                   \
	" AND ($step IS NULL OR m.step = $step)"                               \
	" AND ($channel = 0 OR m.channel = $channel)"                          \
	" AND ($enrolment = 0 OR m.enrolment = $enrolment)"                    \
	" ORDER BY t.at_s" order ", t.message_row" order

static JrStmt *ask(JrDb *db, const JrMetricQuery *query, GError **error)
{
	JrStmt *st = jr_db_stmt(
		db, query->oldest_first ? METRICS("") : METRICS(" DESC"),
		error);

	if (!st)
		return NULL;
	jr_stmt_set_int(st, "person", query->person);
	jr_stmt_set_int(st, "metric", query->metric);
	jr_stmt_set_int(st, "from", query->from_s);
	jr_stmt_set_int(st, "until", query->until_s);
	jr_stmt_set_text(st, "workflow", query->workflow);
	jr_stmt_set_text(st, "step", query->step);
	jr_stmt_set_int(st, "channel", query->channel);
	jr_stmt_set_int(st, "enrolment", query->enrolment);
	return st;
}

gboolean jr_metrics_each(JrDb *db, const JrMetricQuery *query, JrMetricFn each,
			 gpointer user, GError **error)
{
	g_autoptr(JrStmt) st = ask(db, query, error);
	gboolean row;
	gsize len;

	if (!st)
		return FALSE;
	while (jr_stmt_row(st, &row, error)) {
		if (!row)
			return TRUE;
		if (!each(jr_stmt_int(st, 0), jr_stmt_text(st, 1, &len), user))
			return TRUE;
	}
	return FALSE;
}
