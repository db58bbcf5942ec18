/*
 * sms_table.h - characters of SMS, for sms.c.
 *
 * Sources: the default alphabet of 3GPP TS 23.038; replacements of Twilio's
 * smart encoding as sms-segments-calculator 1.3.0 makes them (some spaces
 * become two: so does the bill).
 */
#pragma once

#include <stddef.h>

/* What GSM-7 has beyond ASCII in one septet. */
extern const char jr_sms_basic[];

/* What stands in its extension table: an escape and a septet. */
extern const char jr_sms_extension[];

typedef struct {
	const char *instead; /* all GSM-7; NULL ends the table */
	const char *of;	     /* each of these characters */
} JrSmsSmart;

extern const JrSmsSmart jr_sms_smart_table[];
