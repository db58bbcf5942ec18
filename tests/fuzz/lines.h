/*
 * lines.h - what the fuzzers of formats share: a line on its way to records,
 * and from there to the lines that go out.
 */
#pragma once

#include "flow/format/trust.h"
#include "io/json.h"
#include "net/providers.h"

#include <string.h>

#define NOW_MS G_GINT64_CONSTANT(1793900000000)

/* All that a run has; made once. */
typedef struct {
	JrArena *arena;
	GArray *recs, *waiting;
	JrTrust *trust;
	JrClasses *twilio, *telnyx, *messagebird;
	JrRefusals refusals;
	guint64 believed;
	JrFormatSetup setup;
} Lines;

static Lines *lines_new(void)
{
	static const JrVal empty = { .type = JR_VAL_MAP };
	Lines *l = g_new0(Lines, 1);
	JrPolicy *policy = jr_policy_new(&empty, NULL, NULL);

	l->arena = jr_arena_new((gsize)256 * 1024 * 1024);
	l->recs = g_array_new(FALSE, FALSE, sizeof(JrIngestRec));
	l->waiting = g_array_new(FALSE, FALSE, sizeof(JrReject));
	l->trust = jr_trust_new(policy, TRUE, NULL);
	l->twilio = jr_classes_new(jr_twilio_classes, NULL, NULL, NULL);
	l->telnyx = jr_classes_new(jr_telnyx_classes, NULL, NULL, NULL);
	l->messagebird =
		jr_classes_new(jr_messagebird_classes, NULL, NULL, NULL);
	l->refusals = (JrRefusals){
		.source = "fuzz",
		.arena = l->arena,
		.waiting = l->waiting,
	};
	l->setup = (JrFormatSetup){
		.now_ms = NOW_MS,
		.when_ms = NOW_MS,
		.country = "US",
		.link_prefix = "/l/",
		.refusals = &l->refusals,
		.twilio = l->twilio,
		.telnyx = l->telnyx,
		.messagebird = l->messagebird,
		.trust = l->trust,
		.believed = &l->believed,
	};
	jr_policy_free(policy);
	return l;
}

static void lines_reset(Lines *l)
{
	jr_arena_reset(l->arena);
	g_array_set_size(l->recs, 0);
	g_array_set_size(l->waiting, 0);
}

/* A record goes out as one line of JSON, an object. */
static void check_out(Lines *l, const JrIngestRec *rec)
{
	g_autoptr(GString) out = g_string_new(NULL);
	const JrVal *val;

	g_assert(rec->action == JR_INGEST_PASS || rec->id);
	g_assert(rec->at_ms <= NOW_MS && rec->at_ms >= 0);
	jr_ingest_rec_write(rec, out);
	g_assert(!memchr(out->str, '\n', out->len));
	val = jr_json_parse(l->arena, out->str, out->len, NULL);
	g_assert(val && val->type == JR_VAL_MAP);
}

/* Read @len bytes as a line of @format; @val: what they are as JSON, or NULL.
 * What is refused says why, and leaves nothing. */
static gboolean take_line(Lines *l, const JrFormat *format, gpointer state,
			  const char *text, gsize len, const JrVal *val)
{
	JrFormatLine line = {
		.setup = &l->setup,
		.arena = l->arena,
		.recs = l->recs,
		.number = 1,
		.base = text,
		.val = val,
		.raw = { text, len },
		.state = state,
	};
	guint before = l->recs->len;

	if (!jr_format_read(&line, format)) {
		g_assert(line.reason && l->recs->len == before);
		return FALSE;
	}
	for (guint i = before; i < l->recs->len; i++)
		check_out(l, &g_array_index(l->recs, JrIngestRec, i));
	return TRUE;
}
