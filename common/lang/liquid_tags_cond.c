/* liquid_tags_cond.c - if, unless, case and ifchanged. */
#include "lang/liquid_impl.h"

#include <string.h>

/* ------------------------------------------------------------ if, unless */

typedef struct {
	const LqCond *cond; /* NULL: else */
	gboolean negated;
	LqBlock body;
} Branch;

typedef struct {
	Branch *branches;
	guint n;
} If;

static void keep_branches(LqParser *p, If *data, const GArray *all)
{
	gboolean blank = TRUE;

	data->n = all->len;
	data->branches = lq_parse_new(p, all->len * sizeof(Branch));
	memcpy(data->branches, all->data, all->len * sizeof(Branch));
	for (guint i = 0; i < data->n; i++)
		blank &= data->branches[i].body.blank;
	for (guint i = 0; blank && i < data->n; i++)
		lq_block_hush(&data->branches[i].body);
}

static gboolean all_blank(const If *data)
{
	for (guint i = 0; i < data->n; i++)
		if (!data->branches[i].body.blank)
			return FALSE;
	return TRUE;
}

/* Branch after branch: the condition of the first is in hand. */
static gboolean parse_branches(LqParser *p, const LqNode *node, GArray *all,
			       const char *const *stops)
{
	const char *name = node->tag->name;
	int which = 1; /* the tag in hand: as "elsif" */

	do {
		Branch b = { .negated = all->len == 0 && *name == 'u' };

		/* What stands after else is not looked at, as in Shopify's. */
		if (which == 1 && !(b.cond = lq_parse_cond(p)))
			return FALSE;
		which = lq_parse_block(p, &b.body, name, node->pos, stops);
		g_array_append_val(all, b);
	} while (which > 0);
	return which == 0;
}

static gboolean parse_if_like(LqParser *p, LqNode *node,
			      const char *const *stops)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Branch));
	If *data = node->data = lq_parse_new(p, sizeof *data);

	if (!parse_branches(p, node, all, stops))
		return FALSE;
	keep_branches(p, data, all);
	node->blank = all_blank(data);
	return TRUE;
}

static gboolean parse_if(LqParser *p, LqNode *node)
{
	static const char *const stops[] = { "endif", "elsif", "else", NULL };

	return parse_if_like(p, node, stops);
}

static gboolean parse_unless(LqParser *p, LqNode *node)
{
	static const char *const stops[] = { "endunless", "elsif", "else",
					     NULL };

	return parse_if_like(p, node, stops);
}

static LqFlow render_if(LqRun *run, const LqNode *node)
{
	const If *data = node->data;

	for (guint i = 0; i < data->n; i++) {
		const Branch *b = &data->branches[i];
		gboolean yes = !b->cond || lq_holds(run, b->cond) != b->negated;

		if (run->error)
			return LQ_FAILED;
		if (yes)
			return lq_render_block(run, &b->body);
	}
	return LQ_GO;
}

static void visit_if(LqVisit *visit, const LqNode *node)
{
	const If *data = node->data;

	for (guint i = 0; i < data->n; i++) {
		lq_visit_cond(visit, data->branches[i].cond);
		lq_visit_block(visit, &data->branches[i].body);
	}
}

/* ------------------------------------------------------------------ case */

typedef struct {
	const LqExpr *value; /* NULL: else */
	const LqBlock *body; /* shared by the values of one when */
} When;

typedef struct {
	const LqExpr *value;
	LqBlock before; /* what stands before the first when: never shown */
	When *whens;
	guint n;
} Case;

/* when 'a', 'b' or 'c': a When for each. */
static gboolean parse_whens(LqParser *p, GArray *all, const LqBlock *body)
{
	for (;;) {
		When when = { .body = body };

		when.value = lq_parse_operand(p);
		if (!when.value)
			return FALSE;
		g_array_append_val(all, when);
		if (p->lex.type == LQ_T_END)
			return TRUE;
		if (!lq_lex_is(&p->lex, ',') && !lq_lex_word(&p->lex, "or"))
			return lq_expected(p, "',' or 'or' or the end");
		lq_lex_next(&p->lex);
	}
}

