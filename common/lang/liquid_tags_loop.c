/* liquid_tags_loop.c - for, tablerow, cycle, break and continue. */
#include "lang/liquid_impl.h"

#include <string.h>

typedef struct {
	guint symbol, loop_symbol; /* of the item; "forloop", "tablerowloop" */
	const LqExpr *in;
	const LqExpr *limit, *offset, *cols;
	gboolean reversed;
	gboolean table;
	gboolean on; /* offset: continue */
	const char *name;
	LqBlock body, otherwise;
} For;

/* ----------------------------------------------------------------- parsing */

static gboolean parse_value(LqParser *p, const LqExpr **value)
{
	lq_lex_next(&p->lex);
	if (!lq_parse_punct(p, ':'))
		return FALSE;
	*value = lq_parse_expr(p);
	return *value != NULL;
}

static gboolean parse_offset(LqParser *p, For *f)
{
	if (!parse_value(p, &f->offset))
		return FALSE;
	if (g_str_equal(f->offset->text, "continue")) {
		f->on = TRUE;
		f->offset = NULL;
	}
	return TRUE;
}

static gboolean parse_attribute(LqParser *p, For *f)
{
	if (lq_lex_is(&p->lex, ','))
		lq_lex_next(&p->lex);
	if (!f->table && lq_lex_word(&p->lex, "reversed")) {
		f->reversed = TRUE;
		lq_lex_next(&p->lex);
		return TRUE;
	}
	if (lq_lex_word(&p->lex, "limit"))
		return parse_value(p, &f->limit);
	if (lq_lex_word(&p->lex, "offset"))
		return parse_offset(p, f);
	if (f->table && lq_lex_word(&p->lex, "cols"))
		return parse_value(p, &f->cols);
	return lq_expected(p, f->table
				      ? "cols:, limit:, offset: or the end"
				      : "limit:, offset:, reversed or the end");
}

/* item in list limit: 3 … */
static gboolean parse_head(LqParser *p, For *f)
{
	g_autofree char *full = NULL;
	const char *name;

	if (!lq_parse_target(p, &f->symbol, &name))
		return FALSE;
	if (!lq_lex_word(&p->lex, "in"))
		return lq_expected(p, "'in', as in: for item in list");
	lq_lex_next(&p->lex);
	f->in = lq_parse_expr(p);
	if (!f->in)
		return FALSE;
	full = g_strdup_printf("%s-%s", name, f->in->text);
	f->name = lq_parse_copy(p, lq_str(full));
	while (p->lex.type != LQ_T_END)
		if (!parse_attribute(p, f))
			return FALSE;
	return TRUE;
}

static gboolean parse_for(LqParser *p, LqNode *node)
{
	static const char *const stops[] = { "endfor", "else", NULL };
	For *f = node->data = lq_parse_new(p, sizeof *f);
	int which;

	f->loop_symbol = lq_symbol(p->liquid, "forloop");
	if (!parse_head(p, f))
		return FALSE;
	which = lq_parse_block(p, &f->body, "for", node->pos, stops);
	f->otherwise.blank = TRUE;
	while (which == 1) /* the last of several counts, as in Shopify's */
		which = lq_parse_block(p, &f->otherwise, "for", node->pos,
				       stops);
	node->blank = f->body.blank && f->otherwise.blank;
	if (which == 0 && node->blank) {
		lq_block_hush(&f->body);
		lq_block_hush(&f->otherwise);
	}
	return which == 0;
}

static gboolean parse_tablerow(LqParser *p, LqNode *node)
{
	static const char *const stops[] = { "endtablerow", NULL };
	For *f = node->data = lq_parse_new(p, sizeof *f);

	f->table = TRUE;
	f->loop_symbol = lq_symbol(p->liquid, "tablerowloop");
	return parse_head(p, f) &&
	       lq_parse_block(p, &f->body, "tablerow", node->pos, stops) >= 0;
}

