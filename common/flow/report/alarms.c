/*
 * alarms.c - what someone should be woken for.
 *
 * To add an alarm: a name in rules/policy_alarms.c, a limit beside it, a row
 * of checks (or of rates) here, a line in jr-config(5) and jr-report(1), and a
 * test at its exact edge.
 */
#include "base/arena.h"
#include "flow/report/break.h"
#include "flow/report/runs.h"
#include "store/decisions.h"

#include <string.h>
#include <sysexits.h>

#define DAY_S 86400
#define NEARLY                                                                 \
	1e-9 /* so that 2 of 100 are 0.02, whatever that is in binary          \
	      */
#define ARENA (16u << 20)

static const JrColumn columns[] = {
	{ .key = "alarm", .title = "alarm" },
	{ .key = "about", .title = "about" },
	{ .key = "rate", .title = "rate", .kind = JR_CELL_RATE },
	{ .key = "count", .title = "count", .kind = JR_CELL_COUNT },
	{ .key = "says", .title = "says" },
};

typedef struct {
	JrFlow *flow;
	const JrAlarms *limits;
	gint64 today;
	gint64 days; /* that rates are of */
	JrTable *table;
} Watch;

typedef struct {
	gint64 n, of;
} Share;

static double rate_of(Share share)
{
	return share.of > 0 ? (double)share.n / (double)share.of : 0;
}

/* Put a row; the words are for people, and name whoever must act. */
static void ring(Watch *watch, const char *alarm, const char *about,
		 Share share, gint64 count, const char *format, ...)
	G_GNUC_PRINTF(6, 7);
static void ring(Watch *watch, const char *alarm, const char *about,
		 Share share, gint64 count, const char *format, ...)
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

static const Share no_share;

/* ---- rates ---- */

/* What was counted on one day of one workflow, or provider and country. */
typedef struct {
	gint64 day;
	gint64 n[JR_METRIC_LAST + 1];
} Day;

typedef struct {
	GTree *names; /* to GArray of Day, in their order */
	gboolean by_place;
} Counts;

static Day *day_of(Counts *counts, const char *name, gint64 day)
{
	GArray *days = g_tree_lookup(counts->names, name);
	const Day fresh = { .day = day };

	if (!days) {
		days = g_array_new(FALSE, FALSE, sizeof(Day));
		g_tree_insert(counts->names, g_strdup(name), days);
	}
	if (days->len == 0 ||
	    g_array_index(days, Day, days->len - 1).day != day)
		g_array_append_val(days, fresh);
	return &g_array_index(days, Day, days->len - 1);
}

static gboolean add(const JrCounter *c, gpointer user)
{
	Counts *counts = user;
	g_autofree char *place =
		g_strdup_printf("%s, %s", *c->provider ? c->provider : "-",
				*c->country ? c->country : "-");

	if (c->counted > JR_METRIC_LAST)
		return TRUE;
	day_of(counts, counts->by_place ? place : c->workflow, c->day)
		->n[c->counted] += c->n;
	if (!counts->by_place)
		day_of(counts, "all workflows", c->day)->n[c->counted] += c->n;
	return TRUE;
}

/* Of what was sent today, only what a receipt has come for: the others may
 * well be under way. */
static gint64 settled(const Watch *watch, const Day *day)
{
	gint64 receipts =
		day->n[JR_METRIC_DELIVERED] + day->n[JR_METRIC_BOUNCED] +
		day->n[JR_METRIC_UNDELIVERABLE] + day->n[JR_METRIC_FAILED];

	return day->day < watch->today ? day->n[JR_METRIC_SENT]
				       : MIN(receipts, day->n[JR_METRIC_SENT]);
}

static Share opt_outs(const Watch *watch, const Day *day)
{
	(void)watch;
	return (Share){ day->n[JR_METRIC_UNSUBSCRIBED],
			day->n[JR_METRIC_SENT] };
}

static Share delivered(const Watch *watch, const Day *day)
{
	return (Share){ day->n[JR_METRIC_DELIVERED], settled(watch, day) };
}

static Share not_delivered(const Watch *watch, const Day *day)
{
	gint64 of = settled(watch, day);

	return (Share){ of - day->n[JR_METRIC_DELIVERED], of };
}

/* People take their time: today's say nothing yet. */
static Share tapped(const Watch *watch, const Day *day)
{
	if (day->day >= watch->today)
		return no_share;
	return (Share){ MAX(day->n[JR_METRIC_OPENED],
			    day->n[JR_METRIC_CLICKED]),
			day->n[JR_METRIC_SENT] };
}

static gboolean at_least(double rate, double limit)
{
	return rate >= limit - NEARLY;
}

static gboolean more(double rate, double limit)
{
	return rate > limit + NEARLY;
}

static gboolean less(double rate, double limit)
{
	return rate < limit - NEARLY;
}

/* An alarm about a rate of each workflow, or of each provider and country. */
typedef struct {
	const char *name;
	JrChannel channel;
	gboolean by_place;
	Share (*share)(const Watch *watch, const Day *day);
	gboolean (*on)(double rate, double limit);
	gsize limit;	  /* offset in JrAlarms */
	const char *says; /* with rate, days and limit, in percent */
} RateAlarm;

