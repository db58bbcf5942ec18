/*
 * alarms.c - what someone should be woken for.
 *
 * To add an alarm: a name in rules/policy_alarms.c, a limit beside it, a row
 * of checks here (or of rates in alarms_rates.c), a line in jr-config(5) and
 * jr-report(1), and a test at its exact edge.
 */
#include "base/arena.h"
#include "flow/report/alarms.h"
#include "flow/report/runs.h"
#include "store/decisions.h"
#include "store/suppress.h"

#include <string.h>
#include <sysexits.h>

#define DAY_S 86400
#define ARENA (16u << 20)

static const JrColumn columns[] = {
	{ .key = "alarm", .title = "alarm" },
	{ .key = "about", .title = "about" },
	{ .key = "rate", .title = "rate", .kind = JR_CELL_RATE },
	{ .key = "count", .title = "count", .kind = JR_CELL_COUNT },
	{ .key = "says", .title = "says" },
};

void jr_alarm_ring(JrAlarmWatch *watch, const char *alarm, const char *about,
		   JrAlarmShare share, gint64 count, const char *format, ...)
{
	va_list args;
	g_autofree char *says = NULL;

	va_start(args, format);
	says = g_strdup_vprintf(format, args);
	va_end(args);
	jr_table_text(watch->table, alarm);
	jr_table_text(watch->table, about);
	jr_table_rate(watch->table, share.n, share.of);
	jr_table_num(watch->table, count);
	jr_table_text(watch->table, says);
}

gboolean jr_alarm_is_off(const JrAlarmWatch *watch, const char *name)
{
	return watch->limits->off &&
	       g_strv_contains((const char *const *)watch->limits->off, name);
}

/* ---- money ---- */

static gboolean check_spent(JrAlarmWatch *watch, const char *period,
			    gint64 from_day, gint64 budget, GError **error)
{
	JrSpent spent;
	double share;

	if (budget <= 0)
		return TRUE;
	if (!jr_report_spent(watch->flow->db, NULL, 0, from_day, &spent, error))
		return FALSE;
	share = (double)spent.cost_micros / (double)budget;
	if (jr_alarm_at_least(share, watch->limits->budget))
		jr_alarm_ring(
			watch, "budget", period, JR_ALARM_NO_SHARE,
			JR_CELL_NOTHING,
			"%.2f of the %.2f %s for this %s are spent: what costs "
			"more has to wait",
			(double)spent.cost_micros / 1e6, (double)budget / 1e6,
			watch->flow->policy->currency, period);
	return TRUE;
}

static gboolean check_budget(JrAlarmWatch *watch, GError **error)
{
	const JrBudget *budget = &watch->flow->policy->budget;
	g_autoptr(GDateTime) now =
		g_date_time_new_from_unix_utc(jr_flow_now(watch->flow));
	gint64 month = watch->today - g_date_time_get_day_of_month(now) + 1;

	return check_spent(watch, "day", watch->today, budget->per_day_micros,
			   error) &&
	       check_spent(watch, "month", month, budget->per_month_micros,
			   error);
}

/* ---- commands ---- */

typedef void (*RunLook)(JrAlarmWatch *watch, const char *command,
			const JrRun *run);

/* Show @look the newest run of each command; NULL of one that must have run
 * and has not. */
static gboolean each_command(JrAlarmWatch *watch, RunLook look, GError **error)
{
	char **must = watch->limits->commands;
	g_autoptr(JrArena) arena = jr_arena_new(ARENA);

	for (guint i = 0; jr_commands[i]; i++) {
		gboolean found;
		JrRun run;

		if (!jr_run_newest(watch->flow, jr_commands[i], arena, &run,
				   &found, error))
			return FALSE;
		if (found)
			look(watch, jr_commands[i], &run);
		else if (must && g_strv_contains((const char *const *)must,
						 jr_commands[i]))
			look(watch, jr_commands[i], NULL);
	}
	return TRUE;
}

static void look_idle(JrAlarmWatch *watch, const char *command,
		      const JrRun *run)
{
	gint64 ago_s =
		run ? jr_flow_now(watch->flow) - run->started_ms / 1000 : 0;
	JrColumn column = { .kind = JR_CELL_SECONDS };
	const JrCell cell = { .num = ago_s };
	g_autofree char *ago = jr_table_show(watch->table, &column, &cell);

	if (!run)
		jr_alarm_ring(watch, "idle", command, JR_ALARM_NO_SHARE,
			      JR_CELL_NOTHING,
			      "it has never run: look at the crontab");
	else if (ago_s > watch->limits->idle_s)
		jr_alarm_ring(watch, "idle", command, JR_ALARM_NO_SHARE,
			      JR_CELL_NOTHING,
			      "it last ran %s ago: look at the crontab", ago);
}

