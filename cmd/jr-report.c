/*
 * jr-report - show what came of the messages.
 *
 * One panel a call: from the store or, for `run`, from the stream.  See
 * man/jr-report.1.
 */
#include "base/error.h"
#include "flow/report.h"
#include "io/cli.h"
#include "store/erase.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

typedef struct {
	JrCli cli;
	char *form, *since, *until, *workflow, *output;
	int limit;
	JrReportAsk ask;
	const JrTableForm *as;
} Report;

/* As wide as the terminal, and with colours unless they are not wanted. */
static JrTableStyle style_of(const Report *report)
{
	struct winsize size;
	JrTableStyle style = { 0 };

	if (report->output || !isatty(STDOUT_FILENO))
		return style;
	style.colour = !g_getenv("NO_COLOR") &&
		       g_strcmp0(g_getenv("TERM"), "dumb") != 0;
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

static gboolean put_table(const Report *report, const JrTable *table,
			  GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);
	const JrTableStyle style = style_of(report);

	report->as->write(table, &style, text);
	return put(report, text, error);
}

/* The stream's own story; it reads to the end, then prints. */
static gboolean tell_run(JrFlow *flow, const Report *report, GError **error)
{
	g_autoptr(JrReader) in = jr_reader_new(STDIN_FILENO, "stdin");
	g_autoptr(JrStreamTally) tally = jr_stream_tally_new();
	JrRecord record;
	JrRead read;

	(void)flow;
	while ((read = jr_reader_next(in, &record, error)) != JR_READ_END) {
		if (read == JR_READ_FAILED)
			return FALSE;
		if (read == JR_READ_BAD)
			jr_stream_tally_bad(tally);
		else
			jr_stream_tally_add(tally, record.val);
		jr_reader_release(in);
	}
	g_autoptr(JrTable) table = jr_stream_tally_table(tally);
	return put_table(report, table, error);
}

static gboolean show_page(JrFlow *flow, const Report *report, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);

	return jr_report_page(flow, &report->ask, text, error) &&
	       put(report, text, error);
}

static gboolean put_line(const char *line, gsize len, gpointer out)
{
	return jr_writer_line(out, line, len, NULL);
}

/* The store, row by row; the writer remembers what went wrong. */
static gboolean dump(JrFlow *flow, const Report *report, GError **error)
{
	(void)report;
	return jr_store_dump(flow->db, 0, 0, put_line, flow->out, error) &&
	       jr_writer_flush(flow->out, error);
}

/* What is no panel of the store alone. */
static const struct {
	const char *name;
	gboolean (*show)(JrFlow *flow, const Report *report, GError **error);
	JrFlowWay way;
} others[] = {
	{ "run", tell_run, JR_FLOW_STATELESS },
	{ "html", show_page, JR_FLOW_READS },
	{ "dump", dump, JR_FLOW_READS },
};

static gboolean show(JrFlow *flow, Report *report, GError **error)
{
	const char *name = report->cli.operands[0];
	const JrPanel *panel = jr_panel(name);

	for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
		if (g_str_equal(others[i].name, name))
			return others[i].show(flow, report, error);
	g_autoptr(JrTable) table = panel->make(flow, &report->ask, error);
	return table && put_table(report, table, error);
}

static JrFlowWay way_of(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
		if (g_str_equal(others[i].name, name))
			return others[i].way;
	return JR_FLOW_READS;
}

/* Whether there is such a panel; says which there are if not. */
static gboolean check_panel(Report *report)
{
	g_autoptr(GString) known = g_string_new("");
	const char *name =
		report->cli.operands ? report->cli.operands[0] : NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
		if (g_strcmp0(others[i].name, name) == 0)
			return TRUE;
		g_string_append_printf(known, " %s", others[i].name);
	}
	for (const JrPanel *panel = jr_panels; panel->name; panel++) {
		if (g_strcmp0(panel->name, name) == 0)
			return TRUE;
		g_string_append_printf(known, " %s", panel->name);
	}
	g_autofree char *what =
		name ? g_strdup_printf("no panel '%s': write one of%s", name,
				       known->str)
		     : g_strdup_printf("a panel is required: one of%s",
				       known->str);
	return jr_cli_misused(&report->cli, what);
}

static gboolean read_options(Report *report)
{
	g_autoptr(GError) error = NULL;
	gint64 now_s = jr_clock_now_s(&report->cli.clock);

	if (!check_panel(report))
		return FALSE;
	if (report->cli.operands[1])
		return jr_cli_misused(&report->cli, "one panel at a time");
	report->as = jr_table_form(report->form ? report->form : "table");
	if (!report->as)
		return jr_cli_misused(
			&report->cli,
			"--format is one of table, ndjson and csv");
	if (report->limit < 0)
		return jr_cli_misused(&report->cli,
				      "--limit is a number of rows");
	report->ask.limit = (guint)report->limit;
	report->ask.workflow = report->workflow;
	if ((report->since && !jr_report_time(report->since, now_s,
					      &report->ask.since_s, &error)) ||
	    (report->until && !jr_report_time(report->until, now_s,
					      &report->ask.until_s, &error)))
		return jr_cli_misused(&report->cli, error->message);
	return TRUE;
}

static void run(Report *report, GError **error)
{
	JrFlow flow = { 0 };
	gboolean ok = jr_flow_open(&flow, &report->cli,
				   way_of(report->cli.operands[0]), error) &&
		      show(&flow, report, error);

	jr_flow_close(&flow, report->cli.code, ok ? error : NULL);
}

int main(int argc, char **argv)
{
	Report report = { .cli = { .name = "jr-report",
				   .synopsis = "[options] panel",
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
		{ "limit", 'n', 0, G_OPTION_ARG_INT, &report.limit,
		  "rows of runs (20)", "n" },
		{ "output", 'o', 0, G_OPTION_ARG_FILENAME, &report.output,
		  "write to it instead of stdout", "file" },
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GError) error = NULL;

	if (jr_cli_parse(&report.cli, options, argc, argv) &&
	    read_options(&report))
		run(&report, &error);
	g_free(report.form);
	g_free(report.since);
	g_free(report.until);
	g_free(report.workflow);
	g_free(report.output);
	return jr_cli_end(&report.cli, error);
}
