/* Whole hand-overs, against stand-ins: each is told of once and sent at most
 * once, whatever happens on the way. */
#include "sender_unit.h"
#include "base/clock.h"
#include "unit.h"

#include <arpa/inet.h>
#include <glib/gstdio.h>

static Standin start_twilio(void)
{
	const char *const argv[] = { "python3", "tests/standin/sms.py", NULL };

	return standin_start("http", argv);
}

static JrProvider *twilio(const char *url)
{
	g_autofree char *settings = g_strdup_printf(
		"{\"account_sid\":\"AC00000000000000000000000000000001\","
		"\"auth_token_env\":\"s\",\"from\":\"+12065550199\","
		"\"base_url\":\"%s\"}",
		url);

	return open_good("twilio", settings, NULL);
}

static void submit_sms(JrSender *sender, Job *job, int i, const char *text)
{
	JrHandover h = handover_of("{}");

	g_snprintf(job->id, sizeof(job->id), "m_%d", i);
	g_snprintf(job->to, sizeof(job->to), "+1206555%04d", i);
	h.id = job->id;
	h.to = job->to;
	h.body = text;
	jr_sender_submit(sender, &h, permit, take, job);
}

/* No message came twice, and what was accepted came. */
static void check_once(const json_t *received, const Job *jobs, int n,
		       gboolean by_id)
{
	for (int i = 0; i < n; i++) {
		int count = number(received, by_id ? jobs[i].id : jobs[i].to);

		ck_assert_int_le(count, 1);
		if (jobs[i].outcome == JR_OUTCOME_ACCEPTED)
			ck_assert_int_eq(count, 1);
		if (g_strcmp0(jobs[i].code, "not-sent") == 0 ||
		    g_strcmp0(jobs[i].code, "stopped") == 0)
			ck_assert_int_eq(count, 0);
	}
}

static const struct {
	const char *text;
	JrOutcome outcome;
	const char *code;
} faults[] = {
	{ "hello", JR_OUTCOME_ACCEPTED, NULL },
	{ "fault slow 0.05", JR_OUTCOME_ACCEPTED, NULL },
	{ "fault last-words", JR_OUTCOME_ACCEPTED, NULL },
	{ "fault refused 400 21610", JR_OUTCOME_OPTED_OUT, "21610" },
	{ "fault refused 400 21211", JR_OUTCOME_REFUSED, "21211" },
	{ "fault refused 429 20429", JR_OUTCOME_WAIT, "20429" },
	{ "fault status 429 Retry-After=3", JR_OUTCOME_WAIT, "http-429" },
	{ "fault status 500", JR_OUTCOME_UNKNOWN, "http-500" },
	{ "fault status 503", JR_OUTCOME_UNKNOWN, "http-503" },
	{ "fault created", JR_OUTCOME_UNKNOWN, "http-201" },
	{ "fault created 30005", JR_OUTCOME_REFUSED, "30005" },
	{ "fault deep 1000", JR_OUTCOME_UNKNOWN, "http-201" },
	{ "fault huge 100000", JR_OUTCOME_UNKNOWN, NULL },
	{ "fault huge 3000000", JR_OUTCOME_UNKNOWN, "no-answer" },
	{ "fault raw garbage", JR_OUTCOME_UNKNOWN, NULL },
	{ "fault raw half-head", JR_OUTCOME_UNKNOWN, "no-answer" },
	{ "fault raw half-body", JR_OUTCOME_UNKNOWN, "no-answer" },
	{ "fault raw nothing", JR_OUTCOME_UNKNOWN, "no-answer" },
	{ "fault hang 9", JR_OUTCOME_UNKNOWN, "no-answer" },
	{ "fault drip 9", JR_OUTCOME_UNKNOWN, "no-answer" },
};

