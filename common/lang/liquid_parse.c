/* liquid_parse.c - a template made into nodes. */
#include "base/suggest.h"
#include "lang/liquid_impl.h"

#include <string.h>

/* ------------------------------------------------- places, errors, memory */

static void begin_count(LqParser *p)
{
	const JrLiquidSource *source = &p->liquid->source;

	p->mark = p->text.str;
	p->mark_pos = (LqPos){ 1, 1 };
	p->mark_source = NULL;
	if (p->snippet)
		return;
	if (source->yaml) {
		const char *escaped = jr_val_escaped(source->yaml);

		p->escapes = escaped != NULL;
		p->mark_source = escaped ? escaped : jr_val_lines(source->yaml);
	}
	p->mark_pos.line = MAX(source->line, 1);
	p->mark_pos.column = MAX(source->column, 1);
}

/* What stands from @from to @to is behind. */
static void count(LqPos *pos, const char *from, const char *to)
{
	for (; from < to; from++) {
		if (*from == '\n') {
			pos->line++;
			pos->column = 1;
		} else if (((guchar)*from & 0xC0) != 0x80) {
			pos->column++;
		}
	}
}

LqPos lq_pos(LqParser *p, const char *at)
{
	/* Nearly always asked forwards. */
	if (at < p->mark)
		begin_count(p);
	if (!p->mark_source) {
		count(&p->mark_pos, p->mark, at);
		p->mark = MAX(p->mark, at);
	}
	while (p->mark < at && *p->mark_source) {
		const char *from = p->mark_source;

		jr_val_step(&p->mark, &p->mark_source, p->escapes);
		count(&p->mark_pos, from, p->mark_source);
	}
	return p->mark_pos;
}

gboolean lq_bad(LqParser *p, LqPos pos, const char *format, ...)
{
	g_autofree char *message = NULL;
	va_list args;

	if (p->error)
		return FALSE;
	va_start(args, format);
	message = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error_literal(&p->error, JR_ERROR, JR_ERROR_CONFIG, message);
	if (p->snippet)
		g_prefix_error(&p->error, "snippet '%s':%u:%u: ", p->snippet,
			       pos.line, pos.column);
	else
		jr_error_at(&p->error, p->liquid->source.file, pos.line,
			    pos.column);
	return FALSE;
}

gpointer lq_parse_new(LqParser *p, gsize size)
{
	/* The arena has no limit: a template's length is one. */
	return memset(jr_arena_take(p->liquid->arena, size), 0, size);
}

const char *lq_parse_copy(LqParser *p, LqText text)
{
	return jr_arena_text(p->liquid->arena, text.str, text.len);
}

guint lq_symbol_known(JrLiquid *liquid, const char *name)
{
	/* 0 - 1 is what is promised for a name that is not there. */
	return GPOINTER_TO_UINT(g_hash_table_lookup(liquid->symbols, name)) - 1;
}

guint lq_symbol(JrLiquid *liquid, const char *name)
{
	guint known = lq_symbol_known(liquid, name);
	guint next = g_hash_table_size(liquid->symbols);

	if (known != G_MAXUINT)
		return known;
	g_hash_table_insert(liquid->symbols, g_strdup(name),
			    GUINT_TO_POINTER(next + 1));
	return next;
}

/* ---------------------------------------------------------- the tables */

static const LqTag *const tag_tables[] = {
	lq_tags_basic,	 lq_tags_cond,	 lq_tags_loop,
	lq_tags_snippet, lq_tags_sender,
};

const LqTag *lq_tag_find(LqText name)
{
	for (guint i = 0; i < G_N_ELEMENTS(tag_tables); i++)
		for (const LqTag *tag = tag_tables[i]; tag->name; tag++)
			if (lq_str_is(name, tag->name))
				return tag;
	return NULL;
}

const char **lq_tag_names(void)
{
	GPtrArray *names = g_ptr_array_new();

	for (guint i = 0; i < G_N_ELEMENTS(tag_tables); i++)
		for (const LqTag *tag = tag_tables[i]; tag->name; tag++)
			g_ptr_array_add(names, (gpointer)tag->name);
	g_ptr_array_add(names, NULL);
	return (const char **)g_ptr_array_free(names, FALSE);
}

/* ------------------------------------------------------ text and output */

static void add_text(LqParser *p, GArray *nodes)
{
	LqNode node = { .tag = &lq_node_text };
	LqText *text = lq_parse_new(p, sizeof *text);

	*text = p->item.text;
	node.data = text;
	node.blank = lq_strip(*text, TRUE, TRUE).len == 0;
	if (text->len > 0)
		g_array_append_val(nodes, node);
}

