/* What each call of the Track API v1 means. */
#include "flow/format/track.h"
#include "rules/phone.h"

#include <string.h>

#define CIO "cio_"	/* before a cio_id in a path */
#define LISTED_MAX 1000 /* people in one call */

/* Whom the path names: an id, an address, or a cio_id. */
static gboolean read_who(JrFormatLine *line, const JrTrackCall *call,
			 JrIngestRec *rec)
{
	const char *text = call->parts[0];
	JrIdentityKind kind = JR_IDENTITY_ID;
	JrVal val;

	if (call->who.kind) {
		rec->who = call->who;
		return TRUE;
	}
	if (strchr(text, '@')) {
		kind = JR_IDENTITY_EMAIL;
	} else if (g_str_has_prefix(text, CIO)) {
		kind = JR_IDENTITY_CIO_ID;
		text += strlen(CIO);
	}
	val = jr_val_text(text);
	return jr_line_identity(line, "path", kind, &val, &rec->who);
}

static JrIngestRec *begin(JrFormatLine *line, const JrTrackCall *call,
			  JrIngestAction action)
{
	JrIngestRec *rec = jr_line_add(line, action);

	return read_who(line, call, rec) ? rec : NULL;
}

gboolean jr_track_identify(JrFormatLine *line, const JrTrackCall *call)
{
	JrIngestRec *rec = begin(line, call, JR_INGEST_IDENTIFY);

	return rec && jr_line_identify(line, "", line->val, rec);
}

gboolean jr_track_delete(JrFormatLine *line, const JrTrackCall *call)
{
	return begin(line, call, JR_INGEST_DELETE) != NULL;
}

gboolean jr_track_suppress(JrFormatLine *line, const JrTrackCall *call)
{
	return begin(line, call, JR_INGEST_SUPPRESS) != NULL;
}

gboolean jr_track_unsuppress(JrFormatLine *line, const JrTrackCall *call)
{
	return begin(line, call, JR_INGEST_UNSUPPRESS) != NULL;
}

/* The event in the body, of whom @rec is about. */
static gboolean read_event(JrFormatLine *line, JrIngestRec *rec)
{
	const JrVal *val = line->val;
	const char *type = jr_val_get_text(val, "type");

	if (type && !g_str_equal(type, "event")) {
		rec->action = jr_ingest_action_of(type);
		if (rec->action != JR_INGEST_PAGE &&
		    rec->action != JR_INGEST_SCREEN)
			return jr_line_refuse(line, "type",
					      "no kind of event: write event, "
					      "page or screen");
	}
	return jr_line_at(line, rec, "timestamp",
			  jr_val_get(val, "timestamp")) &&
	       jr_line_own_id(line, rec, "id", jr_val_get(val, "id")) &&
	       jr_line_name(line, rec, "name", jr_val_get(val, "name")) &&
	       jr_line_map(line, "data", jr_val_get(val, "data"), &rec->data);
}

gboolean jr_track_event(JrFormatLine *line, const JrTrackCall *call)
{
	JrIngestRec *rec = begin(line, call, JR_INGEST_EVENT);

	return rec && read_event(line, rec);
}

gboolean jr_track_anonymous(JrFormatLine *line, const JrTrackCall *call)
{
	JrIngestRec *rec = jr_line_add(line, JR_INGEST_EVENT);

	(void)call;
	return jr_line_identity(line, "anonymous_id", JR_IDENTITY_ANONYMOUS,
				jr_val_get(line->val, "anonymous_id"),
				&rec->who) &&
	       read_event(line, rec);
}

gboolean jr_track_add_device(JrFormatLine *line, const JrTrackCall *call)
{
	JrIngestRec *rec = begin(line, call, JR_INGEST_ADD_DEVICE);

	return rec &&
	       jr_line_device(line, jr_val_get(line->val, "device"), "id", rec);
}

gboolean jr_track_delete_device(JrFormatLine *line, const JrTrackCall *call)
{
	JrIngestRec *rec = begin(line, call, JR_INGEST_DELETE_DEVICE);
	JrMember token = { .key = "token",
			   .key_len = strlen("token"),
			   .val = jr_val_text(call->parts[1]) };
	const JrVal device = { .type = JR_VAL_MAP,
			       .len = 1,
			       .members = &token };

	return rec && jr_line_device(line, &device, "token", rec);
}

gboolean jr_track_merge(JrFormatLine *line, const JrTrackCall *call)
{
	JrIngestRec *rec = jr_line_add(line, JR_INGEST_MERGE);

	(void)call;
	return jr_line_identifiers(line, "primary",
				   jr_val_get(line->val, "primary"),
				   &rec->who) &&
	       jr_line_identifiers(line, "secondary",
				   jr_val_get(line->val, "secondary"),
				   &rec->other);
}

/* {"ids":[…]}: onto the list of the segment that the path names, or off it. */
gboolean jr_track_segment(JrFormatLine *line, const JrTrackCall *call)
{
	const JrVal *ids = jr_val_get(line->val, "ids");
	JrIngestAction action = g_str_has_suffix(call->path, "/add_customers")
					? JR_INGEST_LIST
					: JR_INGEST_UNLIST;

	if (!ids || ids->type != JR_VAL_LIST || ids->len == 0 ||
	    ids->len > LISTED_MAX)
		return jr_line_refuse(line, "ids", "no list of 1 to %d ids",
				      LISTED_MAX);
	for (guint32 i = 0; i < ids->len; i++) {
		JrIngestRec *rec = jr_line_add(line, action);

		rec->name = call->parts[0];
		if (!jr_line_identity(line, "ids", JR_IDENTITY_ID,
				      &ids->items[i], &rec->who))
			return FALSE;
	}
	return TRUE;
}

