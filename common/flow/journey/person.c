#include "flow/journey/person.h"
#include "base/error.h"
#include "io/json.h"

#include <string.h>

static const JrVal nothing_known = { .type = JR_VAL_MAP };

/* The attributes that may hold the number, in the order they are asked. */
static const char *const number_names[JR_CHANNEL_LAST + 1][2] = {
	[JR_CHANNEL_SMS] = { "sms_phone", "phone" },
	[JR_CHANNEL_PUSH] = { "phone", "sms_phone" },
	[JR_CHANNEL_EMAIL] = { "phone", "sms_phone" },
	[JR_CHANNEL_WHATSAPP] = { "whatsapp_phone", "phone" },
};

/* The zone @id, or NULL when it is none: a guess then takes its place. */
static JrZone *zone_of(const JrFlow *flow, const char *id)
{
	return id ? jr_zones_get(flow->zones, id, NULL) : NULL;
}

/* Where the clocks of someone without a zone most likely are. */
static gboolean guess_zone(const JrFlow *flow, JrTraveller *who, GError **error)
{
	char number[JR_PHONE_SIZE];
	g_autoptr(GPtrArray) zones = NULL;

	if (jr_traveller_number(flow, who, JR_CHANNEL_SMS, number)) {
		zones = jr_phone_zones(number, flow->zones, error);
		if (!zones)
			return FALSE;
	}
	if (zones && zones->len == 1)
		who->zone = zones->pdata[0];
	if (!who->zone)
		who->zone = zone_of(flow, flow->policy->timezone);
	if (!who->zone)
		who->zone = jr_zones_get(flow->zones, "UTC", error);
	return who->zone != NULL;
}

gboolean jr_traveller_load(const JrFlow *flow, gint64 person, JrArena *arena,
			   JrTraveller *who, gboolean *found, GError **error)
{
	const char *json;

	*who = (JrTraveller){ .row.person = person,
			      .attributes = &nothing_known };
	*found = FALSE;
	if (!jr_people_load(flow->db, &who->row, 1, arena, error))
		return FALSE;
	if (who->row.person == 0 || (who->row.state != JR_PERSON_LIVE &&
				     who->row.state != JR_PERSON_SUPPRESSED))
		return TRUE;
	*found = TRUE;
	json = who->row.attributes;
	if (json) {
		who->attributes =
			jr_json_parse(arena, json, strlen(json), error);
		if (!who->attributes)
			return FALSE;
	}
	who->zone = zone_of(flow, who->row.zone);
	who->zone_own = who->zone != NULL;
	return who->zone_own || guess_zone(flow, who, error);
}

gboolean jr_traveller_number(const JrFlow *flow, const JrTraveller *who,
			     JrChannel channel, char number[JR_PHONE_SIZE])
{
	for (guint i = 0; i < G_N_ELEMENTS(number_names[channel]); i++) {
		const char *text = jr_val_get_text(who->attributes,
						   number_names[channel][i]);

		if (text)
			return jr_phone_normalize(text,
						  flow->policy->default_country,
						  number, NULL);
	}
	return FALSE;
}

/* An attribute that is a code of at most @max letters, else @otherwise. */
static const char *code_or(const JrTraveller *who, const char *name, gsize max,
			   const char *otherwise)
{
	const char *text = jr_val_get_text(who->attributes, name);

	return text && *text && strlen(text) <= max ? text : otherwise;
}

/* Their zones when only the number tells; empty when it does not. */
static GPtrArray *zones_of_number(const JrFlow *flow, const JrTraveller *who,
				  const char *number, GError **error)
{
	if (who->zone_own || !number)
		return g_ptr_array_new();
	return jr_phone_zones(number, flow->zones, error);
}

gboolean jr_traveller_places(const JrFlow *flow, const JrTraveller *who,
			     const char *number, GArray *places, GError **error)
{
	char own[JR_PHONE_SIZE];
	JrPhonePlace rings = { .region = "" };
	JrQuietPlace place = { .zone = who->zone };
	g_autoptr(GPtrArray) zones = NULL;

	if (!number && jr_traveller_number(flow, who, JR_CHANNEL_SMS, own))
		number = own;
	if (number)
		jr_phone_place(number, &rings);
	place.country =
		code_or(who, "country", 2, g_intern_string(rings.country));
	place.region = code_or(who, "region", 3, rings.region);
	zones = zones_of_number(flow, who, number, error);
	if (!zones)
		return FALSE;
	for (guint i = 0; i < zones->len; i++) {
		place.zone = zones->pdata[i];
		g_array_append_val(places, place);
	}
	if (zones->len > 0)
		return TRUE;
	if (!who->zone_own)
		place.zone = zone_of(flow, flow->policy->timezone);
	if (place.zone)
		g_array_append_val(places, place);
	return TRUE;
}
