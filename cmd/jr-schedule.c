/*
 * jr-schedule - move people through their journeys, and offer the messages that
 * may be sent now.
 *
 * Works off what is new and due, passes its input on, and works once more over
 * what came in meanwhile.  See man/jr-schedule.1.
 */
#include "base/error.h"
#include "base/instant.h"
#include "flow/journey/render_lines.h"
#include "flow/schedule/schedule.h"
#include "flow/schedule/explain.h"
#include "flow/schedule/look.h"
#include "flow/schedule/pass.h"
#include "flow/schedule/preview.h"
#include "flow/schedule/quiet.h"
#include "flow/simulate/simulate.h"
#include "io/cli.h"

#include <unistd.h>

#define CACHE_MIB 32 /* holds what a chunk changes; little is read again */

/* What it can do, and is asked for by a flag but for the first. */
enum {
	WORK,
	DRY_RUN,
	CHECK,
	EXPLAIN,
	GRAPH,
	QUIET_HOURS,
	RENDER,
	LINES,
	SIMULATE,
	N_MODES
};

typedef struct {
	gboolean asked[N_MODES];
	char *person, *workflow; /* owned; or NULL */
	/* Of a rendering; owned, or NULL. */
	char *customer, *event, *data, *channel;
	gboolean strict;
	JrSimulateWords words; /* its texts are owned */
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

static void looked(gpointer user, gint64 people)
{
	jr_cli_progress(user, "%" G_GINT64_FORMAT " people looked at", people);
}

static gboolean check(JrCli *cli, JrFlow *flow,
		      const Options *options G_GNUC_UNUSED, GError **error)
{
	const JrCheckTell told = { tell, looked, cli };

	return jr_schedule_check(flow, &told, error);
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

static gboolean preview(JrCli *cli, JrFlow *flow, const Options *options,
			GError **error)
{
	g_autofree char *note = NULL;
	const JrPreviewAsk ask = {
		.what = cli->operands ? cli->operands[0] : NULL,
		.person = options->customer,
		.event = options->event,
		.data = options->data,
		.channel = jr_channel_of(options->channel),
		.strict = options->strict,
	};

	if (!jr_schedule_preview(flow, &ask, &note, error))
		return FALSE;
	if (note)
		jr_cli_note(cli, "it would not be sent: %s", note);
	return TRUE;
}

/* It needs nothing but its input: what is wrong elsewhere is no matter. */
static gboolean lines(JrCli *cli, JrFlow *flow G_GNUC_UNUSED,
		      const Options *options, GError **error)
{
	g_autoptr(JrReader) in = jr_reader_new(STDIN_FILENO, "stdin");
	g_autoptr(JrWriter) out = jr_writer_new(STDOUT_FILENO, "stdout");
	const JrRenderLines with = { jr_clock_now_s(&cli->clock),
				     options->strict };
	guint wrong = 0;

	if (!jr_render_lines(&with, in, out, &wrong, error))
		return FALSE;
	if (wrong == 0)
		return TRUE;
	g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
		    wrong == 1 ? "%u line of stdin is no question: see its "
				 "answer"
			       : "%u lines of stdin are no questions: see "
				 "their answers",
		    wrong);
	return FALSE;
}

/* Where a run of a simulation was when it was told of first. */
typedef struct {
	JrCli *cli;
	guint run;
	gint64 began_ms, at_s;
	double done;
} Watch;

static void progress(gpointer user, gint64 at_s, double done, guint run,
		     guint runs)
{
	Watch *watch = user;
	gint64 now_ms = jr_clock_ticks_ms();
	double took_s = (double)(now_ms - watch->began_ms) / 1000;
	char at[JR_INSTANT_SIZE];

	jr_instant_format(at_s, at);
	if (watch->run != run) {
		*watch = (Watch){ watch->cli, run, now_ms, at_s, done };
		jr_cli_progress(watch->cli, "run %u of %u: %.10s, %.0f %%", run,
				runs, at, done * 100);
		return;
	}
	jr_cli_progress(watch->cli,
			"run %u of %u: %.10s, %.0f %%, %.0f days/s, %.0f s "
			"left",
			run, runs, at, done * 100,
			(double)(at_s - watch->at_s) / 86400 / MAX(took_s, 0.1),
			took_s * (1 - done) / MAX(done - watch->done, 0.001));
}

static gboolean simulate(JrCli *cli, JrFlow *flow, const Options *options,
			 GError **error)
{
	Watch watch = { .cli = cli };
	JrSimulateAsk ask = { .progress = progress, .user = &watch };

	return jr_simulate_words(flow, &options->words, &ask, error);
}

typedef struct {
	gboolean (*run)(JrCli *cli, JrFlow *flow, const Options *options,
			GError **error);
	JrFlowWay way; /* what it does with the state */
	gboolean takes_workflow;
	gboolean bare; /* neither configuration nor state */
} Mode;

static const Mode modes[N_MODES] = {
	[WORK] = { .run = schedule, .way = JR_FLOW_WRITES },
	[DRY_RUN] = { .run = schedule, .way = JR_FLOW_REHEARSES },
	[CHECK] = { .run = check, .way = JR_FLOW_LOOKS },
	[EXPLAIN] = { .run = explain,
		      .way = JR_FLOW_READS,
		      .takes_workflow = TRUE },
	[GRAPH] = { .run = graph,
		    .way = JR_FLOW_LOOKS,
		    .takes_workflow = TRUE },
	[QUIET_HOURS] = { .run = quiet_hours, .way = JR_FLOW_STATELESS },
	[RENDER] = { .run = preview, .way = JR_FLOW_STATELESS },
	[LINES] = { .run = lines, .bare = TRUE },
	[SIMULATE] = { .run = simulate, .way = JR_FLOW_READS },
};

/* What is wrong with the options of a rendering; NULL: nothing. */
static const char *judge_render(const JrCli *cli, const Options *options,
				int mode)
{
	gboolean some = options->customer || options->event || options->data ||
			options->channel;

	if (mode != RENDER && mode != LINES)
		return some || options->strict || cli->operands
			       ? "operands, --person, --event, --data, "
				 "--channel and --strict are for --render"
			       : NULL;
	if (mode == LINES && (some || cli->operands))
		return "with --lines each line brings all that it needs";
	if (options->channel && !jr_channel_of(options->channel))
		return "--channel is sms, push, email or whatsapp";
	if (cli->operands && cli->operands[1])
		return "--render takes one template";
	return NULL;
}

static const char *judge_simulation(const JrSimulateWords *words, int mode)
{
	gboolean some = words->from || words->until || words->warm_up ||
			words->every || words->against || words->form;

	return some && mode != SIMULATE
		       ? "--from, --until, --against, --warm-up, --every and "
			 "--format are for --simulate"
		       : NULL;
}

/* The mode that is asked for; -1: that makes no sense, and is told. */
static int choose(JrCli *cli, Options *options)
{
	const char *wrong = NULL;
	int mode = WORK;
	guint n = 0;

	options->asked[EXPLAIN] = options->person != NULL;
	if (options->asked[LINES])
		options->asked[RENDER] = FALSE;
	for (int i = WORK + 1; i < N_MODES; i++)
		if (options->asked[i]) {
			mode = i;
			n++;
		}
	if (n > 1)
		wrong = "two options ask for different things";
	else if (options->workflow && !modes[mode].takes_workflow)
		wrong = "--workflow is for --explain and --graph";
	else
		wrong = judge_render(cli, options, mode);
	if (!wrong)
		wrong = judge_simulation(&options->words, mode);
	if (!wrong)
		return mode;
	jr_cli_misused(cli, wrong);
	return -1;
}

static gboolean run(JrCli *cli, JrFlow *flow, const Options *options,
		    const Mode *mode, GError **error)
{
	/* A rendering asks the state for a person alone. */
	JrFlowWay way = options->customer ? JR_FLOW_READS : mode->way;

	if (mode->run == schedule)
		flow->cache_mib = CACHE_MIB;
	return (mode->bare || jr_flow_open(flow, cli, way, error)) &&
	       mode->run(cli, flow, options, error);
}

static void free_options(Options *options)
{
	g_free(options->person);
	g_free(options->workflow);
	g_free(options->customer);
	g_free(options->event);
	g_free(options->data);
	g_free(options->channel);
	jr_simulate_words_clear(&options->words);
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
		{ "render", 'r', 0, G_OPTION_ARG_NONE, &options.asked[RENDER],
		  "show what a template, or a workflow's step, says", NULL },
		{ "lines", 0, 0, G_OPTION_ARG_NONE, &options.asked[LINES],
		  "render: templates from stdin, an answer a line", NULL },
		{ "person", 0, 0, G_OPTION_ARG_FILENAME, &options.customer,
		  "render: to this person", "person" },
		{ "event", 0, 0, G_OPTION_ARG_FILENAME, &options.event,
		  "render: after this event, a file or their last so named",
		  "event" },
		{ "data", 0, 0, G_OPTION_ARG_FILENAME, &options.data,
		  "render: with these variables, JSON", "file" },
		{ "channel", 0, 0, G_OPTION_ARG_FILENAME, &options.channel,
		  "render: as a text of this channel", "name" },
		{ "strict", 0, 0, G_OPTION_ARG_NONE, &options.strict,
		  "render: fail where something is missing", NULL },
		{ "simulate", 0, 0, G_OPTION_ARG_NONE, &options.asked[SIMULATE],
		  "replay stored history with these files, keep nothing",
		  NULL },
		{ "from", 0, 0, G_OPTION_ARG_FILENAME, &options.words.from,
		  "simulate: from it on", "time" },
		{ "until", 0, 0, G_OPTION_ARG_FILENAME, &options.words.until,
		  "simulate: until it (now)", "time" },
		{ "against", 0, 0, G_OPTION_ARG_FILENAME,
		  &options.words.against,
		  "simulate: compare with this version of the files",
		  "folder" },
		{ "warm-up", 0, 0, G_OPTION_ARG_FILENAME,
		  &options.words.warm_up,
		  "simulate: begin so long before (30d)", "span" },
		{ "every", 0, 0, G_OPTION_ARG_FILENAME, &options.words.every,
		  "simulate: how often cron runs (1m)", "span" },
		{ "format", 'f', 0, G_OPTION_ARG_FILENAME, &options.words.form,
		  "simulate: print table, ndjson or csv", "form" },
		G_OPTION_ENTRY_NULL,
	};
	JrCli cli = {
		.name = "jr-schedule",
		.synopsis = "[-cgnqr] [-e person] [-w name] [--channel=name] "
			    "[--config=file] [--data=file] [--event=event] "
			    "[--lines] [--now=time] [--person=person] "
			    "[--quiet-hours] [--simulate --from=time ...] "
			    "[--state=file] [--strict] "
			    "[template]",
		.takes_operands = TRUE,
	};
	g_autoptr(GError) error = NULL, late = NULL;
	JrFlow flow = { 0 };
	int mode = -1;

	if (jr_cli_parse(&cli, entries, argc, argv))
		mode = choose(&cli, &options);
	if (mode >= 0)
		run(&cli, &flow, &options, &modes[mode], &error);
	if (error)
		jr_cli_tell(&cli, error);
	jr_flow_close(&flow, cli.code, &late);
	free_options(&options);
	return jr_cli_end(&cli, late);
}
