#define _GNU_SOURCE /* pipe2 */

#include "flow/ingest/ahead.h"
#include "base/error.h"
#include "flow/ingest/names.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/*
 * What shares a transaction, and so one wait for the disk: the more there are,
 * the fewer times a page of an index is written.  A slow producer's records
 * wait no longer than LINGER_MS for company.
 */
#define BATCH_RECORDS 80000
#define BATCH_BYTES ((gsize)64 * 1024 * 1024)
#define LINGER_MS 50
#define BATCHES 2

/* A batch and the line that ends it; never reached. */
#define ARENA_BYTES ((gsize)512 * 1024 * 1024)

/* Products have tens of events; more names than these are not shared. */
#define WORDS 1000

/* Keeping an identify takes so many times its bytes: values old and new. */
#define IDENTIFY_FACTOR 8

struct _JrIngestAhead {
	JrIngestHow how;
	JrIngestBatch batches[BATCHES];
	GAsyncQueue *empty, *full; /* JrIngestBatch: to be read, to be kept */
	JrIngestInput input;
	gpointer state;	 /* the format's, of this input */
	GThread *thread; /* NULL: none runs */
	gint ended;	 /* atomic: no more is wanted */
	int ends[2];	 /* of the pipe that breaks a wait for input */
};

JrIngestAhead *jr_ingest_ahead_new(const JrIngestHow *how)
{
	JrIngestAhead *ahead = g_new0(JrIngestAhead, 1);

	ahead->how = *how;
	ahead->empty = g_async_queue_new();
	ahead->full = g_async_queue_new();
	for (guint i = 0; i < BATCHES; i++) {
		JrIngestBatch *batch = &ahead->batches[i];

		batch->arena = jr_arena_new(ARENA_BYTES);
		batch->recs = g_array_new(FALSE, FALSE, sizeof(JrIngestRec));
		batch->words = g_hash_table_new(g_str_hash, g_str_equal);
		batch->refusals.arena = batch->arena;
		batch->look_up = TRUE;
		batch->refusals.waiting =
			g_array_new(FALSE, FALSE, sizeof(JrReject));
		g_async_queue_push(ahead->empty, batch);
	}
	return ahead;
}

void jr_ingest_ahead_free(JrIngestAhead *ahead)
{
	if (!ahead)
		return;
	jr_ingest_ahead_stop(ahead);
	g_async_queue_unref(ahead->empty);
	g_async_queue_unref(ahead->full);
	for (guint i = 0; i < BATCHES; i++) {
		JrIngestBatch *batch = &ahead->batches[i];

		g_clear_error(&batch->error);
		jr_arena_free(batch->arena);
		g_hash_table_unref(batch->words);
		g_array_unref(batch->recs);
		g_array_unref(batch->refusals.waiting);
	}
	g_free(ahead);
}

/* How many bytes keeping @rec will take. */
static gsize weigh(const JrIngestRec *rec)
{
	gsize factor = rec->action == JR_INGEST_IDENTIFY ? IDENTIFY_FACTOR : 1;

	return rec->data.len * factor + sizeof *rec;
}

/* The first text of the batch that equals @name: read again and again it stays
 * near the processor, which many copies do not. */
static const char *share(JrIngestBatch *batch, const char *name)
{
	const char *known = g_hash_table_lookup(batch->words, name);

	if (!known && g_hash_table_size(batch->words) < WORDS)
		g_hash_table_add(batch->words, (gpointer)name);
	return known ? known : name;
}

/* Of what was made of @line, behind the @before that were there. */
static void take(JrIngestBatch *batch, const JrFormatLine *line, guint before)
{
	for (guint i = before; i < batch->recs->len; i++) {
		JrIngestRec *rec = &g_array_index(batch->recs, JrIngestRec, i);

		if (rec->name)
			rec->name = share(batch, rec->name);
		batch->weight += weigh(rec);
	}
	batch->ignored += line->ignored;
}

static void refuse(JrIngestBatch *batch, const JrFormatLine *line, gboolean cut)
{
	const JrRefusal refusal = {
		.line = line->number,
		.field = line->field,
		.reason = line->reason,
		.record = line->raw,
		.cut = cut,
	};

	jr_refusals_add(&batch->refusals, &refusal);
}

/* Make records of @record, or put it aside. */
static void read_record(JrIngestAhead *ahead, JrIngestBatch *batch,
			const JrFormatSetup *setup, const JrRecord *record)
{
	const char *raw = jr_arena_text(batch->arena, record->raw, record->len);
	JrFormatLine line = {
		.setup = setup,
		.arena = batch->arena,
		.recs = batch->recs,
		.number = record->line,
		.base = raw,
		.val = record->val,
		.raw = { raw, record->len },
		.state = ahead->state,
		.reason = record->why ? record->why->message : NULL,
	};
	guint before = batch->recs->len;

	g_assert(raw);
	if (!record->why && jr_format_read(&line, ahead->input.format))
		take(batch, &line, before);
	else
		refuse(batch, &line, record->cut);
}

/* Behind the last line of the input, of a form that remembers some. */
static void read_end(JrIngestAhead *ahead, JrIngestBatch *batch,
		     const JrFormatSetup *setup)
{
	JrFormatLine line = {
		.setup = setup,
		.arena = batch->arena,
		.recs = batch->recs,
		.state = ahead->state,
	};

	if (ahead->state && !(ahead->how.stop && ahead->how.stop()) &&
	    !ahead->input.format->end(&line))
		refuse(batch, &line, FALSE);
}

static void begin_batch(JrIngestBatch *batch)
{
	g_hash_table_remove_all(batch->words);
	jr_arena_reset(batch->arena);
	g_array_set_size(batch->recs, 0);
	g_array_set_size(batch->refusals.waiting, 0);
	g_clear_error(&batch->error);
	batch->weight = 0;
	batch->believed = batch->ignored = 0;
	batch->view = 0;
}

