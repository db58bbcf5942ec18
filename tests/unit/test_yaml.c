/* YAML: what it says, where it stood, and what is refused with which words. */
#include "base/error.h"
#include "io/yaml.h"
#include "unit.h"

#include <string.h>

#define LIMIT ((gsize)16 * 1024 * 1024)

static const struct {
	const char *text, *want; /* as JSON */
} texts[] = {
	{ "", "null" },
	{ "# nothing\n\n", "null" },
	{ "---\n", "null" },
	{ "a: 1\n", "{\"a\":1}" },
	{ "%YAML 1.1\n---\na: 1\n...\n", "{\"a\":1}" },
	{ "\xef\xbb\xbf"
	  "a: 1\n",
	  "{\"a\":1}" },
	{ "a: 1\r\nb: 2\r\n", "{\"a\":1,\"b\":2}" },
	{ "[null, Null, NULL, ~, ]", "[null,null,null,null]" },
	{ "a:\nb: ''\n", "{\"a\":null,\"b\":\"\"}" },
	{ "[true, True, TRUE, false, False, FALSE]",
	  "[true,true,true,false,false,false]" },
	{ "[tRUE, yes, no, on, off, y, n, nuLL]",
	  "[\"tRUE\",\"yes\",\"no\",\"on\",\"off\",\"y\",\"n\",\"nuLL\"]" },
	{ "['true', \"1\", '~', \"null\"]", "[\"true\",\"1\",\"~\",\"null\"]" },
	{ "[0, -1, +2, 007, 0o17, 0xfF]", "[0,-1,2,7,15,255]" },
	{ "[0o8, 0xg, -0x1, 0b1, 1_000, 0x, 0o]",
	  "[\"0o8\",\"0xg\",\"-0x1\",\"0b1\",\"1_000\",\"0x\",\"0o\"]" },
	{ "[9223372036854775807, 9223372036854775808]",
	  "[9223372036854775807,9.223372036854776e+18]" },
	{ "[1.5, .5, 5., -1e3, +1.E-2]", "[1.5,0.5,5.0,-1000.0,0.01]" },
	{ "[., +, '-', e1, 1e, 1.2.3, -.]",
	  "[\".\",\"+\",\"-\",\"e1\",\"1e\",\"1.2.3\",\"-.\"]" },
	{ "[21:00, 2026-11-23, 1d, '+14155550100']",
	  "[\"21:00\",\"2026-11-23\",\"1d\",\"+14155550100\"]" },
	{ "if: sms_consent == true and has device_token",
	  "{\"if\":\"sms_consent == true and has device_token\"}" },
	{ "body: |\n  one\n    two\n\n  three\n",
	  "{\"body\":\"one\\n  two\\n\\nthree\\n\"}" },
	{ "body: |-\n  one\n  two\n", "{\"body\":\"one\\ntwo\"}" },
	{ "body: >\n  one\n  two\n", "{\"body\":\"one two\\n\"}" },
	{ "a: one\n  two\n", "{\"a\":\"one two\"}" },
	{ "a: \"x\\u00e9\\n\"", "{\"a\":\"xé\\n\"}" },
	{ "'{{ x }}': 1", "{\"{{ x }}\":1}" },
	{ "1: a\ntrue: b\n'': c\n", "{\"1\":\"a\",\"true\":\"b\",\"\":\"c\"}" },
	{ "- {a: [], b: {}}\n- - 1\n  - 2\n", "[{\"a\":[],\"b\":{}},[1,2]]" },
	{ "steps:\n- wait: 1d\n- sms: {body: hi}\n",
	  "{\"steps\":[{\"wait\":\"1d\"},{\"sms\":{\"body\":\"hi\"}}]}" },
};

START_TEST(a_text_is_read)
{
	g_autoptr(JrArena) arena = jr_arena_new(LIMIT);
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	const char *text = texts[_i].text;
	const JrVal *val =
		jr_yaml_parse(arena, text, strlen(text), "f", &error);

	ck_assert_msg(val != NULL, "%s: %s", text,
		      error ? error->message : "no error");
	jr_val_write(val, out);
	ck_assert_str_eq(out->str, texts[_i].want);
}
END_TEST

