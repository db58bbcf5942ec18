/* log_admit.c - which records are news: the first step of log.h. */
#include "store/log.h"
#include "base/hash.h"
#include "store/conn.h"
#include "store/stmt.h"

#include <stdlib.h>
#include <string.h>

/* An id under way through the table of those seen. */
typedef struct {
	gint64 hash; /* of it, or the place behind that it has */
	gint64 seq;  /* of the row, if it is news */
	JrLogRow *row;
} Ask;

/* Those that are looked for, by hash. */
typedef struct {
	Ask *asks;
	gsize n;
} Asks;

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

/* Whether one of the @n @asks, which end with its hash if any, has @one's id.
 */
static gboolean is_twice(const Ask *asks, gsize n, const Ask *one)
{
	for (gsize i = n; i > 0 && asks[i - 1].hash == one->hash; i--)
		if (g_str_equal(asks[i - 1].row->id, one->row->id))
			return TRUE;
	return FALSE;
}

/* Write down by @st that @ask's id is seen; *@done is FALSE when its place is
 * taken. */
static gboolean see(JrStmt *st, const Ask *ask, gboolean *done, GError **error)
{
	jr_stmt_again(st);
	jr_stmt_set_int(st, "hash", ask->hash);
	jr_stmt_set_int(st, "seq", ask->seq);
	if (!jr_stmt_run(st, error))
		return FALSE;
	*done = jr_stmt_changed(st) == 1;
	return TRUE;
}

/*
 * The place of @ask is taken: by its id, which so is known, or by another one
 * with the same hash.  Then its place is the next one.  Behind @last are those
 * of this batch, which has each id once.
 */
static gboolean look(JrDb *db, Ask *ask, gint64 last, GError **error)
{
	gboolean known = FALSE;
	gint64 seq;

	if (!who_has(db, ask->hash, &seq, error) ||
	    (seq <= last && !has_id(db, seq, ask->row->id, &known, error)))
		return FALSE;
	if (known)
		ask->row->fresh = FALSE;
	else
		ask->hash = (gint64)((guint64)ask->hash + 1);
	return TRUE;
}

/*
 * Write down all that may be news, and look at those that could not be: most
 * often nothing need be looked at.
 */
static gboolean see_all(JrDb *db, const Asks *all, gint64 last, GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "INSERT INTO seen (hash, seq) VALUES ($hash, $seq)"
			   " ON CONFLICT (hash) DO NOTHING",
			   error);

	for (gsize i = 0; st && i < all->n; i++) {
		Ask *ask = &all->asks[i];
		gboolean done = FALSE;

		while (!done && ask->row->fresh)
			if (!see(st, ask, &done, error) ||
			    (!done && !look(db, ask, last, error)))
				return FALSE;
	}
	return st != NULL;
}

/* Of ids that come twice the first one stays; how many are left. */
static gsize drop_twice(Ask *asks, gsize n)
{
	gsize left = 0;

	for (gsize i = 0; i < n; i++) {
		if (is_twice(asks, left, &asks[i]))
			asks[i].row->fresh = FALSE;
		else
			asks[left++] = asks[i];
	}
	return left;
}

/* Number the rows that are fresh from @seq on; how many there are. */
static gint64 number_rows(JrLogRow *rows, gsize n, gint64 seq)
{
	gint64 count = 0;

	for (gsize i = 0; i < n; i++)
		rows[i].seq = rows[i].fresh ? seq + count++ : 0;
	return count;
}

/* Some were known after all: the others move up. */
static gboolean renumber(JrDb *db, const Asks *all, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db, "UPDATE seen SET seq = $seq WHERE hash = $hash", error);

	for (gsize i = 0; st && i < all->n; i++) {
		const Ask *ask = &all->asks[i];

		if (!ask->row->fresh || ask->row->seq == ask->seq)
			continue;
		jr_stmt_again(st);
		jr_stmt_set_int(st, "hash", ask->hash);
		jr_stmt_set_int(st, "seq", ask->row->seq);
		if (!jr_stmt_run(st, error))
			return FALSE;
	}
	return st != NULL;
}

gboolean jr_log_admit(JrDb *db, JrLogRow *rows, gsize n, GError **error)
{
	g_autofree Ask *asks = g_new(Ask, n);
	const Asks all = { asks, drop_twice(asks, make_asks(rows, n, asks)) };
	gint64 last, hoped, real;

	if (!jr_log_last(db, &last, error))
		return FALSE;
	hoped = number_rows(rows, n, last + 1);
	for (gsize i = 0; i < all.n; i++)
		asks[i].seq = asks[i].row->seq;
	/* What is replayed into scratch has been admitted before. */
	if (!db->scratch && !see_all(db, &all, last, error))
		return FALSE;
	real = number_rows(rows, n, last + 1);
	if (real < hoped && !renumber(db, &all, error))
		return FALSE;
	return real == 0 || jr_cursor_put(db, "log", last + real, error);
}
