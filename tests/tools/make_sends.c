/*
 * make_sends - a store with many messages in it: make_sends STORE MESSAGES
 * [SEED].
 *
 * Messages of a year that ends on 2026-11-16, to a tenth as many people, by
 * eight workflows of two steps, half of them with a goal, with their receipts,
 * journeys, decisions, consents and devices: rows as a year of use would leave
 * them, written past the library's own functions, and then counted anew.  For
 * tests that figures are right, and benchmarks that they come fast.
 */
#include "store/report.h"

#include <sqlite3.h>
#include <stdio.h>

#define DAY_S 86400
#define DAYS 365
#define END_S 1794787200 /* 2026-11-16T00:00:00Z */

typedef struct {
	sqlite3 *conn;
	guint64 state;
	gint64 messages, people;
} Make;

/* SplitMix64 (public domain). */
static guint64 draw(Make *make)
{
	guint64 z = make->state += G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static gint64 below(Make *make, gint64 n)
{
	return (gint64)(draw(make) % (guint64)n);
}

/* Whether it happens, @permille times in a thousand. */
static gboolean happens(Make *make, int permille)
{
	return below(make, 1000) < permille;
}

static void run(Make *make, const char *sql)
{
	char *why = NULL;

	if (sqlite3_exec(make->conn, sql, NULL, NULL, &why) != SQLITE_OK)
		g_error("%s: %s", sql, why);
}

static sqlite3_stmt *prepare(Make *make, const char *sql)
{
	sqlite3_stmt *st = NULL;

	if (sqlite3_prepare_v2(make->conn, sql, -1, &st, NULL) != SQLITE_OK)
		g_error("%s: %s", sql, sqlite3_errmsg(make->conn));
	return st;
}

/* Bind @kinds, 'i' a gint64 and 't' a text or NULL, and step. */
static void put(sqlite3_stmt *st, const char *kinds, ...)
{
	va_list args;

	va_start(args, kinds);
	for (int i = 0; kinds[i]; i++) {
		if (kinds[i] == 'i')
			sqlite3_bind_int64(st, i + 1, va_arg(args, gint64));
		else
			sqlite3_bind_text(st, i + 1, va_arg(args, const char *),
					  -1, SQLITE_TRANSIENT);
	}
	va_end(args);
	if (sqlite3_step(st) != SQLITE_DONE)
		g_error("%s", sqlite3_errmsg(sqlite3_db_handle(st)));
	sqlite3_reset(st);
}

/* ---- people ---- */

static void put_people(Make *make)
{
	sqlite3_stmt *people = prepare(
		make, "INSERT INTO people VALUES (?,?,1,0,'{}','{}',NULL,1,1)");
	sqlite3_stmt *consents = prepare(
		make,
		"INSERT INTO consents (consent_row, person, number, number_key,"
		" channel, scope, agreed, at_s, recorded_s, log_seq, erased,"
		" digest, previous, hash) VALUES"
		" (?,?,?,?,1,'',1,?,?,0,0,'','','')");
	sqlite3_stmt *states = prepare(
		make, "INSERT INTO consent_state VALUES (?,1,'',?,?,?,0,0)");
	sqlite3_stmt *devices = prepare(
		make, "INSERT INTO devices (person, kind, token, platform,"
		      " enabled, registered_ms, last_used_s, gone_ms) VALUES"
		      " (?,'fcm-token',?,?,?,1,1,?)");

	for (gint64 i = 1; i <= make->people; i++) {
		char id[24], number[24];
		gint64 at_s = END_S - below(make, 3 * DAYS) * DAY_S;

		g_snprintf(id, sizeof(id), "u_%08d", (int)i);
		g_snprintf(number, sizeof(number), "+1206%08d", (int)i);
		put(people, "it", i, id);
		put(consents, "iittii", i, i, number, id, at_s, at_s);
		put(states, "tiii", id, i, at_s, i);
		put(devices, "ittii", i, id,
		    happens(make, 500) ? "ios" : "android",
		    (gint64)happens(make, 900),
		    (gint64)(happens(make, 100) ? 5 : 0));
	}
	sqlite3_finalize(people);
	sqlite3_finalize(consents);
	sqlite3_finalize(states);
	sqlite3_finalize(devices);
}

/* ---- messages ---- */

static const char *const workflows[] = {
	"onboarding",
	"payment_failed",
	"security_alert",
	"trial_ending",
	"workflow_abandoned",
	"win_back",
	"renewal",
	"digest",
};
static const char *const countries[] = { "US", "US", "US", "GB",
					 "DE", "FR", "CA" };
static const char *const gates[] = { "quiet_hours", "cap", "filter", "consent",
				     "deadline" };

/* Every other workflow has a goal. */
static gboolean has_goal(gint64 workflow)
{
	return workflow % 2 == 0;
}

static const char *hash_of(gint64 workflow)
{
	return has_goal(workflow) ? "goal" : "none";
}

typedef struct {
	sqlite3_stmt *messages, *metrics, *enrolments, *decisions;
} Tables;

typedef struct {
	char id[24];
	gint64 number, person, channel, accepted_s;
	const char *workflow, *step, *variant, *provider, *country;
} Message;

static void put_metric(const Tables *t, const Message *m, gint64 metric,
		       gint64 later_s)
{
	put(t->metrics, "tiiiitt", m->id, metric, m->person,
	    m->accepted_s + later_s, m->accepted_s / DAY_S, m->provider,
	    m->country);
}

/* Receipts may come days later: the day is that of the hand-over. */
static void put_receipts(Make *make, const Tables *t, const Message *m)
{
	gboolean push = m->channel == 2;

	put_metric(t, m, 1, 0);
	if (happens(make, 960))
		put_metric(t, m, 2, below(make, 2 * DAY_S));
	else
		put_metric(t, m, 8, 60);
	if (happens(make, push ? 120 : 80))
		put_metric(t, m, push ? 3 : 4, below(make, 5 * DAY_S));
	if (happens(make, 90))
		put_metric(t, m, 5, below(make, 7 * DAY_S));
	if (!push && happens(make, 12))
		put_metric(t, m, 7, below(make, 3 * DAY_S));
}

static Message make_message(Make *make, gint64 i, gint64 workflow)
{
	gint64 push = below(make, 2);
	Message m = { .number = i,
		      .person = 1 + below(make, make->people),
		      .channel = push ? 2 : 1,
		      .workflow = workflows[workflow],
		      .step = push ? "push" : "text",
		      .provider = push		       ? "fcm"
				  : happens(make, 900) ? "twilio"
						       : "telnyx" };

	if (workflow == 0)
		m.variant = happens(make, 500) ? "a" : "b";
	if (!push)
		m.country = countries[below(make, G_N_ELEMENTS(countries))];
	g_snprintf(m.id, sizeof(m.id), "m_%010d", (int)i);
	return m;
}

static void put_decision(Make *make, const Tables *t, const Message *m,
			 gint64 at_s)
{
	put(t->decisions, "iittitttt", at_s, m->person, m->workflow, m->step,
	    m->channel, m->id, gates[below(make, G_N_ELEMENTS(gates))],
	    happens(make, 400) ? "later" : "no", "as it is");
}

/* One in thirty is held by the cap; the others went, some days late. */
static void put_message(Make *make, const Tables *t, gint64 i)
{
	gint64 workflow = below(make, G_N_ELEMENTS(workflows));
	gint64 due_s =
		END_S - DAYS * DAY_S +
		(gint64)((double)i / (double)make->messages * DAYS * DAY_S);
	gint64 took_s = below(make, happens(make, 900) ? 900 : 3 * DAY_S);
	gboolean held = happens(make, 33);
	Message m = make_message(make, i, workflow);
	gint64 segments = m.channel == 2 ? 0 : 1 + below(make, 2);

	m.accepted_s = held ? 0 : due_s + took_s;
	put(t->messages,
	    "tittt"
	    "iiiiii"
	    "tiiii"
	    "tttt",
	    m.id, i / 2, m.workflow, m.step, m.variant, m.person, m.channel,
	    workflow, (gint64)(held ? 6 : 8), due_s, due_s, m.country, segments,
	    segments * 8300, m.accepted_s, m.accepted_s, m.provider,
	    held ? NULL : m.id, held ? "cap" : NULL, hash_of(workflow));
	if (!held)
		put_receipts(make, t, &m);
	if (happens(make, 300))
		put_decision(make, t, &m, due_s);
}

/* The text, then a fork, of which one way leads to the push; or not so far. */
static char *make_path(Make *make, gint64 at_s)
{
	gint64 later_s = at_s + DAY_S;

	if (happens(make, 300))
		return g_strdup_printf("text\t%" G_GINT64_FORMAT "\n", at_s);
	if (happens(make, 100))
		return g_strdup_printf("text\t%" G_GINT64_FORMAT
				       "\t-\nfork\t%" G_GINT64_FORMAT "\n",
				       at_s, later_s);
	return g_strdup_printf(
		"text\t%" G_GINT64_FORMAT "\nfork\t%" G_GINT64_FORMAT "\n\t%s\n"
		"push\t%" G_GINT64_FORMAT "\n",
		at_s, later_s, happens(make, 600) ? "if1" : "else", later_s);
}

/* A journey for every other message: on the way, or over in one of three
 * ways, with the goal reached or not. */
static void put_enrolment(Make *make, const Tables *t, gint64 i)
{
	gint64 workflow = below(make, G_N_ELEMENTS(workflows));
	gint64 at_s = END_S - below(make, DAYS * DAY_S);
	gint64 state = happens(make, 50) ? 1 : 2 + below(make, 3);
	gboolean goal = has_goal(workflow) &&
			(state == 3 || (state != 4 && happens(make, 200)));
	g_autofree char *path = make_path(make, at_s);

	put(t->enrolments, "ttiiiitiiiit", workflows[workflow],
	    hash_of(workflow), 1 + below(make, make->people), i, at_s, at_s,
	    happens(make, 500) ? "text" : "2", state,
	    state == 1 ? G_MAXINT64 : 0, goal ? at_s + DAY_S : 0,
	    state == 1 ? 0 : at_s + 2 * DAY_S, path);
}

static void put_messages(Make *make)
{
	const Tables t = {
		.messages = prepare(
			make,
			"INSERT INTO messages (id, enrolment, workflow, step,"
			" variant, person, channel, purpose, priority, state,"
			" trigger_s, due_s, wake_s, deadline_s, country,"
			" segments, cost_micros, counted_s, attempts,"
			" accepted_s, settled_s, provider, provider_id, code,"
			" version)"
			" VALUES (?1,?2,?3,?4,?5,?6,?7,1,?8,?9,?10,?11,0,0,"
			" ?12,?13,?14,?15,1,?16,?16,?17,?18,?19,?20)"),
		.metrics = prepare(
			make,
			"INSERT INTO metrics (message_row, metric, device,"
			" person, at_s, day, provider, country, seq, first)"
			" VALUES ((SELECT message_row FROM messages"
			" WHERE id = ?),?,0,?,?,?,?,?,0,1)"),
		.enrolments = prepare(
			make,
			"INSERT INTO enrolments (workflow, version, person,"
			" key, run, entered_s, trigger_seq, trigger_s, step,"
			" state, due_s, watch_s, goal_s, ended_s, path) VALUES"
			" (?1,?2,?3,'',?4,?5,0,?6,?7,?8,?9,0,?10,?11,?12)"),
		.decisions = prepare(
			make,
			"INSERT INTO decisions (at_s, person, workflow, step,"
			" enrolment, channel, message, gate, verdict, reason,"
			" opens_s) VALUES (?1,?2,?3,?4,0,?5,?6,?7,?8,?9,0)"),
	};

	for (gint64 i = 0; i < make->messages; i++) {
		put_message(make, &t, i);
		if (i % 2 == 0)
			put_enrolment(make, &t, i);
	}
	sqlite3_finalize(t.messages);
	sqlite3_finalize(t.metrics);
	sqlite3_finalize(t.enrolments);
	sqlite3_finalize(t.decisions);
}

/* Indexes are made afterwards, sorted: ten times as fast for ten million; but
 * for that of ids, by which metrics find their messages. */
static GPtrArray *drop_indexes(Make *make)
{
	sqlite3_stmt *st =
		prepare(make, "SELECT name, sql FROM sqlite_schema WHERE type ="
			      " 'index' AND sql IS NOT NULL"
			      " AND name <> 'messages_id'");
	g_autoptr(GPtrArray) drops = g_ptr_array_new_with_free_func(g_free);
	GPtrArray *creates = g_ptr_array_new_with_free_func(g_free);

	while (sqlite3_step(st) == SQLITE_ROW) {
		g_ptr_array_add(drops,
				g_strdup_printf("DROP INDEX %s",
						sqlite3_column_text(st, 0)));
		g_ptr_array_add(
			creates,
			g_strdup((const char *)sqlite3_column_text(st, 1)));
	}
	sqlite3_finalize(st);
	for (guint i = 0; i < drops->len; i++)
		run(make, drops->pdata[i]);
	return creates;
}

static void fill(Make *make, const char *path)
{
	g_autoptr(GPtrArray) creates = NULL;

	if (sqlite3_open(path, &make->conn) != SQLITE_OK)
		g_error("%s", sqlite3_errmsg(make->conn));
	/* Whoever is interrupted begins anew. */
	run(make, "PRAGMA journal_mode = OFF");
	run(make, "PRAGMA synchronous = OFF");
	run(make, "PRAGMA cache_size = -262144");
	run(make, "BEGIN");
	creates = drop_indexes(make);
	run(make, "INSERT INTO versions (hash, workflow, text, first_s, aims)"
		  " VALUES ('goal', '', 'goal: x', 1, 1),"
		  " ('none', '', 'name: x', 1, 0)");
	put_people(make);
	put_messages(make);
	for (guint i = 0; i < creates->len; i++)
		run(make, creates->pdata[i]);
	run(make, "COMMIT");
	run(make, "PRAGMA journal_mode = WAL");
	sqlite3_close(make->conn);
}

static gboolean recount(JrDb *db, gpointer data, GError **error)
{
	(void)data;
	return jr_report_recount(db, error);
}

/* An empty store, its rows, and its sums. */
static gboolean make_store(Make *make, const char *path, GError **error)
{
	JrDb *db = jr_db_open(path, NULL, error);
	gboolean ok;

	if (!db)
		return FALSE;
	jr_db_close(db);
	fill(make, path);
	db = jr_db_open(path, NULL, error);
	if (!db)
		return FALSE;
	ok = jr_db_write(db, recount, NULL, error);
	jr_db_close(db);
	return ok;
}

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	Make make = { 0 };

	if (argc < 3) {
		fputs("usage: make_sends STORE MESSAGES [SEED]\n", stderr);
		return 64;
	}
	make.messages = g_ascii_strtoll(argv[2], NULL, 10);
	make.people = MAX(1, make.messages / 10);
	make.state = argc > 3 ? g_ascii_strtoull(argv[3], NULL, 10) : 0;
	if (make_store(&make, argv[1], &error))
		return 0;
	fprintf(stderr, "make_sends: %s\n", error->message);
	return 74;
}
