/* Values: found, compared, written; and the arena that they are made in. */
#include "base/val.h"
#include "io/json.h"
#include "unit.h"

#include <math.h>
#include <string.h>

#define LIMIT ((gsize)1024 * 1024)

static const JrVal *parse(JrArena *arena, const char *text)
{
	const JrVal *val = jr_json_parse(arena, text, strlen(text), NULL);

	ck_assert_msg(val != NULL, "%s", text);
	return val;
}

static const struct {
	const char *map, *path, *want; /* NULL: nothing there */
} paths[] = {
	{ "{\"a\":1}", "a", "1" },
	{ "{\"a\":null}", "a", "null" },
	{ "{\"a\":{\"b\":2}}", "a.b", "2" },
	{ "{\"a\":{\"b\":{\"c\":3}}}", "a.b.c", "3" },
	{ "{\"a.b\":1,\"a\":{\"b\":2}}", "a.b", "1" },
	{ "{\"a\":{\"b.c\":1,\"b\":{\"c\":2}}}", "a.b.c", "1" },
	{ "{\"a.b\":{\"x\":1},\"a\":{\"b\":{\"c\":2}}}", "a.b.c", "2" },
	{ "{\"a.b\":1,\"a\":{\"b\":{\"c\":2}}}", "a.b.c", "2" },
	{ "{\"é\":1}", "é", "1" },
	{ "{\"a\":1}", "b", NULL },
	{ "{\"a\":1}", "a.b", NULL },
	{ "{\"ab\":1}", "a", NULL },
	{ "{\"a\":1}", "ab", NULL },
	{ "{\"a\":1}", "", NULL },
	{ "{\"a\":{\"b\":1}}", "a.", NULL },
	{ "{\"a\":{\"b\":1}}", ".a", NULL },
	{ "{\"a\":{\"b\":1}}", "a..b", NULL },
	{ "{\"\":1}", "", NULL },
	{ "[1,2]", "0", NULL },
	{ "\"a\"", "a", NULL },
};

START_TEST(a_path_is_followed)
{
	g_autoptr(JrArena) arena = jr_arena_new(LIMIT);
	const JrVal *map = parse(arena, paths[_i].map);
	const JrVal *val = jr_val_path(map, paths[_i].path);

	ck_assert(!val == !paths[_i].want);
	if (!val)
		return;
	g_autoptr(GString) out = g_string_new(NULL);
	jr_val_write(val, out);
	ck_assert_str_eq(out->str, paths[_i].want);
}
END_TEST

static const struct {
	const char *a, *b;
	gboolean equal;
} pairs[] = {
	{ "null", "null", TRUE },
	{ "null", "false", FALSE },
	{ "true", "true", TRUE },
	{ "true", "1", FALSE },
	{ "1", "1.0", TRUE },
	{ "1", "1.5", FALSE },
	{ "0", "-0.0", TRUE },
	{ "1", "\"1\"", FALSE },
	{ "0.1", "0.10", TRUE },
	{ "9007199254740993", "9007199254740992.0", FALSE },
	{ "9007199254740992", "9007199254740992.0", TRUE },
	{ "9223372036854775807", "9223372036854775808", FALSE },
	{ "-9223372036854775808", "-9223372036854775808.0", TRUE },
	{ "\"a\"", "\"a\"", TRUE },
	{ "\"a\"", "\"A\"", FALSE },
	{ "\"a\"", "\"ab\"", FALSE },
	{ "\"\"", "null", FALSE },
	{ "[]", "[]", TRUE },
	{ "[]", "{}", FALSE },
	{ "[1,[2]]", "[1.0,[2]]", TRUE },
	{ "[1,2]", "[2,1]", FALSE },
	{ "[1]", "[1,1]", FALSE },
	{ "{\"a\":1,\"b\":[]}", "{\"b\":[],\"a\":1}", TRUE },
	{ "{\"a\":1}", "{\"b\":1}", FALSE },
	{ "{\"a\":1}", "{\"a\":1,\"b\":2}", FALSE },
	{ "{\"a\":null}", "{}", FALSE },
};

START_TEST(values_are_equal_or_not)
{
	g_autoptr(JrArena) arena = jr_arena_new(LIMIT);
	const JrVal *a = parse(arena, pairs[_i].a);
	const JrVal *b = parse(arena, pairs[_i].b);

	ck_assert_int_eq(jr_val_equal(a, b), pairs[_i].equal);
	ck_assert_int_eq(jr_val_equal(b, a), pairs[_i].equal);
	ck_assert(jr_val_equal(a, a));
	ck_assert_int_eq(jr_val_equal(a, NULL), jr_val_is_null(a));
}
END_TEST

/* { "k0":0, … } forwards or backwards; the last value is @last. */
static char *many_members(gboolean backwards, int last)
{
	GString *text = g_string_new(NULL);

	for (int i = 0; i < 100; i++) {
		int n = backwards ? 99 - i : i;

		g_string_append_printf(text, ",\"k%d\":%d", n,
				       n == 99 ? last : n);
	}
	text->str[0] = '{';
	g_string_append_c(text, '}');
	return g_string_free(text, FALSE);
}

START_TEST(big_maps_are_equal_whatever_their_order)
{
	g_autoptr(JrArena) arena = jr_arena_new(LIMIT);
	g_autofree char *a = many_members(FALSE, 99);
	g_autofree char *b = many_members(TRUE, 99);
	g_autofree char *c = many_members(TRUE, 98);

	ck_assert(jr_val_equal(parse(arena, a), parse(arena, b)));
	ck_assert(!jr_val_equal(parse(arena, a), parse(arena, c)));
}
END_TEST

