/* People: found, made, named, kept; and two that become one. */
#include "store.h"
#include "store/consents.h"
#include "store/devices.h"
#include "store/enrolments.h"
#include "store/log.h"
#include "store/messages.h"
#include "store/segments.h"
#include "store/suppress.h"

static gint64 find(JrIdentityKind kind, const char *value)
{
	JrPersonAsk ask = { { kind, value }, -1 };

	OK(jr_people_find(db, &ask, 1, &failed));
	return ask.person;
}

static gint64 identify(gint64 person, JrIdentityKind kind, const char *value)
{
	const JrIdentity identity = { kind, value };
	gint64 owner = -1;

	WRITE(jr_person_identify(db, person, &identity, &owner, &failed));
	return owner;
}

static JrPerson load(gint64 person)
{
	JrPerson one = { .person = person };

	OK(jr_people_load(db, &one, 1, arena, &failed));
	return one;
}

START_TEST(nobody_is_no_failure)
{
	ck_assert_int_eq(find(JR_IDENTITY_ID, "u_1"), 0);
	ck_assert_int_eq(load(5).person, 0);
	ck_assert_ptr_null(load(5).id);
}
END_TEST

START_TEST(many_are_made_in_their_order_and_found_in_any)
{
	JrPerson people[3] = { { .id = "c", .state = JR_PERSON_LIVE },
			       { .id = "a", .state = JR_PERSON_LIVE },
			       { .id = "b", .state = JR_PERSON_LIVE } };
	JrPersonIdentity names[3];
	JrPersonAsk asks[4] = { { { JR_IDENTITY_ID, "a" }, -1 },
				{ { JR_IDENTITY_ID, "c" }, -1 },
				{ { JR_IDENTITY_ID, "x" }, -1 },
				{ { JR_IDENTITY_EMAIL, "b" }, -1 } };

	WRITE(jr_people_add(db, people, 3, &failed));
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(people[i].person, i + 1);
		names[i] =
			(JrPersonIdentity){ i + 1,
					    { JR_IDENTITY_ID, people[i].id } };
	}
	WRITE(jr_people_identify(db, names, 3, &failed));
	OK(jr_people_find(db, asks, 4, &failed));
	ck_assert_int_eq(asks[0].person, 2);
	ck_assert_int_eq(asks[1].person, 1);
	ck_assert_int_eq(asks[2].person, 0);
	ck_assert_int_eq(asks[3].person, 0);
}
END_TEST

START_TEST(an_identity_stays_its_first_owners)
{
	gint64 a = make_person("a"), b = make_person("b");
	const JrIdentity email = { JR_IDENTITY_EMAIL, "x@example.com" };
	g_autoptr(GArray) all = ROWS(JrIdentity);

	ck_assert_int_eq(identify(a, email.kind, email.value), a);
	ck_assert_int_eq(identify(a, email.kind, email.value), a);
	ck_assert_int_eq(identify(b, email.kind, email.value), a);
	WRITE(jr_person_unidentify(db, b, &email, &failed));
	ck_assert_int_eq(find(email.kind, email.value), a);
	identify(a, JR_IDENTITY_ID, "a");
	OK(jr_person_identities(db, a, arena, all, &failed));
	ck_assert_uint_eq(all->len, 2);
	ck_assert_str_eq(g_array_index(all, JrIdentity, 0).value, "a");
	WRITE(jr_person_unidentify(db, a, &email, &failed));
	ck_assert_int_eq(identify(b, email.kind, email.value), b);
}
END_TEST

