/* Exchanges with a server that fails in every way: how each one ends, and that
 * no request arrives twice. */
#include "net/http.h"
#include "net/http_end.h"
#include "base/error.h"
#include "net_seen.h"
#include "unit.h"
#include "../standin/standin.h"

static Standin server;

static void start_server(void)
{
	server = standin_start(
		"http", (const char *const[]){ "python3",
					       "tests/standin/sms.py", NULL });
}

static void stop_server(void)
{
	standin_stop(&server);
}

static JrHttpRequest post(const char *to, const char *text)
{
	g_autofree char *form = g_strdup_printf("To=%s&Body=%s", to, text);

	return (JrHttpRequest){
		.method = "POST",
		.url = g_strconcat(server.url, "/Messages.json", NULL),
		.body = g_bytes_new(form, strlen(form)),
	};
}

/* Do one exchange and see how it ended. */
static void exchange(JrHttp *http, const JrHttpRequest *request, Seen *seen)
{
	jr_http_start(http, request, see, seen);
	finish(http);
	ck_assert_uint_eq(seen->calls, 1);
}

/* How often the server got the message to @to. */
static int received(JrHttp *http, const char *to)
{
	g_autofree char *key = g_strdup_printf("\"%s\": ", to);
	JrHttpRequest request = { .method = "GET" };
	Seen seen = { 0 };
	int n = 0;

	request.url = g_strconcat(server.url, "/_received", NULL);
	exchange(http, &request, &seen);
	ck_assert_int_eq(seen.status, 200);
	const char *at = strstr(seen.body, key);
	if (at)
		n = at[strlen(key)] - '0';
	seen_clear(&seen);
	jr_http_request_clear(&request);
	return n;
}

static const struct {
	const char *text;
	JrHttpEnd end;
	int status;
	const char *reason; /* what it ends with */
} cases[] = {
	{ "hello", JR_HTTP_ANSWERED, 201, NULL },
	{ "fault+refused+400+21610", JR_HTTP_ANSWERED, 400, NULL },
	{ "fault+status+302+Location=/elsewhere", JR_HTTP_ANSWERED, 302, NULL },
	{ "fault+status+429", JR_HTTP_ANSWERED, 429, NULL },
	{ "fault+status+503", JR_HTTP_ANSWERED, 503, NULL },
	{ "fault+raw+nothing", JR_HTTP_UNKNOWN, 0, "without an answer" },
	{ "fault+raw+half-head", JR_HTTP_UNKNOWN, 201, "within the answer" },
	{ "fault+raw+half-body", JR_HTTP_UNKNOWN, 201, "within the answer" },
	{ "fault+raw+garbage", JR_HTTP_UNKNOWN, 0, NULL },
	{ "fault+huge+100000", JR_HTTP_UNKNOWN, 201, "too long" },
	{ "fault+huge-head+100", JR_HTTP_UNKNOWN, 201, "too long" },
	{ "fault+hang+9", JR_HTTP_UNKNOWN, 0, "timed out" },
	{ "fault+drip+9", JR_HTTP_UNKNOWN, 201, "timed out" },
};

START_TEST(each_fault_has_its_end_and_arrives_once)
{
	const JrHttpLimits limits = { .total_ms = 2000, .max_answer = 20000 };
	g_autoptr(JrHttp) http = jr_http_new(&limits);

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *to = g_strdup_printf("fault-%zu", i);
		g_auto(JrHttpRequest) request = post(to, cases[i].text);
		Seen seen = { 0 };

		exchange(http, &request, &seen);
		ck_assert_msg(seen.end == cases[i].end, "%s: end %d: %s",
			      cases[i].text, seen.end, seen.reason);
		ck_assert_int_eq(seen.status, cases[i].status);
		if (cases[i].reason)
			ck_assert_msg(
				g_str_has_suffix(seen.reason, cases[i].reason),
				"%s: %s", cases[i].text, seen.reason);
		ck_assert_int_eq(received(http, to), 1);
		seen_clear(&seen);
	}
}
END_TEST

