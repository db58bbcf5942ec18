/* liquid_render.c - one rendering: its output, its variables, its limits. */
#include "base/hash.h"
#include "lang/liquid_impl.h"

#include <string.h>

#define MAX_OUT (64 * 1024) /* bytes, when the caller names none */
#define MAX_STEPS 100000    /* the same */
#define KEPT_MEMORY                                                            \
	262144 /* bytes that a template keeps between renderings               \
		*/

/* ------------------------------------------------------------- failing */

static void place_error(LqRun *run)
{
	g_prefix_error(&run->error, "%u:%u: ", run->at.line, run->at.column);
	if (run->snippet)
		g_prefix_error(&run->error, "snippet '%s':", run->snippet);
}

LqVal lq_fail(LqRun *run, const char *format, ...)
{
	g_autofree char *message = NULL;
	va_list args;

	if (run->error)
		return lq_nil();
	va_start(args, format);
	message = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error_literal(&run->error, JR_ERROR, JR_ERROR_INPUT, message);
	place_error(run);
	return lq_nil();
}

LqFlow lq_fail_error(LqRun *run, GError *error)
{
	if (run->error) {
		g_error_free(error);
	} else {
		run->error = error;
		place_error(run);
	}
	return LQ_FAILED;
}

/* It is told of where it was asked for, not where it would have gone. */
LqVal lq_fail_missing(LqRun *run, const LqVal *v)
{
	const char *blank = lq_is_nil(v) ? "" : ", which is a blank text";
	const char *asked = v->missing->text;
	gboolean brought = g_str_has_prefix(asked, "event.") ||
			   g_str_has_prefix(asked, "trigger.");

	if (!run->error) {
		run->at = v->missing->pos;
		run->snippet = v->missing->snippet;
	}
	return lq_fail(run, "missing %s%s: add `| default: …` or %s", asked,
		       blank,
		       brought ? "send it with the event"
			       : "give the person the attribute");
}

/* -------------------------------------------------------------- limits */

gboolean lq_pay(LqRun *run, guint64 steps)
{
	if (run->error)
		return FALSE;
	if (steps <= run->steps) {
		run->steps -= steps;
		return TRUE;
	}
	lq_fail(run,
		"more than %" G_GUINT64_FORMAT " steps of work: make its "
		"loops shorter",
		run->with->max_steps ? run->with->max_steps
				     : (guint64)MAX_STEPS);
	return FALSE;
}

gboolean lq_pay_bytes(LqRun *run, gsize bytes)
{
	return lq_pay(run, bytes / LQ_STEP_BYTES);
}

gpointer lq_take(LqRun *run, gsize size)
{
	gpointer piece = jr_arena_take(run->arena, size);

	if (!piece)
		lq_fail(run,
			"more than %d MiB of memory: make its texts and "
			"lists shorter",
			LQ_MAX_MEMORY >> 20);
	return piece;
}

JrVal *lq_take_items(LqRun *run, gsize n)
{
	/* Even an empty list has a place to point to. */
	if (n <= LQ_MAX_MEMORY / sizeof(JrVal))
		return lq_take(run, MAX(n, 1) * sizeof(JrVal));
	lq_take(run, LQ_MAX_MEMORY + 1);
	return NULL;
}

/* ----------------------------------------------------- texts that grow */

static gboolean make_room(LqBuild *b, gsize len)
{
	gsize room = MAX(64, b->room * 2);
	char *text;

	while (room < b->len + len + 1)
		room *= 2;
	text = lq_take(b->run, room);
	if (!text)
		return FALSE;
	if (b->len > 0)
		memcpy(text, b->text, b->len);
	b->text = text;
	b->room = room;
	return TRUE;
}

void lq_add(LqBuild *b, const char *text, gsize len)
{
	if (b->run->error || (b->len + len + 1 > b->room && !make_room(b, len)))
		return;
	if (len > 0)
		memcpy(b->text + b->len, text, len);
	b->len += len;
}

void lq_add_text(LqBuild *b, LqText text)
{
	lq_add(b, text.str, text.len);
}

void lq_add_str(LqBuild *b, const char *str)
{
	lq_add(b, str, strlen(str));
}

void lq_add_char(LqBuild *b, char c)
{
	lq_add(b, &c, 1);
}