START_TEST(what_is_saved_is_loaded)
{
	JrPerson people[2],
		asks[3] = { { .person = 2 }, { .person = 9 }, { .person = 1 } };

	make_person("a");
	make_person("b");
	people[0] = (JrPerson){ .person = 2,
				.id = "bb",
				.state = JR_PERSON_SUPPRESSED,
				.attributes = "{\"plan\":\"é\"}",
				.times = "{\"plan\":5}",
				.zone = "Asia/Tokyo",
				.updated_s = 7 };
	people[1] =
		(JrPerson){ .person = 1, .id = "a", .state = JR_PERSON_LIVE };
	WRITE(jr_people_save(db, people, 2, &failed));
	OK(jr_people_load(db, asks, 3, arena, &failed));
	ck_assert_str_eq(asks[0].id, "bb");
	ck_assert_int_eq(asks[0].state, JR_PERSON_SUPPRESSED);
	ck_assert_str_eq(asks[0].attributes, "{\"plan\":\"é\"}");
	ck_assert_str_eq(asks[0].times, "{\"plan\":5}");
	ck_assert_str_eq(asks[0].zone, "Asia/Tokyo");
	ck_assert_int_eq(asks[0].created_s, 1); /* for ever */
	ck_assert_int_eq(asks[0].updated_s, 7);
	ck_assert_int_eq(asks[1].person, 0);
	ck_assert_ptr_null(asks[2].zone);
	ck_assert_ptr_null(asks[2].attributes);
}
END_TEST

START_TEST(a_full_arena_is_told)
{
	g_autoptr(JrArena) small = jr_arena_new(2);
	g_autoptr(GError) error = NULL;
	JrPerson one = { .person = make_person("u_1") };

	ck_assert(!jr_people_load(db, &one, 1, small, &error));
	ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_IO));
}
END_TEST

START_TEST(pages_show_each_live_person_once)
{
	JrPerson gone = { .id = "gone", .state = JR_PERSON_ERASED };
	gint64 after = 0, before = 0, n;
	g_autoptr(GString) seen = g_string_new(NULL);

	for (int i = 0; i < 3; i++)
		make_person("x");
	WRITE(jr_people_add(db, &gone, 1, &failed));
	for (int i = 0; i < 2; i++)
		make_person("y");
	for (;;) {
		g_autoptr(GArray) page = ROWS(JrPerson);

		OK(jr_people_page(db, after, 2, arena, page, &failed));
		if (!page->len)
			break;
		for (guint i = 0; i < page->len; i++) {
			after = g_array_index(page, JrPerson, i).person;
			g_string_append_printf(seen, "%d ", (int)after);
		}
	}
	ck_assert_str_eq(seen->str, "1 2 3 5 6 ");
	g_string_truncate(seen, 0);
	for (gsize bytes = 1, last = 1; last != 0; bytes += 40) {
		g_autoptr(GArray) batch = ROWS(JrPerson);

		OK(jr_people_batch(db, before, bytes, arena, batch, &failed));
		for (guint i = 0; i < batch->len; i++)
			before = g_array_index(batch, JrPerson, i).person;
		last = batch->len;
		g_string_append_printf(seen, "%u>%d ", batch->len, (int)before);
	}
	ck_assert_str_eq(seen->str, "1>1 2>3 2>6 0>6 ");
	OK(jr_people_count(db, &n, &failed));
	ck_assert_int_eq(n, 5);
}
END_TEST

static void set_numbers(gint64 person, const char *a, const char *b)
{
	const char *const numbers[] = { a, b, NULL };

	WRITE(jr_person_set_numbers(db, person, numbers, &failed));
}

static void assert_with_number(const char *number, gint64 a, gint64 b)
{
	g_autoptr(GArray) people = ROWS(gint64);
	const gint64 want[] = { a, b };

	OK(jr_people_with_number(db, number, people, &failed));
	ck_assert_uint_eq(people->len, (a > 0) + (b > 0));
	for (guint i = 0; i < people->len; i++)
		ck_assert_int_eq(g_array_index(people, gint64, i), want[i]);
}

START_TEST(a_number_finds_everyone_who_has_it)
{
	gint64 a = make_person("a"), b = make_person("b");

	set_numbers(a, "+12065550101", "+12065550101"); /* in both fields */
	set_numbers(b, "+12065550101", "+12065550102");
	assert_with_number("+12065550101", a, b);
	assert_with_number("+12065550102", b, 0);
	set_numbers(b, "+12065550103", NULL);
	assert_with_number("+12065550101", a, 0);
	assert_with_number("+12065550102", 0, 0);
}
END_TEST