static const RateAlarm rates[] = {
	{ "opt_outs", JR_CHANNEL_SMS, FALSE, opt_outs, at_least,
	  G_STRUCT_OFFSET(JrAlarms, opt_outs),
	  "%.1f %% of the SMS of the last %d days were answered by opting out; "
	  "the limit is %.4g %%: send less" },
	{ "delivery", JR_CHANNEL_SMS, FALSE, delivered, less,
	  G_STRUCT_OFFSET(JrAlarms, delivery),
	  "%.1f %% of the SMS of the last %d days were delivered; it should be "
	  "%.4g %%: look at the registration of the senders" },
	{ "gap", JR_CHANNEL_SMS, TRUE, not_delivered, more,
	  G_STRUCT_OFFSET(JrAlarms, gap),
	  "%.1f %% of the SMS of the last %d days went and did not arrive; the "
	  "limit is %.4g %%: carriers may filter them" },
	{ "taps", JR_CHANNEL_PUSH, FALSE, tapped, less,
	  G_STRUCT_OFFSET(JrAlarms, taps),
	  "%.1f %% of the pushes of the last %d days were tapped; it should be "
	  "%.4g %%: send fewer, or better ones" },
};

/* The sum over the days from @from until before @until. */
static Share sum_of(const Watch *watch, const RateAlarm *alarm,
		    const GArray *days, gint64 from, gint64 until)
{
	Share sum = { 0, 0 };

	for (guint i = 0; i < days->len; i++) {
		const Day *day = &g_array_index(days, Day, i);
		Share share;

		if (day->day < from || day->day >= until)
			continue;
		share = alarm->share(watch, day);
		sum.n += share.n;
		sum.of += share.of;
	}
	return sum;
}

typedef struct {
	Watch *watch;
	const RateAlarm *alarm;
} RateLook;

static gboolean says_something(const Watch *watch, Share share)
{
	return share.of > 0 && share.of >= (gint64)watch->limits->min_sent;
}

static gboolean look_at_rate(gpointer name, gpointer days, gpointer user)
{
	const RateLook *look = user;
	Watch *watch = look->watch;
	const RateAlarm *alarm = look->alarm;
	double limit = G_STRUCT_MEMBER(double, watch->limits, alarm->limit);
	Share share = sum_of(watch, alarm, days, watch->today - watch->days + 1,
			     watch->today + 1);

	if (says_something(watch, share) && alarm->on(rate_of(share), limit))
		ring(watch, alarm->name, name, share, JR_CELL_NOTHING,
		     alarm->says, rate_of(share) * 100, (int)watch->days,
		     limit * 100);
	return FALSE; /* go on */
}

static gboolean look_at_rise(gpointer name, gpointer days, gpointer user)
{
	const RateLook *look = user;
	Watch *watch = look->watch;
	gint64 from = watch->today - watch->days + 1;
	Share now = sum_of(watch, look->alarm, days, from, watch->today + 1);
	Share before =
		sum_of(watch, look->alarm, days, from - watch->days, from);
	double limit = watch->limits->opt_out_rise;

	if (says_something(watch, now) && says_something(watch, before) &&
	    at_least(rate_of(now) - rate_of(before), limit))
		ring(watch, "opt_out_rise", name, now, JR_CELL_NOTHING,
		     "opt-outs rose from %.1f %% to %.1f %% of the SMS within "
		     "%d days: pull back at once",
		     rate_of(before) * 100, rate_of(now) * 100,
		     (int)watch->days);
	return FALSE; /* go on */
}

static int by_name(gconstpointer a, gconstpointer b, gpointer data)
{
	(void)data;
	return g_strcmp0(a, b);
}

static void free_days(gpointer days)
{
	g_array_unref(days);
}

static gboolean look_at(Watch *watch, const RateAlarm *alarm,
			GTraverseFunc look, GError **error)
{
	const JrReportQuery query = {
		.from_day = watch->today - 2 * watch->days + 1,
		.channel = alarm->channel,
		.by = JR_BY_DAY |
		      (alarm->by_place ? JR_BY_PROVIDER | JR_BY_COUNTRY
				       : JR_BY_WORKFLOW),
	};
	g_autoptr(GTree) names =
		g_tree_new_full(by_name, NULL, g_free, free_days);
	Counts counts = { names, alarm->by_place };
	RateLook asked = { watch, alarm };

	if (!jr_report_counters(watch->flow->db, &query, add, &counts, error))
		return FALSE;
	g_tree_foreach(names, look, &asked);
	return TRUE;
}

static gboolean is_off(const Watch *watch, const char *name)
{
	return watch->limits->off &&
	       g_strv_contains((const char *const *)watch->limits->off, name);
}

static gboolean check_rates(Watch *watch, GError **error)
{
	for (guint i = 0; i < G_N_ELEMENTS(rates); i++)
		if (!is_off(watch, rates[i].name) &&
		    !look_at(watch, &rates[i], look_at_rate, error))
			return FALSE;
	return TRUE;
}

