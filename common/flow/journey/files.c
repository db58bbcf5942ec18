#include "flow/journey/files_impl.h"
#include "base/error.h"
#include "base/suggest.h"
#include "io/file.h"
#include "io/yaml.h"

#include <string.h>

#define FILES_MAX 1000		 /* in one folder */
#define SNIPPET_MAX (256 * 1024) /* bytes */

JrJourneyFiles *jr_journey_files_none(const JrFlow *flow)
{
	JrJourneyFiles *files = g_new0(JrJourneyFiles, 1);

	files->flow = flow;
	files->folder = flow->config->workflows;
	files->snippets = flow->config->snippets;
	files->all = g_ptr_array_new_with_free_func(
		(GDestroyNotify)jr_workflow_free);
	for (int kind = 0; kind <= JR_TRIGGER_LAST; kind++)
		files->of_kind[kind] = g_ptr_array_new();
	files->texts = g_ptr_array_new_with_free_func(g_free);
	files->named = g_hash_table_new(g_str_hash, g_str_equal);
	files->starters =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
				      (GDestroyNotify)g_ptr_array_unref);
	files->versions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
						jr_journey_version_free);
	files->snippet_texts =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return files;
}

void jr_journey_files_free(JrJourneyFiles *files)
{
	if (!files)
		return;
	g_hash_table_unref(files->starters);
	g_hash_table_unref(files->named);
	g_hash_table_unref(files->versions);
	g_ptr_array_unref(files->all);
	g_ptr_array_unref(files->texts);
	for (int kind = 0; kind <= JR_TRIGGER_LAST; kind++)
		g_ptr_array_unref(files->of_kind[kind]);
	g_hash_table_unref(files->snippet_texts);
	g_free(files);
}

const char *jr_journey_files_snippet(gpointer data, const char *name)
{
	JrJourneyFiles *files = data;
	gpointer text = NULL;
	g_autofree char *file = NULL, *path = NULL;
	gsize len = 0;

	if (g_hash_table_lookup_extended(files->snippet_texts, name, NULL,
					 &text))
		return text;
	if (strchr(name, '/') || name[0] == '.')
		return NULL;
	file = g_strconcat(name, ".liquid", NULL);
	path = g_build_filename(files->snippets, file, NULL);
	text = jr_file_read(path, SNIPPET_MAX, &len, NULL);
	/* Editors end a file with a newline that nobody means. */
	if (text && len > 0 && ((char *)text)[len - 1] == '\n')
		((char *)text)[len - 1] = '\0';
	g_hash_table_insert(files->snippet_texts, g_strdup(name), text);
	return text;
}

JrWorkflow *jr_journey_files_parse(JrJourneyFiles *files, const char *path,
				   const char *text, gsize len, GError **error)
{
	g_autoptr(JrArena) arena = jr_arena_new(JR_WORKFLOW_ARENA);
	JrWorkflowSource source = { .file = path,
				    .text = text,
				    .len = len,
				    .snippet = jr_journey_files_snippet,
				    .snippet_data = files };

	source.doc = jr_yaml_parse(arena, text, len, path, error);
	if (!source.doc)
		return NULL;
	source.arena = g_steal_pointer(&arena);
	return jr_workflow_new(&source, error);
}

static void add_starter(JrJourneyFiles *files, JrLogKind kind,
			JrWorkflow *workflow)
{
	g_autofree char *key =
		g_strdup_printf("%d:%s", kind, workflow->trigger.name);
	GPtrArray *list = g_hash_table_lookup(files->starters, key);

	if (!list) {
		list = g_ptr_array_new();
		g_hash_table_insert(files->starters, g_steal_pointer(&key),
				    list);
	}
	g_ptr_array_add(list, workflow);
}

/* Which rows of the log start a workflow of each kind. */
static const JrLogKind starts[JR_TRIGGER_LAST + 1][4] = {
	[JR_TRIGGER_EVENT] = { JR_LOG_EVENT, JR_LOG_PAGE, JR_LOG_SCREEN },
	[JR_TRIGGER_ENTERS] = { JR_LOG_SEGMENT_ENTERED },
	[JR_TRIGGER_LEAVES] = { JR_LOG_SEGMENT_LEFT },
	[JR_TRIGGER_RECORD] = { JR_LOG_TRIGGER },
};

