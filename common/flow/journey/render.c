#include "flow/journey/render.h"
#include "flow/journey/render_links.h"
#include "rules/push.h"
#include "base/doc.h"
#include "base/error.h"

#include <string.h>

#define OPT_OUT_LINE "Reply STOP to opt out"
#define MEMBERS_MAX 12 /* of one of the maps below */

/* A map that is being made in an arena. */
typedef struct {
	JrMember *members;
	JrVal val;
} Map;

static Map map_new(JrArena *arena)
{
	Map map = { .val.type = JR_VAL_MAP };

	map.members = jr_arena_take(arena, MEMBERS_MAX * sizeof(JrMember));
	map.val.members = map.members;
	return map;
}

static void put(Map *map, const char *key, JrVal val)
{
	/* An arena that is full gives maps that stay empty. */
	if (!map->members)
		return;
	g_assert(map->val.len < MEMBERS_MAX);
	map->members[map->val.len++] = (JrMember){
		.key = key, .key_len = (guint32)strlen(key), .val = val
	};
}

/* @base with the members of @extra in place of its own. */
static JrVal overlay(JrArena *arena, const JrVal *base, const JrVal *extra)
{
	JrVal both = { .type = JR_VAL_MAP };
	JrMember *members = jr_arena_take(arena, (base->len + extra->len) *
							 sizeof(JrMember));

	if (!members)
		return both;
	for (guint i = 0; i < extra->len; i++)
		members[both.len++] = extra->members[i];
	for (guint i = 0; i < base->len; i++)
		if (!jr_val_get(extra, base->members[i].key))
			members[both.len++] = base->members[i];
	both.members = members;
	return both;
}

static void put_text(Map *map, const char *key, const char *text)
{
	if (text)
		put(map, key, jr_val_text(text));
}

static JrVal journey_val(JrArena *arena, const JrRun *run)
{
	Map map = map_new(arena);

	put_text(&map, "name", run->row.workflow);
	put(&map, "run", jr_val_int(run->row.run));
	put(&map, "entered_at", jr_val_int(run->row.entered_s));
	put_text(&map, "key", run->row.key);
	return map.val;
}

/* The person's id is theirs to ask for as an attribute is. */
static JrVal customer_val(JrArena *arena, const JrRun *run)
{
	const JrVal *attributes = run->who.attributes;
	Map own = map_new(arena);

	if (!run->who.row.id || jr_val_get(attributes, "id"))
		return *attributes;
	put_text(&own, "id", run->who.row.id);
	return overlay(arena, attributes, &own.val);
}

static JrVal campaign_val(JrArena *arena, const JrRun *run)
{
	Map map = map_new(arena);

	put_text(&map, "id", run->row.workflow);
	put_text(&map, "name", run->row.workflow);
	put_text(&map, "type",
		 jr_trigger_kind_name(run->workflow->trigger.kind));
	put_text(&map, "subscription_topic", run->workflow->topic);
	return map.val;
}

static JrVal message_val(JrArena *arena, const JrRenderAsk *ask)
{
	Map map = map_new(arena);

	put_text(&map, "id", ask->message_id);
	put_text(&map, "name", ask->step->id);
	if (ask->step->message) {
		put_text(&map, "type",
			 jr_channel_name(ask->step->message->channel));
		put_text(&map, "purpose",
			 jr_purpose_name(ask->step->message->purpose));
	}
	put_text(&map, "variant", ask->run->variant);
	return map.val;
}

