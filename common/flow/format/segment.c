/*
 * Lines of the Segment spec, which Customer.io's Pipelines API speaks too.
 *
 * Sources: the published Segment spec (common fields, identify, track, page,
 * screen, group, alias; clock correction) and the Pipelines API's description
 * (events with a meaning of their own: "Device Created or Updated" …).
 */
#include "flow/format/format.h"

#include <string.h>

#define GROUP_ID_BYTES 150

typedef gboolean (*Reader)(JrFormatLine *line);

static gboolean read_identify(JrFormatLine *line);
static gboolean read_track(JrFormatLine *line);
static gboolean read_page(JrFormatLine *line);
static gboolean read_screen(JrFormatLine *line);
static gboolean read_alias(JrFormatLine *line);
static gboolean read_group(JrFormatLine *line);

static const struct {
	const char *type;
	Reader read;
} calls[] = {
	{ "track", read_track }, { "identify", read_identify },
	{ "page", read_page },	 { "screen", read_screen },
	{ "alias", read_alias }, { "group", read_group },
};

static Reader find_call(const JrVal *val)
{
	const char *type = jr_val_get_text(val, "type");

	for (guint i = 0; type && i < G_N_ELEMENTS(calls); i++)
		if (g_str_equal(type, calls[i].type))
			return calls[i].read;
	return NULL;
}

static gboolean is_segment(const JrVal *val)
{
	return find_call(val) != NULL;
}

/* A time to correct others by, however wrong that clock is: the line's own, or
 * that of the envelope it came in.  FALSE: there is none. */
static gboolean clock_time(const JrFormatLine *line, const char *key,
			   gint64 *ms)
{
	const JrVal *val = jr_val_get(line->val, key);

	if (jr_val_is_null(val))
		val = jr_val_get(line->envelope, key);
	return !jr_val_is_null(val) && jr_line_instant(val, ms);
}

/*
 * When it happened.  The sender's clock may be wrong: what lies between its
 * own two readings is right, and receivedAt is by a clock that is.  Where
 * there is an originalTimestamp, timestamp was corrected by someone before us.
 */
static gboolean read_at(JrFormatLine *line, JrIngestRec *rec)
{
	gint64 said, sent, received;

	if ((!clock_time(line, "originalTimestamp", &said) &&
	     !clock_time(line, "timestamp", &said)) ||
	    !clock_time(line, "sentAt", &sent) ||
	    !clock_time(line, "receivedAt", &received))
		return jr_line_at(line, rec, "timestamp",
				  jr_val_get(line->val, "timestamp"));
	rec->timed = TRUE;
	rec->at_ms = MAX(said + (received - sent), 0);
	return jr_line_past(line, "timestamp", &rec->at_ms);
}

/* Who it is about; @rec->other is the anonymous name they also had. */
static gboolean read_who(JrFormatLine *line, JrIngestRec *rec)
{
	const JrVal *user = jr_val_get(line->val, "userId");
	const JrVal *anonymous = jr_val_get(line->val, "anonymousId");

	if (jr_val_is_null(user) && jr_val_is_null(anonymous))
		return jr_line_refuse(line, "userId",
				      "missing: write userId or anonymousId");
	if (jr_val_is_null(user))
		return jr_line_identity(line, "anonymousId",
					JR_IDENTITY_ANONYMOUS, anonymous,
					&rec->who);
	if (!jr_line_identity(line, "userId", JR_IDENTITY_ID, user, &rec->who))
		return FALSE;
	return rec->action != JR_INGEST_IDENTIFY || jr_val_is_null(anonymous) ||
	       jr_line_identity(line, "anonymousId", JR_IDENTITY_ANONYMOUS,
				anonymous, &rec->other);
}

/* A record of the line, with whom, when and its id.  NULL: refused. */
static JrIngestRec *begin(JrFormatLine *line, JrIngestAction action)
{
	JrIngestRec *rec = jr_line_add(line, action);

	return read_at(line, rec) && read_who(line, rec) &&
			       jr_line_own_id(
				       line, rec, "messageId",
				       jr_val_get(line->val, "messageId"))
		       ? rec
		       : NULL;
}

/* Put @key into @map, whose members have room, unless it is there. */
static void put_in(JrVal *map, const char *key, const JrVal *val)
{
	JrMember *members = (JrMember *)map->members;

	if (jr_val_is_null(val) || jr_val_get(map, key))
		return;
	members[map->len++] = (JrMember){
		.key = key,
		.key_len = strlen(key),
		.val = *val,
	};
}

