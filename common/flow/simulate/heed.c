#include "flow/simulate/heed.h"

#include <string.h>

struct _JrHeed {
	GHashTable *names;   /* owned texts */
	GPtrArray *prefixes; /* likewise: how names begin */
	gboolean all;	     /* each event is a reason to look */
};

JrHeed *jr_heed_new(void)
{
	JrHeed *heed = g_new0(JrHeed, 1);

	heed->names =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	heed->prefixes = g_ptr_array_new_with_free_func(g_free);
	return heed;
}

void jr_heed_free(JrHeed *heed)
{
	if (!heed)
		return;
	g_hash_table_unref(heed->names);
	g_ptr_array_unref(heed->prefixes);
	g_free(heed);
}

static void hear(JrHeed *heed, const char *name)
{
	if (name)
		g_hash_table_add(heed->names, g_strdup(name));
}

static void hear_asked(gpointer user, const char *name)
{
	JrHeed *heed = user;
	gsize len = strlen(name);

	if (len > 0 && name[len - 1] == '*')
		g_ptr_array_add(heed->prefixes, g_strndup(name, len - 1));
	else
		hear(heed, name);
}

static const JrExprVisitor asked = { .event = hear_asked };

void jr_heed_expr(JrHeed *heed, const JrExpr *expr)
{
	jr_expr_visit(expr, &asked, heed);
}

static void hear_all(gpointer user)
{
	((JrHeed *)user)->all = TRUE;
}

/*
 * Whatever happens to someone in the journey is a reason to look whether the
 * filter that ends it still holds: when that changes by time alone, each event
 * may be the one that finds it out.
 */
static void hear_exits(JrHeed *heed, const JrWorkflow *workflow)
{
	static const JrExprVisitor timed = { .time = hear_all };

	for (char **event = workflow->exit.events; *event; event++)
		hear(heed, *event);
	if (workflow->exit.on_filter && workflow->filter)
		jr_expr_visit(workflow->filter, &timed, heed);
}

void jr_heed_workflow(JrHeed *heed, const JrWorkflow *workflow)
{
	if (workflow->trigger.kind == JR_TRIGGER_EVENT)
		hear(heed, workflow->trigger.name);
	if (workflow->goal.kind == JR_GOAL_EVENT)
		hear(heed, workflow->goal.name);
	hear_exits(heed, workflow);
	for (guint i = 0; i < workflow->n_steps; i++) {
		const JrStep *step = &workflow->steps[i];

		for (guint j = 0; j < step->n_arms; j++)
			hear(heed, step->arms[j].event);
	}
	jr_workflow_visit(workflow, &asked, heed);
}

gboolean jr_heed_hears(const JrHeed *heed, const char *name)
{
	if (heed->all || !name || g_hash_table_contains(heed->names, name))
		return TRUE;
	for (guint i = 0; i < heed->prefixes->len; i++)
		if (g_str_has_prefix(name, heed->prefixes->pdata[i]))
			return TRUE;
	return FALSE;
}
