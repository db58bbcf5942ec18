#include "store/aside.h"
#include "store/counters.h"

struct _JrAside {
	JrCounts *counters;
	GArray *latencies; /* JrLatency, no two of the same */
	GArray *notes;	   /* JrLogRow */
	JrArena *arena;	   /* of their data */
};

JrAside *jr_aside_new(void)
{
	JrAside *aside = g_new(JrAside, 1);

	*aside = (JrAside){
		.counters = jr_counts_new(),
		.latencies = g_array_new(FALSE, FALSE, sizeof(JrLatency)),
		.notes = g_array_new(FALSE, FALSE, sizeof(JrLogRow)),
		.arena = jr_arena_new(G_MAXSIZE),
	};
	return aside;
}

void jr_aside_free(JrAside *aside)
{
	if (!aside)
		return;
	jr_counts_free(aside->counters);
	g_array_unref(aside->latencies);
	g_array_unref(aside->notes);
	jr_arena_free(aside->arena);
	g_free(aside);
}

/* NULL and "" are the same there. */
static gboolean same_text(const char *a, const char *b)
{
	return a == b || g_str_equal(a ? a : "", b ? b : "");
}

void jr_aside_count(JrAside *aside, const JrCounter *counter)
{
	jr_counts_add(aside->counters, counter);
}

static gboolean same_latency(const JrLatency *a, const JrLatency *b)
{
	return a->took_s == b->took_s && a->day == b->day &&
	       a->channel == b->channel &&
	       same_text(a->workflow, b->workflow) &&
	       same_text(a->step, b->step);
}

void jr_aside_latency(JrAside *aside, const JrMessage *message, gint64 day)
{
	const JrLatency row = {
		.day = day,
		.workflow = message->workflow,
		.step = message->step,
		.channel = message->channel,
		.took_s = jr_latency_round(message->accepted_s -
					   message->trigger_s),
		.n = 1,
	};

	if (message->trigger_s <= 0)
		return;
	for (guint i = aside->latencies->len; i > 0; i--) {
		JrLatency *own =
			&g_array_index(aside->latencies, JrLatency, i - 1);

		if (!same_latency(own, &row))
			continue;
		own->n++;
		return;
	}
	g_array_append_val(aside->latencies, row);
}

void jr_aside_note(JrAside *aside, const JrLogRow *note)
{
	JrLogRow own = *note;

	g_assert(!note->id);
	own.data = jr_arena_text(aside->arena, note->data, note->data_len);
	g_array_append_val(aside->notes, own);
}

static gboolean write_notes(JrAside *aside, JrDb *db, GError **error)
{
	JrLogRow *rows = (JrLogRow *)(void *)aside->notes->data;
	guint n = aside->notes->len;

	return n == 0 || (jr_log_admit(db, rows, n, error) &&
			  jr_log_append(db, rows, n, error));
}

static gboolean write_sums(const JrAside *aside, JrDb *db, GError **error)
{
	if (!jr_counts_write(aside->counters, db, error))
		return FALSE;
	for (guint i = 0; i < aside->latencies->len; i++)
		if (!jr_latency_add(
			    db, &g_array_index(aside->latencies, JrLatency, i),
			    error))
			return FALSE;
	return TRUE;
}

gboolean jr_aside_write(JrAside *aside, JrDb *db, GError **error)
{
	if (!write_notes(aside, db, error) || !write_sums(aside, db, error))
		return FALSE;
	g_array_set_size(aside->latencies, 0);
	g_array_set_size(aside->notes, 0);
	jr_arena_reset(aside->arena);
	return TRUE;
}