/* What only the context knows, and is a trait all the same. */
#define EXTRAS 3

static void put_extras(const JrFormatLine *line, const JrIngestRec *rec,
		       JrVal *map)
{
	const JrVal *context = jr_val_get(line->val, "context");

	put_in(map, "timezone", jr_val_get(context, "timezone"));
	/* The address a form came from; never its time: an app repeats all
	 * traits at each login, which agrees to nothing anew. */
	if (!jr_val_is_null(jr_val_get(map, "sms_consent")))
		put_in(map, "sms_consent_ip", jr_val_get(context, "ip"));
	if (rec->other.kind)
		put_in(map, "anonymous_id",
		       jr_val_get(line->val, "anonymousId"));
}

static gboolean read_traits(JrFormatLine *line, JrIngestRec *rec)
{
	const JrVal *traits = jr_val_get(line->val, "traits");
	guint32 n = traits && traits->type == JR_VAL_MAP ? traits->len : 0;
	JrVal *map = jr_arena_take(line->arena, sizeof *map);
	JrMember *members =
		jr_arena_take(line->arena, (n + EXTRAS) * sizeof *members);

	if (!jr_line_map(line, "traits", traits, &rec->data))
		return FALSE;
	g_assert(map && members);
	if (n > 0)
		memcpy(members, traits->members, n * sizeof *members);
	*map = (JrVal){ .type = JR_VAL_MAP, .len = n, .members = members };
	put_extras(line, rec, map);
	if (map->len == n && rec->data.text)
		return TRUE; /* as it was written */
	g_autoptr(GString) json = g_string_new(NULL);
	jr_val_write(map, json);
	rec->data.text = jr_line_keep(line, json->str, json->len);
	rec->data.len = json->len;
	return TRUE;
}

/* The context's device; @key is what names its token there. */
static gboolean read_device(JrFormatLine *line, JrIngestAction action)
{
	const JrVal *context = jr_val_get(line->val, "context");
	JrIngestRec *rec = begin(line, action);

	return rec && jr_line_device(line, jr_val_get(context, "device"),
				     "token", rec);
}

static gboolean read_identify(JrFormatLine *line)
{
	const JrVal *context = jr_val_get(line->val, "context");
	const JrVal *device = jr_val_get(context, "device");
	JrIngestRec *rec = begin(line, JR_INGEST_IDENTIFY);

	if (!rec || !read_traits(line, rec))
		return FALSE;
	if (jr_val_is_null(jr_val_get(device, "token")))
		return TRUE;
	if (!read_device(line, JR_INGEST_ADD_DEVICE))
		return FALSE;
	/* Two records of one message: their names must differ. */
	rec = &g_array_index(line->recs, JrIngestRec, line->recs->len - 1);
	if (rec->id)
		rec->id = jr_line_printf(line, "%s:device", rec->id);
	return TRUE;
}

static gboolean read_add_device(JrFormatLine *line)
{
	return read_device(line, JR_INGEST_ADD_DEVICE);
}

static gboolean read_delete_device(JrFormatLine *line)
{
	return read_device(line, JR_INGEST_DELETE_DEVICE);
}

static gboolean read_delete(JrFormatLine *line)
{
	return begin(line, JR_INGEST_DELETE) != NULL;
}

static gboolean read_suppress(JrFormatLine *line)
{
	return begin(line, JR_INGEST_SUPPRESS) != NULL;
}

static gboolean read_unsuppress(JrFormatLine *line)
{
	return begin(line, JR_INGEST_UNSUPPRESS) != NULL;
}

static gboolean read_delivery(JrFormatLine *line)
{
	const JrVal *more = jr_val_get(line->val, "properties");
	JrIngestMetric *metric = jr_line_new_metric(line);
	JrIngestRec *rec = jr_line_add(line, JR_INGEST_METRIC);

	rec->metric = metric;
	return read_at(line, rec) &&
	       jr_line_own_id(line, rec, "messageId",
			      jr_val_get(line->val, "messageId")) &&
	       jr_line_message_id(line, "properties.deliveryId",
				  jr_val_get(more, "deliveryId"), metric) &&
	       jr_line_metric(line, "properties.metric",
			      jr_val_get(more, "metric"), metric) &&
	       jr_line_short(line, more, "recipient", &metric->token) &&
	       jr_line_short(line, more, "href", &metric->href) &&
	       jr_line_short(line, more, "reason", &metric->reason);
}

