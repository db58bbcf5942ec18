/* Messages: who may take them, what comes of it, and what counts. */
#include "store.h"
#include "store/consents.h"
#include "store/log.h"
#include "store/messages.h"
#include "store/receipts.h"
#include "store/report.h"
#include "store/suppress.h"

#define NUMBER "+12065550101"
#define DAY 86400

static gint64 person;

static void open_with_person(void)
{
	open_state();
	person = make_person("u_1");
}

static JrMessage sms(const char *id)
{
	return (JrMessage){
		.id = id,
		.enrolment = 3,
		.workflow = "w",
		.version = "v",
		.step = "text",
		.person = person,
		.channel = JR_CHANNEL_SMS,
		.purpose = JR_PURPOSE_MARKETING,
		.due_s = 100,
		.wake_s = 100,
		.address = NUMBER,
		.content = "{\"body\":\"Hi\"}",
		.segments = 2,
		.cost_micros = 16000,
		.country = "US",
	};
}

static void consent(gboolean in, gint64 at_s)
{
	JrConsent row = { .person = person,
			  .number = NUMBER,
			  .channel = JR_CHANNEL_SMS,
			  .in = in,
			  .at_s = at_s,
			  .recorded_s = at_s };
	gboolean changed;

	WRITE(jr_consent_add(db, &row, &changed, &failed));
}

static gboolean plan(JrMessage message)
{
	gboolean fresh;

	WRITE(jr_message_plan(db, &message, &fresh, &failed));
	return fresh;
}

/* The id of the message that is @row. */
static const char *id_of(gint64 row)
{
	JrMessage message;
	gboolean found = FALSE;

	OK(jr_message_at(db, row, arena, &message, &found, &failed));
	ck_assert(found);
	ck_assert_int_eq(message.row, row);
	return message.id;
}

/* Offer it at @now_s, for a minute. */
static gboolean offer(JrMessage message, gint64 now_s)
{
	gboolean done;

	message.wake_s = now_s + 60;
	WRITE(jr_message_offer(db, &message, now_s, &done, &failed));
	return done;
}

static JrClaimResult claim_for(const char *id, gint64 now_s,
			       const gint64 *devices, gsize n)
{
	const JrClaim claim = { .id = id,
				.provider = "twilio",
				.now_s = now_s,
				.limit_s = 300,
				.devices = devices,
				.n_devices = n };
	JrClaimResult result;
	gint64 attempt;

	WRITE(jr_message_claim(db, &claim, &result, &attempt, &failed));
	return result;
}

static JrClaimResult claim(const char *id, gint64 now_s)
{
	return claim_for(id, now_s, NULL, 0);
}

static JrMessageState settle_device(const char *id, gint64 attempt,
				    gint64 device, JrMessageState state)
{
	const JrAttempt outcome = { .message = id,
				    .attempt = attempt,
				    .device = device,
				    .ended_s = 130,
				    .state = state,
				    .provider_id = "SM1",
				    .code = "c",
				    .cost_micros = -1 };
	JrMessageState now = 0;

	WRITE(jr_attempt_settle(db, &outcome, 500, &now, &failed));
	return now;
}

static JrMessageState settle(const char *id, gint64 attempt,
			     JrMessageState state)
{
	return settle_device(id, attempt, 0, state);
}

static JrMessage get(const char *id)
{
	JrMessage message;
	gboolean found;

	OK(jr_message_get(db, id, arena, &message, &found, &failed));
	ck_assert(found);
	return message;
}

static JrMessageState state_of(const char *id)
{
	return get(id).state;
}

/* A message in the hands of a sender, at 120. */
static void make_claimed(const char *id)
{
	consent(TRUE, 10);
	plan(sms(id));
	ck_assert(offer(sms(id), 110));
	ck_assert_int_eq(claim(id, 120), JR_CLAIM_TAKEN);
}

/* A message in @state, on its usual way there. */
static void make(const char *id, JrMessageState state)
{
	const JrPutOff off = { .id = id, .state = state, .at_s = 115 };
	gboolean done;

	consent(TRUE, 10);
	plan(sms(id));
	if (state == JR_MESSAGE_PLANNED)
		return;
	offer(sms(id), 110);
	if (state == JR_MESSAGE_OFFERED)
		return;
	if (state == JR_MESSAGE_CANCELLED) {
		WRITE(jr_message_put_off(db, &off, &done, &failed));
		return;
	}
	claim(id, 120);
	if (state == JR_MESSAGE_CLAIMED)
		return;
	if (state == JR_MESSAGE_DELIVERED || state == JR_MESSAGE_FAILED) {
		const JrReceipt receipt = {
			.message = id,
			.metric = state == JR_MESSAGE_DELIVERED
					  ? JR_METRIC_DELIVERED
					  : JR_METRIC_BOUNCED,
			.at_s = 140,
			.cost_micros = -1,
			.segments = -1,
		};

		settle(id, 1, JR_MESSAGE_ACCEPTED);
		WRITE(jr_receipt_add(db, &receipt, &done, &failed));
		return;
	}
	settle(id, 1, state);
}

/* ---- plan, offer, put off ---- */

START_TEST(a_message_is_planned_once)
{
	JrMessage back, again = sms("m_1");

	again.person = 99;
	ck_assert(plan(sms("m_1")));
	ck_assert(!plan(again));
	back = get("m_1");
	ck_assert_int_eq(back.person, person);
	ck_assert_int_eq(back.state, JR_MESSAGE_PLANNED);
	ck_assert_ptr_null(back.content);
	ck_assert_int_eq(back.counted_s, 0);
}
END_TEST