static gboolean add_tag(LqParser *p, GArray *nodes, const LqTag *tag)
{
	LqNode node = { .tag = tag, .blank = tag->blank };

	node.pos = lq_pos(p, p->item.start);
	lq_lex_init(&p->lex, p->item.text);
	if (!tag->parse(p, &node))
		return FALSE;
	g_array_append_val(nodes, node);
	return TRUE;
}

/* --------------------------------------------------------------- blocks */

static gboolean is_any(LqText name, const char *const *names, int *which)
{
	for (*which = 0; names && names[*which]; ++*which)
		if (lq_str_is(name, names[*which]))
			return TRUE;
	return FALSE;
}

static gboolean unknown_tag(LqParser *p, const char *open)
{
	static const char *const inner[] = { "else", "elsif", "when", NULL };
	g_autofree char *name = g_strndup(p->item.name.str, p->item.name.len);
	g_autofree const char **known = lq_tag_names();
	LqPos pos = lq_pos(p, p->item.start);
	const char *near;
	int which;

	if (p->item.name.len == 0)
		return lq_bad(p, pos, "a tag without a name");
	if (g_str_has_prefix(name, "end") && open)
		return lq_bad(p, pos, "'%s' within '%s': write 'end%s' first",
			      name, open, open);
	if (g_str_has_prefix(name, "end") ||
	    is_any(p->item.name, inner, &which))
		return lq_bad(p, pos, "'%s' belongs to no tag before it", name);
	near = jr_suggest(name, known);
	return lq_bad(p, pos, "unknown tag '%s'%s%s%s", name,
		      near ? ": write '" : ": see jr-liquid(7) for all",
		      near ? near : "", near ? "'" : "");
}

static gboolean parse_item(LqParser *p, GArray *nodes, const char *open);

/* {% liquid %}: its tags become nodes like those around it. */
static gboolean parse_lines(LqParser *p, GArray *nodes)
{
	LqScan outer = p->scan;
	gboolean ok = TRUE;

	if (p->depth++ >= JR_LIQUID_MAX_DEPTH)
		return lq_bad(p, lq_pos(p, p->item.start),
			      "tags nested deeper than %d",
			      JR_LIQUID_MAX_DEPTH);
	p->scan = (LqScan){ .at = p->item.text.str,
			    .end = p->item.text.str + p->item.text.len,
			    .lines = TRUE };
	while (ok && (p->item = lq_scan_next(&p->scan)).type != LQ_ITEM_END)
		ok = parse_item(p, nodes, NULL);
	p->scan = outer;
	p->depth--;
	return ok;
}

static gboolean parse_tag(LqParser *p, GArray *nodes, const char *open)
{
	static const char *const liquid[] = { "liquid", NULL };
	const LqTag *tag;
	int which;

	if (is_any(p->item.name, liquid, &which))
		return parse_lines(p, nodes);
	tag = lq_tag_find(p->item.name);
	return tag ? add_tag(p, nodes, tag) : unknown_tag(p, open);
}

/* Make a node of the item in hand, within the tag @open. */
static gboolean parse_item(LqParser *p, GArray *nodes, const char *open)
{
	switch (p->item.type) {
	case LQ_ITEM_TEXT:
		add_text(p, nodes);
		return TRUE;
	case LQ_ITEM_OUTPUT:
		return add_tag(p, nodes, &lq_node_output);
	case LQ_ITEM_TAG:
		return parse_tag(p, nodes, open);
	case LQ_ITEM_OPEN:
		return lq_bad(p, lq_pos(p, p->item.start),
			      "'%.2s' that is not closed: write '%s'",
			      p->item.start,
			      p->item.start[1] == '%' ? "%}" : "}}");
	case LQ_ITEM_END:
		break;
	}
	g_assert_not_reached();
}

static void finish_block(LqParser *p, LqBlock *block, const GArray *nodes)
{
	block->n = nodes->len;
	block->blank = TRUE;
	block->nodes = lq_parse_new(p, nodes->len * sizeof(LqNode));
	if (nodes->len > 0)
		memcpy(block->nodes, nodes->data, nodes->len * sizeof(LqNode));
	for (guint i = 0; i < block->n; i++)
		block->blank &= block->nodes[i].blank;
}

/* The loop of lq_parse_block(). */
static int parse_until(LqParser *p, GArray *nodes, const char *name, LqPos pos,
		       const char *const *stops)
{
	int which;

	for (;;) {
		p->item = lq_scan_next(&p->scan);
		if (p->item.type == LQ_ITEM_END) {
			lq_bad(p, pos, "'%s' is not closed: write 'end%s'",
			       name, name);
			return -1;
		}
		if (p->item.type == LQ_ITEM_TAG &&
		    is_any(p->item.name, stops, &which)) {
			lq_lex_init(&p->lex, p->item.text);
			return which;
		}
		if (!parse_item(p, nodes, name))
			return -1;
	}
}

