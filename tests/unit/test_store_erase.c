/* Erasure: gone from every table and every byte of the files; and the dump. */
#define _GNU_SOURCE /* memmem() */
#include "store.h"
#include "store/consents.h"
#include "store/decisions.h"
#include "store/devices.h"
#include "store/enrolments.h"
#include "store/erase.h"
#include "store/lists.h"
#include "store/log.h"
#include "store/messages.h"
#include "store/receipts.h"
#include "store/runs.h"
#include "store/segments.h"
#include "store/suppress.h"

#include <stdio.h>

/* Every text about person N has this in it, and nothing else has. */
#define MARK "zq%05dqz"

static char *mark(int n, const char *format)
{
	g_autofree char *m = g_strdup_printf(MARK, n);

	return g_strdup_printf(format, m, m, m);
}

/* ---- a person known in every table ---- */

static void know_person(gint64 person, int n)
{
	g_autofree char *email = mark(n, "%s@example.com");
	g_autofree char *number = mark(n, "+%s");
	g_autofree char *text = mark(n, "{\"a\":\"%s\",\"b\":\"%s\"}");
	const char *const numbers[] = { number, NULL };
	const JrIdentity identity = { JR_IDENTITY_EMAIL, email };
	JrPerson saved = { .person = person,
			   .id = email,
			   .state = JR_PERSON_LIVE,
			   .attributes = text,
			   .times = text };
	JrReview review = { .person = person, .number = number, .text = text };
	gint64 owner;

	WRITE(jr_person_identify(db, person, &identity, &owner, &failed));
	WRITE(jr_person_set_numbers(db, person, numbers, &failed));
	WRITE(jr_people_save(db, &saved, 1, &failed));
	WRITE(jr_review_add(db, &review, &failed));
	review.person = 0; /* came before the number was known */
	WRITE(jr_review_add(db, &review, &failed));
}

static void know_events(gint64 person, int n)
{
	g_autofree char *name = mark(n, "/users/%s");
	g_autofree char *id = mark(n, "id-%s");
	g_autofree char *data = mark(n, "{\"email\":\"%s\",\"x\":\"%s%s\"}");
	JrLogRow row = { .kind = JR_LOG_PAGE,
			 .person = person,
			 .name = name,
			 .id = id,
			 .data = data,
			 .data_len = strlen(data) };

	WRITE(jr_log_add(db, &row, &failed));
}

static void know_wishes(gint64 person, int n)
{
	g_autofree char *token = mark(n, "token-%s");
	g_autofree char *other = mark(n, "other-%s");
	g_autofree char *topic = mark(n, "topic-%s");
	const JrDevice device = { .person = person,
				  .kind = "apns",
				  .token = token,
				  .platform = "ios",
				  .attributes = topic };
	const JrSubscription wish = { person, topic, TRUE, 1 };
	const JrTimer timer = { JR_TIMER_TRIGGER, "w", person, 5, topic };
	const JrListed listed = { topic, person, TRUE, 1 };
	const JrLook look = { person, 5 };
	JrMemberChange in = { .person = person, .in = TRUE };
	JrSegment segment = { .name = "all" };
	gboolean done;
	guint gone;

	WRITE(jr_device_put(db, &device, &done, &failed));
	WRITE(jr_device_remove(db, person, other, 1, &gone, &failed));
	WRITE(jr_subscription_set(db, &wish, &done, &failed));
	WRITE(jr_timers_set(db, &timer, 1, &failed));
	WRITE(jr_segment_put(db, &segment, &failed));
	in.segment = segment.segment;
	WRITE(jr_members_change(db, 1, &in, 1, &failed));
	WRITE(jr_looks_set(db, &look, 1, &failed));
	WRITE(jr_list_put(db, &listed, &failed));
}

