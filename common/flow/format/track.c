/*
 * Calls of Customer.io's APIs as a web server logged them: {"method":…,
 * "path":…,"body":…,"received_at":…}; and bodies of the Track API v1 without
 * the call around them, where they say themselves whom they are about.
 *
 * Sources: the published descriptions of Track v1 (customers, events, devices,
 * metrics …: the person stands in the path), Track v2 (entity, batch) and
 * Pipelines (the call's type stands in the path).
 */
#include "flow/format/track.h"

#include <string.h>

#define CUSTOMER "/api/v1/customers/*"

static gboolean read_entity(JrFormatLine *line, const JrTrackCall *call);
static gboolean read_pipelines(JrFormatLine *line, const JrTrackCall *call);

/* Tried in order; "*" is one part of a path, and kept. */
static const struct {
	const char *method, *path;
	gboolean (*read)(JrFormatLine *line, const JrTrackCall *call);
} routes[] = {
	{ "PUT", CUSTOMER, jr_track_identify },
	{ "DELETE", CUSTOMER, jr_track_delete },
	{ "POST", CUSTOMER "/events", jr_track_event },
	{ "POST", "/api/v1/events", jr_track_anonymous },
	{ "PUT", CUSTOMER "/devices", jr_track_add_device },
	{ "DELETE", CUSTOMER "/devices/*", jr_track_delete_device },
	{ "POST", CUSTOMER "/suppress", jr_track_suppress },
	{ "POST", CUSTOMER "/unsuppress", jr_track_unsuppress },
	{ "POST", "/api/v1/merge_customers", jr_track_merge },
	{ "POST", "/api/v1/segments/*/add_customers", jr_track_segment },
	{ "POST", "/api/v1/segments/*/remove_customers", jr_track_segment },
	{ "POST", "/api/v1/forms/*/submit", jr_track_form },
	{ "POST", "/api/v1/metrics", jr_track_metric },
	{ "POST", "/api/v1/push/events", jr_track_metric },
	{ "POST", "/push/events", jr_track_metric },
	{ "POST", "/unsubscribe/*", jr_track_unsubscribe },
	{ "POST", "/api/v2/entity", read_entity },
	{ "POST", "/api/v2/batch", read_entity },
	{ "POST", "/v1/batch", read_entity },
	{ "POST", "/v1/*", read_pipelines },
};

static gboolean is_call(const JrVal *val)
{
	return jr_val_get_text(val, "method") && jr_val_get_text(val, "path");
}

/* @path from its first slash behind a host, without its query, in parts. */
static char **split(const char *path)
{
	const char *host = strstr(path, "://");
	const char *start = host ? strchr(host + strlen("://"), '/') : path;
	g_autofree char *plain =
		start ? g_strndup(start, strcspn(start, "?#")) : g_strdup("");
	gsize len = strlen(plain);

	if (len > 1 && plain[len - 1] == '/')
		plain[len - 1] = '\0';
	return g_strsplit(plain, "/", -1);
}

/* Whether @parts are those of @pattern; what a "*" stands for is put, its
 * escapes decoded, into @call. */
static gboolean matches(JrFormatLine *line, char **parts, const char *pattern,
			JrTrackCall *call)
{
	g_auto(GStrv) want = g_strsplit(pattern, "/", -1);
	guint n = 0;

	if (g_strv_length(parts) != g_strv_length(want))
		return FALSE;
	for (guint i = 0; want[i]; i++) {
		if (!g_str_equal(want[i], "*")) {
			if (!g_str_equal(want[i], parts[i]))
				return FALSE;
			continue;
		}
		g_autofree char *text = g_uri_unescape_string(parts[i], NULL);
		if (!text || !*text || !g_utf8_validate(text, -1, NULL))
			return FALSE;
		g_assert(n < G_N_ELEMENTS(call->parts));
		call->parts[n++] = jr_line_keep(line, text, strlen(text));
	}
	return TRUE;
}

/*
 * The body: an object, or the text of one.  What is made of it counts its
 * places from that text, and is the line from here on.
 */
