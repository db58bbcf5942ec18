/*
 * jr-segment - keep track of who is in which segment.
 *
 * Works off what is new and due, passes its input on, and works once more over
 * what came in meanwhile.  Or answers a question.  See man/jr-segment.1.
 */
#include "base/error.h"
#include "flow/segment/segment.h"
#include "flow/segment/ask.h"
#include "io/cli.h"

#include <unistd.h>

typedef struct {
	char *where, *members, *person; /* questions; owned; or NULL */
	gboolean list, dry_run, rebuild;
	char *format, *attributes; /* owned; or NULL */
	const JrTableForm *form;   /* of format */
} Options;

static void note_built(const JrSegmentBuilt *built, gpointer user)
{
	jr_cli_note(user,
		    "%s segment '%s': %" G_GINT64_FORMAT
		    " enter, %" G_GINT64_FORMAT " leave",
		    built->why, built->segment, built->enter, built->leave);
}

static void note_warning(const char *text, gpointer user)
{
	jr_cli_note(user, "%s", text);
}

/* With a terminal nobody types what is to be passed on. */
static gboolean pass_on(JrFlow *flow, GError **error)
{
	return isatty(STDIN_FILENO) ||
	       jr_writer_copy(flow->out, STDIN_FILENO, "stdin", error);
}

static gboolean work(JrCli *cli, JrFlow *flow, const Options *options,
		     GError **error)
{
	JrSegmentOptions how = { options->rebuild, note_built, note_warning,
				 cli };
	g_autoptr(JrSegmentFile) file =
		jr_segment_file_load(flow->config->segments, error);

	if (!file)
		return FALSE;
	g_autoptr(JrSegmenter) first = jr_segmenter_new(flow, file, &how);
	if (!jr_segmenter_tick(first, error))
		return FALSE;
	if (options->dry_run)
		return TRUE;
	if (!pass_on(flow, error))
		return FALSE;
	how.rebuild = FALSE;
	g_autoptr(JrSegmenter) again = jr_segmenter_new(flow, file, &how);
	if (!jr_segmenter_tick(again, error))
		return FALSE;
	g_autofree char *summary = jr_flow_summary(flow);
	jr_cli_say(cli, "%s", summary);
	return TRUE;
}

/* The list is of what the store knows: definitions add descriptions only. */
static JrSegmentFile *load_descriptions(JrCli *cli, const JrFlow *flow)
{
	g_autoptr(GError) why = NULL;
	JrSegmentFile *file =
		jr_segment_file_load(flow->config->segments, &why);

	if (!file)
		jr_cli_note(cli, "without descriptions: %s", why->message);
	return file;
}

static gboolean answer(JrCli *cli, JrFlow *flow, const Options *options,
		       GError **error)
{
	g_auto(GStrv) attributes =
		options->attributes ? g_strsplit(options->attributes, ",", -1)
				    : NULL;
	g_autoptr(JrSegmentFile) file = NULL;
	JrSegmentAsk ask = {
		.flow = flow,
		.form = options->form,
		.attributes = attributes,
		.warn = note_warning,
		.user = cli,
	};

	if (options->where) {
		jr_cli_show(cli, JR_SEGMENT_WHERE, options->where);
		return jr_segment_ask_where(&ask, options->where, error);
	}
	if (options->members)
		return jr_segment_ask_members(&ask, options->members, error);
	if (options->list) {
		ask.file = file = load_descriptions(cli, flow);
		return jr_segment_ask_list(&ask, error);
	}
	ask.file = file = jr_segment_file_load(flow->config->segments, error);
	return file && jr_segment_ask_why(&ask, options->person, error);
}

/* How many questions are asked. */
static guint questions(const Options *options)
{
	return (options->where != NULL) + (options->members != NULL) +
	       (options->person != NULL) + options->list;
}

static gboolean check(JrCli *cli, Options *options)
{
	if (questions(options) > 1 ||
	    (questions(options) && (options->dry_run || options->rebuild)))
		return jr_cli_misused(cli,
				      "two options ask for different things");
	if (!questions(options) && options->format)
		return jr_cli_misused(cli, "--format is for answers: ask "
					   "--where, --members, --list or "
					   "--explain");
	if (options->attributes && !options->where && !options->members)
		return jr_cli_misused(cli, "--attributes are of people: ask "
					   "--where or --members");
	options->form = jr_table_form(options->format	      ? options->format
				      : isatty(STDOUT_FILENO) ? "table"
							      : "ndjson");
	return options->form ||
	       jr_cli_misused(cli, "--format is 'table', 'ndjson' or 'csv'");
}

static void run(JrCli *cli, JrFlow *flow, Options *options, GError **error)
{
	JrFlowWay way = questions(options) ? JR_FLOW_READS
			: options->dry_run ? JR_FLOW_DRY_RUN
					   : JR_FLOW_WRITES;

	if (!jr_flow_open(flow, cli, way, error))
		return;
	if (way == JR_FLOW_READS)
		answer(cli, flow, options, error);
	else
		work(cli, flow, options, error);
}

int main(int argc, char **argv)
{
	Options options = { 0 };
	const GOptionEntry entries[] = {
		{ "where", 'w', 0, G_OPTION_ARG_FILENAME, &options.where,
		  "print the people it holds for", "expression" },
		{ "members", 'm', 0, G_OPTION_ARG_FILENAME, &options.members,
		  "print who is in a segment", "segment" },
		{ "list", 'l', 0, G_OPTION_ARG_NONE, &options.list,
		  "print the segments, their sizes and growth", NULL },
		{ "explain", 'e', 0, G_OPTION_ARG_FILENAME, &options.person,
		  "print why someone is in a segment, or not", "person" },
		{ "attributes", 'a', 0, G_OPTION_ARG_FILENAME,
		  &options.attributes, "print these, a comma between", "list" },
		{ "format", 'f', 0, G_OPTION_ARG_FILENAME, &options.format,
		  "table, ndjson or csv", "form" },
		{ "dry-run", 'n', 0, G_OPTION_ARG_NONE, &options.dry_run,
		  "print what changed definitions would do", NULL },
		{ "rebuild", 0, 0, G_OPTION_ARG_NONE, &options.rebuild,
		  "build all segments anew", NULL },
		G_OPTION_ENTRY_NULL,
	};
	JrCli cli = {
		.name = "jr-segment",
		.synopsis = "[options]",
	};
	g_autoptr(GError) error = NULL, late = NULL;
	JrFlow flow = { 0 };

	if (jr_cli_parse(&cli, entries, argc, argv) && check(&cli, &options))
		run(&cli, &flow, &options, &error);
	if (error)
		jr_cli_tell(&cli, error);
	jr_flow_close(&flow, cli.code, &late);
	g_free(options.where);
	g_free(options.members);
	g_free(options.person);
	g_free(options.attributes);
	g_free(options.format);
	return jr_cli_end(&cli, late);
}
