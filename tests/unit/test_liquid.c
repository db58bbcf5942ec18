/*
 * What templates come to: the cases of tests/cases/liquid/, whose README tells
 * how they are written.
 */
#include "base/error.h"
#include "base/instant.h"
#include "io/json.h"
#include "lang/liquid.h"
#include "unit.h"
#include "cases.h"

#include <string.h>

#define FOLDER "tests/cases/liquid"
#define NOW "2026-11-23T12:00:00Z"

/* A block of a file. */
typedef struct {
	char *file;
	guint line;
	GStrv directives; /* without the '@' */
	char *template, *data, *result;
} Case;

static GArray *cases; /* of Case */

/* ------------------------------------------------------------ files of cases
 */

/* What stands for what an editor would hide or an input cannot hold. */
static char *decode(const char *text)
{
	static const struct {
		const char *mark, *means;
	} marks[] = { { "␤", "\n" },	   { "␍", "\r" },
		      { "␉", "\t" },	   { "␠", " " },
		      { "⍽", "\302\240" }, { "⎵", "\342\200\257" },
		      { "∅", "" } };
	GString *out = g_string_new(text);

	for (guint i = 0; i < G_N_ELEMENTS(marks); i++)
		g_string_replace(out, marks[i].mark, marks[i].means, 0);
	return g_string_free(out, FALSE);
}

static void add_case(const char *file, guint line, const GPtrArray *block)
{
	g_autoptr(GStrvBuilder) directives = g_strv_builder_new();
	Case one = { .file = g_strdup(file), .line = line };
	guint i = 0;

	for (; i < block->len && *(char *)block->pdata[i] == '@'; i++)
		g_strv_builder_add(directives, (char *)block->pdata[i] + 1);
	if (block->len != i + 3)
		g_error("%s:%u: a block of %u lines, not 3", file, line,
			block->len - i);
	one.directives = g_strv_builder_end(directives);
	one.template = decode(block->pdata[i]);
	one.data = g_strdup(block->pdata[i + 1]);
	one.result = decode(block->pdata[i + 2]);
	g_array_append_val(cases, one);
}

static void read_file(const char *name)
{
	g_autofree char *path = g_build_filename(FOLDER, name, NULL);
	g_autoptr(GPtrArray) block = g_ptr_array_new();
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	guint number = 0;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		g_error("cannot read %s", path);
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++) {
		number++;
		if (**line == '#')
			continue;
		if (**line != '\0') {
			g_ptr_array_add(block, *line);
			continue;
		}
		if (block->len > 0)
			add_case(path, number - block->len, block);
		g_ptr_array_set_size(block, 0);
	}
}

static void read_folder(void)
{
	cases = g_array_new(FALSE, FALSE, sizeof(Case));
	each_case_file(FOLDER, read_file);
}

/* --------------------------------------------------------------- rendering */

/* What follows @name in the directives, from the @from-th on; NULL: none. */
static const char *directive(const Case *c, const char *name, guint *from)
{
	gsize len = strlen(name);

	for (guint i = from ? *from : 0; c->directives[i]; i++) {
		const char *one = c->directives[i];

		if (!g_str_has_prefix(one, name) ||
		    (one[len] != ' ' && one[len] != '\0'))
			continue;
		if (from)
			*from = i + 1;
		return one[len] ? one + len + 1 : "";
	}
	return NULL;
}

static GHashTable *read_snippets(const Case *c)
{
	GHashTable *all =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	const char *text;
	guint from = 0;

	while ((text = directive(c, "snippet", &from))) {
		const char *blank = strchr(text, ' ');

		g_hash_table_insert(all, g_strndup(text, blank - text),
				    decode(blank + 1));
	}
	return all;
}

static const char *find_snippet(gpointer all, const char *name)
{
	return g_hash_table_lookup(all, name);
}

static const JrVal *parse(JrArena *arena, const char *json)
{
	g_autoptr(GError) error = NULL;
	const JrVal *val;

	if (!json || g_str_equal(json, "-"))
		return NULL;
	val = jr_json_parse(arena, json, strlen(json), &error);
	ck_assert_msg(val != NULL, "%s: %s", json, error ? error->message : "");
	return val;
}

static gint64 number(const char *text)
{
	return text ? g_ascii_strtoll(text, NULL, 10) : 0;
}

/* As the files write it. */
static char *render(const JrLiquid *liquid, const JrLiquidRun *run)
{
	g_autoptr(GString) out = g_string_new("kept ");
	g_autoptr(GError) error = NULL;

	if (jr_liquid_render(liquid, run, out, &error)) {
		ck_assert(!error);
		return g_strdup(out->str + strlen("kept "));
	}
	ck_assert_ptr_nonnull(error);
	ck_assert(error->domain == JR_ERROR);
	ck_assert(g_str_has_prefix(out->str, "kept "));
	return g_strdup_printf("failed: %s", error->message);
}

static char *outcome(const Case *c)
{
	g_autoptr(JrArena) arena = jr_arena_new(1 << 24);
	g_autoptr(JrZones) zones = jr_zones_new();
	g_autoptr(GHashTable) snippets = read_snippets(c);
	const char *zone = directive(c, "zone", NULL);
	const JrLiquidSource source = { .snippet = find_snippet,
					.snippet_data = snippets };
	JrLiquidRun run = {
		.vars = parse(arena, c->data),
		.fallback = parse(arena, directive(c, "fallback", NULL)),
		.strict = directive(c, "strict", NULL) != NULL,
		.zone = zone ? jr_zones_get(zones, zone, NULL) : NULL,
		.zones = zones,
		.seed = "seed",
		.max_bytes = (gsize)number(directive(c, "bytes", NULL)),
		.max_steps = (guint64)number(directive(c, "steps", NULL)),
	};
	g_autoptr(GError) error = NULL;
	g_autoptr(JrLiquid) liquid = jr_liquid_new(
		c->template, strlen(c->template), &source, &error);
	g_autofree char *first = NULL;
	char *again;
	gint64 now_ms;

	jr_instant_parse(NOW, NULL, &now_ms, NULL);
	run.now_s = now_ms / 1000;
	if (!liquid) {
		ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_CONFIG));
		return g_strdup_printf("refused: %s", error->message);
	}
	/* Nothing is left over from one rendering to the next. */
	first = render(liquid, &run);
	again = render(liquid, &run);
	ck_assert_str_eq(first, again);
	return again;
}

START_TEST(a_case_comes_out)
{
	const Case *c = &g_array_index(cases, Case, _i);
	g_autofree char *found = outcome(c);

	ck_assert_msg(strcmp(found, c->result) == 0,
		      "%s:%u: %s\n  want %s\n  have %s", c->file, c->line,
		      c->template, c->result, found);
}
END_TEST

static void add(TCase *tc)
{
	read_folder();
	tcase_add_loop_test(tc, a_case_comes_out, 0, (int)cases->len);
}
