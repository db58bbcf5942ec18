/* What there is when a tick begins: segments, their numbers, and what is news
 * the first time. */
#include "flow/segment/impl.h"

#include <string.h>

/* Known is @is, or nothing: make it so that @def can have members. */
static gboolean sync_def(JrDb *db, JrSegmentDef *def, const JrSegment *is,
			 GError **error)
{
	JrSegment put = { .name = def->name, .manual = !def->expr };

	def->number = is ? is->segment : 0;
	if (is && is->manual == put.manual)
		return TRUE;
	if (!jr_segment_put(db, &put, error))
		return FALSE;
	def->number = put.segment;
	return TRUE;
}

typedef struct {
	JrSegmenter *segmenter;
	JrSegmentStored *stored;
} Start;

static gboolean read_stored(JrDb *db, gpointer data, GError **error)
{
	const Start *start = data;
	JrSegmentStored *stored = start->stored;

	g_array_set_size(stored->segments, 0);
	g_array_set_size(stored->builds, 0);
	if (!jr_segments_load(db, stored->arena, stored->segments, error) ||
	    !jr_segment_builds(db, stored->arena, stored->builds, error))
		return FALSE;
	for (guint i = 0; i < start->segmenter->n; i++) {
		JrSegmentDef *def = jr_segment_def(start->segmenter, i);
		const JrSegment *is = jr_segment_stored(stored, def->name);

		def->number = is ? is->segment : 0;
	}
	return TRUE;
}

static gboolean sync_all(JrDb *db, gpointer data, GError **error)
{
	const Start *start = data;

	if (!read_stored(db, data, error))
		return FALSE;
	for (guint i = 0; i < start->segmenter->n; i++) {
		JrSegmentDef *def = jr_segment_def(start->segmenter, i);

		if (!sync_def(db, def,
			      jr_segment_stored(start->stored, def->name),
			      error))
			return FALSE;
	}
	return TRUE;
}

/* Whether the store knows all definitions, each of its kind. */
static gboolean is_synced(const Start *start)
{
	for (guint i = 0; i < start->segmenter->n; i++) {
		const JrSegmentDef *def = jr_segment_def(start->segmenter, i);
		const JrSegment *is =
			jr_segment_stored(start->stored, def->name);

		if (!is || is->manual != !def->expr)
			return FALSE;
	}
	return TRUE;
}

static void index_defs(JrSegmenter *segmenter)
{
	g_hash_table_remove_all(segmenter->by_name);
	g_hash_table_remove_all(segmenter->by_number);
	for (guint i = 0; i < segmenter->n; i++) {
		JrSegmentDef *def = jr_segment_def(segmenter, i);
		gpointer place = GUINT_TO_POINTER(i + 1);

		g_hash_table_insert(segmenter->by_name, (gpointer)def->name,
				    place);
		if (def->number)
			g_hash_table_insert(segmenter->by_number, &def->number,
					    place);
	}
}

/* The very first time */

static gboolean note_fresh(const JrLogRow *row, gpointer user)
{
	GByteArray *fresh = user;
	guint byte = (guint)(row->person / 8), before = fresh->len;

	if (row->person == 0 || row->flags & JR_LOG_HISTORY)
		return TRUE;
	if (byte >= before) {
		g_byte_array_set_size(fresh, MAX(2 * before, byte + 1));
		memset(fresh->data + before, 0, fresh->len - before);
	}
	fresh->data[byte] |= (guint8)(1u << (row->person % 8));
	return TRUE;
}

/*
 * Whoever a definition finds because it is new or changed has no news.  But
 * the first time of all the news of the people who just came is news.
 */
static gboolean read_fresh(JrDb *db, gpointer data, GError **error)
{
	JrSegmentStored *stored = ((const Start *)data)->stored;
	JrLogQuery query = { .kinds = JR_SEGMENT_NEWS };

	if (!jr_log_last(db, &stored->fresh_until, error))
		return FALSE;
	query.until = stored->fresh_until;
	stored->fresh = g_byte_array_new();
	return query.until == 0 ||
	       jr_log_each(db, &query, note_fresh, stored->fresh, error);
}

static gboolean skip_fresh(JrDb *db, gpointer data, GError **error)
{
	const JrSegmentStored *stored = data;

	return jr_cursor_set(db, JR_SEGMENT_CURSOR, stored->fresh_until, error);
}

gboolean jr_segment_start(JrSegmenter *segmenter, JrSegmentStored *stored,
			  GError **error)
{
	Start start = { .segmenter = segmenter, .stored = stored };
	JrDb *db = segmenter->flow->db;
	gboolean dry = segmenter->flow->dry_run;
	gint64 cursor;

	if (!jr_db_read(db, read_stored, &start, error) ||
	    !jr_cursor_get(db, JR_SEGMENT_CURSOR, &cursor, error))
		return FALSE;
	if (!dry && !is_synced(&start) &&
	    !jr_db_write(db, sync_all, &start, error))
		return FALSE;
	index_defs(segmenter);
	return dry || cursor > 0 || jr_db_read(db, read_fresh, &start, error);
}

gboolean jr_segment_started(JrSegmenter *segmenter, JrSegmentStored *stored,
			    GError **error)
{
	return !stored->fresh ||
	       jr_db_write(segmenter->flow->db, skip_fresh, stored, error);
}
