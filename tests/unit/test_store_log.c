/* The log: each record once, in order, and what a person did. */
#include "store.h"
#include "base/hash.h"
#include "store/log.h"

static JrLogRow event(gint64 person, const char *name, gint64 at_s,
		      const char *id)
{
	return (JrLogRow){
		.kind = JR_LOG_EVENT,
		.person = person,
		.name = name,
		.at_s = at_s,
		.received_s = at_s + 1,
		.id = id,
		.data = "{\"a\":1}",
		.data_len = 7,
	};
}

static void put(JrLogRow *rows, gsize n)
{
	WRITE(jr_log_admit(db, rows, n, &failed) &&
	      jr_log_append(db, rows, n, &failed));
}

/* ids of a batch, and which of them are fresh: a letter each */
static const struct {
	const char *before; /* ids seen earlier */
	const char *ids;
	const char *fresh; /* y or n; "." stands for a row without an id */
} batches[] = {
	{ "", "abc", "yyy" },	  { "", "aba", "yyn" },
	{ "", "aaaa", "ynnn" },	  { "ab", "abc", "nny" },
	{ "ab", "cab", "ynn" },	  { "", "....", "yyyy" },
	{ "", ".a.a.", "yyyny" }, { "a", "bab", "ynn" },
};

static void make_batch(const char *ids, char texts[][2], JrLogRow *rows)
{
	for (gsize i = 0; ids[i]; i++) {
		texts[i][0] = ids[i];
		texts[i][1] = '\0';
		rows[i] = event(1, "e", 10, ids[i] == '.' ? NULL : texts[i]);
	}
}

START_TEST(each_id_is_fresh_once)
{
	const char *ids = batches[_i].ids, *before = batches[_i].before;
	char texts[8][2];
	JrLogRow rows[8];
	gint64 seq, last;

	make_batch(before, texts, rows);
	put(rows, strlen(before));
	make_batch(ids, texts, rows);
	put(rows, strlen(ids));
	seq = (gint64)strlen(before);
	for (gsize i = 0; ids[i]; i++) {
		gboolean want = batches[_i].fresh[i] == 'y';

		ck_assert_int_eq(rows[i].fresh, want);
		ck_assert_int_eq(rows[i].seq, want ? ++seq : 0);
	}
	OK(jr_log_last(db, &last, &failed));
	ck_assert_int_eq(last, seq);
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM log"), seq);
}
END_TEST

/* Another record stands where this one's hash leads: it is still another. */
START_TEST(the_same_hash_is_not_the_same_id)
{
	JrLogRow first = event(1, "e", 10, "first");
	JrLogRow second = event(1, "e", 10, "second");
	g_autofree char *sql =
		g_strdup_printf("UPDATE seen SET hash = %" G_GINT64_FORMAT,
				(gint64)jr_hash64("second", 6));

	WRITE(jr_log_add(db, &first, &failed));
	meddle(sql);
	WRITE(jr_log_add(db, &second, &failed));
	ck_assert(second.fresh);
	second.fresh = TRUE;
	WRITE(jr_log_add(db, &second, &failed));
	ck_assert(!second.fresh);
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM seen"), 2);
}
END_TEST

/* These two really have one hash: in one batch, and one after the other. */
START_TEST(two_ids_of_one_hash_are_both_kept)
{
	JrLogRow rows[] = { event(1, "e", 1, "8yn0iYCKYHlIj4-BwPqk"),
			    event(1, "e", 1, "GReLUrM4wMqfg9yzV3KQ") };
	gsize first = (gsize)_i; /* so many come together */

	ck_assert(jr_hash64(rows[0].id, 20) == jr_hash64(rows[1].id, 20));
	put(rows, first);
	put(rows + first, 2 - first);
	ck_assert(rows[0].fresh && rows[1].fresh);
	ck_assert_int_eq(rows[1].seq, 2);
	put(rows, 2);
	ck_assert(!rows[0].fresh && !rows[1].fresh);
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM log"), 2);
}
END_TEST

/*
 * The places of two new ids are taken by others, and the way on from one leads
 * over the other: both are kept, and both are known afterwards.
 */
START_TEST(places_taken_within_a_batch_are_found_again)
{
	JrLogRow old = event(1, "e", 1, "old");
	JrLogRow rows[] = { event(1, "e", 1, "x"), event(1, "e", 1, "y") };
	g_autofree char *sql =
		g_strdup_printf("INSERT INTO seen SELECT %" G_GINT64_FORMAT
				" - a, 1 FROM (SELECT 0 AS a UNION SELECT 1)",
				(gint64)jr_hash64("y", 1));

	WRITE(jr_log_add(db, &old, &failed));
	meddle("DELETE FROM seen");
	meddle(sql);
	put(rows, 2);
	ck_assert(rows[0].fresh && rows[1].fresh);
	put(rows, 2);
	ck_assert(!rows[0].fresh && !rows[1].fresh);
}
END_TEST

