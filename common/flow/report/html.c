/* html.c - the page: its sections in their order. */
#include "flow/report/page.h"
#include "base/instant.h"

#define DAY_S 86400
#define RECENT_DAYS 30
#define WEEKS_DAYS 182
#define NOTHING_THEN "nothing in this time"

/* A chart above a section's table: a column by its key. */
typedef struct {
	const char *key, *title;
} Chart;

/* A panel through time, whose columns are drawn. */
static const struct {
	const char *title; /* of its table */
	JrTable *(*make)(JrFlow *flow, const JrReportAsk *ask, GError **error);
	guint by;
	Chart charts[5];
} trends[] = {
	{ "SMS, by week",
	  jr_report_trend,
	  JR_BY_WEEK,
	  { { "opt_outs", "Opt-outs per SMS, by week" },
	    { "delivered", "SMS delivered, by week" },
	    { "clicked", "SMS clicked, by week" },
	    { "sent", "SMS sent, by week" },
	    { NULL, NULL } } },
	{ "Push, by week",
	  jr_report_push,
	  JR_BY_WEEK,
	  { { "tapped", "Push tapped, by week" },
	    { "sent", "Push sent, by week" },
	    { NULL, NULL } } },
	{ "Journeys, by week of entering",
	  jr_report_journeys,
	  JR_BY_WEEK,
	  { { "entered", "Journeys begun, by week" },
	    { "goal", "Goals reached, by week of entering" },
	    { NULL, NULL } } },
	{ "Cost, by week",
	  jr_report_cost,
	  JR_BY_WEEK,
	  { { "cost", "Cost, by week" }, { NULL, NULL } } },
};

/* To add a section: a row.  Its table is a panel's. */
typedef struct {
	const char *id, *title;
	JrTable *(*make)(JrFlow *flow, const JrReportAsk *ask, GError **error);
	guint by;   /* as the panel is asked; 0: its own way */
	guint days; /* of the last so many, unless asked; 0: all */
	/* Instead of a table, or before it. */
	gboolean (*put)(JrFlow *flow, const JrReportAsk *ask, GString *out,
			GError **error);
	gboolean personal;
} Section;

static gboolean put_trends(JrFlow *flow, const JrReportAsk *ask, GString *out,
			   GError **error);

static const Section sections[] = {
	{ .id = "overview",
	  .title = "Overview",
	  .days = RECENT_DAYS,
	  .put = jr_page_overview },
	{ .id = "trends",
	  .title = "Trends",
	  .days = WEEKS_DAYS,
	  .put = put_trends },
	{ .id = "journeys",
	  .title = "Journeys",
	  .make = jr_report_journeys,
	  .days = RECENT_DAYS,
	  .put = jr_page_journeys },
	{ .id = "variants",
	  .title = "Variants",
	  .make = jr_report_journeys,
	  .by = JR_BY_WORKFLOW | JR_BY_VARIANT,
	  .days = RECENT_DAYS },
	{ .id = "sms",
	  .title = "SMS",
	  .make = jr_report_sms,
	  .days = RECENT_DAYS },
	{ .id = "push",
	  .title = "Push",
	  .make = jr_report_push,
	  .days = RECENT_DAYS },
	{ .id = "countries",
	  .title = "SMS by country",
	  .make = jr_report_sms,
	  .by = JR_BY_COUNTRY,
	  .days = RECENT_DAYS },
	{ .id = "providers",
	  .title = "Deliverability by provider",
	  .make = jr_report_messages,
	  .by = JR_BY_CHANNEL | JR_BY_PROVIDER,
	  .days = RECENT_DAYS },
	{ .id = "devices", .title = "Devices", .make = jr_report_devices },
	{ .id = "cost",
	  .title = "Cost",
	  .make = jr_report_cost,
	  .by = JR_BY_CHANNEL | JR_BY_WORKFLOW,
	  .days = RECENT_DAYS },
	{ .id = "held",
	  .title = "Caps, quiet hours and other gates",
	  .make = jr_report_held,
	  .days = RECENT_DAYS },
	{ .id = "overlap",
	  .title = "Overlap",
	  .make = jr_report_overlap,
	  .days = RECENT_DAYS },
	{ .id = "latency",
	  .title = "From trigger to hand-over",
	  .make = jr_report_latency_table,
	  .days = RECENT_DAYS },
	{ .id = "waiting", .title = "What waits", .make = jr_report_waiting },
	{ .id = "health",
	  .title = "Health of the cron runs",
	  .make = jr_report_health },
	{ .id = "reviews",
	  .title = "Replies to review",
	  .make = jr_report_reviews,
	  .personal = TRUE },
	{ .id = "prune",
	  .title = "Agreed long ago, and never clicked",
	  .make = jr_report_prune,
	  .personal = TRUE },
};

static gboolean is_shown(const Section *section, const JrReportAsk *ask)
{
	return !section->personal || ask->personal;
}

static JrReportAsk ask_of(JrFlow *flow, const Section *section,
			  const JrReportAsk *ask)
{
	gint64 last_s = jr_flow_now(flow);
	JrReportAsk own = *ask;

	if (ask->until_s)
		last_s = MIN(last_s, ask->until_s);
	own.by = section->by;
	if (!ask->since_s && section->days)
		own.since_s = last_s - ((gint64)section->days - 1) * DAY_S;
	return own;
}

static void put_charts(const JrTable *table, const Chart *charts, GString *out)
{
	for (; charts->key; charts++)
		for (guint c = 0; c < table->n_columns; c++)
			if (g_str_equal(table->columns[c].key, charts->key))
				jr_page_chart(table, c, charts->title, out);
}

