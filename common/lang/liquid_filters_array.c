/* liquid_filters_array.c - lists as wholes. */
#include "lang/liquid_impl.h"

#include <string.h>

/* ------------------------------------------------------------ one of many */

static LqVal f_first(LqRun *run, const LqArgs *args)
{
	return lq_member(run, &args->in, lq_str("first"));
}

static LqVal f_last(LqRun *run, const LqArgs *args)
{
	return lq_member(run, &args->in, lq_str("last"));
}

static LqVal f_size(LqRun *run, const LqArgs *args)
{
	const LqVal *in = &args->in;

	if (in->kind == LQ_RANGE)
		return lq_int(lq_range_length(in));
	if (lq_is_type(in, JR_VAL_TEXT)) {
		lq_pay_bytes(run, in->val.len);
		return lq_int(g_utf8_strlen(in->val.text, in->val.len));
	}
	if (lq_is_type(in, JR_VAL_LIST) || lq_is_type(in, JR_VAL_MAP))
		return lq_int(in->val.len);
	return lq_int(0);
}

/* -------------------------------------------------------------- all as one */

static LqVal f_join(LqRun *run, const LqArgs *args)
{
	LqVal list = lq_to_list(run, &args->in);
	LqText glue = { " ", 1 };
	LqBuild b = { .run = run };

	if (args->n > 0)
		glue = lq_arg_text(run, args, 0);
	for (guint32 i = 0; i < list.val.len && !run->error; i++) {
		LqVal item = lq_data(list.val.items[i]);

		if (i > 0)
			lq_add_text(&b, glue);
		lq_add_text(&b, lq_to_text(run, &item));
	}
	return lq_built(&b);
}

static LqVal f_sum(LqRun *run, const LqArgs *args)
{
	LqVal list = lq_to_list(run, &args->in);
	LqNum sum = lq_num_int(0);

	for (guint32 i = 0; i < list.val.len && !run->error; i++) {
		LqVal item = lq_data(list.val.items[i]);

		if (!lq_is_nil(&args->arg[0]))
			lq_property(run, &item, &args->arg[0], &item);
		sum = lq_num_add(sum, lq_to_number(run, &item));
	}
	return lq_from_number(run, sum);
}

/* --------------------------------------------------------------- new lists */

static LqVal f_reverse(LqRun *run, const LqArgs *args)
{
	LqVal list = lq_to_list(run, &args->in);
	JrVal *items = lq_take_items(run, list.val.len);

	if (!items)
		return lq_nil();
	for (guint32 i = 0; i < list.val.len; i++)
		items[i] = list.val.items[list.val.len - 1 - i];
	return lq_list(items, list.val.len);
}

/* The items of two lists, one after the other. */
static LqVal both(LqRun *run, const JrVal *a, const JrVal *b)
{
	gsize n = (gsize)a->len + b->len;
	JrVal *items = lq_pay(run, n) ? lq_take_items(run, n) : NULL;

	if (!items)
		return lq_nil();
	if (a->len > 0)
		memcpy(items, a->items, a->len * sizeof(JrVal));
	if (b->len > 0)
		memcpy(items + a->len, b->items, b->len * sizeof(JrVal));
	return lq_list(items, n);
}

static LqVal f_concat(LqRun *run, const LqArgs *args)
{
	LqVal list = lq_to_list(run, &args->in);

	if (!lq_is_type(&args->arg[0], JR_VAL_LIST))
		return lq_fail(run, "'concat' takes a list, not %s",
			       lq_type_name(&args->arg[0]));
	return both(run, &list.val, &args->arg[0].val);
}

/* The input of filters that take a list as it stands. */
static LqVal plain_list(LqRun *run, const LqArgs *args)
{
	LqVal v = lq_materialise(run, &args->in);

	return lq_is_type(&v, JR_VAL_LIST) ? v : lq_to_list(run, &v);
}

static LqVal f_push(LqRun *run, const LqArgs *args)
{
	LqVal list = plain_list(run, args);
	LqVal item = lq_materialise(run, &args->arg[0]);
	LqVal one = lq_list(&item.val, 1);

	return both(run, &list.val, &one.val);
}

static LqVal f_unshift(LqRun *run, const LqArgs *args)
{
	LqVal list = plain_list(run, args);
	LqVal item = lq_materialise(run, &args->arg[0]);
	LqVal one = lq_list(&item.val, 1);

	return both(run, &one.val, &list.val);
}

