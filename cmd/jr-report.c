/*
 * jr-report - show what came of the messages.
 *
 * One panel a call, from the table of panels in flow/report.c.  See
 * man/jr-report.1.
 */
#include "base/error.h"
#include "flow/report/report.h"
#include "flow/since.h"
#include "io/cli.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

typedef struct {
	JrCli cli;
	char *form, *since, *until, *workflow, *channel, *by, *output;
	int limit;
	JrReportAsk ask;
	const JrPanel *panel;
	const JrTableForm *as;
} Report;

/* As wide as the terminal, and with colours unless they are not wanted. */
static JrTableStyle style_of(const Report *report)
{
	struct winsize size;
	JrTableStyle style = { 0 };

	if (report->output || !isatty(STDOUT_FILENO))
		return style;
	gboolean dumb = g_strcmp0(g_getenv("TERM"), "dumb") == 0;
	style.colour = !g_getenv("NO_COLOR") && !dumb;
	style.plots = !dumb;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		style.width = size.ws_col;
	return style;
}

/* To stdout, or to the file: whole or not at all. */
static gboolean put(const Report *report, const GString *text, GError **error)
{
	g_autoptr(GError) why = NULL;

	if (!report->output) {
		fwrite(text->str, 1, text->len, stdout);
		return TRUE; /* whether it arrived, jr_cli_end() asks */
	}
	if (g_file_set_contents_full(report->output, text->str,
				     (gssize)text->len,
				     G_FILE_SET_CONTENTS_CONSISTENT |
					     G_FILE_SET_CONTENTS_DURABLE,
				     0600, &why))
		return TRUE;
	g_set_error(error, JR_ERROR, JR_ERROR_IO, "cannot write '%s': %s",
		    report->output, why->message);
	return FALSE;
}

/* Whether an alarm is on. */
static gboolean put_table(Report *report, const JrTable *table, GString *text)
{
	const JrTableStyle style = style_of(report);
	guint rows = jr_table_rows(table);

	if (rows > 0 || !table->silent)
		report->as->write(table, &style, text);
	return rows > 0 && table->alarm;
}

static gboolean show(JrFlow *flow, Report *report, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);
	const JrPanel *panel = report->panel;
	gboolean alarm = FALSE;

	if (panel->tell && (!panel->make || report->ask.nginx)) {
		if (!panel->tell(flow, &report->ask, text, error))
			return FALSE;
	} else {
		g_autoptr(JrTable) table =
			panel->make(flow, &report->ask, error);

		if (!table)
			return FALSE;
		alarm = put_table(report, table, text);
	}
	if (!put(report, text, error))
		return FALSE;
	if (alarm)
		report->cli.code = 1;
	return TRUE;
}

/* Whether there is such a panel; says which there are if not. */
static gboolean find_panel(Report *report)
{
	g_autoptr(GString) known = g_string_new("");
	const char *name =
		report->cli.operands ? report->cli.operands[0] : NULL;

	report->panel = jr_panel(name);
	if (report->panel)
		return TRUE;
	for (const JrPanel *panel = jr_panels; panel->name; panel++)
		g_string_append_printf(known, " %s", panel->name);
	g_autofree char *what =
		name ? g_strdup_printf("no panel '%s': write one of%s", name,
				       known->str)
		     : g_strdup_printf("a panel is required: one of%s",
				       known->str);
	return jr_cli_misused(&report->cli, what);
}

