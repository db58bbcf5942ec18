#include "store/segments.h"
#include "store/stmt.h"

#include <stdlib.h>

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

gboolean jr_segment_drop(JrDb *db, gint64 segment, GError **error)
{
	g_autofree char *owner = g_strdup_printf("%" G_GINT64_FORMAT, segment);

	return run_for(db, "DELETE FROM members WHERE segment = $segment",
		       segment, error) &&
	       run_for(db, "DELETE FROM segments WHERE segment = $segment",
		       segment, error) &&
	       jr_timers_drop(db, JR_TIMER_SEGMENT, owner, error);
}

static int compare_changes(gconstpointer a, gconstpointer b)
{
	const JrMemberChange *x = *(JrMemberChange *const *)a;
	const JrMemberChange *y = *(JrMemberChange *const *)b;

	if (x->person != y->person)
		return x->person < y->person ? -1 : 1;
	return x < y ? -1 : x > y; /* the same person twice: as given */
}

static const char enter[] =
	"INSERT INTO members (segment, person, since_s)"
	" VALUES ($segment, $person, $since_s)"
	" ON CONFLICT (segment, person) DO NOTHING RETURNING person";

static const char leave[] =
	"DELETE FROM members WHERE segment = $segment AND person = $person"
	" RETURNING person";

static gboolean change_one(JrDb *db, gint64 segment, gint64 at_s,
			   JrMemberChange *change, GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db, change->in ? enter : leave, error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "segment", segment);
	jr_stmt_set_int(st, "person", change->person);
	if (change->in)
		jr_stmt_set_int(st, "since_s", at_s);
	return jr_stmt_row(st, &change->changed, error);
}

static gboolean grow(JrDb *db, gint64 segment, gint64 by, GError **error)
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

gboolean jr_segment_change(JrDb *db, gint64 segment, gint64 at_s,
			   JrMemberChange *changes, gsize n, GError **error)
{
	g_autofree JrMemberChange **sorted = g_new(JrMemberChange *, n);
	gint64 by = 0;

	for (gsize i = 0; i < n; i++)
		sorted[i] = &changes[i];
	if (n > 1) /* the array of none is NULL */
		qsort(sorted, n, sizeof *sorted, compare_changes);
	for (gsize i = 0; i < n; i++) {
		if (!change_one(db, segment, at_s, sorted[i], error))
			return FALSE;
		if (sorted[i]->changed)
			by += sorted[i]->in ? 1 : -1;
	}
	return by == 0 || grow(db, segment, by, error);
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
			GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT segment FROM members WHERE person = $person"
			   " ORDER BY segment",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "person", person);
	return jr_stmt_numbers(st, segments, error);
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
