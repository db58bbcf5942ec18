/*
 * pass - the smallest of stages: what a command does at its two ends, without a
 * store between them.  It passes records on, and keeps rejects; its operands
 * are printed, --wait holds it until it is told to stop.
 */
#include "base/error.h"
#include "io/cli.h"
#include "io/config.h"
#include "io/ndjson.h"
#include "io/rejects.h"
#include "io/stop.h"

#include <unistd.h>

static gboolean keep_reject(JrCli *cli, JrRejects *rejects, JrReader *in,
			    const JrRecord *record, GError **error)
{
	g_autoptr(GError) why = g_error_copy(record->why);
	const JrReject reject = {
		.at_s = jr_clock_now_s(&cli->clock),
		.source = jr_reader_name(in),
		.line = record->line,
		.reason = record->why->message,
		.record = record->raw,
		.len = record->len,
		.cut = record->cut,
	};

	jr_error_at(&why, jr_reader_name(in), (guint)record->line, 0);
	jr_cli_tell(cli, why);
	return jr_rejects_put(rejects, &reject, error);
}

static gboolean pass(JrCli *cli, const JrConfig *config, GError **error)
{
	const JrBatch limits = { 100, 1 << 20, 50 };
	g_autoptr(JrReader) in = jr_reader_new(STDIN_FILENO, "stdin");
	g_autoptr(JrWriter) out = jr_writer_new(STDOUT_FILENO, "output");
	g_autoptr(JrRejects) rejects = jr_rejects_new(config->rejects);
	g_autoptr(GArray) records = g_array_new(FALSE, FALSE, sizeof(JrRecord));
	guint64 lines = 0;
	JrRead read;

	if (jr_reader_is_tty(in))
		return TRUE;
	while ((read = jr_reader_batch(in, &limits, records, error)) ==
	       JR_READ_RECORD) {
		for (guint i = 0; i < records->len; i++) {
			const JrRecord *r =
				&g_array_index(records, JrRecord, i);

			if (r->why ? !keep_reject(cli, rejects, in, r, error)
				   : !jr_writer_line(out, r->raw, r->len,
						     error))
				return FALSE;
		}
		if (!jr_writer_flush(out, error))
			return FALSE;
		jr_cli_progress(cli, "%" G_GUINT64_FORMAT " records",
				lines += records->len);
	}
	jr_cli_say(cli, "%" G_GUINT64_FORMAT " records", lines);
	return read != JR_READ_FAILED && jr_rejects_sync(rejects, error);
}

int main(int argc, char **argv)
{
	gboolean wait = FALSE;
	const GOptionEntry options[] = {
		{ "wait", 0, 0, G_OPTION_ARG_NONE, &wait,
		  "wait for a signal to stop", NULL },
		G_OPTION_ENTRY_NULL,
	};
	JrCli cli = {
		.name = "pass",
		.synopsis = "[-q] [--wait] [file ...]",
		.takes_operands = TRUE,
	};
	g_autoptr(GError) error = NULL;
	g_autoptr(JrConfig) config = NULL;

	if (jr_cli_parse(&cli, options, argc, argv)) {
		config = jr_config_load(cli.config, cli.state, &error);
		for (char **file = cli.operands; file && *file; file++)
			jr_cli_say(&cli, "operand '%s'", *file);
		if (config)
			pass(&cli, config, &error);
		while (wait && !jr_stop_requested())
			jr_clock_sleep_ms(10000);
	}
	return jr_cli_end(&cli, error);
}
