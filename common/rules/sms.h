/*
 * sms.h - what an SMS costs: encoding, units, parts.
 *
 * Sources: 3GPP TS 23.038 (default alphabet and its extension table, which
 * costs two septets a character), TS 23.040 (140 octets a part; a 6-octet
 * header once there are several): 160 septets or 70 UTF-16 units alone, 153 or
 * 67 in each of several.  As Twilio counts, neither an escape, a surrogate
 * pair nor a grapheme cluster is split between parts.
 */
#pragma once

#include <glib.h>

typedef enum {
	JR_SMS_GSM7, /* septets */
	JR_SMS_UCS2, /* UTF-16 code units */
} JrSmsEncoding;

typedef struct {
	JrSmsEncoding encoding;
	guint units;	   /* of all of the text, headers not counted */
	guint segments;	   /* parts that are billed; at least 1 */
	guint wide;	   /* characters that GSM-7 does not have */
	gssize first_wide; /* byte at which the first of them stands; -1 */
} JrSmsCount;

#define JR_SMS_MAX_SEGMENTS 10 /* 1600 characters: Twilio's limit */

/* Count @text, valid UTF-8. */
JrSmsCount jr_sms_count(const char *text);

/* "GSM-7", "UCS-2" */
const char *jr_sms_encoding_name(JrSmsEncoding encoding);

/*
 * @text with typographic quotes, dashes, spaces and the like written in GSM-7,
 * when that makes all of it GSM-7; else, or when it is so already, NULL: part
 * of it would change the text and save nothing.  Owned.  Source of the table:
 * twilio.com/docs/messaging/services/smart-encoding-char-list.
 */
char *jr_sms_smart(const char *text);

/* @text as Twilio's own smart encoding leaves it, which replaces what it can
 * even where that does not help.  Owned. */
char *jr_sms_smart_always(const char *text);