/* Items from @from on, @n at most; they are shared, not copied. */
static LqVal part(const LqVal *list, gint64 from, gint64 n)
{
	if (!lq_cut(list->val.len, &from, &n))
		return lq_list(NULL, 0);
	return lq_list(list->val.items + from, (gsize)n);
}

static LqVal f_pop(LqRun *run, const LqArgs *args)
{
	LqVal list = plain_list(run, args);

	return part(&list, 0, (gint64)list.val.len - 1);
}

static LqVal f_shift(LqRun *run, const LqArgs *args)
{
	LqVal list = plain_list(run, args);

	return part(&list, 1, list.val.len);
}

static LqVal f_limit(LqRun *run, const LqArgs *args)
{
	LqVal list = plain_list(run, args);
	gint64 n;

	if (!lq_to_integer(run, &args->arg[0], &n))
		return lq_nil();
	return part(&list, 0, n);
}

/* ------------------------------------------------------------------ sorting */

typedef struct {
	JrVal item;
	LqVal key;
	LqText folded; /* sort_natural */
} Row;

typedef struct {
	LqRun *run;
	gboolean natural;
} Sorting;

static int order_keys(LqRun *run, const LqVal *a, const LqVal *b)
{
	if (lq_is_number(a) && lq_is_number(b))
		return lq_num_cmp(lq_to_number(run, a), lq_to_number(run, b));
	if (lq_is_type(a, JR_VAL_TEXT) && lq_is_type(b, JR_VAL_TEXT))
		return lq_str_cmp(lq_val_text(a), lq_val_text(b));
	if (!lq_equal(run, a, b))
		lq_fail(run, "%s and %s cannot be sorted", lq_type_name(a),
			lq_type_name(b));
	return 0;
}

/* What is nil comes last. */
static int order_rows(gconstpointer x, gconstpointer y, gpointer data)
{
	const Row *a = x, *b = y;
	const Sorting *sorting = data;

	if (!lq_pay(sorting->run, 1))
		return 0;
	if (lq_is_nil(&a->key) || lq_is_nil(&b->key))
		return lq_is_nil(&a->key) - lq_is_nil(&b->key);
	if (sorting->natural)
		return lq_str_cmp(a->folded, b->folded);
	return order_keys(sorting->run, &a->key, &b->key);
}

/* In small letters; only those of ASCII, as Ruby's casecmp. */
static LqText fold(LqRun *run, const LqVal *v)
{
	LqText text = lq_to_text(run, v);
	LqBuild b = { .run = run };

	for (gsize i = 0; i < text.len; i++)
		lq_add_char(&b, g_ascii_tolower(text.str[i]));
	return lq_built_text(&b);
}

/* Whether every item is something that has properties at all. */
static gboolean all_have_any(const LqVal *list)
{
	for (guint32 i = 0; i < list->val.len; i++)
		if (list->val.items[i].type == JR_VAL_NULL ||
		    list->val.items[i].type == JR_VAL_BOOL ||
		    list->val.items[i].type == JR_VAL_REAL)
			return FALSE;
	return TRUE;
}

/* Rows of @list with their keys; FALSE when items cannot have any. */
static gboolean make_rows(LqRun *run, const LqVal *list, const LqArgs *args,
			  GArray *rows, gboolean natural)
{
	if (!lq_is_nil(&args->arg[0]) && !all_have_any(list))
		return FALSE;
	for (guint32 i = 0; i < list->val.len && !run->error; i++) {
		Row row = { .item = list->val.items[i] };

		row.key = lq_data(row.item);
		if (!lq_is_nil(&args->arg[0]) &&
		    !lq_property(run, &row.key, &args->arg[0], &row.key))
			return FALSE;
		if (natural && !lq_is_nil(&row.key))
			row.folded = fold(run, &row.key);
		g_array_append_val(rows, row);
	}
	return !run->error;
}