START_TEST(what_is_due_comes_by_priority_then_time)
{
	static const struct {
		const char *id;
		gint64 priority, due_s, wake_s;
	} all[] = {
		{ "a", 0, 10, 10 }, { "b", 5, 30, 30 }, { "c", 5, 20, 20 },
		{ "d", 0, 10, 10 }, { "e", 9, 10, 51 }, { "f", -1, 1, 1 },
	};
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
		JrMessage message = sms(all[i].id);

		message.priority = all[i].priority;
		message.due_s = all[i].due_s;
		message.wake_s = all[i].wake_s;
		plan(message);
	}
	OK(jr_messages_due(db, 50, 4, rows, &failed));
	for (guint i = 0; i < rows->len; i++)
		g_string_append(text, id_of(g_array_index(rows, gint64, i)));
	ck_assert_str_eq(text->str, "cbad");
}
END_TEST

START_TEST(what_is_put_off_is_woken_with_its_person)
{
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(gint64));
	JrMessage message = sms("m_1");
	gboolean found = TRUE;

	message.wake_s = 51;
	plan(message);
	WRITE(jr_messages_wake(db, message.person + 1, 50, &failed));
	OK(jr_messages_due(db, 50, 4, rows, &failed));
	ck_assert_uint_eq(rows->len, 0);
	WRITE(jr_messages_wake(db, message.person, 50, &failed));
	OK(jr_messages_due(db, 50, 4, rows, &failed));
	ck_assert_uint_eq(rows->len, 1);
	ck_assert_str_eq(id_of(g_array_index(rows, gint64, 0)), "m_1");
	OK(jr_message_at(db, 0, arena, &message, &found, &failed));
	ck_assert(!found);
}
END_TEST

START_TEST(what_is_held_is_woken_with_its_workflow)
{
	static const char *const codes[] = { "budget", "cap", "budget" };
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(gint64));

	for (guint i = 0; i < G_N_ELEMENTS(codes); i++) {
		g_autofree char *id = g_strdup_printf("m_%u", i);
		const JrPutOff put = { .id = id,
				       .state = JR_MESSAGE_PLANNED,
				       .wake_s = 500,
				       .at_s = 20,
				       .code = codes[i] };
		JrMessage message = sms(id);
		gboolean done = FALSE;

		message.workflow = i < 2 ? "held" : "other";
		plan(message);
		WRITE(jr_message_put_off(db, &put, &done, &failed));
		ck_assert(done);
	}
	WRITE(jr_messages_wake_held(db, "held", 200, &failed));
	OK(jr_messages_due(db, 200, 4, rows, &failed));
	ck_assert_uint_eq(rows->len, 1);
	ck_assert_str_eq(id_of(g_array_index(rows, gint64, 0)), "m_0");
}
END_TEST

START_TEST(of_two_who_offer_one_does)
{
	plan(sms("m_1"));
	ck_assert(!offer(sms("m_1"), 99)); /* not due */
	ck_assert(offer(sms("m_1"), 110));
	ck_assert(!offer(sms("m_1"), 110));
	ck_assert(!offer(sms("m_1"), 169));
	ck_assert(offer(sms("m_1"), 170)); /* the lease is over */
	ck_assert_str_eq(get("m_1").content, "{\"body\":\"Hi\"}");
	ck_assert_int_eq(get("m_1").counted_s, 170);
	ck_assert(!offer(sms("m_2"), 110));
}
END_TEST

START_TEST(who_knows_the_row_offers_by_it)
{
	JrMessage message;

	plan(sms("m_1"));
	message = sms("m_2");
	message.row = get("m_1").row;
	ck_assert(offer(message, 110));
	ck_assert_int_eq(get("m_1").state, JR_MESSAGE_OFFERED);
	message.row++;
	ck_assert(!offer(message, 170));
}
END_TEST

/* From each state: may it be offered again at 999, put off, claimed at 999;
 * and does it take a place under the caps. */
static const struct {
	JrMessageState state;
	gboolean offers, puts_off;
	JrClaimResult claims;
	gboolean counts;
} states[] = {
	{ JR_MESSAGE_PLANNED, TRUE, TRUE, JR_CLAIM_TOO_LATE, FALSE },
	{ JR_MESSAGE_OFFERED, TRUE, TRUE, JR_CLAIM_TAKEN, TRUE },
	{ JR_MESSAGE_CLAIMED, FALSE, FALSE, JR_CLAIM_TOO_LATE, TRUE },
	{ JR_MESSAGE_ACCEPTED, FALSE, FALSE, JR_CLAIM_TOO_LATE, TRUE },
	{ JR_MESSAGE_WAITING, TRUE, TRUE, JR_CLAIM_TAKEN, FALSE },
	{ JR_MESSAGE_REFUSED, FALSE, FALSE, JR_CLAIM_TOO_LATE, FALSE },
	{ JR_MESSAGE_UNKNOWN, FALSE, FALSE, JR_CLAIM_TOO_LATE, TRUE },
	{ JR_MESSAGE_DELIVERED, FALSE, FALSE, JR_CLAIM_TOO_LATE, TRUE },
	{ JR_MESSAGE_FAILED, FALSE, FALSE, JR_CLAIM_TOO_LATE, TRUE },
	{ JR_MESSAGE_CANCELLED, FALSE, FALSE, JR_CLAIM_TOO_LATE, FALSE },
};

