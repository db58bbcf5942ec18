/* journeys.c - how people fare on their journeys. */
#include "flow/report/break.h"

#define ENTERED JR_OF(JR_COUNT_ENTERED)
#define CAME JR_OF(JR_COUNT_CAME)
#define WENT JR_OF(JR_COUNT_WENT)
#define GOAL JR_OF(JR_COUNT_GOAL)
#define AIMED JR_OF(JR_COUNT_AIMED)

/* Of those who entered: all of these but the messages are people's runs. */
static const JrMeasure of_people[] = {
	JR_A_BAR("entered", "entered", ENTERED),
	JR_A_COUNT("active", "active", JR_OF_ACTIVE),
	JR_A_COUNT("messages", "messages", JR_OF_SENT),
	JR_A_RATE("goal", "goal", GOAL, AIMED),
	JR_A_COUNT("done", "to the end", JR_OF(JR_COUNT_DONE)),
	JR_A_COUNT("exited", "left early", JR_OF(JR_COUNT_EXITED)),
	/* Over, and without the goal: who goes on may still reach it. */
	{ .column = { .key = "never",
		      .title = "never activated",
		      .kind = JR_CELL_RATE },
	  .n = AIMED,
	  .minus = JR_OF(JR_COUNT_ACTIVE_AIMS) | GOAL,
	  .of = AIMED },
};

static const JrMeasure of_steps[] = {
	JR_A_BAR("came", "came", CAME),
	JR_A_COUNT("active", "active", JR_OF_ACTIVE),
	JR_A_COUNT("sent", "sent", JR_OF_SENT),
	JR_A_RATE("delivered", "delivered", JR_OF_DELIVERED, JR_OF_SENT),
	JR_A_RATE("clicked", "clicked", JR_OF_CLICKED, JR_OF_SENT),
	JR_A_RATE("converted", "converted", JR_OF_CONVERTED,
		  JR_OF(JR_COUNT_AIMED_SENT)),
	JR_A_RATE("opt_outs", "opt-outs", JR_OF_OPT_OUTS, JR_OF_SENT),
};

static const JrMeasure of_ways[] = {
	JR_A_BAR("went", "went", WENT),
	{ .column = { .key = "share", .title = "share", .kind = JR_CELL_RATE },
	  .kind = JR_MEASURE_SHARE,
	  .n = WENT,
	  .of = WENT },
};

static const JrBreakdown by_people = {
	.name = "journeys",
	.title = "Journeys",
	.empty = "nobody is on a journey yet",
	.note = "people count on the day they entered, messages on the day "
		"they went",
	.all = "all",
	.by = JR_BY_WORKFLOW,
	.with_active = TRUE,
	.seen = ENTERED | JR_OF_ACTIVE | JR_OF_SENT,
	JR_MEASURES(of_people),
};

static const JrBreakdown by_steps = {
	.name = "journeys",
	.title = "Journeys, by step",
	.empty = "nobody has come to a step yet",
	.by = JR_BY_WORKFLOW | JR_BY_STEP,
	.with_active = TRUE,
	.seen = CAME | WENT | JR_OF_ACTIVE | JR_OF_SENT,
	JR_MEASURES(of_steps),
};

static const JrBreakdown by_ways = {
	.name = "journeys",
	.title = "Ways by which people left steps",
	.empty = "nobody has come to where ways part yet",
	.by = JR_BY_WORKFLOW | JR_BY_STEP | JR_BY_WAY,
	.only = WENT,
	.seen = WENT,
	JR_MEASURES(of_ways),
};

static const JrBreakdown by_variants = {
	.name = "journeys",
	.title = "Variants of splits, by what was sent",
	.empty = "no split has sent anything yet",
	.in_variants = TRUE,
	.by = JR_BY_WORKFLOW | JR_BY_VARIANT,
	.seen = JR_OF_SENT,
	.measures = of_steps + 2, /* who came is in no variant yet */
	.n_measures = G_N_ELEMENTS(of_steps) - 2,
};

JrTable *jr_report_journeys(JrFlow *flow, const JrReportAsk *ask,
			    GError **error)
{
	const JrBreakdown *what = ask->by & JR_BY_WAY	    ? &by_ways
				  : ask->by & JR_BY_VARIANT ? &by_variants
				  : ask->by & JR_BY_STEP    ? &by_steps
							    : &by_people;

	return jr_breakdown(flow, ask, what, error);
}