int lq_parse_block(LqParser *p, LqBlock *block, const char *name, LqPos pos,
		   const char *const *stops)
{
	g_autoptr(GArray) nodes = g_array_new(FALSE, FALSE, sizeof(LqNode));
	int which;

	if (p->depth >= JR_LIQUID_MAX_DEPTH) {
		lq_bad(p, pos, "tags nested deeper than %d",
		       JR_LIQUID_MAX_DEPTH);
		return -1;
	}
	p->depth++;
	which = parse_until(p, nodes, name, pos, stops);
	p->depth--;
	if (which >= 0)
		finish_block(p, block, nodes);
	return which;
}

void lq_block_hush(LqBlock *block)
{
	guint n = 0;

	for (guint i = 0; i < block->n; i++)
		if (block->nodes[i].tag != &lq_node_text)
			block->nodes[n++] = block->nodes[i];
	block->n = n;
}

/* ------------------------------------------------------------ templates */

static gboolean parse_template(LqParser *p, LqTemplate *template)
{
	g_autoptr(GArray) nodes = g_array_new(FALSE, FALSE, sizeof(LqNode));

	while ((p->item = lq_scan_next(&p->scan)).type != LQ_ITEM_END)
		if (!parse_item(p, nodes, NULL))
			return FALSE;
	finish_block(p, &template->body, nodes);
	template->parsed = TRUE;
	return TRUE;
}

static LqParser new_parser(JrLiquid *liquid, LqText text, const char *snippet)
{
	LqParser p = { .liquid = liquid, .text = text, .snippet = snippet };

	p.scan = (LqScan){ .at = text.str, .end = text.str + text.len };
	begin_count(&p);
	return p;
}

static gboolean check_text(LqParser *p)
{
	const char *wrong;

	if (p->text.len > JR_LIQUID_MAX_BYTES)
		return lq_bad(p, (LqPos){ 0 },
			      "longer than %d bytes: split it into snippets",
			      JR_LIQUID_MAX_BYTES);
	if (g_utf8_validate_len(p->text.str, p->text.len, &wrong))
		return TRUE;
	return lq_bad(p, lq_pos(p, wrong), "not UTF-8 text");
}

LqTemplate *lq_parse_text(JrLiquid *liquid, LqText text, const char *snippet,
			  guint nested, GError **error)
{
	LqTemplate *template = NULL;
	LqParser p = new_parser(liquid, text, snippet);

	p.nested = nested;
	template = lq_parse_new(&p, sizeof *template);
	template->name = snippet;
	/* Known before it is parsed: a snippet may render itself. */
	if (snippet)
		g_hash_table_insert(liquid->snippets, (gpointer)snippet,
				    template);
	if (check_text(&p) && parse_template(&p, template))
		return template;
	if (snippet)
		g_hash_table_remove(liquid->snippets, snippet);
	g_propagate_error(error, p.error);
	return NULL;
}

/* The source of snippet @name, as the caller knows it. */
static const char *find_source(JrLiquid *liquid, const char *name,
			       GError **error)
{
	const JrLiquidSource *source = &liquid->source;
	const char *text = NULL;

	if (source->snippet)
		text = source->snippet(source->snippet_data, name);
	if (!text)
		g_set_error(error, JR_ERROR, JR_ERROR_CONFIG,
			    "no snippet '%s': make one, or correct the name",
			    name);
	return text;
}

static LqTemplate *load_snippet(JrLiquid *liquid, const char *name,
				guint nested, GError **error)
{
	LqTemplate *known = g_hash_table_lookup(liquid->snippets, name);
	const char *text;

	if (known)
		return known;
	text = find_source(liquid, name, error);
	if (!text)
		return NULL;
	name = jr_arena_text(liquid->arena, name, strlen(name));
	return lq_parse_text(liquid, lq_str(text), name, nested, error);
}

LqTemplate *lq_parse_snippet(LqParser *p, const char *name, LqPos pos)
{
	g_autoptr(GError) error = NULL;
	LqTemplate *template;

	if (p->nested + p->depth >= LQ_MAX_LEVEL) {
		lq_bad(p, pos, "snippets and tags nested deeper than %d",
		       LQ_MAX_LEVEL);
		return NULL;
	}
	template =
		load_snippet(p->liquid, name, p->nested + p->depth + 1, &error);
	if (!template)
		lq_bad(p, pos, "%s", error->message);
	return template;
}

LqTemplate *lq_late_snippet(JrLiquid *liquid, const char *name, GError **error)
{
	return load_snippet(liquid, name, 0, error);
}
