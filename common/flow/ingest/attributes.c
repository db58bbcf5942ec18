/* What an identify may say of a person, attribute by attribute. */
#include "flow/ingest/keep_impl.h"
#include "rules/phone.h"
#include "store/suppress.h"

#include <string.h>

#define EMAIL_MAX_BYTES 254 /* RFC 5321, with the angle brackets */

typedef const char *(*Checker)(JrKeepRun *run, JrVal *val);

/* Each returns what is wrong with @val, or NULL; null removes. */

static const char *check_number(JrKeepRun *run, JrVal *val)
{
	g_autoptr(GError) why = NULL;
	char number[JR_PHONE_SIZE];

	if (val->type != JR_VAL_TEXT)
		return "no number: write +12065550101, in quotes";
	if (!jr_phone_normalize(val->text, run->keep->country, number, &why))
		return jr_keep_text(run, why->message, -1);
	*val = jr_val_text(jr_keep_text(run, number, -1));
	return NULL;
}

static const char *check_zone(JrKeepRun *run, JrVal *val)
{
	g_autoptr(GError) why = NULL;
	JrZone *zone;

	if (val->type != JR_VAL_TEXT)
		return "no time zone: write America/New_York, in quotes";
	zone = jr_zones_get(run->keep->flow->zones, val->text, &why);
	if (!zone)
		return jr_keep_text(run, why->message, -1);
	*val = jr_val_text(jr_keep_text(run, jr_zone_id(zone), -1));
	return NULL;
}

static const char *check_email(JrKeepRun *run, JrVal *val)
{
	const char *at;

	(void)run;
	if (val->type != JR_VAL_TEXT || val->len > EMAIL_MAX_BYTES)
		return "no e-mail address: write ana@example.com, in quotes";
	at = strrchr(val->text, '@');
	if (!at || at == val->text || !at[1] || strpbrk(val->text, " \t\r\n<>"))
		return "no e-mail address: write ana@example.com";
	return NULL;
}

static const struct {
	const char *name;
	Checker check; /* NULL: it is none of the attributes */
} known[] = {
	{ "phone", check_number },
	{ "sms_phone", check_number },
	{ "whatsapp_phone", check_number },
	{ "timezone", check_zone },
	{ "email", check_email },
	{ "id", NULL },
	{ "cio_id", NULL },
	{ "anonymous_id", NULL },
	{ "cio_subscription_preferences", NULL },
};

gboolean jr_keep_attribute(JrKeepRun *run, const JrMember *member, JrVal *val,
			   gboolean *skip, const char **why)
{
	*val = member->val;
	/* Orders to the receiver, as "_update", and not news of the person. */
	*skip = member->key[0] == '_' ||
		g_str_has_prefix(member->key, "cio_subscription_preferences.");
	for (guint i = 0; !*skip && i < G_N_ELEMENTS(known); i++) {
		if (strcmp(member->key, known[i].name) != 0)
			continue;
		*skip = known[i].check == NULL;
		if (*skip || val->type == JR_VAL_NULL)
			return TRUE;
		*why = known[i].check(run, val);
		return *why == NULL;
	}
	return TRUE;
}

/* Wishes. */

static gboolean set_wish(JrKeepRun *run, const JrEffect *effect, GError **error)
{
	const JrSubscription *said = effect->data;
	JrSubscription wish = *said;
	gboolean changed;
	JrLogRow *row;

	wish.person = run->rows[effect->rec].person;
	if (!jr_subscription_set(run->db, &wish, &changed, error))
		return FALSE;
	if (!changed)
		return TRUE;
	row = jr_keep_extra(run, effect->rec, JR_LOG_SUBSCRIPTION);
	row->name = wish.topic;
	row->data = wish.on ? "{\"on\":true}" : "{\"on\":false}";
	row->data_len = strlen(row->data);
	return TRUE;
}

/* "true", "1", 1 and true in any case; -1: no answer. */
static int yes_or_no(const JrVal *val)
{
	if (!val)
		return -1;
	if (val->type == JR_VAL_BOOL)
		return val->yes;
	if (val->type == JR_VAL_INT)
		return val->num == 1 ? 1 : val->num == 0 ? 0 : -1;
	if (val->type != JR_VAL_TEXT)
		return -1;
	if (g_ascii_strcasecmp(val->text, "true") == 0 ||
	    strcmp(val->text, "1") == 0)
		return 1;
	return g_ascii_strcasecmp(val->text, "false") == 0 ||
			       strcmp(val->text, "0") == 0
		       ? 0
		       : -1;
}

void jr_keep_wish(JrKeepRun *run, const char *topic, int on)
{
	const JrIngestRec *rec = run->recs[run->taken];
	JrSubscription *said;

	if (on < 0)
		return;
	said = jr_keep_take(run, sizeof *said);
	said->topic = topic;
	said->on = on;
	said->at_s = rec->at_ms / 1000;
	jr_keep_effect(run, set_wish, said);
}

/* {"topic_1":true} or {"sms":false}: all of @map. */
static void wish_map(JrKeepRun *run, const JrVal *map, const char *prefix)
{
	if (!map || map->type != JR_VAL_MAP)
		return;
	for (guint32 i = 0; i < map->len; i++) {
		g_autofree char *topic =
			g_strconcat(prefix, map->members[i].key, NULL);

		jr_keep_wish(run, jr_keep_text(run, topic, -1),
			     yes_or_no(&map->members[i].val));
	}
}

/* "cio_subscription_preferences.topics.topic_1":true changes that one alone. */
static void wish_dotted(JrKeepRun *run, const JrMember *member)
{
	static const struct {
		const char *dotted, *prefix;
	} ways[] = {
		{ "cio_subscription_preferences.topics.", "" },
		{ "cio_subscription_preferences.channels.", "channel:" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(ways); i++) {
		g_autofree char *topic = NULL;

		if (!g_str_has_prefix(member->key, ways[i].dotted))
			continue;
		topic = g_strconcat(ways[i].prefix,
				    member->key + strlen(ways[i].dotted), NULL);
		jr_keep_wish(run, jr_keep_text(run, topic, -1),
			     yes_or_no(&member->val));
	}
}

void jr_keep_wishes(JrKeepRun *run, const JrIngestRec *rec)
{
	static const char *const all[] = { "channel:email", "channel:sms",
					   "channel:whatsapp", "channel:push" };
	const JrVal *map = rec->attributes;
	const JrVal *wishes = jr_val_get(map, "cio_subscription_preferences");
	int off = yes_or_no(jr_val_get(map, "unsubscribed"));

	for (guint i = 0; off == 0 && i < G_N_ELEMENTS(all); i++)
		jr_keep_wish(run, all[i], TRUE);
	wish_map(run, jr_val_get(wishes, "topics"), "");
	wish_map(run, jr_val_get(wishes, "channels"), "channel:");
	for (guint32 i = 0; map && i < map->len; i++)
		wish_dotted(run, &map->members[i]);
	/* Behind a channel's own: who wants nothing gets nothing. */
	for (guint i = 0; off == 1 && i < G_N_ELEMENTS(all); i++)
		jr_keep_wish(run, all[i], FALSE);
}