START_TEST(each_state_allows_what_it_allows)
{
	const JrCapQuery cap = { .person = person, .channel = JR_CHANNEL_SMS };
	g_autoptr(GArray) times = ROWS(gint64);
	JrPutOff off = { .state = JR_MESSAGE_PLANNED,
			 .wake_s = 2000,
			 .at_s = 999,
			 .code = "cap" };
	gboolean done;

	make("a", states[_i].state);
	ck_assert_int_eq(state_of("a"), states[_i].state);
	OK(jr_messages_counted(db, &cap, times, &failed));
	ck_assert_uint_eq(times->len, states[_i].counts);
	make("b", states[_i].state);
	make("c", states[_i].state);
	ck_assert_int_eq(offer(sms("a"), 999), states[_i].offers);
	off.id = "b";
	WRITE(jr_message_put_off(db, &off, &done, &failed));
	ck_assert_int_eq(done, states[_i].puts_off);
	if (done) {
		ck_assert_int_eq(get("b").wake_s, 2000);
		ck_assert_int_eq(get("b").counted_s, 0);
		ck_assert_str_eq(get("b").code, "cap");
	}
	ck_assert_int_eq(claim("c", 999), states[_i].claims);
	ck_assert_int_eq(claim("c", 999), JR_CLAIM_TOO_LATE);
}
END_TEST

START_TEST(a_run_that_ends_takes_its_messages_along)
{
	guint n;

	make("planned", JR_MESSAGE_PLANNED);
	make("offered", JR_MESSAGE_OFFERED);
	make("waiting", JR_MESSAGE_WAITING);
	make("claimed", JR_MESSAGE_CLAIMED);
	make("accepted", JR_MESSAGE_ACCEPTED);
	WRITE(jr_messages_cancel(db, 3, 200, "goal", &n, &failed));
	ck_assert_uint_eq(n, 3);
	ck_assert_int_eq(state_of("claimed"), JR_MESSAGE_CLAIMED);
	ck_assert_int_eq(state_of("accepted"), JR_MESSAGE_ACCEPTED);
	ck_assert_int_eq(state_of("waiting"), JR_MESSAGE_CANCELLED);
	ck_assert_str_eq(get("offered").reason, "goal");
}
END_TEST

/* ---- claiming ---- */

START_TEST(two_who_claim_are_one)
{
	make_claimed("m_1");
	ck_assert_int_eq(claim("m_1", 121), JR_CLAIM_TOO_LATE);
	ck_assert_int_eq(claim("m_0", 121), JR_CLAIM_ABSENT);
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM attempts"), 1);
	ck_assert_int_eq(get("m_1").wake_s, 420);
	ck_assert_int_eq(get("m_1").counted_s, 120);
	ck_assert_str_eq(get("m_1").provider, "twilio");
}
END_TEST

/* What happens before the claim, and what the schema says to it. */
static const struct {
	const char *what; /* c consent, C other scope's, s stop, S suppressed,
			   * o stop by the person, w for WhatsApp only */
	JrClaimResult result;
} bans[] = {
	{ "", JR_CLAIM_FORBIDDEN },   { "c", JR_CLAIM_TAKEN },
	{ "C", JR_CLAIM_FORBIDDEN },  { "w", JR_CLAIM_FORBIDDEN },
	{ "cs", JR_CLAIM_FORBIDDEN }, { "sc", JR_CLAIM_TAKEN },
	{ "cS", JR_CLAIM_FORBIDDEN }, { "co", JR_CLAIM_FORBIDDEN },
	{ "oc", JR_CLAIM_TAKEN },     { "css", JR_CLAIM_FORBIDDEN },
	{ "csc", JR_CLAIM_TAKEN },    { "cp", JR_CLAIM_FORBIDDEN },
	{ "cn", JR_CLAIM_FORBIDDEN },
};

static void do_suppress(void)
{
	const JrSuppress one = { JR_SUPPRESS_NUMBER, NUMBER, 1, "x", NULL };
	gboolean fresh;

	WRITE(jr_suppress_add(db, &one, &fresh, &failed));
}

/* One letter of what, at its time. */
static void prepare(char what, gint64 at_s)
{
	JrConsent row = { .person = person,
			  .number = NUMBER,
			  .channel = JR_CHANNEL_SMS,
			  .at_s = at_s,
			  .recorded_s = at_s };
	JrPerson one = { .person = person,
			 .id = "u_1",
			 .state = JR_PERSON_SUPPRESSED };
	gboolean changed;

	if (what == 'S') {
		do_suppress();
	} else if (what == 'p') {
		WRITE(jr_people_save(db, &one, 1, &failed));
	} else if (what == 'n') {
		meddle("UPDATE messages SET number_key = NULL");
	} else {
		row.in = what == 'c' || what == 'C' || what == 'w';
		row.scope = what == 'C' ? "other" : NULL;
		row.channel =
			what == 'w' ? JR_CHANNEL_WHATSAPP : JR_CHANNEL_SMS;
		row.number = what == 'o' ? NULL : NUMBER;
		row.person = what == 's' ? 0 : person;
		WRITE(jr_consent_add(db, &row, &changed, &failed));
	}
}

START_TEST(the_schema_wants_consent_itself)
{
	const char *what = bans[_i].what;

	plan(sms("m_1"));
	offer(sms("m_1"), 110);
	for (int i = 0; what[i]; i++)
		prepare(what[i], 10 + i);
	ck_assert_int_eq(claim("m_1", 120), bans[_i].result);
	if (bans[_i].result == JR_CLAIM_FORBIDDEN) {
		ck_assert_int_eq(state_of("m_1"), JR_MESSAGE_OFFERED);
		ck_assert_int_eq(number_of("SELECT COUNT(*) FROM attempts"), 0);
	}
}
END_TEST

