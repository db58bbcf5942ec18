#include "base/crash.h"
#include "base/error.h"
#include "flow/journey/impl.h"

#include <string.h>

/* Why someone did not enter: a word for the counts, and for --explain. */
typedef enum {
	ENTRY_FAILED,
	ENTRY_YES,
	ENTRY_NO,
} Entry;

/* Someone who may enter, before there is a run in the store. */
typedef struct {
	const JrJourneyEntry *entry;
	JrRun run;
	const JrVal *data; /* of what starts it; or NULL */
} Candidate;

/* What runs are told apart by: a text as it is, other values as JSON. */
static const char *run_key(JrJourneys *journeys, const Candidate *candidate)
{
	const char *path = candidate->entry->workflow->key;
	const JrVal *val = NULL;
	g_autoptr(GString) json = NULL;

	if (path && g_str_has_prefix(path, "event."))
		path += strlen("event.");
	if (path && candidate->data)
		val = jr_val_path(candidate->data, path);
	if (jr_val_is_null(val))
		return "";
	if (val->type == JR_VAL_TEXT)
		return val->text;
	json = g_string_new(NULL);
	jr_val_write(val, json);
	return jr_arena_text(journeys->arena, json->str, json->len);
}

/* Whether re-entry lets a run begin beside @last, the newest one. */
static gboolean may_reenter(const JrWorkflow *workflow, const JrEnrolment *last,
			    JrZone *zone, gint64 now_s)
{
	if (last->state == JR_ENROLMENT_LIVE)
		return FALSE;
	switch (workflow->reentry) {
	case JR_REENTRY_ONCE:
		return FALSE;
	case JR_REENTRY_ALWAYS:
		return TRUE;
	case JR_REENTRY_EVERY:
		break;
	}
	return now_s >=
	       jr_span_add(last->entered_s, &workflow->reentry_span, zone);
}

/* Number the run, if re-entry allows it. */
static Entry number_run(JrJourneys *journeys, Candidate *candidate,
			GError **error)
{
	JrRun *run = &candidate->run;
	JrEnrolment last;
	gboolean found = FALSE;

	if (!jr_enrolment_newest(journeys->flow->db, &run->row, journeys->arena,
				 &last, &found, error))
		return ENTRY_FAILED;
	run->row.run = 1;
	if (!found)
		return ENTRY_YES;
	run->row.run = last.run + 1;
	return may_reenter(run->workflow, &last, run->who.zone, journeys->now_s)
		       ? ENTRY_YES
		       : ENTRY_NO;
}

static Entry as_entry(int yes)
{
	return yes < 0 ? ENTRY_FAILED : yes ? ENTRY_YES : ENTRY_NO;
}

/* Trigger condition, filter and re-entry, cheapest first. */
static Entry may_enter(JrJourneys *journeys, Candidate *candidate,
		       GError **error)
{
	JrRun *run = &candidate->run;
	JrRunAsk where = { .expr = run->workflow->trigger.where };
	JrRunAsk filter = { .expr = run->workflow->filter };
	Entry entry =
		as_entry(jr_run_holds(journeys, run, &where, NULL, error));

	if (entry == ENTRY_YES)
		entry = number_run(journeys, candidate, error);
	if (entry == ENTRY_YES)
		entry = as_entry(
			jr_run_holds(journeys, run, &filter, NULL, error));
	return entry;
}

/* Whether what starts it is too old to start anything. */
static gboolean is_history(const JrJourneys *journeys,
			   const JrJourneyEntry *entry)
{
	if (entry->row && entry->row->flags & JR_LOG_HISTORY)
		return TRUE;
	return journeys->now_s - entry->at_s >
	       journeys->flow->policy->max_age_s;
}

/* Fill the candidate; its person, too: run.gone says if there is none. */
static gboolean make_candidate(JrJourneys *journeys, Candidate *candidate,
			       GError **error)
{
	const JrJourneyEntry *entry = candidate->entry;
	const JrWorkflow *workflow = entry->workflow;
	JrRun *run = &candidate->run;
	gboolean found = FALSE;

	*run = (JrRun){ .workflow = workflow,
			.loaded = TRUE,
			.at_s = MIN(entry->at_s, journeys->now_s) };
	run->row = (JrEnrolment){ .workflow = workflow->name,
				  .version = workflow->hash,
				  .person = entry->person,
				  .entered_s = journeys->now_s,
				  .trigger_s = entry->at_s,
				  .step = "",
				  .state = JR_ENROLMENT_LIVE,
				  .due_s = journeys->now_s,
				  .watch_s = G_MAXINT64 };
	if (entry->row) {
		run->row.trigger_seq = entry->row->seq;
		run->event_name = entry->row->name;
		run->event_id = entry->row->id;
	}
	if (!jr_journey_row_data(journeys, entry->row, &candidate->data,
				 error) ||
	    !jr_journeys_meet(journeys, entry->person, &run->who, &found,
			      error))
		return FALSE;
	run->event = candidate->data;
	run->row.key = run_key(journeys, candidate);
	run->gone = !found;
	return TRUE;
}