/* Whether the panel takes what was given. */
static gboolean check_taken(Report *report)
{
	const JrReportAsk *ask = &report->ask;
	const struct {
		gboolean given, taken;
		const char *option;
	} options[] = {
		{ report->since || report->until,
		  report->panel->takes & JR_TAKES_TIME, "--since and --until" },
		{ report->workflow != NULL,
		  report->panel->takes & JR_TAKES_WORKFLOW, "--workflow" },
		{ report->channel != NULL,
		  report->panel->takes & JR_TAKES_CHANNEL, "--channel" },
		{ report->by != NULL, report->panel->by, "--by" },
		{ report->limit != 0, report->panel->takes & JR_TAKES_LIMIT,
		  "--limit" },
		{ ask->verify, report->panel->takes & JR_TAKES_VERIFY,
		  "--verify" },
		{ ask->records, report->panel->takes & JR_TAKES_RECORDS,
		  "--records" },
		{ ask->personal, report->panel->takes & JR_TAKES_PERSONAL,
		  "--personal" },
		{ ask->nginx, report->panel->takes & JR_TAKES_NGINX,
		  "--nginx" },
		{ report->form != NULL,
		  report->panel->make != NULL && !ask->records && !ask->nginx,
		  "--format" },
		{ report->output != NULL,
		  !report->panel->streams && !ask->records, "--output" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(options); i++) {
		if (!options[i].given || options[i].taken)
			continue;
		g_autofree char *what =
			g_strdup_printf("%s does not take %s: leave it out",
					report->panel->name, options[i].option);
		return jr_cli_misused(&report->cli, what);
	}
	return TRUE;
}

static gboolean misused(Report *report, const GError *error)
{
	return jr_cli_misused(&report->cli, error->message);
}

static gboolean read_values(Report *report)
{
	g_autoptr(GError) error = NULL;
	JrReportAsk *ask = &report->ask;
	gint64 now_s = jr_clock_now_s(&report->cli.clock);

	if ((report->since &&
	     !jr_since_parse(report->since, now_s, &ask->since_s, &error)) ||
	    (report->until &&
	     !jr_since_parse(report->until, now_s, &ask->until_s, &error)) ||
	    (report->by &&
	     !jr_report_by(report->panel, report->by, &ask->by, &error)))
		return misused(report, error);
	if (jr_report_from_s(ask, 0) > jr_report_until_s(ask, G_MAXINT64))
		return jr_cli_misused(&report->cli,
				      "--since is a day after --until: no day "
				      "is left between them");
	ask->channel = jr_channel_of(report->channel);
	if (report->channel && !ask->channel)
		return jr_cli_misused(&report->cli,
				      "--channel is one of sms, push, email "
				      "and whatsapp");
	return TRUE;
}

static gboolean read_options(Report *report)
{
	JrReportAsk *ask = &report->ask;

	if (!find_panel(report))
		return FALSE;
	ask->operand = report->cli.operands[1];
	ask->workflow = report->workflow;
	if (ask->operand &&
	    (report->cli.operands[2] ||
	     !(report->panel->takes & (JR_TAKES_OPERAND | JR_NEEDS_OPERAND))))
		return jr_cli_misused(&report->cli, "one panel at a time");
	if (!ask->operand && !ask->verify &&
	    report->panel->takes & JR_NEEDS_OPERAND)
		return jr_cli_misused(&report->cli,
				      "whom it is about stands behind the "
				      "panel: an id, an email address or a "
				      "number");
	report->as = jr_table_form(report->form ? report->form : "table");
	if (!report->as)
		return jr_cli_misused(
			&report->cli,
			"--format is one of table, ndjson and csv");
	if (report->limit < 0)
		return jr_cli_misused(&report->cli,
				      "--limit is a number of rows");
	ask->limit = (guint)report->limit;
	return check_taken(report) && read_values(report);
}

static void run(Report *report, GError **error)
{
	JrFlow flow = { 0 };
	gboolean ok =
		jr_flow_open(&flow, &report->cli, report->panel->way, error) &&
		show(&flow, report, error);

	jr_flow_close(&flow, report->cli.code, ok ? error : NULL);
}

static void free_options(Report *report)
{
	char *const texts[] = { report->form,	 report->since,
				report->until,	 report->workflow,
				report->channel, report->by,
				report->output };

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free(texts[i]);
}

int main(int argc, char **argv)
{
	Report report = { .cli = { .name = "jr-report",
				   .synopsis = "[options] panel [whom]",
				   .takes_operands = TRUE } };
	const GOptionEntry options[] = {
		{ "format", 'f', 0, G_OPTION_ARG_FILENAME, &report.form,
		  "table, ndjson or csv", "form" },
		{ "since", 's', 0, G_OPTION_ARG_FILENAME, &report.since,
		  "leave out days before it", "time" },
		{ "until", 'u', 0, G_OPTION_ARG_FILENAME, &report.until,
		  "leave out days after it", "time" },
		{ "workflow", 'w', 0, G_OPTION_ARG_FILENAME, &report.workflow,
		  "only this workflow", "name" },
		{ "channel", 'c', 0, G_OPTION_ARG_FILENAME, &report.channel,
		  "only sms, push, email or whatsapp", "name" },
		{ "by", 'b', 0, G_OPTION_ARG_FILENAME, &report.by,
		  "a row for each day, week, step, country …", "what" },
		{ "limit", 'n', 0, G_OPTION_ARG_INT, &report.limit,
		  "rows of lists (20)", "n" },
		{ "verify", 0, 0, G_OPTION_ARG_NONE, &report.ask.verify,
		  "consent: verify the whole ledger", NULL },
		{ "records", 0, 0, G_OPTION_ARG_NONE, &report.ask.records,
		  "prune: as records for jr-ingest", NULL },
		{ "nginx", 0, 0, G_OPTION_ARG_NONE, &report.ask.nginx,
		  "links: as a map for the web server", NULL },
		{ "personal", 0, 0, G_OPTION_ARG_NONE, &report.ask.personal,
		  "html: also what names people", NULL },
		{ "output", 'o', 0, G_OPTION_ARG_FILENAME, &report.output,
		  "write to it instead of stdout", "file" },
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GError) error = NULL;

	if (jr_cli_parse(&report.cli, options, argc, argv) &&
	    read_options(&report))
		run(&report, &error);
	free_options(&report);
	return jr_cli_end(&report.cli, error);
}
