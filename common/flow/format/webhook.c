#include "flow/format/webhook.h"
#include "flow/format/trust.h"
#include "io/json.h"
#include "net/form.h"
#include "rules/phone.h"

#include <string.h>

#define FIELDS_MAX 200
#define WHATSAPP "whatsapp:"

gboolean jr_webhook_is(const JrVal *val, const char *source)
{
	const char *is = jr_val_get_text(val, "source");

	return is && g_str_equal(is, source) &&
	       (jr_val_get(val, "body") || jr_val_get(val, "url"));
}

/* @text, a form, as a map of texts; of a name that comes twice, the first. */
static gboolean read_form(JrFormatLine *line, JrWebhook *hook, const char *text,
			  gsize len)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(GArray) form = jr_form_parse(text, len, FIELDS_MAX, &why);
	JrMember *members;
	JrVal *map;

	if (!form)
		return jr_line_refuse(line, "body", "%s", why->message);
	map = jr_arena_take(line->arena, sizeof *map);
	members = jr_arena_take(line->arena, form->len * sizeof *members);
	g_assert(map && members);
	*map = (JrVal){ .type = JR_VAL_MAP, .members = members };
	for (guint i = 0; i < form->len; i++) {
		const JrFormField *field = &g_array_index(form, JrFormField, i);

		if (jr_val_get(map, field->name))
			continue;
		members[map->len++] = (JrMember){
			.key = jr_line_keep(line, field->name,
					    strlen(field->name)),
			.key_len = strlen(field->name),
			.val = jr_val_text(jr_line_keep(line, field->value,
							strlen(field->value))),
		};
	}
	hook->fields = map;
	return TRUE;
}

static gboolean read_json(JrFormatLine *line, JrWebhook *hook)
{
	g_autoptr(GError) why = NULL;

	hook->fields = jr_json_parse(line->arena, hook->body.text,
				     hook->body.len, &why);
	return hook->fields || jr_line_refuse(line, "body", "%s", why->message);
}

/* A GET says all in its URL. */
static gboolean read_query(JrFormatLine *line, JrWebhook *hook)
{
	const char *query = hook->url ? strchr(hook->url, '?') : NULL;

	return query ? read_form(line, hook, query + 1, strcspn(query + 1, "#"))
		     : jr_line_refuse(line, "body", "missing");
}

static gboolean read_fields(JrFormatLine *line, JrWebhook *hook)
{
	const JrVal *body = jr_val_get(line->val, "body");

	if (jr_val_is_null(body) ||
	    (body->type == JR_VAL_TEXT && body->len == 0))
		return read_query(line, hook);
	if (body->type == JR_VAL_MAP || body->type == JR_VAL_LIST) {
		hook->fields = body;
		hook->parsed = TRUE;
		return TRUE;
	}
	if (body->type != JR_VAL_TEXT)
		return jr_line_refuse(line, "body",
				      "%s: write the body as it came",
				      jr_val_type_name(body));
	hook->body = (JrSlice){ body->text, body->len };
	return body->text[0] == '{' || body->text[0] == '['
		       ? read_json(line, hook)
		       : read_form(line, hook, body->text, body->len);
}

gboolean jr_webhook_read(JrFormatLine *line, const char *source,
			 JrWebhook *hook)
{
	*hook = (JrWebhook){
		.url = jr_val_get_text(line->val, "url"),
		.headers = jr_val_get(line->val, "headers"),
	};
	if (!jr_webhook_is(line->val, source))
		return jr_line_refuse(line, "source",
				      "no webhook of %s: write {\"source\":"
				      "\"%s\",\"url\":…,\"headers\":…,"
				      "\"body\":…}",
				      source, source);
	return read_fields(line, hook) &&
	       jr_trust_check(line, hook, source, FALSE);
}

gboolean jr_webhook_bare(JrFormatLine *line, const char *source,
			 JrWebhook *hook)
{
	*hook = (JrWebhook){ .fields = line->val, .parsed = TRUE };
	return jr_trust_check(line, hook, source, TRUE);
}

const char *jr_webhook_text(JrFormatLine *line, const JrVal *map,
			    const char *const *keys)
{
	for (; *keys; keys++) {
		const JrVal *val = jr_val_get(map, *keys);

		if (val && val->type == JR_VAL_TEXT && val->len > 0)
			return jr_line_keep(line, val->text, val->len);
		if (val && val->type == JR_VAL_INT)
			return jr_line_printf(line, "%" G_GINT64_FORMAT,
					      val->num);
	}
	return NULL;
}

JrIngestRec *jr_webhook_add(JrFormatLine *line, JrIngestAction action)
{
	JrIngestRec *rec = jr_line_add(line, action);

	return jr_line_at(line, rec, "received_at",
			  jr_val_get(line->val, "received_at"))
		       ? rec
		       : NULL;
}

const char *jr_webhook_header(const JrWebhook *hook, const char *name)
{
	const JrVal *headers = hook->headers;

	if (!headers || headers->type != JR_VAL_MAP)
		return NULL;
	for (guint32 i = 0; i < headers->len; i++) {
		const JrVal *val = &headers->members[i].val;

		if (g_ascii_strcasecmp(headers->members[i].key, name) != 0)
			continue;
		/* Some servers log every header as a list. */
		if (val->type == JR_VAL_LIST && val->len > 0)
			val = &val->items[0];
		return val->type == JR_VAL_TEXT ? val->text : NULL;
	}
	return NULL;
}

const char *jr_webhook_query(JrFormatLine *line, const JrWebhook *hook,
			     const char *name)
{
	const char *query = hook->url ? strchr(hook->url, '?') : NULL;
	g_autoptr(GArray) fields = NULL;
	const char *value;

	if (!query)
		return NULL;
	query++;
	fields = jr_form_parse(query, strcspn(query, "#"), FIELDS_MAX, NULL);
	value = fields ? jr_form_get(fields, name) : NULL;
	return value && *value ? jr_line_keep(line, value, strlen(value))
			       : NULL;
}

gboolean jr_webhook_number(JrFormatLine *line, const char *field,
			   const char *text, const char **number,
			   JrChannel *channel)
{
	g_autofree char *plus = NULL;

	if (!text)
		return jr_line_refuse(line, field, "missing");
	*channel = JR_CHANNEL_SMS;
	if (g_str_has_prefix(text, WHATSAPP)) {
		*channel = JR_CHANNEL_WHATSAPP;
		text += strlen(WHATSAPP);
	}
	/* Some leave the plus out; a number is international all the same. */
	if (g_ascii_isdigit(text[0]))
		text = plus = g_strconcat("+", text, NULL);
	if (!jr_phone_valid(text))
		return jr_line_refuse(line, field, "no number in E.164");
	*number = jr_line_keep(line, text, strlen(text));
	return TRUE;
}