void lq_add_unichar(LqBuild *b, gunichar c)
{
	char text[6];

	lq_add(b, text, (gsize)g_unichar_to_utf8(c, text));
}

LqText lq_built_text(LqBuild *b)
{
	if (b->run->error || !b->text)
		return (LqText){ "", 0 };
	b->text[b->len] = '\0';
	lq_pay_bytes(b->run, b->len);
	return (LqText){ b->text, b->len };
}

LqVal lq_built(LqBuild *b)
{
	LqText text = lq_built_text(b);

	return lq_data(jr_val_text_len(text.str, text.len));
}

/* ----------------------------------------------------------- variables */

static gboolean make_scope(LqRun *run, LqScope *scope, guint n)
{
	gsize size = n * sizeof(LqVal *);
	const LqVal **slots = lq_take(run, MAX(3 * size, 1));

	if (!slots)
		return FALSE;
	memset(slots, 0, 3 * size);
	for (guint i = 0; i < scope->n; i++) {
		slots[i] = scope->local[i];
		slots[n + i] = scope->global[i];
		slots[2 * n + i] = scope->count[i];
	}
	scope->local = slots;
	scope->global = slots + n;
	scope->count = slots + 2 * n;
	scope->n = n;
	return TRUE;
}

LqScope *lq_scope_new(LqRun *run)
{
	LqScope *scope = lq_take(run, sizeof *scope);

	if (!scope)
		return NULL;
	*scope = (LqScope){ 0 };
	return make_scope(run, scope, g_hash_table_size(run->liquid->symbols))
		       ? scope
		       : NULL;
}

/* A snippet that was parsed only now may have brought new names. */
static gboolean fits(LqRun *run, guint symbol)
{
	return symbol < run->scope->n ||
	       make_scope(run, run->scope,
			  g_hash_table_size(run->liquid->symbols));
}

const LqVal *lq_scope_get(const LqRun *run, guint symbol)
{
	const LqScope *scope = run->scope;

	if (symbol >= scope->n)
		return NULL;
	if (scope->local[symbol])
		return scope->local[symbol];
	if (scope->global[symbol])
		return scope->global[symbol];
	return scope->count[symbol];
}

const LqVal *lq_bind(LqRun *run, guint symbol, const LqVal *v)
{
	const LqVal *before;

	if (!fits(run, symbol))
		return NULL;
	before = run->scope->local[symbol];
	run->scope->local[symbol] = v;
	return before;
}

void lq_unbind(LqRun *run, guint symbol, const LqVal *before)
{
	if (symbol < run->scope->n)
		run->scope->local[symbol] = before;
}

/* Set a variable in one of the arrays of the scope, in place if it was set. */
static void set_slot(LqRun *run, const LqVal **slot, const LqVal *v)
{
	if (!*slot)
		*slot = lq_take(run, sizeof(LqVal));
	if (*slot)
		*(LqVal *)*slot = *v;
}

void lq_assign(LqRun *run, guint symbol, LqVal v)
{
	if (fits(run, symbol))
		set_slot(run, &run->scope->global[symbol], &v);
}

void lq_count(LqRun *run, guint symbol, LqVal v)
{
	if (fits(run, symbol))
		set_slot(run, &run->scope->count[symbol], &v);
}

gint64 *lq_kept(LqRun *run, const char *key)
{
	LqKept *kept;
	guint n = 0;

	for (kept = run->kept; kept; kept = kept->next, n++)
		if (g_str_equal(kept->key, key))
			return &kept->number;
	if (!lq_pay(run, n / 16))
		return NULL;
	kept = lq_take(run, sizeof *kept);
	if (!kept)
		return NULL;
	*kept = (LqKept){ run->kept, key, 0 };
	run->kept = kept;
	return &kept->number;
}

guint64 lq_draw(LqRun *run, guint64 below)
{
	const char *seed = run->with->seed ? run->with->seed : "";
	g_autofree char *key =
		g_strdup_printf("%s\n%" G_GUINT64_FORMAT, seed, run->drawn++);

	return jr_hash64(key, strlen(key)) % below;
}

/* -------------------------------------------------------------- output */

