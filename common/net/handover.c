#include "base/doc.h"
#include "net/handover.h"
#include "net/json.h"

json_t *jr_handover_json(const JrHandover *h)
{
	json_t *object = json_object();
	const struct {
		const char *key, *text;
	} texts[] = {
		{ "id", h->id },
		{ "channel", jr_channel_name(h->channel) },
		{ "to", h->to },
		{ "kind", h->kind },
		{ "platform", h->platform },
		{ "environment", h->environment },
		{ "app", h->app },
		{ "sender", h->sender },
		{ "title", h->title },
		{ "body", h->body },
		{ "link", h->link },
		{ "image", h->image },
		{ "template", h->tmpl },
	};
	const struct {
		const char *key;
		const JrVal *val;
	} vals[] = {
		{ "media", h->media },
		{ "data", h->data },
		{ "options", h->options },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		if (texts[i].text && !g_utf8_validate(texts[i].text, -1, NULL))
			g_clear_pointer(&object, json_decref);
		if (!object)
			return NULL;
		jr_json_put_text(object, texts[i].key, texts[i].text);
	}
	jr_json_put_text(object, "keys.p256dh", h->p256dh);
	jr_json_put_text(object, "keys.auth", h->auth);
	for (gsize i = 0; i < G_N_ELEMENTS(vals); i++)
		if (!jr_val_is_null(vals[i].val))
			jr_json_put(object, vals[i].key,
				    jr_doc_of_val(vals[i].val));
	if (h->segments > 0)
		jr_json_put(object, "segments", json_integer(h->segments));
	jr_json_put(object, "now", json_integer(h->now_s));
	if (h->deadline_s)
		jr_json_put(object, "deadline", json_integer(h->deadline_s));
	return object;
}

void jr_answer_say(JrAnswer *answer, JrOutcome outcome, const char *code,
		   const char *reason)
{
	jr_answer_clear(answer);
	answer->outcome = outcome;
	answer->code = g_strdup(code);
	answer->reason = g_strdup(reason);
}