/* {"form_id":…} and what was filled in. */
static void put_form(JrFormatLine *line, const char *form, const JrVal *data,
		     JrSlice *map)
{
	g_autoptr(GString) json = g_string_new("{\"form_id\":");

	jr_val_write_text(form, strlen(form), json);
	for (guint32 i = 0; i < data->len; i++) {
		const JrMember *member = &data->members[i];

		if (g_str_equal(member->key, "form_id"))
			continue;
		g_string_append_c(json, ',');
		jr_val_write_text(member->key, member->key_len, json);
		g_string_append_c(json, ':');
		jr_val_write(&member->val, json);
	}
	g_string_append_c(json, '}');
	map->text = jr_line_keep(line, json->str, json->len);
	map->len = json->len;
}

/* Who fills in a form is whom the form says, and did so. */
gboolean jr_track_form(JrFormatLine *line, const JrTrackCall *call)
{
	const JrVal *data = jr_val_get(line->val, "data");
	const JrVal *id = jr_val_get(data, "id");
	const JrVal *email = jr_val_get(data, "email");
	JrIdentity who;
	JrIngestRec *rec;

	if (jr_val_is_null(id) && jr_val_is_null(email))
		return jr_line_refuse(line, "data",
				      "names nobody: write id or email");
	if (jr_val_is_null(id)
		    ? !jr_line_identity(line, "data.email", JR_IDENTITY_EMAIL,
					email, &who)
		    : !jr_line_identity(line, "data.id", JR_IDENTITY_ID, id,
					&who))
		return FALSE;
	rec = jr_line_add(line, JR_INGEST_IDENTIFY);
	rec->who = who;
	if (!jr_line_identify(line, "data.", data, rec))
		return FALSE;
	rec = jr_line_add(line, JR_INGEST_EVENT);
	rec->who = who;
	rec->name = "form_submitted";
	put_form(line, call->parts[0], data, &rec->data);
	return TRUE;
}

/* The first of @keys that the body has. */
static const JrVal *first(const JrVal *val, const char *const *keys)
{
	const JrVal *found = NULL;

	for (; *keys && jr_val_is_null(found); keys++)
		found = jr_val_get(val, *keys);
	return found;
}

/* To whom it went: a number, or the token of a device.  The published schema
 * has numbers as integers, which people's programs write as texts. */
static void read_recipient(JrFormatLine *line, JrIngestMetric *metric)
{
	const JrVal *val = jr_val_get(line->val, "recipient");
	char number[JR_PHONE_SIZE];
	g_autofree char *text = NULL;

	if (val && val->type == JR_VAL_INT)
		text = g_strdup_printf("+%" G_GINT64_FORMAT, val->num);
	else if (val && val->type == JR_VAL_TEXT && val->len > 0)
		text = g_strdup(val->text);
	if (!text)
		return;
	if (jr_phone_normalize(text, line->setup->country, number, NULL))
		metric->number = jr_line_keep(line, number, strlen(number));
	else if (!metric->token)
		metric->token = jr_line_keep(line, text, strlen(text));
}

/* What an SDK or an app's server reports; some send on the names that the push
 * itself had. */
gboolean jr_track_metric(JrFormatLine *line, const JrTrackCall *call)
{
	static const char *const ids[] = { "delivery_id", "CIO-Delivery-ID",
					   NULL };
	static const char *const words[] = { "metric", "event", NULL };
	const JrVal *val = line->val;
	JrIngestMetric *metric = jr_line_new_metric(line);
	JrIngestRec *rec = jr_line_add(line, JR_INGEST_METRIC);

	(void)call;
	rec->metric = metric;
	if (!jr_line_at(line, rec, "timestamp", jr_val_get(val, "timestamp")) ||
	    !jr_line_message_id(line, "delivery_id", first(val, ids), metric) ||
	    !jr_line_metric(line, "metric", first(val, words), metric) ||
	    !jr_line_short(line, val, "device_id", &metric->token) ||
	    !jr_line_short(line, val, "href", &metric->href) ||
	    !jr_line_short(line, val, "reason", &metric->reason))
		return FALSE;
	if (!metric->token &&
	    !jr_line_short(line, val, "CIO-Delivery-Token", &metric->token))
		return FALSE;
	read_recipient(line, metric);
	return TRUE;
}

/* The link in a message by which a person wants no more of them. */
gboolean jr_track_unsubscribe(JrFormatLine *line, const JrTrackCall *call)
{
	const JrVal id = jr_val_text(call->parts[0]);
	const JrVal *said = jr_val_get(line->val, "unsubscribe");
	JrIngestMetric *metric = jr_line_new_metric(line);
	JrIngestRec *rec = jr_line_add(line, JR_INGEST_METRIC);

	if (said && said->type == JR_VAL_BOOL && !said->yes)
		return jr_line_refuse(line, "unsubscribe",
				      "this takes nothing back: write an "
				      "identify with unsubscribed false");
	rec->metric = metric;
	metric->metric = JR_METRIC_UNSUBSCRIBED;
	return jr_line_message_id(line, "path", &id, metric);
}
