/*
 * liquid_lines.c - render templates from lines, for comparison with others.
 *
 * Reads {"id":…,"template":…,"data":{…},"templates":{name: snippet}} a line,
 * writes {"id":…,"output":…} or {"id":…,"error":…} a line, with "refused":true
 * when the template could not even be parsed.  --strict fails
 * what is missing; --now=SECONDS is the clock; --times=N renders each N times,
 * to be timed.
 */
#include "base/error.h"
#include "io/json.h"
#include "lang/liquid.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	gboolean strict;
	gint64 now_s, times;
	JrZones *zones;
} Options;

static const char *find_snippet(gpointer templates, const char *name)
{
	return jr_val_get_text(templates, name);
}

static gboolean render(const JrVal *line, const Options *o, GString *out,
		       gboolean *refused, GError **error)
{
	const JrVal *template = jr_val_get(line, "template");
	const JrLiquidSource source = {
		.snippet = find_snippet,
		.snippet_data = (gpointer)jr_val_get(line, "templates"),
	};
	const JrLiquidRun run = { .vars = jr_val_get(line, "data"),
				  .strict = o->strict,
				  .now_s = o->now_s,
				  .zones = o->zones,
				  .seed = "seed",
				  .max_bytes = 1 << 20 };
	g_autoptr(JrLiquid) liquid = NULL;

	if (!template || template->type != JR_VAL_TEXT) {
		g_set_error(error, JR_ERROR, JR_ERROR_INPUT, "no template");
		return FALSE;
	}
	liquid = jr_liquid_new(template->text, template->len, &source, error);
	*refused = !liquid;
	for (gint64 i = 0; liquid && i < o->times; i++) {
		g_string_truncate(out, 0);
		if (!jr_liquid_render(liquid, &run, out, error))
			return FALSE;
	}
	return liquid != NULL;
}

static void answer(const JrVal *line, const Options *o)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GString) text = g_string_new("{\"id\":");
	g_autoptr(GError) error = NULL;
	const JrVal *id = jr_val_get(line, "id");
	gboolean refused = FALSE;
	gboolean ok = render(line, o, out, &refused, &error);

	jr_val_write(id ? id : &jr_val_null, text);
	g_string_append(text, ok ? ",\"output\":" : ",\"error\":");
	if (ok)
		jr_val_write_text(out->str, out->len, text);
	else
		jr_val_write_text(error->message, strlen(error->message), text);
	if (refused)
		g_string_append(text, ",\"refused\":true");
	puts(g_string_append_c(text, '}')->str);
}

static void read_option(const char *arg, Options *o)
{
	if (g_str_equal(arg, "--strict"))
		o->strict = TRUE;
	else if (g_str_has_prefix(arg, "--now="))
		o->now_s = g_ascii_strtoll(arg + strlen("--now="), NULL, 10);
	else if (g_str_has_prefix(arg, "--times="))
		o->times = g_ascii_strtoll(arg + strlen("--times="), NULL, 10);
}

int main(int argc, char **argv)
{
	g_autoptr(JrArena) arena = jr_arena_new(G_MAXSIZE);
	g_autoptr(JrZones) zones = jr_zones_new();
	Options o = { .times = 1, .zones = zones };
	char *buffer = NULL;
	size_t room = 0;
	ssize_t len;

	for (int i = 1; i < argc; i++)
		read_option(argv[i], &o);
	while ((len = getline(&buffer, &room, stdin)) > 0) {
		g_autoptr(GError) error = NULL;
		const JrVal *line =
			jr_json_parse(arena, buffer, (gsize)len, &error);

		if (line)
			answer(line, &o);
		else
			puts("{\"error\":\"not JSON\"}");
		jr_arena_reset(arena);
	}
	free(buffer);
	return 0;
}
