#include "flow/journey/render_links.h"
#include "base/error.h"
#include "store/key.h"
#include "store/receipts.h"

#include <string.h>

#define TOKEN_LEN 11 /* characters of 5 bits each */

/* The text that is being made. */
typedef struct {
	JrJourneys *journeys;
	const JrLinksAsk *ask;
	const JrLinks *links;
	GString *out;
} Work;

/* Bytes of the link that @text begins with; 0: none.  What ends a sentence is
 * not a part of it. */
static gsize link_len(const char *text)
{
	gsize len;

	if (!g_str_has_prefix(text, "https://") &&
	    !g_str_has_prefix(text, "http://"))
		return 0;
	len = strcspn(text, " \t\r\n\"<>");
	while (len > 0 && strchr(".,;:!?)'", text[len - 1]))
		len--;
	return len;
}

static gboolean may_lead(const JrLinks *links, const char *url, GError **error)
{
	g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
	const char *host = uri ? g_uri_get_host(uri) : NULL;

	if (!host) {
		g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
			    "a link is no URL");
		return FALSE;
	}
	if (!links->hosts || !links->hosts[0] ||
	    g_strv_contains((const char *const *)links->hosts, host) ||
	    g_strcmp0(links->host, host) == 0)
		return TRUE;
	g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
		    "a link leads to '%s', which is not among 'hosts' of the "
		    "configuration",
		    host);
	return FALSE;
}

/* @url with the configured parameters, before its fragment; owned. */
static char *with_params(const JrLinks *links, const char *url)
{
	gsize base = strcspn(url, "#");
	GString *out = g_string_new_len(url, (gssize)base);

	for (char **param = links->params; param && *param; param++) {
		g_string_append_c(out, strchr(out->str, '?') ? '&' : '?');
		g_string_append(out, *param);
	}
	g_string_append(out, url + base);
	return g_string_free(out, FALSE);
}

/* Only who has the store's secret can make this. */
static void make_token(const Work *work, const char *url,
		       char token[TOKEN_LEN + 1])
{
	static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
	g_autofree char *what =
		g_strconcat(work->ask->message_id, "\n", url, NULL);
	char hex[JR_SHA256_SIZE];

	jr_key(work->journeys->flow->db, "link", what, hex);
	for (guint i = 0; i < TOKEN_LEN; i++) {
		int high = g_ascii_xdigit_value(hex[2 * i]);
		int low = g_ascii_xdigit_value(hex[2 * i + 1]);

		token[i] = digits[(high * 16 + low) % 32];
	}
	token[TOKEN_LEN] = '\0';
}

/* The short link of @url, kept in the store. */
static gboolean keep_link(Work *work, const char *url,
			  char shown[TOKEN_LEN + 1], GError **error)
{
	const JrLinks *links = work->links;
	gint64 now_s = work->journeys->now_s;
	JrLink link = { .token = shown,
			.message = work->ask->message_id,
			.url = url,
			.created_s = now_s };
	gboolean fresh;

	make_token(work, url, shown);
	if (links->expires_s > 0)
		link.expires_s = now_s + links->expires_s;
	return jr_link_put(work->journeys->flow->db, &link, &fresh, error);
}

static gboolean add_short(Work *work, const char *url, GError **error)
{
	const JrLinks *links = work->links;
	char token[] = "preview0000";

	G_STATIC_ASSERT(sizeof token == TOKEN_LEN + 1);
	if (work->ask->message_id && !keep_link(work, url, token, error))
		return FALSE;
	g_string_append_printf(work->out, "https://%s%s%s", links->host,
			       links->prefix ? links->prefix : "/", token);
	return TRUE;
}

static gboolean add_link(Work *work, const char *at, gsize len, GError **error)
{
	g_autofree char *url = g_strndup(at, len);
	g_autofree char *full = NULL;

	if (!may_lead(work->links, url, error))
		return FALSE;
	full = with_params(work->links, url);
	if (work->ask->shorten)
		return add_short(work, full, error);
	g_string_append(work->out, full);
	return TRUE;
}

char *jr_render_links(JrJourneys *journeys, const JrLinksAsk *ask,
		      const char *text, GError **error)
{
	g_autoptr(GString) out = g_string_new(NULL);
	Work work = { journeys, ask, &journeys->flow->policy->links, out };

	if (ask->shorten && !work.links->host) {
		g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
			    "short links are asked for, and the configuration "
			    "names no host for them");
		return NULL;
	}
	for (const char *at; (at = strstr(text, "http"));) {
		gsize len = link_len(at);

		g_string_append_len(out, text, at - text);
		if (len > 0 && !add_link(&work, at, len, error))
			return NULL;
		if (len == 0)
			g_string_append_c(out, *at);
		text = at + MAX(len, 1);
	}
	g_string_append(out, text);
	return g_string_free(g_steal_pointer(&out), FALSE);
}
