#include "lang/expr_run.h"

#include <string.h>

typedef struct {
	const JrExpr *expr;
	const GPtrArray *values; /* by id of node; NULL: not looked at */
	JrExprExplainFn each;
	gpointer user;
} Explain;

/* The end of the text in quotes at @at, before @end. */
static const char *skip_text(const char *at, const char *end)
{
	char quote = *at++;

	for (; at < end && *at != quote; at++)
		if (*at == '\\' && at + 1 < end)
			at++;
	return MIN(at + 1, end);
}

/* What stands from @at to @end without comments, and one blank for all; owned.
 */
static char *on_one_line(const char *at, const char *end)
{
	GString *out = g_string_new(NULL);

	while (at < end) {
		const char *from = at;

		if (*at == '"' || *at == '\'')
			at = skip_text(at, end);
		else if (*at == '#')
			from = at += strcspn(at, "\n");
		else if (!g_ascii_isspace(*at))
			at++;
		else {
			at += strspn(at, " \t\r\n");
			from = out->len == 0 || at == end ||
					       out->str[out->len - 1] == ' '
				       ? at
				       : at - 1;
		}
		if (from < at && g_ascii_isspace(*from))
			g_string_append_c(out, ' ');
		else
			g_string_append_len(out, from, at - from);
	}
	return g_string_free(out, FALSE);
}

char *jr_expr_on_one_line(const char *text)
{
	return g_strchomp(on_one_line(text, text + strlen(text)));
}

/* Whether @kid of @node is looked at for each event. */
static gboolean is_per_event(const ExprNode *node, const ExprNode *kid)
{
	return node->kind == NODE_SELECT && kid != node->select->since &&
	       kid != node->select->before;
}

static void explain_node(const Explain *e, const ExprNode *node, guint depth)
{
	const char *value = e->values->pdata[node->id];
	const char *text = e->expr->text + node->offset;
	g_autofree char *source = on_one_line(text, text + node->bytes);

	e->each(e->user, depth, source, value ? value : "?");
	for (guint i = 0; i < node->n_kids; i++)
		if (!is_per_event(node, node->kids[i]))
			explain_node(e, node->kids[i], depth + 1);
}

gboolean jr_expr_explain(const JrExpr *expr, const JrFacts *facts,
			 JrExprExplainFn each, gpointer user, GError **error)
{
	g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);
	ExprRun run = { .expr = expr,
			.facts = facts,
			.now_s = facts->now_s,
			.next_s = G_MAXINT64,
			.trace = values,
			.error = error };
	const Explain explain = { expr, values, each, user };
	ExprValue value;

	g_ptr_array_set_size(values, (int)expr->n_nodes);
	if (!expr_eval(&run, expr->top, &value))
		return FALSE;
	explain_node(&explain, expr->top, 0);
	return TRUE;
}
