#include "base/hash.h"
#include "lang/expr_run.h"

#include <math.h>
#include <string.h>

/* Parts of time, by the clocks of the person's zone */

/* What the clocks show at @in, and when their @unit changes. */
static gboolean show(ExprRun *run, const ExprValue *in, ExprUnit unit,
		     JrLocal *local)
{
	ExprValue at;

	if (!expr_to_instant(in, run->facts->zone, &at))
		return FALSE;
	*local = jr_zone_local(run->facts->zone, at.num);
	expr_unit_moves(run, &at, unit);
	return TRUE;
}

#define DEFINE_PART(part, unit)                                                \
	static gboolean apply_##part(ExprRun *run, const ExprValue *in,        \
				     ExprValue *out)                           \
	{                                                                      \
		JrLocal local;                                                 \
		if (!show(run, in, unit, &local))                              \
			return FALSE;                                          \
		*out = expr_int(local.part);                                   \
		return TRUE;                                                   \
	}

DEFINE_PART(minute, UNIT_MINUTE)
DEFINE_PART(hour, UNIT_HOUR)
DEFINE_PART(weekday, UNIT_DAY)
DEFINE_PART(day, UNIT_DAY)
DEFINE_PART(month, UNIT_MONTH)
DEFINE_PART(year, UNIT_YEAR)

static gboolean apply_date(ExprRun *run, const ExprValue *in, ExprValue *out)
{
	JrLocal local;

	if (!show(run, in, UNIT_DAY, &local))
		return FALSE;
	local.hour = local.minute = local.second = 0;
	*out = expr_instant(jr_zone_instant(run->facts->zone, &local));
	return TRUE;
}

/* Other kinds */

static gboolean apply_time(ExprRun *run, const ExprValue *in, ExprValue *out)
{
	return expr_to_instant(in, run->facts->zone, out);
}

/* Whether @text is a number as JSON writes them (RFC 8259). */
static gboolean is_number(const char *text)
{
	static const char ten[] = "0123456789";
	const char *at = text + (*text == '-');
	gsize whole = strspn(at, ten);

	if (whole == 0 || (*at == '0' && whole > 1))
		return FALSE;
	at += whole;
	if (*at == '.') {
		if (!g_ascii_isdigit(*++at))
			return FALSE;
		at += strspn(at, ten);
	}
	if (*at == 'e' || *at == 'E') {
		at += 1 + (at[1] == '+' || at[1] == '-');
		if (!g_ascii_isdigit(*at))
			return FALSE;
		at += strspn(at, ten);
	}
	return *at == '\0';
}

static gboolean text_to_number(const ExprValue *in, ExprValue *out)
{
	if (strlen(in->text) != in->len || !is_number(in->text))
		return FALSE;
	*out = expr_int(0);
	if (g_ascii_string_to_signed(in->text, 10, G_MININT64, G_MAXINT64,
				     &out->num, NULL))
		return TRUE;
	out->kind = EXPR_REAL;
	out->real = g_ascii_strtod(in->text, NULL);
	return isfinite(out->real) != 0;
}

static gboolean apply_number(ExprRun *run, const ExprValue *in, ExprValue *out)
{
	(void)run;
	if (in->kind == EXPR_TEXT)
		return text_to_number(in, out);
	*out = *in;
	return (EXPR_IS(in->kind) & EXPR_NUMBERS) != 0;
}

static gboolean apply_length(ExprRun *run, const ExprValue *in, ExprValue *out)
{
	(void)run;
	if (in->kind == EXPR_TEXT)
		*out = expr_int(g_utf8_strlen(in->text, in->len));
	else if (in->kind == EXPR_TREE)
		*out = expr_int(in->tree->len);
	return in->kind == EXPR_TEXT || in->kind == EXPR_TREE;
}

#define A_TIME "write a time, as in 'hour(now)' or 'year(birthday)'"
#define TEXT_OR_LIST (EXPR_IS(EXPR_TEXT) | EXPR_IS(EXPR_TREE))