START_TEST(texts_only_are_texts)
{
	g_autoptr(JrArena) arena = jr_arena_new(LIMIT);
	const JrVal *map = parse(arena, "{\"t\":\"x\",\"n\":1,\"z\":null}");

	ck_assert_str_eq(jr_val_get_text(map, "t"), "x");
	ck_assert_ptr_null(jr_val_get_text(map, "n"));
	ck_assert_ptr_null(jr_val_get_text(map, "none"));
	ck_assert_ptr_null(jr_val_get_text(NULL, "t"));
	ck_assert(jr_val_is_null(jr_val_get(map, "z")));
	ck_assert(jr_val_is_null(NULL));
	ck_assert(!jr_val_is_null(jr_val_get(map, "t")));
}
END_TEST

static const struct {
	double real;
	const char *want;
} reals[] = {
	{ 0.0, "0.0" },
	{ -0.0, "-0.0" },
	{ 1.0, "1.0" },
	{ -2.5, "-2.5" },
	{ 0.1, "0.1" },
	{ 1.0 / 3.0, "0.3333333333333333" },
	{ 0.1 + 0.2, "0.30000000000000004" },
	{ 1e15, "1e+15" },
	{ 123456789012345.0, "123456789012345.0" },
	{ 1e300, "1e+300" },
	{ 5e-324, "4.94065645841247e-324" },
	{ 1.7976931348623157e308, "1.7976931348623157e+308" },
	{ INFINITY, "null" },
	{ NAN, "null" },
};

START_TEST(a_real_is_written_in_the_fewest_digits)
{
	g_autoptr(GString) out = g_string_new(NULL);
	const JrVal val = jr_val_real(reals[_i].real);

	jr_val_write(&val, out);
	ck_assert_str_eq(out->str, reals[_i].want);
	if (isfinite(reals[_i].real))
		ck_assert(g_ascii_strtod(out->str, NULL) == reals[_i].real);
}
END_TEST

START_TEST(made_values_are_what_they_say)
{
	const JrVal made[] = { jr_val_null, jr_val_bool(7), jr_val_int(-1),
			       jr_val_text("a\"\n\x01"),
			       jr_val_text_len("abc", 3) };
	const JrVal list = { .type = JR_VAL_LIST,
			     .len = G_N_ELEMENTS(made),
			     .items = made };
	g_autoptr(GString) out = g_string_new("=");

	jr_val_write(&list, out);
	ck_assert_str_eq(out->str,
			 "=[null,true,-1,\"a\\\"\\n\\u0001\",\"abc\"]");
	ck_assert_str_eq(jr_val_type_name(&list), "a list");
	ck_assert_str_eq(jr_val_type_name(NULL), "nothing");
}
END_TEST

/* ---- the arena ---- */

START_TEST(an_arena_gives_what_it_was_asked_for)
{
	g_autoptr(JrArena) arena = jr_arena_new(LIMIT);
	gsize total = 0;

	for (guint pass = 0; pass < 3; pass++) {
		for (gsize size = 0; size < 1000; size += 7) {
			char *piece = jr_arena_take(arena, size);

			ck_assert_uint_eq((gsize)piece % 16, 0);
			memset(piece, (int)size, size);
			total += size;
		}
		ck_assert_uint_ge(jr_arena_used(arena), total);
		jr_arena_reset(arena);
		ck_assert_uint_eq(jr_arena_used(arena), 0);
		total = 0;
	}
}
END_TEST

START_TEST(an_arena_keeps_pieces_apart)
{
	g_autoptr(JrArena) arena = jr_arena_new(LIMIT);
	char *texts[500];

	for (guint i = 0; i < 500; i++) {
		g_autofree char *text = g_strnfill(i, 'a' + i % 26);

		texts[i] = jr_arena_text(arena, text, i);
	}
	for (guint i = 0; i < 500; i++) {
		ck_assert_uint_eq(strlen(texts[i]), i);
		ck_assert(i == 0 || texts[i][i - 1] == (char)('a' + i % 26));
	}
}
END_TEST

START_TEST(an_arena_has_a_limit)
{
	g_autoptr(JrArena) arena = jr_arena_new(100);

	ck_assert_ptr_null(jr_arena_take(arena, 101));
	ck_assert_ptr_nonnull(jr_arena_take(arena, 50));
	ck_assert_ptr_null(jr_arena_take(arena, 51));
	ck_assert_ptr_null(jr_arena_take(arena, G_MAXSIZE));
	ck_assert_ptr_null(jr_arena_text(arena, "", G_MAXSIZE - 1));
	ck_assert_ptr_nonnull(jr_arena_take(arena, 36));
	ck_assert_ptr_null(jr_arena_take(arena, 1));
	jr_arena_reset(arena);
	ck_assert_ptr_nonnull(jr_arena_take(arena, 100));
	ck_assert_ptr_nonnull(jr_arena_take(arena, 0));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, a_path_is_followed, 0, G_N_ELEMENTS(paths));
	tcase_add_loop_test(tc, values_are_equal_or_not, 0,
			    G_N_ELEMENTS(pairs));
	tcase_add_test(tc, big_maps_are_equal_whatever_their_order);
	tcase_add_test(tc, texts_only_are_texts);
	tcase_add_loop_test(tc, a_real_is_written_in_the_fewest_digits, 0,
			    G_N_ELEMENTS(reals));
	tcase_add_test(tc, made_values_are_what_they_say);
	tcase_add_test(tc, an_arena_gives_what_it_was_asked_for);
	tcase_add_test(tc, an_arena_keeps_pieces_apart);
	tcase_add_test(tc, an_arena_has_a_limit);
}
