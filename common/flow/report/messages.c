/* messages.c - what became of messages, from the counters by day. */
#include "flow/report/break.h"

#define NOT_DELIVERED                                                          \
	(JR_OF(JR_METRIC_FAILED) | JR_OF(JR_METRIC_BOUNCED) |                  \
	 JR_OF(JR_METRIC_UNDELIVERABLE))
#define NO_DEVICE JR_OF(JR_METRIC_DROPPED)
#define ANY (JR_OF(JR_METRIC_LAST + 1) - 1)

/* The seed's targets. */
#define DELIVERED_TARGET                                                       \
	{                                                                      \
		.at_least = 0.95                                               \
	}
#define CLICKED_TARGET                                                         \
	{                                                                      \
		.at_least = 0.04                                               \
	}
#define OPT_OUT_TARGET                                                         \
	{                                                                      \
		.below = 0.02                                                  \
	}
#define TAPPED_TARGET                                                          \
	{                                                                      \
		.at_least = 0.08                                               \
	}

#define MONEY_OF(k, t, how, all)                                               \
	{                                                                      \
		.column = { .key = k, .title = t, .kind = JR_CELL_MONEY },     \
		.kind = how, .of = all                                         \
	}

#define BAR_OF_SENT JR_A_BAR("sent", "sent", JR_OF_SENT)
#define SEGMENTS                                                               \
	{                                                                      \
		.column = { .key = "segments",                                 \
			    .title = "segments",                               \
			    .kind = JR_CELL_COUNT },                           \
		.kind = JR_MEASURE_SEGMENTS                                    \
	}
#define COST MONEY_OF("cost", "cost", JR_MEASURE_COST, 0)
#define FAILED JR_A_COUNT("failed", "failed", NOT_DELIVERED)

static const JrMeasure sms_measures[] = {
	JR_A_COUNT("sent", "sent", JR_OF_SENT),
	JR_A_TARGET("delivered", "delivered", JR_OF_DELIVERED, JR_OF_SENT,
		    .target = DELIVERED_TARGET),
	JR_A_TARGET("clicked", "clicked", JR_OF_CLICKED, JR_OF_SENT,
		    .target = CLICKED_TARGET),
	JR_A_TARGET("opt_outs", "opt-outs", JR_OF_OPT_OUTS, JR_OF_SENT,
		    .target = OPT_OUT_TARGET),
	JR_A_COUNT("replied", "replied", JR_OF(JR_METRIC_REPLIED)),
	FAILED,
	SEGMENTS,
	COST,
};

static const JrMeasure push_measures[] = {
	JR_A_COUNT("sent", "sent", JR_OF_SENT),
	JR_A_RATE("delivered", "delivered", JR_OF_DELIVERED, JR_OF_SENT),
	{ .column = { .key = "tapped",
		      .title = "tapped",
		      .kind = JR_CELL_RATE,
		      .target = TAPPED_TARGET },
	  /* Apps report a tap as "opened", or as a click on the link. */
	  .kind = JR_MEASURE_MOST,
	  .n = JR_OF(JR_METRIC_OPENED) | JR_OF_CLICKED,
	  .of = JR_OF_SENT },
	JR_A_COUNT("no_device", "no device", NO_DEVICE),
	FAILED,
};

static const JrMeasure message_measures[] = {
	BAR_OF_SENT,
	JR_A_RATE("delivered", "delivered", JR_OF_DELIVERED, JR_OF_SENT),
	JR_A_RATE("clicked", "clicked", JR_OF_CLICKED, JR_OF_SENT),
	JR_A_RATE("converted", "converted", JR_OF_CONVERTED,
		  JR_OF(JR_COUNT_AIMED_SENT)),
	JR_A_RATE("opt_outs", "opt-outs", JR_OF_OPT_OUTS, JR_OF_SENT),
	FAILED,
	COST,
};

static const JrMeasure trend_measures[] = {
	BAR_OF_SENT,
	JR_A_TARGET("delivered", "delivered", JR_OF_DELIVERED, JR_OF_SENT,
		    .plot = JR_PLOT_LINE, .target = DELIVERED_TARGET),
	JR_A_TARGET("clicked", "clicked", JR_OF_CLICKED, JR_OF_SENT,
		    .plot = JR_PLOT_LINE, .target = CLICKED_TARGET),
	JR_A_TARGET("opt_outs", "opt-outs", JR_OF_OPT_OUTS, JR_OF_SENT,
		    .plot = JR_PLOT_LINE, .target = OPT_OUT_TARGET),
	COST,
};