static gboolean enter_body(JrFormatLine *line, const JrVal *body)
{
	gboolean empty = jr_val_is_null(body) ||
			 (body->type == JR_VAL_TEXT && body->len == 0);

	if (empty || body->type == JR_VAL_MAP) {
		line->val = empty ? NULL : body;
		line->raw = jr_line_slice(line, line->val);
		return TRUE;
	}
	if (body->type != JR_VAL_TEXT)
		return jr_line_refuse(line, "body", "%s: write an object",
				      jr_val_type_name(body));
	return jr_line_enter(line, "body", body->text, body->len);
}

/* A body that means by itself what it means. */
static gboolean read_entity(JrFormatLine *line, const JrTrackCall *call)
{
	(void)call;
	return line->val ? jr_format_read(line, NULL)
			 : jr_line_refuse(line, "body", "missing");
}

/* The body with the type that the path says. */
static gboolean read_pipelines(JrFormatLine *line, const JrTrackCall *call)
{
	guint32 n = line->val ? line->val->len : 0;
	JrVal *map = jr_arena_take(line->arena, sizeof *map);
	JrMember *members =
		jr_arena_take(line->arena, (n + 1) * sizeof *members);

	g_assert(map && members);
	members[0] = (JrMember){
		.key = "type",
		.key_len = strlen("type"),
		.val = jr_val_text(call->parts[0]),
	};
	*map = (JrVal){ .type = JR_VAL_MAP, .len = 1, .members = members };
	for (guint32 i = 0; i < n; i++)
		if (!g_str_equal(line->val->members[i].key, "type"))
			members[map->len++] = line->val->members[i];
	line->val = map;
	return jr_format_segment.read(line);
}

/* Fields of a body are told of as such. */
static gboolean in_body(JrFormatLine *line, const JrFormatLine *body)
{
	line->field = body->field && !g_str_has_prefix(body->field, "path") &&
				      !g_str_has_prefix(body->field, "body")
			      ? jr_line_printf(line, "body.%s", body->field)
			      : body->field;
	line->reason = body->reason;
	return FALSE;
}

/*
 * What has no time of its own happened when the server was asked; an own line
 * would go out without it.
 */
static gboolean date(JrFormatLine *line, JrFormatSetup *setup)
{
	const JrVal *at = jr_val_get(line->val, "received_at");

	*setup = *line->setup;
	return jr_val_is_null(at) ||
	       jr_line_time(line, "received_at", at, &setup->when_ms);
}

/* All that a call says, beside when it came: of what dates itself that is the
 * same call, however often it was repeated. */
static JrSlice content_of(JrFormatLine *line, const JrFormatLine *body)
{
	const char *text = jr_line_printf(
		line, "%s %s\n%.*s", jr_val_get_text(line->val, "method"),
		jr_val_get_text(line->val, "path"), (int)body->raw.len,
		body->raw.text ? body->raw.text : "");

	return (JrSlice){ text, strlen(text) };
}

/* What was made of the body is the whole call's: its id, and what is put aside
 * of it. */
static void finish(JrFormatLine *line, JrFormatLine *body, guint from)
{
	JrSlice content = { 0 };

	for (guint i = from; i < line->recs->len; i++) {
		JrIngestRec *rec = &g_array_index(line->recs, JrIngestRec, i);

		if (!rec->id && rec->timed && !content.text)
			content = content_of(line, body);
		if (!rec->id)
			rec->id = jr_line_content_id(
				body, rec, rec->timed ? content : line->raw,
				i - from);
		rec->raw = line->raw;
		rec->own = FALSE;
	}
}

static gboolean read_call(JrFormatLine *line)
{
	const char *method = jr_val_get_text(line->val, "method");
	const char *path = jr_val_get_text(line->val, "path");
	guint from = line->recs->len;
	JrFormatLine body = *line;
	JrTrackCall call = { 0 };
	JrFormatSetup setup;

	g_auto(GStrv) parts = split(path);
	if (!date(line, &setup))
		return FALSE;
	body.setup = &setup;
	for (guint i = 0; i < G_N_ELEMENTS(routes); i++) {
		if (g_ascii_strcasecmp(method, routes[i].method) != 0 ||
		    !matches(line, parts, routes[i].path, &call))
			continue;
		call.path = routes[i].path;
		if (!enter_body(&body, jr_val_get(line->val, "body")))
			return in_body(line, &body);
		if (!routes[i].read(&body, &call))
			return in_body(line, &body);
		finish(line, &body, from);
		return TRUE;
	}
	return jr_line_refuse(line, "path",
			      "no call of the Track API with this method: "
			      "see jr-records(5)");
}