static const struct {
	const char *text;
	gsize len;
	const char *want;
} wrong[] = {
	{ BYTES("a: 1\nb: 2\na: 3\n"),
	  "f:3:1: 'a' was there before, in line 1: write it once" },
	{ BYTES("x: {a: 1, 'a': 2}\n"),
	  "f:1:11: 'a' was there before, in line 1: write it once" },
	{ BYTES("a: &x 1\n"),
	  "f:1:4: '&x' is an anchor: write the value out where it is needed, "
	  "or put a text that begins with & in quotes" },
	{ BYTES("a: [&l [], 1]\n"),
	  "f:1:5: '&l' is an anchor: write the value out where it is needed, "
	  "or put a text that begins with & in quotes" },
	{ BYTES("a: *x\n"),
	  "f:1:4: '*x' refers to an anchor: write the value out, or put a text "
	  "that begins with * in quotes" },
	{ BYTES("a: !!str 1\n"),
	  "f:1:4: a tag: put a text that begins with ! in quotes, or leave the "
	  "tag out" },
	{ BYTES("a: ! 1\n"),
	  "f:1:4: a tag: put a text that begins with ! in quotes, or leave the "
	  "tag out" },
	{ BYTES("a: !!map {}\n"),
	  "f:1:4: a tag: put a text that begins with ! in quotes, or leave the "
	  "tag out" },
	{ BYTES("b: {}\n<<: {a: 1}\n"),
	  "f:2:1: '<<' merges nothing here: write the keys out" },
	{ BYTES("a: 1\n---\nb: 2\n"),
	  "f:2:1: a second document: write it to a file of its own" },
	{ BYTES("{{ x }}: 1\n"),
	  "f:1:1: a key that is no text: write 'key: value', and put a "
	  "template such as '{{ x }}' in quotes" },
	{ BYTES("[a]: 1\n"),
	  "f:1:1: a key that is no text: write 'key: value', and put a "
	  "template such as '{{ x }}' in quotes" },
	{ BYTES("a: -.inf\n"),
	  "f:1:4: '-.inf' is no finite number: write digits, or quotes around "
	  "a text" },
	{ BYTES("a: 1e999\n"),
	  "f:1:4: '1e999' is no finite number: write digits, or quotes around "
	  "a text" },
	{ BYTES("a: \"x\\0\"\n"), "f:1:4: a NUL in a text: remove the \\0" },
	{ BYTES("a: b: c\n"),
	  "f:1:5: not YAML: mapping values are not allowed in this context: "
	  "put a text that holds ': ' in quotes, and check the indentation" },
	{ BYTES("a:\n\t- 1\n"),
	  "f:2:1: not YAML: found character that cannot start any token: "
	  "indent with spaces, not tabs, and put a text that begins with @, "
	  "`, % or a tab in quotes" },
	{ BYTES("a: \"x\nb: 1\n"),
	  "f:1:4: not YAML: found unexpected end of stream: close the quotes" },
	{ BYTES("a: [1, 2\nb: 1\n"), NULL },
	{ BYTES("a: {x: 1\n"), NULL },
	{ BYTES("a: 'it's'\n"), NULL },
	{ BYTES("- a\nb: 1\n"), NULL },
	{ BYTES("a: \"\\d+\"\n"),
	  "f:1:5: not YAML: found unknown escape character: write a backslash "
	  "as \\\\, or use single quotes" },
	{ BYTES("ok: 1\né: \xff\n"),
	  "f:2:4: not UTF-8: save the file in UTF-8" },
	{ BYTES("a: \0\n"), "f:1:4: not UTF-8: save the file in UTF-8" },
	{ BYTES("a: 1\nb: x\x01\n"),
	  "f:2:5: not YAML: control characters are not allowed: remove the "
	  "character" },
	{ BYTES("%TAG ! tag:x,2000:\n---\na: !x 1\n"), NULL },
	{ BYTES("%YAML 3.0\n---\na: 1\n"), NULL },
};

START_TEST(what_is_wrong_is_told_where_it_stands)
{
	g_autoptr(JrArena) arena = jr_arena_new(LIMIT);
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(jr_yaml_parse(arena, wrong[_i].text, wrong[_i].len,
					 "f", &error));
	ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_CONFIG));
	if (wrong[_i].want)
		ck_assert_str_eq(error->message, wrong[_i].want);
	else
		ck_assert(g_str_has_prefix(error->message, "f:"));
	/* The same without anyone to tell. */
	ck_assert_ptr_null(jr_yaml_parse(arena, wrong[_i].text, wrong[_i].len,
					 NULL, NULL));
}
END_TEST

