/* Something happened to a person: goals, exits, and what runs wait for. */
#include "base/crash.h"
#include "base/error.h"
#include "flow/journey/impl.h"
#include "store/receipts.h"

#include <string.h>

/* ---- goals ---- */

/* Which rows reach each kind of goal, if the name is its. */
static const guint goal_rows[] = {
	[JR_GOAL_EVENT] = JR_LOG_EVENTS,
	[JR_GOAL_ENTERS] = JR_LOG_BIT(JR_LOG_SEGMENT_ENTERED),
	[JR_GOAL_LEAVES] = JR_LOG_BIT(JR_LOG_SEGMENT_LEFT),
};

/* Whether @row reaches the goal: 0, 1, or -1 and error. */
static int is_goal(JrJourneys *journeys, JrRun *run, const JrLogRow *row,
		   GError **error)
{
	const JrGoal *goal = &run->workflow->goal;
	JrRunAsk ask = { .expr = goal->where, .event_at_s = row->at_s };

	if (!goal->name || !(goal_rows[goal->kind] & JR_LOG_BIT(row->kind)) ||
	    g_strcmp0(goal->name, row->name) != 0)
		return FALSE;
	/* What happened before it all began is no success of the journey. */
	if (row->at_s < run->row.trigger_s)
		return FALSE;
	if (!jr_journey_row_data(journeys, row, &ask.event, error))
		return -1;
	return jr_run_holds(journeys, run, &ask, NULL, error);
}

/* The newest message of the run that the goal may be owed to. */
typedef struct {
	gint64 until_s, at_s;
	char *message;
} Owed;

static gboolean take_newest(gint64 at_s, const char *message, gpointer user)
{
	Owed *owed = user;

	if (at_s > owed->at_s) {
		owed->at_s = at_s;
		g_free(owed->message);
		owed->message = g_strdup(message);
	}
	return FALSE;
}

/*
 * What counts for a goal after @after: in order of what is known better.  Not
 * every channel tells that it has delivered; sent will do then.
 */
static const JrMetric counts_after[][3] = {
	[JR_GOAL_AFTER_DELIVERED] = { JR_METRIC_DELIVERED, JR_METRIC_SENT },
	[JR_GOAL_AFTER_CLICKED] = { JR_METRIC_CLICKED, JR_METRIC_OPENED },
};

static gboolean find_owed(JrJourneys *journeys, const JrRun *run, Owed *owed,
			  GError **error)
{
	const JrGoal *goal = &run->workflow->goal;
	guint after = goal->after ? goal->after : JR_GOAL_AFTER_DELIVERED;
	JrMetricQuery query = { .person = run->row.person,
				.enrolment = run->row.enrolment,
				.from_s = owed->until_s - goal->within_s,
				.until_s = owed->until_s };

	for (const JrMetric *m = counts_after[after]; *m; m++) {
		query.metric = *m;
		if (!jr_metrics_each(journeys->flow->db, &query, take_newest,
				     owed, error))
			return FALSE;
	}
	return TRUE;
}

/* Whether @id did not arrive after all: nothing is owed to it. */
static gboolean has_failed(JrJourneys *journeys, const char *id, gboolean *yes,
			   GError **error)
{
	JrMessage message = { 0 };

	if (!jr_message_get(journeys->flow->db, id, journeys->arena, &message,
			    yes, error))
		return FALSE;
	*yes = message.state == JR_MESSAGE_FAILED;
	return TRUE;
}

/* Keep that the run converted, and which message it is owed to, if any. */
static gboolean credit(JrJourneys *journeys, const JrRun *run,
		       const JrLogRow *row, gboolean *any, GError **error)
{
	Owed owed = { .until_s = row->at_s };
	JrReceipt receipt = { .metric = JR_METRIC_CONVERTED,
			      .at_s = row->at_s,
			      .seq = row->seq,
			      .cost_micros = -1,
			      .segments = -1 };
	gboolean failed = FALSE, fresh;
	gboolean done = find_owed(journeys, run, &owed, error);
	g_autofree char *message = owed.message;

	*any = FALSE;
	if (!done || !message)
		return done;
	if (!has_failed(journeys, message, &failed, error))
		return FALSE;
	*any = !failed;
	receipt.message = message;
	return failed ||
	       jr_receipt_add(journeys->flow->db, &receipt, &fresh, error);
}

/* The goal is reached: how the run knows.  Whether it leaves is another
 * question. */
static gboolean reach_goal(JrJourneys *journeys, JrRun *run,
			   const JrLogRow *row, GError **error)
{
	gboolean live = run->row.state == JR_ENROLMENT_LIVE, any = FALSE;

	if (!credit(journeys, run, row, &any, error))
		return FALSE;
	/* After the journey it counts only if a message may have done it. */
	if (live || any) {
		run->row.goal_s = row->at_s;
		jr_flow_count(journeys->flow, "converted", 1);
	}
	jr_crash_point("journey-goal");
	return TRUE;
}

