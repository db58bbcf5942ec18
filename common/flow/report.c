#include "flow/report.h"

const JrPanel jr_panels[] = {
	{ "sms", "SMS: sent, delivered, clicked, opt-outs, cost", jr_report_sms,
	  TRUE },
	{ "push", "push: sent, delivered, tapped, dead tokens", jr_report_push,
	  TRUE },
	{ "journeys", "journeys: entered, active, goal reached, left early",
	  jr_report_journeys, TRUE },
	{ "held", "messages not sent or put off, by the gate that said so",
	  jr_report_held, TRUE },
	{ "latency", "from trigger to hand-over", jr_report_latency_table,
	  TRUE },
	{ "reviews", "replies that might be opt-outs, to be read",
	  jr_report_reviews, FALSE },
	{ "runs", "the newest runs of the commands, with their exit codes",
	  jr_report_runs, TRUE },
	{ NULL, NULL, NULL, FALSE },
};

const JrPanel *jr_panel(const char *name)
{
	for (const JrPanel *panel = jr_panels; panel->name; panel++)
		if (g_str_equal(panel->name, name))
			return panel;
	return NULL;
}
