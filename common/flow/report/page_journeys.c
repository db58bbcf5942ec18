/* page_journeys.c - how each workflow does: its diagram and its funnel. */
#include "flow/journey/files.h"
#include "flow/report/page_diagram.h"
#include "store/paths.h"

#include <string.h>

/* ---- counts ---- */

static void free_step(gpointer data)
{
	JrPageStep *step = data;

	g_hash_table_unref(step->ways);
	g_free(step);
}

static void free_facts(gpointer data)
{
	JrPageFacts *facts = data;

	g_hash_table_unref(facts->steps);
	g_free(facts);
}

static JrPageFacts *facts_of(GHashTable *all, const char *workflow)
{
	JrPageFacts *facts = g_hash_table_lookup(all, workflow);

	if (facts)
		return facts;
	facts = g_new0(JrPageFacts, 1);
	facts->steps = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					     free_step);
	g_hash_table_insert(all, g_strdup(workflow), facts);
	return facts;
}

static JrPageStep *step_of(JrPageFacts *facts, const char *id)
{
	JrPageStep *step = g_hash_table_lookup(facts->steps, id);

	if (!step) {
		step = g_new0(JrPageStep, 1);
		step->ways = g_hash_table_new_full(g_str_hash, g_str_equal,
						   g_free, g_free);
		g_hash_table_insert(facts->steps, g_strdup(id), step);
	}
	return step;
}

static void add_way(JrPageStep *step, const JrCounter *c)
{
	gint64 *went = g_hash_table_lookup(step->ways, c->variant);

	if (g_str_equal(c->variant, JR_PATH_OVER)) {
		step->over += c->n;
		return;
	}
	if (!went) {
		went = g_new0(gint64, 1);
		g_hash_table_insert(step->ways, g_strdup(c->variant), went);
	}
	*went += c->n;
}

static gboolean add_counter(const JrCounter *c, gpointer user)
{
	JrPageFacts *facts = facts_of(user, c->workflow);

	switch (c->counted) {
	case JR_COUNT_ENTERED:
		facts->entered += c->n;
		facts->aimed += c->aimed;
		return TRUE;
	case JR_COUNT_GOAL:
		facts->goal += c->n;
		return TRUE;
	case JR_COUNT_DONE:
		facts->done += c->n;
		return TRUE;
	case JR_COUNT_EXITED:
		facts->exited += c->n;
		return TRUE;
	case JR_COUNT_CAME:
		step_of(facts, c->step)->came += c->n;
		return TRUE;
	case JR_COUNT_WENT:
		add_way(step_of(facts, c->step), c);
		return TRUE;
	case JR_COUNT_ACTIVE:
	case JR_COUNT_ACTIVE_AIMS:
	case JR_COUNT_ACTIVE_GOAL:
		facts->active += c->n;
		step_of(facts, c->step)->active += c->n;
		return TRUE;
	default:
		step_of(facts, c->step)->n[c->counted] += c->n;
		return TRUE;
	}
}

static gboolean add_verdict(const JrVerdictCount *v, gpointer user)
{
	JrPageStep *step = step_of(facts_of(user, v->workflow), v->step);

	if (g_str_equal(v->verdict, "later"))
		step->later += v->n;
	else
		step->no += v->n;
	return TRUE;
}

static gboolean load(JrFlow *flow, const JrReportAsk *ask, GHashTable *all,
		     GError **error)
{
	const JrReportQuery query = jr_report_query(
		ask, JR_BY_WORKFLOW | JR_BY_STEP | JR_BY_VARIANT);

	return jr_report_counters(flow->db, &query, add_counter, all, error) &&
	       jr_report_active(flow->db, &query, add_counter, all, error) &&
	       jr_report_verdicts(flow->db, &query, add_verdict, all, error);
}

/* ---- a funnel ---- */

static void put_stage(GString *out, const char *name, gint64 n, gint64 of)
{
	double share = of > 0 ? (double)n / (double)of : 0;

	g_string_append(out, "<tr><td class=\"text\">");
	jr_html_escape(name, out);
	g_string_append(out, "</td><td class=\"wide\">");
	jr_page_bar(share, out);
	g_string_append_printf(out,
			       "</td><td class=\"num\">%" G_GINT64_FORMAT
			       "</td><td class=\"num\">",
			       n);
	if (of > 0)
		g_string_append_printf(out, "%.1f&#160;%%", share * 100);
	g_string_append(out, "</td></tr>\n");
}

static void put_funnel(const JrWorkflow *workflow, const JrPageFacts *facts,
		       GString *out)
{
	g_string_append(out, "<h4>Of those who entered</h4>"
			     "<table class=\"funnel\"><tbody>\n");
	put_stage(out, "entered", facts->entered, facts->entered);
	for (guint i = 0; i < workflow->n_steps; i++) {
		const JrStep *step = &workflow->steps[i];
		const JrPageStep *counted =
			g_hash_table_lookup(facts->steps, step->id);
		g_autofree char *name = NULL;

		if (step->kind != JR_STEP_MESSAGE)
			continue;
		name = g_strdup_printf("sent %s, %s", step->id,
				       jr_channel_name(step->message->channel));
		put_stage(out, name, counted ? counted->n[JR_METRIC_SENT] : 0,
			  facts->entered);
	}
	if (workflow->goal.name)
		put_stage(out, "reached the goal", facts->goal, facts->aimed);
	g_string_append(out, "</tbody></table>\n");
}

static void put_workflow(const JrWorkflow *workflow, GHashTable *all,
			 GString *out)
{
	const JrPageFacts *facts = facts_of(all, workflow->name);

	g_string_append(out, "<article class=\"card journey\"><h3>");
	jr_html_escape(workflow->name, out);
	g_string_append(out, workflow->enabled ? "</h3>\n"
					       : " (not enabled)</h3>\n");
	if (workflow->description) {
		g_string_append(out, "<p>");
		jr_html_escape(workflow->description, out);
		g_string_append(out, "</p>\n");
	}
	g_string_append_printf(out,
			       "<div class=\"two%s\"><details open>"
			       "<summary>Its steps</summary>\n",
			       jr_page_branches(workflow) ? "" : " beside");
	jr_page_diagram(workflow, facts, out);
	g_string_append(out, "</details><div>\n");
	put_funnel(workflow, facts, out);
	g_string_append(out, "</div></div></article>\n");
}

gboolean jr_page_journeys(JrFlow *flow, const JrReportAsk *ask, GString *out,
			  GError **error)
{
	g_autoptr(GError) wrong = NULL;
	g_autoptr(JrJourneyFiles) files = jr_journey_files_load(flow, &wrong);
	g_autoptr(GHashTable) all = g_hash_table_new_full(
		g_str_hash, g_str_equal, g_free, free_facts);
	const GPtrArray *workflows;

	if (!load(flow, ask, all, error))
		return FALSE;
	/* A wrong file is no reason to show nothing of what was sent. */
	if (!files) {
		g_string_append(out, "<p class=\"note\">No diagrams: ");
		jr_html_escape(wrong->message, out);
		g_string_append(out, "</p>\n");
		return TRUE;
	}
	workflows = jr_journey_files_all(files);
	for (guint i = 0; i < workflows->len; i++) {
		const JrWorkflow *workflow = workflows->pdata[i];

		if (!ask->workflow ||
		    strcmp(ask->workflow, workflow->name) == 0)
			put_workflow(workflow, all, out);
	}
	return TRUE;
}
