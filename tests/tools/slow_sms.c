/*
 * slow_sms.c - a provider of SMS that takes every message, after a while, and
 * costs next to nothing: what is measured before it is who asks.
 *
 *   slow_sms MILLISECONDS
 *   slow_sms ask PORT NUMBER AT_ONCE
 *
 * The first listens on a free port of 127.0.0.1, writes it to stdout, and ends
 * when its stdin does.  The other is the least that asking takes: it posts
 * NUMBER messages, AT_ONCE at a time, and writes how many a second were
 * answered.  Both speak just enough of HTTP for each other and for libcurl.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define REQUEST_MAX 16384

typedef struct {
	int fd;
	gsize len; /* of what came */
	gint64 due_us;
	char text[REQUEST_MAX];
} Conn;

typedef struct {
	int epoll, listener, timer;
	gint64 delay_us;
	GQueue due; /* Conn *: to be answered, the next first */
	guint taken;
	/* of who asks */
	guint left, answered;
} Side;

static int die(const char *what)
{
	fprintf(stderr, "slow_sms: %s: %s\n", what, g_strerror(errno));
	exit(1);
}

static void watch(const Side *side, int fd, gpointer data)
{
	struct epoll_event event = { EPOLLIN, { .ptr = data } };

	if (epoll_ctl(side->epoll, EPOLL_CTL_ADD, fd, &event) < 0)
		die("epoll");
}

static Conn *conn_new(const Side *side, int fd)
{
	Conn *conn = g_new0(Conn, 1);
	int yes = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
	conn->fd = fd;
	watch(side, fd, conn);
	return conn;
}

static void conn_free(Conn *conn)
{
	close(conn->fd);
	g_free(conn);
}

/* Whether a whole message is there, as a Content-Length says. */
static gboolean is_whole(const Conn *conn)
{
	const char *head_end = strstr(conn->text, "\r\n\r\n");
	const char *length = strstr(conn->text, "\r\nContent-Length:");

	return head_end && length && length < head_end &&
	       conn->len >= (gsize)(head_end + 4 - conn->text) +
				    strtoul(length + 17, NULL, 10);
}

/* Read what is there.  FALSE: the other end is gone. */
static gboolean take_bytes(Conn *conn)
{
	ssize_t n = read(conn->fd, conn->text + conn->len,
			 sizeof conn->text - 1 - conn->len);

	if (n <= 0)
		return FALSE;
	conn->len += (gsize)n;
	conn->text[conn->len] = '\0';
	return TRUE;
}

static void put(const Conn *conn, const char *text, int len)
{
	if (write(conn->fd, text, (gsize)len) != len)
		die("write");
}

/* ---- who takes ---- */

static void set_timer(Side *side)
{
	const Conn *next = g_queue_peek_head(&side->due);
	struct itimerspec at = { 0 };

	if (next) {
		at.it_value.tv_sec = next->due_us / G_USEC_PER_SEC;
		at.it_value.tv_nsec = next->due_us % G_USEC_PER_SEC * 1000;
	}
	timerfd_settime(side->timer, TFD_TIMER_ABSTIME, &at, NULL);
}

static void answer(Side *side, Conn *conn)
{
	char text[256], body[96];
	int body_len = g_snprintf(body, sizeof body,
				  "{\"sid\":\"SM%032x\",\"status\":\"queued\"}",
				  side->taken++);
	int len = g_snprintf(text, sizeof text,
			     "HTTP/1.1 201 Created\r\nContent-Length: %d\r\n"
			     "Content-Type: application/json\r\n\r\n%s",
			     body_len, body);

	conn->len = 0;
	conn->due_us = 0;
	put(conn, text, len);
}

static void answer_due(Side *side)
{
	Conn *conn;
	guint64 times;

	if (read(side->timer, &times, sizeof times) < 0 && errno != EAGAIN)
		die("timer");
	while ((conn = g_queue_peek_head(&side->due)) &&
	       conn->due_us <= g_get_monotonic_time())
		answer(side, g_queue_pop_head(&side->due));
	set_timer(side);
}