START_TEST(a_push_needs_no_number_but_a_person)
{
	JrMessage push = sms("m_1");
	const gint64 devices[] = { 1 };

	push.channel = JR_CHANNEL_PUSH;
	push.address = NULL;
	plan(push);
	offer(push, 110);
	ck_assert_int_eq(claim_for("m_1", 120, devices, 1), JR_CLAIM_TAKEN);
	push.id = "m_2";
	push.person = 77;
	plan(push);
	offer(push, 110);
	ck_assert_int_eq(claim_for("m_2", 120, devices, 1), JR_CLAIM_FORBIDDEN);
}
END_TEST

static const char insert_attempt[] =
	"INSERT INTO attempts (message_row, attempt, device, started_s,"
	" ended_s, state, cost_micros) SELECT message_row, 9, 0, 1, 0, 3, -1"
	" FROM messages WHERE id = 'm_1'";

/* Whoever writes an attempt past jr_message_claim() meets the same no. */
START_TEST(a_trigger_stands_behind_the_claim)
{
	g_autoptr(GError) first = NULL, second = NULL;

	plan(sms("m_1"));
	offer(sms("m_1"), 110);
	begin_write();
	ck_assert(!jr_stmt_run_text(db, insert_attempt, &first));
	ck_assert_ptr_nonnull(strstr(first->message, "no consent"));
	end_write("ROLLBACK");
	consent(TRUE, 10);
	claim("m_1", 120);
	begin_write();
	ck_assert(!jr_stmt_run_text(db, insert_attempt, &second));
	ck_assert_ptr_nonnull(strstr(second->message, "only what is offered"));
	end_write("ROLLBACK");
}
END_TEST

START_TEST(a_number_is_asked_for_permission_once_ever)
{
	const char *ids[] = { "m_1", "m_2", "m_3" };
	const JrClaimResult want[] = { JR_CLAIM_TAKEN, JR_CLAIM_FORBIDDEN,
				       JR_CLAIM_FORBIDDEN };

	for (int i = 0; i < 3; i++) {
		JrMessage message = sms(ids[i]);

		message.purpose = JR_PURPOSE_RE_PERMISSION;
		plan(message);
		offer(message, 110);
		ck_assert_int_eq(claim(ids[i], 120), want[i]);
	}
	/* Its own second attempt is the same question. */
	settle("m_1", 1, JR_MESSAGE_WAITING);
	ck_assert_int_eq(claim("m_1", 600), JR_CLAIM_TAKEN);
}
END_TEST

START_TEST(who_said_no_is_not_asked_for_permission)
{
	JrMessage message = sms("m_1");

	consent(FALSE, 10);
	message.purpose = JR_PURPOSE_RE_PERMISSION;
	plan(message);
	offer(message, 110);
	ck_assert_int_eq(claim("m_1", 120), JR_CLAIM_FORBIDDEN);
}
END_TEST

/* ---- settling ---- */

static const struct {
	JrMessageState outcome;
	JrMessageState state;
	gint64 counted_s, wake_s, accepted_s;
	gint64 sent, failed; /* metrics */
} verdicts[] = {
	{ JR_MESSAGE_ACCEPTED, JR_MESSAGE_ACCEPTED, 120, 0, 130, 1, 0 },
	{ JR_MESSAGE_WAITING, JR_MESSAGE_WAITING, 0, 500, 0, 0, 0 },
	{ JR_MESSAGE_REFUSED, JR_MESSAGE_REFUSED, 0, 0, 0, 0, 1 },
	{ JR_MESSAGE_UNKNOWN, JR_MESSAGE_UNKNOWN, 120, 0, 0, 0, 0 },
};

START_TEST(an_outcome_becomes_a_state)
{
	JrMessage message;

	make_claimed("m_1");
	ck_assert_int_eq(settle("m_1", 1, verdicts[_i].outcome),
			 verdicts[_i].state);
	message = get("m_1");
	ck_assert_int_eq(message.state, verdicts[_i].state);
	ck_assert_int_eq(message.counted_s, verdicts[_i].counted_s);
	ck_assert_int_eq(message.wake_s, verdicts[_i].wake_s);
	ck_assert_int_eq(message.accepted_s, verdicts[_i].accepted_s);
	ck_assert_int_eq(message.settled_s, 130);
	ck_assert_str_eq(message.provider_id, "SM1");
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM metrics"
				   " WHERE metric = 1"),
			 verdicts[_i].sent);
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM metrics"
				   " WHERE metric = 9"),
			 verdicts[_i].failed);
}
END_TEST

/* Settled states, what is said of them next, and what they are then. */
static const struct {
	JrMessageState first, then, state;
} again[] = {
	{ JR_MESSAGE_ACCEPTED, JR_MESSAGE_REFUSED, JR_MESSAGE_ACCEPTED },
	{ JR_MESSAGE_REFUSED, JR_MESSAGE_ACCEPTED, JR_MESSAGE_REFUSED },
	{ JR_MESSAGE_WAITING, JR_MESSAGE_ACCEPTED, JR_MESSAGE_WAITING },
	{ JR_MESSAGE_UNKNOWN, JR_MESSAGE_ACCEPTED, JR_MESSAGE_ACCEPTED },
	{ JR_MESSAGE_UNKNOWN, JR_MESSAGE_REFUSED, JR_MESSAGE_REFUSED },
};

