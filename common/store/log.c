#include "store/log.h"
#include "base/error.h"
#include "base/hash.h"
#include "store/stmt.h"

#include <stdlib.h>
#include <string.h>

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
};

const char *jr_log_kind_name(JrLogKind kind)
{
	return (guint)kind < G_N_ELEMENTS(kinds) ? kinds[kind] : NULL;
}

JrLogKind jr_log_kind_of(const char *name)
{
	for (guint i = 1; i < G_N_ELEMENTS(kinds); i++)
		if (g_strcmp0(kinds[i], name) == 0)
			return (JrLogKind)i;
	return 0;
}

static const JrField log_fields[] = {
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
static const JrShape log_shape = { log_fields, sizeof(JrLogRow) };

/* An id under way through the table of those seen. */
typedef struct {
	gint64 hash; /* of it, or the place behind that is looked at */
	JrLogRow *row;
} Ask;

/* By hash, so that the table is walked from one end to the other; then as they
 * came. */
static int compare_asks(gconstpointer a, gconstpointer b)
{
	const Ask *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

/* The seq of whoever has @hash; 0: nobody. */
static gboolean who_has(JrDb *db, gint64 hash, gint64 *seq, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db, "SELECT seq FROM seen WHERE hash = $hash", error);
	gboolean row;

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "hash", hash);
	if (!jr_stmt_row(st, &row, error))
		return FALSE;
	*seq = row ? jr_stmt_int(st, 0) : 0;
	return TRUE;
}

/*
 * Whether the row @seq of the log has the @id.  A row that is gone, or was
 * erased, had it: its hash is all that is left, and what was erased must not
 * come back.
 */
static gboolean has_id(JrDb *db, gint64 seq, const char *id, gboolean *yes,
		       GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db, "SELECT id FROM log WHERE seq = $seq", error);
	const char *theirs;
	gboolean row;
	gsize len;

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "seq", seq);
	if (!jr_stmt_row(st, &row, error))
		return FALSE;
	theirs = row ? jr_stmt_text(st, 0, &len) : NULL;
	*yes = !theirs || g_str_equal(theirs, id);
	return TRUE;
}

/* Another id has its place: try the next. */
static void go_on(Ask *ask)
{
	ask->hash = (gint64)((guint64)ask->hash + 1);
}

/*
 * Look whether the store has @ask's id.  Another id with the same hash stands
 * before it, and then it is looked for at the next: on return ask->hash is
 * where it is, or belongs.
 */
static gboolean look_up(JrDb *db, Ask *ask, gboolean *known, GError **error)
{
	gint64 seq;

	for (;; go_on(ask)) {
		if (!who_has(db, ask->hash, &seq, error))
			return FALSE;
		*known = seq > 0;
		if (!seq)
			return TRUE;
		if (!has_id(db, seq, ask->row->id, known, error))
			return FALSE;
		if (*known)
			return TRUE;
	}
}

/* Fill @asks, with room for @n, from the rows that have an id; how many. */
static gsize make_asks(JrLogRow *rows, gsize n, Ask *asks)
{
	gsize count = 0;

	for (gsize i = 0; i < n; i++) {
		const char *id = rows[i].id;

		rows[i].fresh = TRUE;
		rows[i].seq = 0;
		if (id)
			asks[count++] = (Ask){
				.hash = (gint64)jr_hash64(id, strlen(id)),
				.row = &rows[i],
			};
	}
	if (count > 1) /* no array at all when nothing is asked */
		qsort(asks, count, sizeof *asks, compare_asks);
	return count;
}

/* Whether an earlier one of the batch, next to it by hash, has its id. */
static gboolean is_twice(const Ask *asks, gsize i)
{
	for (gsize j = i; j > 0 && asks[j - 1].hash == asks[i].hash; j--)
		if (g_str_equal(asks[j - 1].row->id, asks[i].row->id))
			return TRUE;
	return FALSE;
}

/* Take @n numbers for rows; *@first is the first. */
static gboolean take_seqs(JrDb *db, gint64 n, gint64 *first, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO cursors (name, seq) VALUES ('log', $n)"
		" ON CONFLICT (name) DO UPDATE SET seq = cursors.seq + $n"
		" RETURNING seq",
		error);
	gboolean row;

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "n", n);
	if (!jr_stmt_row(st, &row, error))
		return FALSE;
	*first = jr_stmt_int(st, 0) - n + 1;
	return TRUE;
}

static gboolean number_rows(JrDb *db, JrLogRow *rows, gsize n, GError **error)
{
	gint64 count = 0, seq;

	for (gsize i = 0; i < n; i++)
		count += rows[i].fresh;
	if (!count)
		return TRUE;
	if (!take_seqs(db, count, &seq, error))
		return FALSE;
	for (gsize i = 0; i < n; i++)
		if (rows[i].fresh)
			rows[i].seq = seq++;
	return TRUE;
}

static void set_ask(JrStmt *st, const Ask *ask)
{
	jr_stmt_again(st);
	jr_stmt_set_int(st, "hash", ask->hash);
	jr_stmt_set_int(st, "seq", ask->row->seq);
}

/*
 * Write down that @ask's id is seen.  Its place may have been taken since it
 * was looked for, by another of this batch: that has another id, so go on.
 */
