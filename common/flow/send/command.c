#include "flow/send/command.h"
#include "base/error.h"
#include "base/instant.h"
#include "flow/count_lines.h"
#include "flow/send/send.h"
#include "flow/send/reconcile.h"
#include "io/cli.h"

#include <unistd.h>

#define WINDOW_DAYS 3 /* of --reconcile */
#define CACHE_MIB 32  /* holds what a batch changes; little is read again */

typedef struct {
	JrSendOptions send;
	gboolean dry_run, count, smart, reconcile, list, verify;
	char *provider, *test, *text, *since; /* owned */
	JrSpan window;
	int max;
} Options;

static void options_clear(Options *options)
{
	g_free(options->provider);
	g_free(options->test);
	g_free(options->text);
	g_free(options->since);
}

/* How far back --reconcile and --list look. */
static gboolean read_window(JrCli *cli, Options *options)
{
	g_autoptr(GError) why = NULL;
	g_autofree char *what = NULL;

	options->window = (JrSpan){ .days = WINDOW_DAYS };
	if (!options->since)
		return TRUE;
	if (!options->reconcile && !options->list)
		return jr_cli_misused(cli,
				      "--since is for --reconcile and --list");
	if (jr_span_parse(options->since, &options->window, &why))
		return TRUE;
	what = g_strdup_printf("--since is %s", why->message);
	return jr_cli_misused(cli, what);
}

/* At most one of those that do something other than hand messages over. */
static gboolean one_mode(JrCli *cli, const Options *options)
{
	const struct {
		gboolean on;
		const char *alone;
	} modes[] = {
		{ options->count, "--count sends nothing: alone" },
		{ options->reconcile, "--reconcile sends nothing: alone" },
		{ options->list, "--list changes nothing: alone" },
		{ options->verify, "--verify stands alone" },
		{ options->test != NULL, "--test sends one message: leave "
					 "--dry-run, --max and --rate out" },
	};
	const gboolean limited = options->dry_run || options->max > 0 ||
				 options->send.per_second > 0;
	const char *alone = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(modes); i++) {
		if (!modes[i].on)
			continue;
		if (alone || limited)
			return jr_cli_misused(cli,
					      alone ? alone : modes[i].alone);
		alone = modes[i].alone;
	}
	return TRUE;
}

static gboolean make_sense(JrCli *cli, Options *options)
{
	if (options->max < 0)
		return jr_cli_misused(cli, "--max is below 0");
	if (options->send.per_second < 0)
		return jr_cli_misused(cli, "--rate is below 0");
	if (options->text && !options->test)
		return jr_cli_misused(cli, "--text is for --test");
	if (options->smart && !options->count)
		return jr_cli_misused(cli, "--smart is for --count");
	if (!one_mode(cli, options) || !read_window(cli, options))
		return FALSE;
	options->send.max = (guint)options->max;
	options->send.provider = options->provider;
	return TRUE;
}

static void tell_odd(gpointer user, const char *what)
{
	g_autoptr(GError) note =
		g_error_new_literal(JR_ERROR, JR_ERROR_INPUT, what);
	JrCli *cli = user;
	int code = cli->code;

	/* Somebody else's message is told of, and no failure of ours. */
	jr_cli_tell(cli, note);
	cli->code = code;
}

/* It needs nothing but its input: what is wrong elsewhere is no matter. */
static gboolean count(const Options *options, GError **error)
{
	g_autoptr(JrReader) in = jr_reader_new(STDIN_FILENO, "stdin");
	g_autoptr(JrWriter) out = jr_writer_new(STDOUT_FILENO, "stdout");
	guint wrong = 0;

	if (!jr_count_lines(in, out, options->smart, &wrong, error))
		return FALSE;
	if (wrong == 0)
		return TRUE;
	g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
		    "%u lines of stdin hold no text: see their answers", wrong);
	return FALSE;
}

static void tell_progress(gpointer user, guint claimed)
{
	jr_cli_progress(user, "%u messages", claimed);
}

/* A run that handed nothing over is no news to who reads cron's mail. */
static void sum_up(JrCli *cli, JrFlow *flow)
{
	g_autofree char *counts = jr_flow_summary(flow);
	g_autofree char *summary =
		g_strconcat(flow->dry_run ? "dry run: " : "", counts, NULL);

	if (g_hash_table_size(flow->counts) > 0)
		jr_cli_note(cli, "%s", summary);
	else
		jr_cli_say(cli, "%s", summary);
}

static gboolean stream(JrCli *cli, JrSend *send, GError **error)
{
	g_autoptr(JrReader) in = jr_reader_new(STDIN_FILENO, "stdin");

	return jr_send_stream(send, in, tell_odd, cli, error);
}

