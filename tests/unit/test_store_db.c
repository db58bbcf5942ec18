/* Opening a state: what it is, whose it is, and how it is shared. */
#include "store.h"
#include "store/schema.h"

#include <sys/stat.h>

static char u_1[] = "u_1", u_2[] = "u_2"; /* people, as data of bodies */

static void assert_refused(const char *where, const JrDbOptions *options,
			   JrError kind, const char *says)
{
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(jr_db_open(where, options, &error));
	ck_assert_msg(g_error_matches(error, JR_ERROR, (int)kind), "%s",
		      error->message);
	ck_assert_msg(strstr(error->message, says) != NULL, "%s",
		      error->message);
}

START_TEST(a_new_state_is_its_owners_alone)
{
	struct stat st;

	ck_assert_int_eq(stat(state_path, &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0600);
	OK(jr_db_check(db, &failed));
}
END_TEST

/* Whether a commit waits for the disk: 2, FULL; 1, NORMAL: not. */
static int waits(void)
{
	sqlite3_stmt *st = NULL;
	int mode;

	ck_assert_int_eq(sqlite3_prepare_v2(db->conn, "PRAGMA synchronous", -1,
					    &st, NULL),
			 SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(st), SQLITE_ROW);
	mode = sqlite3_column_int(st, 0);
	sqlite3_finalize(st);
	return mode;
}

START_TEST(it_is_written_ahead_and_to_the_disk)
{
	ck_assert_int_eq(number_of("SELECT journal_mode = 'wal'"
				   " FROM pragma_journal_mode"),
			 1);
	ck_assert_int_eq(waits(), 2);
}
END_TEST

/* A note's body: whether it fails is told, and it looks whether it waits. */
static gboolean take_note(JrDb *here, gpointer data, GError **error)
{
	const gboolean *good = data;
	gint64 owner;
	const JrIdentity name = { JR_IDENTITY_ID, "noted" };

	ck_assert_int_eq(waits(), 1);
	return jr_person_identify(here, 1, &name, &owner, error) && *good;
}

/* Kept or rolled back, all that is written afterwards waits again. */
START_TEST(a_note_waits_for_no_disk_and_nothing_else_does_so)
{
	gboolean good = _i;

	ck_assert_int_eq(jr_db_note(db, take_note, &good, NULL), good);
	ck_assert_int_eq(waits(), 2);
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM identities"
				   " WHERE value = 'noted'"),
			 good);
}
END_TEST

static const struct {
	const char *sql;  /* what is done to the file before it is opened */
	const char *says; /* of the error: JR_ERROR_CONFIG */
	const char *undo;
} strange[] = {
	{ "UPDATE meta SET value = '99' WHERE name = 'schema'",
	  "its schema has version 99, this jr knows 11: install the newer jr",
	  NULL },
	{ "DELETE FROM meta WHERE name = 'schema'",
	  "a database of something "
	  "else",
	  NULL },
	{ "ALTER TABLE meta RENAME TO other", "a database of something else",
	  "ALTER TABLE other RENAME TO meta" },
};

START_TEST(a_state_of_another_kind_is_refused)
{
	meddle(strange[_i].sql);
	assert_refused(state_path, NULL, JR_ERROR_CONFIG, strange[_i].says);
	assert_refused(state_path, NULL, JR_ERROR_CONFIG, state_path);
	meddle(strange[_i].undo ? strange[_i].undo : "");
}
END_TEST

START_TEST(what_is_no_database_is_refused)
{
	g_autofree char *path = g_strconcat(state_path, "-wal", NULL);
	g_autofree char *text = g_strnfill(8192, 'x');

	jr_db_close(db);
	ck_assert(g_file_set_contents(state_path, text, -1, NULL));
	g_unlink(path);
	assert_refused(state_path, NULL, JR_ERROR_CONFIG, "no state of jr");
	g_unlink(state_path);
	db = jr_db_open(state_path, NULL, NULL);
}
END_TEST