static gboolean add_workflow(JrJourneyFiles *files, JrWorkflow *workflow,
			     GError **error)
{
	const JrWorkflow *other =
		g_hash_table_lookup(files->named, workflow->name);

	if (other) {
		g_set_error(error, JR_ERROR, JR_ERROR_CONFIG,
			    "%s: name '%s' is that of %s: write another",
			    workflow->file, workflow->name, other->file);
		return FALSE;
	}
	g_hash_table_insert(files->named, (gpointer)workflow->name, workflow);
	g_ptr_array_add(files->of_kind[workflow->trigger.kind], workflow);
	for (const JrLogKind *k = starts[workflow->trigger.kind]; *k; k++)
		add_starter(files, *k, workflow);
	return TRUE;
}

/* Read the file @name of the folder. */
static gboolean load_file(JrJourneyFiles *files, const char *name,
			  GError **error)
{
	g_autofree char *path = g_build_filename(files->folder, name, NULL);
	g_autofree char *text = NULL;
	g_autoptr(JrWorkflow) workflow = NULL;
	gsize len = 0;

	text = jr_file_read(path, JR_YAML_MAX_BYTES, &len, error);
	if (!text)
		return FALSE;
	workflow = jr_journey_files_parse(files, path, text, len, error);
	if (!workflow || !add_workflow(files, workflow, error))
		return FALSE;
	g_ptr_array_add(files->all, g_steal_pointer(&workflow));
	g_ptr_array_add(files->texts, g_steal_pointer(&text));
	return TRUE;
}

static int by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names of the folder's *.yaml, in order; owned. */
static GPtrArray *list_folder(const char *folder, GError **error)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) why = NULL;
	g_autoptr(GDir) dir = g_dir_open(folder, 0, &why);
	const char *name;

	if (!dir) {
		g_set_error(error, JR_ERROR, JR_ERROR_CONFIG,
			    "cannot read the workflows: %s: make the folder, "
			    "or name another with 'workflows' in jr.yaml",
			    why->message);
		return NULL;
	}
	while ((name = g_dir_read_name(dir)))
		if (name[0] != '.' && g_str_has_suffix(name, ".yaml"))
			g_ptr_array_add(names, g_strdup(name));
	if (names->len > FILES_MAX) {
		g_set_error(error, JR_ERROR, JR_ERROR_CONFIG,
			    "'%s' holds more than %d workflows", folder,
			    FILES_MAX);
		return NULL;
	}
	g_ptr_array_sort(names, by_name);
	return g_steal_pointer(&names);
}

JrJourneyFiles *jr_journey_files_check(const JrFlow *flow,
				       JrJourneyWrongFn wrong, gpointer user,
				       GError **error)
{
	g_autoptr(JrJourneyFiles) files = jr_journey_files_none(flow);
	g_autoptr(GPtrArray) names = list_folder(files->folder, error);

	if (!names)
		return NULL;
	for (guint i = 0; i < names->len; i++) {
		g_autoptr(GError) why = NULL;

		if (load_file(files, names->pdata[i], &why))
			continue;
		if (!wrong) {
			g_propagate_error(error, g_steal_pointer(&why));
			return NULL;
		}
		wrong(user, why);
	}
	return g_steal_pointer(&files);
}

JrJourneyFiles *jr_journey_files_load(const JrFlow *flow, GError **error)
{
	return jr_journey_files_check(flow, NULL, NULL, error);
}

const GPtrArray *jr_journey_files_all(const JrJourneyFiles *files)
{
	return files->all;
}

const JrWorkflow *jr_journey_files_find(const JrJourneyFiles *files,
					const char *name)
{
	return g_hash_table_lookup(files->named, name);
}

const JrWorkflow *jr_journey_files_want(const JrJourneyFiles *files,
					const char *name, GError **error)
{
	const JrWorkflow *found = jr_journey_files_find(files, name);
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autofree char *instead = NULL;

	if (found)
		return found;
	for (guint i = 0; i < files->all->len; i++) {
		const JrWorkflow *workflow = files->all->pdata[i];

		g_ptr_array_add(names, (gpointer)workflow->name);
	}
	g_ptr_array_add(names, NULL);
	instead = jr_suggest_write(name, (const char *const *)names->pdata);
	g_set_error(error, JR_ERROR, JR_ERROR_CONFIG,
		    "there is no workflow '%s': %s", name, instead);
	return NULL;
}

const GPtrArray *jr_journey_files_of_kind(const JrJourneyFiles *files,
					  JrTriggerKind kind)
{
	return files->of_kind[kind];
}

const GPtrArray *jr_journey_files_started_by(const JrJourneyFiles *files,
					     JrLogKind kind, const char *name)
{
	g_autofree char *key = g_strdup_printf("%d:%s", kind, name ? name : "");

	return g_hash_table_lookup(files->starters, key);
}
