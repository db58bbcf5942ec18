#include "flow/schedule/look.h"
#include "flow/schedule/known.h"
#include "flow/segment/file.h"
#include "net/push.h"
#include "rules/lint.h"

#include <string.h>

typedef struct {
	const JrCheckTell *tell;
	JrWriter *out;
	GError *error; /* of writing */
} Findings;

static const char *const levels[] = {
	[JR_LINT_ADVICE] = "note",
	[JR_LINT_WARNING] = "warning",
};

static void write_finding(gpointer user, const JrLint *lint)
{
	Findings *findings = user;
	g_autofree char *line = g_strdup_printf(
		"%s:%u:%u: %s: %s [%s]", lint->file, lint->line, lint->column,
		levels[lint->level], lint->message, lint->code);

	if (!findings->error)
		jr_writer_line(findings->out, line, strlen(line),
			       &findings->error);
}

/*
 * The segments there are; NULL when there is no file, and then there are none,
 * or it is wrong, and then nobody knows.
 */
static JrSegmentFile *load_segments(const JrFlow *flow, JrLintAsk *ask,
				    JrJourneyWrongFn wrong, gpointer user)
{
	static const char *const none[] = { NULL };
	g_autoptr(GError) why = NULL;
	JrSegmentFile *file;

	if (!g_file_test(flow->config->segments, G_FILE_TEST_EXISTS)) {
		ask->segments = none;
		return NULL;
	}
	file = jr_segment_file_load(flow->config->segments, &why);
	if (!file)
		wrong(user, why);
	return file;
}

/* Whether push goes to the services whose options jr knows; programs of one's
 * own have theirs. */
static gboolean knows_push(const JrPolicy *policy)
{
	const char *const names[] = { policy->routes[JR_CHANNEL_PUSH].provider,
				      policy->routes[JR_CHANNEL_PUSH].fallback,
				      policy->push_android, policy->push_ios,
				      policy->push_web };

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		const JrProviderKind *kind =
			names[i] ? jr_provider_kind(names[i], NULL) : NULL;

		if (kind && kind->channels == 1 << JR_CHANNEL_PUSH)
			return TRUE;
	}
	return FALSE;
}

/* Which of them a person's device needs is not known before. */
static gboolean check_key(const char *key, GError **error)
{
	return jr_push_key_check(key, JR_PUSH_TO_ALL, error);
}

/* Lint all of @files. */
static gboolean lint(const JrFlow *flow, const JrJourneyFiles *files,
		     JrLintAsk *ask, Findings *findings, GError **error)
{
	const GPtrArray *all = jr_journey_files_all(files);
	g_autoptr(JrKnown) known = NULL;

	if (flow->db) {
		known = jr_known_new(flow, files, findings->tell, error);
		if (!known)
			return FALSE;
	}
	for (guint i = 0; i < all->len; i++) {
		if (known)
			jr_known_fill(known, all->pdata[i], ask);
		jr_workflow_lint(all->pdata[i], ask, write_finding, findings);
	}
	if (!findings->error)
		return TRUE;
	g_propagate_error(error, findings->error);
	return FALSE;
}

gboolean jr_schedule_check(const JrFlow *flow, const JrCheckTell *tell,
			   GError **error)
{
	g_autoptr(JrJourneyFiles) files =
		jr_journey_files_check(flow, tell->wrong, tell->user, error);
	JrLintAsk ask = { .policy = flow->policy };
	g_autoptr(JrSegmentFile) segments =
		load_segments(flow, &ask, tell->wrong, tell->user);
	g_autofree const char **names =
		segments ? jr_segment_file_names(segments) : NULL;
	Findings findings = { .tell = tell, .out = flow->out };

	if (names)
		ask.segments = names;
	if (knows_push(flow->policy)) {
		ask.push_option = jr_push_option_check;
		ask.push_key = check_key;
	}
	return files && lint(flow, files, &ask, &findings, error) &&
	       jr_writer_flush(flow->out, error);
}
