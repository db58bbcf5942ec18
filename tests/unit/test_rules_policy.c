/* jr.yaml: what holds by default, what each key changes, what is refused. */
#include "io/yaml.h"
#include "rules/policy.h"
#include "unit.h"

#include <string.h>

typedef struct {
	JrArena *arena;
	JrPolicy *policy;
	GError *error;
} House;

static void load(House *h, const char *text)
{
	const JrVal *doc;

	*h = (House){ .arena = jr_arena_new(1 << 20) };
	doc = jr_yaml_parse(h->arena, text, strlen(text), "jr.yaml", &h->error);
	if (doc)
		h->policy = jr_policy_new(doc, "jr.yaml", &h->error);
}

static void unload(House *h)
{
	jr_policy_free(h->policy);
	g_clear_error(&h->error);
	jr_arena_free(h->arena);
}

/* --- what it comes to --- */

static char *on(const JrPolicy *p, gsize offset)
{
	return g_strdup_printf("%d",
			       *(const gboolean *)((const char *)p + offset));
}

static char *seconds(const JrPolicy *p, gsize offset)
{
	return g_strdup_printf("%" G_GINT64_FORMAT,
			       *(const gint64 *)((const char *)p + offset));
}

static char *count(const JrPolicy *p, gsize offset)
{
	return g_strdup_printf("%u",
			       *(const guint *)((const char *)p + offset));
}

static char *share(const JrPolicy *p, gsize offset)
{
	return g_strdup_printf("%g",
			       *(const double *)((const char *)p + offset));
}

static char *text(const JrPolicy *p, gsize offset)
{
	const char *s = *(char *const *)((const char *)p + offset);

	return g_strdup(s ? s : "none");
}

static char *texts(const JrPolicy *p, gsize offset)
{
	return g_strjoinv("|", *(char **const *)((const char *)p + offset));
}

static char *caps(const JrPolicy *p, gsize offset G_GNUC_UNUSED)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < p->n_caps; i++) {
		g_autofree char *cap = jr_cap_format(&p->caps[i].cap);

		g_string_append_printf(out, "%s%s %s", i ? ", " : "",
				       jr_channel_name(p->caps[i].channel),
				       cap);
	}
	return g_string_free(out, FALSE);
}

static char *quiet(const JrPolicy *p, gsize offset G_GNUC_UNUSED)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < p->quiet.n_rules; i++) {
		const JrQuietRule *r = &p->quiet.rules[i];

		g_string_append_printf(out, "%s%s%s%s %x %d-%d", i ? ", " : "",
				       r->country, r->region[0] ? "." : "",
				       r->region, r->weekdays, r->allowed.from,
				       r->allowed.until);
	}
	return g_string_free(out, FALSE);
}

static char *prices(const JrPolicy *p, gsize offset G_GNUC_UNUSED)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < p->n_prices; i++)
		g_string_append_printf(out, "%s%s '%s' %d %d", i ? ", " : "",
				       jr_channel_name(p->prices[i].channel),
				       p->prices[i].prefix,
				       (int)p->prices[i].segment_micros,
				       (int)p->prices[i].fee_micros);
	return g_string_free(out, FALSE);
}

static char *senders(const JrPolicy *p, gsize offset G_GNUC_UNUSED)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < p->n_senders; i++) {
		const JrPolicySender *s = &p->senders[i];
		const char *type = jr_sender_type_name(s->type);

		g_string_append_printf(
			out, "%s%s %s %s %s %d %s %s", i ? ", " : "", s->name,
			jr_policy_sender_id(s), jr_channel_name(s->channel),
			type ? type : "-", s->registered,
			s->provider ? s->provider : "-",
			s->scope ? s->scope : "-");
	}
	return g_string_free(out, FALSE);
}

static char *word(const JrPolicy *p, gsize offset G_GNUC_UNUSED)
{
	return g_strdup(
		jr_words_kind_name(jr_words_classify(p->words, "Arrivederci")));
}

