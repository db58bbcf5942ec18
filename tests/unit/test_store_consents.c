/* Consent: what is true now, the chain that proves it, and what is kept of
 * whom nobody messages. */
#define _GNU_SOURCE /* memmem() */
#include "store.h"
#include "store/consents.h"
#include "store/suppress.h"

#define NUMBER "+12065550101"
#define OTHER "+12065550102"

static gboolean say(JrConsent consent)
{
	gboolean changed;

	consent.channel = consent.channel ? consent.channel : JR_CHANNEL_SMS;
	consent.recorded_s = consent.recorded_s ? consent.recorded_s : 1000;
	WRITE(jr_consent_add(db, &consent, &changed, &failed));
	return changed;
}

static JrConsentNow ask(gint64 person, const char *number, const char *scope)
{
	const JrConsentKey key = { person, number, JR_CHANNEL_SMS, scope };
	JrConsentNow now;

	OK(jr_consent_state(db, &key, &now, &failed));
	return now;
}

/*
 * Sayings, one a word: PERSON NUMBER SCOPE +/- INSTANT, where NUMBER is a or b
 * or - (none), SCOPE is . (every sender) or a letter; then whether each
 * changed something, and whether person 1 may be texted at a, by . and by s.
 */
static const struct {
	const char *said, *changed;
	gboolean all, s;
} talks[] = {
	{ "", "", FALSE, FALSE },
	{ "1a.+10", "y", TRUE, TRUE },
	{ "1a.+10 1a.-20", "yy", FALSE, FALSE },
	{ "1a.-20 1a.+10", "yn", FALSE, FALSE },
	{ "1a.-20 1a.+20", "yn", FALSE, FALSE }, /* a tie is a no */
	{ "1a.+20 1a.-20", "yy", FALSE, FALSE },
	{ "1a.-20 1a.+21", "yy", TRUE, TRUE },
	{ "1a.+10 1a.-5", "yy", TRUE, TRUE }, /* old news, but the newest no */
	{ "1a.-20 1a.-10", "yn", FALSE, FALSE },
	{ "1a.+20 1a.+10", "yn", TRUE, TRUE },
	{ "1b.+10", "y", FALSE, FALSE },	 /* another number */
	{ "2a.+10", "y", FALSE, FALSE },	 /* another person */
	{ "1a.+10 2a.-20", "yy", FALSE, FALSE }, /* the number's opt-out */
	{ "1a.+10 0a.-20", "yy", FALSE, FALSE }, /* nobody's, the number's */
	{ "0a.-20 1a.+10", "yn", FALSE, FALSE }, /* and before they came */
	{ "0a.+20", "y", FALSE, FALSE },	 /* nobody's yes is no yes */
	{ "1a.+10 1b.-20", "yy", TRUE, TRUE },
	{ "1a.+10 1-.-20", "yy", FALSE, FALSE }, /* on whatever number */
	{ "1-.-20 1a.+10", "yn", FALSE, FALSE },
	{ "1-.-20 1a.+30", "yy", TRUE, TRUE },
	{ "1a.+10 2-.-20", "yy", TRUE, TRUE }, /* another's, without number */
	{ "1as+10", "y", FALSE, TRUE },
	{ "1at+10", "y", FALSE, FALSE },
	{ "1a.+10 1as-20", "yy", TRUE, FALSE },
	{ "1as+10 1a.-20", "yy", FALSE, FALSE },
	{ "1a.+10 1at-20", "yy", TRUE, TRUE },
	{ "1a.-10 1as+20", "yy", FALSE, TRUE },
	{ "1a.+2000 1a.-500", "yy", TRUE, TRUE }, /* from its recording, 1000 */
	{ "1a.+2000 1a.-1000", "yy", FALSE, FALSE },
};

static gboolean say_word(const char *word)
{
	char scope[2] = { word[2] == '.' ? '\0' : word[2], '\0' };

	return say((JrConsent){
		.person = word[0] - '0',
		.number = word[1] == 'a'   ? NUMBER
			  : word[1] == 'b' ? OTHER
					   : NULL,
		.scope = scope,
		.in = word[3] == '+',
		.at_s = g_ascii_strtoll(word + 4, NULL, 10),
	});
}

