#include "flow/journey/decide.h"
#include "base/doc.h"
#include "base/put.h"
#include "store/decisions.h"

#include <string.h>

typedef struct {
	const char *gate, *verdict;
	gint64 opens_s;
	gboolean same; /* so far the newest says the same */
} Newest;

static gboolean compare(const JrDecisionRow *row, gpointer user)
{
	Newest *newest = user;

	newest->same = g_strcmp0(row->gate, newest->gate) == 0 &&
		       g_strcmp0(row->verdict, newest->verdict) == 0 &&
		       row->opens_s == newest->opens_s;
	return TRUE;
}

/* Whether it has been decided just so before. */
static gboolean is_known(JrJourneys *journeys, const JrAbout *about,
			 const JrDecisionRow *row, gboolean *known,
			 GError **error)
{
	const JrMessage *message = about->message;
	JrDecisionQuery query = { .person = row->person };
	Newest newest = { row->gate, row->verdict, row->opens_s, FALSE };

	*known = FALSE;
	/* The message keeps which gate put it off last. */
	if (!message || g_strcmp0(message->code, row->gate) != 0)
		return TRUE;
	query.message = message->id;
	if (!jr_decisions_each(journeys->flow->db, &query, compare, &newest,
			       error))
		return FALSE;
	*known = newest.same;
	return TRUE;
}

static json_t *person_of(const JrRun *run)
{
	return json_pack("{s:s}", "id", run->who.row.id ? run->who.row.id : "");
}

static void add_record(JrJourneys *journeys, const JrAbout *about,
		       const JrDecision *decision, const JrDecisionRow *row)
{
	g_autoptr(json_t) record = json_pack(
		"{s:s, s:I, s:s, s:s, s:s}", "type", "decision", "timestamp",
		(json_int_t)row->at_s, "verdict", row->verdict, "gate",
		row->gate, "reason", row->reason ? row->reason : "");

	if (about->message)
		json_object_set_new(record, "message",
				    json_string(about->message->id));
	if (about->step->message)
		json_object_set_new(record, "channel",
				    json_string(jr_channel_name(
					    about->step->message->channel)));
	json_object_set_new(record, "workflow", json_string(row->workflow));
	json_object_set_new(record, "step", json_string(row->step));
	json_object_set_new(record, "person", person_of(about->run));
	if (row->opens_s)
		json_object_set_new(record, "opens_at",
				    json_integer(row->opens_s));
	json_object_set(record, "details", decision->details);
	jr_journeys_tell(journeys, record);
}

gboolean jr_journey_decide(JrJourneys *journeys, const JrAbout *about,
			   const JrDecision *decision, GError **error)
{
	const JrRun *run = about->run;
	gboolean by_time = decision->verdict == JR_VERDICT_LATER &&
			   decision->opens_s < G_MAXINT64;
	JrDecisionRow row = {
		.at_s = journeys->now_s,
		.person = run->row.person,
		.workflow = run->row.workflow,
		.step = about->step->id,
		.channel = about->step->message ? about->step->message->channel
						: 0,
		.enrolment = run->row.enrolment,
		.message = about->message ? about->message->id : NULL,
		.gate = jr_gate_name(decision->gate),
		.verdict = jr_verdict_name(decision->verdict),
		.reason = decision->reason,
		.opens_s = by_time ? decision->opens_s : 0,
	};
	g_autofree char *details = NULL;
	gboolean known;

	if (!is_known(journeys, about, &row, &known, error))
		return FALSE;
	if (known)
		return TRUE;
	details = json_dumps(decision->details, JSON_COMPACT);
	row.details = details;
	if (!jr_decision_add(journeys->flow->db, &row, error))
		return FALSE;
	add_record(journeys, about, decision, &row);
	jr_flow_count(journeys->flow, row.verdict, 1);
	return TRUE;
}

static void put_person(GString *line, const JrRun *run)
{
	const char *id = run->who.row.id;

	jr_put_key(line, "person");
	g_string_append_c(line, '{');
	jr_put_text(line, "id", id ? id : "");
	g_string_append_c(line, '}');
}

/* The parts of the content that a record shows, in its order. */
static const char *const shown[] = { "title",	 "subject",  "body",	"html",
				     "link",	 "image",    "data",	"media",
				     "template", "encoding", "segments" };

void jr_journey_offer_record(JrJourneys *journeys, const JrAbout *about,
			     const json_t *content)
{
	const JrMessage *message = about->message;
	GString *line = journeys->lines;

	if (!journeys->flow->out)
		return;
	g_string_append_c(line, '{');
	jr_put_text(line, "type", "message");
	jr_put_text(line, "id", message->id);
	jr_put_int(line, "timestamp", journeys->now_s);
	jr_put_text(line, "channel", jr_channel_name(message->channel));
	jr_put_text(line, "purpose", jr_purpose_name(message->purpose));
	jr_put_text(line, "workflow", message->workflow);
	jr_put_text(line, "step", message->step);
	put_person(line, about->run);
	jr_put_text(line, "variant", message->variant);
	if (message->deadline_s)
		jr_put_int(line, "deadline", message->deadline_s);
	jr_put_text(line, "to", message->address);
	for (guint i = 0; i < G_N_ELEMENTS(shown); i++) {
		const json_t *part = json_object_get(content, shown[i]);

		if (!part)
			continue;
		jr_put_key(line, shown[i]);
		jr_doc_write(part, line);
	}
	g_string_append(line, "}\n");
}
