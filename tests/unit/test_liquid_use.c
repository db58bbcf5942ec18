/* Templates as callers use them: places, limits, what they ask for. */
#include "base/error.h"
#include "io/json.h"
#include "lang/liquid.h"
#include "unit.h"

#include <string.h>

static JrLiquid *parse(const char *text, const JrLiquidSource *source,
		       GError **error)
{
	return jr_liquid_new(text, strlen(text), source, error);
}

/* ------------------------------------------------------------------ places */

static const struct {
	const char *file;
	guint line, column;
	const char *text, *message;
} places[] = {
	{ NULL, 0, 0, "{{ a | x }}", "1:8: " },
	{ "w.yaml", 0, 0, "{{ a | x }}", "w.yaml:1:8: " },
	{ "w.yaml", 7, 5, "{{ a | x }}", "w.yaml:7:12: " },
	{ "w.yaml", 7, 5, "a\n{{ a | x }}", "w.yaml:8:8: " },
	{ "w.yaml", 7, 5, "é{{ a | x }}", "w.yaml:7:13: " },
	{ "w.yaml", 7, 5, "a\r\n\n{% if", "w.yaml:9:1: " },
};

START_TEST(an_error_points_into_the_file)
{
	const JrLiquidSource source = { .file = places[_i].file,
					.line = places[_i].line,
					.column = places[_i].column };
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(parse(places[_i].text, &source, &error));
	ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_CONFIG));
	ck_assert_msg(g_str_has_prefix(error->message, places[_i].message),
		      "%s", error->message);
}
END_TEST

START_TEST(a_missing_value_points_into_the_file)
{
	const JrLiquidSource source = { .file = "w", .line = 3, .column = 4 };
	const JrLiquidRun run = { .strict = TRUE };
	g_autoptr(JrLiquid) liquid = parse("a{{ b }}", &source, NULL);
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GError) error = NULL;

	ck_assert(!jr_liquid_render(liquid, &run, out, &error));
	ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_INPUT));
	ck_assert_msg(g_str_has_prefix(error->message, "3:8: missing b:"), "%s",
		      error->message);
	ck_assert_str_eq(out->str, "a");
}
END_TEST

/* ------------------------------------------------------------------- limits */

START_TEST(a_template_has_a_limit)
{
	g_autofree char *text = g_strnfill(JR_LIQUID_MAX_BYTES + 1, 'a');
	g_autoptr(GError) error = NULL;
	g_autoptr(JrLiquid) most =
		jr_liquid_new(text, JR_LIQUID_MAX_BYTES, NULL, NULL);

	ck_assert_ptr_nonnull(most);
	ck_assert_ptr_null(parse(text, NULL, &error));
	ck_assert_ptr_nonnull(strstr(error->message, "longer than 262144"));
}
END_TEST

/* @text so many times, with @between in the middle. */
static char *nest(const char *open, guint times, const char *between,
		  const char *close)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < times; i++)
		g_string_append(out, open);
	g_string_append(out, between);
	for (guint i = 0; i < times; i++)
		g_string_append(out, close);
	return g_string_free(out, FALSE);
}

static const struct {
	const char *open, *between, *close;
	guint most;
} nestings[] = {
	{ "{% if 1 %}", "x", "{% endif %}", JR_LIQUID_MAX_DEPTH },
	{ "{% for i in (1..1) %}", "x", "{% endfor %}", JR_LIQUID_MAX_DEPTH },
	{ "{% case 1 %}{% when 1 %}", "x", "{% endcase %}",
	  JR_LIQUID_MAX_DEPTH },
	{ "{% capture a %}", "x", "{% endcapture %}", JR_LIQUID_MAX_DEPTH },
	{ "{% ifchanged %}", "x", "{% endifchanged %}", JR_LIQUID_MAX_DEPTH },
	{ "{% tablerow i in (1..1) %}", "x", "{% endtablerow %}",
	  JR_LIQUID_MAX_DEPTH },
};

START_TEST(tags_nest_only_so_deep)
{
	const JrLiquidRun run = { 0 };

	for (guint more = 0; more < 2; more++) {
		g_autofree char *text =
			nest(nestings[_i].open, nestings[_i].most + more,
			     nestings[_i].between, nestings[_i].close);
		g_autoptr(GError) error = NULL;
		g_autoptr(JrLiquid) liquid = parse(text, NULL, &error);
		g_autoptr(GString) out = g_string_new(NULL);

		ck_assert((liquid == NULL) == (more > 0));
		if (liquid)
			ck_assert(jr_liquid_render(liquid, &run, out, NULL));
		else
			ck_assert_ptr_nonnull(
				strstr(error->message, "deeper than 64"));
	}
}
END_TEST