START_TEST(what_was_admitted_but_left_out_is_not_fresh_again)
{
	JrLogRow row = event(1, "e", 10, "a");

	WRITE(jr_log_admit(db, &row, 1, &failed));
	ck_assert(row.fresh);
	WRITE(jr_log_add(db, &row, &failed));
	ck_assert(!row.fresh);
	row.id = "b";
	WRITE(jr_log_add(db, &row, &failed));
	ck_assert_int_eq(row.seq, 2); /* the gap stays */
}
END_TEST

START_TEST(a_row_reads_back_as_it_was)
{
	JrLogRow row = event(7, "Zahlung – é", -5, "id-1"), back;
	gboolean found;

	row.kind = JR_LOG_SCREEN;
	row.flags = JR_LOG_HISTORY;
	WRITE(jr_log_add(db, &row, &failed));
	OK(jr_log_get(db, row.seq, arena, &back, &found, &failed));
	ck_assert(found);
	ck_assert_int_eq(back.kind, JR_LOG_SCREEN);
	ck_assert_int_eq(back.flags, JR_LOG_HISTORY);
	ck_assert_int_eq(back.person, 7);
	ck_assert_int_eq(back.at_s, -5);
	ck_assert_int_eq(back.received_s, -4);
	ck_assert_str_eq(back.name, row.name);
	ck_assert_str_eq(back.id, "id-1");
	ck_assert_str_eq(back.data, "{\"a\":1}");
	ck_assert_uint_eq(back.data_len, 7);
	OK(jr_log_get(db, 99, arena, &back, &found, &failed));
	ck_assert(!found);
}
END_TEST

/* ---- reading behind a cursor ---- */

static void put_ten(void)
{
	for (int i = 1; i <= 10; i++) {
		JrLogRow row = event(i % 3, "e", i, NULL);

		row.kind = i % 2 ? JR_LOG_EVENT : JR_LOG_IDENTIFY;
		WRITE(jr_log_add(db, &row, &failed));
	}
}

static const struct {
	JrLogQuery query;
	guint n;
	gint64 first, last; /* of the rows; and where the cursor goes */
	gint64 cursor;
} readings[] = {
	{ { 0 }, 10, 1, 10, 10 },
	{ { .after = 4 }, 6, 5, 10, 10 },
	{ { .after = 10 }, 0, 0, 0, 10 },
	{ { .after = 99 }, 0, 0, 0, 99 },
	{ { .until = 4 }, 4, 1, 4, 4 },
	{ { .limit = 3 }, 3, 1, 3, 3 },
	{ { .after = 8, .limit = 3 }, 2, 9, 10, 10 },
	{ { .after = 7, .limit = 3 }, 3, 8, 10, 10 },
	{ { .kinds = JR_LOG_BIT(JR_LOG_EVENT) }, 5, 1, 9, 10 },
	{ { .kinds = JR_LOG_BIT(JR_LOG_EVENT), .limit = 2 }, 2, 1, 3, 3 },
	{ { .kinds = JR_LOG_BIT(JR_LOG_CONTROL) }, 0, 0, 0, 10 },
	{ { .kinds = JR_LOG_BIT(JR_LOG_EVENT), .after = 9 }, 0, 0, 0, 10 },
};

START_TEST(a_cursor_passes_over_each_row_once)
{
	g_autoptr(GArray) rows = ROWS(JrLogRow);
	gint64 last = -1;

	put_ten();
	OK(jr_log_read(db, &readings[_i].query, arena, rows, &last, &failed));
	ck_assert_uint_eq(rows->len, readings[_i].n);
	ck_assert_int_eq(last, readings[_i].cursor);
	if (!rows->len)
		return;
	ck_assert_int_eq(g_array_index(rows, JrLogRow, 0).seq,
			 readings[_i].first);
	ck_assert_int_eq(g_array_index(rows, JrLogRow, rows->len - 1).seq,
			 readings[_i].last);
	ck_assert_ptr_null(g_array_index(rows, JrLogRow, 0).data);
}
END_TEST

START_TEST(data_comes_when_asked_for)
{
	const JrLogQuery query = { .with_data = TRUE, .limit = 1 };
	g_autoptr(GArray) rows = ROWS(JrLogRow);
	gint64 last;

	put_ten();
	OK(jr_log_read(db, &query, arena, rows, &last, &failed));
	ck_assert_str_eq(g_array_index(rows, JrLogRow, 0).data, "{\"a\":1}");
}
END_TEST