START_TEST(only_what_is_open_is_settled)
{
	make_claimed("m_1");
	settle("m_1", 1, again[_i].first);
	ck_assert_int_eq(settle("m_1", 1, again[_i].then), again[_i].state);
}
END_TEST

START_TEST(a_claim_over_its_limit_is_unknown_and_stays_counted)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new();

	make_claimed("m_1");
	WRITE(jr_messages_expire(db, 419, arena, ids, &failed));
	ck_assert_uint_eq(ids->len, 0);
	WRITE(jr_messages_expire(db, 420, arena, ids, &failed));
	ck_assert_uint_eq(ids->len, 1);
	ck_assert_int_eq(state_of("m_1"), JR_MESSAGE_UNKNOWN);
	ck_assert_int_eq(get("m_1").counted_s, 120);
	ck_assert_int_eq(claim("m_1", 9999), JR_CLAIM_TOO_LATE);
	/* The sender was slow, not dead. */
	ck_assert_int_eq(settle("m_1", 1, JR_MESSAGE_ACCEPTED),
			 JR_MESSAGE_ACCEPTED);
}
END_TEST

/* Outcomes of three devices, in order, and the message's state after each:
 * c claimed a accepted w waiting r refused u unknown. */
static const struct {
	const char *outcomes, *states;
} pushes[] = {
	{ "aaa", "cca" }, { "rra", "cca" }, { "rrr", "ccr" }, { "wrr", "ccw" },
	{ "urw", "ccu" }, { "uar", "cca" }, { "wwr", "ccw" },
};

static JrMessageState of_letter(char letter)
{
	switch (letter) {
	case 'a':
		return JR_MESSAGE_ACCEPTED;
	case 'w':
		return JR_MESSAGE_WAITING;
	case 'r':
		return JR_MESSAGE_REFUSED;
	case 'u':
		return JR_MESSAGE_UNKNOWN;
	}
	return JR_MESSAGE_CLAIMED;
}

START_TEST(one_verdict_for_all_devices)
{
	const gint64 devices[] = { 11, 12, 13 };
	g_autoptr(GArray) attempts = ROWS(JrAttempt);
	JrMessage push = sms("m_1");

	push.channel = JR_CHANNEL_PUSH;
	push.address = NULL;
	plan(push);
	offer(push, 110);
	claim_for("m_1", 120, devices, 3);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(
			settle_device("m_1", 1, devices[i],
				      of_letter(pushes[_i].outcomes[i])),
			of_letter(pushes[_i].states[i]));
	OK(jr_attempts_of(db, "m_1", arena, attempts, &failed));
	ck_assert_uint_eq(attempts->len, 3);
	ck_assert_int_eq(g_array_index(attempts, JrAttempt, 1).device, 12);
	ck_assert_int_eq(g_array_index(attempts, JrAttempt, 1).state,
			 of_letter(pushes[_i].outcomes[1]));
}
END_TEST

START_TEST(waiting_is_claimed_again_only_later)
{
	make("m_1", JR_MESSAGE_WAITING);
	ck_assert_int_eq(claim("m_1", 499), JR_CLAIM_TOO_LATE);
	ck_assert_int_eq(claim("m_1", 500), JR_CLAIM_TAKEN);
	ck_assert_int_eq(settle("m_1", 1, JR_MESSAGE_REFUSED),
			 JR_MESSAGE_CLAIMED); /* an old attempt */
	ck_assert_int_eq(settle("m_1", 2, JR_MESSAGE_ACCEPTED),
			 JR_MESSAGE_ACCEPTED);
}
END_TEST

START_TEST(the_providers_price_replaces_the_estimate)
{
	const JrAttempt outcome = { .message = "m_1",
				    .attempt = 1,
				    .ended_s = 130,
				    .state = JR_MESSAGE_ACCEPTED,
				    .cost_micros = 7900,
				    .currency = "USD" };
	JrMessageState now;

	make_claimed("m_1");
	WRITE(jr_attempt_settle(db, &outcome, 0, &now, &failed));
	ck_assert_int_eq(get("m_1").cost_micros, 7900);
	ck_assert_str_eq(get("m_1").currency, "USD");
	ck_assert_int_eq(number_of("SELECT cost_micros FROM counters"), 7900);
}
END_TEST

/* ---- receipts ---- */

static gboolean receive(const char *id, JrMetric metric, gint64 device,
			gint64 at_s)
{
	const JrReceipt receipt = { .message = id,
				    .metric = metric,
				    .device = device,
				    .at_s = at_s,
				    .cost_micros = -1,
				    .segments = -1 };
	gboolean fresh;

	WRITE(jr_receipt_add(db, &receipt, &fresh, &failed));
	return fresh;
}

