#include "io/cli.h"
#include "base/doc.h"
#include "base/error.h"
#include "base/excerpt.h"
#include "base/instant.h"
#include "io/file.h"
#include "io/stop.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#define SHOWN_BYTES                                                            \
	((gsize)4 * 1024 * 1024) /* of a file, lines of which are              \
				  */

/* The libraries, left alone, would go on where a command must not. */
static void set_up_process(void)
{
	/* stdout is for records, even under G_MESSAGES_DEBUG=all. */
	g_log_writer_default_set_use_stderr(TRUE);
	/* A critical is a bug of ours: no message goes out after it. */
	g_log_set_always_fatal(G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
	/* Out of memory ends the process in jansson, as it does in GLib. */
	json_set_alloc_funcs(g_malloc, g_free);
	/* State, rejects and outbox hold numbers and texts of people. */
	umask(077);
	jr_stop_catch();
}

gboolean jr_cli_misused(JrCli *cli, const char *what)
{
	g_autoptr(GError) error = g_error_new(
		JR_ERROR, JR_ERROR_USAGE, "%s; see %s --help", what, cli->name);

	jr_cli_tell(cli, error);
	return FALSE;
}

static gboolean fix_clock(JrCli *cli, const char *now)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *what = NULL;

	if (!now)
		return TRUE;
	cli->clock.fixed = TRUE;
	if (jr_instant_parse(now, NULL, &cli->clock.fixed_ms, &error))
		return TRUE;
	what = g_strdup_printf("--now is %s", error->message);
	return jr_cli_misused(cli, what);
}

static void print_help(const JrCli *cli, GOptionContext *context)
{
	g_autofree char *help = g_option_context_get_help(context, TRUE, NULL);

	/* GLib's own first lines say no more than "[OPTION…]". */
	printf("usage: %s %s%s", cli->name, cli->synopsis,
	       strstr(help, "\n\n"));
}

gboolean jr_cli_parse(JrCli *cli, const GOptionEntry *options, int argc,
		      char **argv)
{
	gboolean help = FALSE, version = FALSE;
	g_autofree char *now = NULL;
	const GOptionEntry common[] = {
		{ "config", 0, 0, G_OPTION_ARG_FILENAME, &cli->config,
		  "the configuration (jr.yaml)", "file" },
		{ "state", 0, 0, G_OPTION_ARG_FILENAME, &cli->state,
		  "the state file (jr.db)", "file" },
		{ "now", 0, 0, G_OPTION_ARG_FILENAME, &now,
		  "the time it is, for tests and replays", "time" },
		{ "quiet", 'q', 0, G_OPTION_ARG_NONE, &cli->quiet,
		  "print no progress and no summary", NULL },
		{ "help", 'h', 0, G_OPTION_ARG_NONE, &help,
		  "print this help and exit", NULL },
		{ "version", 'V', 0, G_OPTION_ARG_NONE, &version,
		  "print the version and exit", NULL },
		{ G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY,
		  &cli->operands, NULL, NULL },
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);
	g_autoptr(GError) error = NULL;

	set_up_process();
	g_option_context_add_main_entries(context, options, NULL);
	g_option_context_add_main_entries(context, common, NULL);
	/* GLib's own --help exits 0 even when it could not be written. */
	g_option_context_set_help_enabled(context, FALSE);
	if (!g_option_context_parse(context, &argc, &argv, &error))
		return jr_cli_misused(cli, error->message);
	if (help)
		print_help(cli, context);
	else if (version)
		printf("%s %s\n", cli->name, JR_VERSION);
	else if (cli->operands && !cli->takes_operands)
		return jr_cli_misused(cli, "it takes no operands");
	return !help && !version && fix_clock(cli, now);
}

/*
 * @text as it may be printed: a record must not drive a terminal, turn its
 * letters around, nor fake a line of a log.  Owned.
 */
static char *printable(const char *text)
{
	GString *safe = g_string_new(NULL);

	while (*text) {
		gunichar c = g_utf8_get_char_validated(text, -1);
		gboolean valid = c < (gunichar)-2;

		if (valid && g_unichar_isprint(c) &&
		    g_unichar_type(c) != G_UNICODE_FORMAT)
			g_string_append_unichar(safe, c);
		else
			g_string_append_c(safe, '?');
		text += valid ? g_unichar_to_utf8(c, NULL) : 1;
	}
	return g_string_free(safe, FALSE);
}

static void end_progress(JrCli *cli)
{
	if (cli->in_progress)
		fputs("\r\033[K", stderr);
	cli->in_progress = FALSE;
}

/* What jr_cli_show() was told. */
typedef struct {
	char *name, *text; /* owned; text: NULL: it is a file or a folder */
} Shown;

