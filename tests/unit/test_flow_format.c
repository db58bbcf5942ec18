/*
 * The formats: what each line means, by tests/cases/flow/formats.txt.
 *
 * There "< LINE" is read, and "> …" is a record it makes or a part that is
 * refused; lines that begin with anything else are for people.
 */
#include "flow/format/trust.h"
#include "io/json.h"
#include "net/providers.h"
#include "unit.h"

#include <string.h>

#define CASES "tests/cases/flow/formats.txt"
#define NOW_MS G_GINT64_CONSTANT(1793900000000)

static void show_device(const JrIngestDevice *device, GString *out)
{
	g_string_append_printf(
		out, " %s %s %s", device->kind ? device->kind : "-",
		device->platform ? device->platform : "-", device->token);
	if (device->last_used_s)
		g_string_append_printf(out, " used=%" G_GINT64_FORMAT,
				       device->last_used_s);
	if (device->says_kind)
		g_string_append(out, " kind");
	if (g_strcmp0(device->kind, "webpush") == 0 &&
	    device->attributes.text &&
	    strstr(device->attributes.text, "p256dh"))
		g_string_append_printf(out, " %.*s",
				       (int)device->attributes.len,
				       device->attributes.text);
	if (device->app)
		g_string_append_printf(out, " app=%s", device->app);
	if (device->environment)
		g_string_append_printf(out, " environment=%s",
				       device->environment);
	if (device->disabled)
		g_string_append(out, " disabled");
}

static void show_metric(const JrIngestMetric *metric, GString *out)
{
	const char *const texts[][2] = {
		{ "message", metric->message },
		{ "provider", metric->provider },
		{ "sid", metric->provider_id },
		{ "channel", jr_channel_name(metric->channel) },
		{ "token", metric->token },
		{ "number", metric->number },
		{ "code", metric->code },
		{ "reason", metric->reason },
		{ "href", metric->href },
		{ "link", metric->link },
		{ "agent", metric->agent },
	};

	g_string_append_printf(out, " %s", jr_metric_name(metric->metric));
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
		if (texts[i][1])
			g_string_append_printf(out, " %s=%s", texts[i][0],
					       texts[i][1]);
	if (metric->cost_micros >= 0)
		g_string_append_printf(out, " cost=%" G_GINT64_FORMAT "%s",
				       metric->cost_micros, metric->currency);
	if (metric->segments >= 0)
		g_string_append_printf(out, " segments=%" G_GINT64_FORMAT,
				       metric->segments);
	if (metric->report)
		g_string_append_printf(out, " of=%s/%s %s %s",
				       metric->report->workflow,
				       metric->report->step,
				       jr_purpose_name(metric->report->purpose),
				       metric->report->content);
	if (metric->opted_out)
		g_string_append(out, " opted-out");
	if (metric->bot)
		g_string_append(out, " machine");
}

static void show_inbound(const JrIngestInbound *inbound, GString *out)
{
	g_string_append_printf(out, " %s %s>%s '%s'",
			       jr_channel_name(inbound->channel), inbound->from,
			       inbound->to, inbound->text);
	if (inbound->word)
		g_string_append_printf(out, " as %s", inbound->word);
}

/* All that a record says, in a line. */
static void show(const JrIngestRec *rec, GString *out)
{
	const char *action = jr_ingest_action_name(rec->action);

	g_string_append_printf(out, "> %s",
			       action				  ? action
			       : rec->action == JR_INGEST_METRIC  ? "metric"
			       : rec->action == JR_INGEST_INBOUND ? "inbound"
			       : rec->action == JR_INGEST_REVIEW  ? "review"
								  : "pass");
	if (rec->action == JR_INGEST_REVIEW)
		g_string_append_printf(out, " %d by %s",
				       (int)rec->review->review,
				       rec->review->by);
	if (rec->who.kind)
		g_string_append_printf(out, " %s:%s",
				       jr_identity_name(rec->who.kind),
				       rec->who.value);
	if (rec->other.kind)
		g_string_append_printf(out, " + %s:%s",
				       jr_identity_name(rec->other.kind),
				       rec->other.value);
	if (rec->timed)
		g_string_append_printf(out, " @%" G_GINT64_FORMAT, rec->at_ms);
	else if (rec->at_ms != NOW_MS)
		g_string_append_printf(out, " ~%" G_GINT64_FORMAT, rec->at_ms);
	/* Ids made of content are long and of no interest. */
	if (rec->id && strspn(rec->id, "0123456789abcdef") < 32)
		g_string_append_printf(out, " id=%s", rec->id);
	if (rec->name)
		g_string_append_printf(out, " name='%s'", rec->name);
	if (rec->update_only)
		g_string_append(out, " update-only");
	if (rec->action == JR_INGEST_ADD_DEVICE ||
	    rec->action == JR_INGEST_DELETE_DEVICE)
		show_device(rec->device, out);
	if (rec->action == JR_INGEST_METRIC)
		show_metric(rec->metric, out);
	if (rec->action == JR_INGEST_INBOUND)
		show_inbound(rec->inbound, out);
	if (rec->data.text)
		g_string_append_printf(out, " %.*s", (int)rec->data.len,
				       rec->data.text);
	g_string_append_c(out, '\n');
}

