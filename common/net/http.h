/*
 * http.h - requests over libcurl, each handed over at most once.
 *
 * libcurl repeats a POST by itself when a reused connection dies before the
 * first byte of an answer (curl's own retry).  Bodies here are read through
 * callbacks whose seek fails, so that it ends with CURLE_SEND_FAIL_REWIND, an
 * honest "unknown", instead.  Every request has a connect time-out, a total
 * time-out and an answer size limit; redirects are not followed, and nothing
 * goes in the clear but to this machine itself.  Not for two threads at once.
 */
#pragma once

#include <glib.h>

typedef struct {
	const char *method;    /* "POST", "GET" */
	char *url;	       /* owned */
	char **headers;	       /* "Name: value", NULL-terminated; owned */
	char *authorization;   /* value of that header; a secret, so it stands
				* apart; owned; NULL: none */
	GBytes *body;	       /* owned; NULL: none */
	char *user, *password; /* HTTP Basic; owned; NULL: none */
	gboolean http2;	       /* HTTP/2: by ALPN, or prior knowledge for
				* http:// */
} JrHttpRequest;

void jr_http_request_clear(JrHttpRequest *request);

/* How an exchange ended, seen from whether the request may have arrived. */
typedef enum {
	JR_HTTP_ANSWERED, /* status, headers and body are here, whole */
	JR_HTTP_NOT_SENT, /* it surely was not taken: no connection, no body
			   * sent, or HTTP/2's REFUSED_STREAM */
	JR_HTTP_UNKNOWN,  /* it may have arrived: timed out, cut off, too big */
} JrHttpEnd;

typedef struct {
	JrHttpEnd end;
	int status;
	GString *head; /* its headers, a "Name: value\n" each */
	GString *body;
	const char *reason; /* for people, when not JR_HTTP_ANSWERED: "HOST:
			     * what happened"; no path, no secret */
} JrHttpAnswer;

/* The value of header @name (in any case) of @answer; owned; NULL: none. */
char *jr_http_answer_header(const JrHttpAnswer *answer, const char *name);

/*
 * Seconds that Retry-After asks for (RFC 9110 10.2.3); a date counts from the
 * answer's own Date.  0 when there is none or it makes no sense.
 */
gint64 jr_http_answer_retry_after_s(const JrHttpAnswer *answer);

/*
 * Whether requests may go to @url: https, or http to this machine (localhost,
 * 127.0.0.0/8, ::1), without user, password or fragment.  FALSE and
 * JR_ERROR_CONFIG "a URL that ...: what to write instead".
 */
gboolean jr_http_check_url(const char *url, GError **error);

typedef struct _JrHttp JrHttp;

typedef struct {
	long connect_ms, total_ms; /* 0: 10 s and 30 s */
	gsize max_answer;	   /* bytes of headers and body; 0: 1 MiB */
	const char *ca_file;	   /* NULL: the system's */
	int max_connections;	   /* per host; 0: 8, which HTTP/2 fills with
				    * streams first */
} JrHttpLimits;

JrHttp *jr_http_new(const JrHttpLimits *limits);

/* Cuts off what is under way: its JrHttpDone is called all the same. */
void jr_http_free(JrHttp *http);

/*
 * Called once for each request, from jr_http_poll() or jr_http_free(); it may
 * start others from the former.  @answer is borrowed until it returns.
 */
typedef void (*JrHttpDone)(const JrHttpAnswer *answer, gpointer data);

/* Start @request, which is borrowed until @done is called. */
void jr_http_start(JrHttp *http, const JrHttpRequest *request, JrHttpDone done,
		   gpointer data);

/* Move on for up to @wait_ms; returns how many are still under way. */
guint jr_http_poll(JrHttp *http, int wait_ms);

/* End the wait of a poll, this one or the next; for any thread. */
void jr_http_wake(JrHttp *http);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(JrHttpRequest, jr_http_request_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrHttp, jr_http_free)
