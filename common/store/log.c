#include "base/terms.h"
#include "store/conn.h"
#include "store/log_row.h"

#include <stdlib.h>

static const char *const kinds[] = {
	[JR_LOG_IDENTIFY] = "identify",
	[JR_LOG_EVENT] = "event",
	[JR_LOG_PAGE] = "page",
	[JR_LOG_SCREEN] = "screen",
	[JR_LOG_DEVICE] = "device",
	[JR_LOG_CONSENT] = "consent",
	[JR_LOG_SUBSCRIPTION] = "subscription",
	[JR_LOG_SUPPRESS] = "suppress",
	[JR_LOG_UNSUPPRESS] = "unsuppress",
	[JR_LOG_MERGE] = "merge",
	[JR_LOG_ERASE] = "erase",
	[JR_LOG_SEGMENT_ENTERED] = "segment_entered",
	[JR_LOG_SEGMENT_LEFT] = "segment_left",
	[JR_LOG_METRIC] = "metric",
	[JR_LOG_INBOUND] = "inbound",
	[JR_LOG_TRIGGER] = "trigger",
	[JR_LOG_CONTROL] = "control",
	[JR_LOG_LISTED] = "listed",
	[JR_LOG_UNLISTED] = "unlisted",
	[JR_LOG_DEFINED] = "defined",
};

const char *jr_log_kind_name(JrLogKind kind)
{
	return JR_TERM_NAME(kinds, kind);
}

JrLogKind jr_log_kind_of(const char *name)
{
	return JR_TERM_FIND(kinds, name);
}

static const JrField fields[] = {
	JR_INT64(JrLogRow, seq),
	JR_INT(JrLogRow, kind),
	JR_INT(JrLogRow, flags),
	JR_INT64(JrLogRow, person),
	JR_TEXT(JrLogRow, name),
	JR_INT64(JrLogRow, at_s),
	JR_INT64(JrLogRow, received_s),
	JR_TEXT(JrLogRow, id),
	{ "data", JR_FIELD_BYTES, G_STRUCT_OFFSET(JrLogRow, data),
	  G_STRUCT_OFFSET(JrLogRow, data_len) },
	JR_FIELD_END,
};
const JrShape jr_log_shape = { fields, sizeof(JrLogRow) };

#define LOG_ROW(n)                                                             \
	"($seq" #n ", $kind" #n ", $flags" #n ", $person" #n ", $name" #n      \
	", $at_s" #n ", $received_s" #n ", $id" #n ", $data" #n ")"
#define LOG_INSERT                                                             \
	"INSERT INTO log (seq, kind, flags, person, name, at_s, received_s,"   \
	" id, data) VALUES "
static const JrBulk log_bulk = {
	LOG_INSERT LOG_ROW(),
	LOG_INSERT JR_BULK_ROWS(LOG_ROW),
	{ fields, sizeof(JrLogRow) },
};

/* A row of the table history. */
typedef struct {
	gint64 person;
	const char *name;
	gint64 at_s, seq;
	int kind;
} History;

static const JrField history_fields[] = {
	JR_INT64(History, person), JR_TEXT(History, name),
	JR_INT64(History, at_s),   JR_INT64(History, seq),
	JR_INT(History, kind),	   JR_FIELD_END,
};

static const JrBulk history_bulk = {
	"INSERT INTO history (person, name, at_s, seq, kind)"
	" VALUES ($person, $name, $at_s, $seq, $kind)",
	NULL,
	{ history_fields, sizeof(History) },
};