static void say_all(const char *said, GString *changed)
{
	g_auto(GStrv) words = g_strsplit(said, " ", -1);

	for (guint i = 0; words[i] && *words[i]; i++)
		g_string_append_c(changed, say_word(words[i]) ? 'y' : 'n');
}

static gboolean no_fault(JrLedgerFault fault, gint64 row, gpointer user)
{
	(void)user;
	ck_abort_msg("fault %d in row %d", (int)fault, (int)row);
	return TRUE;
}

static gint64 verify(JrLedgerFn each, gpointer user)
{
	g_autofree char *head = NULL;
	gint64 rows;

	OK(jr_consent_verify(db, each, user, &rows, &head, &failed));
	return rows;
}

START_TEST(the_newest_word_counts_and_no_is_no)
{
	g_autoptr(GString) changed = g_string_new(NULL);

	say_all(talks[_i].said, changed);
	ck_assert_str_eq(changed->str, talks[_i].changed);
	ck_assert_int_eq(ask(1, NUMBER, "").in, talks[_i].all);
	ck_assert_int_eq(ask(1, NUMBER, NULL).in, talks[_i].all);
	ck_assert_int_eq(ask(1, NUMBER, "s").in, talks[_i].s);
	ck_assert_int_eq(verify(no_fault, NULL), (gint64)changed->len);
}
END_TEST

/* Sayings as above, and for which of a and b person 1's yes stands. */
static const struct {
	const char *said, *open;
} opens[] = {
	{ "", "" },
	{ "1a.+10 1b.+10 2a.+10", "ab" },
	{ "1a.+10 1b.+10 1a.-20", "b" },
	{ "1a.+10 1b.+10 2a.-20", "b" },
	{ "1a.+10 1b.+10 0b.-20", "a" },
	{ "1a.+10 1b.+30 1-.-20", "b" },
	{ "1a.+10 2-.-20", "a" },
	{ "1as+10 1bt+10", "ab" }, /* for one sender is for someone */
	{ "1as+10 1a.-20", "" },
	{ "1as+10 1at-20", "a" },
	{ "1as+10 1at+10 1at-20", "a" },
	{ "1a.+10 1as-20", "a" },
	{ "1a.-10 1a.+10", "" },
};

START_TEST(the_numbers_that_are_open_are_known)
{
	g_autoptr(GString) changed = g_string_new(NULL);
	g_autoptr(GString) open = g_string_new(NULL);
	g_autoptr(GArray) numbers = ROWS(const char *);

	say_all(opens[_i].said, changed);
	OK(jr_consent_open(db, 1, JR_CHANNEL_SMS, arena, numbers, &failed));
	for (guint i = 0; i < numbers->len; i++)
		g_string_append_c(
			open,
			g_str_equal(g_array_index(numbers, const char *, i),
				    NUMBER)
				? 'a'
				: 'b');
	ck_assert_str_eq(open->str, opens[_i].open);
	g_array_set_size(numbers, 0);
	OK(jr_consent_open(db, 1, JR_CHANNEL_WHATSAPP, arena, numbers,
			   &failed));
	ck_assert_uint_eq(numbers->len, 0);
}
END_TEST

/* Sayings as above, and for what senders person 1 had agreed at a. */
static const struct {
	const char *said, *closed;
} closes[] = {
	{ "", "" },
	{ "1a.+10", "" },
	{ "1a.+10 0a.-20", "." },
	{ "1a.+10 1a.-20 1a.+30", "" },
	{ "1a.+10 1as+10 0a.-20", ".s" },
	{ "1as+10 1at+30 0a.-20", "s" },
	{ "1as+10 1-.-20", "s" },
	{ "1as+10 2-.-20", "" },
	{ "2a.+10 0a.-20", "" },
	{ "1b.+10 0b.-20", "" },
	{ "0a.-20", "" }, /* who never agreed has nothing to take back */
};