#define S JR_METRIC_SENT
#define D JR_METRIC_DELIVERED
#define O JR_METRIC_OPENED
#define B JR_METRIC_BOUNCED
#define U JR_METRIC_UNSUBSCRIBED
/* A state, what is heard in it, and what it is then. */
static const struct {
	JrMessageState before;
	JrMetric heard;
	JrMessageState after;
} ranks[] = {
	{ JR_MESSAGE_OFFERED, S, JR_MESSAGE_ACCEPTED },
	{ JR_MESSAGE_CLAIMED, S, JR_MESSAGE_ACCEPTED },
	{ JR_MESSAGE_CLAIMED, D, JR_MESSAGE_DELIVERED },
	{ JR_MESSAGE_CLAIMED, B, JR_MESSAGE_FAILED },
	{ JR_MESSAGE_UNKNOWN, S, JR_MESSAGE_ACCEPTED },
	{ JR_MESSAGE_UNKNOWN, O, JR_MESSAGE_ACCEPTED },
	{ JR_MESSAGE_UNKNOWN, D, JR_MESSAGE_DELIVERED },
	{ JR_MESSAGE_UNKNOWN, U, JR_MESSAGE_UNKNOWN },
	{ JR_MESSAGE_ACCEPTED, S, JR_MESSAGE_ACCEPTED },
	{ JR_MESSAGE_ACCEPTED, D, JR_MESSAGE_DELIVERED },
	{ JR_MESSAGE_ACCEPTED, B, JR_MESSAGE_FAILED },
	{ JR_MESSAGE_ACCEPTED, O, JR_MESSAGE_ACCEPTED },
	{ JR_MESSAGE_WAITING, D, JR_MESSAGE_DELIVERED }, /* it was taken */
	{ JR_MESSAGE_REFUSED, D, JR_MESSAGE_DELIVERED },
	{ JR_MESSAGE_FAILED, S, JR_MESSAGE_FAILED },
	{ JR_MESSAGE_FAILED, D, JR_MESSAGE_DELIVERED },
	{ JR_MESSAGE_DELIVERED, B, JR_MESSAGE_DELIVERED },
	{ JR_MESSAGE_DELIVERED, S, JR_MESSAGE_DELIVERED },
	{ JR_MESSAGE_PLANNED, D, JR_MESSAGE_PLANNED }, /* cannot be */
};
#undef S
#undef D
#undef O
#undef B
#undef U

START_TEST(receipts_only_let_a_state_rise)
{
	make("m_1", ranks[_i].before);
	receive("m_1", ranks[_i].heard, 0, 200);
	ck_assert_int_eq(state_of("m_1"), ranks[_i].after);
	/* And whoever settles late changes nothing. */
	if (ranks[_i].before == JR_MESSAGE_CLAIMED)
		ck_assert_int_eq(settle("m_1", 1, JR_MESSAGE_ACCEPTED),
				 ranks[_i].after);
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM metrics"
				   " WHERE metric = 1") <= 1,
			 TRUE);
}
END_TEST

START_TEST(a_receipt_counts_once)
{
	make("m_1", JR_MESSAGE_ACCEPTED);
	ck_assert(receive("m_1", JR_METRIC_DELIVERED, 0, 200));
	ck_assert(!receive("m_1", JR_METRIC_DELIVERED, 0, 300));
	ck_assert(!receive("m_9", JR_METRIC_DELIVERED, 0, 300));
	ck_assert_int_eq(number_of("SELECT n FROM counters"
				   " WHERE counted = 2"),
			 1);
}
END_TEST

START_TEST(devices_tell_each_for_itself)
{
	make("m_1", JR_MESSAGE_ACCEPTED);
	ck_assert(receive("m_1", JR_METRIC_BOUNCED, 11, 200));
	ck_assert_int_eq(state_of("m_1"), JR_MESSAGE_ACCEPTED);
	ck_assert(receive("m_1", JR_METRIC_OPENED, 12, 210));
	ck_assert(receive("m_1", JR_METRIC_OPENED, 13, 220));
	ck_assert(!receive("m_1", JR_METRIC_OPENED, 13, 230));
	ck_assert_int_eq(number_of("SELECT n FROM counters"
				   " WHERE counted = 3"),
			 1); /* message opened, not devices */
}
END_TEST

START_TEST(what_was_heard_of_was_sent)
{
	make("m_1", JR_MESSAGE_CLAIMED);
	receive("m_1", JR_METRIC_DELIVERED, 0, 125);
	ck_assert_int_eq(get("m_1").accepted_s, 125);
	settle("m_1", 1, JR_MESSAGE_ACCEPTED);
	ck_assert_int_eq(get("m_1").accepted_s, 125);
	ck_assert_str_eq(get("m_1").provider_id, "SM1");
	ck_assert_int_eq(number_of("SELECT SUM(n) FROM counters"
				   " WHERE counted = 1"),
			 1);
	ck_assert(!receive("m_1", JR_METRIC_SENT, 0, 300));
}
END_TEST

START_TEST(a_late_price_is_counted_on_the_day_of_the_send)
{
	const JrReceipt receipt = { .message = "m_1",
				    .metric = JR_METRIC_DELIVERED,
				    .at_s = 40 * DAY,
				    .cost_micros = 20000,
				    .segments = 3 };
	gboolean fresh;

	make("m_1", JR_MESSAGE_ACCEPTED);
	WRITE(jr_receipt_add(db, &receipt, &fresh, &failed));
	WRITE(jr_receipt_add(db, &receipt, &fresh, &failed));
	ck_assert_int_eq(get("m_1").cost_micros, 20000);
	ck_assert_int_eq(number_of("SELECT cost_micros FROM counters"
				   " WHERE counted = 1 AND day = 0"),
			 20000);
	ck_assert_int_eq(number_of("SELECT segments FROM counters"
				   " WHERE counted = 1 AND day = 0"),
			 3);
	ck_assert_int_eq(number_of("SELECT n FROM counters"
				   " WHERE counted = 2 AND day = 0"),
			 1);
}
END_TEST

/* ---- looking messages up ---- */

