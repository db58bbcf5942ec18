/* The stream: what is not ours passes, what is ours is handed over. */
#include "flow/send/order.h"
#include "base/clock.h"
#include "base/crash.h"
#include "base/error.h"

#include <math.h>
#include <string.h>

#define WAIT_MAX_S 1 /* then SIGTERM is looked for */

/* One reading of the stream. */
typedef struct {
	JrSend *send;
	JrReader *reader;
	JrSendOddFn odd;
	gpointer user;
	GArray *records;    /* JrRecord */
	GArray *known;	    /* JrMessage, of each: its outline; channel 0: it is
			     * none that the store has as ours */
	JrSendOrder *order; /* ours that are to be claimed */
	JrArena *arena;	    /* of known */
	gboolean end;	    /* of the input */
	gboolean has_read;  /* since a batch was sent */
} Stream;

/* The id of a message record of one of our channels, else NULL. */
static const char *our_id(const Stream *stream, const JrRecord *record)
{
	const char *type = jr_val_get_text(record->val, "type");
	JrChannel channel;

	if (g_strcmp0(type, "message") != 0)
		return NULL;
	channel = jr_channel_of(jr_val_get_text(record->val, "channel"));
	/* Without a provider the user's own program takes it: schedule/pipe.c.
	 */
	if (channel == JR_CHANNEL_WHATSAPP &&
	    !stream->send->flow->policy->routes[channel].provider)
		return NULL;
	if (!(stream->send->options.channels >> channel & 1))
		return NULL;
	return jr_val_get_text(record->val, "id");
}

/* What the store says of message @id; channel 0: it is none of ours. */
static gboolean outline_of(Stream *stream, const char *id, JrMessage *outline,
			   GError **error)
{
	JrSend *send = stream->send;

	if (!jr_message_outline(send->flow->db, id, stream->arena, outline,
				error))
		return FALSE;
	if (!(send->options.channels >> outline->channel & 1))
		outline->channel = 0;
	return TRUE;
}

static void tell(Stream *stream, const JrRecord *record, const char *what)
{
	g_autofree char *text = g_strdup_printf("%s:%" G_GUINT64_FORMAT ": %s",
						jr_reader_name(stream->reader),
						record->line, what);

	stream->odd(stream->user, text);
}

static gboolean pass(Stream *stream, const JrRecord *record, GError **error)
{
	return jr_writer_line(stream->send->flow->out, record->raw, record->len,
			      error);
}

/* A JrDbBody: which of the records read the store knows as ours. */
static gboolean look_up(JrDb *db G_GNUC_UNUSED, gpointer data, GError **error)
{
	Stream *stream = data;

	g_array_set_size(stream->known, 0);
	jr_arena_reset(stream->arena);
	for (guint i = 0; i < stream->records->len; i++) {
		const JrRecord *record =
			&g_array_index(stream->records, JrRecord, i);
		const char *id = record->cut ? NULL : our_id(stream, record);
		JrMessage outline = { 0 };

		if (id && !outline_of(stream, id, &outline, error))
			return FALSE;
		g_array_append_val(stream->known, outline);
	}
	return TRUE;
}

static gboolean take_record(Stream *stream, const JrRecord *record,
			    const JrMessage *known, GError **error)
{
	const char *id = record->cut ? NULL : our_id(stream, record);

	if (record->cut) {
		tell(stream, record, "longer than a record may be: left out");
		return TRUE;
	}
	if (!id)
		return pass(stream, record, error);
	if (!known->channel) {
		tell(stream, record,
		     "a message that the state does not know: passed on");
		return pass(stream, record, error);
	}
	jr_send_order_add(stream->order, known);
	return TRUE;
}

typedef struct {
	JrSend *send;
	const GArray *rows;
	JrSendBatch *batch;
} ClaimBody;

static gboolean claim_body(JrDb *db G_GNUC_UNUSED, gpointer data,
			   GError **error)
{
	ClaimBody *body = data;

	return jr_send_write_answers(body->send, error) &&
	       jr_send_claim(body->send, body->rows, body->batch, error);
}