START_TEST(the_people_touched_are_named_once)
{
	g_autoptr(GArray) people = ROWS(gint64);

	put_ten();
	OK(jr_log_touched(db, 3, 10, people, &failed));
	ck_assert_uint_eq(people->len, 2); /* 0 is nobody */
	ck_assert_int_eq(g_array_index(people, gint64, 0), 1);
	ck_assert_int_eq(g_array_index(people, gint64, 1), 2);
}
END_TEST

START_TEST(a_cursor_stays_where_it_is_set)
{
	gint64 seq = -1;

	OK(jr_cursor_get(db, "segment", &seq, &failed));
	ck_assert_int_eq(seq, 0);
	WRITE(jr_cursor_set(db, "segment", 5, &failed));
	WRITE(jr_cursor_set(db, "segment", 3, &failed));
	OK(jr_cursor_get(db, "segment", &seq, &failed));
	ck_assert_int_eq(seq, 3);
}
END_TEST

START_TEST(cursors_are_found_by_how_they_begin)
{
	const JrDbOptions options = { .scratch = TRUE };
	const char *const names[] = { "a:2", "a:1", "a:0", "b:1", "a" };

	for (guint i = 0; i < 2; i++) {
		g_autoptr(JrDb) own =
			i ? jr_db_open("here", &options, &failed) : NULL;
		JrDb *where = own ? own : db;
		g_autoptr(GPtrArray) found =
			g_ptr_array_new_with_free_func(g_free);

		for (guint j = 0; j < G_N_ELEMENTS(names); j++)
			if (own)
				OK(jr_cursor_set(own, names[j], 1, &failed));
			else
				WRITE(jr_cursor_set(db, names[j], 1, &failed));
		if (own)
			OK(jr_cursor_set(own, "a:0", 0, &failed));
		else
			WRITE(jr_cursor_set(db, "a:0", 0, &failed));
		OK(jr_cursors_named(where, "a:", found, &failed));
		ck_assert_uint_eq(found->len, 2);
		ck_assert_str_eq(found->pdata[0], "a:1");
		ck_assert_str_eq(found->pdata[1], "a:2");
	}
}
END_TEST

/* ---- events of a person ---- */

static const struct {
	gint64 person;
	const char *name;
	gint64 at_s;
	JrLogKind kind;
} happened[] = {
	/* seq 1 … in this order */
	{ 1, "paid", 100, JR_LOG_EVENT },
	{ 1, "paid", 50, JR_LOG_EVENT },
	{ 2, "paid", 60, JR_LOG_EVENT },
	{ 1, "pa", 70, JR_LOG_EVENT },
	{ 1, "pb", 80, JR_LOG_EVENT },
	{ 1, "paid", 100, JR_LOG_EVENT },
	{ 1, "/paid", 90, JR_LOG_PAGE },
	{ 1, "paid", 95, JR_LOG_SEGMENT_ENTERED },
	{ 1, NULL, 99, JR_LOG_IDENTIFY },
	{ 1, "pa\xf4\x8f\xbf\xbf", 10, JR_LOG_EVENT }, /* U+10FFFF */
	{ 1, "pa\xed\x9f\xbf", 11, JR_LOG_EVENT },     /* U+D7FF */
	{ 1, "pa\xee\x80\x80", 12, JR_LOG_EVENT },     /* U+E000 */
};

#define ALL .from_s = G_MININT64, .until_s = G_MAXINT64
static const struct {
	JrEventQuery query;
	const char *seqs;
} questions[] = {
	{ { ALL, .person = 1, .name = "paid" }, "2 1 6 " },
	{ { ALL, .person = 1, .name = "paid", .newest_first = TRUE },
	  "6 1 2 " },
	{ { .person = 1, .name = "paid", .from_s = 51, .until_s = 100 },
	  "1 6 " },
	{ { .person = 1, .name = "paid", .from_s = 50, .until_s = 99 }, "2 " },
	{ { .person = 1, .name = "paid", .from_s = 101, .until_s = 999 }, "" },
	{ { ALL, .person = 1, .name = "paid", .until_seq = 5 }, "2 1 " },
	{ { ALL, .person = 1, .prefix = "pa" }, "10 11 12 2 4 1 6 " },
	{ { ALL, .person = 1, .prefix = "pa\xf4\x8f\xbf\xbf" }, "10 " },
	{ { ALL, .person = 1, .prefix = "pa\xed\x9f\xbf" }, "11 " },
	{ { ALL, .person = 1, .prefix = "" }, "10 11 12 2 4 5 7 1 6 " },
	{ { ALL, .person = 1 }, "10 11 12 2 4 5 7 1 6 " },
	{ { ALL, .person = 1, .kinds = JR_LOG_BIT(JR_LOG_SEGMENT_ENTERED) },
	  "8 " },
	{ { ALL, .person = 1, .kinds = JR_LOG_BIT(JR_LOG_IDENTIFY) }, "9 " },
	{ { ALL, .person = 2 }, "3 " },
	{ { ALL, .person = 3 }, "" },
};

