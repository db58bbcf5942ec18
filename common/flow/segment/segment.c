/* The tick of jr-segment: what is new, who was touched, whose time has come. */
#include "base/crash.h"
#include "flow/segment/impl.h"

/* What one transaction looks at: others wait for the lock meanwhile. */
#define CHUNK_ROWS 5000
#define CHUNK_LOOKS 5000
/* All attributes that so many people can have at the very most. */
#define ARENA_BYTES ((gsize)2048 * 1024 * 1024)
#define PERSON_BYTES ((gsize)16 * 1024 * 1024)
#define STORED_BYTES ((gsize)64 * 1024 * 1024)

static JrZone *default_zone(const JrFlow *flow)
{
	JrZone *zone = NULL;

	if (flow->policy->timezone)
		zone = jr_zones_get(flow->zones, flow->policy->timezone, NULL);
	return zone ? zone : jr_zones_get(flow->zones, "UTC", NULL);
}

static void new_page(JrSegmentPage *page)
{
	page->memberships = g_array_new(FALSE, FALSE, sizeof(JrMembership));
	for (guint i = 0; i < G_N_ELEMENTS(page->having); i++)
		page->having[i] = g_array_new(FALSE, FALSE, sizeof(gint64));
}

static void free_page(const JrSegmentPage *page)
{
	g_array_unref(page->memberships);
	for (guint i = 0; i < G_N_ELEMENTS(page->having); i++)
		g_array_unref(page->having[i]);
}

JrSegmenter *jr_segmenter_new(JrFlow *flow, JrSegmentFile *file,
			      const JrSegmentOptions *options)
{
	JrSegmenter *segmenter = g_new0(JrSegmenter, 1);
	guint n = file->defs->len;
	guint room = MAX(n, 1); /* an array of none is NULL */

	segmenter->flow = flow;
	segmenter->file = file;
	segmenter->options = *options;
	segmenter->zone = default_zone(flow);
	segmenter->arena = jr_arena_new(ARENA_BYTES);
	segmenter->scratch = jr_arena_new(PERSON_BYTES);
	segmenter->json = jr_json_new();
	segmenter->n = n;
	segmenter->by_name = g_hash_table_new(g_str_hash, g_str_equal);
	segmenter->by_number = g_hash_table_new(g_int64_hash, g_int64_equal);
	segmenter->warned =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	segmenter->asked = g_new0(gboolean, room);
	segmenter->listed_anew = g_new0(gboolean, room);
	segmenter->in = g_new0(gboolean, room);
	segmenter->was = g_new0(gboolean, room);
	segmenter->enter = g_new0(gint64, room);
	segmenter->leave = g_new0(gint64, room);
	segmenter->history = jr_history_new(flow->db);
	segmenter->identities = g_array_new(FALSE, FALSE, sizeof(JrIdentity));
	segmenter->changes = g_array_new(FALSE, FALSE, sizeof(JrMemberChange));
	segmenter->looks = g_array_new(FALSE, FALSE, sizeof(JrLook));
	segmenter->rows = g_array_new(FALSE, FALSE, sizeof(JrLogRow));
	segmenter->news = g_array_new(FALSE, FALSE, sizeof(JrSegmentNews));
	segmenter->built = g_ptr_array_new_with_free_func(g_free);
	new_page(&segmenter->page);
	return segmenter;
}

void jr_segmenter_free(JrSegmenter *segmenter)
{
	if (!segmenter)
		return;
	g_array_unref(segmenter->changes);
	g_free(segmenter->asked);
	g_free(segmenter->listed_anew);
	g_free(segmenter->in);
	g_free(segmenter->was);
	g_free(segmenter->enter);
	g_free(segmenter->leave);
	free_page(&segmenter->page);
	g_hash_table_unref(segmenter->by_name);
	g_hash_table_unref(segmenter->by_number);
	g_hash_table_unref(segmenter->warned);
	g_array_unref(segmenter->identities);
	g_array_unref(segmenter->looks);
	g_array_unref(segmenter->rows);
	g_array_unref(segmenter->news);
	g_ptr_array_unref(segmenter->built);
	jr_history_free(segmenter->history);
	jr_json_free(segmenter->json);
	jr_arena_free(segmenter->arena);
	jr_arena_free(segmenter->scratch);
	g_free(segmenter);
}

