/* policy_parts.c - time, people and money in jr.yaml. */
#include "base/error.h"
#include "base/suggest.h"
#include "rules/policy_impl.h"

#include <string.h>

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

gboolean jr_policy_budget(const JrVal *val, const char *file, gpointer at,
			  GError **error)
{
	static const JrField table[] = {
		{ "per_day", jr_field_money,
		  G_STRUCT_OFFSET(JrBudget, per_day_micros) },
		{ "per_month", jr_field_money,
		  G_STRUCT_OFFSET(JrBudget, per_month_micros) },
		{ NULL, NULL, 0 },
	};

	return jr_fields_read(val, table, file, at, error);
}

gboolean jr_policy_brake(const JrVal *val, const char *file, gpointer at,
			 GError **error)
{
	static const JrField table[] = {
		{ "off", jr_field_yes, G_STRUCT_OFFSET(JrBrake, off) },
		{ "opt_out_rate", jr_field_rate,
		  G_STRUCT_OFFSET(JrBrake, opt_out_rate) },
		{ "confidence", jr_field_rate,
		  G_STRUCT_OFFSET(JrBrake, confidence) },
		{ "min_sent", jr_field_count,
		  G_STRUCT_OFFSET(JrBrake, min_sent) },
		{ "over", jr_field_seconds, G_STRUCT_OFFSET(JrBrake, over_s) },
		{ NULL, NULL, 0 },
	};

	return jr_fields_read(val, table, file, at, error);
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

	return jr_fields_read(val, table, file, at, error);
}

/* --- quiet hours --- */

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

/* --- caps and prices --- */

static gboolean add_cap(GArray *caps, JrChannel channel, const JrVal *val,
			const char *file, GError **error)
{
	g_autoptr(GError) why = NULL;
	JrPolicyCap cap = { .channel = channel, .line = val->line };

	if (val->type != JR_VAL_TEXT)
		return jr_field_wrong(val, file, error,
				      "no cap: write one like \"1 per 24h\"");
	if (!jr_cap_parse(val->text, &cap.cap, &why))
		return jr_field_wrong(val, file, error, "%s", why->message);
	g_array_append_val(caps, cap);
	return TRUE;
}

static gboolean add_caps(GArray *caps, const JrMember *member, const char *file,
			 GError **error)
{
	const JrVal *val = &member->val;
	const JrVal *items = val->type == JR_VAL_LIST ? val->items : val;
	guint32 n = val->type == JR_VAL_LIST ? val->len : 1;
	JrChannel channel = jr_policy_channel(val, member->key, file, error);

	if (!channel)
		return FALSE;
	for (guint32 i = 0; i < n; i++)
		if (!add_cap(caps, channel, &items[i], file, error))
			return FALSE;
	return TRUE;
}

static gboolean set_exempt(JrPolicy *p, const JrVal *val, const char *file,
			   GError **error)
{
	static const char *const known[] = { "marketing", "transactional",
					     "security", "re_permission",
					     NULL };
	char **names = NULL;
	gboolean ok = jr_field_texts(val, file, &names, error);

	for (guint i = 0; ok && names[i]; i++) {
		JrPurpose purpose = jr_purpose_of(names[i]);
		g_autofree char *write = jr_suggest_write(names[i], known);

		if (!purpose)
			ok = jr_field_wrong(val, file, error,
					    "unknown purpose '%s': %s",
					    names[i], write);
		p->caps_exempt |= 1u << purpose;
	}
	g_strfreev(names);
	return ok;
}

gboolean jr_policy_caps(const JrVal *val, const char *file, gpointer at,
			GError **error)
{
	JrPolicy *p = at;
	g_autoptr(GArray) caps = g_array_new(FALSE, TRUE, sizeof(JrPolicyCap));

	if (val->type != JR_VAL_MAP)
		return jr_field_wrong(val, file, error,
				      "caps is a map: write 'sms: [1 per 24h]' "
				      "lines");
	for (guint32 i = 0; i < val->len; i++) {
		const JrMember *member = &val->members[i];
		gboolean ok = g_str_equal(member->key, "exempt")
				      ? set_exempt(p, &member->val, file, error)
				      : add_caps(caps, member, file, error);

		if (!ok)
			return FALSE;
	}
	/* Who only exempts a purpose keeps the default caps. */
	if (val->len == 1 && jr_val_get(val, "exempt"))
		return TRUE;
	p->n_caps = caps->len;
	p->caps = g_memdup2(caps->data, caps->len * sizeof(JrPolicyCap));
	/* "caps: {}" is: none at all, which is not the default. */
	if (!p->caps)
		p->caps = g_new0(JrPolicyCap, 1);
	return TRUE;
}

typedef struct {
	char *channel, *prefix;
	gint64 segment, fee;
} Price;

static gboolean add_price(GArray *prices, const JrVal *val, const char *file,
			  GError **error)
{
	static const JrField table[] = {
		{ "channel", jr_field_text, G_STRUCT_OFFSET(Price, channel) },
		{ "prefix", jr_field_text, G_STRUCT_OFFSET(Price, prefix) },
		{ "segment", jr_field_money, G_STRUCT_OFFSET(Price, segment) },
		{ "fee", jr_field_money, G_STRUCT_OFFSET(Price, fee) },
		{ NULL, NULL, 0 },
	};
	Price price = { 0 };
	gboolean ok = jr_fields_read(val, table, file, &price, error);
	JrChannel channel =
		!ok ? 0
		    : jr_policy_channel(val,
					price.channel ? price.channel : "sms",
					file, error);

	if (channel) {
		JrPrice row = { .channel = channel,
				.prefix = price.prefix ? g_strdup(price.prefix)
						       : g_strdup(""),
				.segment_micros = price.segment,
				.fee_micros = price.fee,
				.line = val->line };
		g_array_append_val(prices, row);
	}
	g_free(price.channel);
	g_free(price.prefix);
	return channel != 0;
}

gboolean jr_policy_prices(const JrVal *val, const char *file, gpointer at,
			  GError **error)
{
	JrPolicy *p = at;
	g_autoptr(GArray) prices = g_array_new(FALSE, TRUE, sizeof(JrPrice));
	gboolean ok = TRUE;

	if (val->type != JR_VAL_LIST)
		return jr_field_wrong(val, file, error,
				      "prices is a list: write '- {prefix: "
				      "\"+1\", segment: 0.0083}' lines");
	for (guint32 i = 0; ok && i < val->len; i++)
		ok = add_price(prices, &val->items[i], file, error);
	/* Also when one is wrong: the policy frees what was read. */
	p->n_prices = prices->len;
	p->prices = g_memdup2(prices->data, prices->len * sizeof(JrPrice));
	return ok;
}