static gboolean has_settle(const JrWorkflow *workflow)
{
	const JrSpan *settle = &workflow->settle;

	return settle->months || settle->days || settle->seconds;
}

/* The run is in the store: pause first, or begin. */
static gboolean set_out(JrJourneys *journeys, Candidate *candidate,
			GError **error)
{
	JrRun *run = &candidate->run;
	gint64 begins_s = candidate->entry->begins_s;

	if (has_settle(run->workflow))
		begins_s = jr_span_add(
			MAX(begins_s, jr_journey_base(journeys, run)),
			&run->workflow->settle, run->who.zone);
	run->from_s = candidate->entry->world_s;
	if (begins_s <= journeys->now_s)
		return jr_journey_go(
			journeys, run,
			run->workflow->n_steps > 0 ? 0 : JR_STEP_END, error);
	run->row.due_s = begins_s;
	return jr_run_save(journeys, run, error);
}

gboolean jr_journey_moved(JrJourneys *journeys, JrRun *run, const JrLogRow *row,
			  GError **error)
{
	const JrWorkflow *workflow = run->workflow;
	gint64 at_s;

	if (run->from_s == 0 ||
	    (row->kind != JR_LOG_IDENTIFY && row->kind != JR_LOG_MERGE))
		return TRUE;
	if (!jr_run_load(journeys, run, error))
		return FALSE;
	if (run->gone || !jr_trigger_hour(&workflow->trigger, run->who.zone,
					  run->from_s, &at_s))
		return TRUE;
	at_s = jr_span_add(at_s, &workflow->settle, run->who.zone);
	at_s = MAX(at_s, journeys->now_s);
	if (at_s == run->row.due_s)
		return TRUE;
	run->row.due_s = at_s;
	return jr_run_save(journeys, run, error);
}

gboolean jr_journey_enter(JrJourneys *journeys, const JrJourneyEntry *entry,
			  GError **error)
{
	Candidate candidate = { .entry = entry };
	JrRun *run = &candidate.run;
	gboolean fresh = FALSE;

	if (!entry->workflow->enabled || is_history(journeys, entry))
		return TRUE;
	if (!make_candidate(journeys, &candidate, error))
		return FALSE;
	if (run->gone)
		return TRUE;
	switch (may_enter(journeys, &candidate, error)) {
	case ENTRY_FAILED:
		return FALSE;
	case ENTRY_NO:
		return TRUE;
	case ENTRY_YES:
		break;
	}
	if (!jr_enrolment_add(journeys->flow->db, &run->row, &fresh, error))
		return FALSE;
	jr_crash_point("journey-entered");
	if (!fresh)
		return TRUE;
	run->was = run->row;
	jr_flow_count(journeys->flow, "entered", 1);
	return set_out(journeys, &candidate, error);
}

/* Who was written to a broadcast may have left its segment since. */
static int is_member(JrJourneys *journeys, const JrRun *run, GError **error)
{
	const JrTrigger *trigger = &run->workflow->trigger;
	JrStoreFacts store = { journeys->flow, run->row.person, NULL };
	gboolean yes = TRUE;

	if (trigger->kind != JR_TRIGGER_SCHEDULE || !trigger->name)
		return TRUE;
	if (!jr_store_fact_source.in_segment(&store, trigger->name, &yes,
					     error))
		return -1;
	return yes;
}

gboolean jr_journey_begin(JrJourneys *journeys, JrRun *run, GError **error)
{
	JrRunAsk filter = { .expr = run->workflow->filter };
	int yes;

	if (!jr_run_load(journeys, run, error))
		return FALSE;
	yes = is_member(journeys, run, error);
	if (yes > 0)
		yes = jr_run_holds(journeys, run, &filter, NULL, error);
	if (yes < 0)
		return FALSE;
	if (!yes)
		return jr_run_call_off(journeys, run, JR_ENROLMENT_EXITED,
				       "filter", error);
	return jr_journey_go(journeys, run,
			     run->workflow->n_steps > 0 ? 0 : JR_STEP_END,
			     error);
}