/* The first page stays: what is behind it is noise. */
static void damage(const char *path)
{
	g_autofree char *text = NULL;
	gsize len;

	ck_assert(g_file_get_contents(path, &text, &len, NULL));
	memset(text + 4096, 0x5a, len - 4096);
	ck_assert(g_file_set_contents(path, text, (gssize)len, NULL));
}

START_TEST(what_is_damaged_is_told)
{
	jr_db_close(db);
	damage(state_path);
	assert_refused(state_path, NULL, JR_ERROR_IO, "damaged");
	g_unlink(state_path);
	db = jr_db_open(state_path, NULL, NULL);
}
END_TEST

static const struct {
	const char *where;
	JrDbOptions options;
	JrError kind;
	const char *says;
} places[] = {
	{ "postgres://host/db", { 0 }, JR_ERROR_CONFIG, "SQLite driver only" },
	{ "postgresql://host", { 0 }, JR_ERROR_CONFIG, "path of a file" },
	{ "/nowhere/at/all", { 0 }, JR_ERROR_IO, "No such file" },
	{ "/nowhere",
	  { .must_exist = TRUE },
	  JR_ERROR_CONFIG,
	  "jr-ingest makes it" },
	{ "/nowhere",
	  { .read_only = TRUE },
	  JR_ERROR_CONFIG,
	  "jr-ingest makes it" },
	{ "/tmp", { 0 }, JR_ERROR_IO, "/tmp" },
};

START_TEST(a_place_that_is_none_is_refused)
{
	assert_refused(places[_i].where, &places[_i].options, places[_i].kind,
		       places[_i].says);
}
END_TEST

START_TEST(a_reader_sees_what_is_there)
{
	const JrDbOptions options = { .read_only = TRUE };
	gint64 person = make_person("u_1");
	g_autoptr(JrDb) reader = jr_db_open(state_path, &options, &failed);
	JrPerson one = { .person = person };

	ck_assert_ptr_nonnull(reader);
	OK(jr_people_load(reader, &one, 1, arena, &failed));
	ck_assert_str_eq(one.id, "u_1");
}
END_TEST

/* Two who open a new state in the same moment make one schema. */
START_TEST(two_may_make_it_at_once)
{
	g_autoptr(JrDb) other = jr_db_open(state_path, NULL, &failed);

	ck_assert_ptr_nonnull(other);
	ck_assert_str_eq(jr_db_secret(db), jr_db_secret(other));
	ck_assert_uint_eq(strlen(jr_db_secret(db)), 64);
}
END_TEST

/* ---- transactions ---- */

static gboolean add_one(JrDb *here, gpointer data, GError **error)
{
	JrPerson person = { .id = data, .state = JR_PERSON_LIVE };

	return jr_people_add(here, &person, 1, error);
}

static gboolean see(JrDb *here, gpointer data, GError **error)
{
	return jr_db_seen(here, data, error);
}

static gboolean see_and_add(JrDb *here, gpointer data, GError **error)
{
	return jr_db_seen(here, data, error) &&
	       add_one(here, (gpointer) "u_own", error);
}

/* What was read may be kept for as long as nobody else has written. */
START_TEST(what_others_write_is_seen)
{
	g_autoptr(JrDb) other = jr_db_open(state_path, NULL, &failed);
	gint64 first = 0, mark = 0;

	OK(jr_db_write(db, see_and_add, &first, &failed));
	ck_assert_int_ne(first, 0);
	OK(jr_db_write(db, see, &mark, &failed));
	ck_assert_int_eq(mark, first); /* it was our own hand */
	OK(jr_db_write(other, see, &mark, &failed));
	OK(jr_db_write(db, see, &mark, &failed));
	ck_assert_int_eq(mark, first); /* nothing was written */
	OK(jr_db_write(other, add_one, (gpointer) "u_other", &failed));
	OK(jr_db_write(db, see, &mark, &failed));
	ck_assert_int_ne(mark, first);
}
END_TEST

static gint64 count_people(JrDb *here)
{
	gint64 n;

	OK(jr_people_count(here, &n, &failed));
	return n;
}

static gboolean add_and_fail(JrDb *here, gpointer data, GError **error)
{
	ck_assert(add_one(here, data, NULL));
	g_set_error_literal(error, JR_ERROR, JR_ERROR_INPUT, "no");
	return FALSE;
}