/* To add a function of one value: it, a row here, a line in jr-expr(7). */
static const ExprFunction functions[] = {
	{ "minute", A_TIME, EXPR_TIMES, EXPR_IS(EXPR_INT), NODE_CALENDAR,
	  apply_minute },
	{ "hour", A_TIME, EXPR_TIMES, EXPR_IS(EXPR_INT), NODE_CALENDAR,
	  apply_hour },
	{ "weekday", A_TIME, EXPR_TIMES, EXPR_IS(EXPR_INT), NODE_CALENDAR,
	  apply_weekday },
	{ "day", A_TIME, EXPR_TIMES, EXPR_IS(EXPR_INT), NODE_CALENDAR,
	  apply_day },
	{ "month", A_TIME, EXPR_TIMES, EXPR_IS(EXPR_INT), NODE_CALENDAR,
	  apply_month },
	{ "year", A_TIME, EXPR_TIMES, EXPR_IS(EXPR_INT), NODE_CALENDAR,
	  apply_year },
	{ "date", A_TIME, EXPR_TIMES, EXPR_IS(EXPR_INSTANT), NODE_CALENDAR,
	  apply_date },
	{ "time", A_TIME, EXPR_TIMES, EXPR_IS(EXPR_INSTANT), 0, apply_time },
	{ "number", "write a text, as in 'number(age)'",
	  EXPR_NUMBERS | EXPR_IS(EXPR_TEXT), EXPR_NUMBERS, 0, apply_number },
	{ "length", "write a text or a list, as in 'length(tags)'",
	  TEXT_OR_LIST, EXPR_IS(EXPR_INT), 0, apply_length },
};

const ExprFunction *expr_function_find(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(functions); i++)
		if (strcmp(functions[i].name, name) == 0)
			return &functions[i];
	return NULL;
}

/* Questions to the source */

typedef gboolean (*SourceFn)(gpointer data, const char *name, gboolean *yes,
			     GError **error);

static gboolean ask_source(ExprRun *run, const ExprNode *node, SourceFn ask,
			   ExprValue *out)
{
	gboolean yes = FALSE;

	if (!ask)
		return expr_refuse(run, node);
	if (!ask(run->facts->data, node->name, &yes, run->error))
		return FALSE;
	*out = expr_bool(yes);
	return TRUE;
}

#define DEFINE_ASK(member)                                                     \
	static gboolean ask_##member(ExprRun *run, const ExprNode *node,       \
				     ExprValue *out)                           \
	{                                                                      \
		const JrFactSource *source = run->facts->source;               \
		return ask_source(run, node, source ? source->member : NULL,   \
				  out);                                        \
	}

DEFINE_ASK(in_segment)
DEFINE_ASK(has_device)
DEFINE_ASK(subscribed)

static gboolean ask_bucket(ExprRun *run, const ExprNode *node, ExprValue *out)
{
	if (!run->facts->person_id)
		return expr_refuse(run, node);
	*out = (ExprValue){ .kind = EXPR_REAL };
	out->real = jr_hash_bucket(node->name, run->facts->person_id);
	return TRUE;
}

static const char *const platforms[] = { "any", "ios", "android", "web", NULL };

/* To add a question: it, a row here, a line in jr-expr(7). */
static const ExprAsk asks[] = {
	{ "in_segment", "expected the name of a segment in quotes",
	  EXPR_IS(EXPR_BOOL), ask_in_segment, NULL },
	{ "has_device", "expected a platform in quotes, as \"ios\"",
	  EXPR_IS(EXPR_BOOL), ask_has_device, platforms },
	{ "subscribed", "expected a topic or a channel in quotes",
	  EXPR_IS(EXPR_BOOL), ask_subscribed, NULL },
	{ "bucket", "expected the name of an experiment in quotes",
	  EXPR_IS(EXPR_REAL), ask_bucket, NULL },
};

const ExprAsk *expr_ask_find(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(asks); i++)
		if (strcmp(asks[i].name, name) == 0)
			return &asks[i];
	return NULL;
}

void expr_function_names(GPtrArray *names)
{
	for (gsize i = 0; i < G_N_ELEMENTS(functions); i++)
		g_ptr_array_add(names, (gpointer)functions[i].name);
	for (gsize i = 0; i < G_N_ELEMENTS(asks); i++)
		g_ptr_array_add(names, (gpointer)asks[i].name);
}