/* By person, name and time: the order of the table. */
static int compare_history(gconstpointer a, gconstpointer b)
{
	const History *x = a, *y = b;
	int names;

	if (x->person != y->person)
		return x->person < y->person ? -1 : 1;
	names = strcmp(x->name, y->name);
	if (names != 0)
		return names;
	if (x->at_s != y->at_s)
		return x->at_s < y->at_s ? -1 : 1;
	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* What conditions look back at; a person's whole story is told, and moved or
 * erased, of a real state only. */
static gboolean is_history(const JrDb *db, const JrLogRow *row)
{
	return row->fresh && row->person &&
	       (!db->scratch || JR_LOG_BIT(row->kind) & JR_LOG_EVENTS);
}

static gboolean write_history(JrDb *db, const JrLogRow *rows, gsize n,
			      GError **error)
{
	g_autofree History *all = g_new(History, n);
	gsize count = 0;

	for (gsize i = 0; i < n; i++)
		if (is_history(db, &rows[i]))
			all[count++] = (History){
				.person = rows[i].person,
				.name = rows[i].name ? rows[i].name : "",
				.at_s = rows[i].at_s,
				.seq = rows[i].seq,
				.kind = rows[i].kind,
			};
	if (count > 1) /* no array at all when there is no history */
		qsort(all, count, sizeof *all, compare_history);
	return jr_stmt_put_rows(db, &history_bulk, all, count, error);
}

gboolean jr_log_append(JrDb *db, const JrLogRow *rows, gsize n, GError **error)
{
	for (gsize i = 0, j; i < n; i = j) {
		/* From one that is known to the next one. */
		for (j = i; j < n && rows[j].fresh; j++)
			;
		if (!jr_stmt_put_rows(db, &log_bulk, rows + i, j - i, error))
			return FALSE;
		while (j < n && !rows[j].fresh)
			j++;
	}
	return write_history(db, rows, n, error);
}

gboolean jr_log_add(JrDb *db, JrLogRow *row, GError **error)
{
	return jr_log_admit(db, row, 1, error) &&
	       jr_log_append(db, row, 1, error);
}

gboolean jr_log_last(JrDb *db, gint64 *seq, GError **error)
{
	return jr_cursor_get(db, "log", seq, error);
}

/*
 * Where reading @query may end: nothing is there behind it.  Asked before the
 * rows, so that one that comes meanwhile is not passed over.
 */
static gboolean find_end(JrDb *db, const JrLogQuery *query, gint64 *end,
			 GError **error)
{
	if (!jr_log_last(db, end, error))
		return FALSE;
	if (query->until > 0)
		*end = MIN(*end, query->until);
	*end = MAX(*end, query->after);
	return TRUE;
}

gboolean jr_log_read(JrDb *db, const JrLogQuery *query, JrArena *arena,
		     GArray *rows, gint64 *last, GError **error)
{
	guint before = rows->len;
	gint64 end;

	if (!find_end(db, query, &end, error))
		return FALSE;
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		query->with_data
			? "SELECT * FROM log WHERE seq > $after AND"
			  " seq <= $until AND ((1 << kind) & $kinds) <> 0"
			  " ORDER BY seq LIMIT $limit"
			: "SELECT seq, kind, flags, person, name, at_s,"
			  " received_s, id FROM log WHERE seq > $after AND"
			  " seq <= $until AND ((1 << kind) & $kinds) <> 0"
			  " ORDER BY seq LIMIT $limit",
		error);
	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "after", query->after);
	jr_stmt_set_int(st, "until", end);
	jr_stmt_set_int(st, "kinds", query->kinds ? query->kinds : G_MAXINT32);
	jr_stmt_set_int(st, "limit", query->limit ? query->limit : G_MAXINT32);
	if (!jr_stmt_read_all(st, &jr_log_shape, arena, rows, error))
		return FALSE;
	*last = query->limit && rows->len - before == query->limit
			? g_array_index(rows, JrLogRow, rows->len - 1).seq
			: end;
	return TRUE;
}

gboolean jr_log_each(JrDb *db, const JrLogQuery *query, JrLogFn each,
		     gpointer user, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT seq, kind, flags, person FROM log WHERE seq > $after"
		" AND seq <= $until AND ((1 << kind) & $kinds) <> 0"
		" ORDER BY seq",
		error);
	JrLogRow one = { .fresh = TRUE };
	gboolean row;

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "after", query->after);
	jr_stmt_set_int(st, "until", query->until ? query->until : G_MAXINT64);
	jr_stmt_set_int(st, "kinds", query->kinds ? query->kinds : G_MAXINT32);
	while (jr_stmt_row(st, &row, error)) {
		if (!row)
			return TRUE;
		one.seq = jr_stmt_int(st, 0);
		one.kind = (JrLogKind)jr_stmt_int(st, 1);
		one.flags = (guint)jr_stmt_int(st, 2);
		one.person = jr_stmt_int(st, 3);
		if (!each(&one, user))
			return TRUE;
	}
	return FALSE;
}

gboolean jr_log_get(JrDb *db, gint64 seq, JrArena *arena, JrLogRow *row,
		    gboolean *found, GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db, "SELECT * FROM log WHERE seq = $seq", error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "seq", seq);
	*row = (JrLogRow){ 0 };
	return jr_stmt_read_one(st, fields, row, arena, found, error);
}

gboolean jr_log_touched(JrDb *db, gint64 after, gint64 until, GArray *people,
			GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT DISTINCT person FROM log WHERE seq > $after"
			   " AND seq <= $until AND person <> 0 ORDER BY person",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "after", after);
	jr_stmt_set_int(st, "until", until);
	return jr_stmt_numbers(st, people, error);
}
