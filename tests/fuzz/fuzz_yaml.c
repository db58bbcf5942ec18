/* YAML: any bytes are read or refused, and places lie within the text. */
#include "base/error.h"
#include "base/excerpt.h"
#include "io/yaml.h"
#include "lang/expr.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As an expression, it is one or is refused at a place. */
static void check_text(const JrVal *text)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(JrExpr) expr = jr_expr_new_in(text, "f", &error);
	JrPlace place;

	g_assert(strlen(text->text) == text->len);
	g_assert(!expr == !!error);
	if (error)
		g_assert(jr_place_of(error->message, &place) &&
			 place.len == 1 && place.line >= text->line);
}

static void check(const JrVal *val, guint depth)
{
	g_assert(val->line >= 1 && val->column >= 1);
	g_assert(depth <= JR_YAML_MAX_DEPTH);
	if (val->type == JR_VAL_TEXT)
		check_text(val);
	if (val->type == JR_VAL_LIST)
		for (guint32 i = 0; i < val->len; i++)
			check(&val->items[i], depth + 1);
	if (val->type == JR_VAL_MAP)
		for (guint32 i = 0; i < val->len; i++) {
			const JrMember *member = &val->members[i];

			g_assert(strlen(member->key) == member->key_len);
			g_assert(jr_val_get(val, member->key) == &member->val);
			check(&member->val, depth + 1);
		}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(JrArena) arena = jr_arena_new((gsize)256 << 20);
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autoptr(GError) error = NULL;
	const JrVal *val = jr_yaml_parse(arena, text, size, "f", &error);

	g_assert(!val == !!error);
	if (val)
		check(val, 0);
	else
		g_assert(g_error_matches(error, JR_ERROR, JR_ERROR_CONFIG) &&
			 g_str_has_prefix(error->message, "f:"));
	return 0;
}
