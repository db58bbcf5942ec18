/* Segments, timers, journeys, decisions, runs and the numbers of reports. */
#include "store.h"
#include "store/decisions.h"
#include "store/enrolments.h"
#include "store/lists.h"
#include "store/messages.h"
#include "store/receipts.h"
#include "store/counters.h"
#include "store/report.h"
#include "store/runs.h"
#include "store/segments.h"

/* ---- segments ---- */

static gint64 put_segment(const char *name, const char *hash)
{
	JrSegment segment = { .name = name, .hash = hash, .text = "true" };

	WRITE(jr_segment_put(db, &segment, &failed));
	return segment.segment;
}

static gint64 size_of(const char *name)
{
	g_autoptr(GArray) all = ROWS(JrSegment);

	OK(jr_segments_load(db, arena, all, &failed));
	for (guint i = 0; i < all->len; i++)
		if (g_str_equal(g_array_index(all, JrSegment, i).name, name))
			return g_array_index(all, JrSegment, i).size;
	return -1;
}

START_TEST(a_segment_keeps_its_number_and_size)
{
	gint64 segment = put_segment("vip", "h1");
	JrMemberChange in = { 1, segment, TRUE };
	gboolean was;

	WRITE(jr_members_change(db, 10, &in, 1, &failed));
	ck_assert_int_eq(put_segment("vip", "h2"), segment);
	ck_assert_int_ne(put_segment("other", "h1"), segment);
	ck_assert_int_eq(size_of("vip"), 1);
	WRITE(jr_segment_drop(db, segment, &was, &failed));
	ck_assert(was);
	WRITE(jr_segment_drop(db, segment, &was, &failed));
	ck_assert(!was);
	ck_assert_int_eq(size_of("vip"), -1);
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM members"), 0);
}
END_TEST

START_TEST(changes_are_members_size_and_growth)
{
	gint64 segment = put_segment("vip", "h"), entered, left;
	gint64 other = put_segment("other", "h");
	const JrMemberChange all[] = { { 1, segment, TRUE },
				       { 2, segment, TRUE },
				       { 2, other, TRUE },
				       { 3, segment, TRUE } };
	const JrMemberChange next[] = { { 2, segment, FALSE },
					{ 4, segment, TRUE } };
	gboolean yes;
	gint64 since;

	WRITE(jr_members_change(db, 7199, all, 4, &failed));
	WRITE(jr_members_change(db, 7200, next, 2, &failed));
	ck_assert_int_eq(size_of("vip"), 3);
	ck_assert_int_eq(size_of("other"), 1);
	OK(jr_segment_has(db, other, 2, &yes, &since, &failed));
	ck_assert(yes);
	OK(jr_segment_has(db, segment, 3, &yes, &since, &failed));
	ck_assert(yes);
	ck_assert_int_eq(since, 7199);
	OK(jr_segment_has(db, segment, 2, &yes, &since, &failed));
	ck_assert(!yes);
	ck_assert_int_eq(since, 0);
	OK(jr_segment_has(db, segment, 2, &yes, NULL, &failed));
	OK(jr_segment_growth(db, segment, 3600, &entered, &left, &failed));
	ck_assert_int_eq(entered, 4);
	ck_assert_int_eq(left, 1);
	OK(jr_segment_growth(db, segment, 7200, &entered, &left, &failed));
	ck_assert_int_eq(entered, 1);
	OK(jr_segment_growth(db, segment, 10800, &entered, &left, &failed));
	ck_assert_int_eq(entered + left, 0);
	WRITE(jr_segment_drop(db, segment, &yes, &failed));
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM growth"), 1);
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM members"), 1);
}
END_TEST

START_TEST(nobody_enters_twice)
{
	gint64 segment = put_segment("vip", "h");
	const JrMemberChange in = { 1, segment, TRUE };

	WRITE(jr_members_change(db, 1, &in, 1, &failed));
	begin_write();
	ck_assert(!jr_members_change(db, 1, &in, 1, NULL));
	end_write("ROLLBACK");
}
END_TEST

START_TEST(memberships_of_many_come_by_person)
{
	gint64 vip = put_segment("vip", "h"), other = put_segment("other", "h");
	const JrMemberChange all[] = { { 1, vip, TRUE },
				       { 2, vip, TRUE },
				       { 2, other, TRUE },
				       { 9, vip, TRUE },
				       { 9, other, TRUE } };
	g_autoptr(GArray) found = ROWS(JrMembership);

	WRITE(jr_members_change(db, 1, all, 5, &failed));
	OK(jr_segments_among(db, 2, 8, found, &failed));
	ck_assert_uint_eq(found->len, 2);
	for (guint i = 0; i < 2; i++)
		ck_assert_int_eq(g_array_index(found, JrMembership, i).person,
				 2);
}
END_TEST

START_TEST(a_build_goes_on_where_it_was)
{
	JrSegmentBuild build = { 7, "h1", 100, 5, 1 };
	g_autoptr(GArray) all = ROWS(JrSegmentBuild);
	const JrSegmentBuild *one;
	gboolean found;

	WRITE(jr_segment_build_put(db, &build, &failed));
	build.after_person = 200;
	build.left = 2;
	WRITE(jr_segment_build_put(db, &build, &failed));
	OK(jr_segment_builds(db, arena, all, &failed));
	ck_assert_uint_eq(all->len, 1);
	one = &g_array_index(all, JrSegmentBuild, 0);
	ck_assert_str_eq(one->hash, "h1");
	ck_assert_int_eq(one->after_person, 200);
	ck_assert_int_eq(one->entered, 5);
	ck_assert_int_eq(one->left, 2);
	OK(jr_segment_build_get(db, 7, arena, &build, &found, &failed));
	ck_assert(found && build.after_person == 200);
	WRITE(jr_segment_build_drop(db, 7, &failed));
	OK(jr_segment_build_get(db, 7, arena, &build, &found, &failed));
	ck_assert(!found);
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM builds"), 0);
}
END_TEST

/* ---- lists ---- */

