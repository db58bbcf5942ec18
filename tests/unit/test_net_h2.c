/* HTTP/2: streams on few connections, and what was refused is not lost. */
#include "net/http.h"
#include "net_seen.h"
#include "unit.h"
#include "../standin/standin.h"

#include <jansson.h>

static char *tls; /* folder */
static char *ca_file;

static void make_certificate(void)
{
	tls = standin_certificate();
	ca_file = g_build_filename(tls, "cert.pem", NULL);
}

static void remove_certificate(void)
{
	standin_remove(tls);
	g_free(tls);
	g_free(ca_file);
}

/* The stand-in with @more options: "\"streams\":7" or "". */
static Standin start(const char *more)
{
	g_autofree char *options =
		g_strdup_printf("{\"key\":\"%s/key.pem\","
				"\"cert\":\"%s/cert.pem\"%s%s}",
				tls, tls, *more ? "," : "", more);
	const char *const argv[] = { "node", "tests/standin/push.mjs", options,
				     NULL };

	return standin_start("https", argv);
}

/*
 * What the stand-in has seen; new reference.  To ask does no harm, so it is
 * asked again when the connection that was just cut took the question along.
 */
static json_t *stats_of(JrHttp *http, const Standin *s)
{
	JrHttpRequest request = { .method = "GET", .http2 = TRUE };
	Seen seen = { 0 };

	request.url = g_strconcat(s->url, "/_stats", NULL);
	for (int tries = 0; seen.status != 200 && tries < 5; tries++) {
		seen_clear(&seen);
		jr_http_start(http, &request, see, &seen);
		finish(http);
	}
	ck_assert_int_eq(seen.status, 200);
	json_t *stats = json_loads(seen.body, 0, NULL);
	seen_clear(&seen);
	jr_http_request_clear(&request);
	return stats;
}

static int number(const json_t *stats, const char *key)
{
	return (int)json_integer_value(json_object_get(stats, key));
}

static JrHttpRequest post(const Standin *s, const char *text)
{
	g_autofree char *body = g_strdup_printf("{\"x\":\"%s\"}", text);

	return (JrHttpRequest){
		.method = "POST",
		.url = g_strconcat(s->url, "/count", NULL),
		.body = g_bytes_new(body, strlen(body)),
		.http2 = TRUE,
	};
}

/* Send @n at once; number @bad has @fault. */
static void send_many(JrHttp *http, const Standin *s, int n, int bad,
		      const char *fault, Seen *seen)
{
	g_autofree JrHttpRequest *requests = g_new0(JrHttpRequest, n);

	for (int i = 0; i < n; i++) {
		g_autofree char *text =
			i == bad ? g_strdup_printf("fault-%s-%d", fault, i)
				 : g_strdup_printf("%d", i);

		requests[i] = post(s, text);
		jr_http_start(http, &requests[i], see, &seen[i]);
	}
	finish(http);
	for (int i = 0; i < n; i++) {
		ck_assert_uint_eq(seen[i].calls, 1);
		jr_http_request_clear(&requests[i]);
	}
}

/* One good exchange, so that the server's limits are known. */
static void warm_up(JrHttp *http, const Standin *s)
{
	JrHttpRequest request = post(s, "warm");
	Seen seen = { 0 };

	jr_http_start(http, &request, see, &seen);
	finish(http);
	ck_assert_int_eq(seen.status, 200);
	seen_clear(&seen);
	jr_http_request_clear(&request);
}

START_TEST(many_streams_share_a_connection)
{
	Standin s = start("\"streams\":7");
	g_autoptr(JrHttp) http = jr_http_new(
		&(JrHttpLimits){ .max_connections = 1, .ca_file = ca_file });
	Seen seen[60] = { 0 };

	warm_up(http, &s);
	send_many(http, &s, 60, -1, "", seen);
	for (int i = 0; i < 60; i++) {
		ck_assert_int_eq(seen[i].status, 200);
		seen_clear(&seen[i]);
	}
	json_t *stats = stats_of(http, &s);
	ck_assert_int_eq(number(stats, "sessions"), 1);
	ck_assert_int_le(number(stats, "most_open"), 7);
	ck_assert_int_gt(number(stats, "most_open"), 1);
	json_decref(stats);
	standin_stop(&s);
}
END_TEST

/* Before the server has told its limit, what goes beyond is refused. */
START_TEST(streams_over_the_limit_are_sent_again)
{
	Standin s = start("\"streams\":3");
	g_autoptr(JrHttp) http =
		jr_http_new(&(JrHttpLimits){ .ca_file = ca_file });
	Seen seen[60] = { 0 };

	send_many(http, &s, 60, -1, "", seen);
	json_t *stats = stats_of(http, &s);
	for (int i = 0; i < 60; i++) {
		g_autofree char *id = g_strdup_printf("%d", i);

		ck_assert_msg(seen[i].end != JR_HTTP_UNKNOWN, "%s",
			      seen[i].reason);
		ck_assert_int_eq(number(json_object_get(stats, "received"), id),
				 seen[i].end == JR_HTTP_ANSWERED);
		seen_clear(&seen[i]);
	}
	json_decref(stats);
	standin_stop(&s);
}
END_TEST