void jr_render_vars(JrJourneys *journeys, const JrRenderAsk *ask,
		    JrLiquidRun *vars)
{
	JrArena *arena = journeys->arena;
	const JrRun *run = ask->run;
	Map map = map_new(arena);
	JrVal *top;

	put(&map, "customer", customer_val(arena, run));
	put(&map, "event", run->event ? *run->event : jr_val_null);
	put(&map, "trigger", run->event ? *run->event : jr_val_null);
	put(&map, "journey", journey_val(arena, run));
	put(&map, "campaign", campaign_val(arena, run));
	put(&map, "message", message_val(arena, ask));
	put_text(&map, "delivery_id", ask->message_id);
	put_text(&map, "event_name", run->event_name);
	put_text(&map, "event_id", run->event_id);
	if (run->event_name)
		put(&map, "event_timestamp", jr_val_int(run->row.trigger_s));
	top = jr_arena_take(arena, sizeof(JrVal));
	if (top)
		*top = ask->extra ? overlay(arena, &map.val, ask->extra)
				  : map.val;
	*vars = (JrLiquidRun){ .vars = top ? top : &jr_val_null,
			       .fallback = run->who.attributes,
			       .strict = !ask->lax,
			       .now_s = journeys->now_s,
			       .zone = run->who.zone,
			       .zones = journeys->flow->zones,
			       .seed = ask->message_id };
}

/* ---- messages ---- */

/* What goes wrong first is what the gate is told. */
static void fail(JrRendered *rendered, const char *part, const GError *why)
{
	if (!rendered->wrong)
		rendered->wrong = g_strdup_printf("%s: %s", part, why->message);
}

static void render_parts(const JrVariant *variant, const JrLiquidRun *vars,
			 JrRendered *rendered)
{
	for (int part = 0; part <= JR_PART_LAST; part++) {
		g_autoptr(GString) out = g_string_new(NULL);
		g_autoptr(GError) why = NULL;

		if (!variant->parts[part])
			continue;
		if (!jr_liquid_render(variant->parts[part], vars, out, &why))
			fail(rendered, jr_part_name(part), why);
		else
			json_object_set_new(rendered->content,
					    jr_part_name(part),
					    json_stringn(out->str, out->len));
	}
}

static void render_form(const JrForm *form, const char *name,
			const JrLiquidRun *vars, JrRendered *rendered)
{
	g_autoptr(GError) why = NULL;
	json_t *val;

	if (!form)
		return;
	val = jr_form_render(form, vars, &why);
	if (val)
		json_object_set_new(rendered->content, name, val);
	else
		fail(rendered, name, why);
}

static void add_media(const JrVal *media, json_t *content)
{
	json_t *list;

	if (!media)
		return;
	list = json_array();
	for (guint i = 0; i < media->len; i++)
		if (media->items[i].type == JR_VAL_TEXT)
			json_array_append_new(
				list, json_string(media->items[i].text));
	json_object_set_new(content, "media", list);
}

static const char *part(const JrRendered *rendered, JrPart which)
{
	return json_string_value(
		json_object_get(rendered->content, jr_part_name(which)));
}

static void set_part(JrRendered *rendered, JrPart which, const char *text)
{
	json_object_set_new(rendered->content, jr_part_name(which),
			    json_string(text));
}