START_TEST(the_newest_word_says_who_is_listed)
{
	const JrListed said[] = {
		{ "vip", 1, TRUE, 10 },	 { "vip", 2, TRUE, 10 },
		{ "vip", 2, FALSE, 20 }, { "vip", 3, FALSE, 20 },
		{ "vip", 3, TRUE, 10 },	 { "vip", 4, FALSE, 10 },
		{ "vip", 4, TRUE, 10 },	 { "other", 5, TRUE, 10 },
	};
	const gboolean want[] = { FALSE, TRUE, FALSE, FALSE, TRUE, FALSE };
	g_autoptr(GArray) page = ROWS(gint64);
	gboolean yes;

	for (guint i = 0; i < G_N_ELEMENTS(said); i++)
		WRITE(jr_list_put(db, &said[i], &failed));
	for (gint64 person = 0; person < 6; person++) {
		OK(jr_list_has(db, "vip", person, &yes, &failed));
		ck_assert_int_eq(yes, want[person]);
	}
	OK(jr_list_page(db, "vip", 0, 1, page, &failed));
	OK(jr_list_page(db, "vip", 1, 9, page, &failed));
	ck_assert_uint_eq(page->len, 2);
	ck_assert_int_eq(g_array_index(page, gint64, 1), 4);
}
END_TEST

START_TEST(a_merge_keeps_the_newest_word)
{
	gint64 a = make_person("a"), b = make_person("b");
	const JrListed said[] = {
		{ "one", a, TRUE, 10 },	 { "one", b, FALSE, 20 },
		{ "two", a, FALSE, 20 }, { "two", b, TRUE, 10 },
		{ "three", b, TRUE, 1 },
	};
	gboolean one, two, three;

	for (guint i = 0; i < G_N_ELEMENTS(said); i++)
		WRITE(jr_list_put(db, &said[i], &failed));
	WRITE(jr_people_merge(db, a, b, 99, &failed));
	OK(jr_list_has(db, "one", a, &one, &failed));
	OK(jr_list_has(db, "two", a, &two, &failed));
	OK(jr_list_has(db, "three", a, &three, &failed));
	ck_assert(!one && !two && three);
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM lists"), 3);
}
END_TEST

START_TEST(members_come_page_by_page)
{
	gint64 segment = put_segment("vip", "h"), after = 0;
	gint64 other = put_segment("other", "h"), due_s;
	JrMemberChange in = { .segment = segment, .in = TRUE };
	g_autoptr(GString) seen = g_string_new(NULL);
	g_autoptr(GArray) mine = ROWS(gint64);

	for (in.person = 5; in.person > 0; in.person--)
		WRITE(jr_members_change(db, 1, &in, 1, &failed));
	in = (JrMemberChange){ 3, other, TRUE };
	WRITE(jr_members_change(db, 1, &in, 1, &failed));
	for (;;) {
		g_autoptr(GArray) page = ROWS(JrSegmentMember);

		OK(jr_segment_page(db, segment, after, 2, page, &failed));
		if (!page->len)
			break;
		for (guint i = 0; i < page->len; i++) {
			after = g_array_index(page, JrSegmentMember, i).person;
			g_string_append_printf(seen, "%d", (int)after);
		}
	}
	ck_assert_str_eq(seen->str, "12345");
	in.person = 4;
	WRITE(jr_members_change(db, 1, &in, 1, &failed));
	OK(jr_segments_of(db, 4, mine, &due_s, &failed));
	ck_assert_uint_eq(mine->len, 2);
}
END_TEST

/* ---- timers ---- */

static void assert_due(JrTimerKind kind, gint64 now_s, const char *want)
{
	g_autoptr(GArray) due = ROWS(JrTimer);
	g_autoptr(GString) text = g_string_new(NULL);

	OK(jr_timers_due(db, kind, now_s, 3, arena, due, &failed));
	for (guint i = 0; i < due->len; i++) {
		const JrTimer *timer = &g_array_index(due, JrTimer, i);

		g_string_append_printf(text, "%s%d@%d ", timer->owner,
				       (int)timer->person, (int)timer->due_s);
	}
	ck_assert_str_eq(text->str, want);
}

START_TEST(timers_come_when_due_and_stay_until_set)
{
	const JrTimer all[] = {
		{ JR_TIMER_TRIGGER, "7", 2, 30, NULL },
		{ JR_TIMER_TRIGGER, "7", 1, 20, "note" },
		{ JR_TIMER_TRIGGER, "8", 1, 20, NULL },
		{ JR_TIMER_BROADCAST, "7", 1, 10, NULL },
		{ JR_TIMER_TRIGGER, "9", 9, 30, NULL },
	};
	const JrTimer off = { JR_TIMER_TRIGGER, "7", 1, 0, NULL };
	const JrTimer later = { JR_TIMER_TRIGGER, "8", 1, 99, NULL };

	WRITE(jr_timers_set(db, all, 5, &failed));
	assert_due(JR_TIMER_TRIGGER, 19, "");
	assert_due(JR_TIMER_TRIGGER, 20, "71@20 81@20 ");
	assert_due(JR_TIMER_TRIGGER, 30, "71@20 81@20 72@30 "); /* limit */
	assert_due(JR_TIMER_BROADCAST, 99, "71@10 ");
	WRITE(jr_timers_set(db, &off, 1, &failed));
	WRITE(jr_timers_set(db, &later, 1, &failed));
	assert_due(JR_TIMER_TRIGGER, 98, "72@30 99@30 ");
	WRITE(jr_timers_drop(db, JR_TIMER_TRIGGER, "7", &failed));
	assert_due(JR_TIMER_TRIGGER, 99, "99@30 81@99 ");
}
END_TEST

/* ---- looks ---- */

static void assert_looks(gint64 now_s, const char *want)
{
	g_autoptr(GArray) due = ROWS(JrLook);
	g_autoptr(GString) text = g_string_new(NULL);

	OK(jr_looks_due(db, now_s, 3, due, &failed));
	for (guint i = 0; i < due->len; i++) {
		const JrLook *look = &g_array_index(due, JrLook, i);
		g_autoptr(GArray) mine = ROWS(gint64);
		gint64 due_s;

		OK(jr_segments_of(db, look->person, mine, &due_s, &failed));
		ck_assert_int_eq(due_s, look->due_s);
		g_string_append_printf(text, "%d@%d ", (int)look->person,
				       (int)look->due_s);
	}
	ck_assert_str_eq(text->str, want);
}

START_TEST(looks_come_when_due_and_stay_until_set)
{
	const JrLook all[] = {
		{ 2, 30 }, { 1, 20 }, { 3, 20 }, { 9, 30 }, { 7, 5 }
	};
	const JrLook others[] = { { 7, 0 }, { 3, 99 }, { 8, 0 } };

	WRITE(jr_looks_set(db, all, 5, &failed));
	assert_looks(4, "");
	assert_looks(20, "7@5 1@20 3@20 ");
	assert_looks(30, "7@5 1@20 3@20 "); /* limit */
	WRITE(jr_looks_set(db, others, 3, &failed));
	assert_looks(98, "1@20 2@30 9@30 ");
}
END_TEST

