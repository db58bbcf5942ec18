/*
 * jr-schedule - move people through their journeys, and offer the messages that
 * may be sent now.
 *
 * Works off what is new and due, passes its input on, and works once more over
 * what came in meanwhile.  See man/jr-schedule.1.
 */
#include "base/error.h"
#include "flow/schedule.h"
#include "flow/schedule_explain.h"
#include "flow/schedule_look.h"
#include "flow/schedule_pass.h"
#include "flow/schedule_quiet.h"
#include "io/cli.h"

#include <unistd.h>

/* What it can do, and is asked for by a flag but for the first. */
enum { WORK, DRY_RUN, CHECK, EXPLAIN, GRAPH, QUIET_HOURS, N_MODES };

typedef struct {
	gboolean asked[N_MODES];
	char *person, *workflow; /* owned; or NULL */
} Options;

static void tell(gpointer user, const GError *error)
{
	jr_cli_tell(user, error);
}

static gboolean schedule(JrCli *cli, JrFlow *flow,
			 const Options *options G_GNUC_UNUSED, GError **error)
{
	g_autoptr(JrSchedule) work = jr_schedule_new(flow, error);
	g_autoptr(JrReader) in = jr_reader_new(STDIN_FILENO, "stdin");
	g_autofree char *summary = NULL;
	guint cut = 0;

	if (!work || !jr_schedule_tick(work, error) ||
	    !jr_pass_on(flow, in, &cut, error) ||
	    (!flow->dry_run && !jr_schedule_tick(work, error)))
		return FALSE;
	summary = jr_flow_summary(flow);
	jr_cli_say(cli, "%s", summary);
	if (cut == 0)
		return TRUE;
	g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
		    "%u lines of stdin were too long and are left out", cut);
	return FALSE;
}

static gboolean check(JrCli *cli, JrFlow *flow,
		      const Options *options G_GNUC_UNUSED, GError **error)
{
	return jr_schedule_check(flow, tell, cli, error);
}

static gboolean graph(JrCli *cli G_GNUC_UNUSED, JrFlow *flow,
		      const Options *options, GError **error)
{
	return jr_schedule_graph(flow, options->workflow, error);
}

static gboolean explain(JrCli *cli G_GNUC_UNUSED, JrFlow *flow,
			const Options *options, GError **error)
{
	const JrExplainAsk ask = { options->person, options->workflow };

	return jr_schedule_explain(flow, &ask, error);
}

static gboolean quiet_hours(JrCli *cli, JrFlow *flow,
			    const Options *options G_GNUC_UNUSED,
			    GError **error)
{
	g_autoptr(JrReader) in = jr_reader_new(STDIN_FILENO, "stdin");

	return jr_schedule_quiet(flow, in, tell, cli, error);
}

typedef struct {
	gboolean (*run)(JrCli *cli, JrFlow *flow, const Options *options,
			GError **error);
	JrFlowWay way; /* what it does with the state */
	gboolean takes_workflow;
} Mode;

static const Mode modes[N_MODES] = {
	[WORK] = { schedule, JR_FLOW_WRITES, FALSE },
	[DRY_RUN] = { schedule, JR_FLOW_REHEARSES, FALSE },
	[CHECK] = { check, JR_FLOW_STATELESS, FALSE },
	[EXPLAIN] = { explain, JR_FLOW_READS, TRUE },
	[GRAPH] = { graph, JR_FLOW_STATELESS, TRUE },
	[QUIET_HOURS] = { quiet_hours, JR_FLOW_STATELESS, FALSE },
};

/* The mode that is asked for; NULL: that makes no sense, and is told. */
static const Mode *choose(JrCli *cli, Options *options)
{
	int mode = WORK;
	guint n = 0;

	options->asked[EXPLAIN] = options->person != NULL;
	for (int i = WORK + 1; i < N_MODES; i++)
		if (options->asked[i]) {
			mode = i;
			n++;
		}
	if (n > 1)
		jr_cli_misused(cli, "two options ask for different things");
	else if (options->workflow && !modes[mode].takes_workflow)
		jr_cli_misused(cli, "--workflow is for --explain and --graph");
	else
		return &modes[mode];
	return NULL;
}

int main(int argc, char **argv)
{
	Options options = { 0 };
	const GOptionEntry entries[] = {
		{ "dry-run", 'n', 0, G_OPTION_ARG_NONE, &options.asked[DRY_RUN],
		  "print what would be offered, keep nothing", NULL },
		{ "check", 'c', 0, G_OPTION_ARG_NONE, &options.asked[CHECK],
		  "check the workflow files", NULL },
		{ "explain", 'e', 0, G_OPTION_ARG_FILENAME, &options.person,
		  "tell a person's story: why, why not, what next", "person" },
		{ "graph", 'g', 0, G_OPTION_ARG_NONE, &options.asked[GRAPH],
		  "print workflows in the DOT language", NULL },
		{ "workflow", 'w', 0, G_OPTION_ARG_FILENAME, &options.workflow,
		  "explain, or print, this one alone", "name" },
		{ "quiet-hours", 0, 0, G_OPTION_ARG_NONE,
		  &options.asked[QUIET_HOURS],
		  "answer records that ask whether it is quiet", NULL },
		G_OPTION_ENTRY_NULL,
	};
	JrCli cli = {
		.name = "jr-schedule",
		.synopsis = "[-cgnq] [-e person] [-w name] [--config=file] "
			    "[--now=time] [--quiet-hours] [--state=file]",
	};
	g_autoptr(GError) error = NULL, late = NULL;
	const Mode *mode = NULL;
	JrFlow flow = { 0 };

	if (jr_cli_parse(&cli, entries, argc, argv))
		mode = choose(&cli, &options);
	if (mode && jr_flow_open(&flow, &cli, mode->way, &error))
		mode->run(&cli, &flow, &options, &error);
	if (error)
		jr_cli_tell(&cli, error);
	jr_flow_close(&flow, cli.code, &late);
	g_free(options.person);
	g_free(options.workflow);
	return jr_cli_end(&cli, late);
}