static void know_consent(gint64 person, int n)
{
	g_autofree char *number = mark(n, "+%s");
	g_autofree char *agent = mark(n, "Browser %s");
	JrConsent row = { .person = person,
			  .number = number,
			  .channel = JR_CHANNEL_SMS,
			  .in = TRUE,
			  .at_s = 10,
			  .recorded_s = 10,
			  .ip = agent,
			  .agent = agent,
			  .source = "form",
			  .evidence = agent };
	gboolean changed;

	WRITE(jr_consent_add(db, &row, &changed, &failed));
	row.person = 0; /* a STOP before the number was known */
	row.in = FALSE;
	row.at_s = 5;
	WRITE(jr_consent_add(db, &row, &changed, &failed));
}

static void know_message(gint64 person, int n, const char *id)
{
	g_autofree char *text = mark(n, "{\"body\":\"Hi %s %s\"}");
	g_autofree char *number = mark(n, "+%s");
	g_autofree char *key = mark(n, "order-%s");
	JrEnrolment run = { .workflow = "w",
			    .version = "v",
			    .person = person,
			    .key = key,
			    .run = 1,
			    .state = JR_ENROLMENT_LIVE,
			    .due_s = 5,
			    .watch_s = G_MAXINT64,
			    .vars = text };
	JrMessage message = { .id = id,
			      .workflow = "w",
			      .person = person,
			      .channel = JR_CHANNEL_SMS,
			      .trigger_s = 1,
			      .wake_s = 1,
			      .address = number,
			      .content = text };
	const JrClaim claim = {
		.id = id, .provider = "sandbox", .now_s = 20, .limit_s = 60
	};
	const JrAttempt outcome = { .message = id,
				    .attempt = 1,
				    .ended_s = 21,
				    .state = JR_MESSAGE_ACCEPTED,
				    .reason = text,
				    .cost_micros = -1 };
	const JrLink link = { id, id, text, 1, 0 };
	const JrClick click = { id, 30, text, FALSE, 0 };
	JrDecisionRow why = { .person = person,
			      .workflow = "w",
			      .message = id,
			      .reason = text,
			      .details = text };
	JrMessageState state;
	JrClaimResult result;
	gint64 attempt;
	char *found;
	gboolean done;

	WRITE(jr_enrolment_add(db, &run, &done, &failed));
	message.enrolment = run.enrolment;
	WRITE(jr_message_plan(db, &message, &done, &failed));
	WRITE(jr_message_offer(db, &message, 15, &done, &failed));
	WRITE(jr_message_claim(db, &claim, &result, &attempt, &failed));
	ck_assert_int_eq(result, JR_CLAIM_TAKEN);
	WRITE(jr_attempt_settle(db, &outcome, 0, &state, &failed));
	WRITE(jr_link_put(db, &link, &done, &failed));
	WRITE(jr_click_add(db, &click, arena, &found, &done, &failed));
	WRITE(jr_decision_add(db, &why, &failed));
}

static gint64 know(int n)
{
	g_autofree char *name = mark(n, "u_%s");
	g_autofree char *id = g_strdup_printf("m_%d", n);
	gint64 person = make_person(name);

	know_person(person, n);
	know_events(person, n);
	know_wishes(person, n);
	know_consent(person, n);
	know_message(person, n, id);
	return person;
}

static void erase(gint64 person, gboolean bar)
{
	const JrErase one = { person, 50, "erased", bar };

	WRITE(jr_person_erase(db, &one, &failed));
}

/* How often @n's mark stands in the file at @path. */
static guint count_marks(const char *path, int n)
{
	g_autofree char *m = g_strdup_printf(MARK, n);
	g_autofree char *bytes = NULL;
	gsize len, size = strlen(m);
	guint found = 0;

	if (!g_file_get_contents(path, &bytes, &len, NULL))
		return 0;
	for (char *at = bytes;
	     (at = memmem(at, len - (gsize)(at - bytes), m, size)); at += size)
		found++;
	return found;
}

static guint count_in_files(int n)
{
	g_autofree char *wal = g_strconcat(state_path, "-wal", NULL);

	return count_marks(state_path, n) + count_marks(wal, n);
}

