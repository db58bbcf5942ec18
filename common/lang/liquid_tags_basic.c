/* liquid_tags_basic.c - tags that set, say or hide something. */
#include "lang/liquid_impl.h"

#include <string.h>

typedef struct {
	guint symbol;
	const char *name;
	LqChain chain;
	LqBlock body;
} Assign;

/* A name that can be written in an expression, too. */
static gboolean parse_variable(LqParser *p, Assign *a)
{
	const char *start = p->lex.start;

	if (!lq_parse_target(p, &a->symbol, &a->name))
		return FALSE;
	if (g_str_has_suffix(a->name, "?"))
		return lq_bad(p, lq_pos(p, start),
			      "a variable that ends in '?': leave it out");
	if (lq_lex_is(&p->lex, '.') || lq_lex_is(&p->lex, '['))
		return lq_bad(p, lq_pos(p, start),
			      "only whole variables can be set: write a name "
			      "without '%c'",
			      *p->lex.token.str);
	return TRUE;
}

/* ---------------------------------------------------------------- assign */

static gboolean parse_assign(LqParser *p, LqNode *node)
{
	Assign *a = node->data = lq_parse_new(p, sizeof *a);

	if (!parse_variable(p, a) || !lq_parse_punct(p, '='))
		return FALSE;
	return lq_parse_chain(p, &a->chain);
}

static LqFlow render_assign(LqRun *run, const LqNode *node)
{
	const Assign *a = node->data;
	LqVal v = lq_eval_chain(run, &a->chain);

	if (!run->error)
		lq_assign(run, a->symbol, v);
	return LQ_GO;
}

static void visit_assign(LqVisit *visit, const LqNode *node)
{
	const Assign *a = node->data;

	/* It may be missing here; where it is written out it may not. */
	lq_visit_chain(visit, &a->chain);
	lq_visit_bound(visit, a->symbol);
}

/* --------------------------------------------------------------- capture */

static gboolean parse_capture(LqParser *p, LqNode *node)
{
	static const char *const stops[] = { "endcapture", NULL };
	Assign *a = node->data = lq_parse_new(p, sizeof *a);

	/* Shopify lets the name stand in quotes as well. */
	if (p->lex.type == LQ_T_STRING)
		p->lex.type = LQ_T_ID;
	if (!parse_variable(p, a) || !lq_parse_end(p))
		return FALSE;
	return lq_parse_block(p, &a->body, "capture", node->pos, stops) >= 0;
}

static LqFlow render_capture(LqRun *run, const LqNode *node)
{
	const Assign *a = node->data;
	LqText text;
	LqFlow flow = lq_render_aside(run, &a->body, &text);

	if (flow != LQ_FAILED)
		lq_assign(run, a->symbol,
			  lq_data(jr_val_text_len(text.str, text.len)));
	return flow;
}

static void visit_capture(LqVisit *visit, const LqNode *node)
{
	const Assign *a = node->data;

	lq_visit_block(visit, &a->body);
	lq_visit_bound(visit, a->symbol);
}

/* -------------------------------------------------- increment, decrement */

static gboolean parse_count(LqParser *p, LqNode *node)
{
	Assign *a = node->data = lq_parse_new(p, sizeof *a);

	return lq_parse_target(p, &a->symbol, &a->name) && lq_parse_end(p);
}

/* What a counter stands at: it begins with the data of its name, or 0. */
static gint64 counter(LqRun *run, const Assign *a)
{
	const JrVal *data;

	if (a->symbol < run->scope->n && run->scope->count[a->symbol])
		return run->scope->count[a->symbol]->val.num;
	data = jr_val_get(run->with->vars, a->name);
	return data && data->type == JR_VAL_INT ? data->num : 0;
}

static LqFlow render_count(LqRun *run, const LqNode *node, gint64 by)
{
	const Assign *a = node->data;
	gint64 before = counter(run, a), after;
	LqVal shown;

	if (__builtin_add_overflow(before, by, &after)) {
		lq_fail(run, "a counter beyond 64 bits");
		return LQ_FAILED;
	}
	lq_count(run, a->symbol, lq_int(after));
	shown = lq_int(by > 0 ? before : after);
	return lq_write_val(run, &shown) ? LQ_GO : LQ_FAILED;
}

static LqFlow render_increment(LqRun *run, const LqNode *node)
{
	return render_count(run, node, 1);
}

static LqFlow render_decrement(LqRun *run, const LqNode *node)
{
	return render_count(run, node, -1);
}