static const char places[] = "plain: one\n"	      /* 1 */
			     "single:  'two'\n"	      /* 2 */
			     "double: \"three\"\n"    /* 3 */
			     "é: é\n"		      /* 4 */
			     "map:\n"		      /* 5 */
			     "    in: 5\n"	      /* 6 */
			     "    list:\n"	      /* 7 */
			     "    - six\n"	      /* 8 */
			     "    - {flow: [7, 8]}\n" /* 9 */
			     "block: | # comment\n"   /* 10 */
			     "    a\n"		      /* 11 */
			     "      b\n"	      /* 12 */
			     "folded: >-\n"	      /* 13 */
			     "\n"		      /* 14 */
			     "  c\n"		      /* 15 */
			     "deeper: |2\n"	      /* 16 */
			     "    d\n"		      /* 17 */
			     "nothing:\n"	      /* 18 */
			     "lines: if a\n"	      /* 19 */
			     "  and b\n"	      /* 20 */
			     "last: |\n";	      /* 21 */

static const struct {
	const char *path;
	guint line, column, key_line;
} marks[] = {
	{ "plain", 1, 8, 1 },	  { "single", 2, 11, 2 },
	{ "double", 3, 10, 3 },	  { "é", 4, 4, 4 },
	{ "map", 6, 5, 5 },	  { "map.in", 6, 9, 6 },
	{ "map.list", 8, 5, 7 },  { "block", 11, 5, 10 },
	{ "folded", 14, 3, 13 },  { "deeper", 17, 3, 16 },
	{ "nothing", 18, 9, 18 }, { "lines", 19, 8, 19 },
	{ "last", 22, 1, 21 },
};

static const JrMember *member_of(const JrVal *map, const char *key)
{
	for (guint i = 0; i < map->len; i++)
		if (strcmp(map->members[i].key, key) == 0)
			return &map->members[i];
	ck_abort_msg("no '%s'", key);
}

START_TEST(each_value_knows_where_it_stood)
{
	g_autoptr(JrArena) arena = jr_arena_new(LIMIT);
	const JrVal *root =
		jr_yaml_parse(arena, places, strlen(places), "f", NULL);
	const char *path = marks[_i].path, *dot = strchr(path, '.');
	const JrVal *map =
		dot ? jr_val_get_len(root, path, (gsize)(dot - path)) : root;
	const JrMember *member = member_of(map, dot ? dot + 1 : path);

	ck_assert_uint_eq(member->val.line, marks[_i].line);
	ck_assert_uint_eq(member->val.column, marks[_i].column);
	ck_assert_uint_eq(member->key_line, marks[_i].key_line);
	ck_assert_uint_eq(root->line, 1);
	ck_assert_uint_eq(root->column, 1);
}
END_TEST

/* A value, and its lines; NULL: they are its text. */
static const struct {
	const char *text, *lines, *escaped;
} laid_out[] = {
	{ "a", NULL, NULL },
	{ "a b", NULL, NULL },
	{ ">-\n  a", NULL, NULL },
	{ ">-\n  a\n", NULL, NULL },
	{ ">-\n  a\n  b", "a\n  b", NULL },
	{ ">\n  a\n\n    b\n  c\n\n", "a\n\n    b\n  c", NULL },
	{ "|\n  a\n    b\n", "a\n    b", NULL },
	{ "|2\n   a\n  b\n", " a\n  b", NULL },
	{ ">-  # why\n  a # b\n  c", "a # b\n  c", NULL },
	{ "é\n  ü b # c\n", "é\n  ü b", NULL },
	{ "a\n\n\n  b", "a\n\n\n  b", NULL },
	{ ">-\r\n  a\r\n  b\r\n", "a\r\n  b", NULL },
	{ "'a'", NULL, NULL },
	{ "'a\n  b # c'", "a\n  b # c", NULL },
	{ "'it''s'", NULL, "it''s" },
	{ "'it''s\n  b'", NULL, "it''s\n  b" },
	{ "\"a\"", NULL, NULL },
	{ "\"é\\\"é\"", NULL, "é\\\"é" },
	{ "\"a\\n\n  b\"", NULL, "a\\n\n  b" },
	/* These end lines for YAML alone, which then counts more of them. */
	{ ">-\n  a\xe2\x80\xa8  b\n  c", "a\xe2\x80\xa8  b\n  c", NULL },
	{ ">-\n  a\r  b\n  c", "a\r  b\n  c", NULL },
	{ ">-\n  a\r  b\n  c\nd: e", NULL, NULL },
};