static gboolean add_line(const char *line, gsize len, gpointer user)
{
	g_string_append_len(user, line, (gssize)len);
	g_string_append_c(user, '\n');
	return TRUE;
}

static char *dump(guint flags, gint64 person)
{
	GString *text = g_string_new(NULL);

	OK(jr_store_dump(db, flags, person, add_line, text, &failed));
	return g_string_free(text, FALSE);
}

static gboolean no_fault(JrLedgerFault fault, gint64 row, gpointer user)
{
	(void)user;
	ck_abort_msg("fault %d in row %d", (int)fault, (int)row);
	return TRUE;
}

START_TEST(an_erased_person_is_in_no_table)
{
	gint64 person = know(1), other = know(2), rows;
	g_autofree char *before = dump(0, 0), *after = NULL, *head = NULL;
	g_autofree char *m1 = g_strdup_printf(MARK, 1);
	g_autofree char *m2 = g_strdup_printf(MARK, 2);
	JrPerson one = { .person = person };

	ck_assert_ptr_nonnull(strstr(before, m1));
	erase(person, FALSE);
	after = dump(0, 0);
	ck_assert_ptr_null(strstr(after, m1));
	ck_assert_ptr_nonnull(strstr(after, m2));
	OK(jr_consent_verify(db, no_fault, NULL, &rows, &head, &failed));
	ck_assert_int_eq(rows, 4);
	OK(jr_people_load(db, &one, 1, arena, &failed));
	ck_assert_int_eq(one.state, JR_PERSON_ERASED);
	ck_assert_int_eq(number_of("SELECT size FROM segments"), 1);
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM members"), 2);
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM reviews"), 2);
	ck_assert_int_ne(other, person);
}
END_TEST

START_TEST(its_number_is_blocked_and_its_run_over)
{
	g_autofree char *number = mark(1, "+%s");
	g_autofree char *identity = mark(1, "email:%s@example.com");
	JrSuppress ask = { JR_SUPPRESS_NUMBER, number, 0, NULL, NULL };
	JrSuppress ask_id = { JR_SUPPRESS_IDENTITY, identity, 0, NULL, NULL };
	gint64 person = know(1);
	gboolean yes;

	erase(person, _i);
	OK(jr_suppress_has(db, &ask, arena, &yes, &failed));
	ck_assert(yes);
	ck_assert_str_eq(ask.reason, "erased");
	OK(jr_suppress_has(db, &ask_id, arena, &yes, &failed));
	ck_assert_int_eq(yes, _i);
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM enrolments"
				   " WHERE state = 4 AND watch_s = 0"),
			 1);
}
END_TEST

/* A number they gave up may be another's: what names them goes, and the other
 * is not blocked. */
START_TEST(a_number_they_had_is_forgotten_and_not_blocked)
{
	g_autofree char *number = mark(1, "+%s");
	g_autofree char *after = NULL;
	const char *const others[] = { "+12065550199", NULL };
	JrSuppress ask = { JR_SUPPRESS_NUMBER, number, 0, NULL, NULL };
	gint64 person = know(1);
	gboolean yes;

	WRITE(jr_person_set_numbers(db, person, others, &failed));
	erase(person, TRUE);
	after = dump(0, 0);
	ck_assert_ptr_null(strstr(after, number));
	OK(jr_suppress_has(db, &ask, arena, &yes, &failed));
	ck_assert(!yes);
	ask.value = others[0];
	OK(jr_suppress_has(db, &ask, arena, &yes, &failed));
	ck_assert(yes);
}
END_TEST

START_TEST(a_record_of_the_erased_does_not_come_back)
{
	g_autofree char *id = mark(1, "id-%s");
	JrLogRow row = { .kind = JR_LOG_EVENT, .id = id };

	erase(know(1), FALSE);
	WRITE(jr_log_add(db, &row, &failed));
	ck_assert(!row.fresh);
}
END_TEST