gboolean lq_write(LqRun *run, LqText text)
{
	if (!lq_pay_bytes(run, text.len))
		return FALSE;
	if (text.len > run->out_max - (run->out->len - run->out_base)) {
		lq_fail(run,
			"more than %" G_GSIZE_FORMAT " bytes of output: "
			"make it shorter",
			run->out_max);
		return FALSE;
	}
	g_string_append_len(run->out, text.str, (gssize)text.len);
	return TRUE;
}

gboolean lq_write_val(LqRun *run, const LqVal *v)
{
	if (run->with->strict && v->missing)
		lq_fail_missing(run, v);
	else if (run->with->strict && lq_is_type(v, JR_VAL_MAP))
		lq_fail(run, "a map as a text: name one of its keys, or add "
			     "`| json`");
	return !run->error && lq_write(run, lq_join_text(run, v)) &&
	       !run->error;
}

LqFlow lq_render_block(LqRun *run, const LqBlock *block)
{
	LqFlow flow = LQ_GO;

	if (run->level >= LQ_MAX_LEVEL) {
		lq_fail(run, "snippets and tags nested deeper than %d",
			LQ_MAX_LEVEL);
		return LQ_FAILED;
	}
	run->level++;
	for (guint i = 0; i < block->n && flow == LQ_GO; i++) {
		const LqNode *node = &block->nodes[i];

		if (node->pos.line > 0) /* a text has no place of its own */
			run->at = node->pos;
		flow = lq_pay(run, 1) ? node->tag->render(run, node)
				      : LQ_FAILED;
		if (run->error)
			flow = LQ_FAILED;
	}
	run->level--;
	return flow;
}

LqFlow lq_render_aside(LqRun *run, const LqBlock *block, LqText *text)
{
	GString *out = run->out;
	gsize base = run->out_base;
	LqBuild b = { .run = run };
	LqFlow flow;

	run->out = g_string_new(NULL);
	run->out_base = 0;
	flow = lq_render_block(run, block);
	lq_add(&b, run->out->str, run->out->len);
	g_string_free(run->out, TRUE);
	run->out = out;
	run->out_base = base;
	*text = lq_built_text(&b);
	return run->error ? LQ_FAILED : flow;
}

static LqFlow render_text(LqRun *run, const LqNode *node)
{
	return lq_write(run, *(const LqText *)node->data) ? LQ_GO : LQ_FAILED;
}

static gboolean parse_output(LqParser *p, LqNode *node)
{
	LqChain *chain = lq_parse_new(p, sizeof *chain);

	node->data = chain;
	return lq_parse_chain(p, chain) &&
	       lq_parse_snippets_name(p, chain, node);
}

LqFlow lq_render_chain(LqRun *run, const LqChain *chain)
{
	LqVal v = lq_eval_chain(run, chain);

	return !run->error && lq_write_val(run, &v) ? LQ_GO : LQ_FAILED;
}

static LqFlow render_output(LqRun *run, const LqNode *node)
{
	return lq_render_chain(run, node->data);
}

static void visit_output(LqVisit *visit, const LqNode *node)
{
	lq_visit_chain(visit, node->data);
}

const LqTag lq_node_text = { .name = "text", .render = render_text };
const LqTag lq_node_output = { .name = "output",
			       .parse = parse_output,
			       .render = render_output,
			       .visit = visit_output };

/* ------------------------------------------------------------- the whole */

/* What is usual stays for the next rendering; much more is given back. */
static void give_back(JrLiquid *liquid)
{
	if (jr_arena_used(liquid->scratch) <= KEPT_MEMORY) {
		jr_arena_reset(liquid->scratch);
		return;
	}
	jr_arena_free(liquid->scratch);
	liquid->scratch = jr_arena_new(LQ_MAX_MEMORY);
}

gboolean jr_liquid_render(const JrLiquid *liquid, const JrLiquidRun *with,
			  GString *out, GError **error)
{
	LqRun run = {
		.with = with,
		.liquid = (JrLiquid *)liquid,
		.arena = liquid->scratch,
		.out = out,
		.out_base = out->len,
		.out_max = with->max_bytes ? with->max_bytes : MAX_OUT,
		.steps = with->max_steps ? with->max_steps : MAX_STEPS,
		.at = { 1, 1 },
	};

	run.scope = lq_scope_new(&run);
	if (run.scope)
		lq_render_block(&run, &liquid->main->body);
	give_back(run.liquid);
	if (!run.error)
		return TRUE;
	g_propagate_error(error, run.error);
	return FALSE;
}
