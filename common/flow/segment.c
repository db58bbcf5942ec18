/* The tick of jr-segment: what is new, who was touched, whose time has come. */
#include "base/crash.h"
#include "flow/segment_impl.h"
#include "store/log.h"

#include <string.h>

#define CURSOR "segment"

/* What one transaction looks at: others wait for the lock meanwhile. */
#define CHUNK_ROWS 5000
#define CHUNK_TIMERS 1000
#define ARENA_BYTES ((gsize)256 * 1024 * 1024)
#define PERSON_BYTES ((gsize)16 * 1024 * 1024)

static JrZone *default_zone(const JrFlow *flow)
{
	JrZone *zone = NULL;

	if (flow->policy->timezone)
		zone = jr_zones_get(flow->zones, flow->policy->timezone, NULL);
	return zone ? zone : jr_zones_get(flow->zones, "UTC", NULL);
}

JrSegmenter *jr_segmenter_new(JrFlow *flow, JrSegmentFile *file,
			      const JrSegmentOptions *options)
{
	JrSegmenter *segmenter = g_new0(JrSegmenter, 1);
	guint n = file->defs->len;

	segmenter->flow = flow;
	segmenter->file = file;
	segmenter->options = *options;
	segmenter->zone = default_zone(flow);
	segmenter->arena = jr_arena_new(ARENA_BYTES);
	segmenter->scratch = jr_arena_new(PERSON_BYTES);
	segmenter->json = jr_json_new();
	segmenter->n = n;
	segmenter->asked = g_new0(gboolean, n);
	segmenter->in = g_new0(gboolean, n);
	segmenter->was = g_new0(gboolean, n);
	segmenter->enter = g_new0(gint64, n);
	segmenter->leave = g_new0(gint64, n);
	segmenter->changes = g_new0(GArray *, n);
	for (guint i = 0; i < n; i++)
		segmenter->changes[i] =
			g_array_new(FALSE, FALSE, sizeof(JrMemberChange));
	segmenter->timers = g_array_new(FALSE, FALSE, sizeof(JrTimer));
	segmenter->rows = g_array_new(FALSE, FALSE, sizeof(JrLogRow));
	segmenter->names = g_ptr_array_new();
	return segmenter;
}

void jr_segmenter_free(JrSegmenter *segmenter)
{
	if (!segmenter)
		return;
	for (guint i = 0; i < segmenter->n; i++)
		g_array_unref(segmenter->changes[i]);
	g_free(segmenter->changes);
	g_free(segmenter->asked);
	g_free(segmenter->in);
	g_free(segmenter->was);
	g_free(segmenter->enter);
	g_free(segmenter->leave);
	g_array_unref(segmenter->timers);
	g_array_unref(segmenter->rows);
	g_ptr_array_unref(segmenter->names);
	jr_json_free(segmenter->json);
	jr_arena_free(segmenter->arena);
	jr_arena_free(segmenter->scratch);
	g_free(segmenter);
}

void jr_segment_ask_all(JrSegmenter *segmenter, gboolean yes)
{
	for (guint i = 0; i < segmenter->n; i++)
		segmenter->asked[i] = yes;
}

/* A part of the work: *@more says whether there is some left. */
typedef struct {
	JrSegmenter *segmenter;
	gboolean more;
} Part;

/* Whom the @rows of the log are about, each once; live news wins. */
static GArray *subjects_of(const GArray *rows)
{
	GArray *subjects = g_array_new(FALSE, FALSE, sizeof(JrSegmentSubject));
	g_autoptr(GHashTable) places =
		g_hash_table_new(g_int64_hash, g_int64_equal);

	for (guint i = 0; i < rows->len; i++) {
		const JrLogRow *row = &g_array_index(rows, JrLogRow, i);
		JrSegmentSubject one = { row->person,
					 row->flags & JR_LOG_HISTORY };
		gpointer place;

		if (!row->person)
			continue;
		if (!g_hash_table_lookup_extended(places, &row->person, NULL,
						  &place)) {
			g_hash_table_insert(places, (gpointer)&row->person,
					    GUINT_TO_POINTER(subjects->len));
			g_array_append_val(subjects, one);
		} else if (!one.history) {
			g_array_index(subjects, JrSegmentSubject,
				      GPOINTER_TO_UINT(place))
				.history = FALSE;
		}
	}
	return subjects;
}

/*
 * What we write ourselves is no news: when nothing came in between, the cursor
 * stands behind it.
 */
