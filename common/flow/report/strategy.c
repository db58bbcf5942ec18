/*
 * strategy.c - the SMS strategy in writing, from the workflow files:
 * which moments earn an SMS, why, who said so, and what holds for all of them.
 */
#include "flow/journey/files.h"
#include "flow/report/report.h"
#include "flow/schedule/explain.h"

#include <string.h>

/* @text as Markdown that means nothing but itself, on one line. */
static void put_text(GString *out, const char *text)
{
	g_autofree char *flat = g_strdup(text ? text : "-");
	g_autofree char *plain = NULL;

	g_strdelimit(flat, "\n\t", ' ');
	plain = jr_plain_text(g_strstrip(flat));
	for (const char *c = plain; *c; c++) {
		if (strchr("\\`*_[]<>|#&~", *c))
			g_string_append_c(out, '\\');
		g_string_append_c(out, *c);
	}
}

static void put_cell(GString *out, const char *text)
{
	g_string_append(out, "| ");
	put_text(out, text);
	g_string_append_c(out, ' ');
}

/* What begins it, in words. */
static char *moment_of(const JrTrigger *t)
{
	static const char *const words[] = {
		[JR_TRIGGER_EVENT] = "the event %s",
		[JR_TRIGGER_ENTERS] = "entering the segment %s",
		[JR_TRIGGER_LEAVES] = "leaving the segment %s",
		[JR_TRIGGER_DATE] = "the date in %s",
		[JR_TRIGGER_SCHEDULE] = "a schedule, to the segment %s",
		[JR_TRIGGER_RECORD] = "the trigger record %s",
	};
	g_auto(GStrv) parts = g_strsplit(words[t->kind], "%s", 2);
	g_autofree char *offset =
		t->kind == JR_TRIGGER_DATE ? jr_span_format(&t->offset) : NULL;
	GString *text = g_string_new(parts[0]);

	g_string_append(text, t->name	     ? t->name
			      : t->attribute ? t->attribute
					     : "all");
	if (offset && strcmp(offset, "0s") != 0)
		g_string_append_printf(text, ", %s", offset);
	if (t->where)
		g_string_append_printf(text, ", where %s",
				       jr_expr_text(t->where));
	return g_string_free(text, FALSE);
}

static gboolean is_texting(const JrStep *step)
{
	return step->kind == JR_STEP_MESSAGE &&
	       step->message->channel == JR_CHANNEL_SMS;
}

static guint texts_of(const JrWorkflow *w)
{
	guint n = 0;

	for (guint i = 0; i < w->n_steps; i++)
		n += is_texting(&w->steps[i]);
	return n;
}

/* ---- the moments ---- */

static void put_moment(GString *out, const JrWorkflow *w)
{
	g_autofree char *moment = moment_of(&w->trigger);
	g_autofree char *n = g_strdup_printf("%u", texts_of(w));
	g_autofree char *priority = g_strdup_printf("%d", w->priority);

	put_cell(out, w->name);
	put_cell(out, moment);
	put_cell(out, w->why_sms);
	put_cell(out, n);
	put_cell(out, priority);
	put_cell(out, w->approved_by);
	put_cell(out, w->approved_on);
	put_cell(out, w->enabled ? "yes" : "no");
	g_string_append(out, "|\n");
}

static void put_moments(GString *out, const GPtrArray *all)
{
	guint n = 0;

	g_string_append(out, "## Moments that earn an SMS\n\n");
	for (guint i = 0; i < all->len; i++) {
		if (!texts_of(all->pdata[i]))
			continue;
		if (n++ == 0)
			g_string_append(
				out,
				"| workflow | moment | why | SMS | priority "
				"| approved by | on | enabled |\n"
				"| --- | --- | --- | --- | --- | --- | --- "
				"| --- |\n");
		put_moment(out, all->pdata[i]);
	}
	if (n == 0)
		g_string_append(out, "None.\n");
	g_string_append(out, "\n## Moments that do not\n\n");
	for (guint i = n = 0; i < all->len; i++) {
		const JrWorkflow *w = all->pdata[i];
		g_autofree char *moment = moment_of(&w->trigger);

		if (texts_of(w))
			continue;
		n++;
		g_string_append(out, "- ");
		put_text(out, w->name);
		g_string_append(out, ": ");
		put_text(out, moment);
		g_string_append_c(out, '\n');
	}
	if (n == 0)
		g_string_append(out, "Whatever has no workflow above.\n");
}

