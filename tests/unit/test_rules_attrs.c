/* Attributes: late ones never overwrite, null removes, limits hold. */
#include "io/json.h"
#include "rules/attrs.h"
#include "unit.h"

#include <string.h>

#define LIMIT ((gsize)16 * 1024 * 1024)

static const struct {
	const char *values, *times, *update; /* as JSON; NULL: none */
	gint64 at_ms;
	const char *want_values, *want_times, *changed;
	gboolean dirty;
} merges[] = {
	{ NULL, NULL, "{\"a\":1,\"b\":\"x\"}", 5, "{\"a\":1,\"b\":\"x\"}",
	  "{\"a\":5,\"b\":5}", "a b", TRUE },
	{ "{\"a\":1,\"b\":2}", "{\"a\":5,\"b\":5}", "{\"a\":9}", 6,
	  "{\"a\":9,\"b\":2}", "{\"a\":6,\"b\":5}", "a", TRUE },
	/* Older: left alone, each attribute by its own time. */
	{ "{\"a\":1,\"b\":2}", "{\"a\":5,\"b\":9}", "{\"b\":7,\"a\":8}", 7,
	  "{\"a\":8,\"b\":2}", "{\"a\":7,\"b\":9}", "a", TRUE },
	{ "{\"a\":1}", "{\"a\":5}", "{\"a\":2}", 4, "{\"a\":1}", "{\"a\":5}",
	  "", FALSE },
	/* At the same time the later arrival wins. */
	{ "{\"a\":1}", "{\"a\":5}", "{\"a\":2}", 5, "{\"a\":2}", "{\"a\":5}",
	  "a", TRUE },
	{ "{\"a\":1}", "{\"a\":5}", "{\"a\":1}", 5, "{\"a\":1}", "{\"a\":5}",
	  "", FALSE },
	/* The same value again moves its time on only. */
	{ "{\"a\":1}", "{\"a\":5}", "{\"a\":1.0}", 6, "{\"a\":1.0}",
	  "{\"a\":6}", "", TRUE },
	{ "{\"a\":1,\"b\":2}", "{\"a\":5,\"b\":5}", "{\"a\":null}", 6,
	  "{\"b\":2}", "{\"a\":6,\"b\":5}", "a", TRUE },
	/* What was removed stays so for what is older. */
	{ "{\"b\":2}", "{\"a\":6,\"b\":5}", "{\"a\":1}", 5, "{\"b\":2}",
	  "{\"a\":6,\"b\":5}", "", FALSE },
	{ "{\"b\":2}", "{\"a\":6,\"b\":5}", "{\"a\":1}", 7, "{\"b\":2,\"a\":1}",
	  "{\"a\":7,\"b\":5}", "a", TRUE },
	{ "{}", "{}", "{\"a\":null}", 7, "{}", "{\"a\":7}", "", TRUE },
	{ "{\"a\":1}", "{\"a\":5}", "{\"a\":null}", 4, "{\"a\":1}", "{\"a\":5}",
	  "", FALSE },
	/* A value without time is older than any. */
	{ "{\"a\":1}", "{}", "{\"a\":2}", 1, "{\"a\":2}", "{\"a\":1}", "a",
	  TRUE },
	{ "{\"a\":{\"x\":1}}", "{\"a\":5}", "{\"a\":{\"y\":[1,2]}}", 6,
	  "{\"a\":{\"y\":[1,2]}}", "{\"a\":6}", "a", TRUE },
	{ "{\"a\":1}", "{\"a\":5}", "{}", 6, "{\"a\":1}", "{\"a\":5}", "",
	  FALSE },
	{ "{\"q\\\"\":\"\\n\"}", "{\"q\\\"\":5}", "{\"é\":\"ü\"}", 6,
	  "{\"q\\\"\":\"\\n\",\"é\":\"ü\"}", "{\"q\\\"\":5,\"é\":6}", "é",
	  TRUE },
	{ "{}", "{}", "{\"\":1,\"a\":2}", 6, "{\"a\":2}", "{\"a\":6}", "a",
	  TRUE },
};

static const JrVal *parse(JrArena *arena, const char *json)
{
	const JrVal *val;

	if (!json)
		return NULL;
	val = jr_json_parse(arena, json, strlen(json), NULL);
	ck_assert_msg(!!val, "%s", json);
	return val;
}

static char *join(GPtrArray *names)
{
	g_ptr_array_add(names, NULL);
	return g_strjoinv(" ", (char **)names->pdata);
}