START_TEST(each_fault_has_its_outcome)
{
	Standin s = start_twilio();
	Job jobs[G_N_ELEMENTS(faults)] = { 0 };
	g_autoptr(JrSender) sender =
		sender_of(twilio(s.url), (JrSenderLimits){
						 .in_flight = 1,
						 .trouble = 1000,
						 .http.total_ms = 2000,
					 });

	for (gsize i = 0; i < G_N_ELEMENTS(faults); i++) {
		submit_sms(sender, &jobs[i], (int)i, faults[i].text);
		jr_sender_drain(sender);
		/* after last-words, this one is taken without an answer */
		if (i > 0 && strstr(faults[i - 1].text, "last-words")) {
			ck_assert_int_eq(jobs[i].outcome, JR_OUTCOME_UNKNOWN);
			continue;
		}
		ck_assert_msg(jobs[i].outcome == faults[i].outcome, "%s: %s %s",
			      faults[i].text, jr_outcome_name(jobs[i].outcome),
			      jobs[i].reason);
		if (faults[i].code)
			ck_assert_str_eq(jobs[i].code, faults[i].code);
	}
	ck_assert_int_eq(jr_sender_state(sender, NULL), JR_SENDER_RUNS);
	json_t *received = ask(&s, "/_received", FALSE);
	check_once(received, jobs, G_N_ELEMENTS(faults), FALSE);
	json_decref(received);
	clear_jobs(jobs, G_N_ELEMENTS(faults));
	standin_stop(&s);
}
END_TEST

#define STORM 600

/* Faults at random, many at once, on connections that die under others. */
START_TEST(in_a_storm_nothing_is_sent_twice)
{
	static const char *const weather[] = {
		"hello",
		"hello",
		"fault slow 0.01",
		"fault last-words",
		"fault last-words",
		"fault raw nothing",
		"fault raw half-head",
		"fault raw half-body",
		"fault status 429",
		"fault status 503",
		"fault refused 400 21211",
	};
	Standin s = start_twilio();
	g_autofree Job *jobs = g_new0(Job, STORM);
	g_autoptr(GRand) dice = g_rand_new_with_seed((guint32)_i);
	g_autoptr(JrSender) sender =
		sender_of(twilio(s.url), (JrSenderLimits){ .trouble = 100000 });
	int n[JR_OUTCOME_LAST + 1] = { 0 };

	for (int i = 0; i < STORM; i++) {
		gint32 w = g_rand_int_range(dice, 0, G_N_ELEMENTS(weather));

		submit_sms(sender, &jobs[i], i, weather[w]);
	}
	jr_sender_drain(sender);
	json_t *received = ask(&s, "/_received", FALSE);
	check_once(received, jobs, STORM, FALSE);
	for (int i = 0; i < STORM; i++)
		n[jobs[i].outcome]++;
	ck_assert_int_gt(n[JR_OUTCOME_ACCEPTED], 50);
	ck_assert_int_gt(n[JR_OUTCOME_UNKNOWN], 50);
	ck_assert_int_gt(n[JR_OUTCOME_WAIT], 20);
	json_decref(received);
	clear_jobs(jobs, STORM);
	standin_stop(&s);
}
END_TEST

START_TEST(a_stop_keeps_the_rest_back)
{
	Standin s = start_twilio();
	Job jobs[6] = { 0 };
	const char *why = NULL;
	g_autoptr(JrSender) sender =
		sender_of(twilio(s.url), (JrSenderLimits){ .in_flight = 1 });

	for (int i = 0; i < 6; i++)
		submit_sms(sender, &jobs[i], i,
			   i == 2 ? "fault refused 401 20003" : "hello");
	jr_sender_drain(sender);
	for (int i = 0; i < 6; i++) {
		ck_assert_int_eq(jobs[i].outcome, i < 2	   ? JR_OUTCOME_ACCEPTED
						  : i == 2 ? JR_OUTCOME_STOP
							   : JR_OUTCOME_WAIT);
		if (i > 2)
			ck_assert_str_eq(jobs[i].reason,
					 "not sent: wrong credentials: check "
					 "account_sid and its secret");
	}
	ck_assert_int_eq(jr_sender_state(sender, &why), JR_SENDER_CONFIG);
	ck_assert(g_str_has_prefix(why, "wrong credentials"));
	json_t *received = ask(&s, "/_received", FALSE);
	ck_assert_uint_eq(json_object_size(received), 3);
	check_once(received, jobs, 6, FALSE);
	json_decref(received);
	clear_jobs(jobs, 6);
	standin_stop(&s);
}
END_TEST

