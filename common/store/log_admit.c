/* log_admit.c - which records are news: the first step of log.h. */
#include "store/log.h"
#include "base/hash.h"
#include "store/stmt.h"

#include <stdlib.h>
#include <string.h>

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
