/* liquid_tags_snippet.c - render and include. */
#include "lang/liquid_impl.h"

#include <string.h>

typedef struct {
	const LqExpr *name;
	const LqTemplate *template; /* NULL: the name is known later */
	const LqExpr *with;	    /* the value handed in, or NULL */
	gboolean each;		    /* for: once for every item of it */
	gboolean has_alias;
	guint symbol; /* what the value is called within */
	guint loop_symbol;
	LqNamed *named;
	guint n_named;
	LqExpr variable; /* include without a value hands in its namesake */
} Snippet;

/* ----------------------------------------------------------------- parsing */

/* "shop/hero" is known as hero within itself. */
static const char *short_name(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash ? slash + 1 : name;
}

static gboolean parse_value(LqParser *p, Snippet *s)
{
	const char *alias;

	s->each = lq_lex_word(&p->lex, "for");
	if (s->each || lq_lex_word(&p->lex, "with")) {
		/* An argument may have that name, too. */
		if (lq_lex_ahead(&p->lex) == ':')
			return TRUE;
		lq_lex_next(&p->lex);
		s->with = lq_parse_expr(p);
		if (!s->with)
			return FALSE;
	}
	if (!lq_lex_word(&p->lex, "as") || lq_lex_ahead(&p->lex) == ':')
		return TRUE;
	lq_lex_next(&p->lex);
	s->has_alias = TRUE;
	return lq_parse_target(p, &s->symbol, &alias);
}

/* What the value is called within the snippet @name, and what it is if the tag
 * does not say: the variable that has the snippet's name. */
static void name_value(JrLiquid *liquid, Snippet *s, const char *name)
{
	if (!s->has_alias)
		s->symbol = lq_symbol(liquid, short_name(name));
	s->variable = (LqExpr){ .type = LQ_EXPR_PATH,
				.pos = s->name->pos,
				.snippet = s->name->snippet };
	s->variable.text = name;
	s->variable.name = lq_str(name);
	s->variable.symbol = lq_symbol(liquid, name);
}

/* The snippet, where the template names it. */
static gboolean find_template(LqParser *p, Snippet *s)
{
	const char *name = s->name->value.val.text;

	if (!lq_is_type(&s->name->value, JR_VAL_TEXT))
		return lq_bad(p, s->name->pos,
			      "the name of a snippet is a text: write it in "
			      "quotes");
	name_value(p->liquid, s, name);
	s->template = lq_parse_snippet(p, name, s->name->pos);
	return s->template != NULL;
}

static gboolean parse_snippet(LqParser *p, LqNode *node)
{
	Snippet *s = node->data = lq_parse_new(p, sizeof *s);

	s->loop_symbol = lq_symbol(p->liquid, "forloop");
	s->name = lq_parse_expr(p);
	return s->name && parse_value(p, s) &&
	       lq_parse_named(p, &s->named, &s->n_named) &&
	       (s->name->type != LQ_EXPR_CONST || find_template(p, s));
}

static gboolean parse_render(LqParser *p, LqNode *node)
{
	if (p->lex.type != LQ_T_STRING)
		return lq_expected(p, "the name of a snippet in quotes");
	return parse_snippet(p, node);
}

gboolean lq_parse_snippets_name(LqParser *p, const LqChain *chain, LqNode *node)
{
	const JrLiquidSource *source = &p->liquid->source;
	const LqExpr *in = chain->in;
	Snippet *s;
	LqExpr *name;

	if (!in || chain->n_calls > 0 || in->type != LQ_EXPR_PATH || in->root ||
	    !lq_str_is(in->name, "snippets") || in->n_keys != 1 ||
	    in->keys[0].expr || !source->snippet ||
	    !source->snippet(source->snippet_data, in->keys[0].name.str))
		return TRUE;
	s = lq_parse_new(p, sizeof *s);
	name = lq_parse_new(p, sizeof *name);
	*name = (LqExpr){ .type = LQ_EXPR_CONST, .pos = in->pos };
	name->snippet = in->snippet;
	name->value = lq_text_val(in->keys[0].name.str);
	s->name = name;
	s->loop_symbol = lq_symbol(p->liquid, "forloop");
	node->tag = lq_tags_snippet;
	node->data = s;
	return find_template(p, s);
}

