/*
 * bench_push.c - the least that libcurl takes for so many pushes.
 *
 *   bench_push poll|epoll URL CA NUMBER STREAMS BYTES
 *   bench_push sender URL CA NUMBER ACCOUNT
 *
 * POSTs NUMBER bodies of BYTES to URL over one HTTP/2 connection, STREAMS at
 * once, and does nothing with the answers but to look at their status.  The
 * last form hands NUMBER messages over through net/sender.h and FCM, whose
 * service account is in the file ACCOUNT: all that jr-send-push does but for
 * the state.  Prints the seconds that it took, by the wall and of this process.
 */
#include "base/arena.h"
#include "io/json.h"
#include "net/sender.h"

#include <curl/curl.h>
#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>

typedef struct {
	CURLM *multi;
	const char *url, *ca;
	struct curl_slist *headers;
	GString *body;
	guint left, under_way;
	int epoll;
	gint64 due_ms; /* of curl's timer; -1: none */
} Bench;

static size_t ignore(char *text, size_t size, size_t n, void *data)
{
	(void)text;
	(void)data;
	return size * n;
}

static void add(Bench *b, CURL *easy)
{
	if (!easy) {
		easy = curl_easy_init();
		curl_easy_setopt(easy, CURLOPT_URL, b->url);
		curl_easy_setopt(easy, CURLOPT_CAINFO, b->ca);
		curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
				 (long)CURL_HTTP_VERSION_2TLS);
		curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
		curl_easy_setopt(easy, CURLOPT_HTTPHEADER, b->headers);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, b->body->str);
		curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore);
	}
	b->left--;
	b->under_way++;
	curl_multi_add_handle(b->multi, easy);
}

/* Answers that came: their handles serve the next. */
static void reap(Bench *b)
{
	int n;

	for (CURLMsg *msg; (msg = curl_multi_info_read(b->multi, &n));) {
		CURL *easy = msg->easy_handle;
		long status = 0;

		curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
		if (msg->data.result != CURLE_OK || status != 200) {
			fprintf(stderr, "status %ld: %s\n", status,
				curl_easy_strerror(msg->data.result));
			exit(1);
		}
		curl_multi_remove_handle(b->multi, easy);
		b->under_way--;
		if (b->left > 0)
			add(b, easy);
		else
			curl_easy_cleanup(easy);
	}
}

static void run_poll(Bench *b)
{
	int n;

	while (b->under_way > 0) {
		curl_multi_poll(b->multi, NULL, 0, 1000, NULL);
		curl_multi_perform(b->multi, &n);
		reap(b);
	}
}

static int watch(CURL *easy, curl_socket_t fd, int what, void *data, void *seen)
{
	Bench *b = data;
	struct epoll_event event = { .data.fd = fd };

	(void)easy;
	if (what == CURL_POLL_REMOVE)
		return epoll_ctl(b->epoll, EPOLL_CTL_DEL, fd, NULL), 0;
	event.events = (what & CURL_POLL_IN ? EPOLLIN : 0u) |
		       (what & CURL_POLL_OUT ? EPOLLOUT : 0u);
	epoll_ctl(b->epoll, seen ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event);
	return curl_multi_assign(b->multi, fd, b), 0;
}

static int set_timer(CURLM *multi, long ms, void *data)
{
	(void)multi;
	((Bench *)data)->due_ms =
		ms < 0 ? -1 : g_get_monotonic_time() / 1000 + ms;
	return 0;
}

static void run_epoll(Bench *b)
{
	struct epoll_event events[16];
	int running;

	while (b->under_way > 0) {
		gint64 now_ms = g_get_monotonic_time() / 1000;
		gint64 wait = b->due_ms < 0 ? 1000 : b->due_ms - now_ms;
		int n = epoll_wait(b->epoll, events, 16,
				   (int)CLAMP(wait, 0, 1000));

		for (int i = 0; i < n; i++)
			curl_multi_socket_action(
				b->multi, events[i].data.fd,
				(events[i].events & EPOLLIN ? CURL_CSELECT_IN
							    : 0) |
					(events[i].events & EPOLLOUT
						 ? CURL_CSELECT_OUT
						 : 0),
				&running);
		if (b->due_ms >= 0 &&
		    b->due_ms <= g_get_monotonic_time() / 1000) {
			b->due_ms = -1;
			curl_multi_socket_action(b->multi, CURL_SOCKET_TIMEOUT,
						 0, &running);
		}
		reap(b);
	}
}

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static void set_up(Bench *b, gboolean epoll, guint bytes)
{
	b->body = g_string_new(NULL);
	for (guint i = 0; i < bytes; i++)
		g_string_append_c(b->body, (char)('a' + i % 26));
	b->headers = curl_slist_append(NULL, "Content-Type: application/json");
	b->headers = curl_slist_append(b->headers,
				       "Authorization: Bearer ya29.bench");
	b->multi = curl_multi_init();
	b->due_ms = -1;
	curl_multi_setopt(b->multi, CURLMOPT_MAX_HOST_CONNECTIONS, 1L);
	if (!epoll)
		return;
	b->epoll = epoll_create1(EPOLL_CLOEXEC);
	curl_multi_setopt(b->multi, CURLMOPT_SOCKETFUNCTION, watch);
	curl_multi_setopt(b->multi, CURLMOPT_SOCKETDATA, b);
	curl_multi_setopt(b->multi, CURLMOPT_TIMERFUNCTION, set_timer);
	curl_multi_setopt(b->multi, CURLMOPT_TIMERDATA, b);
}

