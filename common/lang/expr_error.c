#include "base/error.h"
#include "base/suggest.h"
#include "lang/expr_parser.h"

#include <string.h>

#define QUOTE_MAX 32 /* bytes of source in a message */

#define STRAIGHT "write straight quotes, \" or '"
#define ONE_WORD "write a duration in one word, like 7d or 24h"

/* What people write who know other languages, and what to write in this one. */
static const struct {
	const char *wrong, *instead;
} habits[] = {
	{ "===", "write '=='" },
	{ "<>", "write '!='" },
	{ "&&", "write 'and'" },
	{ "||", "write 'or'" },
	{ "=", "write '=='" },
	{ "!", "write 'not'" },
	{ "is", "write '=='" },
	{ "equals", "write '=='" },
	{ "like", "write 'contains'" },
	{ "includes", "write 'contains'" },
	{ "matches", "write 'contains'" },
	{ "starts", "write 'starts_with'" },
	{ "ends", "write 'ends_with'" },
	{ "exists", "write 'has' before the name" },
	{ "not", "write it before the whole comparison" },
	{ "within", "write 'within last 7d' or 'within next 7d'" },
	{ "followed", "write 'followed by'" },
	{ "minutes", ONE_WORD },
	{ "hours", ONE_WORD },
	{ "days", ONE_WORD },
	{ "weeks", ONE_WORD },
	{ "months", ONE_WORD },
	{ "\xe2\x80\x9c", STRAIGHT }, /* U+201C */
	{ "\xe2\x80\x9d", STRAIGHT },
	{ "\xe2\x80\x98", STRAIGHT }, /* U+2018 */
	{ "\xe2\x80\x99", STRAIGHT },
	{ "`", STRAIGHT },
};

/* Words that a slip of the hand may have been meant to be. */
static const char *const words[] = {
	"and",	    "or",	   "not",	"in",	     "has",
	"where",    "since",	   "followed",	"before",    "after",
	"within",   "last",	   "next",	"ago",	     "contains",
	"of",	    "starts_with", "ends_with", "ignoring",  "case",
	"now",	    "customer",	   "event",	"trigger",   "true",
	"false",    "null",	   "sent",	"delivered", "opened",
	"clicked",  "replied",	   "converted", "failed",    "unsubscribed",
	"workflow", "step",	   "email",	"whatsapp",  NULL,
};

char *expr_quote(const char *text, gsize offset, gsize bytes)
{
	GString *out = g_string_new(NULL);
	const char *at = text + offset, *end = at + bytes;

	for (; at < end; at = g_utf8_next_char(at)) {
		if (out->len >= QUOTE_MAX) {
			g_string_append(out, "...");
			break;
		}
		if (g_unichar_iscntrl(g_utf8_get_char(at)))
			g_string_append_c(out, ' ');
		else
			g_string_append_len(out, at, g_utf8_next_char(at) - at);
	}
	return g_string_free(out, FALSE);
}

void expr_locate(const char *text, gsize offset, guint *line, guint *column)
{
	const char *start = text;

	*line = 1;
	for (const char *at = text; at < text + offset; at++)
		if (*at == '\n') {
			start = at + 1;
			++*line;
		}
	*column = 1 + (guint)g_utf8_strlen(start, text + offset - start);
}

gpointer expr_fail(ExprParser *p, gsize offset, const char *format, ...)
{
	g_autofree char *message = NULL;
	va_list args;

	if (p->failed)
		return NULL;
	va_start(args, format);
	message = g_strdup_vprintf(format, args);
	va_end(args);
	p->failed = TRUE;
	p->wrong_at = offset;
	g_set_error_literal(p->error, JR_ERROR, JR_ERROR_CONFIG, message);
	return NULL;
}

static const char *habit(const char *wrong)
{
	for (gsize i = 0; i < G_N_ELEMENTS(habits); i++)
		if (g_ascii_strcasecmp(habits[i].wrong, wrong) == 0)
			return habits[i].instead;
	return NULL;
}

/* The right word for a wrong one, when it is plain; else NULL. */
static const char *meant(const char *wrong)
{
	const char *right = jr_suggest(wrong, words);

	/* Short words are near each other: the first letter must fit. */
	if (!right || strcmp(right, wrong) == 0 ||
	    g_ascii_tolower(*right) != g_ascii_tolower(*wrong))
		return NULL;
	return right;
}

gpointer expr_unexpected(ExprParser *p, const char *instead)
{
	const ExprToken *token = &p->token;
	g_autofree char *shown =
		expr_quote(p->text, token->offset, token->bytes);
	const char *right = NULL;

	if (token->kind == TOKEN_END)
		return expr_fail(p, token->offset, "unexpected end: %s",
				 instead);
	if (token->kind == TOKEN_NAME && habit(token->text))
		instead = habit(token->text);
	else if (token->kind == TOKEN_NAME)
		right = meant(token->text);
	if (right)
		return expr_fail(p, token->offset,
				 "unexpected '%s': write '%s'", shown, right);
	return expr_fail(p, token->offset, "unexpected '%s': %s", shown,
			 instead);
}

gboolean expr_refuse_mark(ExprParser *p, gsize offset, gboolean known)
{
	const char *at = p->text + offset;
	g_autofree char *shown = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(habits); i++) {
		const char *wrong = habits[i].wrong;

		if (g_ascii_isalpha(*wrong) || !g_str_has_prefix(at, wrong) ||
		    (known && !wrong[1]))
			continue;
		expr_fail(p, offset, "unexpected '%s': %s", wrong,
			  habits[i].instead);
		return TRUE;
	}
	if (known)
		return FALSE;
	shown = expr_quote(p->text, offset, g_utf8_next_char(at) - at);
	expr_fail(p, offset,
		  "unexpected '%s': write a name, a value or an operator",
		  shown);
	return TRUE;
}