static gboolean run(JrCli *cli, JrFlow *flow, const JrSendCommand *command,
		    const Options *options, GError **error)
{
	JrSendOptions how = options->send;
	g_autoptr(JrSend) send = NULL;
	const JrSendTest test = { .recipient = options->test,
				  .channel = command->test_channel,
				  .text = options->text };
	gint64 since_s = jr_flow_now(flow) - jr_span_seconds(&options->window);
	gboolean done;

	how.progress = tell_progress;
	how.user = cli;
	send = jr_send_new(flow, &how, error);
	if (!send)
		return FALSE;
	if (options->verify)
		return jr_send_verify(send, error);
	if (options->test)
		return jr_send_test(send, &test, error);
	if (options->list)
		return jr_send_list(send, since_s, error);
	done = options->reconcile ? jr_send_reconcile(send, since_s, error)
				  : stream(cli, send, error);
	sum_up(cli, flow);
	return done;
}

/* The rows of @tables, each ended as GLib wants it, one after the other. */
static GOptionEntry *join(const GOptionEntry *const *tables)
{
	GArray *all = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));

	for (; *tables; tables++)
		for (const GOptionEntry *row = *tables; row->long_name; row++)
			g_array_append_val(all, *row);
	return (GOptionEntry *)(gpointer)g_array_free(all, FALSE);
}

static gboolean parse(JrCli *cli, const JrSendCommand *command,
		      Options *options, int argc, char **argv)
{
	const GOptionEntry entries[] = {
		{ "dry-run", 'n', 0, G_OPTION_ARG_NONE, &options->dry_run,
		  "print the requests, send nothing", NULL },
		{ "max", 'm', 0, G_OPTION_ARG_INT, &options->max,
		  "messages to send at most", "number" },
		{ "rate", 'r', 0, G_OPTION_ARG_DOUBLE,
		  &options->send.per_second, "messages to send a second",
		  "number" },
		{ "provider", 'p', 0, G_OPTION_ARG_FILENAME, &options->provider,
		  "send all through this one", "name" },
		{ "test", 't', 0, G_OPTION_ARG_FILENAME, &options->test,
		  "send one message to a test recipient", "recipient" },
		{ "text", 0, 0, G_OPTION_ARG_FILENAME, &options->text,
		  "what --test says", "text" },
		{ "verify", 0, 0, G_OPTION_ARG_NONE, &options->verify,
		  "ask the providers whether all is well", NULL },
		G_OPTION_ENTRY_NULL,
	};
	const GOptionEntry of_texts[] = {
		{ "count", 'c', 0, G_OPTION_ARG_NONE, &options->count,
		  "answer texts by what they take", NULL },
		{ "smart", 0, 0, G_OPTION_ARG_NONE, &options->smart,
		  "count: after smart encoding", NULL },
		{ "reconcile", 0, 0, G_OPTION_ARG_NONE, &options->reconcile,
		  "settle what is unknown by the provider's own list", NULL },
		{ "list", 0, 0, G_OPTION_ARG_NONE, &options->list,
		  "print what the providers have on record", NULL },
		{ "since", 0, 0, G_OPTION_ARG_FILENAME, &options->since,
		  "reconcile, list: so far back (3d)", "duration" },
		G_OPTION_ENTRY_NULL,
	};
	const GOptionEntry *const tables[] = { entries,
					       command->texts ? of_texts : NULL,
					       NULL };
	g_autofree GOptionEntry *all = join(tables);

	return jr_cli_parse(cli, all, argc, argv) && make_sense(cli, options);
}

static gboolean work(JrCli *cli, JrFlow *flow, const JrSendCommand *command,
		     const Options *options, GError **error)
{
	JrFlowWay way = options->list	   ? JR_FLOW_READS
			: options->dry_run ? JR_FLOW_REHEARSES
					   : JR_FLOW_WRITES;

	if (options->count)
		return count(options, error);
	flow->cache_mib = CACHE_MIB;
	return jr_flow_open(flow, cli, way, error) &&
	       run(cli, flow, command, options, error);
}

int jr_send_main(const JrSendCommand *command, int argc, char **argv)
{
	Options options = { .send.channels = command->channels };
	JrCli cli = { .name = command->name, .synopsis = command->synopsis };
	g_autoptr(GError) error = NULL, late = NULL;
	JrFlow flow = { 0 };

	if (parse(&cli, command, &options, argc, argv))
		work(&cli, &flow, command, &options, &error);
	if (error)
		jr_cli_tell(&cli, error);
	jr_flow_close(&flow, cli.code, &late);
	options_clear(&options);
	return jr_cli_end(&cli, late);
}