START_TEST(caps_see_who_takes_a_place)
{
	const struct {
		JrCapQuery query;
		guint n;
	} asks[] = {
		{ { person, JR_CHANNEL_SMS, NULL, 0, NULL }, 3 },
		{ { person, JR_CHANNEL_SMS, NULL, 119, NULL }, 2 },
		{ { person, JR_CHANNEL_SMS, NULL, 120, NULL }, 0 },
		{ { person, JR_CHANNEL_SMS, "w", 0, NULL }, 3 },
		{ { person, JR_CHANNEL_SMS, "x", 0, NULL }, 0 },
		{ { person, JR_CHANNEL_SMS, NULL, 0, "m_1" }, 2 },
		{ { person, JR_CHANNEL_PUSH, NULL, 0, NULL }, 0 },
		{ { 99, JR_CHANNEL_SMS, NULL, 0, NULL }, 0 },
	};

	make("m_1", JR_MESSAGE_ACCEPTED);
	make("m_2", JR_MESSAGE_UNKNOWN);
	make("m_3", JR_MESSAGE_OFFERED);
	make("m_4", JR_MESSAGE_REFUSED);
	for (guint i = 0; i < G_N_ELEMENTS(asks); i++) {
		g_autoptr(GArray) times = ROWS(gint64);

		OK(jr_messages_counted(db, &asks[i].query, times, &failed));
		ck_assert_uint_eq(times->len, asks[i].n);
	}
}
END_TEST

static gboolean reached(const char *number, JrChannel channel, gint64 until_s)
{
	gboolean yes;

	OK(jr_message_reached(db, number, channel, until_s, &yes, &failed));
	return yes;
}

START_TEST(a_number_knows_whether_it_was_ever_reached)
{
	const struct {
		const char *number;
		JrChannel channel;
		gint64 until_s;
		gboolean yes;
	} asks[] = {
		{ NUMBER, JR_CHANNEL_SMS, 130, TRUE },
		{ NUMBER, JR_CHANNEL_SMS, 129, FALSE }, /* a clock set back */
		{ NUMBER, JR_CHANNEL_WHATSAPP, 130, FALSE },
		{ "+12065550111", JR_CHANNEL_SMS, 130, FALSE },
	};

	make("m_1", JR_MESSAGE_OFFERED);
	make("m_2", JR_MESSAGE_REFUSED);
	for (guint i = 0; i < G_N_ELEMENTS(asks); i++)
		ck_assert(!reached(asks[i].number, asks[i].channel,
				   asks[i].until_s));
	make("m_3", JR_MESSAGE_ACCEPTED);
	for (guint i = 0; i < G_N_ELEMENTS(asks); i++)
		ck_assert_int_eq(reached(asks[i].number, asks[i].channel,
					 asks[i].until_s),
				 asks[i].yes);
}
END_TEST

START_TEST(a_message_is_found_by_what_others_call_it)
{
	char *id;

	make("m_1", JR_MESSAGE_ACCEPTED);
	OK(jr_message_by_provider(db, "twilio", "SM1", arena, &id, &failed));
	ck_assert_str_eq(id, "m_1");
	OK(jr_message_by_provider(db, "telnyx", "SM1", arena, &id, &failed));
	ck_assert_ptr_null(id);
	OK(jr_message_by_address(db, NUMBER, JR_CHANNEL_SMS, 100, 130, arena,
				 &id, &failed));
	ck_assert_str_eq(id, "m_1");
	OK(jr_message_by_address(db, NUMBER, JR_CHANNEL_SMS, 100, 129, arena,
				 &id, &failed));
	ck_assert_ptr_null(id);
}
END_TEST

START_TEST(a_persons_messages_and_those_in_a_state)
{
	g_autoptr(GArray) all = ROWS(JrMessage), unknown = ROWS(JrMessage);

	make("m_2", JR_MESSAGE_UNKNOWN);
	make("m_1", JR_MESSAGE_ACCEPTED);
	OK(jr_messages_of(db, person, arena, all, &failed));
	ck_assert_uint_eq(all->len, 2);
	ck_assert_str_eq(g_array_index(all, JrMessage, 0).id, "m_1");
	OK(jr_messages_in(db, JR_MESSAGE_UNKNOWN, 9, arena, unknown, &failed));
	ck_assert_uint_eq(unknown->len, 1);
	ck_assert_str_eq(g_array_index(unknown, JrMessage, 0).id, "m_2");
}
END_TEST

static gboolean note_metric(gint64 at_s, const char *message, gpointer user)
{
	g_string_append_printf(user, "%s@%d ", message, (int)at_s);
	return TRUE;
}

static const struct {
	JrMetricQuery query;
	const char *found;
} histories[] = {
	{ { .metric = JR_METRIC_SENT }, "m_2@130 m_1@130 " },
	{ { .metric = JR_METRIC_DELIVERED }, "m_2@210 m_1@200 " },
	{ { .metric = JR_METRIC_DELIVERED, .oldest_first = TRUE },
	  "m_1@200 m_2@210 " },
	{ { .metric = JR_METRIC_DELIVERED, .from_s = 201 }, "m_2@210 " },
	{ { .metric = JR_METRIC_DELIVERED, .until_s = 200 }, "m_1@200 " },
	{ { .metric = JR_METRIC_SENT,
	    .workflow = "w",
	    .step = "text",
	    .channel = JR_CHANNEL_SMS,
	    .enrolment = 3 },
	  "m_2@130 m_1@130 " },
	{ { .metric = JR_METRIC_SENT, .workflow = "x" }, "" },
	{ { .metric = JR_METRIC_SENT, .step = "x" }, "" },
	{ { .metric = JR_METRIC_SENT, .channel = JR_CHANNEL_PUSH }, "" },
	{ { .metric = JR_METRIC_SENT, .enrolment = 4 }, "" },
	{ { .metric = JR_METRIC_CLICKED }, "" },
};