#define AT(field) G_STRUCT_OFFSET(JrPolicy, field)
#define ROUTE(channel, field)                                                  \
	AT(routes) + (channel) * sizeof(JrRoute) +                             \
		G_STRUCT_OFFSET(JrRoute, field)

/* Each field: by default, with a key, and what it is then. */
static const struct {
	char *(*show)(const JrPolicy *p, gsize offset);
	gsize offset;
	const char *by_default, *yaml, *then;
} fields[] = {
	{ text, AT(state), "none", "state: s.db", "s.db" },
	{ text, AT(workflows), "none", "workflows: w", "w" },
	{ text, AT(segments), "none", "segments: s.yaml", "s.yaml" },
	{ text, AT(snippets), "none", "snippets: parts", "parts" },
	{ text, AT(rejects), "none", "rejects: r", "r" },
	{ text, AT(timezone), "none", "timezone: Europe/Paris",
	  "Europe/Paris" },
	{ text, AT(timezone), "none", "timezone: hold", "none" },
	{ seconds, AT(max_age_s), "259200", "max_age: 24h", "86400" },
	{ seconds, AT(lease_s), "600", "lease: 90s", "90" },
	{ seconds, AT(claim_s), "900", "claim_limit: 1h", "3600" },
	{ seconds, AT(reply_within_s), "259200", "reply_within: 1d", "86400" },
	{ text, AT(default_country), "none", "default_country: US", "US" },
	{ text, AT(brand), "none", "brand: Tidewater", "Tidewater" },
	{ text, AT(brand), "none", "brand:", "none" },
	{ word, 0, "other", "words: {stop: [arrivederci]}", "stop" },
	{ word, 0, "other", "words: {start: [arrivederci]}", "start" },
	{ word, 0, "other", "words: {help: [arrivederci]}", "help" },
	{ word, 0, "other", "words: {phrases: [arrivederci]}", "stop" },
	{ texts, AT(test_recipients), "",
	  "test_recipients: ['+12065550101', a]", "+12065550101|a" },
	{ on, AT(re_permission.on), "0",
	  "re_permission: {on: true, approved_by: D}", "1" },
	{ text, AT(re_permission.approved_by), "none",
	  "re_permission: {approved_by: D}", "D" },
	{ caps, 0,
	  "sms 1 per 24h, sms 4 per 30d, whatsapp 1 per 24h, "
	  "push 3 per 24h",
	  "caps: {sms: 2 per 1h}",
	  "sms 2 per 1h, whatsapp 1 per 24h, push 3 per 24h" },
	{ caps, 0,
	  "sms 1 per 24h, sms 4 per 30d, whatsapp 1 per 24h, "
	  "push 3 per 24h",
	  "caps: {email: [1 per 24h, 0 per 7d]}",
	  "email 1 per 24h, email 0 per 7d, sms 1 per 24h, sms 4 per 30d, "
	  "whatsapp 1 per 24h, push 3 per 24h" },
	{ caps, 0,
	  "sms 1 per 24h, sms 4 per 30d, whatsapp 1 per 24h, "
	  "push 3 per 24h",
	  "caps: {}",
	  "sms 1 per 24h, sms 4 per 30d, whatsapp 1 per 24h, "
	  "push 3 per 24h" },
	{ caps, 0,
	  "sms 1 per 24h, sms 4 per 30d, whatsapp 1 per 24h, "
	  "push 3 per 24h",
	  "caps: {sms: []}", "whatsapp 1 per 24h, push 3 per 24h" },
	{ caps, 0,
	  "sms 1 per 24h, sms 4 per 30d, whatsapp 1 per 24h, "
	  "push 3 per 24h",
	  "caps: {sms: [], push: [], whatsapp: []}", "" },
	{ count, AT(caps_exempt), "0", "caps: {exempt: [security]}", "8" },
	{ seconds, AT(budget.per_day_micros), "0", "budget: {per_day: 1.5}",
	  "1500000" },
	{ seconds, AT(budget.per_month_micros), "0", "budget: {per_month: 9}",
	  "9000000" },
	{ on, AT(brake.off), "0", "brake: {off: true}", "1" },
	{ share, AT(brake.opt_out_rate), "0.02", "brake: {opt_out_rate: 0.03}",
	  "0.03" },
	{ share, AT(brake.confidence), "0.95", "brake: {confidence: 0.9}",
	  "0.9" },
	{ count, AT(brake.min_sent), "50", "brake: {min_sent: 0}", "0" },
	{ seconds, AT(brake.over_s), "2592000", "brake: {over: 7d}", "604800" },
	{ seconds, AT(alarms.over_s), "604800", "alarms: {over: 1d}", "86400" },
	{ count, AT(alarms.min_sent), "100", "alarms: {min_sent: 5}", "5" },
	{ share, AT(alarms.opt_outs), "0.02", "alarms: {opt_outs: 0.1}",
	  "0.1" },
	{ share, AT(alarms.opt_out_rise), "0.04", "alarms: {opt_out_rise: 0}",
	  "0" },
	{ share, AT(alarms.delivery), "0.95", "alarms: {delivery: 0.9}",
	  "0.9" },
	{ share, AT(alarms.gap), "0.05", "alarms: {gap: 0.2}", "0.2" },
	{ share, AT(alarms.taps), "0.08", "alarms: {taps: 0.01}", "0.01" },
	{ share, AT(alarms.budget), "0.9", "alarms: {budget: 1}", "1" },
	{ seconds, AT(alarms.idle_s), "3600", "alarms: {idle: 2m}", "120" },
	{ count, AT(alarms.unknown), "0", "alarms: {unknown: 3}", "3" },
	{ count, AT(alarms.reviews), "0", "alarms: {reviews: 4}", "4" },
	{ text, AT(currency), "USD", "currency: EUR", "EUR" },
	{ prices, 0, "",
	  "prices: [{prefix: '+1', segment: 0.0083, fee: 0.0045}, {segment: 0}]",
	  "sms '+1' 8300 4500, sms '' 0 0" },
	{ prices, 0, "", "prices: [{channel: whatsapp, segment: 1}]",
	  "whatsapp '' 1000000 0" },
	{ text, ROUTE(JR_CHANNEL_SMS, provider), "none",
	  "channels: {sms: {provider: twilio}}", "twilio" },
	{ text, ROUTE(JR_CHANNEL_WHATSAPP, fallback), "none",
	  "channels: {whatsapp: {fallback: exec}}", "exec" },
	{ text, ROUTE(JR_CHANNEL_EMAIL, provider), "none",
	  "channels: {email: {provider: sandbox}}", "sandbox" },
	{ count, AT(sms_max_segments), "10",
	  "channels: {sms: {max_segments: 3}}", "3" },
	{ on, AT(sms_smart), "0", "channels: {sms: {smart_encoding: true}}",
	  "1" },
	{ text, AT(opt_out_line), "none",
	  "channels: {sms: {opt_out_line: STOP ends}}", "STOP ends" },
	{ text, AT(push_android), "none", "channels: {push: {android: fcm}}",
	  "fcm" },
	{ text, AT(push_ios), "none", "channels: {push: {ios: apns}}", "apns" },
	{ text, AT(push_web), "none", "channels: {push: {web: fcm}}", "fcm" },
	{ count, AT(devices), "0", "channels: {push: {devices: last}}", "1" },
	{ count, AT(devices), "0", "channels: {push: {devices: all}}", "0" },
	{ on, AT(resend_unknown_push), "0",
	  "channels: {push: {on_unknown: resend}}", "1" },
	{ on, AT(resend_unknown_push), "0",
	  "channels: {push: {on_unknown: drop}}", "0" },
	{ on, AT(push_cut), "0", "channels: {push: {cut: true}}", "1" },
	{ count, AT(push.title_max), "65", "channels: {push: {title_max: 90}}",
	  "90" },
	{ count, AT(push.body_max), "178", "channels: {push: {body_max: 900}}",
	  "900" },
	{ count, AT(push.title_advised), "50",
	  "channels: {push: {title_advised: 9}}", "9" },
	{ count, AT(push.body_advised), "150",
	  "channels: {push: {body_advised: 9}}", "9" },
	{ senders, 0, "",
	  "senders: {a: {from: '+12065550199', type: 10dlc, registered: true, "
	  "provider: p, scope: s}, b: {from: X, type: alphanumeric}}",
	  "a +12065550199 sms 10dlc 1 p s, b X sms alphanumeric 0 - -" },
	{ senders, 0, "",
	  "senders: {a: {from: X, channel: whatsapp}, "
	  "b: {from: '+447911123456', type: long_code}}",
	  "a X whatsapp - 0 - -, b +447911123456 sms long_code 0 - -" },
	{ senders, 0, "",
	  "senders: {a: {from: '+12065550199', service: MG1, type: 10dlc}, "
	  "b: {type: toll_free, per_second: 3}}",
	  "a MG1 sms 10dlc 0 - -, b (null) sms toll_free 0 - -" },
	{ text, AT(links.host), "none", "links: {host: go.example.com}",
	  "go.example.com" },
	{ text, AT(links.prefix), "/", "links: {prefix: /l/}", "/l/" },
	{ seconds, AT(links.expires_s), "7776000", "links: {expires: 1d}",
	  "86400" },
	/* Where there is no host, nothing is shortened. */
	{ on, AT(links.on), "0", "links: {on: true}", "0" },
	{ on, AT(links.on), "0", "links: {host: go.example.com}", "1" },
	{ texts, AT(links.params), "", "links: {params: [a=b, c=d]}",
	  "a=b|c=d" },
	{ texts, AT(links.hosts), "", "links: {hosts: [example.com]}",
	  "example.com" },
	/* Quiet hours, as the minutes of the day that are not. */
	{ quiet, 0, " fe 480-1260", "quiet_hours: {}", " fe 480-1260" },
	{ quiet, 0, " fe 480-1260",
	  "quiet_hours: {from: '22:30', until: '07:00'}", " fe 420-1350" },
	{ quiet, 0, " fe 480-1260",
	  "quiet_hours: {from: '01:00', until: '05:00'}", " fe 300-60" },
	{ quiet, 0, " fe 480-1260",
	  "quiet_hours: {from: '00:00', until: '24:00'}", " fe 0-0" },
	{ quiet, 0, " fe 480-1260",
	  "quiet_hours: {from: '00:00', until: '00:00'}", " fe 0-1440" },
	{ quiet, 0, " fe 480-1260",
	  "quiet_hours: {from: '12:00', until: '12:00'}", " fe 0-1440" },
	{ quiet, 0, " fe 480-1260",
	  "quiet_hours: {from: '00:00', until: '08:00'}", " fe 480-1440" },
	{ quiet, 0, " fe 480-1260",
	  "quiet_hours: {from: '21:00', until: '24:00'}", " fe 0-1260" },
	{ quiet, 0, " fe 480-1260",
	  "quiet_hours: {rules: [{country: US, region: TX, days: [sun], from: "
	  "'21:00', until: '12:00'}, {country: FR, from: '20:00', until: "
	  "'10:00'}]}",
	  "US.TX 80 720-1260, FR fe 600-1200,  fe 480-1260" },
	{ count, AT(quiet_channels), "22", "quiet_hours: {channels: [sms]}",
	  "2" },
	{ count, AT(quiet_channels), "22", "quiet_hours: {channels: []}", "0" },
};

