/* report_journeys.c - how people fare on their journeys, and what held them. */
#include "flow/report.h"
#include "store/decisions.h"
#include "store/report.h"

#define DAY_S 86400

static const JrColumn columns[] = {
	{ "workflow", "workflow", JR_CELL_TEXT, { 0, 0 } },
	{ "entered", "entered", JR_CELL_COUNT, { 0, 0 } },
	{ "active", "active", JR_CELL_COUNT, { 0, 0 } },
	{ "messages", "messages", JR_CELL_COUNT, { 0, 0 } },
	{ "goal", "goal", JR_CELL_COUNT, { 0, 0 } },
	{ "goal_rate", "goal rate", JR_CELL_RATE, { 0, 0 } },
	{ "done", "to the end", JR_CELL_COUNT, { 0, 0 } },
	{ "exited", "left early", JR_CELL_COUNT, { 0, 0 } },
};

typedef struct {
	gint64 entered, active, messages, goal, done, exited;
} Tally;

/* Of @workflow in @tallies (GTree of name to Tally), made when it is new. */
static Tally *tally_of(GTree *tallies, const char *workflow)
{
	Tally *tally = g_tree_lookup(tallies, workflow);

	if (!tally) {
		tally = g_new0(Tally, 1);
		g_tree_insert(tallies, g_strdup(workflow), tally);
	}
	return tally;
}

static gboolean add_counter(const JrCounter *counter, gpointer user)
{
	Tally *tally = tally_of(user, counter->workflow);

	switch (counter->counted) {
	case JR_COUNT_ENTERED:
		tally->entered += counter->n;
		break;
	case JR_COUNT_DONE:
		tally->done += counter->n;
		break;
	case JR_COUNT_GOAL:
		tally->goal += counter->n;
		break;
	case JR_COUNT_EXITED:
		tally->exited += counter->n;
		break;
	case JR_METRIC_SENT:
		tally->messages += counter->n;
		break;
	}
	return TRUE;
}

static gboolean add_active(const char *workflow, const char *step, gint64 n,
			   gpointer user)
{
	(void)step;
	tally_of(user, workflow)->active += n;
	return TRUE;
}

static gboolean put_row(gpointer key, gpointer value, gpointer user)
{
	const Tally *tally = value;
	JrTable *table = user;

	jr_table_text(table, key);
	jr_table_num(table, tally->entered);
	jr_table_num(table, tally->active);
	jr_table_num(table, tally->messages);
	jr_table_num(table, tally->goal);
	jr_table_rate(table, tally->goal, tally->entered);
	jr_table_num(table, tally->done);
	jr_table_num(table, tally->exited);
	return FALSE; /* go on */
}

static int by_name(gconstpointer a, gconstpointer b, gpointer data)
{
	(void)data;
	return g_strcmp0(a, b);
}

JrTable *jr_report_journeys(JrFlow *flow, const JrReportAsk *ask,
			    GError **error)
{
	const JrReportQuery query = { .from_day = ask->since_s / DAY_S,
				      .until_day = ask->until_s / DAY_S,
				      .workflow = ask->workflow,
				      .by = JR_BY_WORKFLOW };
	g_autoptr(GTree) tallies =
		g_tree_new_full(by_name, NULL, g_free, g_free);

	if (!jr_report_counters(flow->db, &query, add_counter, tallies,
				error) ||
	    !jr_report_active(flow->db, add_active, tallies, error))
		return NULL;
	JrTable *table = jr_table_new("journeys", "Journeys", columns,
				      G_N_ELEMENTS(columns));
	table->empty = "nobody is on a journey yet";
	g_tree_foreach(tallies, put_row, table);
	return table;
}

static const JrColumn held_columns[] = {
	{ "workflow", "workflow", JR_CELL_TEXT, { 0, 0 } },
	{ "gate", "gate", JR_CELL_TEXT, { 0, 0 } },
	{ "put_off", "put off", JR_CELL_COUNT, { 0, 0 } },
	{ "not_sent", "not sent", JR_CELL_COUNT, { 0, 0 } },
	{ "example", "for example", JR_CELL_TEXT, { 0, 0 } },
};

/* What one gate said to one workflow. */
typedef struct {
	char *workflow, *gate, *example;
	gint64 put_off, not_sent;
} Held;

static void free_held(gpointer data)
{
	Held *held = data;

	g_free(held->workflow);
	g_free(held->gate);
	g_free(held->example);
	g_free(held);
}

static gboolean add_decision(const JrDecisionRow *row, gpointer user)
{
	GTree *all = user;
	g_autofree char *key =
		g_strdup_printf("%s\n%s", row->workflow, row->gate);
	Held *held = g_tree_lookup(all, key);

	if (!held) {
		held = g_new0(Held, 1);
		*held = (Held){ .workflow = g_strdup(row->workflow),
				.gate = g_strdup(row->gate),
				.example = g_strdup(row->reason) };
		g_tree_insert(all, g_steal_pointer(&key), held);
	}
	if (g_strcmp0(row->verdict, "later") == 0)
		held->put_off++;
	else
		held->not_sent++;
	return TRUE;
}

static gboolean put_held(gpointer key, gpointer value, gpointer user)
{
	const Held *held = value;
	JrTable *table = user;

	(void)key;
	jr_table_text(table, held->workflow);
	jr_table_text(table, held->gate);
	jr_table_num(table, held->put_off);
	jr_table_num(table, held->not_sent);
	jr_table_text(table, held->example);
	return FALSE; /* go on */
}

JrTable *jr_report_held(JrFlow *flow, const JrReportAsk *ask, GError **error)
{
	const JrDecisionQuery query = { .workflow = ask->workflow,
					.from_s = ask->since_s,
					.until_s = ask->until_s };
	g_autoptr(GTree) all =
		g_tree_new_full(by_name, NULL, g_free, free_held);

	if (!jr_decisions_each(flow->db, &query, add_decision, all, error))
		return NULL;
	JrTable *table = jr_table_new("held", "Not sent, or put off, and why",
				      held_columns, G_N_ELEMENTS(held_columns));
	table->empty = "no message was held back";
	g_tree_foreach(all, put_held, table);
	return table;
}