/* curl alone would send the second one twice, and call it a success. */
START_TEST(a_post_on_a_connection_that_dies_arrives_once)
{
	g_autoptr(JrHttp) http = jr_http_new(NULL);

	for (int i = 0; i < 20; i++) {
		g_autofree char *a = g_strdup_printf("first-%d", i);
		g_autofree char *b = g_strdup_printf("second-%d", i);
		g_auto(JrHttpRequest) first = post(a, "fault+last-words");
		g_auto(JrHttpRequest) second = post(b, "hello");
		Seen seen = { 0 };

		exchange(http, &first, &seen);
		ck_assert_int_eq(seen.status, 201);
		seen_clear(&seen);
		exchange(http, &second, &seen);
		ck_assert_int_eq(seen.end, JR_HTTP_UNKNOWN);
		seen_clear(&seen);
		ck_assert_int_eq(received(http, b), 1);
	}
}
END_TEST

/* The same, with the server gone when curl connects anew: that the second
 * connection is refused says nothing of the first. */
START_TEST(a_refused_reconnect_does_not_make_it_not_sent)
{
	const JrHttpProgress sent = { .has_body = TRUE, .given = 1 };
	const JrHttpProgress unsent = { .has_body = TRUE };
	const JrHttpProgress refused = { TRUE, 1, TRUE };
	const JrHttpProgress bare = { 0 };

	ck_assert_int_eq(jr_http_end(CURLE_COULDNT_CONNECT, &sent),
			 JR_HTTP_UNKNOWN);
	ck_assert_int_eq(jr_http_end(CURLE_COULDNT_CONNECT, &unsent),
			 JR_HTTP_NOT_SENT);
	ck_assert_int_eq(jr_http_end(CURLE_RECV_ERROR, &refused),
			 JR_HTTP_NOT_SENT);
	ck_assert_int_eq(jr_http_end(CURLE_RECV_ERROR, &bare), JR_HTTP_UNKNOWN);
	ck_assert_int_eq(jr_http_end(CURLE_COULDNT_RESOLVE_HOST, &bare),
			 JR_HTTP_NOT_SENT);
	ck_assert_int_eq(jr_http_end(CURLE_OK, &sent), JR_HTTP_ANSWERED);
}
END_TEST

static void closed_port(char **url)
{
	Standin s = standin_start(
		"http", (const char *const[]){ "python3",
					       "tests/standin/sms.py", NULL });

	*url = g_strdup(s.url);
	standin_stop(&s);
}

START_TEST(no_connection_is_not_sent)
{
	g_autoptr(JrHttp) http = jr_http_new(NULL);
	g_autofree char *url = NULL;
	Seen seen = { 0 };

	closed_port(&url);
	const char *const urls[] = { url, "https://name.invalid/",
				     "http://192.0.2.1/", "ftp://127.0.0.1/",
				     "not a url" };
	for (gsize i = 0; i < G_N_ELEMENTS(urls); i++) {
		g_auto(JrHttpRequest) request = post("x", "hello");

		g_free(request.url);
		request.url = g_strdup(urls[i]);
		exchange(http, &request, &seen);
		ck_assert_int_eq(seen.end, JR_HTTP_NOT_SENT);
		seen_clear(&seen);
	}
}
END_TEST

/* An HTTP server is no TLS server. */
START_TEST(a_failed_handshake_is_not_sent)
{
	g_autoptr(JrHttp) http = jr_http_new(NULL);
	g_auto(JrHttpRequest) request = post("tls", "hello");
	Seen seen = { 0 };

	g_free(request.url);
	request.url = g_strdup_printf("https://127.0.0.1:%d/", server.port);
	exchange(http, &request, &seen);
	ck_assert_int_eq(seen.end, JR_HTTP_NOT_SENT);
	ck_assert(g_str_has_prefix(seen.reason,
				   "127.0.0.1: the TLS handshake failed: "));
	seen_clear(&seen);
}
END_TEST

START_TEST(what_is_under_way_is_told_at_the_end)
{
	JrHttp *http = jr_http_new(NULL);
	g_auto(JrHttpRequest) sent = post("cut-1", "fault+hang+9");
	g_auto(JrHttpRequest) unsent = post("cut-2", "hello");
	Seen a = { 0 }, b = { 0 };

	jr_http_start(http, &sent, see, &a);
	for (int i = 0; i < 20; i++)
		ck_assert_uint_eq(jr_http_poll(http, 10), 1);
	jr_http_start(http, &unsent, see, &b);
	jr_http_free(http);
	ck_assert_uint_eq(a.calls, 1);
	ck_assert_uint_eq(b.calls, 1);
	ck_assert_int_eq(a.end, JR_HTTP_UNKNOWN);
	ck_assert_int_eq(b.end, JR_HTTP_NOT_SENT);
	seen_clear(&a);
	seen_clear(&b);
}
END_TEST