/* An outage takes a few along, not the whole run. */
START_TEST(trouble_in_a_row_stops_too)
{
	static const char *const troubles[] = { "fault raw nothing",
						"fault status 503",
						"fault status 429" };
	Standin s = start_twilio();
	Job jobs[20] = { 0 };
	g_autoptr(JrSender) sender =
		sender_of(twilio(s.url),
			  (JrSenderLimits){ .in_flight = 1, .trouble = 5 });

	for (int i = 0; i < 20; i++)
		submit_sms(sender, &jobs[i], i,
			   i == 3 ? "hello" : troubles[_i]);
	jr_sender_drain(sender);
	/* three, one that went well, five more */
	for (int i = 0; i < 20; i++)
		ck_assert_int_eq(g_strcmp0(jobs[i].code, "stopped") == 0,
				 i >= 9);
	ck_assert_int_eq(jr_sender_state(sender, NULL), JR_SENDER_LATER);
	clear_jobs(jobs, 20);
	standin_stop(&s);
}
END_TEST

/* A port that is taken, on which nobody listens: its URL, owned. */
static char *dead_url(int *fd)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof at;

	*fd = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_eq(bind(*fd, (struct sockaddr *)&at, sizeof at), 0);
	ck_assert_int_eq(getsockname(*fd, (struct sockaddr *)&at, &len), 0);
	return g_strdup_printf("http://127.0.0.1:%d", ntohs(at.sin_port));
}

START_TEST(without_a_server_nothing_is_lost)
{
	int fd;
	g_autofree char *url = dead_url(&fd);
	Job jobs[30] = { 0 };
	const char *why = NULL;

	g_autoptr(JrSender) sender =
		sender_of(twilio(url), (JrSenderLimits){ .in_flight = 1 });
	for (int i = 0; i < 30; i++)
		submit_sms(sender, &jobs[i], i, "hello");
	jr_sender_drain(sender);
	for (int i = 0; i < 30; i++) {
		ck_assert_int_eq(jobs[i].outcome, JR_OUTCOME_WAIT);
		ck_assert_str_eq(jobs[i].code, i < 10 ? "not-sent" : "stopped");
	}
	ck_assert_int_eq(jr_sender_state(sender, &why), JR_SENDER_LATER);
	ck_assert_str_eq(why, "127.0.0.1: no connection: connection refused");
	clear_jobs(jobs, 30);
	close(fd);
}
END_TEST

START_TEST(the_pace_is_kept)
{
	Standin s = start_twilio();
	Job jobs[21] = { 0 };
	gint64 begin = jr_clock_ticks_ms();
	g_autoptr(JrSender) sender =
		sender_of(twilio(s.url), (JrSenderLimits){ .per_second = 50 });

	for (int i = 0; i < 21; i++)
		submit_sms(sender, &jobs[i], i, "hello");
	jr_sender_drain(sender);
	/* 20 pauses of 20 ms, of which it may catch up a tenth of a second */
	ck_assert_int_ge(jr_clock_ticks_ms() - begin, 300);
	ck_assert_int_lt(jr_clock_ticks_ms() - begin, 10000);
	clear_jobs(jobs, 21);
	standin_stop(&s);
}
END_TEST