/* --- bodies alone --- */

static gboolean has_text(const JrVal *val, const char *key)
{
	return jr_val_get_text(val, key) != NULL;
}

static gboolean has_map(const JrVal *val, const char *key)
{
	const JrVal *map = jr_val_get(val, key);

	return map && map->type == JR_VAL_MAP;
}

static gboolean is_metric(const JrVal *val)
{
	return (has_text(val, "delivery_id") ||
		has_text(val, "CIO-Delivery-ID")) &&
	       (has_text(val, "metric") || has_text(val, "event"));
}

static gboolean is_event(const JrVal *val)
{
	return has_text(val, "name") && !has_text(val, "email") &&
	       (has_map(val, "data") || jr_val_get(val, "anonymous_id"));
}

static gboolean is_device(const JrVal *val)
{
	return has_map(val, "device") && jr_val_get(val, "device")->len > 0;
}

/* Attributes that name a person and say of when they are. */
static gboolean is_identify(const JrVal *val)
{
	return (has_text(val, "email") || has_text(val, "cio_id") ||
		jr_val_get(val, "id")) &&
	       (jr_val_get(val, "_timestamp") || jr_val_get(val, "_update") ||
		jr_val_get(val, "created_at"));
}

/* Attributes that name a person, for who knows that they are some. */
static gboolean may_identify(const JrVal *val)
{
	return (has_text(val, "email") || has_text(val, "cio_id") ||
		jr_val_get(val, "id")) &&
	       !jr_val_get(val, "type");
}

/* The path, which names the person, is missing. */
static gboolean read_headless(JrFormatLine *line, const JrTrackCall *call)
{
	(void)call;
	return jr_line_refuse(line, "path",
			      "missing: this body of Track v1 does not say "
			      "whose it is: write {\"method\":…,\"path\":…,"
			      "\"body\":…}");
}

static gboolean read_body_event(JrFormatLine *line, const JrTrackCall *call)
{
	return jr_val_is_null(jr_val_get(line->val, "anonymous_id"))
		       ? read_headless(line, call)
		       : jr_track_anonymous(line, call);
}

/* Whom attributes alone name: by id, then address. */
static gboolean read_body_identify(JrFormatLine *line, const JrTrackCall *call)
{
	static const char *const keys[] = { "id", "email", "cio_id" };
	static const JrIdentityKind kinds[] = { JR_IDENTITY_ID,
						JR_IDENTITY_EMAIL,
						JR_IDENTITY_CIO_ID };
	JrTrackCall named = *call;

	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		const JrVal *val = jr_val_get(line->val, keys[i]);

		if (jr_val_is_null(val))
			continue;
		return jr_line_identity(line, keys[i], kinds[i], val,
					&named.who) &&
		       jr_track_identify(line, &named);
	}
	return read_headless(line, call);
}

static const struct {
	gboolean (*is)(const JrVal *val);
	gboolean (*read)(JrFormatLine *line, const JrTrackCall *call);
} bodies[] = {
	{ is_metric, jr_track_metric },
	{ is_event, read_body_event },
	{ is_device, read_headless },
	{ is_identify, read_body_identify },
};

static gboolean is_track(const JrVal *val)
{
	gboolean is = is_call(val);

	if (jr_val_get(val, "type") && !is_event(val))
		return is;
	for (guint i = 0; !is && i < G_N_ELEMENTS(bodies); i++)
		is = bodies[i].is(val);
	return is;
}

static gboolean read_track(JrFormatLine *line)
{
	const JrTrackCall nothing = { 0 };

	if (is_call(line->val))
		return read_call(line);
	for (guint i = 0; i < G_N_ELEMENTS(bodies); i++)
		if (bodies[i].is(line->val))
			return bodies[i].read(line, &nothing);
	if (may_identify(line->val))
		return read_body_identify(line, &nothing);
	return jr_line_refuse(line, "path",
			      "no call: write method, path and body");
}

const JrFormat jr_format_track = {
	.name = "track", .is = is_track, .may = may_identify, .read = read_track
};