START_TEST(what_fails_leaves_nothing)
{
	g_autoptr(GError) error = NULL;

	ck_assert(!jr_db_write(db, add_and_fail, u_1, &error));
	ck_assert_str_eq(error->message, "no");
	ck_assert_int_eq(count_people(db), 0);
	OK(jr_db_write(db, add_one, u_2, &failed));
	ck_assert_int_eq(count_people(db), 1);
}
END_TEST

START_TEST(a_full_disk_is_told_and_costs_nothing)
{
	g_autofree char *long_id = g_strnfill(1 << 20, 'x');
	g_autoptr(GError) error = NULL;

	OK(jr_db_write(db, add_one, u_1, &failed));
	sqlite3_exec(db->conn, "PRAGMA max_page_count = 1", NULL, NULL, NULL);
	ck_assert(!jr_db_write(db, add_one, long_id, &error));
	ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_IO));
	ck_assert_ptr_nonnull(strstr(error->message, "disk is full"));
	sqlite3_exec(db->conn, "PRAGMA max_page_count = 1000000", NULL, NULL,
		     NULL);
	ck_assert_int_eq(count_people(db), 1);
	OK(jr_db_write(db, add_one, long_id, &failed));
	OK(jr_db_check(db, &failed));
}
END_TEST

/* While one writes, @data waits in vain, but may read what was before. */
static gboolean be_in_the_way(JrDb *here, gpointer data, GError **error)
{
	g_autoptr(GError) busy = NULL;

	ck_assert(add_one(here, u_1, error));
	ck_assert(!jr_db_write(data, add_one, u_2, &busy));
	ck_assert(g_error_matches(busy, JR_ERROR, JR_ERROR_BUSY));
	ck_assert_ptr_nonnull(strstr(busy->message, "try again later"));
	ck_assert_int_eq(count_people(data), 0);
	return TRUE;
}

START_TEST(the_other_is_busy_and_then_is_not)
{
	const JrDbOptions at_once = { .wait_ms = -1 };
	g_autoptr(JrDb) other = jr_db_open(state_path, &at_once, &failed);

	OK(jr_db_write(db, be_in_the_way, other, &failed));
	OK(jr_db_write(other, add_one, u_2, &failed));
	ck_assert_int_eq(count_people(db), 2);
}
END_TEST

#define WRITERS 4
#define EACH 50

static gpointer write_many(gpointer data)
{
	g_autoptr(JrDb) here = jr_db_open(state_path, NULL, NULL);

	for (int i = 0; i < EACH; i++)
		if (!jr_db_write(here, add_one, data, NULL))
			return NULL;
	return here ? data : NULL;
}

START_TEST(many_who_write_at_once_all_do)
{
	GThread *threads[WRITERS];

	for (int i = 0; i < WRITERS; i++)
		threads[i] = g_thread_new("writer", write_many, u_1);
	for (int i = 0; i < WRITERS; i++)
		ck_assert_ptr_nonnull(g_thread_join(threads[i]));
	ck_assert_int_eq(count_people(db), WRITERS * EACH);
}
END_TEST

static gboolean look_twice(JrDb *here, gpointer other, GError **error)
{
	gint64 before = count_people(here);

	ck_assert(jr_db_write(other, add_one, u_1, error));
	return count_people(here) == before;
}

START_TEST(a_reader_has_one_view)
{
	g_autoptr(JrDb) other = jr_db_open(state_path, NULL, &failed);

	OK(jr_db_read(db, look_twice, other, &failed));
	ck_assert_int_eq(count_people(db), 1);
}
END_TEST

/* ---- migration ---- */

static const char *const second[] = {
	"CREATE TABLE extras (extra $SERIAL, note TEXT)",
	"INSERT INTO extras (note) SELECT id FROM people",
	NULL,
};
static const char *const broken[] = {
	"CREATE TABLE more (a $KEY)",
	"INSERT INTO nowhere VALUES (1)",
	NULL,
};