START_TEST(what_a_stop_closed_is_known)
{
	const JrConsentKey key = { 1, NUMBER, JR_CHANNEL_SMS, NULL };
	g_autoptr(GString) changed = g_string_new(NULL);
	g_autoptr(GString) closed = g_string_new(NULL);
	g_autoptr(GArray) scopes = ROWS(const char *);

	say_all(closes[_i].said, changed);
	OK(jr_consent_closed(db, &key, arena, scopes, &failed));
	for (guint i = 0; i < scopes->len; i++) {
		const char *scope = g_array_index(scopes, const char *, i);

		g_string_append(closed, *scope ? scope : ".");
	}
	ck_assert_str_eq(closed->str, closes[_i].closed);
}
END_TEST

START_TEST(a_channel_is_not_another)
{
	const JrConsentKey key = { 1, NUMBER, JR_CHANNEL_WHATSAPP, NULL };
	JrConsentNow now;

	say((JrConsent){
		.person = 1, .number = NUMBER, .in = TRUE, .at_s = 10 });
	OK(jr_consent_state(db, &key, &now, &failed));
	ck_assert(!now.in);
}
END_TEST

START_TEST(the_state_names_what_proves_it)
{
	JrConsentNow now;

	say_word("1a.+10");
	say_word("2a.-20");
	say_word("1a.+30");
	now = ask(1, NUMBER, NULL);
	ck_assert_int_eq(now.in_s, 30);
	ck_assert_int_eq(now.in_row, 3);
	ck_assert_int_eq(now.out_s, 20);
	ck_assert_int_eq(now.out_row, 2);
}
END_TEST

/* ---- proof ---- */

static const JrConsent whole = {
	.person = 1,
	.number = NUMBER,
	.channel = JR_CHANNEL_SMS,
	.scope = "s",
	.in = TRUE,
	.at_s = 10,
	.recorded_s = 20,
	.ip = "203.0.113.7",
	.agent = "Browser/1.0",
	.source = "https://app.example.com/signup",
	.disclosure = "I agree",
	.disclosure_sha = "ab",
	.method = "form",
	.evidence = "{\"form\":3}",
	.log_seq = 7,
};

static gboolean is_whole(const JrConsent *row, gpointer user)
{
	ck_assert_int_eq(row->row, 1);
	ck_assert_int_eq(row->person, 1);
	ck_assert_str_eq(row->number, NUMBER);
	ck_assert_int_eq(row->channel, JR_CHANNEL_SMS);
	ck_assert_str_eq(row->scope, "s");
	ck_assert(row->in && !row->erased);
	ck_assert_int_eq(row->at_s, 10);
	ck_assert_int_eq(row->recorded_s, 20);
	ck_assert_str_eq(row->ip, whole.ip);
	ck_assert_str_eq(row->agent, whole.agent);
	ck_assert_str_eq(row->source, whole.source);
	ck_assert_str_eq(row->disclosure, whole.disclosure);
	ck_assert_str_eq(row->disclosure_sha, whole.disclosure_sha);
	ck_assert_str_eq(row->method, "form");
	ck_assert_str_eq(row->evidence, whole.evidence);
	ck_assert_int_eq(row->log_seq, 7);
	ck_assert_uint_eq(strlen(row->hash), 64);
	ck_assert_uint_eq(strlen(row->number_key), 64);
	++*(int *)user;
	return TRUE;
}

START_TEST(the_whole_proof_is_shown)
{
	const JrConsentQuery query = { .person = 1 };
	int n = 0;

	ck_assert(say(whole));
	OK(jr_consent_each(db, &query, is_whole, &n, &failed));
	ck_assert_int_eq(n, 1);
}
END_TEST

static gboolean note_row(const JrConsent *row, gpointer user)
{
	g_string_append_printf(user, "%d ", (int)row->row);
	return TRUE;
}