START_TEST(identities_have_names)
{
	for (int kind = 1; kind <= JR_IDENTITY_LAST; kind++)
		ck_assert_int_eq(jr_identity_of(jr_identity_name(kind)), kind);
	ck_assert_int_eq(jr_identity_of("name"), 0);
	ck_assert_ptr_null(jr_identity_name(0));
}
END_TEST

/* ---- devices ---- */

static gboolean put_device(gint64 person, gint64 registered_ms)
{
	const JrDevice device = { .person = person,
				  .kind = "apns",
				  .token = "t1",
				  .platform = "ios",
				  .enabled = TRUE,
				  .registered_ms = registered_ms,
				  .last_used_s = registered_ms / 1000 };
	gboolean taken;

	WRITE(jr_device_put(db, &device, &taken, &failed));
	return taken;
}

static gboolean device_gone(gint64 gone_ms)
{
	const JrDevice device = { .kind = "apns",
				  .token = "t1",
				  .gone_ms = gone_ms,
				  .gone_reason = "Unregistered" };
	gboolean gone;

	WRITE(jr_device_gone(db, &device, &gone, &failed));
	return gone;
}

static gboolean has_device(gint64 person, const char *platform)
{
	gboolean yes;

	OK(jr_devices_has(db, person, platform, &yes, &failed));
	return yes;
}

START_TEST(a_token_moves_and_leaves_the_first)
{
	ck_assert(put_device(1, 1000));
	ck_assert(put_device(2, 2000));
	ck_assert(!put_device(1, 1500)); /* late news */
	ck_assert(!has_device(1, NULL));
	ck_assert(has_device(2, NULL));
	ck_assert(has_device(2, "ios"));
	ck_assert(!has_device(2, "android"));
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM devices"), 1);
}
END_TEST

START_TEST(feedback_counts_only_from_its_time)
{
	ck_assert(!device_gone(500)); /* not there */
	put_device(1, 1000);
	ck_assert(!device_gone(999));
	ck_assert(has_device(1, NULL));
	ck_assert(device_gone(1000));
	ck_assert(!device_gone(1500)); /* was gone */
	ck_assert(!has_device(1, NULL));
	put_device(1, 1000);
	ck_assert(!has_device(1, NULL)); /* nothing new */
	put_device(1, 1001);
	ck_assert(has_device(1, NULL));
}
END_TEST

START_TEST(a_device_is_removed_by_its_person)
{
	guint n;

	put_device(1, 1000);
	WRITE(jr_device_remove(db, 2, "t1", 5000, &n, &failed));
	ck_assert_uint_eq(n, 0);
	WRITE(jr_device_remove(db, 1, "t1", 999, &n, &failed));
	ck_assert_uint_eq(n, 0);
	WRITE(jr_device_remove(db, 1, "t1", 1000, &n, &failed));
	ck_assert_uint_eq(n, 1);
	ck_assert(!has_device(1, NULL));
	WRITE(jr_device_remove(db, 1, "t1", 990, &n, &failed));
	put_device(1, 999);
	ck_assert(!has_device(1, NULL)); /* came too late */
	put_device(1, 1000);
	ck_assert(has_device(1, NULL));
}
END_TEST

