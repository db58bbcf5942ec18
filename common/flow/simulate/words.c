/* A simulation as it is asked for on a command line. */
#include "base/error.h"
#include "base/instant.h"
#include "flow/since.h"
#include "flow/simulate/simulate.h"

#include <string.h>

static gboolean misused(GError **error, const char *what)
{
	g_set_error_literal(error, JR_ERROR, JR_ERROR_USAGE, what);
	return FALSE;
}

/* @text, an option's, as a length of time in seconds. */
static gboolean read_span(const char *option, const char *text,
			  const char *otherwise, gint64 *length_s,
			  GError **error)
{
	g_autofree char *prefix = g_strdup_printf("--%s: ", option);
	JrSpan span;

	if (!jr_span_parse(text ? text : otherwise, &span, error)) {
		g_prefix_error_literal(error, prefix);
		if (error && *error)
			(*error)->code = JR_ERROR_USAGE;
		return FALSE;
	}
	*length_s = jr_span_seconds(&span);
	return TRUE;
}

static gboolean read_times(const JrFlow *flow, const JrSimulateWords *words,
			   JrSimulateAsk *ask, GError **error)
{
	gint64 now_s = jr_flow_now(flow);

	ask->until_s = now_s;
	if (!words->from)
		return misused(error, "--simulate needs --from: write the day "
				      "to begin with, or 90d");
	if (!jr_since_parse(words->from, now_s, &ask->from_s, error) ||
	    (words->until &&
	     !jr_since_parse(words->until, now_s, &ask->until_s, error)))
		return FALSE;
	if (ask->until_s <= ask->from_s)
		return misused(error, "--until is not after --from");
	if (!read_span("warm-up", words->warm_up, "30d", &ask->warm_up_s,
		       error) ||
	    !read_span("every", words->every, "1m", &ask->every_s, error))
		return FALSE;
	if (ask->warm_up_s < 0)
		return misused(error, "--warm-up is below zero");
	return ask->every_s > 0 ||
	       misused(error, "--every is how long cron waits: write 1m");
}

static gboolean write_lines(const JrFlow *flow, char *text, GError **error)
{
	for (char *line = text; *line;) {
		char *end = strchr(line, '\n');

		if (!jr_writer_line(flow->out, line,
				    end ? (gsize)(end - line) : strlen(line),
				    error))
			return FALSE;
		line = end ? end + 1 : line + strlen(line);
	}
	return jr_writer_flush(flow->out, error);
}

gboolean jr_simulate_words(JrFlow *flow, const JrSimulateWords *words,
			   JrSimulateAsk *ask, GError **error)
{
	const JrTableForm *form =
		jr_table_form(words->form ? words->form : "table");
	const JrTableStyle plain = { 0 };
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(JrTable) table = NULL;

	if (!form)
		return misused(error, "--format is one of table, ndjson and "
				      "csv");
	ask->against = words->against;
	if (!read_times(flow, words, ask, error))
		return FALSE;
	table = jr_simulate(flow, ask, error);
	if (!table)
		return FALSE;
	form->write(table, &plain, text);
	return write_lines(flow, text->str, error);
}

void jr_simulate_words_clear(JrSimulateWords *words)
{
	g_free(words->from);
	g_free(words->until);
	g_free(words->warm_up);
	g_free(words->every);
	g_free(words->against);
	g_free(words->form);
	*words = (JrSimulateWords){ 0 };
}
