/* The brake: a workflow that drives people away is held, until a person
 * releases it. */
#include "base/doc.h"
#include "flow/schedule/impl.h"
#include "io/json.h"
#include "rules/brake.h"
#include "store/decisions.h"
#include "store/report.h"

#include <string.h>

#define DAY_S 86400

/* From which day on sends count: within brake.over, and since a release. */
static gboolean counts_from(JrTick *tick, const JrWorkflow *workflow,
			    gint64 *day, gboolean *held, GError **error)
{
	JrHold hold;
	gboolean found = FALSE;

	*day = (tick->journeys->now_s - tick->flow->policy->brake.over_s) /
	       DAY_S;
	*held = FALSE;
	if (!jr_hold_get(tick->flow->db, workflow->name, tick->arena, &hold,
			 &found, error))
		return FALSE;
	*held = found && hold.released_s == 0;
	/* Counters are by day: what led to the hold does not count again. */
	if (found && !*held)
		*day = MAX(*day, hold.released_s / DAY_S + 1);
	return TRUE;
}

static gboolean hold(JrTick *tick, const JrWorkflow *workflow,
		     const JrSpent *spent, GError **error)
{
	const JrBrake *brake = &tick->flow->policy->brake;
	g_autofree char *reason = g_strdup_printf(
		"%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
		" opted out, over %.2g %%",
		spent->unsubscribed, spent->sent, brake->opt_out_rate * 100);
	JrHold row = { .workflow = workflow->name,
		       .held_s = tick->journeys->now_s,
		       .held_by = "brake",
		       .reason = reason };
	g_autofree char *note = NULL;
	gboolean fresh = FALSE;

	if (!jr_hold_put(tick->flow->db, &row, &fresh, error))
		return FALSE;
	if (fresh) {
		note = g_strdup_printf("the brake holds '%s': %s",
				       workflow->name, reason);
		jr_flow_note(tick->flow, note);
		jr_flow_count(tick->flow, "held", 1);
	}
	return TRUE;
}

/* Whether opt-outs are credibly over the limit; *@spent is what it is from. */
static gboolean is_over(JrTick *tick, const JrWorkflow *workflow,
			gboolean *over, JrSpent *spent, GError **error)
{
	gboolean held;
	gint64 day;

	*over = FALSE;
	if (!counts_from(tick, workflow, &day, &held, error))
		return FALSE;
	if (held)
		return TRUE;
	if (!jr_report_spent(tick->flow->db, workflow->name, JR_CHANNEL_SMS,
			     day, spent, error))
		return FALSE;
	*over = jr_brake_pulls(&tick->flow->policy->brake, spent->unsubscribed,
			       spent->sent);
	return TRUE;
}

/* Look at each workflow with SMS; hold those over the limit if @pull. */
static gboolean look(JrTick *tick, gboolean pull, gboolean *any, GError **error)
{
	const GPtrArray *all = jr_journey_files_all(tick->journeys->files);

	*any = FALSE;
	for (guint i = 0; i < all->len; i++) {
		const JrWorkflow *workflow = all->pdata[i];
		gboolean over = FALSE;
		JrSpent spent;

		if (!jr_workflow_has(workflow, JR_CHANNEL_SMS))
			continue;
		jr_arena_reset(tick->arena);
		if (!is_over(tick, workflow, &over, &spent, error) ||
		    (over && pull && !hold(tick, workflow, &spent, error)))
			return FALSE;
		*any |= over;
	}
	return TRUE;
}

static gboolean brake_idle(JrTick *tick, gboolean *idle, GError **error)
{
	gboolean any = FALSE;

	if (tick->brake_due && !tick->flow->policy->brake.off &&
	    !look(tick, FALSE, &any, error))
		return FALSE;
	*idle = !any;
	return TRUE;
}

static gboolean pull(JrTick *tick, GError **error)
{
	gboolean any;

	return look(tick, TRUE, &any, error);
}

const JrPhase jr_phase_brake = { "brake", brake_idle, pull };

/* {"workflow":…,"by":…} releases; other orders are not ours. */
gboolean jr_schedule_obey(JrTick *tick, const JrLogRow *row, GError **error)
{
	JrArena *arena = tick->journeys->arena;
	const JrVal *data;
	JrHold released = { .released_s = tick->journeys->now_s };
	gboolean was = FALSE;

	if (g_strcmp0(row->name, "release") != 0 || !row->data)
		return TRUE;
	jr_arena_reset(arena);
	data = jr_json_parse(arena, row->data, strlen(row->data), error);
	if (!data)
		return FALSE;
	released.workflow = jr_val_get_text(data, "workflow");
	released.released_by = jr_val_get_text(data, "by");
	if (!released.workflow || !released.released_by)
		return TRUE;
	return jr_hold_release(tick->flow->db, &released, &was, error) &&
	       (!was || jr_messages_wake_held(tick->flow->db, released.workflow,
					      released.released_s, error));
}