START_TEST(a_key_changes_its_field_alone)
{
	House by_default, h;
	char *was, *is;

	load(&by_default, "");
	load(&h, fields[_i].yaml);
	ck_assert_msg(h.policy != NULL, "%s", h.error ? h.error->message : "");
	was = fields[_i].show(by_default.policy, fields[_i].offset);
	is = fields[_i].show(h.policy, fields[_i].offset);
	ck_assert_str_eq(was, fields[_i].by_default);
	ck_assert_str_eq(is, fields[_i].then);
	g_free(was);
	g_free(is);
	for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
		if (fields[i].show == fields[_i].show &&
		    fields[i].offset == fields[_i].offset)
			continue;
		if (g_str_equal(fields[i].by_default, "none") &&
		    strstr(fields[_i].yaml, "re_permission"))
			continue; /* on asks for approved_by */
		if (strstr(fields[i].yaml, "links") &&
		    strstr(fields[_i].yaml, "links: {host"))
			continue; /* a host turns links on */
		is = fields[i].show(h.policy, fields[i].offset);
		ck_assert_str_eq(is, fields[i].by_default);
		g_free(is);
	}
	unload(&by_default);
	unload(&h);
}
END_TEST

/* --- what is refused, word for word --- */

static const struct {
	const char *yaml, *error;
} wrong[] = {
	{ "[a]", "jr.yaml:1:1: a list where a map is due: write 'key: value' "
		 "lines" },
	{ "brnad: x", "jr.yaml:1:1: unknown key 'brnad': write 'brand'" },
	{ "brand: x\nquiet_hour: {}",
	  "jr.yaml:2:1: unknown key 'quiet_hour': write 'quiet_hours'" },
	{ "brand: 7", "jr.yaml:1:8: a whole number where a text is due: put it "
		      "in quotes" },
	{ "brand: [a]", "jr.yaml:1:8: a list where a text is due: put it in "
			"quotes" },
	{ "lease: 5", "jr.yaml:1:8: a whole number where a duration is due: "
		      "write one like 10m, 24h or 3d" },
	{ "lease: -5m",
	  "jr.yaml:1:8: a duration below 0: leave the minus out" },
	{ "test_recipients: a",
	  "jr.yaml:1:18: a text where a list is due: write [one, two]" },
	{ "test_recipients: [+1]",
	  "jr.yaml:1:19: a whole number where a text is due: put it in "
	  "quotes" },
	{ "words: {stpo: [x]}", "jr.yaml:1:9: unknown key 'stpo': write "
				"'stop'" },
	{ "re_permission: {on: true}",
	  "jr.yaml:1:16: re-permission by SMS is on, and nobody approved it: "
	  "write approved_by" },
	{ "re_permission: {on: yes}",
	  "jr.yaml:1:21: a text where a choice is due: write true or false" },
	{ "caps: 1 per 24h",
	  "jr.yaml:1:7: caps is a map: write 'sms: [1 per 24h]' lines" },
	{ "caps: {sns: 1 per 24h}",
	  "jr.yaml:1:13: unknown channel 'sns': write 'sms'" },
	{ "caps: {sms: 3}",
	  "jr.yaml:1:13: no cap: write one like \"1 per 24h\"" },
	{ "caps: {sms: [1 per 24h, 1 in 24h]}",
	  "jr.yaml:1:25: '1 in 24h' is not a cap: write it like "
	  "'4 per 30d'" },
	{ "caps: {exempt: [urgent]}",
	  "jr.yaml:1:16: unknown purpose 'urgent': write one of 'marketing', "
	  "'transactional', 'security', 're_permission'" },
	{ "caps: {exempt: security}",
	  "jr.yaml:1:16: a text where a list is due: write [one, two]" },
	{ "budget: {per_day: -1}",
	  "jr.yaml:1:19: write an amount from 0, like 0.0083" },
	{ "budget: {per_day: much}",
	  "jr.yaml:1:19: write an amount from 0, like 0.0083" },
	{ "budget: {per_day: 1e12}",
	  "jr.yaml:1:19: write an amount from 0, like 0.0083" },
	{ "budget: {warn: 5}",
	  "jr.yaml:1:10: unknown key 'warn': write one of 'per_day', "
	  "'per_month'" },
	{ "brake: {opt_out_rate: 2}",
	  "jr.yaml:1:23: write a share from 0 to 1, like 0.02 for 2 %" },
	{ "brake: {min_sent: -1}",
	  "jr.yaml:1:19: a whole number where a count is due: write a whole "
	  "number from 0" },
	{ "brake: {min_sent: 1.5}",
	  "jr.yaml:1:19: a number where a count is due: write a whole number "
	  "from 0" },
	{ "prices: {}",
	  "jr.yaml:1:9: prices is a list: write '- {prefix: \"+1\", segment: "
	  "0.0083}' lines" },
	{ "prices: [{prefix: '+1', segment: 1}, {prefix: +44}]",
	  "jr.yaml:1:47: a whole number where a text is due: put it in "
	  "quotes" },
	{ "prices: [{channel: fax, segment: 1}]",
	  "jr.yaml:1:10: unknown channel 'fax': write one of 'sms', 'push', "
	  "'email', 'whatsapp'" },
	{ "channels: [sms]",
	  "jr.yaml:1:11: channels is a map: write 'sms: {provider: twilio}' "
	  "lines" },
	{ "channels: {pushh: {}}",
	  "jr.yaml:1:19: unknown channel 'pushh': write 'push'" },
	{ "channels: {email: {cut: true}}",
	  "jr.yaml:1:20: unknown key 'cut': write one of 'provider', "
	  "'fallback'" },
	{ "channels: {push: {devices: some}}",
	  "jr.yaml:1:18: 'some': write last or all" },
	{ "channels: {push: {on_unknown: retry}}",
	  "jr.yaml:1:18: 'retry': write resend or drop" },
	{ "senders: []",
	  "jr.yaml:1:10: senders is a map: write 'main: {from: \"+1...\", "
	  "type: 10dlc}' lines" },
	{ "senders: {a: {from: x}}",
	  "jr.yaml:1:14: what type of sender: write one of '10dlc', "
	  "'toll_free', 'short_code', 'long_code', 'alphanumeric'" },
	{ "senders: {a: {from: x, type: tollfree}}",
	  "jr.yaml:1:14: what type of sender: write 'toll_free'" },
	{ "senders: {a: {from: x, type: fancy, channel: whatsapp}}",
	  "jr.yaml:1:14: what type of sender: write one of '10dlc', "
	  "'toll_free', 'short_code', 'long_code', 'alphanumeric'" },
	{ "senders: {a: {type: alphanumeric, service: MG1}}",
	  "jr.yaml:1:14: from is missing: write the name" },
	{ "senders: {a: {from: x, type: 10dlc}, b: {from: y, channel: fax}}",
	  "jr.yaml:1:41: unknown channel 'fax': write one of 'sms', 'push', "
	  "'email', 'whatsapp'" },
	{ "senders: {a: {from: x, type: 10dlc, per_minute: 1}}",
	  "jr.yaml:1:37: unknown key 'per_minute': write one of 'from', "
	  "'service', 'type', 'channel', 'registered', 'provider', 'scope', "
	  "'per_second', 'per_day'" },
	{ "senders: {a: {type: 10dlc, per_day: 9}}",
	  "jr.yaml:1:37: whose day it is must be known: write from or "
	  "service, too" },
	{ "quiet_hours: {from: 9}",
	  "jr.yaml:1:21: no time of day: write one like \"09:00\"" },
	{ "quiet_hours: {until: '24:01'}",
	  "jr.yaml:1:23: no time of day: write one like \"09:00\"" },
	{ "quiet_hours: {channels: [fax]}",
	  "jr.yaml:1:14: unknown channel 'fax': write one of 'sms', 'push', "
	  "'email', 'whatsapp'" },
	{ "quiet_hours: {rules: {}}",
	  "jr.yaml:1:22: rules is a list: write '- country: US' lines" },
	{ "quiet_hours: {rules: [{country: US, from: '09:00'}]}",
	  "jr.yaml:1:23: a rule says when it is quiet: write from and "
	  "until" },
	{ "quiet_hours: {rules: [{country: USA, from: '1:00', until: '2:00'}]}",
	  "jr.yaml:1:23: country is two letters, like US" },
	{ "quiet_hours: {rules: [{region: Utah, from: '1:00', until: '2:00'}]}",
	  "jr.yaml:1:23: region is at most three letters, like TX" },
	{ "quiet_hours: {rules: [{days: [soon]}]}",
	  "jr.yaml:1:31: no weekday: write them like [mon, tue, sat]" },
	{ "quiet_hours: {rules: [{days: []}]}",
	  "jr.yaml:1:30: no weekday at all: write them like [mon, tue, sat], "
	  "or leave days out" },
	{ "links: {prefixes: /}",
	  "jr.yaml:1:9: unknown key 'prefixes': write 'prefix'" },
	{ "lease: 0s", "jr.yaml:1:8: no time at all: write a duration such as "
		       "10m" },
	{ "default_country: Atlantis",
	  "jr.yaml:1:18: no country 'Atlantis': write two letters such as US, "
	  "or a calling code such as \"+44\"" },
	{ "test_recipients: ['+1206555010']",
	  "jr.yaml:1:20: no valid number: write E.164, like "
	  "\"+12065550199\"" },
	{ "alarms: {off: [delivry]}",
	  "jr.yaml:1:15: no alarm 'delivry': write 'delivery'" },
	{ "brake: {confidence: 1}",
	  "jr.yaml:1:8: confidence lies between 0 and 1: write 0.95, say" },
	{ "currency: euro",
	  "jr.yaml:1:11: no currency 'euro': write three letters such as "
	  "USD" },
	{ "prices: [{prefix: '1', segment: 0.0083}]",
	  "jr.yaml:1:10: no prefix '1': write the beginning of numbers, like "
	  "\"+44\"" },
	{ "prices: [{prefix: '+1'}]",
	  "jr.yaml:1:10: what does it cost: write segment" },
	{ "channels: {sms: {max_segments: 11}}",
	  "jr.yaml:1:32: write a number from 1 to 10" },
	{ "channels: {sms: {max_segments: 0}}",
	  "jr.yaml:1:32: write a number from 1 to 10" },
	{ "channels: {push: {title_max: 40}}",
	  "jr.yaml:1:18: more is advised than allowed: lower title_advised or "
	  "body_advised, or raise title_max or body_max" },
	{ "senders: {a: {from: '+1206', type: 10dlc}}",
	  "jr.yaml:1:22: no valid number: write E.164, like "
	  "\"+12065550199\"" },
	{ "senders: {a: {from: Tidewater Boards, type: alphanumeric}}",
	  "jr.yaml:1:21: carriers take at most 11 letters, digits and spaces, "
	  "with a letter: shorten it" },
	{ "senders: {a: {from: '12345', type: alphanumeric}}",
	  "jr.yaml:1:22: carriers take at most 11 letters, digits and spaces, "
	  "with a letter: shorten it" },
	{ "links: {host: 'https://go.example.com/'}",
	  "jr.yaml:1:16: no host: write its name alone, like "
	  "go.example.com" },
	{ "links: {prefix: l}",
	  "jr.yaml:1:17: a prefix begins and ends with a slash, like /l/" },
	{ "links: {hosts: ['http://x']}",
	  "jr.yaml:1:16: 'http://x' is no host: write names like "
	  "app.example.com" },
	{ "timezone: Mars/Base", "jr.yaml:1:11: " /* and base/zone's words */ },
};