/* ---- our own ---- */

static char *read_secret(const JrVal *settings, const char *key, GError **error)
{
	char *text = NULL;

	(void)key;
	g_file_get_contents(jr_val_get_text(settings, "service_account_file"),
			    &text, NULL, error);
	return text;
}

static void take_answer(const JrAnswer *answer, gpointer data)
{
	if (answer->outcome != JR_OUTCOME_ACCEPTED) {
		fprintf(stderr, "%s: %s\n", answer->code, answer->reason);
		exit(1);
	}
	++*(guint *)data;
}

static const JrVal *parse(JrArena *arena, const char *json)
{
	const char *text = jr_arena_text(arena, json, strlen(json));
	const JrVal *val = jr_json_parse(arena, text, strlen(text), NULL);

	g_assert(val);
	return val;
}

static void run_sender(char **argv, guint number)
{
	JrArena *arena = jr_arena_new(1024 * 1024);
	g_autofree char *json = g_strdup_printf(
		"{\"service_account_file\":\"%s\",\"base_url\":\"%s\"}",
		argv[5], argv[2]);
	const JrProviderSetup setup = { .settings = parse(arena, json),
					.file = "bench",
					.secret = read_secret,
					.now_s = 1793620900 };
	JrProvider *provider =
		jr_provider_open(jr_provider_kind("fcm", NULL), &setup, NULL);
	JrHandover h = { .channel = JR_CHANNEL_PUSH,
			 .kind = "fcm-token",
			 .title = "Your card ends in 4242",
			 .body = "It could not be charged, Ana. Please look at "
				 "it before Friday.",
			 .link = "app://billing/cards",
			 .data = parse(arena, "{\"kind\":\"billing\","
					      "\"card\":\"4242\"}"),
			 .now_s = 1793620900 };
	guint done = 0;

	g_assert(provider);
	JrSender *sender = jr_sender_new(
		provider, &(JrSenderLimits){ .http.ca_file = argv[3] });
	for (guint i = 0; i < number; i++) {
		char id[32], token[160];

		g_snprintf(id, sizeof id, "m_%026u", i);
		g_snprintf(token, sizeof token, "fcmtoken%0140u", i);
		h.id = id;
		h.to = token;
		/* No gate is measured. */
		jr_sender_submit(sender, &h, (const JrPermit *)"permit",
				 take_answer, &done);
	}
	jr_sender_drain(sender);
	g_assert(done == number);
	jr_sender_free(sender);
	jr_arena_free(arena);
}

static void run_bare(char **argv, guint number)
{
	gboolean epoll = strcmp(argv[1], "epoll") == 0;
	guint streams = (guint)g_ascii_strtoull(argv[5], NULL, 10);
	void (*run)(Bench *) = epoll ? run_epoll : run_poll;
	Bench b = { .url = argv[2], .ca = argv[3] };

	set_up(&b, epoll, (guint)g_ascii_strtoull(argv[6], NULL, 10));
	b.left = 1; /* the first alone: then the limit of streams is known */
	add(&b, NULL);
	run(&b);
	b.left = number - 1;
	while (b.left > 0 && b.under_way < streams)
		add(&b, NULL);
	run(&b);
	curl_multi_cleanup(b.multi);
	curl_slist_free_all(b.headers);
	g_string_free(b.body, TRUE);
}

int main(int argc, char **argv)
{
	gboolean ours = argc == 6 && strcmp(argv[1], "sender") == 0;
	gint64 begun_us = g_get_monotonic_time();
	struct rusage usage;

	if (argc != 7 && !ours) {
		fputs("usage: bench_push poll|epoll URL CA NUMBER STREAMS "
		      "BYTES\n       bench_push sender URL CA NUMBER ACCOUNT\n",
		      stderr);
		return 64;
	}
	(ours ? run_sender
	      : run_bare)(argv, (guint)g_ascii_strtoull(argv[4], NULL, 10));
	getrusage(RUSAGE_SELF, &usage);
	printf("%.3f %.3f\n", (double)(g_get_monotonic_time() - begun_us) / 1e6,
	       seconds(usage.ru_utime) + seconds(usage.ru_stime));
	return 0;
}
