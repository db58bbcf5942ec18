#include "flow/journey/run.h"
#include "base/doc.h"
#include "base/error.h"
#include "io/json.h"

#include <string.h>

#define LAST_MESSAGE_S (3 * 86400)
#define RUN_ARENA (32 * 1024 * 1024) /* bytes: a person, a text, its facts */

JrJourneys *jr_journeys_new(JrFlow *flow, JrJourneyFiles *files)
{
	JrJourneys *journeys = g_new(JrJourneys, 1);

	*journeys = (JrJourneys){
		.flow = flow,
		.files = files,
		.now_s = jr_flow_now(flow),
		.arena = jr_arena_new(RUN_ARENA),
		.lines = g_string_new(NULL),
	};
	return journeys;
}

void jr_journeys_free(JrJourneys *journeys)
{
	if (!journeys)
		return;
	g_string_free(journeys->lines, TRUE);
	jr_arena_free(journeys->arena);
	g_free(journeys);
}

void jr_journeys_tell(JrJourneys *journeys, const json_t *record)
{
	if (!journeys->flow->out)
		return;
	jr_doc_write(record, journeys->lines);
	g_string_append_c(journeys->lines, '\n');
}

gboolean jr_journeys_write(JrJourneys *journeys, GError **error)
{
	JrWriter *out = journeys->flow->out;

	if (out && journeys->lines->len > 0 &&
	    (!jr_writer_lines(out, journeys->lines, error) ||
	     !jr_writer_flush(out, error)))
		return FALSE;
	g_string_truncate(journeys->lines, 0);
	return TRUE;
}

static const char *keep_text(JrArena *arena, const char *text)
{
	return text ? jr_arena_text(arena, text, strlen(text)) : NULL;
}

static gint64 number_of(const JrVal *map, const char *key)
{
	const JrVal *val = jr_val_get(map, key);

	return val && val->type == JR_VAL_INT ? val->num : 0;
}

/* What the run remembers, from row.vars. */
static gboolean read_vars(JrJourneys *journeys, JrRun *run, GError **error)
{
	const JrVal *vars;

	/* The store ended it so; it knows nothing of vars. */
	run->called_off = g_strcmp0(run->row.end_reason, "merged") == 0;
	run->path = run->row.path;
	if (!run->row.vars)
		return TRUE;
	vars = jr_json_parse(journeys->arena, run->row.vars,
			     strlen(run->row.vars), error);
	if (!vars)
		return FALSE;
	run->variant = jr_val_get_text(vars, "variant");
	/* Where the path was before it had a column of its own. */
	if (!run->path)
		run->path = jr_val_get_text(vars, "path");
	run->from_s = number_of(vars, "from");
	run->until_s = number_of(vars, "until");
	run->called_off |= jr_val_get(vars, "called_off") != NULL;
	return TRUE;
}

gboolean jr_run_take(JrJourneys *journeys, const JrEnrolment *row, JrRun *run,
		     GError **error)
{
	JrArena *arena = journeys->arena;
	JrEnrolment *own = &run->row;

	*run = (JrRun){ .row = *row, .at_s = MIN(row->due_s, journeys->now_s) };
	own->workflow = keep_text(arena, row->workflow);
	own->version = keep_text(arena, row->version);
	own->key = keep_text(arena, row->key);
	own->step = keep_text(arena, row->step);
	own->end_reason = keep_text(arena, row->end_reason);
	own->vars = keep_text(arena, row->vars);
	own->path = keep_text(arena, row->path);
	run->was = *own;
	run->workflow = jr_journey_files_version(journeys->files, own->workflow,
						 own->version, error);
	return run->workflow && read_vars(journeys, run, error);
}

void jr_run_migrate(const JrJourneys *journeys, JrRun *run)
{
	const JrWorkflow *now =
		jr_journey_files_find(journeys->files, run->row.workflow);
	const char *step = run->row.step;

	if (!now || !now->migrate || run->row.state != JR_ENROLMENT_LIVE)
		return;
	if (step && *step && jr_workflow_find(now, step) < 0)
		return;
	run->workflow = now;
	run->row.version = now->hash;
}

