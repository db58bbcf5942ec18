/* dump.c - all that is in a store, in an order that depends on nothing else:
 * the last part of erase.h. */
#include "store/counters.h"
#include "store/erase.h"
#include "store/stmt.h"

#define WHOLE(table, key) "SELECT /* all */ * FROM " table " ORDER BY " key
#define WHERE(table, key, where)                                               \
	"SELECT * FROM " table " WHERE " where " ORDER BY " key
#define OWN(table, key)                                                        \
	{                                                                      \
		table, WHOLE(table, key),                                      \
			WHERE(table, key, "person = $person")                  \
	}
#define OF_MESSAGE(all, table, where, key)                                     \
	"SELECT /* " all " */ m.id AS message, x.* FROM " table " x"           \
	" JOIN messages m ON m.message_row = x.message_row WHERE " where       \
	" ORDER BY m.id, x." key
#define MESSAGES "(SELECT id FROM messages WHERE person = $person)"

/* By name.  To add a table: a row; a test counts them. */
static const struct {
	const char *table;
	const char *all;
	const char *person; /* what concerns $person; NULL: nothing does */
} tables[] = {
	{ "attempts",
	  OF_MESSAGE("all", "attempts", "TRUE", "attempt, x.device"),
	  OF_MESSAGE("", "attempts", "m.person = $person",
		     "attempt, x.device") },
	{ "builds", WHOLE("builds", "segment"), NULL },
	{ "clicks", WHOLE("clicks", "click"),
	  WHERE("clicks", "click",
		"token IN (SELECT token FROM links WHERE message IN " MESSAGES
		")") },
	OWN("consent_state", "number_key, channel, scope, person"),
	{ "consents", WHOLE("consents", "consent_row"),
	  WHERE("consents", "consent_row",
		"person IN (SELECT $person UNION ALL SELECT person FROM people"
		" WHERE merged_into = $person AND merged_into > 0)") },
	{ "counters",
	  WHOLE("counters", "day, workflow, step, variant, channel, provider,"
			    " country, counted"),
	  NULL },
	{ "cursors", WHOLE("cursors", "name"), NULL },
	OWN("decisions", "decision"),
	OWN("devices", "device"),
	OWN("enrolments", "enrolment"),
	{ "growth", WHOLE("growth", "segment, hour"), NULL },
	OWN("history", "person, name, at_s, seq"),
	{ "holds", WHOLE("holds", "workflow, held_s"), NULL },
	OWN("identities", "kind, value"),
	{ "latencies",
	  WHOLE("latencies", "day, workflow, step, channel, took_s"), NULL },
	{ "links", WHOLE("links", "token"),
	  WHERE("links", "token", "message IN " MESSAGES) },
	OWN("lists", "name, person"),
	{ "log", WHOLE("log", "seq"),
	  WHERE("log", "seq",
		"seq IN (SELECT seq FROM history WHERE person = $person)") },
	{ "looks",
	  "SELECT /* all */ person, since_s AS due_s FROM members"
	  " WHERE segment = 0 ORDER BY person",
	  "SELECT person, since_s AS due_s FROM members"
	  " WHERE person = $person AND segment = 0" },
	{ "members",
	  "SELECT /* all */ * FROM members WHERE segment > 0"
	  " ORDER BY person, segment",
	  "SELECT s.name AS segment, m.person, m.since_s FROM members m"
	  " JOIN segments s ON s.segment = m.segment"
	  " WHERE m.person = $person ORDER BY m.segment" },
	OWN("last_clicks", "person, channel"),
	OWN("messages", "id"),
	{ "meta",
	  "SELECT /* all */ * FROM meta WHERE name <> 'secret' ORDER BY name",
	  NULL },
	{ "metrics", OF_MESSAGE("all", "metrics", "TRUE", "metric, x.device"),
	  OF_MESSAGE("", "metrics", "x.person = $person", "metric, x.device") },
	OWN("numbers", "number, person"),
	{ "people", WHOLE("people", "person"),
	  WHERE("people", "person",
		"person IN (SELECT $person UNION ALL SELECT person FROM people"
		" WHERE merged_into = $person AND merged_into > 0)") },
	{ "re_permissions", WHOLE("re_permissions", "number_key"),
	  WHERE("re_permissions", "number_key", "message IN " MESSAGES) },
	OWN("removals", "person, token"),
	OWN("reviews", "review"),
	{ "runs", WHOLE("runs", "run"), NULL },
	{ "seen", WHOLE("seen", "hash"), NULL },
	{ "segments", WHOLE("segments", "segment"), NULL },
	{ "senders", WHOLE("senders", "provider, sender"), NULL },
	OWN("subscriptions", "person, topic"),
	{ "suppressions", WHOLE("suppressions", "kind, value_key"), NULL },
	OWN("timers", "kind, owner, person"),
	{ "verdicts",
	  WHOLE("verdicts", "day, workflow, step, channel, gate, verdict"),
	  NULL },
	{ "versions", WHOLE("versions", "hash"), NULL },
};

/* Where the lines go. */
typedef struct {
	JrLineFn each;
	gpointer user;
	gboolean ended;
} Out;

static gboolean dump_rows(JrStmt *st, const char *table, Out *out,
			  GError **error)
{
	g_autoptr(GString) line = g_string_new(NULL);
	gboolean row;

	while (!out->ended) {
		if (!jr_stmt_row(st, &row, error))
			return FALSE;
		if (!row)
			break;
		g_string_printf(line, "{\"table\":\"%s\",\"row\":", table);
		jr_stmt_write_row(st, line);
		g_string_append_c(line, '}');
		out->ended = !out->each(line->str, line->len, out->user);
	}
	return TRUE;
}

gboolean jr_store_dump(JrDb *db, guint flags, gint64 person, JrLineFn each,
		       gpointer user, GError **error)
{
	Out out = { each, user, FALSE };

	if (!jr_counters_settle(db, error))
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(tables); i++) {
		gboolean one = flags & JR_DUMP_PERSON;
		const char *sql = one ? tables[i].person : tables[i].all;
		g_autoptr(JrStmt) st = NULL;

		if (!sql || (g_str_equal(tables[i].table, "runs") &&
			     !(flags & JR_DUMP_RUNS)))
			continue;
		st = jr_db_stmt(db, sql, error);
		if (!st)
			return FALSE;
		if (one)
			jr_stmt_set_int(st, "person", person);
		if (!dump_rows(st, tables[i].table, &out, error))
			return FALSE;
	}
	return TRUE;
}
