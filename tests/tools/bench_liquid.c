/*
 * bench_liquid.c - every template for every person, timed.
 *
 * bench_liquid TEMPLATES PEOPLE: both files hold a line for each, a template as
 * a JSON string, the data of a person as an object.  What is rendered goes to
 * stdout, a line each; the seconds it took, people read and templates parsed
 * beforehand, to stderr.
 */
#include "base/error.h"
#include "io/json.h"
#include "lang/liquid.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The values of the lines of @name, in @arena. */
static GPtrArray *read_lines(JrArena *arena, const char *name)
{
	GPtrArray *all = g_ptr_array_new();
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_get_contents(name, &text, NULL, &error)) {
		fprintf(stderr, "bench_liquid: %s\n", error->message);
		exit(1);
	}
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line && **line; line++)
		g_ptr_array_add(all,
				(gpointer)jr_json_parse(arena, *line,
							strlen(*line), NULL));
	return all;
}

static GPtrArray *parse_all(const GPtrArray *texts)
{
	GPtrArray *all =
		g_ptr_array_new_with_free_func((GDestroyNotify)jr_liquid_free);

	for (guint i = 0; i < texts->len; i++) {
		const JrVal *text = texts->pdata[i];
		g_autoptr(GError) error = NULL;
		JrLiquid *liquid =
			jr_liquid_new(text->text, text->len, NULL, &error);

		if (!liquid) {
			fprintf(stderr, "bench_liquid: %s\n", error->message);
			exit(1);
		}
		g_ptr_array_add(all, liquid);
	}
	return all;
}

static void render_all(const GPtrArray *templates, const JrVal *person,
		       GString *out)
{
	const JrLiquidRun run = { .vars = person,
				  .strict = TRUE,
				  .now_s = 1795435200 };

	for (guint i = 0; i < templates->len; i++) {
		g_autoptr(GError) error = NULL;

		if (!jr_liquid_render(templates->pdata[i], &run, out, &error))
			g_string_append(out, error->message);
		g_string_append_c(out, '\n');
	}
}

int main(int argc, char **argv)
{
	g_autoptr(JrArena) arena = jr_arena_new(G_MAXSIZE);
	g_autoptr(GPtrArray) texts = NULL, people = NULL, templates = NULL;
	g_autoptr(GString) out = g_string_new(NULL);
	gint64 start;

	if (argc != 3)
		return 64;
	texts = read_lines(arena, argv[1]);
	people = read_lines(arena, argv[2]);
	templates = parse_all(texts);
	start = g_get_monotonic_time();
	for (guint i = 0; i < people->len; i++)
		render_all(templates, people->pdata[i], out);
	fprintf(stderr, "%.3f\n",
		(double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC);
	return fwrite(out->str, 1, out->len, stdout) != out->len;
}