/* A look is no membership: neither is there because of the other. */
START_TEST(looks_are_beside_memberships)
{
	gint64 vip = put_segment("vip", "h"), due_s;
	const JrMemberChange in = { 4, vip, TRUE }, out = { 4, vip, FALSE };
	const JrLook look = { 4, 50 };
	g_autoptr(GArray) mine = ROWS(gint64);
	g_autoptr(GArray) page = ROWS(JrSegmentMember);
	g_autoptr(GArray) among = ROWS(JrMembership);

	OK(jr_segments_of(db, 4, mine, &due_s, &failed));
	ck_assert_int_eq(due_s, 0);
	WRITE(jr_looks_set(db, &look, 1, &failed));
	WRITE(jr_members_change(db, 7, &in, 1, &failed));
	OK(jr_segments_of(db, 4, mine, &due_s, &failed));
	ck_assert_uint_eq(mine->len, 1);
	ck_assert_int_eq(due_s, 50);
	OK(jr_segment_page(db, vip, 0, 9, page, &failed));
	ck_assert_uint_eq(page->len, 1);
	ck_assert_int_eq(g_array_index(page, JrSegmentMember, 0).since_s, 7);
	OK(jr_segments_among(db, 1, 9, among, &failed));
	ck_assert_uint_eq(among->len, 2);
	ck_assert_int_eq(g_array_index(among, JrMembership, 0).segment, 0);
	ck_assert_int_eq(g_array_index(among, JrMembership, 0).since_s, 50);
	WRITE(jr_members_change(db, 8, &out, 1, &failed));
	assert_looks(50, "4@50 ");
}
END_TEST

/* ---- journeys ---- */

static JrEnrolment run_of(gint64 person, gint64 run)
{
	return (JrEnrolment){ .workflow = "w",
			      .version = "v1",
			      .person = person,
			      .run = run,
			      .entered_s = 10,
			      .trigger_seq = 4,
			      .trigger_s = 9,
			      .step = "0",
			      .state = JR_ENROLMENT_LIVE,
			      .due_s = 20,
			      .watch_s = G_MAXINT64,
			      .vars = "{}" };
}

static gboolean begin(JrEnrolment *one)
{
	gboolean fresh;

	WRITE(jr_enrolment_add(db, one, &fresh, &failed));
	return fresh;
}

START_TEST(a_run_begins_once)
{
	JrEnrolment one = run_of(1, 1), again = run_of(1, 1), back;
	JrEnrolment keyed = run_of(1, 1);
	gboolean found;

	ck_assert(begin(&one));
	ck_assert(!begin(&again));
	keyed.key = "order-7";
	ck_assert(begin(&keyed));
	OK(jr_enrolment_get(db, one.enrolment, arena, &back, &found, &failed));
	ck_assert(found);
	ck_assert_str_eq(back.workflow, "w");
	ck_assert_str_eq(back.version, "v1");
	ck_assert_str_eq(back.key, "");
	ck_assert_str_eq(back.step, "0");
	ck_assert_str_eq(back.vars, "{}");
	ck_assert_int_eq(back.trigger_seq, 4);
	ck_assert_int_eq(back.trigger_s, 9);
	ck_assert_int_eq(back.watch_s, G_MAXINT64);
	OK(jr_enrolment_get(db, 99, arena, &back, &found, &failed));
	ck_assert(!found);
}
END_TEST

START_TEST(the_newest_run_is_found_by_key)
{
	JrEnrolment ask = run_of(1, 0), newest;
	gboolean found;

	OK(jr_enrolment_newest(db, &ask, arena, &newest, &found, &failed));
	ck_assert(!found);
	for (gint64 run = 1; run <= 3; run++) {
		JrEnrolment one = run_of(1, run);

		begin(&one);
	}
	OK(jr_enrolment_newest(db, &ask, arena, &newest, &found, &failed));
	ck_assert(found);
	ck_assert_int_eq(newest.run, 3);
	ask.key = "k";
	OK(jr_enrolment_newest(db, &ask, arena, &newest, &found, &failed));
	ck_assert(!found);
}
END_TEST

START_TEST(runs_that_are_due_come_page_by_page)
{
	const gint64 dues[] = { 30, 20, 20, 40, G_MAXINT64, 10 };
	JrEnrolmentPage page = { .now_s = 30, .limit = 2 };
	g_autoptr(GString) text = g_string_new(NULL);
	guint n;

	for (guint i = 0; i < G_N_ELEMENTS(dues); i++) {
		JrEnrolment one = run_of(i + 1, 1);

		one.due_s = dues[i];
		begin(&one);
		if (dues[i] == 10) { /* is over */
			one.state = JR_ENROLMENT_DONE;
			WRITE(jr_enrolment_save(db, &one, &failed));
		}
	}
	do {
		g_autoptr(GArray) due = ROWS(JrEnrolment);

		OK(jr_enrolments_due(db, &page, arena, due, &failed));
		n = due->len;
		for (guint i = 0; i < n; i++)
			g_string_append_printf(
				text, "%d ",
				(int)g_array_index(due, JrEnrolment, i).person);
		g_string_append_c(text, '|');
	} while (n);
	ck_assert_str_eq(text->str, "2 3 |1 ||");
}
END_TEST

START_TEST(events_concern_live_runs_and_open_windows)
{
	const gint64 watches[] = { G_MAXINT64, 50, 49, 0 };
	g_autoptr(GArray) watching = ROWS(JrEnrolment), all = ROWS(JrEnrolment);

	for (guint i = 0; i < G_N_ELEMENTS(watches); i++) {
		JrEnrolment one = run_of(1, i + 1);

		begin(&one);
		one.watch_s = watches[i];
		WRITE(jr_enrolment_save(db, &one, &failed));
	}
	OK(jr_enrolments_watching(db, 1, 50, arena, watching, &failed));
	ck_assert_uint_eq(watching->len, 2);
	ck_assert_int_eq(g_array_index(watching, JrEnrolment, 1).run, 2);
	OK(jr_enrolments_of(db, 1, arena, all, &failed));
	ck_assert_uint_eq(all->len, 4);
}
END_TEST

START_TEST(live_runs_of_a_workflow_are_found)
{
	JrEnrolmentPage page = { .limit = 9 };
	g_autoptr(GArray) live = ROWS(JrEnrolment);
	JrEnrolment one = run_of(1, 1), two = run_of(2, 1), x = run_of(3, 1);

	x.workflow = "x";
	begin(&one);
	begin(&two);
	begin(&x);
	one.state = JR_ENROLMENT_EXITED;
	WRITE(jr_enrolment_save(db, &one, &failed));
	OK(jr_enrolments_by(db, "w", &page, arena, live, &failed));
	ck_assert_uint_eq(live->len, 1);
	ck_assert_int_eq(page.after, two.enrolment);
	ck_assert_str_eq(jr_enrolment_state_name(JR_ENROLMENT_EXITED),
			 "exited");
	ck_assert_ptr_null(jr_enrolment_state_name(0));
}
END_TEST