/* What this build knows, and @n versions after it.  Owned. */
static JrMigration *with_more(const char *const *const *more, gsize n)
{
	JrMigration *all = g_new0(JrMigration, jr_migrations_n + n);

	memcpy(all, jr_migrations, jr_migrations_n * sizeof(*all));
	for (gsize i = 0; i < n; i++)
		all[jr_migrations_n + i] = (JrMigration){
			jr_migrations[jr_migrations_n - 1].version + 1 + (int)i,
			more[i]
		};
	return all;
}

static const char *const *const one_more[] = { second };
static const char *const *const two_more[] = { second, broken };

static int version_now(void)
{
	return (int)number_of("SELECT value FROM meta WHERE name = 'schema'");
}

START_TEST(an_older_state_is_brought_forward_once)
{
	g_autofree JrMigration *more = with_more(one_more, 1);
	g_autofree char *wanted =
		g_strdup_printf("version %d", version_now() + 1);

	make_person("u_1");
	OK(jr_migrate(db, more, jr_migrations_n + 1, &failed));
	OK(jr_migrate(db, more, jr_migrations_n + 1, &failed));
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM extras"), 1);
	assert_refused(state_path, NULL, JR_ERROR_CONFIG, wanted);
}
END_TEST

START_TEST(a_step_that_fails_leaves_all_as_it_was)
{
	g_autofree JrMigration *more = with_more(two_more, 2);
	int before = version_now();

	ck_assert(!jr_migrate(db, more, jr_migrations_n + 2, NULL));
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM sqlite_schema"
				   " WHERE name IN ('extras', 'more')"),
			 0);
	ck_assert_int_eq(version_now(), before);
}
END_TEST

typedef struct {
	int first, last; /* versions */
	guint told, of;
} Told;

static void note_moving(int version, guint done, guint of, gpointer user)
{
	Told *told = user;

	ck_assert_uint_eq(done, told->told);
	if (!told->told)
		told->first = version;
	told->last = version;
	told->told++;
	told->of = of;
}

START_TEST(whoever_waits_is_told_how_far_it_is)
{
	Told told = { 0 };
	const JrDbOptions options = { .moving = note_moving, .user = &told };

	jr_db_close(db);
	OK((db = jr_db_open(state_path, &options, &failed)) != NULL);
	ck_assert_uint_eq(told.told, 0); /* it is of today */
	jr_db_close(db);
	meddle("DELETE FROM counters WHERE counted >= 48; DROP TABLE"
	       " last_clicks; UPDATE meta SET value = '9' WHERE name ="
	       " 'schema'");
	OK((db = jr_db_open(state_path, &options, &failed)) != NULL);
	ck_assert_uint_gt(told.told, 2);
	ck_assert_uint_eq(told.told, told.of);
	ck_assert_int_eq(told.first, 10);
	ck_assert_int_eq(told.last, jr_migrations[jr_migrations_n - 1].version);
	jr_db_close(db);
	g_unlink(state_path);
	told.told = 0;
	OK((db = jr_db_open(state_path, &options, &failed)) != NULL);
	ck_assert_uint_eq(told.told, 0); /* a new one has nothing to move */
}
END_TEST

START_TEST(a_state_of_the_first_version_gets_what_came_later)
{
	static const JrMigration first[] = { { 1, jr_schema_1 } };

	meddle(BEFORE_9
	       "DROP TABLE lists; DROP TABLE growth; DROP TABLE builds;"
	       "DROP TABLE verdicts; DROP TABLE latencies;"
	       "DROP INDEX messages_sender;"
	       "ALTER TABLE decisions DROP COLUMN channel;" LESS_THAN_VERSION_7
	       "UPDATE meta SET value = '1' WHERE name = 'schema'");
	make_person("u_1");
	OK(jr_migrate(db, first, 1, &failed));
	OK(jr_migrate(db, jr_migrations, jr_migrations_n, &failed));
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM sqlite_schema"
				   " WHERE name IN ('lists', 'lists_person',"
				   " 'growth', 'builds', 'verdicts',"
				   " 'latencies')"),
			 6);
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM people"), 1);
}
END_TEST