START_TEST(brackets_nest_only_so_deep)
{
	static const guint times[] = { 10, 60, 70, 60000 };
	g_autofree char *path = nest("a[", times[_i], "0", "]");
	g_autofree char *text = g_strdup_printf("{{ %s }}", path);
	g_autoptr(GError) error = NULL;
	g_autoptr(JrLiquid) liquid = parse(text, NULL, &error);

	ck_assert((liquid != NULL) == (times[_i] < JR_LIQUID_MAX_DEPTH));
	if (error)
		ck_assert_ptr_nonnull(strstr(error->message, "deeper than 64"));
}
END_TEST

/* None of these may take long, or the memory of the machine. */
static const char *const hungry[] = {
	"{% for a in (1..9999) %}{% for b in (1..9999) %}{% endfor %}"
	"{% endfor %}",
	"{% assign a = 'aaaaaaaaaaaaaaaa' %}{% for i in (1..99) %}"
	"{% assign a = a | append: a %}{% endfor %}",
	"{% assign a = 'aaaaaaaaaaaaaaaa' %}{% for i in (1..99) %}"
	"{% assign a = a | replace: 'a', a %}{% endfor %}",
	"{% assign a = (1..50000) | join %}{% for i in (1..9999) %}"
	"{% assign b = a | upcase | downcase | size %}{% endfor %}",
	"{% assign a = (1..99) | join | split: '' %}{% for i in (1..99) %}"
	"{% assign a = a | concat: a %}{% endfor %}",
	"{% assign a = (1..20000) | join: ' ' | split: ' ' %}"
	"{% for i in (1..99) %}{% assign b = a | sort | uniq %}{% endfor %}",
	"{% for i in (1..99999) %}{{ '12345678901234567890' }}{% endfor %}",
	"{% assign a = 'aaaaaaaaaaaaaaaa' %}{% for i in (1..14) %}"
	"{% assign a = a | append: a %}{% endfor %}{% assign b = a | append: "
	"'b' %}{{ a | replace_last: b, 'x' | size }}",
	"{% capture a %}{% for i in (1..2000) %}<script {% endfor %}"
	"{% endcapture %}{{ a | strip_html | size }}",
	"{% for i in (1..99999) %}{% cycle i: 1, 2 %}{% endfor %}",
	"{% assign a = 'x' %}{% for i in (1..999) %}{% assign a = a | push: a "
	"%}{% endfor %}{{ a }}",
};

START_TEST(no_template_eats_the_machine)
{
	const JrLiquidRun run = { .max_bytes = 1 << 20 };
	g_autoptr(GError) error = NULL;
	g_autoptr(JrLiquid) liquid = parse(hungry[_i], NULL, &error);
	g_autoptr(GString) out = g_string_new(NULL);
	gint64 start = g_get_monotonic_time();

	ck_assert_msg(liquid != NULL, "%s", error ? error->message : "");
	if (!jr_liquid_render(liquid, &run, out, &error))
		ck_assert_ptr_nonnull(strstr(error->message, "more than"));
	ck_assert_uint_le(out->len, 1 << 20);
	ck_assert_int_lt(g_get_monotonic_time() - start, 20 * G_USEC_PER_SEC);
}
END_TEST

/* -------------------------------------------------------- one after another */

START_TEST(after_a_failure_all_is_as_before)
{
	g_autoptr(JrArena) arena = jr_arena_new(1 << 16);
	const char *full = "{\"a\":\"x\"}";
	const JrVal *vars = jr_json_parse(arena, full, strlen(full), NULL);
	g_autoptr(JrLiquid) liquid =
		parse("{% assign b = a %}{% increment c %}{{ a }}", NULL, NULL);

	for (guint i = 0; i < 6; i++) {
		JrLiquidRun run = { .strict = TRUE,
				    .vars = i % 2 ? vars : NULL };
		g_autoptr(GString) out = g_string_new(NULL);
		gboolean ok = jr_liquid_render(liquid, &run, out, NULL);

		ck_assert_int_eq(ok, i % 2);
		ck_assert_str_eq(out->str, i % 2 ? "0x" : "0");
	}
}
END_TEST

