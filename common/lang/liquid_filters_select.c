/*
 * liquid_filters_select.c - items of lists by a property or a condition.
 *
 * Each filter comes twice: with a property and perhaps its value, as Shopify
 * has it ('price', 3), and as _exp with a name and a condition ('item',
 * 'item.price > 3'), which is parsed with the template and never from data.
 */
#include "lang/liquid_impl.h"

#include <string.h>

/* ------------------------------------------------------------- properties */

static gboolean no_property(LqRun *run, const LqVal *v, const LqVal *property)
{
	LqText name = lq_to_text(run, property);

	lq_fail(run, "%s has no property '%.*s'", lq_type_name(v),
		(int)MIN(name.len, 60), name.str);
	return TRUE;
}

/* A property of a text, as Ruby has it: the part itself if it is within. */
static LqVal part_of_text(LqRun *run, const LqVal *v, const LqVal *property)
{
	return lq_is_type(property, JR_VAL_TEXT) &&
			       lq_contains(run, v, property)
		       ? *property
		       : lq_nil();
}

gboolean lq_property(LqRun *run, const LqVal *v, const LqVal *property,
		     LqVal *value)
{
	LqVal of = *v;

	*value = lq_nil();
	if (of.kind != LQ_DATA)
		return FALSE;
	switch (of.val.type) {
	case JR_VAL_NULL:
	case JR_VAL_BOOL:
	case JR_VAL_REAL:
		return FALSE;
	case JR_VAL_INT:
		return no_property(run, &of, property);
	case JR_VAL_TEXT:
		*value = part_of_text(run, &of, property);
		return TRUE;
	case JR_VAL_LIST:
		if (!lq_is_type(property, JR_VAL_INT))
			return no_property(run, &of, property);
		break;
	case JR_VAL_MAP:
		break;
	}
	*value = lq_step(run, &of, property);
	/* A key that is not there may be a path: 'address.city'. */
	if (lq_is_nil(value) && lq_is_type(property, JR_VAL_TEXT) &&
	    strchr(property->val.text, '.')) {
		const JrVal *at = jr_val_path(&of.val, property->val.text);

		*value = at ? lq_data(*at) : lq_nil();
	}
	return TRUE;
}

/* ------------------------------------------------------------- does it match
 */

typedef enum { NO, YES, NEITHER } Match; /* NEITHER: it can have no property */

typedef Match (*MatchFn)(LqRun *run, const LqArgs *args, const LqVal *item);

static Match by_property(LqRun *run, const LqArgs *args, const LqVal *item)
{
	LqVal value;

	if (!lq_property(run, item, &args->arg[0], &value))
		return NEITHER;
	if (lq_is_nil(&args->arg[1]))
		return lq_truthy(&value) ? YES : NO;
	return lq_equal(run, &value, &args->arg[1]) ? YES : NO;
}

static Match by_condition(LqRun *run, const LqArgs *args, const LqVal *item)
{
	const LqVal *before = lq_bind(run, args->call->item, item);
	gboolean yes = lq_holds(run, args->call->cond);

	lq_unbind(run, args->call->item, before);
	return yes ? YES : NO;
}

/* The items that match, or (unless @want) those that do not. */
static LqVal select_items(LqRun *run, const LqArgs *args, MatchFn match,
			  Match want)
{
	g_autoptr(GArray) kept = g_array_new(FALSE, FALSE, sizeof(JrVal));
	LqVal list = lq_to_list(run, &args->in);

	for (guint32 i = 0; i < list.val.len && lq_pay(run, 1); i++) {
		LqVal item = lq_data(list.val.items[i]);
		Match found = match(run, args, &item);

		if (found == NEITHER)
			return lq_nil();
		if (found == want)
			g_array_append_val(kept, list.val.items[i]);
	}
	return lq_list_of(run, kept);
}

/* Where the first is that matches; -1: nowhere, -2: it cannot be said. */
static gint64 find_item(LqRun *run, const LqArgs *args, MatchFn match,
			LqVal *item)
{
	LqVal list = lq_to_list(run, &args->in);

	for (guint32 i = 0; i < list.val.len && lq_pay(run, 1); i++) {
		Match found;

		*item = lq_data(list.val.items[i]);
		found = match(run, args, item);
		if (found != NO)
			return found == YES ? (gint64)i : -2;
	}
	*item = lq_nil();
	return -1;
}

/* ---------------------------------------------------------------- the filters
 */

static LqVal f_where(LqRun *run, const LqArgs *args)
{
	return select_items(run, args, by_property, YES);
}

static LqVal f_where_exp(LqRun *run, const LqArgs *args)
{
	return select_items(run, args, by_condition, YES);
}

static LqVal f_reject(LqRun *run, const LqArgs *args)
{
	return select_items(run, args, by_property, NO);
}

static LqVal f_reject_exp(LqRun *run, const LqArgs *args)
{
	return select_items(run, args, by_condition, NO);
}

static LqVal find_by(LqRun *run, const LqArgs *args, MatchFn match)
{
	LqVal item = lq_nil();

	return find_item(run, args, match, &item) >= 0 ? item : lq_nil();
}

static LqVal f_find(LqRun *run, const LqArgs *args)
{
	return find_by(run, args, by_property);
}

static LqVal f_find_exp(LqRun *run, const LqArgs *args)
{
	return find_by(run, args, by_condition);
}