START_TEST(who_rests_is_woken_with_the_workflow)
{
	JrEnrolment one = run_of(1, 1), two = run_of(2, 1), x = run_of(3, 1);
	JrEnrolmentPage page = { .now_s = 50, .limit = 10 };
	g_autoptr(GArray) due = ROWS(JrEnrolment);

	x.workflow = "x";
	one.due_s = two.due_s = x.due_s = 99;
	one.step = x.step = "a";
	two.step = ""; /* the pause before the first */
	begin(&one);
	begin(&two);
	begin(&x);
	WRITE(jr_enrolments_wake(db, "w", 50, &failed));
	OK(jr_enrolments_due(db, &page, arena, due, &failed));
	ck_assert_uint_eq(due->len, 1);
	ck_assert_int_eq(g_array_index(due, JrEnrolment, 0).enrolment,
			 one.enrolment);
}
END_TEST

START_TEST(a_version_keeps_its_text)
{
	const JrVersion one = { "h1", "w", "name: w\n", 10, TRUE };
	const JrVersion same = { "h1", "w", "other", 20, FALSE };
	JrVersion back;
	gboolean found, aims;

	WRITE(jr_version_put(db, &one, &failed));
	WRITE(jr_version_put(db, &same, &failed));
	OK(jr_version_get(db, "h1", arena, &back, &found, &failed));
	ck_assert(found);
	ck_assert_str_eq(back.text, "name: w\n");
	ck_assert_int_eq(back.first_s, 10);
	ck_assert(back.aims);
	OK(jr_version_get(db, "h2", arena, &back, &found, &failed));
	ck_assert(!found);
	OK(jr_version_aims(db, "h1", &aims, &failed));
	ck_assert(aims);
	OK(jr_version_aims(db, "h2", &aims, &failed));
	ck_assert(!aims);
}
END_TEST

/* ---- decisions, holds, senders, runs ---- */

static gboolean note_decision(const JrDecisionRow *row, gpointer user)
{
	g_string_append_printf(user, "%d:%s ", (int)row->decision, row->gate);
	return TRUE;
}

static const struct {
	JrDecisionQuery query;
	const char *found;
} decision_asks[] = {
	{ { 0 }, "1:cap 2:quiet_hours 3:consent " },
	{ { .person = 1 }, "1:cap 3:consent " },
	{ { .person = 1, .workflow = "x" }, "3:consent " },
	{ { .message = "m_1" }, "1:cap " },
	{ { .message = "m_9" }, "" },
	{ { .from_s = 20, .until_s = 20 }, "2:quiet_hours " },
	{ { .person = 9 }, "" },
};

START_TEST(decisions_are_found_again)
{
	JrDecisionRow rows[] = {
		{ .at_s = 10,
		  .person = 1,
		  .workflow = "w",
		  .message = "m_1",
		  .gate = "cap",
		  .verdict = "later",
		  .opens_s = 99 },
		{ .at_s = 20,
		  .person = 2,
		  .workflow = "w",
		  .gate = "quiet_hours",
		  .verdict = "later" },
		{ .at_s = 30,
		  .person = 1,
		  .workflow = "x",
		  .gate = "consent",
		  .verdict = "no",
		  .details = "{}" },
	};
	const JrMessage message = { .id = "m_1", .workflow = "w", .person = 1 };
	g_autoptr(GString) found = g_string_new(NULL);
	gboolean fresh;

	WRITE(jr_message_plan(db, &message, &fresh, &failed));
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
		WRITE(jr_decision_add(db, &rows[i], &failed));
	OK(jr_decisions_each(db, &decision_asks[_i].query, note_decision, found,
			     &failed));
	ck_assert_str_eq(found->str, decision_asks[_i].found);
}
END_TEST

START_TEST(a_hold_lasts_until_a_person_releases_it)
{
	JrHold hold = { .workflow = "w",
			.held_s = 10,
			.held_by = "brake",
			.reason = "2.4 %" };
	JrHold back;
	gboolean yes;

	OK(jr_hold_get(db, "w", arena, &back, &yes, &failed));
	ck_assert(!yes);
	WRITE(jr_hold_put(db, &hold, &yes, &failed));
	ck_assert(yes);
	hold.held_s = 11;
	WRITE(jr_hold_put(db, &hold, &yes, &failed));
	ck_assert(!yes);
	hold.released_s = 20;
	hold.released_by = "ana";
	WRITE(jr_hold_release(db, &hold, &yes, &failed));
	ck_assert(yes);
	WRITE(jr_hold_release(db, &hold, &yes, &failed));
	ck_assert(!yes);
	OK(jr_hold_get(db, "w", arena, &back, &yes, &failed));
	ck_assert_int_eq(back.held_s, 10);
	ck_assert_int_eq(back.released_s, 20);
	ck_assert_str_eq(back.released_by, "ana");
	WRITE(jr_hold_put(db, &hold, &yes, &failed));
	ck_assert(yes);
	OK(jr_hold_get(db, "w", arena, &back, &yes, &failed));
	ck_assert_int_eq(back.released_s, 0);
}
END_TEST

START_TEST(what_was_said_of_a_sender_is_replaced)
{
	JrSenderStatus one = { "twilio", "+1206", "unknown", NULL, 10 }, back;
	gboolean found;

	WRITE(jr_sender_status_put(db, &one, &failed));
	one.status = "registered";
	one.checked_s = 20;
	WRITE(jr_sender_status_put(db, &one, &failed));
	OK(jr_sender_status_get(db, "twilio", "+1206", arena, &back, &found,
				&failed));
	ck_assert(found);
	ck_assert_str_eq(back.status, "registered");
	OK(jr_sender_status_get(db, "telnyx", "+1206", arena, &back, &found,
				&failed));
	ck_assert(!found);
}
END_TEST