/* ---- the texts ---- */

/* A fence longer than any run of backquotes in the text. */
static void put_fenced(GString *out, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	guint longest = 2, run = 0;

	for (const char *c = text; *c; c++) {
		run = *c == '`' ? run + 1 : 0;
		longest = MAX(longest, run);
	}
	for (guint i = 0; i <= longest; i++)
		g_string_append_c(out, '`');
	g_string_append_c(out, '\n');
	for (char **line = lines; *line; line++) {
		g_autofree char *plain = jr_plain_text(*line);

		g_string_append_printf(out, "%s\n", plain);
	}
	for (guint i = 0; i <= longest; i++)
		g_string_append_c(out, '`');
	g_string_append(out, "\n\n");
}

static void put_step(GString *out, const JrStep *step)
{
	const JrMessageStep *m = step->message;

	g_string_append(out, "Step ");
	put_text(out, step->id);
	g_string_append_printf(out, ", %s", jr_purpose_name(m->purpose));
	if (step->test) {
		g_string_append(out, ", only if ");
		put_text(out, jr_expr_text(step->test));
	}
	if (m->has_deadline) {
		g_autofree char *within = jr_span_format(&m->deadline);

		g_string_append_printf(out, ", within %s or not at all",
				       within);
	}
	g_string_append_printf(out, "; what a cap stops %s:\n\n",
			       m->cap == JR_CAP_SKIP ? "is not sent" : "waits");
	for (guint i = 0; i < m->n_variants; i++) {
		const JrVal *body = m->variants[i].sources[JR_PART_BODY];

		if (body && body->type == JR_VAL_TEXT)
			put_fenced(out, body->text);
	}
}

static void put_workflow(GString *out, const JrWorkflow *w)
{
	if (!texts_of(w))
		return;
	g_string_append(out, "\n### ");
	put_text(out, w->name);
	g_string_append(out, "\n\n");
	if (w->description) {
		put_text(out, w->description);
		g_string_append(out, ".\n\n");
	}
	for (guint i = 0; i < w->n_caps; i++) {
		g_autofree char *cap = jr_cap_format(&w->caps[i].cap);

		g_string_append_printf(
			out, "Its own cap: %s, %s.\n\n",
			w->caps[i].channel ? jr_channel_name(w->caps[i].channel)
					   : "all channels",
			cap);
	}
	for (guint i = 0; i < w->n_steps; i++)
		if (is_texting(&w->steps[i]))
			put_step(out, &w->steps[i]);
}

/* ---- what holds for all ---- */

static void put_caps(GString *out, const JrPolicy *p)
{
	for (guint i = 0; i < p->n_caps; i++) {
		g_autofree char *cap = jr_cap_format(&p->caps[i].cap);

		if (p->caps[i].channel == JR_CHANNEL_SMS)
			g_string_append_printf(
				out,
				"- Nobody gets more than %s, all workflows "
				"together.\n",
				cap);
	}
	for (JrPurpose purpose = 1; purpose <= JR_PURPOSE_LAST; purpose++)
		if (p->caps_exempt & 1u << purpose)
			g_string_append_printf(
				out,
				"- No cap holds messages of the purpose "
				"%s.\n",
				jr_purpose_name(purpose));
}

static void put_weekdays(GString *out, guint8 weekdays)
{
	static const char *const names[] = { NULL,  "mon", "tue", "wed",
					     "thu", "fri", "sat", "sun" };

	if (weekdays == JR_WEEKDAYS_ALL)
		return;
	g_string_append(out, " on");
	for (guint day = 1; day <= 7; day++)
		if (weekdays & 1u << day)
			g_string_append_printf(out, " %s", names[day]);
}