START_TEST(devices_come_live_and_newest_first)
{
	static const JrDevice all[] = {
		{ .token = "old", .enabled = 1, .last_used_s = 1 },
		{ .token = "off", .enabled = 0, .last_used_s = 9 },
		{ .token = "new", .enabled = 1, .last_used_s = 5 },
		{ .token = "t1", .enabled = 1, .last_used_s = 7 },
	};
	g_autoptr(GArray) devices = ROWS(JrDevice);
	g_autoptr(GString) tokens = g_string_new(NULL);
	gboolean taken;

	for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
		JrDevice device = all[i];

		device.person = 1;
		device.kind = "apns";
		WRITE(jr_device_put(db, &device, &taken, &failed));
	}
	device_gone(5);
	OK(jr_devices_of(db, 1, arena, devices, &failed));
	for (guint i = 0; i < devices->len; i++)
		g_string_append_printf(
			tokens, "%s ",
			g_array_index(devices, JrDevice, i).token);
	ck_assert_str_eq(tokens->str, "new old off t1 ");
	ck_assert(has_device(1, NULL)); /* they have no platform */
	ck_assert(!has_device(1, "ios"));
}
END_TEST

/* ---- merging ---- */

static gint64 enrol(gint64 person, const char *key, gint64 run,
		    gint64 entered_s, JrEnrolmentState state)
{
	JrEnrolment one = { .workflow = "w",
			    .version = "v",
			    .person = person,
			    .key = key,
			    .run = run,
			    .entered_s = entered_s,
			    .state = state,
			    .due_s = G_MAXINT64 };
	gboolean fresh;

	WRITE(jr_enrolment_add(db, &one, &fresh, &failed));
	ck_assert(fresh);
	return one.enrolment;
}

/* Runs of winner and loser, "RUN:ENTERED:STATE " in the order of their making,
 * and what the winner has afterwards, by run. */
static const struct {
	const char *winner, *loser, *after;
} runs[] = {
	{ "", "", "" },
	{ "", "1:10:1 ", "1:10:1 " },
	{ "1:10:1 ", "", "1:10:1 " },
	{ "1:10:2 ", "1:20:2 ", "1:10:2 2:20:2 " },
	{ "1:20:2 ", "1:10:2 ", "0:10:2 1:20:2 " },
	{ "1:20:2 ", "1:10:1 ", "1:20:2 2:10:1 " },
	{ "1:20:1 ", "1:10:1 ", "0:10:4 1:20:1 " },
	{ "1:10:1 ", "1:20:1 ", "0:20:4 1:10:1 " },
	{ "1:10:2 2:30:2 ", "1:20:2 2:25:2 ", "-1:20:2 0:25:2 1:10:2 2:30:2 " },
	{ "1:10:2 2:30:2 ", "1:5:2 2:6:1 ", "1:10:2 2:30:2 3:5:2 4:6:1 " },
};

static void enrol_all(gint64 person, const char *text)
{
	g_auto(GStrv) all = g_strsplit(text, " ", -1);

	for (guint i = 0; all[i] && *all[i]; i++) {
		g_auto(GStrv) one = g_strsplit(all[i], ":", 3);

		enrol(person, "", g_ascii_strtoll(one[0], NULL, 10),
		      g_ascii_strtoll(one[1], NULL, 10),
		      (JrEnrolmentState)g_ascii_strtoll(one[2], NULL, 10));
	}
}

static int by_run(gconstpointer a, gconstpointer b)
{
	const JrEnrolment *x = a, *y = b;

	return x->run < y->run ? -1 : x->run > y->run;
}

START_TEST(journeys_move_and_none_runs_twice)
{
	gint64 a = make_person("a"), b = make_person("b");
	g_autoptr(GArray) all = ROWS(JrEnrolment);
	g_autoptr(GString) text = g_string_new(NULL);

	enrol_all(a, runs[_i].winner);
	enrol_all(b, runs[_i].loser);
	WRITE(jr_people_merge(db, a, b, 99, &failed));
	OK(jr_enrolments_of(db, a, arena, all, &failed));
	g_array_sort(all, by_run);
	for (guint i = 0; i < all->len; i++) {
		JrEnrolment *one = &g_array_index(all, JrEnrolment, i);

		g_string_append_printf(text, "%d:%d:%d ", (int)one->run,
				       (int)one->entered_s, one->state);
	}
	ck_assert_str_eq(text->str, runs[_i].after);
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM enrolments"
				   " WHERE person = 2"),
			 0);
}
END_TEST