static const JrMeasure cost_measures[] = {
	JR_A_COUNT("sent", "sent", JR_OF_SENT),
	SEGMENTS,
	{ .column = { .key = "cost",
		      .title = "cost",
		      .kind = JR_CELL_MONEY,
		      .plot = JR_PLOT_BAR | JR_PLOT_LINE },
	  .kind = JR_MEASURE_COST },
	MONEY_OF("per_sent", "per sent", JR_MEASURE_COST_PER, JR_OF_SENT),
	MONEY_OF("per_delivered", "per delivered", JR_MEASURE_COST_PER,
		 JR_OF_DELIVERED),
	MONEY_OF("per_click", "per click", JR_MEASURE_COST_PER, JR_OF_CLICKED),
	MONEY_OF("per_conversion", "per conversion", JR_MEASURE_COST_PER,
		 JR_OF_CONVERTED),
};

JrTable *jr_report_sms(JrFlow *flow, const JrReportAsk *ask, GError **error)
{
	static const JrBreakdown sms = {
		.name = "sms",
		.title = "SMS",
		.empty = "no SMS was sent yet",
		.note = "targets: delivered 95 % or more, clicked 4 % or more, "
			"opt-outs below 2 % of sends; ! is off target, of at "
			"least 100 sent",
		.all = "all",
		.channel = JR_CHANNEL_SMS,
		.by = JR_BY_WORKFLOW | JR_BY_STEP,
		.seen = ANY,
		JR_MEASURES(sms_measures),
	};

	return jr_breakdown(flow, ask, &sms, error);
}

JrTable *jr_report_push(JrFlow *flow, const JrReportAsk *ask, GError **error)
{
	static const JrBreakdown push = {
		.name = "push",
		.title = "Push",
		.empty = "no push was sent yet",
		.note = "target: tapped 8 % or more; ! is off target, of at "
			"least 100 sent",
		.all = "all",
		.channel = JR_CHANNEL_PUSH,
		.by = JR_BY_WORKFLOW | JR_BY_STEP,
		.seen = ANY,
		JR_MEASURES(push_measures),
	};

	return jr_breakdown(flow, ask, &push, error);
}

JrTable *jr_report_messages(JrFlow *flow, const JrReportAsk *ask,
			    GError **error)
{
	static const JrBreakdown messages = {
		.name = "messages",
		.title = "Messages",
		.empty = "no message was sent yet",
		.all = "all",
		.by = JR_BY_CHANNEL | JR_BY_WORKFLOW,
		.seen = ANY,
		JR_MEASURES(message_measures),
	};

	return jr_breakdown(flow, ask, &messages, error);
}

JrTable *jr_report_trend(JrFlow *flow, const JrReportAsk *ask, GError **error)
{
	static const JrBreakdown trend = {
		.name = "trend",
		.title = "SMS through time",
		.empty = "no SMS was sent yet",
		.note = "opt-outs that rise from 1 % to 5 % within a week mean "
			"texts too many or too pushy; weeks begin on Mondays, "
			"UTC, and the last one is not over yet",
		.by = JR_BY_WEEK,
		.seen = ANY,
		JR_MEASURES(trend_measures),
	};
	JrBreakdown asked = trend;

	asked.channel = ask->channel ? ask->channel : JR_CHANNEL_SMS;
	if (asked.channel != JR_CHANNEL_SMS)
		asked.title = "Messages through time";
	return jr_breakdown(flow, ask, &asked, error);
}

JrTable *jr_report_cost(JrFlow *flow, const JrReportAsk *ask, GError **error)
{
	static const JrBreakdown cost = {
		.name = "cost",
		.title = "Cost",
		.empty = "nothing was sent yet",
		.note = "by the provider's price, or the configured one until "
			"that is known",
		.all = "all",
		.by = JR_BY_MONTH,
		.seen = JR_OF_SENT,
		JR_MEASURES(cost_measures),
	};

	return jr_breakdown(flow, ask, &cost, error);
}
