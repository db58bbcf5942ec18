/* policy_channels.c - who sends what, and from where, in jr.yaml. */
#include "base/error.h"
#include "base/suggest.h"
#include "rules/policy_impl.h"
#include "rules/sms.h"

/* All that any channel may say; which one may say it is checked after. */
typedef struct {
	JrRoute route;
	guint max_segments;
	gboolean smart_encoding;
	char *opt_out_line;
	char *android, *ios, *web;
	char *devices, *on_unknown;
	gboolean cut;
	JrPushLimits limits;
} Channel;

#define AT(field) G_STRUCT_OFFSET(Channel, field)

#define ROUTE                                                                  \
	{ "provider", jr_field_text, AT(route.provider) },                     \
	{                                                                      \
		"fallback", jr_field_text, AT(route.fallback)                  \
	}

static const JrField sms_fields[] = {
	ROUTE,
	{ "max_segments", jr_field_count, AT(max_segments) },
	{ "smart_encoding", jr_field_yes, AT(smart_encoding) },
	{ "opt_out_line", jr_field_text, AT(opt_out_line) },
	{ NULL, NULL, 0 },
};

static const JrField push_fields[] = {
	ROUTE,
	{ "android", jr_field_text, AT(android) },
	{ "ios", jr_field_text, AT(ios) },
	{ "web", jr_field_text, AT(web) },
	{ "devices", jr_field_text, AT(devices) },
	{ "on_unknown", jr_field_text, AT(on_unknown) },
	{ "cut", jr_field_yes, AT(cut) },
	{ "title_max", jr_field_count, AT(limits.title_max) },
	{ "body_max", jr_field_count, AT(limits.body_max) },
	{ "title_advised", jr_field_count, AT(limits.title_advised) },
	{ "body_advised", jr_field_count, AT(limits.body_advised) },
	{ NULL, NULL, 0 },
};

static const JrField other_fields[] = {
	ROUTE,
	{ NULL, NULL, 0 },
};

static const JrField *const tables[] = {
	[JR_CHANNEL_SMS] = sms_fields,
	[JR_CHANNEL_PUSH] = push_fields,
	[JR_CHANNEL_EMAIL] = other_fields,
	[JR_CHANNEL_WHATSAPP] = other_fields,
};

/* Whether @text is @yes or @no; unset is @no. */
static gboolean choose(const JrVal *val, const char *file, const char *text,
		       const char *const words[2], gboolean *yes,
		       GError **error)
{
	*yes = g_strcmp0(text, words[0]) == 0;
	if (*yes || !text || g_str_equal(text, words[1]))
		return TRUE;
	return jr_field_wrong(val, file, error, "'%s': write %s or %s", text,
			      words[0], words[1]);
}

/* Limits that cannot be kept, or that say nothing. */
static gboolean check_limits(const JrVal *val, const char *file,
			     const Channel *channel, GError **error)
{
	const JrPushLimits *l = &channel->limits;

	if (channel->max_segments < 1 ||
	    channel->max_segments > JR_SMS_MAX_SEGMENTS)
		return jr_field_wrong(jr_val_get(val, "max_segments"), file,
				      error, "write a number from 1 to %d",
				      JR_SMS_MAX_SEGMENTS);
	if (l->title_advised > l->title_max || l->body_advised > l->body_max)
		return jr_field_wrong(val, file, error,
				      "more is advised than allowed: lower "
				      "title_advised or body_advised, or raise "
				      "title_max or body_max");
	return TRUE;
}

static void take_sms(JrPolicy *p, Channel *channel)
{
	p->sms_max_segments = channel->max_segments;
	p->sms_smart = channel->smart_encoding;
	p->opt_out_line = g_steal_pointer(&channel->opt_out_line);
}

static gboolean take_push(JrPolicy *p, const JrVal *val, const char *file,
			  Channel *channel, GError **error)
{
	static const char *const devices[] = { "last", "all" };
	static const char *const unknown[] = { "resend", "drop" };
	gboolean last = FALSE;

	p->push_android = g_steal_pointer(&channel->android);
	p->push_ios = g_steal_pointer(&channel->ios);
	p->push_web = g_steal_pointer(&channel->web);
	p->push_cut = channel->cut;
	p->push = channel->limits;
	if (!choose(val, file, channel->devices, devices, &last, error) ||
	    !choose(val, file, channel->on_unknown, unknown,
		    &p->resend_unknown_push, error))
		return FALSE;
	p->devices = last ? JR_DEVICES_LAST : JR_DEVICES_ALL;
	return TRUE;
}

static void clear_channel(Channel *channel)
{
	g_free(channel->route.provider);
	g_free(channel->route.fallback);
	g_free(channel->opt_out_line);
	g_free(channel->android);
	g_free(channel->ios);
	g_free(channel->web);
	g_free(channel->devices);
	g_free(channel->on_unknown);
}

