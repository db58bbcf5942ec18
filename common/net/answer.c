#include "net/answer.h"

#include <string.h>

#define MAX_JSON ((gsize)64 * 1024)
#define MAX_DEPTH 32
#define MAX_CODE 64
#define MAX_ID 4096 /* bytes; Google's tokens are about 1 kB */

void jr_answer_copy(JrAnswer *copy, const JrAnswer *answer)
{
	*copy = *answer;
	copy->provider_id = g_strdup(answer->provider_id);
	copy->code = g_strdup(answer->code);
	copy->reason = g_strdup(answer->reason);
	copy->price = g_strdup(answer->price);
	copy->currency = g_strdup(answer->currency);
}

void jr_check_clear(JrCheck *check)
{
	g_free(check->said);
	*check = (JrCheck){ 0 };
}

void jr_answer_clear(JrAnswer *answer)
{
	g_free(answer->provider_id);
	g_free(answer->code);
	g_free(answer->reason);
	g_free(answer->price);
	g_free(answer->currency);
	*answer = (JrAnswer){ 0 };
}

/* Whether brackets outside of strings stand no deeper than MAX_DEPTH; jansson
 * recurses on each. */
static gboolean is_shallow(const GString *body)
{
	gboolean in_string = FALSE;
	int depth = 0;

	for (gsize i = 0; i < body->len; i++) {
		char c = body->str[i];

		if (c == '\\' && in_string)
			i++;
		else if (c == '"')
			in_string = !in_string;
		else if (!in_string && (c == '{' || c == '['))
			depth++;
		else if (!in_string && (c == '}' || c == ']'))
			depth--;
		if (depth > MAX_DEPTH)
			return FALSE;
	}
	return TRUE;
}

json_t *jr_answer_json_max(const GString *body, gsize max)
{
	g_autoptr(json_t) object = NULL;

	if (body->len > max || !is_shallow(body))
		return NULL;
	object = json_loadb(body->str, body->len, JSON_REJECT_DUPLICATES, NULL);
	return json_is_object(object) ? g_steal_pointer(&object) : NULL;
}

json_t *jr_answer_json(const GString *body)
{
	return jr_answer_json_max(body, MAX_JSON);
}

const char *jr_answer_keep(const json_t *object, const char *key,
			   JrArena *arena)
{
	const json_t *value = json_object_get(object, key);
	char digits[24];

	if (json_is_string(value))
		return jr_arena_text(arena, json_string_value(value),
				     json_string_length(value));
	if (!json_is_integer(value))
		return NULL;
	g_snprintf(digits, sizeof digits, "%" JSON_INTEGER_FORMAT,
		   json_integer_value(value));
	return jr_arena_text(arena, digits, strlen(digits));
}

const char *jr_answer_text(const json_t *object, const char *path)
{
	g_auto(GStrv) keys = g_strsplit(path, ".", -1);

	for (char **key = keys; *key; key++)
		object = json_object_get(object, *key);
	return json_string_value(object);
}

const char *jr_answer_code(const char *code)
{
	gsize len = code ? strspn(code, "abcdefghijklmnopqrstuvwxyz"
					"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					"0123456789_.-")
			 : 0;

	return len > 0 && len <= MAX_CODE && code[len] == '\0' ? code : NULL;
}

const char *jr_answer_id(const char *id)
{
	gsize len = 0;

	while (id && g_ascii_isgraph(id[len]))
		len++;
	return len > 0 && len <= MAX_ID && id[len] == '\0' ? id : NULL;
}

void jr_answer_set(JrAnswer *answer, const JrProvider *provider,
		   const char *code, int status)
{
	const char *known = jr_answer_code(code);
	const JrClass *class =
		jr_classes_of_answer(provider->classes, known, status);

	answer->outcome = class->outcome;
	answer->wait_s = class->wait_s;
	g_free(answer->code);
	g_free(answer->reason);
	answer->code =
		known ? g_strdup(known) : g_strdup_printf("http-%d", status);
	answer->reason = g_strdup(class->text);
}

void jr_answer_check(const JrAnswer *answer, JrOutcome good, JrCheck *check)
{
	gboolean later = answer->outcome == JR_OUTCOME_WAIT ||
			 answer->outcome == JR_OUTCOME_UNKNOWN;

	check->state = later ? JR_CHECK_LATER : JR_CHECK_WRONG;
	if (answer->outcome == good)
		check->state = JR_CHECK_GOOD;
	check->said = g_strdup_printf(
		"%s: %s", answer->code ? answer->code : "taken",
		answer->reason ? answer->reason : "it should not be");
}

void jr_answer_check_status(const JrHttpAnswer *http, JrCheck *check)
{
	check->state = http->status / 100 == 2 ? JR_CHECK_GOOD
		       : http->status == 429 || http->status >= 500
			       ? JR_CHECK_LATER
			       : JR_CHECK_WRONG;
	if (check->state != JR_CHECK_GOOD)
		check->said = g_strdup_printf(
			"HTTP status %d: check the account and its key",
			http->status);
}