static const struct {
	JrConsentQuery query;
	const char *rows;
} queries[] = {
	{ { 0 }, "1 2 3 4 " },
	{ { .person = 1 }, "1 2 4 " }, /* 3 was merged into 1 */
	{ { .person = 3 }, "2 " },
	{ { .number = NUMBER }, "1 3 " },
	{ { .number = OTHER, .person = 1 }, "2 4 " },
	{ { .number = NUMBER, .person = 3 }, "" },
	{ { .after_row = 3 }, "4 " },
	{ { .from_s = 20, .until_s = 30 }, "2 3 " },
	{ { .number = "+1999" }, "" },
};

START_TEST(proof_is_found_by_person_number_and_time)
{
	g_autoptr(GString) rows = g_string_new(NULL);

	make_person("1");
	make_person("2");
	make_person("3");
	say_word("1a.+10");
	say_word("3b.+20");
	say_word("2a.+30");
	say_word("1b.+40");
	WRITE(jr_people_merge(db, 1, 3, 50, &failed));
	OK(jr_consent_each(db, &queries[_i].query, note_row, rows, &failed));
	ck_assert_str_eq(rows->str, queries[_i].rows);
	ck_assert_int_eq(verify(no_fault, NULL), 4);
}
END_TEST

START_TEST(consent_moves_with_a_merge)
{
	make_person("1");
	make_person("2");
	say_word("2a.+10");
	say_word("1b.+10");
	say_word("2b.+20");
	WRITE(jr_people_merge(db, 1, 2, 50, &failed));
	ck_assert(ask(1, NUMBER, NULL).in);
	ck_assert_int_eq(ask(1, OTHER, NULL).in_s, 20);
	ck_assert(!ask(2, NUMBER, NULL).in);
	verify(no_fault, NULL);
}
END_TEST

/* ---- whoever touches the ledger is found ---- */

#define WITHOUT_GUARDS                                                         \
	"DROP TRIGGER ledger_is_never_changed;"                                \
	"DROP TRIGGER ledger_is_never_deleted;"

static const struct {
	const char *sql;
	const char *faults; /* "FAULT:ROW " each */
} crimes[] = {
	{ "UPDATE consents SET at_s = 5 WHERE consent_row = 2", "0:2 3:2 " },
	{ "UPDATE consents SET number = '+1' WHERE consent_row = 2", "0:2 " },
	{ "UPDATE consents SET ip = '10.0.0.1' WHERE consent_row = 3", "0:3 " },
	{ "UPDATE consents SET ip = NULL WHERE consent_row = 3", "0:3 " },
	{ "UPDATE consents SET erased = 1 WHERE consent_row = 3", "0:3 " },
	{ "UPDATE consents SET agreed = 1 - agreed WHERE consent_row = 1",
	  "0:1 3:0 " },
	{ "UPDATE consents SET hash = 'x' WHERE consent_row = 2", "0:2 2:3 " },
	{ "UPDATE consents SET previous = 'x' WHERE consent_row = 2", "0:2 " },
	{ "DELETE FROM consents WHERE consent_row = 2", "1:2 3:0 " },
	{ "DELETE FROM consents WHERE consent_row IN (2, 3)", "1:2 3:0 " },
	{ "DELETE FROM consents WHERE consent_row = 1", "1:1 3:0 " },
	{ "DELETE FROM consents WHERE consent_row = 4", "1:4 3:0 " },
	{ "DELETE FROM consents WHERE consent_row > 0", "1:1 " },
	/* 2 and 3 change places */
	{ "UPDATE consents SET consent_row = 9 WHERE consent_row = 2;"
	  "UPDATE consents SET consent_row = 2 WHERE consent_row = 3;"
	  "UPDATE consents SET consent_row = 3 WHERE consent_row = 9",
	  "0:2 0:3 2:4 " },
	/* 2 goes, and the others close up */
	{ "DELETE FROM consents WHERE consent_row = 2;"
	  "UPDATE consents SET consent_row = consent_row - 1"
	  " WHERE consent_row > 2",
	  "0:2 0:3 1:4 3:0 " },
	/* the last two are cut off */
	{ "DELETE FROM consents WHERE consent_row > 2", "1:3 3:0 " },
	/* the last is cut off, and the head made to fit */
	{ "UPDATE meta SET value = '3 ' || (SELECT hash FROM consents"
	  " WHERE consent_row = 3) WHERE name = 'ledger';"
	  "DELETE FROM consents WHERE consent_row = 4",
	  "3:0 " },
	/* a row is put behind the last: a copy, with the head made to fit */
	{ "CREATE TABLE more AS SELECT * FROM consents WHERE consent_row = 4;"
	  "UPDATE more SET consent_row = 5;"
	  "INSERT INTO consents SELECT * FROM more; DROP TABLE more;"
	  "UPDATE meta SET value = '5 ' || (SELECT hash FROM consents"
	  " WHERE consent_row = 5) WHERE name = 'ledger'",
	  "0:5 " },
	{ "UPDATE consent_state SET out_s = 0 WHERE person = 0", "3:3 " },
	{ "DELETE FROM consent_state WHERE person = 0", "3:3 3:0 " },
	{ "INSERT INTO consent_state VALUES ('k', 1, '', 1, 9, 9, 0, 0)",
	  "3:0 " },
	{ "UPDATE meta SET value = '4 x' WHERE name = 'ledger'", "0:4 " },
	{ "DELETE FROM meta WHERE name = 'ledger'", "0:4 " },
};

