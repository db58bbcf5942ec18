/* JSON texts: what they say, where it stood, and what is refused. */
#include "base/doc.h"
#include "base/error.h"
#include "io/json.h"
#include "unit.h"

#include <string.h>

#define LIMIT ((gsize)32 * 1024 * 1024)

/* What is read is written back as @want; NULL: as it came. */
static const struct {
	const char *text, *want;
} texts[] = {
	{ "null", NULL },
	{ "true", NULL },
	{ "false", NULL },
	{ "0", NULL },
	{ "-0", "0" },
	{ "123", NULL },
	{ "9223372036854775807", NULL },
	{ "-9223372036854775808", NULL },
	{ "9223372036854775808", "9.223372036854776e+18" },
	{ "-9223372036854775809", "-9.223372036854776e+18" },
	{ "1.0", NULL },
	{ "-0.0", NULL },
	{ "1E2", "100.0" },
	{ "0.1", NULL },
	{ "0.30000000000000004", NULL },
	{ "5e-324", "4.94065645841247e-324" },
	{ "1e-400", "0.0" },
	{ "1.7976931348623157e308", "1.7976931348623157e+308" },
	{ "\"\"", NULL },
	{ "\"a\\\"\\\\\\b\\f\\n\\r\\t\\/\"", "\"a\\\"\\\\\\b\\f\\n\\r\\t/\"" },
	{ "\"\\u0001\\u001f\\u007f\"", "\"\\u0001\\u001f\x7f\"" },
	{ "\"\\u00e9\\u20ac\\ud83d\\ude00\"", "\"é€😀\"" },
	{ "\"\\uD83D\\uDE00\\\\ud800\"", "\"😀\\\\ud800\"" },
	{ "\"é€😀\xef\xbf\xbf\xed\x9f\xbf\xf4\x8f\xbf\xbf\"", NULL },
	{ "[]", NULL },
	{ "{}", NULL },
	{ "[[],{},[{}],1,\"x\",null]", NULL },
	{ "{\"b\":1,\"a\":{\"b\":[1,2.5]},\"\":true}", NULL },
	{ " \t\r\n{ \"a\" : [ 1 , 2 ] } \n", "{\"a\":[1,2]}" },
	{ "{\"a\":1,\"A\":2}", NULL },
	{ "{\"a\":{\"a\":{\"a\":1}}}", NULL },
};

START_TEST(a_text_is_read_and_written_back)
{
	g_autoptr(JrArena) arena = jr_arena_new(LIMIT);
	g_autoptr(GString) out = g_string_new(NULL);
	const char *text = texts[_i].text;
	g_autoptr(GError) error = NULL;
	const JrVal *val = jr_json_parse(arena, text, strlen(text), &error);

	ck_assert_msg(val != NULL, "%s: %s", text,
		      error ? error->message : "no error");
	jr_val_write(val, out);
	ck_assert_str_eq(out->str, texts[_i].want ? texts[_i].want : text);

	/* The same through a document of our own. */
	g_autoptr(json_t) doc = jr_doc_of_val(val);
	g_autoptr(GString) again = g_string_new(NULL);
	jr_doc_write(doc, again);
	ck_assert_str_eq(again->str, out->str);
}
END_TEST