START_TEST(keyed_runs_do_not_meet)
{
	gint64 a = make_person("a"), b = make_person("b");

	enrol(a, "k1", 1, 10, JR_ENROLMENT_LIVE);
	enrol(b, "k2", 1, 20, JR_ENROLMENT_LIVE);
	WRITE(jr_people_merge(db, a, b, 99, &failed));
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM enrolments"
				   " WHERE person = 1 AND state = 1"
				   " AND run = 1"),
			 2);
}
END_TEST

static gboolean count_rows(const JrLogRow *row, gpointer user)
{
	(void)row;
	++*(int *)user;
	return TRUE;
}

START_TEST(events_names_and_attributes_move)
{
	gint64 a = make_person("a"), b = make_person("b");
	JrLogRow row = { .kind = JR_LOG_EVENT,
			 .person = b,
			 .name = "paid",
			 .at_s = 5,
			 .data = "{}",
			 .data_len = 2 };
	const JrEventQuery query = {
		.person = a, .name = "paid", .until_s = 9, .with_data = TRUE
	};
	JrPerson loser;
	guint gone;
	int n = 0;

	identify(b, JR_IDENTITY_ID, "b");
	set_numbers(a, "+1", "+2");
	set_numbers(b, "+2", "+3");
	put_device(b, 1000);
	WRITE(jr_device_remove(db, a, "t2", 7, &gone, &failed));
	WRITE(jr_device_remove(db, b, "t2", 9, &gone, &failed));
	WRITE(jr_device_remove(db, b, "t3", 8, &gone, &failed));
	WRITE(jr_log_add(db, &row, &failed));
	WRITE(jr_people_merge(db, a, b, 99, &failed));
	OK(jr_events_each(db, &query, count_rows, &n, &failed));
	ck_assert_int_eq(n, 1);
	ck_assert_int_eq(number_of("SELECT person FROM log"), a);
	ck_assert_int_eq(number_of("SELECT SUM(at_ms) FROM removals"
				   " WHERE person = 1"),
			 9 + 8);
	ck_assert_int_eq(find(JR_IDENTITY_ID, "b"), a);
	assert_with_number("+3", a, 0);
	assert_with_number("+2", a, 0);
	ck_assert(has_device(a, NULL));
	loser = load(b);
	ck_assert_int_eq(loser.state, JR_PERSON_MERGED);
	ck_assert_int_eq(loser.merged_into, a);
	ck_assert_ptr_null(loser.attributes);
}
END_TEST

START_TEST(who_was_merged_before_moves_on)
{
	gint64 a = make_person("a"), b = make_person("b");
	gint64 c = make_person("c");

	WRITE(jr_people_merge(db, b, c, 98, &failed));
	WRITE(jr_people_merge(db, a, b, 99, &failed));
	ck_assert_int_eq(load(c).merged_into, a);
}
END_TEST

static void join(gint64 segment, gint64 person, gint64 at_s)
{
	JrMemberChange change = { person, segment, TRUE };

	WRITE(jr_members_change(db, at_s, &change, 1, &failed));
}

START_TEST(membership_is_united_and_sizes_stay_right)
{
	gint64 a = make_person("a"), b = make_person("b"), since;
	JrSegment both = { .name = "both" }, one = { .name = "one" };
	const JrLook looks[] = { { a, 60 }, { b, 50 } };
	gboolean yes;

	WRITE(jr_segment_put(db, &both, &failed) &&
	      jr_segment_put(db, &one, &failed));
	join(both.segment, a, 20);
	join(both.segment, b, 10);
	join(one.segment, b, 30);
	WRITE(jr_looks_set(db, looks, 2, &failed));
	WRITE(jr_people_merge(db, a, b, 99, &failed));
	OK(jr_segment_has(db, both.segment, a, &yes, &since, &failed));
	ck_assert(yes);
	ck_assert_int_eq(since, 10);
	OK(jr_segment_has(db, one.segment, a, &yes, &since, &failed));
	ck_assert(yes);
	ck_assert_int_eq(number_of("SELECT SUM(size) FROM segments"), 2);
	/* The earlier look is the one that stays. */
	ck_assert_int_eq(number_of("SELECT since_s FROM members"
				   " WHERE segment = 0"),
			 50);
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM members"), 3);
}
END_TEST

