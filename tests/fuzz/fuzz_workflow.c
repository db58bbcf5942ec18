/*
 * Any text is a workflow, or jr.yaml, or is refused with its place; what is
 * read is looked at from all sides.
 */
#include "base/error.h"
#include "io/yaml.h"
#include "rules/graph.h"
#include "rules/lint.h"
#include "rules/policy.h"

#define MEMORY ((gsize)16 * 1024 * 1024)

/* A refusal names the file; what the configuration says is no bug of ours. */
static void refused(const GError *error)
{
	g_assert(g_error_matches(error, JR_ERROR, JR_ERROR_CONFIG));
	g_assert(g_str_has_prefix(error->message, "x.yaml:"));
}

static void ignore(gpointer user, const JrLint *lint)
{
	g_assert(!user && lint->code && *lint->message);
}

static void look_at(const JrWorkflow *w, const JrPolicy *policy)
{
	const JrLintAsk ask = { .policy = policy };
	g_autoptr(GString) dot = g_string_new(NULL);

	for (guint i = 0; i < w->n_steps; i++) {
		const JrStep *s = &w->steps[i];

		g_assert(jr_workflow_find(w, s->id) == (int)i);
		g_assert(s->next < (int)w->n_steps &&
			 s->otherwise < (int)w->n_steps);
		if (s->kind == JR_STEP_SPLIT)
			g_assert(jr_workflow_pick(w, s, "u_1"));
		if (s->message)
			g_assert(jr_message_variant(s->message, "pt-BR"));
	}
	jr_workflow_lint(w, &ask, ignore, NULL);
	jr_workflow_graph(w, NULL, NULL, dot);
}

static void read_workflow(const char *text, gsize len, const JrPolicy *policy)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(JrWorkflow) workflow = NULL;
	JrArena *arena = jr_arena_new(MEMORY);
	const JrWorkflowSource source = {
		.file = "x.yaml",
		.text = text,
		.len = len,
		.doc = jr_yaml_parse(arena, text, len, "x.yaml", &error),
		.arena = arena
	};

	if (!source.doc) {
		refused(error);
		jr_arena_free(arena);
		return;
	}
	workflow = jr_workflow_new(&source, &error);
	if (workflow)
		look_at(workflow, policy);
	else
		refused(error);
}

int LLVMFuzzerTestOneInput(const guint8 *bytes, size_t size);

int LLVMFuzzerTestOneInput(const guint8 *bytes, size_t size)
{
	g_autofree char *text = g_strndup((const char *)bytes, size);
	g_autoptr(JrArena) arena = jr_arena_new(MEMORY);
	g_autoptr(JrPolicy) defaults = jr_policy_new(NULL, NULL, NULL);
	g_autoptr(JrPolicy) policy = NULL;
	g_autoptr(GError) error = NULL;
	const JrVal *doc = jr_yaml_parse(arena, text, size, "x.yaml", NULL);

	if (doc) {
		policy = jr_policy_new(doc, "x.yaml", &error);
		if (!policy)
			refused(error);
	}
	read_workflow(text, size, policy ? policy : defaults);
	return 0;
}
