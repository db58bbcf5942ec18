#include "net/http.h"
#include "net/http_end.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/x509_vfy.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECT_MS 10000
#define TOTAL_MS 30000
#define MAX_ANSWER ((gsize)1024 * 1024)
#define MAX_CONNECTIONS 8

struct _JrHttp {
	CURLM *multi;
	JrHttpLimits limits;
	char *ca_file;
	GPtrArray *idle;      /* transfers to be used again */
	GHashTable *underway; /* set of the others */
	GArray *sockets;      /* int: of its connections */
};

/* One exchange, with a handle that serves many, one after the other. */
typedef struct {
	JrHttp *http;
	CURL *easy;
	struct curl_slist *headers;
	const JrHttpRequest *request; /* borrowed; NULL while idle */
	gsize given;	  /* bytes of its body that curl has taken */
	gboolean refused; /* the stream was refused: sent anew is sent once */
	GString *head, *body;
	gboolean head_whole;	    /* the empty line after it has come */
	char said[CURL_ERROR_SIZE]; /* by curl, of what went wrong */
	JrHttpDone done;
	gpointer data;
} Transfer;

static size_t give_body(char *buffer, size_t size, size_t n, void *data)
{
	Transfer *t = data;
	gsize len;
	const char *body = g_bytes_get_data(t->request->body, &len);
	gsize part = MIN(len - t->given, size * n);

	/* From now on a refusal concerns us: watch() is told of it.  What curl
	 * says before, a dozen lines for each request, is not even made up. */
	if (t->given == 0 && t->request->http2)
		curl_easy_setopt(t->easy, CURLOPT_VERBOSE, 1L);
	memcpy(buffer, body + t->given, part);
	t->given += part;
	return part;
}

/*
 * curl asks for this before it sends a body again.  That is once too often,
 * unless the server said that it has not looked at the first (RFC 9113 8.7).
 */
static int rewind_body(void *data, curl_off_t offset, int origin)
{
	Transfer *t = data;

	if (!t->refused || offset != 0 || origin != SEEK_SET)
		return CURL_SEEKFUNC_FAIL;
	t->refused = FALSE;
	t->given = 0;
	return CURL_SEEKFUNC_OK;
}

/* curl tells of a refused stream in its log only; without that line, in
 * another version of it, nothing worse comes of it than an unknown end. */
static int watch(CURL *easy, curl_infotype type, char *text, size_t len,
		 void *data)
{
	static const char line[] = "REFUSED_STREAM, retrying";
	Transfer *t = data;

	(void)easy;
	if (type == CURLINFO_TEXT && len >= strlen(line) &&
	    memcmp(text, line, strlen(line)) == 0)
		t->refused = TRUE;
	return 0;
}

/* Whether @len bytes more are still within the limit. */
static gboolean fits(const Transfer *t, gsize len)
{
	return t->head->len + t->body->len + len <= t->http->limits.max_answer;
}

static size_t take_header(char *text, size_t size, size_t n, void *data)
{
	Transfer *t = data;
	gsize len = size * n;

	if (!fits(t, len))
		return 0;
	t->head_whole |= text[0] == '\r' || text[0] == '\n';
	if (len >= 5 && memcmp(text, "HTTP/", 5) == 0) {
		g_string_truncate(t->head, 0); /* the one before was a 1xx */
		t->head_whole = FALSE;
	} else if (!memchr(text, '\0', len))
		g_string_append_len(t->head, text, (gssize)len);
	return len;
}

static size_t take_body(char *text, size_t size, size_t n, void *data)
{
	Transfer *t = data;

	if (!fits(t, size * n))
		return 0;
	g_string_append_len(t->body, text, (gssize)(size * n));
	return size * n;
}

/* A curl_sockopt_callback: a connection is being made. */
static int note_socket(void *data, curl_socket_t fd, curlsocktype type)
{
	JrHttp *http = data;

	(void)type;
	g_array_append_val(http->sockets, fd);
	return CURL_SOCKOPT_OK;
}

/* A curl_closesocket_callback. */
static int drop_socket(void *data, curl_socket_t fd)
{
	JrHttp *http = data;

	for (guint i = 0; i < http->sockets->len; i++)
		if (g_array_index(http->sockets, curl_socket_t, i) == fd)
			g_array_remove_index_fast(http->sockets, i--);
	return close(fd);
}

/*
 * Whether what is written is to be gathered: curl writes the head and the body
 * of each request by a call of its own, which would be a packet each, and wake
 * up the other side.  What was gathered goes out when it ends, if not before.
 */
