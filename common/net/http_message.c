#include "net/http.h"
#include "base/error.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <string.h>

typedef char CurlText; /* what curl_url_get() gives */

static void free_curl_text(CurlText *text)
{
	curl_free(text);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CurlText, free_curl_text)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CURLU, curl_url_cleanup)

/* Overwrite and free what must not stay in memory. */
static void free_secret(char *secret)
{
	if (!secret)
		return;
	explicit_bzero(secret, strlen(secret));
	g_free(secret);
}

void jr_http_request_clear(JrHttpRequest *request)
{
	g_free(request->url);
	g_strfreev(request->headers);
	g_clear_pointer(&request->body, g_bytes_unref);
	g_free(request->user);
	free_secret(request->password);
	free_secret(request->authorization);
	*request = (JrHttpRequest){ 0 };
}

/* The value in @line when it is header @name's, else NULL. */
static const char *value_in(const char *line, const char *name)
{
	gsize len = strlen(name);

	if (g_ascii_strncasecmp(line, name, len) != 0 || line[len] != ':')
		return NULL;
	return line + len + 1 + strspn(line + len + 1, " \t");
}

char *jr_http_answer_header(const JrHttpAnswer *answer, const char *name)
{
	const char *line = answer->head ? answer->head->str : "";

	while (*line) {
		const char *end = strchr(line, '\n');
		const char *value = value_in(line, name);

		if (!end)
			end = line + strlen(line);
		if (value && value <= end)
			return g_strchomp(g_strndup(value, end - value));
		line = *end ? end + 1 : end;
	}
	return NULL;
}

gint64 jr_http_answer_retry_after_s(const JrHttpAnswer *answer)
{
	g_autofree char *value = jr_http_answer_header(answer, "Retry-After");
	g_autofree char *date = jr_http_answer_header(answer, "Date");
	guint64 seconds;

	if (!value)
		return 0;
	/* A year is more than anyone means. */
	if (g_ascii_string_to_unsigned(value, 10, 0, 366 * 86400, &seconds,
				       NULL))
		return (gint64)seconds;
	time_t until = curl_getdate(value, NULL);
	time_t from = date ? curl_getdate(date, NULL) : -1;
	return until >= 0 && from >= 0 ? MAX(until - from, 0) : 0;
}

/* Whether @host, as the URL has it, is this machine. */
static gboolean is_loopback(const char *host)
{
	struct in_addr addr;

	if (g_ascii_strcasecmp(host, "localhost") == 0 ||
	    strcmp(host, "[::1]") == 0)
		return TRUE;
	return inet_pton(AF_INET, host, &addr) == 1 &&
	       ntohl(addr.s_addr) >> 24 == 127;
}

/* What is wrong with @url; NULL: nothing. */
static const char *fault_of(const char *url)
{
	static const CURLUPart unwanted[] = { CURLUPART_USER,
					      CURLUPART_PASSWORD,
					      CURLUPART_FRAGMENT };
	g_autoptr(CURLU) parts = curl_url();
	g_autoptr(CurlText) scheme = NULL;
	g_autoptr(CurlText) host = NULL;

	if (curl_url_set(parts, CURLUPART_URL, url, 0) != CURLUE_OK ||
	    curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
	    curl_url_get(parts, CURLUPART_HOST, &host, 0) != CURLUE_OK)
		return "no URL: write https://HOST/PATH";
	for (gsize i = 0; i < G_N_ELEMENTS(unwanted); i++) {
		g_autoptr(CurlText) text = NULL;

		if (curl_url_get(parts, unwanted[i], &text, 0) == CURLUE_OK)
			return "a URL with user, password or fragment: leave them out";
	}
	if (strcmp(scheme, "https") == 0)
		return NULL;
	if (strcmp(scheme, "http") == 0 && is_loopback(host))
		return NULL;
	return "a URL that would go in the clear: write https://";
}

gboolean jr_http_check_url(const char *url, GError **error)
{
	const char *fault = fault_of(url);

	if (!fault)
		return TRUE;
	g_set_error_literal(error, JR_ERROR, JR_ERROR_CONFIG, fault);
	return FALSE;
}
