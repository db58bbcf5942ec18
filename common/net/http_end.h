/*
 * http_end.h - what libcurl's verdict says about a request that got no answer.
 */
#pragma once

#include "net/http.h"

#include <curl/curl.h>

typedef struct {
	CURLcode code;
	JrHttpEnd end;	  /* of a request that has no body */
	const char *text; /* for people, after "HOST: " */
} JrHttpFate;

/*
 * The row of @code, not CURLE_OK; never NULL.  Source of the codes:
 * curl.se/libcurl/c/libcurl-errors.html.
 */
const JrHttpFate *jr_http_fate(CURLcode code);

/* What is known of a request when it ended. */
typedef struct {
	gboolean has_body;
	gsize given;	  /* bytes of its body that curl has taken to send */
	gboolean refused; /* the last thing heard was REFUSED_STREAM */
} JrHttpProgress;

/*
 * How the exchange ended.  A request with a body was not taken while none of
 * the body has left, whatever went wrong; and once some has left it may have
 * been, even when the error is that a second connection was refused.
 */
JrHttpEnd jr_http_end(CURLcode code, const JrHttpProgress *progress);