START_TEST(many_at_once_are_all_answered)
{
	const JrHttpLimits limits = { .max_connections = 4 };
	g_autoptr(JrHttp) http = jr_http_new(&limits);
	JrHttpRequest requests[64];
	Seen seen[64] = { 0 };

	for (int i = 0; i < 64; i++) {
		g_autofree char *to = g_strdup_printf("many-%d-", i);

		requests[i] = post(to, "fault+slow+0.01");
		jr_http_start(http, &requests[i], see, &seen[i]);
	}
	while (jr_http_poll(http, 1000) > 0)
		;
	for (int i = 0; i < 64; i++) {
		ck_assert_uint_eq(seen[i].calls, 1);
		ck_assert_int_eq(seen[i].status, 201);
		seen_clear(&seen[i]);
		jr_http_request_clear(&requests[i]);
	}
}
END_TEST

static const struct {
	const char *url;
	gboolean good;
} urls[] = {
	{ "https://api.twilio.com", TRUE },
	{ "https://api.push.apple.com:2197/3", TRUE },
	{ "http://127.0.0.1:8080/x", TRUE },
	{ "http://127.3.2.1", TRUE },
	{ "http://localhost:1", TRUE },
	{ "http://[::1]:8080", TRUE },
	{ "http://api.twilio.com", FALSE },
	{ "http://10.0.0.1", FALSE },
	{ "http://127.evil.example", FALSE },
	{ "http://localhost.evil.example", FALSE },
	{ "http://[::ffff:8.8.8.8]", FALSE },
	{ "https://user:pass@api.twilio.com", FALSE },
	{ "https://api.twilio.com/#x", FALSE },
	{ "ftp://127.0.0.1", FALSE },
	{ "api.twilio.com", FALSE },
	{ "file:///etc/passwd", FALSE },
	{ "", FALSE },
};

START_TEST(a_url_is_https_or_this_machine)
{
	g_autoptr(GError) error = NULL;

	ck_assert_msg(jr_http_check_url(urls[_i].url, &error) == urls[_i].good,
		      "%s", urls[_i].url);
	ck_assert(!!error != urls[_i].good);
	if (error)
		ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_CONFIG));
}
END_TEST

static const struct {
	const char *head;
	gint64 seconds;
} waits[] = {
	{ "", 0 },
	{ "Retry-After: 30\n", 30 },
	{ "Server: x\r\nretry-after:  7 \r\nDate: y\r\n", 7 },
	{ "Retry-After: -5\n", 0 },
	{ "Retry-After: 99999999999999999999\n", 0 },
	{ "Retry-After: soon\n", 0 },
	{ "Date: Mon, 23 Nov 2026 06:40:00 GMT\n"
	  "Retry-After: Mon, 23 Nov 2026 06:42:00 GMT\n",
	  120 },
	{ "Date: Mon, 23 Nov 2026 06:43:00 GMT\n"
	  "Retry-After: Mon, 23 Nov 2026 06:42:00 GMT\n",
	  0 },
	{ "Retry-After: Mon, 23 Nov 2026 06:42:00 GMT\n", 0 },
	{ "X-Retry-After: 5\nRetry-Afterwards: 6\nRetry-After", 0 },
};

START_TEST(retry_after_is_read)
{
	g_autoptr(GString) head = g_string_new(waits[_i].head);
	const JrHttpAnswer answer = { .head = head };

	ck_assert_int_eq(jr_http_answer_retry_after_s(&answer),
			 waits[_i].seconds);
}
END_TEST

static void add(TCase *tc)
{
	tcase_set_timeout(tc, 30);
	tcase_add_unchecked_fixture(tc, start_server, stop_server);
	tcase_add_test(tc, each_fault_has_its_end_and_arrives_once);
	tcase_add_test(tc, a_post_on_a_connection_that_dies_arrives_once);
	tcase_add_test(tc, a_refused_reconnect_does_not_make_it_not_sent);
	tcase_add_test(tc, no_connection_is_not_sent);
	tcase_add_test(tc, a_failed_handshake_is_not_sent);
	tcase_add_test(tc, what_is_under_way_is_told_at_the_end);
	tcase_add_test(tc, many_at_once_are_all_answered);
	tcase_add_loop_test(tc, a_url_is_https_or_this_machine, 0,
			    G_N_ELEMENTS(urls));
	tcase_add_loop_test(tc, retry_after_is_read, 0, G_N_ELEMENTS(waits));
}