static char *render(const char *text, const JrLiquidRun *run)
{
	g_autoptr(JrLiquid) liquid = parse(text, NULL, NULL);
	GString *out = g_string_new(NULL);

	ck_assert(jr_liquid_render(liquid, run, out, NULL));
	return g_string_free(out, FALSE);
}

START_TEST(what_is_drawn_comes_of_the_seed)
{
	static const char *const texts[] = { "{% random 1000000 %}",
					     "{{ 1000000 | random }}",
					     "{% generate_uuid %}" };
	const JrLiquidRun one = { .seed = "m_1" }, other = { .seed = "m_2" };
	g_autofree char *a = render(texts[_i], &one);
	g_autofree char *b = render(texts[_i], &one);
	g_autofree char *c = render(texts[_i], &other);

	ck_assert_str_eq(a, b);
	ck_assert_str_ne(a, c);
}
END_TEST

START_TEST(a_draw_is_fair)
{
	guint counts[6] = { 0 };

	for (guint i = 0; i < 6000; i++) {
		g_autofree char *seed = g_strdup_printf("m_%u", i);
		const JrLiquidRun run = { .seed = seed };
		g_autofree char *text = render("{% random 6 %}", &run);

		counts[*text - '0']++;
	}
	for (guint i = 0; i < 6; i++) {
		ck_assert_uint_gt(counts[i], 850);
		ck_assert_uint_lt(counts[i], 1150);
	}
}
END_TEST

/* ------------------------------------------------------------------ snippets
 */

typedef struct {
	guint asked;
} Shelf;

static const char *take(gpointer data, const char *name)
{
	Shelf *shelf = data;

	shelf->asked++;
	if (g_str_equal(name, "wrong"))
		return "{{ a | nofilter }}";
	return g_str_equal(name, "one") ? "1" : NULL;
}

START_TEST(a_snippet_is_parsed_once)
{
	Shelf shelf = { 0 };
	const JrLiquidSource source = { .snippet = take,
					.snippet_data = &shelf };
	g_autoptr(JrLiquid) liquid = parse(
		"{% render 'one' %}{% include 'one' %}{% assign n = 'one' %}"
		"{% for i in (1..5) %}{% include n %}{% endfor %}",
		&source, NULL);
	const JrLiquidRun run = { 0 };

	for (guint i = 0; i < 3; i++) {
		g_autoptr(GString) out = g_string_new(NULL);

		ck_assert(jr_liquid_render(liquid, &run, out, NULL));
		ck_assert_str_eq(out->str, "1111111");
	}
	ck_assert_uint_eq(shelf.asked, 1);
}
END_TEST

START_TEST(a_wrong_snippet_named_by_a_variable_fails_the_rendering)
{
	Shelf shelf = { 0 };
	const JrLiquidSource source = { .snippet = take,
					.snippet_data = &shelf };
	g_autoptr(JrLiquid) liquid =
		parse("{% assign n = 'wrong' %}{% include n %}", &source, NULL);
	const JrLiquidRun run = { 0 };

	for (guint i = 0; i < 2; i++) {
		g_autoptr(GString) out = g_string_new(NULL);
		g_autoptr(GError) error = NULL;

		ck_assert(!jr_liquid_render(liquid, &run, out, &error));
		ck_assert_ptr_nonnull(
			strstr(error->message, "unknown filter 'nofilter'"));
	}
}
END_TEST

/* Data stays data, whatever is written in it. */
START_TEST(data_is_never_a_template)
{
	const char *json = "{\"a\":\"{{ secret }}{% raw %}\","
			   "\"secret\":\"x\"}";
	g_autoptr(JrArena) arena = jr_arena_new(1 << 16);
	const JrLiquidRun run = { .vars = jr_json_parse(arena, json,
							strlen(json), NULL) };
	static const char *const texts[] = {
		"{{ a }}",
		"{% assign b = a %}{{ b }}",
		"{% capture b %}{{ a }}{% endcapture %}{{ b }}",
		"{{ a | append: '' }}",
		"{% echo a %}",
	};
	g_autofree char *text = render(texts[_i], &run);

	ck_assert_str_eq(text, "{{ secret }}{% raw %}");
}
END_TEST

/* ------------------------------------------------------------------- asking */

static void note(gpointer user, const char *path, gboolean has_default,
		 guint line, guint column)
{
	g_string_append_printf(user, "%s%s@%u:%u ", path,
			       has_default ? "?" : "", line, column);
}