static gboolean parse_cases(LqParser *p, const LqNode *node, GArray *all)
{
	static const char *const stops[] = { "endcase", "when", "else", NULL };
	Case *data = node->data;
	LqBlock *body = &data->before;
	int which;

	while ((which = lq_parse_block(p, body, "case", node->pos, stops)) >
	       0) {
		When otherwise = { 0 };

		body = lq_parse_new(p, sizeof *body);
		otherwise.body = body;
		if (which == 2)
			g_array_append_val(all, otherwise);
		if (which == 2 ? !lq_parse_end(p) : !parse_whens(p, all, body))
			return FALSE;
	}
	return which == 0;
}

static void keep_whens(LqParser *p, LqNode *node, const GArray *all)
{
	Case *data = node->data;

	data->n = all->len;
	data->whens = lq_parse_new(p, all->len * sizeof(When));
	if (all->len > 0)
		memcpy(data->whens, all->data, all->len * sizeof(When));
	node->blank = data->before.blank;
	for (guint i = 0; i < data->n; i++)
		node->blank &= data->whens[i].body->blank;
	for (guint i = 0; node->blank && i < data->n; i++)
		lq_block_hush((LqBlock *)data->whens[i].body);
}

static gboolean parse_case(LqParser *p, LqNode *node)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(When));
	Case *data = node->data = lq_parse_new(p, sizeof *data);

	data->value = lq_parse_expr(p);
	if (!data->value || !lq_parse_end(p) || !parse_cases(p, node, all))
		return FALSE;
	keep_whens(p, node, all);
	return TRUE;
}

/* Every when that matches is shown; else, where none before it has. */
static LqFlow render_case(LqRun *run, const LqNode *node)
{
	const Case *data = node->data;
	LqVal value = lq_eval(run, data->value);
	gboolean matched = FALSE;
	LqFlow flow = LQ_GO;

	for (guint i = 0; i < data->n && flow == LQ_GO; i++) {
		const When *when = &data->whens[i];
		gboolean yes = !matched;

		if (when->value) {
			LqVal other = lq_eval(run, when->value);

			yes = lq_pay(run, 1) && lq_equal(run, &value, &other);
			matched |= yes;
		}
		if (yes)
			flow = lq_render_block(run, when->body);
	}
	return flow;
}

static void visit_case(LqVisit *visit, const LqNode *node)
{
	const Case *data = node->data;
	const LqBlock *last = NULL;

	lq_visit_expr(visit, data->value, TRUE);
	for (guint i = 0; i < data->n; i++) {
		if (data->whens[i].value)
			lq_visit_expr(visit, data->whens[i].value, TRUE);
		if (data->whens[i].body != last)
			lq_visit_block(visit, data->whens[i].body);
		last = data->whens[i].body;
	}
}

/* ------------------------------------------------------------- ifchanged */

static gboolean parse_ifchanged(LqParser *p, LqNode *node)
{
	static const char *const stops[] = { "endifchanged", NULL };
	LqBlock *body = node->data = lq_parse_new(p, sizeof *body);

	if (!lq_parse_end(p) ||
	    lq_parse_block(p, body, "ifchanged", node->pos, stops) < 0)
		return FALSE;
	node->blank = body->blank;
	return TRUE;
}

static LqFlow render_ifchanged(LqRun *run, const LqNode *node)
{
	LqText text;
	LqFlow flow = lq_render_aside(run, node->data, &text);

	if (flow == LQ_FAILED ||
	    (run->shown && g_str_equal(run->shown, text.str)))
		return flow;
	run->shown = text.str;
	return lq_write(run, text) ? flow : LQ_FAILED;
}

static void visit_ifchanged(LqVisit *visit, const LqNode *node)
{
	lq_visit_block(visit, node->data);
}

const LqTag lq_tags_cond[] = {
	{ "if", parse_if, render_if, visit_if, FALSE, NULL },
	{ "unless", parse_unless, render_if, visit_if, FALSE, NULL },
	{ "case", parse_case, render_case, visit_case, FALSE, NULL },
	{ "ifchanged", parse_ifchanged, render_ifchanged, visit_ifchanged,
	  FALSE, NULL },
	{ 0 },
};