/* The event that started the run, as long as the log has it. */
static gboolean load_trigger(JrJourneys *journeys, JrRun *run, GError **error)
{
	JrLogRow row = { 0 };
	gboolean found = FALSE;

	if (run->row.trigger_seq == 0)
		return TRUE;
	if (!jr_log_get(journeys->flow->db, run->row.trigger_seq,
			journeys->arena, &row, &found, error))
		return FALSE;
	if (!found || !row.data)
		return TRUE;
	run->event = jr_json_parse(journeys->arena, row.data, strlen(row.data),
				   error);
	run->event_name = row.name;
	run->event_id = row.id;
	return run->event != NULL;
}

gboolean jr_journeys_meet(JrJourneys *journeys, gint64 person, JrTraveller *who,
			  gboolean *found, GError **error)
{
	if (journeys->met)
		return jr_met_load(journeys->met, journeys->flow, person,
				   journeys->arena, who, found, error);
	return jr_traveller_load(journeys->flow, person, journeys->arena, who,
				 found, error);
}

/* Its person alone: the gates rarely ask for more. */
static gboolean meet(JrJourneys *journeys, JrRun *run, GError **error)
{
	gboolean found = FALSE;

	if (run->met || run->loaded)
		return TRUE;
	run->met = TRUE;
	if (!jr_journeys_meet(journeys, run->row.person, &run->who, &found,
			      error))
		return FALSE;
	run->gone = !found;
	return TRUE;
}

gboolean jr_run_load(JrJourneys *journeys, JrRun *run, GError **error)
{
	if (run->loaded)
		return TRUE;
	if (!meet(journeys, run, error))
		return FALSE;
	run->loaded = TRUE;
	return load_trigger(journeys, run, error);
}

void jr_run_came(JrJourneys *journeys, JrRun *run, const JrStep *step,
		 gboolean passed)
{
	g_autofree char *path = g_strdup_printf(
		"%s%s\t%" G_GINT64_FORMAT "%s\n", run->path ? run->path : "",
		step->id, run->at_s, passed ? "\t-" : "");

	run->path = keep_text(journeys->arena, path);
}

void jr_run_went(JrJourneys *journeys, JrRun *run, const JrStep *step,
		 const JrArm *arm)
{
	g_autofree char *way = jr_step_way(step, arm);
	g_autofree char *path =
		g_strdup_printf("%s\t%s\n", run->path ? run->path : "", way);

	run->path = keep_text(journeys->arena, path);
}

static char *write_vars(const JrRun *run)
{
	g_autoptr(json_t) vars = json_object();

	if (run->variant)
		json_object_set_new(vars, "variant", json_string(run->variant));
	if (run->from_s)
		json_object_set_new(vars, "from", json_integer(run->from_s));
	if (run->until_s)
		json_object_set_new(vars, "until", json_integer(run->until_s));
	if (run->called_off)
		json_object_set_new(vars, "called_off", json_true());
	return json_object_size(vars) > 0 ? json_dumps(vars, JSON_COMPACT)
					  : NULL;
}

gboolean jr_run_save(JrJourneys *journeys, JrRun *run, GError **error)
{
	g_autofree char *vars = write_vars(run);
	JrEnrolment row = run->row;

	row.vars = vars;
	row.path = run->path;
	if (!jr_enrolment_move(journeys->flow->db, &run->was, &row, error))
		return FALSE;
	run->was = row;
	run->was.vars = NULL; /* nobody asks what they were */
	return TRUE;
}

/* Until when what happens to the person concerns a run that ends now. */
static gint64 watch_until(const JrJourneys *journeys, const JrRun *run)
{
	const JrGoal *goal = &run->workflow->goal;
	gint64 watch_s = 0;

	/* Its last message may not have left yet, and be called off. */
	if (!run->called_off)
		watch_s = LAST_MESSAGE_S;
	/* Receipts of that may take a day to come in. */
	if (goal->name && run->row.goal_s == 0)
		watch_s = MAX(watch_s, goal->within_s + 86400);
	return watch_s > 0 ? journeys->now_s + watch_s : 0;
}