static void free_shown(gpointer data)
{
	Shown *shown = data;

	g_free(shown->name);
	g_free(shown->text);
	g_free(shown);
}

void jr_cli_show(JrCli *cli, const char *name, const char *text)
{
	Shown *shown = g_new(Shown, 1);

	*shown = (Shown){ g_strdup(name), g_strdup(text) };
	if (!cli->shown)
		cli->shown = g_ptr_array_new_with_free_func(free_shown);
	g_ptr_array_add(cli->shown, shown);
}

/* The text @name, if it is one that may be shown; else NULL.  Owned. */
static char *shown_text(const JrCli *cli, const char *name)
{
	g_autofree char *folder = g_path_get_dirname(name);
	gsize len;

	for (guint i = 0; cli->shown && i < cli->shown->len; i++) {
		const Shown *shown = cli->shown->pdata[i];
		gboolean is_it = g_str_equal(shown->name, name);

		if (shown->text && is_it)
			return g_strdup(shown->text);
		if (!shown->text && (is_it || g_str_equal(shown->name, folder)))
			return jr_file_read(name, SHOWN_BYTES, &len, NULL);
	}
	return NULL;
}

/* Draw @lines, ended each, below a message. */
static void draw(const char *lines)
{
	while (*lines) {
		gsize len = strcspn(lines, "\n");
		g_autofree char *line = g_strndup(lines, len);
		/* Tabs keep what is below them in its place. */
		g_auto(GStrv) parts = g_strsplit(line, "\t", -1);

		fputs("    ", stderr);
		for (char **part = parts; *part; part++) {
			g_autofree char *safe = printable(*part);

			fprintf(stderr, "%s%s", part == parts ? "" : "\t",
				safe);
		}
		fputc('\n', stderr);
		lines += len + (lines[len] == '\n');
	}
}

/* Show the place that @message is about, if it is one that may be. */
static void show_place(const JrCli *cli, const char *message)
{
	g_autofree char *name = NULL, *text = NULL, *lines = NULL;
	JrPlace place;

	if (cli->quiet || !jr_place_of(message, &place))
		return;
	name = g_strndup(message, place.len);
	text = shown_text(cli, name);
	if (!text)
		return;
	lines = jr_excerpt(text, place.line, place.column);
	draw(lines);
}

/* Wrong records, and alarms, which jr-report tells by 1. */
static gboolean gives_way(int code)
{
	return code == EX_OK || code == EX_DATAERR || code == 1;
}

void jr_cli_tell(JrCli *cli, const GError *error)
{
	g_autofree char *message = printable(error->message);

	end_progress(cli);
	fprintf(stderr, "%s: %s\n", cli->name, message);
	show_place(cli, error->message);
	if (gives_way(cli->code))
		cli->code = jr_error_exit_code(error);
}

static gboolean is_watched(const JrCli *cli)
{
	return !cli->quiet && isatty(STDERR_FILENO);
}

/* Returns what it said.  Owned. */
G_GNUC_PRINTF(2, 0)
static char *say(JrCli *cli, const char *format, va_list args)
{
	char *text = g_strdup_vprintf(format, args);
	g_autofree char *safe = printable(text);

	end_progress(cli);
	fprintf(stderr, "%s: %s", cli->name, safe);
	return text;
}

void jr_cli_progress(JrCli *cli, const char *format, ...)
{
	va_list args;

	if (!is_watched(cli))
		return;
	va_start(args, format);
	g_free(say(cli, format, args));
	va_end(args);
	cli->in_progress = TRUE;
}

void jr_cli_say(JrCli *cli, const char *format, ...)
{
	va_list args;

	if (!is_watched(cli))
		return;
	va_start(args, format);
	g_free(say(cli, format, args));
	va_end(args);
	fputc('\n', stderr);
}

void jr_cli_note(JrCli *cli, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	if (cli->quiet)
		return;
	va_start(args, format);
	text = say(cli, format, args);
	va_end(args);
	fputc('\n', stderr);
	show_place(cli, text);
}

int jr_cli_end(JrCli *cli, const GError *error)
{
	int lost;

	if (error)
		jr_cli_tell(cli, error);
	end_progress(cli);
	lost = ferror(stdout);
	if (fclose(stdout) == EOF || lost) {
		fprintf(stderr, "%s: cannot write output: %s\n", cli->name,
			g_strerror(errno));
		if (gives_way(cli->code))
			cli->code = EX_IOERR;
	}
	g_clear_pointer(&cli->state, g_free);
	g_clear_pointer(&cli->config, g_free);
	g_clear_pointer(&cli->operands, g_strfreev);
	g_clear_pointer(&cli->shown, g_ptr_array_unref);
	return cli->code;
}