static gboolean check_idle(JrAlarmWatch *watch, GError **error)
{
	return each_command(watch, look_idle, error);
}

/* Wrong records are in the reject file, and 75 asks for time alone. */
static void look_failed(JrAlarmWatch *watch, const char *command,
			const JrRun *run)
{
	if (!run || run->ended_ms == 0 || run->exit_code == EX_OK ||
	    run->exit_code == EX_DATAERR || run->exit_code == EX_TEMPFAIL)
		return;
	jr_alarm_ring(watch, "failed", command, JR_ALARM_NO_SHARE,
		      JR_CELL_NOTHING, "its last run ended with %d: %s",
		      run->exit_code, jr_exit_meaning(run->exit_code));
}

static gboolean check_failed(JrAlarmWatch *watch, GError **error)
{
	return each_command(watch, look_failed, error);
}

/* ---- what waits for a person ---- */

static gboolean add_unknown(const char *workflow, JrChannel channel,
			    JrMessageState state, gint64 n, gpointer user)
{
	(void)workflow;
	(void)channel;
	if (state == JR_MESSAGE_UNKNOWN)
		*(gint64 *)user += n;
	return TRUE;
}

static gboolean check_unknown(JrAlarmWatch *watch, GError **error)
{
	gint64 n = 0;

	if (!jr_report_states(watch->flow->db, add_unknown, &n, error))
		return FALSE;
	if (n > watch->limits->unknown)
		jr_alarm_ring(
			watch, "unknown", "messages", JR_ALARM_NO_SHARE, n,
			"nobody knows whether they went: reconcile with the "
			"provider");
	return TRUE;
}

static gboolean check_reviews(JrAlarmWatch *watch, GError **error)
{
	gint64 n;

	if (!jr_reviews_count(watch->flow->db, &n, error))
		return FALSE;
	if (n > watch->limits->reviews)
		jr_alarm_ring(
			watch, "reviews", "replies", JR_ALARM_NO_SHARE, n,
			"they may be opt-outs: read them, by jr-report reviews");
	return TRUE;
}

static gboolean add_hold(const JrHold *hold, gpointer user)
{
	jr_alarm_ring(user, "brake", hold->workflow, JR_ALARM_NO_SHARE,
		      JR_CELL_NOTHING, "%s holds it: %s",
		      hold->held_by ? hold->held_by : "somebody",
		      hold->reason ? hold->reason : "no reason was given");
	return TRUE;
}

static gboolean check_brake(JrAlarmWatch *watch, GError **error)
{
	return jr_holds_each(watch->flow->db, add_hold, watch, error);
}

static const struct {
	const char *name; /* NULL: each of its own has one */
	gboolean (*check)(JrAlarmWatch *watch, GError **error);
} checks[] = {
	{ NULL, jr_alarm_check_rates }, { "opt_out_rise", jr_alarm_check_rise },
	{ "budget", check_budget },	{ "brake", check_brake },
	{ "unknown", check_unknown },	{ "reviews", check_reviews },
	{ "idle", check_idle },		{ "failed", check_failed },
};

JrTable *jr_report_alarms(JrFlow *flow, const JrReportAsk *ask, GError **error)
{
	g_autoptr(JrTable) table = jr_table_new("alarms", "Alarms", columns,
						G_N_ELEMENTS(columns));
	const JrAlarms *limits = &flow->policy->alarms;
	JrAlarmWatch watch = { .flow = flow,
			       .limits = limits,
			       .today = jr_flow_now(flow) / DAY_S,
			       .days = MAX(1, limits->over_s / DAY_S),
			       .table = table };

	(void)ask;
	table->alarm = table->silent = TRUE;
	table->empty = "no alarm is on";
	for (guint i = 0; i < G_N_ELEMENTS(checks); i++)
		if (!(checks[i].name &&
		      jr_alarm_is_off(&watch, checks[i].name)) &&
		    !checks[i].check(&watch, error))
			return NULL;
	return g_steal_pointer(&table);
}