/* Each sender has its own, in segments; hand-overs here name none. */
START_TEST(the_pace_of_a_sender_is_kept)
{
	static const char *const from[] = { "", "+12065550199" };
	static const int least_ms[] = { 300, 0 };

	for (guint i = 0; i < G_N_ELEMENTS(from); i++) {
		Standin s = start_twilio();
		Job jobs[9] = { 0 };
		gint64 begin = jr_clock_ticks_ms();
		g_autoptr(JrSender) sender =
			sender_of(twilio(s.url), (JrSenderLimits){ 0 });

		jr_sender_pace(sender, from[i], 20);
		for (int j = 0; j < 9; j++)
			submit_sms(sender, &jobs[j], j, "hello");
		jr_sender_drain(sender);
		ck_assert_int_ge(jr_clock_ticks_ms() - begin, least_ms[i]);
		clear_jobs(jobs, 9);
		standin_stop(&s);
	}
}
END_TEST

START_TEST(what_is_under_way_is_told_when_it_is_freed)
{
	Standin s = start_twilio();
	Job jobs[3] = { 0 };
	JrSender *sender = sender_of(twilio(s.url), (JrSenderLimits){ 0 });

	for (int i = 0; i < 3; i++)
		submit_sms(sender, &jobs[i], i, "fault hang 9");
	jr_sender_free(sender);
	for (int i = 0; i < 3; i++)
		ck_assert(jobs[i].outcome == JR_OUTCOME_UNKNOWN ||
			  jobs[i].outcome == JR_OUTCOME_WAIT);
	clear_jobs(jobs, 3);
	standin_stop(&s);
}
END_TEST

START_TEST(a_message_that_cannot_be_made_is_refused)
{
	Standin s = start_twilio();
	Job jobs[2] = { 0 };
	g_autoptr(JrSender) sender =
		sender_of(twilio(s.url), (JrSenderLimits){ 0 });

	submit_sms(sender, &jobs[0], 0, "");
	submit_sms(sender, &jobs[1], 1, "hello");
	jr_sender_drain(sender);
	ck_assert_int_eq(jobs[0].outcome, JR_OUTCOME_REFUSED);
	ck_assert_str_eq(jobs[0].code, "content");
	ck_assert_int_eq(jobs[1].outcome, JR_OUTCOME_ACCEPTED);
	clear_jobs(jobs, 2);
	standin_stop(&s);
}
END_TEST

#define PUSHES 120

static const struct {
	const char *kind, *end;
	JrOutcome outcome;
	const char *code;
} ends[] = {
	{ "fcm-token", "", JR_OUTCOME_ACCEPTED, NULL },
	{ "fcm-token", "-unregistered", JR_OUTCOME_DROP_TOKEN, "UNREGISTERED" },
	{ "fcm-token", "-mismatch", JR_OUTCOME_DROP_TOKEN,
	  "SENDER_ID_MISMATCH" },
	{ "fcm-token", "-quota", JR_OUTCOME_WAIT, "QUOTA_EXCEEDED" },
	{ "fcm-token", "-unavailable", JR_OUTCOME_WAIT, "UNAVAILABLE" },
	{ "fcm-token", "-garbage", JR_OUTCOME_UNKNOWN, "http-500" },
	{ "apns", "", JR_OUTCOME_ACCEPTED, NULL },
	{ "apns", "dead", JR_OUTCOME_DROP_TOKEN, "Unregistered" },
	{ "apns", "beef", JR_OUTCOME_DROP_TOKEN, "BadDeviceToken" },
};