static LqVal index_by(LqRun *run, const LqArgs *args, MatchFn match)
{
	LqVal item;
	gint64 at = find_item(run, args, match, &item);

	return at >= 0 ? lq_int(at) : lq_nil();
}

static LqVal f_find_index(LqRun *run, const LqArgs *args)
{
	return index_by(run, args, by_property);
}

static LqVal f_find_index_exp(LqRun *run, const LqArgs *args)
{
	return index_by(run, args, by_condition);
}

static LqVal has_by(LqRun *run, const LqArgs *args, MatchFn match)
{
	LqVal item;
	gint64 at = find_item(run, args, match, &item);

	return at == -2 ? lq_nil() : lq_bool(at >= 0);
}

static LqVal f_has(LqRun *run, const LqArgs *args)
{
	return has_by(run, args, by_property);
}

static LqVal f_has_exp(LqRun *run, const LqArgs *args)
{
	return has_by(run, args, by_condition);
}

static LqVal f_map(LqRun *run, const LqArgs *args)
{
	LqVal list = lq_to_list(run, &args->in);
	JrVal *items = lq_take_items(run, list.val.len);

	for (guint32 i = 0; i < list.val.len && !run->error; i++) {
		LqVal item = lq_data(list.val.items[i]);

		lq_property(run, &item, &args->arg[0], &item);
		items[i] = item.val;
	}
	return run->error ? lq_nil() : lq_list(items, list.val.len);
}

/* ------------------------------------------------------------------- groups */

typedef struct {
	LqVal name;
	GArray *items;
} Group;

static void clear_group(gpointer group)
{
	g_array_unref(((Group *)group)->items);
}

/* What groups an item: a property, or what an expression makes of it. */
static LqVal group_name(LqRun *run, const LqArgs *args, const LqVal *item)
{
	const LqVal *before;
	LqVal name;

	if (!args->call->chain) {
		lq_property(run, item, &args->arg[0], &name);
		return name;
	}
	before = lq_bind(run, args->call->item, item);
	name = lq_eval_chain(run, args->call->chain);
	lq_unbind(run, args->call->item, before);
	return lq_materialise(run, &name);
}

static Group *find_group(LqRun *run, GArray *groups, GHashTable *known,
			 const LqVal *name)
{
	char *key = (char *)lq_inspect(run, &name->val).str;
	guint at = GPOINTER_TO_UINT(g_hash_table_lookup(known, key));
	Group group;

	if (at == 0) {
		group.name = *name;
		group.items = g_array_new(FALSE, FALSE, sizeof(JrVal));
		g_array_append_val(groups, group);
		at = groups->len;
		g_hash_table_insert(known, key, GUINT_TO_POINTER(at));
	}
	return &g_array_index(groups, Group, at - 1);
}

/* {name: …, items: […]} */
static JrVal group_map(LqRun *run, const Group *group)
{
	JrMember *members = lq_take(run, 2 * sizeof *members);
	LqVal items = lq_list_of(run, group->items);

	if (!members)
		return jr_val_null;
	members[0] = (JrMember){ .key = "name",
				 .key_len = 4,
				 .val = group->name.val };
	members[1] =
		(JrMember){ .key = "items", .key_len = 5, .val = items.val };
	return (JrVal){ .type = JR_VAL_MAP, .len = 2, .members = members };
}

static LqVal f_group_by(LqRun *run, const LqArgs *args)
{
	g_autoptr(GArray) groups = g_array_new(FALSE, FALSE, sizeof(Group));
	g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
	LqVal list = lq_to_list(run, &args->in);
	JrVal *maps;

	g_array_set_clear_func(groups, clear_group);
	for (guint32 i = 0; i < list.val.len && lq_pay(run, 1); i++) {
		LqVal item = lq_data(list.val.items[i]);
		LqVal name = group_name(run, args, &item);

		g_array_append_val(find_group(run, groups, known, &name)->items,
				   item.val);
	}
	maps = lq_take_items(run, groups->len);
	for (guint i = 0; i < groups->len && !run->error; i++)
		maps[i] = group_map(run, &g_array_index(groups, Group, i));
	return run->error ? lq_nil() : lq_list(maps, groups->len);
}

/* To add a filter: a row here, one in jr-liquid(7), and its cases. */
const LqFilter lq_filters_select[] = {
	{ "where", f_where, 1, 2, NULL, LQ_PLAIN },
	{ "where_exp", f_where_exp, 2, 2, NULL, LQ_TAKES_COND },
	{ "where_not", f_reject, 1, 2, NULL, LQ_PLAIN },
	{ "reject", f_reject, 1, 2, NULL, LQ_PLAIN },
	{ "reject_exp", f_reject_exp, 2, 2, NULL, LQ_TAKES_COND },
	{ "find", f_find, 1, 2, NULL, LQ_PLAIN },
	{ "find_exp", f_find_exp, 2, 2, NULL, LQ_TAKES_COND },
	{ "find_index", f_find_index, 1, 2, NULL, LQ_PLAIN },
	{ "find_index_exp", f_find_index_exp, 2, 2, NULL, LQ_TAKES_COND },
	{ "has", f_has, 1, 2, NULL, LQ_PLAIN },
	{ "has_exp", f_has_exp, 2, 2, NULL, LQ_TAKES_COND },
	{ "map", f_map, 1, 1, NULL, LQ_PLAIN },
	{ "group_by", f_group_by, 1, 1, NULL, LQ_PLAIN },
	{ "group_by_exp", f_group_by, 2, 2, NULL, LQ_TAKES_CHAIN },
	{ 0 },
};
