/*
 * What can never hold is refused when it is read: count("x") > "3" would
 * otherwise be false for everybody, and nobody would know why.
 */
#include "lang/expr_parser.h"
#include "lang/expr_run.h"

#define COMPARABLE                                                             \
	(EXPR_NUMBERS | EXPR_IS(EXPR_TEXT) | EXPR_IS(EXPR_INSTANT) |           \
	 EXPR_IS(EXPR_SPAN))

static const char *kinds_name(guint kinds)
{
	static const struct {
		guint kinds;
		const char *name;
	} names[] = {
		{ EXPR_IS(EXPR_BOOL), "a condition" },
		{ EXPR_NUMBERS, "a number" },
		{ EXPR_IS(EXPR_TEXT), "a text" },
		{ EXPR_IS(EXPR_INSTANT), "a time" },
		{ EXPR_IS(EXPR_SPAN), "a duration" },
	};

	if (kinds == EXPR_IS(EXPR_NULL))
		return "nothing";
	kinds &= ~EXPR_IS(EXPR_NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if ((kinds & names[i].kinds) == kinds)
			return names[i].name;
	return "a value";
}

static char *quote(const ExprParser *p, const ExprNode *node)
{
	return expr_quote(p->text, node->offset, node->bytes);
}

gboolean expr_check_takes(ExprParser *p, const ExprNode *node, guint kinds,
			  const char *instead)
{
	g_autofree char *shown = quote(p, node);

	if (!(node->kinds & kinds))
		expr_fail(p, node->offset, "'%s' is %s: %s", shown,
			  kinds_name(node->kinds), instead);
	return !p->failed;
}

const ExprNode *expr_check_condition(ExprParser *p, const ExprNode *node)
{
	static const char instead[] =
		"write a condition, as in 'plan == \"pro\"'";

	return expr_check_takes(p, node, EXPR_IS(EXPR_BOOL), instead) ? node
								      : NULL;
}

gboolean expr_check_time(ExprParser *p, const ExprNode *node)
{
	static const char instead[] =
		"write a time, like 2026-11-23, 7d ago or an attribute";
	g_autofree char *shown = NULL;
	g_autoptr(JrZones) zones = NULL;
	ExprValue at;

	if (!expr_check_takes(p, node, EXPR_TIMES, instead))
		return FALSE;
	if (node->kind != NODE_CONST)
		return TRUE;
	zones = jr_zones_new();
	if (expr_to_instant(&node->value, jr_zones_get(zones, "UTC", NULL),
			    &at))
		return TRUE;
	shown = quote(p, node);
	expr_fail(p, node->offset, "'%s' is no time: %s", shown, instead);
	return FALSE;
}

static gboolean can_equal(guint a, guint b)
{
	const guint null = EXPR_IS(EXPR_NULL), at = EXPR_IS(EXPR_INSTANT);

	if (a == null || b == null)
		return TRUE;
	if (((a & at) && (b & EXPR_TIMES)) || ((b & at) && (a & EXPR_TIMES)))
		return TRUE;
	if ((a & EXPR_NUMBERS) && (b & EXPR_NUMBERS))
		return TRUE;
	return (a & b & ~null) != 0;
}

/* Whether both can have an order; @a and @b can be equal. */
static gboolean can_order(guint a, guint b)
{
	return (a & COMPARABLE) && (b & COMPARABLE);
}

static void refuse(ExprParser *p, const ExprNode *a, const ExprNode *b)
{
	g_autofree char *left = quote(p, a);
	g_autofree char *right = quote(p, b);

	if ((a->kinds | b->kinds) & EXPR_IS(EXPR_SPAN))
		expr_fail(p, b->offset,
			  "'%s' is %s and '%s' is %s: compare times, as in "
			  "'created_at <= 7d ago', or durations, as in 'now - "
			  "created_at >= 7d'",
			  left, kinds_name(a->kinds), right,
			  kinds_name(b->kinds));
	else
		expr_fail(p, b->offset,
			  "'%s' is %s and '%s' is %s: compare what is of one "
			  "kind",
			  left, kinds_name(a->kinds), right,
			  kinds_name(b->kinds));
}

static gboolean check_pair(ExprParser *p, const ExprNode *a, const ExprNode *b,
			   guint relation)
{
	const guint at = EXPR_IS(EXPR_INSTANT), null = EXPR_IS(EXPR_NULL);
	gboolean order = !(relation & (EXPR_SAME | EXPR_UNLIKE));

	if (order && (a->kinds == null || b->kinds == null)) {
		expr_fail(p, b->offset,
			  "null has no order: write '== null' or '!= null'");
		return FALSE;
	}
	if (!can_equal(a->kinds, b->kinds) ||
	    (order && !can_order(a->kinds, b->kinds))) {
		refuse(p, a, b);
		return FALSE;
	}
	if ((a->kinds & at) && b->kinds != null)
		return expr_check_time(p, b);
	if ((b->kinds & at) && a->kinds != null)
		return expr_check_time(p, a);
	return TRUE;
}

static gboolean check_list(ExprParser *p, const ExprNode *node)
{
	return expr_check_takes(p, node, EXPR_IS(EXPR_TREE),
				"write a list, as in '[\"free\", \"pro\"]', or "
				"an attribute that is one");
}

gboolean expr_check_compare(ExprParser *p, const ExprNode *node)
{
	const ExprNode *left = node->kids[0];

	if (node->kind == NODE_COMPARE && node->as_time)
		return expr_check_time(p, left) &&
		       expr_check_time(p, node->kids[1]);
	if (node->kind == NODE_IN && !node->listed)
		return check_list(p, node->kids[1]);
	for (guint i = 1; i < node->n_kids; i++)
		if (!check_pair(p, left, node->kids[i], node->relation))
			return FALSE;
	return TRUE;
}

gboolean expr_check_match(ExprParser *p, const ExprNode *node)
{
	const guint text = EXPR_IS(EXPR_TEXT), tree = EXPR_IS(EXPR_TREE);
	gboolean lists = node->match->lists;

	if (!expr_check_takes(p, node->kids[0], lists ? text | tree : text,
			      "expected an attribute"))
		return FALSE;
	/* A list may hold a number, a text only a text. */
	return expr_check_takes(p, node->kids[1], lists ? EXPR_JSON : text,
				"write a text in quotes");
}
