/* messages.c - what became of messages, from the counters by day. */
#include "flow/report/break.h"

#define SENT JR_OF(JR_METRIC_SENT)
#define DELIVERED JR_OF(JR_METRIC_DELIVERED)
#define CLICKED JR_OF(JR_METRIC_CLICKED)
#define CONVERTED JR_OF(JR_METRIC_CONVERTED)
#define OPT_OUTS JR_OF(JR_METRIC_UNSUBSCRIBED)
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

#define COUNT_OF(k, t, set)                                                    \
	{                                                                      \
		.column = { .key = k, .title = t, .kind = JR_CELL_COUNT },     \
		.n = set                                                       \
	}
#define RATE_OF(k, t, set, all, ...)                                           \
	{                                                                      \
		.column = { .key = k,                                          \
			    .title = t,                                        \
			    .kind = JR_CELL_RATE,                              \
			    __VA_ARGS__ },                                     \
		.n = set, .of = all                                            \
	}
#define PLAIN_RATE_OF(k, t, set, all) RATE_OF(k, t, set, all, .target = { 0 })
#define MONEY_OF(k, t, how, all)                                               \
	{                                                                      \
		.column = { .key = k, .title = t, .kind = JR_CELL_MONEY },     \
		.kind = how, .of = all                                         \
	}

#define BAR_OF_SENT                                                            \
	{                                                                      \
		.column = { .key = "sent",                                     \
			    .title = "sent",                                   \
			    .kind = JR_CELL_COUNT,                             \
			    .plot = JR_PLOT_BAR },                             \
		.n = SENT                                                      \
	}
#define SEGMENTS                                                               \
	{                                                                      \
		.column = { .key = "segments",                                 \
			    .title = "segments",                               \
			    .kind = JR_CELL_COUNT },                           \
		.kind = JR_MEASURE_SEGMENTS                                    \
	}
#define COST MONEY_OF("cost", "cost", JR_MEASURE_COST, 0)
#define FAILED COUNT_OF("failed", "failed", NOT_DELIVERED)

static const JrMeasure sms_measures[] = {
	COUNT_OF("sent", "sent", SENT),
	RATE_OF("delivered", "delivered", DELIVERED, SENT,
		.target = DELIVERED_TARGET),
	RATE_OF("clicked", "clicked", CLICKED, SENT, .target = CLICKED_TARGET),
	RATE_OF("opt_outs", "opt-outs", OPT_OUTS, SENT,
		.target = OPT_OUT_TARGET),
	COUNT_OF("replied", "replied", JR_OF(JR_METRIC_REPLIED)),
	FAILED,
	SEGMENTS,
	COST,
};

static const JrMeasure push_measures[] = {
	COUNT_OF("sent", "sent", SENT),
	PLAIN_RATE_OF("delivered", "delivered", DELIVERED, SENT),
	{ .column = { .key = "tapped",
		      .title = "tapped",
		      .kind = JR_CELL_RATE,
		      .target = TAPPED_TARGET },
	  /* Apps report a tap as "opened", or as a click on the link. */
	  .kind = JR_MEASURE_MOST,
	  .n = JR_OF(JR_METRIC_OPENED) | CLICKED,
	  .of = SENT },
	COUNT_OF("no_device", "no device", NO_DEVICE),
	FAILED,
};

static const JrMeasure message_measures[] = {
	BAR_OF_SENT,
	PLAIN_RATE_OF("delivered", "delivered", DELIVERED, SENT),
	PLAIN_RATE_OF("clicked", "clicked", CLICKED, SENT),
	PLAIN_RATE_OF("converted", "converted", CONVERTED, SENT),
	PLAIN_RATE_OF("opt_outs", "opt-outs", OPT_OUTS, SENT),
	FAILED,
	COST,
};

static const JrMeasure trend_measures[] = {
	BAR_OF_SENT,
	RATE_OF("delivered", "delivered", DELIVERED, SENT, .plot = JR_PLOT_LINE,
		.target = DELIVERED_TARGET),
	RATE_OF("clicked", "clicked", CLICKED, SENT, .plot = JR_PLOT_LINE,
		.target = CLICKED_TARGET),
	RATE_OF("opt_outs", "opt-outs", OPT_OUTS, SENT, .plot = JR_PLOT_LINE,
		.target = OPT_OUT_TARGET),
	COST,
};

static const JrMeasure cost_measures[] = {
	COUNT_OF("sent", "sent", SENT),
	SEGMENTS,
	{ .column = { .key = "cost",
		      .title = "cost",
		      .kind = JR_CELL_MONEY,
		      .plot = JR_PLOT_BAR | JR_PLOT_LINE },
	  .kind = JR_MEASURE_COST },
	MONEY_OF("per_sent", "per sent", JR_MEASURE_COST_PER, SENT),
	MONEY_OF("per_delivered", "per delivered", JR_MEASURE_COST_PER,
		 DELIVERED),
	MONEY_OF("per_click", "per click", JR_MEASURE_COST_PER, CLICKED),
	MONEY_OF("per_conversion", "per conversion", JR_MEASURE_COST_PER,
		 CONVERTED),
};

#define MEASURES(rows) .measures = rows, .n_measures = G_N_ELEMENTS(rows)

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
		MEASURES(sms_measures),
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
		MEASURES(push_measures),
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
		MEASURES(message_measures),
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
		MEASURES(trend_measures),
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
		.seen = SENT,
		MEASURES(cost_measures),
	};

	return jr_breakdown(flow, ask, &cost, error);
}
