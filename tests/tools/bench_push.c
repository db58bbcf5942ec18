/*
 * bench_push.c - the least that libcurl takes for so many pushes.
 *
 *   bench_push poll|epoll URL CA NUMBER STREAMS BYTES
 *
 * POSTs NUMBER bodies of BYTES to URL over one HTTP/2 connection, STREAMS at
 * once, and does nothing with the answers but to look at their status.  Prints
 * the seconds that it took, by the wall and of this process.
 */
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

int main(int argc, char **argv)
{
	Bench b = { 0 };
	struct rusage usage;

	if (argc != 7) {
		fputs("usage: bench_push poll|epoll URL CA NUMBER STREAMS "
		      "BYTES\n",
		      stderr);
		return 64;
	}
	gboolean epoll = strcmp(argv[1], "epoll") == 0;
	guint number = (guint)g_ascii_strtoull(argv[4], NULL, 10);
	guint streams = (guint)g_ascii_strtoull(argv[5], NULL, 10);
	gint64 begun_us = g_get_monotonic_time();
	void (*run)(Bench *) = epoll ? run_epoll : run_poll;

	b.url = argv[2];
	b.ca = argv[3];
	set_up(&b, epoll, (guint)g_ascii_strtoull(argv[6], NULL, 10));
	b.left = 1; /* the first alone: then the limit of streams is known */
	add(&b, NULL);
	run(&b);
	b.left = number - 1;
	while (b.left > 0 && b.under_way < streams)
		add(&b, NULL);
	run(&b);
	getrusage(RUSAGE_SELF, &usage);
	printf("%.3f %.3f\n", (double)(g_get_monotonic_time() - begun_us) / 1e6,
	       seconds(usage.ru_utime) + seconds(usage.ru_stime));
	curl_multi_cleanup(b.multi);
	curl_slist_free_all(b.headers);
	g_string_free(b.body, TRUE);
	return 0;
}
