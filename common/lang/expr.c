#include "base/error.h"
#include "lang/expr_parser.h"
#include "lang/expr_run.h"

#include <string.h>

/* More than the longest text can become: a node or two for each byte. */
#define ARENA_BYTES ((gsize)JR_EXPR_MAX_BYTES * 1024)

/* Refuse what is no text at all; FALSE when it did. */
static gboolean check_text(ExprParser *p)
{
	const char *end;

	if (!g_utf8_validate(p->text, p->len, &end))
		expr_fail(p, 0, "byte %zu is not UTF-8: save the file as UTF-8",
			  (gsize)(end - p->text) + 1);
	else if (p->len > JR_EXPR_MAX_BYTES)
		expr_fail(p, 0,
			  "longer than %d bytes: make parts of it segments",
			  JR_EXPR_MAX_BYTES);
	return !p->failed;
}

/* Compile what is in @expr; *@wrong_at is where an error is. */
static gboolean compile(JrExpr *expr, gsize *wrong_at, GError **error)
{
	ExprParser p = { .text = expr->text,
			 .len = strlen(expr->text),
			 .arena = expr->arena,
			 .error = error };

	if (check_text(&p))
		expr->top = expr_parse(&p);
	expr->n_nodes = p.n_nodes;
	*wrong_at = p.wrong_at;
	g_assert((expr->top == NULL) == p.failed);
	return !p.failed;
}

/* Where in @escaped, as it stands between YAML's quotes, @offset of @text is.
 */
static gsize escaped_offset(const char *escaped, const char *text, gsize offset)
{
	const char *at = escaped, *end = text + offset;

	while (text < end && *at)
		jr_val_step(&text, &at, TRUE);
	return (gsize)(at - escaped);
}

void expr_place(const JrExpr *expr, gsize offset, guint *line, guint *column)
{
	const char *text = expr->text, *escaped = expr->origin.escaped;

	if (escaped) {
		offset = escaped_offset(escaped, text, offset);
		text = escaped;
	}
	expr_locate(text, offset, line, column);
	if (expr->origin.column > 0 && (*line == 1 || !expr->laid_out))
		*column += expr->origin.column - 1;
	if (expr->origin.line > 0)
		*line += expr->origin.line - 1;
}

static JrExpr *expr_alloc(const char *text, const JrOrigin *origin)
{
	JrExpr *expr = g_new0(JrExpr, 1);

	expr->arena = jr_arena_new(ARENA_BYTES);
	if (origin)
		expr->origin = *origin;
	expr->laid_out = expr->origin.lines || expr->origin.escaped;
	expr->text = g_strdup(expr->origin.lines ? expr->origin.lines : text);
	/* Folded, a comment would seem to go on to the end. */
	expr->shown = g_strdup(strchr(expr->text, '#') ? expr->text : text);
	expr->origin.lines = NULL;
	expr->origin.escaped = g_strdup(expr->origin.escaped);
	expr->origin.file = g_strdup(expr->origin.file);
	return expr;
}

JrExpr *jr_expr_new(const char *text, const JrOrigin *origin, GError **error)
{
	g_autoptr(JrExpr) expr = expr_alloc(text, origin);
	guint line, column;
	gsize wrong_at;

	if (compile(expr, &wrong_at, error))
		return g_steal_pointer(&expr);
	expr_place(expr, wrong_at, &line, &column);
	jr_error_at(error, expr->origin.file, line, column);
	return NULL;
}

JrExpr *jr_expr_new_in(const JrVal *text, const char *file, GError **error)
{
	const char *lines = jr_val_lines(text);
	const JrOrigin origin = { file, text->line, text->column,
				  lines == text->text ? NULL : lines,
				  jr_val_escaped(text) };

	return jr_expr_new(text->text, &origin, error);
}

void jr_expr_free(JrExpr *expr)
{
	if (!expr)
		return;
	jr_arena_free(expr->arena);
	g_free((char *)expr->text);
	g_free((char *)expr->shown);
	g_free((char *)expr->origin.escaped);
	g_free((char *)expr->origin.file);
	g_free(expr);
}

const char *jr_expr_text(const JrExpr *expr)
{
	return expr->shown;
}

int jr_expr_holds(const JrExpr *expr, const JrFacts *facts, gint64 *next_s,
		  GError **error)
{
	ExprRun run = { .expr = expr,
			.facts = facts,
			.now_s = facts->now_s,
			.next_s = G_MAXINT64,
			.ahead = next_s != NULL,
			.error = error };
	ExprValue value;

	if (!expr_eval(&run, expr->top, &value))
		return -1;
	if (next_s)
		*next_s = MIN(*next_s, run.next_s);
	return expr_truth(&value);
}

/* What it asks for */

