#include "lang/expr_parser.h"

#include <string.h>

/* A name after a dot, or the first; "a.b.c" is one step. */
static gboolean parse_keys(ExprParser *p, GArray *steps)
{
	GString *keys = g_string_new(NULL);
	ExprStep step = { .dotted = FALSE };

	while (p->token.kind == TOKEN_NAME) {
		g_string_append_len(keys, p->token.text, p->token.len);
		expr_advance(p);
		if (!expr_at(p, "."))
			break;
		expr_advance(p);
		step.dotted = TRUE;
		g_string_append_c(keys, '.');
	}
	/* It may not end with a dot. */
	if (keys->len > 0 && keys->str[keys->len - 1] != '.') {
		step.key = expr_keep(p, keys->str, keys->len);
		g_array_append_val(steps, step);
	} else {
		expr_unexpected(p, "expected a name");
	}
	g_string_free(keys, TRUE);
	return step.key != NULL;
}

/* What stands between brackets: an index or a key. */
static gboolean parse_bracket(ExprParser *p, GArray *steps)
{
	gboolean negative = expr_accept(p, "-");
	const ExprToken *token = &p->token;
	ExprStep step = { .key = NULL };

	if (token->kind == TOKEN_TEXT && !negative) {
		step.key = token->text;
	} else if (token->kind == TOKEN_NUMBER &&
		   token->value.kind == EXPR_INT &&
		   token->value.num <= G_MAXINT32) {
		step.index = (gint32)token->value.num * (negative ? -1 : 1);
	} else {
		expr_unexpected(p, "expected a number from 0, or a key in "
				   "quotes");
		return FALSE;
	}
	g_array_append_val(steps, step);
	expr_advance(p);
	return expr_expect(p, "]");
}

/* The keys before the first index, with dots between them. */
static const char *path_name(ExprParser *p, const ExprPath *path)
{
	GString *name = g_string_new(NULL);
	const char *kept;

	for (guint i = 0; i < path->n_steps && path->steps[i].key; i++)
		g_string_append_printf(name, "%s%s", i > 0 ? "." : "",
				       path->steps[i].key);
	kept = expr_keep(p, name->str, name->len);
	g_string_free(name, TRUE);
	return kept;
}

/* The root that the name at hand is, when it stands for one. */
static ExprRoot parse_root(ExprParser *p, gboolean *bare)
{
	static const char *const roots[] = { "customer", "event", "trigger" };

	*bare = FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(roots); i++)
		if (expr_accept(p, roots[i]))
			return (ExprRoot)i;
	*bare = TRUE;
	return ROOT_CUSTOMER;
}

gboolean expr_parse_path(ExprParser *p, ExprPath *path)
{
	g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, sizeof(ExprStep));
	gboolean keys, ok = TRUE;

	path->root = parse_root(p, &keys);
	keys = keys || expr_accept(p, ".");
	for (;;) {
		if (keys)
			ok = parse_keys(p, steps);
		if (ok && expr_accept(p, "["))
			ok = parse_bracket(p, steps);
		else
			break;
		keys = expr_accept(p, ".");
	}
	if (!ok)
		return FALSE;
	path->n_steps = steps->len;
	path->steps = expr_keep(p, steps->data, steps->len * sizeof(ExprStep));
	path->name = path_name(p, path);
	return TRUE;
}

gboolean expr_is_reserved(const ExprParser *p)
{
	static const char *const reserved[] = {
		"and",	 "or",	 "not", "in",	    "has",	   "true",
		"false", "null", "now", "contains", "starts_with", "ends_with",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(reserved); i++)
		if (expr_at(p, reserved[i]))
			return TRUE;
	return FALSE;
}
