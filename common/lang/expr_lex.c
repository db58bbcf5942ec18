#include "base/error.h"
#include "lang/expr_parser.h"

#include <math.h>
#include <string.h>

/* Longer before shorter. */
static const char *const marks[] = {
	"==", "!=", "<=", ">=", "<", ">", "(", ")",
	"[",  "]",  ",",  ".",	"+", "-", "*", "/"
};

/* Blanks, and comments from # to the end of their line. */
static gsize skip_blanks(const ExprParser *p, gsize at)
{
	for (;;) {
		at += strspn(p->text + at, " \t\r\n");
		if (p->text[at] != '#')
			return at;
		at += strcspn(p->text + at, "\n");
	}
}

static gboolean is_name_start(gunichar c)
{
	return g_unichar_isalpha(c) || c == '_' || c == '$';
}

static gboolean is_name_part(gunichar c)
{
	return is_name_start(c) || g_unichar_isalnum(c) || g_unichar_ismark(c);
}

static gsize name_bytes(const char *at)
{
	const char *end = at;

	while (*end && is_name_part(g_utf8_get_char(end)))
		end = g_utf8_next_char(end);
	return end - at;
}

static void lex_name(ExprParser *p, ExprToken *token)
{
	const char *at = p->text + token->offset;

	token->kind = TOKEN_NAME;
	token->bytes = token->len = name_bytes(at);
	token->text = expr_keep(p, at, token->len);
}

/* Texts */

/* Four hex digits; -1 when they are none. */
static gint32 hex4(const char *at)
{
	gint32 code = 0;

	for (guint i = 0; i < 4; i++) {
		int digit = g_ascii_xdigit_value(at[i]);

		if (digit < 0)
			return -1;
		code = code << 4 | digit;
	}
	return code;
}

/* Read \uXXXX, or a pair of them, at *@at; 0 when there is none such. */
static gunichar unescape_code(const char **at)
{
	gint32 high = hex4(*at + 2), low;

	if (high < 0)
		return 0;
	*at += 6;
	if (high < 0xd800 || high > 0xdfff)
		return (gunichar)high;
	if (high > 0xdbff || (*at)[0] != '\\' || (*at)[1] != 'u')
		return 0;
	low = hex4(*at + 2);
	if (low < 0xdc00 || low > 0xdfff)
		return 0;
	*at += 6;
	return 0x10000 + (((gunichar)high - 0xd800) << 10) + (low - 0xdc00);
}

/* Read an escape at *@at to *@out; FALSE when there is none such. */
static gboolean unescape(const char **at, char **out)
{
	static const char from[] = "\"'\\/*nrtbf", to[] = "\"'\\/*\n\r\t\b\f";
	const char *found = (*at)[1] ? strchr(from, (*at)[1]) : NULL;
	gunichar code;

	if (found) {
		*(*out)++ = to[found - from];
		*at += 2;
		return TRUE;
	}
	code = (*at)[1] == 'u' ? unescape_code(at) : 0;
	if (code)
		*out += g_unichar_to_utf8(code, *out);
	return code != 0;
}

/* Bytes from the quote at @from to the one that ends the text, or 0. */
static gsize text_bytes(const char *from)
{
	const char *at = from + 1;

	for (; *at != *from; at++) {
		if (*at == '\\')
			at++;
		if (*at == '\0' || *at == '\n')
			return 0;
	}
	return at + 1 - from;
}

/* Copy what stands between the quotes; the place of a bad escape, or NULL. */
static const char *unquote(ExprToken *token, const char *at, const char *end,
			   char *out)
{
	token->text = out;
	while (at < end) {
		const char *from = at;

		token->star = *at == '*';
		if (*at != '\\')
			*out++ = *at++;
		else if (!unescape(&at, &out))
			return from;
	}
	token->len = out - token->text;
	return NULL;
}

static void lex_text(ExprParser *p, ExprToken *token)
{
	const char *from = p->text + token->offset, *wrong;

	token->kind = TOKEN_TEXT;
	token->bytes = text_bytes(from);
	if (token->bytes == 0) {
		expr_fail(p, token->offset,
			  "this text does not end: close it with %c", *from);
		token->kind = TOKEN_BAD;
		return;
	}
	wrong = unquote(token, from + 1, from + token->bytes - 1,
			expr_take(p, token->bytes));
	if (!wrong)
		return;
	expr_fail(p, wrong - p->text,
		  "no such escape: write \\\\ for a backslash");
	token->kind = TOKEN_BAD;
}

/* Numbers, durations, instants */

static gboolean digits(const char *at, guint n)
{
	for (guint i = 0; i < n; i++)
		if (!g_ascii_isdigit(at[i]))
			return FALSE;
	return TRUE;
}

/* Bytes of "T06:40", "T06:40:00.5" with or without zone at @at; or 0. */
static gsize clock_bytes(const char *at)
{
	const char *end = at + 1;

	if ((*at != 'T' && *at != 't') || !digits(end, 2))
		return 0;
	end += strspn(end, "0123456789:.");
	if (*end == 'Z' || *end == 'z')
		return end + 1 - at;
	if ((*end == '+' || *end == '-') && digits(end + 1, 2)) {
		gsize zone = 1 + strspn(end + 1, "0123456789:");

		/* What goes on with a letter is a duration to be added. */
		if (!g_ascii_isalpha(end[zone]))
			end += zone;
	}
	return end - at;
}

