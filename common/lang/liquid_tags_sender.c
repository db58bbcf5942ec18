/*
 * liquid_tags_sender.c - tags that lifecycle senders add.
 *
 * Source: docs.customer.io/journeys/liquid-tag-list.  A link that only the
 * sender knows comes from a variable of the caller; which, says the table.
 */
#include "base/hash.h"
#include "lang/liquid_impl.h"

#include <string.h>

/* ----------------------------------------------------------- from the caller
 */

/* An expression for the variable that the row of @node names. */
static LqExpr *variable(LqParser *p, const LqNode *node)
{
	LqExpr *expr = lq_parse_new(p, sizeof *expr);
	const char *name = node->tag->extra;

	*expr = (LqExpr){ .type = LQ_EXPR_PATH,
			  .pos = node->pos,
			  .snippet = p->snippet };
	expr->text = name;
	expr->name = lq_str(name);
	expr->symbol = lq_symbol(p->liquid, name);
	return expr;
}

static gboolean parse_given(LqParser *p, LqNode *node)
{
	node->data = variable(p, node);
	return lq_parse_end(p);
}

static LqFlow render_given(LqRun *run, const LqNode *node)
{
	LqVal v = lq_eval(run, node->data);

	return lq_write_val(run, &v) ? LQ_GO : LQ_FAILED;
}

static void visit_given(LqVisit *visit, const LqNode *node)
{
	lq_visit_expr(visit, node->data, FALSE);
}

/* The link, ready for a page. */
static LqFlow render_unsubscribe(LqRun *run, const LqNode *node)
{
	static const char before[] = "<a href=\"",
			  after[] = "\" class=\""
				    "untracked\">unsubscribe</a>";
	LqVal v = lq_eval_present(run, node->data);
	LqText url = lq_to_text(run, &v);

	if (run->error || !lq_write(run, lq_str(before)) ||
	    !lq_write(run, lq_escape_html(run, url)) ||
	    !lq_write(run, lq_str(after)))
		return LQ_FAILED;
	return LQ_GO;
}

/* ------------------------------------------------ name: value, name: value */

typedef struct {
	LqNamed *named;
	guint n;
	LqExpr *given; /* of the row's variable; NULL: it has none */
} Args;

static const LqExpr *arg(const Args *args, const char *name)
{
	for (guint i = 0; i < args->n; i++)
		if (g_str_equal(args->named[i].name, name))
			return args->named[i].expr;
	return NULL;
}

/* Only arguments of @known, which ends with NULL. */
static gboolean parse_args(LqParser *p, LqNode *node, const char *const *known)
{
	Args *args = node->data = lq_parse_new(p, sizeof *args);

	if (node->tag->extra)
		args->given = variable(p, node);
	if (!lq_parse_named(p, &args->named, &args->n))
		return FALSE;
	for (guint i = 0; i < args->n; i++)
		if (!g_strv_contains(known, args->named[i].name))
			return lq_bad(p, args->named[i].expr->pos,
				      "'%s' has no argument '%s'",
				      node->tag->name, args->named[i].name);
	return TRUE;
}

static void visit_args(LqVisit *visit, const LqNode *node)
{
	const Args *args = node->data;

	if (args->given)
		lq_visit_expr(visit, args->given, FALSE);
	for (guint i = 0; i < args->n; i++)
		lq_visit_expr(visit, args->named[i].expr, FALSE);
}

/* ---------------------------------------------------------------- cio_link */

/*
 * Whether the link is shortened and counted is for the message's settings to
 * say; `track` is taken so that templates that have it go on working.
 */
static gboolean parse_link(LqParser *p, LqNode *node)
{
	static const char *const known[] = { "url", "track", "url_params",
					     NULL };

	if (!parse_args(p, node, known))
		return FALSE;
	return arg(node->data, "url") ||
	       lq_bad(p, node->pos,
		      "'cio_link' without a link: write "
		      "url: \"https://…\"");
}

static LqFlow render_link(LqRun *run, const LqNode *node)
{
	const LqExpr *more = arg(node->data, "url_params");
	LqVal v = lq_eval_present(run, arg(node->data, "url"));
	LqVal params = more ? lq_eval_present(run, more) : lq_nil();
	LqText url = lq_to_text(run, &v), add = lq_to_text(run, &params);
	const char *hash = memchr(url.str, '#', url.len);
	gsize head = hash ? (gsize)(hash - url.str) : url.len;

	while (add.len > 0 && strchr("?&", *add.str)) {
		add.str++;
		add.len--;
	}
	if (run->error || !lq_write(run, (LqText){ url.str, head }))
		return LQ_FAILED;
	if (add.len > 0 &&
	    (!lq_write(run,
		       (LqText){ memchr(url.str, '?', head) ? "&" : "?", 1 }) ||
	     !lq_write(run, add)))
		return LQ_FAILED;
	return lq_write(run, (LqText){ url.str + head, url.len - head })
		       ? LQ_GO
		       : LQ_FAILED;
}

/* -------------------------------------------- subscription_topic_name lang= */

