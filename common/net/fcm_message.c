/*
 * What FCM is sent.  Source: firebase.google.com/docs/reference/fcm/rest/v1/
 * projects.messages.  Written as text at once, but for the parts that few
 * messages have.
 */
#include "base/doc.h"
#include "base/put.h"
#include "net/answer.h"
#include "net/json.h"
#include "net/push.h"

#include <string.h>

#define TTL_MAX_S (28 * 86400) /* what FCM keeps */

/* A message as it is written. */
typedef struct {
	GString *text;
	const JrHandover *h;
	const JrPushOptions *o;
	gboolean data_only;
	gsize payload; /* bytes of what devices get of it */
} Writing;

/* Begin the map @key; where it began. */
static gsize open_map(GString *text, const char *key)
{
	jr_put_key(text, key);
	g_string_append_c(text, '{');
	return text->len - 1;
}

static void put_doc(GString *text, const char *key, const json_t *doc)
{
	jr_put_key(text, key);
	jr_doc_write(doc, text);
}

/* End a map of the payload that began at @from. */
static void close_payload(Writing *w, gsize from)
{
	g_string_append_c(w->text, '}');
	w->payload += w->text->len - from;
}

/* FCM's data are texts: others become what they are as JSON. */
static void write_as_text(const JrVal *val, GString *text)
{
	g_autoptr(GString) json = NULL;

	if (val->type == JR_VAL_TEXT) {
		jr_val_write_text(val->text, val->len, text);
		return;
	}
	json = g_string_new(NULL);
	jr_val_write(val, json);
	jr_val_write_text(json->str, json->len, text);
}

/* What of data is ours. */
typedef struct {
	const char *key, *text; /* NULL: it is not there */
} Own;
#define OWN 6

/* Take what @own, of OWN, has for @key; NULL: nothing. */
static const char *take_own(Own *own, const char *key)
{
	for (guint i = 0; i < OWN; i++)
		if (own[i].text && g_str_equal(own[i].key, key))
			return g_steal_pointer(&own[i].text);
	return NULL;
}

/* The app's own data, where ours have other names; and ours. */
static gboolean put_data(Writing *w, GError **error)
{
	const JrHandover *h = w->h;
	const gboolean shown = w->data_only && !w->o->silent;
	Own own[OWN] = { { "link", h->link },
			 { "CIO-Delivery-ID", h->id },
			 { "CIO-Delivery-Token", h->to },
			 { "title", shown ? h->title : NULL },
			 { "body", shown ? h->body : NULL },
			 { "image", shown ? h->image : NULL } };
	const guint32 n = jr_val_is_null(h->data) ? 0 : h->data->len;
	const gsize from = open_map(w->text, "data");

	for (guint32 i = 0; i < n; i++) {
		const JrMember *member = &h->data->members[i];
		const char *ours;

		if (!jr_push_key_check(member->key, JR_PUSH_TO_FCM, error))
			return FALSE;
		jr_put_any_key(w->text, member->key, member->key_len);
		ours = take_own(own, member->key);
		if (ours)
			jr_val_write_text(ours, strlen(ours), w->text);
		else
			write_as_text(&member->val, w->text);
	}
	for (guint i = 0; i < OWN; i++)
		jr_put_text(w->text, own[i].key, own[i].text);
	close_payload(w, from);
	return TRUE;
}

/* What the system shows by itself. */
static void put_notification(Writing *w)
{
	gsize from;

	if (w->o->silent || w->data_only)
		return;
	from = open_map(w->text, "notification");
	jr_put_text(w->text, "title", w->h->title);
	jr_put_text(w->text, "body", w->h->body);
	jr_put_text(w->text, "image", w->h->image);
	close_payload(w, from);
}

/* How Android shows it.  The same tag twice shows once: the nearest to an
 * idempotency key there is. */
static void put_shown(Writing *w, json_t *options)
{
	const JrPushOptions *o = w->o;
	const char *key;
	json_t *val;

	if (o->silent || w->data_only)
		return;
	open_map(w->text, "notification");
	json_object_foreach (options, key, val)
		put_doc(w->text, key, val);
	jr_put_text(w->text, "tag", o->collapse_id ? o->collapse_id : w->h->id);
	g_string_append_c(w->text, '}');
}

/* Seconds until the deadline as FCM writes them. */
static void put_ttl(Writing *w)
{
	if (!w->h->deadline_s)
		return;
	jr_put_key(w->text, "ttl");
	g_string_append_printf(w->text, "\"%" G_GINT64_FORMAT "s\"",
			       jr_push_ttl_s(w->h, TTL_MAX_S));
}

static void put_android(Writing *w)
{
	static const char shown[] = "notification";
	const char *key;
	json_t *val;

	open_map(w->text, "android");
	put_ttl(w);
	jr_put_text(w->text, "priority", w->o->priority);
	json_object_foreach (w->o->android, key, val) {
		if (g_str_equal(key, shown))
			put_shown(w, val);
		else
			put_doc(w->text, key, val);
	}
	if (!json_object_get(w->o->android, shown))
		put_shown(w, NULL);
	g_string_append_c(w->text, '}');
}