/* --------------------------------------------------------- what is looped */

gint64 lq_each_length(const LqVal *v)
{
	if (v->kind == LQ_RANGE)
		return lq_range_length(v);
	if (v->kind != LQ_DATA)
		return 0;
	if (v->val.type == JR_VAL_TEXT)
		return v->val.len > 0;
	return v->val.type > JR_VAL_TEXT ? v->val.len : 0;
}

LqVal lq_each_item(LqRun *run, const LqVal *v, gint64 at)
{
	if (v->kind == LQ_RANGE)
		return lq_int(v->from + at);
	if (v->val.type == JR_VAL_LIST)
		return lq_data(v->val.items[at]);
	if (v->val.type == JR_VAL_MAP)
		return lq_pair(run, &v->val.members[at]);
	return *v;
}

/* The part of it that is looped. */
typedef struct {
	LqVal of;
	gint64 from, length;
} Slice;

static gboolean bound(LqRun *run, const LqExpr *expr, gboolean lenient,
		      gint64 *num)
{
	LqVal v = expr ? lq_eval_present(run, expr) : lq_nil();

	if (run->error || lq_is_nil(&v))
		return FALSE;
	if (lenient) {
		LqNum n =
			lq_num_round(lq_to_number(run, &v), 0, LQ_TOWARDS_ZERO);

		*num = (gint64)CLAMP(n.coef, G_MININT32, G_MAXINT32);
		return TRUE;
	}
	if (!lq_to_integer(run, &v, num))
		return FALSE;
	*num = CLAMP(*num, G_MININT32, G_MAXINT32);
	return TRUE;
}

static Slice slice(LqRun *run, const For *f, gint64 *kept)
{
	Slice s = { .of = lq_eval(run, f->in) };
	gint64 n = lq_each_length(&s.of), limit = 0, from = 0;
	gboolean limited;

	if (f->on && kept)
		from = *kept;
	else
		bound(run, f->offset, f->table, &from);
	limited = bound(run, f->limit, f->table, &limit);
	if (!lq_is_type(&s.of, JR_VAL_TEXT)) {
		s.from = CLAMP(from, 0, n);
		n = limited ? CLAMP(from + limit, s.from, n) : n;
	}
	s.length = n - s.from;
	if (kept)
		*kept = from + s.length;
	return s;
}

static LqLoop *new_loop(LqRun *run, const For *f, gint64 length)
{
	LqLoop *loop = lq_take(run, sizeof *loop);

	if (loop)
		*loop = (LqLoop){ .name = f->name,
				  .parent = run->loop,
				  .length = length };
	return loop;
}

/* --------------------------------------------------------------------- for */

static LqFlow loop_body(LqRun *run, const For *f, const Slice *s, LqLoop *loop)
{
	LqVal item;
	const LqVal *before = lq_bind(run, f->symbol, &item);
	LqFlow flow = LQ_GO;

	for (; loop->index < s->length && flow != LQ_FAILED; loop->index++) {
		gint64 at =
			f->reversed ? s->length - 1 - loop->index : loop->index;

		item = lq_each_item(run, &s->of, s->from + at);
		flow = lq_pay(run, 1) ? lq_render_block(run, &f->body)
				      : LQ_FAILED;
		if (flow == LQ_BREAK)
			break;
	}
	lq_unbind(run, f->symbol, before);
	return flow == LQ_FAILED ? LQ_FAILED : LQ_GO;
}

static LqFlow render_for(LqRun *run, const LqNode *node)
{
	const For *f = node->data;
	gint64 *kept = lq_kept(run, f->name);
	Slice s = slice(run, f, kept);
	const LqLoop *outer = run->loop;
	const LqVal *before;
	LqVal drop = { .kind = LQ_LOOP };
	LqLoop *loop;
	LqFlow flow;

	if (run->error)
		return LQ_FAILED;
	if (s.length <= 0)
		return lq_render_block(run, &f->otherwise);
	loop = new_loop(run, f, s.length);
	if (!loop)
		return LQ_FAILED;
	drop.loop = run->loop = loop;
	before = lq_bind(run, f->loop_symbol, &drop);
	flow = loop_body(run, f, &s, loop);
	lq_unbind(run, f->loop_symbol, before);
	run->loop = outer;
	return flow;
}

