#include "io/config.h"
#include "base/error.h"
#include "io/yaml.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

#define MEMORY ((gsize)64 * 1024 * 1024) /* of a file of 1 MiB at its worst */

/* To add a place: a row here, a field in config.h, a key in jr-config(5). */
static const struct {
	const char *key, *by_default;
	gsize field;
} places[] = {
	{ "state", "jr.db", offsetof(JrConfig, state) },
	{ "workflows", "workflows", offsetof(JrConfig, workflows) },
	{ "segments", "segments.yaml", offsetof(JrConfig, segments) },
	{ "snippets", "snippets", offsetof(JrConfig, snippets) },
	{ "rejects", "rejects.ndjson", offsetof(JrConfig, rejects) },
};

/* A variable that is empty says nothing. */
static const char *environment(const char *name)
{
	const char *text = g_getenv(name);

	return text && *text ? text : NULL;
}

static gboolean is_url(const char *path)
{
	return strstr(path, "://") != NULL;
}

/* @path as it is written in jr.yaml, from where we stand.  Owned. */
static char *resolve(const JrConfig *config, const char *path)
{
	if (g_path_is_absolute(path) || is_url(path) ||
	    strcmp(config->folder, ".") == 0)
		return g_strdup(path);
	return g_build_filename(config->folder, path, NULL);
}

static gboolean refuse(const JrConfig *config, const JrVal *val,
		       const char *key, GError **error)
{
	g_set_error(error, JR_ERROR, JR_ERROR_CONFIG,
		    "'%s' is %s: write a path", key,
		    val->type == JR_VAL_TEXT ? "empty" : jr_val_type_name(val));
	jr_error_at(error, config->file, val->line, val->column);
	return FALSE;
}

static gboolean set_places(JrConfig *config, GError **error)
{
	for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
		char **field = G_STRUCT_MEMBER_P(config, places[i].field);
		const JrVal *val = jr_val_get(config->doc, places[i].key);
		const char *path = places[i].by_default;

		if (val && (val->type != JR_VAL_TEXT || val->len == 0))
			return refuse(config, val, places[i].key, error);
		*field = resolve(config, val ? val->text : path);
	}
	return TRUE;
}

/* Make the paths below @val begin at the folder; the tree is ours alone. */
static void resolve_files(JrConfig *config, const JrVal *val)
{
	if (val->type == JR_VAL_LIST)
		for (guint32 i = 0; i < val->len; i++)
			resolve_files(config, &val->items[i]);
	if (val->type != JR_VAL_MAP)
		return;
	for (guint32 i = 0; i < val->len; i++) {
		JrMember *member = (JrMember *)&val->members[i];
		g_autofree char *path = NULL;

		resolve_files(config, &member->val);
		if (member->val.type != JR_VAL_TEXT || member->val.len == 0 ||
		    !g_str_has_suffix(member->key, "_file"))
			continue;
		path = resolve(config, member->val.text);
		member->val.len = (guint32)strlen(path);
		member->val.text =
			jr_arena_text(config->arena, path, member->val.len);
		g_assert(member->val.text);
	}
}

static gboolean load(JrConfig *config, GError **error)
{
	static const JrVal nothing = { .type = JR_VAL_MAP };

	config->doc = &nothing;
	config->folder =
		config->file ? g_path_get_dirname(config->file) : g_strdup(".");
	if (!config->file)
		return TRUE;
	config->doc = jr_yaml_load(config->arena, config->file, error);
	if (!config->doc)
		return FALSE;
	if (jr_val_is_null(config->doc))
		config->doc = &nothing;
	if (config->doc->type != JR_VAL_MAP) {
		g_set_error(error, JR_ERROR, JR_ERROR_CONFIG,
			    "%s is no configuration: write lines like "
			    "'state: jr.db'",
			    jr_val_type_name(config->doc));
		jr_error_at(error, config->file, config->doc->line,
			    config->doc->column);
		return FALSE;
	}
	resolve_files(config, config->doc);
	return TRUE;
}

JrConfig *jr_config_load(const char *file, const char *state, GError **error)
{
	g_autoptr(JrConfig) config = g_new0(JrConfig, 1);

	config->arena = jr_arena_new(MEMORY);
	file = file ? file : environment("JR_CONFIG");
	if (!file && access("jr.yaml", F_OK) == 0)
		file = "jr.yaml";
	config->file = g_strdup(file);
	if (!load(config, error) || !set_places(config, error))
		return NULL;
	state = state ? state : environment("JR_STATE");
	if (state) {
		g_free(config->state);
		config->state = g_strdup(state);
	}
	return g_steal_pointer(&config);
}

void jr_config_free(JrConfig *config)
{
	if (!config)
		return;
	for (guint i = 0; i < G_N_ELEMENTS(places); i++)
		g_free(G_STRUCT_MEMBER(char *, config, places[i].field));
	g_free(config->file);
	g_free(config->folder);
	jr_arena_free(config->arena);
	g_free(config);
}
