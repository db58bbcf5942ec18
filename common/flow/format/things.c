/* What formats are made of: devices, and what happened to messages. */
#include "flow/format/format.h"
#include "base/suggest.h"
#include "net/webpush.h"

#include <string.h>

#define SHORT_MAX_BYTES 4096 /* a link, a reason */
#define TOKEN_MAX_BYTES 2048 /* of a device */
#define MESSAGE_ID_BYTES 100
#define APNS_TOKEN_BYTES 64 /* at least; hex digits */

static const char *const platforms[] = { "ios", "android", "web", NULL };

gboolean jr_line_short(JrFormatLine *line, const JrVal *map, const char *key,
		       const char **text)
{
	const JrFormatText want = { key, SHORT_MAX_BYTES, TRUE };
	const JrVal *val = jr_val_get(map, key);

	*text = NULL;
	if (jr_val_is_null(val) || (val->type == JR_VAL_TEXT && val->len == 0))
		return TRUE;
	return jr_line_text(line, &want, val, text);
}

/* "push_enabled":"false", as the SDKs write it, or false. */
static gboolean says_no(const JrVal *val)
{
	if (val && val->type == JR_VAL_TEXT)
		return g_ascii_strcasecmp(val->text, "false") == 0;
	return val && val->type == JR_VAL_BOOL && !val->yes;
}

static const char *const kinds[] = { "fcm-token", "fcm-fid", "apns", "webpush",
				     NULL };

/* Apple's own tokens are long hex; iOS apps with FCM have FCM's. */
static const char *token_kind(const JrIngestDevice *device)
{
	gsize hex = strspn(device->token, "0123456789abcdefABCDEF");

	if (g_strcmp0(device->platform, "ios") == 0 &&
	    hex >= APNS_TOKEN_BYTES && device->token[hex] == '\0')
		return "apns";
	return g_str_has_prefix(device->token, "https://") ? "webpush"
							   : "fcm-token";
}

/* Which of our own words @word is, in any case; NULL: none. */
static const char *find_word(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (g_ascii_strcasecmp(word, *words) == 0)
			return *words;
	return NULL;
}

static gboolean read_kind(JrFormatLine *line, const JrVal *val,
			  JrIngestDevice *device)
{
	const JrFormatText want = { "device.kind", 20, TRUE };
	const char *word;

	device->kind = token_kind(device);
	if (jr_val_is_null(val))
		return TRUE;
	if (!jr_line_text(line, &want, val, &word))
		return FALSE;
	device->kind = find_word(word, kinds);
	device->says_kind = TRUE;
	if (device->kind)
		return TRUE;
	g_autofree char *hint = jr_suggest_write(word, kinds);
	return jr_line_refuse(line, want.field, "no kind: %s", hint);
}

/*
 * A browser's subscription has keys: as it says them itself, beside its
 * endpoint, or as attributes, where they are kept.
 */
static gboolean read_keys(JrFormatLine *line, const JrVal *val,
			  JrIngestDevice *device)
{
	const JrVal *keys = jr_val_get(val, "keys");
	const JrVal *more = jr_val_get(val, "attributes");
	const JrVal *from = jr_val_is_null(keys) ? more : keys;
	const char *p256dh = jr_val_get_text(from, "p256dh");
	const char *auth = jr_val_get_text(from, "auth");
	JrSlice *kept = &device->attributes;
	g_autoptr(GError) why = NULL;

	if (!g_str_equal(device->kind, "webpush") ||
	    (device->disabled && !p256dh && !auth))
		return TRUE;
	if (!jr_webpush_check_keys(p256dh, auth, &why))
		return jr_line_refuse(line, "device.keys", "%s", why->message);
	if (from == more)
		return TRUE;
	if (jr_val_get(more, "p256dh") || jr_val_get(more, "auth"))
		return jr_line_refuse(line, "device.keys",
				      "stand among the attributes, too: write "
				      "them once");
	kept->text =
		jr_line_printf(line, "%.*s%s\"p256dh\":\"%s\",\"auth\":\"%s\"}",
			       kept->text ? (int)kept->len - 1 : 1,
			       kept->text ? kept->text : "{",
			       more && more->len > 0 ? "," : "", p256dh, auth);
	kept->len = strlen(kept->text);
	return TRUE;
}

static gboolean read_platform(JrFormatLine *line, const JrVal *val,
			      JrIngestDevice *device)
{
	const JrFormatText want = { "device.platform", 20, TRUE };
	const char *word;

	if (!jr_line_text(line, &want, val, &word))
		return FALSE;
	device->platform = find_word(word, platforms);
	if (device->platform)
		return TRUE;
	g_autofree char *hint = jr_suggest_write(word, platforms);
	return jr_line_refuse(line, want.field, "no platform: %s", hint);
}