static gboolean remember_next(JrStmt *st, Ask *ask, GError **error)
{
	gboolean fresh = FALSE;

	for (; !fresh; go_on(ask)) {
		set_ask(st, ask);
		if (!jr_stmt_row(st, &fresh, error))
			return FALSE;
	}
	return TRUE;
}

/*
 * By rising hash a place is free as it was found, unless one before it had to
 * go on: only then is the database asked whether it took the row, which costs
 * more than the row.
 */
static gboolean remember_all(JrDb *db, Ask *asks, gsize n, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db, "INSERT INTO seen (hash, seq) VALUES ($hash, $seq)", error);
	g_autoptr(JrStmt) next =
		jr_db_stmt(db,
			   "INSERT INTO seen (hash, seq) VALUES ($hash, $seq)"
			   " ON CONFLICT (hash) DO NOTHING RETURNING seq",
			   error);
	gint64 taken = G_MININT64; /* no place behind it is taken by us */

	if (!st || !next)
		return FALSE;
	for (gsize i = 0; i < n; i++) {
		Ask *ask = &asks[i];

		if (!ask->row->fresh)
			continue;
		if (ask->hash <= taken) {
			if (!remember_next(next, ask, error))
				return FALSE;
		} else {
			set_ask(st, ask);
			if (!jr_stmt_run(st, error))
				return FALSE;
		}
		taken = MAX(taken, ask->hash);
	}
	return TRUE;
}

gboolean jr_log_admit(JrDb *db, JrLogRow *rows, gsize n, GError **error)
{
	g_autofree Ask *asks = g_new(Ask, n);
	gsize count = make_asks(rows, n, asks);
	gboolean known;

	for (gsize i = 0; i < count; i++)
		asks[i].row->fresh = !is_twice(asks, i);
	for (gsize i = 0; i < count; i++) {
		if (!asks[i].row->fresh)
			continue;
		if (!look_up(db, &asks[i], &known, error))
			return FALSE;
		asks[i].row->fresh = !known;
	}
	return number_rows(db, rows, n, error) &&
	       remember_all(db, asks, count, error);
}

/* By person, name and time: the order of the table history. */
static int compare_rows(gconstpointer a, gconstpointer b)
{
	const JrLogRow *x = *(const JrLogRow *const *)a;
	const JrLogRow *y = *(const JrLogRow *const *)b;
	int names;

	if (x->person != y->person)
		return x->person < y->person ? -1 : 1;
	names = g_strcmp0(x->name, y->name);
	if (names != 0)
		return names;
	if (x->at_s != y->at_s)
		return x->at_s < y->at_s ? -1 : 1;
	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

static gboolean write_history(JrDb *db, const JrLogRow **rows, gsize n,
			      GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO history (person, name, at_s, seq, kind)"
		" VALUES ($person, COALESCE($name, ''), $at_s, $seq, $kind)",
		error);

	if (!st)
		return FALSE;
	if (n > 1) /* no array at all when there is no history */
		qsort(rows, n, sizeof *rows, compare_rows);
	for (gsize i = 0; i < n; i++) {
		jr_stmt_again(st);
		jr_stmt_bind(st, log_fields, rows[i]);
		if (!jr_stmt_run(st, error))
			return FALSE;
	}
	return TRUE;
}

gboolean jr_log_append(JrDb *db, const JrLogRow *rows, gsize n, GError **error)
{
	g_autofree const JrLogRow **about = g_new(const JrLogRow *, n);
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO log (seq, kind, flags, person, name, at_s,"
		" received_s, id, data) VALUES ($seq, $kind, $flags, $person,"
		" $name, $at_s, $received_s, $id, $data)",
		error);
	gsize count = 0;

	if (!st)
		return FALSE;
	for (gsize i = 0; i < n; i++) {
		if (!rows[i].fresh)
			continue;
		jr_stmt_again(st);
		jr_stmt_bind(st, log_fields, &rows[i]);
		if (!jr_stmt_run(st, error))
			return FALSE;
		if (rows[i].person)
			about[count++] = &rows[i];
	}
	return write_history(db, about, count, error);
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
	if (!jr_stmt_read_all(st, &log_shape, arena, rows, error))
		return FALSE;
	*last = query->limit && rows->len - before == query->limit
			? g_array_index(rows, JrLogRow, rows->len - 1).seq
			: end;
	return TRUE;
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
	return jr_stmt_read_one(st, log_fields, row, arena, found, error);
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

gboolean jr_cursor_get(JrDb *db, const char *name, gint64 *seq, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db, "SELECT seq FROM cursors WHERE name = $name", error);
	gboolean row;

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "name", name);
	if (!jr_stmt_row(st, &row, error))
		return FALSE;
	*seq = row ? jr_stmt_int(st, 0) : 0;
	return TRUE;
}

gboolean jr_cursor_set(JrDb *db, const char *name, gint64 seq, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO cursors (name, seq) VALUES ($name, $seq)"
		" ON CONFLICT (name) DO UPDATE SET seq = $seq",
		error);

	g_assert(!g_str_equal(name, "log")); /* the log's own end */
	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "name", name);
	jr_stmt_set_int(st, "seq", seq);
	return jr_stmt_run(st, error);
}