/* As version 4 kept members: by segment, and an index by person. */
static const char version_4[] = BEFORE_9
	"DROP TABLE members;"
	"CREATE TABLE members (segment BIGINT NOT NULL, person BIGINT NOT NULL,"
	" since_s BIGINT NOT NULL, PRIMARY KEY (segment, person)) WITHOUT ROWID;"
	"CREATE INDEX members_person ON members (person);"
	"INSERT INTO members VALUES (1, 7, 100), (1, 8, 101), (2, 7, 102);" LESS_THAN_VERSION_7
	"UPDATE meta SET value = '4' WHERE name = 'schema'";

START_TEST(members_of_version_4_stay_members)
{
	meddle(version_4);
	OK(jr_migrate(db, jr_migrations, jr_migrations_n, &failed));
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM members"), 3);
	ck_assert_int_eq(number_of("SELECT since_s FROM members"
				   " WHERE person = 7 AND segment = 2"),
			 102);
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM sqlite_schema"
				   " WHERE tbl_name = 'members'"
				   " AND name = 'members_person'"),
			 0);
}
END_TEST

/* As version 5 kept when to look at people: among the timers. */
static const char version_5[] = BEFORE_9 LESS_THAN_VERSION_7
	"DROP INDEX members_look;"
	"INSERT INTO members VALUES (7, 1, 100);"
	"INSERT INTO timers VALUES (1, '', 7, 50, NULL), (1, '', 8, 60, NULL),"
	" (1, '3', 8, 55, NULL), (2, 'w', 8, 70, NULL);"
	"UPDATE meta SET value = '5' WHERE name = 'schema'";

START_TEST(timers_of_version_5_become_looks)
{
	meddle(version_5);
	OK(jr_migrate(db, jr_migrations, jr_migrations_n, &failed));
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM timers"), 1);
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM members"), 3);
	ck_assert_int_eq(number_of("SELECT since_s FROM members"
				   " WHERE person = 8 AND segment = 0"),
			 55);
}
END_TEST

/* Two messages, what was tried and what happened, as version 8 kept them. */
static const char version_8[] =
	"DROP TABLE last_clicks;"
	"INSERT INTO messages (id, enrolment, workflow, person, channel,"
	" purpose, priority, state, trigger_s, due_s, wake_s, deadline_s,"
	" segments, cost_micros, counted_s, attempts, accepted_s, settled_s)"
	" VALUES ('m_b', 1, 'w', 7, 1, 1, 0, 4, 0, 1, 0, 0, 1, 9, 5, 1, 6, 6),"
	" ('m_a', 2, 'w', 8, 1, 1, 0, 7, 0, 1, 0, 0, 1, 9, 5, 2, 0, 6);"
	"INSERT INTO attempts (message_row, attempt, device, started_s,"
	" ended_s, state, provider, provider_id, cost_micros)"
	" SELECT message_row, attempts, 0, 5, 6, state, 'twilio', id, 9"
	" FROM messages;"
	"INSERT INTO metrics (message_row, metric, device, person, at_s, day,"
	" seq, first) SELECT message_row, 1, 0, person, 6, 0, 0, 1"
	" FROM messages WHERE id = 'm_b';" BEFORE_9
	"UPDATE meta SET value = '8' WHERE name = 'schema'";

START_TEST(messages_of_version_8_keep_what_is_said_of_them)
{
	static const char *const triggers = "DROP TRIGGER claim_needs_consent;"
					    "DROP TRIGGER claim_is_only_once";

	meddle(triggers);
	meddle(version_8);
	OK(jr_migrate(db, jr_migrations, jr_migrations_n, &failed));
	ck_assert_int_eq(
		number_of("SELECT COUNT(*) FROM attempts a JOIN messages m"
			  " ON m.message_row = a.message_row"
			  " WHERE a.provider_id = m.id"
			  " AND a.attempt = m.attempts"),
		2);
	ck_assert_int_eq(number_of("SELECT t.person FROM metrics t"
				   " JOIN messages m"
				   " ON m.message_row = t.message_row"
				   " WHERE m.id = 'm_b'"),
			 7);
	ck_assert_int_eq(number_of("SELECT message_row < (SELECT message_row"
				   " FROM messages WHERE id = 'm_a')"
				   " FROM messages WHERE id = 'm_b'"),
			 1); /* as they were planned */
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM sqlite_schema"
				   " WHERE name IN ('claim_needs_consent',"
				   " 'claim_is_only_once', 'forbidden',"
				   " 'messages_wake', 'messages_person',"
				   " 'messages_caps', 'messages_enrolment',"
				   " 'messages_address', 'messages_accepted',"
				   " 'messages_sender', 'attempts_provider',"
				   " 'metrics_person')"),
			 12);
}
END_TEST