/* The headers for a token that stands for an iOS device.  New reference. */
static json_t *apns_headers(const JrHandover *h, const JrPushOptions *o)
{
	g_autofree char *id = jr_push_id(
		o->collapse_id ? o->collapse_id : h->id, JR_PUSH_COLLAPSE_MAX);
	const gboolean later =
		o->silent || g_strcmp0(o->priority, "normal") == 0;
	json_t *headers = json_object();

	jr_json_put_text(headers, "apns-collapse-id", id);
	if (h->deadline_s)
		jr_json_put(headers, "apns-expiration",
			    json_sprintf("%" G_GINT64_FORMAT, h->deadline_s));
	jr_json_put_text(headers, "apns-priority", later ? "5" : "10");
	if (o->silent)
		jr_json_put_text(headers, "apns-push-type", "background");
	return headers;
}

/* And its payload.  New reference. */
static json_t *apns_payload(const Writing *w)
{
	const JrHandover *h = w->h;
	const JrPushOptions *o = w->o;
	json_t *payload = json_object();

	jr_json_put_text(payload, "CIO.push.link", h->link);
	jr_json_put_text(payload, "CIO.push.image", h->image);
	if (!o->silent)
		json_object_set(payload, "aps", o->aps);
	jr_json_put(payload,
		    o->silent ? "aps.content-available" : "aps.mutable-content",
		    json_integer(1));
	/* Data alone would show nothing there, and an alert of ours stands in
	 * place of the notification. */
	if (!o->silent && (w->data_only || json_object_get(o->aps, "alert"))) {
		jr_json_put_text(payload, "aps.alert.title", h->title);
		jr_json_put_text(payload, "aps.alert.body", h->body);
	}
	return payload;
}

static void put_apns(Writing *w)
{
	g_autoptr(json_t) headers = apns_headers(w->h, w->o);
	g_autoptr(json_t) payload = apns_payload(w);
	gsize from;

	open_map(w->text, "apns");
	put_doc(w->text, "headers", headers);
	from = w->text->len;
	put_doc(w->text, "payload", payload);
	w->payload += w->text->len - from - strlen(",\"payload\":");
	g_string_append_c(w->text, '}');
}

/* For a token that stands for a browser; FCM takes https links only. */
static void put_webpush(Writing *w)
{
	const JrHandover *h = w->h;
	const JrPushOptions *o = w->o;
	g_autofree char *ttl =
		h->deadline_s ? g_strdup_printf("%" G_GINT64_FORMAT,
						jr_push_ttl_s(h, TTL_MAX_S))
			      : NULL;
	g_autoptr(json_t) web = json_object();

	jr_json_put_text(web, "headers.TTL", ttl);
	jr_json_put_text(web, "headers.Urgency", o->priority);
	if (h->link && g_str_has_prefix(h->link, "https://"))
		jr_json_put_text(web, "fcm_options.link", h->link);
	if (!o->silent) {
		jr_json_put_text(web, "notification.tag",
				 o->collapse_id ? o->collapse_id : h->id);
		json_object_update(json_object_get(web, "notification"),
				   o->web);
	}
	if (json_object_size(web) > 0)
		put_doc(w->text, "webpush", web);
}

static gboolean put_message(Writing *w, GError **error)
{
	const JrHandover *h = w->h;

	open_map(w->text, "message");
	if (g_strcmp0(h->kind, "fcm-token") == 0)
		jr_put_text(w->text, "token", h->to);
	else if (g_strcmp0(h->kind, "fcm-fid") == 0)
		jr_put_text(w->text, "fid", h->to);
	if (!put_data(w, error))
		return FALSE;
	put_notification(w);
	put_android(w);
	/* No iOS device is one that says it runs Android. */
	if (g_strcmp0(h->platform, "android") != 0)
		put_apns(w);
	if (g_strcmp0(h->platform, "web") == 0)
		put_webpush(w);
	if (w->o->label) {
		open_map(w->text, "fcm_options");
		jr_put_text(w->text, "analytics_label", w->o->label);
		g_string_append_c(w->text, '}');
	}
	g_string_append_c(w->text, '}');
	return TRUE;
}

/* What Android gets, and what FCM makes of it for iOS, are to fit; they do
 * where all of it does. */
static gboolean fits(const Writing *w, GError **error)
{
	return w->text->len <= JR_PUSH_PAYLOAD_MAX ||
	       jr_push_fits(w->payload, JR_PUSH_PAYLOAD_MAX, error);
}

GBytes *jr_fcm_body(const JrHandover *h, const JrPushOptions *o,
		    const JrFcmForm *form, GError **error)
{
	g_autoptr(GString) text = g_string_sized_new(JR_JSON_ROOM);
	Writing w = {
		.text = text, .h = h, .o = o, .data_only = form->data_only
	};

	g_string_append_c(text, '{');
	if (form->validate_only) {
		jr_put_key(text, "validate_only");
		g_string_append(text, "true");
	}
	if (!put_message(&w, error))
		return NULL;
	g_string_append_c(text, '}');
	return fits(&w, error) ? g_string_free_to_bytes(g_steal_pointer(&text))
			       : NULL;
}
