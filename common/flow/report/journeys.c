/* journeys.c - how people fare on their journeys. */
#include "flow/report/break.h"

#define SENT JR_OF(JR_METRIC_SENT)
#define ENTERED JR_OF(JR_COUNT_ENTERED)
#define GOAL JR_OF(JR_COUNT_GOAL)
#define ACTIVE (JR_OF(JR_COUNT_ACTIVE) | JR_OF(JR_COUNT_ACTIVE_GOAL))

#define COUNT(k, t, set)                                                       \
	{                                                                      \
		.column = { .key = k, .title = t, .kind = JR_CELL_COUNT },     \
		.n = set                                                       \
	}
#define RATE(k, t, set, without, all)                                          \
	{                                                                      \
		.column = { .key = k, .title = t, .kind = JR_CELL_RATE },      \
		.n = set, .minus = without, .of = all                          \
	}

/* Of those who entered: all of these but the messages are people's runs. */
static const JrMeasure of_people[] = {
	{ .column = { .key = "entered",
		      .title = "entered",
		      .kind = JR_CELL_COUNT,
		      .plot = JR_PLOT_BAR },
	  .n = ENTERED },
	COUNT("active", "active", ACTIVE),
	COUNT("messages", "messages", SENT),
	RATE("goal", "goal", GOAL, 0, ENTERED),
	COUNT("done", "to the end", JR_OF(JR_COUNT_DONE)),
	COUNT("exited", "left early", JR_OF(JR_COUNT_EXITED)),
	/* Over, and without the goal: who goes on may still reach it. */
	RATE("never", "never activated", ENTERED, JR_OF(JR_COUNT_ACTIVE) | GOAL,
	     ENTERED),
};

/* Of messages, for steps and variants know no more. */
static const JrMeasure of_messages[] = {
	COUNT("active", "active", ACTIVE),
	COUNT("sent", "sent", SENT),
	RATE("delivered", "delivered", JR_OF(JR_METRIC_DELIVERED), 0, SENT),
	RATE("clicked", "clicked", JR_OF(JR_METRIC_CLICKED), 0, SENT),
	RATE("converted", "converted", JR_OF(JR_METRIC_CONVERTED), 0, SENT),
	RATE("opt_outs", "opt-outs", JR_OF(JR_METRIC_UNSUBSCRIBED), 0, SENT),
};

#define MEASURES(rows) .measures = rows, .n_measures = G_N_ELEMENTS(rows)

static const JrBreakdown by_people = {
	.name = "journeys",
	.title = "Journeys",
	.empty = "nobody is on a journey yet",
	.note = "people count on the day they entered, messages on the day "
		"they went",
	.all = "all",
	.by = JR_BY_WORKFLOW,
	.with_active = TRUE,
	.seen = ENTERED | ACTIVE | SENT,
	MEASURES(of_people),
};

static const JrBreakdown by_messages = {
	.name = "journeys",
	.title = "Journeys, by what was sent",
	.empty = "nobody was sent anything yet",
	.by = JR_BY_WORKFLOW | JR_BY_STEP,
	.with_active = TRUE,
	.seen = ACTIVE | SENT,
	MEASURES(of_messages),
};

static const JrBreakdown by_variants = {
	.name = "journeys",
	.title = "Variants of splits, by what was sent",
	.empty = "no split has sent anything yet",
	.in_variants = TRUE,
	.by = JR_BY_WORKFLOW | JR_BY_VARIANT,
	.seen = SENT,
	.measures = of_messages + 1, /* who is active is in no variant yet */
	.n_measures = G_N_ELEMENTS(of_messages) - 1,
};

JrTable *jr_report_journeys(JrFlow *flow, const JrReportAsk *ask,
			    GError **error)
{
	const JrBreakdown *what = ask->by & JR_BY_VARIANT ? &by_variants
				  : ask->by & JR_BY_STEP  ? &by_messages
							  : &by_people;

	return jr_breakdown(flow, ask, what, error);
}
