#include "flow/schedule/quiet.h"
#include "base/doc.h"
#include "base/error.h"
#include "rules/wait.h"

/* One question. */
typedef struct {
	const JrFlow *flow;
	GArray *places; /* JrQuietPlace */
	gint64 at_s;
} Question;

static gboolean add_zone(Question *question, const JrVal *asked,
			 const char *name, GError **error)
{
	JrQuietPlace place = { .country = jr_val_get_text(asked, "country"),
			       .region = jr_val_get_text(asked, "region") };

	place.zone = jr_zones_get(question->flow->zones, name, error);
	if (place.zone)
		g_array_append_val(question->places, place);
	return place.zone != NULL;
}

/* Everywhere that the number may ring. */
static gboolean add_number(Question *question, const JrVal *asked,
			   const char *phone, GError **error)
{
	char number[JR_PHONE_SIZE];
	JrPhonePlace rings;
	JrQuietPlace place = { .zone = NULL };
	g_autoptr(GPtrArray) zones = NULL;

	if (!jr_phone_normalize(phone, question->flow->policy->default_country,
				number, error))
		return FALSE;
	zones = jr_phone_zones(number, question->flow->zones, error);
	if (!zones)
		return FALSE;
	jr_phone_place(number, &rings);
	place.country = jr_val_get_text(asked, "country");
	if (!place.country)
		place.country = g_intern_string(rings.country);
	place.region = jr_val_get_text(asked, "region");
	if (!place.region)
		place.region = rings.region;
	for (guint i = 0; i < zones->len; i++) {
		place.zone = zones->pdata[i];
		g_array_append_val(question->places, place);
	}
	if (zones->len > 0 || !question->flow->policy->timezone)
		return TRUE;
	/* Nobody knows: as configured. */
	place.zone = jr_zones_get(question->flow->zones,
				  question->flow->policy->timezone, error);
	if (place.zone)
		g_array_append_val(question->places, place);
	return place.zone != NULL;
}

/* The text @name of @asked; NULL: there is none, or @error is set. */
static const char *read_text(const JrVal *asked, const char *name,
			     GError **error)
{
	const JrVal *val = jr_val_get(asked, name);

	if (jr_val_is_null(val) || val->type == JR_VAL_TEXT)
		return jr_val_is_null(val) ? NULL : val->text;
	g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
		    "'%s': %s where a text is due: put it in quotes", name,
		    jr_val_type_name(val));
	return NULL;
}

static gboolean read_question(Question *question, const JrVal *asked,
			      GError **error)
{
	g_autoptr(GError) why = NULL;
	const char *zone = read_text(asked, "timezone", &why);
	const char *phone = why ? NULL : read_text(asked, "phone", &why);
	const JrVal *at = jr_val_get(asked, "at");
	JrZone *local = NULL;

	g_array_set_size(question->places, 0);
	if (why) {
		g_propagate_error(error, g_steal_pointer(&why));
		return FALSE;
	}
	if (!zone && !phone) {
		g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
			    "neither 'timezone' nor 'phone': write one");
		return FALSE;
	}
	if (!(zone ? add_zone(question, asked, zone, error)
		   : add_number(question, asked, phone, error)))
		return FALSE;
	question->at_s = jr_flow_now(question->flow);
	if (question->places->len > 0)
		local = g_array_index(question->places, JrQuietPlace, 0).zone;
	return jr_val_is_null(at) ||
	       jr_wait_date(at, local, &question->at_s, error);
}

static json_t *answer(const Question *question)
{
	const JrQuietPlace *places = (JrQuietPlace *)question->places->data;
	guint n = question->places->len;
	gint64 opens_s = G_MAXINT64;
	json_t *zones = json_array();

	for (guint i = 0; i < n; i++)
		json_array_append_new(zones,
				      json_string(jr_zone_id(places[i].zone)));
	if (n > 0)
		opens_s = jr_quiet_ask(&question->flow->policy->quiet, places,
				       n, question->at_s)
				  .opens_s;
	return json_pack(
		"{s:b, s:o, s:o}", "quiet", opens_s > question->at_s, "send_at",
		opens_s == G_MAXINT64 ? json_null() : json_integer(opens_s),
		"zones", zones);
}

static gboolean take(Question *question, const JrRecord *record, GError **why,
		     GError **error)
{
	g_autoptr(json_t) said = NULL;

	if (!record->val)
		*why = g_error_copy(record->why);
	else if (read_question(question, record->val, why))
		said = answer(question);
	return !said || jr_writer_json(question->flow->out, said, error);
}

gboolean jr_schedule_quiet(const JrFlow *flow, JrReader *reader,
			   JrQuietWrongFn wrong, gpointer user, GError **error)
{
	g_autoptr(GArray) places =
		g_array_new(FALSE, FALSE, sizeof(JrQuietPlace));
	Question question = { .flow = flow, .places = places };

	for (;;) {
		g_autoptr(GError) why = NULL;
		JrRecord record;

		switch (jr_reader_next(reader, &record, error)) {
		case JR_READ_FAILED:
			return FALSE;
		case JR_READ_END:
			return jr_writer_flush(flow->out, error);
		case JR_READ_RECORD:
		case JR_READ_BAD:
			break;
		}
		if (!take(&question, &record, &why, error))
			return FALSE;
		if (why) {
			jr_error_at(&why, jr_reader_name(reader),
				    (guint)record.line, 0);
			wrong(user, why);
		}
		jr_reader_release(reader);
	}
}