static gboolean claim_batch(JrSend *send, const GArray *rows,
			    JrSendBatch *batch, GError **error)
{
	ClaimBody body = { send, rows, batch };

	if (send->flow->dry_run)
		return jr_send_rehearse(send, rows, batch, error);
	if (!jr_db_write(send->flow->db, claim_body, &body, error))
		return FALSE;
	jr_send_forget_answers(send);
	jr_crash_point("send-claimed");
	return jr_send_tell(send, error);
}

/* Claim those of @rows that may go, and let them be handed over. */
static gboolean send_batch(JrSend *send, const GArray *rows, GError **error)
{
	JrSendBatch *batch = jr_send_batch_new();
	gboolean done = claim_batch(send, rows, batch, error);

	if (done && !send->flow->dry_run)
		jr_send_hand_over(send, batch);
	else
		jr_send_batch_drop(batch);
	return done;
}

/*
 * How many are claimed together for each that may be under way.  Providers of
 * push answer at once, and commits are what is dear; to those of texts it is
 * far, and the fewer are claimed the fewer are unknown after a crash.
 */
static guint claims_of(const JrSendWay *way)
{
	const JrProviderKind *kind = way->provider->kind;

	return kind->request && !kind->http2 ? 1 : JR_SEND_CLAIM;
}

/* What is claimed is handed over within seconds, whatever the pace. */
static guint batch_size(const JrSend *send)
{
	double size = G_MAXINT;

	for (guint i = 0; i < send->ways->len; i++) {
		const JrSendWay *way = jr_send_way_at(send, i);

		size = MIN(size, claims_of(way) * jr_sender_room(way->sender));
		if (way->per_second > 0)
			size = MIN(size, 2 * way->per_second);
	}
	return (guint)CLAMP(size, 1, JR_SEND_WAIT);
}

/* Whether no more is to be begun. */
static gboolean is_over(JrSend *send)
{
	if (send->flow->stop && send->flow->stop())
		return TRUE;
	if (send->options.max > 0 && send->claimed >= send->options.max)
		return TRUE;
	return jr_send_over(send);
}

/* What is rehearsed is the same each time. */
static double ticks_s(const JrSend *send)
{
	return send->flow->dry_run ? 0 : (double)jr_clock_ticks_ms() / 1000;
}

/* Claim and hand over those that may go first. */
static gboolean send_some(Stream *stream, GError **error)
{
	JrSend *send = stream->send;
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(gint64));

	stream->has_read = FALSE;
	jr_send_order_take(stream->order, ticks_s(send), batch_size(send),
			   rows);
	send->journeys->now_s = jr_flow_now(send->flow);
	if (!send_batch(send, rows, error))
		return FALSE;
	if (send->options.progress)
		send->options.progress(send->options.user, send->claimed);
	return TRUE;
}

/* A JrDbBody: those of send->again come from who stands in. */
static gboolean order_again(JrDb *db G_GNUC_UNUSED, gpointer data,
			    GError **error)
{
	Stream *stream = data;
	JrSend *send = stream->send;

	jr_arena_reset(stream->arena);
	for (guint i = 0; i < send->again->len; i++) {
		const JrPolicySender *stand_in;
		JrMessage message;
		gboolean found = FALSE;

		if (!jr_message_at(send->flow->db,
				   g_array_index(send->again, gint64, i),
				   stream->arena, &message, &found, error))
			return FALSE;
		if (!found)
			continue;
		stand_in = jr_send_stand_in(send, &message);
		if (stand_in)
			message.sender = jr_policy_sender_id(stand_in);
		jr_send_order_add(stream->order, &message);
	}
	return TRUE;
}

/*
 * What a provider did not take for our settings goes to the one that stands in,
 * once, as nobody stands in for that one; it counts anew, as though the first
 * had not been asked.
 */
static gboolean send_again(Stream *stream, GError **error)
{
	JrSend *send = stream->send;
	const guint n = send->again->len;

	if (!jr_db_read(send->flow->db, order_again, stream, error))
		return FALSE;
	g_array_set_size(send->again, 0);
	send->claimed -= n;
	jr_flow_count(send->flow, "claimed", -(gint64)n);
	jr_flow_count(send->flow, jr_message_state_name(JR_MESSAGE_WAITING),
		      -(gint64)n);
	return TRUE;
}