static LqVal sort(LqRun *run, const LqArgs *args, gboolean natural)
{
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(Row));
	LqVal list = lq_to_list(run, &args->in);
	Sorting sorting = { run, natural };
	JrVal *items;

	if (!make_rows(run, &list, args, rows, natural) ||
	    !(items = lq_take_items(run, rows->len)))
		return lq_nil();
	/* A merge sort: equal ones stay in their order. */
	g_array_sort_with_data(rows, order_rows, &sorting);
	for (guint i = 0; i < rows->len; i++)
		items[i] = g_array_index(rows, Row, i).item;
	return lq_list(items, rows->len);
}

static LqVal f_sort(LqRun *run, const LqArgs *args)
{
	return sort(run, args, FALSE);
}

static LqVal f_sort_natural(LqRun *run, const LqArgs *args)
{
	return sort(run, args, TRUE);
}

/* ------------------------------------------------------------- each only once
 */

static LqVal uniq(LqRun *run, const LqVal *list, const LqVal *property)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GArray) kept = g_array_new(FALSE, FALSE, sizeof(JrVal));

	for (guint32 i = 0; i < list->val.len && !run->error; i++) {
		LqVal key = lq_data(list->val.items[i]);

		if (!lq_is_nil(property) &&
		    !lq_property(run, &key, property, &key))
			return lq_nil();
		if (lq_pay(run, 1) &&
		    g_hash_table_add(seen,
				     (gpointer)lq_inspect(run, &key.val).str))
			g_array_append_val(kept, list->val.items[i]);
	}
	return lq_list_of(run, kept);
}

static LqVal f_uniq(LqRun *run, const LqArgs *args)
{
	LqVal list = lq_to_list(run, &args->in);

	return uniq(run, &list, &args->arg[0]);
}

/* Of a list, or of the JSON text of one: attributes are often kept so. */
static LqVal f_json_array_uniq(LqRun *run, const LqArgs *args)
{
	LqVal list = args->in;

	if (lq_is_type(&list, JR_VAL_TEXT))
		list = lq_read_json(run, lq_val_text(&list));
	if (run->error)
		return lq_nil();
	if (!lq_is_type(&list, JR_VAL_LIST))
		return lq_fail(run, "'json_array_uniq' takes a list, not %s",
			       lq_type_name(&list));
	return uniq(run, &list, &args->arg[0]);
}

static LqVal f_compact(LqRun *run, const LqArgs *args)
{
	g_autoptr(GArray) kept = g_array_new(FALSE, FALSE, sizeof(JrVal));
	LqVal list = lq_to_list(run, &args->in);

	for (guint32 i = 0; i < list.val.len && !run->error; i++) {
		LqVal key = lq_data(list.val.items[i]);

		if (!lq_is_nil(&args->arg[0]) &&
		    !lq_property(run, &key, &args->arg[0], &key))
			return lq_nil();
		if (!lq_is_nil(&key))
			g_array_append_val(kept, list.val.items[i]);
	}
	return lq_list_of(run, kept);
}

/* To add a filter: a row here, one in jr-liquid(7), and its cases. */
const LqFilter lq_filters_array[] = {
	{ "first", f_first, 0, 0, NULL, LQ_PLAIN },
	{ "last", f_last, 0, 0, NULL, LQ_PLAIN },
	{ "size", f_size, 0, 0, NULL, LQ_PLAIN },
	{ "join", f_join, 0, 1, NULL, LQ_PLAIN },
	{ "sum", f_sum, 0, 1, NULL, LQ_PLAIN },
	{ "reverse", f_reverse, 0, 0, NULL, LQ_PLAIN },
	{ "concat", f_concat, 1, 1, NULL, LQ_PLAIN },
	{ "push", f_push, 1, 1, NULL, LQ_PLAIN },
	{ "unshift", f_unshift, 1, 1, NULL, LQ_PLAIN },
	{ "pop", f_pop, 0, 0, NULL, LQ_PLAIN },
	{ "shift", f_shift, 0, 0, NULL, LQ_PLAIN },
	{ "limit", f_limit, 1, 1, NULL, LQ_PLAIN },
	{ "sort", f_sort, 0, 1, NULL, LQ_PLAIN },
	{ "sort_natural", f_sort_natural, 0, 1, NULL, LQ_PLAIN },
	{ "uniq", f_uniq, 0, 1, NULL, LQ_PLAIN },
	{ "json_array_uniq", f_json_array_uniq, 0, 1, NULL, LQ_PLAIN },
	{ "compact", f_compact, 0, 1, NULL, LQ_PLAIN },
	{ 0 },
};