static void serve(Side *side, Conn *conn)
{
	if (!take_bytes(conn)) {
		g_queue_remove(&side->due, conn);
		conn_free(conn);
		return;
	}
	if (!is_whole(conn) || conn->due_us > 0)
		return;
	conn->due_us = g_get_monotonic_time() + side->delay_us;
	g_queue_push_tail(&side->due, conn);
	if (side->due.length == 1)
		set_timer(side);
}

static int listen_on(struct sockaddr_in *address)
{
	socklen_t len = sizeof *address;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)address, len) < 0 ||
	    listen(fd, 512) < 0 ||
	    getsockname(fd, (struct sockaddr *)address, &len) < 0)
		die("listen");
	return fd;
}

static int take(Side *side, struct sockaddr_in *address)
{
	struct epoll_event events[64];
	char end;

	side->listener = listen_on(address);
	side->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
	watch(side, side->listener, &side->listener);
	watch(side, side->timer, &side->timer);
	watch(side, STDIN_FILENO, NULL);
	printf("%d\n", ntohs(address->sin_port));
	fflush(stdout);
	for (;;) {
		int n = epoll_wait(side->epoll, events, 64, -1);

		for (int i = 0; i < n; i++) {
			gpointer what = events[i].data.ptr;

			if (!what && read(STDIN_FILENO, &end, 1) <= 0)
				return 0;
			if (what == &side->listener)
				conn_new(side,
					 accept(side->listener, NULL, NULL));
			else if (what == &side->timer)
				answer_due(side);
			else if (what)
				serve(side, what);
		}
	}
}

/* ---- who asks ---- */

static void post(Side *side, Conn *conn)
{
	static const char body[] = "To=%2B12065550100&From=%2B12025550100"
				   "&Body=Hello";
	char text[256];
	int len = g_snprintf(text, sizeof text,
			     "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
			     "Content-Length: %zu\r\n\r\n%s",
			     strlen(body), body);

	if (side->left == 0)
		return;
	side->left--;
	conn->len = 0;
	put(conn, text, len);
}

static int ask(Side *side, const struct sockaddr_in *address, int at_once)
{
	guint number = side->left;
	gint64 begin_us = g_get_monotonic_time();
	struct epoll_event events[64];

	for (int i = 0; i < at_once; i++) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);

		if (fd < 0 || connect(fd, (const struct sockaddr *)address,
				      sizeof *address) < 0)
			die("connect");
		post(side, conn_new(side, fd));
	}
	while (side->answered < number) {
		int n = epoll_wait(side->epoll, events, 64, -1);

		for (int i = 0; i < n; i++) {
			Conn *conn = events[i].data.ptr;

			if (!take_bytes(conn))
				die("cut off");
			if (!is_whole(conn))
				continue;
			side->answered++;
			post(side, conn);
		}
	}
	printf("%.0f\n", number * (double)G_USEC_PER_SEC /
				 (double)(g_get_monotonic_time() - begin_us));
	return 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr =
					       htonl(INADDR_LOOPBACK) };
	Side side = { .epoll = epoll_create1(0) };

	g_queue_init(&side.due);
	if (argc == 2) {
		side.delay_us = 1000 * g_ascii_strtoll(argv[1], NULL, 10);
		return take(&side, &address);
	}
	if (argc == 5 && strcmp(argv[1], "ask") == 0) {
		address.sin_port =
			htons((guint16)g_ascii_strtoull(argv[2], NULL, 10));
		side.left = (guint)g_ascii_strtoull(argv[3], NULL, 10);
		return ask(&side, &address,
			   (int)g_ascii_strtoll(argv[4], NULL, 10));
	}
	fprintf(stderr, "usage: slow_sms MILLISECONDS\n"
			"       slow_sms ask PORT NUMBER AT_ONCE\n");
	return 64;
}