static gboolean read_object(JrFormatLine *line)
{
	return jr_line_refuse(line, "event",
			      "objects and relationships are not kept");
}

/* Events that are orders. */
static const struct {
	const char *event;
	Reader read;
} orders[] = {
	{ "Device Created or Updated", read_add_device },
	{ "Device Deleted", read_delete_device },
	{ "User Deleted", read_delete },
	{ "User Suppressed", read_suppress },
	{ "User Unsuppressed", read_unsuppress },
	{ "Report Delivery Event", read_delivery },
	{ "Relationship Deleted", read_object },
	{ "Object Deleted", read_object },
};

static gboolean read_track(JrFormatLine *line)
{
	const JrVal *name = jr_val_get(line->val, "event");
	JrIngestRec *rec;

	for (guint i = 0; i < G_N_ELEMENTS(orders); i++)
		if (name && name->type == JR_VAL_TEXT &&
		    g_str_equal(name->text, orders[i].event))
			return orders[i].read(line);
	rec = begin(line, JR_INGEST_EVENT);
	return rec && jr_line_name(line, rec, "event", name) &&
	       jr_line_map(line, "properties",
			   jr_val_get(line->val, "properties"), &rec->data);
}

/* A page without a name has an address. */
static gboolean read_view(JrFormatLine *line, JrIngestAction action)
{
	const char *const keys[] = { "name", "url", "path", "title" };
	const JrVal *more = jr_val_get(line->val, "properties");
	const JrVal *name = jr_val_get(line->val, "name");
	JrIngestRec *rec = begin(line, action);

	for (guint i = 0; jr_val_is_null(name) && i < G_N_ELEMENTS(keys); i++)
		name = jr_val_get(more, keys[i]);
	return rec && jr_line_name(line, rec, "name", name) &&
	       jr_line_map(line, "properties", more, &rec->data);
}

static gboolean read_page(JrFormatLine *line)
{
	return read_view(line, JR_INGEST_PAGE);
}

static gboolean read_screen(JrFormatLine *line)
{
	return read_view(line, JR_INGEST_SCREEN);
}

/* previousId, by which they were known, is now userId. */
static gboolean read_alias(JrFormatLine *line)
{
	JrIngestRec *rec = begin(line, JR_INGEST_MERGE);
	JrIdentity *other = rec ? &rec->other : NULL;

	return rec &&
	       jr_line_identity(line, "previousId", JR_IDENTITY_ID,
				jr_val_get(line->val, "previousId"), other);
}

/*
 * The group that the person belongs to, whole, is their attribute `group`:
 * there are no groups without people.
 */
static gboolean read_group(JrFormatLine *line)
{
	const JrFormatText want = { "groupId", GROUP_ID_BYTES, TRUE };
	const JrVal *traits = jr_val_get(line->val, "traits");
	JrIngestRec *rec = begin(line, JR_INGEST_IDENTIFY);
	g_autoptr(GString) json = g_string_new("{\"group\":{\"id\":");
	const char *id;

	if (!rec || !jr_line_map(line, "traits", traits, &rec->data) ||
	    !jr_line_text(line, &want, jr_val_get(line->val, "groupId"), &id))
		return FALSE;
	jr_val_write_text(id, strlen(id), json);
	for (guint32 i = 0; traits && i < traits->len; i++) {
		const JrMember *trait = &traits->members[i];

		if (g_str_equal(trait->key, "id"))
			continue;
		g_string_append_c(json, ',');
		jr_val_write_text(trait->key, trait->key_len, json);
		g_string_append_c(json, ':');
		jr_val_write(&trait->val, json);
	}
	g_string_append(json, "}}");
	rec->data.text = jr_line_keep(line, json->str, json->len);
	rec->data.len = json->len;
	return TRUE;
}

static gboolean read_segment(JrFormatLine *line)
{
	Reader read = find_call(line->val);

	return read ? read(line)
		    : jr_line_refuse(line, "type",
				     "no call: write identify, track, page, "
				     "screen or alias");
}

const JrFormat jr_format_segment = { .name = "segment",
				     .is = is_segment,
				     .read = read_segment };