void jr_segment_warn(const JrSegmenter *segmenter, const char *format, ...)
{
	va_list args;

	if (!segmenter->options.warn)
		return;
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	segmenter->options.warn(text, segmenter->options.user);
}

void jr_segment_count_none(JrSegmenter *segmenter)
{
	for (guint i = 0; i < segmenter->n; i++)
		segmenter->enter[i] = segmenter->leave[i] = 0;
}

/* A part of the work: *@more says whether there is some left. */
typedef struct {
	JrSegmenter *segmenter;
	gboolean more;
} Part;

/* Whom the @rows of the log that matter are about, each once; live news wins.
 */
static GArray *subjects_of(const JrSegmenter *segmenter, const GArray *rows)
{
	GArray *subjects = g_array_new(FALSE, FALSE, sizeof(JrSegmentSubject));
	g_autoptr(GHashTable) places =
		g_hash_table_new(g_int64_hash, g_int64_equal);

	for (guint i = 0; i < rows->len; i++) {
		const JrLogRow *row = &g_array_index(rows, JrLogRow, i);
		JrSegmentSubject one = { row->person,
					 row->flags & JR_LOG_HISTORY };
		gpointer place;

		if (!row->person || !jr_segment_concerns(segmenter, row))
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
	return jr_cursor_set(db, JR_SEGMENT_CURSOR, last, error);
}

/* A list that is no segment may only be misspelt. */
static void check_list(JrSegmenter *segmenter, const JrLogRow *row)
{
	const JrSegmentDef *def;

	if ((row->kind != JR_LOG_LISTED && row->kind != JR_LOG_UNLISTED) ||
	    !row->name) /* erased */
		return;
	def = jr_segment_file_find(segmenter->file, row->name);
	if ((def && !def->expr && !def->list) ||
	    !g_hash_table_add(segmenter->warned, g_strdup(row->name)))
		return;
	jr_segment_warn(segmenter,
			"records put people on the list '%s', which is no "
			"segment listed by records: write '%s: {manual: true}' "
			"into %s",
			row->name, row->name, segmenter->file->path);
}

static gboolean look_at_touched(JrDb *db, gpointer data, GError **error)
{
	Part *part = data;
	JrSegmenter *segmenter = part->segmenter;
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(JrLogRow));
	g_autoptr(GArray) subjects = NULL;
	JrLogQuery query = { .limit = CHUNK_ROWS, .kinds = JR_SEGMENT_NEWS };
	gint64 last, end;

	jr_segment_gather(segmenter);
	if (!jr_cursor_get(db, JR_SEGMENT_CURSOR, &query.after, error) ||
	    !jr_log_last(db, &end, error) ||
	    !jr_log_read(db, &query, segmenter->arena, rows, &last, error))
		return FALSE;
	part->more = last < end;
	if (last == query.after)
		return TRUE;
	for (guint i = 0; i < rows->len; i++)
		check_list(segmenter, &g_array_index(rows, JrLogRow, i));
	subjects = subjects_of(segmenter, rows);
	if (subjects->len > 0 &&
	    (!jr_segment_look_at(segmenter, subjects, error) ||
	     !jr_segment_write(segmenter, error)))
		return FALSE;
	jr_crash_point("segment-written");
	return set_cursor(segmenter, last, end, error);
}

/* Those of people who are gone would stay due for ever. */
static gboolean clear_looks(JrDb *db, GArray *looks, GError **error)
{
	for (guint i = 0; i < looks->len; i++)
		g_array_index(looks, JrLook, i).due_s = 0;
	return jr_looks_set(db, (const JrLook *)looks->data, looks->len, error);
}