/* ---------------------------------------------------------------- tablerow */

static gboolean write_open(LqRun *run, const char *tag, const char *name,
			   gint64 number)
{
	g_autofree char *text = g_strdup_printf(
		"%s class=\"%s%" G_GINT64_FORMAT "\">", tag, name, number);

	return lq_write(run, lq_str(text));
}

/* One cell, and the row's end where it is one. */
static LqFlow render_cell(LqRun *run, const For *f, const LqLoop *loop)
{
	gint64 col = loop->index % loop->cols;
	LqFlow flow;

	if (!write_open(run, "<td", "col", col + 1))
		return LQ_FAILED;
	flow = lq_render_block(run, &f->body);
	if (flow == LQ_FAILED || !lq_write(run, (LqText){ "</td>", 5 }))
		return LQ_FAILED;
	if (flow != LQ_BREAK && col == loop->cols - 1 &&
	    loop->index < loop->length - 1 &&
	    !write_open(run, "</tr>\n<tr", "row", loop->index / loop->cols + 2))
		return LQ_FAILED;
	return flow;
}

static LqFlow render_cells(LqRun *run, const For *f, const Slice *s,
			   LqLoop *loop)
{
	LqVal item, drop = { .kind = LQ_LOOP, .loop = loop };
	const LqVal *outer = lq_bind(run, f->loop_symbol, &drop);
	const LqVal *before = lq_bind(run, f->symbol, &item);
	LqFlow flow = LQ_GO;

	for (; loop->index < s->length && flow != LQ_FAILED; loop->index++) {
		item = lq_each_item(run, &s->of, s->from + loop->index);
		flow = lq_pay(run, 1) ? render_cell(run, f, loop) : LQ_FAILED;
		if (flow == LQ_BREAK)
			break;
	}
	lq_unbind(run, f->symbol, before);
	lq_unbind(run, f->loop_symbol, outer);
	return flow == LQ_FAILED ? LQ_FAILED : LQ_GO;
}

static LqFlow render_tablerow(LqRun *run, const LqNode *node)
{
	const For *f = node->data;
	gint64 *kept = f->on ? lq_kept(run, f->name) : NULL;
	Slice s = slice(run, f, kept);
	const char *open = "<tr class=\"row1\">\n";
	gint64 cols = 0;
	LqLoop *loop;

	if (run->error || !lq_truthy(&s.of))
		return LQ_GO;
	loop = new_loop(run, f, s.length);
	if (!loop)
		return LQ_FAILED;
	if (!bound(run, f->cols, TRUE, &cols))
		cols = s.length;
	loop->cols = cols > 0 ? cols : G_MAXINT64;
	if (run->error || !lq_write(run, lq_str(open)) ||
	    render_cells(run, f, &s, loop) == LQ_FAILED ||
	    !lq_write(run, (LqText){ "</tr>\n", 6 }))
		return LQ_FAILED;
	return LQ_GO;
}

static void visit_loop(LqVisit *visit, const LqNode *node)
{
	const For *f = node->data;

	lq_visit_expr(visit, f->in, TRUE);
	if (f->limit)
		lq_visit_expr(visit, f->limit, FALSE);
	if (f->offset)
		lq_visit_expr(visit, f->offset, FALSE);
	if (f->cols)
		lq_visit_expr(visit, f->cols, FALSE);
	lq_visit_bound(visit, f->symbol);
	lq_visit_bound(visit, f->loop_symbol);
	lq_visit_block(visit, &f->body);
	lq_visit_block(visit, &f->otherwise);
}