static gboolean note_fault(JrLedgerFault fault, gint64 row, gpointer user)
{
	g_string_append_printf(user, "%d:%d ", (int)fault, (int)row);
	return TRUE;
}

static gboolean note_one(JrLedgerFault fault, gint64 row, gpointer user)
{
	note_fault(fault, row, user);
	return FALSE;
}

static void say_four(void)
{
	say_word("1a.+10");
	say_word("1b.+20"); /* same person, other number */
	say((JrConsent){ .person = 1,
			 .number = NUMBER,
			 .at_s = 30,
			 .ip = "203.0.113.9" });
	say_word("2b.+40");
	ck_assert_int_eq(verify(no_fault, NULL), 4);
}

START_TEST(what_was_done_to_the_ledger_is_named)
{
	g_autofree char *sql =
		g_strconcat(WITHOUT_GUARDS, crimes[_i].sql, NULL);
	g_autoptr(GString) faults = g_string_new(NULL);

	say_four();
	meddle(sql);
	verify(note_fault, faults);
	ck_assert_msg(g_str_equal(faults->str, crimes[_i].faults), "%s: %s",
		      crimes[_i].sql, faults->str);
	if (*faults->str) {
		g_string_truncate(faults, 0);
		verify(note_one, faults);
		ck_assert_uint_eq(strlen(faults->str), 4);
	}
}
END_TEST

/* Each column of a row is held by its hash; what is true now is of some. */
static const char *const held[] = {
	"person = 7",
	"number = '+12065550199'",
	"number_key = 'k'",
	"channel = 4",
	"scope = 'x'",
	"agreed = 0",
	"at_s = 39",
	"recorded_s = 39",
	"ip = '10.0.0.1'",
	"agent = 'x'",
	"source = 'x'",
	"disclosure = 'x'",
	"disclosure_sha = 'x'",
	"method = 'x'",
	"evidence = 'x'",
	"log_seq = 7",
	"nonce = 'x'",
	"digest = 'x'",
	"previous = 'x'",
	"hash = 'x'",
};

START_TEST(no_column_can_be_changed)
{
	g_autofree char *sql = g_strdup_printf(
		WITHOUT_GUARDS "UPDATE consents SET %s WHERE consent_row = 4",
		held[_i]);
	g_autoptr(GString) faults = g_string_new(NULL);

	say_four();
	meddle(sql);
	verify(note_fault, faults);
	ck_assert_msg(g_str_has_prefix(faults->str, "0:4 "), "%s: %s", held[_i],
		      faults->str);
}
END_TEST

