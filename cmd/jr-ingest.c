/*
 * jr-ingest - take in what happened: people, events, devices, consents,
 * replies, receipts.
 *
 * Reads a batch of records, keeps it in one transaction, and only then writes
 * it out: what was passed on has been kept.  What is wrong goes to the reject
 * file, and the rest go on.  See man/jr-ingest.1.
 */
#include "base/error.h"
#include "base/instant.h"
#include "flow/ingest/ingest.h"
#include "io/cli.h"

#include <unistd.h>

/* Refused lines that are told of one by one. */
#define TOLD 10

typedef struct {
	JrCli *cli;
	guint told;
} Teller;

static void tell(const JrReject *reject, gpointer user)
{
	Teller *teller = user;

	if (teller->told++ >= TOLD)
		return;
	g_autoptr(GError) error = g_error_new(
		JR_ERROR, JR_ERROR_INPUT, "%s:%" G_GUINT64_FORMAT ": %s%s%s%s",
		reject->source, reject->line, reject->field ? "'" : "",
		reject->field ? reject->field : "", reject->field ? "': " : "",
		reject->reason);
	jr_cli_tell(teller->cli, error);
}

static gboolean read_all(JrCli *cli, JrIngest *ingest, GError **error)
{
	if (!cli->operands) {
		g_autoptr(JrReader) in = jr_reader_new(STDIN_FILENO, "stdin");

		return jr_ingest_read(ingest, in, error);
	}
	for (char **path = cli->operands; *path; path++)
		if (!jr_ingest_path(ingest, *path, error))
			return FALSE;
	return TRUE;
}

/* What anyone could have made up was taken for true. */
static void warn(JrCli *cli, const JrIngest *ingest)
{
	guint64 n = jr_ingest_believed(ingest);

	if (n > 0)
		jr_cli_note(cli,
			    "%" G_GUINT64_FORMAT " webhook%s that nobody "
			    "signed %s believed: see jr-ingest(1), Signatures",
			    n, n == 1 ? "" : "s", n == 1 ? "was" : "were");
}

static gboolean run(JrCli *cli, JrFlow *flow, JrIngestOptions *options,
		    GError **error)
{
	Teller teller = { cli, 0 };

	options->refused = tell;
	options->user = &teller;
	g_autoptr(JrIngest) ingest = jr_ingest_new(flow, options, error);
	if (!ingest)
		return FALSE;
	if (!read_all(cli, ingest, error) || !jr_ingest_finish(ingest, error))
		return FALSE;
	warn(cli, ingest);
	if (jr_ingest_refused(ingest) <= TOLD)
		return TRUE;
	g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
		    "%" G_GUINT64_FORMAT " records were refused: see '%s'",
		    jr_ingest_refused(ingest), jr_ingest_rejects_path(ingest));
	return FALSE;
}

static gboolean read_span(JrCli *cli, const char *text, gint64 *seconds)
{
	g_autoptr(GError) error = NULL;
	JrSpan span;

	*seconds = -1;
	if (!text)
		return TRUE;
	if (!jr_span_parse(text, &span, &error)) {
		g_autofree char *what =
			g_strdup_printf("--max-age is %s", error->message);

		return jr_cli_misused(cli, what);
	}
	*seconds = jr_span_seconds(&span);
	return *seconds >= 0 || jr_cli_misused(cli, "--max-age is below 0");
}

int main(int argc, char **argv)
{
	g_autofree char *format = NULL, *max_age = NULL, *rejects = NULL;
	g_autofree char *country = NULL;
	g_autofree char *formats = jr_ingest_formats();
	g_autofree char *format_help =
		g_strconcat("take every line as this form: ", formats, NULL);
	JrIngestOptions how = { 0 };
	const GOptionEntry options[] = {
		{ "format", 'f', 0, G_OPTION_ARG_FILENAME, &format, format_help,
		  "name" },
		{ "backfill", 'b', 0, G_OPTION_ARG_NONE, &how.backfill,
		  "all of it is old news: it starts nothing", NULL },
		{ "max-age", 0, 0, G_OPTION_ARG_FILENAME, &max_age,
		  "what is older is old news (72h)", "span" },
		{ "rejects", 'r', 0, G_OPTION_ARG_FILENAME, &rejects,
		  "where refused records go (rejects.ndjson)", "file" },
		{ "trust-unsigned", 0, 0, G_OPTION_ARG_NONE, &how.trust,
		  "believe webhooks of providers without a key", NULL },
		{ "default-country", 0, 0, G_OPTION_ARG_FILENAME, &country,
		  "of numbers without one: US, +44", "country" },
		G_OPTION_ENTRY_NULL,
	};
	JrCli cli = {
		.name = "jr-ingest",
		.synopsis = "[options] [file|folder ...]",
		.takes_operands = TRUE,
	};
	g_autoptr(GError) error = NULL, late = NULL;
	JrFlow flow = { 0 };

	if (jr_cli_parse(&cli, options, argc, argv) &&
	    read_span(&cli, max_age, &how.max_age_s)) {
		how.format = format;
		how.rejects = rejects;
		how.country = country;
		if (jr_flow_open(&flow, &cli, JR_FLOW_WRITES, &error) &&
		    run(&cli, &flow, &how, &error)) {
			g_autofree char *summary = jr_flow_summary(&flow);

			jr_cli_say(&cli, "%s", summary);
		}
	}
	if (error)
		jr_cli_tell(&cli, error);
	jr_flow_close(&flow, cli.code, &late);
	return jr_cli_end(&cli, late);
}