START_TEST(a_reader_cannot_bring_it_forward)
{
	g_autofree JrMigration *more = with_more(one_more, 1);
	const JrDbOptions options = { .read_only = TRUE };
	g_autoptr(JrDb) reader = jr_db_open(state_path, &options, &failed);
	g_autoptr(GError) error = NULL;

	ck_assert(!jr_migrate(reader, more, jr_migrations_n + 1, &error));
	ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_CONFIG));
	ck_assert_ptr_nonnull(strstr(error->message, "run jr-ingest once"));
}
END_TEST

/* ---- statements ---- */

START_TEST(the_same_statement_may_be_lent_twice)
{
	static const char sql[] = "SELECT $n + 1";
	g_autoptr(JrStmt) outer = jr_db_stmt(db, sql, &failed);
	gboolean row;

	jr_stmt_set_int(outer, "n", 1);
	OK(jr_stmt_row(outer, &row, &failed));
	for (int i = 0; i < 3; i++) {
		g_autoptr(JrStmt) inner = jr_db_stmt(db, sql, &failed);

		jr_stmt_set_int(inner, "n", 10);
		OK(jr_stmt_row(inner, &row, &failed));
		ck_assert_int_eq(jr_stmt_int(inner, 0), 11);
	}
	ck_assert_int_eq(jr_stmt_int(outer, 0), 2);
}
END_TEST

START_TEST(a_mistake_in_sql_is_told)
{
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(jr_db_stmt(db, "SELECT \"no such text\"", &error));
	ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_IO));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, open_state, close_state);
	tcase_add_test(tc, a_new_state_is_its_owners_alone);
	tcase_add_test(tc, it_is_written_ahead_and_to_the_disk);
	tcase_add_loop_test(
		tc, a_note_waits_for_no_disk_and_nothing_else_does_so, 0, 2);
	tcase_add_loop_test(tc, a_state_of_another_kind_is_refused, 0,
			    G_N_ELEMENTS(strange));
	tcase_add_test(tc, what_is_no_database_is_refused);
	tcase_add_test(tc, what_is_damaged_is_told);
	tcase_add_loop_test(tc, a_place_that_is_none_is_refused, 0,
			    G_N_ELEMENTS(places));
	tcase_add_test(tc, a_reader_sees_what_is_there);
	tcase_add_test(tc, two_may_make_it_at_once);
	tcase_add_test(tc, what_others_write_is_seen);
	tcase_add_test(tc, what_fails_leaves_nothing);
	tcase_add_test(tc, a_full_disk_is_told_and_costs_nothing);
	tcase_add_test(tc, the_other_is_busy_and_then_is_not);
	tcase_add_test(tc, many_who_write_at_once_all_do);
	tcase_add_test(tc, a_reader_has_one_view);
	tcase_add_test(tc, an_older_state_is_brought_forward_once);
	tcase_add_test(tc, a_step_that_fails_leaves_all_as_it_was);
	tcase_add_test(tc, whoever_waits_is_told_how_far_it_is);
	tcase_add_test(tc, a_state_of_the_first_version_gets_what_came_later);
	tcase_add_test(tc, members_of_version_4_stay_members);
	tcase_add_test(tc, timers_of_version_5_become_looks);
	tcase_add_test(tc, messages_of_version_8_keep_what_is_said_of_them);
	tcase_add_test(tc, a_reader_cannot_bring_it_forward);
	tcase_add_test(tc, the_same_statement_may_be_lent_twice);
	tcase_add_test(tc, a_mistake_in_sql_is_told);
}
