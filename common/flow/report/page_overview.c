/* page_overview.c - the tiles: what the last days come to. */
#include "flow/report/page.h"

static guint column_of(const JrTable *table, const char *key)
{
	for (guint c = 0; c < table->n_columns; c++)
		if (g_str_equal(table->columns[c].key, key))
			return c;
	g_assert_not_reached();
}

/* Each tile is the last row, the sum, of a panel's column; its line is another
 * panel's, by day. */
typedef enum { FROM_SMS, FROM_PUSH, FROM_JOURNEYS, FROM_COST, SOURCES } Source;

static const struct {
	const char *label;
	Source source;
	const char *key;
	const char *more; /* what it is to be measured by */
} tiles[] = {
	{ "SMS sent", FROM_SMS, "sent", NULL },
	{ "SMS delivered", FROM_SMS, "delivered", "target 95 % or more" },
	{ "SMS clicked", FROM_SMS, "clicked", "target 4 % or more" },
	{ "Opt-outs per SMS", FROM_SMS, "opt_outs", "limit 2 %" },
	{ "Push sent", FROM_PUSH, "sent", NULL },
	{ "Push tapped", FROM_PUSH, "tapped", "target 8 % or more" },
	{ "Goals reached", FROM_JOURNEYS, "goal", "of journeys with a goal" },
	{ "Cost", FROM_COST, "cost", NULL },
};

typedef struct {
	JrTable *(*make)(JrFlow *flow, const JrReportAsk *ask, GError **error);
	guint by;
} Maker;

static const Maker makers[SOURCES] = {
	[FROM_SMS] = { jr_report_sms, JR_BY_WORKFLOW },
	[FROM_PUSH] = { jr_report_push, JR_BY_WORKFLOW },
	[FROM_JOURNEYS] = { jr_report_journeys, JR_BY_WORKFLOW },
	[FROM_COST] = { jr_report_cost, JR_BY_WORKFLOW },
};

static void put_rate(const JrTable *table, guint row, guint column,
		     const char *more, GString *out)
{
	const JrCell *cell = jr_table_cell(table, row, column);
	double low, high;

	if (jr_table_bounds(cell, &low, &high))
		g_string_append_printf(out,
				       "<div class=\"more\">%.1f to "
				       "%.1f&#160;%%; %s</div>",
				       low * 100, high * 100, more);
}

static void put_tile(guint i, const JrTable *sum, const JrTable *days,
		     GString *out)
{
	guint rows = jr_table_rows(sum), column;

	g_string_append_printf(out,
			       "<div class=\"card tile\"><div class=\"label\">"
			       "%s</div><div class=\"value\">",
			       tiles[i].label);
	if (rows == 0) {
		g_string_append(out, "-</div></div>\n");
		return;
	}
	column = column_of(sum, tiles[i].key);
	jr_page_value(sum, rows - 1, column, out);
	g_string_append(out, "</div>");
	if (sum->columns[column].kind == JR_CELL_RATE)
		put_rate(sum, rows - 1, column, tiles[i].more, out);
	jr_page_spark(days, column_of(days, tiles[i].key), out);
	g_string_append(out, "</div>\n");
}

gboolean jr_page_overview(JrFlow *flow, const JrReportAsk *ask, GString *out,
			  GError **error)
{
	JrTable *sums[SOURCES] = { NULL }, *days[SOURCES] = { NULL };
	JrReportAsk by_sum = *ask, by_day = *ask;
	gboolean ok = TRUE;

	by_day.by = JR_BY_DAY;
	for (guint i = 0; ok && i < SOURCES; i++) {
		by_sum.by = makers[i].by;
		sums[i] = makers[i].make(flow, &by_sum, error);
		days[i] = sums[i] ? makers[i].make(flow, &by_day, error) : NULL;
		ok = days[i] != NULL;
	}
	g_string_append(out, "<div class=\"tiles\">\n");
	for (guint i = 0; ok && i < G_N_ELEMENTS(tiles); i++)
		put_tile(i, sums[tiles[i].source], days[tiles[i].source], out);
	g_string_append(out, "</div>\n");
	for (guint i = 0; i < SOURCES; i++) {
		jr_table_free(sums[i]);
		jr_table_free(days[i]);
	}
	return ok;
}
