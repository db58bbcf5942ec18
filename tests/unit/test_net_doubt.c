/* Tokens that seem dead because our settings are wrong; and --verify. */
#include "sender_unit.h"
#include "base/error.h"
#include "unit.h"

static JrProvider *open_kind(const Standin *s, gboolean is_apns)
{
	return is_apns ? apns(s, "ABC123DEFG", NULL) : fcm(s, "rsa.pem", NULL);
}

/* What each device says, in their order: + takes it, ? is not known, x is
 * known to be gone, a is of an app that is not ours; and what comes of each: +
 * accepted, d dropped, k refused and kept, w waits. */
static const struct {
	gboolean apns;
	const char *devices, *verdicts;
	JrSenderState state;
} runs[] = {
	{ TRUE, "+?", "+d", JR_SENDER_RUNS },
	{ TRUE, "?+", "d+", JR_SENDER_RUNS },
	{ TRUE, "???+", "ddd+", JR_SENDER_RUNS },
	{ TRUE, "??x", "ddd", JR_SENDER_RUNS },
	{ TRUE, "?", "k", JR_SENDER_RUNS },
	{ TRUE, "????", "kkkk", JR_SENDER_RUNS },
	{ TRUE, "?????", "wwwww", JR_SENDER_CONFIG },
	{ TRUE, "????????", "wwwwwwww", JR_SENDER_CONFIG },
	{ TRUE, "+?????????", "+ddddddddd", JR_SENDER_RUNS },
	{ TRUE, "+a+", "+k+", JR_SENDER_RUNS },
	{ TRUE, "a+a", "k+k", JR_SENDER_RUNS },
	{ TRUE, "a?x", "kdd", JR_SENDER_RUNS },
	{ TRUE, "a", "w", JR_SENDER_CONFIG },
	{ TRUE, "a?", "wk", JR_SENDER_CONFIG },
	{ TRUE, "aaaaa", "wwwww", JR_SENDER_CONFIG },
	{ FALSE, "?+", "d+", JR_SENDER_RUNS },
	{ FALSE, "??", "kk", JR_SENDER_RUNS },
	{ FALSE, "???????", "wwwwwww", JR_SENDER_CONFIG },
	{ FALSE, "x??", "ddd", JR_SENDER_RUNS },
};

static char verdict_of(const Job *job)
{
	switch (job->outcome) {
	case JR_OUTCOME_ACCEPTED:
		return '+';
	case JR_OUTCOME_DROP_TOKEN:
		return 'd';
	case JR_OUTCOME_REFUSED:
		return 'k';
	case JR_OUTCOME_STOP:
	case JR_OUTCOME_WAIT:
		return 'w';
	case JR_OUTCOME_OPTED_OUT:
	case JR_OUTCOME_UNKNOWN:
		break;
	}
	return '!';
}

START_TEST(a_device_is_dropped_when_the_settings_are_surely_right)
{
	Standin s = start_push("");
	const char *devices = runs[_i].devices, *why = NULL;
	const char *unknown = runs[_i].apns ? "beef" : "-mismatch";
	const char *gone = runs[_i].apns ? "dead" : "-unregistered";
	Job jobs[16] = { 0 };
	char got[17] = "";
	g_autoptr(JrSender) sender = sender_of(
		open_kind(&s, runs[_i].apns), (JrSenderLimits){ .trouble = 5 });

	for (int i = 0; devices[i]; i++)
		if (devices[i] == 'a')
			submit_like(sender, &jobs[i],
				    &(JrHandover){ .id = "m_a",
						   .app = "com.other" },
				    "");
		else
			submit_push(sender, &jobs[i], i,
				    runs[_i].apns ? "apns" : "fcm-token",
				    devices[i] == '?'	? unknown
				    : devices[i] == 'x' ? gone
							: "");
	jr_sender_drain(sender);
	jr_sender_end(sender);
	for (int i = 0; devices[i]; i++)
		got[i] = verdict_of(&jobs[i]);
	ck_assert_str_eq(got, runs[_i].verdicts);
	ck_assert_int_eq(jr_sender_state(sender, &why), runs[_i].state);
	if (runs[_i].state == JR_SENDER_CONFIG)
		ck_assert_msg(strstr(why, devices[0] == 'a'
						  ? "TopicDisallowed"
						  : "no device was dropped"),
			      "%s", why);
	clear_jobs(jobs, (int)strlen(devices));
	standin_stop(&s);
}
END_TEST

/* Those that are held back are told of whatever happens. */
START_TEST(what_is_doubted_is_told_when_it_is_freed)
{
	Standin s = start_push("\"unknown\":true");
	Job jobs[3] = { 0 };
	JrSender *sender = sender_of(open_kind(&s, TRUE),
				     (JrSenderLimits){ .in_flight = 1 });

	for (int i = 0; i < 3; i++)
		submit_push(sender, &jobs[i], i, "apns", "");
	jr_sender_free(sender);
	clear_jobs(jobs, 3);
	standin_stop(&s);
}
END_TEST

/* Each environment is believed by itself. */
START_TEST(an_environment_speaks_for_itself)
{
	Standin s = start_push("");
	const char *const environments[] = { "production", "sandbox", "sandbox",
					     "production" };
	const char *const tokens[] = { "+", "beef", "beef", "beef" };
	const JrOutcome wanted[] = { JR_OUTCOME_ACCEPTED, JR_OUTCOME_REFUSED,
				     JR_OUTCOME_REFUSED,
				     JR_OUTCOME_DROP_TOKEN };
	Job jobs[4] = { 0 };
	g_autoptr(JrSender) sender =
		sender_of(open_kind(&s, TRUE), (JrSenderLimits){ 0 });

	for (int i = 0; i < 4; i++) {
		JrHandover h = handover_of("{\"channel\":\"push\","
					   "\"kind\":\"apns\",\"body\":\"x\"}");

		g_snprintf(jobs[i].to, sizeof jobs[i].to, "%0*x%s",
			   tokens[i][0] == '+' ? 64 : 60, i,
			   tokens[i][0] == '+' ? "" : tokens[i]);
		h.to = jobs[i].to;
		h.environment = environments[i];
		jr_sender_submit(sender, &h, permit, take, &jobs[i]);
	}
	jr_sender_drain(sender);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(jobs[i].outcome, wanted[i]);
	clear_jobs(jobs, 4);
	standin_stop(&s);
}
END_TEST