static gboolean note_seq(const JrLogRow *row, gpointer user)
{
	g_string_append_printf(user, "%d ", (int)row->seq);
	return TRUE;
}

static gboolean stop_at_first(const JrLogRow *row, gpointer user)
{
	note_seq(row, user);
	ck_assert_str_eq(row->data, "{\"a\":1}");
	return FALSE;
}

static void put_happened(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(happened); i++) {
		JrLogRow row = event(happened[i].person, happened[i].name,
				     happened[i].at_s, NULL);

		row.kind = happened[i].kind;
		WRITE(jr_log_add(db, &row, &failed));
	}
}

START_TEST(events_are_found_by_name_and_time)
{
	JrEventQuery query = questions[_i].query;
	g_autoptr(GString) seqs = g_string_new(NULL);

	put_happened();
	for (int data = 0; data < 2; data++) {
		query.with_data = data;
		g_string_truncate(seqs, 0);
		OK(jr_events_each(db, &query, note_seq, seqs, &failed));
		ck_assert_str_eq(seqs->str, questions[_i].seqs);
	}
}
END_TEST

START_TEST(who_has_seen_enough_is_shown_no_more)
{
	const JrEventQuery query = { ALL, .person = 1, .with_data = TRUE };
	g_autoptr(GString) seqs = g_string_new(NULL);

	put_happened();
	OK(jr_events_each(db, &query, stop_at_first, seqs, &failed));
	ck_assert_str_eq(seqs->str, "10 ");
}
END_TEST

/* "Followed by": a question within the answer to another. */
static gboolean ask_again(const JrLogRow *row, gpointer user)
{
	const JrEventQuery query = { ALL, .person = 1, .name = "paid" };
	g_autofree char *name = g_strdup(row->name);

	OK(jr_events_each(db, &query, note_seq, user, &failed));
	ck_assert_str_eq(row->name, name);
	return TRUE;
}

START_TEST(a_question_may_be_asked_within_another)
{
	const JrEventQuery query = {
		.person = 1, .name = "paid", .from_s = 100, .until_s = 100
	};
	g_autoptr(GString) seqs = g_string_new(NULL);

	put_happened();
	OK(jr_events_each(db, &query, ask_again, seqs, &failed));
	ck_assert_str_eq(seqs->str, "2 1 6 2 1 6 ");
}
END_TEST

START_TEST(kinds_have_names)
{
	for (int kind = 1; kind <= JR_LOG_LAST; kind++)
		ck_assert_int_eq(jr_log_kind_of(jr_log_kind_name(kind)), kind);
	ck_assert_int_eq(jr_log_kind_of("nothing"), 0);
	ck_assert_int_eq(jr_log_kind_of(NULL), 0);
	ck_assert_ptr_null(jr_log_kind_name(0));
	ck_assert_ptr_null(jr_log_kind_name(JR_LOG_LAST + 1));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, open_state, close_state);
	tcase_add_loop_test(tc, each_id_is_fresh_once, 0,
			    G_N_ELEMENTS(batches));
	tcase_add_test(tc, the_same_hash_is_not_the_same_id);
	tcase_add_loop_test(tc, two_ids_of_one_hash_are_both_kept, 1, 3);
	tcase_add_test(tc, places_taken_within_a_batch_are_found_again);
	tcase_add_test(tc, what_was_admitted_but_left_out_is_not_fresh_again);
	tcase_add_test(tc, a_row_reads_back_as_it_was);
	tcase_add_loop_test(tc, a_cursor_passes_over_each_row_once, 0,
			    G_N_ELEMENTS(readings));
	tcase_add_test(tc, data_comes_when_asked_for);
	tcase_add_test(tc, the_people_touched_are_named_once);
	tcase_add_test(tc, a_cursor_stays_where_it_is_set);
	tcase_add_test(tc, cursors_are_found_by_how_they_begin);
	tcase_add_loop_test(tc, events_are_found_by_name_and_time, 0,
			    G_N_ELEMENTS(questions));
	tcase_add_test(tc, who_has_seen_enough_is_shown_no_more);
	tcase_add_test(tc, a_question_may_be_asked_within_another);
	tcase_add_test(tc, kinds_have_names);
}