START_TEST(pushes_are_answered_each_by_its_token)
{
	gboolean to_apns = _i == 1;
	Standin s = start_push("\"delay\":5");
	g_autofree Job *jobs = g_new0(Job, PUSHES);
	g_autofree int *row = g_new0(int, PUSHES);
	g_autoptr(JrSender) sender =
		sender_of(to_apns ? apns(&s, "ABC123DEFG", NULL)
				  : fcm(&s, "rsa.pem", NULL),
			  (JrSenderLimits){ .trouble = 1000 });

	for (int i = 0; i < PUSHES; i++) {
		row[i] = to_apns ? 6 + i % 3 : i % 6;
		submit_push(sender, &jobs[i], i, ends[row[i]].kind,
			    ends[row[i]].end);
	}
	jr_sender_drain(sender);
	for (int i = 0; i < PUSHES; i++) {
		ck_assert_msg(jobs[i].outcome == ends[row[i]].outcome,
			      "%s: %s %s", jobs[i].to,
			      jr_outcome_name(jobs[i].outcome), jobs[i].reason);
		ck_assert_pstr_eq(jobs[i].code, ends[row[i]].code);
		if (g_strcmp0(jobs[i].code, "Unregistered") == 0)
			ck_assert_int_eq(jobs[i].gone_at_ms, 1793700000123);
	}
	json_t *stats = ask(&s, "/_stats", TRUE);
	check_once(json_object_get(stats, "received"), jobs, PUSHES, TRUE);
	ck_assert_uint_eq(json_object_size(json_object_get(stats, "received")),
			  PUSHES);
	/* one connection of ours and the one that asks */
	ck_assert_int_eq(number(stats, "sessions"), 2);
	ck_assert_int_eq(number(stats, "before_first"), 0);
	ck_assert_int_gt(number(stats, "most_open"), 10);
	ck_assert_int_eq(number(stats, "token_requests"), !to_apns);
	ck_assert_int_eq(number(stats, "provider_tokens"), to_apns);
	ck_assert_uint_eq(json_array_size(json_object_get(stats, "problems")),
			  0);
	json_decref(stats);
	clear_jobs(jobs, PUSHES);
	standin_stop(&s);
}
END_TEST

static void submit_in(JrSender *sender, Job *job, int i,
		      const char *environment)
{
	g_autofree char *id = g_strdup_printf("m_%d", i);

	submit_like(sender, job,
		    &(JrHandover){ .id = id, .environment = environment }, "");
}

/* Production and sandbox are two hosts, each with connections of its own. */
START_TEST(the_first_to_each_environment_goes_alone)
{
	static const char *const environments[] = { "production", "sandbox",
						    "sandbox", "production" };
	enum { N = G_N_ELEMENTS(environments) };
	Standin s = start_push("\"delay\":50");
	Job jobs[N] = { 0 };
	g_autoptr(JrSender) sender =
		sender_of(apns(&s, "ABC123DEFG", NULL), (JrSenderLimits){ 0 });

	for (int i = 0; i < N - 1; i++)
		submit_in(sender, &jobs[i], i, environments[i]);
	jr_sender_drain(sender);
	json_t *before = ask(&s, "/_stats", TRUE);
	ck_assert_int_eq(number(before, "most_open"), 1);
	json_decref(before);
	clear_jobs(jobs, N - 1);
	memset(jobs, 0, sizeof jobs);
	for (int i = 0; i < N; i++)
		submit_in(sender, &jobs[i], N + i, environments[i]);
	jr_sender_drain(sender);
	json_t *after = ask(&s, "/_stats", TRUE);
	ck_assert_int_eq(number(after, "most_open"), N);
	json_decref(after);
	clear_jobs(jobs, N);
	standin_stop(&s);
}
END_TEST

/* A token that runs out in mid-batch is renewed once, and nothing is lost. */
START_TEST(an_expired_token_is_renewed_once)
{
	gboolean to_apns = _i == 1;
	Standin s = start_push("\"delay\":5,\"expire_after\":70");
	g_autofree Job *jobs = g_new0(Job, PUSHES);
	g_autoptr(JrSender) sender =
		sender_of(to_apns ? apns(&s, "ABC123DEFG", NULL)
				  : fcm(&s, "rsa.pem", NULL),
			  (JrSenderLimits){ .in_flight = 20 });

	for (int i = 0; i < PUSHES; i++)
		submit_push(sender, &jobs[i], i, to_apns ? "apns" : "fcm-token",
			    "");
	jr_sender_drain(sender);
	for (int i = 0; i < PUSHES; i++)
		ck_assert_msg(jobs[i].outcome == JR_OUTCOME_ACCEPTED, "%s %s",
			      jr_outcome_name(jobs[i].outcome), jobs[i].reason);
	json_t *stats = ask(&s, "/_stats", TRUE);
	check_once(json_object_get(stats, "received"), jobs, PUSHES, TRUE);
	ck_assert_int_eq(number(stats, "token_requests"), to_apns ? 0 : 2);
	ck_assert_int_eq(number(stats, "provider_tokens"), to_apns ? 2 : 0);
	json_decref(stats);
	clear_jobs(jobs, PUSHES);
	standin_stop(&s);
}
END_TEST