START_TEST(what_is_wrong_is_said_with_its_place)
{
	House h;
	const char *want = wrong[_i].error;

	load(&h, wrong[_i].yaml);
	ck_assert_ptr_null(h.policy);
	if (g_str_has_suffix(want, " "))
		ck_assert(g_str_has_prefix(h.error->message, want) &&
			  g_str_has_suffix(h.error->message, ", or hold"));
	else
		ck_assert_str_eq(h.error->message, want);
	unload(&h);
}
END_TEST

/* --- questions --- */

static const struct {
	JrChannel channel;
	const char *number;
	guint segments;
	gint64 micros; /* -1: no price */
} costs[] = {
	{ JR_CHANNEL_SMS, "+12065550101", 1, 12800 },
	{ JR_CHANNEL_SMS, "+12065550101", 3, 38400 },
	{ JR_CHANNEL_SMS, "+18095550101", 1, 50000 },
	{ JR_CHANNEL_SMS, "+447700900123", 2, 92600 },
	{ JR_CHANNEL_SMS, "+4915123456789", 1, -1 },
	{ JR_CHANNEL_WHATSAPP, "+4915123456789", 1, 7000 },
	{ JR_CHANNEL_PUSH, "+12065550101", 1, -1 },
};

START_TEST(the_longest_prefix_has_the_price)
{
	House h;
	gint64 micros = -1;

	load(&h, "prices:\n- {prefix: '+1', segment: 0.0083, fee: 0.0045}\n"
		 "- {prefix: '+1809', segment: 0.05}\n"
		 "- {prefix: '+44', segment: 0.0463}\n"
		 "- {channel: whatsapp, segment: 0.007}\n");
	ck_assert_int_eq(jr_policy_cost(h.policy, costs[_i].channel,
					costs[_i].number, costs[_i].segments,
					&micros),
			 costs[_i].micros >= 0);
	ck_assert_int_eq(micros, MAX(costs[_i].micros, 0));
	unload(&h);
}
END_TEST