/* --------------------------------------------------------------- rendering */

static LqFlow render_template(LqRun *run, const LqTemplate *template)
{
	const char *outer = run->snippet;
	LqFlow flow;

	if (!template->parsed) {
		lq_fail(run, "snippet '%s' is wrong itself", template->name);
		return LQ_FAILED;
	}
	run->snippet = template->name;
	flow = lq_render_block(run, &template->body);
	run->snippet = outer;
	return flow;
}

/* One use of render: with variables of its own. */
static LqFlow render_isolated(LqRun *run, const Snippet *s, const LqVal *value,
			      const LqLoop *loop)
{
	LqScope *outer = run->scope, *inner = lq_scope_new(run);
	const LqLoop *outer_loop = run->loop;
	LqFlow flow = LQ_FAILED;

	if (!inner)
		return LQ_FAILED;
	inner->isolated = TRUE;
	for (guint i = 0; i < s->n_named; i++) {
		LqVal v = lq_eval(run, s->named[i].expr);

		run->scope = inner;
		lq_assign(run, s->named[i].symbol, v);
		run->scope = outer;
	}
	run->scope = inner;
	run->loop = NULL;
	if (loop)
		lq_assign(run, s->loop_symbol,
			  (LqVal){ .kind = LQ_LOOP, .loop = loop });
	if (value && (!lq_is_nil(value) || value->missing))
		lq_assign(run, s->symbol, *value);
	if (!run->error)
		flow = render_template(run, s->template);
	run->scope = outer;
	run->loop = outer_loop;
	/* A break within ends the snippet only. */
	return flow == LQ_FAILED ? LQ_FAILED : LQ_GO;
}

static LqFlow render_each(LqRun *run, const Snippet *s, const LqVal *value)
{
	LqLoop *loop = lq_take(run, sizeof *loop);
	LqFlow flow = LQ_GO;

	if (!loop)
		return LQ_FAILED;
	*loop = (LqLoop){ .name = s->name->value.val.text,
			  .length = lq_each_length(value) };
	for (; loop->index < loop->length && flow == LQ_GO; loop->index++) {
		LqVal item = lq_each_item(run, value, loop->index);

		flow = lq_pay(run, 1) ? render_isolated(run, s, &item, loop)
				      : LQ_FAILED;
	}
	return flow;
}

static LqFlow render_render(LqRun *run, const LqNode *node)
{
	const Snippet *s = node->data;
	LqVal value = s->with ? lq_eval(run, s->with) : lq_nil();
	gboolean many = value.kind == LQ_RANGE ||
			lq_is_type(&value, JR_VAL_LIST) ||
			lq_is_type(&value, JR_VAL_MAP);

	if (s->each && many)
		return render_each(run, s, &value);
	return render_isolated(run, s, s->with ? &value : NULL, NULL);
}

/* Complete @s, whose name is the value of a variable. */
static gboolean find_late(LqRun *run, Snippet *s)
{
	LqVal name = lq_eval_present(run, s->name);
	GError *error = NULL;

	if (run->error)
		return FALSE;
	if (!lq_is_type(&name, JR_VAL_TEXT)) {
		lq_fail(run, "%s is no name of a snippet", lq_type_name(&name));
		return FALSE;
	}
	s->template = lq_late_snippet(run->liquid, name.val.text, &error);
	if (s->template)
		name_value(run->liquid, s, s->template->name);
	else
		lq_fail_error(run, error);
	return s->template != NULL;
}