static const struct {
	const char *text;
	gsize len;
	const char *want; /* what follows "not JSON at byte " */
} wrong[] = {
	{ BYTES(""), "1: premature EOF" },
	{ BYTES(" "), "2: premature EOF" },
	{ BYTES("{\"a\":"), "6: premature EOF" },
	{ BYTES("\"abc"), "5: premature EOF" },
	{ BYTES("[1,]"), "4: unallowed token at this point in JSON text" },
	{ BYTES("{\"abc\":1,}"), "10: invalid object key (must be a string)" },
	{ BYTES("{} {}"), "4: trailing garbage" },
	{ BYTES("{a:1}"), "2: invalid char in json text" },
	{ BYTES("[NaN]"), "2: invalid char in json text" },
	{ BYTES("[01]"), "3: after array element, I expect ',' or ']'" },
	{ BYTES("[+1]"), "2: invalid char in json text" },
	{ BYTES("'a'"), "1: invalid char in json text" },
	{ BYTES("//x\n1"), "1: probable comment found in input text, comments "
			   "are not enabled" },
	{ BYTES("[\"\t\"]"), "3: invalid character inside string" },
	{ BYTES("1e400"), "1: a number beyond all doubles" },
	{ BYTES("[-1e999]"), "2: a number beyond all doubles" },
	{ BYTES("{\"a\":1,\"a\":2}"), "8: a key that was there before" },
	{ BYTES("{\"a\":1,\"\\u0061\":2}"), "8: a key that was there before" },
	{ BYTES("[{\"k\":{\"a\":1,\"b\":2,\"a\":3}}]"),
	  "20: a key that was there before" },
	{ BYTES("\"a\\u0000\""), "3: U+0000 in a string" },
	{ BYTES("{\"\\u0000\":1}"), "3: U+0000 in a string" },
	{ BYTES("\"\\ud800\""), "2: half a surrogate pair" },
	{ BYTES("\"\\udc00\\ud800\""), "2: half a surrogate pair" },
	{ BYTES("\"\\ud800\\ud800\""), "2: half a surrogate pair" },
	{ BYTES("\"\\ud800\\n\""), "2: half a surrogate pair" },
	{ BYTES("\"\\ud83d\\ude00\\ude00\""), "14: half a surrogate pair" },
	{ BYTES("\"12345678\xff\""), "10: not UTF-8" },
	{ BYTES("\"\xc0\x80\""), "2: not UTF-8" },
	{ BYTES("\"\xed\xa0\x80\""), "2: not UTF-8" },
	{ BYTES("\"\xf4\x90\x80\x80\""), "2: not UTF-8" },
	{ BYTES("\"\xe2\x82\""), "2: not UTF-8" },
	{ BYTES("\xef\xbb\xbf{}"), "1: invalid char in json text" },
	{ BYTES("{}\0"), "3: a NUL byte" },
	{ BYTES("\"a\0b\""), "3: a NUL byte" },
};

START_TEST(what_is_wrong_is_told_at_its_byte)
{
	g_autoptr(JrArena) arena = jr_arena_new(LIMIT);
	g_autoptr(GError) error = NULL;
	const JrVal *val =
		jr_json_parse(arena, wrong[_i].text, wrong[_i].len, &error);

	ck_assert_ptr_null(val);
	ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_INPUT));
	g_autofree char *want =
		g_strconcat("not JSON at byte ", wrong[_i].want, NULL);
	ck_assert_str_eq(error->message, want);
}
END_TEST

START_TEST(levels_are_counted)
{
	g_autoptr(JrArena) arena = jr_arena_new(LIMIT);

	for (gsize depth = 63; depth <= 66; depth++) {
		g_autoptr(GString) text = g_string_new(NULL);
		g_autoptr(GError) error = NULL;

		for (gsize i = 0; i < depth; i++)
			g_string_append(text, i % 2 ? "[" : "{\"a\":");
		g_string_append(text, "1");
		for (gsize i = depth; i-- > 0;)
			g_string_append(text, i % 2 ? "]" : "}");
		const JrVal *val =
			jr_json_parse(arena, text->str, text->len, &error);
		ck_assert_int_eq(val != NULL, depth <= JR_JSON_MAX_DEPTH);
		ck_assert_int_eq(error == NULL, depth <= JR_JSON_MAX_DEPTH);
	}
}
END_TEST

/* A map of @n keys, of which the last is @last. */
static char *big_map(guint n, const char *last)
{
	GString *text = g_string_new("{");

	for (guint i = 0; i < n - 1; i++)
		g_string_append_printf(text, "\"k%u\":%u,", i, i);
	g_string_append_printf(text, "\"%s\":0}", last);
	return g_string_free(text, FALSE);
}