static const struct {
	JrChannel channel;
	const char *asked, *name; /* NULL: none */
} asked[] = {
	{ JR_CHANNEL_SMS, NULL, "main" },
	{ JR_CHANNEL_SMS, "promo", "promo" },
	{ JR_CHANNEL_SMS, "777777", "promo" },
	{ JR_CHANNEL_SMS, "wa", NULL },
	{ JR_CHANNEL_SMS, "Main", NULL },
	{ JR_CHANNEL_WHATSAPP, NULL, "wa" },
	{ JR_CHANNEL_EMAIL, NULL, NULL },
};

START_TEST(a_sender_is_found_by_name_or_from)
{
	House h;
	const JrPolicySender *s;

	load(&h, "senders:\n  wa: {from: '+447911123456', channel: whatsapp}\n"
		 "  main: {from: '+12065550199', type: 10dlc}\n"
		 "  promo: {from: '777777', type: short_code}\n");
	s = jr_policy_sender(h.policy, asked[_i].channel, asked[_i].asked);
	ck_assert_pstr_eq(s ? s->name : NULL, asked[_i].name);
	unload(&h);
}
END_TEST

START_TEST(settings_of_a_provider_are_a_map)
{
	House h;

	load(&h, "test_recipients: ['+12065550101']\n"
		 "providers:\n  twilio: {from: x}\n  fcm: 3\n");
	ck_assert_str_eq(
		jr_val_get_text(jr_policy_provider(h.policy, "twilio"), "from"),
		"x");
	ck_assert_int_eq(jr_policy_provider(h.policy, "fcm")->len, 0);
	ck_assert_int_eq(jr_policy_provider(h.policy, "apns")->len, 0);
	ck_assert(jr_policy_is_test_recipient(h.policy, "+12065550101"));
	ck_assert(!jr_policy_is_test_recipient(h.policy, "+1206555010"));
	unload(&h);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, a_key_changes_its_field_alone, 0,
			    G_N_ELEMENTS(fields));
	tcase_add_loop_test(tc, what_is_wrong_is_said_with_its_place, 0,
			    G_N_ELEMENTS(wrong));
	tcase_add_loop_test(tc, the_longest_prefix_has_the_price, 0,
			    G_N_ELEMENTS(costs));
	tcase_add_loop_test(tc, a_sender_is_found_by_name_or_from, 0,
			    G_N_ELEMENTS(asked));
	tcase_add_test(tc, settings_of_a_provider_are_a_map);
}