static gboolean read_some(Stream *stream, GError **error)
{
	const JrBatch limits = { .records = JR_SEND_READ,
				 .bytes = 16 * 1024 * 1024 };

	stream->has_read = TRUE;
	switch (jr_reader_batch(stream->reader, &limits, stream->records,
				error)) {
	case JR_READ_FAILED:
		return FALSE;
	case JR_READ_END:
		stream->end = TRUE;
		return TRUE;
	case JR_READ_RECORD:
	case JR_READ_BAD:
		break;
	}
	if (!jr_db_read(stream->send->flow->db, look_up, stream, error))
		return FALSE;
	for (guint i = 0; i < stream->records->len; i++)
		if (!take_record(stream,
				 &g_array_index(stream->records, JrRecord, i),
				 &g_array_index(stream->known, JrMessage, i),
				 error))
			return FALSE;
	return jr_writer_flush(stream->send->flow->out, error);
}

/* Whether there is something to read, or will be within @wait_ms. */
static gboolean may_read(const Stream *stream, gint wait_ms)
{
	if (!stream->end && jr_send_order_len(stream->order) < JR_SEND_WAIT)
		return jr_reader_ready(stream->reader, wait_ms);
	if (wait_ms > 0)
		jr_clock_sleep_ms(wait_ms);
	return FALSE;
}

/* Those that are to go have to wait for their pace, @wait_s; who comes
 * meanwhile need not. */
static gboolean wait_for_pace(Stream *stream, double wait_s, GError **error)
{
	gint wait_ms = (gint)ceil(MIN(wait_s, WAIT_MAX_S) * 1000);

	return !may_read(stream, wait_ms) || read_some(stream, error);
}

/* Whether to read before any of @n is sent.  A rehearsal reads all it can, so
 * that it is the same each time. */
static gboolean reads_first(const Stream *stream, guint n)
{
	const JrSend *send = stream->send;

	if (send->flow->dry_run)
		return may_read(stream, -1);
	return !(stream->has_read && n >= batch_size(send)) &&
	       may_read(stream, 0);
}

/*
 * What has come is read, so that who may go is known, by turns with sending
 * once there is a batch; and only who has nothing to send waits, for answers,
 * then for more to read.  What is left when no more is to be begun stays
 * offered.
 */
static gboolean go_on(Stream *stream, GError **error)
{
	JrSend *send = stream->send;
	double wait_s;
	guint n;

	if (is_over(send))
		jr_send_order_clear(stream->order);
	n = jr_send_order_len(stream->order);
	if (reads_first(stream, n))
		return read_some(stream, error);
	wait_s = jr_send_order_wait_s(stream->order, ticks_s(send));
	if (n > 0 && (wait_s <= 0 || send->flow->dry_run))
		return send_some(stream, error);
	if (may_read(stream, 0))
		return read_some(stream, error);
	if (!jr_send_drain(send, error))
		return FALSE;
	if (send->again->len > 0)
		return send_again(stream, error);
	if (wait_s > 0)
		return wait_for_pace(stream, wait_s, error);
	return stream->end || read_some(stream, error);
}

gboolean jr_send_stream(JrSend *send, JrReader *reader, JrSendOddFn odd,
			gpointer user, GError **error)
{
	g_autoptr(GArray) records = g_array_new(FALSE, FALSE, sizeof(JrRecord));
	g_autoptr(GArray) known = g_array_new(FALSE, FALSE, sizeof(JrMessage));
	g_autoptr(JrSendOrder) order = jr_send_order_new(send);
	g_autoptr(JrArena) arena = jr_arena_new(16 * 1024 * 1024);
	Stream stream = { .send = send,
			  .reader = reader,
			  .odd = odd,
			  .user = user,
			  .records = records,
			  .known = known,
			  .order = order,
			  .arena = arena,
			  .end = jr_reader_is_tty(reader) };

	if (!send->flow->dry_run && !jr_send_expire(send, error))
		return FALSE;
	do
		if (!go_on(&stream, error))
			return FALSE;
	while (!stream.end || jr_send_order_len(order) > 0 ||
	       send->again->len > 0);
	if (!jr_send_drain(send, error))
		return FALSE;
	for (guint i = 0; i < send->ways->len; i++)
		jr_sender_end(jr_send_way_at(send, i)->sender);
	return !jr_send_stopped(send, error);
}
