/*
 * alarms.h - how the parts of the alarms work together; for alarms*.c alone.
 */
#pragma once

#include "flow/report/report.h"

typedef struct {
	JrFlow *flow;
	const JrAlarms *limits;
	gint64 today;
	gint64 days; /* that rates are of */
	JrTable *table;
} JrAlarmWatch;

typedef struct {
	gint64 n, of;
} JrAlarmShare;

/* Of nothing: there is no rate. */
#define JR_ALARM_NO_SHARE ((JrAlarmShare){ 0, 0 })

/* Put a row; the words are for people, and name whoever must act. */
void jr_alarm_ring(JrAlarmWatch *watch, const char *alarm, const char *about,
		   JrAlarmShare share, gint64 count, const char *format, ...)
	G_GNUC_PRINTF(6, 7);

/* Whether jr.yaml turned it off. */
gboolean jr_alarm_is_off(const JrAlarmWatch *watch, const char *name);

/* Whether a rate is at its limit or above it, whatever it is in binary. */
gboolean jr_alarm_at_least(double rate, double limit);

/* alarms_rates.c: of rates over the last days, and of their rise. */
gboolean jr_alarm_check_rates(JrAlarmWatch *watch, GError **error);
gboolean jr_alarm_check_rise(JrAlarmWatch *watch, GError **error);