/* -------------------------------------------------------- break, continue */

static gboolean parse_bare(LqParser *p, LqNode *node G_GNUC_UNUSED)
{
	return lq_parse_end(p);
}

static LqFlow render_break(LqRun *run G_GNUC_UNUSED,
			   const LqNode *node G_GNUC_UNUSED)
{
	return LQ_BREAK;
}

static LqFlow render_continue(LqRun *run G_GNUC_UNUSED,
			      const LqNode *node G_GNUC_UNUSED)
{
	return LQ_CONTINUE;
}

/* ------------------------------------------------------------------- cycle */

typedef struct {
	const LqExpr *group; /* NULL: the values are its name */
	const char *key;     /* then */
	const LqExpr **values;
	guint n;
} Cycle;

static void keep_cycle(LqParser *p, Cycle *c, const GPtrArray *values)
{
	g_autoptr(GString) key = g_string_new("cycle");

	c->n = values->len;
	c->values = lq_parse_new(p, values->len * sizeof(LqExpr *));
	for (guint i = 0; i < values->len; i++) {
		c->values[i] = values->pdata[i];
		g_string_append_printf(key, " %s", c->values[i]->text);
	}
	c->key = lq_parse_copy(p, (LqText){ key->str, key->len });
}

static gboolean parse_cycle(LqParser *p, LqNode *node)
{
	g_autoptr(GPtrArray) values = g_ptr_array_new();
	Cycle *c = node->data = lq_parse_new(p, sizeof *c);

	for (;;) {
		const LqExpr *value = lq_parse_expr(p);

		if (!value)
			return FALSE;
		if (values->len == 0 && !c->group && lq_lex_is(&p->lex, ':')) {
			c->group = value;
			lq_lex_next(&p->lex);
			continue;
		}
		g_ptr_array_add(values, (gpointer)value);
		if (!lq_lex_is(&p->lex, ','))
			break;
		lq_lex_next(&p->lex);
	}
	keep_cycle(p, c, values);
	return lq_parse_end(p);
}

/* A group's name counts by its value: 1 and '1' are two, nil is one. */
static const char *group_key(LqRun *run, const Cycle *c)
{
	LqBuild b = { .run = run };
	LqVal group;

	if (!c->group)
		return c->key;
	group = lq_eval(run, c->group);
	lq_add(&b, "group ", 6);
	lq_add_char(&b, (char)('0' + (int)group.val.type));
	lq_add_text(&b, lq_to_text(run, &group));
	return lq_built_text(&b).str;
}

static LqFlow render_cycle(LqRun *run, const LqNode *node)
{
	const Cycle *c = node->data;
	gint64 *turn = lq_kept(run, group_key(run, c));
	LqVal v = lq_nil();

	if (!turn)
		return LQ_FAILED;
	if (*turn < c->n)
		v = lq_eval(run, c->values[*turn]);
	*turn = *turn + 1 < c->n ? *turn + 1 : 0;
	return lq_write_val(run, &v) ? LQ_GO : LQ_FAILED;
}

static void visit_cycle(LqVisit *visit, const LqNode *node)
{
	const Cycle *c = node->data;

	if (c->group)
		lq_visit_expr(visit, c->group, TRUE);
	for (guint i = 0; i < c->n; i++)
		lq_visit_expr(visit, c->values[i], FALSE);
}

const LqTag lq_tags_loop[] = {
	{ "for", parse_for, render_for, visit_loop, FALSE, NULL },
	{ "tablerow", parse_tablerow, render_tablerow, visit_loop, FALSE,
	  NULL },
	{ "cycle", parse_cycle, render_cycle, visit_cycle, FALSE, NULL },
	{ "break", parse_bare, render_break, NULL, FALSE, NULL },
	{ "continue", parse_bare, render_continue, NULL, FALSE, NULL },
	{ 0 },
};