static gboolean look_at_due(JrDb *db, gpointer data, GError **error)
{
	Part *part = data;
	JrSegmenter *segmenter = part->segmenter;
	g_autoptr(GArray) looks = g_array_new(FALSE, FALSE, sizeof(JrLook));
	g_autoptr(GArray) subjects =
		g_array_new(FALSE, FALSE, sizeof(JrSegmentSubject));

	jr_segment_gather(segmenter);
	if (!jr_looks_due(db, jr_flow_now(segmenter->flow), CHUNK_LOOKS, looks,
			  error))
		return FALSE;
	part->more = looks->len == CHUNK_LOOKS;
	if (looks->len == 0)
		return TRUE;
	for (guint i = 0; i < looks->len; i++) {
		const JrSegmentSubject one = {
			.person = g_array_index(looks, JrLook, i).person,
		};

		g_array_append_val(subjects, one);
	}
	/* Who is there sets theirs anew. */
	if (!jr_segment_look_at(segmenter, subjects, error) ||
	    !clear_looks(db, looks, error) ||
	    !jr_segment_write(segmenter, error))
		return FALSE;
	jr_crash_point("segment-looks-written");
	return TRUE;
}

/* Do @part again and again, each time in a transaction, and tell of it. */
static gboolean repeat(JrSegmenter *segmenter, JrDbBody body, GError **error)
{
	Part part = { segmenter, TRUE };
	const JrFlow *flow = segmenter->flow;

	while (part.more && !(flow->stop && flow->stop()))
		if (!jr_segment_do(segmenter, body, &part, error))
			return FALSE;
	return TRUE;
}

/* Definitions first: who is found by an old one is no news of a new one. */
static gboolean build_all(JrSegmenter *segmenter, JrSegmentStored *stored,
			  GError **error)
{
	return jr_segment_build_lists(segmenter, stored, error) &&
	       jr_segment_build(segmenter, stored, error) &&
	       jr_segment_build_gone(segmenter, stored, error);
}

static gboolean look_at_people(JrSegmenter *segmenter, GError **error)
{
	return repeat(segmenter, look_at_touched, error) &&
	       repeat(segmenter, look_at_due, error);
}

static gboolean has_to_stop(const JrFlow *flow)
{
	return flow->stop && flow->stop();
}

static gboolean tick(JrSegmenter *segmenter, JrSegmentStored *stored,
		     GError **error)
{
	const JrFlow *flow = segmenter->flow;

	if (!jr_segment_start(segmenter, stored, error) ||
	    !build_all(segmenter, stored, error))
		return FALSE;
	if (flow->dry_run || has_to_stop(flow))
		return TRUE;
	jr_segment_ask_all(segmenter);
	segmenter->settled = jr_db_is_scratch(flow->db);
	return jr_segment_started(segmenter, stored, error) &&
	       look_at_people(segmenter, error);
}

gboolean jr_segmenter_tick(JrSegmenter *segmenter, GError **error)
{
	g_autoptr(JrArena) arena = jr_arena_new(STORED_BYTES);
	g_autoptr(GArray) segments =
		g_array_new(FALSE, FALSE, sizeof(JrSegment));
	g_autoptr(GArray) builds =
		g_array_new(FALSE, FALSE, sizeof(JrSegmentBuild));
	JrSegmentStored stored = { .arena = arena,
				   .segments = segments,
				   .builds = builds };
	gboolean ok;

	jr_segment_count_none(segmenter);
	if (segmenter->settled)
		return look_at_people(segmenter, error);
	ok = tick(segmenter, &stored, error);
	g_clear_pointer(&stored.fresh, g_byte_array_unref);
	return ok;
}

gboolean jr_segmenter_behind(JrSegmenter *segmenter, gboolean *yes,
			     GError **error)
{
	return jr_cursor_behind(segmenter->flow->db, JR_SEGMENT_CURSOR, yes,
				error);
}
