#include "rules/policy.h"
#include "rules/policy_impl.h"

#include <string.h>

static const JrVal empty = { .type = JR_VAL_MAP };

static const char *const sender_types[] = {
	[JR_SENDER_10DLC] = "10dlc",
	[JR_SENDER_TOLL_FREE] = "toll_free",
	[JR_SENDER_SHORT_CODE] = "short_code",
	[JR_SENDER_LONG_CODE] = "long_code",
	[JR_SENDER_ALPHANUMERIC] = "alphanumeric",
};

const char *jr_sender_type_name(JrSenderType type)
{
	return JR_TERM_NAME(sender_types, type);
}

/* What holds when jr.yaml says nothing: DESIGN 5, 6 and 9, and the seed. */
static const JrPolicy defaults = {
	.max_age_s = 72 * 3600,
	.lease_s = 10 * 60,
	.claim_s = 15 * 60,
	.reply_within_s = 72 * 3600,
	.quiet_channels = 1 << JR_CHANNEL_SMS | 1 << JR_CHANNEL_WHATSAPP |
			  1 << JR_CHANNEL_PUSH,
	.brake = { .opt_out_rate = 0.02,
		   .confidence = 0.95,
		   .min_sent = 50,
		   .over_s = 30 * 86400 },
	.alarms = { .over_s = 7 * 86400,
		    .min_sent = 100,
		    .opt_outs = 0.02,
		    .opt_out_rise = 0.04,
		    .delivery = 0.95,
		    .gap = 0.05,
		    .taps = 0.08,
		    .budget = 0.9,
		    .idle_s = 3600 },
	.push = JR_PUSH_LIMITS_DEFAULT,
	.sms_max_segments = 10,
	.links = { .prefix = NULL, .expires_s = 90 * 86400, .on = TRUE },
};

const JrPolicyCap jr_policy_default_caps[] = {
	{ JR_CHANNEL_SMS, { 1, 86400 }, 0 },
	{ JR_CHANNEL_SMS, { 4, 30 * 86400 }, 0 },
	{ JR_CHANNEL_WHATSAPP, { 1, 86400 }, 0 },
	{ JR_CHANNEL_PUSH, { 3, 86400 }, 0 },
};

const gsize jr_policy_n_default_caps = G_N_ELEMENTS(jr_policy_default_caps);

#define AT(field) G_STRUCT_OFFSET(JrPolicy, field)

/* To add a key: a field in policy.h, a row here, a line in jr-config(5). */
static const JrField fields[] = {
	{ "state", jr_field_text, AT(state) },
	{ "workflows", jr_field_text, AT(workflows) },
	{ "segments", jr_field_text, AT(segments) },
	{ "snippets", jr_field_text, AT(snippets) },
	{ "rejects", jr_field_text, AT(rejects) },
	{ "timezone", jr_policy_timezone, AT(timezone) },
	{ "max_age", jr_field_seconds, AT(max_age_s) },
	{ "lease", jr_policy_some_time, AT(lease_s) },
	{ "claim_limit", jr_policy_some_time, AT(claim_s) },
	{ "reply_within", jr_field_seconds, AT(reply_within_s) },
	{ "quiet_hours", jr_policy_quiet, 0 },
	{ "default_country", jr_policy_country, AT(default_country) },
	{ "words", jr_policy_words, AT(words) },
	{ "brand", jr_field_text, AT(brand) },
	{ "test_recipients", jr_policy_recipients, AT(test_recipients) },
	{ "re_permission", jr_policy_re_permission, AT(re_permission) },
	{ "caps", jr_policy_caps, 0 },
	{ "budget", jr_policy_budget, AT(budget) },
	{ "brake", jr_policy_brake, AT(brake) },
	{ "alarms", jr_policy_alarms, AT(alarms) },
	{ "currency", jr_policy_currency, AT(currency) },
	{ "prices", jr_policy_prices, 0 },
	{ "channels", jr_policy_channels, 0 },
	{ "senders", jr_policy_senders, 0 },
	{ "links", jr_policy_links, AT(links) },
	{ "providers", NULL, 0 },
	{ NULL, NULL, 0 },
};