START_TEST(history_of_messages_is_asked_by_what_restricts)
{
	g_autoptr(GString) found = g_string_new(NULL);
	JrMetricQuery query = histories[_i].query;

	make("m_1", JR_MESSAGE_ACCEPTED);
	make("m_2", JR_MESSAGE_ACCEPTED);
	receive("m_1", JR_METRIC_DELIVERED, 0, 200);
	receive("m_2", JR_METRIC_DELIVERED, 0, 210);
	query.person = person;
	query.until_s = query.until_s ? query.until_s : G_MAXINT64;
	OK(jr_metrics_each(db, &query, note_metric, found, &failed));
	ck_assert_str_eq(found->str, histories[_i].found);
}
END_TEST

/* ---- links ---- */

static gboolean click(const char *token, gboolean bot, char **message)
{
	const JrClick one = { token, 200, "Browser", bot, 0 };
	gboolean first;

	WRITE(jr_click_add(db, &one, arena, message, &first, &failed));
	return first;
}

static gboolean note_link(const JrLink *link, gpointer user)
{
	g_string_append_printf(user, "%s ", link->token);
	return TRUE;
}

START_TEST(a_click_leads_to_its_message_and_counts_once)
{
	const JrLink link = { "tok", "m_1", "https://x.example/", 100, 300 };
	g_autoptr(GString) tokens = g_string_new(NULL);
	JrLink back;
	gboolean fresh;
	char *message;

	make("m_1", JR_MESSAGE_ACCEPTED);
	WRITE(jr_link_put(db, &link, &fresh, &failed));
	ck_assert(fresh);
	WRITE(jr_link_put(db, &link, &fresh, &failed));
	ck_assert(!fresh);
	OK(jr_link_get(db, "tok", arena, &back, &fresh, &failed));
	ck_assert_str_eq(back.url, "https://x.example/");
	ck_assert(!click("tok", TRUE, &message)); /* a preview */
	ck_assert_str_eq(message, "m_1");
	ck_assert(click("tok", FALSE, &message));
	ck_assert(!click("tok", FALSE, &message));
	ck_assert(!click("other", FALSE, &message));
	ck_assert_ptr_null(message);
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM clicks"), 3);
	OK(jr_links_each(db, 299, note_link, tokens, &failed));
	OK(jr_links_each(db, 300, note_link, tokens, &failed));
	ck_assert_str_eq(tokens->str, "tok ");
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, open_with_person, close_state);
	tcase_add_test(tc, a_message_is_planned_once);
	tcase_add_test(tc, what_is_due_comes_by_priority_then_time);
	tcase_add_test(tc, what_is_put_off_is_woken_with_its_person);
	tcase_add_test(tc, what_is_held_is_woken_with_its_workflow);
	tcase_add_test(tc, of_two_who_offer_one_does);
	tcase_add_test(tc, who_knows_the_row_offers_by_it);
	tcase_add_loop_test(tc, each_state_allows_what_it_allows, 0,
			    G_N_ELEMENTS(states));
	tcase_add_test(tc, a_run_that_ends_takes_its_messages_along);
	tcase_add_test(tc, two_who_claim_are_one);
	tcase_add_loop_test(tc, the_schema_wants_consent_itself, 0,
			    G_N_ELEMENTS(bans));
	tcase_add_test(tc, a_push_needs_no_number_but_a_person);
	tcase_add_test(tc, a_trigger_stands_behind_the_claim);
	tcase_add_test(tc, a_number_is_asked_for_permission_once_ever);
	tcase_add_test(tc, who_said_no_is_not_asked_for_permission);
	tcase_add_loop_test(tc, an_outcome_becomes_a_state, 0,
			    G_N_ELEMENTS(verdicts));
	tcase_add_loop_test(tc, only_what_is_open_is_settled, 0,
			    G_N_ELEMENTS(again));
	tcase_add_test(tc, a_claim_over_its_limit_is_unknown_and_stays_counted);
	tcase_add_loop_test(tc, one_verdict_for_all_devices, 0,
			    G_N_ELEMENTS(pushes));
	tcase_add_test(tc, waiting_is_claimed_again_only_later);
	tcase_add_test(tc, the_providers_price_replaces_the_estimate);
	tcase_add_loop_test(tc, receipts_only_let_a_state_rise, 0,
			    G_N_ELEMENTS(ranks));
	tcase_add_test(tc, a_receipt_counts_once);
	tcase_add_test(tc, devices_tell_each_for_itself);
	tcase_add_test(tc, what_was_heard_of_was_sent);
	tcase_add_test(tc, a_late_price_is_counted_on_the_day_of_the_send);
	tcase_add_test(tc, caps_see_who_takes_a_place);
	tcase_add_test(tc, a_number_knows_whether_it_was_ever_reached);
	tcase_add_test(tc, a_message_is_found_by_what_others_call_it);
	tcase_add_test(tc, a_persons_messages_and_those_in_a_state);
	tcase_add_loop_test(tc, history_of_messages_is_asked_by_what_restricts,
			    0, G_N_ELEMENTS(histories));
	tcase_add_test(tc, a_click_leads_to_its_message_and_counts_once);
}