static gboolean has_room(const JrIngestBatch *batch, guint lines)
{
	return lines < BATCH_RECORDS && batch->recs->len < BATCH_RECORDS &&
	       jr_arena_used(batch->arena) + batch->weight < BATCH_BYTES;
}

static JrRead next(JrIngestAhead *ahead, JrRecord *record, GError **error)
{
	const JrFormat *format = ahead->input.format;

	return format && format->text
		       ? jr_reader_line(ahead->input.in, record, error)
		       : jr_reader_next(ahead->input.in, record, error);
}

static void set_clock(JrIngestAhead *ahead, JrIngestBatch *batch,
		      JrFormatSetup *setup)
{
	setup->now_ms = jr_clock_now_ms(ahead->how.clock);
	setup->when_ms = setup->now_ms;
	if (ahead->input.when_ms)
		setup->when_ms = MIN(ahead->input.when_ms, setup->now_ms);
	batch->refusals.at_s = setup->now_ms / 1000;
}

/* Read as much as is there, up to the limits. */
static void gather(JrIngestAhead *ahead, JrIngestBatch *batch)
{
	const JrIngestHow *how = &ahead->how;
	JrFormatSetup setup = {
		.country = how->country,
		.link_prefix = how->link_prefix,
		.refusals = &batch->refusals,
		.twilio = how->twilio,
		.telnyx = how->telnyx,
		.messagebird = how->messagebird,
		.trust = how->trust,
		.believed = &batch->believed,
	};
	JrRecord record;
	guint lines = 0;

	batch->refusals.source = jr_reader_name(ahead->input.in);
	do {
		/* A failure behind good records is told the next time. */
		batch->read =
			next(ahead, &record, lines > 0 ? NULL : &batch->error);
		if (batch->read != JR_READ_RECORD && batch->read != JR_READ_BAD)
			break;
		if (lines++ == 0)
			set_clock(ahead, batch, &setup);
		read_record(ahead, batch, &setup, &record);
		jr_reader_release(ahead->input.in);
	} while (has_room(batch, lines) &&
		 jr_reader_ready(ahead->input.in, LINGER_MS));
	if (lines > 0)
		batch->read = JR_READ_RECORD;
	if (batch->look_up && batch->recs->len >= JR_NAMES_LEAST)
		batch->view = jr_names_find(how->names, batch->recs);
	if (batch->read == JR_READ_END) {
		set_clock(ahead, batch, &setup);
		read_end(ahead, batch, &setup);
	}
}

static gpointer read_all(gpointer data)
{
	JrIngestAhead *ahead = data;
	const JrIngestHow *how = &ahead->how;
	JrRead read = JR_READ_RECORD;

	while (read == JR_READ_RECORD) {
		JrIngestBatch *batch = g_async_queue_pop(ahead->empty);

		begin_batch(batch);
		if (g_atomic_int_get(&ahead->ended) ||
		    (how->stop && how->stop()))
			batch->read = JR_READ_END;
		else
			gather(ahead, batch);
		read = batch->read; /* it is not ours any more, then */
		g_async_queue_push(ahead->full, batch);
	}
	return NULL;
}

static gboolean start_thread(JrIngestAhead *ahead, GError **error)
{
	g_autoptr(GError) why = NULL;

	ahead->thread = g_thread_try_new("read", read_all, ahead, &why);
	if (!ahead->thread)
		g_set_error(error, JR_ERROR, JR_ERROR_IO, "cannot read %s: %s",
			    jr_reader_name(ahead->input.in), why->message);
	return ahead->thread != NULL;
}

static void forget(JrIngestAhead *ahead)
{
	if (ahead->state)
		ahead->input.format->close(g_steal_pointer(&ahead->state));
}

gboolean jr_ingest_ahead_start(JrIngestAhead *ahead, const JrIngestInput *input,
			       GError **error)
{
	const JrFormat *format = input->format;

	g_assert(!ahead->thread && !ahead->state);
	if (pipe2(ahead->ends, O_CLOEXEC) < 0) {
		g_set_error(error, JR_ERROR, JR_ERROR_IO,
			    "cannot read %s: no pipe: %s",
			    jr_reader_name(input->in), g_strerror(errno));
		return FALSE;
	}
	ahead->input = *input;
	ahead->ended = 0;
	if (format && format->open)
		ahead->state = format->open();
	jr_reader_break_by(input->in, ahead->ends[0]);
	if (start_thread(ahead, error))
		return TRUE;
	forget(ahead);
	close(ahead->ends[0]);
	close(ahead->ends[1]);
	return FALSE;
}

JrIngestBatch *jr_ingest_ahead_next(JrIngestAhead *ahead)
{
	return g_async_queue_pop(ahead->full);
}

void jr_ingest_ahead_give_back(JrIngestAhead *ahead, JrIngestBatch *batch)
{
	g_async_queue_push(ahead->empty, batch);
}

/* What was read, and is not wanted any more. */
static void drop_full(JrIngestAhead *ahead)
{
	gpointer batch;

	while ((batch = g_async_queue_try_pop(ahead->full)))
		g_async_queue_push(ahead->empty, batch);
}

void jr_ingest_ahead_stop(JrIngestAhead *ahead)
{
	if (!ahead->thread)
		return;
	g_atomic_int_set(&ahead->ended, 1);
	close(ahead->ends[1]); /* the other end can be read from: its end */
	drop_full(ahead);      /* it may wait for an empty one */
	g_thread_join(g_steal_pointer(&ahead->thread));
	drop_full(ahead);
	forget(ahead);
	jr_reader_break_by(ahead->input.in, -1);
	close(ahead->ends[0]);
}