START_TEST(without_tls_it_is_known_before)
{
	const char *const argv[] = { "node", "tests/standin/push.mjs", NULL };
	Standin s = standin_start("http", argv);
	g_autoptr(JrHttp) http = jr_http_new(NULL);
	Seen seen[10] = { 0 };

	warm_up(http, &s);
	send_many(http, &s, 10, -1, "", seen);
	for (int i = 0; i < 10; i++) {
		ck_assert_int_eq(seen[i].status, 200);
		seen_clear(&seen[i]);
	}
	standin_stop(&s);
}
END_TEST

static const struct {
	const char *fault;
	gboolean warm; /* on a connection that was used before */
	JrHttpEnd end;
	int received; /* before the second time, if there is one */
} faults[] = {
	/* RFC 9113 8.7: not processed; asked again, it is answered */
	{ "refuse", FALSE, JR_HTTP_ANSWERED, 0 },
	{ "refuse", TRUE, JR_HTTP_ANSWERED, 0 },
	{ "reset", FALSE, JR_HTTP_UNKNOWN, 1 },
	{ "reset", TRUE, JR_HTTP_UNKNOWN, 1 },
	{ "kill", FALSE, JR_HTTP_UNKNOWN, 1 },
	{ "kill", TRUE, JR_HTTP_UNKNOWN, 1 },
	{ "mute", TRUE, JR_HTTP_UNKNOWN, 1 },
};

START_TEST(a_stream_that_fails_has_its_end)
{
	Standin s = start("");
	g_autoptr(JrHttp) http = jr_http_new(
		&(JrHttpLimits){ .total_ms = 4000, .ca_file = ca_file });
	Seen seen = { 0 };

	if (faults[_i].warm)
		warm_up(http, &s);
	send_many(http, &s, 1, 0, faults[_i].fault, &seen);
	ck_assert_msg(seen.end == faults[_i].end, "%s: end %d: %s",
		      faults[_i].fault, seen.end, seen.reason);
	json_t *stats = stats_of(http, &s);
	const json_t *received = json_object_get(stats, "received");
	g_autofree char *again =
		g_strdup_printf("fault-%s-0", faults[_i].fault);
	ck_assert_int_eq(number(received, "0"), faults[_i].received);
	ck_assert_int_eq(number(received, again), !faults[_i].received);
	json_decref(stats);
	seen_clear(&seen);
	standin_stop(&s);
}
END_TEST

/* Each that is answered came once; none came twice. */
static int check_counts(JrHttp *http, const Standin *s, const Seen *seen, int n,
			int bad)
{
	json_t *stats = stats_of(http, s);
	const json_t *received = json_object_get(stats, "received");
	int answered = 0;

	for (int i = 0; i < n; i++) {
		g_autofree char *id = g_strdup_printf("%d", i);
		int count = number(received, id);

		ck_assert_int_le(count, 1);
		if (seen[i].end == JR_HTTP_ANSWERED) {
			answered++;
			ck_assert(i == bad || count == 1);
		}
		if (seen[i].end == JR_HTTP_NOT_SENT)
			ck_assert_int_eq(count, 0);
	}
	json_decref(stats);
	return answered;
}

/* Those after the last one that a GOAWAY speaks for are sent anew. */
START_TEST(a_goaway_in_mid_batch_loses_nothing)
{
	Standin s = start("\"streams\":50,\"delay\":20");
	g_autoptr(JrHttp) http =
		jr_http_new(&(JrHttpLimits){ .ca_file = ca_file });
	Seen seen[50] = { 0 };

	warm_up(http, &s);
	send_many(http, &s, 50, 10, "goaway", seen);
	ck_assert_int_eq(check_counts(http, &s, seen, 50, 10), 50);
	for (int i = 0; i < 50; i++)
		seen_clear(&seen[i]);
	json_t *stats = stats_of(http, &s);
	ck_assert_int_gt(number(stats, "sessions"), 1);
	json_decref(stats);
	standin_stop(&s);
}
END_TEST

/* With a connection its streams are cut: unknown, and none is repeated. */
START_TEST(a_cut_connection_takes_its_streams_along)
{
	Standin s = start("\"streams\":50,\"delay\":100");
	g_autoptr(JrHttp) http =
		jr_http_new(&(JrHttpLimits){ .ca_file = ca_file });
	Seen seen[30] = { 0 };
	int unknown = 0;

	warm_up(http, &s);
	send_many(http, &s, 30, 20, "kill", seen);
	check_counts(http, &s, seen, 30, 20);
	for (int i = 0; i < 30; i++) {
		unknown += seen[i].end == JR_HTTP_UNKNOWN;
		seen_clear(&seen[i]);
	}
	ck_assert_int_ge(unknown, 20);
	standin_stop(&s);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_unchecked_fixture(tc, make_certificate, remove_certificate);
	tcase_add_test(tc, many_streams_share_a_connection);
	tcase_add_test(tc, streams_over_the_limit_are_sent_again);
	tcase_add_test(tc, without_tls_it_is_known_before);
	tcase_add_loop_test(tc, a_stream_that_fails_has_its_end, 0,
			    G_N_ELEMENTS(faults));
	tcase_add_test(tc, a_goaway_in_mid_batch_loses_nothing);
	tcase_add_test(tc, a_cut_connection_takes_its_streams_along);
}