/* A token that is refused again and again ends the run, not the server. */
START_TEST(a_key_that_is_refused_stops_the_run)
{
	Standin s = start_push("");
	g_autofree char *pem = make_key(TRUE);
	g_autofree char *path = g_build_filename(folder, "other.pem", NULL);
	Job jobs[4] = { 0 };
	const char *why = NULL;

	g_file_set_contents(path, pem, -1, NULL);
	g_autoptr(JrSender) sender =
		sender_of(_i == 1 ? apns(&s, "OTHER12345", NULL)
				  : fcm(&s, "other.pem", NULL),
			  (JrSenderLimits){ 0 });
	for (int i = 0; i < 4; i++)
		submit_push(sender, &jobs[i], i, _i == 1 ? "apns" : "fcm-token",
			    "");
	jr_sender_drain(sender);
	ck_assert_int_eq(jr_sender_state(sender, &why), JR_SENDER_CONFIG);
	ck_assert_str_eq(why,
			 _i == 1 ? "the provider token is refused: check key, "
				   "key_id and team_id"
				 : "no access token: http-400 invalid_grant: "
				   "check the service account and the clock");
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(jobs[i].outcome, _i == 1 && i == 0
							  ? JR_OUTCOME_STOP
							  : JR_OUTCOME_WAIT);
	json_t *stats = ask(&s, "/_stats", TRUE);
	ck_assert_uint_eq(json_object_size(json_object_get(stats, "received")),
			  0);
	json_decref(stats);
	clear_jobs(jobs, 4);
	standin_stop(&s);
}
END_TEST

START_TEST(runs_share_a_token)
{
	Standin s = start_push("");
	g_autofree char *cache = g_build_filename(folder, "cache", NULL);
	Job jobs[4] = { 0 };

	ck_assert_int_eq(g_mkdir(cache, 0700), 0);
	for (int i = 0; i < 4; i++) {
		g_autoptr(JrSender) sender =
			sender_of(i % 2 ? apns(&s, "ABC123DEFG", cache)
					: fcm(&s, "rsa.pem", cache),
				  (JrSenderLimits){ 0 });

		submit_push(sender, &jobs[i], i, i % 2 ? "apns" : "fcm-token",
			    "");
		jr_sender_drain(sender);
		ck_assert_int_eq(jobs[i].outcome, JR_OUTCOME_ACCEPTED);
	}
	json_t *stats = ask(&s, "/_stats", TRUE);
	ck_assert_int_eq(number(stats, "token_requests"), 1);
	ck_assert_int_eq(number(stats, "provider_tokens"), 1);
	json_decref(stats);
	clear_jobs(jobs, 4);
	standin_stop(&s);
	standin_remove(cache);
}
END_TEST

START_TEST(the_sandbox_is_driven_alike)
{
	g_autofree char *settings =
		g_strdup_printf("{\"outbox\":\"%s/outbox\"}", folder);
	Job jobs[4] = { 0 };
	g_autoptr(JrSender) sender =
		sender_of(open_good("sandbox", settings, NULL),
			  (JrSenderLimits){ .per_second = 1000 });

	submit_sms(sender, &jobs[0], 1, "hello");
	submit_push(sender, &jobs[1], 2, "fcm-token", "-unregistered");
	submit_sms(sender, &jobs[2], 9905, "hello");
	submit_sms(sender, &jobs[3], 4, "hello");
	jr_sender_drain(sender);
	ck_assert_int_eq(jobs[0].outcome, JR_OUTCOME_ACCEPTED);
	ck_assert_int_eq(jobs[1].outcome, JR_OUTCOME_DROP_TOKEN);
	ck_assert_int_eq(jobs[2].outcome, JR_OUTCOME_STOP);
	ck_assert_int_eq(jobs[3].outcome, JR_OUTCOME_WAIT);
	ck_assert_int_eq(jr_sender_state(sender, NULL), JR_SENDER_CONFIG);
	clear_jobs(jobs, 4);
}
END_TEST

