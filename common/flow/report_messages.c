/* report_messages.c - what became of messages, from the counters by day. */
#include "flow/report.h"
#include "store/report.h"

#define DAY_S 86400

/* What has been counted of one step of one workflow. */
typedef struct {
	char *workflow, *step;
	gint64 n[JR_METRIC_LAST + 1];
	gint64 segments, cost_micros;
} Tally;

/* Make the row of @tally in @table. */
typedef void (*RowFn)(JrTable *table, const Tally *tally);

typedef struct {
	JrTable *table;
	RowFn row;
	Tally now, total;
	guint rows;
} Sum;

static const JrColumn sms_columns[] = {
	{ "workflow", "workflow", JR_CELL_TEXT, { 0, 0 } },
	{ "step", "step", JR_CELL_TEXT, { 0, 0 } },
	{ "sent", "sent", JR_CELL_COUNT, { 0, 0 } },
	{ "delivered", "delivered", JR_CELL_RATE, { 0.95, 0 } },
	{ "clicked", "clicked", JR_CELL_RATE, { 0.04, 0 } },
	{ "opt_outs", "opt-outs", JR_CELL_RATE, { 0, 0.02 } },
	{ "replied", "replied", JR_CELL_COUNT, { 0, 0 } },
	{ "failed", "failed", JR_CELL_COUNT, { 0, 0 } },
	{ "segments", "segments", JR_CELL_COUNT, { 0, 0 } },
	{ "cost", "cost", JR_CELL_MONEY, { 0, 0 } },
};

static void sms_row(JrTable *table, const Tally *t)
{
	gint64 sent = t->n[JR_METRIC_SENT];

	jr_table_text(table, t->workflow);
	jr_table_text(table, t->step);
	jr_table_num(table, sent);
	jr_table_rate(table, t->n[JR_METRIC_DELIVERED], sent);
	jr_table_rate(table, t->n[JR_METRIC_CLICKED], sent);
	jr_table_rate(table, t->n[JR_METRIC_UNSUBSCRIBED], sent);
	jr_table_num(table, t->n[JR_METRIC_REPLIED]);
	jr_table_num(table, t->n[JR_METRIC_FAILED] + t->n[JR_METRIC_BOUNCED] +
				    t->n[JR_METRIC_UNDELIVERABLE]);
	jr_table_num(table, t->segments);
	jr_table_num(table, t->cost_micros);
}

static const JrColumn push_columns[] = {
	{ "workflow", "workflow", JR_CELL_TEXT, { 0, 0 } },
	{ "step", "step", JR_CELL_TEXT, { 0, 0 } },
	{ "sent", "sent", JR_CELL_COUNT, { 0, 0 } },
	{ "delivered", "delivered", JR_CELL_RATE, { 0, 0 } },
	{ "tapped", "tapped", JR_CELL_RATE, { 0.08, 0 } },
	{ "failed", "failed", JR_CELL_COUNT, { 0, 0 } },
};

static void push_row(JrTable *table, const Tally *t)
{
	gint64 sent = t->n[JR_METRIC_SENT];
	/* Apps report a tap as "opened", or as a click on the deep link. */
	gint64 tapped = MAX(t->n[JR_METRIC_OPENED], t->n[JR_METRIC_CLICKED]);

	jr_table_text(table, t->workflow);
	jr_table_text(table, t->step);
	jr_table_num(table, sent);
	jr_table_rate(table, t->n[JR_METRIC_DELIVERED], sent);
	jr_table_rate(table, tapped, sent);
	jr_table_num(table, t->n[JR_METRIC_FAILED] + t->n[JR_METRIC_BOUNCED] +
				    t->n[JR_METRIC_DROPPED]);
}

static void clear_tally(Tally *tally)
{
	g_free(tally->workflow);
	g_free(tally->step);
	*tally = (Tally){ 0 };
}

/* The step at hand is counted: make its row, and begin another. */
static void end_row(Sum *sum)
{
	if (!sum->now.workflow)
		return;
	sum->row(sum->table, &sum->now);
	for (int i = 0; i <= JR_METRIC_LAST; i++)
		sum->total.n[i] += sum->now.n[i];
	sum->total.segments += sum->now.segments;
	sum->total.cost_micros += sum->now.cost_micros;
	sum->rows++;
	clear_tally(&sum->now);
}

static gboolean add(const JrCounter *counter, gpointer user)
{
	Sum *sum = user;

	if (g_strcmp0(sum->now.workflow, counter->workflow) != 0 ||
	    g_strcmp0(sum->now.step, counter->step) != 0) {
		end_row(sum);
		sum->now.workflow = g_strdup(counter->workflow);
		sum->now.step = g_strdup(counter->step);
	}
	if (counter->counted <= JR_METRIC_LAST)
		sum->now.n[counter->counted] += counter->n;
	sum->now.segments += counter->segments;
	sum->now.cost_micros += counter->cost_micros;
	return TRUE;
}

static JrTable *make(JrFlow *flow, const JrReportAsk *ask, JrChannel channel,
		     Sum *sum, GError **error)
{
	const JrReportQuery query = { .from_day = ask->since_s / DAY_S,
				      .until_day = ask->until_s / DAY_S,
				      .workflow = ask->workflow,
				      .channel = channel,
				      .by = JR_BY_WORKFLOW | JR_BY_STEP };
	gboolean ok = jr_report_counters(flow->db, &query, add, sum, error);

	end_row(sum);
	if (ok && sum->rows > 1) {
		sum->total.workflow = g_strdup("all");
		sum->row(sum->table, &sum->total);
	}
	clear_tally(&sum->total);
	if (ok)
		return sum->table;
	jr_table_free(sum->table);
	return NULL;
}

JrTable *jr_report_sms(JrFlow *flow, const JrReportAsk *ask, GError **error)
{
	JrTable *table = jr_table_new("sms", "SMS by workflow and step",
				      sms_columns, G_N_ELEMENTS(sms_columns));
	Sum sum = { .table = table, .row = sms_row };

	table->currency = flow->policy->currency;
	table->empty = "no SMS was sent yet";
	table->note = "targets: delivered 95 % or more, clicked 4 % or more, "
		      "opt-outs below 2 % of sends";
	return make(flow, ask, JR_CHANNEL_SMS, &sum, error);
}

JrTable *jr_report_push(JrFlow *flow, const JrReportAsk *ask, GError **error)
{
	JrTable *table = jr_table_new("push", "Push by workflow and step",
				      push_columns, G_N_ELEMENTS(push_columns));
	Sum sum = { .table = table, .row = push_row };

	table->empty = "no push was sent yet";
	table->note = "target: tapped 8 % or more";
	return make(flow, ask, JR_CHANNEL_PUSH, &sum, error);
}
