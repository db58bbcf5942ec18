#include "store/segments.h"
#include "store/stmt.h"

static const JrField segment_fields[] = {
	JR_INT64(JrSegment, segment), JR_TEXT(JrSegment, name),
	JR_TEXT(JrSegment, hash),     JR_TEXT(JrSegment, text),
	JR_INT(JrSegment, manual),    JR_INT64(JrSegment, built_s),
	JR_INT64(JrSegment, size),    JR_FIELD_END,
};
static const JrShape segment_shape = { segment_fields, sizeof(JrSegment) };

static const JrField member_fields[] = {
	JR_INT64(JrSegmentMember, person),
	JR_INT64(JrSegmentMember, since_s),
	JR_FIELD_END,
};
static const JrShape member_shape = { member_fields, sizeof(JrSegmentMember) };

gboolean jr_segments_load(JrDb *db, JrArena *arena, GArray *segments,
			  GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db, "SELECT /* all */ * FROM segments ORDER BY name", error);

	return st &&
	       jr_stmt_read_all(st, &segment_shape, arena, segments, error);
}

gboolean jr_segment_put(JrDb *db, JrSegment *segment, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO segments (name, hash, text, manual, built_s,"
		" size) VALUES ($name, $hash, $text, $manual, $built_s, 0)"
		" ON CONFLICT (name) DO UPDATE SET hash = $hash,"
		" text = $text, manual = $manual, built_s = $built_s"
		" RETURNING segment",
		error);
	gboolean row;

	if (!st)
		return FALSE;
	jr_stmt_bind(st, segment_fields, segment);
	return jr_stmt_read_one(st, segment_fields, segment, NULL, &row, error);
}

static gboolean run_for(JrDb *db, const char *sql, gint64 segment,
			GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(db, sql, error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "segment", segment);
	return jr_stmt_run(st, error);
}

gboolean jr_segment_drop(JrDb *db, gint64 segment, gboolean *was,
			 GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "DELETE FROM segments WHERE segment = $segment"
			   " RETURNING segment",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "segment", segment);
	if (!jr_stmt_row(st, was, error))
		return FALSE;
	return run_for(db,
		       "DELETE /* all */ FROM members WHERE segment = $segment",
		       segment, error) &&
	       run_for(db, "DELETE FROM growth WHERE segment = $segment",
		       segment, error) &&
	       jr_segment_build_drop(db, segment, error);
}

static const JrField change_fields[] = {
	JR_INT64(JrMemberChange, person),
	JR_INT64(JrMemberChange, segment),
	JR_FIELD_END,
};

static gboolean change_each(JrDb *db, gint64 at_s,
			    const JrMemberChange *changes, gsize n,
			    GError **error)
{
	g_autoptr(JrStmt) enter =
		jr_db_stmt(db,
			   "INSERT INTO members (person, segment, since_s)"
			   " VALUES ($person, $segment, $since_s)",
			   error);
	g_autoptr(JrStmt) leave = enter ? jr_db_stmt(db,
						     "DELETE FROM members"
						     " WHERE person = $person"
						     " AND segment = $segment",
						     error)
					: NULL;

	if (!leave)
		return FALSE;
	for (gsize i = 0; i < n; i++) {
		JrStmt *st = changes[i].in ? enter : leave;

		jr_stmt_again(st);
		jr_stmt_bind(st, change_fields, &changes[i]);
		if (changes[i].in)
			jr_stmt_set_int(st, "since_s", at_s);
		if (!jr_stmt_run(st, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean resize(JrDb *db, gint64 segment, gint64 by, GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "UPDATE segments SET size = size + $by"
			   " WHERE segment = $segment",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "segment", segment);
	jr_stmt_set_int(st, "by", by);
	return jr_stmt_run(st, error);
}

static gint64 hour_of(gint64 at_s)
{
	return at_s / 3600 - (at_s % 3600 < 0);
}

/* What became of a segment. */
typedef struct {
	gint64 segment, entered, gone;
} Tally;

static gboolean grow(JrDb *db, gint64 at_s, const Tally *tally, GError **error)
{
	static const JrField fields[] = { JR_INT64(Tally, segment),
					  JR_INT64(Tally, entered),
					  JR_INT64(Tally, gone), JR_FIELD_END };
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "INSERT INTO growth (segment, hour, entered, gone)"
			   " VALUES ($segment, $hour, $entered, $gone)"
			   " ON CONFLICT (segment, hour) DO UPDATE SET"
			   " entered = growth.entered + $entered,"
			   " gone = growth.gone + $gone",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, fields, tally);
	jr_stmt_set_int(st, "hour", hour_of(at_s));
	return jr_stmt_run(st, error) &&
	       resize(db, tally->segment, tally->entered - tally->gone, error);
}

static void count(GHashTable *tallies, const JrMemberChange *change)
{
	Tally *tally = g_hash_table_lookup(tallies, &change->segment);

	if (!tally) {
		tally = g_new0(Tally, 1);
		tally->segment = change->segment;
		g_hash_table_insert(tallies, &tally->segment, tally);
	}
	*(change->in ? &tally->entered : &tally->gone) += 1;
}

gboolean jr_members_change(JrDb *db, gint64 at_s, const JrMemberChange *changes,
			   gsize n, GError **error)
{
	g_autoptr(GHashTable) tallies = g_hash_table_new_full(
		g_int64_hash, g_int64_equal, NULL, g_free);
	GHashTableIter iter;
	gpointer tally;

	for (gsize i = 0; i < n; i++)
		count(tallies, &changes[i]);
	if (!change_each(db, at_s, changes, n, error))
		return FALSE;
	if (jr_db_is_scratch(db)) /* which no report is of */
		return TRUE;
	g_hash_table_iter_init(&iter, tallies);
	while (g_hash_table_iter_next(&iter, NULL, &tally))
		if (!grow(db, at_s, tally, error))
			return FALSE;
	return TRUE;
}

gboolean jr_segment_growth(JrDb *db, gint64 segment, gint64 since_s,
			   gint64 *entered, gint64 *left, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT COALESCE(SUM(entered), 0), COALESCE(SUM(gone), 0)"
		" FROM growth WHERE segment = $segment AND hour >= $hour",
		error);
	gboolean row;

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "segment", segment);
	jr_stmt_set_int(st, "hour", hour_of(since_s));
	if (!jr_stmt_row(st, &row, error))
		return FALSE;
	*entered = jr_stmt_int(st, 0);
	*left = jr_stmt_int(st, 1);
	return TRUE;
}