START_TEST(each_run_leaves_a_row)
{
	JrRun one = { .command = "jr-ingest",
		      .version = "1",
		      .host = "h",
		      .pid = 7,
		      .started_ms = 1000 };
	JrRun two = { .command = "jr-segment", .started_ms = 2000 };
	g_autoptr(GArray) runs = ROWS(JrRun), all = ROWS(JrRun);

	WRITE(jr_run_start(db, &one, &failed));
	WRITE(jr_run_start(db, &two, &failed));
	one.ended_ms = 3000;
	one.exit_code = 65;
	one.counts = "{\"events\":3}";
	WRITE(jr_run_finish(db, &one, &failed));
	OK(jr_runs_newest(db, "jr-ingest", 9, arena, runs, &failed));
	ck_assert_uint_eq(runs->len, 1);
	ck_assert_int_eq(g_array_index(runs, JrRun, 0).exit_code, 65);
	ck_assert_str_eq(g_array_index(runs, JrRun, 0).counts,
			 "{\"events\":3}");
	OK(jr_runs_newest(db, NULL, 1, arena, all, &failed));
	ck_assert_uint_eq(all->len, 1);
	ck_assert_str_eq(g_array_index(all, JrRun, 0).command, "jr-segment");
	ck_assert_int_eq(g_array_index(all, JrRun, 0).ended_ms, 0);
}
END_TEST

/* ---- counters ---- */

static gboolean note_counter(const JrCounter *c, gpointer user)
{
	g_string_append_printf(user, "%d/%s/%s/%d:%d=%d ", (int)c->day,
			       c->workflow, c->step, (int)c->channel,
			       (int)c->counted, (int)c->n);
	return TRUE;
}

/* A message of @workflow accepted on @day and, if so, unsubscribed from. */
static void send_one(const char *id, const char *workflow, gint64 day,
		     gboolean unsubscribed)
{
	JrMessage message = { .id = id,
			      .workflow = workflow,
			      .step = "s",
			      .person = 1,
			      .channel = JR_CHANNEL_EMAIL,
			      .purpose = JR_PURPOSE_MARKETING,
			      .content = "{}",
			      .wake_s = 1,
			      .segments = 2,
			      .cost_micros = 10,
			      .trigger_s = day * 86400 };
	JrReceipt receipt = { .message = id,
			      .metric = JR_METRIC_SENT,
			      .at_s = day * 86400 + 60,
			      .cost_micros = -1,
			      .segments = -1 };
	gboolean fresh;

	WRITE(jr_message_plan(db, &message, &fresh, &failed));
	WRITE(jr_message_offer(db, &message, day * 86400, &fresh, &failed));
	WRITE(jr_receipt_add(db, &receipt, &fresh, &failed));
	ck_assert(fresh);
	receipt.metric = JR_METRIC_UNSUBSCRIBED;
	receipt.at_s += 5 * 86400;
	if (unsubscribed)
		WRITE(jr_receipt_add(db, &receipt, &fresh, &failed));
}

static const struct {
	JrReportQuery query;
	const char *sums;
} sums[] = {
	{ { 0 }, "0///0:1=3 0///0:7=1 0///0:32=1 " },
	{ { .by = JR_BY_DAY }, "0///0:32=1 3///0:1=1 4///0:1=2 4///0:7=1 " },
	{ { .by = JR_BY_WORKFLOW },
	  "0/w//0:1=2 0/w//0:7=1 0/w//0:32=1 0/x//0:1=1 " },
	{ { .by = JR_BY_STEP | JR_BY_CHANNEL },
	  "0///0:32=1 0//s/3:1=3 0//s/3:7=1 " },
	{ { .workflow = "x" }, "0///0:1=1 " },
	{ { .channel = JR_CHANNEL_EMAIL }, "0///0:1=3 0///0:7=1 " },
	{ { .channel = JR_CHANNEL_SMS }, "" },
	{ { .from_day = 4 }, "0///0:1=2 0///0:7=1 " },
	{ { .from_day = 1, .until_day = 3 }, "0///0:1=1 " },
};

static void make_numbers(void)
{
	JrEnrolment one = run_of(1, 1);

	make_person("u_1");
	begin(&one);
	send_one("m_1", "w", 3, FALSE);
	send_one("m_2", "w", 4, TRUE);
	send_one("m_3", "x", 4, FALSE);
}

START_TEST(counters_are_summed_by_what_is_told_apart)
{
	g_autoptr(GString) text = g_string_new(NULL);

	make_numbers();
	OK(jr_report_counters(db, &sums[_i].query, note_counter, text,
			      &failed));
	ck_assert_str_eq(text->str, sums[_i].sums);
}
END_TEST

START_TEST(spending_is_known_at_once)
{
	JrSpent spent;

	make_numbers();
	OK(jr_report_spent(db, NULL, 0, 0, &spent, &failed));
	ck_assert_int_eq(spent.sent, 3);
	ck_assert_int_eq(spent.unsubscribed, 1);
	ck_assert_int_eq(spent.segments, 6);
	ck_assert_int_eq(spent.cost_micros, 30);
	OK(jr_report_spent(db, "w", JR_CHANNEL_EMAIL, 4, &spent, &failed));
	ck_assert_int_eq(spent.sent, 1);
	OK(jr_report_spent(db, "nothing", 0, 0, &spent, &failed));
	ck_assert_int_eq(spent.sent, 0);
	ck_assert_int_eq(spent.cost_micros, 0);
}
END_TEST

static gboolean note_state(const char *workflow, JrChannel channel,
			   JrMessageState state, gint64 n, gpointer user)
{
	(void)channel;
	g_string_append_printf(user, "%s:%s=%d ", workflow,
			       jr_message_state_name(state), (int)n);
	return TRUE;
}

static gboolean note_latency(const JrLatency *l, gpointer user)
{
	g_string_append_printf(user, "%d:%s/%s/%d+%d=%d ", (int)l->day,
			       l->workflow, l->step, l->channel, (int)l->took_s,
			       (int)l->n);
	return TRUE;
}

START_TEST(what_is_under_way_is_counted_now)
{
	const JrReportQuery all = { .by = JR_BY_WORKFLOW | JR_BY_STEP };
	const JrReportQuery later = { .from_day = 4,
				      .by = JR_BY_DAY | JR_BY_WORKFLOW };
	const JrMessage planned = { .id = "m_9",
				    .workflow = "w",
				    .channel = JR_CHANNEL_SMS };
	g_autoptr(GString) text = g_string_new(NULL);
	gboolean fresh;

	make_numbers();
	WRITE(jr_message_plan(db, &planned, &fresh, &failed));
	OK(jr_report_active(db, &all, note_counter, text, &failed));
	OK(jr_report_active(db, &later, note_counter, text, &failed));
	OK(jr_report_states(db, note_state, text, &failed));
	OK(jr_report_latency(db, &later, note_latency, text, &failed));
	OK(jr_report_latency(db, &all, note_latency, text, &failed));
	ck_assert_str_eq(text->str,
			 "0/w/0/0:48=1 w:planned=1 4:w//0+60=1 4:x//0+60=1 "
			 "0:w/s/0+60=1 0:w/s/0+60=1 0:x/s/0+60=1 ");
}
END_TEST