static gboolean set_cursor(JrSegmenter *segmenter, gint64 last, gint64 end,
			   GError **error)
{
	JrDb *db = segmenter->flow->db;

	if (last == end && !jr_log_last(db, &last, error))
		return FALSE;
	return jr_cursor_set(db, CURSOR, last, error);
}

static gboolean look_at_touched(JrDb *db, gpointer data, GError **error)
{
	Part *part = data;
	JrSegmenter *segmenter = part->segmenter;
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(JrLogRow));
	g_autoptr(GArray) subjects = NULL;
	JrLogQuery query = { .limit = CHUNK_ROWS };
	gint64 last, end;

	jr_segment_gather(segmenter);
	if (!jr_cursor_get(db, CURSOR, &query.after, error) ||
	    !jr_log_last(db, &end, error) ||
	    !jr_log_read(db, &query, segmenter->arena, rows, &last, error))
		return FALSE;
	part->more = last < end;
	if (last == query.after)
		return TRUE;
	subjects = subjects_of(rows);
	if (!jr_segment_look_at(segmenter, subjects, error) ||
	    !jr_segment_write(segmenter, error))
		return FALSE;
	jr_crash_point("segment-written");
	return set_cursor(segmenter, last, end, error);
}

/* Those of gone people and gone segments would stay due for ever. */
static gboolean clear_timers(JrDb *db, GArray *timers, GError **error)
{
	for (guint i = 0; i < timers->len; i++)
		g_array_index(timers, JrTimer, i).due_s = 0;
	return jr_timers_set(db, (const JrTimer *)timers->data, timers->len,
			     error);
}

static gboolean look_at_due(JrDb *db, gpointer data, GError **error)
{
	Part *part = data;
	JrSegmenter *segmenter = part->segmenter;
	g_autoptr(GArray) timers = g_array_new(FALSE, FALSE, sizeof(JrTimer));
	g_autoptr(GArray) subjects =
		g_array_new(FALSE, FALSE, sizeof(JrSegmentSubject));
	g_autoptr(GHashTable) seen =
		g_hash_table_new(g_int64_hash, g_int64_equal);

	jr_segment_gather(segmenter);
	if (!jr_timers_due(db, JR_TIMER_SEGMENT, jr_flow_now(segmenter->flow),
			   CHUNK_TIMERS, segmenter->arena, timers, error))
		return FALSE;
	part->more = timers->len == CHUNK_TIMERS;
	if (timers->len == 0)
		return TRUE;
	for (guint i = 0; i < timers->len; i++) {
		JrTimer *timer = &g_array_index(timers, JrTimer, i);
		const JrSegmentSubject one = { timer->person, FALSE };

		if (g_hash_table_add(seen, &timer->person))
			g_array_append_val(subjects, one);
	}
	/* Who is there sets theirs anew. */
	if (!jr_segment_look_at(segmenter, subjects, error) ||
	    !clear_timers(db, timers, error) ||
	    !jr_segment_write(segmenter, error))
		return FALSE;
	jr_crash_point("segment-timers-written");
	return TRUE;
}

/* Do @part again and again, each time in a transaction, and tell of it. */
static gboolean repeat(JrSegmenter *segmenter, JrDbBody body, GError **error)
{
	Part part = { segmenter, TRUE };
	JrFlow *flow = segmenter->flow;

	while (part.more && !(flow->stop && flow->stop())) {
		if (!jr_db_write(flow->db, body, &part, error))
			return FALSE;
		jr_crash_point("segment-kept");
		if (!jr_segment_tell(segmenter, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean look_at_all_touched(JrSegmenter *segmenter, GError **error)
{
	jr_segment_ask_all(segmenter, TRUE);
	return repeat(segmenter, look_at_touched, error);
}

/*
 * Whoever a definition finds because it is new or changed has no news: it is
 * built before the news is looked at.  But the first time of all the news of
 * the people who just came is news, and they are looked at first.
 */
gboolean jr_segmenter_tick(JrSegmenter *segmenter, GError **error)
{
	JrFlow *flow = segmenter->flow;
	gint64 cursor;

	for (guint i = 0; i < segmenter->n; i++)
		segmenter->enter[i] = segmenter->leave[i] = 0;
	if (flow->dry_run)
		return jr_segment_build(segmenter, error);
	if (!jr_cursor_get(flow->db, CURSOR, &cursor, error) ||
	    !jr_segment_sync(segmenter, error))
		return FALSE;
	if (cursor == 0 && !look_at_all_touched(segmenter, error))
		return FALSE;
	return jr_segment_build(segmenter, error) &&
	       look_at_all_touched(segmenter, error) &&
	       repeat(segmenter, look_at_due, error);
}
