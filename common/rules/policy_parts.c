/* policy_parts.c - people and links in jr.yaml. */
#include "base/suggest.h"
#include "rules/policy_impl.h"

#include <string.h>

#define HOST "^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?$"

JrChannel jr_policy_channel(const JrVal *val, const char *name,
			    const char *file, GError **error)
{
	static const char *const known[] = { "sms", "push", "email", "whatsapp",
					     NULL };
	JrChannel channel = jr_channel_of(name);

	if (!channel) {
		g_autofree char *write = jr_suggest_write(name, known);

		jr_field_wrong(val, file, error, "unknown channel '%s': %s",
			       name, write);
	}
	return channel;
}

gboolean jr_policy_timezone(const JrVal *val, const char *file, gpointer at,
			    GError **error)
{
	g_autoptr(JrZones) zones = jr_zones_new();
	g_autoptr(GError) why = NULL;

	if (!jr_field_text(val, file, at, error))
		return FALSE;
	if (g_str_equal(val->text, "hold")) {
		g_clear_pointer((char **)at, g_free);
		return TRUE;
	}
	if (jr_zones_get(zones, val->text, &why))
		return TRUE;
	return jr_field_wrong(val, file, error, "%s, or hold", why->message);
}

gboolean jr_policy_country(const JrVal *val, const char *file, gpointer at,
			   GError **error)
{
	if (!jr_field_text(val, file, at, error))
		return FALSE;
	if (jr_phone_country_known(val->text))
		return TRUE;
	return jr_field_wrong(val, file, error,
			      "no country '%s': write two letters such as US, "
			      "or a calling code such as \"+44\"",
			      val->text);
}

gboolean jr_policy_currency(const JrVal *val, const char *file, gpointer at,
			    GError **error)
{
	if (!jr_field_text(val, file, at, error))
		return FALSE;
	if (jr_field_is_like(val->text, "^[A-Z]{3}$"))
		return TRUE;
	return jr_field_wrong(val, file, error,
			      "no currency '%s': write three letters such as "
			      "USD",
			      val->text);
}

/* A duration that is more than none. */
gboolean jr_policy_some_time(const JrVal *val, const char *file, gpointer at,
			     GError **error)
{
	if (!jr_field_seconds(val, file, at, error))
		return FALSE;
	if (*(gint64 *)at > 0)
		return TRUE;
	return jr_field_wrong(val, file, error,
			      "no time at all: write a duration such as 10m");
}

gboolean jr_policy_recipients(const JrVal *val, const char *file, gpointer at,
			      GError **error)
{
	if (!jr_field_texts(val, file, at, error))
		return FALSE;
	for (guint32 i = 0; i < val->len; i++)
		if (val->items[i].text[0] == '+' &&
		    !jr_phone_valid(val->items[i].text))
			return jr_field_wrong(&val->items[i], file, error,
					      "no valid number: write E.164, "
					      "like \"+12065550199\"");
	return TRUE;
}

typedef struct {
	char **stop, **start, **help, **phrases;
} Sets;

gboolean jr_policy_words(const JrVal *val, const char *file, gpointer at,
			 GError **error)
{
	static const JrField table[] = {
		{ "stop", jr_field_texts, G_STRUCT_OFFSET(Sets, stop) },
		{ "start", jr_field_texts, G_STRUCT_OFFSET(Sets, start) },
		{ "help", jr_field_texts, G_STRUCT_OFFSET(Sets, help) },
		{ "phrases", jr_field_texts, G_STRUCT_OFFSET(Sets, phrases) },
		{ NULL, NULL, 0 },
	};
	Sets sets = { 0 };
	gboolean ok = jr_fields_read(val, table, file, &sets, error);

	if (ok) {
		const JrWordSets given = {
			(const char *const *)sets.stop,
			(const char *const *)sets.start,
			(const char *const *)sets.help,
			(const char *const *)sets.phrases,
		};
		*(JrWords **)at = jr_words_new(&given);
	}
	g_strfreev(sets.stop);
	g_strfreev(sets.start);
	g_strfreev(sets.help);
	g_strfreev(sets.phrases);
	return ok;
}

gboolean jr_policy_re_permission(const JrVal *val, const char *file,
				 gpointer at, GError **error)
{
	static const JrField table[] = {
		{ "on", jr_field_yes, G_STRUCT_OFFSET(JrRePermission, on) },
		{ "approved_by", jr_field_text,
		  G_STRUCT_OFFSET(JrRePermission, approved_by) },
		{ NULL, NULL, 0 },
	};
	JrRePermission *ask = at;

	if (!jr_fields_read(val, table, file, ask, error))
		return FALSE;
	if (ask->on && !ask->approved_by)
		return jr_field_wrong(val, file, error,
				      "re-permission by SMS is on, and nobody "
				      "approved it: write approved_by");
	return TRUE;
}

gboolean jr_policy_links(const JrVal *val, const char *file, gpointer at,
			 GError **error)
{
	static const JrField table[] = {
		{ "host", jr_field_text, G_STRUCT_OFFSET(JrLinks, host) },
		{ "prefix", jr_field_text, G_STRUCT_OFFSET(JrLinks, prefix) },
		{ "expires", jr_field_seconds,
		  G_STRUCT_OFFSET(JrLinks, expires_s) },
		{ "on", jr_field_yes, G_STRUCT_OFFSET(JrLinks, on) },
		{ "params", jr_field_texts, G_STRUCT_OFFSET(JrLinks, params) },
		{ "hosts", jr_field_texts, G_STRUCT_OFFSET(JrLinks, hosts) },
		{ NULL, NULL, 0 },
	};
	const JrLinks *links = at;

	if (!jr_fields_read(val, table, file, at, error))
		return FALSE;
	if (links->prefix &&
	    !jr_field_is_like(links->prefix, "^/([\\w.~-]+/)*$"))
		return jr_field_wrong(jr_val_get(val, "prefix"), file, error,
				      "a prefix begins and ends with a slash, "
				      "like /l/");
	if (links->host && !jr_field_is_like(links->host, HOST))
		return jr_field_wrong(jr_val_get(val, "host"), file, error,
				      "no host: write its name alone, like "
				      "go.example.com");
	for (char **host = links->hosts; host && *host; host++)
		if (!jr_field_is_like(*host, HOST))
			return jr_field_wrong(jr_val_get(val, "hosts"), file,
					      error,
					      "'%s' is no host: write names "
					      "like app.example.com",
					      *host);
	return TRUE;
}