/* Bytes of "2026-11-23", and of the time after it, at @at; or 0. */
static gsize time_bytes(const char *at)
{
	if (!digits(at, 4) || at[4] != '-' || !digits(at + 5, 2) ||
	    at[7] != '-' || !digits(at + 8, 2))
		return 0;
	return 10 + clock_bytes(at + 10);
}

static void lex_time(ExprParser *p, ExprToken *token)
{
	token->kind = TOKEN_TIME;
	token->len = token->bytes;
	token->text = expr_keep(p, p->text + token->offset, token->bytes);
}

static void lex_span(ExprParser *p, ExprToken *token)
{
	const char *at = p->text + token->offset, *text;
	g_autoptr(GError) error = NULL;

	token->kind = TOKEN_SPAN;
	token->bytes = name_bytes(at);
	token->value = (ExprValue){ .kind = EXPR_SPAN };
	text = expr_keep(p, at, token->bytes);
	if (!jr_span_parse(text, &token->value.span, &error)) {
		expr_fail(p, token->offset, "%s", error->message);
		token->kind = TOKEN_BAD;
	}
}

/* Bytes of a JSON number (RFC 8259) without its sign at @at. */
static gsize number_bytes(const char *at)
{
	const char *end = at + strspn(at, "0123456789");
	gsize sign;

	if (*end == '.' && g_ascii_isdigit(end[1]))
		end += 1 + strspn(end + 1, "0123456789");
	if (*end != 'e' && *end != 'E')
		return end - at;
	sign = 1 + (end[1] == '+' || end[1] == '-');
	if (g_ascii_isdigit(end[sign]))
		end += sign + strspn(end + sign, "0123456789");
	return end - at;
}

static void lex_number(ExprParser *p, ExprToken *token)
{
	const char *text = expr_keep(p, p->text + token->offset, token->bytes);
	ExprValue *value = &token->value;

	token->kind = TOKEN_NUMBER;
	*value = (ExprValue){ .kind = EXPR_INT };
	if (strspn(text, "0123456789") == token->bytes) {
		if (g_ascii_string_to_signed(text, 10, 0, G_MAXINT64,
					     &value->num, NULL))
			return;
		expr_fail(p, token->offset,
			  "this number does not fit 64 bits: write a smaller "
			  "one");
		token->kind = TOKEN_BAD;
		return;
	}
	value->kind = EXPR_REAL;
	value->real = g_ascii_strtod(text, NULL);
	if (isfinite(value->real))
		return;
	expr_fail(p, token->offset,
		  "this number is too large: write a smaller "
		  "one");
	token->kind = TOKEN_BAD;
}

static void lex_digits(ExprParser *p, ExprToken *token)
{
	const char *at = p->text + token->offset;

	token->bytes = time_bytes(at);
	if (token->bytes > 0) {
		lex_time(p, token);
		return;
	}
	token->bytes = number_bytes(at);
	if (is_name_start(g_utf8_get_char(at + token->bytes)))
		lex_span(p, token);
	else
		lex_number(p, token);
}

/* Marks */

static const char *find_mark(const char *at)
{
	for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
		if (g_str_has_prefix(at, marks[i]))
			return marks[i];
	return NULL;
}

static void lex_mark(ExprParser *p, ExprToken *token)
{
	const char *mark = find_mark(p->text + token->offset);

	token->kind = TOKEN_BAD;
	/* "===" and "<>" begin like marks of ours. */
	if (expr_refuse_mark(p, token->offset, mark != NULL) || !mark)
		return;
	token->kind = TOKEN_MARK;
	token->text = mark;
	token->bytes = token->len = (guint32)strlen(mark);
}

static ExprToken lex(ExprParser *p, gsize at)
{
	ExprToken token = { .offset = skip_blanks(p, at) };
	gunichar c = g_utf8_get_char(p->text + token.offset);

	if (c == '\0')
		token.kind = TOKEN_END;
	else if (g_ascii_isdigit((char)c) && c < 0x80)
		lex_digits(p, &token);
	else if (c == '"' || c == '\'')
		lex_text(p, &token);
	else if (is_name_start(c))
		lex_name(p, &token);
	else
		lex_mark(p, &token);
	return token;
}

void expr_advance(ExprParser *p)
{
	p->end = p->token.offset + p->token.bytes;
	p->token = lex(p, p->at);
	p->at = p->token.offset + p->token.bytes;
}

static gboolean is_word(const ExprToken *token, const char *word)
{
	return (token->kind == TOKEN_NAME || token->kind == TOKEN_MARK) &&
	       strcmp(token->text, word) == 0;
}

gboolean expr_at(const ExprParser *p, const char *word)
{
	return is_word(&p->token, word);
}

gboolean expr_peek(const ExprParser *p, const char *word)
{
	ExprParser ahead = *p;
	ExprToken token;

	/* What is wrong there is told when it is at hand. */
	ahead.error = NULL;
	token = lex(&ahead, p->at);
	return is_word(&token, word);
}

gboolean expr_accept(ExprParser *p, const char *word)
{
	if (!expr_at(p, word))
		return FALSE;
	expr_advance(p);
	return TRUE;
}

gboolean expr_expect(ExprParser *p, const char *word)
{
	g_autofree char *instead = g_strdup_printf("expected '%s'", word);

	if (expr_accept(p, word))
		return TRUE;
	expr_unexpected(p, instead);
	return FALSE;
}