typedef struct {
	const JrExpr *expr;
	const JrExprVisitor *visitor;
	gpointer user;
	GHashTable *seen;  /* "kind name" of what was told */
	const char *event; /* that is looked up; or NULL */
	gboolean messages, devices, subscriptions;
} Visit;

/* Whether @name of @kind comes up for the first time. */
static gboolean is_new(Visit *v, char kind, const char *name)
{
	return g_hash_table_add(v->seen, g_strdup_printf("%c%s", kind, name));
}

typedef void (*PlaceFn)(gpointer user, const char *name, guint line,
			guint column);

static void visit_place(Visit *v, char kind, const char *name,
			const ExprNode *node, PlaceFn each)
{
	guint line, column;

	if (!each || !is_new(v, kind, name))
		return;
	expr_place(v->expr, node->offset, &line, &column);
	each(v->user, name, line, column);
}

typedef void (*NameFn)(gpointer user, const char *name);

static void visit_name(Visit *v, char kind, const char *name, NameFn each)
{
	if (each && is_new(v, kind, name))
		each(v->user, name);
}

static void visit_looked(Visit *v, const ExprPath *path, gsize offset)
{
	JrExprLooked looked = { .event = v->event, .path = path->name };
	g_autofree char *both = NULL;

	if (!v->visitor->looked || !v->event)
		return;
	both = g_strdup_printf("%s\n%s", v->event, path->name);
	if (!is_new(v, 'l', both))
		return;
	expr_place(v->expr, offset, &looked.line, &looked.column);
	v->visitor->looked(v->user, &looked);
}

static void visit_path(Visit *v, const ExprNode *node)
{
	const ExprPath *path = &node->path;

	if (*path->name == '\0')
		return;
	if (node->per_event)
		visit_looked(v, path, node->offset);
	else if (path->root == ROOT_CUSTOMER)
		visit_place(v, 'a', path->name, node, v->visitor->attribute);
	else if (path->root == ROOT_EVENT)
		visit_place(v, 'p', path->name, node, v->visitor->property);
	else
		visit_place(v, 't', path->name, node, v->visitor->trigger);
}

static void visit_ask(Visit *v, const ExprNode *node)
{
	if (strcmp(node->ask->name, "in_segment") == 0)
		visit_place(v, 's', node->name, node, v->visitor->segment);
	v->devices |= strcmp(node->ask->name, "has_device") == 0;
	v->subscriptions |= strcmp(node->ask->name, "subscribed") == 0;
}

static void visit_node(Visit *v, const ExprNode *node);

/* What is asked of each event called @event. */
static void visit_each(Visit *v, const ExprNode *node, const char *event)
{
	const char *outer = v->event;

	if (!node)
		return;
	v->event = event;
	visit_node(v, node);
	v->event = outer;
}

static void visit_same(Visit *v, const ExprSelect *select)
{
	const ExprFollow *follow = select->follow;
	const char *const both[] = { select->events.shown,
				     follow->events.shown };

	for (guint i = 0; i < follow->n_same; i++)
		for (guint j = 0; j < G_N_ELEMENTS(both); j++) {
			v->event = both[j];
			visit_looked(v, &follow->same[i].path,
				     follow->same[i].offset);
		}
	v->event = NULL;
}

static void visit_select(Visit *v, const ExprSelect *select)
{
	const ExprFollow *follow = select->follow;
	const char *event = select->metric ? NULL : select->events.shown;

	if (event)
		visit_name(v, 'e', event, v->visitor->event);
	else
		v->messages = TRUE;
	if (follow)
		visit_name(v, 'e', follow->events.shown, v->visitor->event);
	visit_each(v, select->since, NULL);
	visit_each(v, select->before, NULL);
	visit_each(v, select->value, event);
	visit_each(v, select->where, event);
	if (!follow)
		return;
	visit_same(v, select);
	visit_each(v, follow->where, follow->events.shown);
}

static void visit_node(Visit *v, const ExprNode *node)
{
	if (node->kind == NODE_SELECT) {
		visit_select(v, node->select);
		return;
	}
	if (node->kind == NODE_PATH)
		visit_path(v, node);
	else if (node->kind == NODE_ASK)
		visit_ask(v, node);
	for (guint i = 0; i < node->n_kids; i++)
		visit_node(v, node->kids[i]);
}

void jr_expr_visit(const JrExpr *expr, const JrExprVisitor *visitor,
		   gpointer user)
{
	g_autoptr(GHashTable) seen =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	Visit v = {
		.expr = expr, .visitor = visitor, .user = user, .seen = seen
	};
	gboolean moves = (expr->top->flags & NODE_MOVES) != 0;

	visit_node(&v, expr->top);
	if (v.messages && visitor->messages)
		visitor->messages(user);
	if (v.devices && visitor->devices)
		visitor->devices(user);
	if (v.subscriptions && visitor->subscriptions)
		visitor->subscriptions(user);
	if (moves && visitor->time)
		visitor->time(user);
}