static const char *find(gpointer data G_GNUC_UNUSED, const char *name)
{
	if (g_str_equal(name, "foot"))
		return "{{ customer.name }}{{ tone }}{% assign z = 1 %}";
	return g_str_equal(name, "self") ? "{% include 'self' %}{{ s }}" : NULL;
}

static const struct {
	const char *text, *found;
} visits[] = {
	{ "no variables", "" },
	{ "{{ customer.first_name }}", "customer.first_name@1:4 " },
	{ "{{ a['b'].c }}", "a.b.c@1:4 " },
	{ "{{ a | default: 'x' }}", "a?@1:4 " },
	{ "{{ a | upcase | default: b }}", "a?@1:4 b?@1:26 " },
	{ "{{ a | append: b }}", "a@1:4 b@1:16 " },
	{ "{% if a == b.c %}{{ d }}{% endif %}", "a?@1:7 b.c?@1:12 d@1:21 " },
	{ "{% for x in list %}{{ x.a }}{{ forloop.index }}{{ y }}{% endfor %}",
	  "list?@1:13 y@1:51 " },
	{ "{% assign x = a %}{{ x }}{{ x.y }}", "a@1:15 " },
	{ "{% capture x %}{{ a }}{% endcapture %}{{ x }}", "a@1:19 " },
	{ "{{ a[b] }}{{ a[0] }}{{ [c] }}", "b?@1:6 c@1:25 " },
	{ "{% case a %}{% when b, c %}{{ d }}{% endcase %}",
	  "a?@1:9 b?@1:21 d@1:31 c?@1:24 " },
	{ "{{ (a..b) }}", "a?@1:5 b?@1:8 " },
	{ "{% cycle a: b, 'c' %}", "a?@1:10 b@1:13 " },
	{ "{{ l | where_exp: 'i', 'i.x > y' }}", "l@1:4 y?@1:31 " },
	{ "{% unsubscribe_url %}", "unsubscribe_url@1:1 " },
	{ "{% cio_link url: a %}{% random b %}", "a@1:18 b@1:32 " },
	{ "{% increment c %}{{ c }}", "" },
	{ "{% render 'foot', tone: a %}{{ z }}",
	  "a?@1:25 customer.name@1:1 z@1:32 " },
	{ "{% include 'foot' %}{{ z }}", "customer.name@1:1 "
					 "tone@1:1 " },
	{ "{% include 'self' %}", "s@1:1 " },
	{ "{% tablerow r in t cols: n %}{{ r }}{% endtablerow %}",
	  "t?@1:18 n@1:26 " },
	{ "{% liquid\necho a\nassign b = c\n%}", "a@2:6 c@3:12 " },
	{ "{% echo a %}{% ifchanged %}{{ b }}{% endifchanged %}",
	  "a@1:9 b@1:31 " },
};

START_TEST(what_is_asked_for_is_told)
{
	const JrLiquidSource source = { .snippet = find };
	g_autoptr(GError) error = NULL;
	g_autoptr(JrLiquid) liquid = parse(visits[_i].text, &source, &error);
	g_autoptr(GString) found = g_string_new(NULL);

	ck_assert_msg(liquid != NULL, "%s", error ? error->message : "");
	jr_liquid_visit(liquid, note, found);
	ck_assert_msg(g_str_equal(found->str, visits[_i].found),
		      "%s\n  want %s\n  have %s", visits[_i].text,
		      visits[_i].found, found->str);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, an_error_points_into_the_file, 0,
			    G_N_ELEMENTS(places));
	tcase_add_test(tc, a_missing_value_points_into_the_file);
	tcase_add_test(tc, a_template_has_a_limit);
	tcase_add_loop_test(tc, tags_nest_only_so_deep, 0,
			    G_N_ELEMENTS(nestings));
	tcase_add_loop_test(tc, brackets_nest_only_so_deep, 0, 4);
	tcase_add_loop_test(tc, no_template_eats_the_machine, 0,
			    G_N_ELEMENTS(hungry));
	tcase_add_test(tc, after_a_failure_all_is_as_before);
	tcase_add_loop_test(tc, what_is_drawn_comes_of_the_seed, 0, 3);
	tcase_add_test(tc, a_draw_is_fair);
	tcase_add_test(tc, a_snippet_is_parsed_once);
	tcase_add_test(tc,
		       a_wrong_snippet_named_by_a_variable_fails_the_rendering);
	tcase_add_loop_test(tc, data_is_never_a_template, 0, 5);
	tcase_add_loop_test(tc, what_is_asked_for_is_told, 0,
			    G_N_ELEMENTS(visits));
}
