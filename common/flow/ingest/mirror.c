/*
 * sms_consent and whatsapp_consent, as the ledger has it: true of those only
 * who may be texted at the number that texts go to now.
 */
#include "flow/ingest/keep_impl.h"

#include <string.h>

static const char *const attributes[JR_CHANNEL_LAST + 1] = {
	[JR_CHANNEL_SMS] = "sms_consent",
	[JR_CHANNEL_WHATSAPP] = "whatsapp_consent",
};

const char *jr_keep_consent_attribute(JrChannel channel)
{
	return attributes[channel];
}

/* The number that messages of @channel go to by @values; NULL: none. */
static const char *number_in(const JrVal *values, JrChannel channel)
{
	const char *own =
		channel == JR_CHANNEL_SMS ? "sms_phone" : "whatsapp_phone";
	const char *to = jr_val_get_text(values, own);

	return to ? to : jr_val_get_text(values, "phone");
}

gboolean jr_keep_is_open(JrKeepRun *run, const JrConsentKey *key, gboolean *yes,
			 GError **error)
{
	g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(char *));
	gboolean barred;

	*yes = FALSE;
	if (!key->number)
		return TRUE;
	if (!jr_keep_number_barred(run, key->number, &barred, error))
		return FALSE;
	if (barred)
		return TRUE;
	if (!jr_consent_open(run->db, key->person, key->channel, run->arena,
			     open, error))
		return FALSE;
	for (guint i = 0; i < open->len; i++)
		*yes |= g_str_equal(g_array_index(open, const char *, i),
				    key->number);
	return TRUE;
}

/* Set the attribute of @who, but not when it was said: what comes of the same
 * records must not depend on how they were batched. */
static gboolean set_attribute(JrKeepRun *run, guint rec, JrWho *who,
			      const JrMember *member, GError **error)
{
	const JrVal update = { .type = JR_VAL_MAP,
			       .len = 1,
			       .members = member };
	const JrVal *times =
		jr_roster_values(run->roster, who->data->times, error);
	const JrVal *before = jr_val_get(times, member->key);
	gint64 at_ms = MIN(run->rows[rec].at_s, run->now_s) * 1000;

	if (before && before->type == JR_VAL_INT)
		at_ms = before->num;
	return times &&
	       jr_roster_merge(run->roster, who, &update, at_ms, NULL, error);
}

gboolean jr_keep_mirror(JrKeepRun *run, guint rec, const JrConsentKey *about,
			GError **error)
{
	const char *name = jr_keep_consent_attribute(about->channel);
	JrMember member = { .key = name, .key_len = (guint32)strlen(name) };
	JrConsentKey key = *about;
	const JrVal *values, *now;
	gboolean in;
	JrWho *who;

	if (!jr_roster_person(run->roster, key.person, &who, error))
		return FALSE;
	if (!who)
		return TRUE;
	values = jr_roster_values(run->roster, who->data->attributes, error);
	if (!values)
		return FALSE;
	key.number = number_in(values, key.channel);
	if (!jr_keep_is_open(run, &key, &in, error))
		return FALSE;
	now = jr_val_get(values, name);
	if (now ? now->type == JR_VAL_BOOL && now->yes == in
		: !about->number || g_strcmp0(about->number, key.number) != 0)
		return TRUE;
	member.val = jr_val_bool(in);
	return set_attribute(run, rec, who, &member, error);
}

static gboolean write_mirror(JrKeepRun *run, const JrEffect *effect,
			     GError **error)
{
	const JrConsentKey key = {
		.person = run->rows[effect->rec].person,
		.channel = (JrChannel)GPOINTER_TO_INT(effect->data),
	};

	return !key.person || jr_keep_mirror(run, effect->rec, &key, error);
}

void jr_keep_mirror_later(JrKeepRun *run, JrChannel channel)
{
	jr_keep_effect(run, write_mirror, GINT_TO_POINTER(channel));
}