/* What charts show stands in tables, too, for who cannot see them. */
static gboolean put_trends(JrFlow *flow, const JrReportAsk *ask, GString *out,
			   GError **error)
{
	g_autoptr(GString) tables = g_string_new(NULL);
	JrReportAsk own = *ask;

	g_string_append(out, "<div class=\"charts\">\n");
	for (guint i = 0; i < G_N_ELEMENTS(trends); i++) {
		own.by = trends[i].by;
		g_autoptr(JrTable) table = trends[i].make(flow, &own, error);

		if (!table)
			return FALSE;
		table->empty = NOTHING_THEN;
		put_charts(table, trends[i].charts, out);
		g_string_append_printf(tables,
				       "<details><summary>%s, in "
				       "figures</summary>\n",
				       trends[i].title);
		jr_page_table(table, tables);
		g_string_append(tables, "</details>\n");
	}
	g_string_append(out, "</div>\n");
	g_string_append(out, tables->str);
	return TRUE;
}

static gboolean put_section(JrFlow *flow, const Section *section,
			    const JrReportAsk *ask, GString *out,
			    GError **error)
{
	const JrReportAsk own = ask_of(flow, section, ask);

	jr_page_begin(out, section->id, section->title);
	if (section->put && !section->put(flow, &own, out, error))
		return FALSE;
	if (section->make) {
		g_autoptr(JrTable) table = section->make(flow, &own, error);

		if (!table)
			return FALSE;
		if (section->days) /* there may well be something else */
			table->empty = NOTHING_THEN;
		jr_page_table(table, out);
	}
	jr_page_end(out);
	return TRUE;
}

/* ---- what stands on top ---- */

/* Of which days it is. */
static void put_span(const JrReportAsk *ask, GString *out)
{
	char since[JR_INSTANT_SIZE], until[JR_INSTANT_SIZE];

	if (ask->until_s)
		g_string_append_printf(out, "until %.10s, ",
				       jr_instant_format(ask->until_s, until));
	if (ask->since_s)
		g_string_append_printf(out, "since %.10s",
				       jr_instant_format(ask->since_s, since));
	else
		g_string_append_printf(
			out, "the last %d days%s where nothing else is said",
			RECENT_DAYS, ask->until_s ? " of these" : "");
}

static void put_title(JrFlow *flow, const JrReportAsk *ask, GString *out)
{
	const char *brand = flow->policy->brand ? flow->policy->brand : "jr";
	char now[JR_INSTANT_SIZE];

	g_string_append(out, jr_page_head);
	jr_html_escape(brand, out);
	g_string_append(out, ": messages");
	g_string_append(out, jr_page_style);
	g_string_append(out, jr_page_style_rest);
	g_string_append(out, "<a class=\"skip\" href=\"#main\">To the figures"
			     "</a>\n<header><h1>");
	jr_html_escape(brand, out);
	g_string_append_printf(out, ": messages</h1><p>As of %s, ",
			       jr_instant_format(jr_flow_now(flow), now));
	put_span(ask, out);
	if (ask->workflow) {
		g_string_append(out, ", of the workflow ");
		jr_html_escape(ask->workflow, out);
	}
	g_string_append(out, "</p></header>\n");
}

static void put_nav(const JrReportAsk *ask, GString *out)
{
	g_string_append(out, "<nav aria-label=\"Sections\"><ul>\n"
			     "<li><a href=\"#alarms\">Alarms</a></li>\n");
	for (guint i = 0; i < G_N_ELEMENTS(sections); i++)
		if (is_shown(&sections[i], ask)) {
			g_string_append_printf(out, "<li><a href=\"#%s\">",
					       sections[i].id);
			jr_html_escape(sections[i].title, out);
			g_string_append(out, "</a></li>\n");
		}
	g_string_append(out, "</ul></nav>\n<main id=\"main\">\n");
}

static void put_alarm(const JrTable *table, guint row, GString *out)
{
	g_string_append(out, "<li><strong>");
	jr_html_escape(jr_table_cell(table, row, 0)->text, out);
	g_string_append(out, ", ");
	jr_html_escape(jr_table_cell(table, row, 1)->text, out);
	g_string_append(out, ":</strong> ");
	jr_html_escape(jr_table_cell(table, row, table->n_columns - 1)->text,
		       out);
	g_string_append(out, "</li>\n");
}

static gboolean put_alarms(JrFlow *flow, const JrReportAsk *ask, GString *out,
			   GError **error)
{
	g_autoptr(JrTable) table = jr_report_alarms(flow, ask, error);
	guint rows = table ? jr_table_rows(table) : 0;

	if (!table)
		return FALSE;
	jr_page_begin(out, "alarms", "Alarms");
	if (rows == 0) {
		g_string_append(out, "<div class=\"card calm\">No alarm is on."
				     "</div>\n");
	} else {
		g_string_append(out, "<div class=\"card alarms\"><ul>\n");
		for (guint row = 0; row < rows; row++)
			put_alarm(table, row, out);
		g_string_append(out, "</ul></div>\n");
	}
	jr_page_end(out);
	return TRUE;
}

gboolean jr_report_page(JrFlow *flow, const JrReportAsk *ask, GString *out,
			GError **error)
{
	put_title(flow, ask, out);
	put_nav(ask, out);
	if (!put_alarms(flow, ask, out, error))
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(sections); i++)
		if (is_shown(&sections[i], ask) &&
		    !put_section(flow, &sections[i], ask, out, error))
			return FALSE;
	g_string_append(out, "</main>\n<footer>Each figure is defined in "
			     "jr-report(1). Ranges are Wilson's intervals of "
			     "95&#160;%; of fewer than 100 nothing is said "
			     "about targets.</footer>\n</body>\n</html>\n");
	return TRUE;
}