START_TEST(who_was_merged_is_erased_along)
{
	g_autofree char *m1 = g_strdup_printf(MARK, 1);
	g_autofree char *after = NULL, *head = NULL;
	gint64 loser = know(1), winner = know(2), rows;

	WRITE(jr_people_merge(db, winner, loser, 40, &failed));
	erase(winner, FALSE);
	after = dump(0, 0);
	ck_assert_ptr_null(strstr(after, m1));
	OK(jr_consent_verify(db, no_fault, NULL, &rows, &head, &failed));
}
END_TEST

/*
 * Many people, much written and rewritten, so that rows have wandered from
 * page to page; then every third is erased, and no byte of theirs is left.
 */
#define MANY 600

START_TEST(no_byte_is_left_in_the_files)
{
	gint64 people[MANY];

	begin_write();
	for (int n = 0; n < MANY; n++)
		people[n] = know(n);
	end_write("COMMIT");
	for (int round = 0; round < 3; round++) {
		begin_write();
		for (int n = 0; n < MANY; n++) {
			g_autofree char *pad =
				g_strnfill((gsize)(n * 37 % 900), '.');
			g_autofree char *m = g_strdup_printf(MARK, n);
			g_autofree char *text = g_strconcat("{\"m\":\"", m, pad,
							    m, "\"}", NULL);
			JrPerson one = { .person = people[n],
					 .id = m,
					 .state = JR_PERSON_LIVE,
					 .attributes = text,
					 .times = text };

			WRITE(jr_people_save(db, &one, 1, &failed));
		}
		end_write("COMMIT");
	}
	begin_write();
	for (int n = 0; n < MANY; n += 3)
		erase(people[n], TRUE);
	end_write("COMMIT");
	OK(jr_db_scrub(db, &failed));
	for (int n = 0; n < MANY; n++) {
		guint left = count_in_files(n);

		ck_assert_msg(n % 3 ? left > 0 : left == 0, "%d: %u", n, left);
	}
	OK(jr_db_check(db, &failed));
}
END_TEST

START_TEST(scrubbing_waits_for_who_reads)
{
	const JrDbOptions at_once = { .wait_ms = -1 };
	g_autoptr(JrDb) other = jr_db_open(state_path, &at_once, &failed);
	g_autoptr(GError) error = NULL;

	OK(jr_db_scrub(other, &failed)); /* nothing is owed */
	erase(know(1), FALSE);
	OK(jr_stmt_run_text(db, "BEGIN", &failed));
	OK(jr_stmt_run_text(db, "SELECT COUNT(*) FROM people", &failed));
	ck_assert(!jr_db_scrub(other, &error));
	ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_BUSY));
	OK(jr_stmt_run_text(db, "COMMIT", &failed));
	OK(jr_db_scrub(other, &failed)); /* still owed, and now done */
	ck_assert_int_eq(number_of("SELECT value FROM meta"
				   " WHERE name = 'scrubbed'"),
			 1);
	ck_assert_uint_eq(count_in_files(1), 0);
}
END_TEST

/* ---- dumps ---- */

START_TEST(a_dump_has_every_table_and_no_secret)
{
	g_autofree char *all = NULL;
	g_autoptr(JrStmt) st = NULL;
	gboolean row = TRUE;
	JrRun run = { .command = "jr-ingest" };
	JrHold hold = { .workflow = "w" };
	const JrSenderStatus status = { "p", "s", "x", NULL, 1 };
	const JrVersion version = { "h", "w", "t", 1, TRUE };
	const JrSegmentBuild build = { 1, "h", 1, 1, 0 };
	gboolean fresh;

	know(1);
	erase(know(2), TRUE);
	WRITE(jr_run_start(db, &run, &failed));
	WRITE(jr_hold_put(db, &hold, &fresh, &failed));
	WRITE(jr_sender_status_put(db, &status, &failed));
	WRITE(jr_version_put(db, &version, &failed));
	WRITE(jr_segment_build_put(db, &build, &failed));
	meddle("INSERT INTO re_permissions VALUES ('k', 'm_1')");
	all = dump(JR_DUMP_RUNS, 0);
	ck_assert_ptr_null(strstr(all, jr_db_secret(db)));
	st = jr_db_stmt(db, db->driver->tables, &failed);
	while (row) {
		g_autofree char *want = NULL;
		gsize len;

		OK(jr_stmt_row(st, &row, &failed));
		if (!row)
			break;
		want = g_strdup_printf("{\"table\":\"%s\",\"row\":{",
				       jr_stmt_text(st, 0, &len));
		ck_assert_msg(strstr(all, want) != NULL, "%s", want);
	}
}
END_TEST