START_TEST(a_text_knows_its_lines)
{
	static const char *const before[] = {
		"k: ", "x: 1\nk: ", "\xef\xbb\xbfk: ", "y: >-\n  z\n  u\nk: ",
		"y: [1,\n 2]\nk: "
	};

	for (guint i = 0; i < G_N_ELEMENTS(before); i++) {
		g_autoptr(JrArena) arena = jr_arena_new(LIMIT);
		g_autofree char *text =
			g_strconcat(before[i], laid_out[_i].text, NULL);
		const JrVal *root =
			jr_yaml_parse(arena, text, strlen(text), "f", NULL);
		const JrVal *val = jr_val_get(root, "k");
		const char *lines = laid_out[_i].lines;

		ck_assert_msg(val && val->type == JR_VAL_TEXT, "%s", text);
		ck_assert_str_eq(jr_val_lines(val), lines ? lines : val->text);
		ck_assert_pstr_eq(jr_val_escaped(val), laid_out[_i].escaped);
		ck_assert_uint_eq(strlen(val->text), val->len);
	}
}
END_TEST

START_TEST(items_know_where_they_stood)
{
	g_autoptr(JrArena) arena = jr_arena_new(LIMIT);
	const JrVal *root =
		jr_yaml_parse(arena, places, strlen(places), "f", NULL);
	const JrVal *list = jr_val_path(root, "map.list");
	const JrVal *flow = jr_val_get(&list->items[1], "flow");

	ck_assert_uint_eq(list->items[0].line, 8);
	ck_assert_uint_eq(list->items[0].column, 7);
	ck_assert_uint_eq(flow->column, 14);
	ck_assert_uint_eq(flow->items[1].line, 9);
	ck_assert_uint_eq(flow->items[1].column, 18);
}
END_TEST

START_TEST(levels_are_counted)
{
	g_autoptr(JrArena) arena = jr_arena_new(LIMIT);

	for (gsize depth = 31; depth <= 34; depth++) {
		g_autofree char *open = g_strnfill(depth, '[');
		g_autofree char *shut = g_strnfill(depth, ']');
		g_autofree char *text = g_strconcat(open, shut, NULL);
		g_autoptr(GError) error = NULL;

		const JrVal *val =
			jr_yaml_parse(arena, text, strlen(text), "f", &error);
		ck_assert_int_eq(val != NULL, depth <= JR_YAML_MAX_DEPTH);
		if (!val)
			ck_assert_str_eq(error->message,
					 "f:1:33: more than 32 levels deep: "
					 "write it flatter");
	}
}
END_TEST

START_TEST(limits_are_errors)
{
	g_autoptr(JrArena) arena = jr_arena_new(LIMIT);
	g_autofree char *pad = g_strnfill(JR_YAML_MAX_BYTES + 1, ' ');
	static const char text[] = "{a: [1, 2, 3], b: text}";
	gboolean done = FALSE;

	ck_assert_ptr_null(
		jr_yaml_parse(arena, pad, JR_YAML_MAX_BYTES + 1, "f", NULL));
	pad[JR_YAML_MAX_BYTES] = '\0';
	ck_assert_ptr_nonnull(
		jr_yaml_parse(arena, pad, JR_YAML_MAX_BYTES, "f", NULL));
	for (gsize limit = 0; !done; limit += 16) {
		g_autoptr(JrArena) small = jr_arena_new(limit);
		g_autoptr(GError) error = NULL;

		done = jr_yaml_parse(small, text, strlen(text), "f", &error) !=
		       NULL;
		ck_assert(done == !error);
		ck_assert_uint_lt(limit, 1024);
	}
}
END_TEST

START_TEST(a_file_that_cannot_be_read_is_an_error)
{
	g_autoptr(JrArena) arena = jr_arena_new(LIMIT);
	const char *paths[] = { "/nonexistent/x.yaml", "/", "/dev/null" };
	const char *why[] = { "No such file or directory", "not a regular file",
			      "not a regular file" };
	g_autoptr(GError) error = NULL;
	g_autofree char *want =
		g_strdup_printf("cannot read '%s': %s", paths[_i], why[_i]);

	ck_assert_ptr_null(jr_yaml_load(arena, paths[_i], &error));
	ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_CONFIG));
	ck_assert_str_eq(error->message, want);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, a_text_is_read, 0, G_N_ELEMENTS(texts));
	tcase_add_loop_test(tc, what_is_wrong_is_told_where_it_stands, 0,
			    G_N_ELEMENTS(wrong));
	tcase_add_loop_test(tc, each_value_knows_where_it_stood, 0,
			    G_N_ELEMENTS(marks));
	tcase_add_test(tc, items_know_where_they_stood);
	tcase_add_loop_test(tc, a_text_knows_its_lines, 0,
			    G_N_ELEMENTS(laid_out));
	tcase_add_test(tc, levels_are_counted);
	tcase_add_test(tc, limits_are_errors);
	tcase_add_loop_test(tc, a_file_that_cannot_be_read_is_an_error, 0, 3);
}