gboolean jr_segment_has(JrDb *db, gint64 segment, gint64 person, gboolean *yes,
			gint64 *since_s, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT since_s FROM members WHERE segment = $segment"
		" AND person = $person",
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "segment", segment);
	jr_stmt_set_int(st, "person", person);
	if (!jr_stmt_row(st, yes, error))
		return FALSE;
	if (since_s)
		*since_s = *yes ? jr_stmt_int(st, 0) : 0;
	return TRUE;
}

gboolean jr_segments_of(JrDb *db, gint64 person, GArray *segments,
			gint64 *due_s, GError **error)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(JrMembership));

	*due_s = 0;
	if (!jr_segments_among(db, person, person, all, error))
		return FALSE;
	for (guint i = 0; i < all->len; i++) {
		const JrMembership *one = &g_array_index(all, JrMembership, i);

		if (one->segment)
			g_array_append_val(segments, one->segment);
		else
			*due_s = one->since_s;
	}
	return TRUE;
}

gboolean jr_segments_among(JrDb *db, gint64 first, gint64 last, GArray *all,
			   GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT person, segment, since_s FROM members"
			   " WHERE person BETWEEN $first AND $last"
			   " ORDER BY person, segment",
			   error);
	gboolean row;

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "first", first);
	jr_stmt_set_int(st, "last", last);
	while (jr_stmt_row(st, &row, error)) {
		if (!row)
			return TRUE;
		const JrMembership one = { jr_stmt_int(st, 0),
					   jr_stmt_int(st, 1),
					   jr_stmt_int(st, 2) };
		g_array_append_val(all, one);
	}
	return FALSE;
}

gboolean jr_segment_page(JrDb *db, gint64 segment, gint64 after, guint limit,
			 GArray *members, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT person, since_s FROM members WHERE segment = $segment"
		" AND person > $after ORDER BY person LIMIT $limit",
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "segment", segment);
	jr_stmt_set_int(st, "after", after);
	jr_stmt_set_int(st, "limit", limit);
	return jr_stmt_read_all(st, &member_shape, NULL, members, error);
}

static const JrField build_fields[] = {
	JR_INT64(JrSegmentBuild, segment),
	JR_TEXT(JrSegmentBuild, hash),
	JR_INT64(JrSegmentBuild, after_person),
	JR_INT64(JrSegmentBuild, entered),
	{ "gone", JR_FIELD_INT64, G_STRUCT_OFFSET(JrSegmentBuild, left), 0 },
	JR_FIELD_END,
};
static const JrShape build_shape = { build_fields, sizeof(JrSegmentBuild) };

gboolean jr_segment_builds(JrDb *db, JrArena *arena, GArray *builds,
			   GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db, "SELECT /* all */ * FROM builds ORDER BY segment", error);

	return st && jr_stmt_read_all(st, &build_shape, arena, builds, error);
}

gboolean jr_segment_build_get(JrDb *db, gint64 segment, JrArena *arena,
			      JrSegmentBuild *build, gboolean *found,
			      GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db, "SELECT * FROM builds WHERE segment = $segment", error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "segment", segment);
	return jr_stmt_read_one(st, build_fields, build, arena, found, error);
}

gboolean jr_segment_build_put(JrDb *db, const JrSegmentBuild *build,
			      GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO builds (segment, hash, after_person, entered,"
		" gone) VALUES ($segment, $hash, $after_person, $entered,"
		" $gone) ON CONFLICT (segment) DO UPDATE SET hash = $hash,"
		" after_person = $after_person, entered = $entered,"
		" gone = $gone",
		error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, build_fields, build);
	return jr_stmt_run(st, error);
}

gboolean jr_segment_build_drop(JrDb *db, gint64 segment, GError **error)
{
	return run_for(db, "DELETE FROM builds WHERE segment = $segment",
		       segment, error);
}