/* Render the snippet with each item of a list, or with @value. */
static LqFlow include_with(LqRun *run, const Snippet *s, LqVal value)
{
	gboolean list = lq_is_type(&value, JR_VAL_LIST);
	guint32 n = list ? value.val.len : 1;
	LqVal item = value;
	const LqVal *before = lq_bind(run, s->symbol, &item);
	LqFlow flow = LQ_GO;

	for (guint32 i = 0; i < n && flow == LQ_GO; i++) {
		if (list)
			item = lq_data(value.val.items[i]);
		flow = lq_pay(run, 1) ? render_template(run, s->template)
				      : LQ_FAILED;
	}
	lq_unbind(run, s->symbol, before);
	return flow;
}

/* The same, with the arguments as variables. */
static LqFlow include_args(LqRun *run, const Snippet *s)
{
	LqVal value = lq_eval(run, s->with ? s->with : &s->variable);
	gsize room = (s->n_named + 1) * sizeof(LqVal);
	LqVal *vals = lq_take(run, room);
	const LqVal **before = lq_take(run, room);
	LqFlow flow = LQ_FAILED;
	guint n = 0;

	if (!before || !vals)
		return LQ_FAILED;
	for (; n < s->n_named; n++) {
		vals[n] = lq_eval(run, s->named[n].expr);
		before[n] = lq_bind(run, s->named[n].symbol, &vals[n]);
	}
	if (!run->error)
		flow = include_with(run, s, value);
	while (n-- > 0)
		lq_unbind(run, s->named[n].symbol, before[n]);
	return flow;
}

static LqFlow render_include(LqRun *run, const LqNode *node)
{
	const Snippet *s = node->data;
	Snippet *late;

	if (run->scope->isolated) {
		lq_fail(run, "include within a snippet that render shows: "
			     "write render");
		return LQ_FAILED;
	}
	if (s->template)
		return include_args(run, s);
	late = lq_take(run, sizeof *late);
	if (!late)
		return LQ_FAILED;
	*late = *s;
	return find_late(run, late) ? include_args(run, late) : LQ_FAILED;
}

/* ---------------------------------------------------------------- visiting */

static void visit_args(LqVisit *visit, const Snippet *s)
{
	if (s->name->type != LQ_EXPR_CONST)
		lq_visit_expr(visit, s->name, FALSE);
	if (s->with)
		lq_visit_expr(visit, s->with, TRUE);
	for (guint i = 0; i < s->n_named; i++)
		lq_visit_expr(visit, s->named[i].expr, TRUE);
}

static void bind_args(LqVisit *visit, const Snippet *s)
{
	lq_visit_bound(visit, s->symbol);
	lq_visit_bound(visit, s->loop_symbol);
	for (guint i = 0; i < s->n_named; i++)
		lq_visit_bound(visit, s->named[i].symbol);
}

static void visit_include(LqVisit *visit, const LqNode *node)
{
	const Snippet *s = node->data;
	const LqPos *outer = visit->within;

	visit_args(visit, s);
	bind_args(visit, s);
	if (!outer)
		visit->within = &node->pos;
	if (s->template && g_hash_table_add(visit->seen, (gpointer)s->template))
		lq_visit_block(visit, &s->template->body);
	visit->within = outer;
}

static void visit_render(LqVisit *visit, const LqNode *node)
{
	const Snippet *s = node->data;
	LqVisit inner = *visit;

	visit_args(visit, s);
	/* What is bound within is its own; and once looked at is enough. */
	if (visit->naming ||
	    !g_hash_table_add(visit->rendered, (gpointer)s->template))
		return;
	inner.bound = g_hash_table_new(NULL, NULL);
	inner.naming = TRUE;
	if (!inner.within)
		inner.within = &node->pos;
	bind_args(&inner, s);
	lq_visit_whole(&inner, s->template);
	g_hash_table_unref(inner.bound);
}

const LqTag lq_tags_snippet[] = {
	{ "render", parse_render, render_render, visit_render, FALSE, NULL },
	{ "include", parse_snippet, render_include, visit_include, FALSE,
	  NULL },
	{ 0 },
};