/* Someone rewrites a row with a hash that fits: the next row tells. */
START_TEST(a_row_made_anew_does_not_fit_its_successor)
{
	g_autoptr(GString) faults = g_string_new(NULL);
	g_autofree char *first = NULL, *second = NULL;
	gint64 rows;

	say_word("1a.+10");
	OK(jr_consent_verify(db, no_fault, NULL, &rows, &first, &failed));
	say_word("1a.-20");
	OK(jr_consent_verify(db, no_fault, NULL, &rows, &second, &failed));
	ck_assert_str_ne(first, second); /* heads kept elsewhere differ */
	meddle(WITHOUT_GUARDS "CREATE TABLE was AS SELECT * FROM consents;"
			      "DELETE FROM consents; DELETE FROM consent_state;"
			      "DELETE FROM meta WHERE name = 'ledger'");
	say_word("1a.+11"); /* instead of +10, whole in itself */
	meddle("INSERT INTO consents SELECT * FROM was WHERE consent_row = 2;"
	       "DROP TABLE was");
	verify(note_fault, faults);
	ck_assert_ptr_nonnull(strstr(faults->str, "2:2 "));
}
END_TEST

static const char *const guarded[] = {
	"DELETE FROM consents",
	"UPDATE consents SET agreed = 0",
	"UPDATE consents SET at_s = 1, erased = 1, number = NULL, ip = NULL,"
	" agent = NULL, evidence = NULL, nonce = NULL",
	"UPDATE consents SET erased = 1",
	"UPDATE consents SET number = NULL",
	"UPDATE consents SET hash = 'x', erased = 1, number = NULL, ip = NULL,"
	" agent = NULL, evidence = NULL, nonce = NULL",
};

START_TEST(the_schema_itself_guards_the_ledger)
{
	g_autoptr(GError) error = NULL;

	say(whole);
	begin_write();
	ck_assert(!jr_stmt_run_text(db, guarded[_i], &error));
	ck_assert_ptr_nonnull(strstr(error->message, "ledger of consents"));
	end_write("ROLLBACK");
}
END_TEST

/* ---- suppression, wishes, replies ---- */

START_TEST(what_is_suppressed_stays_so_until_taken_off)
{
	JrSuppress one = { JR_SUPPRESS_NUMBER, NUMBER, 10, "stop", "twilio" };
	JrSuppress ask_one = { JR_SUPPRESS_NUMBER, NUMBER, 0, NULL, NULL };
	JrSuppress ask_email = { JR_SUPPRESS_EMAIL, NUMBER, 0, NULL, NULL };
	gboolean yes;

	OK(jr_suppress_has(db, &ask_one, arena, &yes, &failed));
	ck_assert(!yes);
	WRITE(jr_suppress_add(db, &one, &yes, &failed));
	ck_assert(yes);
	one.reason = "again";
	WRITE(jr_suppress_add(db, &one, &yes, &failed));
	ck_assert(!yes);
	OK(jr_suppress_has(db, &ask_one, arena, &yes, &failed));
	ck_assert(yes);
	ck_assert_str_eq(ask_one.reason, "stop");
	ck_assert_str_eq(ask_one.source, "twilio");
	ck_assert_int_eq(ask_one.at_s, 10);
	OK(jr_suppress_has(db, &ask_email, arena, &yes, &failed));
	ck_assert(!yes);
	WRITE(jr_suppress_remove(db, &one, &yes, &failed));
	ck_assert(yes);
	WRITE(jr_suppress_remove(db, &one, &yes, &failed));
	ck_assert(!yes);
}
END_TEST

START_TEST(the_list_holds_no_number)
{
	const JrSuppress one = { JR_SUPPRESS_NUMBER, NUMBER, 10, "stop", NULL };
	g_autofree char *text = NULL;
	gboolean fresh;
	gsize len;

	WRITE(jr_suppress_add(db, &one, &fresh, &failed));
	meddle("PRAGMA wal_checkpoint(TRUNCATE)");
	ck_assert(g_file_get_contents(state_path, &text, &len, NULL));
	ck_assert_ptr_null(memmem(text, len, NUMBER, strlen(NUMBER)));
}
END_TEST