/* Which of Apple's two services has the token; an app built for tests calls its
 * own "development", as its entitlements do. */
static gboolean read_environment(JrFormatLine *line, const JrVal *more,
				 JrIngestDevice *device)
{
	static const char *const words[] = { "production", "sandbox",
					     "development", NULL };
	const char *word;

	if (!jr_line_short(line, more, "environment", &word))
		return FALSE;
	device->environment = word ? find_word(word, words) : NULL;
	if (word && !device->environment)
		return jr_line_refuse(line, "device.attributes.environment",
				      "no environment: write production or "
				      "sandbox");
	if (device->environment == words[2])
		device->environment = words[1];
	return TRUE;
}

/* What adding a device says beside its token. */
static gboolean read_details(JrFormatLine *line, const JrVal *val,
			     JrIngestDevice *device)
{
	const JrVal *more = jr_val_get(val, "attributes");
	const JrVal *platform = jr_val_get(val, "platform");
	const JrVal *used = jr_val_get(val, "last_used");
	gint64 used_ms = 0;

	if (!platform) /* as Segment's context.device has it */
		platform = jr_val_get(val, "type");
	if (!read_platform(line, platform, device) ||
	    (!jr_val_is_null(used) &&
	     !jr_line_time(line, "device.last_used", used, &used_ms)) ||
	    !jr_line_map(line, "device.attributes", more,
			 &device->attributes) ||
	    !jr_line_short(line, more, "app", &device->app) ||
	    !read_environment(line, more, device))
		return FALSE;
	device->last_used_s = used_ms / 1000;
	device->disabled = says_no(jr_val_get(more, "push_enabled"));
	return read_kind(line, jr_val_get(val, "kind"), device) &&
	       read_keys(line, val, device);
}

gboolean jr_line_device(JrFormatLine *line, const JrVal *val,
			const char *token_key, JrIngestRec *rec)
{
	const JrFormatText want = { "device.token", TOKEN_MAX_BYTES, TRUE };
	JrIngestDevice *device = jr_arena_take(line->arena, sizeof *device);

	g_assert(device);
	*device = (JrIngestDevice){ 0 };
	rec->device = device;
	if (!val || val->type != JR_VAL_MAP)
		return jr_line_refuse(line, "device",
				      "missing: write {\"token\":…}");
	const JrVal *token = jr_val_get(val, token_key);
	if (!token) /* as a browser's PushSubscription has it */
		token = jr_val_get(val, "endpoint");
	if (!jr_line_text(line, &want, token, &device->token))
		return FALSE;
	return rec->action == JR_INGEST_DELETE_DEVICE ||
	       read_details(line, val, device);
}

gboolean jr_line_identify(JrFormatLine *line, const char *prefix,
			  const JrVal *attributes, JrIngestRec *rec)
{
	const JrVal *update = jr_val_get(attributes, "_update");
	const JrVal *at = jr_val_get(attributes, "_timestamp");
	const JrVal *anonymous = jr_val_get(attributes, "anonymous_id");

	rec->update_only = update && update->type == JR_VAL_BOOL && update->yes;
	if (!jr_val_is_null(anonymous) &&
	    !jr_line_identity(line,
			      jr_line_printf(line, "%sanonymous_id", prefix),
			      JR_IDENTITY_ANONYMOUS, anonymous, &rec->other))
		return FALSE;
	if (!jr_val_is_null(at) &&
	    !jr_line_at(line, rec, jr_line_printf(line, "%s_timestamp", prefix),
			at))
		return FALSE;
	return jr_line_map(line, "attributes", attributes, &rec->data);
}

JrIngestMetric *jr_line_new_metric(JrFormatLine *line)
{
	JrIngestMetric *metric = jr_arena_take(line->arena, sizeof *metric);

	g_assert(metric);
	*metric = (JrIngestMetric){ .cost_micros = -1, .segments = -1 };
	return metric;
}

gboolean jr_line_message_id(JrFormatLine *line, const char *field,
			    const JrVal *val, JrIngestMetric *metric)
{
	const JrFormatText want = { field, MESSAGE_ID_BYTES, TRUE };

	return jr_line_text(line, &want, val, &metric->message);
}

gboolean jr_line_metric(JrFormatLine *line, const char *field, const JrVal *val,
			JrIngestMetric *metric)
{
	const JrFormatText want = { field, 40, TRUE };
	const char *word;

	if (!jr_line_text(line, &want, val, &word))
		return FALSE;
	metric->metric = jr_metric_of(word);
	return metric->metric ||
	       jr_line_refuse(line, field,
			      "no metric: write delivered, opened, clicked …");
}

gboolean jr_line_opts_out(const JrClasses *classes, const char *code)
{
	const JrClass *row = code ? jr_classes_find(classes, code) : NULL;

	return row && row->outcome == JR_OUTCOME_OPTED_OUT;
}
