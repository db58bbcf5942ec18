#include "rules/lint_impl.h"

#include <string.h>

void jr_lint_say(const JrLinter *l, JrLintLevel level, const char *code,
		 const JrVal *at, guint line, const char *format, ...)
{
	g_autofree char *message = NULL;
	va_list args;

	va_start(args, format);
	message = g_strdup_vprintf(format, args);
	va_end(args);
	const JrLint lint = { .level = level,
			      .code = code,
			      .file = l->w->file,
			      .line = MAX(at ? at->line : line, 1),
			      .column = MAX(at ? at->column : 1, 1),
			      .message = message };
	l->each(l->user, &lint);
}

char *jr_lint_text(const JrVariant *variant, JrPart part, const JrVal *vars)
{
	static const JrVal none = { .type = JR_VAL_MAP };
	const JrVal *values = vars ? vars : &none;
	const JrLiquidRun run = { .vars = values, .fallback = values };
	g_autoptr(GString) out = g_string_new(NULL);

	if (!variant->parts[part] ||
	    !jr_liquid_render(variant->parts[part], &run, out, NULL))
		return NULL;
	return g_string_free(g_steal_pointer(&out), FALSE);
}

static void see_attribute(gpointer user, const char *path, guint line,
			  guint column)
{
	(void)line;
	(void)column;
	if (g_str_equal(path, "sms_consent"))
		*(gboolean *)user = TRUE;
}

/* The seed: "Every SMS workflow must filter to sms_consent == true." */
static gboolean asks_consent(const JrWorkflow *w)
{
	static const JrExprVisitor visitor = { .attribute = see_attribute };
	gboolean seen = FALSE;

	jr_workflow_visit(w, &visitor, &seen);
	return seen;
}

static char *first_text(const JrLinter *l, const JrMessageStep *message)
{
	return jr_lint_text(&message->variants[0], JR_PART_BODY,
			    l->ask->longest);
}

static gboolean says_how_to_stop(const JrLinter *l,
				 const JrMessageStep *message)
{
	g_autofree char *body = first_text(l, message);

	return !body || message->names_sender || l->ask->policy->opt_out_line ||
	       strstr(body, "STOP");
}

/* Whether the text names who sends it. */
static gboolean says_who(const JrLinter *l, const JrMessageStep *message)
{
	const char *brand = l->ask->policy->brand;
	g_autofree char *body = first_text(l, message);
	g_autofree char *low = body ? g_utf8_casefold(body, -1) : NULL;
	g_autofree char *name = brand ? g_utf8_casefold(brand, -1) : NULL;

	return !low || !name || message->names_sender || strstr(low, name);
}

static void check_first_sms(const JrLinter *l)
{
	for (guint i = 0; i < l->w->n_steps; i++) {
		const JrStep *step = &l->w->steps[i];
		const JrVal at = { .line = step->line, .column = step->column };
		const JrMessageStep *m = step->message;

		if (!m || m->channel != JR_CHANNEL_SMS)
			continue;
		if (m->purpose == JR_PURPOSE_MARKETING &&
		    !says_how_to_stop(l, m))
			jr_lint_say(
				l, JR_LINT_WARNING, "opt-out-words", &at, 0,
				"the first SMS does not say how to opt out: add "
				"\"Reply STOP to opt out\"");
		if (!says_who(l, m))
			jr_lint_say(
				l, JR_LINT_ADVICE, "no-brand", &at, 0,
				"the first SMS does not say who writes: begin it "
				"with \"%s: \"",
				l->ask->policy->brand);
		return;
	}
}

static void check_whole(JrLinter *l)
{
	const JrWorkflow *w = l->w;
	gboolean sends_sms = jr_workflow_has(w, JR_CHANNEL_SMS);

	if (sends_sms && !asks_consent(w))
		jr_lint_say(
			l, JR_LINT_ADVICE, "consent-filter", NULL, 1,
			"it sends SMS and asks nowhere for sms_consent: write 'if: "
			"sms_consent == true' at the step (the gate holds either "
			"way)");
	if (sends_sms)
		check_first_sms(l);
	if (!w->goal.name && w->purpose == JR_PURPOSE_MARKETING)
		jr_lint_say(
			l, JR_LINT_ADVICE, "no-goal", NULL, 1,
			"it has no goal, so nobody leaves it early: write one, "
			"like 'goal: {event: ...}'");
}

/* By place: findings come in the order of the file. */
typedef struct {
	guint order;
	JrLint lint;
	char *message;
} Found;

static void keep(gpointer user, const JrLint *lint)
{
	GArray *all = user;
	Found found = { all->len, *lint, g_strdup(lint->message) };

	g_array_append_val(all, found);
}

static int by_place(gconstpointer a, gconstpointer b)
{
	const Found *x = a, *y = b;

	if (x->lint.line != y->lint.line)
		return x->lint.line < y->lint.line ? -1 : 1;
	if (x->lint.column != y->lint.column)
		return x->lint.column < y->lint.column ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

void jr_workflow_lint(const JrWorkflow *w, const JrLintAsk *ask, JrLintFn each,
		      gpointer user)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Found));
	JrLinter l = { w, ask, keep, all };

	check_whole(&l);
	jr_lint_names(&l);
	for (guint i = 0; i < w->n_steps; i++)
		if (w->steps[i].message)
			jr_lint_message(&l, &w->steps[i]);
	g_array_sort(all, by_place);
	for (guint i = 0; i < all->len; i++) {
		Found *found = &g_array_index(all, Found, i);

		found->lint.message = found->message;
		each(user, &found->lint);
		g_free(found->message);
	}
}
