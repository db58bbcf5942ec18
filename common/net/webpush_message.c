/*
 * What a browser's service worker gets.  Names within "notification" are those
 * of showNotification()'s options (notifications.spec.whatwg.org).
 */
#include "base/doc.h"
#include "net/json.h"
#include "net/push.h"

/* The app's own data, and what it reports opened and clicked by. */
static json_t *data_of(const JrHandover *h, GError **error)
{
	g_autoptr(json_t) data = json_object();
	guint32 n = jr_val_is_null(h->data) ? 0 : h->data->len;

	for (guint32 i = 0; i < n; i++) {
		const JrMember *member = &h->data->members[i];

		if (!jr_push_key_check(member->key, JR_PUSH_TO_WEB, error))
			return NULL;
		json_object_set_new(data, member->key,
				    jr_doc_of_val(&member->val));
	}
	jr_json_put_text(data, "link", h->link);
	jr_json_put_text(data, "CIO-Delivery-ID", h->id);
	jr_json_put_text(data, "CIO-Delivery-Token", h->to);
	return g_steal_pointer(&data);
}

json_t *jr_webpush_message(const JrHandover *h, const JrPushOptions *o,
			   GError **error)
{
	json_t *message, *shown, *data = data_of(h, error);

	if (!data)
		return NULL;
	message = json_object();
	if (o->silent) {
		json_object_set_new(message, "data", data);
		return message;
	}
	shown = json_object();
	json_object_set_new(message, "notification", shown);
	jr_json_put_text(shown, "title", h->title);
	jr_json_put_text(shown, "body", h->body);
	jr_json_put_text(shown, "image", h->image);
	/* The same tag twice shows once. */
	jr_json_put_text(shown, "tag", o->collapse_id ? o->collapse_id : h->id);
	json_object_update(shown, o->web);
	json_object_set_new(shown, "data", data);
	return message;
}