/* What is still as the defaults had it gets memory of its own. */
static void fill_in(JrPolicy *p)
{
	if (!p->caps) {
		p->n_caps = G_N_ELEMENTS(jr_policy_default_caps);
		p->caps = g_memdup2(jr_policy_default_caps,
				    sizeof(jr_policy_default_caps));
	}
	if (!p->words)
		p->words = jr_words_new(NULL);
	if (!p->test_recipients)
		p->test_recipients = g_new0(char *, 1);
	if (!p->links.params)
		p->links.params = g_new0(char *, 1);
	if (!p->links.hosts)
		p->links.hosts = g_new0(char *, 1);
	/* Where there is no host of one's own, links stay as they are. */
	p->links.on = p->links.on && p->links.host;
	if (!p->links.prefix)
		p->links.prefix = g_strdup("/");
	if (!p->currency)
		p->currency = g_strdup("USD");
	if (p->quiet.n_rules == 0) {
		p->quiet.n_rules = jr_quiet_default.n_rules;
		p->quiet.rules = g_memdup2(jr_quiet_default.rules,
					   jr_quiet_default.n_rules *
						   sizeof(JrQuietRule));
	}
}

JrPolicy *jr_policy_new(const JrVal *doc, const char *file, GError **error)
{
	g_autoptr(JrPolicy) p = g_memdup2(&defaults, sizeof(defaults));

	p->file = g_strdup(file);
	p->doc = doc;
	if (!jr_val_is_null(doc) &&
	    !jr_fields_read(doc, fields, file, p, error))
		return NULL;
	fill_in(p);
	return g_steal_pointer(&p);
}

static void free_senders(JrPolicy *p)
{
	for (guint i = 0; i < p->n_senders; i++) {
		g_free(p->senders[i].name);
		g_free(p->senders[i].from);
		g_free(p->senders[i].service);
		g_free(p->senders[i].provider);
		g_free(p->senders[i].scope);
	}
	g_free(p->senders);
}

static void free_routes(JrPolicy *p)
{
	for (guint i = 0; i < G_N_ELEMENTS(p->routes); i++) {
		g_free(p->routes[i].provider);
		g_free(p->routes[i].fallback);
	}
	g_free(p->push_android);
	g_free(p->push_ios);
	g_free(p->push_web);
}

static void free_texts(JrPolicy *p)
{
	char *const texts[] = {
		p->file,	 p->state,
		p->workflows,	 p->segments,
		p->snippets,	 p->rejects,
		p->timezone,	 p->default_country,
		p->brand,	 p->currency,
		p->opt_out_line, p->links.host,
		p->links.prefix, p->re_permission.approved_by,
	};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free(texts[i]);
	g_strfreev(p->alarms.off);
	g_strfreev(p->alarms.commands);
	g_strfreev(p->test_recipients);
	g_strfreev(p->links.params);
	g_strfreev(p->links.hosts);
}

void jr_policy_free(JrPolicy *p)
{
	if (!p)
		return;
	free_texts(p);
	free_senders(p);
	free_routes(p);
	for (guint i = 0; i < p->n_prices; i++)
		g_free(p->prices[i].prefix);
	g_free(p->prices);
	g_free(p->caps);
	g_free(p->quiet.rules);
	g_clear_pointer(&p->words, jr_words_free);
	g_free(p);
}

const JrVal *jr_policy_provider(const JrPolicy *p, const char *name)
{
	const JrVal *settings =
		jr_val_get(jr_val_get(p->doc, "providers"), name);

	return settings && settings->type == JR_VAL_MAP ? settings : &empty;
}

const JrPolicySender *jr_policy_sender(const JrPolicy *p, JrChannel channel,
				       const char *name)
{
	for (guint i = 0; i < p->n_senders; i++) {
		const JrPolicySender *s = &p->senders[i];

		if (s->channel == channel &&
		    (!name || g_str_equal(s->name, name) ||
		     g_strcmp0(s->from, name) == 0 ||
		     g_strcmp0(s->service, name) == 0))
			return s;
	}
	return NULL;
}

const JrPolicySender *jr_policy_sender_at(const JrPolicy *p, JrChannel channel,
					  const char *provider)
{
	for (guint i = 0; i < p->n_senders; i++)
		if (p->senders[i].channel == channel &&
		    g_strcmp0(p->senders[i].provider, provider) == 0)
			return &p->senders[i];
	return NULL;
}

const char *jr_policy_sender_id(const JrPolicySender *sender)
{
	return sender->service ? sender->service : sender->from;
}

gboolean jr_policy_cost(const JrPolicy *p, JrChannel channel,
			const char *number, guint segments, gint64 *micros)
{
	const JrPrice *best = NULL;

	for (guint i = 0; i < p->n_prices; i++) {
		const JrPrice *price = &p->prices[i];

		if (price->channel == channel &&
		    g_str_has_prefix(number, price->prefix) &&
		    (!best || strlen(price->prefix) > strlen(best->prefix)))
			best = price;
	}
	*micros =
		best ? (best->segment_micros + best->fee_micros) * segments : 0;
	return best != NULL;
}

gboolean jr_policy_is_test_recipient(const JrPolicy *p, const char *recipient)
{
	return g_strv_contains((const char *const *)p->test_recipients,
			       recipient);
}