START_TEST(ends_and_goals_are_counted_once)
{
	JrEnrolment done = run_of(1, 1), left = run_of(2, 1);
	JrEnrolment goal = run_of(3, 1);
	g_autoptr(GString) text = g_string_new(NULL);
	const JrReportQuery query = { .by = JR_BY_DAY };

	begin(&done);
	begin(&left);
	begin(&goal);
	done.state = JR_ENROLMENT_DONE;
	left.state = JR_ENROLMENT_EXITED;
	goal.state = JR_ENROLMENT_GOAL;
	done.ended_s = left.ended_s = goal.ended_s = goal.goal_s = 86400;
	for (int i = 0; i < 2; i++) {
		WRITE(jr_enrolment_save(db, &done, &failed));
		WRITE(jr_enrolment_save(db, &left, &failed));
		WRITE(jr_enrolment_save(db, &goal, &failed));
	}
	done.goal_s = 2 * 86400; /* in its window, later */
	WRITE(jr_enrolment_save(db, &done, &failed));
	OK(jr_report_counters(db, &query, note_counter, text, &failed));
	ck_assert_str_eq(text->str, "0///0:32=3 0///0:33=1 0///0:34=2 "
				    "0///0:35=1 ");
}
END_TEST

static gboolean note_step(const JrCounter *c, gpointer user)
{
	if (c->counted == JR_COUNT_CAME || c->counted == JR_COUNT_WENT)
		g_string_append_printf(user, "%d:%s%s%s=%d ", (int)c->day,
				       c->step, *c->variant ? ">" : "",
				       c->variant, (int)c->n);
	return TRUE;
}

START_TEST(each_step_that_a_run_comes_to_is_counted_once)
{
	static const char *const paths[] = {
		NULL,
		"hello\t10\n",
		"hello\t10\nfork\t20\n\tif1\nnews\t20\t-\nrest\t20\n",
		"hello\t10\nfork\t20\n\tif1\nnews\t20\t-\nrest\t20\n"
		"\telse\n",
	};
	const JrReportQuery query = { .by = JR_BY_DAY | JR_BY_STEP |
					    JR_BY_VARIANT };
	JrEnrolment one = run_of(1, 1), two = run_of(2, 1);
	g_autoptr(GString) text = g_string_new(NULL);

	begin(&one);
	begin(&two);
	for (guint i = 0; i < G_N_ELEMENTS(paths); i++) {
		one.path = paths[i];
		WRITE(jr_enrolment_save(db, &one, &failed));
		WRITE(jr_enrolment_save(db, &one, &failed));
	}
	two.path = paths[2];
	WRITE(jr_enrolment_save(db, &two, &failed));
	OK(jr_report_counters(db, &query, note_step, text, &failed));
	ck_assert_str_eq(text->str,
			 "0:fork=2 0:fork>if1=2 0:hello=2 0:news>-=2 0:rest=2 "
			 "0:rest>else=1 ");
}
END_TEST

START_TEST(what_is_rolled_back_does_not_count)
{
	const JrReportQuery query = { 0 };
	JrEnrolment one = run_of(1, 1), two = run_of(2, 1);
	g_autoptr(GString) text = g_string_new(NULL);
	gboolean fresh;

	begin_write();
	OK(jr_enrolment_add(db, &one, &fresh, &failed));
	end_write("ROLLBACK");
	begin(&two);
	OK(jr_report_counters(db, &query, note_counter, text, &failed));
	ck_assert_str_eq(text->str, "0///0:32=1 ");
}
END_TEST

static gboolean note_aimed(const JrCounter *c, gpointer user)
{
	if (c->counted == JR_COUNT_ENTERED || c->counted == JR_METRIC_SENT)
		g_string_append_printf(user, "%d=%d/%d ", (int)c->counted,
				       (int)c->aimed, (int)c->n);
	return TRUE;
}

/* Two versions with a goal, "h1" and "h3"; one without, and one not kept. */
static void put_versions(void)
{
	const JrVersion versions[] = {
		{ "h1", "w", "name: w\ngoal: {event: Won}\n", 1, TRUE },
		{ "h2", "w", "name: w\ntrigger:\n  goal: x\n", 1, FALSE },
		{ "h3", "w", "{name: w, goal: {event: Won}}", 1, TRUE },
	};

	for (guint i = 0; i < G_N_ELEMENTS(versions); i++)
		WRITE(jr_version_put(db, &versions[i], &failed));
}

/* By which version runs begin and go on, and how many of them then have a goal
 * to reach. */
static const struct {
	const char *begins, *goes_on;
	gint64 goal_s;
	const char *aimed;
} aims[] = {
	{ "h1", "h1", 0, "32=1/1 " }, { "h2", "h2", 0, "32=0/1 " },
	{ "h4", "h4", 0, "32=0/1 " }, { "h2", "h1", 0, "32=1/1 " },
	{ "h1", "h2", 0, "32=0/1 " }, { "h1", "h3", 0, "32=1/1 " },
	{ "h1", "h2", 9, "32=1/1 " }, { "h1", "h1", 9, "32=1/1 " },
	{ "h2", "h2", 9, "32=1/1 " },
};

START_TEST(runs_with_a_goal_to_reach_are_counted)
{
	const JrReportQuery query = { 0 };
	g_autoptr(GString) text = g_string_new(NULL);
	JrEnrolment one = run_of(1, 1);

	put_versions();
	one.version = aims[_i].begins;
	begin(&one);
	one.version = aims[_i].goes_on;
	one.goal_s = aims[_i].goal_s;
	WRITE(jr_enrolment_save(db, &one, &failed));
	WRITE(jr_enrolment_save(db, &one, &failed));
	OK(jr_report_counters(db, &query, note_aimed, text, &failed));
	ck_assert_str_eq(text->str, aims[_i].aimed);
}
END_TEST

/* ---- counting along the way and counting anew give the same ---- */

static guint32 draw(GRand *rand, guint32 below)
{
	return (guint32)g_rand_int_range(rand, 0, (gint32)below);
}

static void random_receipt(GRand *rand, const char *id, gint64 at_s)
{
	const JrReceipt receipt = {
		.message = id,
		.metric = (JrMetric)(1 + draw(rand, JR_METRIC_LAST)),
		.device = draw(rand, 3),
		.at_s = at_s,
		.cost_micros = (gint64)draw(rand, 100) - 1,
		.segments = (gint64)draw(rand, 3) - 1,
	};
	gboolean fresh;

	WRITE(jr_receipt_add(db, &receipt, &fresh, &failed));
}

