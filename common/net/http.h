/*
 * http.h - requests over libcurl, each handed over at most once.
 *
 * libcurl repeats a POST by itself when a reused connection dies before the
 * first byte of an answer (curl's own retry).  Bodies here are read through
 * callbacks whose seek fails, so that it ends with CURLE_SEND_FAIL_REWIND, an
 * honest "unknown", instead.  Every request has a connect time-out, a total
 * time-out and an answer size limit.
 */
#pragma once

#include <glib.h>

typedef struct {
	const char *method;	 /* "POST", "GET" */
	char *url;		 /* owned */
	char **headers;		 /* "Name: value", NULL-terminated; owned */
	GBytes *body;		 /* owned; NULL: none */
	char *user, *password;	 /* HTTP Basic; owned; NULL: none */
	gboolean http2;		 /* demand HTTP/2 (TLS ALPN, or prior knowledge
				  * for http://) */
} JrHttpRequest;

void jr_http_request_clear(JrHttpRequest *request);

/* How an exchange ended, seen from whether the request may have arrived. */
typedef enum {
	JR_HTTP_ANSWERED, /* status, headers and body are here, whole */
	JR_HTTP_NOT_SENT, /* it surely did not leave: no connection, REFUSED */
	JR_HTTP_UNKNOWN,  /* it may have arrived: timed out, cut off, too big */
} JrHttpEnd;

typedef struct {
	JrHttpEnd end;
	int status;
	GString *body;
	char *retry_after;  /* the header's value, or NULL */
	char *content_type; /* or NULL */
	char *reason;	    /* for people, when not JR_HTTP_ANSWERED; no secrets */
} JrHttpAnswer;

typedef struct _JrHttp JrHttp;

typedef struct {
	long connect_ms, total_ms; /* 0: 10 s and 30 s */
	gsize max_answer;	   /* bytes; 0: 1 MiB */
	const char *ca_file;	   /* NULL: the system's */
	int max_connections;	   /* per host; 0: 2 for HTTP/2, else 8 */
} JrHttpLimits;

JrHttp *jr_http_new(const JrHttpLimits *limits);
void jr_http_free(JrHttp *http); /* cuts off what is under way */

/* Called once for each request, from jr_http_poll(). */
typedef void (*JrHttpDone)(const JrHttpAnswer *answer, gpointer data);

/* Start @request, which is taken over and cleared.  @done is always called. */
void jr_http_start(JrHttp *http, JrHttpRequest *request, JrHttpDone done,
		   gpointer data);

/* Move on for up to @wait_ms; returns how many are still under way. */
guint jr_http_poll(JrHttp *http, int wait_ms);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrHttp, jr_http_free)