static void gather(const JrHttp *http, int yes)
{
	/* Where that cannot be had it only costs more. */
	for (guint i = 0; i < http->sockets->len; i++)
		(void)setsockopt(g_array_index(http->sockets, curl_socket_t, i),
				 IPPROTO_TCP, TCP_CORK, &yes, sizeof yes);
}

/* These fail only where curl lacks something, or memory ends. */
static void must(gboolean done)
{
	g_assert(done);
}

#define SET(easy, option, value)                                               \
	must(curl_easy_setopt(easy, option, value) == CURLE_OK)

/* What all requests have in common. */
static void set_up(Transfer *t)
{
	CURL *easy = t->easy;
	const JrHttpLimits *limits = &t->http->limits;

	SET(easy, CURLOPT_PRIVATE, t);
	SET(easy, CURLOPT_NOSIGNAL, 1L);
	SET(easy, CURLOPT_FOLLOWLOCATION, 0L);
	SET(easy, CURLOPT_CONNECTTIMEOUT_MS, limits->connect_ms);
	SET(easy, CURLOPT_TIMEOUT_MS, limits->total_ms);
	SET(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (t->http->ca_file)
		SET(easy, CURLOPT_CAINFO, t->http->ca_file);
	SET(easy, CURLOPT_USERAGENT, "jr/" JR_VERSION);
	SET(easy, CURLOPT_READFUNCTION, give_body);
	SET(easy, CURLOPT_READDATA, t);
	SET(easy, CURLOPT_SEEKFUNCTION, rewind_body);
	SET(easy, CURLOPT_SEEKDATA, t);
	SET(easy, CURLOPT_HEADERFUNCTION, take_header);
	SET(easy, CURLOPT_HEADERDATA, t);
	SET(easy, CURLOPT_WRITEFUNCTION, take_body);
	SET(easy, CURLOPT_WRITEDATA, t);
	SET(easy, CURLOPT_SOCKOPTFUNCTION, note_socket);
	SET(easy, CURLOPT_SOCKOPTDATA, t->http);
	SET(easy, CURLOPT_CLOSESOCKETFUNCTION, drop_socket);
	SET(easy, CURLOPT_CLOSESOCKETDATA, t->http);
	SET(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	SET(easy, CURLOPT_DEBUGFUNCTION, watch);
	SET(easy, CURLOPT_DEBUGDATA, t);
	SET(easy, CURLOPT_ERRORBUFFER, t->said);
	/* Without this, which otherwise concerns RTSP alone, curl 7.88 takes a
	 * refused stream for a connection that died, and does not say so.  A
	 * curl without RTSP does not have it; then such an end is unknown. */
	(void)curl_easy_setopt(easy, CURLOPT_RTSP_REQUEST,
			       (long)CURL_RTSPREQ_RECEIVE);
}

static Transfer *transfer_new(JrHttp *http)
{
	Transfer *t = g_new0(Transfer, 1);

	t->http = http;
	t->easy = curl_easy_init();
	g_assert(t->easy);
	t->head = g_string_new(NULL);
	t->body = g_string_new(NULL);
	set_up(t);
	return t;
}

static void transfer_free(gpointer data)
{
	Transfer *t = data;

	curl_slist_free_all(t->headers);
	curl_easy_cleanup(t->easy);
	g_string_free(t->head, TRUE);
	g_string_free(t->body, TRUE);
	g_free(t);
}

JrHttp *jr_http_new(const JrHttpLimits *limits)
{
	JrHttp *http = g_new0(JrHttp, 1);
	const JrHttpLimits l = limits ? *limits : (JrHttpLimits){ 0 };

	must(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
	http->multi = curl_multi_init();
	g_assert(http->multi);
	http->limits = (JrHttpLimits){
		.connect_ms = l.connect_ms > 0 ? l.connect_ms : CONNECT_MS,
		.total_ms = l.total_ms > 0 ? l.total_ms : TOTAL_MS,
		.max_answer = l.max_answer > 0 ? l.max_answer : MAX_ANSWER,
		.max_connections = l.max_connections > 0 ? l.max_connections
							 : MAX_CONNECTIONS,
	};
	http->ca_file = g_strdup(l.ca_file);
	http->idle = g_ptr_array_new_with_free_func(transfer_free);
	http->underway = g_hash_table_new(NULL, NULL);
	http->sockets = g_array_new(FALSE, FALSE, sizeof(curl_socket_t));
	curl_multi_setopt(http->multi, CURLMOPT_PIPELINING,
			  (long)CURLPIPE_MULTIPLEX);
	curl_multi_setopt(http->multi, CURLMOPT_MAX_HOST_CONNECTIONS,
			  (long)http->limits.max_connections);
	return http;
}

/* The headers of @request as curl takes them. */
static struct curl_slist *list_headers(const JrHttpRequest *request)
{
	/* Neither wait for a 100 before the body, nor send one unasked. */
	struct curl_slist *list = curl_slist_append(NULL, "Expect:");

	for (char **h = request->headers; h && *h; h++)
		list = curl_slist_append(list, *h);
	if (request->authorization) {
		g_autofree char *line = g_strconcat(
			"Authorization: ", request->authorization, NULL);

		list = curl_slist_append(list, line);
		explicit_bzero(line, strlen(line));
	}
	return list;
}

static long http_version(const JrHttpRequest *request)
{
	if (!request->http2)
		return CURL_HTTP_VERSION_1_1;
	return g_str_has_prefix(request->url, "https:")
		       ? CURL_HTTP_VERSION_2TLS
		       : CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE;
}

/* Nothing goes in the clear but to this machine. */
static const char *protocols(const JrHttpRequest *request)
{
	return g_str_has_prefix(request->url, "http:") &&
			       jr_http_check_url(request->url, NULL)
		       ? "http,https"
		       : "https";
}

/*
 * Whether @request must have a connection of its own: without a body the
 * rewind cannot stop curl from asking twice; and curl 7.88 breaks HTTP/2 with
 * prior knowledge when it uses a connection again (curl's pull 10643).
 */
static long needs_fresh(const JrHttpRequest *request)
{
	gboolean get = g_str_equal(request->method, "GET");
	gboolean empty = !request->body || g_bytes_get_size(request->body) == 0;

	return (!get && empty) ||
	       http_version(request) == CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE;
}

/* Make @t ready for @request. */
static void aim(Transfer *t, const JrHttpRequest *request)
{
	CURL *easy = t->easy;
	gsize len = request->body ? g_bytes_get_size(request->body) : 0;
	gboolean get = g_str_equal(request->method, "GET");

	t->request = request;
	t->headers = list_headers(request);
	SET(easy, CURLOPT_URL, request->url);
	SET(easy, CURLOPT_PROTOCOLS_STR, protocols(request));
	SET(easy, CURLOPT_HTTPHEADER, t->headers);
	SET(easy, CURLOPT_HTTP_VERSION, http_version(request));
	SET(easy, CURLOPT_PIPEWAIT, (long)request->http2);
	SET(easy, CURLOPT_VERBOSE, (long)(request->http2 && len == 0));
	SET(easy, CURLOPT_USERNAME, request->user);
	SET(easy, CURLOPT_PASSWORD, request->password);
	/* To this machine no proxy leads; elsewhere the environment decides. */
	SET(easy, CURLOPT_NOPROXY,
	    g_str_has_prefix(request->url, "http:") ? "*" : NULL);
	SET(easy, CURLOPT_FRESH_CONNECT, needs_fresh(request));
	SET(easy, CURLOPT_FORBID_REUSE, needs_fresh(request));
	if (get) {
		SET(easy, CURLOPT_HTTPGET, 1L);
		return;
	}
	SET(easy, CURLOPT_POST, 1L);
	SET(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
}

static Transfer *take_idle(JrHttp *http)
{
	if (http->idle->len == 0)
		return transfer_new(http);
	return g_ptr_array_steal_index_fast(http->idle, http->idle->len - 1);
}

/* Tell the caller of @t how it ended, and put @t by. */
static void settle(Transfer *t, const JrHttpAnswer *answer)
{
	JrHttp *http = t->http;
	JrHttpDone done = t->done;
	gpointer data = t->data;

	g_hash_table_remove(http->underway, t);
	done(answer, data);
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, NULL);
	g_clear_pointer(&t->headers, curl_slist_free_all);
	g_string_truncate(t->head, 0);
	g_string_truncate(t->body, 0);
	t->request = NULL;
	g_ptr_array_add(http->idle, t);
}

static char *host_of(const JrHttpRequest *request)
{
	g_autoptr(GUri) uri = g_uri_parse(request->url, G_URI_FLAGS_NONE, NULL);

	return g_strdup(uri && g_uri_get_host(uri) ? g_uri_get_host(uri)
						   : "the provider");
}

/* The reason that OpenSSL gives, out of what curl said; owned, or NULL. */
static char *handshake_detail(const char *said)
{
	const char *reason = g_strrstr(said, "::");

	if (strstr(said, "SSL_ERROR_SYSCALL"))
		return g_strdup("cut off");
	return reason && reason[2] ? g_strdup(reason + 2) : NULL;
}

/* What the system or OpenSSL says beside @code; owned, or NULL. */
static char *detail_of(const Transfer *t, CURLcode code)
{
	long number = 0;

	if (code == CURLE_PEER_FAILED_VERIFICATION) {
		curl_easy_getinfo(t->easy, CURLINFO_SSL_VERIFYRESULT, &number);
		return number ? g_strdup(X509_verify_cert_error_string(number))
			      : NULL;
	}
	if (code == CURLE_SSL_CONNECT_ERROR)
		return handshake_detail(t->said);
	if (code != CURLE_COULDNT_CONNECT)
		return NULL;
	curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &number);
	return number ? g_ascii_strdown(g_strerror((int)number), -1) : NULL;
}

static char *reason_of(const Transfer *t, CURLcode code)
{
	g_autofree char *host = host_of(t->request);
	g_autofree char *detail = detail_of(t, code);
	const char *text = jr_http_fate(code)->text;

	return g_strdup_printf("%s: %s%s%s", host, text, detail ? ": " : "",
			       detail ? detail : "");
}

static void finish(Transfer *t, CURLcode code)
{
	const JrHttpProgress progress = {
		.has_body = t->request->body &&
			    g_bytes_get_size(t->request->body) > 0,
		.given = t->given,
		.refused = t->refused,
	};
	g_autofree char *reason = NULL;
	long status = 0;

	if (code == CURLE_OK && !t->head_whole)
		code = CURLE_PARTIAL_FILE; /* which curl does not mind */
	if (code != CURLE_OK)
		reason = reason_of(t, code);
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_multi_remove_handle(t->http->multi, t->easy);
	settle(t, &(JrHttpAnswer){ .end = jr_http_end(code, &progress),
				   .status = (int)status,
				   .head = t->head,
				   .body = t->body,
				   .reason = reason });
}

void jr_http_start(JrHttp *http, const JrHttpRequest *request, JrHttpDone done,
		   gpointer data)
{
	Transfer *t = take_idle(http);

	aim(t, request);
	t->given = 0;
	t->refused = FALSE;
	t->head_whole = FALSE;
	t->said[0] = '\0';
	t->done = done;
	t->data = data;
	g_hash_table_add(http->underway, t);
	must(curl_multi_add_handle(http->multi, t->easy) == CURLM_OK);
}

/*
 * Not the multi-socket interface: all transfers of a connection share a socket,
 * so that epoll saves nothing.  Measured (tests/tools/bench_push.c, requests a
 * second with 100, 300 and 1,000 at once): poll 33, 27 and 11 thousand, epoll
 * 28, 20 and 14.
 */
guint jr_http_poll(JrHttp *http, int wait_ms)
{
	int n;

	if (wait_ms > 0)
		curl_multi_poll(http->multi, NULL, 0, wait_ms, NULL);
	gather(http, TRUE);
	must(curl_multi_perform(http->multi, &n) == CURLM_OK);
	gather(http, FALSE);
	for (CURLMsg *msg; (msg = curl_multi_info_read(http->multi, &n));) {
		Transfer *t = NULL;

		g_assert(msg->msg == CURLMSG_DONE);
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &t);
		finish(t, msg->data.result);
	}
	return g_hash_table_size(http->underway);
}

void jr_http_wake(JrHttp *http)
{
	must(curl_multi_wakeup(http->multi) == CURLM_OK);
}

void jr_http_free(JrHttp *http)
{
	GHashTableIter iter;
	gpointer t;

	/* Not while walking: settling takes it out of the table. */
	for (;;) {
		g_hash_table_iter_init(&iter, http->underway);
		if (!g_hash_table_iter_next(&iter, &t, NULL))
			break;
		finish(t, CURLE_ABORTED_BY_CALLBACK);
	}
	g_hash_table_unref(http->underway);
	g_ptr_array_unref(http->idle);
	curl_multi_cleanup(http->multi);
	g_array_unref(http->sockets);
	curl_global_cleanup();
	g_free(http->ca_file);
	g_free(http);
}