START_TEST(an_update_is_merged)
{
	g_autoptr(JrArena) arena = jr_arena_new(LIMIT);
	g_autoptr(GString) values = g_string_new("v");
	g_autoptr(GString) times = g_string_new("t");
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	const JrAttrsMerge merge = { parse(arena, merges[_i].values),
				     parse(arena, merges[_i].times),
				     parse(arena, merges[_i].update),
				     merges[_i].at_ms };
	const JrAttrsReport report = { .changed = names };
	gboolean dirty = jr_attrs_merge(&merge, &report, values, times);
	g_autofree char *changed = join(names);

	ck_assert_str_eq(values->str + 1, merges[_i].want_values);
	ck_assert_str_eq(times->str + 1, merges[_i].want_times);
	ck_assert_str_eq(changed, merges[_i].changed);
	ck_assert_int_eq(dirty, merges[_i].dirty);
}
END_TEST

static void count(gpointer user, const char *name, const char *why)
{
	ck_assert(name && strchr(why, ':'));
	++*(guint *)user;
}

/* How many of @update, a JSON text, are refused beside @stored attributes. */
static guint refused(guint stored, const char *update)
{
	g_autoptr(JrArena) arena = jr_arena_new(LIMIT);
	g_autoptr(GString) json = g_string_new("{");
	g_autoptr(GString) values = g_string_new(NULL);
	g_autoptr(GString) times = g_string_new(NULL);
	guint n = 0;
	const JrAttrsReport report = { .refused = count, .user = &n };
	JrAttrsMerge merge = { .update = parse(arena, update), .at_ms = 1 };

	for (guint i = 0; i < stored; i++)
		g_string_append_printf(json, "%s\"k%u\":1", i ? "," : "", i);
	g_string_append_c(json, '}');
	merge.values = parse(arena, json->str);
	merge.times = merge.values;
	jr_attrs_merge(&merge, &report, values, times);
	return n;
}

static char *one(guint name_len, guint value_len)
{
	g_autofree char *name = g_strnfill(name_len, 'n');
	g_autofree char *value = g_strnfill(value_len, 'v');

	return g_strdup_printf("{\"%s\":\"%s\",\"other\":1}", name, value);
}

static const struct {
	guint stored, name_len, value_len, refused;
} limits[] = {
	{ 0, 150, 1000, 0 }, { 0, 151, 1, 1 }, { 0, 1, 1001, 1 },
	{ 298, 1, 1, 0 },    { 299, 1, 1, 1 }, { 300, 1, 1, 2 },
};

START_TEST(what_is_over_a_limit_is_refused_alone)
{
	g_autofree char *update =
		one(limits[_i].name_len, limits[_i].value_len);

	ck_assert_uint_eq(refused(limits[_i].stored, update),
			  limits[_i].refused);
}
END_TEST

START_TEST(what_is_there_may_change_at_the_limit)
{
	ck_assert_uint_eq(refused(300, "{\"k7\":2,\"k8\":null}"), 0);
	/* What is removed makes room for what follows. */
	ck_assert_uint_eq(refused(300, "{\"k8\":null,\"x\":1}"), 0);
}
END_TEST

/* Any order of arrival, one result: the newest of each. */
START_TEST(the_order_of_arrival_does_not_matter)
{
	g_autoptr(GRand) rnd = g_rand_new_with_seed((guint32)_i);
	g_autoptr(JrArena) arena = jr_arena_new(LIMIT);
	g_autofree char *values = g_strdup("{}"), *times = g_strdup("{}");
	gint64 newest[3] = { 0 };

	for (guint n = 0; n < 40; n++) {
		guint k = (guint)g_rand_int_range(rnd, 0, 3);
		gint64 at = g_rand_int_range(rnd, 1, 1000) * 40 + (gint32)n;
		g_autofree char *update = g_strdup_printf(
			"{\"%c\":%" G_GINT64_FORMAT "}", 'a' + k, at);
		const JrAttrsMerge merge = { parse(arena, values),
					     parse(arena, times),
					     parse(arena, update), at };
		g_autoptr(GString) v = g_string_new(NULL);
		g_autoptr(GString) t = g_string_new(NULL);

		jr_attrs_merge(&merge, NULL, v, t);
		g_free(values);
		g_free(times);
		values = g_strdup(v->str);
		times = g_strdup(t->str);
		newest[k] = MAX(newest[k], at);
	}
	for (guint k = 0; k < 3; k++) {
		const char name[] = { (char)('a' + k), '\0' };
		const JrVal *val = jr_val_get(parse(arena, values), name);

		ck_assert_int_eq(val ? val->num : 0, newest[k]);
	}
	ck_assert_str_eq(values, times);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, an_update_is_merged, 0, G_N_ELEMENTS(merges));
	tcase_add_loop_test(tc, what_is_over_a_limit_is_refused_alone, 0,
			    G_N_ELEMENTS(limits));
	tcase_add_test(tc, what_is_there_may_change_at_the_limit);
	tcase_add_loop_test(tc, the_order_of_arrival_does_not_matter, 0, 20);
}