START_TEST(a_persons_export_is_theirs_alone)
{
	g_autofree char *m2 = g_strdup_printf(MARK, 2);
	g_autofree char *one = NULL;
	static const char *const tables[] = {
		"attempts",	 "clicks",  "consent_state", "consents",
		"decisions",	 "devices", "enrolments",    "history",
		"identities",	 "links",   "lists",	     "log",
		"looks",	 "members", "messages",	     "metrics",
		"numbers",	 "people",  "removals",	     "reviews",
		"subscriptions", "timers",
	};
	gint64 person = know(1);

	know(2);
	one = dump(JR_DUMP_PERSON, person);
	ck_assert_ptr_null(strstr(one, m2));
	for (guint i = 0; i < G_N_ELEMENTS(tables); i++) {
		g_autofree char *want =
			g_strdup_printf("{\"table\":\"%s\",", tables[i]);

		/* Their consent is the number's row; a stop would be nobody's.
		 */
		ck_assert_msg(strstr(one, want) != NULL, "%s", want);
	}
}
END_TEST

START_TEST(the_same_work_makes_the_same_dump)
{
	g_autofree char *first = NULL, *second = NULL;
	g_autofree char *copy = g_strconcat(state_path, ".copy", NULL);
	g_autofree char *text = NULL;
	gsize len;

	OK(db->driver->scrub(db->conn, &failed)); /* all is in one file */
	ck_assert(g_file_get_contents(state_path, &text, &len, NULL));
	ck_assert(g_file_set_contents(copy, text, (gssize)len, NULL));
	erase(know(1), TRUE);
	know(2);
	first = dump(0, 0);
	jr_db_close(db);
	ck_assert_int_eq(rename(copy, state_path), 0);
	db = jr_db_open(state_path, NULL, &failed);
	erase(know(1), TRUE);
	know(2);
	second = dump(0, 0);
	ck_assert_str_eq(first, second);
}
END_TEST

static gboolean stop(const char *line, gsize len, gpointer user)
{
	(void)line;
	(void)len;
	++*(int *)user;
	return FALSE;
}

START_TEST(a_dump_ends_when_told)
{
	int n = 0;

	know(1);
	OK(jr_store_dump(db, 0, 0, stop, &n, &failed));
	ck_assert_int_eq(n, 1);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, open_state, close_state);
	tcase_add_test(tc, an_erased_person_is_in_no_table);
	tcase_add_loop_test(tc, its_number_is_blocked_and_its_run_over, 0, 2);
	tcase_add_test(tc, a_number_they_had_is_forgotten_and_not_blocked);
	tcase_add_test(tc, a_record_of_the_erased_does_not_come_back);
	tcase_add_test(tc, who_was_merged_is_erased_along);
	tcase_add_test(tc, no_byte_is_left_in_the_files);
	tcase_add_test(tc, scrubbing_waits_for_who_reads);
	tcase_add_test(tc, a_dump_has_every_table_and_no_secret);
	tcase_add_test(tc, a_persons_export_is_theirs_alone);
	tcase_add_test(tc, the_same_work_makes_the_same_dump);
	tcase_add_test(tc, a_dump_ends_when_told);
}