/* The body with its links as they leave; FALSE: the store failed. */
static gboolean finish_links(JrJourneys *journeys, const JrRenderAsk *ask,
			     JrRendered *rendered, GError **error)
{
	const JrLinks *policy = &journeys->flow->policy->links;
	int wish = ask->step->message->short_links;
	const JrLinksAsk links = {
		.message_id = ask->preview ? NULL : ask->message_id,
		.shorten = wish < 0 ? policy->host && policy->on : wish,
	};
	const char *body = part(rendered, JR_PART_BODY);
	g_autoptr(GError) why = NULL;
	g_autofree char *text = NULL;

	if (!body)
		return TRUE;
	text = jr_render_links(journeys, &links, body, &why);
	if (text) {
		set_part(rendered, JR_PART_BODY, text);
		return TRUE;
	}
	if (g_error_matches(why, JR_ERROR, JR_ERROR_INPUT)) {
		fail(rendered, "body", why);
		return TRUE;
	}
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

/* Whether @text has @word in it, in any case. */
static gboolean has_word(const char *text, const char *word)
{
	g_autofree char *low = g_utf8_casefold(text, -1);
	g_autofree char *sought = g_utf8_casefold(word, -1);

	return strstr(low, sought) != NULL;
}

/*
 * The first text that a number gets says who writes and how to end it; carriers
 * ask for both.
 */
static void introduce(const JrPolicy *policy, GString *text)
{
	const char *line =
		policy->opt_out_line ? policy->opt_out_line : OPT_OUT_LINE;

	if (policy->brand && !has_word(text->str, policy->brand)) {
		g_string_prepend(text, ": ");
		g_string_prepend(text, policy->brand);
	}
	if (*line && !has_word(text->str, "stop"))
		g_string_append_printf(text, " %s", line);
}

/* The text of an SMS as it leaves, and what it costs. */
static void finish_sms(const JrPolicy *policy, const JrRenderAsk *ask,
		       JrRendered *rendered)
{
	const char *body = part(rendered, JR_PART_BODY);
	g_autofree char *bare = g_strstrip(g_strdup(body ? body : ""));
	g_autoptr(GString) text = g_string_new(bare);
	g_autofree char *smart = NULL;

	if (ask->first && !ask->step->message->names_sender)
		introduce(policy, text);
	if (policy->sms_smart)
		smart = jr_sms_smart(text->str);
	body = smart ? smart : text->str;
	rendered->sms = jr_sms_count(body);
	set_part(rendered, JR_PART_BODY, body);
	json_object_set_new(
		rendered->content, "encoding",
		json_string(jr_sms_encoding_name(rendered->sms.encoding)));
	json_object_set_new(rendered->content, "segments",
			    json_integer(rendered->sms.segments));
}

/* What a lock screen would cut is cut at the end of a word, if so wanted. */
static void finish_push(const JrPolicy *policy, const JrMessageStep *message,
			JrRendered *rendered)
{
	const gboolean cuts =
		message->cut < 0 ? policy->push_cut : message->cut > 0;
	const struct {
		JrPart which;
		guint max;
	} limits[] = {
		{ JR_PART_TITLE, policy->push.title_max },
		{ JR_PART_BODY, policy->push.body_max },
	};

	for (guint i = 0; cuts && i < G_N_ELEMENTS(limits); i++) {
		const char *text = part(rendered, limits[i].which);
		g_autofree char *cut = NULL;

		if (!text)
			continue;
		cut = jr_push_cut(text, limits[i].max);
		set_part(rendered, limits[i].which, cut);
	}
}

static gboolean finish(JrJourneys *journeys, const JrRenderAsk *ask,
		       JrRendered *rendered, GError **error)
{
	const JrPolicy *policy = journeys->flow->policy;

	switch (ask->step->message->channel) {
	case JR_CHANNEL_SMS:
		if (!finish_links(journeys, ask, rendered, error))
			return FALSE;
		finish_sms(policy, ask, rendered);
		break;
	case JR_CHANNEL_PUSH:
		finish_push(policy, ask->step->message, rendered);
		break;
	case JR_CHANNEL_WHATSAPP:
		return finish_links(journeys, ask, rendered, error);
	case JR_CHANNEL_EMAIL:
		break;
	}
	return TRUE;
}

gboolean jr_render_message(JrJourneys *journeys, const JrRenderAsk *ask,
			   JrRendered *rendered, GError **error)
{
	const JrMessageStep *message = ask->step->message;
	const JrVariant *variant = jr_message_variant(
		message, jr_val_get_text(ask->run->who.attributes, "locale"));
	JrLiquidRun vars;

	*rendered = (JrRendered){ .content = json_object() };
	jr_render_vars(journeys, ask, &vars);
	render_parts(variant, &vars, rendered);
	render_form(message->data, "data", &vars, rendered);
	render_form(message->options, "options", &vars, rendered);
	add_media(message->media, rendered->content);
	if (message->tmpl)
		json_object_set_new(rendered->content, "template",
				    json_string(message->tmpl));
	return finish(journeys, ask, rendered, error);
}

void jr_rendered_clear(JrRendered *rendered)
{
	json_decref(rendered->content);
	rendered->content = NULL;
	g_clear_pointer(&rendered->wrong, g_free);
}

json_t *jr_render_form(JrJourneys *journeys, const JrRenderAsk *ask,
		       GError **error)
{
	JrLiquidRun vars;

	if (!ask->step->form)
		return json_object();
	jr_render_vars(journeys, ask, &vars);
	return jr_form_render(ask->step->form, &vars, error);
}
