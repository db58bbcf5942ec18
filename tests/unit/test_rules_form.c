/* Values with templates inside: what they come to, what is refused. */
#include "base/doc.h"
#include "io/yaml.h"
#include "rules/form.h"
#include "unit.h"

#include <string.h>

static const char vars_yaml[] =
	"name: Ana\ncustomer: {plan: pro}\n"
	"event: {total: 12.5, n: 3, tags: [a, b], none: null, yes: true, "
	"quote: 'a \"b\"'}\n";

static const JrVal *parse(JrArena *arena, const char *text)
{
	g_autoptr(GError) error = NULL;
	const JrVal *val =
		jr_yaml_parse(arena, text, strlen(text), "f.yaml", &error);

	ck_assert_msg(val != NULL, "%s", error ? error->message : "");
	return val;
}

static const char *snippet(gpointer data, const char *name)
{
	(void)data;
	return g_str_equal(name, "greeting") ? "Hi {{ name }}" : NULL;
}

static const struct {
	const char *yaml;
	const char *json;  /* what it comes to; NULL: an error */
	const char *error; /* begins so, when rendering */
} cases[] = {
	/* What is no template stands for itself, with its type. */
	{ "null", "null", NULL },
	{ "true", "true", NULL },
	{ "42", "42", NULL },
	{ "0.5", "0.5", NULL },
	{ "plain", "\"plain\"", NULL },
	{ "'42'", "\"42\"", NULL },
	{ "'{ name }'", "\"{ name }\"", NULL },
	{ "[]", "[]", NULL },
	{ "{}", "{}", NULL },
	{ "{a: 1, b: [x, 2, {c: null}]}",
	  "{\"a\":1,\"b\":[\"x\",2,{\"c\":"
	  "null}]}",
	  NULL },
	/* A template gives its text. */
	{ "'{{ name }}'", "\"Ana\"", NULL },
	{ "'Hi {{ name }}!'", "\"Hi Ana!\"", NULL },
	{ "'{{ event.n }}'", "\"3\"", NULL },
	{ "'{% if event.yes %}on{% endif %}'", "\"on\"", NULL },
	{ "{a: ['{{ customer.plan }}', 7]}", "{\"a\":[\"pro\",7]}", NULL },
	{ "\"{% render 'greeting' %}\"", "\"Hi Ana\"", NULL },
	/* One that ends in `json` gives the value. */
	{ "'{{ event.n | json }}'", "3", NULL },
	{ "'{{ event.total | json }}'", "12.5", NULL },
	{ "'  {{ event.n | json }}  '", "3", NULL },
	{ "'{{- event.n|json -}}'", "3", NULL },
	{ "'{{ event.tags | json }}'", "[\"a\",\"b\"]", NULL },
	{ "'{{ event.yes | json }}'", "true", NULL },
	{ "'{{ event.quote | json }}'", "\"a \\\"b\\\"\"", NULL },
	{ "'{{ event | json }}'",
	  "{\"total\":12.5,\"n\":3,\"tags\":[\"a\",\"b\"],\"none\":null,"
	  "\"yes\":true,\"quote\":\"a \\\"b\\\"\"}",
	  NULL },
	/* Only as the last filter of the one output. */
	{ "'n: {{ event.n | json }}'", "\"n: 3\"", NULL },
	{ "'{{ event.n | json }}{{ event.n | json }}'", "\"33\"", NULL },
	{ "'{{ event.n | json | append: \"0\" }}'", "\"30\"", NULL },
	/* What has no value is an error, deep inside too. */
	{ "'{{ nobody }}'", NULL, "1:" },
	{ "{a: [{b: 'x {{ nobody }}'}]}", NULL, "1:" },
	{ "'{{ nobody | default: \"x\" }}'", "\"x\"", NULL },
};

START_TEST(a_form_comes_to_a_value)
{
	JrArena *arena = jr_arena_new(1 << 20);
	const JrVal *vars = parse(arena, vars_yaml);
	const JrLiquidRun run = { .vars = vars,
				  .fallback = vars,
				  .strict = TRUE };
	g_autoptr(GError) error = NULL;
	g_autoptr(JrForm) form = jr_form_new(parse(arena, cases[_i].yaml),
					     "f.yaml", snippet, NULL, &error);
	g_autoptr(json_t) got = NULL;
	g_autofree char *text = NULL;

	ck_assert_msg(form != NULL, "%s", error ? error->message : "");
	got = jr_form_render(form, &run, &error);
	if (cases[_i].json) {
		ck_assert_msg(got != NULL, "%s", error ? error->message : "");
		text = json_dumps(got, JSON_COMPACT | JSON_ENCODE_ANY);
		ck_assert_str_eq(text, cases[_i].json);
	} else {
		ck_assert_ptr_null(got);
		ck_assert_msg(g_str_has_prefix(error->message, cases[_i].error),
			      "%s", error->message);
	}
	g_clear_pointer(&form, jr_form_free);
	jr_arena_free(arena);
}
END_TEST

static const struct {
	const char *yaml, *error;
} wrong[] = {
	{ "'{{ name '", "f.yaml:1:" },
	{ "'{% if %}'", "f.yaml:1:" },
	{ "a: 1\nb:\n- x\n- '{{ name | nofilter }}'\n", "f.yaml:4:" },
	{ "'{% render \"nosuch\" %}'", "f.yaml:1:" },
};

START_TEST(a_wrong_template_is_refused_with_its_place)
{
	JrArena *arena = jr_arena_new(1 << 20);
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(jr_form_new(parse(arena, wrong[_i].yaml), "f.yaml",
				       snippet, NULL, &error));
	ck_assert_msg(g_str_has_prefix(error->message, wrong[_i].error), "%s",
		      error->message);
	jr_arena_free(arena);
}
END_TEST

static void note(gpointer user, const char *path, gboolean has_default,
		 guint line, guint column G_GNUC_UNUSED)
{
	g_string_append_printf(user, "%s%s@%u ", path, has_default ? "?" : "",
			       line);
}

START_TEST(every_variable_inside_is_visited)
{
	JrArena *arena = jr_arena_new(1 << 20);
	GString *seen = g_string_new(NULL);
	JrForm *form = jr_form_new(
		parse(arena, "a: '{{ name }}'\nb:\n- 7\n"
			     "- {c: '{{ customer.plan | default: 1 }}'}\n"),
		"f.yaml", NULL, NULL, NULL);

	jr_form_visit(form, note, seen);
	ck_assert_str_eq(seen->str, "name@1 customer.plan?@4 ");
	g_string_free(seen, TRUE);
	jr_form_free(form);
	jr_form_free(NULL);
	jr_arena_free(arena);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, a_form_comes_to_a_value, 0,
			    G_N_ELEMENTS(cases));
	tcase_add_loop_test(tc, a_wrong_template_is_refused_with_its_place, 0,
			    G_N_ELEMENTS(wrong));
	tcase_add_test(tc, every_variable_inside_is_visited);
}