START_TEST(a_wish_is_kept_by_its_time)
{
	const JrSubscription said[] = { { 1, "news", TRUE, 10 },
					{ 1, "news", FALSE, 20 },
					{ 1, "news", TRUE, 15 },
					{ 1, "channel:sms", FALSE, 5 } };
	const gboolean want[] = { TRUE, TRUE, FALSE, TRUE };
	g_autoptr(GArray) all = ROWS(JrSubscription);
	JrWish wish;
	gboolean changed;

	OK(jr_subscription_get(db, 1, "news", &wish, &failed));
	ck_assert_int_eq(wish, JR_WISH_NONE);
	for (int i = 0; i < 4; i++) {
		WRITE(jr_subscription_set(db, &said[i], &changed, &failed));
		ck_assert_int_eq(changed, want[i]);
	}
	OK(jr_subscription_get(db, 1, "news", &wish, &failed));
	ck_assert_int_eq(wish, JR_WISH_OFF);
	OK(jr_subscriptions_of(db, 1, arena, all, &failed));
	ck_assert_uint_eq(all->len, 2);
	ck_assert_str_eq(g_array_index(all, JrSubscription, 0).topic,
			 "channel:sms");
	ck_assert(!g_array_index(all, JrSubscription, 1).on);
}
END_TEST

START_TEST(a_reply_waits_until_someone_looked)
{
	JrReview one = { .person = 1,
			 .number = NUMBER,
			 .at_s = 10,
			 .text = "stop it",
			 .log_seq = 3 };
	JrReview two = { .number = OTHER, .at_s = 5, .text = "?" };
	g_autoptr(GArray) open = ROWS(JrReview);
	gboolean was;

	WRITE(jr_review_add(db, &one, &failed));
	WRITE(jr_review_add(db, &two, &failed));
	OK(jr_reviews_open(db, 9, arena, open, &failed));
	ck_assert_uint_eq(open->len, 2);
	ck_assert_str_eq(g_array_index(open, JrReview, 0).text, "stop it");
	one.done_s = 20;
	one.done_by = "ana";
	one.verdict = "out";
	WRITE(jr_review_done(db, &one, &was, &failed));
	ck_assert(was);
	WRITE(jr_review_done(db, &one, &was, &failed));
	ck_assert(!was);
	g_array_set_size(open, 0);
	OK(jr_reviews_open(db, 9, arena, open, &failed));
	ck_assert_uint_eq(open->len, 1);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, open_state, close_state);
	tcase_add_loop_test(tc, the_newest_word_counts_and_no_is_no, 0,
			    G_N_ELEMENTS(talks));
	tcase_add_loop_test(tc, the_numbers_that_are_open_are_known, 0,
			    G_N_ELEMENTS(opens));
	tcase_add_loop_test(tc, what_a_stop_closed_is_known, 0,
			    G_N_ELEMENTS(closes));
	tcase_add_test(tc, a_channel_is_not_another);
	tcase_add_test(tc, the_state_names_what_proves_it);
	tcase_add_test(tc, the_whole_proof_is_shown);
	tcase_add_loop_test(tc, proof_is_found_by_person_number_and_time, 0,
			    G_N_ELEMENTS(queries));
	tcase_add_test(tc, consent_moves_with_a_merge);
	tcase_add_loop_test(tc, no_column_can_be_changed, 0,
			    G_N_ELEMENTS(held));
	tcase_add_loop_test(tc, what_was_done_to_the_ledger_is_named, 0,
			    G_N_ELEMENTS(crimes));
	tcase_add_test(tc, a_row_made_anew_does_not_fit_its_successor);
	tcase_add_loop_test(tc, the_schema_itself_guards_the_ledger, 0,
			    G_N_ELEMENTS(guarded));
	tcase_add_test(tc, what_is_suppressed_stays_so_until_taken_off);
	tcase_add_test(tc, the_list_holds_no_number);
	tcase_add_test(tc, a_wish_is_kept_by_its_time);
	tcase_add_test(tc, a_reply_waits_until_someone_looked);
}