/* ---- exits ---- */

/* Why @row ends the run, in its arena; NULL: it does not.  FALSE: error. */
static gboolean find_exit(JrJourneys *journeys, JrRun *run, const JrLogRow *row,
			  const char **why, GError **error)
{
	const JrExit *leave = &run->workflow->exit;
	JrRunAsk filter = { .expr = run->workflow->filter };
	int yes;

	*why = NULL;
	if (row->kind == JR_LOG_ERASE)
		*why = "the person is gone";
	/* One that happened before it all began is about something else. */
	if (JR_LOG_BIT(row->kind) & JR_LOG_EVENTS && row->name &&
	    row->at_s >= run->row.trigger_s &&
	    g_strv_contains((const char *const *)leave->events, row->name)) {
		g_autofree char *text = g_strconcat("event ", row->name, NULL);

		*why = jr_arena_text(journeys->arena, text, strlen(text));
	}
	if (*why || !leave->on_filter || !filter.expr)
		return TRUE;
	yes = jr_run_holds(journeys, run, &filter, NULL, error);
	if (yes == 0)
		*why = "filter";
	return yes >= 0;
}

/* ---- all of it ---- */

/* What the step it rests at makes of @row. */
static gboolean tell_step(JrJourneys *journeys, JrRun *run, const JrLogRow *row,
			  GError **error)
{
	const JrStep *step = jr_run_step(run);
	const gint64 due_s = run->row.due_s;
	gboolean holds;
	JrStepDone done;
	int next;

	if (!step)
		return jr_journey_moved(journeys, run, row, error);
	if (!jr_step_acts[step->kind].happened)
		return TRUE;
	next = step->next;
	done = jr_step_acts[step->kind].happened(journeys, run, step, row,
						 &next, error);
	if (done == JR_STEP_RESTS &&
	    !jr_journey_watch(journeys, run, &holds, error))
		return FALSE;
	if (done == JR_STEP_RESTS && run->row.due_s == due_s)
		return TRUE;
	return jr_journey_follow(journeys, run, done, next, error);
}

/* It leaves, for @why.  Who has come to the end leaves only the last message
 * behind, if that has not been taken. */
static gboolean leave(JrJourneys *journeys, JrRun *run, const char *why,
		      gboolean goal, GError **error)
{
	JrEnrolmentState state = goal ? JR_ENROLMENT_GOAL : JR_ENROLMENT_EXITED;

	if (run->row.state == JR_ENROLMENT_LIVE)
		return jr_run_call_off(journeys, run, state, why, error);
	return jr_run_recall(journeys, run, why, error);
}

static gboolean tell_run(JrJourneys *journeys, const JrEnrolment *enrolment,
			 const JrLogRow *row, GError **error)
{
	const char *why = NULL;
	JrRun run;
	int goal;

	jr_arena_reset(journeys->arena);
	if (!jr_run_take(journeys, enrolment, &run, error))
		return FALSE;
	jr_run_migrate(journeys, &run);
	goal = run.row.goal_s == 0 ? is_goal(journeys, &run, row, error)
				   : FALSE;
	if (goal < 0 || (goal && !reach_goal(journeys, &run, row, error)))
		return FALSE;
	if (goal && run.workflow->exit.on_goal)
		return leave(journeys, &run, "goal", TRUE, error);
	if (!run.called_off && !find_exit(journeys, &run, row, &why, error))
		return FALSE;
	if (why)
		return leave(journeys, &run, why, FALSE, error);
	if (goal && !jr_run_save(journeys, &run, error))
		return FALSE;
	return run.row.state != JR_ENROLMENT_LIVE ||
	       tell_step(journeys, &run, row, error);
}

gboolean jr_journey_happened(JrJourneys *journeys, const JrLogRow *row,
			     GError **error)
{
	g_autoptr(JrArena) arena = NULL;
	g_autoptr(GArray) rows = NULL;

	if (row->person == 0 || row->flags & JR_LOG_HISTORY)
		return TRUE;
	arena = jr_arena_new(16 * 1024 * 1024);
	rows = g_array_new(FALSE, FALSE, sizeof(JrEnrolment));
	if (!jr_enrolments_watching(journeys->flow->db, row->person,
				    journeys->now_s, arena, rows, error))
		return FALSE;
	for (guint i = 0; i < rows->len; i++)
		if (!tell_run(journeys, &g_array_index(rows, JrEnrolment, i),
			      row, error))
			return FALSE;
	return TRUE;
}