static gboolean read_channel(JrPolicy *p, const JrMember *member,
			     const char *file, GError **error)
{
	const JrVal *val = &member->val;
	Channel channel = { .max_segments = p->sms_max_segments,
			    .limits = p->push };
	JrChannel which = jr_policy_channel(val, member->key, file, error);
	gboolean ok =
		which &&
		jr_fields_read(val, tables[which], file, &channel, error) &&
		check_limits(val, file, &channel, error);

	if (ok) {
		p->routes[which] = channel.route;
		channel.route = (JrRoute){ 0 };
	}
	if (ok && which == JR_CHANNEL_SMS)
		take_sms(p, &channel);
	if (ok && which == JR_CHANNEL_PUSH)
		ok = take_push(p, val, file, &channel, error);
	clear_channel(&channel);
	return ok;
}

gboolean jr_policy_channels(const JrVal *val, const char *file, gpointer at,
			    GError **error)
{
	if (val->type != JR_VAL_MAP)
		return jr_field_wrong(val, file, error,
				      "channels is a map: write 'sms: "
				      "{provider: twilio}' lines");
	for (guint32 i = 0; i < val->len; i++)
		if (!read_channel(at, &val->members[i], file, error))
			return FALSE;
	return TRUE;
}

/* --- senders --- */

typedef struct {
	char *type, *channel;
	JrPolicySender sender;
} Sender;

#define OF(field) G_STRUCT_OFFSET(Sender, field)

static const JrField sender_fields[] = {
	{ "from", jr_field_text, OF(sender.from) },
	{ "service", jr_field_text, OF(sender.service) },
	{ "type", jr_field_text, OF(type) },
	{ "channel", jr_field_text, OF(channel) },
	{ "registered", jr_field_yes, OF(sender.registered) },
	{ "provider", jr_field_text, OF(sender.provider) },
	{ "scope", jr_field_text, OF(sender.scope) },
	{ "per_second", jr_field_real, OF(sender.per_second) },
	{ "per_day", jr_field_count, OF(sender.per_day) },
	{ NULL, NULL, 0 },
};

static gboolean find_type(const JrVal *val, const char *file, Sender *s,
			  GError **error)
{
	static const char *const known[] = { "10dlc",	     "toll_free",
					     "short_code",   "long_code",
					     "alphanumeric", NULL };

	for (int type = 1; s->type && type <= JR_SENDER_LAST; type++)
		if (g_str_equal(s->type, jr_sender_type_name(type)))
			s->sender.type = type;
	if (s->sender.type)
		return TRUE;
	g_autofree char *write =
		jr_suggest_write(s->type ? s->type : "", known);
	return jr_field_wrong(val, file, error, "what type of sender: %s",
			      write);
}

/* The number or name itself, where it is said. */
static gboolean check_from(const JrVal *val, const char *file,
			   const JrPolicySender *s, GError **error)
{
	if (!s->from && s->type == JR_SENDER_ALPHANUMERIC)
		return jr_field_wrong(val, file, error,
				      "from is missing: write the name");
	if (!s->from && !s->service && s->per_day)
		return jr_field_wrong(jr_val_get(val, "per_day"), file, error,
				      "whose day it is must be known: write "
				      "from or service, too");
	if (!s->from)
		return TRUE;
	if (s->from[0] == '+' && !jr_phone_valid(s->from))
		return jr_field_wrong(jr_val_get(val, "from"), file, error,
				      "no valid number: write E.164, like "
				      "\"+12065550199\"");
	if (s->type == JR_SENDER_ALPHANUMERIC &&
	    !jr_field_is_like(s->from, "^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$"))
		return jr_field_wrong(jr_val_get(val, "from"), file, error,
				      "carriers take at most 11 letters, "
				      "digits and spaces, with a letter: "
				      "shorten it");
	return TRUE;
}

static gboolean add_sender(GArray *senders, const JrMember *member,
			   const char *file, GError **error)
{
	const JrVal *val = &member->val;
	Sender s = { .sender = { .name = g_strdup(member->key),
				 .line = val->line } };
	gboolean ok = jr_fields_read(val, sender_fields, file, &s, error);

	if (ok) {
		s.sender.channel = jr_policy_channel(
			val, s.channel ? s.channel : "sms", file, error);
		ok = s.sender.channel &&
		     ((s.sender.channel != JR_CHANNEL_SMS && !s.type) ||
		      find_type(val, file, &s, error));
	}
	ok = ok && check_from(val, file, &s.sender, error);
	/* Also when it is wrong: the policy frees what was read. */
	g_array_append_val(senders, s.sender);
	g_free(s.type);
	g_free(s.channel);
	return ok;
}

gboolean jr_policy_senders(const JrVal *val, const char *file, gpointer at,
			   GError **error)
{
	JrPolicy *p = at;
	g_autoptr(GArray) senders =
		g_array_new(FALSE, TRUE, sizeof(JrPolicySender));
	gboolean ok = TRUE;

	if (val->type != JR_VAL_MAP)
		return jr_field_wrong(val, file, error,
				      "senders is a map: write 'main: {from: "
				      "\"+1...\", type: 10dlc}' lines");
	for (guint32 i = 0; ok && i < val->len; i++)
		ok = add_sender(senders, &val->members[i], file, error);
	p->n_senders = senders->len;
	p->senders =
		g_memdup2(senders->data, senders->len * sizeof(JrPolicySender));
	return ok;
}