gboolean jr_run_end(JrJourneys *journeys, JrRun *run, JrEnrolmentState state,
		    const char *reason, GError **error)
{
	JrEnrolment *row = &run->row;

	row->state = state;
	row->ended_s = journeys->now_s;
	row->end_reason = reason;
	row->due_s = G_MAXINT64;
	row->watch_s = watch_until(journeys, run);
	run->from_s = run->until_s = 0;
	jr_flow_count(journeys->flow, jr_enrolment_state_name(state), 1);
	return jr_run_save(journeys, run, error);
}

gboolean jr_run_call_off(JrJourneys *journeys, JrRun *run,
			 JrEnrolmentState state, const char *reason,
			 GError **error)
{
	guint n = 0;

	run->called_off = TRUE;
	return jr_run_end(journeys, run, state, reason, error) &&
	       jr_messages_cancel(journeys->flow->db, run->row.enrolment,
				  journeys->now_s, reason, &n, error);
}

gboolean jr_run_recall(JrJourneys *journeys, JrRun *run, const char *reason,
		       GError **error)
{
	guint n = 0;

	if (!jr_messages_cancel(journeys->flow->db, run->row.enrolment,
				journeys->now_s, reason, &n, error))
		return FALSE;
	run->called_off = TRUE;
	if (n > 0 && !run->row.end_reason)
		run->row.end_reason = reason;
	if (run->row.goal_s != 0 || !run->workflow->goal.name)
		run->row.watch_s = 0;
	return jr_run_save(journeys, run, error);
}

int jr_run_holds(JrJourneys *journeys, JrRun *run, const JrRunAsk *ask,
		 gint64 *next_s, GError **error)
{
	JrStoreFacts store = { journeys->flow, run->row.person, NULL };
	JrFacts facts = { .now_s = journeys->now_s,
			  .event_at_s = run->row.trigger_s,
			  .trigger_at_s = run->row.trigger_s };

	if (!ask->expr)
		return TRUE;
	if (!jr_run_load(journeys, run, error))
		return -1;
	if (run->gone)
		return FALSE;
	facts.person_id = run->who.row.id;
	facts.person = run->who.attributes;
	facts.zone = run->who.zone;
	facts.event = run->event;
	if (ask->event) {
		facts.trigger = run->event;
		facts.event = ask->event;
		facts.event_at_s = ask->event_at_s;
	}
	facts.source = &jr_store_fact_source;
	facts.data = &store;
	return jr_expr_holds(ask->expr, &facts, next_s, error);
}

const JrStep *jr_run_step(const JrRun *run)
{
	const char *id = run->row.step;
	int at = id && *id ? jr_workflow_find(run->workflow, id) : -1;

	return at < 0 ? NULL : &run->workflow->steps[at];
}

/* The message step @id of @workflow, or NULL. */
static const JrStep *message_step(const JrWorkflow *workflow, const char *id)
{
	int at = jr_workflow_find(workflow, id);

	return at >= 0 && workflow->steps[at].message ? &workflow->steps[at]
						      : NULL;
}

gboolean jr_run_of_message(JrJourneys *journeys, const JrMessage *message,
			   JrRun *run, const JrStep **step, GError **error)
{
	JrEnrolment row;
	gboolean found = FALSE;

	*step = NULL;
	if (!jr_enrolment_get(journeys->flow->db, message->enrolment,
			      journeys->arena, &row, &found, error))
		return FALSE;
	if (!found)
		return TRUE;
	if (!jr_run_take(journeys, &row, run, error) ||
	    !meet(journeys, run, error))
		return FALSE;
	*step = message_step(run->workflow, message->step);
	if (*step)
		return TRUE;
	/* The run has moved on to another version since. */
	run->workflow = jr_journey_files_version(
		journeys->files, message->workflow, message->version, error);
	if (!run->workflow)
		return FALSE;
	*step = message_step(run->workflow, message->step);
	return TRUE;
}
