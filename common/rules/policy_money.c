/* policy_money.c - limits in jr.yaml: caps, prices, budget and brake. */
#include "base/suggest.h"
#include "rules/policy_impl.h"

#include <string.h>

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
		{ "over", jr_policy_some_time,
		  G_STRUCT_OFFSET(JrBrake, over_s) },
		{ NULL, NULL, 0 },
	};
	const JrBrake *brake = at;

	if (!jr_fields_read(val, table, file, at, error))
		return FALSE;
	if (brake->confidence > 0 && brake->confidence < 1)
		return TRUE;
	return jr_field_wrong(val, file, error,
			      "confidence lies between 0 and 1: write 0.95, "
			      "say");
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
	/* What is not spoken of stays: push alone does not uncap SMS. */
	for (gsize i = 0; i < jr_policy_n_default_caps; i++) {
		JrPolicyCap cap = jr_policy_default_caps[i];

		if (!jr_val_get(val, jr_channel_name(cap.channel)))
			g_array_append_val(caps, cap);
	}
	p->n_caps = caps->len;
	p->caps =
		caps->len
			? g_memdup2(caps->data, caps->len * sizeof(JrPolicyCap))
			: g_new0(JrPolicyCap, 1); /* not NULL: none at all */
	return TRUE;
}

typedef struct {
	char *channel, *prefix;
	gint64 segment, fee;
} Price;

static gboolean check_price(const Price *price, const JrVal *val,
			    const char *file, GError **error)
{
	if (price->prefix &&
	    !jr_field_is_like(price->prefix, "^(\\+[1-9]\\d{0,14})?$"))
		return jr_field_wrong(val, file, error,
				      "no prefix '%s': write the beginning of "
				      "numbers, like \"+44\"",
				      price->prefix);
	if (!jr_val_get(val, "segment"))
		return jr_field_wrong(val, file, error,
				      "what does it cost: write segment");
	return TRUE;
}

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
	gboolean ok = jr_fields_read(val, table, file, &price, error) &&
		      check_price(&price, val, file, error);
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
