/*
 * What expressions mean: the cases of tests/cases/expr/, whose README tells
 * how they are written.
 */
#include "cases.h"
#include "expr_world.h"
#include "lang/expr.h"
#include "unit.h"

#define FOLDER "tests/cases/expr"

/* One line of results, with the lines it belongs to. */
typedef struct {
	const char *file;
	guint line;
	const char *expression, *facts, *result;
} Case;

static GArray *cases;	/* of Case */
static GArray *errors;	/* of Case: the result is the message */
static GPtrArray *kept; /* the lines they point into */

/* Files of cases */

static void add_case(GArray *to, const char *file, guint line,
		     const char *const lines[3])
{
	const Case one = { file, line, lines[0], lines[1], lines[2] };

	g_array_append_val(to, one);
}

/* Blocks of an expression, its facts and a result a line; blank between. */
static void read_file(const char *name)
{
	g_autofree char *path = g_build_filename(FOLDER, name, NULL);
	g_autofree char *text = NULL;
	gboolean wrong = g_str_has_prefix(name, "error");
	const char *block[3];
	guint n = 0, number = 0;
	char **lines;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		g_error("cannot read %s", path);
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++) {
		const char *kept_name = g_intern_string(name);

		number++;
		if (**line == '#')
			continue;
		if (**line == '\0') {
			n = 0;
			continue;
		}
		block[MIN(n, 2)] = *line;
		if (wrong && n == 1)
			add_case(
				errors, kept_name, number,
				(const char *const[]){ block[0], NULL, *line });
		else if (!wrong && n >= 2)
			add_case(cases, kept_name, number, block);
		n++;
	}
	g_ptr_array_add(kept, lines);
}

static void read_folder(void)
{
	cases = g_array_new(FALSE, FALSE, sizeof(Case));
	errors = g_array_new(FALSE, FALSE, sizeof(Case));
	kept = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
	each_case_file(FOLDER, read_file);
}

/* What is found, written as in the files. */
static char *outcome(const char *expression, const JrFacts *facts)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(JrExpr) expr = jr_expr_new(expression, NULL, &error);
	char at[JR_INSTANT_SIZE];
	gint64 next_s = G_MAXINT64;
	int holds;

	if (!expr)
		return g_strdup_printf("refused: %s", error->message);
	holds = jr_expr_holds(expr, facts, &next_s, &error);
	if (holds < 0)
		return g_strdup_printf("failed: %s", error->message);
	ck_assert_int_eq(holds, jr_expr_holds(expr, facts, NULL, NULL));
	return g_strdup_printf(
		"%s%s%s", holds ? "true" : "false",
		next_s < G_MAXINT64 ? " " : "",
		next_s < G_MAXINT64 ? jr_instant_format(next_s, at) : "");
}

START_TEST(a_case_comes_out)
{
	const Case *c = &g_array_index(cases, Case, _i);
	const char *result = c->result;
	g_autofree char *found = NULL;
	World w;

	world_open(&w, c->facts);
	w.facts.now_s = instant("2026-11-23T12:00:00Z", NULL);
	if (g_ascii_isdigit(*result)) {
		g_auto(GStrv) parts = g_strsplit(result, " ", 2);

		w.facts.now_s = instant(parts[0], NULL);
		result += strlen(parts[0]) + 1;
	}
	found = outcome(c->expression, &w.facts);
	if (strcmp(found, result) != 0)
		ck_abort_msg(FOLDER "/%s:%u: %s\n  facts %s\n  want %s\n"
				    "  have %s",
			     c->file, c->line, c->expression, c->facts, result,
			     found);
	ck_assert_uint_eq(w.source.depth, 0);
	world_close(&w);
}
END_TEST

START_TEST(a_wrong_text_is_refused)
{
	const Case *c = &g_array_index(errors, Case, _i);
	g_auto(GStrv) lines = g_strsplit(c->expression, "␤", -1);
	g_autofree char *text = g_strjoinv("\n", lines);
	g_autoptr(GError) error = NULL;
	g_autoptr(JrExpr) expr = jr_expr_new(text, NULL, &error);

	if (expr)
		ck_abort_msg(FOLDER "/%s:%u: not refused: %s", c->file, c->line,
			     text);
	ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_CONFIG));
	if (strcmp(error->message, c->result) != 0)
		ck_abort_msg(FOLDER "/%s:%u: %s\n  want %s\n  have %s", c->file,
			     c->line, text, c->result, error->message);
}
END_TEST

static void forget(void)
{
	g_array_unref(cases);
	g_array_unref(errors);
	g_ptr_array_unref(kept);
}

static void add(TCase *tc)
{
	read_folder();
	atexit(forget);
	tcase_add_loop_test(tc, a_case_comes_out, 0, (int)cases->len);
	tcase_add_loop_test(tc, a_wrong_text_is_refused, 0, (int)errors->len);
}
