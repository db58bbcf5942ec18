#include "net/texting.h"
#include "base/error.h"
#include "net/answer.h"

#include <string.h>

#define BODY_MAX 1600	  /* characters: ten parts */
#define CALLBACK_MAX 4000 /* bytes */

gboolean jr_texting_wrong(GError **error, const char *what)
{
	g_set_error_literal(error, JR_ERROR, JR_ERROR_INPUT, what);
	return FALSE;
}

gboolean jr_texting_left(const JrHandover *h, gint64 max_s, gint64 *left_s,
			 GError **error)
{
	*left_s = 0;
	if (h->deadline_s == 0)
		return TRUE;
	if (h->deadline_s <= h->now_s)
		return jr_texting_wrong(error, "its deadline has passed");
	*left_s = MIN(h->deadline_s - h->now_s, max_s);
	return TRUE;
}

char *jr_texting_callback(const char *callback, const JrHandover *h,
			  GError **error)
{
	g_autoptr(GString) url = g_string_new(callback);

	g_string_append(url, strchr(callback, '?') ? "&jr_id=" : "?jr_id=");
	g_string_append_uri_escaped(url, h->id, NULL, FALSE);
	if (url->len <= CALLBACK_MAX)
		return g_strdup(url->str);
	jr_texting_wrong(error, "status_callback with the message's id is over "
				"4000 bytes");
	return NULL;
}

static gboolean check_media(const JrVal *media, guint max, GError **error)
{
	if (media->len > max) {
		g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
			    max > 0 ? "more than %u media: leave some out"
				    : "it takes no media (at most %u)",
			    max);
		return FALSE;
	}
	for (guint32 i = 0; i < media->len; i++)
		if (media->items[i].type != JR_VAL_TEXT)
			return jr_texting_wrong(error, "a medium is no URL");
	return TRUE;
}

gboolean jr_texting_content(const JrHandover *h, guint max_media,
			    GError **error)
{
	gboolean media =
		h->media && h->media->type == JR_VAL_LIST && h->media->len > 0;

	if (h->body && *h->body) {
		if (g_utf8_strlen(h->body, -1) > BODY_MAX)
			return jr_texting_wrong(error, "the body is over 1600 "
						       "characters: shorten "
						       "it");
	} else if (!media) {
		return jr_texting_wrong(error, "neither body, media nor "
					       "template");
	}
	return !media || check_media(h->media, max_media, error);
}

static gboolean take_option(const JrMember *member,
			    const JrTextingOption *table,
			    JrTextingOptionFn each, gpointer user,
			    GError **error)
{
	for (; table->option; table++) {
		if (strcmp(table->option, member->key) != 0)
			continue;
		if (table->lacks) {
			g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
				    "option '%s' %s", member->key,
				    table->lacks);
			return FALSE;
		}
		if (table->type != member->val.type)
			break;
		each(table->parameter, &member->val, user);
		return TRUE;
	}
	g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
		    "option '%s' is unknown to the provider, or %s: see "
		    "jr-providers(5)",
		    member->key, jr_val_type_name(&member->val));
	return FALSE;
}

gboolean jr_texting_options(const JrHandover *h, const JrTextingOption *table,
			    JrTextingOptionFn each, gpointer user,
			    GError **error)
{
	guint32 n = jr_val_is_null(h->options) ? 0 : h->options->len;

	for (guint32 i = 0; i < n; i++)
		if (!take_option(&h->options->members[i], table, each, user,
				 error))
			return FALSE;
	return TRUE;
}

void jr_texting_get(JrHttpRequest *request, char *url)
{
	request->method = "GET";
	request->url = url;
	request->headers = g_strsplit("Accept: application/json", "\n", -1);
}

void jr_texting_refused(JrProvider *provider, const JrHttpAnswer *http,
			const char *code, JrAnswer *answer)
{
	jr_answer_set(answer, provider, http->status < 500 ? code : NULL,
		      http->status);
	if (answer->outcome == JR_OUTCOME_WAIT)
		answer->wait_s =
			MAX(answer->wait_s, jr_http_answer_retry_after_s(http));
}

JrMetric jr_texting_metric(const JrTextingStatus *table, const char *status)
{
	for (; table->status; table++)
		if (g_strcmp0(status, table->status) == 0)
			return table->metric;
	return 0;
}

void jr_texting_credit(const JrHttpAnswer *http, const char *left,
		       JrCheck *check)
{
	jr_answer_check_status(http, check);
	if (check->state != JR_CHECK_GOOD || !left)
		return;
	if (g_ascii_strtod(left, NULL) <= 0)
		check->state = JR_CHECK_WRONG;
	check->said = g_strdup_printf("credit %s", left);
}