static void visit_count(LqVisit *visit, const LqNode *node)
{
	lq_visit_bound(visit, ((const Assign *)node->data)->symbol);
}

/* ------------------------------------------------------------------ echo */

static gboolean parse_echo(LqParser *p, LqNode *node)
{
	LqChain *chain = node->data = lq_parse_new(p, sizeof *chain);

	return lq_parse_chain(p, chain);
}

static LqFlow render_echo(LqRun *run, const LqNode *node)
{
	return lq_render_chain(run, node->data);
}

static void visit_echo(LqVisit *visit, const LqNode *node)
{
	lq_visit_chain(visit, node->data);
}

/* -------------------------------------------------------------- comments */

static LqFlow render_nothing(LqRun *run G_GNUC_UNUSED,
			     const LqNode *node G_GNUC_UNUSED)
{
	return LQ_GO;
}

/* Each line begins with '#'. */
static gboolean parse_inline(LqParser *p, LqNode *node G_GNUC_UNUSED)
{
	const char *end = p->item.text.str + p->item.text.len;
	const char *at = p->item.text.str;

	while ((at = memchr(at, '\n', (gsize)(end - at)))) {
		while (at < end && lq_space(*at))
			at++;
		if (at < end && *at != '#')
			return lq_bad(p, lq_pos(p, at),
				      "a line of a comment without '#' at its "
				      "start");
	}
	return TRUE;
}

/* Comments within it count, and what is raw in it does not. */
static gboolean parse_comment(LqParser *p, LqNode *node)
{
	guint depth = 1;
	LqText body;

	p->scan.plain = TRUE;
	while (depth > 0) {
		p->item = lq_scan_next(&p->scan);
		if (p->item.type == LQ_ITEM_END)
			return lq_bad(p, node->pos,
				      "'comment' is not closed: write "
				      "'endcomment'");
		if (p->item.type != LQ_ITEM_TAG)
			continue;
		if (lq_str_is(p->item.name, "comment"))
			depth++;
		else if (lq_str_is(p->item.name, "endcomment"))
			depth--;
		else if (lq_str_is(p->item.name, "raw") && !p->scan.lines)
			lq_scan_until(&p->scan, "endraw", &body);
	}
	p->scan.plain = FALSE;
	return TRUE;
}

/* -------------------------------------------------------------- raw, doc */

static gboolean parse_verbatim(LqParser *p, LqNode *node, LqText *body)
{
	const char *name = node->tag->name;
	g_autofree char *end = g_strconcat("end", name, NULL);

	if (p->scan.lines)
		return lq_bad(p, node->pos,
			      "'%s' within 'liquid': write it outside", name);
	if (!lq_parse_end(p))
		return FALSE;
	if (!lq_scan_until(&p->scan, end, body))
		return lq_bad(p, node->pos, "'%s' is not closed: write '%s'",
			      name, end);
	return TRUE;
}

static gboolean parse_raw(LqParser *p, LqNode *node)
{
	LqText *body = node->data = lq_parse_new(p, sizeof *body);

	if (!parse_verbatim(p, node, body))
		return FALSE;
	node->blank = body->len == 0;
	return TRUE;
}

static LqFlow render_raw(LqRun *run, const LqNode *node)
{
	return lq_write(run, *(const LqText *)node->data) ? LQ_GO : LQ_FAILED;
}

static gboolean parse_doc(LqParser *p, LqNode *node)
{
	LqScan within;
	LqText body;

	if (!parse_verbatim(p, node, &body))
		return FALSE;
	within = (LqScan){ .at = body.str, .end = body.str + body.len };
	return !lq_scan_until(&within, "doc", &body) ||
	       lq_bad(p, node->pos,
		      "'doc' within 'doc': write 'enddoc' "
		      "first");
}

const LqTag lq_tags_basic[] = {
	{ "assign", parse_assign, render_assign, visit_assign, TRUE, NULL },
	{ "capture", parse_capture, render_capture, visit_capture, TRUE, NULL },
	{ "comment", parse_comment, render_nothing, NULL, TRUE, NULL },
	{ "#", parse_inline, render_nothing, NULL, TRUE, NULL },
	{ "doc", parse_doc, render_nothing, NULL, TRUE, NULL },
	{ "raw", parse_raw, render_raw, NULL, FALSE, NULL },
	{ "echo", parse_echo, render_echo, visit_echo, FALSE, NULL },
	{ "increment", parse_count, render_increment, visit_count, FALSE,
	  NULL },
	{ "decrement", parse_count, render_decrement, visit_count, FALSE,
	  NULL },
	{ 0 },
};
