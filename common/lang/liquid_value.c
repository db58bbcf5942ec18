/* liquid_value.c - values as lists, whole numbers, and each other's equals. */
#define _GNU_SOURCE /* memmem */
#include "lang/liquid_impl.h"

#include <string.h>

/* --------------------------------------------------------------- bytes */

LqText lq_str(const char *str)
{
	return (LqText){ str, strlen(str) };
}

gboolean lq_str_begins(LqText text, const char *what)
{
	gsize len = strlen(what);

	return text.len >= len && memcmp(text.str, what, len) == 0;
}

gboolean lq_str_is(LqText text, const char *what)
{
	return strlen(what) == text.len && lq_str_begins(text, what);
}

int lq_str_cmp(LqText a, LqText b)
{
	int order = memcmp(a.str, b.str, MIN(a.len, b.len));

	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

const char *lq_find(const char *at, const char *end, LqText what)
{
	return memmem(at, (gsize)(end - at), what.str, what.len);
}

gboolean lq_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

LqText lq_strip(LqText text, gboolean left, gboolean right)
{
	while (left && text.len > 0 && lq_space(*text.str)) {
		text.str++;
		text.len--;
	}
	while (right && text.len > 0 && lq_space(text.str[text.len - 1]))
		text.len--;
	return text;
}

/* -------------------------------------------------------------- making */

LqVal lq_data(JrVal val)
{
	return (LqVal){ .kind = LQ_DATA, .val = val };
}

LqVal lq_nil(void)
{
	return lq_data(jr_val_null);
}

LqVal lq_bool(gboolean yes)
{
	return lq_data(jr_val_bool(yes));
}

LqVal lq_int(gint64 num)
{
	return lq_data(jr_val_int(num));
}

LqVal lq_real(double real)
{
	return lq_data(jr_val_real(real));
}

LqVal lq_text_val(const char *text)
{
	return lq_data(jr_val_text(text));
}

LqVal lq_list(const JrVal *items, gsize n)
{
	return lq_data((JrVal){
		.type = JR_VAL_LIST, .len = (guint32)n, .items = items });
}

/* -------------------------------------------------------------- asking */

gboolean lq_is_type(const LqVal *v, JrValType type)
{
	return v->kind == LQ_DATA && v->val.type == type;
}

LqText lq_val_text(const LqVal *v)
{
	return (LqText){ v->val.text, v->val.len };
}

gboolean lq_is_nil(const LqVal *v)
{
	return lq_is_type(v, JR_VAL_NULL);
}

gboolean lq_is_number(const LqVal *v)
{
	return lq_is_type(v, JR_VAL_INT) || lq_is_type(v, JR_VAL_REAL);
}

gboolean lq_truthy(const LqVal *v)
{
	if (v->kind != LQ_DATA)
		return TRUE;
	return v->val.type != JR_VAL_NULL &&
	       !(v->val.type == JR_VAL_BOOL && !v->val.yes);
}

gboolean lq_is_empty(const LqVal *v)
{
	if (v->kind == LQ_RANGE)
		return FALSE;
	return v->kind == LQ_DATA && v->val.type >= JR_VAL_TEXT &&
	       v->val.len == 0;
}

gboolean lq_is_blank(const LqVal *v)
{
	if (v->kind == LQ_DATA && v->val.type == JR_VAL_TEXT)
		return lq_strip(lq_val_text(v), TRUE, TRUE).len == 0;
	return !lq_truthy(v) || lq_is_empty(v);
}

const char *lq_type_name(const LqVal *v)
{
	switch (v->kind) {
	case LQ_DATA:
		return jr_val_type_name(&v->val);
	case LQ_RANGE:
		return "a range";
	case LQ_LOOP:
		return "a loop";
	case LQ_EMPTY:
	case LQ_BLANK:
		return "a text";
	}
	g_assert_not_reached();
}

/* ----------------------------------------------------------- as a list */

gint64 lq_range_length(const LqVal *v)
{
	gint64 n;

	if (v->to < v->from)
		return 0;
	if (__builtin_sub_overflow(v->to, v->from, &n) || n == G_MAXINT64)
		return G_MAXINT64;
	return n + 1;
}

static LqVal range_list(LqRun *run, const LqVal *v)
{
	gint64 n = lq_range_length(v);
	JrVal *items;

	if (!lq_pay(run, (guint64)n) || !(items = lq_take_items(run, (gsize)n)))
		return lq_list(NULL, 0);
	for (gint64 i = 0; i < n; i++)
		items[i] = jr_val_int(v->from + i);
	return lq_list(items, (gsize)n);
}

LqVal lq_materialise(LqRun *run, const LqVal *v)
{
	switch (v->kind) {
	case LQ_DATA:
		return *v;
	case LQ_RANGE:
		return range_list(run, v);
	case LQ_LOOP:
	case LQ_EMPTY:
	case LQ_BLANK:
		return lq_data(jr_val_text(lq_to_text(run, v).str));
	}
	g_assert_not_reached();
}

static gsize count_flat(const JrVal *list, guint depth)
{
	gsize n = 0;

	if (depth > LQ_MAX_NESTING)
		return G_MAXUINT32;
	for (guint32 i = 0; i < list->len; i++)
		n += list->items[i].type == JR_VAL_LIST
			     ? count_flat(&list->items[i], depth + 1)
			     : 1;
	return n;
}

static JrVal *copy_flat(const JrVal *list, JrVal *to)
{
	for (guint32 i = 0; i < list->len; i++) {
		if (list->items[i].type == JR_VAL_LIST)
			to = copy_flat(&list->items[i], to);
		else
			*to++ = list->items[i];
	}
	return to;
}

static gboolean is_flat(const JrVal *list)
{
	for (guint32 i = 0; i < list->len; i++)
		if (list->items[i].type == JR_VAL_LIST)
			return FALSE;
	return TRUE;
}

static LqVal flatten(LqRun *run, const LqVal *v)
{
	JrVal *items;
	gsize n;

	if (!lq_pay(run, v->val.len))
		return lq_list(NULL, 0);
	if (is_flat(&v->val))
		return lq_data(v->val);
	n = count_flat(&v->val, 0);
	if (n >= G_MAXUINT32)
		lq_fail(run, "lists nested deeper than %d", LQ_MAX_NESTING);
	if (run->error || !lq_pay(run, n) || !(items = lq_take_items(run, n)))
		return lq_list(NULL, 0);
	copy_flat(&v->val, items);
	return lq_list(items, n);
}

LqVal lq_to_list(LqRun *run, const LqVal *v)
{
	LqVal data = lq_materialise(run, v);
	JrVal *one;

	if (lq_is_nil(&data))
		return lq_list(NULL, 0);
	if (lq_is_type(&data, JR_VAL_LIST))
		return v->kind == LQ_RANGE ? data : flatten(run, &data);
	one = lq_take_items(run, 1);
	if (!one)
		return lq_list(NULL, 0);
	*one = data.val;
	return lq_list(one, 1);
}

/* ------------------------------------------------------------- integers */

gboolean lq_to_integer(LqRun *run, const LqVal *v, gint64 *num)
{
	LqText text;

	*num = 0;
	if (lq_is_type(v, JR_VAL_INT)) {
		*num = v->val.num;
		return TRUE;
	}
	if (lq_is_type(v, JR_VAL_TEXT)) {
		g_autofree char *digits = NULL;

		text = lq_strip(lq_val_text(v), TRUE, TRUE);
		digits = g_strndup(text.str, text.len);
		if (g_ascii_string_to_signed(digits, 10, G_MININT64, G_MAXINT64,
					     num, NULL))
			return TRUE;
	}
	lq_fail(run, "%s where a whole number was expected", lq_type_name(v));
	return FALSE;
}

/* ------------------------------------------------------------- equality */

static gboolean equal_vals(LqRun *run, const JrVal *a, const JrVal *b,
			   guint depth);

static gboolean equal_lists(LqRun *run, const JrVal *a, const JrVal *b,
			    guint depth)
{
	for (guint32 i = 0; i < a->len; i++)
		if (!equal_vals(run, &a->items[i], &b->items[i], depth))
			return FALSE;
	return TRUE;
}

static gboolean equal_maps(LqRun *run, const JrVal *a, const JrVal *b,
			   guint depth)
{
	for (guint32 i = 0; i < a->len; i++) {
		const JrMember *member = &a->members[i];
		const JrVal *other =
			jr_val_get_len(b, member->key, member->key_len);

		if (!other || !lq_pay(run, b->len / 16) ||
		    !equal_vals(run, &member->val, other, depth))
			return FALSE;
	}
	return TRUE;
}

/* Like jr_val_equal(), but it pays for its work and has a depth. */
static gboolean equal_vals(LqRun *run, const JrVal *a, const JrVal *b,
			   guint depth)
{
	if (a->type != b->type || a->type < JR_VAL_TEXT)
		return jr_val_equal(a, b);
	if (a->len != b->len || !lq_pay_bytes(run, a->len))
		return FALSE;
	if (depth > LQ_MAX_NESTING) {
		lq_fail(run, "lists and maps nested deeper than %d",
			LQ_MAX_NESTING);
		return FALSE;
	}
	if (a->type == JR_VAL_TEXT)
		return a->len == 0 || memcmp(a->text, b->text, a->len) == 0;
	if (a->type == JR_VAL_LIST)
		return equal_lists(run, a, b, depth + 1);
	return equal_maps(run, a, b, depth + 1);
}

gboolean lq_equal(LqRun *run, const LqVal *a, const LqVal *b)
{
	if (a->kind == LQ_EMPTY)
		return b->kind != LQ_BLANK && lq_is_empty(b);
	if (b->kind == LQ_EMPTY)
		return a->kind != LQ_BLANK && lq_is_empty(a);
	if (a->kind == LQ_BLANK)
		return b->kind != LQ_BLANK && lq_is_blank(b);
	if (b->kind == LQ_BLANK)
		return lq_is_blank(a);
	if (a->kind != b->kind)
		return FALSE;
	if (a->kind == LQ_RANGE)
		return a->from == b->from && a->to == b->to;
	if (a->kind == LQ_LOOP)
		return a->loop == b->loop;
	return equal_vals(run, &a->val, &b->val, 0);
}