static gboolean check_rise(Watch *watch, GError **error)
{
	return look_at(watch, &rates[0], look_at_rise, error);
}

/* ---- money ---- */

static gboolean check_spent(Watch *watch, const char *period, gint64 from_day,
			    gint64 budget, GError **error)
{
	JrSpent spent;
	double share;

	if (budget <= 0)
		return TRUE;
	if (!jr_report_spent(watch->flow->db, NULL, 0, from_day, &spent, error))
		return FALSE;
	share = (double)spent.cost_micros / (double)budget;
	if (at_least(share, watch->limits->budget))
		ring(watch, "budget", period, no_share, JR_CELL_NOTHING,
		     "%.2f of the %.2f %s for this %s are spent: what costs "
		     "more has to wait",
		     (double)spent.cost_micros / 1e6, (double)budget / 1e6,
		     watch->flow->policy->currency, period);
	return TRUE;
}

static gboolean check_budget(Watch *watch, GError **error)
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

typedef void (*RunLook)(Watch *watch, const char *command, const JrRun *run);

/* Show @look the newest run of each command; NULL of one that must have run
 * and has not. */
static gboolean each_command(Watch *watch, RunLook look, GError **error)
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

static void look_idle(Watch *watch, const char *command, const JrRun *run)
{
	gint64 ago_s =
		run ? jr_flow_now(watch->flow) - run->started_ms / 1000 : 0;
	JrColumn column = { .kind = JR_CELL_SECONDS };
	const JrCell cell = { .num = ago_s };
	g_autofree char *ago = jr_table_show(watch->table, &column, &cell);

	if (!run)
		ring(watch, "idle", command, no_share, JR_CELL_NOTHING,
		     "it has never run: look at the crontab");
	else if (ago_s > watch->limits->idle_s)
		ring(watch, "idle", command, no_share, JR_CELL_NOTHING,
		     "it last ran %s ago: look at the crontab", ago);
}

static gboolean check_idle(Watch *watch, GError **error)
{
	return each_command(watch, look_idle, error);
}

/* Wrong records are in the reject file, and 75 asks for time alone. */
static void look_failed(Watch *watch, const char *command, const JrRun *run)
{
	if (!run || run->ended_ms == 0 || run->exit_code == EX_OK ||
	    run->exit_code == EX_DATAERR || run->exit_code == EX_TEMPFAIL)
		return;
	ring(watch, "failed", command, no_share, JR_CELL_NOTHING,
	     "its last run ended with %d: %s", run->exit_code,
	     jr_exit_meaning(run->exit_code));
}

static gboolean check_failed(Watch *watch, GError **error)
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

static gboolean check_unknown(Watch *watch, GError **error)
{
	gint64 n = 0;

	if (!jr_report_states(watch->flow->db, add_unknown, &n, error))
		return FALSE;
	if (n > watch->limits->unknown)
		ring(watch, "unknown", "messages", no_share, n,
		     "nobody knows whether they went: reconcile with the "
		     "provider");
	return TRUE;
}

static gboolean check_reviews(Watch *watch, GError **error)
{
	gint64 n;

	if (!jr_reviews_count(watch->flow, &n, error))
		return FALSE;
	if (n > watch->limits->reviews)
		ring(watch, "reviews", "replies", no_share, n,
		     "they may be opt-outs: read them, by jr-report reviews");
	return TRUE;
}

static gboolean add_hold(const JrHold *hold, gpointer user)
{
	ring(user, "brake", hold->workflow, no_share, JR_CELL_NOTHING,
	     "%s holds it: %s", hold->held_by ? hold->held_by : "somebody",
	     hold->reason ? hold->reason : "no reason was given");
	return TRUE;
}

static gboolean check_brake(Watch *watch, GError **error)
{
	return jr_holds_each(watch->flow->db, add_hold, watch, error);
}

static const struct {
	const char *name; /* NULL: each of its own has one */
	gboolean (*check)(Watch *watch, GError **error);
} checks[] = {
	{ NULL, check_rates },	      { "opt_out_rise", check_rise },
	{ "budget", check_budget },   { "brake", check_brake },
	{ "unknown", check_unknown }, { "reviews", check_reviews },
	{ "idle", check_idle },	      { "failed", check_failed },
};

JrTable *jr_report_alarms(JrFlow *flow, const JrReportAsk *ask, GError **error)
{
	g_autoptr(JrTable) table = jr_table_new("alarms", "Alarms", columns,
						G_N_ELEMENTS(columns));
	const JrAlarms *limits = &flow->policy->alarms;
	Watch watch = { .flow = flow,
			.limits = limits,
			.today = jr_flow_now(flow) / DAY_S,
			.days = MAX(1, limits->over_s / DAY_S),
			.table = table };

	(void)ask;
	table->alarm = table->silent = TRUE;
	table->empty = "no alarm is on";
	for (guint i = 0; i < G_N_ELEMENTS(checks); i++)
		if (!(checks[i].name && is_off(&watch, checks[i].name)) &&
		    !checks[i].check(&watch, error))
			return NULL;
	return g_steal_pointer(&table);
}