static void subscribe(gint64 person, gboolean on, gint64 at_s)
{
	const JrSubscription one = { person, "news", on, at_s };
	gboolean changed;

	WRITE(jr_subscription_set(db, &one, &changed, &failed));
}

START_TEST(the_newer_wish_wins)
{
	gint64 a = make_person("a"), b = make_person("b");
	JrWish wish;

	subscribe(a, TRUE, 10);
	subscribe(b, FALSE, 20);
	WRITE(jr_people_merge(db, a, b, 99, &failed));
	OK(jr_subscription_get(db, a, "news", &wish, &failed));
	ck_assert_int_eq(wish, JR_WISH_OFF);
}
END_TEST

START_TEST(the_later_click_is_the_last)
{
	gint64 a = make_person("u_1"), b = make_person("u_2");

	meddle("INSERT INTO last_clicks VALUES (1, 1, 100), (2, 1, 90),"
	       " (1, 2, 50), (2, 2, 70), (2, 4, 30)");
	WRITE(jr_people_merge(db, a, b, 99, &failed));
	ck_assert_int_eq(number_of("SELECT SUM(at_s * person * channel)"
				   " FROM last_clicks"),
			 100 + 70 * 2 + 30 * 4);
}
END_TEST

START_TEST(a_merged_runs_messages_are_cancelled)
{
	gint64 a = make_person("a"), b = make_person("b");
	JrMessage message = { .id = "m_1",
			      .enrolment = 0,
			      .workflow = "w",
			      .person = b,
			      .channel = JR_CHANNEL_SMS,
			      .purpose = JR_PURPOSE_MARKETING };
	gboolean fresh;

	enrol(a, "", 1, 10, JR_ENROLMENT_LIVE);
	message.enrolment = enrol(b, "", 1, 20, JR_ENROLMENT_LIVE);
	WRITE(jr_message_plan(db, &message, &fresh, &failed));
	WRITE(jr_people_merge(db, a, b, 99, &failed));
	ck_assert_int_eq(number_of("SELECT state FROM messages"),
			 JR_MESSAGE_CANCELLED);
	ck_assert_int_eq(number_of("SELECT person FROM messages"), a);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, open_state, close_state);
	tcase_add_test(tc, nobody_is_no_failure);
	tcase_add_test(tc, many_are_made_in_their_order_and_found_in_any);
	tcase_add_test(tc, an_identity_stays_its_first_owners);
	tcase_add_test(tc, what_is_saved_is_loaded);
	tcase_add_test(tc, a_full_arena_is_told);
	tcase_add_test(tc, pages_show_each_live_person_once);
	tcase_add_test(tc, a_number_finds_everyone_who_has_it);
	tcase_add_test(tc, identities_have_names);
	tcase_add_test(tc, a_token_moves_and_leaves_the_first);
	tcase_add_test(tc, feedback_counts_only_from_its_time);
	tcase_add_test(tc, a_device_is_removed_by_its_person);
	tcase_add_test(tc, devices_come_live_and_newest_first);
	tcase_add_loop_test(tc, journeys_move_and_none_runs_twice, 0,
			    G_N_ELEMENTS(runs));
	tcase_add_test(tc, keyed_runs_do_not_meet);
	tcase_add_test(tc, events_names_and_attributes_move);
	tcase_add_test(tc, who_was_merged_before_moves_on);
	tcase_add_test(tc, membership_is_united_and_sizes_stay_right);
	tcase_add_test(tc, the_newer_wish_wins);
	tcase_add_test(tc, the_later_click_is_the_last);
	tcase_add_test(tc, a_merged_runs_messages_are_cancelled);
}
