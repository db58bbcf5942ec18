#include "rules/lint.h"
#include "rules/sms.h"

#include <string.h>

/* What every check is told. */
typedef struct {
	const JrWorkflow *w;
	const JrLintAsk *ask;
	JrLintFn each;
	gpointer user;
} Linter;

static void say(const Linter *l, JrLintLevel level, const char *code,
		const JrVal *at, guint line, const char *format, ...)
	G_GNUC_PRINTF(6, 7);

static void say(const Linter *l, JrLintLevel level, const char *code,
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

/*
 * What @variant's @part comes to with the longest values that are known; what
 * is missing is empty.  Owned; NULL when there is none, or it does not render.
 */
static char *text_of(const Linter *l, const JrVariant *variant, JrPart part)
{
	static const JrVal none = { .type = JR_VAL_MAP };
	const JrVal *longest = l->ask->longest ? l->ask->longest : &none;
	const JrLiquidRun run = { .vars = longest, .fallback = longest };
	g_autoptr(GString) out = g_string_new(NULL);

	if (!variant->parts[part] ||
	    !jr_liquid_render(variant->parts[part], &run, out, NULL))
		return NULL;
	return g_string_free(g_steal_pointer(&out), FALSE);
}

/* --- one message --- */

/* The character that makes @body UCS-2, as people know it: "'é' (U+00E9)". */
static char *name_of_character(const char *at)
{
	gunichar c = g_utf8_get_char(at);
	char utf8[7] = { 0 };

	g_unichar_to_utf8(c, utf8);
	if (!g_unichar_isgraph(c))
		return g_strdup_printf("U+%04X", c);
	return g_strdup_printf("'%s' (U+%04X)", utf8, c);
}

static void check_encoding(const Linter *l, const JrVal *at, const char *body,
			   const JrSmsCount *count)
{
	g_autofree char *name = NULL;
	g_autofree char *smart = jr_sms_smart(body);
	const char *instead = "write plain letters and straight quotes";

	if (count->encoding == JR_SMS_GSM7)
		return;
	if (smart)
		instead = "write straight quotes and hyphens, or set "
			  "smart_encoding in jr.yaml";
	name = name_of_character(body + count->first_wide);
	if (count->wide == 1)
		say(l, JR_LINT_WARNING, "sms-ucs2", at, 0,
		    "%s alone makes the SMS UCS-2, at 70 a segment: %s", name,
		    instead);
	else
		say(l, JR_LINT_WARNING, "sms-ucs2", at, 0,
		    "%s and %u more make the SMS UCS-2, at 70 a segment: %s",
		    name, count->wide - 1, instead);
}

static void check_sms(const Linter *l, const JrVariant *variant)
{
	const JrVal *at = variant->sources[JR_PART_BODY];
	g_autofree char *plain = text_of(l, variant, JR_PART_BODY);
	g_autofree char *smart =
		plain && l->ask->policy->sms_smart ? jr_sms_smart(plain) : NULL;
	const char *body = smart ? smart : plain;
	JrSmsCount count;

	if (!body)
		return;
	count = jr_sms_count(body);
	if (count.segments > 1)
		say(l, JR_LINT_WARNING, "sms-long", at, 0,
		    "the SMS takes %u segments: keep it within %d characters",
		    count.segments, count.encoding == JR_SMS_GSM7 ? 160 : 70);
	check_encoding(l, at, body, &count);
}

static void check_push(const Linter *l, const JrVariant *variant)
{
	const JrPushLimits *limits = &l->ask->policy->push;
	g_autofree char *title = text_of(l, variant, JR_PART_TITLE);
	g_autofree char *body = text_of(l, variant, JR_PART_BODY);
	JrPushMeasure m = jr_push_measure(limits, title, body);

	if (m.title_fit != JR_PUSH_FITS)
		say(l, JR_LINT_WARNING, "push-title",
		    variant->sources[JR_PART_TITLE], 0,
		    "the title has %u characters: keep it within %u", m.title,
		    limits->title_advised);
	if (m.body_fit != JR_PUSH_FITS)
		say(l, JR_LINT_WARNING, "push-body",
		    variant->sources[JR_PART_BODY], 0,
		    "the body has %u characters: keep it within %u", m.body,
		    limits->body_advised);
}

static void check_message(const Linter *l, const JrStep *step)
{
	const JrVal at = { .line = step->line, .column = step->column };
	const JrMessageStep *message = step->message;

	for (guint i = 0; i < message->n_variants; i++) {
		if (message->channel == JR_CHANNEL_SMS)
			check_sms(l, &message->variants[i]);
		if (message->channel == JR_CHANNEL_PUSH)
			check_push(l, &message->variants[i]);
	}
	if (message->sender &&
	    !jr_policy_sender(l->ask->policy, message->channel,
			      message->sender))
		say(l, JR_LINT_WARNING, "sender", &at, 0,
		    "the sender '%s' is not in jr.yaml: write one of its "
		    "senders",
		    message->sender);
}

/* --- variables --- */

/* Whether a name stands for the customer's attribute. */
static const char *attribute_of(const char *path)
{
	static const char *const others[] = { "event",	  "trigger", "journey",
					      "campaign", "message", "workflow",
					      "snippets", NULL };
	g_autofree char *root = g_strndup(path, strcspn(path, ".["));

	if (g_str_equal(root, "customer"))
		return path[strlen(root)] ? path + strlen(root) + 1 : NULL;
	return g_strv_contains(others, root) ? NULL : path;
}

static void check_variable(gpointer user, const char *path,
			   gboolean has_default, guint line, guint column)
{
	const Linter *l = user;
	const JrLintAsk *ask = l->ask;
	const char *attribute = attribute_of(path);
	const JrVal at = { .line = line, .column = column };

	if (attribute && ask->known && !ask->known(ask->known_user, attribute))
		say(l, JR_LINT_WARNING, "unknown-attribute", &at, 0,
		    "nobody has the attribute '%s': is it spelt so%s?",
		    attribute, has_default ? "" : " (add `| default: \"\"`)");
	else if (attribute && !has_default)
		say(l, JR_LINT_ADVICE, "no-default", &at, 0,
		    "whoever lacks the attribute '%s' gets no message: add `| "
		    "default: …`, or ask for it with 'if: has …'",
		    attribute);
}

/* --- segments and the whole --- */

static void check_segment(gpointer user, const char *name, guint line,
			  guint column)
{
	const Linter *l = user;
	const JrVal at = { .line = line, .column = column };

	if (l->ask->segment_known &&
	    !l->ask->segment_known(l->ask->known_user, name))
		say(l, JR_LINT_WARNING, "unknown-segment", &at, 0,
		    "there is no segment '%s': write one of segments.yaml",
		    name);
}

static void check_attribute(gpointer user, const char *path, guint line,
			    guint column)
{
	const Linter *l = user;
	const JrVal at = { .line = line, .column = column };

	if (l->ask->known && !l->ask->known(l->ask->known_user, path))
		say(l, JR_LINT_WARNING, "unknown-attribute", &at, 0,
		    "nobody has the attribute '%s': is it spelt so?", path);
}

/* What conditions, trigger and goal name. */
static void check_names(Linter *l)
{
	static const JrExprVisitor visitor = { .segment = check_segment,
					       .attribute = check_attribute };
	const JrTrigger *t = &l->w->trigger;

	jr_workflow_visit(l->w, &visitor, l);
	if (t->kind == JR_TRIGGER_ENTERS || t->kind == JR_TRIGGER_LEAVES ||
	    t->kind == JR_TRIGGER_SCHEDULE)
		check_segment(l, t->name, t->line, 0);
	if (l->w->goal.name && l->w->goal.kind != JR_GOAL_EVENT)
		check_segment(l, l->w->goal.name, 0, 0);
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

static gboolean says_how_to_stop(const Linter *l, const JrMessageStep *message)
{
	g_autofree char *body = text_of(l, &message->variants[0], JR_PART_BODY);

	return !body || message->names_sender || l->ask->policy->opt_out_line ||
	       strstr(body, "STOP");
}

/* Whether the text names who sends it. */
static gboolean says_who(const Linter *l, const JrMessageStep *message)
{
	const char *brand = l->ask->policy->brand;
	g_autofree char *body = text_of(l, &message->variants[0], JR_PART_BODY);
	g_autofree char *low = body ? g_utf8_casefold(body, -1) : NULL;
	g_autofree char *name = brand ? g_utf8_casefold(brand, -1) : NULL;

	return !low || !name || message->names_sender || strstr(low, name);
}

static void check_first_sms(const Linter *l)
{
	for (guint i = 0; i < l->w->n_steps; i++) {
		const JrStep *step = &l->w->steps[i];
		const JrVal at = { .line = step->line, .column = step->column };
		const JrMessageStep *m = step->message;

		if (!m || m->channel != JR_CHANNEL_SMS)
			continue;
		if (m->purpose == JR_PURPOSE_MARKETING &&
		    !says_how_to_stop(l, m))
			say(l, JR_LINT_WARNING, "opt-out-words", &at, 0,
			    "the first SMS does not say how to opt out: add "
			    "\"Reply STOP to opt out\"");
		if (!says_who(l, m))
			say(l, JR_LINT_ADVICE, "no-brand", &at, 0,
			    "the first SMS does not say who writes: begin it "
			    "with \"%s: \"",
			    l->ask->policy->brand);
		return;
	}
}

static void check_whole(Linter *l)
{
	const JrWorkflow *w = l->w;
	gboolean sends_sms = jr_workflow_has(w, JR_CHANNEL_SMS);

	if (sends_sms && !asks_consent(w))
		say(l, JR_LINT_ADVICE, "consent-filter", NULL, 1,
		    "it sends SMS and asks nowhere for sms_consent: write 'if: "
		    "sms_consent == true' at the step (the gate holds either "
		    "way)");
	if (sends_sms)
		check_first_sms(l);
	if (!w->goal.name && w->purpose == JR_PURPOSE_MARKETING)
		say(l, JR_LINT_ADVICE, "no-goal", NULL, 1,
		    "it has no goal, so nobody leaves it early: write one, "
		    "like 'goal: {event: ...}'");
}

/* By line: findings come in the order of the file. */
typedef struct {
	guint line, order;
	JrLint lint;
	char *message;
} Found;

static void keep(gpointer user, const JrLint *lint)
{
	GArray *all = user;
	Found found = { lint->line, all->len, *lint, g_strdup(lint->message) };

	g_array_append_val(all, found);
}

static int by_line(gconstpointer a, gconstpointer b)
{
	const Found *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

void jr_workflow_lint(const JrWorkflow *w, const JrLintAsk *ask, JrLintFn each,
		      gpointer user)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Found));
	Linter l = { w, ask, keep, all };

	check_whole(&l);
	check_names(&l);
	for (guint i = 0; i < w->n_steps; i++)
		if (w->steps[i].message)
			check_message(&l, &w->steps[i]);
	jr_workflow_visit_names(w, check_variable, &l);
	g_array_sort(all, by_line);
	for (guint i = 0; i < all->len; i++) {
		Found *found = &g_array_index(all, Found, i);

		found->lint.message = found->message;
		each(user, &found->lint);
		g_free(found->message);
	}
}
