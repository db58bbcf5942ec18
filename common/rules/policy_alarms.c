/* policy_alarms.c - the limits in jr.yaml at which jr-report wakes someone. */
#include "base/suggest.h"
#include "rules/policy_impl.h"

const char *const jr_alarm_names[] = {
	"opt_outs", "opt_out_rise", "delivery", "gap",	   "taps",  "budget",
	"idle",	    "failed",	    "unknown",	"reviews", "brake", NULL,
};

static gboolean check_off(const JrAlarms *alarms, const JrVal *val,
			  const char *file, GError **error)
{
	for (char **name = alarms->off; name && *name; name++) {
		g_autofree char *write = NULL;

		if (g_strv_contains(jr_alarm_names, *name))
			continue;
		write = jr_suggest_write(*name, jr_alarm_names);
		return jr_field_wrong(jr_val_get(val, "off"), file, error,
				      "no alarm '%s': %s", *name, write);
	}
	return TRUE;
}

gboolean jr_policy_alarms(const JrVal *val, const char *file, gpointer at,
			  GError **error)
{
	static const JrField table[] = {
		{ "off", jr_field_texts, G_STRUCT_OFFSET(JrAlarms, off) },
		{ "over", jr_policy_some_time,
		  G_STRUCT_OFFSET(JrAlarms, over_s) },
		{ "min_sent", jr_field_count,
		  G_STRUCT_OFFSET(JrAlarms, min_sent) },
		{ "opt_outs", jr_field_rate,
		  G_STRUCT_OFFSET(JrAlarms, opt_outs) },
		{ "opt_out_rise", jr_field_rate,
		  G_STRUCT_OFFSET(JrAlarms, opt_out_rise) },
		{ "delivery", jr_field_rate,
		  G_STRUCT_OFFSET(JrAlarms, delivery) },
		{ "gap", jr_field_rate, G_STRUCT_OFFSET(JrAlarms, gap) },
		{ "taps", jr_field_rate, G_STRUCT_OFFSET(JrAlarms, taps) },
		{ "budget", jr_field_rate, G_STRUCT_OFFSET(JrAlarms, budget) },
		{ "idle", jr_policy_some_time,
		  G_STRUCT_OFFSET(JrAlarms, idle_s) },
		{ "commands", jr_field_texts,
		  G_STRUCT_OFFSET(JrAlarms, commands) },
		{ "unknown", jr_field_count,
		  G_STRUCT_OFFSET(JrAlarms, unknown) },
		{ "reviews", jr_field_count,
		  G_STRUCT_OFFSET(JrAlarms, reviews) },
		{ NULL, NULL, 0 },
	};

	return jr_fields_read(val, table, file, at, error) &&
	       check_off(at, val, file, error);
}