START_TEST(a_double_key_is_found_in_maps_of_any_size)
{
	const guint sizes[] = { 2, 15, 16, 17, 18, 100, 20000 };
	g_autoptr(JrArena) arena = jr_arena_new(LIMIT);
	g_autofree char *good = big_map(sizes[_i], "last");
	g_autofree char *bad = big_map(sizes[_i], "k0");
	g_autoptr(GError) error = NULL;
	g_autofree char *want = NULL;

	const JrVal *val = jr_json_parse(arena, good, strlen(good), NULL);
	ck_assert_ptr_nonnull(val);
	ck_assert_uint_eq(val->len, sizes[_i]);
	ck_assert_ptr_null(jr_json_parse(arena, bad, strlen(bad), &error));
	want = g_strdup_printf("not JSON at byte %zu: a key that was there "
			       "before",
			       strlen(bad) - strlen("\"k0\":0}") + 1);
	ck_assert_str_eq(error->message, want);
}
END_TEST

static const struct {
	const char *path, *want; /* the bytes it took in the text */
} places[] = {
	{ "a", "1" },
	{ "b c", "-2.50e1" },
	{ "d", "\"x\\u00e9\\\"}\"" },
	{ "e", "[ 1 ,{ \"f\" : null } ]" },
	{ "g", "{\"h\": {\"i\":true }, \"j\" : [] }" },
	{ "g.h", "{\"i\":true }" },
	{ "g.h.i", "true" },
	{ "g.j", "[]" },
	{ "k.l", "\"dots win\"" },
};

START_TEST(each_value_knows_where_it_stood)
{
	static const char text[] =
		" {\"a\":1, \"b c\" :-2.50e1,\"d\" : \"x\\u00e9\\\"}\",\n"
		"\t\"e\":[ 1 ,{ \"f\" : null } ],\"k\":{\"l\":0},"
		"\"k.l\":\"dots win\","
		"\"g\":{\"h\": {\"i\":true }, \"j\" : [] }} ";
	g_autoptr(JrArena) arena = jr_arena_new(LIMIT);
	const JrVal *val = jr_json_parse(arena, text, strlen(text), NULL);
	const JrVal *place = jr_val_path(val, places[_i].path);

	ck_assert_ptr_nonnull(place);
	g_autofree char *raw = g_strndup(text + place->offset, place->bytes);
	ck_assert_str_eq(raw, places[_i].want);
	ck_assert_uint_eq(val->offset, 1);
	ck_assert_uint_eq(val->bytes, strlen(text) - 2);
}
END_TEST

START_TEST(a_full_arena_is_an_error)
{
	static const char text[] = "{\"a\":[1,2,3,4,5,6,7,8,9]}";
	gboolean done = FALSE;

	for (gsize limit = 0; !done; limit += 16) {
		g_autoptr(JrArena) arena = jr_arena_new(limit);
		g_autoptr(GError) error = NULL;

		done = jr_json_parse(arena, text, strlen(text), &error) != NULL;
		ck_assert(done == !error);
		ck_assert_uint_lt(limit, 1024);
	}
}
END_TEST

/* After a refusal the same parser reads the next text as if it were new. */
START_TEST(a_parser_is_used_again)
{
	g_autoptr(JrArena) arena = jr_arena_new(LIMIT);
	g_autoptr(JrJson) json = jr_json_new();

	for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
		ck_assert_ptr_null(jr_json_read(json, arena, wrong[i].text,
						wrong[i].len, NULL));
		const JrVal *val =
			jr_json_read(json, arena, "{\"a\":[7]}", 9, NULL);
		ck_assert_ptr_nonnull(val);
		ck_assert_int_eq(jr_val_get(val, "a")->items[0].num, 7);
	}
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, a_text_is_read_and_written_back, 0,
			    G_N_ELEMENTS(texts));
	tcase_add_loop_test(tc, what_is_wrong_is_told_at_its_byte, 0,
			    G_N_ELEMENTS(wrong));
	tcase_add_test(tc, levels_are_counted);
	tcase_add_loop_test(tc, a_double_key_is_found_in_maps_of_any_size, 0,
			    7);
	tcase_add_loop_test(tc, each_value_knows_where_it_stood, 0,
			    G_N_ELEMENTS(places));
	tcase_add_test(tc, a_full_arena_is_an_error);
	tcase_add_test(tc, a_parser_is_used_again);
}
