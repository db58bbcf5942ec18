#include "base/terms.h"

static const char *const channels[] = {
	[JR_CHANNEL_SMS] = "sms",
	[JR_CHANNEL_PUSH] = "push",
	[JR_CHANNEL_EMAIL] = "email",
	[JR_CHANNEL_WHATSAPP] = "whatsapp",
};

static const char *const purposes[] = {
	[JR_PURPOSE_MARKETING] = "marketing",
	[JR_PURPOSE_TRANSACTIONAL] = "transactional",
	[JR_PURPOSE_SECURITY] = "security",
	[JR_PURPOSE_RE_PERMISSION] = "re_permission",
};

static const char *const states[] = {
	[JR_MESSAGE_PLANNED] = "planned", [JR_MESSAGE_OFFERED] = "offered",
	[JR_MESSAGE_CLAIMED] = "claimed", [JR_MESSAGE_ACCEPTED] = "accepted",
	[JR_MESSAGE_WAITING] = "waiting", [JR_MESSAGE_REFUSED] = "refused",
	[JR_MESSAGE_UNKNOWN] = "unknown", [JR_MESSAGE_DELIVERED] = "delivered",
	[JR_MESSAGE_FAILED] = "failed",	  [JR_MESSAGE_CANCELLED] = "cancelled",
};

static const char *const metrics[] = {
	[JR_METRIC_SENT] = "sent",
	[JR_METRIC_DELIVERED] = "delivered",
	[JR_METRIC_OPENED] = "opened",
	[JR_METRIC_CLICKED] = "clicked",
	[JR_METRIC_CONVERTED] = "converted",
	[JR_METRIC_REPLIED] = "replied",
	[JR_METRIC_UNSUBSCRIBED] = "unsubscribed",
	[JR_METRIC_BOUNCED] = "bounced",
	[JR_METRIC_FAILED] = "failed",
	[JR_METRIC_DROPPED] = "dropped",
	[JR_METRIC_UNDELIVERABLE] = "undeliverable",
	[JR_METRIC_ATTEMPTED] = "attempted",
	[JR_METRIC_DRAFTED] = "drafted",
	[JR_METRIC_SPAMMED] = "spammed",
};

guint jr_term_find(const char *const *words, guint n, const char *word)
{
	for (guint i = 1; i < n; i++)
		if (g_strcmp0(words[i], word) == 0)
			return i;
	return 0;
}

const char *jr_channel_name(JrChannel channel)
{
	return JR_TERM_NAME(channels, channel);
}

const char *jr_purpose_name(JrPurpose purpose)
{
	return JR_TERM_NAME(purposes, purpose);
}

const char *jr_message_state_name(JrMessageState state)
{
	return JR_TERM_NAME(states, state);
}

const char *jr_metric_name(JrMetric metric)
{
	return JR_TERM_NAME(metrics, metric);
}

JrChannel jr_channel_of(const char *name)
{
	return JR_TERM_FIND(channels, name);
}

JrPurpose jr_purpose_of(const char *name)
{
	return JR_TERM_FIND(purposes, name);
}

JrMessageState jr_message_state_of(const char *name)
{
	return JR_TERM_FIND(states, name);
}

JrMetric jr_metric_of(const char *name)
{
	return JR_TERM_FIND(metrics, name);
}