static void put_quiet(GString *out, const JrPolicy *p)
{
	if (!(p->quiet_channels & 1u << JR_CHANNEL_SMS)) {
		g_string_append(out, "- There are no quiet hours for SMS.\n");
		return;
	}
	for (guint i = 0; i < p->quiet.n_rules; i++) {
		const JrQuietRule *rule = &p->quiet.rules[i];

		g_string_append_printf(
			out, "- SMS go between %02d:%02d and %02d:%02d",
			rule->allowed.from / 60, rule->allowed.from % 60,
			rule->allowed.until / 60, rule->allowed.until % 60);
		put_weekdays(out, rule->weekdays);
		g_string_append_printf(
			out, " by the person's clocks%s%s%s%s.\n",
			*rule->country	       ? " in "
			: p->quiet.n_rules > 1 ? " everywhere else"
					       : "",
			rule->country, *rule->region ? "-" : "", rule->region);
	}
}

static void put_money(GString *out, const JrPolicy *p)
{
	if (p->budget.per_day_micros)
		g_string_append_printf(out, "- At most %.2f %s a day.\n",
				       (double)p->budget.per_day_micros / 1e6,
				       p->currency);
	if (p->budget.per_month_micros)
		g_string_append_printf(out, "- At most %.2f %s a month.\n",
				       (double)p->budget.per_month_micros / 1e6,
				       p->currency);
	if (!p->brake.off)
		g_string_append_printf(
			out,
			"- A workflow whose opt-outs are credibly over %.4g %% "
			"of its SMS is held until a person releases it.\n",
			p->brake.opt_out_rate * 100);
}

static void put_rules(GString *out, const JrPolicy *p)
{
	g_string_append(
		out,
		"\n## What holds for all of them\n\n"
		"- No SMS goes without a recorded, unrevoked, explicit yes to "
		"SMS of that person and number.\n"
		"- Whoever says STOP gets none, at once.\n"
		"- A new workflow with SMS runs when its file names who "
		"approved it, when, and why the moment deserves one.\n");
	put_caps(out, p);
	put_quiet(out, p);
	put_money(out, p);
	g_string_append_printf(out,
			       "- A text of more than %u segments is not "
			       "sent.\n",
			       p->sms_max_segments);
	if (p->opt_out_line) {
		g_string_append(out, "- The first SMS to a person ends with: ");
		put_text(out, p->opt_out_line);
		g_string_append(out, "\n");
	}
	if (p->re_permission.on) {
		g_string_append(out, "- Asking for permission by SMS, once a "
				     "number, is approved by ");
		put_text(out, p->re_permission.approved_by);
		g_string_append(out, ".\n");
	}
}

static void put_approvers(GString *out, const GPtrArray *all)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	g_string_append(out, "\n## Who approves\n\n");
	for (guint i = 0; i < all->len; i++) {
		const JrWorkflow *w = all->pdata[i];

		if (!texts_of(w) || !w->approved_by ||
		    !g_hash_table_add(seen, (gpointer)w->approved_by))
			continue;
		g_string_append(out, "- ");
		put_text(out, w->approved_by);
		g_string_append_c(out, '\n');
	}
	if (g_hash_table_size(seen) == 0)
		g_string_append(out, "Nobody has approved an SMS yet.\n");
}

gboolean jr_report_strategy(JrFlow *flow, const JrReportAsk *ask, GString *out,
			    GError **error)
{
	g_autoptr(JrJourneyFiles) files = jr_journey_files_load(flow, error);
	g_autofree char *day = jr_report_day(jr_flow_now(flow) / 86400);
	const GPtrArray *all;

	(void)ask;
	if (!files)
		return FALSE;
	all = jr_journey_files_all(files);
	g_string_append(out, "# SMS strategy of ");
	put_text(out,
		 flow->policy->brand ? flow->policy->brand : "the product");
	g_string_append_printf(
		out,
		"\n\nWritten by jr-report strategy from the workflow files on "
		"%s; change those, and write it anew.\n\n",
		day);
	put_moments(out, all);
	put_approvers(out, all);
	put_rules(out, flow->policy);
	g_string_append(out, "\n## The texts\n");
	for (guint i = 0; i < all->len; i++)
		put_workflow(out, all->pdata[i]);
	return TRUE;
}

/* The same story as jr-schedule --explain tells. */
gboolean jr_report_why(JrFlow *flow, const JrReportAsk *ask, GString *out,
		       GError **error)
{
	const JrExplainAsk explain = { ask->operand, ask->workflow };

	(void)out;
	return jr_schedule_explain(flow, &explain, error);
}
