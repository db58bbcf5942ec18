/*
 * What FCM is sent.  Source: firebase.google.com/docs/reference/fcm/rest/v1/
 * projects.messages.
 */
#include "net/answer.h"
#include "net/json.h"
#include "net/push.h"

#define TTL_MAX_S (28 * 86400) /* what FCM keeps */

/* FCM's data are texts: others become what they are as JSON. */
static json_t *text_of(const JrVal *val)
{
	g_autoptr(GString) json = g_string_new(NULL);

	if (val->type == JR_VAL_TEXT)
		return json_stringn(val->text, val->len);
	jr_val_write(val, json);
	return json_stringn(json->str, json->len);
}

static gboolean put_data(json_t *data, const JrHandover *h, GError **error)
{
	guint32 n = jr_val_is_null(h->data) ? 0 : h->data->len;

	for (guint32 i = 0; i < n; i++) {
		const JrMember *member = &h->data->members[i];

		if (!jr_push_key_check(member->key, JR_PUSH_TO_FCM, error))
			return FALSE;
		json_object_set_new(data, member->key, text_of(&member->val));
	}
	jr_json_put_text(data, "link", h->link);
	jr_json_put_text(data, "CIO-Delivery-ID", h->id);
	jr_json_put_text(data, "CIO-Delivery-Token", h->to);
	return TRUE;
}

/* "SECONDSs" until the deadline, or NULL; owned. */
static char *ttl_of(const JrHandover *h)
{
	if (!h->deadline_s)
		return NULL;
	return g_strdup_printf("%" G_GINT64_FORMAT "s",
			       jr_push_ttl_s(h, TTL_MAX_S));
}

/* What is shown: for the system, or for an app that shows all by itself. */
static void put_notification(json_t *message, const JrHandover *h,
			     gboolean data_only)
{
	const char *path = data_only ? "data" : "notification";
	json_t *to = json_object_get(message, path);

	if (!to) {
		to = json_object();
		json_object_set_new(message, path, to);
	}
	jr_json_put_text(to, "title", h->title);
	jr_json_put_text(to, "body", h->body);
	jr_json_put_text(to, "image", h->image);
}

/* The same tag twice shows once: the nearest to an idempotency key there is. */
static json_t *android_of(const JrHandover *h, const JrPushOptions *o,
			  gboolean data_only)
{
	g_autofree char *ttl = ttl_of(h);
	json_t *android = json_object();

	jr_json_put_text(android, "ttl", ttl);
	jr_json_put_text(android, "priority", o->priority);
	json_object_update(android, o->android);
	if (o->silent || data_only)
		json_object_del(android, "notification");
	else
		jr_json_put_text(android, "notification.tag",
				 o->collapse_id ? o->collapse_id : h->id);
	return android;
}

/* For a token that stands for an iOS device. */
static void put_apns(json_t *message, const JrHandover *h,
		     const JrPushOptions *o, gboolean data_only)
{
	g_autofree char *id = jr_push_id(
		o->collapse_id ? o->collapse_id : h->id, JR_PUSH_COLLAPSE_MAX);
	const gboolean later =
		o->silent || g_strcmp0(o->priority, "normal") == 0;
	json_t *headers = json_object();
	json_t *payload = json_object();

	jr_json_put_text(headers, "apns-collapse-id", id);
	if (h->deadline_s)
		jr_json_put(headers, "apns-expiration",
			    json_sprintf("%" G_GINT64_FORMAT, h->deadline_s));
	jr_json_put_text(headers, "apns-priority", later ? "5" : "10");
	if (o->silent)
		jr_json_put_text(headers, "apns-push-type", "background");
	jr_json_put_text(payload, "CIO.push.link", h->link);
	jr_json_put_text(payload, "CIO.push.image", h->image);
	if (!o->silent)
		json_object_set(payload, "aps", o->aps);
	jr_json_put(payload,
		    o->silent ? "aps.content-available" : "aps.mutable-content",
		    json_integer(1));
	/* Data alone would show nothing there, and an alert of ours stands in
	 * place of the notification. */
	if (!o->silent && (data_only || json_object_get(o->aps, "alert"))) {
		jr_json_put_text(payload, "aps.alert.title", h->title);
		jr_json_put_text(payload, "aps.alert.body", h->body);
	}
	jr_json_put(message, "apns.headers", headers);
	jr_json_put(message, "apns.payload", payload);
}

/* For a token that stands for a browser; FCM takes https links only. */
static void put_webpush(json_t *message, const JrHandover *h,
			const JrPushOptions *o)
{
	g_autofree char *ttl =
		h->deadline_s ? g_strdup_printf("%" G_GINT64_FORMAT,
						jr_push_ttl_s(h, TTL_MAX_S))
			      : NULL;

	jr_json_put_text(message, "webpush.headers.TTL", ttl);
	jr_json_put_text(message, "webpush.headers.Urgency", o->priority);
	if (h->link && g_str_has_prefix(h->link, "https://"))
		jr_json_put_text(message, "webpush.fcm_options.link", h->link);
	if (o->silent)
		return;
	jr_json_put_text(message, "webpush.notification.tag",
			 o->collapse_id ? o->collapse_id : h->id);
	json_object_update(json_object_get(json_object_get(message, "webpush"),
					   "notification"),
			   o->web);
}

/* Whether what Android gets, and what FCM makes of it for iOS, fit: parts of
 * @message, which takes @bytes. */
static gboolean fits(const json_t *message, gsize bytes, GError **error)
{
	const json_t *apns = json_object_get(message, "apns");

	if (bytes <= JR_PUSH_PAYLOAD_MAX)
		return TRUE;
	return jr_push_fits(
		jr_json_size(json_object_get(message, "notification")) +
			jr_json_size(json_object_get(message, "data")) +
			jr_json_size(json_object_get(apns, "payload")),
		JR_PUSH_PAYLOAD_MAX, error);
}

static json_t *message_of(const JrHandover *h, const JrPushOptions *o,
			  gboolean data_only, GError **error)
{
	g_autoptr(json_t) message = json_object();
	json_t *data = json_object();

	if (g_strcmp0(h->kind, "fcm-token") == 0)
		jr_json_put_text(message, "token", h->to);
	else if (g_strcmp0(h->kind, "fcm-fid") == 0)
		jr_json_put_text(message, "fid", h->to);
	json_object_set_new(message, "data", data);
	if (!put_data(data, h, error))
		return NULL;
	if (!o->silent)
		put_notification(message, h, data_only);
	json_object_set_new(message, "android", android_of(h, o, data_only));
	/* No iOS device is one that says it runs Android. */
	if (g_strcmp0(h->platform, "android") != 0)
		put_apns(message, h, o, data_only);
	if (g_strcmp0(h->platform, "web") == 0)
		put_webpush(message, h, o);
	jr_json_put_text(message, "fcm_options.analytics_label", o->label);
	return g_steal_pointer(&message);
}

GBytes *jr_fcm_body(const JrHandover *h, const JrPushOptions *o,
		    const JrFcmForm *form, GError **error)
{
	g_autoptr(json_t) body = json_object();
	json_t *message = message_of(h, o, form->data_only, error);
	g_autoptr(GBytes) bytes = NULL;

	if (!message)
		return NULL;
	if (form->validate_only)
		json_object_set_new(body, "validate_only", json_true());
	json_object_set_new(body, "message", message);
	bytes = jr_json_bytes(body);
	return fits(message, g_bytes_get_size(bytes), error)
		       ? g_steal_pointer(&bytes)
		       : NULL;
}