static const char *random_version(GRand *rand)
{
	static const char *const hashes[] = { "h1", "h2", "h3", "h4" };

	return hashes[draw(rand, G_N_ELEMENTS(hashes))];
}

static char *random_id(GRand *rand)
{
	return g_strdup_printf("m_%u", draw(rand, 12));
}

/* Whether no other device has this attempt. */
static gboolean is_alone(const JrAttempt *attempt)
{
	g_autoptr(GArray) all = ROWS(JrAttempt);
	guint n = 0;

	OK(jr_attempts_of(db, attempt->message, arena, all, &failed));
	for (guint i = 0; i < all->len; i++)
		n += g_array_index(all, JrAttempt, i).attempt ==
		     attempt->attempt;
	return n == 1;
}

/* Up to four answers together: some of one message, some of none. */
static void random_answers(GRand *rand, gint64 at_s)
{
	static const JrMessageState outcomes[] = { JR_MESSAGE_ACCEPTED,
						   JR_MESSAGE_WAITING,
						   JR_MESSAGE_REFUSED,
						   JR_MESSAGE_UNKNOWN };
	JrSettlement all[4];
	JrMessage there[4];
	gsize n = 0;

	for (guint i = 1 + draw(rand, 4); i > 0; i--) {
		g_autofree char *id = random_id(rand);
		gboolean found;
		JrAttempt attempt = { .attempt = 1 + draw(rand, 2),
				      .device = draw(rand, 3),
				      .ended_s = at_s,
				      .state = outcomes[draw(rand, 4)],
				      .cost_micros =
					      (gint64)draw(rand, 90) - 1 };

		OK(jr_message_get(db, id, arena, &there[n], &found, &failed));
		if (!found)
			continue;
		attempt.message = there[n].id;
		all[n] = (JrSettlement){ .attempt = attempt,
					 .wake_s = at_s + 5,
					 .message = draw(rand, 2) ? &there[n]
								  : NULL,
					 .alone = is_alone(&attempt) };
		n++;
	}
	WRITE(jr_attempts_settle(db, all, n, &failed));
}

static void random_step(GRand *rand, gint64 at_s)
{
	g_autofree char *id = random_id(rand);
	JrMessage message = { .id = id,
			      .workflow = id[2] & 1 ? "w" : "x",
			      .version = random_version(rand),
			      .step = "s",
			      .person = 1,
			      .channel = JR_CHANNEL_PUSH,
			      .content = "{}",
			      .wake_s = at_s + 10,
			      .trigger_s = (gint64)draw(rand, (guint32)at_s),
			      .segments = 1,
			      .cost_micros = 50,
			      .country = "US" };
	const gint64 devices[] = { 0, 1, 2 };
	const JrClaim claim = { .id = id,
				.provider = "fcm",
				.now_s = at_s,
				.limit_s = 60,
				.devices = devices,
				.n_devices = 1 + draw(rand, 3) };
	JrClaimResult result;
	gint64 number;
	gboolean done;

	switch (draw(rand, 4 + draw(rand, 3))) { /* receipts more or less */
	case 0:
		message.wake_s = 0;
		WRITE(jr_message_plan(db, &message, &done, &failed));
		break;
	case 1:
		WRITE(jr_message_offer(db, &message, at_s, &done, &failed));
		break;
	case 2:
		WRITE(jr_message_claim(db, &claim, &result, &number, &failed));
		break;
	case 3:
		random_answers(rand, at_s);
		break;
	default:
		random_receipt(rand, id, at_s);
	}
}

static void random_decision(GRand *rand, gint64 at_s)
{
	static const char *const gates[] = { "cap", "quiet_hours", NULL };
	JrDecisionRow row = { .at_s = at_s,
			      .person = 1,
			      .workflow = draw(rand, 2) ? "w" : NULL,
			      .step = draw(rand, 2) ? "s" : NULL,
			      .channel = (JrChannel)draw(rand, 3),
			      .gate = gates[draw(rand, 3)],
			      .verdict = draw(rand, 2) ? "later" : "no" };

	WRITE(jr_decision_add(db, &row, &failed));
}

/* @path and, perhaps, further lines; in the arena. */
static const char *random_path(GRand *rand, const char *path)
{
	static const char *const lines[] = { "s\t1\n", "2.then.1\t5\t-\n",
					     "fork\t7\n\ta b\n", "\telse\n" };
	g_autoptr(GString) text = g_string_new(path);

	for (guint i = draw(rand, 3); i > 0; i--)
		g_string_append(text, lines[draw(rand, G_N_ELEMENTS(lines))]);
	return text->len ? jr_arena_text(arena, text->str, text->len) : NULL;
}

/* One of the live runs goes on, perhaps by another version, or ends. */
static void random_journey(GRand *rand, gint64 at_s)
{
	static const char *const steps[] = { "s", "fork", NULL };
	JrEnrolment one = run_of(1 + draw(rand, 4), 1 + draw(rand, 2));

	one.entered_s = at_s;
	one.version = random_version(rand);
	if (begin(&one) || draw(rand, 2))
		return;
	JrEnrolmentPage page = { .limit = 1 + draw(rand, 3) };
	g_autoptr(GArray) live = ROWS(JrEnrolment);

	OK(jr_enrolments_by(db, "w", &page, arena, live, &failed));
	if (!live->len)
		return;
	one = g_array_index(live, JrEnrolment, live->len - 1);
	one.path = random_path(rand, one.path);
	one.step = steps[at_s / 9000 % G_N_ELEMENTS(steps)];
	if (!draw(rand, 3))
		one.version = random_version(rand);
	if (draw(rand, 2)) {
		one.state = (JrEnrolmentState)(2 + draw(rand, 3));
		one.ended_s = at_s;
	}
	if (one.state == JR_ENROLMENT_GOAL || !draw(rand, 3))
		one.goal_s = at_s;
	WRITE(jr_enrolment_save(db, &one, &failed));
}

/* Rows that count nothing may be there or not, but of who is on the way. */
static const char *const sums_by_day[] = {
	"SELECT /* all */ * FROM counters WHERE n <> 0 OR segments <> 0"
	" OR cost_micros <> 0 OR aimed <> 0 OR counted >= 48 ORDER BY day, workflow, step, variant,"
	" channel, provider, country, counted",
	"SELECT /* all */ * FROM verdicts"
	" ORDER BY day, workflow, step, channel, gate, verdict",
	"SELECT /* all */ * FROM latencies"
	" ORDER BY day, workflow, step, channel, took_s",
	"SELECT /* all */ * FROM last_clicks ORDER BY person, channel",
};

