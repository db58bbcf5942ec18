/*
 * alarms_rates.c - alarms of rates: by day, over as many days as jr.yaml says.
 *
 * To add one: a row among rates, and what stands in alarms.c.
 */
#include "flow/report/alarms.h"

/* So that 2 of 100 are 0.02, whatever that is in binary. */
#define NEARLY 1e-9

static double rate_of(JrAlarmShare share)
{
	return share.of > 0 ? (double)share.n / (double)share.of : 0;
}

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
static gint64 settled(const JrAlarmWatch *watch, const Day *day)
{
	gint64 receipts =
		day->n[JR_METRIC_DELIVERED] + day->n[JR_METRIC_BOUNCED] +
		day->n[JR_METRIC_UNDELIVERABLE] + day->n[JR_METRIC_FAILED];

	return day->day < watch->today ? day->n[JR_METRIC_SENT]
				       : MIN(receipts, day->n[JR_METRIC_SENT]);
}

static JrAlarmShare opt_outs(const JrAlarmWatch *watch, const Day *day)
{
	(void)watch;
	return (JrAlarmShare){ day->n[JR_METRIC_UNSUBSCRIBED],
			       day->n[JR_METRIC_SENT] };
}

static JrAlarmShare delivered(const JrAlarmWatch *watch, const Day *day)
{
	return (JrAlarmShare){ day->n[JR_METRIC_DELIVERED],
			       settled(watch, day) };
}

static JrAlarmShare not_delivered(const JrAlarmWatch *watch, const Day *day)
{
	gint64 of = settled(watch, day);

	return (JrAlarmShare){ of - day->n[JR_METRIC_DELIVERED], of };
}

/* People take their time: today's say nothing yet. */
static JrAlarmShare tapped(const JrAlarmWatch *watch, const Day *day)
{
	if (day->day >= watch->today)
		return JR_ALARM_NO_SHARE;
	return (JrAlarmShare){ MAX(day->n[JR_METRIC_OPENED],
				   day->n[JR_METRIC_CLICKED]),
			       day->n[JR_METRIC_SENT] };
}

gboolean jr_alarm_at_least(double rate, double limit)
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
	JrAlarmShare (*share)(const JrAlarmWatch *watch, const Day *day);
	gboolean (*on)(double rate, double limit);
	gsize limit;	  /* offset in JrAlarms */
	const char *says; /* with rate, days and limit, in percent */
} RateAlarm;

static const RateAlarm rates[] = {
	{ "opt_outs", JR_CHANNEL_SMS, FALSE, opt_outs, jr_alarm_at_least,
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
static JrAlarmShare sum_of(const JrAlarmWatch *watch, const RateAlarm *alarm,
			   const GArray *days, gint64 from, gint64 until)
{
	JrAlarmShare sum = JR_ALARM_NO_SHARE;

	for (guint i = 0; i < days->len; i++) {
		const Day *day = &g_array_index(days, Day, i);
		JrAlarmShare share;

		if (day->day < from || day->day >= until)
			continue;
		share = alarm->share(watch, day);
		sum.n += share.n;
		sum.of += share.of;
	}
	return sum;
}

typedef struct {
	JrAlarmWatch *watch;
	const RateAlarm *alarm;
} RateLook;

static gboolean says_something(const JrAlarmWatch *watch, JrAlarmShare share)
{
	return share.of > 0 && share.of >= (gint64)watch->limits->min_sent;
}

static gboolean look_at_rate(gpointer name, gpointer days, gpointer user)
{
	const RateLook *look = user;
	JrAlarmWatch *watch = look->watch;
	const RateAlarm *alarm = look->alarm;
	double limit = G_STRUCT_MEMBER(double, watch->limits, alarm->limit);
	JrAlarmShare share =
		sum_of(watch, alarm, days, watch->today - watch->days + 1,
		       watch->today + 1);

	if (says_something(watch, share) && alarm->on(rate_of(share), limit))
		jr_alarm_ring(watch, alarm->name, name, share, JR_CELL_NOTHING,
			      alarm->says, rate_of(share) * 100,
			      (int)watch->days, limit * 100);
	return FALSE; /* go on */
}

static gboolean look_at_rise(gpointer name, gpointer days, gpointer user)
{
	const RateLook *look = user;
	JrAlarmWatch *watch = look->watch;
	gint64 from = watch->today - watch->days + 1;
	JrAlarmShare now =
		sum_of(watch, look->alarm, days, from, watch->today + 1);
	JrAlarmShare before =
		sum_of(watch, look->alarm, days, from - watch->days, from);
	double limit = watch->limits->opt_out_rise;

	if (says_something(watch, now) && says_something(watch, before) &&
	    jr_alarm_at_least(rate_of(now) - rate_of(before), limit))
		jr_alarm_ring(
			watch, "opt_out_rise", name, now, JR_CELL_NOTHING,
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

static gboolean look_at(JrAlarmWatch *watch, const RateAlarm *alarm,
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

gboolean jr_alarm_check_rates(JrAlarmWatch *watch, GError **error)
{
	for (guint i = 0; i < G_N_ELEMENTS(rates); i++)
		if (!jr_alarm_is_off(watch, rates[i].name) &&
		    !look_at(watch, &rates[i], look_at_rate, error))
			return FALSE;
	return TRUE;
}

gboolean jr_alarm_check_rise(JrAlarmWatch *watch, GError **error)
{
	return look_at(watch, &rates[0], look_at_rise, error);
}