/* Devices of developers, say, that are all stale: the others go on. */
START_TEST(an_environment_is_given_up_alone)
{
	Standin s = start_push("");
	enum { STALE = 5, N = 8, TROUBLE = 3 };
	Job jobs[N] = { 0 };
	const char *why = NULL;
	g_autoptr(JrSender) sender = sender_of(
		open_kind(&s, TRUE),
		(JrSenderLimits){ .trouble = TROUBLE, .in_flight = 1 });

	for (int i = 0; i < N; i++) {
		g_autofree char *id = g_strdup_printf("m_%d", i);
		gboolean stale = i < STALE;

		submit_like(
			sender, &jobs[i],
			&(JrHandover){ .id = id,
				       .environment = stale ? "sandbox"
							    : "production" },
			stale ? "beef" : "");
	}
	jr_sender_drain(sender);
	for (int i = 0; i < N; i++)
		ck_assert_int_eq(verdict_of(&jobs[i]), i < STALE ? 'w' : '+');
	json_t *stats = ask(&s, "/_stats", TRUE);
	ck_assert_uint_eq(json_object_size(json_object_get(stats, "received")),
			  TROUBLE + N - STALE);
	json_decref(stats);
	ck_assert_int_eq(jr_sender_state(sender, NULL), JR_SENDER_RUNS);
	jr_sender_end(sender);
	ck_assert_int_eq(jr_sender_state(sender, &why), JR_SENDER_CONFIG);
	ck_assert_msg(strstr(why, "of the environment sandbox") != NULL, "%s",
		      why);
	clear_jobs(jobs, N);
	standin_stop(&s);
}
END_TEST

static void take_check(const JrCheck *check, gpointer user)
{
	static const char *const words[] = { "good", "wrong", "later" };

	g_string_append_printf(user, "%s: %s%s%s\n", check->what,
			       words[check->state], check->said ? ": " : "",
			       check->said ? check->said : "");
}

static const struct {
	const char *standin;
	const char *provider; /* apns, fcm; and what is wrong with it */
	const char *says;
} verifications[] = {
	{ "", "fcm",
	  "settings: good\naccess token: good\na message to nobody: good: "
	  "INVALID_ARGUMENT.token: this is no FCM token\n" },
	{ "", "fcm other key",
	  "settings: good\naccess token: wrong: no access token: http-400 "
	  "invalid_grant: check the service account and the clock\n" },
	{ "\"denied\":true", "fcm",
	  "settings: good\naccess token: good\na message to nobody: wrong: "
	  "PERMISSION_DENIED: the service account may not send for this "
	  "project\n" },
	{ "", "apns",
	  "settings: good\naccess token: good\na device that nobody has: "
	  "good: BadDeviceToken: this is no token of this environment\n" },
	{ "", "apns other key",
	  "settings: good\naccess token: good\na device that nobody has: "
	  "wrong: InvalidProviderToken: the provider token is refused: check "
	  "key, key_id and team_id\n" },
	{ "\"topic\":\"com.other\"", "apns",
	  "settings: good\naccess token: good\na device that nobody has: "
	  "wrong: TopicDisallowed: the key may not use topic\n" },
	{ "\"silent\":true", "apns",
	  "settings: good\naccess token: good\na device that nobody has: "
	  "later: 127.0.0.1: timed out\n" },
};

START_TEST(a_provider_is_asked_about_our_account)
{
	Standin s = start_push(verifications[_i].standin);
	g_autofree char *pem = make_key(TRUE);
	g_autofree char *path = g_build_filename(folder, "other.pem", NULL);
	const char *which = verifications[_i].provider;
	gboolean other = strstr(which, "other") != NULL;
	g_autoptr(GString) got = g_string_new(NULL);
	JrProvider *provider;

	g_file_set_contents(path, pem, -1, NULL);
	if (g_str_has_prefix(which, "fcm"))
		provider = fcm(&s, other ? "other.pem" : "rsa.pem", NULL);
	else
		provider = apns(&s, other ? "OTHER12345" : "ABC123DEFG", NULL);
	g_autoptr(JrSender) sender =
		sender_of(provider, (JrSenderLimits){ .http.total_ms = 2000 });
	jr_sender_verify(sender, 1793800000, take_check, got);
	ck_assert_str_eq(got->str, verifications[_i].says);
	json_t *stats = ask(&s, "/_stats", TRUE);
	ck_assert_uint_eq(json_object_size(json_object_get(stats, "received")),
			  0);
	json_decref(stats);
	standin_stop(&s);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_unchecked_fixture(tc, make_folder, remove_folder);
	tcase_add_loop_test(
		tc, a_device_is_dropped_when_the_settings_are_surely_right, 0,
		G_N_ELEMENTS(runs));
	tcase_add_test(tc, what_is_doubted_is_told_when_it_is_freed);
	tcase_add_test(tc, an_environment_speaks_for_itself);
	tcase_add_test(tc, an_environment_is_given_up_alone);
	tcase_add_loop_test(tc, a_provider_is_asked_about_our_account, 0,
			    G_N_ELEMENTS(verifications));
}