START_TEST(limits_are_read)
{
	JrSenderLimits limits;
	g_autofree char *tls = standin_certificate();
	g_autofree char *ca_file = g_build_filename(tls, "cert.pem", NULL);
	g_autofree char *settings = g_strdup_printf(
		"{\"per_second\":0.5,\"in_flight\":7,\"timeout\":\"20s\","
		"\"ca_file\":\"%s\",\"connect_timeout\":\"2s\","
		"\"trouble\":3,\"max_connections\":2,\"other\":1}",
		ca_file);
	const JrProviderSetup setup = {
		.settings = val_of(settings),
		.file = "jr.yaml",
	};

	ck_assert(jr_sender_limits_read(&setup, &limits, NULL));
	ck_assert_double_eq(limits.per_second, 0.5);
	ck_assert_uint_eq(limits.in_flight, 7);
	ck_assert_uint_eq(limits.trouble, 3);
	ck_assert_int_eq(limits.http.total_ms, 20000);
	ck_assert_int_eq(limits.http.connect_ms, 2000);
	ck_assert_int_eq(limits.http.max_connections, 2);
	ck_assert_str_eq(limits.http.ca_file, ca_file);
	standin_remove(tls);
}
END_TEST

static const struct {
	const char *settings, *message;
} wrong_limits[] = {
	{ "{\"timeout\":20}", "'timeout' is a whole number" },
	{ "{\"ca_file\":\"/none/x.pem\"}",
	  "'ca_file' cannot be read: write a file of certificates in PEM" },
	{ "{\"ca_file\":\"/dev/null\"}",
	  "'ca_file' holds no certificate: write a file" },
};

START_TEST(wrong_limits_are_told)
{
	JrSenderLimits limits;
	const JrProviderSetup setup = {
		.settings = val_of(wrong_limits[_i].settings),
		.file = "jr.yaml",
	};
	g_autoptr(GError) error = NULL;

	ck_assert(!jr_sender_limits_read(&setup, &limits, &error));
	ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_CONFIG));
	ck_assert_msg(strstr(error->message, wrong_limits[_i].message) != NULL,
		      "%s", error->message);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_unchecked_fixture(tc, make_folder, remove_folder);
	tcase_add_test(tc, each_fault_has_its_outcome);
	tcase_add_loop_test(tc, in_a_storm_nothing_is_sent_twice, 0, 4);
	tcase_add_test(tc, a_stop_keeps_the_rest_back);
	tcase_add_loop_test(tc, trouble_in_a_row_stops_too, 0, 3);
	tcase_add_test(tc, without_a_server_nothing_is_lost);
	tcase_add_test(tc, the_pace_is_kept);
	tcase_add_test(tc, the_pace_of_a_sender_is_kept);
	tcase_add_test(tc, what_is_under_way_is_told_when_it_is_freed);
	tcase_add_test(tc, a_message_that_cannot_be_made_is_refused);
	tcase_add_loop_test(tc, pushes_are_answered_each_by_its_token, 0, 2);
	tcase_add_loop_test(tc, an_expired_token_is_renewed_once, 0, 2);
	tcase_add_loop_test(tc, a_key_that_is_refused_stops_the_run, 0, 2);
	tcase_add_test(tc, runs_share_a_token);
	tcase_add_test(tc, the_first_to_each_environment_goes_alone);
	tcase_add_test(tc, the_sandbox_is_driven_alike);
	tcase_add_test(tc, limits_are_read);
	tcase_add_loop_test(tc, wrong_limits_are_told, 0,
			    G_N_ELEMENTS(wrong_limits));
}
