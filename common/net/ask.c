#include "net/ask.h"
#include "net/answer.h"
#include "base/clock.h"
#include "base/error.h"

#include <string.h>

#define TRIES 3
#define WAIT_MAX_S 30
#define ANSWER_MAX ((gsize)8 * 1024 * 1024) /* a page of long texts */
#define POLL_MS 1000

struct _JrAsk {
	JrProvider *provider;
	JrHttp *http;
};

JrAsk *jr_ask_new(JrProvider *provider, const JrSenderLimits *limits)
{
	JrAsk *ask = g_new0(JrAsk, 1);
	JrHttpLimits http = limits->http;

	http.max_answer = ANSWER_MAX;
	ask->provider = provider;
	ask->http = jr_http_new(&http);
	return ask;
}

void jr_ask_free(JrAsk *ask)
{
	if (!ask)
		return;
	jr_http_free(ask->http);
	g_free(ask);
}

void jr_list_ask_clear(JrListAsk *what)
{
	g_clear_pointer(&what->next, g_free);
}

/* What one try came to. */
typedef struct {
	gboolean came;
	gboolean later; /* another may do */
	gint64 wait_s;
	json_t *object;
	GError *error;
} Try;

/* What an answer that is no 2xx says of asking again. */
static void read_refusal(Try *try, const JrHttpAnswer *http)
{
	gboolean later = http->status == 429 || http->status >= 500;
	int code = later		 ? JR_ERROR_BUSY
		   : http->status == 404 ? JR_ERROR_REFUSED
					 : JR_ERROR_CONFIG;

	try->later = later;
	try->wait_s = jr_http_answer_retry_after_s(http);
	try->error = g_error_new(
		JR_ERROR, code, "it answers with HTTP status %d%s",
		http->status,
		code == JR_ERROR_CONFIG ? ": check the account and its key"
					: "");
}

static void take(const JrHttpAnswer *http, gpointer data)
{
	Try *try = data;

	try->came = TRUE;
	if (http->end != JR_HTTP_ANSWERED) {
		try->later = TRUE;
		try->error = g_error_new_literal(JR_ERROR, JR_ERROR_BUSY,
						 http->reason);
		return;
	}
	if (http->status / 100 != 2) {
		read_refusal(try, http);
		return;
	}
	try->object = jr_answer_json_max(http->body, ANSWER_MAX);
	if (!try->object)
		try->error = g_error_new(JR_ERROR, JR_ERROR_BUSY,
					 "its answer is no JSON object");
}

static void try_once(JrAsk *ask, const JrHttpRequest *request, Try *try)
{
	jr_http_start(ask->http, request, take, try);
	while (!try->came)
		jr_http_poll(ask->http, POLL_MS);
}

json_t *jr_ask_json(JrAsk *ask, const JrHttpRequest *request, GError **error)
{
	for (int i = 1;; i++) {
		Try try = { 0 };

		try_once(ask, request, &try);
		if (try.object)
			return try.object;
		if (!try.later || i == TRIES) {
			g_propagate_prefixed_error(
				error, try.error,
				"provider '%s': ", ask->provider->kind->name);
			return NULL;
		}
		g_error_free(try.error);
		jr_clock_sleep_ms(1000 * CLAMP(try.wait_s, i, WAIT_MAX_S));
	}
}

gboolean jr_ask_page(JrAsk *ask, JrListAsk *what, JrArena *arena, GArray *rows,
		     gboolean *more, GError **error)
{
	JrProvider *provider = ask->provider;
	g_auto(JrHttpRequest) request = { 0 };
	g_autoptr(json_t) page = NULL;
	JrListPage read = { arena, rows, NULL };

	if (!provider->kind->list(provider, what, &request, error))
		return FALSE;
	page = jr_ask_json(ask, &request, error);
	if (!page)
		return FALSE;
	provider->kind->listed(provider, page, &read);
	g_free(what->next);
	what->next = read.next;
	*more = what->next != NULL;
	return TRUE;
}

gboolean jr_ask_one(JrAsk *ask, const char *id, JrArena *arena, GArray *rows,
		    GError **error)
{
	JrProvider *provider = ask->provider;
	g_auto(JrHttpRequest) request = { 0 };
	g_autoptr(json_t) page = NULL;
	JrListPage read = { arena, rows, NULL };

	if (!provider->kind->lookup(provider, id, &request, error))
		return FALSE;
	page = jr_ask_json(ask, &request, error);
	if (!page)
		return FALSE;
	provider->kind->listed(provider, page, &read);
	g_free(read.next);
	return TRUE;
}
