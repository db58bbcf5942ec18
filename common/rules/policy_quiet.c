/* policy_quiet.c - quiet hours in jr.yaml. */
#include "rules/policy_impl.h"

#include <string.h>

/* A row as it is written: when it is quiet, not when it is allowed. */
typedef struct {
	char *country, *region;
	guint8 days;
	gint16 from, until;
	char **channels;
	const JrVal *rules;
} Quiet;

static gboolean any(const JrVal *val, const char *file, gpointer at,
		    GError **error)
{
	(void)file;
	(void)error;
	*(const JrVal **)at = val;
	return TRUE;
}

static const JrField quiet_fields[] = {
	{ "from", jr_field_minute, G_STRUCT_OFFSET(Quiet, from) },
	{ "until", jr_field_minute, G_STRUCT_OFFSET(Quiet, until) },
	{ "channels", jr_field_texts, G_STRUCT_OFFSET(Quiet, channels) },
	{ "rules", any, G_STRUCT_OFFSET(Quiet, rules) },
	{ NULL, NULL, 0 },
};

static const JrField rule_fields[] = {
	{ "country", jr_field_text, G_STRUCT_OFFSET(Quiet, country) },
	{ "region", jr_field_text, G_STRUCT_OFFSET(Quiet, region) },
	{ "days", jr_field_weekdays, G_STRUCT_OFFSET(Quiet, days) },
	{ "from", jr_field_minute, G_STRUCT_OFFSET(Quiet, from) },
	{ "until", jr_field_minute, G_STRUCT_OFFSET(Quiet, until) },
	{ NULL, NULL, 0 },
};

/* The stretch of the day that is not quiet; "00:00" to "24:00": none of it. */
static JrWindow allowed(const Quiet *quiet)
{
	JrWindow window = { quiet->until, quiet->from };

	if (quiet->from == quiet->until)
		window = (JrWindow){ 0, JR_DAY_MINUTES };
	else if (quiet->from == 0 && quiet->until == JR_DAY_MINUTES)
		window = (JrWindow){ 0, 0 };
	else if (quiet->until == JR_DAY_MINUTES)
		window.from = 0;
	else if (quiet->from == 0)
		window.until = JR_DAY_MINUTES;
	return window;
}

static gboolean add_rule(JrPolicy *p, const JrVal *val, const char *file,
			 GError **error)
{
	Quiet quiet = { .days = JR_WEEKDAYS_ALL, .from = -1, .until = -1 };
	JrQuietRule *rule = &p->quiet.rules[p->quiet.n_rules];
	gboolean ok = jr_fields_read(val, rule_fields, file, &quiet, error);

	if (ok && (quiet.from < 0 || quiet.until < 0))
		ok = jr_field_wrong(val, file, error,
				    "a rule says when it is quiet: write from "
				    "and until");
	if (ok && quiet.country && strlen(quiet.country) != 2)
		ok = jr_field_wrong(val, file, error,
				    "country is two letters, like US");
	if (ok && quiet.region && strlen(quiet.region) > 3)
		ok = jr_field_wrong(val, file, error,
				    "region is at most three letters, like "
				    "TX");
	if (ok) {
		*rule = (JrQuietRule){ .weekdays = quiet.days,
				       .allowed = allowed(&quiet),
				       .line = val->line };
		g_strlcpy(rule->country, quiet.country ? quiet.country : "",
			  sizeof(rule->country));
		g_strlcpy(rule->region, quiet.region ? quiet.region : "",
			  sizeof(rule->region));
		p->quiet.n_rules++;
	}
	g_free(quiet.country);
	g_free(quiet.region);
	return ok;
}

static gboolean set_channels(JrPolicy *p, const JrVal *val, char **names,
			     const char *file, GError **error)
{
	p->quiet_channels = 0;
	for (; *names; names++) {
		JrChannel channel = jr_policy_channel(val, *names, file, error);

		if (!channel)
			return FALSE;
		p->quiet_channels |= 1u << channel;
	}
	return TRUE;
}

static gboolean set_rules(JrPolicy *p, const JrVal *val, const Quiet *quiet,
			  const char *file, GError **error)
{
	const JrVal *rules = quiet->rules;
	guint32 n = rules && rules->type == JR_VAL_LIST ? rules->len : 0;

	if (rules && rules->type != JR_VAL_LIST)
		return jr_field_wrong(rules, file, error,
				      "rules is a list: write '- country: US' "
				      "lines");
	p->quiet.rules = g_new0(JrQuietRule, n + 1);
	for (guint32 i = 0; i < n; i++)
		if (!add_rule(p, &rules->items[i], file, error))
			return FALSE;
	p->quiet.rules[p->quiet.n_rules++] =
		(JrQuietRule){ .weekdays = JR_WEEKDAYS_ALL,
			       .allowed = allowed(quiet),
			       .line = val->line };
	return TRUE;
}

gboolean jr_policy_quiet(const JrVal *val, const char *file, gpointer at,
			 GError **error)
{
	JrPolicy *p = at;
	Quiet quiet = { .from = 21 * 60, .until = 8 * 60 };
	gboolean ok = jr_fields_read(val, quiet_fields, file, &quiet, error) &&
		      (!quiet.channels ||
		       set_channels(p, val, quiet.channels, file, error)) &&
		      set_rules(p, val, &quiet, file, error);

	g_strfreev(quiet.channels);
	return ok;
}
