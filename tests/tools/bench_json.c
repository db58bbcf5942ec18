/*
 * bench_json - how fast lines are cut, parsed and passed on: bench_json FILE
 * [ROUNDS].  Prints a table of microseconds a line; the first row only cuts.
 */
#include "base/clock.h"
#include "base/error.h"
#include "io/cli.h"
#include "io/ndjson.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

typedef JrRead (*NextFn)(JrReader *reader, JrRecord *record, GError **error);

/* Read all of @path with @next, to @out unless it is NULL; the lines. */
static guint64 read_all(const char *path, NextFn next, JrWriter *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	g_autoptr(JrReader) reader = jr_reader_new(fd, path);
	guint64 lines = 0;
	JrRecord record;

	while (next(reader, &record, NULL) == JR_READ_RECORD) {
		if (out && !jr_writer_line(out, record.raw, record.len, NULL))
			break;
		jr_reader_release(reader);
		lines++;
	}
	close(fd);
	return lines;
}

static void measure(const char *what, const char *path, NextFn next,
		    JrWriter *out)
{
	gint64 from = jr_clock_ticks_ms();
	guint64 lines = read_all(path, next, out);
	gint64 took = jr_clock_ticks_ms() - from;

	fprintf(stderr,
		"%-24s %8.3f us a line, %.2f s for %" G_GUINT64_FORMAT
		" lines\n",
		what, lines > 0 ? 1000.0 * (double)took / (double)lines : 0.0,
		(double)took / 1000.0, lines);
}

int main(int argc, char **argv)
{
	static const GOptionEntry options[] = { G_OPTION_ENTRY_NULL };
	JrCli cli = { .name = "bench_json",
		      .synopsis = "file",
		      .takes_operands = TRUE };

	if (jr_cli_parse(&cli, options, argc, argv) && cli.operands) {
		g_autoptr(JrWriter) out =
			jr_writer_new(STDOUT_FILENO, "output");

		measure("cut", cli.operands[0], jr_reader_line, NULL);
		measure("cut, parse", cli.operands[0], jr_reader_next, NULL);
		measure("cut, parse, pass on", cli.operands[0], jr_reader_next,
			out);
		jr_writer_flush(out, NULL);
	}
	return jr_cli_end(&cli, NULL);
}