static char *counters_now(void)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < G_N_ELEMENTS(sums_by_day); i++) {
		g_autoptr(JrStmt) st = jr_db_stmt(db, sums_by_day[i], &failed);
		gboolean row = TRUE;
		gsize before = text->len;

		while (row) {
			OK(jr_stmt_row(st, &row, &failed));
			if (row)
				jr_stmt_write_row(st, text);
			g_string_append_c(text, '\n');
		}
		/* Not in every store has somebody clicked. */
		ck_assert(text->len > before + 20 ||
			  strstr(sums_by_day[i], "last_clicks"));
	}
	return g_string_free(text, FALSE);
}

static void assert_same_lines(const char *a, const char *b)
{
	g_auto(GStrv) x = g_strsplit(a, "\n", -1), y = g_strsplit(b, "\n", -1);

	for (guint i = 0; x[i] && y[i]; i++)
		ck_assert_str_eq(x[i], y[i]);
	ck_assert_uint_eq(g_strv_length(x), g_strv_length(y));
}

static void random_store(int seed)
{
	GRand *rand = g_rand_new_with_seed((guint32)seed);

	make_person("u_1");
	begin_write(); /* one for all: it is about counting, not disks */
	put_versions();
	for (gint64 i = 1; i < 150; i++) {
		random_step(rand, i * 9000);
		random_journey(rand, i * 9000);
		random_decision(rand, i * 9000);
	}
	g_rand_free(rand);
}

START_TEST(a_recount_finds_what_was_counted)
{
	g_autofree char *before = NULL, *after = NULL;

	random_store(_i);
	OK(jr_counters_flush(db, &failed));
	before = counters_now();
	WRITE(jr_report_recount(db, &failed));
	after = counters_now();
	end_write("COMMIT");
	assert_same_lines(before, after);
	ck_assert_uint_gt(strlen(after), 100);
}
END_TEST

static const char *const version_6 = BEFORE_9 LESS_THAN_VERSION_7
	"UPDATE meta SET value = '6' WHERE name = 'schema'";

/* As a store of version 2 is: it counted runs on other days, and no decisions
 * and latencies at all. */
static const char *const version_2 = BEFORE_9
	"DROP INDEX messages_sender; DROP TABLE verdicts; DROP TABLE latencies;"
	"UPDATE decisions SET channel = 0;"
	"ALTER TABLE decisions DROP COLUMN channel;"
	"UPDATE counters SET day = day + 100 WHERE counted >= 32;" LESS_THAN_VERSION_7
	"UPDATE meta SET value = '2' WHERE name = 'schema'";

static const char *const *const earlier[] = { &version_2, &version_6 };

START_TEST(an_earlier_store_is_counted_anew)
{
	g_autofree char *migrated = NULL, *recounted = NULL;

	random_store(_i);
	end_write("COMMIT");
	jr_db_close(db);
	meddle(*earlier[_i % 2]);
	OK((db = jr_db_open(state_path, NULL, &failed)) != NULL);
	migrated = counters_now();
	WRITE(jr_report_recount(db, &failed));
	recounted = counters_now();
	assert_same_lines(migrated, recounted);
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM versions"
				   " WHERE aims = (hash IN ('h1', 'h3'))"),
			 3);
}
END_TEST

static const struct {
	gint64 took_s, rounded;
} rounds[] = {
	{ -5, 0 },	  { 0, 0 },
	{ 59, 59 },	  { 60, 60 },
	{ 61, 70 },	  { 70, 70 },
	{ 599, 600 },	  { 600, 600 },
	{ 601, 660 },	  { 3600, 3600 },
	{ 3601, 4200 },	  { 86400, 86400 },
	{ 86401, 90000 }, { 12345678, 12348000 },
};

START_TEST(a_latency_is_rounded_up)
{
	ck_assert_int_eq(jr_latency_round(rounds[_i].took_s),
			 rounds[_i].rounded);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, open_state, close_state);
	tcase_add_test(tc, a_segment_keeps_its_number_and_size);
	tcase_add_test(tc, changes_are_members_size_and_growth);
	tcase_add_test(tc, nobody_enters_twice);
	tcase_add_test(tc, memberships_of_many_come_by_person);
	tcase_add_test(tc, a_build_goes_on_where_it_was);
	tcase_add_test(tc, the_newest_word_says_who_is_listed);
	tcase_add_test(tc, a_merge_keeps_the_newest_word);
	tcase_add_test(tc, members_come_page_by_page);
	tcase_add_test(tc, timers_come_when_due_and_stay_until_set);
	tcase_add_test(tc, looks_come_when_due_and_stay_until_set);
	tcase_add_test(tc, looks_are_beside_memberships);
	tcase_add_test(tc, a_run_begins_once);
	tcase_add_test(tc, the_newest_run_is_found_by_key);
	tcase_add_test(tc, runs_that_are_due_come_page_by_page);
	tcase_add_test(tc, events_concern_live_runs_and_open_windows);
	tcase_add_test(tc, live_runs_of_a_workflow_are_found);
	tcase_add_test(tc, who_rests_is_woken_with_the_workflow);
	tcase_add_test(tc, a_version_keeps_its_text);
	tcase_add_loop_test(tc, decisions_are_found_again, 0,
			    G_N_ELEMENTS(decision_asks));
	tcase_add_test(tc, a_hold_lasts_until_a_person_releases_it);
	tcase_add_test(tc, what_was_said_of_a_sender_is_replaced);
	tcase_add_test(tc, each_run_leaves_a_row);
	tcase_add_loop_test(tc, counters_are_summed_by_what_is_told_apart, 0,
			    G_N_ELEMENTS(sums));
	tcase_add_test(tc, spending_is_known_at_once);
	tcase_add_test(tc, what_is_under_way_is_counted_now);
	tcase_add_test(tc, ends_and_goals_are_counted_once);
	tcase_add_test(tc, each_step_that_a_run_comes_to_is_counted_once);
	tcase_add_test(tc, what_is_rolled_back_does_not_count);
	tcase_add_loop_test(tc, runs_with_a_goal_to_reach_are_counted, 0,
			    G_N_ELEMENTS(aims));
	tcase_add_loop_test(tc, a_recount_finds_what_was_counted, 0, 20);
	tcase_add_loop_test(tc, an_earlier_store_is_counted_anew, 0, 6);
	tcase_add_loop_test(tc, a_latency_is_rounded_up, 0,
			    G_N_ELEMENTS(rounds));
}
