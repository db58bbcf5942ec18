/* jr-expr(7): its examples compile, and it names all there is. */
#include "lang/expr_impl.h"
#include "unit.h"

#include <string.h>

#define MANUAL "man/jr-expr.7"

/* The lines of its displays that are indented: expressions, each perhaps on
 * several lines, of which the later ones begin with a blank. */
static GPtrArray *read_examples(const char *text)
{
	GPtrArray *examples = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	gboolean inside = FALSE;

	for (char **line = lines; *line; line++) {
		if (**line == '.') {
			inside = strcmp(*line, ".Bd -literal -offset indent") ==
				 0;
		} else if (inside && **line == ' ') {
			char **last =
				(char **)&examples->pdata[examples->len - 1];
			char *longer = g_strconcat(*last, "\n", *line, NULL);

			g_free(*last);
			*last = longer;
		} else if (inside) {
			g_ptr_array_add(examples, g_strdup(*line));
		}
	}
	return examples;
}

static char *read_manual(void)
{
	char *text = NULL;

	if (!g_file_get_contents(MANUAL, &text, NULL, NULL))
		ck_abort_msg("cannot read " MANUAL);
	return text;
}

START_TEST(its_examples_compile)
{
	g_autofree char *text = read_manual();
	g_autoptr(GPtrArray) examples = read_examples(text);

	ck_assert_uint_ge(examples->len, 15);
	for (guint i = 0; i < examples->len; i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(JrExpr) expr =
			jr_expr_new(examples->pdata[i], NULL, &error);

		if (!expr)
			ck_abort_msg("%s: %s", (char *)examples->pdata[i],
				     error->message);
	}
}
END_TEST

START_TEST(it_names_all_functions)
{
	g_autofree char *text = read_manual();
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	expr_function_names(names);
	expr_aggregate_names(names);
	for (guint i = 0; i < names->len; i++) {
		g_autofree char *entry =
			g_strdup_printf("Fn %s", (char *)names->pdata[i]);
		g_autofree char *word =
			g_strdup_printf("\"%s\"", (char *)names->pdata[i]);

		if (!strstr(text, entry))
			ck_abort_msg("no entry for %s", entry);
		if (!strstr(text, word))
			ck_abort_msg("no word %s in the grammar", word);
	}
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, its_examples_compile);
	tcase_add_test(tc, it_names_all_functions);
}
