/* events.c - a person's events: the part of log.h that conditions ask. */
#include "store/log_row.h"

#include <string.h>

#define BARE                                                                   \
	"SELECT h.seq AS seq, h.kind AS kind, h.person AS person,"             \
	" h.name AS name, h.at_s AS at_s FROM history h"
#define WHOLE                                                                  \
	"SELECT h.seq AS seq, h.kind AS kind, l.flags AS flags,"               \
	" h.person AS person, h.name AS name, h.at_s AS at_s,"                 \
	" l.received_s AS received_s, l.id AS id, l.data AS data"              \
	" FROM history h JOIN log l ON l.seq = h.seq"
#define ANY ""
#define EXACT " AND h.name = $name"
#define PREFIX " AND h.name >= $name AND h.name < $above"
#define EVENTS(columns, names, order)                                          \
	columns " WHERE h.person = $person" names                              \
		" AND h.at_s BETWEEN $from AND $until AND h.seq <= $until_seq" \
		" AND ((1 << h.kind) & $kinds) <> 0"                           \
		" ORDER BY h.at_s" order ", h.seq" order
#define ORDERS(columns, names)                                                 \
	{                                                                      \
		EVENTS(columns, names, ""), EVENTS(columns, names, " DESC")    \
	}
#define NAMES(columns)                                                         \
	{                                                                      \
		ORDERS(columns, ANY), ORDERS(columns, EXACT),                  \
			ORDERS(columns, PREFIX)                                \
	}

/* By with_data, how names are chosen, newest_first. */
static const char *const questions[2][3][2] = { NAMES(BARE), NAMES(WHOLE) };

/*
 * The first text behind all that begin with @prefix, in the order of code
 * points; NULL when nothing is.  Owned.
 */
static char *text_above(const char *prefix)
{
	GString *above = g_string_new(prefix);

	while (above->len > 0) {
		const char *last = g_utf8_prev_char(above->str + above->len);
		gunichar next = g_utf8_get_char(last) + 1;

		g_string_truncate(above, (gsize)(last - above->str));
		if (next > 0x10FFFF)
			continue;
		if (next >= 0xD800 && next <= 0xDFFF)
			next = 0xE000; /* surrogates are no characters */
		g_string_append_unichar(above, next);
		return g_string_free(above, FALSE);
	}
	g_string_free(above, TRUE);
	return NULL;
}

static JrStmt *ask(JrDb *db, const JrEventQuery *query, const char *name,
		   const char *above, GError **error)
{
	guint names = above ? 2 : name ? 1 : 0;
	JrStmt *st = jr_db_stmt(
		db, questions[!!query->with_data][names][!!query->newest_first],
		error);

	if (!st)
		return NULL;
	jr_stmt_set_int(st, "person", query->person);
	if (name)
		jr_stmt_set_text(st, "name", name);
	if (above)
		jr_stmt_set_text(st, "above", above);
	jr_stmt_set_int(st, "from", query->from_s);
	jr_stmt_set_int(st, "until", query->until_s);
	jr_stmt_set_int(st, "until_seq",
			query->until_seq ? query->until_seq : G_MAXINT64);
	jr_stmt_set_int(st, "kinds",
			query->kinds ? query->kinds : JR_LOG_EVENTS);
	return st;
}

static gboolean show(JrStmt *st, JrLogFn each, gpointer user, GError **error)
{
	JrLogRow event = { .fresh = TRUE };
	gboolean row;

	do {
		if (!jr_stmt_read_one(st, jr_log_shape.fields, &event, NULL,
				      &row, error))
			return FALSE;
	} while (row && each(&event, user));
	return TRUE;
}

gboolean jr_events_each(JrDb *db, const JrEventQuery *query, JrLogFn each,
			gpointer user, GError **error)
{
	g_autofree char *above =
		query->prefix ? text_above(query->prefix) : NULL;
	const char *name = query->name ? query->name
			   : above     ? query->prefix
				       : NULL;
	g_autoptr(JrStmt) st = ask(db, query, name, above, error);

	return st && show(st, each, user, error);
}

struct _JrEventWalk {
	JrStmt *st;
};

JrEventWalk *jr_event_walk_new(JrDb *db, gint64 first, gint64 last,
			       GError **error)
{
	JrStmt *st =
		jr_db_stmt(db,
			   "SELECT person, name, at_s, seq, kind FROM history"
			   " WHERE person BETWEEN $first AND $last"
			   " ORDER BY person, name, at_s, seq",
			   error);
	JrEventWalk *walk;

	if (!st)
		return NULL;
	jr_stmt_set_int(st, "first", first);
	jr_stmt_set_int(st, "last", last);
	walk = g_new(JrEventWalk, 1);
	walk->st = st;
	return walk;
}

void jr_event_walk_free(JrEventWalk *walk)
{
	if (!walk)
		return;
	jr_stmt_done(walk->st);
	g_free(walk);
}

gboolean jr_event_walk_next(JrEventWalk *walk, JrLogRow *row, gboolean *found,
			    GError **error)
{
	gsize len;

	do {
		if (!jr_stmt_row(walk->st, found, error))
			return FALSE;
		if (!*found)
			return TRUE;
		row->kind = (JrLogKind)jr_stmt_int(walk->st, 4);
	} while (!(JR_LOG_BIT(row->kind) & JR_LOG_EVENTS));
	row->person = jr_stmt_int(walk->st, 0);
	row->name = jr_stmt_text(walk->st, 1, &len);
	row->at_s = jr_stmt_int(walk->st, 2);
	row->seq = jr_stmt_int(walk->st, 3);
	return TRUE;
}