static gboolean parse_topic(LqParser *p, LqNode *node)
{
	static const char *const known[] = { "lang", NULL };

	/* It is written lang="de", unlike the arguments of all other tags. */
	if (lq_lex_word(&p->lex, "lang") && lq_lex_ahead(&p->lex) == '=') {
		Args *args = node->data = lq_parse_new(p, sizeof *args);

		args->given = variable(p, node);
		args->named = lq_parse_new(p, sizeof(LqNamed));
		args->n = 1;
		args->named->name = "lang";
		lq_lex_next(&p->lex);
		lq_lex_next(&p->lex);
		args->named->expr = lq_parse_expr(p);
		return args->named->expr && lq_parse_end(p);
	}
	return parse_args(p, node, known);
}

/* The variable is a text, or a map from languages to texts. */
static LqFlow render_topic(LqRun *run, const LqNode *node)
{
	const Args *args = node->data;
	const LqExpr *which = arg(args, "lang");
	LqVal v = lq_eval(run, args->given);
	LqVal lang =
		which ? lq_eval_present(run, which) : lq_text_val("default");

	if (lq_is_type(&v, JR_VAL_MAP)) {
		v = lq_step(run, &v, &lang);
		if (lq_is_nil(&v))
			v.missing = args->given;
	}
	return lq_write_val(run, &v) ? LQ_GO : LQ_FAILED;
}

/* ----------------------------------------------------------------- by chance
 */

static gboolean parse_random(LqParser *p, LqNode *node)
{
	node->data = (gpointer)lq_parse_expr(p);
	return node->data && lq_parse_end(p);
}

static LqFlow render_random(LqRun *run, const LqNode *node)
{
	LqVal below = lq_eval_present(run, node->data), drawn;
	gint64 n;

	if (run->error || !lq_to_integer(run, &below, &n))
		return LQ_FAILED;
	if (n < 1) {
		lq_fail(run, "random below 1: write a number above 0");
		return LQ_FAILED;
	}
	drawn = lq_int((gint64)lq_draw(run, (guint64)n));
	return lq_write_val(run, &drawn) ? LQ_GO : LQ_FAILED;
}

static void visit_random(LqVisit *visit, const LqNode *node)
{
	lq_visit_expr(visit, node->data, FALSE);
}

static gboolean parse_bare(LqParser *p, LqNode *node G_GNUC_UNUSED)
{
	return lq_parse_end(p);
}

/* A UUID (RFC 9562) of version 8: ours, not of a dice; 122 bits of a hash. */
static LqFlow render_uuid(LqRun *run, const LqNode *node G_GNUC_UNUSED)
{
	const char *seed = run->with->seed ? run->with->seed : "";
	g_autofree char *key = g_strdup_printf("uuid\n%s\n%" G_GUINT64_FORMAT,
					       seed, run->drawn++);
	g_autofree char *uuid = NULL;
	char hex[JR_SHA256_SIZE];

	jr_sha256(key, strlen(key), hex);
	uuid = g_strdup_printf("%.8s-%.4s-8%.3s-%c%.3s-%.12s", hex, hex + 8,
			       hex + 12, "89ab"[hex[15] & 3], hex + 16,
			       hex + 19);
	return lq_write(run, lq_str(uuid)) ? LQ_GO : LQ_FAILED;
}

/* ------------------------------------------------------- refused by their name
 */

static gboolean parse_refused(LqParser *p, LqNode *node)
{
	return lq_bad(p, node->pos, "'%s' is not done: %s", node->tag->name,
		      node->tag->extra);
}

static LqFlow render_refused(LqRun *run G_GNUC_UNUSED,
			     const LqNode *node G_GNUC_UNUSED)
{
	g_assert_not_reached();
}

/* name, parse, render, visit, blank, variable of the caller */
const LqTag lq_tags_sender[] = {
	{ "cio_link", parse_link, render_link, visit_args, FALSE, NULL },
	{ "cio_link_id", parse_given, render_given, visit_given, FALSE,
	  "cio_link_id" },
	{ "unsubscribe", parse_given, render_unsubscribe, visit_given, FALSE,
	  "unsubscribe_url" },
	{ "unsubscribe_url", parse_given, render_given, visit_given, FALSE,
	  "unsubscribe_url" },
	{ "view_in_browser_url", parse_given, render_given, visit_given, FALSE,
	  "view_in_browser_url" },
	{ "manage_subscription_preferences_url", parse_given, render_given,
	  visit_given, FALSE, "manage_subscription_preferences_url" },
	{ "tracking_consent_url", parse_given, render_given, visit_given, FALSE,
	  "tracking_consent_url" },
	{ "subscription_topic_name", parse_topic, render_topic, visit_args,
	  FALSE, "subscription_topic_name" },
	{ "generate_uuid", parse_bare, render_uuid, NULL, FALSE, NULL },
	{ "random", parse_random, render_random, visit_random, FALSE, NULL },
	{ "render_liquid", parse_refused, render_refused, NULL, FALSE,
	  "data is never executed as a template: write it as a snippet and "
	  "render that" },
	{ "countdown", parse_refused, render_refused, NULL, FALSE,
	  "it is a picture that a service draws: write the date with "
	  "`| date`" },
	{ 0 },
};