static void show_refused(const JrReject *reject, gpointer user)
{
	g_string_append_printf(user, "> refused %s: %s\n",
			       reject->field ? reject->field : "-",
			       reject->reason);
}

/* What @text, a line, is taken for. */
static void read_line(const char *text, GString *out)
{
	g_autoptr(JrArena) arena = jr_arena_new(1 << 24);
	g_autoptr(JrClasses) classes =
		jr_classes_new(jr_twilio_classes, NULL, NULL, NULL);
	g_autoptr(JrClasses) telnyx =
		jr_classes_new(jr_telnyx_classes, NULL, NULL, NULL);
	const JrVal empty = { .type = JR_VAL_MAP };
	g_autoptr(JrPolicy) policy = jr_policy_new(&empty, NULL, NULL);
	g_autoptr(GArray) recs = g_array_new(FALSE, FALSE, sizeof(JrIngestRec));
	g_autoptr(GArray) waiting = g_array_new(FALSE, FALSE, sizeof(JrReject));
	g_autoptr(GError) why = NULL;
	JrRefusals refusals = {
		.source = "test",
		.arena = arena,
		.waiting = waiting,
		.told = show_refused,
		.user = out,
	};
	g_autoptr(JrTrust) trust = jr_trust_new(policy, TRUE, NULL);
	guint64 believed = 0;
	const JrFormatSetup setup = {
		.now_ms = NOW_MS,
		.when_ms = NOW_MS,
		.country = "US",
		.refusals = &refusals,
		.twilio = classes,
		.telnyx = telnyx,
		.messagebird = telnyx,
		.trust = trust,
		.believed = &believed,
	};
	JrFormatLine line = {
		.setup = &setup,
		.arena = arena,
		.recs = recs,
		.number = 1,
		.base = text,
		.val = jr_json_parse(arena, text, strlen(text), &why),
		.raw = { text, strlen(text) },
	};

	ck_assert_msg(line.val, "%s: %s", text, why ? why->message : "");
	if (!jr_format_read(&line, NULL)) {
		const JrRefusal refusal = {
			.field = line.field,
			.reason = line.reason,
			.record = line.raw,
		};

		ck_assert_int_eq(recs->len, 0);
		jr_refusals_add(&refusals, &refusal);
	}
	for (guint i = 0; i < recs->len; i++)
		show(&g_array_index(recs, JrIngestRec, i), out);
}

/* The first line in which @got and @want differ; -1: none. */
static int first_difference(char **got, char **want)
{
	for (int i = 0; got[i] || want[i]; i++)
		if (g_strcmp0(got[i], want[i]) != 0)
			return i;
	return -1;
}

START_TEST(each_line_means_what_its_case_says)
{
	g_autofree char *text = NULL;
	g_autoptr(GString) got = g_string_new(NULL);
	guint n = 0;

	ck_assert(g_file_get_contents(CASES, &text, NULL, NULL));
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++) {
		if (g_str_has_prefix(*line, "> "))
			continue;
		g_string_append_printf(got, "%s%s", *line, line[1] ? "\n" : "");
		if (!g_str_has_prefix(*line, "< "))
			continue;
		read_line(*line + 2, got);
		n++;
	}
	ck_assert_uint_gt(n, 50);
	g_auto(GStrv) results = g_strsplit(got->str, "\n", -1);
	int at = first_difference(results, lines);
	ck_assert_msg(at < 0, CASES ":%d: got: %s", at + 1, results[at]);
}
END_TEST

START_TEST(every_format_is_found_by_its_name)
{
	const char *names[] = { "entity",      "segment",   "report", "track",
				"batch",       "pass",	    "twilio", "telnyx",
				"messagebird", "customerio" };
	g_autoptr(GError) error = NULL;
	const JrFormat *format;

	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		ck_assert(jr_format_find(names[i], &format, NULL));
		ck_assert_str_eq(format->name, names[i]);
	}
	ck_assert(jr_format_find("auto", &format, NULL));
	ck_assert_ptr_null(format);
	ck_assert(!jr_format_find("xml", &format, &error));
	ck_assert_ptr_nonnull(strstr(error->message, "entity"));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, each_line_means_what_its_case_says);
	tcase_add_test(tc, every_format_is_found_by_its_name);
}
